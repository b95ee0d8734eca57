"""How does the challenge model get from where everybody starts to where it stops?

Lines are actors by bloc, every input at its mean; the heavy line is the weighted median after each round, the
dashed one its mean over all draws.
"""

from __future__ import annotations

from collections.abc import Mapping

from detente.case import Issue
from detente.case.text import sources_of
from detente.lenses.bargaining import findings
from detente.lenses.bargaining.methods import METHOD_NOTES, METHODS, REFERENCES, made_how
from detente.lenses.bargaining.result import BargainingResult, Rounds
from detente.show import words
from detente.show.blocs import legend, looks
from detente.show.figure import Figure
from detente.show.palette import ACCENT, FAINT, MUTED, Look
from detente.show.table import Table
from detente.show.vega import (
    SMALL,
    WIDTH,
    Scale,
    Spec,
    Style,
    anchor_texts,
    fixed,
    frame,
    given,
    layer,
    pixel,
    text,
)

HEIGHT = 150.0
LEFT = 44.0
STOPS = {
    "fixed": "after the number of rounds that was asked for",
    "settled": "when the weighted median no longer moves",
    "cap": "at the limit on rounds, still moving",
    "converged": "when everybody stands in one place",
    "cycle": "when an earlier state returns",
}
LEGEND = "Heavy line: weighted median. Dashed: its mean over draws. Thin: actors."


def figure(result: BargainingResult, issue: str) -> Figure:
    """Return the challenge model's rounds on one issue."""
    rounds, of, case = result.rounds[issue], result.case.issues[issue], result.case
    stops = "; ".join(
        f"{STOPS[reason]} in {words.percent(share)} of draws" for reason, share in rounds.stopped.items()
    )
    return Figure(
        id=f"rounds-{issue}",
        subject=of.name,
        finding=findings.rounds(result, issue),
        definition=f"{of.name}: positions after each round of challenges, every input at its mean.",
        spec=_spec(of, rounds, looks(case)),
        table=_table(rounds, {actor: one.name for actor, one in case.actors.items()}),
        how=(
            f"{METHODS['challenge']}: {METHOD_NOTES['challenge']} ({REFERENCES['challenge']}). It stops {stops}.",
            made_how(result.record),
        ),
        sources=tuple(
            dict.fromkeys(source for one in result.stances[issue] for source in sources_of(one.because))
        ),
        legend=f"{LEGEND} {legend(case)}".strip(),
    )


def _table(rounds: Rounds, names: Mapping[str, str]) -> Table:
    last = len(rounds.median)
    columns = {"actor": "name, or a mean of all", **{f"round {r}": "position" for r in range(last)}}
    paths = {
        "Weighted median": rounds.median,
        "Weighted mean": rounds.mean,
        "Weighted median, mean over draws": rounds.median_over_draws,
        **{names[actor]: path for actor, path in rounds.positions.items()},
    }
    rows = tuple((name, *path, *[None] * (last - len(path))) for name, path in paths.items())
    return Table("rounds", columns, rows)


def _spec(of: Issue, rounds: Rounds, look: Mapping[str, Look]) -> Spec:
    last = max(len(rounds.median) - 1, 1)
    across = Scale(0.0, float(last), LEFT, WIDTH - 14)
    top, bottom = 8.0, 8.0 + HEIGHT
    up = Scale(of.low, of.high, bottom, top)
    actors, ends_ = [], []
    for actor, places in rounds.positions.items():
        tone, shape = look[actor].tone.light, look[actor].shape
        points = [
            {"x": across.pixel(r), "y": up.pixel(at), "actor": actor, "tone": tone}
            for r, at in enumerate(places)
        ]
        actors += points
        ends_.append({**points[0], "shape": shape})
    lines = {
        "x": pixel("x"),
        "y": pixel("y"),
        "detail": {"field": "actor", "type": "nominal"},
        "color": given("tone"),
    }
    path = {"x": pixel("x"), "y": pixel("y")}
    median = [{"x": across.pixel(r), "y": up.pixel(at)} for r, at in enumerate(rounds.median)]
    over = [{"x": across.pixel(r), "y": up.pixel(at)} for r, at in enumerate(rounds.median_over_draws)]
    layers = [
        *_frame_lines(of, up),
        *layer("line", actors, lines, strokeWidth=1.25, opacity=0.8),
        *layer(
            "point",
            ends_,
            {**path, "fill": given("tone"), "shape": given("shape")},
            size=30,
            strokeWidth=0,
            opacity=1,
        ),
        *layer("line", over, path, color=ACCENT.light, strokeWidth=1.5, strokeDash=[4, 3]),
        *layer("line", median, path, color=ACCENT.light, strokeWidth=3),
        *layer("point", median[-1:], path, fill=ACCENT.light, strokeWidth=0, size=60, opacity=1),
        *_round_numbers(last, across, bottom),
    ]
    return frame(bottom + 30, layers)


def _frame_lines(of: Issue, up: Scale) -> list[Spec]:
    rows = [{"y": up.pixel(at), "text": label} for at, label in zip(of.scale, anchor_texts(of), strict=True)]
    kept: list[dict[str, object]] = []
    for row in sorted(rows, key=lambda one: one is not rows[0] and one is not rows[-1]):
        if all(abs(float(str(row["y"])) - float(str(other["y"]))) >= SMALL + 1 for other in kept):
            kept.append(dict(row))
    rule = {"y": pixel("y"), "x": fixed(LEFT), "x2": fixed(WIDTH - 14)}
    return [
        *layer("rule", rows, rule, color=FAINT.light, strokeWidth=1),
        *text(kept, fixed(LEFT - 6), pixel("y"), tone=MUTED, align="right", fontSize=SMALL),
    ]


def _round_numbers(last: int, across: Scale, bottom: float) -> list[Spec]:
    step = max(1, last // 10)
    rows = [{"x": across.pixel(r), "text": str(r)} for r in range(0, last + 1, step)]
    style: Style = {"tone": MUTED, "fontSize": SMALL}
    return [
        *text(rows, pixel("x"), fixed(bottom + 10), align="center", **style),
        *text([{"text": "round"}], fixed(LEFT - 6), fixed(bottom + 22), align="left", **style),
    ]
