"""The Nash solution over a list of settlements, one draw at a time, as it is defined."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Party:
    """What one actor wants: a position, or a value of each settlement, and perhaps one of no deal."""

    weight: float
    position: float | None
    values: Sequence[float]
    without: float | None


def loss(party: Party, at: float, settlements: Sequence[float], width: float, exponent: float) -> float:
    """Return what a point of the scale costs."""
    if party.position is not None:
        return float((abs(at - party.position) / width) ** exponent)
    for k in range(len(settlements) - 1):
        left, right = settlements[k], settlements[k + 1]
        if left <= at <= right:
            share = (at - left) / (right - left)
            return 1 - ((1 - share) * party.values[k] + share * party.values[k + 1])
    raise AssertionError("beyond the scale")


def solution(
    parties: Sequence[Party], settlements: Sequence[float], no_deal: float, cost: float, exponent: float
) -> tuple[dict[float, float], float]:
    """Return settlement → Nash product (logarithm) where all gain, and the outcome without any."""
    width = settlements[-1] - settlements[0]
    found = {}
    for at in settlements:
        total = 0.0
        for party in parties:
            if party.weight == 0:
                continue
            without = loss(party, no_deal, settlements, width, exponent)
            if party.position is None and party.without is not None:
                without = 1 - party.without
            failing = cost if party.position is None else cost**exponent
            gain = without + failing - loss(party, at, settlements, width, exponent)
            if gain <= 1e-12:
                break
            total += party.weight * math.log(gain)
        else:
            found[at] = total
    return found, no_deal
