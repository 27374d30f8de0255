"""From the text of a stack's configuration to settings, or to every problem in it."""

import json
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from planning.problems import ConfigurationError, Problem
from planning.settings import Settings

LONGEST_VALUE = 60


def read_settings(config: Mapping[str, str]) -> Settings:
    """Read the configuration as the engine hands it over: key without namespace -> text, JSON for objects.

    Raises:
        ConfigurationError: with every problem of shape or type.
    """
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for key, text in config.items():
        values[key] = _value(key, text, problems)
    present = {key: value for key, value in values.items() if not _is_absent(key, value)}
    try:
        settings = Settings.model_validate(present)
    except ValidationError as error:
        problems += [_problem(details) for details in error.errors(include_url=False)]
        raise ConfigurationError(problems) from None
    if problems:
        raise ConfigurationError(problems)
    return settings


def suggestion(given: str, known: Iterable[str]) -> str:
    """Say what may have been meant: the nearest of the known words, or all of them."""
    words = sorted(known)
    near = get_close_matches(given, words, n=1)
    return f"did you mean {near[0]}?" if near else f"known: {', '.join(words) or 'none'}"


def _value(key: str, text: str, problems: list[Problem]) -> Any:  # noqa: ANN401 - any JSON
    """Take text as it is where the settings want text, as JSON elsewhere."""
    field = _fields(Settings).get(key)
    if field is str or field is None:
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        kind = "true or false" if field is bool else "a number" if field is int else "a mapping of names to settings"
        problems.append(Problem(key, _shown(text), "is plain text", f"write {kind}"))
        return None


def _is_absent(key: str, value: Any) -> bool:  # noqa: ANN401 - any JSON
    """Pulumi.yaml gives sections that a stack leaves out as empty objects or lists."""
    field = Settings.model_fields.get(next((n for n, f in Settings.model_fields.items() if f.alias == key), ""))
    return field is not None and not field.is_required() and value in ({}, [])


def _problem(details: ErrorDetails) -> Problem:
    """Say a validation error in the words of the configuration."""
    where = ".".join(str(part) for part in details["loc"] if part != "[key]") or "configuration"
    value = _shown(details["input"])
    context = details.get("ctx", {})
    rule, remedy = details["msg"].lower(), "change it to fit"
    match details["type"]:
        case "rule":
            rule, remedy = context["rule"], context["remedy"]
        case "extra_forbidden":
            *parent, key = details["loc"]
            value, rule = "", f"{key} is not a setting here"
            remedy = suggestion(str(key), _fields(_section_at(parent)))
        case "missing":
            value, rule, remedy = "", "is missing", "add it"
        case "string_pattern_mismatch":
            rule, remedy = "is not of the right form", FORMS.get(context["pattern"], A_DOMAIN_NAME)
        case "string_type":
            rule, remedy = "must be text", "put it in quotes"
        case "enum":
            known = [word.strip(" '") for word in context["expected"].replace(" or ", ",").split(",")]
            rule, remedy = "is not one of the choices", suggestion(str(details["input"]), known)
        case "model_type" | "dict_type" | "model_attributes_type":
            rule, remedy = "must be a mapping", "write keys and values below it"
        case "tuple_type":
            rule, remedy = "must be a list", "write it as [a, b]"
        case "too_short":
            value, rule, remedy = "", "is empty", "give at least one entry"
    return Problem(where, value, rule, remedy)


FORMS = {
    r"^\d{12}$": "write the twelve digits in quotes",
    r"^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$": "use up to 20 lower-case letters, digits and inner hyphens, a letter first",
    r"^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$": "use up to 10 lower-case letters, digits and inner hyphens, a letter first",
    r"^[a-z][a-z0-9-]{4,28}[a-z0-9]$": "write the project id: 6 to 30 lower-case letters, digits and hyphens",
}
"""What the patterns of `settings/types.py` ask for, in words."""
A_DOMAIN_NAME = "write a domain name of two labels or more, lower case, no trailing dot"


def _shown(value: Any) -> str:  # noqa: ANN401 - whatever the user wrote
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def _fields(section: type[BaseModel] | None) -> dict[str, Any]:
    """List the keys of a section as the user writes them, with their types."""
    return {field.alias or name: field.annotation for name, field in section.model_fields.items()} if section else {}


def _section_at(path: Iterable[str | int]) -> type[BaseModel] | None:
    """Find the section that a settings path leads to."""
    current: Any = Settings
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
