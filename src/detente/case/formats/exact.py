"""How is a case told to a program that knows no doubt? Means, one weight per actor, shares in per cent."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from detente.case.case import Case
from detente.case.formats.losses import warning
from detente.errors import Problem
from detente.quantity.quantity import number_text


def mean(case: Case, path: str) -> float:
    """Return the expected value of the quantity at a path, within the bounds of its scale."""
    return case.quantities[path].mean


def aim(case: Case, issue: str, actor: str) -> float:
    """Return the expected position of an actor on an issue; of values, the settlement that it values most."""
    stance = case.stances[issue][actor]
    return stance.aim.mean if stance.position is None else mean(case, f"stances.{issue}.{actor}.position")


def valued(case: Case, file: str) -> list[Problem]:
    """Return a warning if the values of settlements are written as a position."""
    count = sum(stance.position is None for stances in case.stances.values() for stance in stances.values())
    if not count:
        return []
    stances = "1 stance" if count == 1 else f"{count} stances"
    return [warning(f"the values of {stances} became a position: the settlement of the highest value", file)]


def doubt(case: Case, file: str) -> list[Problem]:
    """Return a warning if numbers that carry doubt are written as their means, or values as a position."""
    found = valued(case, file)
    stances = [path for path, value in case.quantities.items() if not value.is_exact and _is_written(path)]
    if not stances:
        return found
    count = f"{len(stances)} number{'s' if len(stances) != 1 else ''}"
    return [*found, warning(f"{count} with doubt became exact: the mean of each is kept", file)]


def _is_written(path: str) -> bool:
    return path.endswith((".position", ".salience", ".influence"))


def decimals(value: Decimal) -> str:
    """Return a decimal number without an exponent or needless zeros.

    >>> decimals(Decimal("24.790")), decimals(Decimal("1E+2"))
    ('24.79', '100')
    """
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def exact(value: float) -> Decimal:
    """Return the shortest decimal that reads back as ``value``."""
    return Decimal(repr(float(value)))


def in_percent(value: float) -> Decimal:
    """Return a share in per cent, exact in decimals."""
    return exact(value).scaleb(2)


def on_hundred(value: float, low: float, high: float) -> Decimal:
    """Return a position on 0..100; one that is on that scale already as it is."""
    if (low, high) == (0, 100):
        return exact(value)
    share = (exact(value) - exact(low)) / (exact(high) - exact(low)) * 100
    return max(Decimal(0), min(Decimal(100), share.quantize(Decimal("1e-9"))))


def rescaled(case: Case, issues: Iterable[str], file: str) -> list[Problem]:
    """Return a warning for every issue whose positions are moved to 0..100."""
    found = []
    for key in issues:
        issue = case.issues[key]
        if (issue.low, issue.high) != (0, 100):
            scale = f"{number_text(issue.low)}..{number_text(issue.high)}"
            found.append(warning(f"positions on {issue.name!r} were moved from {scale} to 0..100", file))
    return found
