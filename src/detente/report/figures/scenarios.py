"""What does each scenario change, issue by issue, compared with the case as it stands?

From a hollow mark, the forecast as the case stands, to a filled one, the forecast in the scenario; the line behind
spans the middle 80 % of the difference, taken draw by draw on common random numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detente.case import Case, Issue
from detente.lenses import Comparison, Difference
from detente.lenses.bargaining.result import BargainingResult
from detente.report.figures.method import leading
from detente.show import words
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.palette import ACCENT, FAINT, INK, MUTED, PAPER
from detente.show.table import Table
from detente.show.vega import (
    FONT,
    SMALL,
    WIDTH,
    Scale,
    Spec,
    fixed,
    frame,
    layer,
    pixel,
    text,
    value,
)

LABELS = 118.0
NUMBERS = 84.0
HEAD = 20.0
ROW = 18.0
GAP = 9.0
NOTHING = 0.01  # of the scale

LEGEND = "Hollow: the case as it stands. Filled: the scenario. Line: 80 % of the difference."


@dataclass(frozen=True, slots=True)
class Move:
    """One issue in one scenario."""

    issue: str
    scenario: str
    base: float
    difference: Difference

    def share(self, case: Case) -> float:
        """Return the size of the move as a share of the issue's scale."""
        of = case.issues[self.issue]
        return abs(self.difference.mean) / (of.high - of.low)


def moves(study: Comparison, result: BargainingResult) -> tuple[Move, ...]:
    """Return every issue's move in every scenario that still has the issue, by the method that leads there."""
    return tuple(_moves(study, result))


def _moves(study: Comparison, result: BargainingResult) -> Iterator[Move]:
    for issue in result.issues:
        versions = study.differences.get(f"{issue}.{leading(result, issue)}", {})
        for scenario in study.labels[1:]:
            if scenario in versions:
                yield Move(issue, scenario, versions[study.base].value, versions[scenario])


def scenarios(case: Case, result: BargainingResult, study: Comparison, found: tuple[Move, ...]) -> Figure:
    """Return what each scenario changes on each issue; there must be at least one move."""
    sources = (source for label in study.labels[1:] for source in case.scenarios[label].because)
    return Figure(
        id="scenarios",
        subject="",
        finding=finding(case, found),
        definition="Every issue, on its own scale from end to end: the forecast as the case stands, and in each "
        "scenario.",
        spec=_spec(case, found),
        table=_table(case, found),
        how=(
            f"Every version is solved on the same {study.draws:,} draws (seed {study.seed}): a number that a "
            "scenario leaves alone is the same in both versions of a draw, so the differences carry only what "
            f"the scenario changes. The forecast is the {words.IN_TEXT[result.headline]}, where it can be made.",
            "Versions: "
            + ", ".join(f"{label} {print_}" for label, print_ in study.fingerprints.items())
            + f"; détente {study.version}.",
        ),
        sources=tuple(dict.fromkeys(sources)),
        legend=LEGEND,
    )


def finding(case: Case, found: tuple[Move, ...]) -> Finding:
    """Say which scenario changes which issue most."""
    most = max(found, key=lambda move: move.share(case))
    of, d = case.issues[most.issue], most.difference
    if most.share(case) < NOTHING:
        return Finding(
            id="scenarios",
            sentence="No scenario moves any issue by a hundredth of its scale.",
            numbers={},
            table="scenarios",
        )
    low, high = d.intervals["80"]
    numbers = {"difference": d.mean, "forecast": d.value}
    doubt = ""
    if low < high:
        numbers |= {"low80": low, "high80": high}
        doubt = f" (80 % of draws {words.span_of_change(low, high, of)})"
    return Finding(
        id="scenarios",
        sentence=f"“{case.scenarios[most.scenario].name}” moves {of.name} most: by "
        f"{words.change(d.mean, of)}{doubt}, to {words.position(d.value, of)}.",
        numbers=numbers,
        drivers=tuple(case.scenarios[most.scenario].changes),
        table="scenarios",
    )


