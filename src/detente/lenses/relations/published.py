"""How long have resets lasted elsewhere? Small tables of published facts, each with its source."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from detente.lenses.relations.rates import Fared, Lasting
from detente.lenses.relations.settlements import PUBLISHED, fared
from detente.lenses.relations.survival import kaplan_meier

RATES = ("halved", "held", "back", "rivalries", "disputes", "alliances")
"""What the base rates are of, in their order."""


@cache
def facts() -> dict[str, Any]:
    """Return the counts as they stand in the file."""
    text = files("detente.lenses.relations").joinpath("data/resets.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def rivalries() -> tuple[Lasting, ...]:
    """Return the share of ended rivalries that were not resumed, by years since the end."""
    return kaplan_meier(*zip(*_spans(facts()["rivalries"]["years"]), strict=True))


def _spans(rows: list[tuple[int, int, int]]) -> list[tuple[float, bool]]:
    """Return years and whether it was resumed then, from rows of years, resumed and not resumed."""
    return [
        (float(years), again)
        for years, resumed, not_resumed in rows
        for again in (*[True] * resumed, *[False] * not_resumed)
    ]


def disputes_source() -> str:
    """Return where the disputes are from by whose settlement `settlements` are told apart."""
    return str(facts()["settlements"]["source"])


@cache
def settlements() -> tuple[Fared, ...]:
    """Return how long peace lasted after militarised disputes, by how they were settled."""
    kinds = facts()["settlements"]["kinds"]
    return tuple(fared(one["name"], PUBLISHED, _spans(one["years"])) for one in kinds)


@cache
def distances() -> dict[frozenset[str], dict[int, float]]:
    """Return pair of countries → year → distance of their ideal points in the UN General Assembly, 1946 to 2012.

    Bailey, Strezhnev & Voeten (2017), J. Conflict Resolution 61:430. The higher, the further apart they vote.
    """
    text = files("detente.lenses.relations").joinpath("data/un_ideal_points.csv").read_text(encoding="utf-8")
    found: dict[frozenset[str], dict[int, float]] = {}
    for row in csv.DictReader(text.splitlines()):
        year = int(row.pop("year"))
        for pair, distance in row.items():
            if distance:
                found.setdefault(frozenset(pair.split("-")), {})[year] = float(distance)
    return found
