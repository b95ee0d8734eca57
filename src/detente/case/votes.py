"""What do the votes of an actor in a body of the case weigh as its influence, and can that be said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from detente.case.consent import Body
from detente.case.consent_checks import names
from detente.case.electorate import body_members
from detente.case.fields import Doubtful
from detente.case.influence import VotingPower
from detente.case.reading import Path
from detente.case.shape import listed, walk
from detente.case.thresholds import wins
from detente.case.validation import Fault, as_mapping, shortened, warning
from detente.case.voting.power import in_body
from detente.errors import did_you_mean
from detente.quantity import Quantity, parse


def power_of_votes(bodies: Mapping[str, Body], said: VotingPower, actor: str) -> Quantity:
    """Return the influence that an actor's votes in a body give it."""
    powers = in_body(bodies, said.body, said.index) or {}
    return parse(float(powers.get(actor, 0)) * said.times)


def uncounted(case: Any) -> Iterator[Fault]:
    """Yield bodies in which too many abstain, and influences by a power that cannot be counted."""
    barred = False
    for key, body in case.bodies.items():
        rule, members = body_members(case.bodies, key)
        if body.abstain and not wins(rule, np.ones(len(members), dtype=np.bool_)):
            barred = True
            hint = "let fewer of them abstain"
            yield Fault(("bodies", key, "abstain"), "with these abstaining nothing can be decided", hint=hint)
    if barred:
        return
    for spot in walk(type(case), case, Doubtful):
        said = spot.value
        if isinstance(said, VotingPower) and in_body(case.bodies, said.body, said.index) is None:
            message = (
                f"the members of {shortened(said.body)} are too many and too different to count their power"
            )
            hint = "write the influence as a number, such as 'detente power' tells"
            yield Fault(spot.path, message, hint=hint)


def power_warnings(case: Any) -> Iterator[Fault]:
    """Yield influences that are 0 because the votes never matter."""
    for spot in walk(type(case), case, Doubtful):
        said = spot.value
        if isinstance(said, VotingPower) and not (in_body(case.bodies, said.body, said.index) or {}).get(
            spot.around["actors"]
        ):
            what = f"the votes of {shortened(spot.around['actors'])} in {shortened(said.body)} never decide, "
            yield warning(spot.path, what + "so its influence is 0", "write a number if it matters otherwise")


def power_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield influences by the power in something that is no body, or in one where the actor has no vote."""
    bodies = as_mapping(data.get("bodies"))
    for key, content in bodies.items():
        for number, actor in enumerate(listed(as_mapping(content).get("abstain"))):
            if isinstance(actor, str) and actor not in (members := _members(key, bodies)):
                hint = f"its members are {', '.join(members[:6])}"
                message = f"{shortened(actor)} has no vote in {shortened(key)}"
                yield Fault(("bodies", key, "abstain", number), message, hint=hint)
    for path, actor, said in _stated(data):
        body = said.get("power", "")
        if not isinstance(body, str) or "power" not in said:
            continue  # the model tells
        if body not in bodies:
            hint = did_you_mean(body, bodies) or "add it under 'bodies', with its rule"
            yield Fault((*path, "power"), f"no body of the case is called {shortened(body)}", hint=hint)
            continue
        members = _members(body, bodies)
        if actor not in members:
            hint = f"write a number, or give it a vote; its members are {', '.join(members[:6])}"
            yield Fault((*path, "power"), f"{shortened(actor)} has no vote in {shortened(body)}", hint=hint)


def _stated(data: Mapping[str, Any]) -> Iterator[tuple[Path, str, Mapping[str, Any]]]:
    """Yield (path, actor, what is said) of every influence that is a mapping."""
    places: list[tuple[Path, Any]] = [(("actors",), data.get("actors"))]
    places += [(("stances", issue), by) for issue, by in as_mapping(data.get("stances")).items()]
    for path, entries in places:
        for actor, entry in as_mapping(entries).items():
            said = as_mapping(entry).get("influence")
            if isinstance(said, Mapping):
                yield (*path, actor, "influence"), actor, said


def _members(body: str, bodies: Mapping[str, Any]) -> list[str]:
    """Return who votes in a body or in one within it."""
    found: dict[str, None] = {}
    seen, waiting = {body}, [body]
    while waiting:
        for name in names(as_mapping(bodies[waiting.pop()]).get("rule")):
            if name not in bodies:
                found[name] = None
            elif name not in seen:
                seen.add(name)
                waiting.append(name)
    return list(found)
