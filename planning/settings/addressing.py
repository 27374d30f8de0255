"""Whose addresses are whose: the space of each cloud and of the sites, and what is already taken."""

from enum import StrEnum
from ipaddress import IPv4Network

from pydantic import Field

from planning.settings.types import Name, Prefix, Prefixes, Section


class Cloud(StrEnum):
    """A cloud provider."""

    AWS = "aws"
    AZURE = "azure"
    GCP = "gcp"


class Supernets(Section):
    """All addresses of networks, by who owns them. A second prefix is added when the first is full."""

    aws: Prefixes = (IPv4Network("10.0.0.0/12"),)
    azure: Prefixes = (IPv4Network("10.16.0.0/12"),)
    gcp: Prefixes = (IPv4Network("10.32.0.0/12"),)
    onprem: Prefixes = (IPv4Network("10.48.0.0/12"),)


class PodSupernets(Section):
    """All addresses of routable Kubernetes pods. The defaults keep clear of 10.96.0.0/12 (kubeadm, EKS services)."""

    aws: Prefixes = (IPv4Network("10.64.0.0/12"),)
    azure: Prefixes = (IPv4Network("10.80.0.0/12"),)
    gcp: Prefixes = (IPv4Network("10.112.0.0/12"),)


class Addressing(Section):
    """The address plan; everything in it has a default."""

    supernets: Supernets = Supernets()
    pods: PodSupernets = PodSupernets()
    cluster_services: Prefix = IPv4Network("100.64.0.0/10")
    """Kubernetes service ranges; never routed between networks, yet different in each."""
    region_size: int = Field(default=16, ge=12, le=20)
    """Prefix length of the block that a region gets at a time; each is advertised as one route."""
    pod_region_size: int = Field(default=15, ge=12, le=16)
    """Prefix length of the block for pods that a region gets at a time; each is advertised as one route."""
    reserved: dict[Name, Prefix] = {}
    """Ranges that must never be given out, by name. Default: none."""
    reserved_files: tuple[str, ...] = ()
    """YAML or JSON files of other teams, each a mapping of name to prefix, read beside the ledger. Default: none."""
    register_in: tuple[Cloud, ...] = tuple(Cloud)
    """Clouds whose own address manager is told what the ledger gave out. Default: all (AWS and Azure bill for it)."""
