"""How is a weighted vote written in a line? ``[51; 50, 49, 1]``: the quota, and the weights of the members."""

from __future__ import annotations

import re
from fractions import Fraction

from detente.case.consent import checked_quota, needed, taken_for_share, whole_weights
from detente.case.thresholds import Threshold, Voter
from detente.errors import OptionError

MOST_MEMBERS = 2_000
_WAYS = (
    "write [quota; weight, weight, ...], such as [51; 50, 49, 1] or [39; 5x7, 10x1] for 5 members of 7 votes"
)
_WEIGHT = re.compile(r"(?:(\d{1,4})\s*[x×*]\s*)?(\d{1,15}(?:\.\d{1,9})?)")


def is_weighted(text: str) -> bool:
    """Tell whether a text is meant as a weighted vote."""
    return text.strip().startswith("[")


def weighted(text: str) -> tuple[Threshold, tuple[str, ...]]:
    """Return the rule that a line says, and the names of its voters: ``1``, ``2`` ….

    Raises:
        OptionError: the line cannot be read, or nobody or anybody meets the quota.

    >>> weighted("[39; 5x7, 10x1]")[0].total
    45
    """
    found = re.fullmatch(r"\s*\[([^;\[\]]+);([^;\[\]]*)\]\s*", text)
    if found is None:
        raise OptionError(f"{text[:60]!r} is no weighted vote; {_WAYS}")
    weights: list[float] = []
    for item in found[2].split(","):
        entry = _WEIGHT.fullmatch(item.strip())
        if entry is None:
            raise OptionError(f"{item.strip()[:40]!r} is no weight; {_WAYS}")
        weights += [float(entry[2])] * int(entry[1] or 1)
        if len(weights) > MOST_MEMBERS:
            raise OptionError(f"a weighted vote has at most {MOST_MEMBERS} members here")
    names = tuple(str(number) for number in range(1, len(weights) + 1))
    try:
        whole, scale = whole_weights(dict(zip(names, weights, strict=True)))
    except ValueError as error:
        raise OptionError(str(error)) from error
    total = sum(whole.values())
    least = Fraction(min((weight for weight in whole.values() if weight), default=0)) / scale
    quota = _quota(found[1].strip(), total, scale, least)
    return Threshold(quota, tuple((whole[name], Voter(index)) for index, name in enumerate(names))), names


def _quota(text: str, total: int, scale: Fraction, least: Fraction) -> int:
    try:
        stated = checked_quota(float(text) if re.fullmatch(r"\d{1,15}(\.\d{1,9})?", text) else text)
    except ValueError as error:
        raise OptionError(str(error)) from error
    meant = taken_for_share(stated, total / scale, least)
    if meant is not None:
        raise OptionError(
            f"the quota {text} is less than one vote, so anybody meets it; did you mean {meant}?"
        )
    quota = needed(stated, total, scale)
    if not 0 < quota <= total:
        which = "more than all weights together" if quota > total else "met when nobody agrees"
        raise OptionError(
            f"the quota {text} is {which}; use more than 0 and at most {float(total / scale):g}"
        )
    return quota
