"""How did settlements fare, by kind? Time until the next rupture: with a mediator, after a war, of nuclear powers.

Three kinds of evidence, told apart: the resets of the case, the halved tensions of all pairs in a store, and
published disputes. A kind with fewer than `FEW` cases is told as few, and no share is told of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from detente.lenses.relations.episodes import halvings, spells
from detente.lenses.relations.rates import Fared, StoreRate
from detente.lenses.relations.survival import kaplan_meier, lasting
from detente.lenses.summary import Array
from detente.quantity.shares import wilson

if TYPE_CHECKING:
    from detente.events.dyads import DyadCounts

FEW = 10
NUCLEAR = {
    "USA": 1945, "RUS": 1949, "GBR": 1952, "FRA": 1960, "CHN": 1964, "ISR": 1967, "IND": 1974,
    "PAK": 1998, "PRK": 2006,
}  # fmt: skip
"""State → year of its first nuclear test; Israel, which is not known to have tested, by common account."""
ALL, MEDIATED, WAR, POWERS = "all", "with a mediator", "after a war", "between nuclear powers"
HERE, PUBLISHED = "this case", "published disputes"
KINDS = (ALL, MEDIATED, WAR, POWERS)
AFTER_WAR = 5.0
"""Years before the low within which an act of war makes a reset one after a war."""
SHOTS = -9.0
"""Grade from which on an act counts as one of war: shots between the two."""


def nuclear(sides: Iterable[frozenset[str]], year: float) -> bool:
    """Tell whether both sides are single states that had tested nuclear arms by then."""
    return all(len(side) == 1 and NUCLEAR.get(next(iter(side)), np.inf) <= year for side in sides)


def fared(kind: str, where: str, spans: Sequence[tuple[float, bool]]) -> Fared:
    """Return how long settlements of one kind lasted.

    Args:
        kind: of settlement.
        where: the evidence is from.
        spans: of each, the years that it was seen and whether it ended then.
    """
    curve = kaplan_meier([years for years, _ in spans], [ended for _, ended in spans])
    held = [number for after in (1.0, 2.0, 5.0) for number in lasting(curve, after)]
    names = [f"held{after}{end}" for after in (1, 2, 5) for end in ("", "_low95", "_high95")]
    ended = sum(end for _, end in spans)
    return Fared(kind=kind, where=where, cases=len(spans), ended=ended, **dict(zip(names, held, strict=True)))


def by_kind(where: str, spans: Sequence[tuple[float, bool, tuple[str, ...]]]) -> tuple[Fared, ...]:
    """Return how settlements fared, all of them and each kind that occurs."""
    found = []
    for kind in KINDS:
        own = [(years, ended) for years, ended, kinds in spans if kind in (ALL, *kinds)]
        if own:
            found.append(fared(kind, where, own))
    return tuple(found)


def in_store(counts: DyadCounts) -> StoreRate | None:
    """Return how often tension was halved in all pairs of a store, by year, and how long that lasted.

    Sums over groups are left out: they would count their members twice. ``None`` where no pair was ever tense.
    """
    years, conflict, events = yearly(counts)
    found = halvings(conflict, events)
    if not found.tense:
        return None
    spans = []
    for pair, start, time, ended in spells(conflict, events):
        sides = [frozenset((one,)) for one in counts.pairs[pair]]
        spans.append((time, ended, (POWERS,) if nuclear(sides, years[start]) else ()))
    low, high = wilson(found.halved, found.tense)
    return StoreRate(
        feed=counts.feed, first=years[0], last=years[-1], pairs=found.pairs, tense=found.tense,
        halved=found.halved, share=found.halved / found.tense, low95=low, high95=high,
        kinds=by_kind(counts.feed, spans),
    )  # fmt: skip


def yearly(counts: DyadCounts) -> tuple[list[int], Array, Array]:
    """Return the years, and conflict and events of every pair of two states by year."""
    year = np.array([int(period[:4]) for period in counts.periods])
    known = np.arange(year[0], year[-1] + 1)
    of = (year[:, None] == known[None, :]).astype(float)
    return known.tolist(), counts.conflict[: counts.two] @ of, counts.events[: counts.two] @ of
