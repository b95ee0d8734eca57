"""What single change would make a deal more likely, and by how much?

One row per lever: a red line lifted or softened, or a consent not needed; from the probability of a deal as it
stands to the one with the change, on the same draws.
"""

from __future__ import annotations

from detente.lenses.winset.answers import Lever
from detente.lenses.winset.findings import lever
from detente.lenses.winset.phrases import lever_words
from detente.lenses.winset.result import WinsetResult
from detente.show.figure import Figure
from detente.show.row_chart import Dot, Line, Row, shares
from detente.show.table import Table
from detente.show.words import capital, percent

MOST = 8


def levers_figure(result: WinsetResult, deal: str) -> Figure:
    """Return what would change the probability of one deal most; there must be a lever."""
    name, levers = result.deals[deal].name, result.levers[deal]
    # The strongest of those that help, or the first where none does.
    drawn = tuple(one for one in levers if one.change > 0)[:MOST] or levers[:1]
    rows = [
        Row(
            _words(result, one),
            (Line(one.probability - one.change, one.probability, width=4), Dot(one.probability)),
            number=percent(one.probability),
        )
        for one in drawn
    ]
    return Figure(
        id=f"levers-{deal}",
        subject=name,
        finding=lever(result, deal),
        definition=f"{name}: the probability of a deal if one red line were lifted or softened, or one consent "
        "not needed.",
        spec=shares(rows, names="above").spec(),
        table=_table(result, deal),
        how=(
            f"Each change is tried alone on the same {levers[0].draws:,} draws; the error is that of the paired "
            "difference. Softening moves a red line by "
            f"{percent(float(result.record.options.get('soften', 0.1)))} of the issue's scale.",
        ),
        legend="Line: from the probability as it stands to the one with the change. Changes without effect are in "
        "the table.",
    )


def _words(result: WinsetResult, one: Lever) -> str:
    return capital(lever_words(result.names, one, result.case))


def _table(result: WinsetResult, deal: str) -> Table:
    columns = {
        "lever": "the one change",
        "probability": "share of draws with a deal then",
        "change": "from before, on the same draws",
        "mc_error": "standard error of the change",
    }
    rows = tuple(
        (_words(result, one), one.probability, one.change, one.mc_error) for one in result.levers[deal]
    )
    return Table("levers", columns, rows)
