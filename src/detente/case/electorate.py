"""Who has a say in a deal, and when is it enough? From the rules of a case to one tree of thresholds over members.

Whatever form a rule has, it comes to thresholds: this much weight of these parts must agree.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

from detente.case.bodies import EVERYONE, ReadyBody, ready_body
from detente.case.consent import OTHERS, Body, Rule, Votes, checked_quota, needed, share, whole_weights
from detente.case.consent_checks import quota_faults
from detente.case.thresholds import (
    Abstention,
    Node,
    Threshold,
    Voter,
    all_of,
    renumbered,
    seats,
    voters,
    without,
)
from detente.errors import MissingPartError, OptionError
from detente.quantity.grammar import commas_of_two_kinds

MOST_MEMBERS = 2_000
_WAYS = (
    "write [quota; weight, weight, ...], such as [51; 50, 49, 1], [39; 5x7, 10x1] for 5 members of 7 votes, or "
    "[majority; Union: 208, SPD: 120, Greens: 85] with names"
)
_WEIGHT = re.compile(r"(?:([^:=]{1,60}?)\s*[:=]\s*)?(?:(\d{1,4})\s*[x×*]\s*)?(\d{1,15}(?:\.\d{1,9})?)")

Seats = tuple[Node, ...]
Find = Callable[[Rule, str], Seats]
"""From a part that names an actor, a body or a role, and the chamber that it sits in, to whom it stands for."""


def has_rules(case: Any) -> bool:
    """Say whether a case states anywhere whose consent is needed."""
    return case.consent is not None or any(of.consent is not None for of in case.issues.values())


class Member(NamedTuple):
    """A voter: an actor as one, or that of its alike members who make up their own minds with a number from 1."""

    actor: str
    number: int = 0


class Electorate:
    """Everybody who has a say in some deal of a case, and what each deal asks of them."""

    def __init__(self, case: Any) -> None:
        """Read the rules of a case: that of every deal, and those of the issues."""
        seating = _Seating(case.bodies)
        rules = {None: case.consent, **{key: issue.consent for key, issue in case.issues.items()}}
        number = {rule: k for k, rule in enumerate(dict.fromkeys(filter(None, rules.values())))}
        self._rules = {key: number[rule] for key, rule in rules.items() if rule is not None}
        self._trees = [seating.tree(rule, seating.find) for rule in number]
        self._members = seating.numbered(self._trees)
        self._asked: dict[tuple[int, ...], tuple[Node | None, tuple[Member, ...]]] = {}

    def members(self, issues: Sequence[str]) -> tuple[Member, ...]:
        """Return who has a say in a deal on some issues, each once, in the order in which the rules name them.

        The same person has the same number in every deal of the case.
        """
        return self._asked_on(issues)[1]

    def rule(self, issues: Sequence[str], row: Mapping[Member, int] | None = None) -> Node:
        """Return whose consent a deal on some issues needs: that of every deal, and of each of the issues.

        ``row`` has member → index of its voter; in the order of `members` where left out.

        Raises:
            MissingPartError: no rule says whose consent is needed.
        """
        tree, members = self._asked_on(issues)
        if tree is None:
            asked = ", ".join(issues)
            raise MissingPartError(f"no rule says who must consent to {asked}; add 'consent:' to the case")
        return tree if row is None else renumbered(tree, {k: row[one] for k, one in enumerate(members)})

    def _asked_on(self, issues: Sequence[str]) -> tuple[Node | None, tuple[Member, ...]]:
        """Return what a deal on some issues needs, and who its voters are, in their order."""
        rules = tuple(dict.fromkeys(self._rules[key] for key in (None, *issues) if key in self._rules))
        if rules not in self._asked:
            trees = [self._trees[number] for number in rules]
            whole = Threshold(len(trees), tuple((1, one) for one in trees))
            tree = whole if trees[1:] else next(iter(trees), None)
            row = {} if tree is None else {voter: k for k, voter in enumerate(voters(tree))}
            members = tuple(self._members[voter] for voter in row)
            self._asked[rules] = tree and renumbered(tree, row), members
        return self._asked[rules]


def body_rule(body: ReadyBody) -> tuple[Node, tuple[str, ...]]:
    """Return the rule of a ready-made body, every seat a voter, and the role of each voter by its index."""
    seating = _Seating({})
    roles = {role: seating.people(role, place.seats, apart=True) for role, place in body.roles.items()}
    rule = _called(seating.tree(body.rule, _in_roles(roles)), body.name)
    return rule, tuple(role for role, _, _ in seating.rows)


def body_members(bodies: Mapping[str, Body], body: str) -> tuple[Node, tuple[Member, ...]]:
    """Return the rule of a body of a case over voters 0 to n - 1, and who they are."""
    seating = _Seating(bodies)
    tree = seating.of(bodies[body])
    members = seating.numbered([tree])
    row = {voter: number for number, voter in enumerate(members)}
    return _called(renumbered(tree, row), bodies[body].name), tuple(members.values())


def rule_tree(case: Any, rule: Rule) -> tuple[Node, tuple[str, ...]]:
    """Return a rule of a case, and the actor of each voter by its index."""
    seating = _Seating(case.bodies)
    tree = seating.tree(rule, seating.find)
    return tree, tuple(actor for actor, _, _ in seating.rows)


class _Seating:
    """Turns rules into trees, and gives everybody in them a row.

    Those who make up their own minds are the same people wherever their actor (or role) and chamber are the same.
    """

    def __init__(self, bodies: Mapping[str, Body]) -> None:
        self.bodies = bodies
        self.rows: dict[tuple[str, str, int], int] = {}

    def people(self, actor: str, count: int, *, apart: bool, chamber: str = "") -> Seats:
        """Return the voters for whom an actor stands."""
        if not apart:
            return (Voter(self.rows.setdefault((actor, "", 0), len(self.rows)), count),)
        people = [(actor, chamber, number) for number in range(1, count + 1)]
        return tuple(Voter(self.rows.setdefault(one, len(self.rows))) for one in people)

    def numbered(self, trees: Iterable[Node]) -> dict[int, Member]:
        """Return row → member; those of an actor are numbered chamber after chamber, in the order of the trees."""
        who = {row: person for person, row in self.rows.items()}
        named = {row: who[row] for tree in trees for row in voters(tree)}
        sizes, before, taken = Counter[tuple[str, str]](), {}, Counter[str]()
        for actor, chamber, number in named.values():
            sizes[actor, chamber] = max(number, sizes[actor, chamber])
        for (actor, chamber), size in sizes.items():
            before[actor, chamber] = taken[actor]
            taken[actor] += size
        return {
            row: Member(actor, number and before[actor, chamber] + number)
            for row, (actor, chamber, number) in named.items()
        }

    def find(self, part: Rule, chamber: str = "") -> Seats:
        """Return whom the name of an actor or a body of the case stands for."""
        body = self.bodies.get(str(part.actor))
        if body is None:
            return self.people(str(part.actor), part.seats, apart=part.apart, chamber=chamber)
        return (_called(self.of(body), body.name),)

    def of(self, body: Body) -> Node:
        """Return the rule of a body of the case, less who abstains in it."""
        tree = self.tree(body.rule, self.find)
        return without(tree, {row for (actor, _, _), row in self.rows.items() if actor in body.abstain})

    def tree(self, rule: Rule, find: Find) -> Node:
        """Return what a rule comes to."""
        if rule.actor is not None:
            found = find(rule, "")
            return found[0] if len(found) == 1 and seats(found[0]) == 1 else all_of(*found)
        if rule.body is not None:
            return self._seated(rule, find)
        if rule.votes is not None:
            return _vote(rule.votes, rule.headcount, find, cast=rule.voting is not None)
        parts = self._parts(rule.all_of or rule.any_of or rule.of or rule.none_against or (), find)
        if rule.none_against:
            return replace(all_of(*parts), abstention=Abstention(None))
        if rule.all_of:
            return all_of(*parts)
        quota = 1 if rule.any_of else needed(rule.at_least or 0, sum(map(seats, parts)))
        cast = None if rule.voting is None else _of_votes_cast(rule.at_least)
        return Threshold(quota, tuple((1, part) for part in parts), abstention=cast)

    def _parts(self, listed: Sequence[Rule], find: Find, chamber: str = "") -> Seats:
        return tuple(
            part
            for item in listed
            for part in (find(item, chamber) if item.actor else (self.tree(item, find),))
        )

    def _seated(self, rule: Rule, find: Find) -> Node:
        """Return the rule of a ready-made body whose seats are filled, those that are left by the others."""
        body, members = ready_body(str(rule.body)), rule.members or {}
        roles: dict[str, Seats] = {}
        for role, place in body.roles.items():
            filling = list(members.get(role, ()))
            left = place.seats - sum(part.seats for part in filling)
            rest = members.get(OTHERS, ())[:1] if left > 0 else ()
            filling += [part.model_copy(update={"count": left} if left > 1 else {}) for part in rest]
            roles[role] = self._parts(filling, find, place.chamber or f"{rule.body}.{role}")
        return _called(self.tree(body.rule, _in_roles(roles)), body.name)


def _of_votes_cast(quota: object) -> Abstention:
    """Return what a quota of those present and voting makes of who abstains."""
    portion = share(str(quota))
    return Abstention(Fraction(1, 2), strict=True) if portion is None else Abstention(portion)


def _vote(votes: Votes, headcount: float | str | None, find: Find, *, cast: bool) -> Node:
    """Return a weighted vote, with the heads that it needs besides; of all votes, or of those cast."""
    whole, scale = whole_weights(votes.weights)
    parts = [(weight, part) for name, weight in whole.items() for part in find(Rule(actor=name), "")]
    vote = Threshold(
        needed(votes.quota, sum(weight * seats(part) for weight, part in parts), scale),
        tuple(parts),
        unit=float(1 / scale),
        abstention=_of_votes_cast(votes.quota) if cast else None,
    )
    if headcount is None:
        return vote
    heads = needed(headcount, sum(seats(part) for _, part in parts))
    return all_of(vote, Threshold(heads, tuple((1, part) for _, part in parts)))


def _in_roles(roles: Mapping[str, Seats]) -> Find:
    def find(part: Rule, _: str) -> Seats:
        if part.actor == EVERYONE:
            return tuple(member for members in roles.values() for member in members)
        return roles[str(part.actor)]

    return find


def _called(part: Node, name: str) -> Node:
    return replace(part, name=name) if isinstance(part, Threshold) else part


def is_weighted(text: str) -> bool:
    """Tell whether a text is meant as a weighted vote."""
    return text.strip().startswith("[")


def weighted(text: str) -> tuple[Threshold, tuple[str, ...]]:
    """Return the rule that a line says, and the names of its voters: as written, or ``member 1``, ``member 2`` ….

    Raises:
        OptionError: the line cannot be read, a name stands twice, or nobody or anybody meets the quota.

    >>> weighted("[39; 5x7, 10x1]")[0].total
    45
    >>> weighted("[majority; Union: 208, SPD: 120]")[1]
    ('Union', 'SPD')
    """
    found = re.fullmatch(r"\s*\[([^;\[\]]+);([^;\[\]]*)\]\s*", text)
    if found is None:
        raise OptionError(f"{text[:60]!r} is no weighted vote; {_WAYS}")
    items, quota = found[2].split(","), found[1].strip()
    dotted = re.findall(r"\d+\.\d+", found[2])
    # Beside a quota below 1000, thousands make no vote: each member alone would meet it.
    shares = len(dotted) == len(items) and re.fullmatch(r"\d{1,3}", quota)
    thousands = dotted and not shares and all(re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", one) for one in dotted)
    if thousands or commas_of_two_kinds(found[2]):
        way = "write thousands without a mark, decimals with a point, and a blank after each comma"
        raise OptionError(f"{text[:60]!r} can be read in two ways; {way}")
    weights = _weights(items)
    exact = [Fraction(str(weight)) for weight in weights.values()]
    try:
        stated = checked_quota(float(quota) if re.fullmatch(r"\d{1,15}(\.\d{1,9})?", quota) else quota)
        whole, scale = whole_weights(weights)
    except ValueError as error:
        raise OptionError(str(error)) from error
    if not any(exact):
        raise OptionError("nobody has any weight; give at least one more than 0")
    for fault in quota_faults((), stated, sum(exact, Fraction(0)), "votes", min(filter(None, exact))):
        raise OptionError(f"the quota {quota} {fault.message}; {fault.hint}")
    parts = tuple((weight, Voter(index)) for index, weight in enumerate(whole.values()))
    return Threshold(needed(stated, sum(whole.values()), scale), parts), tuple(whole)


def _weights(items: Sequence[str]) -> dict[str, float]:
    """Return the weight of every voter by its name."""
    weights: dict[str, float] = {}
    named = 0
    for item in items:
        entry = _WEIGHT.fullmatch(item.strip())
        if entry is None:
            raise OptionError(f"{item.strip()[:40]!r} is no weight; {_WAYS}")
        many, first = int(entry[2] or 1), len(weights) + 1
        if first + many - 1 > MOST_MEMBERS:
            raise OptionError(f"a weighted vote has at most {MOST_MEMBERS} members here")
        name, named = entry[1], named + (entry[1] is not None)
        start = 1 if name else first
        labels = [f"{name or 'member'} {n}" for n in range(start, start + many)]
        for label in [name] if name and entry[2] is None else labels:
            if label in weights:
                raise OptionError(f"{label!r} stands twice; give every member a name of its own")
            weights[label] = float(entry[3])
    if named not in (0, len(items)):
        raise OptionError("some votes have names and others have none; name all of them, or none")
    return weights
