"""Which states can be left for which, and which answers deter? Sets of states as bits of whole words.

In games of few states every pair of states is looked at by itself: where actors may move together, or may not be able
to compare two states. A set of states is a row of words, 64 states to a word.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.lenses.stability.space import Mask

Packed = NDArray[np.uint64]
ONE = np.uint64(1)


def packed(tables: Mask) -> Packed:
    """Return rows of truth values as bits of whole words, the last axis shortened 64 times."""
    missing = -tables.shape[-1] % 64
    padded = np.concatenate([tables, np.zeros((*tables.shape[:-1], missing), dtype=np.bool_)], axis=-1)
    return np.packbits(padded, axis=-1, bitorder="little").view("<u8")


def unpacked(rows: Packed, count: int) -> Mask:
    """Return the truth values that `packed` made words of, ``count`` to a row."""
    bits = np.unpackbits(rows.astype("<u8").view(np.uint8), axis=-1, count=count, bitorder="little")
    return bits.astype(np.bool_)


@njit(nogil=True, cache=True)
def follow(starts: Any, targets: Any, members: Any, table: Any) -> None:
    """Mark in ``table``, shape (m, m), where legal sequences of the movers ``members`` lead from every state."""
    states, size = table.shape[0], members.size
    seen = np.empty((states, size + 1), np.int64)  # by whose last move a state was reached, from which start
    waiting = np.empty((states * size + 1, 2), np.int64)
    for x in range(states):
        for m in range(size):
            seen[x, m] = -1
    for s in range(states):
        waiting[0, 0], waiting[0, 1], count = s, size, 1
        while count:
            count -= 1
            x, last = waiting[count, 0], waiting[count, 1]
            for m in range(size):
                if m == last:  # nobody moves twice in a row
                    continue
                for a in range(starts[members[m], x], starts[members[m], x + 1]):
                    y = targets[a]
                    if seen[y, m] != s:
                        seen[y, m], table[s, y] = s, True
                        waiting[count, 0], waiting[count, 1] = y, m
                        count += 1


@njit(nogil=True, cache=True)
def split(ranks: Any, best_first: Any, better: Any, others: Any) -> None:
    """Fill in which states are better than each for each actor, and which are not; shape (k, m, words).

    Args:
        ranks: shape (k, m).
        best_first: the states in the order of each actor, shape (k, m).
        better: shape (k, m, words).
        others: the same.
    """
    actors, states = ranks.shape
    words = better.shape[2]
    above = np.empty(words, np.uint64)
    for i in range(actors):
        for w in range(words):
            above[w] = 0
        tied = 0  # where the states as good as this one begin
        for at in range(states):
            s = best_first[i, at]
            while ranks[i, best_first[i, tied]] > ranks[i, s]:
                t = best_first[i, tied]
                above[t >> 6] |= ONE << np.uint64(t & 63)
                tied += 1
            for w in range(words):
                better[i, s, w], others[i, s, w] = above[w], ~above[w]


@njit(nogil=True, cache=True)
def gained_by(tables: Any, members: Any, better: Any) -> Any:
    """Return where every coalition can get to that is better for all its members, shape (coalitions, m, words).

    Args:
        tables: where each coalition can get to, shape (coalitions, m, words).
        members: whether an actor is one of a coalition, shape (coalitions, k).
        better: which states are better than each for each actor, shape (k, m, words).
    """
    groups, states, words = tables.shape
    gained = np.empty((groups, states, words), np.uint64)
    for h in range(groups):
        for s in range(states):
            for w in range(words):
                row = tables[h, s, w]
                for i in range(members.shape[1]):
                    if members[h, i]:
                        row &= better[i, s, w]
                gained[h, s, w] = row
    return gained


@njit(nogil=True, cache=True)
def hold(
    gained: Any,
    members: Any,
    fails: Any,
    tables: Any,
    rests: Any,
    apart: Any,
    lasting: bool,
    closing: bool,
    universally: bool,
    held: Any,
) -> None:
    """Fill in for which coalitions every gain from a state can be answered so that a member regrets it.

    Args:
        gained: what each coalition gains by going to, shape (coalitions, m, words).
        members: whether an actor is one of a coalition, shape (coalitions, k).
        fails: at which ends each actor regrets to have left a state, shape (k, m, words).
        tables: where each coalition can get to, shape (coalitions, m, words).
        rests: where the others can lead in answer, shape (coalitions, m, words).
        apart: whether two coalitions have no member in common, shape (coalitions, coalitions).
        lasting: whether the coalition must have no escape from where the answer ends.
        closing: whether the answers are gains of coalitions of the others instead, any number of them one after
            the other; only where moving twice in a row gains nothing, see `Reach.merges`.
        universally: whether a state that one coalition leaves need not be judged for the next ones.
        held: shape (coalitions, m).
    """
    groups, states, words = gained.shape
    regret = np.empty(words, np.uint64)
    firm, escapable = np.empty(words, np.uint64), np.empty(words, np.uint64)
    after = np.empty((states if closing else 0, words), np.uint64)
    followed = np.empty(states, np.bool_)
    for h in range(groups):
        known = not closing
        for s in range(states):
            held[h, s] = not (universally and h and not held[h - 1, s])
            if not held[h, s]:
                continue
            started = False
            for w in range(words):
                rest = gained[h, s, w]
                while rest and held[h, s]:
                    q = 64 * w + _first(rest)
                    rest &= rest - ONE
                    if not started:  # what a member regrets, and what is known of these ends
                        started = True
                        for v in range(words):
                            regret[v] = firm[v] = escapable[v] = 0
                            for i in range(members.shape[1]):
                                if members[h, i]:
                                    regret[v] |= fails[i, s, v]
                    if not known:
                        known = True
                        _one_step(gained, apart[h], after, followed)
                    if closing:
                        _close(after, followed, q)
                        answers = after[q]
                    else:
                        answers = rests[h, q]
                    if lasting:
                        held[h, s] = _meets_lastingly(answers, regret, tables[h], firm, escapable)
                    else:
                        held[h, s] = _meets(answers, regret)


@njit(nogil=True, cache=True)
def _meets(first: Any, second: Any) -> bool:
    """Tell whether two sets have a member in common."""
    for w in range(first.size):  # noqa: SIM110 - compiled
        if first[w] & second[w]:
            return True
    return False


@njit(nogil=True, cache=True)
def _leaves(first: Any, second: Any) -> bool:
    """Tell whether the first set has a member that the second has not."""
    for w in range(first.size):  # noqa: SIM110 - compiled
        if first[w] & ~second[w]:
            return True
    return False


@njit(nogil=True, cache=True)
def _meets_lastingly(answers: Any, regret: Any, own: Any, firm: Any, escapable: Any) -> bool:
    """Tell whether an answer ends in regret from which only regret can be reached.

    ``firm`` and ``escapable`` collect the ends that were found to be so and not to be so.
    """
    if _meets(answers, firm):
        return True
    for w in range(regret.size):
        rest = answers[w] & regret[w] & ~escapable[w]
        while rest:
            bit = rest & (~rest + ONE)
            if not _leaves(own[64 * w + _first(rest)], regret):
                firm[w] |= bit
                return True
            escapable[w] |= bit
            rest &= rest - ONE
    return False


@njit(nogil=True, cache=True)
def _one_step(gained: Any, apart: Any, after: Any, followed: Any) -> None:
    """Set ``after`` to where one gain of a coalition of the others leads from every state."""
    for x in range(after.shape[0]):
        followed[x] = False
        for w in range(after.shape[1]):
            after[x, w] = 0
            for other in range(apart.size):
                if apart[other]:
                    after[x, w] |= gained[other, x, w]


@njit(nogil=True, cache=True)
def _close(after: Any, followed: Any, q: int) -> None:
    """Extend the states after q from those one step away to those any number of steps away."""
    if followed[q]:
        return
    words = after.shape[1]
    seen, waiting = after[q], after[q].copy()
    w = 0
    while w < words:
        if not waiting[w]:
            w += 1
            continue
        y = 64 * w + _first(waiting[w])
        waiting[w] &= waiting[w] - ONE
        # What follows y is new, or if all of it is known nothing there need be looked at again.
        back = w
        for v in range(words):
            if followed[y]:
                waiting[v] &= ~after[y, v]
            else:
                waiting[v] |= after[y, v] & ~seen[v]
                if waiting[v]:
                    back = min(back, v)
            seen[v] |= after[y, v]
        w = back
    followed[q] = True


@njit(nogil=True, cache=True)
def merges(tables: Any) -> bool:
    """Tell whether two sequences of a coalition one after the other lead nowhere that one does not.

    Args:
        tables: where each coalition can get to, shape (coalitions, m, words).
    """
    groups, states, words = tables.shape
    here = np.empty(words, np.uint64)
    for h in range(groups):
        for s in range(states):
            for w in range(words):
                here[w] = tables[h, s, w]
            here[s >> 6] |= ONE << np.uint64(s & 63)
            for y in range(states):
                if tables[h, s, y >> 6] >> np.uint64(y & 63) & ONE and _leaves(tables[h, y], here):
                    return False
    return True


@njit(nogil=True, cache=True)
def _first(word: Any) -> Any:
    """Return the number of the lowest bit that is set, as the number of bits below it."""
    x = (word & (~word + ONE)) - ONE
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((x * np.uint64(0x0101010101010101)) >> np.uint64(56))
