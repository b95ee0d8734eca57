"""How much power, roughly, where counting is not feasible? Random coalitions and random orders of joining.

The Banzhaf measure is the share of random coalitions that a voter turns, Shapley-Shubik the share of random orders
in which it is the pivot; both are means of independent draws, with standard error √(p(1-p)/R).
"""

from __future__ import annotations

import numpy as np

from detente.lenses.winset.power.indices import Power
from detente.lenses.winset.rule import Agreed, Node, wins

SAMPLES = 20_000
_BLOCK = 1_000
SEED = 1


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
        Power(None, float(b), float(s), float(p), None, None, float(e), float(f))
        for b, s, p, e, f in zip(banzhaf, normalised, shapley, *errors, strict=True)
    )


def _turned(rule: Node, agreed: Agreed) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return how many of some coalitions each voter decides."""
    carried = wins(rule, agreed)
    found = np.zeros(agreed.shape[1])
    for voter in range(agreed.shape[1]):
        other = agreed.copy()
        other[:, voter] ^= True
        found[voter] = np.count_nonzero(wins(rule, other) != carried)
    return found


def _pivots(
    rule: Node, order: np.ndarray[tuple[int, int], np.dtype[np.intp]]
) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
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
