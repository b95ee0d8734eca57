"""What of a case does not fit into a format? Told part by part; what knows no doubt is written by its mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from detente.case.case import Case
from detente.case.fields import Doubtful
from detente.case.formats.cells import meaning_of
from detente.case.influence import VotingPower
from detente.case.parts.futures import Futures
from detente.case.shape import walk
from detente.errors import FormatError, Problem

_BY_ID = {"sources", "groups", "actors", "issues", "scenarios"}


def not_held(case: Case, held: tuple[str, ...], file: str) -> list[Problem]:
    """Return a warning for every kind of part that none of the patterns ``held`` covers (``actors.*.name``)."""
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


def aim(case: Case, issue: str, actor: str) -> float:
    """Return the expected position of an actor on an issue; of values, the settlement that it values most."""
    stance = case.stances[issue][actor]
    if stance.position is None:
        return stance.aim.mean
    return case.quantities[f"stances.{issue}.{actor}.position"].mean


def valued(case: Case, file: str) -> list[Problem]:
    """Return a warning if the values of settlements are written as a position."""
    count = sum(stance.position is None for stances in case.stances.values() for stance in stances.values())
    stances = "1 stance" if count == 1 else f"{count} stances"
    told = f"the values of {stances} became a position: the settlement of the highest value"
    return [warning(told, file)] if count else []


def doubt(case: Case, file: str) -> list[Problem]:
    """Return a warning if numbers that carry doubt are written as their means, or values as a position."""
    written = (".position", ".salience", ".influence")
    number = sum(not value.is_exact and path.endswith(written) for path, value in case.quantities.items())
    count = f"{number} number{'s' if number != 1 else ''}"
    told = warning(f"{count} with doubt became exact: the mean of each is kept", file)
    return [*valued(case, file), *([told] if number else [])]


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


# --- futures ---------------------------------------------------------------------------------------


def futures_of(case: Case, path: Path, *, whole: bool = False) -> Futures:
    """Return the futures of a case.

    Raises:
        FormatError: it has none, or judgements that are not whole numbers where these are asked for.
    """
    if case.futures is None:
        hint = "write yaml, json or xlsx"
        raise FormatError([Problem("holds futures, and the case has none", hint=hint, file=str(path))])
    if whole and not case.futures.whole:
        problem = Problem("ScenarioWizard knows whole numbers, and the case declares others", file=str(path))
        raise FormatError([problem])
    return case.futures


def lost_futures(case: Case, path: Path, *, doubt: bool) -> list[Problem]:
    """Return a warning for all of a case that a matrix does not hold; ``doubt``: nor the doubt of judgements."""
    futures = futures_of(case, path)
    rows, descriptors = [row for *_, row in futures.rows()], futures.descriptors.values()
    doubtful = sum(not push.is_exact for row in rows for push in row.pushes.values()) if doubt else 0
    told = {
        f"{doubtful} judgements with doubt became exact: the best guess of each is kept": doubtful,
        "what each expert judges is not kept": futures.experts,
        "on which sources judgements rest is not kept": any(row.because for row in rows),
        "notes of judgements are not kept": not doubt and any(row.note for row in rows),
        "constraints are not kept": futures.constraints,
        "what is fixed, assumed or claimed is not kept": futures.fixed or futures.assume or futures.claims,
        "what descriptors follow is not kept": any(one.follows for one in descriptors),
        "themes and meanings are not kept": any(
            one.theme or any(variant.means for variant in one.variants.values()) for one in descriptors
        ),
    }
    lost = [warning(text, str(path)) for text, is_lost in told.items() if is_lost]
    return [*not_held(case, ("title", "futures"), str(path)), *lost]
