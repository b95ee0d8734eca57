"""Which issues would be settled together, and has everybody a stance there who must agree?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from detente.case.consent_checks import names
from detente.case.electorate import Electorate
from detente.case.fields import Citations, IssueId, Part
from detente.case.reading import Path
from detente.case.text import Name
from detente.case.thresholds import wins
from detente.case.validation import Fault, as_list, as_mapping, shortened, warning

MAX_DEALS = 200


class StatedDeal(Part):
    """Issues that would be settled together."""

    name: Name
    issues: Annotated[tuple[IssueId, ...], Field(min_length=1)]
    because: Citations = ()


def deal_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield deals with the id or without the voters of an issue, and issues that stand twice in one."""
    issues = as_mapping(data.get("issues"))
    for deal, content in as_mapping(data.get("deals")).items():
        if deal in issues:
            hint = "call the deal something else; every issue is looked at alone besides"
            yield Fault(("deals", deal), "an issue has this id", hint=hint, at_key=True)
        listed = [issue for issue in as_list(as_mapping(content).get("issues")) if isinstance(issue, str)]
        asked = _asked(listed, data)
        for number, issue in enumerate(listed):
            where: Path = ("deals", deal, "issues", number)
            if issue in listed[:number] and issue in issues:
                yield Fault(where, f"the issue {shortened(issue)} stands twice", hint="keep one")
            elif issue in issues and asked is not None:
                yield from _unheard(where, issue, asked, data)


def _asked(deal: list[str], data: Mapping[str, Any]) -> set[str] | None:
    """Return the names of all who must consent to a deal, bodies too; ``None`` if one of them is unknown."""
    issues, bodies = as_mapping(data.get("issues")), as_mapping(data.get("bodies"))
    rules = [data.get("consent"), *(as_mapping(issues.get(one)).get("consent") for one in deal)]
    named = {name for rule in rules for name in names(rule)}
    for _ in bodies:  # as deep as bodies can hold each other
        inside = {
            name for body in named & set(bodies) for name in names(as_mapping(bodies[body]).get("rule"))
        }
        if inside <= named:
            break
        named |= inside
    return None if named - set(bodies) - set(as_mapping(data.get("actors"))) else named


def _unheard(where: Path, issue: str, asked: set[str], data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield a fault if nobody who must consent to a deal has a stance on one of its issues."""
    if not asked & set(as_mapping(as_mapping(data.get("stances")).get(issue))):
        way = f"add a stance of theirs under stances.{issue}, or leave the issue out of the deal"
        message = f"nobody who must consent has a stance on {shortened(issue)}"
        hint = way if asked - set(as_mapping(data.get("bodies"))) else "say who must agree under 'consent'"
        yield Fault(where, message, hint=hint)


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
            told = (
                f"asked for consent, but without a stance here: {listed}; whoever has none agrees to anything"
            )
            yield warning(path, told, "give them one on an issue of the deal")
