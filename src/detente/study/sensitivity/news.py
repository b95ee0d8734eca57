"""What is it worth to find something out? The spread that is left, the calls that turn, the calls that are right.

No utility is needed. What a group tells of an outcome (`Basis.fit`) is what one would know after asking.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import factorial, ndtri

from detente.lenses.summary import Array
from detente.study.sensitivity.group import Basis

TERMS = 6
"""Hermite polynomials by which an imperfect report is followed."""


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
        for k, h in enumerate(self.columns, start=1):
            c = centred @ h / n
            found += reliability**k * (n * c * c - centred**2 @ (h * h) / n) / (n - 1)
        return np.clip(found / variance, 0.0, 1.0)


def forward(
    basis: Basis, y: Array, groups: Mapping[str, Sequence[int]], costs: Mapping[str, float], most: int
) -> list[tuple[str, float]]:
    """Return whom to ask next, and then whom: each time the one that adds most per cost.

    Args:
        basis: of the inputs.
        y: the outcome.
        groups: name → places of the inputs that one learns by asking.
        costs: name → cost, above 0; 1 where left out.
        most: how many are named.

    Returns:
        Name, and the share of the variance that is gone after it; never less than before.
    """
    known: set[int] = set()
    found: list[tuple[str, float]] = []
    reached = 0.0
    while len(found) < min(most, len(groups)):
        named = {name for name, _ in found}
        options = {
            name: basis.fit(sorted(known | set(inputs)), y).share
            for name, inputs in groups.items()
            if name not in named
        }
        best = max(options, key=lambda name: ((options[name] - reached) / costs.get(name, 1.0), name))
        known |= set(groups[best])
        reached = max(reached, options[best])
        found.append((best, reached))
    return found


def within(
    budget: float, plan: Sequence[tuple[str, float]], costs: Mapping[str, float]
) -> list[tuple[str, float]]:
    """Return the first questions of a plan that a budget allows."""
    kept, spent = [], 0.0
    for name, reached in plan:
        cost = costs.get(name, 1.0)
        if spent + cost <= budget + 1e-12:
            kept.append((name, reached))
            spent += cost
    return kept
