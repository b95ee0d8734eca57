"""What can coalitions gain, and can the others answer it? Compiled loops over packed tables of pairs of states.

Sets of states are rows of words, 64 states to a word; improvements of coalitions are lists, as moves of a graph
are. See `coalitions` for the concepts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from detente.lenses.stability.pairs import leaves, meets

ONE = np.uint64(1)


@njit(nogil=True, cache=True)
def better_states(ranks: Any, best_first: Any) -> Any:
    """Return which states are better than each for each actor, packed; shape (k, m, words).

    Args:
        ranks: shape (k, m).
        best_first: the states in the order of each actor, shape (k, m).
    """
    actors, states = ranks.shape
    better = np.zeros((actors, states, (states + 63) // 64), np.uint64)
    above = np.empty(better.shape[2], np.uint64)
    for i in range(actors):
        above[:] = 0
        tied = 0  # where the states as good as this one begin
        for at in range(states):
            s = best_first[i, at]
            while ranks[i, best_first[i, tied]] > ranks[i, s]:
                t = best_first[i, tied]
                above[t >> 6] |= ONE << np.uint64(t & 63)
                tied += 1
            better[i, s] = above
    return better


@njit(nogil=True, cache=True)
def joint_gains(tables: Any, members: Any, better: Any) -> Any:
    """Return the improvements of all coalitions: packed, and as starts and targets of a graph.

    Args:
        tables: where each coalition can get to, packed, shape (coalitions, m, words).
        members: whether an actor is one of a coalition, shape (coalitions, k).
        better: which states are better than each for each actor, packed, shape (k, m, words).
    """
    groups, states, words = tables.shape
    starts = np.empty((groups, states + 1), np.int64)
    gained = np.empty((groups, states, words), np.uint64)
    count = 0
    for h in range(groups):
        for s in range(states):
            starts[h, s] = count
            row = gained[h, s]
            row[:] = tables[h, s]
            for i in range(members.shape[1]):
                if members[h, i]:
                    for w in range(words):
                        row[w] &= better[i, s, w]
            for w in range(words):
                count += _size(row[w])
        starts[h, states] = count
    targets = np.empty(count, np.int32)
    at = 0
    for h in range(groups):
        for s in range(states):
            for w in range(words):
                rest = gained[h, s, w]
                while rest:
                    targets[at] = 64 * w + _first(rest)
                    rest &= rest - ONE
                    at += 1
    return gained, starts, targets


@njit(nogil=True, cache=True)
def hold_jointly(
    starts: Any,
    targets: Any,
    members: Any,
    better: Any,
    tables: Any,
    rests: Any,
    lasting: bool,
    universally: bool,
) -> Any:
    """Return for which coalitions every gain from a state can be answered by moves of the others.

    Args:
        starts: of the gains, shape (coalitions, m+1).
        targets: of the gains.
        members: whether an actor is one of a coalition, shape (coalitions, k).
        better: which states are better than each for each actor, packed, shape (k, m, words).
        tables: where each coalition can get to, packed, shape (coalitions, m, words).
        rests: where the others can.
        lasting: whether the coalition must then have no escape.
        universally: whether a state that one coalition leaves need not be judged for the next ones.
    """
    groups, states, words = tables.shape
    held = np.zeros((groups, states), np.bool_)
    fails = np.empty(words, np.uint64)
    ends, escapes = np.empty(words, np.uint64), np.empty(words, np.uint64)
    for h in range(groups):
        for s in range(states):
            if universally and h and not held[h - 1, s]:
                continue
            held[h, s] = True
            if starts[h, s] == starts[h, s + 1]:
                continue
            _failures(members[h], better, s, fails)
            ends[:], escapes[:] = 0, 0
            for a in range(starts[h, s], starts[h, s + 1]):
                answers = rests[h, targets[a]]
                if not meets(answers, fails) or (
                    lasting and not _lastingly(answers, fails, tables[h], ends, escapes)
                ):
                    held[h, s] = False
                    break
    return held


@njit(nogil=True, cache=True)
def _lastingly(answers: Any, fails: Any, own: Any, ends: Any, escapes: Any) -> bool:
    """Tell whether an answer ends in a failure from which only failures can be reached.

    ``ends`` and ``escapes`` collect the failures that were found to be so and not to be so.
    """
    if meets(answers, ends):
        return True
    for w in range(fails.size):
        rest = answers[w] & fails[w] & ~escapes[w]
        while rest:
            bit = rest & (~rest + ONE)
            if not leaves(own[64 * w + _first(rest)], fails):
                ends[w] |= bit
                return True
            escapes[w] |= bit
            rest &= rest - ONE
    return False


@njit(nogil=True, cache=True)
def hold_sequentially(
    starts: Any, targets: Any, gained: Any, members: Any, apart: Any, better: Any, universally: bool
) -> Any:
    """Return for which coalitions every gain from a state can be answered by gains of coalitions of the others.

    Only for games in which a coalition gains nothing by moving twice in a row; see `Reach.merges`.

    Args:
        starts: of the gains, shape (coalitions, m+1).
        targets: of the gains.
        gained: the gains packed, shape (coalitions, m, words).
        members: whether an actor is one of a coalition, shape (coalitions, k).
        apart: whether two coalitions have no member in common, shape (coalitions, coalitions).
        better: which states are better than each for each actor, packed, shape (k, m, words).
        universally: whether a state that one coalition leaves need not be judged for the next ones.
    """
    groups, states, words = gained.shape
    held = np.zeros((groups, states), np.bool_)
    fails, after = np.empty(words, np.uint64), np.empty((states, words), np.uint64)
    followed = np.empty(states, np.bool_)
    for h in range(groups):
        known = False
        for s in range(states):
            if universally and h and not held[h - 1, s]:
                continue
            held[h, s] = True
            if starts[h, s] == starts[h, s + 1]:
                continue
            if not known:
                known = True
                after[:], followed[:] = 0, False
                for j in np.flatnonzero(apart[h]):
                    after |= gained[j]
            _failures(members[h], better, s, fails)
            for a in range(starts[h, s], starts[h, s + 1]):
                _follow(after, followed, targets[a])
                if not meets(after[targets[a]], fails):
                    held[h, s] = False
                    break
    return held


@njit(nogil=True, cache=True)
def _follow(after: Any, followed: Any, q: int) -> None:
    """Extend the states after q from those one step away to those any number of steps away."""
    if followed[q]:
        return
    seen, waiting, words = after[q], after[q].copy(), after.shape[1]
    w = 0
    while w < words:
        if not waiting[w]:
            w += 1
            continue
        y = 64 * w + _first(waiting[w])
        waiting[w] &= waiting[w] - ONE
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
def _failures(group: Any, better: Any, s: int, fails: Any) -> None:
    """Put into ``fails`` the states that are no better than s for some member of a group."""
    fails[:] = 0
    for i in range(group.size):
        if group[i]:
            for w in range(fails.size):
                fails[w] |= ~better[i, s, w]


@njit(nogil=True, cache=True)
def merges(tables: Any) -> bool:
    """Tell whether two sequences of a coalition one after the other lead nowhere that one does not.

    Args:
        tables: where each coalition can get to, packed, shape (coalitions, m, words).
    """
    groups, states, words = tables.shape
    here = np.empty(words, np.uint64)
    for h in range(groups):
        for s in range(states):
            here[:] = tables[h, s]
            here[s >> 6] |= ONE << np.uint64(s & 63)
            for y in range(states):
                if tables[h, s, y >> 6] >> np.uint64(y & 63) & ONE and leaves(tables[h, y], here):
                    return False
    return True


@njit(nogil=True, cache=True)
def _first(word: Any) -> Any:
    """Return the number of the lowest bit that is set."""
    return _size((word & (~word + ONE)) - ONE)


@njit(nogil=True, cache=True)
def _size(word: Any) -> Any:
    """Return how many bits of a word are set."""
    x = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((x * np.uint64(0x0101010101010101)) >> np.uint64(56))
