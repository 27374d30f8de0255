"""From the text of a stack's configuration to settings, or to every problem in it."""

import json
import types
import typing
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from planning.problems import ConfigurationError, Problem
from planning.settings import Settings
from planning.settings.links import MAKE_ONE, LinkSecret

LONGEST_VALUE = 60
SECRETS = {"linkSecret": MAKE_ONE, "linkKeys": "pulumi config set --path --secret linkKeys.aws/hq"}
"""What must be secret -> how to make it so. Nothing else may be."""


def read_settings(config: Mapping[str, str | None], secret_keys: Collection[str] = ()) -> Settings:
    """Read the configuration as the engine hands it over: key without namespace -> text, JSON for objects.

    What is secret is never shown, whether it has to be or is refused for it.

    Raises:
        ConfigurationError: with every problem of shape or type.
    """
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for key, text in config.items():
        secret = key in secret_keys
        if key in SECRETS and not secret and text in ("", "{}"):  # Pulumi.yaml's defaults
            continue
        problem = _unreadable(key, text, secret=secret)
        if problem:
            problems.append(problem)
            continue
        try:
            values[key] = _value(key, text or "")
        except (ValueError, RecursionError):
            shown = "" if secret else _shown(text)
            remedy = f"set each by itself: {SECRETS[key]}" if secret else f"write {_kind(key)}"
            problems.append(Problem(key, shown, "is plain text", remedy))
    present = {key: value for key, value in values.items() if not _is_absent(key, value)}
    try:
        settings = Settings.model_validate(present)
    except ValidationError as error:
        unread = config.keys() - values.keys()
        problems += [problem for problem in told(error, Settings) if problem.where not in unread]
        raise ConfigurationError(problems) from None
    if problems:
        raise ConfigurationError(problems)
    return settings


def told(error: ValidationError, section: type[BaseModel] | None = None) -> Iterator[Problem]:
    """Say what pydantic found, each mistake once: a misspelt key is not missing as well, nor a bad entry no entry."""
    found = error.errors(include_url=False)
    meant = set()
    for details in found:
        if details["type"] == "extra_forbidden":
            *parent, key = details["loc"]
            near = get_close_matches(str(key), _fields(_section_at(parent, section)), n=1)
            meant.update((*parent, name) for name in near)
    for details in found:
        misspelt = details["type"] == "missing" and details["loc"] in meant
        too_bad_to_count = details["type"] == "too_short" and bool(details["input"])
        if not misspelt and not too_bad_to_count:
            yield _problem(details, section)


def suggestion(given: str, known: Iterable[str]) -> str:
    """Say what may have been meant: the nearest of the known words, or all of them."""
    words = sorted(known)
    near = get_close_matches(given, words, n=1)
    return f"did you mean {near[0]}?" if near else f"known: {', '.join(words) or 'none'}"


def _unreadable(key: str, text: str | None, *, secret: bool) -> Problem | None:
    """Say what is wrong with a setting before it is looked into."""
    if text is None or (not _is_text(key) and text.strip() in ("", "null")):
        return Problem(key, "", "is empty", "give it a value, or leave it out if it has a default")
    if secret and key not in SECRETS:
        return Problem(key, "", f"is secret, and nothing but {' and '.join(SECRETS)} needs to be", "write it in clear")
    if key in SECRETS and not secret:
        rule = "is in clear, and whoever reads it could join the network"
        return Problem(key, "", rule, f"take it out and set a new one: {SECRETS[key]}")
    return None


def _value(key: str, text: str) -> Any:  # noqa: ANN401 - any JSON
    """Take text as it is where the settings want text, as JSON elsewhere."""
    return text if _is_text(key) else json.loads(text)


def _is_text(key: str) -> bool:
    return _fields(Settings).get(key, str) in (str, LinkSecret | None)


def _kind(key: str) -> str:
    field = _fields(Settings)[key]
    if field is bool:
        return "true or false"
    if field is int:
        return "a number"
    return "a list" if typing.get_origin(field) is tuple else "a mapping of names to settings"


def _is_absent(key: str, value: Any) -> bool:  # noqa: ANN401 - any JSON
    """Pulumi.yaml gives sections that a stack leaves out as empty objects or lists."""
    field = Settings.model_fields.get(next((n for n, f in Settings.model_fields.items() if f.alias == key), ""))
    return field is not None and not field.is_required() and value in ({}, [])


