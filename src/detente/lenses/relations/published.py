"""How long have resets lasted elsewhere? Small tables of published facts, each with its source."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from detente.lenses.relations.episodes import PUBLISHED, fared
from detente.lenses.relations.survival import BaseRate, Fared, Lasting, kaplan_meier
from detente.quantity.shares import wilson

RATES = ("halved", "held", "back", "rivalries", "disputes", "alliances")
"""What the base rates are of, in their order."""


@cache
def facts() -> dict[str, Any]:
    """Return the counts as they stand in the file."""
    return tomllib.loads(_read("resets.toml"))


def _read(name: str) -> str:
    return files("detente.lenses.relations").joinpath("data", name).read_text(encoding="utf-8")


def rates() -> tuple[BaseRate, ...]:
    """Return the published base rates with their intervals, in the order of `RATES`."""
    found = []
    for one in (*facts()["halved"], facts()["rivalries"], *facts()["recurred"]):
        count, of = one["count"], one["of"]
        low, high = wilson(count, of)
        rate = {"what": one["name"], "count": count, "of": of, "share": count / of, "source": one["source"]}
        found.append(BaseRate(**rate, low95=low, high95=high))
    return tuple(found)


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
    of = facts()["settlements"]["kinds"]
    return tuple(fared(one["name"], PUBLISHED, _spans(one["years"])) for one in of)


@cache
def distances() -> dict[frozenset[str], dict[int, float]]:
    """Return pair of countries → year → distance of their ideal points in the UN General Assembly, 1946 to 2012.

    Bailey, Strezhnev & Voeten (2017), J. Conflict Resolution 61:430. The higher, the further apart they vote.
    """
    found: dict[frozenset[str], dict[int, float]] = {}
    for row in csv.DictReader(_read("un_ideal_points.csv").splitlines()):
        year = int(row.pop("year"))
        for pair, distance in row.items():
            if distance:
                found.setdefault(frozenset(pair.split("-")), {})[year] = float(distance)
    return found
