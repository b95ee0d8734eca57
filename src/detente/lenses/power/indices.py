"""How much power does each voter have? The usual indices, exact from counts of swings, else from samples.

With η swings out of 2^(n-1) coalitions of the others, and W winning coalitions in all: Penrose (1946) and Banzhaf
(1965) count swings, Shapley & Shubik (1954) count orders of joining, Coleman (1971) asks how often a voter can
prevent what would be decided and initiate what would not. See Felsenthal & Machover (1998), *The Measurement of
Voting Power*. Sampled, the first is the share of random coalitions that a voter turns, the second the share of
random orders in which it is the pivot: means of R independent draws, with standard error √(p(1-p)/R).
"""

from __future__ import annotations

from fractions import Fraction
from math import factorial

import numpy as np
from numpy.typing import NDArray

from detente.case.thresholds import Agreed, Node, wins
from detente.lenses.power.counting import Counted
from detente.lenses.power.result import Power, Share

SAMPLES = 20_000
_BLOCK = 1_000
SEED = 1


def powers(counted: Counted) -> tuple[Power, ...]:
    """Return the power of one voter of each kind."""
    n, won = counted.voters, sum(counted.wins)
    everyone = sum(len(kind) * sum(own) for kind, own in zip(counted.kinds, counted.swings, strict=True))
    orders = [factorial(size) * factorial(n - 1 - size) for size in range(n)]
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
            )
        )
    return tuple(found)


def sampled(rule: Node, voters: int, samples: int = SAMPLES) -> tuple[Power, ...]:
    """Return the power of every voter as estimated.

    Args:
        rule: over voters 0 to n - 1.
        voters: n.
        samples: R random coalitions, and as many random orders.
    """
    random = np.random.default_rng(SEED)
    turned, led = np.zeros(voters), np.zeros(voters)
    for start in range(0, samples, _BLOCK):
        many = min(_BLOCK, samples - start)
        turned += _turned(rule, random.random((many, voters)) < 0.5)
        pivots = _pivots(rule, np.argsort(random.random((many, voters)), axis=1))
        led += np.bincount(pivots, minlength=voters)
    banzhaf, shapley = turned / samples, led / samples
    errors = [np.sqrt(share * (1 - share) / samples) for share in (banzhaf, shapley)]
    normalised = banzhaf / banzhaf.sum() if banzhaf.any() else banzhaf
    return tuple(
        Power(
            swings=None,
            banzhaf=Share.of(float(b), float(e)),
            banzhaf_normalised=Share.of(float(s)),
            shapley_shubik=Share.of(float(p), float(f)),
        )
        for b, s, p, e, f in zip(banzhaf, normalised, shapley, *errors, strict=True)
    )


def _turned(rule: Node, agreed: Agreed) -> NDArray[np.float64]:
    """Return how many of some coalitions each voter decides."""
    carried = wins(rule, agreed)
    found = np.zeros(agreed.shape[1])
    for voter in range(agreed.shape[1]):
        other = agreed.copy()
        other[:, voter] ^= True
        found[voter] = np.count_nonzero(wins(rule, other) != carried)
    return found


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
