"""How is a study told? Two rungs of the ladder, and a chapter: what decides, whom to ask, what would flip it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from detente.show.blocks import Block, FigureBlock, Heading, Prose, Section, TableBlock
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.ladder import Rung
from detente.show.palette import ACCENT, INK
from detente.show.row_chart import Bar, Line, Row, RowChart
from detente.show.table import Table
from detente.show.words import listed, percent
from detente.study.inquiry_records import Asking, FlipRecord, Found, InputShare, Move, Studied

SECTION = "study"
MOST_INPUTS, MOST_OUTCOMES, MOST_MOVES, MOST_ASKED = 5, 3, 6, 4
REACH = 3.0
TELLING = 0.02
"""Share of calls that asking must set right to be told of."""
ASKED = "study.asking"
MOVED = "study.moves"
DECIDING = "study.inputs"


def rungs(study: Found) -> Iterator[Rung]:
    """Yield what would flip an answer, and whom to ask first."""
    for flip in _reached(study)[:1]:
        moves = _together(study, flip)
        told = listed(list(_moving(moves)), most=3)
        yield Rung(
            step="change",
            finding=Finding(
                id="flip",
                sentence=f"“{flip.subject}” {_other(flip)} if {told}.",
                numbers={
                    f"{end}{k}": float(getattr(one, end))
                    for k, one in enumerate(moves[:3])
                    for end in ("start", "end")
                },
                drivers=tuple(one.input.partition("#")[0] for one in moves),
                table=MOVED,
                section=SECTION,
            ),
        )
    best = _worth_most(study)
    if best is not None:
        yield Rung(step="ask", finding=_asking(study, best))


def _moving(moves: Sequence[Move]) -> Iterator[str]:
    """Yield which input would be what; an issue and the verb are said once for inputs in a row."""
    said = ""
    for one in moves:
        what, on, issue = one.told.partition(" on ")
        what = what.replace("red line, lower", "minimum").replace("red line, upper", "maximum")
        _, _, end = one.moved.partition(" to ")
        whose = what if said and issue == said else f"{what}{on}{issue} were"
        yield f"{whose} {end}"
        said = issue


def _asking(study: Found, best: Asking) -> Finding:
    after, before = (round(100 * one) for one in (best.right_after, best.right_before))
    heard = round(100 * best.right_reported)
    sure = percent(study.reliability)
    yes = next((one.yes for one in study.outcomes if one.outcome == best.outcome), "yes")
    so = "" if yes == "yes" else f" {yes}"
    return Finding(
        id="asking",
        sentence=f"Ask {best.told} first: whether “{best.subject}”{so} would then be called right in {after} of "
        f"100 cases, not {before}; if what one hears is only {sure} reliable, in {heard}.",
        numbers={
            "right_after": best.right_after,
            "right_before": best.right_before,
            "right_reported": best.right_reported,
        },
        table=ASKED,
        section=SECTION,
    )


def _worth_most(study: Found) -> Asking | None:
    """Return the actor whose answer makes most calls right that are wrong now, of the first lens that has one."""
    asked = [
        one for one in study.asking if one.kind == "actor" and one.right_after > one.right_before + TELLING
    ]
    asked = [one for one in asked if one.lens == asked[0].lens]
    return max(asked, key=lambda one: (one.right_after - one.right_before) / one.cost, default=None)


def _reached(study: Found) -> list[FlipRecord]:
    return [one for one in study.flips if one.length is not None]


def _together(study: Found, flip: FlipRecord) -> list[Move]:
    return [one for one in study.moves if one.outcome == flip.outcome and not one.alone]


def _other(flip: FlipRecord) -> str:
    return flip.no if flip.answer else flip.yes


# --- the chapter ----------------------------------------------------------------------------------


def section(study: Found) -> Section:
    """Return the section of a page."""
    return Section(
        id=SECTION,
        title="What decides, whom to ask, and what would flip an answer",
        annex=True,
        intro=f"Over all questions of the case at once, from {study.draws:,} draws of everything in doubt.",
        blocks=blocks(study),
    )


def blocks(study: Found) -> tuple[Block, ...]:
    """Return what a study tells: the inputs that decide, a table by actor, the nearest flip."""
    found: list[Block] = []
    shown = _most_open(study)
    if shown:
        found.append(FigureBlock(figure=_deciding(study, shown)))
    actors = [one for one in study.asking if one.kind == "actor"]
    if actors:
        found += [
            Heading(text="Whom to ask"),
            TableBlock(table=_asked(study, actors), caption="Whom to ask", most=12),
        ]
    found += [FigureBlock(figure=_flip(study, flip)) for flip in _reached(study)[:1]]
    for record in dict.fromkeys(one.record for one in study.outcomes):
        subjects = dict.fromkeys(one.subject for one in study.outcomes if one.record == record)
        found.append(Prose(text=f"Past error: {record} ({listed(list(subjects))}).", quiet=True))
    return tuple(found)


def _most_open(study: Found) -> list[Studied]:
    """Return the outcomes that are told in the figure: the most open of each lens, of which an input decides."""
    told = {one.outcome for one in study.inputs}
    found: dict[str, Studied] = {}
    for one in study.outcomes:
        if one.outcome in told and (
            one.lens not in found or (one.share and one.spread > found[one.lens].spread)
        ):
            found[one.lens] = one
    return list(found.values())[:MOST_OUTCOMES]


def _named(one: Studied) -> str:
    """Return what is open; of a yes or no, what would be so."""
    return f"{one.subject}: {one.yes}" if one.share and one.yes != "yes" else one.subject


def _deciding(study: Found, shown: Sequence[Studied]) -> Figure:
    rows: list[Row] = []
    kept: list[InputShare] = []
    for of in shown:
        rows.append(Row(_named(of), head=True, bold=True))
        for one in [one for one in study.inputs if one.outcome == of.outcome][:MOST_INPUTS]:
            low, high = max(0.0, one.share - 1.96 * one.error), min(1.0, one.share + 1.96 * one.error)
            marks = (Bar(0.0, min(1.0, max(0.0, one.share))), Line(low, high, tone=INK, width=1.5))
            rows.append(Row(one.told, marks, number=percent(one.share)))
            kept.append(one)
    first = kept[0]
    end = min(1.0, np.ceil(4 * max(one.share + 1.96 * one.error for one in kept)) / 4)
    return Figure(
        id="study-inputs",
        subject=first.subject,
        finding=Finding(
            id="deciding",
            sentence=f"{first.subject}: {first.told} matters most",
            numbers={"share": first.share},
            drivers=(first.input.partition("#")[0],),
            table=DECIDING,
            section=SECTION,
        ),
        definition="Bar: share of the doubt in an answer that would go if the input were known; line: where it "
        f"lies with 95 %. Past error: {shown[0].record}.",
        spec=RowChart(0.0, end, rows, labels=250, ticks=[(0, "0"), (end, percent(end))]).spec(),
        table=_inputs(kept),
        how=(
            "Draws are sorted by an input and cut into equal groups; the spread of the groups' means beyond "
            "chance is the input's share. What chance explains is not shown (Holm's procedure, 1 %).",
        ),
    )


def _inputs(rows: Sequence[InputShare]) -> Table:
    columns = {
        "subject": "what is open",
        "input": "in words",
        "share": "of its doubt",
        "error": "standard error",
        "low": "where the input is lowest",
        "high": "where it is highest",
    }
    cells = tuple((one.subject, one.told, one.share, one.error, one.low, one.high) for one in rows)
    return Table(DECIDING, columns, cells)


def _asked(study: Found, actors: Sequence[Asking]) -> Table:
    """Return, actor by actor, the answers of which nobody else tells more, those that are told of most first."""
    heads = {
        "ask": "whom to ask",
        "subject": "what is open",
        "gone": "doubt gone, at least",
        "heard": f"if {percent(study.reliability)} reliable",
        "right": "calls right, before and after",
    }
    named = {one.outcome: _named(one) for one in study.outcomes}
    best: dict[str, Asking] = {}
    for one in actors:
        if one.outcome not in best or one.share > best[one.outcome].share:
            best[one.outcome] = one
    lenses = list(dict.fromkeys(one.lens for one in best.values()))
    chosen = [
        one
        for lens in lenses
        for one in sorted((of for of in best.values() if of.lens == lens), key=lambda of: -of.share)[
            :MOST_ASKED
        ]
    ]
    order = list(dict.fromkeys(one.told for one in sorted(chosen, key=lambda one: -one.share)))
    rows = []
    for one in sorted(chosen, key=lambda one: (order.index(one.told), -one.share)):
        right = f"{percent(one.right_before)} to {percent(one.right_after)}" if one.right_before else ""
        rows.append((one.told, named[one.outcome], percent(one.share), percent(one.reported), right))
    return Table("study.whom", heads, tuple(rows), heads)


def _flip(study: Found, flip: FlipRecord) -> Figure:
    moves = _together(study, flip)[:MOST_MOVES]
    most = max(REACH, *(abs(one.score) for one in moves))
    rows = [
        Row(
            one.told,
            (Bar(min(0.0, one.score), max(0.0, one.score), tone=ACCENT),),
            number=one.moved,
            track=True,
        )
        for one in moves
    ]
    record = next((of.record for of in study.outcomes if of.outcome == flip.outcome), "")
    columns = {
        "input": "in words",
        "start": "in the middle of its doubt",
        "end": "where it flips",
        "score": "doubts away",
    }
    cells = tuple((one.told, one.start, one.end, one.score) for one in moves)
    return Figure(
        id="study-flip",
        subject=flip.subject,
        finding=Finding(
            id="flip.figure",
            sentence=f"{flip.subject}: {_other(flip)} if these moved together",
            numbers={"score": moves[0].score},
            drivers=tuple(one.input.partition("#")[0] for one in moves),
            table=MOVED,
            section=SECTION,
        ),
        definition="How far each input would have to move, in units of its own doubt, in the smallest joint "
        f"change that flips the answer. Past error: {record}.",
        spec=RowChart(
            -most, most, rows, labels=250, numbers=90, ticks=[(-2, "2 lower"), (0, "middle"), (2, "2 higher")]
        ).spec(),
        table=Table(MOVED, columns, cells),
        how=("Least joint move to the other side of the margin, each input in its own standard deviations.",),
    )


class Study(Found):
    """What a study of a case found; it shows itself."""

    def _repr_html_(self) -> str:
        """Show the study in a notebook."""
        from detente.show.page import blocks_html

        return str(blocks_html(blocks(self)))
