"""How is a number with doubt written, and read?

========================  =====================================================================
``40``                    exact
``40 ± 10``               normal: mean and one standard deviation (``+-`` and ``+/-`` read alike)
``20..60``                interval: every value between the ends alike likely
``20..35..60``            triangular: low, mode, high
``[30, 45 ± 5, 20..60]``  several experts, alike trusted; their disagreement is kept
``"?"``                   still to be judged; a case that holds one can be checked and shown, not run
========================  =====================================================================
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from numbers import Real

from detente.errors import QuantityError, pointed
from detente.quantity.expert import UNJUDGED, Kind, Statement

MAX_EXPERTS = 100
MAX_TEXT = 10_000
_NUMBER = r"[-+−]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d{1,3})?"
_KINDS: dict[Kind, re.Pattern[str]] = {
    "exact": re.compile(rf"({_NUMBER})"),
    "normal": re.compile(rf"({_NUMBER})\s*(?:±|\+-|\+/-)\s*({_NUMBER})"),
    "interval": re.compile(rf"({_NUMBER})\s*\.\.(?!\.)\s*({_NUMBER})(?:\s*\.\.(?!\.)\s*({_NUMBER}))?"),
}
_ABOUT = r"(?:~|≈|ca\.?|about|around|circa)"
_ALMOST = (
    (re.compile(rf"({_NUMBER})\s*(?:-|–|—|…|\.\.\.|to|bis|à|a)\s*({_NUMBER})"), "write {0}..{1}"),
    (re.compile(rf"{_ABOUT}\s*({_NUMBER})"), "write {0} with its doubt, such as {0} ± 5"),
)
_PERCENT = "write it as a share, such as 0.5 for 50 %, or as the scale has it: "
_WAYS = "write 40, 40 ± 10, 20..60, 20..35..60 or [30, 45 ± 5]"
TWO_COMMAS = "write a decimal point in numbers, and a blank after each comma between them"


def statements(value: object) -> tuple[Statement, ...]:
    """Return what a number, a text or a list of them says, a statement per expert.

    Raises:
        QuantityError: when it cannot be read; the message says how quantities are written.
    """
    if isinstance(value, str):
        return _read(value.strip())
    if isinstance(value, bool) or value is None:
        raise QuantityError(f"{value!r} is not a number; {_WAYS}")
    if isinstance(value, Real):
        try:
            return (Statement("exact", (float(value),)),)
        except OverflowError:
            raise QuantityError("the number is too large to compute with") from None
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return _experts(list(value))
    raise QuantityError(f"a {type(value).__name__} is not a number; {_WAYS}")


@lru_cache(maxsize=4096)  # a case is read by its model, for its bounds, and again for every scenario
def _read(text: str) -> tuple[Statement, ...]:
    if len(text) > MAX_TEXT:
        raise QuantityError(f"a text of {len(text)} characters is not a number; {_WAYS}")
    if not (text.startswith("[") and text.endswith("]")):
        return (_statement(text),)
    inner = text[1:-1].strip()
    if commas_of_two_kinds(inner):
        raise QuantityError(f"{text[:40]!r} has commas of two kinds; {TWO_COMMAS}")
    return _experts([part.strip() for part in inner.split(",")] if inner else [])


def commas_of_two_kinds(text: str) -> bool:
    """Tell whether a blank follows some of the commas between numbers, not all; the end of a line counts not."""
    return len({after.isdecimal() for after in re.findall(r"(?<=\d),(\d|[ \t]+\S)", text)}) > 1


def _experts(parts: list[object]) -> tuple[Statement, ...]:
    if not parts:
        raise QuantityError("an empty list says nothing; give at least one number")
    if len(parts) > MAX_EXPERTS:
        raise QuantityError(f"{len(parts)} experts are too many; at most {MAX_EXPERTS}")
    said: list[Statement] = []
    for part in parts:
        if isinstance(part, (list, tuple)) or (isinstance(part, str) and "[" in part):
            raise QuantityError("a list of experts holds numbers or texts, not further lists")
        said.extend(statements(part))
    return tuple(said)


def _statement(text: str) -> Statement:
    if text == UNJUDGED:
        return Statement("unjudged", ())
    for kind, pattern in _KINDS.items():
        if match := pattern.fullmatch(text):
            numbers = tuple(float(group.replace("−", "-")) for group in match.groups() if group)
            return Statement("triangular" if len(numbers) == 3 else kind, numbers)
    shown = text if len(text) <= 40 else text[:37] + "..."
    almost = ((pattern.fullmatch(shown), way) for pattern, way in _ALMOST)
    way = next((way.format(*match.groups()) for match, way in almost if match), _WAYS)
    plain = re.sub(r"\s*%(?!\w)", "", shown).replace(",", ".")
    if any(pattern.fullmatch(plain) for pattern in _KINDS.values()):
        way = _PERCENT + plain if "%" in text else pointed(text)
    raise QuantityError(f"{shown!r} is not a number; {way}")
