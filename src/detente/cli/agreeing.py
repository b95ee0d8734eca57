"""Who must say yes, and to what? Consent, bodies, deals, payments and followed pairs of a case on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.cli.output import Output, star
from detente.show.columns import item, paragraph
from detente.show.words import capital, consent, listed, tally

if TYPE_CHECKING:
    from detente.case import Case

MANY = 99


def show_agreeing(case: Case, base: Case, out: Output) -> None:
    """Print whose consent is needed, by which rules, and what is examined.

    Args:
        case: a version of the base.
        base: the case as it stands, from which a star marks what differs.
        out: where to.
    """
    asked = [(text, mark) for text, mark in _asked(case, base)]
    if asked:
        out.say()
        out.title("Who must agree")
        for text, mark in asked:
            out.lines(paragraph(f"{text}{mark}"))
    if case.bodies:
        out.say()
        out.title("Bodies, and what each asks for")
        for key, body in case.bodies.items():
            mark = star(body, base.bodies.get(key))
            absent = [case.actors[actor].name for actor in body.abstain]
            away = f"; abstaining: {', '.join(absent)}" if absent else ""
            out.lines(item(f"{body.name} ({key}): {consent(case, body.rule, unfold=True)}{away}{mark}", "  "))
    if case.deals:
        out.say()
        out.title("Deals to examine, beside every issue alone")
        for key, deal in case.deals.items():
            issues = "; ".join(case.issues[issue].name for issue in deal.issues)
            out.lines(item(f"{deal.name} ({key}): {issues}", "  "))
    if case.payments is not None:
        out.say()
        out.title(f"What can be paid, in {case.payments.unit}")
        for actor, of in case.payments.actors.items():
            ways = [
                f"{what} at most {of_it}"
                for what, of_it in (("pays", of.gives), ("receives", of.takes))
                if of_it
            ]
            out.lines(
                paragraph(f"{case.actors[actor].name} {' and '.join(ways)}; a unit is worth {of.worth} to it")
            )
    if case.relations is not None:
        out.say()
        out.title("Relations that are followed")
        events = case.relations.chronology.values()
        for key, dyad in case.relations.dyads.items():
            names = [case.actors[one].name if one in case.actors else one for one in dyad.between]
            met = sum(set(dyad.between) <= set(event.between) for event in events)
            told = f"{dyad.name or ' and '.join(names)} ({key}): {tally(met, 'dated event')}"
            out.lines(item(told, "  "))


def _asked(case: Case, base: Case) -> Iterator[tuple[str, str]]:
    """Yield whose consent every deal needs, and what an issue asks for besides, each with its mark."""
    if case.consent is not None:
        yield f"To every deal: {consent(case, case.consent)}.", star(case.consent, base.consent)
    alike: dict[str, list[str]] = {}
    marks: dict[str, str] = {}
    for key, issue in case.issues.items():
        if issue.consent is not None:
            rule = consent(case, issue.consent)
            alike.setdefault(rule, []).append(issue.name)
            before = base.issues[key].consent if key in base.issues else None
            marks[rule] = marks.get(rule) or star(issue.consent, before)
    besides = "besides, " if case.consent is not None else ""
    for rule, issues in alike.items():
        yield capital(f"{besides}to {listed(issues, MANY)}: {rule}."), marks[rule]
