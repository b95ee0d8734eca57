"""How much power does each voter have? The usual indices, exact from counts of swings, else from samples.

With η swings out of 2^(n-1) coalitions of the others, and W winning coalitions in all: Penrose (1946) and Banzhaf
(1965) count swings, Shapley & Shubik (1954) count orders of joining, Coleman (1971) asks how often a voter can
prevent what would be decided and initiate what would not. See Felsenthal & Machover (1998), *The Measurement of
Voting Power*. Sampled, the first is the share of random coalitions that a voter turns, the second the share of
random orders in which it is the pivot: means of R independent draws, with standard error √(p(1-p)/R). Where random
coalitions hardly ever win or lose, voters are made to join with the probability that makes winning as likely as
losing, and each coalition counts by how much likelier it is at one half (importance sampling).
"""

from __future__ import annotations

import operator
from fractions import Fraction
from math import comb, factorial

import numpy as np
from numpy.typing import NDArray

from detente.case.thresholds import Agreed, Node, Threshold, wins
from detente.case.voting.counting import Counted
from detente.lenses.power.quadrature import Vote, chances, flat
from detente.lenses.power.result import Power, Share

SAMPLES = 20_000
SELDOM = 0.02
"""Share of random coalitions that win, or that lose, from which on they are drawn as they come."""
_BLOCK = 1_000
Array = NDArray[np.float64]
SEED = 1


def powers(counted: Counted) -> tuple[Power, ...]:
    """Return the power of one voter of each kind."""
    n, won = counted.voters, sum(counted.wins)
    everyone = sum(len(kind) * sum(own) for kind, own in zip(counted.kinds, counted.swings, strict=True))
    orders = [factorial(size) * factorial(n - 1 - size) for size in range(n)]
    half = _halves(n)
    found = []
    for swings in counted.swings:
        turned = sum(swings)
        led = sum(count * ways for count, ways in zip(swings, orders, strict=False))
        found.append(
            Power(
                swings=turned,
                banzhaf=Share.of(Fraction(turned, 2 ** (n - 1))),
                banzhaf_normalised=Share.of(Fraction(turned, everyone)),
                shapley_shubik=Share.of(Fraction(led, factorial(n))),
                coleman_prevent=Share.of(Fraction(turned, won)),
                coleman_initiate=Share.of(Fraction(turned, 2**n - won)),
                coleman_shapley=Share.of(sum(map(operator.mul, swings, half), Fraction(0))),
            )
        )
    return tuple(found)


def _halves(n: int) -> list[Fraction]:
    """Return what a swing counts in the Coleman-Shapley index, by the size s of the coalition that is joined.

    Casajus & Huettner (2019), Public Choice 181:275-289: the Shapley value of the power to act of those in.
    Of those before a voter in a random order each agrees with one half, so that it is ∫ u^s (1-u)^(n-1-s) du over
    0..1/2, which is the chance of more than s heads in n tosses, over n C(n-1, s).
    """
    more, found = 0, []
    for size in range(n - 1, -1, -1):
        more += comb(n, size + 1)
        found.append(Fraction(more, 2**n * n * comb(n - 1, size)))
    return found[::-1]


def near(vote: Vote) -> tuple[tuple[Power, ...], Share]:
    """Return the power of every voter of a weighted vote but for rounding, and the share of winning coalitions."""
    found = chances(vote)
    whole, off = found.banzhaf.sum(axis=0)
    won, won_off = found.wins
    powers = []
    for (pivot, pivot_off), (turned, turned_off) in zip(found.shapley, found.banzhaf, strict=True):
        share = turned / whole

        def of(chance: float, turned: float = turned, turned_off: float = turned_off) -> Share:
            """Return how much of the coalitions on one side lose or win by it."""
            part = turned / (2 * chance)
            return Share.near(part, (turned_off / 2 + part * won_off) / max(chance - won_off, 1e-300))

        powers.append(
            Power(
                swings=None,
                banzhaf=Share.near(turned, turned_off),
                banzhaf_normalised=Share.near(share, (turned_off + share * off) / (whole - off)),
                shapley_shubik=Share.near(pivot, pivot_off),
                coleman_prevent=of(won),
                coleman_initiate=of(1 - won),
            )
        )
    return tuple(powers), Share.near(won, won_off)


