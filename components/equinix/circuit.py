"""One virtual circuit from a Fabric Cloud Router to a cloud or to a port; `session.py` has what is spoken over it."""

from collections.abc import Sequence
from typing import TypedDict, cast

import pulumi
from pulumi_equinix import Metro, fabric

from planning.links.types import Exchange, Leg

SLOW = pulumi.CustomTimeouts(create="30m", update="30m", delete="30m")
"""A circuit takes up to a quarter of an hour at the exchange, a session ten minutes; the provider waits no longer."""


class EquinixProviderArgs(TypedDict):
    """A cloud as the far side."""

    profile: str
    """Service profile by name."""
    key: pulumi.Input[str]
    """What the cloud knows the order by: account id, service key or pairing key."""
    region: str | None
    """Seller region; Azure has none."""
    peering: str | None
    """Azure: `PRIVATE`."""


class EquinixFarPortArgs(TypedDict):
    """A port as the far side."""

    id: pulumi.Input[str]
    """UUID."""
    vlan: int


class EquinixRedundancyArgs(TypedDict):
    """A circuit's place in a pair that Azure takes together."""

    priority: str
    """`PRIMARY` or `SECONDARY`."""
    group: pulumi.Input[str] | None
    """The primary's, for the secondary."""


class EquinixConnectionArgs(TypedDict):
    """What a circuit is ordered by. Either a provider or a port is given."""

    exchange: Exchange
    """Who orders, pays and is told."""
    router_id: pulumi.Input[str]
    leg: Leg
    metro: str
    """Of the far side."""
    bandwidth: int
    """Mbps."""
    provider: EquinixProviderArgs | None
    port: EquinixFarPortArgs | None
    redundancy: EquinixRedundancyArgs | None
    protect: bool
    """Whether Pulumi refuses to delete or replace the circuit."""


class EquinixConnection(pulumi.ComponentResource):
    """The circuit, as ordered from the router's side."""

    connection_id: pulumi.Output[str]
    """UUID."""
    redundancy_group: pulumi.Output[str]
    """Of the pair that a circuit with a priority is in; its secondary is ordered with it."""

    def __init__(self, name: str, args: EquinixConnectionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:EquinixConnection", name, opts=opts)
        exchange, redundancy = args["exchange"], args["redundancy"]
        connection = fabric.Connection(
            name,
            name=args["leg"].connection_name,
            # The SDK's enumerations of types lack what has to do with Cloud Routers.
            type="IP_VC",
            bandwidth=args["bandwidth"],
            a_side=fabric.ConnectionASideArgs(
                access_point=fabric.ConnectionASideAccessPointArgs(
                    type="CLOUD_ROUTER", router=fabric.ConnectionASideAccessPointRouterArgs(uuid=args["router_id"])
                )
            ),
            z_side=fabric.ConnectionZSideArgs(access_point=self._far_side(args)),
            redundancy=redundancy
            and fabric.ConnectionRedundancyArgs(priority=redundancy["priority"], group=redundancy["group"]),
            project=fabric.ConnectionProjectArgs(project_id=exchange.project_id),
            notifications=[fabric.ConnectionNotificationArgs(type="ALL", emails=exchange.notify)],
            order=fabric.ConnectionOrderArgs(purchase_order_number=exchange.purchase_order)
            if exchange.purchase_order
            else None,
            opts=pulumi.ResourceOptions(
                parent=self,
                # Only name, bandwidth and notifications can change; the provider plans anything else as an update
                # too, which then fails with nothing to update.
                replace_on_changes=["aSide", "zSide", "type", "redundancy", "project"],
                delete_before_replace=True,
                # What it was ordered by cannot change; the provider would plan an update that fails each time.
                ignore_changes=["order"],
                # It has the cloud's key in it.
                additional_secret_outputs=["zSide"],
                custom_timeouts=SLOW,
                # None inherits from the component; False would undo a protection that a caller gave it.
                protect=args["protect"] or None,
            ),
        )
        self.connection_id = connection.id
        # The SDK takes it for optional because circuits without a priority have none.
        group = connection.redundancy.apply(lambda given: given and given.group)
        self.redundancy_group = cast("pulumi.Output[str]", group)
        self.register_outputs({"connection_id": self.connection_id})

    def _far_side(self, args: EquinixConnectionArgs) -> fabric.ConnectionZSideAccessPointArgs:
        location = fabric.ConnectionZSideAccessPointLocationArgs(metro_code=args["metro"])
        provider, port = args["provider"], args["port"]
        if provider:
            return fabric.ConnectionZSideAccessPointArgs(
                type="SP",
                authentication_key=pulumi.Output.secret(provider["key"]),
                seller_region=provider["region"],
                peering_type=provider["peering"],
                profile=fabric.ConnectionZSideAccessPointProfileArgs(
                    type="L2_PROFILE", uuid=self._profile_id(provider, args["metro"], args["router_id"])
                ),
                location=location,
            )
        if port:
            return fabric.ConnectionZSideAccessPointArgs(
                type="COLO",
                port=fabric.ConnectionZSideAccessPointPortArgs(uuid=port["id"]),
                link_protocol=fabric.ConnectionZSideAccessPointLinkProtocolArgs(type="DOT1Q", vlan_tag=port["vlan"]),
                location=location,
            )
        message = "a circuit needs a provider or a port as its far side"
        raise ValueError(message)

    def _profile_id(
        self, provider: EquinixProviderArgs, metro: str, router_id: pulumi.Input[str]
    ) -> pulumi.Output[str]:
        """Look the profile up by its name, and see that it is offered where it is wanted before anything is ordered."""
        profile, region = provider["profile"], provider["region"]
        found = fabric.get_service_profiles_output(
            # By way of the router, so that a first preview, which may have no account, asks nobody.
            filter=pulumi.Output.from_input(router_id).apply(
                lambda _: fabric.GetServiceProfilesFilterArgs(property="/name", operator="=", values=[profile])
            ),
            opts=pulumi.InvokeOutputOptions(parent=self),
        )
        return found.apply(lambda answer: _offered(profile, answer.data, metro, region))


def _offered(
    profile: str, candidates: Sequence[fabric.outputs.GetServiceProfilesDatumResult], metro: str, region: str | None
) -> str:
    """Choose the profile of a name that is offered in a metro; always the same one, since a change replaces a circuit.

    Raises:
        pulumi.RunError: Equinix says that it does not offer it there.
    """
    problem = "under no such name"
    for candidate in sorted(candidates, key=lambda candidate: candidate.uuid):
        found = _problem(candidate.metros, metro, region)
        if found is None:
            return candidate.uuid
        problem = found
    message = (
        f'links.exchange.metros: {metro}: Equinix offers the service profile "{profile}" {problem}; '
        "nothing was ordered; choose another metro, or leave it out and join these by VPN"
    )
    raise pulumi.RunError(message)


def _problem(
    places: Sequence[fabric.outputs.GetServiceProfilesDatumMetroResult], metro: str, region: str | None
) -> str | None:
    """Say where else a profile is offered. An answer in which no metro is one that exists says nothing."""
    regions = {place.code: place.seller_regions or {} for place in places if place.code}
    known = sorted(regions.keys() & {metro, *(each.value for each in Metro)})
    if not known:
        return None
    if metro not in known:
        return f"in {', '.join(known)}, not in {metro}"
    there = {*regions[metro].keys(), *regions[metro].values()}
    if region and there and region not in there:
        return f"in {metro} for {', '.join(sorted(regions[metro]))}, not for {region}"
    return None
