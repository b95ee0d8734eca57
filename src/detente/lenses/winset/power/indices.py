"""How much power does each voter have? The usual indices, as exact fractions, from counts of swings.

With η swings out of 2^(n-1) coalitions of the others, and W winning coalitions in all: Penrose (1946) and Banzhaf
(1965) count swings, Shapley & Shubik (1954) count orders of joining, Coleman (1971) asks how often a voter can
prevent what would be decided and initiate what would not. See Felsenthal & Machover (1998), *The Measurement of
Voting Power*.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import factorial

from detente.lenses.winset.power.counting import Counted

Number = Fraction | float


@dataclass(frozen=True, slots=True)
class Power:
    """Power of one voter, shares of 1; fractions where exact, floats where sampled.

    Attributes:
        swings: coalitions of the others that it turns from losing to winning; ``None`` where sampled.
        banzhaf: share of the others' coalitions that it turns (absolute Banzhaf or Penrose measure).
        banzhaf_normalised: its share of all voters' swings.
        shapley_shubik: share of orders of joining in which it is the one that makes the coalition win.
        prevent: share of winning coalitions that lose without it (Coleman); ``None`` where sampled.
        initiate: share of losing coalitions that win with it (Coleman); ``None`` where sampled.
        banzhaf_error: standard error of ``banzhaf``, 0 where exact.
        shapley_shubik_error: standard error of ``shapley_shubik``, 0 where exact.
    """

    swings: int | None
    banzhaf: Number
    banzhaf_normalised: Number
    shapley_shubik: Number
    prevent: Fraction | None = None
    initiate: Fraction | None = None
    banzhaf_error: float = 0.0
    shapley_shubik_error: float = 0.0


def powers(counted: Counted) -> tuple[Power, ...]:
    """Return the power of one voter of each kind."""
    n, won = counted.voters, sum(counted.wins)
    everyone = sum(
        len(kind) * sum(swings) for kind, swings in zip(counted.kinds, counted.swings, strict=True)
    )
    orders = [factorial(size) * factorial(n - 1 - size) for size in range(n)]
    found = []
    for swings in counted.swings:
        turned = sum(swings)
        led = sum(count * ways for count, ways in zip(swings, orders, strict=False))
        found.append(
            Power(
                turned,
                Fraction(turned, 2 ** (n - 1)),
                Fraction(turned, everyone),
                Fraction(led, factorial(n)),
                Fraction(turned, won),
                Fraction(turned, 2**n - won),
            )
        )
    return tuple(found)
