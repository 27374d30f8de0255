"""Continents and countries, as those write them who answer by where a question comes from.

A continent's code wins over a country's: `AS`, `AF`, `NA` and `SA` are continents here, so that American Samoa,
Afghanistan, Namibia and Saudi Arabia are served with theirs. Sources: Route 53's API [M]; Traffic Manager's hierarchy
and ISO 3166-1 from general knowledge [K].
"""

from collections.abc import Mapping, Sequence

CONTINENTS: Mapping[str, Sequence[str]] = {
    "AF": ("GEO-AF",),
    "AN": (),
    "AS": ("GEO-AS", "GEO-ME"),
    "EU": ("GEO-EU",),
    "NA": ("GEO-NA",),
    "OC": ("GEO-AP",),
    "SA": ("GEO-SA",),
}
"""Route 53's code -> Traffic Manager's, whose Asia is without the Middle East; none is known there for Antarctica."""
WORLD = "WORLD"
"""Traffic Manager: everybody whom no other endpoint serves."""
COUNTRIES = frozenset(
    """
    AD AE AG AI AL AM AO AQ AR AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD
    CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD
    GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG
    KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU
    MV MW MX MY MZ NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SB
    SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM
    US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """.split()
)
"""ISO 3166-1, without those whose code is a continent's here."""
UNKNOWN_TO_ROUTE53 = frozenset(("BV", "CX", "EH", "HM"))
"""Countries that Route 53 is said to know no location for [K]; its API would refuse them after the preview."""
