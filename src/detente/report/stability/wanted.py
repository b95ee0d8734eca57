"""What would have to change for the wanted outcome to hold? The cheapest changes of each kind, in words."""

from __future__ import annotations

from collections.abc import Mapping

from detente.lenses.stability import StabilityResult
from detente.lenses.stability.findings import label
from detente.report.games.facts import OFTEN, share_in
from detente.report.games.telling import LADDER, place, way_told
from detente.show import words
from detente.show.finding import Finding
from detente.show.record import Record
from detente.show.table import Cell, Table

KINDS = {
    "promote": "Value it more",
    "demote": "Value other outcomes less",
    "orders": "Order outcomes otherwise",
    "reorder": "Put priorities in another order",
    "top": "Have a new first priority",
    "weights": "Weigh otherwise",
    "moves": "Have fewer moves",
}
ASKED = ("seq", "nash")
"""Concepts by which it is told what would have to change: credible deterrence first, then no wish to leave."""


class Change(Record):
    """A kind of change by which the wanted outcome would hold.

    Attributes:
        kind: of change.
        cost: of all changes of this kind.
        cheapest: whether it is known that nothing of this kind costs less.
        told: each change in words.
    """

    kind: str
    cost: float
    cheapest: bool
    told: tuple[str, ...]


class Wanted(Record):
    """The outcome that is wanted.

    Attributes:
        state: its letters or id.
        words: the same in words.
        shares: concept → share of draws in which it holds.
        way: how one gets there from today.
        leavers: concept → who would leave it, undeterred, for what, every preference at its mean.
        changes: concept by which it does not hold → what would have to change.
        scenarios: concept → id of a scenario → share of draws in which it holds there.
    """

    state: str
    words: str
    shares: dict[str, float]
    way: str
    leavers: dict[str, tuple[str, ...]]
    changes: dict[str, tuple[Change, ...]]
    scenarios: dict[str, dict[str, float]]

    @property
    def firmest(self) -> str | None:
        """Return the most demanding concept by which it holds in most draws, if any."""
        return next((concept for concept in LADDER if self.shares.get(concept, 0.0) >= OFTEN), None)


def wanted(result: StabilityResult, scenarios: Mapping[str, StabilityResult]) -> Wanted | None:
    """Return what is to be told of the wanted outcome; ``None`` where the case wants none."""
    state = result.wanted
    if state is None:
        return None
    lacking = [c for c in ASKED if c in result.inverse and not result.inverse[c].holds]
    return Wanted(
        state=state,
        words=place(result, state),
        shares={concept: share_in(result, concept, state) for concept in result.concepts},
        way=way_told(result, state),
        leavers={c: _leavers(result, c) for c in lacking},
        changes={c: _changes(result, c) for c in lacking},
        scenarios={
            c: {name: share_in(other, c, state) for name, other in scenarios.items()}
            for c in LADDER
            if c in result.concepts
        },
    )


def _leavers(result: StabilityResult, concept: str) -> tuple[str, ...]:
    found: dict[str, list[str]] = {}
    for one in result.inverse[concept].against:
        found.setdefault(result.names[one.actor], []).append(f"“{place(result, one.to)}”")
    return tuple(f"{who} for {words.listed(to, 2)}" for who, to in found.items())


def _changes(result: StabilityResult, concept: str) -> tuple[Change, ...]:
    return tuple(
        Change(
            kind=lever.kind,
            cost=lever.cost,
            cheapest=lever.status == "exact",
            told=tuple(change.sentence for change in lever.changes),
        )
        for lever in result.inverse[concept].levers
        if lever.cost is not None and lever.changes
    )


def wanted_finding(one: Wanted) -> Finding:
    """Say whether the wanted outcome holds, by what, and who would leave it."""
    firmest = one.firmest
    numbers = {firmest: one.shares[firmest]} if firmest else {}
    if firmest == "nash":
        share = one.shares["nash"]
        often = "" if share == 1 else f" in {words.percent(share)} of draws"
        told = f"holds{often}: nobody has anything better to move to"
    else:
        why = next(iter(one.leavers.values()), ()) if firmest is None else one.leavers.get("nash", ())
        never = "does not hold in most draws" if any(one.shares.values()) else "does not hold"
        leaves = f"would be left by {words.listed(list(why), 2)}" if why else never
        told = leaves
        if firmest is not None:
            share = one.shares[firmest]
            often = "" if share == 1 else f", in {words.percent(share)} of draws"
            told = f"holds by {label(firmest)} only{often}"
            told += f"; but for deterrence, it would be left by {words.listed(list(why), 2)}" if why else ""
    return Finding(
        id="wanted", sentence=f"Wanted is “{one.words}”: it {told}.", numbers=numbers, table="wanted"
    )


def wanted_table(one: Wanted) -> Table:
    """Return by which concepts the wanted outcome holds, as things stand and in each scenario."""
    names = list(next(iter(one.scenarios.values()), {}))
    columns = {
        "concept": "by which it is judged",
        "as_it_stands": "share of draws in which it holds",
        **dict.fromkeys(names, "share of draws in that scenario"),
    }
    rows: list[tuple[Cell, ...]] = [
        (label(c), one.shares[c], *(found[name] for name in names)) for c, found in one.scenarios.items()
    ]
    return Table("wanted", columns, tuple(rows))


def changes_table(one: Wanted) -> Table:
    """Return what would have to change for the wanted outcome to hold, one row per kind of change."""
    columns = {
        "to_hold_by": "concept",
        "kind": "of change",
        "cost": "of all changes of this kind: outcomes overtaken, moves barred, or distance of weights",
        "cheapest": "whether nothing of this kind is known to cost less",
        "changes": "in words",
    }
    rows = tuple(
        (label(concept), KINDS[change.kind], change.cost, change.cheapest, " ".join(change.told))
        for concept, changes in one.changes.items()
        for change in changes
    )
    return Table("what_would_have_to_change", columns, rows)
