"""Is there a deal, how likely, on what terms, and what is in its way? The blocks of a chapter that tell it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from detente.lenses.winset.agreements import CLEAR, Agreement, Ballot
from detente.lenses.winset.answers import Demand, Lever
from detente.lenses.winset.figures.shares import chances_figure
from detente.lenses.winset.figures.winsets import winsets_figure
from detente.lenses.winset.findings import SIGNING
from detente.lenses.winset.phrases import (
    SOLUTIONS,
    best,
    conflict_words,
    exists,
    lever_sentence,
)
from detente.lenses.winset.result import WinsetResult
from detente.lenses.winset.steps import answer
from detente.show.blocks import (
    Block,
    Details,
    FigureBlock,
    Gauges,
    Lead,
    Prose,
    Reading,
    Strip,
    TableBlock,
    Verdict,
)
from detente.show.ladder import DealRow, Elsewhere, Signature, Term, Vote
from detente.show.record import Record
from detente.show.table import Cell, Table
from detente.show.words import capital, listed, numbered, percent, place, position, span, spot


def ground(result: WinsetResult) -> Iterator[Block]:
    """Yield how likely every deal is, each in words, the figures, and the terms by four solutions."""
    yield Lead(text=answer(result).sentence, on="page")
    yield chances(result)
    for deal in result.deals:
        yield from _verdicts(result, deal)
    for deal, why in result.skipped.items():
        yield Prose(text=f"{result.names.get(deal, deal)} is not examined: {why}.", quiet=True)
    yield FigureBlock(figure=chances_figure(result))
    if result.plane is not None:
        yield FigureBlock(figure=winsets_figure(result, result.plane))
    terms = _terms_table(result)
    if terms.rows:
        caption = "Where four bargaining solutions put each issue, mean over the draws with a deal"
        block = TableBlock(table=terms, caption=caption)
        yield Details(summary="Terms by four solutions", blocks=(block,))


def chances(result: WinsetResult, deals: Sequence[str] = ()) -> Block:
    """Return how likely some deals are, or all, for a screen: drawn where there is one version of the case."""
    versions = [version for version in result.deal_probability if version != result.version]
    if not versions:
        return Gauges(on="screen", heads=("deal", "probability", "95 %", ""), rows=tuple(_readings(result)))
    rows: list[tuple[Cell, ...]] = []
    for deal in deals or result.deals:
        of = result.deals[deal]
        there = (result.deal_probability[version].get(deal) for version in versions)
        chance = result.chance(deal)
        rows.append(
            (
                of.name,
                chance.probability,
                _interval(result, deal),
                *(None if one is None else one.probability for one in there),
            )
        )
    columns = {
        "deal": "issue alone, or package",
        "probability": f"share of draws with a deal, {result.version_name(result.version)}",
        "interval": "95 % Monte-Carlo interval, in per cent",
        **dict.fromkeys(versions, "share of draws with a deal in that scenario"),
    }
    heads = {
        "probability": result.version_name(result.version),
        "interval": "95 %",
        **{version: result.version_name(version) for version in versions},
    }
    return TableBlock(
        on="screen",
        table=Table("chances", columns, tuple(rows), heads),
        caption="Share of draws with each deal",
    )


def _readings(result: WinsetResult) -> Iterator[Reading]:
    for deal, of in result.deals.items():
        chance = result.chance(deal)
        spans = {} if result.record.exact else {"80": (chance.low95, chance.high95)}
        yield Reading(
            name=of.name,
            value=percent(chance.probability),
            span=_interval(result, deal),
            strip=Strip(low=0, high=1, at=chance.probability, spans=spans),
        )


def _interval(result: WinsetResult, deal: str) -> str:
    chance = result.chance(deal)
    low, high = (f"{100 * end:.0f}" for end in (chance.low95, chance.high95))
    return "" if low == high else f"{low} to {high}"


def _verdicts(result: WinsetResult, deal: str) -> Iterator[Verdict]:
    """Yield one deal in words; a screen has the chances above, and tells of packages only where there are any."""
    of, chance = result.deals[deal], result.chance(deal)
    good = chance.probability > CLEAR
    rare = "seldom common ground" if chance.probability else "no common ground"
    terms = _terms(result, deal)
    placed = f"{capital(SOLUTIONS[result.leading])} terms: {terms}." if terms else ""
    leading = of.centre.solutions.get(result.leading)
    if placed and leading is not None and leading.one_of_many:
        placed += " They are one of many packages that are as good."
    if placed and not of.required:
        among = listed([result.names[actor] for actor in of.parties], 6)
        placed += (
            f" Nobody in particular is needed; the terms are those of the coalition that gains most: {among}."
        )
    found, levers = result.blockers.get(deal), result.levers.get(deal, ())
    way = ""
    if found is not None and found.conflicts:
        words = capital(conflict_words(result.names, found.conflicts[0].demands))
        way = f"{'Where there is none' if good else 'In the way'}: {words}."
        if best(levers):
            way += f" {capital(lever_sentence(result.names, levers, result.case))}."
    scenarios = [
        f"{result.version_name(version)}: {_elsewhere(result, deal, version)}"
        for version, deals in result.deal_probability.items()
        if version != result.version and deal in deals
    ]
    told = Verdict(
        on="page",
        name=of.name,
        status="common ground" if good else rare,
        tone="good" if good else "warn",
        says=tuple(filter(None, (f"{capital(exists(chance))}. {placed}".strip(), way, *scenarios))),
    )
    yield told
    if not of.single or len(result.deals) == 1:
        yield told.model_copy(update={"on": "screen", "says": tuple(filter(None, (placed, way)))})


def _elsewhere(result: WinsetResult, deal: str, scenario: str) -> str:
    """Return how likely a deal is in a scenario and, where there is seldom one, what is in its way."""
    chance = result.chance(deal, scenario)
    there = capital(exists(chance))
    found = result.obstacles.get(scenario, {}).get(deal)
    if found is None or found.conflict is None or chance.probability > CLEAR:
        return f"{there}."
    here = result.blockers.get(deal)
    known = here.conflicts[0].demands if here is not None and here.conflicts else ()
    same = _who(found.conflict.demands) == _who(known)
    if same and _moved(found.levers) == _moved(best(result.levers.get(deal, ()))):
        return f"{there}; the same stands in the way, and the same would help."
    told = [f"{there}."]
    if same:
        told.append("The same demands are in the way.")
    else:
        told.append(f"In the way: {conflict_words(result.names, found.conflict.demands)}.")
    help_ = lever_sentence(result.names, found.levers, result.case)
    told.append(f"{capital(help_)}.")
    return " ".join(told)


def _who(demands: Sequence[Demand]) -> set[tuple[str, str, str | None]]:
    return {(one.actor, one.kind, one.issue) for one in demands}


def _moved(levers: Sequence[Lever]) -> set[tuple[str | None, ...]]:
    return {(lever.kind, lever.actor, lever.issue, lever.side) for lever in levers}


def _terms(result: WinsetResult, deal: str) -> str:
    told = []
    for issue, spread in result.solutions.get(deal, {}).get(result.leading, {}).items():
        of = result.case.issues[issue]
        if numbered(of):
            told.append(f"{of.name} {spot(spread.mean, of)}")
            continue
        low, high = spread.intervals["80"]
        doubt = f" ({span(low, high, of)})" if low < high else ""
        told.append(f"{of.name} {position(spread.mean, of)}{doubt}, {place(spread.mean, of)}")
    return "; ".join(told)


def _terms_table(result: WinsetResult) -> Table:
    columns = {
        "deal": "issue or package",
        "issue": "name",
        **dict.fromkeys(SOLUTIONS, "mean over the draws with a deal, on the issue's scale"),
        "agreeable": "share of the issue's range that can be agreed, mean over draws",
    }
    rows: list[tuple[Cell, ...]] = []
    for deal, of in result.deals.items():
        for issue in of.issues:
            found = [result.solutions.get(deal, {}).get(name, {}).get(issue) for name in SOLUTIONS]
            if any(found):
                means = (spread.mean if spread is not None else None for spread in found)
                rows.append((of.name, result.names[issue], *means, of.extents[issue].share))
    return Table("terms", columns, tuple(rows), {name: f"{told} terms" for name, told in SOLUTIONS.items()})


# --- each deal as plain data, for the ladder ---------------------------------------------------------


def rows(result: WinsetResult) -> Iterator[DealRow]:
    """Yield every deal, packages before issues alone."""
    for deal in sorted(result.deals, key=lambda one: result.deals[one].single):
        yield _row(result, deal)


def _row(result: WinsetResult, deal: str) -> DealRow:
    of, chance, found = result.deals[deal], result.chance(deal), result.agreements[deal]
    blocked = result.blockers.get(deal)
    first = None if blocked is None else next(iter(blocked.conflicts), None)
    return DealRow(
        deal=deal,
        **_same(of, "name issues single rule"),
        **_same(chance, "low95 high95 draws"),
        share=chance.probability,
        size="undecided" if chance.unknown == 1 else found.size,
        terms=tuple(_placed(result, found)),
        signatures=tuple(_signatures(result, deal)),
        votes=tuple(_votes(found)),
        no_better=tuple(result.names[actor] for actor in found.no_better),
        stopped="" if first is None else conflict_words(result.names, first.demands),
        blockers=() if first is None else tuple(dict.fromkeys(one.actor for one in first.demands)),
        scenarios=tuple(_in_scenarios(result, deal)),
        section=SIGNING,
    )


def _same(record: Record, names: str) -> dict[str, Any]:
    """Return fields of a record that a row has under the same names."""
    return {name: getattr(record, name) for name in names.split()}


def _in_scenarios(result: WinsetResult, deal: str) -> Iterator[Elsewhere]:
    for version, deals in result.deal_probability.items():
        if version != result.version and deal in deals:
            found = result.obstacles.get(version, {}).get(deal)
            yield Elsewhere(
                scenario=result.version_name(version),
                share=deals[deal].probability,
                terms={} if found is None else found.terms,
            )


def _placed(result: WinsetResult, found: Agreement) -> Iterator[Term]:
    for issue, one in found.terms.items():
        of = result.case.issues[issue]
        yield Term(
            issue=issue,
            **_same(one, "value low80 high80 without today"),
            moves=one.noticed(found.threshold, of.high - of.low),
            toward=tuple(result.names[actor] for actor in one.toward),
        )


def _signatures(result: WinsetResult, deal: str) -> Iterator[Signature]:
    """Yield all who have a say, in the order of the case."""
    found, needed = result.agreements[deal], result.deals[deal].required
    heard = {*needed, *found.signs, *found.stops}
    for actor in (one for one in result.case.actors if one in heard):
        yield Signature(
            name=result.names[actor],
            needed=actor in needed,
            signs=found.signs.get(actor),
            stops=found.stops.get(actor, 0.0),
            gain=found.gains.get(actor),
        )


def _votes(found: Agreement) -> Iterator[Vote]:
    """Yield the vote of every chamber: of those that would do, the one that needs the fewest."""
    chambers: dict[tuple[str, float], list[Ballot]] = {}
    for one in found.ballots:
        chambers.setdefault((one.body, one.total), []).append(one)
    for would_do in chambers.values():
        yield Vote(**_same(min(would_do, key=lambda one: one.needed), "body votes needed total"))
