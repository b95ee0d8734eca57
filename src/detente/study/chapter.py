"""How is a study told? Two rungs of the ladder, and a chapter: what decides, whom to ask, what would flip it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from detente.show.blocks import Block, FigureBlock, Heading, Prose, Section, TableBlock
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.ladder import Rung, Step
from detente.show.palette import ACCENT, INK
from detente.show.row_chart import Bar, Line, Row, RowChart
from detente.show.table import Table, table_of
from detente.show.words import listed, percent
from detente.study.inquiry_records import (
    Asking,
    FlipRecord,
    InputShare,
    Move,
    OfOutcome,
    Planned,
    Studied,
    Told,
)

SECTION = "study"
MOST_INPUTS, MOST_OUTCOMES, MOST_MOVES, MOST_ASKED = 5, 3, 6, 4
REACH = 3.0
TELLING = 0.02
"""Share of calls that asking must set right to be told of."""
ASKED, MOVED, DECIDING = "study.asking", "study.moves", "study.inputs"


class Study(Told):
    """What a study of a case found; it shows itself.

    Attributes:
        reliability: of what one hears, beside full knowledge: the share of its variance that is not noise.
        outcomes: that were studied.
        inputs: what each input explains of each outcome, beyond chance; the most first.
        asking: what asking would do, the most first.
        plan: whom to ask first, and then whom.
        flips: what would flip each answer.
        moves: of the inputs in these flips.
        no_margin: outcomes whose flip cannot be sought, since they have no margin.
        untold: how many outcomes were left out that people are told of.
    """

    reliability: float
    outcomes: tuple[Studied, ...]
    inputs: tuple[InputShare, ...]
    asking: tuple[Asking, ...]
    plan: tuple[Planned, ...]
    flips: tuple[FlipRecord, ...] = ()
    moves: tuple[Move, ...] = ()
    no_margin: tuple[str, ...] = ()
    untold: int = 0

    @property
    def steady(self) -> tuple[Studied, ...]:
        """Return the outcomes that are the same in every draw."""
        return tuple(one for one in self.outcomes if one.joint_play is None)

    def _repr_html_(self) -> str:
        """Show the study in a notebook."""
        from detente.show.page import blocks_html

        return str(blocks_html(blocks(self)))


def rungs(study: Study) -> Iterator[Rung]:
    """Yield what would flip an answer, and whom to ask first."""
    for flip in _reached(study):
        moves = _together(study, flip)
        told = listed(list(_moving(moves)), most=3)
        ends = {
            f"{end}{k}": float(getattr(one, end))
            for k, one in enumerate(moves[:3])
            for end in ("start", "end")
        }
        yield _rung("change", "flip", f"“{flip.subject}” {_other(flip)} if {told}.", ends, MOVED, moves)
    asked = [
        one for one in study.asking if one.kind == "actor" and one.right_after > one.right_before + TELLING
    ]
    asked = [one for one in asked if one.lens == asked[0].lens]  # of the first lens that has one
    best = max(asked, key=lambda one: (one.right_after - one.right_before) / one.cost, default=None)
    if best is not None:
        calls = {name: getattr(best, name) for name in ("right_after", "right_before", "right_reported")}
        after, before, heard = (round(100 * one) for one in calls.values())
        yes = next((one.yes for one in study.outcomes if one.outcome == best.outcome), "yes")
        told = (
            f"Ask {best.told} first: whether “{best.subject}”{'' if yes == 'yes' else f' {yes}'} would then be "
            f"called right in {after} of 100 cases, not {before}; if what one hears is only "
            f"{percent(study.reliability)} reliable, in {heard}."
        )
        yield _rung("ask", "asking", told, calls, ASKED)


def _rung(
    step: Step, called: str, told: str, numbers: dict[str, float], table: str, moves: Sequence[Move] = ()
) -> Rung:
    return Rung(step=step, finding=_finding(called, told, numbers, table, moves))


def _finding(
    called: str, told: str, numbers: dict[str, float], table: str, of: Sequence[Move | InputShare] = ()
) -> Finding:
    drivers = tuple(one.input.partition("#")[0] for one in of)
    return Finding(id=called, sentence=told, numbers=numbers, drivers=drivers, table=table, section=SECTION)


def _moving(moves: Sequence[Move]) -> Iterator[str]:
    """Yield which input would be what; an issue and the verb are said once for inputs in a row."""
    said = ""
    for one in moves:
        what, on, issue = one.told.partition(" on ")
        whose = what if said and issue == said else f"{what}{on}{issue} were"
        yield f"{whose} {one.moved.partition(' to ')[2]}"
        said = issue


def _reached(study: Study) -> list[FlipRecord]:
    """Return the first flip that is in reach, if any is."""
    return [one for one in study.flips if one.length is not None][:1]


def _together(study: Study, flip: FlipRecord) -> list[Move]:
    return [one for one in study.moves if one.outcome == flip.outcome and not one.alone]


def _other(flip: FlipRecord) -> str:
    return flip.no if flip.answer else flip.yes


# --- the chapter ----------------------------------------------------------------------------------


def section(study: Study) -> Section:
    """Return the section of a page."""
    return Section(
        id=SECTION,
        title="What decides, whom to ask, and what would flip an answer",
        annex=True,
        intro=f"Over all questions of the case at once, from {study.draws:,} draws of everything in doubt.",
        blocks=blocks(study),
    )


def blocks(study: Study) -> tuple[Block, ...]:
    """Return what a study tells: the inputs that decide, a table by actor, the nearest flip."""
    found: list[Block] = []
    if shown := _most_open(study):
        found.append(FigureBlock(figure=_deciding(study, shown)))
    if actors := [one for one in study.asking if one.kind == "actor"]:
        table = TableBlock(table=_asked(study, actors), caption="Whom to ask", most=12)
        found += [Heading(text="Whom to ask"), table]
    found += [FigureBlock(figure=_flip(study, flip)) for flip in _reached(study)]
    for record in dict.fromkeys(one.record for one in study.outcomes):
        subjects = dict.fromkeys(one.subject for one in study.outcomes if one.record == record)
        found.append(Prose(text=f"Past error: {record} ({listed(list(subjects))}).", quiet=True))
    return tuple(found)


def _most_open(study: Study) -> list[Studied]:
    """Return the outcomes that are told in the figure: the most open of each lens, of which an input decides."""
    told = {one.outcome for one in study.inputs}
    found: dict[str, Studied] = {}
    for one in study.outcomes:
        first = found.get(one.lens)
        if one.outcome in told and (first is None or (one.share and one.spread > first.spread)):
            found[one.lens] = one
    return list(found.values())[:MOST_OUTCOMES]


def _named(one: Studied) -> str:
    """Return what is open; of a yes or no, what would be so."""
    return f"{one.subject}: {one.yes}" if one.share and one.yes != "yes" else one.subject


def _deciding(study: Study, shown: Sequence[Studied]) -> Figure:
    rows: list[Row] = []
    kept: list[InputShare] = []
    for of in shown:
        rows.append(Row(_named(of), head=True, bold=True))
        for one in [one for one in study.inputs if one.outcome == of.outcome][:MOST_INPUTS]:
            share, low, high = (min(1.0, max(0.0, one.share + far * one.error)) for far in (0.0, -1.96, 1.96))
            marks = (Bar(0.0, share), Line(low, high, tone=INK, width=1.5))
            rows.append(Row(one.told, marks, number=percent(one.share)))
            kept.append(one)
    first = kept[0]
    end = min(1.0, np.ceil(4 * max(one.share + 1.96 * one.error for one in kept)) / 4)
    told = f"{first.subject}: {first.told} matters most"
    return Figure(
        id="study-inputs",
        subject=first.subject,
        finding=_finding("deciding", told, {"share": first.share}, DECIDING, [first]),
        definition="Bar: share of the doubt in an answer that would go if the input were known; line: where it "
        f"lies with 95 %. Past error: {shown[0].record}.",
        spec=RowChart(0.0, end, rows, labels=250, ticks=[(0, "0"), (end, percent(end))]).spec(),
        table=_table(kept, InputShare, DECIDING),
        how=(
            "Draws are sorted by an input and cut into equal groups; the spread of the groups' means beyond "
            "chance is the input's share. What chance explains is not shown (Holm's procedure, 1 %).",
        ),
    )


def _table(rows: Sequence[OfOutcome], kind: type[OfOutcome], name: str) -> Table:
    return table_of(
        [((), one) for one in rows], kind, name, {}, ("lens", "outcome", "input", "moved", "alone")
    )


def _asked(study: Study, actors: Sequence[Asking]) -> Table:
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
    for one in sorted(actors, key=lambda one: -one.share):
        best.setdefault(one.outcome, one)
    lenses = [one.lens for one in best.values()]
    most = [one for k, one in enumerate(best.values()) if lenses[:k].count(one.lens) < MOST_ASKED]
    order = list(dict.fromkeys(one.told for one in most))
    rows = []
    for one in sorted(most, key=lambda one: order.index(one.told)):
        right = f"{percent(one.right_before)} to {percent(one.right_after)}" if one.right_before else ""
        rows.append((one.told, named[one.outcome], percent(one.share), percent(one.reported), right))
    return Table("study.whom", heads, tuple(rows), heads)


def _flip(study: Study, flip: FlipRecord) -> Figure:
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
    told = f"{flip.subject}: {_other(flip)} if these moved together"
    ticks = [(-2.0, "2 lower"), (0.0, "middle"), (2.0, "2 higher")]
    return Figure(
        id="study-flip",
        subject=flip.subject,
        finding=_finding("flip.figure", told, {"score": moves[0].score}, MOVED, moves),
        definition="How far each input would have to move, in units of its own doubt, in the smallest joint "
        f"change that flips the answer. Past error: {record}.",
        spec=RowChart(-most, most, rows, labels=250, numbers=90, ticks=ticks).spec(),
        table=_table(moves, Move, MOVED),
        how=("Least joint move to the other side of the margin, each input in its own standard deviations.",),
    )
