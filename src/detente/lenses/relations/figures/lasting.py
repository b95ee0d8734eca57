"""How long do resets last? The share that still holds after so many years, in this case and of ended rivalries."""

from __future__ import annotations

from collections.abc import Sequence

from detente.lenses.relations import findings
from detente.lenses.relations.figures import below, beside
from detente.lenses.relations.published import RATES
from detente.lenses.relations.result import RelationsResult
from detente.lenses.relations.survival import Lasting
from detente.show.figure import Figure
from detente.show.palette import ACCENT, DANGER, FAINT, WASH, Tone
from detente.show.table import table_of
from detente.show.vega import WIDTH, Scale, Spec, fixed, frame, grid, layer, ticks, value

TOP, BOTTOM, HEIGHT = 12.0, 158.0, 190.0
LEFT, RIGHT = 34.0, WIDTH - 8.0
YEARS = 40.0
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


def figure(result: RelationsResult) -> Figure:
    """Return the survival curves."""
    listed = result.rates[RATES.index("rivalries")].source
    rows = [(("resets in this case",), one) for one in result.lasting]
    rows += [(("ended rivalries, published",), one) for one in result.rivalries]
    return Figure(
        id="lasting",
        subject="How long resets last",
        finding=findings.curves(result),
        definition="Share of resets that still hold after so many years; shaded: 95 % interval.",
        spec=_spec(result),
        table=table_of(rows, Lasting, "lasting", {"of": "what"}),
        how=(
            "Product-limit estimate (Kaplan & Meier 1958), interval by Greenwood's variance on the scale of "
            "ln(−ln S). What still holds is counted for as long as it was seen.",
            f"Rivalries: {listed}. A rivalry also ends where a state does, so the list flatters resets.",
            "Resets in this case: a rise of the standing by 4 from a low, over when more than half of it is lost.",
        ),
        legend="Upper, blue: rivalries that had not been resumed. Lower, red: resets in this case's chronology.",
    )


def _spec(result: RelationsResult) -> Spec:
    across, up = Scale(0.0, YEARS, LEFT, RIGHT), Scale(0.0, 1.0, BOTTOM, TOP)
    at = [0.0, 10.0, 20.0, 30.0, 40.0]
    layers = [
        *grid(across, at, TOP, BOTTOM),
        *_curve(result.rivalries, across, up, ACCENT, WASH),
        *_curve(result.lasting, across, up, DANGER, FAINT),
        *beside([{"share": one, "text": f"{one:.0%}"} for one in SHARES], LEFT - 5, value("share", up)),
        *ticks(across, at, [f"{one:.0f}" for one in at], BOTTOM + 10),
        *below([{"text": "years after it began"}], fixed((LEFT + RIGHT) / 2), BOTTOM + 23),
    ]
    return frame(HEIGHT, layers)


def _curve(curve: Sequence[Lasting], across: Scale, up: Scale, tone: Tone, wash: Tone) -> list[Spec]:
    """Return a curve that falls in steps, with its interval."""
    if not curve:
        return []
    rows = [{"years": 0.0, "share": 1.0, "low": 1.0, "high": 1.0}]
    rows += [
        {"years": one.years, "share": one.share, "low": one.low95, "high": one.high95}
        for one in curve
        if one.years <= YEARS
    ]
    rows.append({**rows[-1], "years": YEARS if tone is ACCENT else max(one.years for one in curve)})
    x, line = value("years", across), [1, 0] if tone is ACCENT else [5, 2]
    spread = {"x": x, "y": value("low", up), "y2": {"field": "high"}}
    path = {"x": x, "y": value("share", up)}
    return [
        *layer("area", rows, spread, color=wash.light, interpolate="step-after", opacity=0.7),
        *layer(
            "line", rows, path, color=tone.light, strokeWidth=2, interpolate="step-after", strokeDash=line
        ),
    ]
