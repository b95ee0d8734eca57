"""Which outcomes hold, why, and how one gets there: a frozen record that computes and plots nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from pydantic import Field

from detente.lenses.lens import LensResult
from detente.lenses.stability.levers import Inverse, levers_table
from detente.lenses.stability.records import (
    LADDER,
    OFTEN,
    InScenario,
    Jump,
    Limit,
    Move,
    MoveGraph,
    Outcome,
    Reached,
    Reading,
    Share,
    Sway,
    Why,
    apart,
    by,
    kinds,
    leading,
    short,
)
from detente.show.table import Cell, Table, table_of

LONG = 72  # characters from which a state is rather told by how it differs from today
MOST_HELD = 50  # states of a game too large for draws that are told
STATE = "letters, Y or N per option, or id"


class StabilityResult(LensResult):
    """Answer of the stability lens. A state is its letters, Y or N for each option in order, or its id.

    A list that a game is too large for is ``None``: not made, which is not the same as empty.

    Attributes:
        actors: ids of those who can move or prefer, in the order of the case.
        options: ids of the options, in the order of the letters; none when the states are listed.
        states: every feasible state.
        state_count: how many there are.
        status_quo: the state of today.
        leaving: actors that gain by leaving the state of today alone, every preference at its mean; ``None``
            without a state of today.
        concepts: what was judged by.
        stable: concept → actor (or actors joined by ``+``, for concepts of coalitions) → states that are stable
            for it, every preference at its mean.
        equilibria: concept → states that are stable for everybody, every preference at its mean.
        counts: concept → how many equilibria there are.
        shares: concept → state → share of draws in which it is an equilibrium, where that is not 0; of more than
            2,000 states the 2,000 with the largest share.
        holding: how many states hold by some concept in some draw.
        firm: how many hold by ``nash`` or ``seq`` in most draws.
        words: state → what it says, for the states that hold by any reading and the status quo.
        why: witnesses.
        reached: how the equilibria are reached from the status quo.
        jumps: what coalitions could agree on at the status quo, ``None`` where coalitions are not judged.
        sways: path of an uncertain weight → what settling it would change most.
        limit: looking ahead without end, where that comes to a rest or repeats itself.
        skipped: concept → why it was not judged.
        moves: who can move between which states, in games of no more than can be drawn.
        strong: concept (``gmr``, ``smr``, ``seq``) → actor → states that are strongly stable for it: who leaves
            them can be brought to end strongly worse. Nothing where the case states no strength of preference.
        strong_equilibria: concept → states that are strongly stable for everybody.
        weak_equilibria: concept → the other equilibria.
        strong_shares: concept → state → share of draws in which it is a strong equilibrium.
        unknown: ``a`` to ``d`` → what holds by that reading of unknown preferences; nothing where all are known.
            Everything else in the result is by reading ``a``, the cautious one.
        merged: state → the combinations of options that it stands for, of states that are several in one.
        wanted: the state of which the case asks what would have to change for it to hold.
        inverse: concept → what would have to change, every preference at its mean.
        scenarios: id of a scenario → what holds there, in the result of `StabilityLens.answer`.
    """

    actors: tuple[str, ...]
    options: tuple[str, ...]
    states: tuple[str, ...] | None
    state_count: int
    status_quo: str | None
    leaving: tuple[str, ...] | None
    concepts: tuple[str, ...]
    stable: dict[str, dict[str, tuple[str, ...] | None]]
    equilibria: dict[str, tuple[str, ...] | None]
    counts: dict[str, int]
    shares: dict[str, dict[str, Share]]
    holding: int | None
    firm: int | None
    words: dict[str, str]
    why: tuple[Why, ...] | None
    reached: tuple[Reached, ...] | None
    jumps: tuple[Jump, ...] | None
    sways: dict[str, Sway]
    limit: Limit | None
    skipped: dict[str, str]
    moves: MoveGraph | None = None
    strong: dict[str, dict[str, tuple[str, ...] | None]] = Field(default_factory=dict)
    strong_equilibria: dict[str, tuple[str, ...] | None] = Field(default_factory=dict)
    weak_equilibria: dict[str, tuple[str, ...] | None] = Field(default_factory=dict)
    strong_shares: dict[str, dict[str, Share]] = Field(default_factory=dict)
    unknown: dict[str, Reading] = Field(default_factory=dict)
    merged: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    wanted: str | None = None
    inverse: dict[str, Inverse] = Field(default_factory=dict)
    scenarios: dict[str, InScenario] = Field(default_factory=dict)

    # --- in words --------------------------------------------------------------------------------

    def who(self, mover: str) -> str:
        """Return the name of an actor, or the names of several joined by ``+``."""
        return " and ".join(self.case.actors[one].name for one in mover.split("+"))

    @cached_property
    def _called(self) -> Mapping[str, str]:
        """What each option, or listed state, is called."""
        assert self.case.game is not None  # noqa: S101 - the lens reads it
        people = {key: actor.name for key, actor in self.case.actors.items()}
        return {**self.case.game.option_names(people), **self.case.game.state_names()}

    def named(self, state: str) -> str:
        """Return a state in words: what is taken, or the name of a listed state."""
        if state in self.words:
            return self.words[state]
        if not self.options:
            return self._called[state]
        letters = zip(self.options, state, strict=True)
        return (
            " + ".join(self._called[name] for name, letter in letters if letter == "Y") or "nothing is done"
        )

    def place(self, state: str) -> str:
        """Return a state in words: what is taken, or how it differs from today where that is much shorter."""
        full, today = self.named(state), self.status_quo
        if len(full) <= LONG or today is None or state == today or not self.options:
            return full
        if not self.merged.keys().isdisjoint((today, state)):
            return full
        taken, left = apart(map(self._called.__getitem__, self.options), today, state)
        told = " + ".join(["today", *taken]) + (f", without {' + '.join(left)}" if left else "")
        return told if len(told) < 0.9 * len(full) else full

    def changes(self, before: str, after: str) -> str:
        """Return what is different between two states: options taken up, and options dropped."""
        if not self.options or not self.merged.keys().isdisjoint((before, after)):
            return f"“{self.named(after)}”"
        taken, left = apart(map(self._called.__getitem__, self.options), before, after)
        told = [*(f"“{name}”" for name in taken), *(f"no more “{name}”" for name in left)]
        return ", ".join(told) or "nothing changed"

    def path(self, moves: Sequence[Move]) -> str:
        """Return a path from the status quo: who does what, in turn."""
        told, here = [], self.status_quo or ""
        for move in moves:
            told.append(f"{self.who(move.actor)}: {self.changes(here, move.to)}")
            here = move.to
        return "; then ".join(told)

    # --- what holds ------------------------------------------------------------------------------

    def firmest(self, state: str) -> str | None:
        """Return the most demanding concept by which a state holds in most draws, if any."""
        shares = self.held(state)
        return next((concept for concept in LADDER if shares.get(concept, 0.0) >= OFTEN), None)

    @property
    def lacking(self) -> dict[str, Inverse]:
        """Return the concepts by which the wanted outcome does not hold, with what would have to change.

        Credible deterrence stands first, then no wish to leave.
        """
        asked = {concept: self.inverse[concept] for concept in ("seq", "nash") if concept in self.inverse}
        return {concept: inverse for concept, inverse in asked.items() if not inverse.holds}

    def leavers(self) -> list[Why]:
        """Return why those who would leave the state of today alone would gain, as far as that is told."""
        of_today = (one for one in self.why or () if (one.state, one.concept) == (self.status_quo, "nash"))
        return [one for one in of_today if not one.stable]

    def way(self, state: str) -> Reached | None:
        """Return how a state is best reached: by improvements if it can be, else by any moves."""
        ways = [one for one in self.reached or () if one.state == state and one.length is not None]
        return min(ways, key=lambda one: one.by != "improvements", default=None)

    def held(self, state: str) -> dict[str, float]:
        """Return concept → share of draws in which a state holds, where that is not 0.

        In games of so many states that draws are not followed, 1 where it holds by the mean preferences.
        """
        if any(self.shares.values()):
            return {c: found[state].share for c, found in self.shares.items() if state in found}
        return dict.fromkeys(self.central(state), 1.0)

    def central(self, state: str) -> tuple[str, ...]:
        """Return the concepts by which a state is listed as holding, every preference at its mean."""
        return tuple(c for c in self.concepts if state in (self.equilibria[c] or ()))

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Return the states that hold in some draw: those that hold by most concepts in most draws first.

        In games too large for that, those of the mean preferences.
        """
        states = [s for s in self.words if any(s in shares for shares in self.shares.values())]
        central = dict.fromkeys(s for concept in LADDER for s in self.equilibria.get(concept) or ())
        found = map(self._outcome, states or list(central)[:MOST_HELD])
        return tuple(sorted(found, key=lambda one: (-one.concepts, -sum(one.shares.values()), one.state)))

    @property
    def compared(self) -> dict[str, InScenario]:
        """Return the scenarios in which outcomes can be compared, by id."""
        return {name: one for name, one in self.scenarios.items() if one.game == "compared"}

    def _outcome(self, state: str) -> Outcome:
        shares = self.held(state)
        concept = leading(shares)
        return Outcome(
            state=state,
            words=self.place(state),
            shares=shares,
            central=self.central(state),
            concept=concept,
            share=shares[concept],
            concepts=sum(1 for c in kinds(shares) if shares[c] >= OFTEN),
            today=state == self.status_quo,
            way=self.way(state),
            scenarios={name: one.share(concept, state) for name, one in self.compared.items()},
        )

    # --- tables ----------------------------------------------------------------------------------

    def tables(self) -> Mapping[str, Table]:
        """Return the tables: what holds first, then by which concept, for whom, why, and how one gets there."""
        return self._tables

    @cached_property
    def _tables(self) -> Mapping[str, Table]:
        return {table.name: table for table in (*self._what_holds(), *self._analysis(), *self._special())}

    def _what_holds(self) -> Iterator[Table]:
        """Yield the states that hold, how often, in which scenario, and what is wanted."""
        heads = {concept: short(concept) for concept in self.concepts}
        columns = {
            "outcome": "what is taken",
            "state": STATE,
            **{concept: f"share of draws in which it holds by {concept}" for concept in self.concepts},
            "moves": "least number of moves from the status quo",
            "pays": "whether each of them can be better for who makes it",
            "way": "who does what on the way there",
        }
        rows: list[tuple[Cell, ...]] = []
        for one in self.outcomes:
            shares = (one.shares.get(concept, 0.0) for concept in self.concepts)
            led: tuple[Cell, ...] = None if one.way is None else 0, None, ""
            if one.way is not None and one.way.length:
                led = one.way.length, one.way.by == "improvements", self.path(one.way.paths[0])
            rows.append((self.named(one.state), one.state, *shares, *led))
        yield Table("outcomes_that_hold", columns, tuple(rows), heads)
        keys = {"state": "letters or id", "concept": "by which it holds"}
        keys["central"] = "holds with every preference at its mean"
        drawn = [
            ((state, concept, None if listed is None else state in listed), found)
            for concept, states in self.shares.items()
            for listed in [self.equilibria[concept]]
            for state, found in states.items()
        ]
        yield table_of(drawn, Share, "shares", keys)
        if self.compared and self.outcomes:
            found = ((one.words, one.state, one.concept) for one in self.outcomes)
            yield self._by_scenario("outcomes_by_scenario", found)
        if self.wanted is not None:
            told = self.place(self.wanted), self.wanted
            yield self._by_scenario("wanted", ((*told, c) for c in LADDER if c in self.concepts))

    def _by_scenario(self, name: str, outcomes: Iterable[tuple[str, str, str]]) -> Table:
        """Return the share of draws of some outcomes (words, state, concept) as things stand and in scenarios."""
        compared = self.compared
        columns = {
            "outcome": "what is taken",
            "concept": "by which it is judged",
            "as_it_stands": "share of draws in the case as it stands",
            **dict.fromkeys(compared, "share of draws in that scenario"),
        }
        rows: list[tuple[Cell, ...]] = []
        for told, state, c in outcomes:
            elsewhere = (one.share(c, state) for one in compared.values())
            rows.append((told, by(c), self.held(state).get(c, 0.0), *elsewhere))
        return Table(name, columns, tuple(rows), {key: one.name for key, one in compared.items()})

    def _analysis(self) -> Iterator[Table]:
        """Yield what is found with every preference at its mean."""
        columns = {
            "concept": "by which a state may hold",
            "equilibria": "how many states hold, preferences at their means",
            "states": "how many states there are",
        }
        rows: Iterator[tuple[Cell, ...]] = ((c, self.counts[c], self.state_count) for c in self.concepts)
        yield Table("concepts", columns, tuple(rows))
        columns = {
            "state": "letters or id",
            "actor": "id, or ids of a coalition",
            "concept": "concept",
            "stable": "preferences at their means",
        }
        held = {(c, a): set(of or ()) for c, actors in self.stable.items() for a, of in actors.items()}
        rows = ((s, actor, c, s in states) for s in self.states or () for (c, actor), states in held.items())
        yield Table("stability", columns, tuple(rows))
        yield table_of((((), one) for one in self.why or ()), Why, "why", {})
        keys = {"state": "equilibrium", "path": "one of the shortest: who moves, to which state"}
        reached: list[tuple[tuple[Cell, ...], Reached]] = []
        for one in self.reached or ():
            path = ", ".join(f"{move.actor} → {move.to}" for move in (one.paths or ((),))[0])
            reached.append(((one.state, path), one))
        yield table_of(reached, Reached, "paths", keys, leave=("state", "complete"))
        sways = (((path,), one) for path, one in self.sways.items())
        yield table_of(sways, Sway, "sways", {"weight": "path of an uncertain weight"})
        if self.inverse:
            yield levers_table(self.inverse)

    def _special(self) -> Iterator[Table]:
        """Yield the tables of what only some games have."""
        keys = {"state": "letters or id", "concept": "concept"}
        if self.strong:
            columns = {
                **keys,
                "equilibrium": "strong or weak, preferences at their means",
                "share": "share of draws in which it is a strong equilibrium",
            }
            rows = list[tuple[Cell, ...]]()
            for c, shares in self.strong_shares.items():
                strong, weak = self.strong_equilibria[c] or (), self.weak_equilibria[c] or ()
                for s in dict.fromkeys((*strong, *weak, *shares)):
                    held = "strong" if s in strong else "weak" if s in weak else None
                    rows.append((s, c, held, shares[s].share if s in shares else 0.0))
            yield Table("strength", columns, tuple(rows))
        if self.unknown:
            columns = {
                **keys,
                **{v: f"holds by reading {v} of the unknown preferences" for v in self.unknown},
            }
            if self.strong:
                columns |= {f"strong_{v}": f"holds strongly by reading {v}" for v in self.unknown}
            yield Table("unknown", columns, tuple(self._readings()))
        if self.merged:
            columns = {
                "state": "as it is written",
                "members": "the combinations of options that it stands for",
            }
            yield Table("merged", columns, tuple((s, ", ".join(of)) for s, of in self.merged.items()))

    def _readings(self) -> Iterator[tuple[Cell, ...]]:
        readings = list(self.unknown.values())
        for concept in readings[0].equilibria:
            for state in dict.fromkeys(s for one in readings for s in one.equilibria[concept] or ()):
                held = [state in (one.equilibria[concept] or ()) for one in readings]
                if self.strong:
                    held += [state in (one.strong_equilibria.get(concept) or ()) for one in readings]
                yield (state, concept, *held)
