"""Which colours and shapes does a report use? Okabe and Ito's, told apart without colour too, light and dark.

Every tone is a CSS custom property on a page, so that figures follow the reader's light or dark setting; where
there is no page it is the plain colour. Colours of blocs: Okabe & Ito (2008), Color Universal Design.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Theme = Literal["light", "dark", "page"]


@dataclass(frozen=True, slots=True)
class Tone:
    """A colour with a role.

    Attributes:
        name: of the custom property, without its prefix.
        light: on a light page; unlike every other tone's, so that a drawn figure can be told its roles.
        dark: on a dark page.
    """

    name: str
    light: str
    dark: str

    def css(self, theme: Theme) -> str:
        """Return the colour for a theme; on a page, the property with the light colour to fall back on."""
        if theme == "page":
            return f"var(--fig-{self.name},{self.light})"
        return self.light if theme == "light" else self.dark


@dataclass(frozen=True, slots=True)
class Look:
    """How a bloc is drawn: a tone and a shape of Vega's."""

    tone: Tone
    shape: str


PAPER = Tone("paper", "#fffffe", "#15191d")
INK = Tone("ink", "#1d232a", "#e6e8ea")
MUTED = Tone("muted", "#59636e", "#a3acb5")
FAINT = Tone("faint", "#dde1e5", "#363e46")
ACCENT = Tone("accent", "#0b5c6e", "#6cc4d4")
ACCENT_SOFT = Tone("accent-soft", "#8cbcc7", "#2f6a78")
WASH = Tone("wash", "#d5e6ea", "#1f4049")
DANGER = Tone("danger", "#b0261d", "#ff8b80")

BLOCS = (
    Look(Tone("bloc-1", "#0072b2", "#56a8e8"), "circle"),
    Look(Tone("bloc-2", "#d55e00", "#f4854a"), "square"),
    Look(Tone("bloc-3", "#e69f00", "#f2bb45"), "triangle-up"),
    Look(Tone("bloc-4", "#009e73", "#35c99b"), "diamond"),
    Look(Tone("bloc-5", "#cc79a7", "#e3a3c6"), "triangle-down"),
    Look(Tone("bloc-6", "#56b4e9", "#8fd3fb"), "cross"),
)
OTHERS = Look(Tone("bloc-other", "#7a838c", "#8d979f"), "triangle-right")
ALONE = Look(ACCENT, "circle")

ROLES = (PAPER, INK, MUTED, FAINT, ACCENT, ACCENT_SOFT, WASH, DANGER)
TONES = (*ROLES, *(look.tone for look in (*BLOCS, OTHERS)))


def properties(theme: Literal["light", "dark"]) -> str:
    """Return the declarations of all custom properties for a style sheet."""
    return "".join(f"--fig-{tone.name}:{tone.light if theme == 'light' else tone.dark};" for tone in TONES)
