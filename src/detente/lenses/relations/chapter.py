"""How is a relation told? Its place on the ladder, the timeline, turning points and resets, and the chronology."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from detente.lenses.compare import MOST_ROWS
from detente.lenses.relations import findings
from detente.lenses.relations.episodes import FEW
from detente.lenses.relations.figures import alike, directions, lasting, multiples, timeline
from detente.lenses.relations.findings import day, month, one_decimal
from detente.lenses.relations.published import disputes_source
from detente.lenses.relations.result import (
    Ahead,
    Check,
    Counted,
    PairRecord,
    RelationsResult,
    Resembling,
    Reset,
    Turn,
)  # fmt: skip
from detente.lenses.relations.survival import Fared
from detente.show.blocks import (
    Block,
    Chapter,
    Details,
    FigureBlock,
    Gauges,
    Lead,
    Listing,
    Prose,
    Reading,
    Section,
    Strip,
    TableBlock,
)  # fmt: skip
from detente.show.ladder import Rung
from detente.show.table import Table
from detente.show.words import capital, percent

if TYPE_CHECKING:
    from detente.lenses.lens import Lens

HOW_READ = (
    "Dated events, graded from −10 (war) to 10 (alliance); large and recent ones count more in the standing."
)
HOW_COUNTED = (
    "Share of conflict among the events that were reported of each direction, beside its past and others."
)
CAUTION = (
    "A chronology is a choice of events. It shows what was done in public, not what was meant, and turning points "
    "say when, not why."
)
FADED = "mean grade of all events until then, weighted by their size, each counting half after three years"
SEGMENTED = (
    "exact penalised segmentation (Killick, Fearnhead & Eckley 2012, J. American Statistical Association "
    "107:1590); dates resampled"
)
LIMIT = "product-limit estimate (Kaplan & Meier 1958, J. American Statistical Association 53:457)"
METHOD = (("standing", FADED), ("turning points", SEGMENTED), ("how long resets last", LIMIT))


def chapter(lens: Lens, result: RelationsResult) -> Chapter:
    """Return the chapter of a result, from its fields alone."""
    graded = [pair for pair in result.pairs if pair.standing is not None]
    first = result.findings[0].model_copy(update={"section": lens.name})
    intro = HOW_READ if graded else HOW_COUNTED
    main = Section(id=lens.name, title="Where the relation stands", intro=intro, blocks=tuple(_main(result)))
    more: list[tuple[str, str, Iterable[Block]]] = []
    if graded:
        more += [
            ("turns", "Turning points", _turning(graded)),
            ("resets", "How long resets last", _resets(result, graded)),
            ("others", "Chronology and other pairs", _annex(result, graded)),
        ]
    if any(pair.counted for pair in result.pairs):
        more.append(("data", "In event data", _data(result)))
    if result.comparison is not None:
        more.append(("scenarios", "What scenarios change", result.comparison.blocks()))
    if result.tornado is not None and graded:
        more.append(("inputs", "Which grades matter", result.tornado.blocks()))
    annex = [
        Section(id=f"{lens.name}-{key}", title=title, blocks=tuple(of), annex=bool(graded) or key != "data")
        for key, title, of in more
    ]
    return Chapter(
        lens=lens.name,
        question=lens.question,
        rung=first,
        rungs=(Rung(step="relation", finding=first),),
        headlines=tuple(
            one.model_copy(update={"section": lens.name})
            for one in result.findings[1:4]
            if one.table in ("turns", "resets", "base_rates")
        ),
        overview=(_gauges(graded),) if graded else (),
        sections=(main, *annex),
        method=METHOD if graded else METHOD[1:2],
        caution=CAUTION,
    )


def _main(result: RelationsResult) -> Iterator[Block]:
    graded = [pair for pair in result.pairs if pair.standing is not None]
    if not graded:
        yield Lead(text=result.findings[0].sentence, on="page")
        yield Listing(items=tuple(one.sentence for one in result.findings[1:]) or (CAUTION,))
        return
    yield Lead(text=findings.stands(graded[0]).sentence, on="page")
    yield FigureBlock(figure=timeline.figure(result, graded[0]))
    yield Prose(text=findings.elsewhere(result))


def _turning(graded: list[PairRecord]) -> Iterator[Block]:
    first = graded[0]
    yield Prose(text=timeline.LEGEND, quiet=True, on="page")
    marks = tuple(
        f"({number}) {month(one.date)}: {one.event}."
        for number, one in enumerate(findings.landmarks(first), 1)
    )
    if marks:
        yield Listing(items=marks)
    turning = [pair for pair in graded if pair.turns]
    if turning:
        columns = TURNS if len(turning) > 1 else {head: of for head, of in TURNS.items() if head != "pair"}
        table = _laid_out("turns", columns, [(pair, one) for pair in turning for one in pair.turns])
        yield TableBlock(table=table, caption="Turning points, with the grades before and after.")
    if first.choices:
        yield Prose(text=_choices(first), quiet=True)
    told = "; ".join(
        f"{one.source} to {one.target}: {one_decimal(one.standing)} by {one.events} events"
        for one in first.directed
    )
    if told:
        yield Prose(text=f"{first.name} by direction (what both did counts in both): {told}.", quiet=True)
    if first.check is not None:
        yield Prose(text=_votes(first.check), quiet=True)


def _choices(pair: PairRecord) -> str:
    """Say how far the turning points depend on how strict one is."""
    strict, loose = pair.choices[-1], pair.choices[1]
    if strict.dates == loose.dates:
        return "Stricter by half or less strict by a quarter, the turning points are the same."
    late, early = (", ".join(date[:4] for date in one.dates.split(", ")) for one in (strict, loose))
    few = f"{'one remains' if strict.count == 1 else f'{strict.count} remain'} ({late})"
    few = few if strict.count else "none remains"
    more = f"; less strict by a quarter, there are {loose.count} ({early})" if loose.count else ""
    return f"How many turning points there are is a choice: stricter by half, {few}{more}."


def _votes(check: Check) -> str:
    went = "rose and fell with" if check.rank >= 0.5 else "went partly with"
    went = went if check.rank >= 0.2 else "did not go with"
    return (
        f"An independent check: from {check.first} to {check.last} the standing {went} how near the two voted in "
        f"the UN General Assembly (rank correlation {check.rank:.2f}, {check.years} years; Bailey, Strezhnev & "
        "Voeten 2017)."
    )


def _gauges(graded: list[PairRecord]) -> Gauges:
    rows = []
    for pair in graded:
        low, high = pair.now.intervals["80"]
        value, worse = one_decimal(pair.now.mean), pair.worse_before
        told = f"{value} on a scale from −10 to 10"
        strip = Strip(low=-10, high=10, at=pair.now.mean, spans={"80": (low, high)}, ticks=(0.0,), words=told)
        rows.append(
            Reading(
                name=pair.name,
                value=value,
                span=f"{one_decimal(low)} to {one_decimal(high)}" if low < high else "",
                beside="" if worse is None else f"{percent(worse)} lower",
                strip=strip,
                ends=("war", "alliance"),
                meaning=f"about the level of: {findings.in_words(pair.now.mean)}",
            )
        )
    return Gauges(heads=("Pair", "now", "80 % of draws", "before"), rows=tuple(rows))


def _laid_out(
    name: str, columns: Mapping[str, tuple[str, Callable[..., str]]], records: Iterable[Any]
) -> Table:
    """Return a table of records from heading → what stands under it, and how a cell is told."""
    rows = tuple(tuple(cell(one) for _, cell in columns.values()) for one in records)
    return Table(name, {head: told for head, (told, _) in columns.items()}, rows)


TURNS: dict[str, tuple[str, Callable[[tuple[PairRecord, Turn]], str]]] = {
    "pair": ("", lambda one: one[0].name),
    "turn": ("when", lambda one: month(one[1].date)),
    "80 %": ("of resampled dates", lambda one: findings.between(one[1])),
    "before": ("mean grade", lambda one: one_decimal(one[1].before)),
    "after": ("mean grade", lambda one: one_decimal(one[1].after)),
    "first event after": ("", lambda one: one[1].event),
}
RESETS: dict[str, tuple[str, Callable[[tuple[PairRecord, Reset]], str]]] = {
    "pair": ("", lambda one: one[0].name),
    "from the low of": ("", lambda one: f"{month(one[1].low)}: {one[1].low_event}"),
    "years": ("from the low", lambda one: f"{one[1].years:.0f}"),
    "lost by": (
        "",
        lambda one: f"{month(one[1].end)}: {one[1].end_event}" if one[1].ended else "still holds",
    ),
}
ANALOGUES: dict[str, tuple[str, Callable[[Resembling], str]]] = {
    "pair": ("", lambda one: one.pair),
    "from": ("", lambda one: one.start),
    "to": ("", lambda one: one.end),
    "distance": ("", lambda one: f"{one.distance:.2f}"),
    "as near by chance": ("", lambda one: percent(one.by_chance)),
    "then": ("conflict", lambda one: "" if one.next is None else percent(one.next)),
}
SETTLED: dict[str, tuple[str, Callable[[Fared], str]]] = {
    "kind": ("", lambda one: one.kind),
    "from": ("", lambda one: one.where),
    "cases": ("", lambda one: f"{one.cases:,}"),
    "lost": ("while seen", lambda one: f"{one.ended:,}"),
    "1 year": ("still held", lambda one: "few" if one.cases < FEW else percent(one.held1)),
    "2 years": ("", lambda one: "few" if one.cases < FEW else percent(one.held2)),
    "5 years": ("", lambda one: "few" if one.cases < FEW else percent(one.held5)),
    "95 %": (
        "after 5 years",
        lambda one: "" if one.cases < FEW else findings.interval(one.held5_low95, one.held5_high95),
    ),
}
AHEAD: dict[str, tuple[str, Callable[[Ahead], str]]] = {
    "period": ("", lambda one: one.period),
    "share of conflict": ("middle", lambda one: percent(one.median)),
    "80 %": ("", lambda one: findings.interval(one.low80, one.high80)),
    "forecast": ("that did best", lambda one: one.rule),
    "better": ("than now", lambda one: percent(one.skill) if one.skill > 0 else "no"),
}


def _resets(result: RelationsResult, graded: list[PairRecord]) -> Iterator[Block]:
    yield Lead(text=findings.base_rate(result).sentence)
    if graded[0].resets:
        yield Prose(text=findings.resets(result, graded[0]).sentence)
    found = [(pair, one) for pair in graded for one in pair.resets]
    if found:
        table = _laid_out("resets", RESETS, found)
        yield TableBlock(table=table, caption="Resets of the pairs in this case.", most=MOST_ROWS)
    yield FigureBlock(figure=lasting.figure(result))
    yield Prose(text=findings.settled(result).sentence)
    table = _laid_out("settlements", SETTLED, result.settlements)
    yield TableBlock(table=table, caption="How settlements fared, by kind.", most=MOST_ROWS)
    sources = tuple(dict.fromkeys((*(one.source for one in result.rates), disputes_source())))
    yield Details(summary="What is counted as a reset elsewhere", blocks=(Listing(items=sources),))
    yield Prose(
        text="Part of this is chance: a tense year is often followed by a calmer one. With the years of each "
        "pair in random order, 36 % would be halved; really 22 % are, because tension persists.",
        quiet=True,
    )


def _annex(result: RelationsResult, graded: list[PairRecord]) -> Iterator[Block]:
    if len(graded) > 1:
        yield FigureBlock(figure=multiples.figure(result, graded))
        yield _gauges(graded)
    for pair in graded[1:]:
        if len(pair.events) > 2:
            yield FigureBlock(figure=timeline.figure(result, pair))
    seen = {(one.date, one.event, one_decimal(one.grade), one.id) for pair in graded for one in pair.events}
    rows = tuple((day(date), event, grade) for date, event, grade, _ in sorted(seen))
    yield TableBlock(
        table=Table("chronology", {"date": "", "event": "", "grade": "−10 to 10"}, rows),
        caption="The chronology, with the mean grade of every event.",
        most=MOST_ROWS,
    )


def _data(result: RelationsResult) -> Iterator[Block]:
    if result.store_rate is not None:
        yield Prose(text=findings.in_data(result.store_rate))
    for pair in result.pairs:
        if not pair.counted:
            continue
        yield Listing(items=tuple(findings.direction(pair, way).sentence for way in pair.counted))
        yield FigureBlock(figure=directions.figure(pair))
        for way in pair.counted:
            two = f"{way.source} to {way.target}"
            if way.analogues:
                yield FigureBlock(figure=alike.figure(pair, way))
                table = _laid_out("analogues", ANALOGUES, way.analogues)
                yield TableBlock(table=table, caption=f"Most like {two} now.")
            if way.rules:
                yield Prose(text=_outlook(way), quiet=True)
            if way.ahead:
                table = _laid_out("ahead", AHEAD, way.ahead)
                yield TableBlock(table=table, caption=f"What the next {way.by}s may bring, {two}.")


def _outlook(way: Counted) -> str:
    best, whose = min(way.rules, key=lambda one: one.crps), f"{capital(way.source)} to {way.target}"
    if best.rule == "persistence":
        return f"{whose}: no simple forecast of the next {way.by} did better than “as it is now”."
    return (
        f"{whose}: of simple forecasts of the next {way.by}, “{best.rule}” did best, {percent(best.skill)} better "
        f"than “as it is now” over {best.times} {way.by}s (CRPS)."
    )
