"""How do blocs and lines look in the text of a page? As small drawings in their colours."""

from __future__ import annotations

from markupsafe import Markup

from detente.report.palette import Look, Tone

MARKS = {
    "circle": '<circle cx="8" cy="8" r="5.5"/>',
    "square": '<path d="M3 3h10v10H3z"/>',
    "triangle-up": '<path d="M8 2l6.5 11.5h-13z"/>',
    "diamond": '<path d="M8 1.5l5.5 6.5L8 14.5 2.5 8z"/>',
    "triangle-down": '<path d="M8 14L1.5 2.5h13z"/>',
    "cross": '<path d="M6 2h4v4h4v4h-4v4H6v-4H2V6h4z"/>',
    "triangle-right": '<path d="M14 8L2.5 14.5v-13z"/>',
}


def sign(look: Look) -> Markup:
    """Return the mark of a bloc as SVG for a legend."""
    return Markup(  # noqa: S704 - made of our own constants
        '<svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true" '
        f'fill="{look.tone.css("page")}">{MARKS[look.shape]}</svg>'
    )


def stroke(tone: Tone, dash: list[int]) -> Markup:
    """Return a piece of a line as SVG for a legend."""
    dashes = " ".join(map(str, dash)) if dash[1] else "none"
    return Markup(  # noqa: S704 - made of our own constants
        '<svg width="26" height="10" viewBox="0 0 26 10" aria-hidden="true"><path d="M0 5h26" '
        f'stroke="{tone.css("page")}" stroke-width="2" stroke-dasharray="{dashes}"/></svg>'
    )
