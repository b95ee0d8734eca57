"""What is it worth to find something out? The spread that is left, the calls that turn, the calls that are right.

No utility is needed. What a group tells of an outcome (`Basis.fit`) is what one would know after asking.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.polynomial.hermite_e import hermevander
from scipy.special import betaincinv, factorial, ndtri

from detente.lenses.summary import Array

TERMS = 6
"""Hermite polynomials by which an imperfect report is followed."""
AT_ONCE = 16
"""Inputs whose polynomials are in memory together."""
NEXT = 4
TRIED, TOGETHER = 8, 4
"""Questions of which sets are tried, and how many are asked together."""


def news(y: Array, told: Array, share: Array | float) -> dict[str, Array]:
    """Return what knowing a group would do for outcomes, (…, draws); 0 and 1 alone are a yes or no.

    Args:
        y: the outcomes.
        told: the same as the group alone tells them.
        share: of the variance that goes, shape (…,).

    Returns:
        By the names in `detente.study.records.Asking`, shapes (…,).
    """
    mean, call = y.mean(axis=-1), ((y == 0) | (y == 1)).all(axis=-1)
    after, before = np.clip(told, 0.0, 1.0), np.maximum(mean, 1 - mean)
    flips = ((after > 0.5) != (mean > 0.5)[..., None]).mean(axis=-1)
    right = np.maximum(before, np.maximum(after, 1 - after).mean(axis=-1))
    calls = {"flips": flips, "right_before": before, "right_after": right}
    return {
        "share": np.asarray(share),
        "spread_left": y.std(axis=-1) * np.sqrt(np.maximum(0.0, 1 - np.asarray(share))),
        "expected_change": np.abs(told - mean[..., None]).mean(axis=-1),
        **{name: np.where(call, of, 0.0) for name, of in calls.items()},
    }


def reported(u: Array, y: Array, reliability: float) -> Array:
    """Return the share of the variance of outcomes that goes after an imperfect report on each single input.

    ``R(r) = Σ_k r^k c_k² / V`` with the coefficients of the outcome in Hermite polynomials of the input's score
    (Mehler 1866), each squared without bias. A report with error e on an input of spread s has r = s²/(s² + e²).

    Args:
        u: the uniforms from which the inputs were drawn, shape (draws, inputs).
        y: the outcomes, shape (…, draws).
        reliability: from 0, which tells nothing, to 1, which tells all.

    Returns:
        Shape (…, inputs).
    """
    n, d = u.shape
    centred = y - y.mean(axis=-1, keepdims=True)
    square, variance = centred**2, y.var(axis=-1)[..., None]
    found = np.zeros((*y.shape[:-1], d))
    for first in range(0, d, AT_ONCE):
        z = ndtri(np.clip(u[:, first : first + AT_ONCE], 1e-12, 1 - 1e-12))
        for k, h in enumerate(np.moveaxis(hermevander(z, TERMS), 2, 0)[1:], start=1):
            c, noise = centred @ h / n, square @ (h * h) / n
            found[..., first : first + AT_ONCE] += (
                reliability**k * (n * c * c - noise) / ((n - 1) * factorial(k))
            )
    found = np.divide(found, variance, out=np.zeros_like(found), where=variance > 0)
    return np.asarray(np.clip(found, 0.0, 1.0))


def forward(
    share: Callable[[Sequence[int]], Any],
    groups: Mapping[str, Sequence[int]],
    costs: Mapping[str, float],
    most: int,
    least: float = 0.0,
) -> list[tuple[str, float]]:
    """Return whom to ask next, and then whom: each time the one that adds most per cost.

    Of those who are left, the `NEXT` that tell most alone per cost are tried together with what is known.

    Args:
        share: places of inputs → share of the variance that goes once they are known.
        groups: name → places of the inputs that one learns by asking.
        costs: name → cost, above 0; 1 where left out.
        most: how many are named.
        least: share of the variance that each must add.

    Returns:
        Name, and the share of the variance that is gone after it; never less than before.
    """
    known: set[int] = set()
    found: list[tuple[str, float]] = []
    reached = 0.0
    left = sorted(groups, key=lambda name: (-float(share(groups[name])) / costs.get(name, 1.0), name))
    while left and len(found) < most:
        options = {name: float(share(sorted(known | set(groups[name])))) for name in left[:NEXT]}
        best = max(options, key=lambda name: ((options[name] - reached) / costs.get(name, 1.0), name))
        if options[best] - reached < least:
            break
        known |= set(groups[best])
        reached = max(reached, options[best])
        found.append((best, reached))
        left.remove(best)
    return found


def within(
    budget: float,
    share: Callable[[Sequence[int]], Any],
    groups: Mapping[str, Sequence[int]],
    costs: Mapping[str, float],
) -> list[tuple[str, float]]:
    """Return the best questions that a budget allows, in the order in which one asks them; see `forward`.

    All sets of at most `TOGETHER` of the `TRIED` best single questions are tried, and the plan that takes the best
    next one per cost as long as it can be paid.
    """

    def cost(names: Iterable[str]) -> float:
        return sum(costs.get(name, 1.0) for name in names)

    def gone(names: Iterable[str]) -> float:
        return float(share(sorted({place for name in names for place in groups[name]})))

    room = budget + 1e-12
    payable = {name: of for name, of in groups.items() if cost([name]) <= room}
    best = sorted(payable, key=lambda name: (-gone([name]), name))[:TRIED]
    sets = [
        some for size in range(1, TOGETHER + 1) for some in combinations(best, size) if cost(some) <= room
    ]
    greedy: list[str] = []
    for name, _ in forward(share, payable, costs, len(payable)):
        greedy += [name] if cost([*greedy, name]) <= room else []
    chosen = max((*sets, tuple(greedy)), key=lambda some: (round(gone(some), 9), -cost(some), some))
    return forward(share, {name: groups[name] for name in chosen}, costs, len(chosen))


def by_beta(y: Array, share: float) -> Array:
    """Return what one would know of an outcome in many worlds, where only the share that goes is known.

    Of what is so or not, p after asking is spread as a Beta distribution with that variance R V: ν = 1/R − 1. Of a
    number, normally around its mean. Shape (draws,), as the outcome.
    """
    levels = (np.arange(len(y)) + 0.5) / len(y)
    mean = float(y.mean())
    if not np.isin(y, (0.0, 1.0)).all():
        return np.asarray(mean + float(y.std()) * np.sqrt(share) * ndtri(levels))
    if share >= 1:
        return np.asarray((levels > 1 - mean).astype(float))
    size = 1 / max(share, 1e-9) - 1
    return np.asarray(betaincinv(mean * size, (1 - mean) * size, levels))
