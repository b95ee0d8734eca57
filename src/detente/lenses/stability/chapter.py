"""What holds, how firmly, how does one get there, and in which scenario? The stability lens's part of a brief."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.case.words import input_name
from detente.lenses.stability.figures.matrix import concepts
from detente.lenses.stability.figures.state_graph import movers, states
from detente.lenses.stability.findings import (
    CAUTION,
    RARE,
    SECTION,
    TELLING,
    TOLD,
    Rows,
    in_short,
    listed_of,
    methods,
    sure,
    way_told,
)
from detente.lenses.stability.levers import Inverse, Lever, changes_needed
from detente.lenses.stability.records import Outcome, by, in_draws, key, kinds, reason, short
from detente.lenses.stability.result import StabilityResult
from detente.show import words
from detente.show.blocks import (
    Block,
    Chapter,
    Details,
    FigureBlock,
    Heading,
    Key,
    Lead,
    Legend,
    Listing,
    Prose,
    Section,
    Share,
    TableBlock,
    Verdict,
)
from detente.show.ladder import Rung
from detente.show.marks import stroke_key
from detente.show.table import Cell, Table

MOST_TOLD = 6  # outcomes that are told one by one; figures and tables have more
MOST_ROWS = 12
MOST_COLUMNS = 5
LEAST_SWAY = 0.05
INTRO = (
    "An outcome holds when nobody gains by moving away from it (by itself), or when others would answer so that "
    "moving away does not pay (by deterrence). The firmest come first: those that hold for most reasons"
)
NOBODY_LEAVES = "Nobody alone gains by leaving."
COSTS = (
    "Costs count outcomes overtaken, a tie half (promote, orders); outcomes put down (demote); swaps of "
    "neighbours (reorder); options named (top); standard deviations, or hundredths of all weights where they are "
    "exact (weights); options, outcomes or moves barred (moves); each times what --cost says."
)
EACH = (
    "Shares are of draws; moves, answers and the figures of who would stay are of one game, with every preference "
    "at its mean, so that what holds there may be rare among the draws."
)


def chapter(result: StabilityResult) -> Chapter:
    """Return the chapter."""
    rows, found = result.outcomes, {one.id: one for one in result.findings}
    sway = found.get("sway")
    if sway is not None and abs(sway.numbers["above"] - sway.numbers["below"]) < TELLING:
        sway = None
    first = (found.get("wanted"), found.get("way"), found.get("held_scenarios"), sway)
    return Chapter(
        lens="stability",
        question=result.told_by.question,
        rung=found["holds"],
        rungs=tuple(_rungs(result, rows)),
        headlines=tuple(one for one in first if one is not None),
        overview=_overview(result, rows),
        sections=tuple(_sections(result, rows)),
        method=methods(result),
        caution="" if result.record.exact else CAUTION,
    )


def _rungs(result: StabilityResult, rows: Rows) -> Iterator[Rung]:
    """Yield whether today holds; where nothing is negotiated also what leads away from it, and how sure it is."""
    yield Rung(step="hold", finding=in_short(result, rows))
    if any(result.case.stances.values()):
        return
    for one in result.findings:
        if one.id in ("wanted", "way", "held_scenarios"):
            yield Rung(step="change", finding=one)
    yield Rung(step="sure", finding=sure(result))


def _sections(result: StabilityResult, rows: Rows) -> Iterator[Section]:
    """Yield what holds and what would have to change; each outcome by itself, and the graph, are an annex.

    Beside issues that are negotiated, what would have to change is told in the annex too.
    """
    first = (block.model_copy(update={"on": "screen"}) for block in _overview(result, rows))
    shown = _overview(result, rows, kinds(result.concepts), MOST_TOLD)
    short_ = (block.model_copy(update={"on": "page"}) for block in shown)
    change, alone = tuple(_wanted(result)), not any(result.case.stances.values())
    here = change if alone else ()
    intro = f"{INTRO}{'' if result.record.exact else ', in most draws'}."
    yield Section(id=SECTION, title="What holds", intro=intro, blocks=(*first, *short_, *here))
    rest = () if alone else change
    blocks = (*rest, *_verdicts(result, rows), *_further(result), *_figures(result, rows))
    if blocks:
        title, intro = "Each outcome, and what keeps everybody there", EACH
        yield Section(id=f"{SECTION}-each", title=title, intro=intro, blocks=blocks, annex=True)


# --- what holds -----------------------------------------------------------------------------------


def _overview(
    result: StabilityResult, rows: Rows, of: Sequence[str] = (), most: int | None = None
) -> tuple[Block, ...]:
    """Return the first outcomes that hold by concept; where there are too many to tell, how many.

    ``of`` are the concepts to tell of; where empty those that a screen has room for.
    """
    if not rows:
        count = {c: f"{number:,}" if number else "none" for c, number in result.counts.items()}
        told = (
            f"{words.capital(by(c))}: {count[c]} of {result.state_count:,} outcomes" for c in result.concepts
        )
        return (Listing(items=tuple(told)),)
    if not of:  # a screen of 80 columns has no room for moves made at once, and for many more
        every = kinds(result.concepts)
        of = every if len(every) <= MOST_COLUMNS else [one for one in every if one != "sim"][:MOST_COLUMNS]
    found = [one for one in of if any(row.shares.get(one) for row in rows)]
    heads = {concept: short(concept).replace(" ", "\N{NO-BREAK SPACE}") for concept in found}
    notes = {concept: f"share of draws in which it holds {by(concept)}" for concept in found}
    cells = (
        (row.words, *(row.shares.get(c) == 1 or row.shares.get(c) for c in found)) for row in rows[:most]
    )
    table = Table("what_holds", {"outcome": "what is taken", **notes}, tuple(cells), heads)
    shown = TableBlock(
        table=table, caption="What holds, and what keeps everybody there", shaded=True, most=MOST_ROWS
    )
    below = (key(found), listed_of(result, len(rows)))
    return (shown, *(Prose(text=text, quiet=True) for text in below if text))


def _verdicts(result: StabilityResult, rows: Rows) -> Iterator[Block]:
    """Yield the firmest outcomes one by one; on a screen with why everybody stays."""
    told = [row for row in rows if row.share >= RARE][:MOST_TOLD]
    for row in rows[:TOLD]:
        way = way_told(result, row.state)
        says = (*([way] if way else []), *_why(result, row.state, row.concept))
        yield Verdict(on="screen", name=row.words, says=says)
    yield from _today(result, rows)
    yield from (_verdict(result, row) for row in told)
    if not told:
        yield Lead(text=result.findings[0].sentence, on="page")
    yield from _all(result, rows, (result.holding or len(rows)) - len(told))


def _verdict(result: StabilityResult, row: Outcome) -> Verdict:
    often, way = in_draws(row.share), way_told(result, row.state)
    elsewhere = [
        f"{result.scenarios[name].name}: {words.percent(share)}" for name, share in row.scenarios.items()
    ]
    same = [f"In scenarios, share of draws: {'; '.join(elsewhere)}."] if elsewhere else []
    return Verdict(
        on="page",
        name=row.words,
        status="as today" if row.today else "",
        tone="good",
        says=(
            f"Holds {by(row.concept)}{',' if often else ''}{often}. {words.capital(reason(row.concept))}."
            f"{f' {way}' if way else ''}",
            *same,
        ),
        shares=tuple(Share(name=short(c), share=row.shares.get(c, 0.0)) for c in kinds(row.shares)),
    )


def _why(result: StabilityResult, state: str, concept: str) -> Iterator[str]:
    """Yield a sentence per actor that has somewhere to go: why it stays, by the concept the outcome is told by."""
    found = [w for w in result.why or () if w.state == state and w.concept == concept and w.moves]
    still = [w for w in found if w.stable and not w.answers]
    if still:
        yield f"Gaining nothing by a move: {', '.join(result.who(w.actor) for w in still)}."
    here = result.named(state)
    for w in found:
        if w not in still:  # the outcome is named above
            yield w.sentence.replace(f" at “{here}”", "", 1).replace(f" from “{here}”", "", 1)


def _today(result: StabilityResult, rows: Rows) -> Iterator[Block]:
    """Yield today's outcome where it is none of the firmest: who would leave it for what."""
    today = result.status_quo
    if today is None or any(row.today for row in rows[:TOLD]):
        return
    told = [w.sentence.replace(f" from “{result.named(today)}”", "", 1) for w in result.leavers()]
    if not told and result.leaving:
        told = [f"Gaining by a move: {words.listed([result.who(actor) for actor in result.leaving])}."]
    told = told or [text for row in rows if row.today for text in _why(result, today, row.concept)]
    told = told or [NOBODY_LEAVES]
    yield Verdict(on="screen", name=f"Today: {result.words[today]}", says=tuple(told))