def _problem(details: ErrorDetails, section: type[BaseModel] | None) -> Problem:
    """Say a validation error in the words of the configuration."""
    where = ".".join(str(part) for part in details["loc"] if part != "[key]")
    given = details["input"]
    value = "" if details["loc"] and details["loc"][0] in SECRETS else _shown(given)
    context = details.get("ctx", {})
    rule, remedy = WORDS.get(details["type"], (details["msg"].lower(), "change it to fit"))
    match details["type"]:
        case "rule":
            rule, remedy = context["rule"], context["remedy"]
            value = "" if isinstance(given, dict) else value
        case "extra_forbidden":
            *parent, key = details["loc"]
            value, rule = "", f"{key} is not a setting here"
            remedy = suggestion(str(key), _fields(_section_at(parent, section)))
        case "missing" | "too_short":
            value = ""
            remedy = WANTED.get(where, remedy)
        case "string_pattern_mismatch":
            remedy = FORMS.get(context["pattern"], A_DOMAIN_NAME)
        case "enum" | "literal_error":
            known = [word.strip(" '") for word in context["expected"].replace(" or ", ",").split(",")]
            remedy = suggestion(given if isinstance(given, str) else "", known)
        case "greater_than_equal":
            remedy = f"use {context['ge']} or more"
        case "less_than_equal":
            remedy = f"use {context['le']} or less"
        case "greater_than":
            remedy = f"use more than {context['gt']:g}"
    return Problem(where, value, rule, remedy)


NOT_WHOLE = ("must be a whole number", "write digits, without quotes")
WORDS = {
    "missing": ("is missing", "add it"),
    "too_short": ("is empty", "give at least one entry"),
    "string_pattern_mismatch": ("is not of the right form", ""),
    "string_type": ("must be text", "put it in quotes"),
    "enum": ("is not one of the choices", ""),
    "literal_error": ("is not one of the choices", ""),
    "model_type": ("must be a mapping", "write keys and values below it"),
    "dict_type": ("must be a mapping", "write keys and values below it"),
    "tuple_type": ("must be a list", "write it as [a, b]"),
    "bool_type": ("must be true or false", "write one of them, without quotes"),
    "bool_parsing": ("must be true or false", "write one of them, without quotes"),
    "int_type": NOT_WHOLE,
    "int_parsing": NOT_WHOLE,
    "int_from_float": NOT_WHOLE,
    "float_type": ("must be a number", "write digits, without quotes"),
    "float_parsing": ("must be a number", "write digits, without quotes"),
    "uuid_type": ("is not a UUID", "write it as 00000000-0000-0000-0000-000000000000"),
    "uuid_parsing": ("is not a UUID", "write it as 00000000-0000-0000-0000-000000000000"),
    "greater_than": ("is out of range", ""),
    "greater_than_equal": ("is out of range", ""),
    "less_than_equal": ("is out of range", ""),
}
"""pydantic's kinds of error -> rule and, where it depends on nothing, remedy."""
WANTED = {"accounts.equinix.accountNumber": "add the number of the billing account that Equinix charges"}
"""What is missing -> what to add, where the name alone does not say."""
FORMS = {
    r"^\d{12}$": "write the twelve digits in quotes",
    r"^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$": "use up to 20 lower-case letters, digits and inner hyphens, a letter first",
    r"^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$": "use up to 10 lower-case letters, digits and inner hyphens, a letter first",
    r"^dxcon-[a-z0-9]{8,}$": "write the id of the connection as AWS shows it, for example dxcon-ffabc123",
    r"^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Network/expressRoutePorts/[^/]+$": (
        "write the port's resource id: /subscriptions/.../providers/Microsoft.Network/expressRoutePorts/..."
    ),
    r"^[A-Z]{2}[0-9]{1,2}$": "write the code of the data centre, for example DC5",
    r"^[a-z][a-z0-9-]{4,28}[a-z0-9]$": "write the project id: 6 to 30 lower-case letters, digits and hyphens",
}
"""What the patterns of the settings' types ask for, in words."""
A_DOMAIN_NAME = "write a domain name of two labels or more, lower case, no trailing dot"


def _shown(value: Any) -> str:  # noqa: ANN401 - whatever the user wrote
    plain = isinstance(value, str) and value.isprintable() and value != ""
    text = value if plain else json.dumps(value, default=str)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def _fields(section: type[BaseModel] | None) -> dict[str, Any]:
    """List the keys of a section as the user writes them, with their types."""
    return {field.alias or name: field.annotation for name, field in section.model_fields.items()} if section else {}


def _section_at(path: Iterable[str | int], root: type[BaseModel] | None) -> type[BaseModel] | None:
    """Find the section that a settings path leads to."""
    current: Any = root
    for part in path:
        if isinstance(current, type) and issubclass(current, BaseModel):
            current = _fields(current).get(str(part))
        else:
            current = next(iter(_element_types(current)), None)
        current = next(_sections_in(current), current)
    return current if isinstance(current, type) and issubclass(current, BaseModel) else None


def _sections_in(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 - any type expression
    """Unwrap `Section | None`; what holds sections (mappings, lists) is left for the next step of the path."""
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        yield from (a for a in typing.get_args(annotation) if isinstance(a, type) and issubclass(a, BaseModel))


def _element_types(annotation: Any) -> Iterator[Any]:  # noqa: ANN401 - any type expression
    """Yield the type of a mapping's values or of a list's elements."""
    if typing.get_origin(annotation) is dict:
        yield typing.get_args(annotation)[1]
    elif typing.get_origin(annotation) is tuple:
        yield typing.get_args(annotation)[0]
