"""What does the stability lens read in a case? States, moves, and the ranks that every actor gives to them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np

from detente.case import Case, StabilityOptions
from detente.case.parts.game.feasible import unfitting
from detente.case.reading import dotted
from detente.errors import CaseError, MissingPartError, Problem
from detente.lenses.outcomes import OutcomeWords
from detente.lenses.stability.coalitions import COALITION_CONCEPTS
from detente.lenses.stability.gaps import RANKED, margins
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.orders import Orders
from detente.lenses.stability.records import LADDER, by
from detente.lenses.stability.solve import MOST_LABELLED, Conflict, Held, equilibria
from detente.lenses.stability.stable import CONCEPTS, STRONG_CONCEPTS
from detente.lenses.stability.states import States
from detente.lenses.summary import Array

MOST_MET = 1 << 16  # states up to which simultaneous sanctions are tried out
MOST_LOOKED_AHEAD = 1 << 16
MOST_JOINED = 1 << 9
"""States up to which coalitions are judged: some 7 ms a draw with 6 actors, so 10,000 draws take a minute."""
MOST_PARTNERS = 6  # actors up to which coalitions are judged
MOST_COMPARED = 1 << 10
"""States up to which preferences may be partly unknown: all pairs of states are compared."""


class StabilityView:
    """The game of a case as arrays.

    Attributes:
        actors: ids of the actors that have a preference, k of them.
        states: the states and who can go where.
        orders: what everybody prefers.
        options: what the lens is asked for.
        conflict: what is judged, and by which concepts.
        skipped: concept → why it is not judged.
        names, count, text, words: of the states, see `States`.
        table, ranks, relations: of the orders, see `Orders`.
        concepts, strong_concepts, space: of what is judged, see `Conflict`.
    """

    def __init__(self, case: Case, *, coalitions: bool = True) -> None:
        """Read the case; ``coalitions`` says whether they are judged where its options ask for that.

        Raises:
            MissingPartError: the case has no game, or nobody in it has a preference.
            CaseError: nothing is feasible, or a ranking or the status quo does not fit the feasible states; with
                every problem.
        """
        if case.game is None:
            raise MissingPartError(
                "the stability lens reads 'game' and the case has none; add what each actor can do and prefers"
            )
        self.case, self.game = case, case.game
        self.options: StabilityOptions = case.options.stability
        self._joint = coalitions and self.options.coalitions
        self.actors = tuple(actor for actor in case.actors if actor in self.game.preferences)
        if not self.actors:
            raise MissingPartError(
                "the stability lens reads what actors prefer and 'game.preferences' names nobody; add what each "
                "actor prefers"
            )
        self.states = States(self.game, self.actors, {key: actor.name for key, actor in case.actors.items()})
        issues = {issue: {"no_deal": stated.no_deal} for issue, stated in case.issues.items()}
        problems = [
            Problem(fault.message, dotted(fault.path), fault.value, fault.hint)
            for fault in unfitting(self.game, issues)
        ]
        if problems:
            raise CaseError(problems)
        states = self.states
        self.orders = orders = Orders(case, states)
        self.table, self.ranks, self.relations = orders.table, orders.ranks, orders.relations
        self.names, self.count, self.text, self.words = states.names, states.count, states.text, states.words
        if self.orders.has_unknown and self.count > MOST_COMPARED:
            hint = "merge or rule out states, or give the preference as weights with doubt"
            message = f"preferences may be partly unknown in games of at most {MOST_COMPARED:,} states"
            raise CaseError([Problem(message, "game.preferences", f"{self.count:,} states", hint)])
        self.skipped: dict[str, str] = {}
        concepts = tuple(self._judged())
        strong = tuple(c for c in STRONG_CONCEPTS if c in concepts) if self.orders.has_strength else ()
        groups = self.game.coalitions
        forming = None if groups is None else tuple(tuple(map(self.actors.index, one)) for one in groups)
        self.conflict = Conflict(states, concepts, strong, forming, orders.has_unknown)
        self.concepts, self.strong_concepts, self.space = concepts, strong, self.conflict.space

    def _judged(self) -> Iterator[str]:
        """Yield the concepts that are judged, and note why others are not."""
        ahead = [f"l{h}" for h in range(2, self.options.horizon + 1)]
        together = COALITION_CONCEPTS if self._joint and len(self.actors) > 1 else ()
        for concept in (*self.options.concepts, *ahead, *together):
            if why := self._hindrance(concept):
                self.skipped[concept] = why
            else:
                yield concept

    def _hindrance(self, concept: str) -> str:
        """Return why a concept cannot be judged here; nothing where it can be."""
        if concept in CONCEPTS:
            return ""
        if self.orders.has_unknown:
            return "needs every preference known"
        if concept in COALITION_CONCEPTS:
            few = self.count <= MOST_JOINED and len(self.actors) <= MOST_PARTNERS
            most = f"at most {MOST_JOINED:,} states and {MOST_PARTNERS} actors"
            return "" if few else f"coalitions are judged for {most}"
        if self.states.teams:
            return "looks at moves of single actors, and some moves need several"
        if concept != "sim":
            most = f"is judged for at most {MOST_LOOKED_AHEAD:,} states"
            return "" if self.count <= MOST_LOOKED_AHEAD else most
        if self.states.form is None or self.states.classes is not None:
            return "simultaneous moves combine options, and the states are listed or merged"
        return "" if self.count <= MOST_MET else f"is tried out for at most {MOST_MET:,} states"

    @property
    def graph(self) -> Graph:
        """Every move, actors in the order of `actors`, then those who only move together."""
        return self.states.graph

    @property
    def texts(self) -> tuple[str, ...]:
        """Every state by its letters or id, in the order of their numbers."""
        return self.states.texts

    @property
    def status_quo(self) -> int | None:
        """Number of the state of today, if the case says which."""
        return self.states.status_quo

    def mover(self, number: int) -> str:
        """Return who makes the moves of a row of the graph: an actor, or several joined by ``+``."""
        return "+".join(self.actors[i] for i in self.graph.movers[number])

    def outcomes(self, values: Array) -> dict[str, Array]:
        """Turn numbers into ``<concept>.<state>`` → 1 where it is an equilibrium, shape (rows,).

        In games of very many states: ``<concept>.count`` → how many states are.
        """
        return self.labelled(equilibria(self.conflict, self.orders, values)[0])

    def margins(self, values: Array, wanted: Collection[str]) -> dict[str, Array]:
        """Return how far states are from no longer holding, below 0 from holding; see `gaps`.

        Args:
            values: shape (rows, columns of the table).
            wanted: labels ``<concept>.<state>``; those without a margin are left out.
        """
        asked: dict[str, dict[str, int]] = {}
        for label in wanted:
            concept, _, state = label.partition(".")
            if state in self.texts:
                asked.setdefault(concept, {})[label] = self.texts.index(state)
        if self.orders.has_unknown or not asked.keys() & set(CONCEPTS):
            return {}
        heights = self.orders.heights(values, RANKED)
        found = margins(self.graph, heights, {concept: list(of.values()) for concept, of in asked.items()})
        return {
            label: column
            for concept, of in found.items()
            for label, column in zip(asked[concept], of.T, strict=True)
        }

    def labelled(self, found: Held) -> dict[str, Array]:
        """Give outcomes their labels: concept → shape (rows, m) of who holds, or (rows,) of how many do."""
        named: dict[str, Array] = {}
        for concept, held in found.items():
            if held.ndim == 1:
                named[f"{concept}.count"] = held.astype(np.float64)
            else:
                columns = zip(self.texts, held.T.astype(np.float64), strict=True)
                named.update({f"{concept}.{text}": column for text, column in columns})
        return named

    def told(self) -> Mapping[str, OutcomeWords]:
        """Return whether each state holds by concepts told in sentences; of very many states nothing."""
        among = ", ".join(self.names)
        return {
            f"{concept}.{self.text(state)}": OutcomeWords(
                subject=self.words(state),
                by=by(concept),
                kind="share",
                yes="holds",
                no="no longer holds",
                among=among,
                first=state == self.status_quo,
            )
            for concept in (one for one in LADDER if one in self.concepts)
            for state in range(self.count if self.count <= MOST_LABELLED else 0)
        }
