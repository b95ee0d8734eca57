"""Voting power by the letter of the definitions: every coalition, every order, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, permutations
from math import factorial

from detente.case.thresholds import Node, Voter

Coalition = frozenset[int]


def holds(rule: Node, coalition: Coalition) -> bool:
    """Tell whether a coalition meets a rule."""
    if isinstance(rule, Voter):
        return rule.index in coalition
    tally = 0
    for weight, part in rule.parts:
        if holds(part, coalition):
            tally += weight * (part.seats if isinstance(part, Voter) else 1)
    return tally >= rule.quota


def coalitions(voters: Sequence[int]) -> Iterator[Coalition]:
    """Yield every coalition, the empty one first."""
    for size in range(len(voters) + 1):
        yield from map(frozenset, combinations(voters, size))


def winning(rule: Node, n: int) -> set[Coalition]:
    """Return every winning coalition."""
    return {coalition for coalition in coalitions(range(n)) if holds(rule, coalition)}


def swings(won: set[Coalition], n: int) -> list[list[int]]:
    """Return, voter by voter, how many losing coalitions of each size win when it joins."""
    found = [[0] * (n + 1) for _ in range(n)]
    for coalition in coalitions(range(n)):
        for voter in set(range(n)) - coalition:
            if coalition not in won and coalition | {voter} in won:
                found[voter][len(coalition)] += 1
    return found


def shapley_shubik(won: set[Coalition], n: int) -> list[Fraction]:
    """Return the share of orders in which each voter is the pivot, for few voters."""
    pivots = [0] * n
    for order in permutations(range(n)):
        joined: Coalition = frozenset()
        for voter in order:
            joined |= {voter}
            if joined in won:
                pivots[voter] += 1
                break
    return [Fraction(count, factorial(n)) for count in pivots]


def minimal(won: set[Coalition]) -> set[Coalition]:
    """Return the winning coalitions of which no proper part wins."""
    return {one for one in won if not any(one - {voter} in won for voter in one)}


def blocking(won: set[Coalition], n: int) -> set[Coalition]:
    """Return the coalitions without which the others lose."""
    everyone = frozenset(range(n))
    return {one for one in coalitions(range(n)) if everyone - one not in won}


def deegan_packel(won: set[Coalition], n: int) -> list[Fraction]:
    """Return each voter's equal share of the minimal winning coalitions that it is in, on average."""
    smallest = minimal(won)
    return [
        sum((Fraction(1, len(one)) for one in smallest if v in one), Fraction(0)) / len(smallest)
        for v in range(n)
    ]


def holler(won: set[Coalition], n: int) -> list[Fraction]:
    """Return each voter's share of all memberships in minimal winning coalitions."""
    times = [sum(v in one for one in minimal(won)) for v in range(n)]
    return [Fraction(count, sum(times)) for count in times]


def johnston(won: set[Coalition], n: int) -> list[Fraction]:
    """Return each voter's equal share of the winning coalitions that lose without it, normalised."""
    sums = [Fraction(0)] * n
    for one in won:
        critical = [voter for voter in one if one - {voter} not in won]
        for voter in critical:
            sums[voter] += Fraction(1, len(critical))
    return [part / sum(sums) for part in sums]


def nakamura(won: set[Coalition]) -> float:
    """Return the least number of winning coalitions without a common member."""
    smallest = sorted(minimal(won), key=sorted)
    if frozenset.intersection(*smallest):
        return float("inf")
    for number in range(1, len(smallest) + 1):
        if any(not frozenset.intersection(*some) for some in combinations(smallest, number)):
            return float(number)
    raise AssertionError("all of them together have no common member")
