"""What does the assumption shift? Share of futures with it minus without, variant by variant."""

from __future__ import annotations

from collections.abc import Iterator

from detente.lenses.crossimpact.findings import of_shift
from detente.lenses.crossimpact.records import VariantShare
from detente.lenses.crossimpact.result import CrossImpactResult
from detente.show import words
from detente.show.figure import Figure
from detente.show.palette import ACCENT, DANGER, MUTED
from detente.show.row_chart import Bar, Row, RowChart, Tick
from detente.show.table import Table

Gap = tuple[VariantShare, float]
NOTICED = 0.03
TICKS = [(-1.0, "−100"), (-0.5, "−50"), (0.0, "0"), (0.5, "+50"), (1.0, "+100 points")]


def shift(result: CrossImpactResult) -> Figure | None:
    """Return the chart; nothing where the case assumes nothing, or that shifts nothing."""
    if not result.assumed:
        return None
    given, without = (result.readings[key] for key in result.asked)
    gaps = [pair for pair in given.against(without) if pair[0].descriptor != result.assumed]
    found = [pair for pair in gaps if abs(pair[1]) >= NOTICED]
    if not found:
        return None
    return Figure(
        id="shift",
        subject="",
        finding=of_shift(result, *max(found, key=lambda pair: abs(pair[1]))),
        definition=f"Share of the futures that hold together {given.name} minus that {without.name}, "
        "in percentage points, for every variant where they differ.",
        spec=RowChart(-1.0, 1.0, list(_rows(result, found)), ticks=TICKS, labels=118.0).spec(),
        table=_table(result, gaps),
        how=(
            "The descriptor that the assumption is about is held at what is assumed, and then at everything else; "
            "it is not tested itself (an intervention, not an observation). Shares are averaged over the draws.",
            f"Case {result.record.fingerprint}, détente {result.record.version}.",
        ),
        legend="To the right: more often with what is assumed. To the left: less often.",
    )


def _rows(result: CrossImpactResult, found: list[Gap]) -> Iterator[Row]:
    last = ""
    for one, gap in found:
        if one.descriptor != last:
            last = one.descriptor
            yield Row(result.futures.descriptors[last].name, head=True)
        tone = ACCENT if gap > 0 else DANGER
        yield Row(
            result.variant(one.descriptor, one.variant),
            (Bar(min(gap, 0.0), max(gap, 0.0), tone), Tick(0.0, MUTED)),
            number=words.signed_minus(f"{100 * gap:+.0f}"),
            detail=f"{words.percent(one.share)} with",
            track=True,
        )


def _table(result: CrossImpactResult, gaps: list[Gap]) -> Table:
    given, without = (result.readings[key].name for key in result.asked)
    columns = {
        "descriptor": "name",
        "variant": "name",
        "with": f"share of futures {given}",
        "without": f"share of futures {without}",
        "difference": "with minus without",
    }
    rows = []
    for one, gap in gaps:
        name = result.futures.descriptors[one.descriptor].name
        rows.append((name, result.variant(one.descriptor, one.variant), one.share, one.share - gap, gap))
    return Table("shift", columns, tuple(rows))
