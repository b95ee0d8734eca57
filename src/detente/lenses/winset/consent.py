"""Whose consent does a deal need, as a tree over voters? From the rules of a case to those of the lens.

A voter is a *member*: an actor as one, or each of the alike members for which an actor stands, where they make up
their own minds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from detente.case import Case
from detente.case.bodies import ReadyBody
from detente.case.consent_use import Needs, Say, every_rule, needs, needs_of_body, rules, says
from detente.errors import MissingPartError
from detente.lenses.winset.rule import Node, Threshold, Voter


class Member(NamedTuple):
    """A voter.

    Attributes:
        actor: its actor.
        number: 0 for the actor as one; 1, 2 … for those of its members who make up their own minds.
    """

    actor: str
    number: int = 0


Offsets = Mapping[tuple[str, str], int]


def members(case: Case, issues: Sequence[str]) -> tuple[Member, ...]:
    """Return who has a say in a deal on some issues, each once, in the order in which the rules name them.

    The same person has the same number in every deal of the case.

    Raises:
        MissingPartError: no rule says whose consent is needed.
    """
    return tuple(dict.fromkeys(_members(_needs(case, issues), _offsets(case))))


def rule(case: Case, issues: Sequence[str], row: Mapping[Member, int]) -> Node:
    """Return whose consent a deal on some issues needs.

    Args:
        case: with its rules.
        issues: that the deal settles.
        row: member → its row in the arrays of the lens, for every member that `members` gives.

    Raises:
        MissingPartError: no rule says whose consent is needed.
    """
    return _tree(_needs(case, issues), row, _offsets(case))


def body_rule(body: ReadyBody) -> tuple[Node, tuple[str, ...]]:
    """Return the rule of a ready-made body, every seat a voter, and the role of each voter by its index."""
    people = [Member(role, n + 1) for role, place in body.roles.items() for n in range(place.seats)]
    row = {member: index for index, member in enumerate(people)}
    return _tree(needs_of_body(body), row, {}), tuple(member.actor for member in people)


def _needs(case: Case, issues: Sequence[str]) -> Needs | Say:
    asked = [needs(case, one) for one in rules(case, issues)]
    if not asked:
        told = ", ".join(issues)
        raise MissingPartError(f"no rule says who must consent to {told}; add 'consent:' to the case")
    return asked[0] if len(asked) == 1 else Needs(len(asked), tuple((1, part) for part in asked))


def _offsets(case: Case) -> Offsets:
    """Number those who make up their own minds: of each actor, chamber after chamber, over all rules."""
    sizes: dict[tuple[str, str], int] = {}
    for stated in every_rule(case):
        for say in says(needs(case, stated)):
            if say.apart:
                sizes[say.actor, say.chamber] = max(sizes.get((say.actor, say.chamber), 0), say.count)
    taken: dict[str, int] = {}
    offsets = {}
    for (actor, chamber), size in sizes.items():
        offsets[actor, chamber] = taken.get(actor, 0)
        taken[actor] = offsets[actor, chamber] + size
    return offsets


def _members(part: Needs | Say, offsets: Offsets) -> Iterator[Member]:
    for say in says(part):
        yield from _people(say, offsets)


def _people(say: Say, offsets: Offsets) -> list[Member]:
    if not say.apart:
        return [Member(say.actor)]
    first = offsets.get((say.actor, say.chamber), 0) + 1
    return [Member(say.actor, number) for number in range(first, first + say.count)]


def _tree(part: Needs | Say, row: Mapping[Member, int], offsets: Offsets) -> Node:
    if isinstance(part, Say):
        return Voter(row[_people(part, offsets)[0]])
    parts: list[tuple[int, Node]] = []
    for weight, below in part.parts:
        if isinstance(below, Say):
            seats = 1 if below.apart else below.count
            parts += [(weight, Voter(row[member], seats)) for member in _people(below, offsets)]
        else:
            parts.append((weight, _tree(below, row, offsets)))
    return Threshold(part.quota, tuple(parts), part.name)
