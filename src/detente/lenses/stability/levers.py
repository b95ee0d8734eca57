"""In what form is told what would have to change? One lever for each kind of change, with its proof."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from detente.lenses.stability.records import by, reason
from detente.show import words
from detente.show.record import Published, Record
from detente.show.table import Cell, Table

Kind = Literal["promote", "demote", "orders", "reorder", "top", "weights", "moves"]
Status = Literal["exact", "gap", "none", "skipped"]
LABELS: Mapping[Kind, str] = {
    "promote": "Value it more",
    "demote": "Value other outcomes less",
    "orders": "Order outcomes otherwise",
    "reorder": "Put priorities in another order",
    "top": "Have a new first priority",
    "weights": "Weigh otherwise",
    "moves": "Have fewer moves",
}
KINDS: tuple[Kind, ...] = tuple(LABELS)
MOST_CHANGES = 3  # that are told of one kind
NEAR = 1e-6  # costs closer than this are equal; the solver knows no better


class Undeterred(Record):
    """An improvement from the chosen state that nothing deters.

    Attributes:
        actor: whose it is.
        to: letters or id of where it leads.
        words: the same in words.
        step: what the actor would do, in words.
    """

    actor: str
    to: str
    words: str
    step: str


class Change(Record):
    """One thing that would have to be otherwise.

    Attributes:
        actor: id of the actor whom it concerns; ``None`` for a state that is ruled out.
        what: state, option, weight or priorities that change.
        before: as it is, in short.
        after: as it would have to be.
        cost: its part of the lever's cost.
        sentence: the same in words.
        without: what would go wrong if all the lever's other changes were made and this one were not.
    """

    actor: str | None
    what: str
    before: str
    after: str
    cost: float
    sentence: str
    without: Undeterred | None


class Lever(Record):
    """The cheapest change of one kind by which the chosen state holds.

    Attributes:
        kind: ``promote`` (the state rises in orders), ``demote`` (other states come level with it), ``orders``
            (any change of orders), ``reorder`` (priorities change places), ``top`` (a new first priority),
            ``weights``, ``moves`` (options taken away or made one-way, states ruled out, moves barred).
        status: ``exact`` (nothing of this kind is cheaper), ``gap`` (something between ``bound`` and ``cost``
            may be), ``none`` (no change of this kind suffices) or ``skipped``.
        cost: of all changes; ``None`` when none were found.
        bound: nothing of this kind costs less; ``None`` when nothing is known.
        clauses: how many necessary conditions the bound rests on, or combinations that were refuted.
        holds: the verdict of the engine on the game with the changes made.
        changes: one by one.
        edits: path in the case → new value, by which the changes can be made; none in very large games.
        sentence: the lever in words.
        late: whether the clock stopped the search, though work was left; only then may another machine say more.
    """

    kind: Kind
    status: Status
    cost: float | None = None
    bound: float | None = None
    clauses: int = 0
    holds: bool | None = None
    changes: tuple[Change, ...] = ()
    edits: dict[str, Any] = Field(default_factory=dict)
    sentence: str
    late: bool = False

    @classmethod
    def found(
        cls,
        kind: Kind,
        cost: float,
        bound: float,
        clauses: int,
        changes: Sequence[Change],
        edits: Mapping[str, Any],
        *,
        holds: bool | None,
    ) -> Lever:
        """Return a lever; infinite cost or bound mean that nothing was found, or that nothing exists."""
        status: Status = "exact" if cost <= bound + NEAR * max(1.0, abs(bound)) else "gap"
        if math.isinf(bound):
            status, cost, bound = "none", math.inf, math.inf
        known = math.isfinite(cost)
        return cls(
            kind=kind,
            status=status,
            cost=float(cost) if known else None,
            bound=float(min(cost, bound)) if math.isfinite(bound) else None,
            clauses=clauses,
            holds=holds if known else None,
            changes=tuple(changes) if known else (),
            edits=dict(edits) if known else {},
            sentence=_sentence(kind, status, cost, bound, changes),
        )

    @classmethod
    def skipped(cls, kind: Kind, why: str) -> Lever:
        """Return the lever of a kind that was not looked at."""
        return cls(kind=kind, status="skipped", sentence=f"{LABELS[kind]}: not looked at, because {why}.")


def _sentence(kind: Kind, status: Status, cost: float, bound: float, changes: Sequence[Change]) -> str:
    if status == "none":
        return f"{LABELS[kind]}: no change of this kind suffices."
    if not math.isfinite(cost):
        return f"{LABELS[kind]}: none was found; it costs {bound:.4g} or more."
    if not changes:
        return f"{LABELS[kind]}: nothing has to change."
    told = " ".join(change.sentence for change in changes)
    proof = "nothing of this kind is cheaper" if status == "exact" else f"at least {bound:.4g} is needed"
    return f"{LABELS[kind]} (cost {cost:.4g}; {proof}): {told}"


class Inverse(Published):
    """What would have to change for one state to hold by one concept, every preference at its mean.

    Attributes:
        case: title of the case.
        scenario: id of the scenario that was applied, or ``None``.
        state: letters or id of the chosen state.
        words: what it says.
        concept: by which it is to hold.
        holds: whether it does so already.
        against: the improvements from it that nothing deters.
        levers: one per kind of change.
        names: id → name of actors and options.
    """

    case: str
    scenario: str | None
    state: str
    words: str
    concept: str
    holds: bool
    against: tuple[Undeterred, ...]
    levers: tuple[Lever, ...]
    names: dict[str, str]


def levers_table(inverses: Mapping[str, Inverse]) -> Table:
    """Return the table ``levers``: what would have to change for a state to hold, one row per change."""
    columns = {
        "state": "letters or id of the wanted state",
        "concept": "by which it is to hold",
        "kind": "of change",
        "status": "exact, gap (something cheaper may do), none (no such change does) or skipped",
        "cost": "of all changes of this kind; empty when none was found",
        "bound": "nothing of this kind costs less",
        "actor": "whom the change concerns",
        "what": "state, option, weight or priorities",
        "before": "as it is",
        "after": "as it would have to be",
        "part": "cost of this change",
        "sentence": "the change in words, or why there is none",
    }
    rows: list[tuple[Cell, ...]] = []
    for concept, inverse in inverses.items():
        for lever in inverse.levers:
            head = (inverse.state, concept, lever.kind, lever.status, lever.cost, lever.bound)
            rows += [(*head, c.actor, c.what, c.before, c.after, c.cost, c.sentence) for c in lever.changes]
            if not lever.changes:
                rows.append((*head, None, None, None, None, None, lever.sentence))
    return Table("changes_needed", columns, tuple(rows))


def changes_needed(concept: str, inverse: Inverse) -> tuple[str, tuple[str, ...]]:
    """Return a head, and the cheapest change of each kind by which an outcome would hold by a concept."""
    told = [
        f"{LABELS[lever.kind]}: {_first_changes(lever.changes)}"
        for lever in inverse.levers
        if lever.cost is not None and lever.changes
    ]
    if not told:
        return f"No change that was looked at would make it hold {by(concept)}.", ()
    return f"To make it hold {by(concept)} ({reason(concept)}), any one of these would do:", tuple(told)


def _first_changes(changes: Sequence[Change]) -> str:
    told, left = [change.sentence for change in changes[:MOST_CHANGES]], len(changes) - MOST_CHANGES
    return " ".join([*told, *([f"And {words.counted(left, 'more change')}."] if left > 0 else [])])
