"""Do the rules of consent agree with themselves and with the case? Quotas, seats and bodies, on plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from graphlib import TopologicalSorter
from typing import Any

from detente.case.bodies import ReadyBody, ready_bodies, ready_body
from detente.case.consent import MAX_BODIES, MAX_DEPTH, OTHERS, checked_quota, taken_for_share, whole_weights
from detente.case.reading import Path
from detente.case.validation import Fault, as_list, as_mapping, entries, shortened, shown
from detente.errors import did_you_mean

MOST_EXPANDED = 20_000
DEEPEST_EXPANDED = 60
LISTS = ("all_of", "any_of", "of", "none_against")


def consent_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with the rules of consent and the bodies beyond their shape and the names in them."""
    actors, bodies = as_mapping(data.get("actors")), as_mapping(data.get("bodies"))
    alone = bodies.keys() - actors.keys()
    stated: list[tuple[Path, Any]] = [(("consent",), data.get("consent"))]
    stated += [((*path, "consent"), issue.get("consent")) for path, issue in entries(data, "issues", "*")]
    stated += [((*path, "rule"), body.get("rule")) for path, body in entries(data, "bodies", "*")]
    for path, rule in stated:
        yield from _faults(path, rule, alone)
    inside = {
        body: [name for name in names(as_mapping(content).get("rule")) if name in bodies]
        for body, content in bodies.items()
    }
    circles = list(_circles(actors, inside)) if len(inside) <= MAX_BODIES else []  # else the model tells
    yield from circles
    if not circles and len(inside) <= MAX_BODIES:
        yield from _too_large(stated, inside)


def _filling(members: object) -> list[Any]:
    return list(members) if isinstance(members, (list, tuple)) else [members]


def _inside(rule: Mapping[str, Any]) -> Iterator[tuple[Path, list[Any]]]:
    """Yield (path, parts that stand there) of a rule."""
    for key in LISTS:
        if listed := as_list(rule.get(key)):
            yield (key,), listed
    for role, filling in as_mapping(rule.get("members")).items():
        yield ("members", role), _filling(filling)
    yield ("votes", "weights"), list(as_mapping(rule, "votes", "weights"))


def names(rule: object, depth: int = 0) -> Iterator[str]:
    """Yield the actors and bodies that a rule names, as often as it does; what cannot be read is passed over."""
    if isinstance(rule, str):
        yield rule
    elif isinstance(rule, Mapping) and depth <= MAX_DEPTH:
        if isinstance(rule.get("actor"), str):
            yield rule["actor"]
        for _, parts in _inside(rule):
            yield from names(parts, depth + 1)
    elif isinstance(rule, list):
        for part in rule:
            yield from names(part, depth)


def voters_named(body: str, bodies: Mapping[str, Any]) -> list[str]:
    """Return who votes in a body or in one within it, as stated; who is asked in a rule that is no body."""
    found, seen, waiting = dict[str, None](), {body}, [body]
    while waiting:
        for name in names(as_mapping(bodies[waiting.pop()]).get("rule")):
            if name not in bodies:
                found[name] = None
            elif name not in seen:
                seen.add(name)
                waiting.append(name)
    return list(found)


def _too_large(stated: list[tuple[Path, Any]], inside: Mapping[str, list[str]]) -> Iterator[Fault]:
    """Yield rules that are too large or too deep once the bodies that they name are put in their places."""
    known: dict[str, tuple[int, int]] = {}

    def size(rule: object) -> tuple[int, int]:
        """Return how many parts a rule has and how deep it is; of bodies only what is known counts."""
        name = rule if isinstance(rule, str) else as_mapping(rule).get("actor")
        if name is not None:
            parts, depth = known.get(str(name), (1, 1))
            return parts * (_seats(rule) if as_mapping(rule).get("apart") is True else 1), depth
        below = [size(part) for _, listed in _inside(as_mapping(rule)) for part in listed]
        return 1 + sum(n for n, _ in below), 1 + max((deep for _, deep in below), default=0)

    rules = dict(stated)
    order: list[Path] = [("bodies", body, "rule") for body in TopologicalSorter(inside).static_order()]
    for path in (*order, *rules):
        parts, levels = size(rules.get(path))
        if path[0] == "bodies":
            known[str(path[1])] = parts, levels
        if parts > MOST_EXPANDED or levels > DEEPEST_EXPANDED:
            has = f"{parts} parts" if parts > MOST_EXPANDED else f"{levels} levels"
            most = f"{MOST_EXPANDED} parts and {DEEPEST_EXPANDED} levels"
            told = f"with the bodies that it names the rule has {has}; at most {most} can be judged"
            yield Fault(path, told, "name fewer bodies within bodies, or each of them once")
            return


