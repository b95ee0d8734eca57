"""In how many draws does each outcome hold, by which concept? Shares of draws, shaded."""

from __future__ import annotations

from typing import Any

from detente.lenses.stability import StabilityResult
from detente.lenses.stability.findings import label, named
from detente.report.figures import state_rows
from detente.report.figures.state_rows import BOX, LABELS, MOST_ROWS
from detente.report.games.facts import Outcome
from detente.report.games.telling import kinds
from detente.show import words
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.palette import ACCENT, INK
from detente.show.table import Cell, Table
from detente.show.vega import SMALL, Spec, frame, given, layer, pixel, text

WIDEST = 44.0
DARKEST = 0.55  # so that numbers stay legible


def equilibria(result: StabilityResult, rows: tuple[Outcome, ...]) -> Figure:
    """Return in which share of draws each outcome holds, by every concept; there must be at least one outcome.

    Args:
        result: of the lens.
        rows: the states that hold in some draw, the firmest first.
    """
    record = result.record
    return Figure(
        id="equilibria",
        subject="",
        finding=_finding(rows[0]),
        definition="Share of draws in which an outcome is stable for everybody, by each concept.",
        spec=_spec(result, rows[:MOST_ROWS]),
        table=_table(result, rows),
        how=(
            f"Every weight that carries doubt is drawn {record.draws:,} times (seed {record.seed}), and the game "
            "judged again by the preferences that follow. A share says what the doubt in the case leaves open, "
            "not how often such an outcome comes about.",
        ),
        legend="Darker: in more draws.",
    )


def _finding(first: Outcome) -> Finding:
    """Say which outcome is the firmest."""
    often = words.percent(first.share)
    return Finding(
        id="equilibria",
        sentence=f"Firmest is “{first.words}”: it holds by {label(first.concept)} in {often} of draws.",
        numbers={f"share.{first.state}": first.share},
        table="shares_of_draws",
    )


def _table(result: StabilityResult, rows: tuple[Outcome, ...]) -> Table:
    columns = {
        "outcome": "what is taken",
        "state": "letters, Y or N per option, or id",
        **{c: f"share of draws in which it holds by {c}" for c in result.concepts},
    }
    cells: list[tuple[Cell, ...]] = [
        (named(result, row.state), row.state, *(row.shares.get(c, 0.0) for c in result.concepts))
        for row in rows
    ]
    return Table("shares_of_draws", columns, tuple(cells))


def _spec(result: StabilityResult, outcomes: tuple[Outcome, ...]) -> Spec:
    found = kinds(result.concepts)
    step = min(WIDEST, state_rows.room(len(found)))
    rows = state_rows.rows(result, [one.state for one in outcomes])
    boxes: list[dict[str, Any]] = []
    numbers: list[dict[str, Any]] = []
    for row, one in zip(rows, outcomes, strict=True):
        for g, concept in enumerate(found):
            share, x = one.shares.get(concept, 0.0), LABELS + g * step
            box = {"x": x + 1, "x2": x + step - 1, "y": row.top + 1, "y2": row.bottom - 1}
            boxes.append({**box, "shade": round(DARKEST * share, 3)})
            numbers.append({"text": _short(share), "x": x + step / 2, "y": row.middle})
    return frame(
        rows[-1].bottom + 4,
        [
            *state_rows.heads(found, [LABELS + (g + 0.5) * step for g in range(len(found))]),
            *state_rows.names(rows),
            *layer("rect", boxes, {**BOX, "opacity": given("shade", "quantitative")}, fill=ACCENT.light),
            *text(numbers, pixel("x"), pixel("y"), align="center", fontSize=SMALL, tone=INK),
        ],
    )


def _short(share: float) -> str:
    return "" if share == 0 else words.percent(share).replace("under ", "<").replace("over ", ">")
