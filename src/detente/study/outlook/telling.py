"""How is an outlook told? One rung of the ladder, and one figure with two spans per issue that are never mixed.

What the inputs leave open is one span; what the record of decided issues says is the other, wider one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.case import Case
from detente.show.blocks import FigureBlock, Section
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.ladder import Rung
from detente.show.palette import ACCENT, FAINT, INK
from detente.show.row_chart import Bar, Dot, Line, Mark, Row, RowChart, Tick
from detente.show.table import Table
from detente.show.words import numbered, percent, position
from detente.study.outlook.issue import IssueOutlook

SECTION = "outlook"
TABLE = "study.outlook"
TESTED = (
    "Tested on 245 decided issues of the European Union, where 81 % of outcomes fell into such intervals; "
    "untested between adversaries"
)
FEW = " and with so few parties"


def rungs(case: Case, outlooks: Sequence[IssueOutlook]) -> Iterator[Rung]:
    """Yield what is said at the step of the record: of the first issue, how much wider the record's span is.

    Of an issue whose numbers but count its settlements nothing can be said in spans.
    """
    one = next((one for one in outlooks if not numbered(case.issues[one.issue])), None)
    if one is None:
        return
    of = case.issues[one.issue]
    low, high = (position(end, of) for end in (one.low80, one.high80))
    inner = [position(end, of) for end in (one.inputs_low, one.inputs_high)]
    left = f"leave {inner[0]} to {inner[1]}" if inner[0] != inner[1] else f"say {inner[0]}"
    few = FEW if one.few else ""
    yield Rung(
        step="record",
        finding=Finding(
            id="outlook",
            sentence=f"If {of.name} is decided, past decisions put it at {low} to {high} ({percent(one.holds)}); "
            f"the inputs alone {left}. {TESTED}{few}.",
            numbers={"low80": one.low80, "high80": one.high80, "holds": one.holds},
            table=TABLE,
            section=SECTION,
        ),
    )


def section(case: Case, outlooks: Sequence[IssueOutlook]) -> Section:
    """Return the section with one strip per issue; there must be an issue."""
    return Section(
        id=SECTION,
        title="What the record says of each issue",
        annex=True,
        intro="If it is decided: where outcomes of such issues came out, given who stands where. Without a "
        "deal each stays at the upright stroke.",
        blocks=(FigureBlock(figure=_figure(case, outlooks)),),
    )


def _figure(case: Case, outlooks: Sequence[IssueOutlook]) -> Figure:
    inside = sum(one.inputs_high - one.inputs_low for one in outlooks)
    wider = sum(one.high80 - one.low80 for one in outlooks) / inside if inside > 0 else 0.0
    told = "What the record leaves open"
    if wider >= 2:
        told = f"The record leaves {wider:.0f} times as much open as the doubt in the inputs"
    return Figure(
        id="outlook",
        subject="All issues",
        finding=Finding(
            id="outlook.width", sentence=told, numbers={"wider": wider}, table=TABLE, section=SECTION
        ),
        definition="Thick line: shortest interval that holds at least 80 % of the outlook, if the issue is "
        "decided; dots: values with a chance of their own. Outline: middle 80 % of the compromise over the doubt "
        "in the inputs. Upright stroke: no deal. At the right: share of draws with a deal on the issue alone.",
        spec=RowChart(0.0, 1.0, [_row(case, one) for one in outlooks], names="above").spec(),
        table=table(case, outlooks),
        how=(
            "Foothold distribution: six outcomes in ten are a held position or the reference point, the rest lie "
            "between; the chance halves with every quarter of the contested range away from the compromise. "
            "Fitted to DEU III (Arregui & Perarnaud 2021, doi:10.34810/data53).",
            f"{TESTED}.",
        ),
    )


def _row(case: Case, one: IssueOutlook) -> Row:
    of = case.issues[one.issue]

    def at(value: float) -> float:
        return (value - of.low) / (of.high - of.low)

    marks: list[Mark] = [
        Bar(at(one.inputs_low), at(one.inputs_high), tone=FAINT, hollow=True, height=14),
        Line(at(one.low80), at(one.high80), tone=ACCENT, width=4),
        *(Dot(at(atom.value), size=16 + 200 * atom.chance) for atom in one.atoms if atom.chance >= 0.02),
    ]
    if one.no_deal is not None:
        marks.append(Tick(at(one.no_deal), tone=INK, height=16, width=2))
    decided = "" if one.decided is None else percent(one.decided)
    return Row(of.name, tuple(marks), number=decided, track=True)


def table(case: Case, outlooks: Sequence[IssueOutlook]) -> Table:
    """Return the outlook of every issue."""
    columns = {
        "issue": "name",
        "decided": "share of draws with a deal on it alone; empty where nobody must consent",
        "no_deal": "where it stands without one",
        "median": "if decided",
        "low80": "lower end of the shortest interval with at least 80 %",
        "high80": "upper end",
        "holds": "share that the interval holds",
        "inputs_low": "lower end of the middle 80 % of draws of the compromise",
        "inputs_high": "upper end",
    }
    rows = tuple(
        (
            case.issues[one.issue].name,
            *(one.decided, one.no_deal, one.median, one.low80, one.high80, one.holds),
            *(one.inputs_low, one.inputs_high),
        )
        for one in outlooks
    )
    wider = {"wider": "how many times as wide as the inputs' spans the record's are, all issues together"}
    inside = sum(one.inputs_high - one.inputs_low for one in outlooks)
    times = sum(one.high80 - one.low80 for one in outlooks) / inside if inside > 0 else 0.0
    return Table(TABLE, {**columns, **wider}, tuple((*row, times) for row in rows))
