"""When is one state better than another, and when does ending there deter? Preferences as two relations.

Every concept of stability asks two things of an actor: for which states would it leave this one, and at which ends
would it regret to have left? The concepts are defined once; what differs is which relations they are given:

- a known order: it leaves for what is better, and regrets to end no better off than it began;
- *strongly*: and regrets only to end strongly worse (Hamouda, Kilgour & Hipel 2004);
- preferences that are partly unknown, in four readings (Li, Hipel, Kilgour & Xu 2004). Reading *a*: it leaves also
  for the unknown, and is deterred by what is surely no better; *b*: it leaves only for what is surely better, and
  is deterred as in a; *c*: it leaves as in a, and is deterred by the unknown too; *d*: it leaves as in b and is
  deterred as in c. The others, in SEQ, answer by moves that are better for them or unknown, in all readings. What
  holds by a holds by b and c, and what holds by either holds by d.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from detente.lenses.stability.graph import Graph
from detente.lenses.stability.space import Mask, Ranks

Variant = Literal["a", "b", "c", "d"]
VARIANTS: tuple[Variant, ...] = ("a", "b", "c", "d")
CAUTIOUS: Variant = "a"
"""How the unknown is read where one answer is given: whoever may want to leave leaves, unless surely deterred."""
MUCH_WORSE, WORSE, EQUAL, BETTER, MUCH_BETTER, UNKNOWN = -2, -1, 0, 1, 2, 3
NEVER = -1  # in place of a rank where nothing is strongly worse
MOST_NARROW = 1 << 13
"""States up to which ranks, also when doubled to make room and topped by others, are kept in two bytes."""
Comparisons = NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Ordered:
    """Preferences that are known: the order of the states by their ranks.

    Attributes:
        ranks: shape (..., k, m), larger is better; leading axes are draws.
        marks: shape (..., k, m): the largest rank at which who left the state would regret it; the state's own
            rank, or where the answer is to be strong the largest rank that is strongly worse, ``NEVER`` for none.
    """

    ranks: Ranks
    marks: Ranks

    @classmethod
    def of(cls, ranks: Ranks, marks: Ranks | None = None) -> Ordered:
        """Return the order in which whatever is no better deters, unless marks say otherwise."""
        return cls(ranks, ranks if marks is None else marks)

    @cached_property
    def lanes(self) -> Any:
        """Ranks with the draws side by side, shape (k, m, draws), in the narrowest numbers that hold them."""
        return self._aside(self.ranks)

    @cached_property
    def mark_lanes(self) -> Any:
        """The same of the marks."""
        return self._aside(self.marks) if self.is_strong else self.lanes

    @staticmethod
    def _aside(ranks: Ranks) -> Any:
        size = ranks.shape[-2] * ranks.shape[-1]
        narrow = np.int16 if ranks.shape[-1] <= MOST_NARROW else np.int32
        aside = np.ascontiguousarray(ranks.reshape(-1, size).astype(narrow).T)
        return aside.reshape(*ranks.shape[-2:], -1)

    def in_draws(self, found: Mask) -> Mask:
        """Return what was found in lanes, shape (k, m, draws), in the shape of the ranks."""
        return np.asarray(np.moveaxis(found, -1, 0).reshape(self.ranks.shape))

    @property
    def is_strong(self) -> bool:
        """Whether only what is strongly worse deters."""
        return self.marks is not self.ranks

    def leaves(self, i: int, s: int) -> Mask:
        """Return for which states actor i leaves s: those that are better; shape (m,)."""
        return np.asarray(self.ranks[i] > self.ranks[i, s])

    def regrets(self, i: int, s: int) -> Mask:
        """Return at which ends actor i would rather not have left s: no better, or strongly worse; shape (m,)."""
        return np.asarray(self.ranks[i] <= self.marks[i, s])

    def gains(self, graph: Graph) -> Mask:
        """Return which moves are better for everybody who makes them, shape (moves,)."""
        return graph.improvements(self.ranks)

    pays = gains  # which moves may be made in answer to another's


@dataclass(frozen=True, eq=False)
class Compared:
    """Preferences that are partly unknown: a table of comparisons, which need not be an order.

    Attributes:
        ranks: shape (k, m), with which the known comparisons agree.
        signs: how each state (column) compares with each other (row) for every actor, shape (k, m, m).
        variant: how the unknown is read.
        strong: whether only what is strongly worse deters.
    """

    ranks: Ranks
    signs: Comparisons
    variant: Variant = CAUTIOUS
    strong: bool = False

    def read(self, variant: Variant, *, strong: bool = False) -> Compared:
        """Return the same comparisons with the unknown read in another way."""
        return replace(self, variant=variant, strong=strong)

    def leaves(self, i: int | slice, s: int | slice) -> Mask:
        """Return for which states actor i leaves s: what is better, by a and c also the unknown."""
        signs = self.signs[i, s]
        found = (signs == BETTER) | (signs == MUCH_BETTER)
        return np.asarray(found | (signs == UNKNOWN) if self.variant in "ac" else found)

    def regrets(self, i: int | slice, s: int | slice) -> Mask:
        """Return what deters actor i from leaving s: what is no better, by c and d also the unknown."""
        signs = self.signs[i, s]
        found = signs == MUCH_WORSE if self.strong else signs <= EQUAL
        return np.asarray(found | (signs == UNKNOWN) if self.variant in "cd" else found)

    def pays(self, graph: Graph) -> Mask:
        """Return which moves are better for, or not known to, everybody who makes them, shape (moves,)."""
        return self._each_mover(graph, self.signs >= BETTER)

    def gains(self, graph: Graph) -> Mask:
        """Return which moves are surely better for everybody who makes them, shape (moves,)."""
        return self._each_mover(graph, (self.signs == BETTER) | (self.signs == MUCH_BETTER))

    def _each_mover(self, graph: Graph, table: Mask) -> Mask:
        found = np.ones(graph.targets.size, dtype=np.bool_)
        for i in range(graph.actors):
            found &= table[i, graph.sources, graph.targets] | ~graph.members[graph.rows, i]
        return found


Relation = Ordered | Compared
"""Preferences of k actors over m states: for which states they leave each, and which ends they regret."""


def comparisons(order: Ordered) -> Comparisons:
    """Return how every state (column) compares with every other (row) for everybody, shape (k, m, m)."""
    ranks = order.ranks
    found: Comparisons = np.sign(ranks[:, None, :] - ranks[:, :, None]).astype(np.int8)
    if order.is_strong:
        worse = ranks[:, None, :] <= order.marks[:, :, None]
        found[worse] = MUCH_WORSE
        found[worse.transpose(0, 2, 1)] = MUCH_BETTER
    return found


def from_levels(ranks: Ranks, levels: Ranks) -> Ranks:
    """Return the largest rank that is strongly worse than each state, or ``NEVER``; shape (m,) as both inputs.

    A state is strongly worse than another when its level of strength is lower; levels rise with ranks.
    """
    top: Ranks = np.full(int(levels.max(initial=0)) + 2, NEVER, dtype=np.int32)
    np.maximum.at(top, levels + 1, ranks)
    reached: Ranks = np.maximum.accumulate(top)
    return reached[levels]


def from_gap(ranks: Ranks, scores: Any, gap: float, tie: float) -> Ranks:
    """Return the same when scores that differ by ``gap`` or more are strongly different.

    Scores that differ by at most ``tie`` never are strongly different.
    """
    order = np.argsort(scores, kind="stable")
    bound = scores - max(gap, 2 * tie) + tie
    count = np.searchsorted(scores[order], bound, side="right")
    worse = np.concatenate([[NEVER], np.maximum.accumulate(ranks[order])]).astype(np.int32)[count]
    return np.asarray(np.minimum(worse, ranks - 1), dtype=np.int32)
