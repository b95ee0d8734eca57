"""Which state is meant by a code, on a day? Codes of CAMEO, ISO, FIPS, COW and Gleditsch–Ward, by date.

GDELT's actors carry CAMEO codes and its places FIPS codes, which look like ISO codes of other countries (RS is
Russia, AU Austria). States begin and end: the numbers are those of the system on the day of the event.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from detente.case.countries import ALPHA_3, country_code
from detente.errors import OptionError, offering

SYSTEMS = ("iso3", "iso2", "cameo", "fips", "cow", "gw", "name")
# Codes of CAMEO and older ones of KEDS that are not those of ISO; who writes PAL and PSE means one people.
CAMEO_OWN = {
    "PAL": "PSE",
    "ROM": "ROU",
    "ZAR": "COD",
    "TMP": "TLS",
    "KSV": "XKX",
    "KOS": "XKX",
    "LEB": "LBN",
    "KUW": "KWT",
    "FRN": "FRA",
    "USR": "RUS",
    "GER": "DEU",
    "UK": "GBR",
    "US": "USA",
}
NAMES = {  # as data sets write them
    "Occupied Palestinian Territory": "PSE",
    "the former Yugoslav Republic of Macedonia": "MKD",
    "Democratic Republic of Congo": "COD",
    "Moldova, Republic of": "MDA",
    "Kingdom of eSwatini": "SWZ",
    "Macedonia, FYR": "MKD",
}
HISTORIC = {"SUN": "RUS", "CSK": "CSK", "YUG": "YUG", "DDR": "DDR", "YMD": "YMD", "VDR": "VDR"}
REGIONS = frozenset(
    [
        "AFR",
        "ASA",
        "BLK",
        "CAU",
        "CFR",
        "CRB",
        "EAF",
        "EEU",
        "EIN",
        "EUR",
        "GCC",
        "LAM",
        "MDT",
        "MEA",
        "NAF",
        "NMR",
        "PGS",
        "SAF",
        "SAM",
        "SAS",
        "SCN",
        "SEA",
        "WAF",
        "WST",
    ]
)
"""CAMEO codes of regions, which are no state."""


@dataclass(frozen=True, slots=True)
class State:
    """A state for as long as it was one.

    Attributes:
        iso3: its code, or the withdrawn code of a state that ended.
        name: in English.
        fips: code of FIPS 10-4, empty where it has none.
        cow: number in the Correlates of War, empty where it is no member of that system.
        gw: number of Gleditsch & Ward, empty likewise.
        start: first day, empty where none is given.
        end: last day, empty while it lasts.
    """

    iso3: str
    name: str
    fips: str
    cow: str
    gw: str
    start: str
    end: str

    def on(self, day: str) -> bool:
        """Tell whether it was one on a day such as ``1991-12-25``; always where no day is given."""
        return not day or (self.start <= day and (not self.end or day <= self.end))


@cache
def states() -> tuple[State, ...]:
    """Return every state since 1945, with some places that are none."""
    text = files("detente.events").joinpath("data/states.csv").read_text(encoding="utf-8")
    return tuple(
        State(row["iso3"], row["name"], row["fips"], row["cow"], row["gw"], row["from"], row["to"])
        for row in csv.DictReader(text.splitlines())
    )


def country(code: str, system: str, day: str = "") -> str | None:
    """Return the ISO code of the state that a code means on a day, ``None`` where it means none.

    Args:
        code: as it is written.
        system: one of `SYSTEMS`.
        day: such as ``1991-12-25``; empty for today's states.

    Raises:
        OptionError: there is no such system.
    """
    code = code.strip()
    if system in ("iso3", "cameo"):
        upper = code.upper()
        if upper in REGIONS and system == "cameo":
            return None
        found = CAMEO_OWN.get(upper, upper) if system == "cameo" else upper
        return HISTORIC.get(found) or (found if found in ALPHA_3 or found == "XKX" else None)
    if system in ("iso2", "name"):
        return (
            NAMES.get(code)
            or country_code(code)
            or next((one.iso3 for one in states() if one.name == code and one.on(day)), None)
        )
    if system not in SYSTEMS:
        raise OptionError(offering(f"there is no system of codes {system!r}", system, SYSTEMS))
    code = code.removesuffix(".0")  # as R and pandas write numbers of which some are missing
    matching = [one for one in states() if getattr(one, system) == code]
    return next((one.iso3 for one in matching if one.on(day)), None)


def number(iso3: str, system: str, day: str) -> str | None:
    """Return the number of a state in COW or Gleditsch–Ward on a day."""
    found = [one for one in states() if one.iso3 == iso3 and one.on(day)]
    return next((getattr(one, system) or None for one in found), None)


def named_by(code: str, name: str) -> bool:
    """Tell whether a name beside a country's code is its own or its people's: 'RUSSIAN', but not 'MOSCOW'."""
    iso = country(code, "cameo")
    if iso is None or country(name.title(), "name") == iso:
        return True
    names = [one.name.upper() for one in states() if one.iso3 == iso]
    peoples = ("AMERICAN", "BRITISH", "DUTCH")
    return any(name.upper()[:4] == known[:4] for known in names) or name.upper() in peoples
