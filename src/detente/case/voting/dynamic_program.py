"""Who swings, where tallies are small? Kind after kind, how many coalitions lead to each vector of tallies."""

from __future__ import annotations

from math import comb

from detente.case.voting.compound import Compound, Vector
from detente.case.voting.generating_functions import Sizes

MOST_STATES = 300_000
_MOST_BITS = 4_000_000_000  # of all counts together: half a gigabyte


def swings(game: Compound) -> list[tuple[int, ...]] | None:
    """Return, for a voter of each kind, how many coalitions of each size it turns from losing to winning.

    Returns:
        Counts by size per kind, or ``None`` where there are too many different vectors of tallies.
    """
    walk = _Walk(game)
    if not walk.forwards():
        return None
    return [walk.sizes.unpack(walk.swings(k)) for k in range(len(game.kinds))]


class _Walk:
    """Counts coalitions of the kinds before one, and completions by those after it, by vector of tallies."""

    def __init__(self, game: Compound) -> None:
        self.game = game
        self.sizes = Sizes(game.voters)
        self.before: list[dict[Vector, int]] = [{tuple(0 for _ in game.totals): 1}]
        self.after: list[dict[Vector, int]] = [{} for _ in range(len(game.kinds) + 1)]

    def forwards(self) -> bool:
        """Count the coalitions of the first kinds; tell whether that could be done."""
        limit = min(MOST_STATES, _MOST_BITS // (self.game.voters * self.sizes.bits + 1))
        reached = 0
        for kind in self.game.kinds[:-1]:
            found: dict[Vector, int] = {}
            choices = self.sizes.choices(kind.size)
            for state, count in self.before[-1].items():
                for number, ways in enumerate(choices):
                    there = self._moved(state, kind.weights, number)
                    found[there] = found.get(there, 0) + count * ways
            reached += len(found) * (kind.size + 1)
            if reached > limit:
                return False
            self.before.append(found)
        return True

    def _moved(self, state: Vector, weights: Vector, times: int) -> Vector:
        """Return the tallies after some more have agreed; what is more than enough does not count."""
        return tuple(
            min(most, tally + times * weight)
            for tally, weight, most in zip(state, weights, self.game.enough, strict=True)
        )

    def completions(self, k: int, state: Vector) -> int:
        """Return, packed, how many coalitions of the kinds from ``k`` on win from a vector of tallies."""
        known = self.after[k]
        if state not in known:
            if k == len(self.game.kinds):
                known[state] = int(self.game.met(state))
            else:
                kind = self.game.kinds[k]
                known[state] = sum(
                    ways * self.completions(k + 1, self._moved(state, kind.weights, number))
                    for number, ways in enumerate(self.sizes.choices(kind.size))
                )
        return known[state]

    def swings(self, k: int) -> int:
        """Return, packed, the swings of one voter of a kind."""
        kind, bits = self.game.kinds[k], self.sizes.bits
        found = 0
        for state, count in self.before[k].items():
            gained = 0
            without = self.completions(k + 1, state)
            for others in range(kind.size):
                joined = self.completions(k + 1, self._moved(state, kind.weights, others + 1))
                gained += (comb(kind.size - 1, others) * (joined - without)) << (bits * others)
                without = joined
            found += count * gained if gained else 0
        return found
