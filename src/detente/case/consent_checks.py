"""Do the rules of consent agree with themselves and with the case? Quotas, seats and bodies."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from graphlib import TopologicalSorter
from typing import Any

from detente.case.bodies import ReadyBody, ready_bodies, ready_body
from detente.case.consent import MAX_BODIES, MAX_DEPTH, OTHERS, Rule, taken_for_share, whole_weights
from detente.case.reading import Path
from detente.case.validation import Fault, read, shortened, shown
from detente.errors import did_you_mean, offering

MOST_EXPANDED = 20_000
DEEPEST_EXPANDED = 60
MOST_IN_CIRCLE = 12
LISTS = ("all_of", "any_of", "of", "none_against")


def consent_faults(case: Any, _: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with the rules of consent and the bodies beyond their shape and the names in them."""
    stated: list[tuple[Path, Rule]] = [
        *read(case, "consent"),
        *read(case, "issues", "*", "consent"),
        *read(case, "bodies", "*", "rule"),
    ]
    for path, rule in stated:
        yield from _faults(path, rule, case.bodies.keys() - case.actors.keys())
    rules = {body: getattr(content, "rule", None) for body, content in case.bodies.items()}
    inside = {body: [name for name in names(rule) if name in rules] for body, rule in rules.items()}
    if len(inside) <= MAX_BODIES:  # else the model tells
        circles = list(_circles(case.actors, inside))
        yield from circles or _too_large(stated, inside)


def parts_of(rule: Rule) -> Iterator[tuple[Path, Rule]]:
    """Yield (path, part) of a rule."""
    lists: list[tuple[Path, Any]] = [((key,), getattr(rule, key)) for key in LISTS]
    lists += [(("members", role), filling) for role, filling in (rule.members or {}).items()]
    for path, listed in lists:
        yield from (((*path, number), part) for number, part in enumerate(listed or ()) if part is not None)


def names(rule: Rule | None) -> Iterator[str]:
    """Yield the actors and bodies that a rule names, as often as it does; what cannot be read is passed over."""
    if rule is not None:
        if rule.actor is not None:
            yield rule.actor
        for _, part in parts_of(rule):
            yield from names(part)
        yield from _weights(rule)


def _weights(rule: Rule) -> Mapping[str, Any]:
    return (rule.votes and rule.votes.weights) or {}


def voters_named(body: str, bodies: Mapping[str, Any]) -> list[str]:
    """Return who votes in a body or in one within it, as stated; who is asked in a rule that is no body."""
    found, seen, waiting = dict[str, None](), {body}, [body]
    while waiting:
        for name in names(getattr(bodies[waiting.pop()], "rule", None)):
            if name not in bodies:
                found[name] = None
            elif name not in seen:
                seen.add(name)
                waiting.append(name)
    return list(found)


def _too_large(stated: list[tuple[Path, Rule]], inside: Mapping[str, list[str]]) -> Iterator[Fault]:
    """Yield rules that are too large or too deep once the bodies that they name are put in their places."""
    known: dict[str, tuple[int, int]] = {}

    def size(rule: Rule) -> tuple[int, int]:
        """Return how many parts a rule has and how deep it is; of bodies only what is known counts."""
        if rule.actor is not None:
            parts, depth = known.get(rule.actor, (1, 1))
            return parts * (rule.seats if rule.apart else 1), depth
        below = [size(part) for _, part in parts_of(rule)]
        below += [known.get(name, (1, 1)) for name in _weights(rule)]
        return 1 + sum(n for n, _ in below), 1 + max((deep for _, deep in below), default=0)

    rules = dict(stated)
    order: list[Path] = [("bodies", body, "rule") for body in TopologicalSorter(inside).static_order()]
    for path in (path for path in (*order, *rules) if path in rules):
        parts, levels = size(rules[path])
        if path[0] == "bodies":
            known[str(path[1])] = parts, levels
        if parts > MOST_EXPANDED or levels > DEEPEST_EXPANDED:
            has = f"{parts} parts" if parts > MOST_EXPANDED else f"{levels} levels"
            most = f"{MOST_EXPANDED} parts and {DEEPEST_EXPANDED} levels"
            told = f"with the bodies that it names the rule has {has}; at most {most} can be judged"
            yield Fault(path, told, "name fewer bodies within bodies, or each of them once")
            return


def _faults(path: Path, rule: Rule, bodies: Collection[str], depth: int = 0) -> Iterator[Fault]:
    """Yield what is wrong with a rule and its parts; names are looked at where all are."""
    if depth > MAX_DEPTH:
        hint = "give an inner rule a name under 'bodies'"
        yield Fault(path, f"rules are nested more than {MAX_DEPTH} deep", hint)
        return
    if rule.actor in bodies and (rule.apart or rule.seats > 1):
        message = f"{shortened(rule.actor)} is a body and stands for itself alone"
        yield Fault(path, message, "list its members instead")
    seen: set[tuple[Any, ...]] = set()
    for below, part in parts_of(rule):
        if part.actor is not None and (below[:-1], part.actor) in seen:
            yield Fault((*path, *below), f"{shortened(part.actor)} stands twice in one rule", "keep one")
        seen.add((below[:-1], part.actor))
        yield from _faults((*path, *below), part, bodies, depth + 1)
    if rule.of:
        yield from quota_faults((*path, "at_least"), rule.at_least, Fraction(_seats(rule.of)), "members")
    if weights := _weights(rule):
        yield from _votes(path, rule, weights)
    if rule.body is not None:
        yield from _body(path, rule.body, rule.members or {})


