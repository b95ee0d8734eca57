"""Which states can be left for which, and which answers deter? Sets of states as bits of whole words.

In games of few states every pair of states is looked at by itself, also where actors move together or cannot
compare two states. A set of states is a row of words, 64 states to a word.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.compiled import inside, kept
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


@kept
def hold_in_draws(
    ranks: Any, marks: Any, strong: bool, tables: Any, rests: Any, members: Any, kinds: Any, held: Any
) -> None:
    """Fill in what holds by known orders; as `hold`, with ``ranks`` and ``marks`` of shape (draws, k, m)."""
    draws, actors, states = ranks.shape
    better = np.empty((actors, states, tables.shape[2]), np.uint64)
    fails = np.empty(better.shape, np.uint64)
    for draw in range(draws):
        for i in range(actors):
            _split(ranks[draw, i], better[i], fails[i])
            if strong:
                _marked(ranks[draw, i], marks[draw, i], fails[i])
        hold(better, fails, tables, rests, members, kinds, held[draw])


@inside
def _split(rank: Any, better: Any, others: Any) -> None:
    """Fill in which states are better than each, and which are not; shape (m, words)."""
    states, words = better.shape
    # A counting sort gives the states from best to worst; those above a tie are better than all in it.
    highest = 0
    for s in range(states):
        highest = max(highest, rank[s])
    start = np.zeros(highest + 2, np.int64)
    for s in range(states):
        start[highest - rank[s] + 1] += 1
    for r in range(highest + 1):
        start[r + 1] += start[r]
    best_first, at = np.empty(states, np.int64), start.copy()
    for s in range(states):
        best_first[at[highest - rank[s]]] = s
        at[highest - rank[s]] += 1
    above = np.zeros(words, np.uint64)
    known = 0
    for s in best_first:
        while known < start[highest - rank[s]]:
            t = best_first[known]
            above[t >> 6] |= ONE << np.uint64(t & 63)
            known += 1
        for w in range(words):
            better[s, w], others[s, w] = above[w], ~above[w]


@inside
def _marked(rank: Any, mark: Any, fails: Any) -> None:
    """Fill in which states are at or below the mark of each, shape (m, words)."""
    for s in range(rank.size):
        for w in range(fails.shape[1]):
            fails[s, w] = 0
        for t in range(rank.size):
            if rank[t] <= mark[s]:
                fails[s, t >> 6] |= ONE << np.uint64(t & 63)


NASH, GMR, SMR, SEQ = 0, 1, 2, 3
ALONE, UNIVERSALLY = 4, 8
"""Added to a concept: of single actors; and what one coalition leaves need not be judged for the next ones."""


@kept
def hold(better: Any, fails: Any, tables: Any, rests: Any, members: Any, kinds: Any, held: Any) -> None:
    """Fill in for which coalitions every gain from a state can be answered so that a member regrets it.

    By SEQ answers are gains of coalitions of the others, any number of them one after the other: only for games
    in which moving twice in a row gains nothing, see `Reach.merges`.

    Args:
        better: for which states each actor leaves each, shape (k, m, words).
        fails: at which ends each actor regrets to have left a state, shape (k, m, words).
        tables: where each coalition can get to, shape (coalitions, m, words); the first are the single actors.
        rests: where the others can lead in answer, shape (coalitions, m, words).
        members: whether an actor is one of a coalition, shape (coalitions, k).
        kinds: what is judged: a concept, with ``ALONE`` and ``UNIVERSALLY`` added to it.
        held: shape (kinds, coalitions, m).
    """
    groups, states, _ = tables.shape
    actors = members.shape[1]
    gained = tables.copy()
    for h in range(groups):
        for i in range(actors):
            if members[h, i]:
                _keep(gained[h], better[i])
    for n in range(kinds.size):
        concept, universally = kinds[n] & 3, kinds[n] & UNIVERSALLY != 0
        few = actors if kinds[n] & ALONE else groups
        answers = _gains_apart(gained[:few], members) if concept == SEQ else rests
        followed = np.empty(states, np.bool_)
        for h in range(few):
            for s in range(states):
                if not universally or h == 0:
                    held[n, h, s] = not universally or _may_hold(kinds, n, actors, held[:, :, s])
                else:
                    held[n, h, s] = held[n, h - 1, s]
                followed[s] = False
            _judge(gained[h], members[h], fails, tables[h], answers[h], concept, followed, held[n, h])


@inside
def _may_hold(kinds: Any, n: int, actors: int, held: Any) -> bool:
    """Tell whether a state is not left already by a concept judged before that asks no more than the n-th does.

    What others cannot answer at all (GMR) they cannot answer lastingly (SMR) or by gains (SEQ); and what an actor
    leaves by Nash, GMR or SMR, it leaves as a coalition of one.
    """
    concept, alone = kinds[n] & 3, kinds[n] & ALONE
    for m in range(n):
        other, other_alone = kinds[m] & 3, kinds[m] & ALONE
        weaker = other == concept or (other == GMR and concept >= SMR)
        narrower = other_alone == alone or (other_alone != 0 and other != SEQ)
        if kinds[m] & UNIVERSALLY and weaker and narrower and not held[m, actors - 1 if other_alone else -1]:
            return False
    return True


@inside
def _mask(group: Any) -> int:
    """Return a set of actors as bits of a number."""
    mask = 0
    for i in range(group.size):
        mask |= group[i] << i
    return mask


@inside
def _gains_apart(gained: Any, members: Any) -> Any:
    """Return where one gain of a coalition that has no member in common with each leads; shape as ``gained``."""
    groups, states, words = gained.shape
    actors = members.shape[1]
    found = np.zeros((groups, states, words), np.uint64)
    if groups == actors:  # single actors
        for h in range(groups):
            for other in range(groups):
                if other != h:
                    _unite(found[h], gained[other])
        return found
    # What is gained within each set of actors: with one more actor at a time, a set takes over what is gained
    # within the set without it.
    sets = 1 << actors
    within = np.zeros((sets, states, words), np.uint64)
    for h in range(groups):
        _unite(within[_mask(members[h])], gained[h])
    for i in range(actors):
        for mask in range(sets):
            if mask >> i & 1:
                _unite(within[mask], within[mask ^ (1 << i)])
    for h in range(groups):
        _unite(found[h], within[sets - 1 - _mask(members[h])])
    return found


@inside
def _unite(one: Any, other: Any) -> None:
    """Add the members of other sets to some sets, both of shape (m, words)."""
    flat, more = one.reshape(one.size), other.reshape(one.size)  # so that it is done many words at a time
    for k in range(flat.size):
        flat[k] |= more[k]


@inside
def _keep(one: Any, other: Any) -> None:
    """Keep of some sets what is in others too, both of shape (m, words)."""
    flat, kept = one.reshape(one.size), other.reshape(one.size)
    for k in range(flat.size):
        flat[k] &= kept[k]


@inside
def _judge(
    gained: Any, own: Any, fails: Any, table: Any, answers: Any, concept: int, followed: Any, held: Any
) -> None:
    """Set ``held``, shape (m,), to False where a coalition has a gain that is not answered."""
    states, words = gained.shape
    regret = np.empty(words, np.uint64)
    firm, escapable = np.empty(words, np.uint64), np.empty(words, np.uint64)
    for s in range(states):
        if not held[s]:
            continue
        started = False
        for w in range(words):
            gains = gained[s, w]
            if concept == NASH and gains:
                held[s] = False
            while gains and held[s]:
                q = 64 * w + _first(gains)
                gains &= gains - ONE
                if not started:  # what a member regrets, and what is known of these ends
                    started = True
                    for v in range(words):
                        regret[v] = firm[v] = escapable[v] = 0
                        for i in range(own.size):
                            if own[i]:
                                regret[v] |= fails[i, s, v]
                if concept == SMR:
                    held[s] = _meets_lastingly(answers[q], regret, table, firm, escapable)
                else:
                    if concept == SEQ:
                        _close(answers, followed, q)
                    held[s] = _meets(answers[q], regret)


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


@inside
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


@kept
def merges(tables: Any) -> bool:
    """Tell whether two sequences of a coalition one after the other lead nowhere that one does not."""
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


@inside
def _first(word: Any) -> Any:
    """Return the number of the lowest bit that is set, as the number of bits below it."""
    x = (word & (~word + ONE)) - ONE
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((x * np.uint64(0x0101010101010101)) >> np.uint64(56))