def sampled(rule: Node, voters: int, samples: int = SAMPLES) -> tuple[Power, ...]:
    """Return the power of every voter as estimated from so many random coalitions, and as many random orders."""
    random = np.random.default_rng(SEED)
    joining = _joining(rule, voters)
    turned, squares, crossed, led = (np.zeros(voters) for _ in range(4))
    together = 0.0
    for start in range(0, samples, _BLOCK):
        many = min(_BLOCK, samples - start)
        found = _turned(rule, random.random((many, voters)) < joining, joining)
        whole = found.sum(axis=1)
        turned += found.sum(axis=0)
        squares += (found**2).sum(axis=0)
        crossed += whole @ found
        together += whole @ whole
        pivots = _pivots(rule, np.argsort(random.random((many, voters)), axis=1))
        led += np.bincount(pivots, minlength=voters)
    banzhaf, shapley = turned / samples, led / samples
    normalised = banzhaf / banzhaf.sum()  # somebody is turned in every coalition near the quota
    spread = squares - 2 * normalised * crossed + normalised**2 * together  # of a ratio, linearised
    errors = (
        _error(squares / samples - banzhaf**2, banzhaf, samples),
        _error(spread / samples / banzhaf.sum() ** 2, normalised, samples),
        _error(shapley * (1 - shapley), shapley, samples),
    )
    three = 3 / samples
    most = three if joining == 0.5 else 2 * SELDOM  # nobody turns more than twice as many as win, or as lose
    return tuple(
        Power(
            swings=None,
            banzhaf=Share.sampled(absolute, error, most),
            banzhaf_normalised=Share.sampled(share, of_share, 1.0),
            shapley_shubik=Share.sampled(pivot, of_pivot, three),
        )
        for absolute, share, pivot, error, of_share, of_pivot in zip(
            *(one.tolist() for one in (banzhaf, normalised, shapley, *errors)), strict=True
        )
    )


def _error(variance: Array, mean: Array, samples: int) -> Array:
    """Return the standard error of means; where all draws are the same, half of 3 in R (rule of three)."""
    return np.asarray(np.sqrt(np.maximum(variance, (1.5 * mean) ** 2 / samples) / samples))


def _joining(rule: Node, voters: int) -> float:
    """Return how likely everybody should join: one half, unless such coalitions win or lose nearly always."""
    uniform = np.random.default_rng(SEED + 1).random((_BLOCK, voters))
    if SELDOM <= wins(rule, uniform < 0.5).mean() <= 1 - SELDOM:
        return 0.5
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (low, middle) if wins(rule, uniform < middle).mean() > 0.5 else (middle, high)
    return (low + high) / 2


def _turned(rule: Node, agreed: Agreed, joining: float) -> NDArray[np.float64]:
    """Return which voters decide some coalitions, times how much likelier the others are at one half."""
    n = agreed.shape[1]
    weights = flat(rule, n)
    if weights is None:
        carried = wins(rule, agreed)
        found = np.zeros(agreed.shape)
        for voter in range(n):
            other = agreed.copy()
            other[:, voter] ^= True
            found[:, voter] = wins(rule, other) != carried
    else:
        assert isinstance(rule, Threshold)  # noqa: S101 - told by `flat`
        without = (agreed @ np.array(weights))[:, None] - agreed * np.array(weights)
        found = ((without < rule.quota) & (without + np.array(weights) >= rule.quota)).astype(np.float64)
    others = agreed.sum(axis=1, keepdims=True) - agreed
    likelier = others * np.log(0.5 / joining) + (n - 1 - others) * np.log(0.5 / (1 - joining))
    return np.asarray(found * np.exp(likelier))


def _pivots(rule: Node, order: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return who makes the coalition win when voters join in some orders, by bisection in all orders at once."""
    rank = np.argsort(order, axis=1)
    low = np.zeros(len(order), dtype=np.intp)
    high = np.full(len(order), order.shape[1])
    while (low < high).any():
        middle = (low + high) // 2
        carried = wins(rule, rank < middle[:, None])
        high = np.where(carried, middle, high)
        low = np.where(carried, low, np.minimum(middle + 1, high))
    return np.asarray(order[np.arange(len(order)), high - 1])
