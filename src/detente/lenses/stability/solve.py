"""Which states hold, for one set of preferences or for a block of draws?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.lenses.stability import algebra
from detente.lenses.stability import coalitions as joint
from detente.lenses.stability import stable as general
from detente.lenses.stability.coalitions import COALITION_CONCEPTS, Coalition, Reach
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.horizon import at_horizons
from detente.lenses.stability.orders import Orders
from detente.lenses.stability.relation import Ordered, Relation
from detente.lenses.stability.simultaneous import simultaneous
from detente.lenses.stability.space import Mask, Ranks, Space
from detente.lenses.stability.stable import CONCEPTS
from detente.lenses.stability.states import States
from detente.lenses.summary import Array

Held = dict[str, Mask | NDArray[np.int64]]
Tally = dict[str, NDArray[np.int64]]
MOST_LABELLED = 256
"""States up to this number are followed draw by draw; of more, the draws are counted in which each one holds."""
MOST_TALLIED = 1 << 16
"""States up to which those draws are counted; of more, only how many states hold in each draw."""
MOST_MOVES = 1 << 18
"""Moves up to which a list of them is the faster way; in games of more that are all options axes are swept."""
STRONG = "strong_"
AT_ONCE = 1 << 20  # ranks (of draws, actors and combinations of options) that are judged at a time


@dataclass(frozen=True, eq=False)
class Conflict:
    """A game without its preferences."""

    states: States  # the states and who can go where
    concepts: tuple[str, ...]  # what is judged by
    strong_concepts: tuple[str, ...]  # those of them that are also judged in their strong form
    forming: tuple[Coalition, ...] | None  # sets of actors that can form coalitions; all where ``None``
    has_unknown: bool  # whether preferences are partly unknown

    @cached_property
    def space(self) -> Space | None:
        """The states in option form, or ``None`` in games that the algebra is not made for.

        These are games of listed or merged states, of moves that need several actors, of states that somebody
        does not perceive, and of preferences that are partly unknown.
        """
        states = self.states
        special = states.classes is not None or states.teams or states.game.misperceives
        return None if special or self.has_unknown else states.form

    @property
    def graph(self) -> Graph:
        """Every move, those of single actors first."""
        return self.states.graph

    @cached_property
    def reach(self) -> Reach:
        """Where every coalition that can form can get to."""
        return Reach.of(self.graph, self.forming)


def by_code(space: Space, ranks: Ranks) -> Ranks:
    """Return ranks by state, shape (..., m), as ranks by code, shape (..., 2^n), -1 where infeasible."""
    spread = np.full((*ranks.shape[:-1], space.feasible.size), -1, dtype=np.int32)
    spread[..., space.codes] = ranks
    return spread


def judge(
    conflict: Conflict,
    relation: Relation,
    concepts: Sequence[str],
    workers: int | None = 1,
    *,
    universally: bool = False,
) -> dict[str, Mask]:
    """Return which states are stable for whom.

    ``universally`` says whether only what is stable for everybody counts, see `coalitions.stable`.

    Returns:
        concept → shape (..., k, m), or (..., coalitions, m) for concepts of coalitions; leading axes are draws.
    """
    basic = [concept for concept in concepts if concept in CONCEPTS]
    together = [concept for concept in concepts if concept in COALITION_CONCEPTS]
    space, found = conflict.space, dict[str, Mask]()
    if basic and space is not None and space.most_moves > MOST_MOVES and isinstance(relation, Ordered):
        marks = by_code(space, relation.marks) if relation.is_strong else None
        held = algebra.stable(space, by_code(space, relation.ranks), basic, workers, marks)
        found = {concept: mask[..., space.codes] for concept, mask in held.items()}
    elif basic:
        found = general.stable(conflict.graph, relation, basic)
    if together:
        found.update(joint.stable(conflict.reach, relation.ranks, together, found if universally else None))
    if "sim" in concepts and conflict.states.form is not None and isinstance(relation, Ordered):
        form = conflict.states.form
        found["sim"] = simultaneous(form, conflict.graph, relation, universally=universally)
    ahead = sorted(int(concept[1:]) for concept in concepts if concept[0] == "l")
    if ahead and isinstance(relation, Ordered):
        looked = at_horizons(conflict.graph, relation, *ahead)
        found.update(zip((f"l{h}" for h in ahead), looked, strict=True))
    return {concept: found[concept] for concept in concepts}


def equilibria(conflict: Conflict, orders: Orders, values: Array) -> tuple[Held, Tally]:
    """Return which states are stable for everybody in each draw.

    Args:
        conflict: the game.
        orders: what its actors prefer, given their numbers.
        values: shape (rows, columns of the table of ``orders``).

    Returns:
        concept → shape (rows, m), or in games of many states how many there are, shape (rows,); and concept → in
        how many of the rows each state is stable for everybody, shape (m,), empty in games of very many states.
        Strong forms stand under ``strong_<concept>``.
    """
    count, rows = conflict.states.count, len(values)
    many = count > MOST_LABELLED
    named = (*conflict.concepts, *(STRONG + concept for concept in conflict.strong_concepts))
    found: Held = {
        concept: np.empty(rows, np.int64) if many else np.empty((rows, count), np.bool_) for concept in named
    }
    tally = {concept: np.zeros(count if count <= MOST_TALLIED else 0, np.int64) for concept in named}
    # Some draws at a time: compiled loops over draws need no interpreter, but every draw takes its memory.
    cells = len(orders.preferences) * (count if conflict.space is None else conflict.space.feasible.size)
    step = 1 if conflict.has_unknown else max(1, AT_ONCE // cells)
    for first in range(0, rows, step):
        some = slice(first, first + step)
        relation, strong = orders.relations(values[first] if conflict.has_unknown else values[some])
        held = judge(conflict, relation, conflict.concepts, universally=True)
        if strong is not None:
            firm = judge(conflict, strong, conflict.strong_concepts)
            held.update({STRONG + concept: mask for concept, mask in firm.items()})
        for concept, mask in held.items():
            everybody = mask.all(axis=-2).reshape(-1, count)
            found[concept][some] = everybody.sum(axis=1) if many else everybody
            if tally[concept].size:
                tally[concept] += everybody.sum(axis=0)
    return found, tally
