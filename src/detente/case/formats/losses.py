"""What does a format not hold of a case? Told part by part; and a case as a tidy table, the plainest of them.

What knows no doubt is written by its mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np

from detente.case.case import Case
from detente.case.formats.cells import Cell, joined, meaning_of, plain
from detente.case.formats.sheet import refusal, separated, unmistakable
from detente.case.influence import VotingPower
from detente.case.parts.futures import Futures
from detente.case.text import sources_of
from detente.errors import Problem
from detente.quantity import Quantity

IN_NUMBERS = (  # what formats of numbers hold
    "title",
    "issues.*.name",
    *(f"actors.*.{name}" for name in ("name", "note", "influence")),
    *(f"stances.*.*.{name}" for name in ("position", "values", "salience", "influence")),
)
_DEPTHS = {"stances": 2, **dict.fromkeys(("sources", "groups", "actors", "issues", "scenarios"), 1)}


def not_held(case: Case, held: tuple[str, ...], file: str) -> list[Problem]:
    """Return a warning for every kind of part that none of the patterns ``held`` covers (``actors.*.name``)."""
    counts = Counter(kind for kind in _kinds(case) if not any(fnmatchcase(kind, one) for one in held))
    times = {kind: f" ({count} times)" if count > 1 else "" for kind, count in counts.items()}
    return [warning(f"{kind} is not kept{many}", file) for kind, many in times.items()]


def warning(message: str, file: str, hint: str | None = None) -> Problem:
    """Return a warning about a file that is written."""
    return Problem(message, file=file, hint=hint, severity="warning")


def warnings(told: Mapping[str, object], file: str) -> list[Problem]:
    """Return a warning for each message that is followed by something true."""
    return [warning(message, file) for message, is_so in told.items() if is_so]


def aim(case: Case, issue: str, actor: str) -> float:
    """Return the expected position of an actor on an issue; of values, the settlement that it values most."""
    stance = case.stances[issue][actor]
    if stance.position is None:
        return stance.aim.mean
    return case.quantities[f"stances.{issue}.{actor}.position"].mean


def apart(case: Case, actor: str, taken: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return how far an actor's stances are from states with options ``taken``, each number at its mean."""
    mean = {path: quantity.mean for path, quantity in case.quantities.items()}
    setters: dict[str, dict[str, float]] = {}
    for name, option in case.game.options.items() if case.game else ():
        for issue in option.sets:
            setters.setdefault(issue, {})[name] = mean[f"game.options.{name}.sets.{issue}"]
    total = np.zeros(len(next(iter(taken.values()))))
    for issue, by in setters.items():
        at, stance = f"stances.{issue}.{actor}", case.stances.get(issue, {}).get(actor)
        if stance is None:
            continue
        unset = ~np.logical_or.reduce([taken[name] for name in by])
        stands = unset * mean.get(f"issues.{issue}.no_deal", 0.0)
        stands = stands + sum(taken[name] * value for name, value in by.items())
        if stance.position is not None:
            scale = case.issues[issue]
            far = abs(stands - mean[f"{at}.position"]) / (scale.high - scale.low)
        else:
            worth = sorted((float(one), value.mean) for one, value in stance.values.items())
            far = 1 - np.interp(stands, *np.transpose(worth))
            if stance.no_deal is not None:
                far[unset] = 1 - stance.no_deal.mean
        total += mean[f"{at}.salience"] * far
    return total


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
    paths = [".".join(map(str, one.path)) for one in case.stated if isinstance(one.value, VotingPower)]
    if not paths:
        return case, []
    told = "1 influence is" if len(paths) == 1 else f"{len(paths)} influences are"
    message = f"{told} the power of votes in a body: written as a number, which no longer follows the votes"
    return case.with_({path: case.quantities[path] for path in paths}), [warning(message, file)]


def _kinds(case: Case) -> Iterator[str]:
    data = case.to_dict()
    del data["detente"]
    for part, content in data.items():
        entries, kind = [content], part
        for _ in range(_DEPTHS.get(part, 0)):
            entries, kind = [entry for of in entries for entry in of.values()], f"{kind}.*"
        names = (f"{kind}.{name}" for entry in entries for name in entry if name != "scale")
        yield from names if part in _DEPTHS else (part,)
    for issue in case.issues.values():
        if has_meanings(issue.scale):
            yield "issues.*.scale (what its anchors mean)"


def has_meanings(scale: Mapping[float, Any]) -> bool:
    """Tell whether a scale is more than two bare numbers."""
    ends = min(scale), max(scale)
    return len(scale) > 2 or any(said != meaning_of(anchor, *ends) for anchor, said in scale.items())


# --- futures ---------------------------------------------------------------------------------------


