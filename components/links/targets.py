"""What somebody who sets alarms on a link has to name."""

from collections.abc import Mapping

import pulumi

Target = pulumi.Output[str] | Mapping[str, pulumi.Output[str]]
"""An id, or one for each of several by what tells them apart."""
Targets = Mapping[str, Target]
"""What there is of: in AWS `vpnConnections` (port of the far side -> id) and `directConnect` (id of the connection);
in Azure `vpnConnection` and `expressRoute` (id of the circuit); in Google Cloud `tunnels` (tunnel -> id), `attachments`
(leg -> id) and `transport` (id); at the exchange `exchangeConnections` (leg -> UUID)."""
