"""What is to be said of each deal, as plain data: how often it is agreed, on what terms, what is in its way?"""

from __future__ import annotations

from collections.abc import Iterator

from detente.lenses.winset.findings import GROUND
from detente.lenses.winset.phrases import conflict_words
from detente.lenses.winset.result import WinsetResult
from detente.show.ladder import DealRow, Gain, Signature, Size, Term

CLEAR = 0.5
"""From which share of draws on a deal is agreed; at least half would be a coin's toss."""
NOTICED = 0.05
"""Of a scale: a gain on some issue from which on a reader would notice it."""


def rows(result: WinsetResult) -> Iterator[DealRow]:
    """Yield every deal, packages before issues alone."""
    for deal in sorted(result.deals, key=lambda one: result.deals[one].single):
        yield _row(result, deal)


def _row(result: WinsetResult, deal: str) -> DealRow:
    of, chance = result.deals[deal], result.chance(deal)
    found = result.blockers.get(deal)
    first = None if found is None else next(iter(found.conflicts), None)
    terms = tuple(_terms(result, deal))
    package = of.centre.solutions.get(result.leading)
    agreed = None if package is None else package.agreed
    return DealRow(
        deal=deal,
        name=of.name,
        issues=of.issues,
        single=of.single,
        share=chance.probability,
        low95=chance.low95,
        high95=chance.high95,
        draws=chance.draws,
        size=_size(result, deal, terms),
        terms=terms,
        signs=tuple(
            Signature(name=result.names[actor], signs=None if agreed is None else actor in agreed)
            for actor in of.required
        ),
        gains=()
        if package is None
        else tuple(
            Gain(side=result.names[actor], gain=gain)
            for actor, gain in package.gains.items()
            if gain is not None
        ),
        stopped="" if first is None else conflict_words(result.names, first.demands),
        blockers=() if first is None else tuple(dict.fromkeys(one.actor for one in first.demands)),
        scenarios={
            result.version_name(version): deals[deal].probability
            for version, deals in result.deal_probability.items()
            if version != result.version and deal in deals
        },
        section=GROUND,
    )


def _terms(result: WinsetResult, deal: str) -> Iterator[Term]:
    for issue, spread in result.solutions.get(deal, {}).get(result.leading, {}).items():
        low, high = spread.intervals["80"]
        stated = result.case.issues[issue].no_deal
        yield Term(
            issue=issue,
            value=spread.mean,
            low80=low,
            high80=high,
            no_deal=None if stated is None else stated.mean,
        )


def _size(result: WinsetResult, deal: str, terms: tuple[Term, ...]) -> Size:
    chance = result.chance(deal)
    if chance.unknown == 1:
        return "undecided"
    if chance.probability <= CLEAR:
        return "seldom" if chance.probability else "none"
    issues = result.case.issues
    moved = (
        abs(one.value - one.no_deal) / (issues[one.issue].high - issues[one.issue].low)
        for one in terms
        if one.no_deal is not None
    )
    return "agreed" if max(moved, default=0.0) >= NOTICED else "little"
