"""The regions that a network can be put in. Previews ask no cloud, so what they need of a region stands here.

Sources: AWS, Azure and Google documentation of regions, from general knowledge ([K] in the reference): the clouds
check region and zone again when something is created. A region newer than this table is added here, in one line.
"""

from collections.abc import Mapping, Sequence

AWS_ZONE_IDS: Mapping[str, Sequence[str]] = {
    region: tuple(f"{prefix}-az{number}" for number in numbers)
    for region, prefix, numbers in (
        ("af-south-1", "afs1", "123"),
        ("ap-east-1", "ape1", "123"),
        ("ap-northeast-1", "apne1", "124"),
        ("ap-northeast-2", "apne2", "123"),
        ("ap-northeast-3", "apne3", "123"),
        ("ap-south-1", "aps1", "123"),
        ("ap-south-2", "aps2", "123"),
        ("ap-southeast-1", "apse1", "123"),
        ("ap-southeast-2", "apse2", "123"),
        ("ap-southeast-3", "apse3", "123"),
        ("ap-southeast-4", "apse4", "123"),
        ("ca-central-1", "cac1", "124"),
        ("ca-west-1", "caw1", "123"),
        ("eu-central-1", "euc1", "123"),
        ("eu-central-2", "euc2", "123"),
        ("eu-north-1", "eun1", "123"),
        ("eu-south-1", "eus1", "123"),
        ("eu-south-2", "eus2", "123"),
        ("eu-west-1", "euw1", "123"),
        ("eu-west-2", "euw2", "123"),
        ("eu-west-3", "euw3", "123"),
        ("il-central-1", "ilc1", "123"),
        ("me-central-1", "mec1", "123"),
        ("me-south-1", "mes1", "123"),
        ("mx-central-1", "mxc1", "123"),
        ("sa-east-1", "sae1", "123"),
        ("us-east-1", "use1", "12456"),  # use1-az3 lacks many services, Transit Gateway attachments among them
        ("us-east-2", "use2", "123"),
        ("us-west-1", "usw1", "13"),
        ("us-west-2", "usw2", "1234"),
    )
}
"""Region -> availability zone ids. Ids, not names: `us-east-1a` is another place in every account."""

AZURE_REGIONS: frozenset[str] = frozenset(
    """
    australiacentral australiaeast australiasoutheast austriaeast belgiumcentral brazilsouth canadacentral canadaeast
    centralindia centralus chilecentral eastasia eastus eastus2 francecentral germanywestcentral indonesiacentral
    israelcentral italynorth japaneast japanwest koreacentral koreasouth malaysiawest mexicocentral newzealandnorth
    northcentralus northeurope norwayeast polandcentral qatarcentral southafricanorth southcentralus southeastasia
    southindia spaincentral swedencentral switzerlandnorth uaenorth uksouth ukwest westcentralus westeurope westindia
    westus westus2 westus3
    """.split()
)

GCP_REGIONS: frozenset[str] = frozenset(
    """
    africa-south1 asia-east1 asia-east2 asia-northeast1 asia-northeast2 asia-northeast3 asia-south1 asia-south2
    asia-southeast1 asia-southeast2 australia-southeast1 australia-southeast2 europe-central2 europe-north1
    europe-north2 europe-southwest1 europe-west1 europe-west2 europe-west3 europe-west4 europe-west6 europe-west8
    europe-west9 europe-west10 europe-west12 me-central1 me-central2 me-west1 northamerica-northeast1
    northamerica-northeast2 northamerica-south1 southamerica-east1 southamerica-west1 us-central1 us-east1 us-east4
    us-east5 us-south1 us-west1 us-west2 us-west3 us-west4
    """.split()
)

REGIONS: Mapping[str, frozenset[str]] = {
    "aws": frozenset(AWS_ZONE_IDS),
    "azure": AZURE_REGIONS,
    "gcp": GCP_REGIONS,
}
