"""How much power has a voter? Two indices as exact fractions, each of which adds up to 1 over a body.

With swings of a voter counted by the size s of the coalition that it joins, out of n voters: Shapley & Shubik
(1954) weigh each by s! (n - s - 1)! / n!, the share of orders of joining in which it is the pivot; Banzhaf (1965)
counts all alike, and takes each voter's share of the sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from math import factorial

from detente.case.consent import Body
from detente.case.electorate import body_members
from detente.case.thresholds import Node, Threshold
from detente.case.voting.counting import Counted, counted


def shapley(found: Counted) -> list[Fraction]:
    """Return the Shapley–Shubik index of one voter of each kind."""
    n = found.voters
    orders = [factorial(size) * factorial(n - 1 - size) for size in range(n)]
    led = [sum(count * ways for count, ways in zip(own, orders, strict=False)) for own in found.swings]
    return [Fraction(one, factorial(n)) for one in led]


def banzhaf(found: Counted) -> list[Fraction]:
    """Return the normalised Banzhaf index of one voter of each kind."""
    pairs = zip(found.kinds, found.swings, strict=True)
    everyone = sum(len(kind) * sum(own) for kind, own in pairs)
    return [Fraction(sum(own), everyone) for own in found.swings]


@lru_cache(maxsize=32)
def _by_voter(rule: Node) -> Mapping[str, tuple[Fraction, ...]] | None:
    """Return each index of every voter, or ``None`` where they cannot be counted."""
    found = counted(rule if isinstance(rule, Threshold) else Threshold(1, ((1, rule),)))
    if found is None:
        return None
    row = {voter: kind for kind, members in enumerate(found.kinds) for voter in members}
    by_kind = {"shapley": shapley(found), "banzhaf": banzhaf(found)}
    return {name: tuple(one[row[voter]] for voter in range(len(row))) for name, one in by_kind.items()}


def in_body(bodies: Mapping[str, Body], body: str, index: str) -> Mapping[str, Fraction] | None:
    """Return the power of every actor in a body; of one with several members who vote apart, of all of them.

    Args:
        bodies: of the case.
        body: id of one of them.
        index: ``shapley`` or ``banzhaf``.

    Returns:
        actor → its share of 1, or ``None`` where the members are too many and too different to be counted.
    """
    rule, members = body_members(bodies, body)
    found = _by_voter(rule)
    if found is None:
        return None
    powers: dict[str, Fraction] = {}
    for member, power in zip(members, found[index], strict=True):
        powers[member.actor] = powers.get(member.actor, Fraction(0)) + power
    return powers
