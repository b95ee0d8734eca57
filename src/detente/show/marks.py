"""How do blocs, lines and values look in the text of a page? As small drawings in the colours of the palette."""

from __future__ import annotations

from html import escape

from markupsafe import Markup

from detente.show.blocks import Key, Strip
from detente.show.palette import ACCENT, FAINT, INK, MUTED, PAPER, TONES, Look, Tone

MARKS = {
    "circle": '<circle cx="8" cy="8" r="5.5"/>',
    "square-mark": '<path d="M3 3h10v10H3z"/>',
    "triangle-up": '<path d="M8 2l6.5 11.5h-13z"/>',
    "diamond": '<path d="M8 1.5l5.5 6.5L8 14.5 2.5 8z"/>',
    "triangle-down": '<path d="M8 14L1.5 2.5h13z"/>',
    "cross": '<path d="M6 2h4v4h4v4h-4v4H6v-4H2V6h4z"/>',
    "triangle-right": '<path d="M14 8L2.5 14.5v-13z"/>',
}
KEYS = frozenset(
    [
        "area",
        "whisker",
        "upright",
        "shade",
        "red",
        "band",
        "thick",
        "medium",
        "thin",
        "dashed",
        "dot",
        "ring",
        "square",
        "soft",
        "low",
        "high",
    ]  # classes of page.css
)
_TONES = {tone.name: tone for tone in TONES}
MIDDLE = 15
HEIGHT = 30
BANDS = {"95": 1.5, "80": 4.0, "50": 8.0}


def bloc_key(text: str, look: Look) -> Key:
    """Return the key of a bloc."""
    return Key(text=text, sign="square-mark" if look.shape == "square" else look.shape, tone=look.tone.name)


def stroke_key(text: str, tone: Tone, dash: list[int]) -> Key:
    """Return the key of a line."""
    return Key(text=text, sign="stroke", tone=tone.name, dash=tuple(dash))


def sign(key: Key) -> Markup:
    """Return the sign of a key for a page.

    Raises:
        KeyError: no such sign or tone.
    """
    if key.sign in KEYS:
        return Markup('<span class="key {}"></span>').format(key.sign)
    colour = _TONES[key.tone].css("page")
    if key.sign == "stroke":
        dashes = " ".join(map(str, key.dash)) if len(key.dash) > 1 and key.dash[1] else "none"
        return Markup(  # noqa: S704 - made of our own constants and of numbers
            '<svg width="26" height="10" viewBox="0 0 26 10" aria-hidden="true"><path d="M0 5h26" '
            f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/></svg>'
        )
    return Markup(  # noqa: S704 - made of our own constants
        '<svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true" '
        f'fill="{colour}">{MARKS[key.sign]}</svg>'
    )


def strip(of: Strip) -> Markup:
    """Return a value on its scale as SVG, as wide as its place and drawn in shares of that width."""
    parts = [_line(0, 1, 1.0, FAINT)]
    parts += [_upright(of.share(at), FAINT, 4, width=1.0) for at in of.ticks]
    if of.no_deal is not None:
        parts.append(_upright(of.share(of.no_deal), MUTED, MIDDLE - 2, dash="3 2"))
    if of.outcome is not None and of.low <= of.outcome <= of.high:
        parts.append(_upright(of.share(of.outcome), INK, MIDDLE - 2, dash="1 2"))
    for level, (low, high) in of.spans.items():
        if low < high:
            parts.append(_line(of.share(low), of.share(high), BANDS.get(level, 4.0), ACCENT))
    if of.baseline is not None:
        parts.append(_dot(of.share(of.baseline), 4, PAPER, MUTED))
    parts.append(_dot(of.share(of.at), 6, ACCENT, PAPER))
    return Markup(  # noqa: S704 - made of our own constants, of numbers and of escaped words
        f'<svg class="strip" width="100%" height="{HEIGHT}" role="img" aria-label="{escape(of.words)}">'
        f"{''.join(parts)}</svg>"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.2f}%"


def _line(low: float, high: float, thick: float, tone: Tone) -> str:
    ends = f'x1="{_percent(low)}" x2="{_percent(high)}" y1="{MIDDLE}" y2="{MIDDLE}"'
    return f'<line {ends} stroke="{tone.css("page")}" stroke-width="{thick}"/>'


def _upright(share: float, tone: Tone, reach: int, *, width: float = 1.5, dash: str = "") -> str:
    at, dashes = _percent(share), f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{at}" x2="{at}" y1="{MIDDLE - reach}" y2="{MIDDLE + reach}" stroke="{tone.css("page")}" '
        f'stroke-width="{width}"{dashes}/>'
    )


def _dot(share: float, radius: int, fill: Tone, stroke: Tone) -> str:
    return (
        f'<circle cx="{_percent(share)}" cy="{MIDDLE}" r="{radius}" fill="{fill.css("page")}" '
        f'stroke="{stroke.css("page")}" stroke-width="1.5"/>'
    )
