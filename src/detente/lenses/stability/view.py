"""What does the stability lens read in a case? States, moves, and the ranks that every actor gives to them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.case import Case, Game, Preference, StabilityOptions, Statement
from detente.errors import CaseError, MissingPartError, Problem
from detente.lenses.stability.coalitions import COALITION_CONCEPTS, Reach
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.preferences import TIE, Truth, holds, prioritised, ranked, score_ranks
from detente.lenses.stability.space import BACK, BOTH, FORWARD, NOBODY, Mask, Ranks, Space
from detente.lenses.summary import Array
from detente.quantity import QuantityTable, RankCorrelation

DIRECTIONS = {"both": BOTH, "forward": FORWARD, "back": BACK}
MOST_MET = 1 << 16
"""States up to which simultaneous sanctions are tried out."""
MOST_LOOKED_AHEAD = 1 << 16
MOST_JOINED = 512
"""States up to which coalitions are judged."""


class StabilityView:
    """The game of a case as arrays.

    Attributes:
        actors: ids of the actors that have a preference, k of them.
        names: ids of the options, in the order of the letters of a state; none when states are listed.
        space: the states in option form, or ``None`` when they are listed.
        table: every weight of a preference.
        options: what the lens is asked for.
        concepts: what it judges by, in every draw.
        skipped: concept → why it is not judged.
    """

    def __init__(self, case: Case) -> None:
        """Read the case.

        Raises:
            MissingPartError: the case has no game.
            CaseError: nothing is feasible, or a ranking or the status quo does not fit the feasible states; with
                every problem.
        """
        if case.game is None:
            raise MissingPartError(
                "the stability lens reads 'game' and the case has none; add what each actor can do and prefers"
            )
        self.case, self.game = case, case.game
        self.options: StabilityOptions = case.options.stability
        self.actors = tuple(actor for actor in case.actors if actor in self.game.preferences)
        self.names = tuple(self.game.options)
        self.space = _space(self.game, self.actors) if self.names else None
        if self.space is not None and not self.space.feasible.any():
            hint = "take back one of them; together they leave no combination of options"
            raise CaseError([Problem("no state is feasible", "game.infeasible", hint=hint)])
        problems = list(_unfitting(self))
        if problems:
            raise CaseError(problems)
        paths = [p for p in case.quantities if p.startswith("game.preferences.")]
        self.table = QuantityTable({p: case.quantities[p] for p in paths}, self._correlations(paths))
        self.skipped: dict[str, str] = {}
        self.concepts = tuple(self._judged())

    def _correlations(self, paths: list[str]) -> list[RankCorrelation]:
        pairs = self.case.rank_correlations
        return [pair for pair in pairs if pair.first in paths and pair.second in paths]

    def _judged(self) -> Iterator[str]:
        count = self.count
        for concept in self.options.concepts:
            if concept == "sim" and self.space is None:
                self.skipped[concept] = "simultaneous moves combine options, and the states are listed"
            elif concept == "sim" and count > MOST_MET:
                self.skipped[concept] = f"is tried out for at most {MOST_MET:,} states"
            else:
                yield concept
        ahead = [f"l{h}" for h in range(2, self.options.horizon + 1)]
        if len(self.actors) != 2:
            self.skipped.update(dict.fromkeys(ahead, "is defined here for two actors"))
        elif count > MOST_LOOKED_AHEAD:
            self.skipped.update(dict.fromkeys(ahead, f"is judged for at most {MOST_LOOKED_AHEAD:,} states"))
        else:
            yield from ahead
        if self.options.coalitions and len(self.actors) > 1:
            if count <= MOST_JOINED and len(self.actors) <= 6:
                yield from COALITION_CONCEPTS
            else:
                why = f"coalitions are judged for at most {MOST_JOINED} states and 6 actors"
                self.skipped.update(dict.fromkeys(COALITION_CONCEPTS, why))

    @property
    def count(self) -> int:
        """How many states there are, m."""
        return len(self.game.states) if self.space is None else int(self.space.codes.size)

    @cached_property
    def graph(self) -> Graph:
        """Every move, actors in the order of `actors`."""
        if self.space is not None:
            return Graph.from_space(self.space)
        number = {state: s for s, state in enumerate(self.game.states)}
        arcs = [[(number[a], number[b]) for a, b in self.game.moves.get(actor, ())] for actor in self.actors]
        return Graph.from_arcs(len(number), arcs)

    @cached_property
    def reach(self) -> Reach:
        """Where every coalition can get to."""
        return Reach.of(self.graph)

    def text(self, state: int) -> str:
        """Return the letters or the id of a state."""
        return list(self.game.states)[state] if self.space is None else self.space.text(state)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Every state by its letters or id, in the order of their numbers."""
        if self.space is None:
            return tuple(self.game.states)
        return tuple(self.space.text(s) for s in range(self.count))

    def words(self, state: int) -> str:
        """Return a state in words: what is taken, or the name of a listed state."""
        if self.space is None:
            key = self.text(state)
            return self.game.states[key].name or key
        letters = zip(self.names, self.space.text(state), strict=True)
        taken = [self.game.options[name].name or name for name, letter in letters if letter == "Y"]
        return " + ".join(taken) if taken else "nothing is done"

    @cached_property
    def status_quo(self) -> int | None:
        """Number of the state of today, if the case says which."""
        today = self.game.status_quo
        if today is None:
            return None
        if self.space is None:
            return list(self.game.states).index(str(today))
        letters = today if isinstance(today, str) else self._letters(today)
        return int(self.space.index[self.space.code_of(letters)])

    def _letters(self, taken: tuple[str, ...]) -> str:
        return "".join("Y" if name in taken else "N" for name in self.names)

    # --- ranks -----------------------------------------------------------------------------------

    @cached_property
    def _fixed(self) -> list[Ranks | None]:
        """Ranks by state, shape (m,), of each actor whose preference has no weights."""
        return [self._rank(self.game.preferences[actor]) for actor in self.actors]

    def _rank(self, preference: Preference) -> Ranks | None:
        if preference.ranking and self.space is not None:
            space = self.space
            groups = [[space.code_of(state) for state in group] for group in preference.ranking]
            return ranked(space.feasible.size, groups)[space.codes]
        if preference.ranking:
            number = {state: s for s, state in enumerate(self.game.states)}
            return ranked(len(number), [[number[state] for state in group] for group in preference.ranking])
        if preference.statements and self.space is not None:
            wishes = [truth(wish.statement, self.names) for wish in preference.statements]
            return prioritised(self.space, wishes)[self.space.codes]
        return None

    @cached_property
    def _weighted(self) -> dict[int, tuple[NDArray[np.intp], NDArray[np.float64]]]:
        """Actor → columns of its weights, and truth of their statements, shape (h, m)."""
        found = {}
        for i, actor in enumerate(self.actors):
            weights = self.game.preferences[actor].weights
            if weights and self.space is not None:
                columns = [self.table.column(f"game.preferences.{actor}.weights.{w}.weight") for w in weights]
                rows = [
                    holds(self.space, truth(wish.statement, self.names))[self.space.codes]
                    for wish in weights.values()
                ]
                found[i] = np.array(columns, dtype=np.intp), np.array(rows, dtype=np.float64)
        return found

    def ranks(self, values: Array) -> Ranks:
        """Return the ranks of all states, shape (k, m), for one row of numbers, shape (columns of the table,)."""
        found = np.empty((len(self.actors), self.count), dtype=np.int32)
        for i, fixed in enumerate(self._fixed):
            if fixed is not None:
                found[i] = fixed
        for i, (columns, truths) in self._weighted.items():
            weights = values[columns]
            found[i] = score_ranks(weights @ truths, TIE * float(weights.sum()))
        return found

    def outcomes(self, values: Array) -> dict[str, Array]:
        """Turn numbers into ``<concept>.<state>`` → 1 where it is an equilibrium, shape (rows,).

        In games of very many states: ``<concept>.count`` → how many states are.
        """
        from detente.lenses.stability.solve import equilibria

        return self.labelled(equilibria(self, values))

    def labelled(self, found: dict[str, Mask | NDArray[np.int64]]) -> dict[str, Array]:
        """Give outcomes their labels: concept → shape (rows, m) of who holds, or (rows,) of how many do."""
        named: dict[str, Array] = {}
        for concept, held in found.items():
            if held.ndim == 1:
                named[f"{concept}.count"] = held.astype(np.float64)
            else:
                columns = zip(self.texts, held.T.astype(np.float64), strict=True)
                named.update({f"{concept}.{text}": column for text, column in columns})
        return named


