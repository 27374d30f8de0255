"""The exchange: Equinix Fabric Cloud Routers and what hangs on them."""