def futures_of(case: Case, path: Path, *, whole: bool = False) -> Futures:
    """Return the futures of a case.

    Raises:
        FormatError: it has none, or judgements that are not whole numbers where these are asked for.
    """
    if case.futures is None:
        raise refusal("holds futures, and the case has none", str(path), "write yaml, json or xlsx")
    if whole and not case.futures.whole:
        raise refusal("ScenarioWizard knows whole numbers, and the case declares others", str(path))
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
            one.theme or any(of.means for of in one.variants.values()) for one in descriptors
        ),
    }
    return [*not_held(case, ("title", "futures"), str(path)), *warnings(told, str(path))]


# --- a tidy table -----------------------------------------------------------------------------------

_STANCE = ("position", "salience", "influence", "accepts", "because", "note")
HELD = (
    "title",
    "sources.*.title",
    "groups.*.name",
    *(f"actors.*.{name}" for name in ("name", "country", "groups", "influence")),
    *(f"issues.*.{name}" for name in ("name", "no_deal")),
    *(f"stances.*.*.{name}" for name in ("values", *_STANCE)),
)
_OPTIONAL = ("country", "groups", "accepts", "because", "note", "no_deal")
_ABOUT = ("actor", "actor_name", "country", "groups", "issue", "issue_name")
_ORDER = (*_ABOUT, *_STANCE, "scale_low", "scale_high", "no_deal")


def write_tidy(case: Case, path: Path) -> tuple[str, list[Problem]]:
    """Return the text of a tidy CSV file, and what it does not hold; columns without content are left out."""
    rows = list(_rows(case))
    said = {name for row in rows for name, cell in row.items() if cell is not None}
    kept = [name for name in _ORDER if name in said or name not in _OPTIONAL]
    return separated([kept, *([row.get(name) for name in kept] for row in rows)]), _losses(case, path)


def _rows(case: Case) -> Iterator[dict[str, Cell]]:
    """Yield a row per stance, and rows without position for actors and issues that have none."""
    sources = _mentions(lambda key: None if case.sources[key].title == key else case.sources[key].title)
    groups = _mentions(lambda key: case.groups[key].name if key in case.groups else None)
    heard = {actor for stances in case.stances.values() for actor in stances}
    silent = [actor for actor in case.actors if actor not in heard]
    anybody = next((actor for actor in case.actors if actor in heard), next(iter(case.actors)))
    for number, (issue_id, issue) in enumerate(case.issues.items()):
        stances = case.stances.get(issue_id, {})
        for actor_id in [*stances, *(() if number else silent)] or [anybody]:
            actor, stance = case.actors[actor_id], stances.get(actor_id)
            own = None if stance is None else stance.influence
            row: dict[str, Cell] = {
                "actor": actor_id,
                "actor_name": actor.name,
                "country": actor.country,
                "groups": groups(actor.groups),
                "issue": issue_id,
                "issue_name": issue.name,
                "scale_low": bare(issue.low),
                "scale_high": bare(issue.high),
                "no_deal": _number(issue.no_deal),
                "influence": _number(actor.influence if own is None else own),
            }
            if stance is not None:
                row |= {
                    "position": _clear(plain(stance.aim)),
                    "salience": _clear(plain(stance.salience)),
                    "accepts": None if stance.accepts is None else _clear(str(stance.accepts)),
                    "because": sources(sources_of(stance.because)),
                    "note": stance.note,
                }
            yield row


def _number(value: Quantity | VotingPower | None) -> Cell:
    # powers became numbers before: `in_numbers`
    return _clear(plain(value)) if isinstance(value, Quantity) else None


def _clear(cell: str | int | float) -> str | int | float:
    return unmistakable(cell) if isinstance(cell, str) else cell


def bare(value: float) -> int | float:
    """Return a number, without a decimal point if it is whole."""
    return int(value) if value == int(value) and abs(value) < 1e15 else value


def _mentions(name: Callable[[str], str | None]) -> Callable[[Iterable[str]], str | None]:
    """Return what makes a cell of ids: each with its name where it is mentioned first, alone afterwards."""
    names: dict[str, str | None] = {}

    def cell(ids: Iterable[str]) -> str | None:
        listed = []
        for key in ids:
            said = None if key in names else names.setdefault(key, name(key))
            listed.append(key if said is None else f"{key}: {said}")
        return joined(listed) or None

    return cell


def _losses(case: Case, path: Path) -> list[Problem]:
    stances = [stance for stances in case.stances.values() for stance in stances.values()]
    unused = case.sources.keys() - {source for stance in stances for source in sources_of(stance.because)}
    empty = case.groups.keys() - {group for actor in case.actors.values() for group in actor.groups}
    told = {
        f"the title {case.title!r} is not kept: a table is called by its file": path.stem != case.title,
        f"{len(unused)} sources that no stance cites are not kept": unused,
        f"{len(empty)} groups without actors are not kept": empty,
    }
    return [*not_held(case, HELD, path.name), *valued(case, path.name), *warnings(told, path.name)]