def _table(case: Case, found: tuple[Move, ...]) -> Table:
    columns = {
        "issue": "name",
        "scenario": "name",
        "as_it_stands": "mean forecast of the case as it stands",
        "forecast": "mean forecast in the scenario",
        "difference": "mean difference",
        "low80": "10 % quantile of the difference",
        "high80": "90 % quantile of the difference",
        "above": "share of draws in which the scenario is higher",
        "below": "share of draws in which it is lower",
    }
    rows = tuple(
        (
            *(case.issues[one.issue].name, case.scenarios[one.scenario].name),
            *(one.base, one.difference.value, one.difference.mean, *one.difference.intervals["80"]),
            *(one.difference.above, one.difference.below),
        )
        for one in found
    )
    return Table("scenarios", columns, rows)


def _spec(case: Case, found: tuple[Move, ...]) -> Spec:
    scale = Scale(0.0, 1.0, LABELS + 10, WIDTH - NUMBERS)
    layers: list[Spec] = []
    heads, names, tracks, marks, changes = [], [], [], [], []
    y = 2.0
    last = ""
    for one in found:
        of = case.issues[one.issue]
        if one.issue != last:
            y += GAP if last else 0
            heads.append({"text": words.cut(of.name, WIDTH / (FONT + 0.6)), "y": y + HEAD / 2})
            y, last = y + HEAD, one.issue
        middle = y + ROW / 2
        name = words.cut(case.scenarios[one.scenario].name, LABELS / SMALL - 0.5)
        names.append({"text": name, "y": middle})
        tracks.append({"low": 0.0, "high": 1.0, "y": middle})
        marks.append(_mark(one, of, middle))
        low, high = one.difference.intervals["80"]
        shown = words.change(one.difference.mean, of)
        if low < high:
            shown += f" ({words.span_of_change(low, high, of)})"
        changes.append({"text": shown, "y": middle})
        y += ROW
    layers += _lines(tracks, marks, scale)
    layers += text(heads, fixed(0), pixel("y"), align="left", fontWeight="bold")
    layers += text(names, fixed(LABELS), pixel("y"), tone=MUTED, align="right", fontSize=SMALL)
    layers += text(changes, fixed(WIDTH), pixel("y"), tone=INK, align="right", fontSize=SMALL)
    return frame(y + 4, layers)


def _mark(one: Move, of: Issue, y: float) -> dict[str, object]:
    width = of.high - of.low
    base = (one.base - of.low) / width
    low, high = (base + end / width for end in one.difference.intervals["80"])
    return {
        "y": y,
        "base": base,
        "to": (one.difference.value - of.low) / width,
        "low": min(max(low, 0.0), 1.0),
        "high": min(max(high, 0.0), 1.0),
    }


def _lines(tracks: list[dict[str, float]], marks: list[dict[str, object]], scale: Scale) -> list[Spec]:
    y = pixel("y")
    across = {"x": value("low", scale), "x2": {"field": "high"}, "y": y}
    from_to = {"x": value("base", scale), "x2": {"field": "to"}, "y": y}
    return [
        *layer("rule", tracks, across, color=FAINT.light, strokeWidth=1),
        *layer(
            "rule", [m for m in marks if m["low"] != m["high"]], across, color=ACCENT.light, strokeWidth=1
        ),
        *layer(
            "rule", [m for m in marks if m["base"] != m["to"]], from_to, color=ACCENT.light, strokeWidth=3
        ),
        *layer(
            "point",
            marks,
            {"x": value("base", scale), "y": y},
            shape="circle",
            size=34,
            fill=PAPER.light,
            stroke=MUTED.light,
            strokeWidth=1.5,
            opacity=1,
        ),
        *layer(
            "point",
            marks,
            {"x": value("to", scale), "y": y},
            shape="circle",
            size=58,
            fill=ACCENT.light,
            stroke=PAPER.light,
            strokeWidth=0.75,
            opacity=1,
        ),
    ]
