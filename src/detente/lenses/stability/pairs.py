"""Which states hold for every coalition? Sets of states as bits of whole words, 64 states to a word, draw by draw.

What a coalition gains from a state is where it can get to, and is better for each member than the state; members
regret an end that is no better for one of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.compiled import inside, kept
from detente.lenses.stability.space import Mask

Packed = NDArray[np.uint64]
ONE = np.uint64(1)
NASH, GMR, SMR, SEQ = range(4)


def packed(tables: Mask) -> Packed:
    """Return rows of truth values as bits of whole words, the last axis shortened 64 times."""
    missing = -tables.shape[-1] % 64
    padded = np.concatenate([tables, np.zeros((*tables.shape[:-1], missing), dtype=np.bool_)], axis=-1)
    return np.packbits(padded, axis=-1, bitorder="little").view("<u8")


def unpacked(rows: Packed, count: int) -> Mask:
    """Return the truth values that `packed` made words of, ``count`` to a row."""
    bits = np.unpackbits(rows.astype("<u8").view(np.uint8), axis=-1, count=count, bitorder="little")
    return bits.astype(np.bool_)


@kept
def hold(ranks: Any, tables: Any, rests: Any, sets: Any, held: Any) -> None:
    """Keep of what is to be judged what holds: each gain of a coalition is answered so that a member regrets it.

    By SEQ answers are gains of coalitions of the others, any number of them one after the other: only for games
    in which moving twice in a row gains nothing, see `Graph.merges`.

    Args:
        ranks: shape (draws, k, m).
        tables: where each coalition can get to, shape (coalitions, m, words).
        rests: where the others can lead in answer, shape (coalitions, m, words).
        sets: the members of each coalition as bits, shape (coalitions,).
        held: what is to be judged of the four concepts, shape (draws, 4, coalitions, m), or (draws, 4, 1, m) where
            only what holds for all coalitions counts.
    """
    draws, actors, states = ranks.shape
    groups, _, words = tables.shape
    better = np.empty((1 << actors, states, words), np.uint64)  # for all members of a set of actors
    within = np.empty(better.shape, np.uint64)  # gains of all coalitions within a set of actors
    known, open_ = np.empty((4, words), np.uint64), np.empty(4, np.bool_)
    left, count = np.empty(states, np.int64), 0
    for draw in range(draws):
        for i in range(actors):
            _split(ranks[draw, i], better[1 << i])
        _meet(better)
        if held[draw, SEQ].any():
            _gains_within(better, tables, sets, within)
        for h in range(groups - 1, -1, -1):  # the largest gain most often
            here = held[draw, :, h if held.shape[2] > 1 else 0]
            if h == groups - 1 or held.shape[2] > 1:
                count = 0  # states of which something is to be judged
                for s in range(states):
                    left[count] = s
                    count += here[NASH, s] or here[GMR, s] or here[SMR, s] or here[SEQ, s]
            firm, others, still = better[sets[h]], ~sets[h] & ((1 << actors) - 1), 0
            for n in range(count):
                s = left[n]
                if _meets(firm[s], tables[h, s]):
                    here[NASH, s] = False
                    for c in range(4):
                        open_[c] = here[c, s]
                    _judge(firm[s], tables[h], s, rests[h], within[others], known, open_)
                    for c in range(4):
                        here[c, s] = open_[c]
                if here[NASH, s] or here[GMR, s] or here[SMR, s] or here[SEQ, s]:
                    left[still] = s
                    still += 1
            count = still


@inside
def _judge(better: Any, own: Any, s: int, rests: Any, after: Any, known: Any, open_: Any) -> None:
    """Close each concept by which a gain from a state is not answered: by an end that is not better for all."""
    for w in range(better.size):
        known[0, w] = known[1, w] = 0
    for w in range(better.size):
        gains = better[w] & own[s, w]
        while gains and (open_[GMR] or open_[SMR] or open_[SEQ]):
            q = 64 * w + _first(gains)
            gains &= gains - ONE
            if not _leaves(rests[q], better):  # nor then lastingly, nor by gains
                open_[GMR] = open_[SMR] = open_[SEQ] = False
            if open_[SMR]:
                open_[SMR] = _deters_lastingly(rests[q], better, own, known[0], known[1])
            if open_[SEQ]:
                open_[SEQ] = _leads(after, q, better, known[2], known[3])


@inside
def _split(rank: Any, better: Any) -> None:
    """Fill in which states are better than each, shape (m, words)."""
    states, words = better.shape
    highest = 0
    for s in range(states):
        highest = max(highest, rank[s])
    above = np.zeros((highest + 2, words), np.uint64)  # which states have at least each rank
    for s in range(states):
        above[rank[s], s >> 6] |= ONE << np.uint64(s & 63)
    for level in range(highest - 1, -1, -1):
        for w in range(words):
            above[level, w] |= above[level + 1, w]
    for s in range(states):
        for w in range(words):
            better[s, w] = above[rank[s] + 1, w]


@inside
def _meet(better: Any) -> None:
    """Fill in which states are better for all members of a set, from those of sets with one member fewer."""
    for mask in range(1, better.shape[0]):
        last = mask & -mask
        if mask != last:
            better[mask] = better[mask ^ last] & better[last]


@inside
def _gains_within(better: Any, tables: Any, sets: Any, within: Any) -> None:
    """Fill in where one gain of a coalition within each set of actors leads: with one more actor at a time."""
    within[:] = 0
    for h in range(sets.size):
        within[sets[h]] = tables[h] & better[sets[h]]
    bit = 1
    while bit < within.shape[0]:
        for mask in range(within.shape[0]):
            if mask & bit:
                within[mask] |= within[mask ^ bit]
        bit <<= 1


@inside
def _meets(first: Any, second: Any) -> bool:
    """Tell whether two sets have a member in common."""
    for w in range(first.size):  # noqa: SIM110 - compiled
        if first[w] & second[w]:
            return True
    return False


@inside
def _leaves(first: Any, second: Any) -> bool:
    """Tell whether the first set has a member that the second has not."""
    for w in range(first.size):  # noqa: SIM110 - compiled
        if first[w] & ~second[w]:
            return True
    return False


@inside
def _deters_lastingly(answers: Any, better: Any, own: Any, firm: Any, escapable: Any) -> bool:
    """Tell whether an answer ends where not all are better off, and cannot all be so by moving on.

    ``firm`` and ``escapable`` collect the ends that were found to be so and not to be so.
    """
    if _meets(answers, firm):
        return True
    for w in range(better.size):
        rest = answers[w] & ~better[w] & ~escapable[w]
        while rest:
            bit = rest & (~rest + ONE)
            if not _meets(own[64 * w + _first(rest)], better):
                firm[w] |= bit
                return True
            escapable[w] |= bit
            rest &= rest - ONE
    return False


@inside
def _leads(after: Any, q: int, better: Any, seen: Any, waiting: Any) -> bool:
    """Tell whether gains, one after the other, lead from q to an end that is not better for all."""
    for w in range(seen.size):
        seen[w] = waiting[w] = after[q, w]
    if _leaves(seen, better):
        return True
    w = 0
    while w < seen.size:
        if not waiting[w]:
            w += 1
            continue
        y = 64 * w + _first(waiting[w])
        waiting[w] &= waiting[w] - ONE
        if _leaves(after[y], better):
            return True
        for v in range(seen.size):
            fresh = after[y, v] & ~seen[v]
            seen[v] |= fresh
            waiting[v] |= fresh
            if fresh and v < w:
                w = v
    return False


@inside
def _first(word: Any) -> Any:
    """Return the number of the lowest bit that is set, as the number of bits below it."""
    x = (word & (~word + ONE)) - ONE
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((x * np.uint64(0x0101010101010101)) >> np.uint64(56))
