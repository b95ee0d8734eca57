"""How is a weighted vote written in a line? ``[51; 50, 49, 1]``: the quota, then the weights, named or not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from detente.case.consent import checked_quota, needed, taken_for_share, whole_weights
from detente.case.thresholds import Threshold, Voter
from detente.errors import OptionError

MOST_MEMBERS = 2_000
_WAYS = (
    "write [quota; weight, weight, ...], such as [51; 50, 49, 1], [39; 5x7, 10x1] for 5 members of 7 votes, or "
    "[majority; Union: 208, SPD: 120, Greens: 85] with names"
)
_WEIGHT = re.compile(r"(?:([^:=]{1,60}?)\s*[:=]\s*)?(?:(\d{1,4})\s*[x×*]\s*)?(\d{1,15}(?:\.\d{1,9})?)")


def is_weighted(text: str) -> bool:
    """Tell whether a text is meant as a weighted vote."""
    return text.strip().startswith("[")


def weighted(text: str) -> tuple[Threshold, tuple[str, ...]]:
    """Return the rule that a line says, and the names of its voters: as written, or ``member 1``, ``member 2`` ….

    Raises:
        OptionError: the line cannot be read, a name stands twice, or nobody or anybody meets the quota.

    >>> weighted("[39; 5x7, 10x1]")[0].total
    45
    >>> weighted("[majority; Union: 208, SPD: 120]")[1]
    ('Union', 'SPD')
    """
    found = re.fullmatch(r"\s*\[([^;\[\]]+);([^;\[\]]*)\]\s*", text)
    if found is None:
        raise OptionError(f"{text[:60]!r} is no weighted vote; {_WAYS}")
    weights = _weights(found[2].split(","))
    try:
        whole, scale = whole_weights(weights)
    except ValueError as error:
        raise OptionError(str(error)) from error
    total = sum(whole.values())
    least = Fraction(min((weight for weight in whole.values() if weight), default=0)) / scale
    quota = _quota(found[1].strip(), total, scale, least)
    return Threshold(quota, tuple((w, Voter(index)) for index, w in enumerate(whole.values()))), tuple(whole)


def _weights(items: Sequence[str]) -> dict[str, float]:
    """Return the weight of every voter by its name."""
    weights: dict[str, float] = {}
    named = 0
    for item in items:
        entry = _WEIGHT.fullmatch(item.strip())
        if entry is None:
            raise OptionError(f"{item.strip()[:40]!r} is no weight; {_WAYS}")
        many, first = int(entry[2] or 1), len(weights) + 1
        if first + many - 1 > MOST_MEMBERS:
            raise OptionError(f"a weighted vote has at most {MOST_MEMBERS} members here")
        name, named = entry[1], named + (entry[1] is not None)
        start = 1 if name else first
        labels = [f"{name or 'member'} {n}" for n in range(start, start + many)]
        for label in [name] if name and entry[2] is None else labels:
            if label in weights:
                raise OptionError(f"{label!r} stands twice; give every member a name of its own")
            weights[label] = float(entry[3])
    if named not in (0, len(items)):
        raise OptionError("some votes have names and others have none; name all of them, or none")
    return weights


def _quota(text: str, total: int, scale: Fraction, least: Fraction) -> int:
    try:
        stated = checked_quota(float(text) if re.fullmatch(r"\d{1,15}(\.\d{1,9})?", text) else text)
    except ValueError as error:
        raise OptionError(str(error)) from error
    meant = taken_for_share(stated, total / scale, least)
    if meant is not None:
        told = f"the quota {text} is less than one vote, so anybody meets it"
        raise OptionError(f"{told}; did you mean {meant}?")
    quota = needed(stated, total, scale)
    if not 0 < quota <= total:
        which = "more than all weights together" if quota > total else "met when nobody agrees"
        most = float(total / scale)
        raise OptionError(f"the quota {text} is {which}; use more than 0 and at most {most:g}")
    return quota
