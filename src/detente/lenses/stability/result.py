"""Which outcomes hold, why, and how one gets there: a frozen record that computes and plots nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from pydantic import Field

from detente.lenses.lens import LensResult
from detente.lenses.stability.inverse.levers import Inverse, levers_table
from detente.show.record import Record
from detente.show.table import Cell, Table


class Share(Record):
    """In how many draws a state is an equilibrium.

    Attributes:
        share: 0..1.
        mc_error: standard error of the share due to the finite number of draws.
    """

    share: float
    mc_error: float


class Move(Record):
    """One move: who (several actors who move together are joined by ``+``), and to which state."""

    actor: str
    to: str


class Deterrent(Record):
    """What becomes of one improvement.

    Attributes:
        to: the state that the actor would improve to.
        sanction: moves of the others from there that leave it no better off; ``None`` when nothing deters. By
            ``sim`` they are made at the same moment, each from the state itself; by ``l2``, ``l3`` … they are
            what the actor expects to follow.
        by: how a coalition gets to ``to``; nothing for one actor, which moves at once.
        end: where the sanction leads, or what the actor expects in the end.
    """

    to: str
    sanction: tuple[Move, ...] | None
    by: tuple[Move, ...] = ()
    end: str | None = None


class Why(Record):
    """Why a state is stable for an actor by a concept, or not, every preference at its mean.

    Attributes:
        stable: the verdict.
        moves: how many moves the actor has from the state.
        answers: if stable, every improvement and what deters it; else the best improvement that nothing deters.
        sentence: the same in words.
    """

    state: str
    actor: str
    concept: str
    stable: bool
    moves: int
    answers: tuple[Deterrent, ...]
    sentence: str


class Reached(Record):
    """How an equilibrium is reached from the status quo, every preference at its mean.

    Attributes:
        state: the equilibrium.
        by: ``undeterred`` (improvements that no improvements of the others deter), ``improvements`` (each step
            better for who makes it) or ``moves`` (any).
        length: least number of moves; ``None`` when it cannot be reached.
        paths: some of the shortest paths.
        complete: whether these are all the shortest paths.
    """

    state: str
    by: str
    length: int | None
    paths: tuple[tuple[Move, ...], ...]
    complete: bool


class Jump(Record):
    """A joint improvement from the status quo: better for every member, by legal moves of the members."""

    coalition: tuple[str, ...]
    to: str


class Sway(Record):
    """What settling one uncertain preference would change most.

    Attributes:
        state: whose share of draws changes most.
        concept: by which concept.
        below: share among the draws in which the weight is below its median.
        above: share among the others.
    """

    state: str
    concept: str
    below: float
    above: float


class Limit(Record):
    """Where looking further ahead leads.

    Attributes:
        horizon: from this number of moves on the answers repeat.
        period: after how many moves; 1 when they settle.
        equilibria: the states that hold in the limit; ``None`` when there is none.
    """

    horizon: int
    period: int
    equilibria: tuple[str, ...] | None


class Reading(Record):
    """What holds when the unknown preferences are read in one of four ways, every number at its mean.

    Attributes:
        stable: concept → actor → states that are stable for it.
        equilibria: concept → states that are stable for everybody.
        strong: concept → actor → states that are strongly stable for it, where strength is stated.
        strong_equilibria: concept → states that are strongly stable for everybody.
    """

    stable: dict[str, dict[str, tuple[str, ...]]]
    equilibria: dict[str, tuple[str, ...]]
    strong: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)
    strong_equilibria: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class StabilityResult(LensResult):
    """Answer of the stability lens. A state is its letters, Y or N for each option in order, or its id.

    Attributes:
        actors: ids of those who can move or prefer, in the order of the case.
        options: ids of the options, in the order of the letters; none when the states are listed.
        states: every feasible state; none in games of very many, whose number is ``state_count``.
        state_count: how many there are.
        status_quo: the state of today.
        concepts: what was judged by.
        stable: concept → actor (or actors joined by ``+``, for concepts of coalitions) → states that are stable
            for it, every preference at its mean.
        equilibria: concept → states that are stable for everybody, every preference at its mean.
        counts: concept → how many equilibria there are.
        shares: concept → state → share of draws in which it is an equilibrium, where that is not 0.
        words: state → what it says, for the states that hold by any reading and the status quo.
        why: witnesses.
        reached: how the equilibria are reached from the status quo.
        jumps: what coalitions could agree on at the status quo.
        overtake: concept → state → actor → how many states it would have to rise above in the actor's order
            to be stable, where it is not; every other preference kept.
        sways: path of an uncertain weight → what settling it would change most.
        limit: looking ahead without end, where that comes to a rest or repeats itself.
        skipped: concept → why it was not judged.
        names: id → name of every actor and option.
        strong: concept (``gmr``, ``smr``, ``seq``) → actor → states that are strongly stable for it: who leaves
            them can be brought to end strongly worse. Nothing where the case states no strength of preference.
        strong_equilibria: concept → states that are strongly stable for everybody.
        weak_equilibria: concept → the other equilibria.
        strong_shares: concept → state → share of draws in which it is a strong equilibrium.
        unknown: ``a`` to ``d`` → what holds by that reading of unknown preferences; nothing where all are known.
            Everything else in the result is by reading ``a``, the cautious one.
        merged: state → the combinations of options that it stands for, of states that are several in one.
        unperceived: actor → the states that it does not perceive.
        wanted: the state of which the case asks what would have to change for it to hold.
        inverse: concept → what would have to change, every preference at its mean.
    """

    actors: tuple[str, ...]
    options: tuple[str, ...]
    states: tuple[str, ...]
    state_count: int
    status_quo: str | None
    concepts: tuple[str, ...]
    stable: dict[str, dict[str, tuple[str, ...]]]
    equilibria: dict[str, tuple[str, ...]]
    counts: dict[str, int]
    shares: dict[str, dict[str, Share]]
    words: dict[str, str]
    why: tuple[Why, ...]
    reached: tuple[Reached, ...]
    jumps: tuple[Jump, ...]
    overtake: dict[str, dict[str, dict[str, int]]]
    sways: dict[str, Sway]
    limit: Limit | None
    skipped: dict[str, str]
    names: dict[str, str]
    strong: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)
    strong_equilibria: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    weak_equilibria: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    strong_shares: dict[str, dict[str, Share]] = Field(default_factory=dict)
    unknown: dict[str, Reading] = Field(default_factory=dict)
    merged: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    unperceived: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    wanted: str | None = None
    inverse: dict[str, Inverse] = Field(default_factory=dict)

    def tables(self) -> Mapping[str, Table]:
        """Return the tables: what holds first, then by which concept, for whom, why, and how one gets there."""
        return self._tables

    @cached_property
    def _tables(self) -> Mapping[str, Table]:
        tables = (
            self._equilibria(),
            self._shares(),
            self._concepts(),
            self._stability(),
            self._why(),
            self._paths(),
            self._overtake(),
            self._sways(),
            *self._special(),
            *([levers_table(self.inverse)] if self.inverse else []),
        )
        return {table.name: table for table in tables}

    def _equilibria(self) -> Table:
        columns = {
            "state": "letters, Y or N per option, or id",
            "words": "what is taken",
            **{concept: f"share of draws in which it holds by {concept}" for concept in self.concepts},
        }
        shares = [self.shares[concept] for concept in self.concepts]
        rows: list[tuple[Cell, ...]] = []
        for state, words in self.words.items():
            if any(state in found for found in shares):
                held = (found[state].share if state in found else 0.0 for found in shares)
                rows.append((state, words, *held))
        return Table("equilibria", columns, tuple(rows))

    def _shares(self) -> Table:
        columns = {
            "state": "letters or id",
            "concept": "by which it holds",
            "share": "share of draws in which it is stable for everybody",
            "mc_error": "standard error of the share from the finite number of draws",
            "central": "holds with every preference at its mean",
        }
        rows = tuple(
            (state, concept, found.share, found.mc_error, state in self.equilibria[concept])
            for concept, states in self.shares.items()
            for state, found in states.items()
        )
        return Table("shares", columns, rows)

    def _concepts(self) -> Table:
        columns = {
            "concept": "by which a state may hold",
            "equilibria": "how many states hold, preferences at their means",
            "states": "how many states there are",
        }
        rows = tuple((concept, self.counts[concept], self.state_count) for concept in self.concepts)
        return Table("concepts", columns, rows)

    def _stability(self) -> Table:
        columns = {
            "state": "letters or id",
            "actor": "id, or ids of a coalition",
            "concept": "concept",
            "stable": "preferences at their means",
        }
        held = {(c, a): set(states) for c, actors in self.stable.items() for a, states in actors.items()}
        rows = tuple(
            (state, actor, concept, state in states)
            for state in self.states
            for (concept, actor), states in held.items()
        )
        return Table("stability", columns, rows)

    def _why(self) -> Table:
        columns = {
            "state": "letters or id",
            "actor": "id",
            "concept": "concept",
            "stable": "the verdict",
            "moves": "how many moves the actor has",
            "sentence": "why",
        }
        rows = tuple((w.state, w.actor, w.concept, w.stable, w.moves, w.sentence) for w in self.why)
        return Table("why", columns, rows)

    def _paths(self) -> Table:
        columns = {
            "state": "equilibrium",
            "by": "improvements, or any moves",
            "length": "least number of moves; empty when it cannot be reached",
            "path": "one shortest path: actor → state",
        }
        rows = tuple(
            (reached.state, reached.by, reached.length, _shown(reached.paths)) for reached in self.reached
        )
        return Table("paths", columns, rows)

    def _overtake(self) -> Table:
        columns = {
            "state": "letters or id",
            "concept": "concept",
            "actor": "for whom it is not stable",
            "states": "how many states it would have to rise above in the actor's order",
        }
        rows = tuple(
            (state, concept, actor, count)
            for concept, states in self.overtake.items()
            for state, actors in states.items()
            for actor, count in actors.items()
        )
        return Table("overtake", columns, rows)

    def _sways(self) -> Table:
        columns = {
            "weight": "path of an uncertain weight",
            "state": "whose share of draws it changes most",
            "concept": "by which concept",
            "below": "share while the weight is below its median",
            "above": "share while it is above",
        }
        rows = tuple((path, s.state, s.concept, s.below, s.above) for path, s in self.sways.items())
        return Table("sways", columns, rows)

    def _special(self) -> Iterator[Table]:
        """Yield the tables of what only some games have."""
        if self.strong:
            columns = {
                "state": "letters or id",
                "concept": "concept",
                "equilibrium": "strong or weak, preferences at their means",
                "share": "share of draws in which it is a strong equilibrium",
            }
            yield Table("strength", columns, tuple(self._strength()))
        if self.unknown:
            columns = {
                "state": "letters or id",
                "concept": "concept",
                **{v: f"holds by reading {v} of the unknown preferences" for v in self.unknown},
                **(
                    {f"strong_{v}": f"holds strongly by reading {v}" for v in self.unknown}
                    if self.strong
                    else {}
                ),
            }
            yield Table("unknown", columns, tuple(self._readings()))
        if self.merged:
            columns = {
                "state": "as it is written",
                "members": "the combinations of options that it stands for",
            }
            yield Table("merged", columns, tuple((s, ", ".join(of)) for s, of in self.merged.items()))

    def _strength(self) -> Iterator[tuple[Cell, ...]]:
        for concept, shares in self.strong_shares.items():
            strong, weak = self.strong_equilibria[concept], self.weak_equilibria[concept]
            for state in dict.fromkeys((*strong, *weak, *shares)):
                held = "strong" if state in strong else "weak" if state in weak else None
                yield state, concept, held, shares[state].share if state in shares else 0.0

    def _readings(self) -> Iterator[tuple[Cell, ...]]:
        readings = list(self.unknown.values())
        for concept in readings[0].equilibria:
            for state in dict.fromkeys(s for one in readings for s in one.equilibria[concept]):
                held = [state in one.equilibria[concept] for one in readings]
                if self.strong:
                    held += [state in one.strong_equilibria.get(concept, ()) for one in readings]
                yield (state, concept, *held)


def _shown(paths: tuple[tuple[Move, ...], ...]) -> str:
    return ", ".join(f"{move.actor} → {move.to}" for move in paths[0]) if paths else ""
