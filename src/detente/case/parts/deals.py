"""Which issues would be settled together, has who must agree a stance there, and what can be paid besides?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from detente.case.consent_checks import names, voters_named
from detente.case.electorate import Electorate
from detente.case.fields import AT_LEAST_0, ActorId, Asserts, Citations, Doubtful, IssueId, Keyed, Part
from detente.case.reading import Path
from detente.case.text import Name
from detente.case.thresholds import wins
from detente.case.validation import Fault, entries, read, shortened, warning
from detente.quantity import Quantity

MAX_DEALS = 200
_PAYS, _PAID = f"{AT_LEAST_0}; what it can pay is 'gives'", f"{AT_LEAST_0}; what can be paid to it is 'takes'"
_PAY, _GET = "the most that {actors} can pay", "the most that {actors} can receive"
_WORTH = "what a unit paid is worth to {actors}"
Gives = Annotated[Quantity, Doubtful("most that it can pay", 0, hint=_PAID, brief="gives", phrase=_PAY)]
Takes = Annotated[Quantity, Doubtful("most that it can receive", 0, hint=_PAYS, brief="takes", phrase=_GET)]
Worth = Annotated[Quantity, Doubtful("worth of a unit paid", 0, brief="worth of a unit", phrase=_WORTH)]


class StatedDeal(Part):
    """Issues that would be settled together."""

    name: Name
    issues: Annotated[tuple[IssueId, ...], Field(min_length=1)]
    because: Citations = ()


class Payment(Part):
    """What an actor could pay or be paid."""

    gives: Gives | None = None
    takes: Takes | None = None
    worth: Worth
    because: Citations = ()


class Payments(Part):
    """Money, or whatever else can be handed over beside the terms of a deal."""

    unit: Name
    actors: Annotated[
        Keyed[ActorId, Annotated[Payment, Asserts("Side payments of {actors}")]], Field(min_length=1)
    ]


def deal_faults(case: Any, data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield deals with the id or without the voters of an issue, and issues that stand twice in one."""
    known = isinstance(data.get("stances", {}), Mapping)  # else it is told that they are none
    for path, deal in read(case, "deals", "*"):
        if path[1] in case.issues:
            hint = "call the deal something else; every issue is looked at alone besides"
            yield Fault(path, "an issue has this id", hint, at_key=True)
        stated = deal.issues or ()
        asked = _asked([case, *map(case.issues.get, stated)], case) if known else None
        for number, issue in ((n, one) for n, one in enumerate(stated) if one in case.issues):
            where = (*path, "issues", number)
            if issue in stated[:number]:
                yield Fault(where, f"the issue {shortened(issue)} stands twice", "keep one")
            elif asked is not None and not asked & set(case.stances.get(issue) or ()):
                way = f"add a stance of theirs under stances.{issue}, or leave the issue out of the deal"
                message = f"nobody who must consent has a stance on {shortened(issue)}"
                yield Fault(where, message, way if asked else "say who must agree under 'consent'")


def _asked(stating: list[Any], case: Any) -> set[str] | None:
    """Return the actors who must consent by the rules of some parts; ``None`` if one of them is unknown."""
    named = {name for part in stating if part is not None for name in names(part.consent)}
    inside = (voters_named(body, case.bodies) for body in named & case.bodies.keys())
    asked = (named - case.bodies.keys()).union(*inside)
    return None if asked - case.actors.keys() else asked


def deal_warnings(case: Any, _: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield deals to which somebody, or everybody who counts, agrees for want of a stance."""
    packages: dict[Path, tuple[str, ...]] = {("deals", key): deal.issues for key, deal in case.deals.items()}
    alone: dict[Path, tuple[str, ...]] = {("issues", issue): (issue,) for issue in case.issues}
    electorate = Electorate(case)
    for path, issues in (packages or alone).items():
        if not (members := electorate.members(issues)):
            continue
        heard = {actor for issue in issues for actor in case.stances.get(issue, {})}
        quiet = np.array([member.actor not in heard for member in members])
        silent = list(dict.fromkeys(member.actor for member in members if member.actor not in heard))
        if silent and wins(electorate.rule(issues), quiet):
            told = "those whose consent is enough have no stance here, so they agree to anything"
            yield warning(path, told, "give them one, or change who must consent")
        elif silent and packages:
            listed = ", ".join(silent[:5]) + (f" and {len(silent) - 5} more" if len(silent) > 5 else "")
            told = f"asked for consent, but without a stance here: {listed}"
            yield warning(
                path, f"{told}; whoever has none agrees to anything", "give them one on an issue of the deal"
            )


def payment_faults(_: Any, data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield actors that are listed and can neither pay nor be paid."""
    for path, payment in entries(data, "payments", "actors", "*"):
        if payment.get("gives") is None and payment.get("takes") is None:
            way = "add gives: (the most that it can pay) or takes: (the most that it can be paid)"
            yield Fault(path, "can neither give nor take", way, at_key=True)
