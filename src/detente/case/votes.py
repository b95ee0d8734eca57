"""What do the votes of an actor in a body of the case weigh as its influence, and can that be said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from detente.case.consent import Body
from detente.case.consent_checks import voters_named
from detente.case.electorate import body_members
from detente.case.fields import Doubtful
from detente.case.influence import VotingPower
from detente.case.reading import Path
from detente.case.shape import listed, walk
from detente.case.thresholds import wins
from detente.case.validation import Fault, as_mapping, entries, shortened, warning
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
    """Yield who abstains, or has influence by its power, in something that is no body or where it has no vote."""
    bodies = as_mapping(data.get("bodies"))
    for path, content in entries(data, "bodies", "*"):
        for number, actor in enumerate(listed(content.get("abstain"))):
            yield from _voteless((*path, "abstain", number), actor, str(path[-1]), bodies, "its")
    stated = (*entries(data, "actors", "*", "influence"), *entries(data, "stances", "*", "*", "influence"))
    for path, said in stated:
        body = said.get("power")
        if isinstance(body, str) and body not in bodies:
            hint = did_you_mean(body, bodies) or "add it under 'bodies', with its rule"
            yield Fault((*path, "power"), f"no body of the case is called {shortened(body)}", hint=hint)
        elif isinstance(body, str):
            way = "write a number, or give it a vote; its"
            yield from _voteless((*path, "power"), path[-2], body, bodies, way)


def _voteless(path: Path, actor: object, body: str, bodies: Mapping[str, Any], way: str) -> Iterator[Fault]:
    members = voters_named(body, bodies)
    if isinstance(actor, str) and actor not in members:
        message, hint = (
            f"{shortened(actor)} has no vote in {shortened(body)}",
            f"{way} members are {', '.join(members[:6])}",
        )
        yield Fault(path, message, hint=hint)
