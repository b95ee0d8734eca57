"""Do the rules of consent agree with themselves and with the case? Names, quotas and seats, on plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from detente.case.bodies import ReadyBody, ready_bodies, ready_body
from detente.case.consent import MAX_DEPTH, OTHERS, checked_quota, taken_for_share, whole_weights
from detente.case.reading import Path
from detente.case.validation import Fault, as_list, as_mapping, shortened, shown
from detente.errors import did_you_mean

MOST_EXPANDED = 20_000
DEEPEST_EXPANDED = 60
LISTS = ("all_of", "any_of", "of", "none_against")
_Names = Mapping[str, Any]


def consent_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with the rules of consent and the bodies beyond their shape."""
    actors, bodies = as_mapping(data.get("actors")), as_mapping(data.get("bodies"))
    whole = bool(actors) and isinstance(data.get("bodies", {}), Mapping)  # else that is told
    checker = _Rules(actors, bodies, whole=whole)
    for path, rule in stated_rules(data):
        yield from checker.faults(path, rule)
    circles = list(checker.circles())
    yield from circles
    if not circles:
        yield from _too_large(data)


def stated_rules(data: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    """Yield (path, rule as stated) of every rule of the case."""
    if data.get("consent") is not None:
        yield ("consent",), data["consent"]
    for issue, content in as_mapping(data.get("issues")).items():
        if as_mapping(content).get("consent") is not None:
            yield ("issues", issue, "consent"), content["consent"]
    for body, content in as_mapping(data.get("bodies")).items():
        if as_mapping(content).get("rule") is not None:
            yield ("bodies", body, "rule"), content["rule"]


def names(rule: object, depth: int = 0) -> Iterator[str]:
    """Yield the actors and bodies that a rule names, as often as it does; what cannot be read is passed over."""
    if isinstance(rule, str):
        yield rule
    elif isinstance(rule, Mapping) and depth <= MAX_DEPTH:
        if isinstance(rule.get("actor"), str):
            yield rule["actor"]
        yield from as_mapping(as_mapping(rule.get("votes")).get("weights"))
        listed = [part for key in LISTS for part in as_list(rule.get(key))]
        for part in (*listed, *as_mapping(rule.get("members")).values()):
            for below in part if isinstance(part, (list, tuple)) else [part]:
                yield from names(below, depth + 1)


def _too_large(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield rules that are too large or too deep once the bodies that they name are put in their places."""
    bodies = as_mapping(data.get("bodies"))
    known: dict[str, tuple[int, int]] = {}

    def size(rule: object) -> tuple[int, int]:
        """Return how many parts a rule has and how deep it is; of bodies only what is known counts."""
        if isinstance(rule, str):
            return known.get(rule, (1, 1))
        if not isinstance(rule, Mapping):
            return 1, 1
        if rule.get("actor") is not None:
            inside, depth = known.get(str(rule["actor"]), (1, 1))
            return inside * (_seats(rule) if rule.get("apart") is True else 1), depth
        listed = [part for key in LISTS for part in as_list(rule.get(key))]
        listed += list(as_mapping(as_mapping(rule.get("votes")).get("weights")))
        for filling in as_mapping(rule.get("members")).values():
            listed += as_list(filling) or [filling]
        parts = [size(part) for part in listed]
        return 1 + sum(n for n, _ in parts), 1 + max((deep for _, deep in parts), default=0)

    for body in _inner_first(bodies):
        known[body] = size(as_mapping(bodies[body]).get("rule"))
        if _beyond(known[body]):
            yield _large(("bodies", body, "rule"), known[body])
            return
    for path, rule in stated_rules(data):
        found = size(rule)
        if _beyond(found):
            yield _large(path, found)


def _beyond(size: tuple[int, int]) -> bool:
    return size[0] > MOST_EXPANDED or size[1] > DEEPEST_EXPANDED


def _large(path: Path, size: tuple[int, int]) -> Fault:
    parts = f"{size[0]} parts" if size[0] > MOST_EXPANDED else f"{size[1]} levels"
    most = f"{MOST_EXPANDED} parts and {DEEPEST_EXPANDED} levels"
    hint = "name fewer bodies within bodies, or each of them once"
    return Fault(
        path, f"with the bodies that it names the rule has {parts}; at most {most} can be judged", hint=hint
    )


def _inner_first(bodies: Mapping[str, Any]) -> list[str]:
    """Return the bodies, each after those that it names; none of them may name itself."""
    order: dict[str, None] = {}
    waiting = [(body, False) for body in reversed(list(bodies))]
    while waiting:
        body, opened = waiting.pop()
        if opened:
            order[body] = None
        elif body not in order:
            waiting.append((body, True))
            inside = dict.fromkeys(names(as_mapping(bodies[body]).get("rule")))
            waiting += [(name, False) for name in inside if name in bodies and name not in order]
    return list(order)


class _Rules:
    """Checks rules against the actors and bodies that they may name."""

    def __init__(self, actors: _Names, bodies: _Names, *, whole: bool = True) -> None:
        self.actors, self.bodies, self.whole = actors, bodies, whole
        self.known = {**actors, **bodies}

    def faults(self, path: Path, rule: object, depth: int = 0) -> Iterator[Fault]:
        """Yield what is wrong with a rule and its parts."""
        if depth > MAX_DEPTH:
            hint = "give an inner rule a name under 'bodies'"
            yield Fault(path, f"rules are nested more than {MAX_DEPTH} deep", hint=hint)
        elif isinstance(rule, str):
            yield from self._named(path, rule)
        elif isinstance(rule, Mapping):
            if isinstance(rule.get("actor"), str):
                yield from self._actor(path, rule)
            for key in LISTS:
                yield from self._listed((*path, key), as_list(rule.get(key)), depth)
            if rule.get("at_least") is not None and as_list(rule.get("of")):
                heads = sum(map(_seats, as_list(rule.get("of"))))
                yield from _quota((*path, "at_least"), rule["at_least"], Fraction(heads), "members")
            yield from self._votes(path, rule)
            if isinstance(rule.get("body"), str):
                yield from self._body(path, rule["body"], as_mapping(rule.get("members")), depth)

    def _named(self, path: Path, name: str, *, at_key: bool = False) -> Iterator[Fault]:
        if name not in self.known and name.strip() and self.whole:
            ready = f"fill its roles: {{body: {name}, members: {{…}}}}" if name in ready_bodies() else None
            hint = ready or did_you_mean(name, self.known)
            yield Fault(path, f"no actor or body is called {shortened(name)}", hint=hint, at_key=at_key)

    def _actor(self, path: Path, rule: Mapping[str, Any]) -> Iterator[Fault]:
        name = rule["actor"]
        yield from self._named((*path, "actor"), name)
        several = rule.get("apart") is True or rule.get("count") not in (None, 1)
        if name in self.bodies and name not in self.actors and several:
            hint = "list its members instead"
            yield Fault(path, f"{shortened(name)} is a body and stands for itself alone", hint=hint)

    def _listed(self, path: Path, parts: list[Any], depth: int) -> Iterator[Fault]:
        seen = set()
        for number, part in enumerate(parts):
            name = part if isinstance(part, str) else as_mapping(part).get("actor")
            if isinstance(name, str):
                if name in seen:
                    yield Fault(
                        (*path, number), f"{shortened(name)} stands twice in one rule", hint="keep one"
                    )
                seen.add(name)
            yield from self.faults((*path, number), part, depth + 1)

    def _votes(self, path: Path, rule: Mapping[str, Any]) -> Iterator[Fault]:
        votes = as_mapping(rule.get("votes"))
        weights = as_mapping(votes.get("weights"))
        for name in weights:
            yield from self._named((*path, "votes", "weights", name), name, at_key=True)
        numbers = [
            weight
            for weight in weights.values()
            if isinstance(weight, (int, float)) and not isinstance(weight, bool)
        ]  # the model tells
        if weights and len(numbers) == len(weights) and all(weight >= 0 for weight in numbers):
            total = sum((Fraction(str(weight)) for weight in numbers), Fraction(0))
            if total == 0:
                yield Fault(
                    (*path, "votes", "weights"), "nobody has any weight", hint="give at least one more than 0"
                )
            elif votes.get("quota") is not None:
                least = min(Fraction(str(weight)) for weight in numbers if weight)
                yield from _quota((*path, "votes", "quota"), votes["quota"], total, "votes", least)
            yield from _too_fine((*path, "votes", "weights"), weights)
        if rule.get("headcount") is not None and weights:
            yield from _quota((*path, "headcount"), rule["headcount"], Fraction(len(weights)), "members")

    def _body(self, path: Path, slug: str, members: Mapping[str, Any], depth: int) -> Iterator[Fault]:
        if slug not in ready_bodies():
            way = f"{did_you_mean(slug, ready_bodies())}; 'detente power' lists them"
            yield Fault((*path, "body"), f"no ready-made body is called {shortened(slug)}", hint=way)
            return
        body = ready_body(slug)
        for role, filling in members.items():
            where: Path = (*path, "members", role)
            if role not in body.roles and role != OTHERS:
                hint = did_you_mean(role, (*body.roles, OTHERS))
                yield Fault(where, f"{slug} has no role {shortened(role)}", hint=hint, at_key=True)
            one = not isinstance(filling, (list, tuple))
            if one:
                yield from self.faults(where, filling, depth + 1)
            else:
                yield from self._listed(where, list(filling), depth)
        if members:
            yield from _seating((*path, "members"), body, members)

    def circles(self) -> Iterator[Fault]:
        """Yield bodies whose id is taken, and bodies that hold themselves."""
        inside = {
            body: [name for name in names(as_mapping(content).get("rule")) if name in self.bodies]
            for body, content in self.bodies.items()
        }
        for body in self.bodies:
            if body in self.actors:
                yield Fault(
                    ("bodies", body), "an actor has this id", hint="call the body something else", at_key=True
                )
            way = _way_back(body, inside)
            if way:
                told = " → ".join(way)
                yield Fault(
                    ("bodies", body, "rule"), f"the body contains itself: {told}", hint="break the circle"
                )


def _too_fine(path: Path, weights: Mapping[str, float]) -> Iterator[Fault]:
    try:
        whole_weights(weights)
    except ValueError as error:
        yield Fault(path, str(error))


def _way_back(start: str, inside: Mapping[str, list[str]]) -> list[str]:
    """Return a way from a body through what it holds back to it; an empty list if there is none."""
    came: dict[str, str] = {}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for below in inside[here]:
            if below == start:
                way = [start, here]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return way[::-1]
            if below not in came:
                came[below] = here
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
        filling = members.get(role, [])
        listed = list(filling) if isinstance(filling, (list, tuple)) else [filling]
        count = sum(map(_seats, listed))
        many = f"{place.seats} seat{'s' if place.seats != 1 else ''}"
        if count > place.seats:
            what = f"{shortened(role)} has {many}, and {count} are filled"
            yield Fault((*path, role), what, hint=f"let the counts add up to {place.seats}", at_key=True)
        elif count < place.seats and OTHERS not in members:
            what = f"{shortened(role)} has {many}, and {count} {'is' if count == 1 else 'are'} filled"
            hint = f"let the counts add up to {place.seats}, or say with '{OTHERS}' who fills the rest"
            yield Fault((*path, role) if role in members else path, what, hint=hint, at_key=role in members)
        left += max(0, place.seats - count)
    if OTHERS in members:
        rest = members[OTHERS]
        listed = list(rest) if isinstance(rest, (list, tuple)) else [rest]
        if len(listed) != 1 or as_mapping(listed[0]).get("count") is not None:
            hint = "write one actor, without a count"
            yield Fault(
                (*path, OTHERS), "the rest of the seats is filled by one actor", hint=hint, at_key=True
            )
        elif left == 0:
            yield Fault((*path, OTHERS), "no seat is left to fill", hint="remove it", at_key=True)


def _quota(
    path: Path, quota: object, total: Fraction, what: str, least: Fraction = Fraction(1)
) -> Iterator[Fault]:
    """Yield a quota that everybody or nobody meets; one that cannot be read is told by the model."""
    try:
        checked_quota(quota)
    except ValueError:
        return
    if isinstance(quota, str):
        return
    exact = Fraction(str(quota))
    meant = taken_for_share(quota, total, least)  # type: ignore[arg-type]  # a number
    if meant is not None:
        told = f"is less than one of the {what}, so anybody meets it alone"
        yield Fault(path, told, shown(quota), f"did you mean {meant}?")
    elif exact <= 0:
        yield Fault(path, "is met when nobody agrees", shown(quota), f"use at least 1 of the {total} {what}")
    elif exact > total:
        yield Fault(
            path, f"is more than the {total} {what} that there are", shown(quota), f"use 1 to {total}"
        )
