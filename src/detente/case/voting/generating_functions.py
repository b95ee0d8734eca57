"""How many coalitions of each size? Counts by size as one whole number: a polynomial with room for every count.

The coefficients of a polynomial stand side by side in one integer, so that adding and multiplying polynomials is
adding and multiplying integers (Kronecker substitution).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import comb


class Sizes:
    """Counts by size, packed, for at most ``voters`` voters."""

    def __init__(self, voters: int) -> None:
        self.voters = voters
        self.bits = voters + 1  # no count is above 2^voters

    def pack(self, counts: Sequence[int]) -> int:
        """Return the packed form of counts, from size 0 on."""
        packed = 0
        for count in reversed(counts):
            packed = (packed << self.bits) + int(count)
        return packed

    def unpack(self, packed: int) -> tuple[int, ...]:
        """Return the counts of sizes 0 to ``voters``."""
        mask = (1 << self.bits) - 1
        return tuple((packed >> (self.bits * size)) & mask for size in range(self.voters + 1))

    def choices(self, alike: int) -> list[int]:
        """Return, packed, how many groups of 0, 1 … there are among some alike voters."""
        return [comb(alike, size) << (self.bits * size) for size in range(alike + 1)]


def from_swings(swings: Iterable[tuple[int, Sequence[int]]], voters: int) -> tuple[int, ...]:
    """Return how many coalitions of each size win, from who swings how often.

    Every winning coalition of s + 1 voters without one of them either loses, a swing, or wins:
    Σ_i swings_i(s) = (s + 1) wins(s + 1) - (n - s) wins(s).

    Args:
        swings: (how many voters are alike, swings of each of them by the size of the coalition that it joins).
        voters: n.
    """
    total = [0] * voters
    for alike, counts in swings:
        for size in range(voters):
            total[size] += alike * counts[size]
    wins = [0]
    for size in range(voters):
        wins.append((total[size] + (voters - size) * wins[size]) // (size + 1))
    return tuple(wins)
