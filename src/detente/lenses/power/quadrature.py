"""How much power does each vote have where nearly every sum is its own? Integrals of chances, with a proven error.

190 members with votes up to a million have no table of coalitions by size and sum. But the Shapley–Shubik index is
φ_i = ∫ f_i(t) dt over 0..1, and the Banzhaf index f_i(1/2), where f_i(t) is the chance that i decides when all
others join independently with probability t (Owen 1972, Management Science 18:P64-P79), and for one t a table of
sums is enough. Gauss's rule with N nodes is off by at most what `_truncation` says: on an ellipse around 0..1 of
radius ρ a polynomial Σ d_s t^s (1-t)^(m-s) with d_s ≤ C(m, s) is at most ((ρ + 1/ρ)/2)^m (Trefethen 2008, SIAM
Review 50:67-87, theorem 4.5). What rounding adds is told with every number: all terms are at least 0, so each
operation adds at most 2^-53 of the chance that the others fall short.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.case.thresholds import Node, Threshold, Voter

Array = NDArray[np.float64]
MOST_BYTES = 1_000_000_000
MOST_STEPS = 60_000_000_000
TRUNCATION = 1e-15
_UNIT = 2.0**-53
_NEGLIGIBLE = 1e-19  # below which a chance is left at 0


@dataclass(frozen=True, slots=True)
class Vote:
    """A weighted vote in which the smaller side counts: that which wins, or that which blocks."""

    weights: tuple[int, ...]  # of all voters, n of them
    quota: int  # of the smaller side
    turned: bool  # whether that is the blocking side
    rows: NDArray[np.intp]  # voters with a weight above 0 and below the quota, by weight
    nodes: int  # N of Gauss's rule

    @property
    def kept(self) -> int:
        """How many tables are kept at once."""
        return max(1, math.isqrt(max(1, len(self.rows)) - 1) + 1)

    @property
    def threads(self) -> int:
        """How many nodes are solved side by side."""
        return min(2, os.cpu_count() or 1)

    @property
    def size(self) -> int:
        """Bytes of all tables."""
        return self.threads * (2 * self.kept + 2) * self.quota * 8

    @property
    def steps(self) -> int:
        """Entries of tables to be gone through, at most."""
        ahead = np.cumsum(np.array(self.weights)[self.rows])
        return int(np.minimum(ahead, self.quota).sum()) * (self.nodes + 1) * 5


def flat(rule: Node, voters: int) -> list[int] | None:
    """Return the weights of a rule that is one weighted vote; ``None`` for any other."""
    weights = [0] * voters
    for weight, part in rule.parts if isinstance(rule, Threshold) else ((0, rule),):
        if not isinstance(part, Voter):
            return None
        weights[part.index] += weight * part.seats
    return weights if isinstance(rule, Threshold) and sum(weights) < 2**62 else None


def vote_of(rule: Node, voters: int) -> Vote | None:
    """Return a rule as one weighted vote whose tables are small enough; ``None`` for any other.

    At most `MOST_BYTES` are used, and at most a minute or so.
    """
    weights = flat(rule, voters)
    if weights is None or not isinstance(rule, Threshold):
        return None
    total = sum(weights)
    turned = 2 * rule.quota > total
    quota = total - rule.quota + 1 if turned else rule.quota
    order = np.argsort(weights, kind="stable")
    rows = np.array([row for row in order if 0 < weights[row] < quota], dtype=np.intp)
    vote = Vote(tuple(weights), quota, turned, rows, _nodes(voters - 1))
    return vote if vote.size <= MOST_BYTES and vote.steps <= MOST_STEPS else None


def _truncation(degree: int, nodes: int) -> float:
    """Return by how much Gauss's rule on 0..1 can be off for such polynomials of a degree."""
    if 2 * nodes > degree:
        return 0.0
    radius = np.exp(np.linspace(0.01, 3.0, 300))
    largest = degree * np.log((radius + 1 / radius) / 2) - 2 * nodes * np.log(radius)
    return float(np.min(np.exp(np.minimum(largest, 99.0)) * (32 / 15) / (1 - radius**-2.0)))


def _nodes(degree: int) -> int:
    """Return how many nodes make the error of Gauss's rule negligible."""
    return next(nodes for nodes in range(1, degree + 2) if _truncation(degree, nodes) < TRUNCATION)


@dataclass(frozen=True, slots=True)
class Chances:
    """What a vote comes to; each with the most by which it can be off."""

    shapley: Array  # (n, 2) Shapley–Shubik index and its error
    banzhaf: Array  # (n, 2) absolute Banzhaf index and its error
    wins: tuple[float, float]  # chance that a random coalition wins, and its error


def chances(vote: Vote) -> Chances:
    """Return the power of every voter of a weighted vote.

    Args:
        vote: one that is `feasible`.
    """
    nodes, masses = np.polynomial.legendre.leggauss(vote.nodes)
    ts = [0.5, *((nodes + 1) / 2).tolist()]
    found = np.array(_at(vote, ts))  # nodes × (n + 1) × (decides, short)
    n, units = len(vote.weights), _rounding(vote)
    decides, short = found[:, :n, 0], found[:, :n, 1]
    halves = masses / 2
    shapley = np.stack(
        [halves @ decides[1:], units * (halves @ short[1:]) + _truncation(n - 1, vote.nodes) + _NEGLIGIBLE],
        axis=1,
    )
    banzhaf = np.stack([decides[0], units * short[0] + _NEGLIGIBLE], axis=1)
    below = float(found[0, n, 0])
    return Chances(shapley, banzhaf, (below if vote.turned else 1 - below, units * below + _UNIT))


def _rounding(vote: Vote) -> float:
    """Return by which share of the chance of falling short rounding can change what is computed.

    Two tables of at most n steps, each of three roundings and a rounded 1 - t and t; a difference; sums in blocks
    of 1,024 and over the blocks, and over the nodes.
    """
    n = len(vote.weights)
    return (12 * n + 1024 + vote.quota / 1024 + 2 * vote.nodes + 16) * _UNIT * 1.01


def _at(vote: Vote, ts: Sequence[float]) -> list[Array]:
    """Return, for each probability of joining, what `deciding` does, of all voters in their own order."""
    from detente.lenses.power.quadrature_kernels import deciding

    weights = np.array(vote.weights)
    light = weights[vote.rows]
    n, alone = len(weights), weights >= vote.quota
    heavy = int(alone.sum())

    def one(t: float) -> Array:
        found = np.zeros((n + 1, 2))
        room = (np.empty((-(-len(light) // vote.kept), vote.quota)), np.empty((vote.kept, vote.quota)))
        inner = deciding(light, vote.quota, t, *room) if len(light) else np.ones((1, 2))
        absent = (1 - t) ** heavy  # who is enough alone has to stay away for others to matter
        found[vote.rows] = inner[:-1] * absent
        found[n] = inner[-1] * absent
        found[:n][alone] = inner[-1] * (1 - t) ** max(0, heavy - 1)
        return found

    with ThreadPoolExecutor(vote.threads) as pool:
        jobs = [pool.submit(one, t) for t in ts]
        try:
            return [job.result() for job in jobs]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
