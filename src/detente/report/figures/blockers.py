"""Who stands in the way of a deal?

One bar per actor: in what share of the draws without a deal its demands are part of a conflict; darker, where its
consent alone would open the zone.
"""

from __future__ import annotations

from detente.lenses.winset import WinsetResult
from detente.lenses.winset.phrases import conflict_words
from detente.show import words
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.palette import ACCENT, ACCENT_SOFT, INK
from detente.show.table import Cell, Table
from detente.show.vega import (
    SMALL,
    WIDTH,
    Scale,
    Spec,
    fixed,
    frame,
    grid,
    layer,
    names,
    pixel,
    text,
    value,
)

LABELS = 150.0
NUMBERS = 62.0
ROW = 22.0
MOST = 10

LEGEND = "Light: part of a conflict of demands. Dark: its consent alone would open the zone."


def blockers_figure(result: WinsetResult, deal: str) -> Figure:
    """Return who stands in the way of one deal; it must fail in some draw."""
    found = result.blockers[deal]
    name = result.deals[deal].name
    return Figure(
        id=f"blockers-{deal}",
        subject=name,
        finding=_finding(result, deal),
        definition=f"{name}: the share of the draws without a deal in which an actor's demands are part of a "
        "conflict.",
        spec=_spec(result, deal),
        table=_table(result, deal),
        how=(
            "A conflict is a smallest set of demands (red lines, and being no worse off than without a deal) "
            "that no package meets; leave out any one of them and the others can be met (irreducible infeasible "
            f"subset). Looked for in {found.examined:,} draws without a deal"
            + (
                f"; in {words.percent(found.unfinished)} of them only the smallest conflicts were listed."
                if found.unfinished
                else "."
            ),
            *(
                f"{words.capital(conflict_words(result.names, one.demands))}: {words.percent(one.share)} of them."
                for one in found.conflicts[:5]
            ),
        ),
        legend=LEGEND,
    )


def _finding(result: WinsetResult, deal: str) -> Finding:
    found = result.blockers[deal]
    name = result.deals[deal].name
    if not found.conflicts:
        return Finding(
            id=f"blockers.{deal}",
            sentence=f"{name}: no conflict of demands could be isolated.",
            numbers={},
            table="blockers",
        )
    first = found.conflicts[0]
    sentence = (
        f"{name}: {conflict_words(result.names, first.demands)}, in {words.percent(first.share)} of the draws "
        "without a deal."
    )
    numbers = {"conflict_share": first.share}
    return Finding(id=f"blockers.{deal}", sentence=sentence, numbers=numbers, table="blockers")


def _table(result: WinsetResult, deal: str) -> Table:
    found = result.blockers[deal]
    columns = {
        "actor": "name, or the demands of a conflict",
        "involved": "share of the examined draws without a deal in which it is part of a conflict",
        "alone": "share in which its consent alone would open the zone; empty for a conflict",
    }
    rows: list[tuple[Cell, ...]] = [
        (result.names[actor], share, found.alone.get(actor, 0.0)) for actor, share in found.actors.items()
    ]
    rows += [
        (words.capital(conflict_words(result.names, one.demands)), one.share, None) for one in found.conflicts
    ]
    return Table("blockers", columns, tuple(rows))


def _spec(result: WinsetResult, deal: str) -> Spec:
    found = result.blockers[deal]
    scale = Scale(0.0, 1.0, LABELS + 8, WIDTH - NUMBERS)
    rows = [
        {
            "name": result.names[actor],
            "shown": words.percent(share),
            "y": ROW * (k + 0.5),
            "top": ROW * k + 4,
            "end": ROW * (k + 1) - 4,
            "zero": 0.0,
            "share": share,
            "alone": found.alone.get(actor, 0.0),
        }
        for k, (actor, share) in enumerate(list(found.actors.items())[:MOST])
    ]
    bottom = ROW * len(rows)
    return frame(
        bottom + 4,
        [
            *grid(scale, [0.0, 0.25, 0.5, 0.75, 1.0], 0, bottom),
            *_bar(rows, "share", scale, ACCENT_SOFT.light),
            *_bar([row for row in rows if row["alone"]], "alone", scale, ACCENT.light),
            *names(rows, LABELS),
            *_numbers(rows),
        ],
    )


def _bar(rows: list[dict[str, object]], field: str, scale: Scale, colour: str) -> list[Spec]:
    encoding = {
        "x": value("zero", scale),
        "x2": {"field": field},
        "y": pixel("top"),
        "y2": {"field": "end"},
    }
    return layer("rect", rows, encoding, color=colour)


def _numbers(rows: list[dict[str, object]]) -> list[Spec]:
    shown = [{**row, "text": row["shown"]} for row in rows]
    return text(shown, fixed(WIDTH), pixel("y"), tone=INK, align="right", fontSize=SMALL)
