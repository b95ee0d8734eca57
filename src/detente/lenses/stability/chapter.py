"""What holds, how firmly, how does one get there, and in which scenario? The stability lens's part of a brief."""

from __future__ import annotations

from collections.abc import Iterator

from detente.lenses.stability.figures.matrix import concepts, equilibria
from detente.lenses.stability.figures.state_graph import movers, states
from detente.lenses.stability.findings import (
    CAUTION,
    RARE,
    SECTION,
    TELLING,
    TOLD,
    listed_of,
    methods,
    way_told,
)
from detente.lenses.stability.levers import Inverse, Lever
from detente.lenses.stability.records import Outcome, by, kinds, label, reason
from detente.lenses.stability.result import StabilityResult
from detente.lenses.stability.wanted import KINDS_OF_CHANGE, changes_needed, firmest, lacking
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
LEAST_SWAY = 0.05
QUESTION = "Which outcomes hold, because nobody who can move away wants to?"
INTRO = (
    "An outcome holds when nobody who could move away from it wants to, or when moving away would be answered so "
    "that it does not pay. The firmest come first: those that hold by most concepts, in most draws."
)
NOBODY_LEAVES = "Nobody alone gains by leaving."
COSTS = (
    "Costs count outcomes overtaken, a tie half (promote, orders); outcomes put down (demote); swaps of "
    "neighbours (reorder); options named (top); standard deviations, or hundredths of all weights where they are "
    "exact (weights); options, outcomes or moves barred (moves); each times what --cost says."
)
Rows = tuple[Outcome, ...]


def chapter(result: StabilityResult) -> Chapter:
    """Return the chapter."""
    rows, found = result.outcomes, {one.id: one for one in result.findings}
    sway = found.get("sway")
    if sway is not None and abs(sway.numbers["above"] - sway.numbers["below"]) < TELLING:
        sway = None
    first = (found.get("wanted"), found.get("way"), found.get("held_scenarios"), found.get("together"), sway)
    return Chapter(
        lens="stability",
        question=QUESTION,
        rung=found["holds"],
        rungs=(Rung(step="hold", finding=found["holds"]),),
        headlines=tuple(one for one in first if one is not None),
        overview=_overview(result, rows),
        sections=(Section(id=SECTION, title="What holds", intro=INTRO, blocks=tuple(_blocks(result, rows))),),
        method=methods(result),
        caution="" if result.record.exact else CAUTION,
    )


def _blocks(result: StabilityResult, rows: Rows) -> Iterator[Block]:
    yield from (block.model_copy(update={"on": "screen"}) for block in _overview(result, rows))
    yield from _verdicts(result, rows)
    yield from _wanted(result)
    yield from _further(result)
    yield from _figures(result, rows)


# --- what holds -----------------------------------------------------------------------------------


def _overview(result: StabilityResult, rows: Rows) -> tuple[Block, ...]:
    """Return the outcomes that hold by concept; where there are too many to tell, how many."""
    if not rows:
        count = {c: f"{number:,}" if number else "none" for c, number in result.counts.items()}
        told = (
            f"{words.capital(by(c))} ({label(c)}): {count[c]} of {result.state_count:,} outcomes"
            for c in result.concepts
        )
        return (Listing(items=tuple(told)),)
    found = kinds(result.concepts)
    heads = {concept: label(concept) for concept in found}
    notes = {concept: f"share of draws in which it holds {by(concept)}" for concept in found}
    cells = ((row.words, *(_always(row.shares.get(c)) for c in found)) for row in rows)
    table = Table("what_holds", {"outcome": "what is taken", **notes}, tuple(cells), heads)
    shown = TableBlock(table=table, caption="What holds, by which concept", shaded=True, most=MOST_ROWS)
    key = "".join(f"{label(c)}: {by(c)}. " for c in found).rstrip()
    below = (key, listed_of(result, len(rows)))
    return (shown, *(Prose(text=text, quiet=True) for text in below if text))


def _always(share: float | None) -> Cell:
    return True if share == 1 else share


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
    often = "." if row.share == 1 else f", in {words.percent(row.share)} of draws."
    way = way_told(result, row.state)
    elsewhere = [
        f"{result.scenarios[name].name}: {words.percent(share)}" for name, share in row.scenarios.items()
    ]
    same = [f"{'; '.join(elsewhere)} (share of draws by the same concept)."] if elsewhere else []
    return Verdict(
        on="page",
        name=row.words,
        status="as today" if row.today else "",
        tone="good",
        says=(f"{words.capital(reason(row.concept))}{often}{f' {way}' if way else ''}", *same),
        shares=tuple(Share(name=label(c), share=row.shares.get(c, 0.0)) for c in kinds(row.shares)),
    )


