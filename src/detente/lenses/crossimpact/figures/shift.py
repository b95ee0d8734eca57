"""What does the assumption shift? Share of futures with it minus without, variant by variant."""

from __future__ import annotations

from collections.abc import Iterator

from detente.lenses.crossimpact.findings import of_shift
from detente.lenses.crossimpact.records import VariantShare
from detente.lenses.crossimpact.result import WITH, WITHOUT, CrossImpactResult
from detente.show import words
from detente.show.figure import Figure
from detente.show.palette import ACCENT, DANGER, MUTED
from detente.show.row_chart import Bar, Row, RowChart, Tick
from detente.show.table import Table

NOTICED = 0.03
TICKS = [(-1.0, "−100"), (-0.5, "−50"), (0.0, "0"), (0.5, "+50"), (1.0, "+100 points")]
Gap = tuple[VariantShare, float]


def gaps(result: CrossImpactResult) -> list[Gap]:
    """Return every variant with its share under the assumption, and how much more that is than without."""
    without = {(one.descriptor, one.variant): one.share for one in result.readings[WITHOUT].shares}
    return [
        (one, one.share - without[one.descriptor, one.variant])
        for one in result.readings[WITH].shares
        if one.descriptor != result.assumed
    ]


def shift(result: CrossImpactResult) -> Figure | None:
    """Return the chart; nothing where the case assumes nothing, or that shifts nothing."""
    if WITH not in result.readings:
        return None
    found = [one for one in gaps(result) if abs(one[1]) >= NOTICED]
    if not found:
        return None
    most, gap = max(found, key=lambda one: abs(one[1]))
    name = result.readings[WITH].name
    return Figure(
        id="shift",
        subject="",
        finding=of_shift(result, most, gap),
        definition=f"Share of the futures that hold together {name} minus that {result.readings[WITHOUT].name}, "
        "in percentage points, for every variant where they differ.",
        spec=RowChart(-1.0, 1.0, list(_rows(result, found)), ticks=TICKS, labels=118.0).spec(),
        table=_table(result),
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


def _table(result: CrossImpactResult) -> Table:
    columns = {
        "descriptor": "name",
        "variant": "name",
        "with": f"share of futures {result.readings[WITH].name}",
        "without": f"share of futures {result.readings[WITHOUT].name}",
        "difference": "with minus without",
    }
    rows = tuple(
        (
            result.futures.descriptors[one.descriptor].name,
            result.variant(one.descriptor, one.variant),
            one.share,
            one.share - gap,
            gap,
        )
        for one, gap in gaps(result)
    )
    return Table("shift", columns, rows)