def _faults(path: Path, rule: object, bodies: frozenset[str] | set[str], depth: int = 0) -> Iterator[Fault]:
    """Yield what is wrong with a rule and its parts; names are looked at where all are."""
    if depth > MAX_DEPTH:
        hint = "give an inner rule a name under 'bodies'"
        yield Fault(path, f"rules are nested more than {MAX_DEPTH} deep", hint)
    elif isinstance(rule, Mapping):
        several = rule.get("apart") is True or rule.get("count") not in (None, 1)
        if isinstance(rule.get("actor"), str) and rule["actor"] in bodies and several:
            message = f"{shortened(rule['actor'])} is a body and stands for itself alone"
            yield Fault(path, message, "list its members instead")
        for below, parts in _inside(rule):
            seen = set()
            for number, part in enumerate(parts if "votes" not in below else ()):
                whole = below[0] == "members" and not isinstance(rule["members"][below[1]], (list, tuple))
                where = (*path, *below) if whole else (*path, *below, number)
                name = part if isinstance(part, str) else as_mapping(part).get("actor")
                if isinstance(name, str) and name in seen:
                    yield Fault(where, f"{shortened(name)} stands twice in one rule", "keep one")
                seen.add(name if isinstance(name, str) else None)
                yield from _faults(where, part, bodies, depth + 1)
        if heads := sum(map(_seats, as_list(rule.get("of")))):
            yield from _quota((*path, "at_least"), rule.get("at_least"), Fraction(heads), "members")
        yield from _votes(path, rule, as_mapping(rule, "votes", "weights"))
        if isinstance(rule.get("body"), str):
            yield from _body(path, rule["body"], as_mapping(rule.get("members")))


def _votes(path: Path, rule: Mapping[str, Any], weights: Mapping[str, Any]) -> Iterator[Fault]:
    where: Path = (*path, "votes", "weights")
    numbers = [one for one in weights.values() if isinstance(one, (int, float)) and not isinstance(one, bool)]
    if weights and len(numbers) == len(weights) and min(numbers) >= 0:  # else the model tells
        exact = [Fraction(str(weight)) for weight in numbers]
        if not any(exact):
            yield Fault(where, "nobody has any weight", "give at least one more than 0")
        else:
            least, quota = min(filter(None, exact)), rule["votes"].get("quota")
            yield from _quota((*path, "votes", "quota"), quota, sum(exact, Fraction(0)), "votes", least)
        try:
            whole_weights(weights)
        except ValueError as error:
            yield Fault(where, str(error))
    if weights:
        yield from _quota((*path, "headcount"), rule.get("headcount"), Fraction(len(weights)), "members")


def _body(path: Path, slug: str, members: Mapping[str, Any]) -> Iterator[Fault]:
    if slug not in ready_bodies():
        way = f"{did_you_mean(slug, ready_bodies())}; 'detente power' lists them"
        yield Fault((*path, "body"), f"no ready-made body is called {shortened(slug)}", way)
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
    """Yield bodies whose id is taken, and bodies that hold themselves."""
    for body in inside:
        if body in actors:
            yield Fault(("bodies", body), "an actor has this id", "call the body something else", at_key=True)
        if way := _way_back(body, inside):
            message = f"the body contains itself: {' → '.join(way)}"
            yield Fault(("bodies", body, "rule"), message, "break the circle")


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


def _seats(part: object) -> int:
    """Return how many members a part counts for; what cannot be read counts once."""
    count = as_mapping(part).get("count")
    return count if isinstance(count, int) and not isinstance(count, bool) and count > 0 else 1


def _seating(path: Path, body: ReadyBody, members: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield roles with too many or too few members, and a rest that is not there or not one."""
    left = 0
    for role, place in body.roles.items():
        count = sum(map(_seats, _filling(members[role]))) if role in members else 0
        has = f"{shortened(role)} has {place.seats} seat{'s' if place.seats != 1 else ''}, and {count}"
        hint = f"let the counts add up to {place.seats}"
        if count > place.seats:
            yield Fault((*path, role), f"{has} are filled", hint, at_key=True)
        elif count < place.seats and OTHERS not in members:
            hint += f", or say with '{OTHERS}' who fills the rest"
            where, what = (
                (*path, role) if role in members else path,
                f"{has} {'is' if count == 1 else 'are'} filled",
            )
            yield Fault(where, what, hint, at_key=role in members)
        left += max(0, place.seats - count)
    if OTHERS in members:
        rest = _filling(members[OTHERS])
        if len(rest) != 1 or as_mapping(rest[0]).get("count") is not None:
            message, hint = "the rest of the seats is filled by one actor", "write one actor, without a count"
            yield Fault((*path, OTHERS), message, hint, at_key=True)
        elif left == 0:
            yield Fault((*path, OTHERS), "no seat is left to fill", "remove it", at_key=True)


def _quota(
    path: Path, quota: object, total: Fraction, what: str, least: Fraction = Fraction(1)
) -> Iterator[Fault]:
    """Yield a quota that everybody or nobody meets; one that cannot be read is told by the model."""
    try:
        stated = checked_quota(quota)
    except ValueError:
        return
    if isinstance(stated, str):
        return
    meant = taken_for_share(stated, total, least)
    if meant is not None:
        told = f"is less than one of the {what}, so anybody meets it alone"
        yield Fault(path, told, f"did you mean {meant}?", shown(quota))
    elif stated <= 0:
        yield Fault(path, "is met when nobody agrees", f"use at least 1 of the {total} {what}", shown(quota))
    elif Fraction(str(stated)) > total:
        told = f"is more than the {total} {what} that there are"
        yield Fault(path, told, f"use 1 to {total}", shown(quota))
