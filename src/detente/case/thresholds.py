"""When does a group consent? A rule as one tree of thresholds over voters: a monotone simple game.

One kind of node says it all: a threshold is met when the weights of the parts that agree add up to its quota.
``all of`` n parts is the quota n over weights 1, ``any of`` the quota 1, a weighted vote the quota over the
weights, a headcount condition one more threshold beside it (Shapley 1962; Taylor & Zwicker 1999, *Simple Games*).
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Agreed = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Voter:
    """A leaf: one voter, or alike voters who agree or refuse together.

    Attributes:
        index: row of the voter in all arrays.
        seats: how many members it stands for; each counts the weight that its threshold gives it.
    """

    index: int
    seats: int = 1


class Abstention(NamedTuple):
    """What a threshold makes of members who vote neither yes nor no.

    Attributes:
        share: of the votes cast that must be yes; ``None`` where it is enough that nobody votes no.
        strict: whether more than that share is needed.
    """

    share: Fraction | None
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Threshold:
    """A node: met when the weights of the parts that agree add up to the quota at least.

    Attributes:
        quota: an integer; decimals are scaled before. At most 0: always met. Above the sum of weights: never.
        parts: (weight per seat ≥ 0, part). A part that is a node counts its weight once.
        name: of a body, where the node is one.
        unit: votes, as the case counts them, that a weight of 1 stands for.
        abstention: what it makes of members who abstain; where it is ``None`` they count as if they said no.
    """

    quota: int
    parts: tuple[tuple[int, Node], ...]
    name: str | None = None
    abstention: Abstention | None = None
    unit: float = field(default=1.0, compare=False)

    @property
    def total(self) -> int:
        """Sum of all weights, seats counted."""
        return sum(weight * seats(part) for weight, part in self.parts)


Node = Voter | Threshold


def seats(part: Node) -> int:
    """Return how many members a part counts for."""
    return part.seats if isinstance(part, Voter) else 1


def all_of(*parts: Node, name: str | None = None) -> Threshold:
    """Return the rule that every part must agree, all seats of a voter among them."""
    return Threshold(sum(map(seats, parts)), tuple((1, part) for part in parts), name)


def any_of(*parts: Node, name: str | None = None) -> Threshold:
    """Return the rule that one part is enough."""
    return Threshold(1, tuple((1, part) for part in parts), name)


def voters(rule: Node) -> Iterator[int]:
    """Return the index of every voter of a rule, once each, in the order of the tree."""
    if isinstance(rule, Voter):
        return iter((rule.index,))
    return iter(dict.fromkeys(index for _, part in rule.parts for index in voters(part)))


def wins(rule: Node, agreed: Agreed) -> Agreed:
    """Return whether coalitions win, shape (...), given who agrees, shape (..., voters)."""
    if isinstance(rule, Voter):
        return np.asarray(agreed[..., rule.index], dtype=np.bool_)
    alone = [(weight * part.seats, part.index) for weight, part in rule.parts if isinstance(part, Voter)]
    weights, columns = np.array(alone, dtype=np.int64).reshape(-1, 2).T
    tally = agreed[..., columns] @ weights
    for weight, part in rule.parts:
        if not isinstance(part, Voter):
            tally = tally + weight * wins(part, agreed)
    return np.asarray(tally >= rule.quota)


def margin(rule: Node, margins: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the margin of a rule: the largest level at which those above it form a winning coalition.

    ``all of`` is the least margin of its parts, ``any of`` the greatest, a vote the greatest level that the
    weights above it carry. At least 0 exactly if those with a margin of at least 0 win.

    Args:
        rule: the rule.
        margins: shape (..., voters); ``-inf`` for who cannot accept at all.

    Returns:
        shape (...); ``inf`` for a rule that is always met, ``-inf`` for one that never is.
    """
    if isinstance(rule, Voter):
        return margins[..., rule.index]
    if rule.quota <= 0:
        return np.full(margins.shape[:-1], np.inf)
    if not rule.parts or rule.total < rule.quota:
        return np.full(margins.shape[:-1], -np.inf)
    alone = [part.index for _, part in rule.parts if isinstance(part, Voter)]
    if len(alone) == len(rule.parts):
        levels = margins[..., alone]
    else:
        levels = np.stack([margin(part, margins) for _, part in rule.parts], axis=-1)
    weights = np.array([weight * seats(part) for weight, part in rule.parts], dtype=np.int64)
    order = np.argsort(-levels, axis=-1, kind="stable")
    reached = np.cumsum(weights[order], axis=-1) >= rule.quota
    first = np.argmax(reached, axis=-1)
    chosen = np.take_along_axis(order, first[..., None], axis=-1)
    return np.take_along_axis(levels, chosen, axis=-1)[..., 0]


