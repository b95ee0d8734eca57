"""Which pairs of states belong together? Tables over all pairs, as bits of whole words, for games of few states.

Where actors may not be able to compare two states, or move together, every pair is looked at by itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.lenses.stability.space import Mask

Packed = NDArray[np.uint64]


@njit(nogil=True, cache=True)
def follow(starts: Any, targets: Any, members: Any, table: Any) -> None:
    """Mark in ``table``, shape (m, m), where legal sequences of the movers ``members`` lead from every state."""
    states = table.shape[0]
    size = members.size
    seen = np.empty((states, size), np.bool_)
    waiting = np.empty((states * size, 2), np.int64)
    for s in range(states):
        seen[:] = False
        count = _step(starts, targets, members, s, -1, seen, waiting, 0)
        while count:
            count -= 1
            x, last = waiting[count, 0], waiting[count, 1]
            table[s, x] = True
            count = _step(starts, targets, members, x, last, seen, waiting, count)


@njit(nogil=True, cache=True)
def _step(
    starts: Any, targets: Any, members: Any, x: int, last: int, seen: Any, waiting: Any, count: int
) -> int:
    for m in range(members.size):
        if m != last:
            j = members[m]
            for a in range(starts[j, x], starts[j, x + 1]):
                y = targets[a]
                if not seen[y, m]:
                    seen[y, m] = True
                    waiting[count, 0], waiting[count, 1] = y, m
                    count += 1
    return count


@njit(nogil=True, cache=True)
def hold(gains: Any, answers: Any, own: Any, fails: Any, lasting: bool, held: Any) -> None:
    """Tell of every state whether each gain from it can be answered; tables m × m, rows as packed bits.

    Args:
        gains: state → where somebody gains by going.
        answers: state → where the others can lead from there.
        own: state → where that somebody can then escape to.
        fails: state → the ends that are a failure for whoever left that state.
        lasting: whether there must be no escape from the failure.
        held: where the answer is put, shape (m,).
    """
    states, words = held.size, gains.shape[1]
    deters = np.empty(words, np.uint64)  # the states that can end an answer
    one = np.uint64(1)
    for s in range(states):
        held[s] = not meets(gains[s], gains[s])
        if held[s]:
            continue
        deters[:] = fails[s]
        if lasting:
            for c in range(states):
                bit = one << np.uint64(c & 63)
                if fails[s, c >> 6] & bit and leaves(own[c], fails[s]):
                    deters[c >> 6] &= ~bit
        held[s] = True
        for q in range(states):
            if gains[s, q >> 6] >> np.uint64(q & 63) & one and not meets(answers[q], deters):
                held[s] = False
                break


@njit(nogil=True, cache=True)
def meets(first: Any, second: Any) -> bool:
    """Tell whether two packed sets have a member in common."""
    for w in range(first.size):  # noqa: SIM110 - compiled
        if first[w] & second[w]:
            return True
    return False


@njit(nogil=True, cache=True)
def leaves(first: Any, second: Any) -> bool:
    """Tell whether the first packed set has a member that the second has not."""
    for w in range(first.size):  # noqa: SIM110 - compiled
        if first[w] & ~second[w]:
            return True
    return False


def packed(tables: Mask) -> NDArray[np.uint64]:
    """Return rows of truth values as bits of whole words, the last axis shortened 64 times."""
    missing = -tables.shape[-1] % 64
    padded = np.concatenate([tables, np.zeros((*tables.shape[:-1], missing), dtype=np.bool_)], axis=-1)
    return np.packbits(padded, axis=-1, bitorder="little").view("<u8")


def unpacked(rows: Packed, count: int) -> Mask:
    """Return the truth values that `packed` made words of, ``count`` to a row."""
    bits = np.unpackbits(rows.astype("<u8").view(np.uint8), axis=-1, count=count, bitorder="little")
    return bits.astype(np.bool_)