def _all(result: StabilityResult, rows: Rows, left: int) -> Iterator[Block]:
    if not rows:
        return
    tables = result.tables()
    rarer = f", and {words.counted(left, 'rarer one')}" if left > 0 else ""
    is_all = result.holding == len(rows)
    every = "Every outcome that holds in some draw" if is_all else "Outcomes that hold"
    caption = f"{every}: in what share of draws, by what, and the way there from today"
    blocks: list[Block] = [TableBlock(table=tables["outcomes_that_hold"], caption=caption)]
    if "outcomes_by_scenario" in tables:
        caption = "In what share of draws each outcome holds in each scenario, by what it is told by"
        blocks.append(TableBlock(table=tables["outcomes_by_scenario"], caption=caption, shaded=True))
    yield Details(
        summary=f"{'All o' if result.holding == len(rows) else 'O'}utcomes that hold{rarer}",
        blocks=tuple(blocks),
    )


# --- what would have to change --------------------------------------------------------------------


def _wanted(result: StabilityResult) -> Iterator[Block]:
    """Yield whether the wanted outcome holds, and what would make it hold."""
    finding = next((one for one in result.findings if one.id == "wanted"), None)
    if result.wanted is None or finding is None:
        return
    way = way_told(result, result.wanted)
    yield Heading(text="What would have to change")
    yield Prose(text=f"{finding.sentence}{f' {way}' if way else ''}")
    needed = result.lacking
    for concept, inverse in needed.items():
        head, told = changes_needed(concept, inverse)
        yield Prose(text=head)
        if told:
            yield Listing(items=told)
    concept = result.firmest(result.wanted) or next(iter(needed), "seq")
    if compared := result.compared.values():
        shares = (f"{one.name} {words.percent(one.share(concept, result.wanted))}" for one in compared)
        yield Prose(text=f"Share of draws in which it holds {by(concept)}: {', '.join(shares)}.")


