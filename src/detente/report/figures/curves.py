"""How does the probability of a deal answer to one change, from none of it to all of it?

Two such curves: a red line softened step by step, and one side's hands tied ever tighter, after Schelling's
conjecture that a tighter constraint at home gets better terms abroad, until there are none (Schelling 1960).
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.case import Case
from detente.lenses.winset import Side, WinsetResult
from detente.lenses.winset.answers import CurvePoint
from detente.lenses.winset.phrases import lever_words
from detente.show import words
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.palette import ACCENT, ACCENT_SOFT, INK, MUTED, PAPER
from detente.show.table import Table
from detente.show.vega import SMALL, WIDTH, Scale, Spec, fixed, frame, grid, layer, pixel, text, ticks

LEFT = 34.0
RIGHT = WIDTH - 8
TOP = 16.0
HEIGHT = 150.0
ASKED = "asked beyond no deal, as a share of the whole scale"


def softening_figure(case: Case, result: WinsetResult, deal: str) -> Figure:
    """Return the probability of a deal against the strongest red line softened; the deal must have that curve."""
    answer = result.deals[deal]
    lever, curve = answer.softened, answer.softening
    if lever is None or lever.issue is None:
        raise ValueError(f"{deal} has no red line to soften")
    of = case.issues[lever.issue]
    whole = words.position(of.high - of.low, of)
    label = words.capital(
        lever_words(result.names, lever, case).partition(" softened")[0].partition(" lifted")[0]
    )
    first, last = curve[0], curve[-1]
    return Figure(
        id=f"softening-{deal}",
        subject=answer.name,
        finding=Finding(
            id=f"softening.{deal}",
            sentence=f"{answer.name}: softening {label} takes the probability of a deal from "
            f"{words.percent(first.probability)} to at most {words.percent(max(p.probability for p in curve))}.",
            numbers={"first": first.probability, "most": max(point.probability for point in curve)},
            table="softening",
        ),
        definition=f"Across: how far {label} is softened, up to the whole scale ({whole}). Upwards: probability "
        "of a deal.",
        spec=_spec(
            curve,
            [words.position(p.strength * (of.high - of.low), of) for p in (first, last)],
            "how far it is softened",
        ),
        table=_table("softening", curve),
        how=("The red line is moved step by step on the same draws, everything else as it stands.",),
        legend="Line: probability of a deal. Band: 95 % Monte-Carlo interval.",
    )


def tied_hands_figure(result: WinsetResult, deal: str, side: Side) -> Figure:
    """Return what happens to a deal as one side's hands are tied; the side must have that curve."""
    answer, curve = result.deals[deal], side.curve
    with_deal = [point for point in curve if point.gains]
    base = curve[0]
    numbers = {"first": base.probability, "last": curve[-1].probability}
    sentence = (
        f"{answer.name}: tying {words.possessive(side.name)} hands takes the probability of a deal from "
        f"{words.percent(base.probability)} to {words.percent(curve[-1].probability)}"
    )
    if len(with_deal) > 1:
        best = max(with_deal, key=lambda point: point.gains.get(side.name, 0.0))
        more = best.gains.get(side.name, 0.0) - with_deal[0].gains.get(side.name, 0.0)
        if more > 0.005:
            numbers["gain"] = best.gains[side.name]
            sentence += (
                f", but where one remains its own gain rises to {words.percent(best.gains[side.name])}"
            )
    return Figure(
        id=f"tied-{deal}-{_slug(side.name)}",
        subject=answer.name,
        finding=Finding(id=f"tied.{deal}", sentence=f"{sentence}.", numbers=numbers, table="tied_hands"),
        definition=f"Across: how much more than no deal the members of {side.name} demand, as a share of the "
        "whole scale. Upwards: probability of a deal, and the side's gain given one.",
        spec=_spec(
            curve,
            ["0", words.percent(curve[-1].strength)],
            ASKED,
            side.name,
        ),
        table=_table("tied_hands", curve, side.name),
        how=(
            "Every member's acceptance is tightened by the same amount on the same draws; gains are those in the "
            "leading package, over no deal, in the draws that still have a deal. Schelling's conjecture says "
            "that the side gains from tied hands while there still is a deal.",
        ),
        legend="Solid: probability of a deal, with its 95 % interval. Dashed: the side's gain given one.",
    )


def _slug(name: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower())


def _table(name: str, curve: Sequence[CurvePoint], side: str | None = None) -> Table:
    columns = {
        "strength": "of the change, as a share of the whole scale",
        "probability": "of a deal",
        "mc_error": "its standard error",
    }
    if side is not None:
        columns["gain"] = "of the side given a deal, share of the whole scale; empty without one"
        rows = tuple((p.strength, p.probability, p.mc_error, p.gains.get(side)) for p in curve)
        return Table(name, columns, rows)
    return Table(name, columns, tuple((p.strength, p.probability, p.mc_error) for p in curve))


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
