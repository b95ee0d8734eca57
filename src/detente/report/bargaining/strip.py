"""How does one issue look in one line? A strip with the forecast, its doubt and the baselines.

As wide as its place and drawn in shares of that width, so it needs no scaling; its numbers stand beside it.
"""

from __future__ import annotations

from html import escape

from detente.case import Case
from detente.lenses.bargaining.result import BargainingResult
from detente.report.bargaining.facts import ForecastRow
from detente.show import words
from detente.show.palette import ACCENT, FAINT, INK, MUTED, PAPER

MIDDLE = 15
HEIGHT = 30
BANDS = (("95", 1.5), ("80", 4.0), ("50", 8.0))


def strip(case: Case, result: BargainingResult, row: ForecastRow) -> str:
    """Return the strip of one issue as SVG for a page, with its description in words."""
    forecast = result.issues[row.issue][row.method]
    parts = [_line(0, 1, 1.0, FAINT.css("page"))]
    parts += [_tick(_share(anchor, row)) for anchor in case.issues[row.issue].scale]
    if row.no_deal is not None:
        parts.append(_upright(_share(row.no_deal, row), MUTED.css("page"), dash=' stroke-dasharray="3 2"'))
    if row.outcome is not None and row.low <= row.outcome <= row.high:
        parts.append(_upright(_share(row.outcome, row), INK.css("page"), dash=' stroke-dasharray="1 2"'))
    for level, thick in BANDS:
        low, high = (_share(end, row) for end in forecast.intervals[level])
        if low < high:
            parts.append(_line(low, high, thick, ACCENT.css("page")))
    parts.append(_dot(_share(row.plain_average, row), 4, PAPER.css("page"), MUTED.css("page")))
    parts.append(_dot(_share(row.mean, row), 6, ACCENT.css("page"), PAPER.css("page")))
    return (
        f'<svg class="strip" width="100%" height="{HEIGHT}" role="img" aria-label="{escape(_words(case, row))}">'
        f"{''.join(parts)}</svg>"
    )


def _words(case: Case, row: ForecastRow) -> str:
    of = case.issues[row.issue]
    told = f"Scale from {words.position(row.low, of)} to {words.position(row.high, of)}: forecast "
    told += words.position(row.mean, of)
    if row.low80 < row.high80:
        told += f", 80 % of draws {words.span(row.low80, row.high80, of)}"
    told += f"; plain average {words.position(row.plain_average, of)}"
    return told + (f"; no deal {words.position(row.no_deal, of)}" if row.no_deal is not None else "")


def _share(value: float, row: ForecastRow) -> float:
    return min(max((value - row.low) / row.width, 0.0), 1.0)


def _percent(share: float) -> str:
    return f"{100 * share:.2f}%"


def _line(low: float, high: float, thick: float, colour: str) -> str:
    return (
        f'<line x1="{_percent(low)}" x2="{_percent(high)}" y1="{MIDDLE}" y2="{MIDDLE}" stroke="{colour}" '
        f'stroke-width="{thick}"/>'
    )


def _tick(share: float) -> str:
    at = _percent(share)
    return f'<line x1="{at}" x2="{at}" y1="{MIDDLE - 4}" y2="{MIDDLE + 4}" stroke="{FAINT.css("page")}"/>'


def _upright(share: float, colour: str, dash: str) -> str:
    at = _percent(share)
    return f'<line x1="{at}" x2="{at}" y1="2" y2="{HEIGHT - 2}" stroke="{colour}" stroke-width="1.5"{dash}/>'


def _dot(share: float, radius: int, fill: str, stroke: str) -> str:
    return (
        f'<circle cx="{_percent(share)}" cy="{MIDDLE}" r="{radius}" fill="{fill}" stroke="{stroke}" '
        'stroke-width="1.5"/>'
    )
