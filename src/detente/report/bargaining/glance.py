"""How does one issue read at a glance? Its forecast as text and as a strip, and whether it is open."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from detente.case import Case
from detente.lenses.bargaining import BargainingResult
from detente.report.bargaining.facts import ForecastRow
from detente.report.bargaining.strip import strip
from detente.show import words


def row(case: Case, result: BargainingResult, one: ForecastRow) -> dict[str, Any]:
    """Return what the page shows of an issue."""
    of = case.issues[one.issue]
    status, tone = _status(one)
    return {
        "row": one,
        "strip": Markup(strip(case, result, one)),  # noqa: S704 - numbers and escaped words only
        "value": words.position(one.mean, of),
        "unit": words.measured(one.mean, of).removeprefix(words.position(one.mean, of)).strip(),
        "span": words.span(one.low80, one.high80, of) if one.low80 < one.high80 else "no doubt stated",
        "low": f"{words.anchor(of.low, of)} {of.scale[of.low]}",
        "high": f"{words.anchor(of.high, of)} {of.scale[of.high]}",
        "status": status,
        "tone": tone,
    }


def _status(one: ForecastRow) -> tuple[str, str]:
    if one.blocked:
        return f"no deal is better for somebody in {words.percent(one.no_agreement or 0)} of draws", "warn"
    if one.crossed:
        return f"crosses {words.counted(one.crossed, 'red line')}", "warn"
    if one.red_lines or one.no_agreement is not None:
        return "open to a settlement", "good"
    return "", ""


def anchors(case: Case, issue: str) -> list[tuple[str, str]]:
    """Return what the points of a scale between its ends mean; the ends stand in the figure."""
    of = case.issues[issue]
    return [(words.anchor(at, of), told) for at, told in of.scale.items() if of.low < at < of.high]
