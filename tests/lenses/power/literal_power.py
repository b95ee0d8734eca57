"""Voting power by the letter of the definitions: every coalition, every order, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, permutations, product
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


# --- where members may abstain: votes are 1, 0 and -1 ---------------------------------------------------


def carried(rule: Node, votes: Sequence[int]) -> bool:
    """Tell whether a motion is carried; a body within a body votes yes or no."""
    return _said(rule, votes) == 1


def _said(rule: Node, votes: Sequence[int]) -> int:
    if isinstance(rule, Voter):
        return votes[rule.index]
    said = [(weight * (p.seats if isinstance(p, Voter) else 1), _said(p, votes)) for weight, p in rule.parts]
    pro, con = (sum(weight for weight, vote in said if vote == side) for side in (1, -1))
    if rule.abstention is None:
        good = pro >= rule.quota
    elif rule.abstention.share is None:
        good = con == 0
    else:
        share = Fraction(pro, pro + con) if pro else Fraction(0)
        good = pro > 0 and (
            share > rule.abstention.share if rule.abstention.strict else share >= rule.abstention.share
        )
    return 1 if good else -1


def ternary_banzhaf(rule: Node, n: int) -> list[int]:
    """Return, voter by voter, in how many ways of voting it is critical: one step down, and the motion falls."""
    found = [0] * n
    for votes in product((1, 0, -1), repeat=n):
        for voter in range(n):
            lower = [*votes[:voter], votes[voter] - 1, *votes[voter + 1 :]]
            if votes[voter] > -1 and carried(rule, votes) and not carried(rule, lower):
                found[voter] += 1
    return found


def ternary_shapley(rule: Node, n: int) -> list[Fraction]:
    """Return the share of roll calls, in all orders and ways, that are settled by each voter's vote."""
    pivots = [0] * n
    for order in permutations(range(n)):
        for votes in product((1, 0, -1), repeat=n):
            for last in range(n + 1):
                cast = set(order[:last])
                best, worst = ([votes[v] if v in cast else rest for v in range(n)] for rest in (1, -1))
                if carried(rule, best) == carried(rule, worst):
                    pivots[order[last - 1]] += last > 0
                    break
    return [Fraction(count, factorial(n) * 3**n) for count in pivots]


# --- where some vote as blocs -------------------------------------------------------------------------


def owen(won: set[Coalition], unions: Sequence[Sequence[int]], n: int) -> list[Fraction]:
    """Return the share of orders that keep every bloc together in which each voter is the pivot."""
    pivots, orders = [0] * n, 0
    for row in permutations(unions):
        for inner in product(*(permutations(union) for union in row)):
            orders += 1
            joined: Coalition = frozenset()
            for voter in (v for union in inner for v in union):
                joined |= {voter}
                if joined in won:
                    pivots[voter] += 1
                    break
    return [Fraction(count, orders) for count in pivots]


def banzhaf_owen(won: set[Coalition], unions: Sequence[Sequence[int]], n: int) -> list[Fraction]:
    """Return the share of ways for other blocs and other members of the own to join in which each voter swings."""
    found = [Fraction(0)] * n
    for union in unions:
        rest = [frozenset(other) for other in unions if other is not union]
        for voter in union:
            mates = [v for v in union if v != voter]
            ways = [
                frozenset().union(*(rest[k] for k in some)) | own
                for some in coalitions(range(len(rest)))
                for own in coalitions(mates)
            ]
            swung = sum(way not in won and way | {voter} in won for way in ways)
            found[voter] = Fraction(swung, len(ways))
    return found


def coleman_shapley(won: set[Coalition], n: int) -> list[Fraction]:
    """Return the Shapley value of the power to act of those who are in: what each adds to it, over all orders."""

    def act(inside: Coalition) -> Fraction:
        return Fraction(sum(one <= inside for one in won), 2 ** len(inside))

    found = [Fraction(0)] * n
    for order in permutations(range(n)):
        for place, voter in enumerate(order):
            before = frozenset(order[:place])
            found[voter] += (act(before | {voter}) - act(before)) / factorial(n)
    return found