def renumbered(rule: Node, row: Mapping[int, int]) -> Node:
    """Return the rule over other numbers of its voters; those that get the same number are one from then on."""
    if isinstance(rule, Voter):
        return replace(rule, index=row[rule.index])
    return replace(rule, parts=tuple((weight, renumbered(part, row)) for weight, part in rule.parts))


def passes(rule: Node, yes: Agreed, no: Agreed) -> Agreed:
    """Return whether votes are carried in which members may abstain, shape (...): a ternary voting game.

    Felsenthal & Machover (1997), International Journal of Game Theory 26:335-351. A body within a body says yes or
    no; it does not abstain. ``yes`` and ``no`` say who votes so, shape (..., voters); who does neither abstains.
    """
    if isinstance(rule, Voter):
        return np.asarray(yes[..., rule.index], dtype=np.bool_)
    pro, con = (np.zeros(yes.shape[:-1], dtype=np.int64) for _ in range(2))
    for weight, part in rule.parts:
        whole = weight * seats(part)
        carried = passes(part, yes, no)
        pro += whole * carried
        con += whole * (no[..., part.index] if isinstance(part, Voter) else ~carried)
    if rule.abstention is None:
        return np.asarray(pro >= rule.quota)
    share, strict = rule.abstention
    if share is None:
        return np.asarray(con == 0)
    ahead = share.denominator * pro - share.numerator * (pro + con)
    return np.asarray((pro > 0) & (ahead > 0 if strict else ahead >= 0))


def without(rule: Node, absent: Container[int]) -> Node:
    """Return the rule of those who vote yes or no, when it is known which voters abstain."""
    if isinstance(rule, Voter):
        return rule
    parts = tuple(
        (weight, without(part, absent))
        for weight, part in rule.parts
        if not (isinstance(part, Voter) and part.index in absent)
    )
    if rule.abstention is None:
        return replace(rule, parts=parts)
    total, (share, strict) = sum(weight * seats(part) for weight, part in parts), rule.abstention
    if share is None:
        return replace(rule, parts=parts, quota=total)
    quota = math.floor(share * total) + 1 if strict else math.ceil(share * total)
    return replace(rule, parts=parts, quota=max(1, quota))


def dual(rule: Node) -> Node:
    """Return the rule whose winning coalitions are those that can block: all but they lose.

    >>> dual(Threshold(3, ((1, Voter(0)), (1, Voter(1)), (1, Voter(2))))).quota
    1
    """
    if isinstance(rule, Voter):
        return rule
    parts = tuple((weight, dual(part)) for weight, part in rule.parts)
    return Threshold(rule.total - rule.quota + 1, parts, rule.name, unit=rule.unit)


def vetoers(rule: Node, count: int) -> Agreed:
    """Return who is in every winning coalition, shape (count,): voters without whom all others lose."""
    if not bool(wins(rule, np.ones(count, dtype=bool))):
        return np.zeros(count, dtype=bool)
    return ~wins(rule, ~np.eye(count, dtype=bool))