# --- how sure, and where else ---------------------------------------------------------------------


def _further(result: StabilityResult) -> Iterator[Block]:
    """Yield what could be done together, what is strong or unknown, what would decide, what was left out."""
    also = ("held_scenarios", "strong", "unknown", "sway", "limit")
    told = tuple(one.sentence for one in result.findings if one.id.partition(".")[0] in also)
    if told:
        yield Heading(text="Further")
        yield Listing(items=told)
    aside = [
        f"Not judged {words.listed([by(c) for c, of in result.skipped.items() if of == why], 12)}: {why}."
        for why in dict.fromkeys(result.skipped.values())
    ]
    if result.why is None:
        aside.append(f"Why each outcome holds is not told in a game of {result.state_count:,} outcomes.")
    for game, head in (
        ("same", "Not played again, since the game is the same: "),
        ("other", "Played with other options, and so not compared outcome by outcome: "),
    ):
        named = [one.name for one in result.scenarios.values() if one.game == game]
        aside += [f"{head}{words.listed(named, 12)}."] if named else []
    if aside:
        yield Prose(text=" ".join(aside), quiet=True)
    sways = {path: one for path, one in result.sways.items() if abs(one.above - one.below) >= LEAST_SWAY}
    if sways:
        columns = {
            "preference": "that is in doubt",
            "outcome": "whose share of draws it changes most",
            "holds": "by what",
            "low": "share of draws in which it holds where the preference is low",
            "high": "share of draws in which it holds where the preference is high",
        }
        shown = ((input_name(result.case, path), one) for path, one in list(sways.items())[:MOST_ROWS])
        cells = tuple((name, result.place(s.state), by(s.concept), s.below, s.above) for name, s in shown)
        caption = "What knowing a preference would change most: below and above its median"
        table = TableBlock(table=Table("what_decides", columns, cells), caption=caption, shaded=True)
        yield Details(summary="Which doubtful preferences decide what holds", blocks=(table,))


def _figures(result: StabilityResult, rows: Rows) -> Iterator[Block]:
    if not rows:
        return
    if result.moves is not None:
        yield Legend(
            items=(
                *(stroke_key(one.name, one.tone, one.dash) for one in movers(result, result.moves)),
                Key(text="today", sign="square"),
                Key(text=NOBODY_LEAVES[:1].lower() + NOBODY_LEAVES[1:-1], sign="dot"),
                Key(text="others would answer a move away", sign="soft"),
            )
        )
        yield FigureBlock(figure=states(result, rows, result.moves))
    if all(of is not None for stable in result.stable.values() for of in stable.values()):
        yield FigureBlock(figure=concepts(result, rows))


# --- one state, asked for -------------------------------------------------------------------------


def lever_blocks(inverse: Inverse) -> tuple[Block, ...]:
    """Return what would have to change for one state to hold by one concept, the cheapest change of each kind."""
    asked = f"What would have to change for “{inverse.words}” to hold {by(inverse.concept)}?"
    if inverse.holds:
        return (Lead(text=asked), Prose(text="It holds already; nothing has to change."))
    against = (
        f"As things are, {inverse.names[one.actor]} would rather {one.step}, and nothing deters that."
        for one in inverse.against
    )
    columns = {
        "kind": "of change",
        "cost": "of all changes of this kind",
        "at_least": "nothing of this kind costs less",
        "what": "would have to change",
    }
    table = Table("levers", columns, tuple(map(_lever, inverse.levers)))
    return (
        Lead(text=asked),
        *(Prose(text=text) for text in against),
        TableBlock(table=table, caption="The cheapest change of each kind"),
        Prose(text=COSTS),
        Prose(text="--json has the same as changes that --set or a scenario can make."),
    )


def _lever(lever: Lever) -> tuple[Cell, ...]:
    bound = "" if lever.bound is None else f"{lever.bound:.4g}"
    if not lever.changes:
        return lever.kind, "", bound, lever.sentence.partition(": ")[2]
    return lever.kind, f"{lever.cost:.4g}", bound, " ".join(change.sentence for change in lever.changes)
