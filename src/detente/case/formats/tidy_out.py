"""How is a case written as one tidy table? A row per stance, with names and scales so that it reads back alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from detente.case.case import Case
from detente.case.formats.cells import Cell, joined, plain
from detente.case.formats.losses import not_held, valued, warning
from detente.case.formats.sheet import separated
from detente.case.influence import VotingPower
from detente.case.text import sources_of
from detente.errors import Problem
from detente.quantity import Quantity

HELD = (
    "title",
    "sources.*.title",
    "groups.*.name",
    *(f"actors.*.{name}" for name in ("name", "country", "groups", "influence")),
    *(f"issues.*.{name}" for name in ("name", "no_deal")),
    *(f"stances.*.*.{name}" for name in ("position", "values", "salience", "influence")),
    *(f"stances.*.*.{name}" for name in ("accepts", "because", "note")),
)
_OPTIONAL = ("country", "groups", "accepts", "because", "note", "no_deal")
_ORDER = (
    *("actor", "actor_name", "country", "groups", "issue", "issue_name", "position", "salience", "influence"),
    *("accepts", "because", "note", "scale_low", "scale_high", "no_deal"),
)


def write_tidy(case: Case, path: Path) -> tuple[str, list[Problem]]:
    """Return the text of a tidy CSV file, and what it does not hold; columns without content are left out."""
    rows = list(_rows(case))
    kept = [
        name for name in _ORDER if name not in _OPTIONAL or any(row.get(name) is not None for row in rows)
    ]
    return separated([kept, *([row.get(name) for name in kept] for row in rows)]), list(_losses(case, path))


def _rows(case: Case) -> Iterator[dict[str, Cell]]:
    """Yield a row per stance, and rows without position for actors and issues that have none."""
    sources = _mentions(lambda key: None if case.sources[key].title == key else case.sources[key].title)
    groups = _mentions(lambda key: case.groups[key].name if key in case.groups else None)
    heard = {actor for stances in case.stances.values() for actor in stances}
    silent = [actor for actor in case.actors if actor not in heard]
    for number, (issue_id, issue) in enumerate(case.issues.items()):
        stances = case.stances.get(issue_id, {})
        extra = silent if number == 0 else []
        missing = (
            []
            if stances or extra
            else [next((a for a in case.actors if a in heard), next(iter(case.actors)))]
        )
        for actor_id in (*stances, *extra, *missing):
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
                "no_deal": None if issue.no_deal is None else plain(issue.no_deal),
                "influence": stated(actor.influence if own is None else own),
            }
            if stance is not None:
                row |= {
                    "position": plain(stance.aim),
                    "salience": plain(stance.salience),
                    "accepts": None if stance.accepts is None else str(stance.accepts),
                    "because": sources(sources_of(stance.because)),
                    "note": stance.note,
                }
            yield row


def stated(influence: Quantity | VotingPower | None) -> Cell:
    """Return the cell of an influence; the power of votes, which no table can hold, in words."""
    if influence is None:
        return None
    return plain(influence) if isinstance(influence, Quantity) else str(influence)


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


def _losses(case: Case, path: Path) -> Iterator[Problem]:
    yield from not_held(case, HELD, path.name)
    yield from valued(case, path.name)
    if path.stem != case.title:
        yield warning(f"the title {case.title!r} is not kept: a table is called by its file", path.name)
    stances = [stance for stances in case.stances.values() for stance in stances.values()]
    unused = case.sources.keys() - {source for stance in stances for source in sources_of(stance.because)}
    if unused:
        yield warning(f"{len(unused)} sources that no stance cites are not kept", path.name)
    empty = case.groups.keys() - {group for actor in case.actors.values() for group in actor.groups}
    if empty:
        yield warning(f"{len(empty)} groups without actors are not kept", path.name)
