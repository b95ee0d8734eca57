"""How is a study told? Two rungs of the ladder, and a chapter: what decides, whom to ask, what would flip it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from pydantic import Field

from detente.show.blocks import Block, FigureBlock, Prose, Section, TableBlock
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.ladder import Rung
from detente.show.palette import ACCENT, INK
from detente.show.record import Published
from detente.show.row_chart import Bar, Line, Row, RowChart
from detente.show.table import Table, table_of
from detente.show.words import listed, percent
from detente.study.records import Asking, InputShare, LeverKind, Move, Outcome, tables_of

SECTION = "study"
MOST_INPUTS, MOST_OUTCOMES, MOST_MOVES, MOST_ASKED = 5, 3, 6, 4
REACH = 3.0
TELLING = 0.02
"""Share of calls that asking must set right to be told of."""
ASKED, MOVED, DECIDING = "study.asking", "study.moves", "study.inputs"


class Study(Published):
    """What a study of a case found, whatever was asked; it shows itself.

    Attributes:
        title: of the case.
        fingerprint: of the case.
        draws: of everything in doubt.
        seed: of the draws.
        outcomes: that were studied.
        reliability: of what one hears, beside full knowledge: the share of its variance that is not noise.
        no_margin: outcomes whose flip cannot be sought, since they have no margin.
        untold: how many outcomes were left out that people are told of.
        levers: how many were moved.
        unread: lens → kind of lever → what it does not read, so that it moves nothing there.
        choice: the scenario that is best on average, where one was chosen.
        perfect: what knowing everything before choosing would be worth, in units of the outcome.
        worth: actor → what knowing its inputs before choosing would be worth, at most that.
    """

    title: str
    fingerprint: str
    draws: int
    seed: int
    outcomes: tuple[Outcome, ...]
    reliability: float = 1.0
    no_margin: tuple[str, ...] = ()
    untold: int = 0
    levers: int = 0
    unread: dict[str, dict[LeverKind, tuple[str, ...]]] = Field(default_factory=dict)
    choice: str | None = None
    perfect: float = 0.0
    worth: dict[str, float] = Field(default_factory=dict)

    def tables(self) -> Mapping[str, Table]:
        """Return a table of the outcomes, and one of all rows of each kind that there are, by their names."""
        return tables_of(self.outcomes, Outcome, "outcomes", "lens", "outcome", "subject")

    def _repr_html_(self) -> str:
        """Show the study in a notebook."""
        from detente.show.page import blocks_html

        return str(blocks_html(blocks(self)))


def rungs(study: Study) -> Iterator[Rung]:
    """Yield what would flip an answer, and whom to ask first."""
    if (of := _flipped(study)) is not None:
        told = listed(list(_moving(of.together)), most=3)
        numbers = {
            f"{end}{k}": float(getattr(one, end))
            for k, one in enumerate(of.together[:3])
            for end in ("start", "end")
        }
        told = f"“{of.flips[0].asked}” {_other(of)} if {told}."
        yield Rung(step="change", finding=_finding("flip", told, numbers, MOVED, of.together))
    asked = [
        (of, one)
        for of in study.outcomes
        for one in of.asking
        if one.kind == "actor" and one.right_after > one.right_before + TELLING
    ]
    asked = [(of, one) for of, one in asked if of.lens == asked[0][0].lens]  # of the first lens that has one
    if asked:
        of, best = max(asked, key=lambda pair: (pair[1].right_after - pair[1].right_before) / pair[1].cost)
        calls = {name: getattr(best, name) for name in ("right_after", "right_before", "right_reported")}
        after, before, heard = (round(100 * one) for one in calls.values())
        what = f"“{of.subject}”" if of.yes == "yes" else f"“{of.subject}” {of.yes}"
        told = (
            f"Ask {best.told} first: whether {what} would then be called right in {after} of 100 "
            f"cases, not {before}; if what one hears is only {percent(study.reliability)} reliable, in {heard}."
        )
        yield Rung(step="ask", finding=_finding("asking", told, calls, ASKED))


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


def _flipped(study: Study) -> Outcome | None:
    """Return the first outcome of which a flip is in reach, if any is."""
    return next((of for of in study.outcomes for one in of.flips if one.length is not None), None)


def _other(of: Outcome) -> str:
    return of.no if of.flips[0].answer else of.yes


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
    most: dict[str, Outcome] = {}  # the most open outcome of each lens, of which an input decides
    for of in study.outcomes:
        first = most.get(of.lens)
        if of.inputs and (first is None or (of.share and of.spread > first.spread)):
            most[of.lens] = of
    if most:
        found.append(FigureBlock(figure=_deciding([*most.values()][:MOST_OUTCOMES])))
    if any(one.kind == "actor" for of in study.outcomes for one in of.asking):
        found.append(TableBlock(table=_asked(study), caption="Whom to ask", most=12))
    if (flipped := _flipped(study)) is not None:
        found.append(FigureBlock(figure=_flip(flipped)))
    for record in dict.fromkeys(of.record for of in study.outcomes):
        subjects = dict.fromkeys(of.subject for of in study.outcomes if of.record == record)
        found.append(Prose(text=f"Past error: {record} ({listed(list(subjects))}).", quiet=True))
    return tuple(found)


def _named(one: Outcome) -> str:
    """Return what is open; of a yes or no, what would be so."""
    return f"{one.subject}: {one.yes}" if one.share and one.yes != "yes" else one.subject


def _deciding(shown: Sequence[Outcome]) -> Figure:
    rows: list[Row] = []
    kept: list[InputShare] = []
    for of in shown:
        rows.append(Row(_named(of), head=True, bold=True))
        for one in of.inputs[:MOST_INPUTS]:
            share, low, high = (min(1.0, max(0.0, one.share + far * one.error)) for far in (0.0, -1.96, 1.96))
            marks = (Bar(0.0, share), Line(low, high, tone=INK, width=1.5))
            rows.append(Row(one.told, marks, number=percent(one.share)))
            kept.append(one)
    first, end = kept[0], min(1.0, np.ceil(4 * max(one.share + 1.96 * one.error for one in kept)) / 4)
    told = f"{shown[0].subject}: {first.told} matters most"
    return Figure(
        id="study-inputs",
        subject=shown[0].subject,
        finding=_finding("deciding", told, {"share": first.share}, DECIDING, [first]),
        definition="Bar: share of the doubt in an answer that would go if the input were known; line: where it "
        f"lies with 95 %. Past error: {shown[0].record}.",
        spec=RowChart(0.0, end, rows, labels=250, ticks=[(0, "0"), (end, percent(end))]).spec(),
        table=table_of([((), one) for one in kept], InputShare, DECIDING, {}, ("input",)),
        how=(
            "Draws are sorted by an input and cut into equal groups; the spread of the groups' means beyond "
            "chance is the input's share. What chance explains is not shown (Holm's procedure, 1 %).",
        ),
    )


def _asked(study: Study) -> Table:
    """Return, actor by actor, the answers of which nobody else tells more, those that are told of most first."""
    heads = {
        "ask": "whom to ask",
        "subject": "what is open",
        "gone": "doubt gone, at least",
        "heard": f"if {percent(study.reliability)} reliable",
        "right": "calls right, before and after",
    }
    best: list[tuple[Outcome, Asking]] = []
    for of in study.outcomes:
        asked = [one for one in of.asking if one.kind == "actor"]
        best += [(of, max(asked, key=lambda one: one.share))] if asked else []
    best.sort(key=lambda pair: -pair[1].share)
    lenses = [of.lens for of, _ in best]
    most = [pair for k, pair in enumerate(best) if lenses[:k].count(pair[0].lens) < MOST_ASKED]
    order = list(dict.fromkeys(one.told for _, one in most))
    rows = []
    for of, one in sorted(most, key=lambda pair: order.index(pair[1].told)):
        calls = dict.fromkeys(percent(share) for share in (one.right_before, one.right_after))
        right = " to ".join(calls) if one.right_before else ""
        rows.append((one.told, _named(of), percent(one.share), percent(one.reported), right))
    return Table("study.whom", heads, tuple(rows), heads)


def _flip(of: Outcome) -> Figure:
    moves = of.together[:MOST_MOVES]
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
    told = f"{of.flips[0].asked}: {_other(of)} if these moved together"
    ticks = [(-2.0, "2 lower"), (0.0, "middle"), (2.0, "2 higher")]
    return Figure(
        id="study-flip",
        subject=of.flips[0].asked,
        finding=_finding("flip.figure", told, {"score": moves[0].score}, MOVED, moves),
        definition="How far each input would have to move, in units of its own doubt, in the smallest joint "
        f"change that flips the answer. Past error: {of.record}.",
        spec=RowChart(-most, most, rows, labels=180, numbers=64, ticks=ticks).spec(),
        table=table_of([((), one) for one in moves], Move, MOVED, {}, ("input", "moved", "alone")),
        how=("Least joint move to the other side of the margin, each input in its own standard deviations.",),
    )
