"""How do findings of all lenses say numbers, shares, places and lists? One way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class OnScale(Protocol):
    """What has a scale: an issue, or what a result says of one."""

    @property
    def scale(self) -> Mapping[float, str]:
        """Anchors of the scale: number → meaning."""

    @property
    def low(self) -> float:
        """Lowest value of the scale."""

    @property
    def high(self) -> float:
        """Highest value of the scale."""


def digits(issue: OnScale) -> int:
    """Return how many decimals a position deserves: three significant digits of the scale's width."""
    width = issue.high - issue.low
    places = 0
    while width < 100 and places < 6:
        width, places = width * 10, places + 1
    return places if issue.high - issue.low < 20 else 0


def number(value: float, issue: OnScale) -> str:
    """Return a position as text, with the decimals that its scale deserves and never a negative zero."""
    text = f"{value:,.{digits(issue)}f}"
    return text.removeprefix("-") if float(text.replace(",", "")) == 0 else text


def percent(share: float) -> str:
    """Return a share as text, without claiming all or nothing by rounding."""
    if 0 < share <= 0.005 or 0.995 <= share < 1:
        return "under 1 %" if share < 0.5 else "over 99 %"
    return f"{100 * share:.0f} %"


def place(value: float, issue: OnScale) -> str:
    """Say a position in the words of the scale: at an anchor, or between the two around it."""
    anchors = list(issue.scale.items())
    near = min(anchors, key=lambda anchor: abs(anchor[0] - value))
    if abs(near[0] - value) <= 0.05 * (issue.high - issue.low):
        return f"at “{near[1]}”"
    below = max((anchor for anchor in anchors if anchor[0] <= value), default=anchors[0])
    above = min((anchor for anchor in anchors if anchor[0] >= value), default=anchors[-1])
    return f"between “{below[1]}” and “{above[1]}”"


def listed(names: Sequence[str], most: int = 4) -> str:
    """Return ``a, b and c``; beyond ``most`` names, the first of them and how many others.

    >>> listed(["a", "b", "c"]), listed(["a", "b", "c"], 2)
    ('a, b and c', 'a and 2 others')
    """
    if len(names) > most:
        return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} others"
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def possessive(name: str) -> str:
    """Return the possessive of a name: ``Kyiv’s``, ``Congress’``."""
    return f"{name}’" if name.endswith(("s", "S")) else f"{name}’s"


def capital(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]