def _votes(path: Path, rule: Rule, weights: Mapping[str, Any]) -> Iterator[Fault]:
    where: Path = (*path, "votes", "weights")
    if None not in weights.values():  # else the model tells
        exact = [Fraction(str(weight)) for weight in weights.values()]
        if not any(exact):
            yield Fault(where, "nobody has any weight", "give at least one more than 0")
        elif rule.votes is not None:
            least, total = min(filter(None, exact)), sum(exact, Fraction(0))
            yield from quota_faults((*path, "votes", "quota"), rule.votes.quota, total, "votes", least)
        try:
            whole_weights(weights)
        except ValueError as error:
            yield Fault(where, str(error))
    yield from quota_faults((*path, "headcount"), rule.headcount, Fraction(len(weights)), "members")


def _body(path: Path, slug: str, members: Mapping[str, Any]) -> Iterator[Fault]:
    if slug not in ready_bodies():
        told = offering(f"no ready-made body is called {shortened(slug)}", slug, ready_bodies())
        yield Fault((*path, "body"), told, "'detente power' lists them")
        return
    body = ready_body(slug)
    known = (*body.roles, OTHERS)
    for role in members:
        if role not in known:
            message, hint = f"{slug} has no role {shortened(role)}", did_you_mean(role, known)
            yield Fault((*path, "members", role), message, hint, at_key=True)
    if members:
        yield from _seating((*path, "members"), body, members)


def _circles(actors: Mapping[str, Any], inside: Mapping[str, list[str]]) -> Iterator[Fault]:
    """Yield bodies whose id is taken, and every circle of bodies that hold themselves, at the first of them."""
    told: set[str] = set()
    for body in inside:
        if body in actors:
            hint = "call the body something else"
            yield Fault(("bodies", body), "an actor has this id", hint, at_key=True)
        if body not in told and (way := _way_back(body, inside)):
            told.update(way)
            some = (
                way
                if len(way) <= MOST_IN_CIRCLE
                else [*way[:MOST_IN_CIRCLE], f"… ({len(way) - 1} bodies in all)"]
            )
            yield Fault(
                ("bodies", body, "rule"), f"the body contains itself: {' → '.join(some)}", "break the circle"
            )


def _way_back(start: str, inside: Mapping[str, list[str]]) -> list[str]:
    """Return a way from a body through what it holds back to it; an empty list if there is none."""
    ways = {start: [start]}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for below in inside[here]:
            if below == start:
                return [*ways[here], start]
            if below not in ways:
                ways[below] = [*ways[here], below]
                waiting.append(below)
    return []


def _seats(parts: Any) -> int:
    """Return how many members some parts count for; what cannot be read counts once."""
    return sum(1 if part is None else part.seats for part in parts) if parts is not None else 1


def _seating(path: Path, body: ReadyBody, members: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield roles with too many or too few members, and a rest that is not there or not one."""
    left = 0
    for role, place in body.roles.items():
        count = _seats(members[role]) if role in members else 0
        has = f"{shortened(role)} has {place.seats} seat{'s' if place.seats != 1 else ''}, and {count}"
        hint = f"let the counts add up to {place.seats}"
        if count > place.seats:
            yield Fault((*path, role), f"{has} are filled", hint, at_key=True)
        elif count < place.seats and OTHERS not in members:
            where = (*path, role) if role in members else path
            hint += f", or say with '{OTHERS}' who fills the rest"
            what = f"{has} {'is' if count == 1 else 'are'} filled"
            yield Fault(where, what, hint, at_key=role in members)
        left += max(0, place.seats - count)
    rest = members.get(OTHERS)
    if rest is not None and (len(rest) != 1 or getattr(rest[0], "count", None) is not None):
        message, hint = "the rest of the seats is filled by one actor", "write one actor, without a count"
        yield Fault((*path, OTHERS), message, hint, at_key=True)
    elif rest is not None and left == 0:
        yield Fault((*path, OTHERS), "no seat is left to fill", "remove it", at_key=True)


def quota_faults(
    path: Path, quota: float | str | None, total: Fraction, what: str, least: Fraction = Fraction(1)
) -> Iterator[Fault]:
    """Yield a quota that everybody or nobody meets; one that cannot be read is told by the model."""
    if quota is None or isinstance(quota, str):
        return
    if meant := taken_for_share(quota, total, least):
        told = f"is less than one of the {what}, so anybody meets it alone"
        yield Fault(path, told, f"did you mean {meant}?", shown(quota))
    elif quota <= 0:
        yield Fault(path, "is met when nobody agrees", f"use at least 1 of the {total} {what}", shown(quota))
    elif Fraction(str(quota)) > total:
        told = f"is more than the {total} {what} that there are"
        yield Fault(path, told, f"use 1 to {total}", shown(quota))
