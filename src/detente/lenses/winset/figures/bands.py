"""What would each actor accept on an issue taken alone, and where do those who must consent overlap?

One row per actor along the issue's scale: a bar over what it prefers to no deal within its red lines, a dot at
what it wants; what everybody needed accepts is shaded. Actors without whom there is no deal come first and are
filled.
"""

from __future__ import annotations

from collections.abc import Iterator

from detente.case.text import sources_of
from detente.lenses.winset.findings import bands
from detente.lenses.winset.result import WinsetResult
from detente.show.blocs import legend, looks
from detente.show.figure import Figure
from detente.show.palette import DANGER
from detente.show.row_chart import Bar, Dot, Mark, Row, RowChart, Tick
from detente.show.table import Cell, Table
from detente.show.vega import anchor_texts
from detente.show.words import position

MOST_ROWS = 60
NOTHING = "accepts nothing"
LEGEND = (
    "Bar: what it prefers to no deal, within its red lines; filled where no deal can do without it. Dot: what it "
    "wants. Shaded: a deal on this issue alone."
)


def bands_figure(result: WinsetResult, issue: str) -> Figure:
    """Return what every actor accepts on one issue."""
    case, of = result.case, result.case.issues[issue]
    stances = case.stances[issue]
    sources = (
        s for actor in result.bands[issue] if actor in stances for s in sources_of(stances[actor].because)
    )
    return Figure(
        id=f"bands-{issue}",
        subject=of.name,
        finding=bands(result, issue),
        definition=f"{of.name}: what each actor accepts rather than no deal, on this issue alone.",
        spec=_chart(result, issue).spec(),
        table=_table(result, issue),
        how=(
            "An actor accepts a value that is no further from what it wants than the no-deal point is, with the "
            "cost of failure added, and that keeps to its red lines. All inputs stand at their means; the "
            "probability of a deal takes their doubt into account, so a gap here is not a probability of 0.",
            f"Who is needed: {result.deals[issue].rule}.",
        ),
        sources=tuple(dict.fromkeys(sources)),
        legend=f"{LEGEND} {legend(case)}".strip(),
    )


def _table(result: WinsetResult, issue: str) -> Table:
    columns = {
        "actor": "name; the last row is a deal on the issue alone",
        "required": "whether no deal on the issue can do without it",
        "low": "least acceptable, on the issue's scale; empty when it accepts nothing",
        "high": "greatest acceptable",
        "ideal": "what it wants",
        "floor": "red line from below",
        "ceiling": "red line from above",
        "probability": "share of draws with a deal on the issue alone",
    }
    rows: list[tuple[Cell, ...]] = [
        (result.names[actor], b.required, b.low, b.high, b.ideal, b.floor, b.ceiling, None)
        for actor, b in result.bands[issue].items()
    ]
    zone = result.deals[issue].extents[issue]
    rows.append(("a deal", None, zone.low, zone.high, None, None, None, result.chance(issue).probability))
    return Table("bands", columns, tuple(rows))


def _chart(result: WinsetResult, issue: str) -> RowChart:
    of = result.case.issues[issue]
    zone = result.deals[issue].extents[issue]
    stated = result.case.quantities.get(f"issues.{issue}.no_deal")
    refusing = any(band.low is None for band in result.bands[issue].values())
    shaded = () if zone.low is None or zone.high is None else ((zone.low, zone.high),)
    return RowChart(
        of.low,
        of.high,
        list(_rows(result, issue)),
        ticks=list(zip(of.scale, anchor_texts(of), strict=True)),
        ends=(of.scale[of.low], of.scale[of.high]),
        bands=shaded,
        rules=[] if stated is None else [(stated.mean, f"no deal {position(stated.mean, of)}")],
        numbers=84 if refusing else 0,
    )


def _rows(result: WinsetResult, issue: str) -> Iterator[Row]:
    drawn = looks(result.case)
    ordered = sorted(result.bands[issue].items(), key=lambda one: not one[1].required)[:MOST_ROWS]
    for actor, band in ordered:
        look = drawn[actor]
        marks: list[Mark] = []
        if band.low is not None and band.high is not None:
            marks.append(Bar(band.low, band.high, look.tone, 10, hollow=not band.required))
        marks += [Tick(at, DANGER, 16, 2) for at in (band.floor, band.ceiling) if at is not None]
        if band.ideal is not None:
            marks.append(Dot(band.ideal, look.tone, 46, look.shape))
        yield Row(result.names[actor], tuple(marks), number="" if band.low is not None else NOTHING)
