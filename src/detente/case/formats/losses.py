"""What of a case does not fit into a format? Told part by part, so that nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from detente.case.case import Case
from detente.case.fields import Doubtful
from detente.case.formats.cells import meaning_of
from detente.case.influence import VotingPower
from detente.case.shape import walk
from detente.errors import Problem

_BY_ID = {"sources", "groups", "actors", "issues", "scenarios"}


def not_held(case: Case, held: tuple[str, ...], file: str) -> list[Problem]:
    """Return a warning for every kind of part that a format does not hold.

    Args:
        case: what is to be written.
        held: patterns of the parts that the format holds, with ``*`` for ids (``actors.*.name``).
        file: name of the file that is written.
    """
    counts: dict[str, int] = {}
    for kind in _kinds(case):
        if not any(fnmatchcase(kind, pattern) for pattern in held):
            counts[kind] = counts.get(kind, 0) + 1
    return [
        warning(f"{kind} is not kept" + (f" ({count} times)" if count > 1 else ""), file)
        for kind, count in counts.items()
    ]


def warning(message: str, file: str, hint: str | None = None) -> Problem:
    """Return a warning about a file that is written."""
    return Problem(message, file=file, hint=hint, severity="warning")


def in_numbers(case: Case, file: str) -> tuple[Case, list[Problem]]:
    """Return the case with numbers for influences that are the power of votes, and a warning if there are any."""
    spots = walk(type(case), case, Doubtful)
    paths = [".".join(map(str, spot.path)) for spot in spots if isinstance(spot.value, VotingPower)]
    if not paths:
        return case, []
    told = "1 influence is" if len(paths) == 1 else f"{len(paths)} influences are"
    message = f"{told} the power of votes in a body: written as a number, which no longer follows the votes"
    return case.with_({path: case.quantities[path] for path in paths}), [warning(message, file)]


def _kinds(case: Case) -> Iterator[str]:
    data = case.to_dict()
    del data["detente"]
    for part, content in data.items():
        if part in _BY_ID:
            for fields in content.values():
                yield from (f"{part}.*.{name}" for name in fields if name != "scale")
        elif part == "stances":
            for stances in content.values():
                for stance in stances.values():
                    yield from (f"stances.*.*.{name}" for name in stance)
        else:
            yield part
    for issue in case.issues.values():
        if has_meanings(issue.scale):
            yield "issues.*.scale (what its anchors mean)"


def has_meanings(scale: Mapping[float, Any]) -> bool:
    """Tell whether a scale is more than two bare numbers."""
    low, high = min(scale), max(scale)
    return len(scale) > 2 or any(
        meaning != meaning_of(anchor, low, high) for anchor, meaning in scale.items()
    )
