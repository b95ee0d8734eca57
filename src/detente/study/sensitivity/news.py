"""What is it worth to find something out? The spread that is left, the calls that turn, the calls that are right.

No utility is needed. What a group tells of an outcome (`Basis.fit`) is what one would know after asking.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from scipy.special import betaincinv, factorial, ndtri

from detente.lenses.summary import Array
from detente.study.sensitivity.group import Basis

TERMS = 6
"""Hermite polynomials by which an imperfect report is followed."""
NEXT = 4
TRIED, TOGETHER = 8, 4
"""Questions of which sets are tried, and how many are asked together."""


class News(NamedTuple):
    """What knowing a group would do for one outcome.

    Attributes:
        share: of its variance that goes, at least.
        spread_left: its standard deviation afterwards.
        expected_change: by which its mean, or its probability, moves on average.
        flips: chance that the call (likelier than not) turns; 0 for an outcome that is no yes or no.
        right_before: share of right calls before.
        right_after: share of right calls after.
    """

    share: float
    spread_left: float
    expected_change: float
    flips: float
    right_before: float
    right_after: float


def news(y: Array, told: Array, share: float) -> News:
    """Return what knowing a group would do for an outcome.

    Args:
        y: the outcome; 0 and 1 alone for a yes or no, shape (draws,).
        told: the outcome as the group alone tells it.
        share: of the variance that goes.
    """
    mean, sd = float(y.mean()), float(y.std())
    left = sd * float(np.sqrt(max(0.0, 1 - share)))
    change = float(np.abs(told - mean).mean())
    if not np.isin(y, (0.0, 1.0)).all():
        return News(share, left, change, 0.0, 0.0, 0.0)
    after = np.clip(told, 0.0, 1.0)
    before = max(mean, 1 - mean)
    flips = float(((after > 0.5) != (mean > 0.5)).mean())
    right = max(before, float(np.maximum(after, 1 - after).mean()))
    return News(share, left, change, flips, before, right)


class Reports:
    """What imperfect reports on single inputs tell, by their reliability.

    ``R(r) = Σ_k r^k c_k² / V`` with the coefficients of the outcome in Hermite polynomials of the input's score
    (Mehler 1866), each squared without bias. A report with error e on an input of spread s has r = s²/(s² + e²).
    """

    def __init__(self, u: Array) -> None:
        """Make the polynomials once for all outcomes.

        Args:
            u: the uniforms from which the inputs were drawn, shape (draws, inputs).
        """
        z = ndtri(np.clip(u, 1e-12, 1 - 1e-12))
        found = [z, z * z - 1]
        for k in range(2, TERMS):
            found.append(z * found[-1] - k * found[-2])
        self.columns = [one / np.sqrt(factorial(k)) for k, one in enumerate(found, start=1)]
        self.squares = [one * one for one in self.columns]

    def shares(self, y: Array, reliability: float) -> Array:
        """Return the share of an outcome's variance that goes after a report on each input, shape (inputs,).

        Args:
            y: the outcome, shape (draws,).
            reliability: from 0, which tells nothing, to 1, which tells all.
        """
        n, variance = len(y), float(y.var())
        found = np.zeros(self.columns[0].shape[1])
        if variance <= 0:
            return found
        centred = y - y.mean()
        again = centred**2
        for k, (h, square) in enumerate(zip(self.columns, self.squares, strict=True), start=1):
            c = centred @ h / n
            found += reliability**k * (n * c * c - again @ square / n) / (n - 1)
        return np.clip(found / variance, 0.0, 1.0)


def forward(
    basis: Basis,
    y: Array,
    groups: Mapping[str, Sequence[int]],
    costs: Mapping[str, float],
    most: int,
    least: float = 0.0,
    pull: Array | None = None,
) -> list[tuple[str, float]]:
    """Return whom to ask next, and then whom: each time the one that adds most per cost.

    Of those who are left, the `NEXT` that tell most alone per cost are tried together with what is known.

    Args:
        basis: of the inputs.
        y: the outcome.
        groups: name → places of the inputs that one learns by asking.
        costs: name → cost, above 0; 1 where left out.
        most: how many are named.
        least: share of the variance that each must add.
        pull: of the outcome, where it was made before.

    Returns:
        Name, and the share of the variance that is gone after it; never less than before.
    """
    known: set[int] = set()
    found: list[tuple[str, float]] = []
    reached, pull = 0.0, basis.pull(y) if pull is None else pull
    alone = {
        name: basis.share(sorted(inputs), y, pull) / costs.get(name, 1.0) for name, inputs in groups.items()
    }
    left = sorted(groups, key=lambda name: (-alone[name], name))
    while left and len(found) < most:
        options = {name: basis.share(sorted(known | set(groups[name])), y, pull) for name in left[:NEXT]}
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
    basis: Basis,
    y: Array,
    groups: Mapping[str, Sequence[int]],
    costs: Mapping[str, float],
) -> list[tuple[str, float]]:
    """Return the best questions that a budget allows, in the order in which one asks them.

    All sets of at most `TOGETHER` of the `TRIED` best single questions are tried, and the plan that takes the best
    next one per cost as long as it can be paid.

    Args:
        budget: most that they may cost together.
        basis: of the inputs.
        y: the outcome.
        groups: name → places of the inputs that one learns by asking.
        costs: name → cost, above 0; 1 where left out.
    """

    def cost(names: Sequence[str]) -> float:
        return sum(costs.get(name, 1.0) for name in names)

    def share(names: Sequence[str]) -> float:
        return basis.share(sorted({place for name in names for place in groups[name]}), y, pull)

    pull = basis.pull(y)
    payable = [name for name in groups if cost([name]) <= budget + 1e-12]
    best = sorted(payable, key=lambda name: (-share([name]), name))[:TRIED]
    sets = [
        some
        for size in range(1, TOGETHER + 1)
        for some in combinations(best, size)
        if cost(some) <= budget + 1e-12
    ]
    greedy: list[str] = []
    for name, _ in forward(basis, y, {name: groups[name] for name in payable}, costs, len(payable)):
        if cost([*greedy, name]) <= budget + 1e-12:
            greedy.append(name)
    sets.append(tuple(greedy))
    chosen = max(sets, key=lambda some: (round(share(some), 9), -cost(some), some), default=())
    kept = {name: groups[name] for name in chosen}
    return forward(basis, y, kept, costs, len(kept)) if kept else []


def by_beta(y: Array, share: float) -> Array:
    """Return what one would know of an outcome in many worlds, where only the share that goes is known.

    Of what is so or not, p after asking is spread as a Beta distribution with that variance: ν = 1/R − 1. Of a
    number, normally around its mean.

    Args:
        y: the outcome; 0 and 1 alone for a yes or no.
        share: R, of its variance that goes.
    """
    levels = (np.arange(len(y)) + 0.5) / len(y)
    mean = float(y.mean())
    if not np.isin(y, (0.0, 1.0)).all():
        return np.asarray(mean + float(y.std()) * np.sqrt(share) * ndtri(levels))
    if share >= 1:
        return np.asarray((levels > 1 - mean).astype(float))
    size = 1 / max(share, 1e-9) - 1
    return np.asarray(betaincinv(mean * size, (1 - mean) * size, levels))
