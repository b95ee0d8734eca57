"""Which rules are asked about? That of a ready-made body, of a line, or those that the deals of a case need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.case import Case
from detente.case.bodies import ready_bodies, ready_body
from detente.case.electorate import Electorate, body_rule, weighted
from detente.case.thresholds import Node
from detente.errors import MissingPartError
from detente.lenses.power.analysis import analyse
from detente.lenses.power.result import BodyRecord, RulePower


def bodies() -> tuple[BodyRecord, ...]:
    """Return the ready-made bodies."""
    named = {slug: ready_body(slug) for slug in ready_bodies()}
    return tuple(
        BodyRecord(slug=slug, name=body.name, members=body.seats, since=body.since, until=body.until)
        for slug, body in named.items()
    )


Blocs = Sequence[Sequence[str]]


def of_body(slug: str, blocs: Blocs = ()) -> RulePower:
    """Return the power in a ready-made body, and where some members vote as blocs.

    Raises:
        NotFoundError: there is none of that name.
    """
    body = ready_body(slug)
    rule, roles = body_rule(body)
    return analyse(rule, [body.roles[role].name for role in roles], name=body.name, blocs=blocs)


def of_line(text: str, blocs: Blocs = ()) -> RulePower:
    """Return the power in a weighted vote such as ``[51; 50, 49, 1]``, and where some members vote as blocs.

    Raises:
        OptionError: the line cannot be read.
    """
    vote, names = weighted(text)
    return analyse(vote, names, name=text.strip(), blocs=blocs)


def of_case(case: Case, blocs: Blocs = ()) -> Iterator[RulePower]:
    """Yield the power in each rule of a case, with the deals that need it, and where some members vote as blocs.

    A bloc may name actors, by id or name, or groups, for all of their actors that have a vote.

    Raises:
        MissingPartError: no rule says whose consent is needed.
    """
    deals = {key: (deal.name, deal.issues) for key, deal in case.deals.items()}
    if not deals and len(case.issues) != 1:
        deals = {"all": ("all issues together", tuple(case.issues))}
    deals |= {key: (issue.name, (key,)) for key, issue in case.issues.items()}
    electorate = Electorate(case)
    found: dict[tuple[Node, tuple[str, ...]], list[str]] = {}
    for name, issues in deals.values():
        people = electorate.members(issues)
        if not people:
            continue
        labels = tuple(case.actors[actor].name + (" member" if number else "") for actor, number in people)
        found.setdefault((electorate.rule(issues), labels), []).append(name)
    if not found:
        raise MissingPartError(
            "'power' reads 'consent' and the case has none; add who must say yes, "
            "such as consent: {all_of: [...]}"
        )
    for (rule, labels), names in found.items():
        yield analyse(rule, labels, name=case.title, deals=names, blocs=_in_names(case, blocs, labels))


def _in_names(case: Case, blocs: Blocs, labels: Sequence[str]) -> list[list[str]]:
    """Return blocs by the names of their members."""
    found = []
    for bloc in blocs:
        members: list[str] = []
        for said in bloc:
            group = next((key for key, of in case.groups.items() if said in (key, of.name)), said)
            inside = [actor.name for actor in case.actors.values() if group in actor.groups]
            alone = case.actors[said].name if said in case.actors else said
            members += [name for name in inside if name in labels] or [alone]
        found.append(list(dict.fromkeys(members)))
    return found
