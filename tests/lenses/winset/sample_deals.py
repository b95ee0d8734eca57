"""Deals to test the exact solvers on: written by hand, and at random."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from detente.case.thresholds import Node, Threshold, Voter, all_of
from detente.lenses.winset.deal import Array, Deal, Loss


def deal(
    ideal: ArrayLike,
    salience: ArrayLike,
    radius: ArrayLike,
    rule: Node | None = None,
    *,
    loss: Loss = "city_block",
    **more: Any,
) -> Deal:
    """Return a deal of one draw; unanimity, no red lines and no no-deal point unless given."""
    p = np.array(ideal, dtype=float)[None]
    shape = p.shape[1:]
    return Deal(
        ideal=p,
        salience=np.array(salience, dtype=float)[None],
        radius=np.array(radius, dtype=float)[None],
        floor=np.array(more.get("floor", np.zeros(shape)), dtype=float)[None],
        ceiling=np.array(more.get("ceiling", np.ones(shape)), dtype=float)[None],
        no_deal=np.array(more.get("no_deal", np.full(shape[1], np.nan)), dtype=float)[None],
        levels=tuple(more.get("levels", (None,) * shape[1])),
        rule=unanimity(shape[0]) if rule is None else rule,
        loss=loss,
    )


LOSSES: tuple[Loss, ...] = ("city_block", "quadratic")


def unanimity(count: int) -> Node:
    return all_of(*(Voter(v) for v in range(count)))


def majority(quota: int, count: int) -> Node:
    return Threshold(quota, tuple((1, Voter(v)) for v in range(count)))


def logrolling(first: float, second: float, **more: Any) -> Deal:
    """Return two parties who want opposite ends and care for different issues: U = 4 - loss, given reservations.

    U_A = 3 x1 + x2 and U_B = (1 - x1) + 3 (1 - x2); a radius is 4 less the reservation.
    """
    return deal([[1, 1], [0, 0]], [[3, 1], [1, 3]], [4 - first, 4 - second], **more)


def from_no_deal(
    ideal: Sequence[Sequence[float]],
    no_deal: Sequence[float],
    rule: Node | None = None,
    loss: Loss = "quadratic",
) -> Deal:
    """Return a deal in which all issues count alike and the lack of a deal leaves everyone at one point."""
    p = np.array(ideal, dtype=float)
    salience = np.full(p.shape, 1 / p.shape[1])
    apart = np.abs(p - np.array(no_deal)) ** (2 if loss == "quadratic" else 1)
    return deal(p, salience, (salience * apart).sum(axis=1), rule, loss=loss, no_deal=no_deal)


def permuted(one: Deal, order: Sequence[int]) -> Deal:
    """Return the same deal with its voters in another order; ``order[k]`` is who comes k-th."""
    rows = list(order)
    place = {v: k for k, v in enumerate(rows)}

    def moved(node: Node) -> Node:
        if isinstance(node, Voter):
            return replace(node, index=place[node.index])
        return replace(node, parts=tuple((weight, moved(part)) for weight, part in node.parts))

    return replace(
        one,
        ideal=one.ideal[:, rows],
        salience=one.salience[:, rows],
        radius=one.radius[:, rows],
        floor=one.floor[:, rows],
        ceiling=one.ceiling[:, rows],
        rule=moved(one.rule),
    )


def rules(count: int) -> st.SearchStrategy[Node]:
    """Return a strategy of random trees over some voters."""
    leaf = st.integers(0, count - 1).map(Voter)

    def node(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        parts = st.lists(st.tuples(st.integers(1, 3), children), min_size=1, max_size=4)
        return parts.flatmap(
            lambda own: st.integers(1, sum(w for w, _ in own)).map(lambda quota: Threshold(quota, tuple(own)))
        )

    tree: st.SearchStrategy[Node] = st.recursive(leaf, node, max_leaves=6)
    return tree


@st.composite
def deals(draw: st.DrawFn, *, voters: int = 5, issues: int = 3, loss: Loss | None = None) -> Deal:
    """Draw a deal of up to so many voters and issues: random trees, red lines, discrete issues, idle voters."""
    V, d = draw(st.integers(1, voters)), draw(st.integers(1, issues))
    tenth = st.integers(0, 10).map(lambda k: k / 10)

    def table(cell: st.SearchStrategy[float]) -> Array:
        return np.array(draw(st.lists(st.lists(cell, min_size=d, max_size=d), min_size=V, max_size=V)))

    salience = table(st.integers(0, 5).map(float))
    total = salience.sum(axis=1, keepdims=True)
    salience = np.divide(salience, total, out=np.zeros_like(salience), where=total > 0)
    radius = np.array(draw(st.lists(st.integers(-1, 14).map(lambda k: k / 20), min_size=V, max_size=V)))
    lines = table(st.sampled_from([0.0, 0.0, 0.0, 0.2, 0.5, 0.8]))
    tops = table(st.sampled_from([1.0, 1.0, 1.0, 0.9, 0.6, 0.3]))
    steps = [draw(st.sampled_from([None, None, (0.0, 1.0), (0.0, 0.4, 1.0)])) for _ in range(d)]
    return deal(
        table(tenth),
        salience,
        np.where(total[:, 0] > 0, radius, np.inf),
        draw(rules(V)),
        loss=draw(st.sampled_from(LOSSES if loss is None else (loss,))),
        floor=lines,
        ceiling=tops,
        no_deal=np.array(draw(st.lists(tenth, min_size=d, max_size=d))),
        levels=tuple(None if own is None else np.array(own) for own in steps),
    )