def truth(statement: Statement, names: tuple[str, ...]) -> Truth:
    """Return a statement as a table over the options that it names."""
    mentioned = statement.names
    rows = np.arange(1 << len(mentioned))
    taken = {name: (rows >> bit & 1).astype(np.bool_) for bit, name in enumerate(mentioned)}
    table: Mask = statement.holds(taken)
    return Truth([names.index(name) for name in mentioned], table)


def _space(game: Game, actors: tuple[str, ...]) -> Space:
    owners = [NOBODY if o.actor is None else actors.index(o.actor) for o in game.options.values()]
    directions = [DIRECTIONS[option.moves] for option in game.options.values()]
    space = Space.build(owners, len(actors), directions)
    names = tuple(game.options)
    return space.without(holds(space, truth(ban.statement, names)) for ban in game.infeasible)


def _unfitting(view: StabilityView) -> Iterator[Problem]:
    """Yield states of rankings and the status quo that are not feasible, and feasible states without a rank."""
    space = view.space
    if space is None:  # then all that can be wrong is told when the case is read
        return
    today = view.game.status_quo
    if today is not None:
        letters = today if isinstance(today, str) else view._letters(today)
        if not space.feasible[space.code_of(letters)]:
            yield Problem("the status quo is not feasible", "game.status_quo", letters)
    for actor in view.actors:
        groups = view.game.preferences[actor].ranking
        if not groups:
            continue
        path = f"game.preferences.{actor}.ranking"
        codes = {space.code_of(state): state for group in groups for state in group}
        for code, state in codes.items():
            if not space.feasible[code]:
                yield Problem(f"state {state!r} is not feasible", path, hint="take it out")
        missing = [space.code_text(code) for code in space.codes.tolist() if code not in codes]
        if missing:
            named = ", ".join(missing[:5]) + (" …" if len(missing) > 5 else "")
            hint = "give every feasible state a place"
            yield Problem(f"{len(missing)} feasible states are not ranked ({named})", path, hint=hint)
