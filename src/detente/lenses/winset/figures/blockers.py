"""Who stands in the way of a deal?

One bar per actor: in what share of the draws without a deal its demands are part of a conflict; darker, where its
consent alone would open the zone.
"""

from __future__ import annotations

from detente.lenses.winset.findings import blocked
from detente.lenses.winset.phrases import conflict_words
from detente.lenses.winset.result import WinsetResult
from detente.show.figure import Figure
from detente.show.palette import ACCENT, ACCENT_SOFT
from detente.show.row_chart import Bar, Row, shares
from detente.show.table import Cell, Table
from detente.show.words import capital, percent

MOST = 10
LEGEND = "Light: part of a conflict of demands. Dark: its consent alone would open the zone."


def blockers_figure(result: WinsetResult, deal: str) -> Figure:
    """Return who stands in the way of one deal; it must fail in some draw."""
    found, name = result.blockers[deal], result.deals[deal].name
    fewer = f"; in {percent(found.unfinished)} of them only the smallest conflicts were listed"
    unknown = f"; in {percent(found.unknown)} of them a solver failed, and they count nowhere"
    rows = []
    for actor, share in list(found.actors.items())[:MOST]:
        bars = (Bar(0, share, ACCENT_SOFT, 14), Bar(0, found.alone.get(actor, 0.0), ACCENT, 14))
        rows.append(Row(result.names[actor], bars[: 2 if bars[1].high else 1], number=percent(share)))
    return Figure(
        id=f"blockers-{deal}",
        subject=name,
        finding=blocked(result, deal),
        definition=f"{name}: the share of the draws without a deal in which an actor's demands are part of a "
        "conflict.",
        spec=shares(rows).spec(),
        table=_table(result, deal),
        how=(
            "A conflict is a smallest set of demands (red lines, and being no worse off than without a deal) "
            "that no package meets; leave out any one of them and the others can be met (irreducible infeasible "
            f"subset). Looked for in {found.examined:,} draws without a deal"
            f"{fewer if found.unfinished else ''}{unknown if found.unknown else ''}.",
            *(
                f"{capital(conflict_words(result.names, one.demands))}: {percent(one.share)} of them."
                for one in found.conflicts[:5]
            ),
        ),
        legend=LEGEND,
    )


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
    rows += [(capital(conflict_words(result.names, one.demands)), one.share, None) for one in found.conflicts]
    return Table("conflicts", columns, tuple(rows))
