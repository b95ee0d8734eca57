"""How do blocs, lines and values look in the text of a page? As small drawings in the colours of the palette."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from markupsafe import Markup

from detente.show.blocks import Key, Strip
from detente.show.palette import ACCENT, FAINT, INK, MUTED, PAPER, TONES, WASH, Look, Tone

MARKS = {
    "circle": '<circle cx="8" cy="8" r="5.5"/>',
    "square-mark": '<path d="M3 3h10v10H3z"/>',
    "triangle-up": '<path d="M8 2l6.5 11.5h-13z"/>',
    "diamond": '<path d="M8 1.5l5.5 6.5L8 14.5 2.5 8z"/>',
    "triangle-down": '<path d="M8 14L1.5 2.5h13z"/>',
    "cross": '<path d="M6 2h4v4h4v4h-4v4H6v-4H2V6h4z"/>',
    "triangle-right": '<path d="M14 8L2.5 14.5v-13z"/>',
}
_TONES = {tone.name: tone for tone in TONES}
MIDDLE = 15
HEIGHT = 30
LANE = 16  # from the line of a distribution down to what the inputs leave open
LARGEST = 11.0  # radius of an atom of chance 1
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
        KeyError: no such shape or tone.
    """
    if not key.tone:  # a class of page.css
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
    if of.density:
        return _distribution(of)
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
    return _drawn(of, parts, HEIGHT)


def _distribution(of: Strip) -> Markup:
    """Return a distribution over its scale: density above the line, atoms on it, and the inputs' span below it."""
    outline = " ".join(f"{1000 * of.share(x):.0f},{MIDDLE * (1 - height):.1f}" for x, height in of.density)
    first, last = (1000 * of.share(of.density[k][0]) for k in (0, -1))
    parts = [
        f'<svg aria-hidden="true" width="100%" height="{MIDDLE}" viewBox="0 0 1000 {MIDDLE}" '
        'preserveAspectRatio="none">'
        f'<polygon points="{first:.0f},{MIDDLE} {outline} {last:.0f},{MIDDLE}" fill="{WASH.css("page")}"/></svg>',
        _line(0, 1, 1.0, FAINT),
        *(_upright(of.share(at), FAINT, 4, width=1.0) for at in of.ticks),
        *(_line(of.share(low), of.share(high), 4.0, ACCENT) for low, high in of.spans.values()),
        *(_dot(of.share(x), round(LARGEST * chance**0.5, 1), ACCENT, PAPER) for x, chance in of.atoms),
    ]
    if of.no_deal is not None:
        parts.append(_square(of.share(of.no_deal), 2 * LARGEST * of.without**0.5))
    if of.outcome is not None:
        parts.append(_upright(of.share(of.outcome), INK, MIDDLE - 1, width=2.5))
    if of.inputs is not None:
        low, high = map(of.share, of.inputs)
        parts.append(_line(low, max(high, low + 0.004), 5.0, MUTED, MIDDLE + LANE))
    return _drawn(of, parts, HEIGHT + (LANE - 7 if of.inputs is not None else 0))


def _drawn(of: Strip, parts: Sequence[str], height: int) -> Markup:
    return Markup(  # noqa: S704 - made of our own constants, of numbers and of escaped words
        f'<svg class="strip" width="100%" height="{height}" role="img" aria-label="{escape(of.words)}">'
        f"{''.join(parts)}</svg>"
    )


def _square(share: float, side: float) -> str:
    """Return a hollow square on the line, or an upright stroke where it would be too small to be seen."""
    if side < 4:
        return _upright(share, INK, 7)
    return (
        f'<svg aria-hidden="true" x="{_percent(share)}" y="{MIDDLE}" overflow="visible" width="1" height="1">'
        f'<rect x="{-side / 2:.1f}" y="{-side / 2:.1f}" width="{side:.1f}" height="{side:.1f}" '
        f'fill="none" stroke="{INK.css("page")}" stroke-width="1.5"/></svg>'
    )


def _percent(share: float) -> str:
    return f"{100 * share:.2f}%"


def _line(low: float, high: float, thick: float, tone: Tone, y: int = MIDDLE) -> str:
    ends = f'x1="{_percent(low)}" x2="{_percent(high)}" y1="{y}" y2="{y}"'
    return f'<line {ends} stroke="{tone.css("page")}" stroke-width="{thick}"/>'


def _upright(share: float, tone: Tone, reach: int, *, width: float = 1.5, dash: str = "") -> str:
    at, dashes = _percent(share), f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{at}" x2="{at}" y1="{MIDDLE - reach}" y2="{MIDDLE + reach}" stroke="{tone.css("page")}" '
        f'stroke-width="{width}"{dashes}/>'
    )


def _dot(share: float, radius: float, fill: Tone, stroke: Tone) -> str:
    return (
        f'<circle cx="{_percent(share)}" cy="{MIDDLE}" r="{radius}" fill="{fill.css("page")}" '
        f'stroke="{stroke.css("page")}" stroke-width="1.5"/>'
    )
