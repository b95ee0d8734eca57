"""How does the probability of a deal answer to one change, from none of it to all of it?

Two such curves: a red line softened step by step, and one side's hands tied ever tighter, after Schelling's
conjecture that a tighter constraint at home gets better terms abroad, until there are none (Schelling 1960).
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.lenses.winset.answers import CurvePoint, Side
from detente.lenses.winset.findings import softening, tied_hands
from detente.lenses.winset.phrases import demand_words
from detente.lenses.winset.result import WinsetResult
from detente.show import words
from detente.show.figure import Figure
from detente.show.palette import ACCENT, ACCENT_SOFT, INK, MUTED, PAPER
from detente.show.table import Table, table_of
from detente.show.vega import SMALL, WIDTH, Scale, Spec, fixed, frame, grid, layer, pixel, text, ticks

LEFT = 34.0
RIGHT = WIDTH - 8
TOP = 16.0
HEIGHT = 150.0
ASKED = "asked beyond no deal, as a share of the whole scale"


def softening_figure(result: WinsetResult, deal: str) -> Figure:
    """Return the probability of a deal against the strongest red line softened.

    Raises:
        ValueError: the deal has no such curve.
    """
    answer = result.deals[deal]
    line, curve = answer.softened.line if answer.softened else None, answer.softening
    if line is None or line.issue is None or not curve:
        raise ValueError(f"{deal} has no red line to soften")
    of = result.case.issues[line.issue]
    ends = [words.position(point.strength * (of.high - of.low), of) for point in (curve[0], curve[-1])]
    moved = demand_words(result.names, line)
    return Figure(
        id=f"softening-{deal}",
        subject=answer.name,
        finding=softening(result, deal, line),
        definition=f"Across: how far {moved} is softened, up to the whole scale "
        f"({words.position(of.high - of.low, of)}). Upwards: probability of a deal.",
        spec=_spec(curve, ends, "how far it is softened"),
        table=table_of([((), point) for point in curve], CurvePoint, "softening", {}),
        how=("The red line is moved step by step on the same draws, everything else as it stands.",),
        legend="Line: probability of a deal. Band: 95 % Monte-Carlo interval.",
    )


def tied_hands_figure(result: WinsetResult, deal: str, side: Side) -> Figure:
    """Return what happens to a deal as one side's hands are tied; the side must have that curve."""
    curve = side.curve
    return Figure(
        id=f"tied-{deal}-{_slug(side.name)}",
        subject=result.deals[deal].name,
        finding=tied_hands(result, deal, side),
        definition=f"Across: how much more than no deal the members of {side.name} demand, as a share of the "
        "whole scale. Upwards: probability of a deal, and the side's gain given one.",
        spec=_spec(curve, ["0", words.percent(curve[-1].strength)], ASKED, side.name),
        table=_table(curve, side.name),
        how=(
            "Every member's acceptance is tightened by the same amount on the same draws; gains are those in the "
            "leading package, over no deal, in the draws that still have a deal. Schelling's conjecture says "
            "that the side gains from tied hands while there still is a deal.",
        ),
        legend="Solid: probability of a deal, with its 95 % interval. Dashed: the side's gain given one.",
    )


def _slug(name: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower())


def _table(curve: Sequence[CurvePoint], side: str) -> Table:
    keys = {"gain": "share of the whole scale that the side gains, given a deal; empty without one"}
    return table_of([((point.gains.get(side),), point) for point in curve], CurvePoint, "tied_hands", keys)


def _spec(curve: Sequence[CurvePoint], labels: list[str], below: str, side: str | None = None) -> Spec:
    most = curve[-1].strength or 1.0
    across, upwards = Scale(0.0, most, LEFT, RIGHT), Scale(0.0, 1.0, TOP + HEIGHT, TOP)
    rows = [
        {
            "x": across.pixel(p.strength),
            "y": upwards.pixel(p.probability),
            "low": upwards.pixel(max(0.0, p.probability - 1.96 * p.mc_error)),
            "high": upwards.pixel(min(1.0, p.probability + 1.96 * p.mc_error)),
        }
        for p in curve
    ]
    gains = [
        {"x": across.pixel(p.strength), "y": upwards.pixel(min(max(p.gains[side], 0.0), 1.0))}
        for p in curve
        if side is not None and side in p.gains
    ]
    line = {"x": pixel("x"), "y": pixel("y")}
    levels = [{"text": f"{k * 25} %", "y": upwards.pixel(k / 4)} for k in range(5)]
    return frame(
        TOP + HEIGHT + 36,
        [
            *grid(across, [0.0, most / 2, most], TOP, TOP + HEIGHT),
            *layer(
                "rule",
                [{**row, "left": LEFT, "right": RIGHT} for row in levels],
                {"x": pixel("left"), "x2": {"field": "right"}, "y": pixel("y")},
                color=MUTED.light,
                strokeWidth=0.4,
            ),
            *text(levels, fixed(LEFT - 5), pixel("y"), tone=MUTED, align="right", fontSize=SMALL),
            *layer(
                "area",
                rows,
                {"x": pixel("x"), "y": pixel("low"), "y2": {"field": "high"}},
                color=ACCENT_SOFT.light,
                opacity=0.5,
            ),
            *layer("line", rows, line, stroke=ACCENT.light, strokeWidth=2.25),
            *layer(
                "point", rows, line, shape="circle", size=22, fill=ACCENT.light, stroke=PAPER.light, opacity=1
            ),
            *layer("line", gains, line, stroke=INK.light, strokeWidth=1.5, strokeDash=[5, 3]),
            *ticks(across, [0.0, most], labels, TOP + HEIGHT + 11),
            *text(
                [{"text": below}],
                fixed((LEFT + RIGHT) / 2),
                fixed(TOP + HEIGHT + 26),
                tone=MUTED,
                fontSize=SMALL,
            ),
        ],
    )
