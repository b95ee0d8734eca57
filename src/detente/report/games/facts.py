"""What does a reader want to know of a state that holds? By which concepts, how often, in which scenario."""

from __future__ import annotations

from collections.abc import Mapping

from detente.lenses.stability import StabilityResult
from detente.lenses.stability.findings import named
from detente.report.games.telling import LADDER, kinds, place, way, way_told
from detente.show.record import Record
from detente.show.table import Cell, Table

OFTEN = 0.5  # share of draws from which a state counts as one that holds
MOST_HELD = 50  # states of a large game that are told
RARE = 0.05  # share of draws below which it is left out of the prose; the tables have all


class Outcome(Record):
    """A state that holds in some draw.

    Attributes:
        state: its letters or id.
        words: the same in words.
        shares: concept → share of draws in which it holds.
        central: concepts by which it holds with every preference at its mean.
        concept: the most demanding concept by which it holds in most draws, else by which it holds most often.
        share: share of draws for that concept.
        concepts: by how many concepts it holds in most draws.
        today: whether it is the status quo.
        length: least number of moves from the status quo; ``None`` where it cannot be reached or is not known.
        pays: whether that can be by moves that each are better for who makes them.
        way: the same in a sentence.
        scenarios: id of a scenario → share of draws for the same concept there.
    """

    state: str
    words: str
    shares: dict[str, float]
    central: tuple[str, ...]
    concept: str
    share: float
    concepts: int
    today: bool
    length: int | None
    pays: bool
    way: str
    scenarios: dict[str, float]

    @property
    def holds(self) -> bool:
        """Say whether it holds in most draws by some concept."""
        return self.share >= OFTEN


def outcomes(result: StabilityResult, scenarios: Mapping[str, StabilityResult]) -> tuple[Outcome, ...]:
    """Return the states that hold in some draw: those that hold by most concepts in most draws first."""
    held = {state: held_shares(result, state) for state in _held(result)}
    found = [_outcome(result, state, shares, scenarios) for state, shares in held.items()]
    return tuple(sorted(found, key=lambda one: (-one.concepts, -sum(one.shares.values()), one.state)))


def _held(result: StabilityResult) -> list[str]:
    """Return the states that hold in some draw; in games too large for that, those of the mean preferences."""
    drawn = [s for s in result.words if any(s in shares for shares in result.shares.values())]
    if drawn:
        return drawn
    central = dict.fromkeys(s for concept in LADDER for s in result.equilibria.get(concept, ()))
    return list(central)[:MOST_HELD]


def held_shares(result: StabilityResult, state: str) -> dict[str, float]:
    """Return concept → share of draws in which a state holds, where that is not 0.

    In games of so many states that draws are not followed, 1 where it holds by the mean preferences.
    """
    if any(result.shares.values()):
        return {c: found[state].share for c, found in result.shares.items() if state in found}
    return {c: 1.0 for c in result.concepts if state in result.equilibria[c]}


def _outcome(
    result: StabilityResult,
    state: str,
    shares: Mapping[str, float],
    scenarios: Mapping[str, StabilityResult],
) -> Outcome:
    concept = leading(shares)
    reached = way(result, state)
    return Outcome(
        state=state,
        words=place(result, state),
        shares=dict(shares),
        central=tuple(c for c in result.concepts if state in result.equilibria[c]),
        concept=concept,
        share=shares[concept],
        concepts=sum(1 for c in kinds(list(shares)) if shares[c] >= OFTEN),
        today=state == result.status_quo,
        length=None if reached is None else reached.length,
        pays=reached is not None and reached.by == "improvements",
        way=way_told(result, state),
        scenarios={name: share_in(other, concept, state) for name, other in scenarios.items()},
    )


def leading(shares: Mapping[str, float]) -> str:
    """Return the most demanding concept by which a state holds in most draws, else the one of most draws."""
    for concept in LADDER:
        if shares.get(concept, 0.0) >= OFTEN:
            return concept
    return max(shares, key=lambda concept: (shares[concept], concept in LADDER))


def share_in(result: StabilityResult, concept: str, state: str) -> float:
    """Return the share of draws in which a state holds by a concept."""
    return held_shares(result, state).get(concept, 0.0)


def outcomes_table(result: StabilityResult, rows: tuple[Outcome, ...]) -> Table:
    """Return the states that hold as a table."""
    columns = {
        "outcome": "what is taken",
        "state": "letters, Y or N per option, or id",
        **{concept: f"share of draws in which it holds by {concept}" for concept in result.concepts},
        "moves": "least number of moves from the status quo",
        "way": "who does what on the way there",
    }
    cells: list[tuple[Cell, ...]] = []
    for row in rows:
        held = (row.shares.get(concept, 0.0) for concept in result.concepts)
        cells.append((named(result, row.state), row.state, *held, row.length, row.way))
    return Table("outcomes_that_hold", columns, tuple(cells))


def scenarios_table(rows: tuple[Outcome, ...]) -> Table:
    """Return, per state that holds and scenario, the share of draws, by the concept that the state is told by."""
    names = list(rows[0].scenarios) if rows else []
    columns = {
        "outcome": "what is taken",
        "concept": "by which it is judged",
        "as_it_stands": "share of draws in the case as it stands",
        **dict.fromkeys(names, "share of draws in that scenario"),
    }
    cells: list[tuple[Cell, ...]] = [
        (row.words, row.concept, row.share, *(row.scenarios[name] for name in names)) for row in rows
    ]
    return Table("outcomes_by_scenario", columns, tuple(cells))
