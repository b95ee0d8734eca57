"""Is there a deal, on one screen? How likely each is, on what terms, who is in the way, what would change it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.cli.output import Output
from detente.show.screen import Column, paragraph, strip, table
from detente.show.words import percent

if TYPE_CHECKING:
    from detente.case import Case
    from detente.lenses.winset import WinsetResult
    from detente.report.winset.telling import Ground

WIDE = 21


def show_winset(case: Case, result: WinsetResult, out: Output) -> None:
    """Print the probability of every deal, then each package in words."""
    from detente.report.winset.telling import common_ground

    out.say()
    _chances(result, out)
    for ground in common_ground(case, result):
        if not ground.single or len(result.deals) == 1:
            _package(ground, out)
    _opening(result, out)
    out.say()
    for line in _foot(result):
        out.say(line, dim=True)


def _chances(result: WinsetResult, out: Output) -> None:
    versions = [version for version in result.deal_probability if version != result.version]
    columns = [
        Column("deal", wraps=True),
        Column("probability", right=True),
        Column("95 %", right=True),
        *(Column(result.scenarios[version], right=True, wraps=True) for version in versions),
    ]
    if not versions:  # room to draw
        columns.append(Column("0".ljust(WIDE - 5) + "100 %"))
    rows = []
    for deal, answer in result.deals.items():
        chance = result.chance(deal)
        span = (chance.low95, chance.high95)
        doubt = "" if result.record.exact else f"{100 * span[0]:.0f} to {100 * span[1]:.0f}"
        cells = [answer.name, percent(chance.probability), doubt]
        for version in versions:
            there = result.deal_probability[version].get(deal)
            cells.append("" if there is None else percent(there.probability))
        if not versions:
            cells.append(strip(0, 1, span, chance.probability, size=WIDE))
        rows.append(cells)
    out.lines(table(columns, rows))
    for deal, why in result.skipped.items():
        out.lines(paragraph(f"{result.names.get(deal, deal)} is not examined: {why}."))


def _package(ground: Ground, out: Output) -> None:
    out.say()
    for line in paragraph(f"{ground.name}: {ground.verdict}", indent=""):
        out.say(line, bold=True)
    out.lines(line for text in _said(ground) for line in paragraph(text))


def _said(ground: Ground) -> Iterator[str]:
    if ground.terms:
        yield f"Terms: {ground.terms}."
    if ground.way:
        yield f"{'Where there is none' if ground.good else 'In the way'}: {ground.way}."
    if ground.change:
        yield ground.change


def _opening(result: WinsetResult, out: Output) -> None:
    shown = ("opening", "payment", "swap")
    told = [finding for finding in result.findings if finding.id.partition(".")[0] in shown]
    if told:
        out.say()
        out.lines(line for finding in told for line in paragraph(finding.sentence))


def _foot(result: WinsetResult) -> list[str]:
    unknown = max(result.chance(deal).unknown for deal in result.deals)
    text = (
        "A probability is the share of draws with a deal: how much the doubt in the inputs leaves open, not how "
        "often such deals come true."
    )
    if unknown:
        text += f" Up to {percent(unknown)} of draws could not be decided; they count neither way."
    return paragraph(text, indent="")