def _why(result: StabilityResult, state: str, concept: str) -> Iterator[str]:
    """Yield a sentence per actor that has somewhere to go: why it stays, by the concept the outcome is told by."""
    found = [w for w in result.why or () if w.state == state and w.concept == concept and w.moves]
    still = [w for w in found if w.stable and not w.answers]
    if still:
        yield f"Nothing better to move to: {', '.join(result.who(w.actor) for w in still)}."
    yield from (w.sentence for w in found if w not in still)


def _today(result: StabilityResult, rows: Rows) -> Iterator[Block]:
    """Yield today's outcome where it is none of the firmest: who would leave it for what."""
    today = result.status_quo
    if today is None or any(row.today for row in rows[:TOLD]):
        return
    leaving = [w for w in result.why or () if (w.state, w.concept) == (today, "nash") and not w.stable]
    told = [w.sentence for w in leaving]
    if not told and result.leaving:
        told = [
            f"{words.listed([result.who(actor) for actor in result.leaving])}: something better to move to."
        ]
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
    caption = f"{every}: the share of draws by concept, and the way there from today"
    blocks: list[Block] = [TableBlock(table=tables["outcomes_that_hold"], caption=caption)]
    if "outcomes_by_scenario" in tables:
        caption = "In what share of draws each outcome holds in each scenario, by the concept it is told by"
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
    needed = lacking(result)
    for concept, inverse in needed.items():
        head, told = changes_needed(concept, inverse)
        yield Prose(text=head)
        if told:
            yield Listing(items=told)
    concept = firmest(result, result.wanted) or next(iter(needed), "seq")
    compared = [one for one in result.scenarios.values() if one.game == "compared"]
    if compared:
        shares = (f"{one.name} {words.percent(one.share(concept, result.wanted))}" for one in compared)
        yield Prose(text=f"{words.capital(by(concept))}, in share of draws: {', '.join(shares)}.")
    rows = tuple(_cheapest(needed))
    if rows:
        columns = {
            "to_hold_by": "concept",
            "kind": "of change",
            "cost": "of all changes of this kind: outcomes overtaken, moves barred, or distance of weights",
            "cheapest": "whether nothing of this kind is known to cost less",
            "changes": "in words",
        }
        caption = "What would have to change for the wanted outcome to hold, the cheapest change of each kind"
        table = Table("what_would_have_to_change", columns, rows)
        yield Details(summary="Table of changes", blocks=(TableBlock(table=table, caption=caption),))


def _cheapest(needed: dict[str, Inverse]) -> Iterator[tuple[Cell, ...]]:
    for concept, inverse in needed.items():
        for lever in inverse.levers:
            if lever.cost is not None and lever.changes:
                head = label(concept), KINDS_OF_CHANGE[lever.kind], lever.cost, lever.status == "exact"
                yield (*head, " ".join(change.sentence for change in lever.changes))


# --- how sure, and where else ---------------------------------------------------------------------


def _further(result: StabilityResult) -> Iterator[Block]:
    """Yield what could be done together, what is strong or unknown, what would decide, what was left out."""
    also = ("held_scenarios", "together", "strong", "unknown", "sway", "limit")
    told = tuple(one.sentence for one in result.findings if one.id.partition(".")[0] in also)
    if told:
        yield Heading(text="Further")
        yield Listing(items=told)
    aside = [
        f"Not judged by {words.listed([label(c) for c, of in result.skipped.items() if of == why], 12)}: {why}."
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
            "concept": "by which it holds",
            "low": "share of draws in which it holds where the preference is low",
            "high": "share of draws in which it holds where the preference is high",
        }
        shown = ((words.input_name(result.case, path), one) for path, one in list(sways.items())[:MOST_ROWS])
        cells = tuple((name, result.place(s.state), label(s.concept), s.below, s.above) for name, s in shown)
        caption = "What knowing a preference would change most: below and above its median"
        table = TableBlock(table=Table("what_decides", columns, cells), caption=caption, shaded=True)
        yield Details(summary="Which doubtful preferences decide what holds", blocks=(table,))


def _figures(result: StabilityResult, rows: Rows) -> Iterator[Block]:
    if not rows:
        return
    yield Legend(
        items=(
            *(stroke_key(one.name, one.tone, one.dash) for one in movers(result)),
            Key(text="today", sign="square"),
            Key(text=NOBODY_LEAVES[:1].lower() + NOBODY_LEAVES[1:-1], sign="dot"),
            Key(text="leaving would be answered", sign="soft"),
        )
    )
    if result.moves is not None:
        yield FigureBlock(figure=states(result, rows))
    if not result.record.exact and any(result.shares.values()):
        yield FigureBlock(figure=equilibria(result, rows))
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
