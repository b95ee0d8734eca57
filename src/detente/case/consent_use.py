"""What do a case's rules of consent come to? Whose consent a deal needs, and when it is enough.

Whatever form a rule has, it comes to thresholds: this much weight of these parts must agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.case.bodies import EVERYONE, ReadyBody, ready_body
from detente.case.consent import OTHERS, Rule, Votes, needed, whole_weights

if TYPE_CHECKING:
    from detente.case.model import CaseModel


@dataclass(frozen=True, slots=True)
class Say:
    """An actor that has a say.

    Attributes:
        actor: its id; in a ready-made body that nobody has filled, the id of a role.
        count: for how many members it stands.
        apart: whether each of them makes up its own mind.
        chamber: where they sit, in a ready-made body, else ``""``. Those who make up their own minds are the same
            people wherever their actor and chamber are the same.
    """

    actor: str
    count: int = 1
    apart: bool = False
    chamber: str = ""


@dataclass(frozen=True, slots=True)
class Needs:
    """A threshold: the weights of the parts that agree must add up to the quota.

    Attributes:
        quota: a whole number, 1 to the total.
        parts: (weight, part); the members of a `Say` count the weight each.
        name: of the body, where it is the rule of one.
    """

    quota: int
    parts: tuple[tuple[int, Say | Needs], ...]
    name: str | None = None


Seats = tuple[Say | Needs, ...]
Find = Callable[[Rule], Seats]


def seats(part: Say | Needs) -> int:
    """Return how many members a part counts for."""
    return part.count if isinstance(part, Say) else 1


def rules(case: CaseModel, issues: Sequence[str]) -> tuple[Rule, ...]:
    """Return the rules that a deal on some issues must meet: that of every deal, then those of the issues."""
    found = [case.consent, *(case.issues[issue].consent for issue in issues)]
    return tuple(dict.fromkeys(rule for rule in found if rule))


def every_rule(case: CaseModel) -> Iterator[Rule]:
    """Yield the rules that a deal may have to meet: that of every deal, and those of the issues."""
    yield from (rule for rule in (case.consent, *(issue.consent for issue in case.issues.values())) if rule)


def needs(case: CaseModel, rule: Rule) -> Say | Needs:
    """Return what a rule of a case comes to.

    Raises:
        NotFoundError: no such ready-made body; checking the case tells of it.
    """

    def find(part: Rule) -> Seats:
        body = case.bodies.get(str(part.actor))
        if body is None:
            return (Say(str(part.actor), part.seats, part.apart),)
        return (_named(_come_to(body.rule, find), body.name),)

    return _come_to(rule, find)


def needs_of_body(body: ReadyBody) -> Say | Needs:
    """Return what the rule of a ready-made body comes to, with every member making up its own mind."""
    chamber = {role: (Say(role, place.seats, True),) for role, place in body.roles.items()}
    return _named(_come_to(body.rule, _in_roles(chamber)), body.name)


def _come_to(rule: Rule, find: Find) -> Say | Needs:
    if rule.actor is not None:
        found = find(rule)
        return found[0] if len(found) == 1 and seats(found[0]) == 1 else _all(found)
    if rule.body is not None:
        return _seated(rule, find)
    if rule.votes is not None:
        return _vote(rule.votes, rule.headcount, find)
    listed = rule.all_of or rule.any_of or rule.of or ()
    parts = tuple(part for item in listed for part in (find(item) if item.actor else (_come_to(item, find),)))
    total = sum(map(seats, parts))
    if rule.all_of:
        return _all(parts)
    return Needs(1 if rule.any_of else needed(rule.at_least or 0, total), tuple((1, part) for part in parts))


def _all(parts: Seats) -> Needs:
    return Needs(sum(map(seats, parts)), tuple((1, part) for part in parts))


def _vote(votes: Votes, headcount: float | str | None, find: Find) -> Needs:
    """Return a weighted vote, with the heads that it needs besides."""
    whole, scale = whole_weights(votes.weights)
    voters = [(weight, part) for name, weight in whole.items() for part in find(Rule(actor=name))]
    total = sum(weight * seats(part) for weight, part in voters)
    vote = Needs(needed(votes.quota, total, scale), tuple(voters))
    if headcount is None:
        return vote
    heads = needed(headcount, sum(seats(part) for _, part in voters))
    return _all((vote, Needs(heads, tuple((1, part) for _, part in voters))))


def _seated(rule: Rule, find: Find) -> Say | Needs:
    """Return the rule of a ready-made body whose seats are filled."""
    body = ready_body(str(rule.body))
    chamber = {}
    for role, filling in seated(body, rule.members or {}).items():
        sitting = [
            part for item in filling for part in (find(item) if item.actor else (_come_to(item, find),))
        ]
        where = body.roles[role].chamber or f"{rule.body}.{role}"
        chamber[role] = tuple(_sitting(part, where) for part in sitting)
    return _named(_come_to(body.rule, _in_roles(chamber)), body.name)


def seated(body: ReadyBody, members: Mapping[str, Sequence[Rule]]) -> dict[str, list[Rule]]:
    """Return who sits in which role of a ready-made body, those that fill what is left among them."""
    filled: dict[str, list[Rule]] = {}
    for role, place in body.roles.items():
        filled[role] = list(members.get(role, ()))
        left = place.seats - sum(part.seats for part in filled[role])
        if left > 0:
            rest = members.get(OTHERS, ())[:1]
            filled[role] += [part.model_copy(update={"count": left} if left > 1 else {}) for part in rest]
    return filled


def _sitting(part: Say | Needs, chamber: str) -> Say | Needs:
    return Say(part.actor, part.count, part.apart, chamber) if isinstance(part, Say) else part


def _in_roles(chamber: Mapping[str, Seats]) -> Find:
    def find(part: Rule) -> Seats:
        if part.actor == EVERYONE:
            return tuple(member for members in chamber.values() for member in members)
        return chamber[str(part.actor)]

    return find


def _named(part: Say | Needs, name: str) -> Say | Needs:
    return Needs(part.quota, part.parts, name) if isinstance(part, Needs) else part


def says(part: Say | Needs) -> Iterator[Say]:
    """Yield everything that names an actor, in the order of the rule."""
    if isinstance(part, Say):
        yield part
        return
    for _, below in part.parts:
        yield from says(below)


def voices(part: Say | Needs) -> tuple[str, ...]:
    """Return the actors that have a say, once each, in the order in which they are named."""
    return tuple(dict.fromkeys(say.actor for say in says(part)))


def satisfied(part: Say | Needs, agrees: Callable[[str], bool]) -> bool:
    """Tell whether those who agree are enough; an actor agrees with all its members."""
    if isinstance(part, Say):
        return agrees(part.actor)
    return (
        sum(weight * seats(below) for weight, below in part.parts if satisfied(below, agrees)) >= part.quota
    )
