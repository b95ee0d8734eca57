"""How much does each vote count? Voting power under the rule of a ready-made body, of a line, or of a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from detente.cli.output import Output, output_options
from detente.errors import MissingPartError, NotFoundError, did_you_mean

if TYPE_CHECKING:
    from detente.case import Case
    from detente.cli.power_records import MemberPower, MinimalCoalitions, RulePower, Share
    from detente.lenses.winset.rule import Node

Asked = tuple[str, tuple[str, ...], "Node", tuple[str, ...]]  # name, deals, rule, label of every voter
MOST_SHOWN = 10
LONGEST_FRACTION = 14


@click.command("power")
@click.argument("asked", metavar="[RULE|CASE]", required=False)
@output_options
def command(asked: str | None, out: Output) -> None:
    """Tell how much each vote counts under a rule.

    RULE is a ready-made body, such as un-security-council-1966, or a weighted
    vote in a line: '[51; 50, 49, 1]' has the quota first, '5x7' stands for five
    members of 7 votes each. With CASE it is the consent that each of its deals
    needs. Without either, the ready-made bodies are listed.

    Powers are counted exactly; --json has the fractions.
    """
    from detente.cli.power_records import PowerReport, record

    if asked is None:
        _list(out)
        return
    from detente.lenses.winset.power import analyse

    rules = tuple(
        record(name, deals, labels, analyse(rule)) for name, deals, rule, labels in _rules(asked, out)
    )
    if out.as_json:
        out.json(PowerReport(rules=rules).to_dict())
        return
    for number, found in enumerate(rules):
        if number:
            out.say()
        _show(found, out)


def _rules(asked: str, out: Output) -> Iterator[Asked]:
    """Yield every rule that an argument means."""
    from detente.case.bodies import ready_bodies, ready_body
    from detente.catalog import slugs
    from detente.cli.options import opened
    from detente.lenses.winset.consent import body_rule
    from detente.lenses.winset.power.notation import is_weighted, weighted

    if asked in ready_bodies():
        body = ready_body(asked)
        rule, roles = body_rule(body)
        yield body.name, (), rule, tuple(body.roles[role].name for role in roles)
    elif is_weighted(asked):
        vote, names = weighted(asked)
        yield asked.strip(), (), vote, tuple(f"member {name}" for name in names)
    else:
        try:
            case = opened(asked, out)
        except NotFoundError as error:
            hint = did_you_mean(asked, (*ready_bodies(), *slugs()))
            message = f"{asked[:200]!r} is no ready-made body, weighted vote or case; {hint}"
            raise NotFoundError(message) from error
        yield from _of_case(case)


def _of_case(case: Case) -> Iterator[Asked]:
    """Yield the rules of a case, with the deals that need each of them."""
    from detente.lenses.winset.consent import members, rule

    deals = {key: (deal.name, deal.issues) for key, deal in case.deals.items()}
    if not deals and len(case.issues) != 1:
        deals = {"all": ("all issues together", tuple(case.issues))}
    deals |= {key: (issue.name, (key,)) for key, issue in case.issues.items()}
    found: dict[tuple[Node, tuple[str, ...]], list[str]] = {}
    for name, issues in deals.values():
        try:
            people = members(case, issues)
        except MissingPartError:
            continue
        rows = {member: row for row, member in enumerate(people)}
        labels = tuple(case.actors[actor].name + (" member" if number else "") for actor, number in people)
        found.setdefault((rule(case, issues, rows), labels), []).append(name)
    if not found:
        raise MissingPartError(
            "'power' reads 'consent' and the case has none; add who must say yes, "
            "such as consent: {all_of: [...]}"
        )
    for (tree, labels), names in found.items():
        yield case.title, tuple(names), tree, labels


# --- on the screen -------------------------------------------------------------------------------


def _list(out: Output) -> None:
    from detente.case.bodies import ready_bodies, ready_body
    from detente.cli.power_records import BodyRecord, PowerReport
    from detente.show.columns import Column, table

    bodies = {slug: ready_body(slug) for slug in ready_bodies()}
    if out.as_json:
        records = tuple(
            BodyRecord(slug=slug, name=body.name, members=body.seats, since=body.since, until=body.until)
            for slug, body in bodies.items()
        )
        out.json(PowerReport(bodies=records).to_dict())
        return
    columns = (Column("name"), Column("members", right=True), Column("body", wraps=True))
    rows = [(slug, str(body.seats), body.name) for slug, body in bodies.items()]
    head, *lines = table(columns, rows, indent="")
    out.say(head, dim=True)
    out.lines(lines)
    out.note(
        f"\nUse a name as RULE here, or as 'body:' in the consent of a case: detente power {rows[-1][0]}"
    )


def _show(found: RulePower, out: Output) -> None:
    from detente.show.columns import Column, paragraph, table

    out.say(found.rule, bold=True)
    for line in _facts(found):
        out.lines(paragraph(line))
    columns = (
        Column("member", wraps=True),
        Column("seats", right=True),
        Column("Shapley-Shubik", right=True),
        Column("exactly", right=True),
        Column("Banzhaf", right=True),
        Column("absolute", right=True),
        Column(""),
    )
    rows = [
        (
            _several(power.members),
            str(power.count) if power.count > 1 else "",
            _told(power.shapley_shubik),
            _fraction(power.shapley_shubik),
            _told(power.banzhaf_normalised),
            _told(power.banzhaf),
            "veto" if power.veto else "no power" if power.dummy else "",
        )
        for power in sorted(found.power, key=lambda power: -power.shapley_shubik.value)
    ]
    out.say()
    head, *lines = table(columns, rows)
    out.say(head, dim=True)
    out.lines(lines)
    if not found.exact:
        out.say()
        told = (
            "Too many different members to count: shares of random coalitions and orders, ± standard error."
        )
        out.lines(paragraph(told))


def _facts(found: RulePower) -> Iterator[str]:
    """Yield what is true of a rule as a whole, in sentences."""
    if found.deals:
        yield f"Needed for: {_several(found.deals)}."
    many = f"{found.voters} votes" if found.voters != 1 else "One vote"
    act = "" if found.power_to_act is None else f"; {_told(found.power_to_act)} of all coalitions win"
    yield f"{many}{act}."
    if found.dictator is not None:
        yield f"{found.dictator} decides alone."
    elif len(found.vetoers) == found.voters:
        yield "Everybody has a veto."
    elif found.vetoers:
        yield f"Veto: {_several(_kinds(power for power in found.power if power.veto))}."
    if found.dummies:
        yield f"Never matters: {_several(_kinds(power for power in found.power if power.dummy))}."
    for what, coalitions in (("to win", found.minimal_winning), ("to block", found.minimal_blocking)):
        if coalitions is not None:
            yield f"Just enough {what}: {_minimal(coalitions, found)}."
    if found.proper is False:
        yield "Two sides can win at once: the rule is not proper."
    if found.nakamura is not None:
        yield f"Nakamura number {found.nakamura}: that many winning coalitions can be without a common member."


def _minimal(coalitions: MinimalCoalitions, found: RulePower) -> str:
    """Return how many coalitions there are, and how they look if that is soon said."""
    count = int(coalitions.count)
    told = f"{count:,}" if count < 10**9 else f"about {count:.3g}"
    told += " coalition" if count == 1 else " coalitions"
    if not 0 < len(coalitions.shapes) <= 3:
        return told
    looks = (
        " + ".join(_held(held, power) for held, power in zip(shape.holds, found.power, strict=True) if held)
        for shape in coalitions.shapes
    )
    return f"{told} ({'; '.join(looks)})"


def _held(held: int, power: MemberPower) -> str:
    """Return so many of some members who are alike."""
    if held == len(power.members) == power.count:
        return " + ".join(power.members)
    of = "of " if len(power.members) > 1 else ""
    return f"{held} {of}{_several(power.members)}"


def _kinds(powers: Iterable[MemberPower]) -> list[str]:
    """Return who some members are; seats that share a name once, with their number."""
    named: list[str] = []
    for power in powers:
        alike = power.count > len(power.members)
        named += [f"{', '.join(power.members)} (each of {power.count})"] if alike else power.members
    return named


def _several(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_SHOWN} more" if len(names) > MOST_SHOWN else ""
    return ", ".join(names[:MOST_SHOWN]) + more


def _told(share: Share) -> str:
    """Return a share in per cent, with its standard error if it has one."""
    if share.value and share.value < 1e-6:
        return f"{100 * share.value:.2g} %"
    error = f" ± {100 * share.error:.2f}" if share.error else ""
    return f"{100 * share.value:.4g}{error} %"


def _fraction(share: Share) -> str:
    return share.exact if share.exact is not None and len(share.exact) <= LONGEST_FRACTION else ""
