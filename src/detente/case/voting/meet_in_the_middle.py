"""Who swings, where one tally is too wide to list? Half the voters meet the other half.

Populations of states make almost every coalition's sum its own, so that no table holds them; but halves of
coalitions are few. For each half the other halves that complete it are found by bisection in a sorted list
(Horowitz & Sahni 1974, Journal of the ACM 21:277-292, for sums; here with the other tallies beside).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.case.voting.compound import Compound, Vector

MOST_VOTERS = 40
MOST_PAIRS = 2_000_000
_BLOCK = 4_000_000
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Half:
    """All coalitions of half of the voters, sorted by their narrow tallies and then by the wide one.

    Attributes:
        voters: indexes of the columns of ``inside``.
        inside: (coalitions, voters): who is in.
        key: (coalitions,): row of ``keys``.
        keys: (K, f): number of members in the place of the wide tally, and the narrow tallies.
        wide: (coalitions,): the wide tally.
    """

    inside: NDArray[np.bool_]
    key: Integers
    keys: Integers
    wide: Integers


def swings(game: Compound) -> list[tuple[int, ...]] | None:
    """Return, for a voter of each kind, how many coalitions of each size it turns from losing to winning.

    Returns:
        Counts by size per kind, or ``None`` where there are too many voters or the other tallies are wide too.
    """
    n = game.voters
    if n > MOST_VOTERS or n < 2 or max(game.totals) >= 2**40:
        return None
    rows = [kind.weights for kind in game.kinds for _ in kind.members]
    widest = int(np.argmax(game.totals))
    order = np.random.default_rng(0).permutation(n)
    parts = ([rows[v] for v in part] for part in (order[: n // 2], order[n // 2 :]))
    first, second = (_half(part, widest, len(game.totals)) for part in parts)
    if len(first.keys) * len(second.keys) > MOST_PAIRS:
        return None
    least = _least(game, first.keys, second.keys, widest)
    holding = np.zeros((n, n + 1), dtype=np.int64)
    wins = _count(first, second, least, holding, order[: n // 2], n, widest)
    _count(second, first, least.T, holding, order[n // 2 :], n, widest)
    starts = np.cumsum([0, *(kind.size for kind in game.kinds)])[:-1]
    found = []
    for voter in starts:
        swung = [int(holding[voter, s + 1] - wins[s] + holding[voter, s]) for s in range(n)]
        found.append((*swung, 0))
    return found


def _half(rows: list[Vector], widest: int, forms: int) -> _Half:
    """Return all coalitions of some voters, given by their weights in each of the tallies."""
    numbers = np.arange(2 ** len(rows), dtype=np.int64)
    inside = ((numbers[:, None] >> np.arange(len(rows))) & 1).astype(np.bool_)
    tallies = inside.astype(np.int64) @ np.array(rows, dtype=np.int64).reshape(-1, forms)
    wide = tallies[:, widest].copy()
    tallies[:, widest] = inside.sum(axis=1)
    keys, key = np.unique(tallies, axis=0, return_inverse=True)
    key = key.reshape(-1)
    order = np.lexsort((wide, key))
    return _Half(inside[order], key[order].astype(np.int64), keys, wide[order])


def _least(game: Compound, first: Integers, second: Integers, widest: int) -> Integers:
    """Return the least wide tally that wins with each pair of narrow ones, (K, L); above the total if none."""
    together: list[Any] = list(np.moveaxis(first[:, None, :] + second[None, :, :], -1, 0))
    low = np.zeros(together[0].shape, dtype=np.int64)
    high = np.full(low.shape, game.totals[widest] + 1, dtype=np.int64)
    for _ in range(int(game.totals[widest] + 1).bit_length() + 1):
        middle = (low + high) // 2
        together[widest] = middle
        met = np.broadcast_to(game.met(together), low.shape) & (middle <= game.totals[widest])
        high = np.where(met, middle, high)
        low = np.where(met, low, np.minimum(middle + 1, high))
    return high


def _count(
    here: _Half,
    there: _Half,
    least: Integers,
    holding: Integers,
    voters: NDArray[np.int64],
    n: int,
    widest: int,
) -> Integers:
    """Count winning coalitions by size, and for each voter of one half those that hold it.

    Args:
        here: the half whose voters are asked about.
        there: the other half.
        least: (K, L): least wide tally that wins, by key here and key there.
        holding: (n, n + 1), filled in for ``voters``: winning coalitions that hold a voter, by size.
        voters: of the half, in the order of its columns.
        n: number of voters.
        widest: which tally is the wide one.

    Returns:
        (n + 1,): winning coalitions by size.
    """
    span = int(max(here.wide.max(), there.wide.max(), least.max())) + 2
    places = there.key * span + there.wide
    ends = np.searchsorted(there.key, np.arange(len(there.keys)), side="right")
    sizes = there.keys[:, widest]
    wins = np.zeros(n + 1, dtype=np.int64)
    step = max(1, _BLOCK // len(there.keys))
    for start in range(0, len(here.key), step):
        rows = slice(start, start + step)
        lacking = np.maximum(least[here.key[rows]] - here.wide[rows, None], 0)
        asked = np.minimum(lacking, span - 1) + np.arange(len(there.keys)) * span
        completing = ends - np.searchsorted(places, asked)
        by_size = np.zeros((len(completing), n + 1), dtype=np.int64)
        for size in np.unique(sizes):
            by_size[:, size] = completing[:, sizes == size].sum(axis=1)
        own = here.keys[here.key[rows], widest]
        for size in np.unique(own):
            chosen = own == size
            shifted = by_size[chosen][:, : n + 1 - size]
            wins[size:] += shifted.sum(axis=0)
            holding[voters, size:] += here.inside[rows][chosen].T.astype(np.int64) @ shifted
    return wins


def minimal(game: Compound) -> int | None:
    """Return how many minimal winning coalitions there are, where voters differ in the wide tally only.

    A coalition is then minimal exactly if it wins, and loses without its lightest member: so for each voter those
    of the heavier ones are counted that win with it and lose without.

    Returns:
        Their number, or ``None`` where voters differ in other tallies too, or are too many.
    """
    n = game.voters
    if n > MOST_VOTERS or max(game.totals) >= 2**40:
        return None
    widest = int(np.argmax(game.totals))
    if len({(*k.weights[:widest], *k.weights[widest + 1 :]) for k in game.kinds}) > 1:
        return None
    rows = sorted((kind.weights for kind in game.kinds for _ in kind.members), key=lambda row: row[widest])
    one = np.array(rows[0], dtype=np.int64)
    one[widest] = 0
    numbers = np.arange(n + 1, dtype=np.int64)[:, None] * one
    least = _least(game, numbers, np.zeros((1, len(one)), dtype=np.int64), widest)[:, 0]
    return sum(_lightest(rows[v], rows[v + 1 :], least, widest) for v in range(n))


def _lightest(own: Vector, heavier: list[Vector], least: Integers, widest: int) -> int:
    """Count the coalitions of heavier voters that win with one lighter, and lose without.

    Args:
        own: weights of the lighter voter.
        heavier: weights of the others.
        least: (n + 1,): least wide tally that wins, by number of members.
        widest: which tally is the wide one.
    """
    middle = len(heavier) // 2
    first, second = (_half(part, widest, len(own)) for part in (heavier[:middle], heavier[middle:]))
    sizes = first.keys[first.key, widest][:, None] + second.keys[:, widest]
    span = int(max(least.max(), second.wide.max())) + 2
    places = second.key * span + second.wide
    shift = np.arange(len(second.keys)) * span
    need = np.clip(least[sizes + 1] - own[widest] - first.wide[:, None], 0, span - 1)
    most = np.clip(least[sizes] - first.wide[:, None], 0, span - 1)
    between = np.searchsorted(places, most + shift) - np.searchsorted(places, need + shift)
    return int(np.maximum(between, 0).sum())
