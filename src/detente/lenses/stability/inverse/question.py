"""What does it take for one state to hold? Its failures, and for each a clause that every remedy must satisfy.

A state e fails for actor i when an improvement q of i from e is not deterred. A remedy must then bring about one
of a list of alternatives, each made of facts about the orders:

- Nash: q is no better than e for i;
- GMR: some state that the others can bring about from q (or q itself) is no better than e;
- SMR: and all that i can move on to from there is no better either;
- SEQ: some state that improvements of the others lead to is no better than e, or some move out of these states
  that does not pay becomes one that does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.errors import OptionError, did_you_mean
from detente.lenses.stability import stable as general
from detente.lenses.stability.graph import Graph, follow
from detente.lenses.stability.relation import Ordered
from detente.lenses.stability.space import Mask, Ranks
from detente.lenses.stability.stable import CONCEPTS

ALONE = ("nash", "gmr", "smr")
"""Concepts by which the orders of the others do not matter to whether a state is stable for an actor."""

JUDGING, JUDGING_MOVE = 400.0, 0.3
"""Work of judging a state once, and for each move of the game."""


def check(concept: str) -> None:
    """Refuse a concept that has no inverse here.

    Raises:
        OptionError: it is none of ``nash``, ``gmr``, ``smr`` and ``seq``.
    """
    if concept not in CONCEPTS:
        hint = did_you_mean(concept, CONCEPTS)
        raise OptionError(f"what would have to change is not worked out by {concept!r}; {hint}")


class Down(NamedTuple):
    """The fact that a state is no better than the chosen one for an actor."""

    actor: int
    state: int


class Pays(NamedTuple):
    """The fact that a move pays for one of those who make it."""

    actor: int
    source: int
    target: int


Fact = Down | Pays
Clause = tuple[tuple[Fact, ...], ...]
"""Alternatives, at least one of which must come true; each is the list of facts that it needs."""


@dataclass(frozen=True, eq=False)
class Failure:
    """An improvement that nothing deters."""

    actor: int  # whose it is
    to: int  # where it leads
    move: int  # its number among all moves
    seen: Mask  # (m, movers): where answers of the others lead, by who moved last; ``to`` is reached by the actor


@dataclass(frozen=True, eq=False)
class Question:
    """Does one state hold by one concept?"""

    graph: Graph  # states and moves
    state: int  # the chosen state, e
    concept: str  # ``nash``, ``gmr``, ``smr`` or ``seq``

    def __post_init__(self) -> None:
        check(self.concept)

    @property
    def judging(self) -> float:
        """Work of judging the state once; see `Effort`."""
        return JUDGING + JUDGING_MOVE * self.graph.targets.size

    @cached_property
    def every_move(self) -> Mask:
        """All moves there are, shape (moves,)."""
        return np.ones(self.graph.targets.size, dtype=np.bool_)

    def reached(self, i: int, q: int, allowed: Mask) -> Mask:
        """Return where answers of the others lead from q along allowed moves; see `Failure.seen`."""
        seen = np.zeros((self.graph.states, len(self.graph.starts)), dtype=np.bool_)
        follow(self.graph.starts, self.graph.targets, ~self.graph.members[:, i], allowed, q, i, seen)
        return seen

    def failures(self, ranks: Ranks, kept: Mask | None = None) -> list[Failure]:
        """Return every improvement from the chosen state that nothing deters.

        ``kept`` says which moves there still are, shape (moves,); all where left out.
        """
        here = (self.graph.sources == self.state) & self.graph.improvements(ranks)
        here &= self.graph.rows < self.graph.actors
        gains = np.flatnonzero(here if kept is None else here & kept)
        found = [self.failure(move, ranks, kept) for move in gains.tolist()]
        return [failure for failure in found if failure is not None]

    def failure(
        self, move: int, ranks: Ranks, kept: Mask | None = None, escapes: Mask | None = None
    ) -> Failure | None:
        """Return what is wrong with one improvement from the chosen state, or ``None`` when it is deterred.

        Args:
            move: its number among all moves.
            ranks: shape (k, m).
            kept: which moves there still are, shape (moves,); all where left out.
            escapes: which of them its actor still has for moving on, by SMR; the same where left out.
        """
        i, q = int(self.graph.rows[move]), int(self.graph.targets[move])
        allowed = self.graph.improvements(ranks) if self.concept == "seq" else self.every_move
        allowed = allowed & (self.concept != "nash")  # by Nash nobody answers
        seen = self.reached(i, q, allowed if kept is None else allowed & kept)
        firm = self.firm(i, ranks[i] <= ranks[i, self.state], kept if escapes is None else escapes)
        return None if (seen.any(axis=1) & firm).any() else Failure(i, q, move, seen)

    def firm(self, i: int, down: Mask, kept: Mask | None = None) -> Mask:
        """Return which states deter actor i once reached, shape (m,), given which are no better than e."""
        if self.concept != "smr":
            return down
        escape = (self.graph.rows == i) & ~down[self.graph.targets]
        if kept is not None:
            escape &= kept
        left = np.zeros(self.graph.states, dtype=np.bool_)
        left[self.graph.sources[escape]] = True
        return down & ~left

    def clause(self, failure: Failure, ranks: Ranks) -> Clause:
        """Return what every remedy of a failure must bring about, whatever else it changes in the orders."""
        i, here = failure.actor, np.flatnonzero(failure.seen.any(axis=1)).tolist()
        if self.concept == "smr":
            lasting = [(c, *(int(d) for d in self.graph.moves(i, c))) for c in here if c != failure.to]
            states = [(failure.to,), *lasting]
            return tuple(tuple(Down(i, s) for s in alternative) for alternative in states)
        found: list[tuple[Fact, ...]] = [(Down(i, c),) for c in here]
        if self.concept == "seq":
            found += self._ways_out(failure, ranks)
        return tuple(found)

    def floor(self, failure: Failure) -> Clause:
        """Return what SEQ demands as GMR does: a deterring state, whatever moves of the others may come to pay."""
        here = self.reached(failure.actor, failure.to, self.every_move).any(axis=1)
        return tuple((Down(failure.actor, c),) for c in np.flatnonzero(here).tolist())

    def _ways_out(self, failure: Failure, ranks: Ranks) -> Iterator[tuple[Fact, ...]]:
        """Yield what makes a move pay that leads out of what was seen."""
        graph, seen = self.graph, failure.seen
        count = seen.sum(axis=1)[:, None] - seen  # by anybody but the column's mover
        out = (count[graph.sources, graph.rows] > 0) & ~seen[graph.targets, graph.rows]
        out &= ~graph.members[graph.rows, failure.actor] & ~graph.improvements(ranks)
        for move in np.flatnonzero(out).tolist():
            a, b = int(graph.sources[move]), int(graph.targets[move])
            yield tuple(Pays(j, a, b) for j in graph.movers[graph.rows[move]])

    def concerned(self, failure: Failure, ranks: Ranks) -> set[int]:
        """Return the actors of whom at least one must change its order for a failure to end.

        The orders of the others can at most take answers away.
        """
        ways_out = self._ways_out(failure, ranks) if self.concept == "seq" else ()
        return {failure.actor} | {
            fact.actor for facts in ways_out for fact in facts if isinstance(fact, Pays)
        }

    def own(self, i: int) -> Own:
        """Return the test of whether e is stable for i under other orders of i; by SEQ a necessary one."""
        moves = self.graph.moves(i, self.state).tolist()
        answers = np.zeros((len(moves), self.graph.states), dtype=np.bool_)
        for row, q in zip(answers, moves, strict=True):
            if self.concept != "nash":
                row[:] = self.reached(i, q, self.every_move).any(axis=1)
            row[q] = True
        return Own(self, i, np.array(moves, dtype=np.int64), answers)

    def holds(self, ranks: Ranks) -> bool:
        """Judge the state anew by the engine of the lens."""
        order = Ordered.of(np.ascontiguousarray(ranks, dtype=np.int32))
        found = general.stable(self.graph, order, [self.concept])
        return bool(found[self.concept][:, self.state].all())


@dataclass(frozen=True, eq=False)
class Own:
    """Whether e is stable for one actor, given only which states are no better than e for it."""

    question: Question  # the state and the concept
    actor: int  # the actor, i
    moves: NDArray[np.int64]  # where i can move to from e, shape (moves,)
    answers: Mask  # where the others can lead from each of these, the state itself included, shape (moves, m)

    def stable(self, down: Mask) -> bool:
        """Tell whether every move ends, or can be made to end, no better; ``down`` has shape (m,)."""
        if not self.moves.size:
            return True
        if self.question.concept != "smr":
            return bool((self.answers & down).any(axis=1).all())
        firm = self.question.firm(self.actor, down)
        return bool((down[self.moves] | (self.answers & firm).any(axis=1)).all())
