"""What single change would make a deal more likely, and by how much?

One row per lever: a red line lifted or softened, or a consent not needed; from the probability of a deal as it
stands to the one with the change, on the same draws.
"""

from __future__ import annotations

from detente.case import Case
from detente.lenses.winset import WinsetResult
from detente.lenses.winset.answers import Lever
from detente.lenses.winset.phrases import lever_sentence, lever_words, strongest
from detente.show import words
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.palette import ACCENT, INK, MUTED
from detente.show.table import Table
from detente.show.vega import FONT, SMALL, WIDTH, Scale, Spec, fixed, frame, layer, pixel, text, value

NUMBERS = 62.0
MOST = 8
LINE = FONT + 2
ROW = 21.0


def levers_figure(case: Case, result: WinsetResult, deal: str) -> Figure:
    """Return what would change the probability of one deal most; there must be a lever."""
    name, levers = result.deals[deal].name, result.levers[deal]
    return Figure(
        id=f"levers-{deal}",
        subject=name,
        finding=levers_finding(case, result, deal),
        definition=f"{name}: the probability of a deal if one red line were lifted or softened, or one consent "
        "not needed.",
        spec=_spec(case, result, deal),
        table=_table(case, result, deal),
        how=(
            f"Each change is tried alone on the same {levers[0].draws:,} draws; the error is that of the paired "
            "difference. Softening moves a red line by "
            f"{words.percent(_softened(result))} of the issue's scale.",
        ),
        legend="Line: from the probability as it stands to the one with the change. Changes without effect are in "
        "the table.",
    )


def _softened(result: WinsetResult) -> float:
    share = result.record.options.get("soften", 0.1)
    return float(share)


def levers_finding(case: Case, result: WinsetResult, deal: str) -> Finding:
    """Say which single change raises the probability of a deal most."""
    found = strongest(result.levers[deal])
    return Finding(
        id=f"levers.{deal}",
        sentence=f"{result.deals[deal].name}: {lever_sentence(result.names, result.levers[deal], case)}.",
        numbers={} if found is None else {"probability": found.probability, "change": found.change},
        table="levers",
    )


def _table(case: Case, result: WinsetResult, deal: str) -> Table:
    columns = {
        "lever": "the one change",
        "probability": "of a deal then",
        "change": "from before, on the same draws",
        "mc_error": "standard error of the change",
    }
    rows = tuple(
        (words.capital(lever_words(result.names, one, case)), one.probability, one.change, one.mc_error)
        for one in result.levers[deal]
    )
    return Table("levers", columns, rows)


def _drawn(levers: tuple[Lever, ...]) -> tuple[Lever, ...]:
    """Return the strongest levers of those that help, or the first where none does."""
    return tuple(lever for lever in levers if lever.change > 0)[:MOST] or levers[:1]


def _spec(case: Case, result: WinsetResult, deal: str) -> Spec:
    scale = Scale(0.0, 1.0, 8, WIDTH - NUMBERS)
    rows: list[dict[str, object]] = []
    y = 0.0
    for lever in _drawn(result.levers[deal]):
        label = words.broken(words.capital(lever_words(result.names, lever, case)), WIDTH / FONT - 1)
        under = y + LINE * len(label)
        rows.append(
            {
                "text": label if len(label) > 1 else label[0],
                "shown": words.percent(lever.probability),
                "label": y + 8,
                "y": under + 8,
                "from": lever.probability - lever.change,
                "to": lever.probability,
                "start": 0.0,
                "end": 1.0,
            }
        )
        y = under + ROW
    at = pixel("y")
    return frame(
        y + 2,
        [
            *layer(
                "rule",
                rows,
                {"x": value("start", scale), "x2": {"field": "end"}, "y": at},
                color=MUTED.light,
                strokeWidth=0.5,
            ),
            *layer(
                "rule",
                rows,
                {"x": value("from", scale), "x2": {"field": "to"}, "y": at},
                color=ACCENT.light,
                strokeWidth=4,
            ),
            *layer(
                "point",
                rows,
                {"x": value("to", scale), "y": at},
                shape="circle",
                size=52,
                fill=ACCENT.light,
                opacity=1,
            ),
            *text(rows, fixed(0), pixel("label"), align="left", lineHeight=LINE),
            *_numbers(rows),
        ],
    )


def _numbers(rows: list[dict[str, object]]) -> list[Spec]:
    shown = [{**row, "text": row["shown"]} for row in rows]
    return text(shown, fixed(WIDTH), pixel("y"), tone=INK, align="right", fontSize=SMALL)
