"""What do further runs add? Shares of groups without a model, and shares that add to 100 %.

Rows A and B are two stretches of draws of one seed; a run takes A with a group's columns from B.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from detente.lenses.summary import Array

Evaluate = Callable[[Array], Array]
"""Uniforms, shape (rows, inputs) → the outcome, shape (rows,)."""


class Estimate(NamedTuple):
    """A share of an outcome's variance, and its standard error."""

    share: float
    error: float


def closed(y: Array, other: Array, with_group: Array) -> Estimate:
    """Return the variance that goes once a group is known, by the sharper of two estimators.

    Owen & Saltelli's for small shares, Janon & Monod's for large ones.

    Args:
        y: the outcome on A, shape (rows,).
        other: the outcome on B.
        with_group: the outcome on A with the group's columns from B.
    """
    mean = float(np.concatenate([y, other]).mean())
    small = _ratio((other - mean) * (with_group - y), (y - mean) ** 2)
    middle = float((other + with_group).mean() / 2)
    product = (other - middle) * (with_group - middle)
    large = _ratio(product, ((other - middle) ** 2 + (with_group - middle) ** 2) / 2)
    return small if small.error < large.error else large


def adding_up(
    evaluate: Evaluate, a: Array, b: Array, groups: Sequence[Sequence[int]], seed: int = 1
) -> list[Estimate]:
    """Return shares of groups that add to 100 % (Shapley; Goda 2021, *SIAM/ASA J. Uncertainty Quantification* 9).

    In each row the groups are taken over from B in a random order; the j-th one earns
    ``[f(z₀) − (f(z_{j−1}) + f(z_j))/2][f(z_{j−1}) − f(z_j)]``. Groups must be independent of one another.

    Args:
        evaluate: uniforms → outcome.
        a: uniforms of the rows A, shape (rows, inputs).
        b: uniforms of the rows B.
        groups: places of the inputs of each; every input in one of them.
        seed: of the orders.
    """
    rows, count = len(a), len(groups)
    orders = np.array([np.random.default_rng([seed, k]).permutation(count) for k in range(rows)])
    z = a.copy()
    start = before = evaluate(z)
    earned = np.zeros((rows, count))
    for step in range(count):
        for number, inputs in enumerate(groups):
            places = np.ix_(np.flatnonzero(orders[:, step] == number), np.array(inputs, dtype=np.intp))
            z[places] = b[places]
        after = evaluate(z)
        earned[np.arange(rows), orders[:, step]] = (start - (before + after) / 2) * (before - after)
        before = after
    spread = (start - start.mean()) ** 2
    return [_ratio(earned[:, number], spread) for number in range(count)]


def _ratio(top: Array, bottom: Array) -> Estimate:
    """Return a ratio of means with its standard error."""
    below = float(bottom.mean())
    if below <= 0:
        return Estimate(0.0, 0.0)
    share = float(top.mean()) / below
    return Estimate(share, float((top - share * bottom).std()) / (below * np.sqrt(len(top))))
