"""How is a case changed? By paths: ``stances.sanctions.congress.position`` → 40, or ``None`` to remove.

Scenarios are sets of changes: each is tried, and a fault is told at the change that causes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from detente.case.faults import part_checks
from detente.case.parts.scenarios import MAX_SCENARIOS
from detente.case.reading import dotted
from detente.case.shape import steps
from detente.case.validation import Fault, as_list, as_mapping, entries, shortened, shown
from detente.errors import did_you_mean

MAX_PARTS = 16
MAX_STANCES = 10_000
"""In a case."""
MOST_TRIED = 20_000
"""Stances looked at in all: those of the case, and for each scenario those that its changes can affect."""
_MOST_TRIALS = 200
_ABOUT_STANCES = {"consent", "bodies", "deals"}  # whether they are sound depends on who has a stance where
Find = Callable[[Mapping[str, Any]], list[Fault]]


def split(path: str) -> tuple[str, ...]:
    """Return the parts of a dotted path."""
    return tuple(part.strip() for part in steps(path))


def apply(data: Mapping[str, Any], changes: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Return the plain data of a case with the changes made, and the changes that could not be.

    The result still has to be validated. ``data`` is left as it is, and shares with the result what is unchanged.
    """
    changed = dict(data)
    found = [_change(changed, split(text), value) for text, value in changes.items()]
    return changed, [fault for fault in found if fault is not None]


def _change(data: dict[str, Any], path: tuple[str, ...], value: Any) -> Fault | None:
    changeable = [part for part, checks in part_checks().items() if checks.changeable]
    if path[0] not in changeable:
        hint = did_you_mean(path[0], changeable)
        return Fault(path, f"no change can be made to {shortened(path[0])}", hint)
    if len(path) > MAX_PARTS:
        return Fault(path[:MAX_PARTS], f"a path has at most {MAX_PARTS} parts")
    *above, last = path
    parent: Any = data
    for depth, part in enumerate(above):
        if part not in parent and (path[0] == "options" or depth == 0 or path[:-2] == ("stances",)):
            parent[part] = {}  # a part that may be left out, or the first stance on an issue
        below, where = parent.get(part), shortened(".".join(path[: depth + 1]))
        if below is None and part in parent:
            return Fault(path, f"what stands at {where} is empty", "fill it in, or leave the change out")
        if below is None:
            return Fault(path, f"nothing stands at {where} to be changed", did_you_mean(part, parent))
        if not isinstance(below, dict):
            return Fault(path, f"what stands at {where} has no parts to be changed", value=shown(below))
        parent[part] = dict(below)
        parent = parent[part]
    if value is None and last not in parent:
        return Fault(path, "nothing stands here to be removed", did_you_mean(last, parent))
    if value is None:
        del parent[last]
    else:
        parent[last] = deepcopy(value)
    return None


def too_large(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield products of the parts of a case that would take long to look at, before any of them is looked at."""
    tried, scenarios = _stances(data), as_mapping(data.get("scenarios"))
    if tried > MAX_STANCES:
        way = "leave out actors or issues that decide nothing, or make several cases of it"
        yield Fault(("stances",), f"{tried:,} stances; a case has at most {MAX_STANCES:,}", way)
    elif len(scenarios) > MAX_SCENARIOS:
        yield Fault(("scenarios",), f"holds more than {MAX_SCENARIOS} entries", "keep those that matter most")
    else:
        for number, scenario in enumerate(scenarios.values()):
            tried += _stances(_touched(data, as_mapping(scenario, "changes")))
            if tried > MOST_TRIED:
                tries = f"only {number} of {len(scenarios)} can be tried"
                message = f"{tries} with as many stances as they affect"
                leave = "make a case without the issues and actors that they leave alone"
                yield Fault(("scenarios",), message, f"keep those that matter most, or {leave}")
                return


def _stances(data: Mapping[str, Any]) -> int:
    return sum(len(of_issue) for _, of_issue in entries(data, "stances", "*"))


def scenario_faults(data: Mapping[str, Any], find: Find) -> Iterator[Fault]:
    """Yield what is wrong with the case after each scenario, apart from what is wrong without it.

    Args:
        data: plain data of the case.
        find: returns the errors of such data.
    """
    bare = {part: content for part, content in data.items() if part != "scenarios"}
    trials = _MOST_TRIALS
    for scenario, content in as_mapping(data.get("scenarios")).items():
        stated = as_mapping(content, "changes")
        changes = {path: value for path, value in stated.items() if not _into_nothing(path, value, bare)}
        absent = [path for path in stated if path not in changes]
        if absent and split(absent[0])[0] == "stances" and "stances" not in bare:
            yield _nowhere(absent, scenario)
        if not changes:
            continue
        few = _touched(bare, changes)
        for fault in _brought(few, changes, find):
            keys = [key for key in changes if _leads_to(split(key), fault.path)]
            key = max(keys, key=len, default=None)
            if key is None and trials >= len(changes):
                trials -= len(changes)
                key = _by_trying(fault, few, changes, find)
            yield _at(key, fault, scenario)


def _into_nothing(path: str, value: Any, data: Mapping[str, Any]) -> bool:
    """Tell whether a change is to something within a part that the case lacks, or that is no part."""
    head, *below = split(path)
    if head not in ("actors", "issues", "stances"):
        return False
    at: Any = data
    for step in (head, *below[:-1]):
        if step in at and not isinstance(at[step], Mapping):
            return True
        at = as_mapping(at.get(step))
    deep = len(below) > (2 if head == "stances" else 1) or value is None
    return deep and not data.get(head)


def _nowhere(paths: list[str], scenario: str) -> Fault:
    head = split(paths[0])[0]
    count = f"this and {len(paths) - 1} more changes are" if len(paths) > 1 else "this change is"
    message = f"the case has no {head}, and {count} to what would stand there"
    return Fault(("scenarios", scenario, "changes", paths[0]), message, f"add '{head}', or leave it out")


def _brought(data: Mapping[str, Any], changes: Mapping[str, Any], find: Find) -> list[Fault]:
    """Return the faults that changes bring."""
    changed, refused = apply(data, changes)
    faults = refused or find(changed)
    without = {(fault.path, fault.message) for fault in find(data)} if faults else set()
    return [fault for fault in faults if (fault.path, fault.message) not in without]


def _by_trying(fault: Fault, data: Mapping[str, Any], changes: Mapping[str, Any], find: Find) -> str:
    """Return the change with which a fault appears, making one after the other."""
    *earlier, last = changes
    for number, key in enumerate(earlier, start=1):
        changed, _ = apply(data, {one: changes[one] for one in earlier[:number]})
        if (fault.path, fault.message) in {(found.path, found.message) for found in find(changed)}:
            return key
    return last


def _touched(data: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the case without the stances that the changes cannot affect, so that many scenarios stay cheap."""
    paths = [split(path) for path in changes]
    if data.get("deals") or any(set(path) & _ABOUT_STANCES for path in paths):
        return dict(data)
    named: dict[str, set[str]] = {"actors": set(), "issues": set()}
    kept: set[tuple[str, str]] = set()
    pairs = (as_list(as_mapping(item).get("between")) for item in as_list(data.get("correlations")))
    for path in [*paths, *(split(one) for pair in pairs for one in pair if isinstance(one, str))]:
        if path[0] == "stances" and len(path) > 2:
            kept.add((path[1], path[2]))
        elif path[0] in ("stances", *named) and len(path) > 1:
            named["issues" if path[0] == "stances" else path[0]].add(path[1])
        elif path[0] in ("stances", *named):
            return dict(data)
    stances = data.get("stances")
    if not isinstance(stances, Mapping):
        return dict(data)
    few = {
        issue: {
            actor: stance
            for actor, stance in as_mapping(of_issue).items()
            if actor in named["actors"] or issue in named["issues"] or (issue, actor) in kept
        }
        for issue, of_issue in stances.items()
    }
    return {**data, "stances": few}


def _at(key: str | None, fault: Fault, scenario: str) -> Fault:
    """Move a fault to a change."""
    path = dotted(fault.path)
    message = fault.message if not path or path == key else f"{path}: {fault.message}"
    where = ("scenarios", scenario, "changes", *(() if key is None else (key,)))
    return replace(fault, path=where, message=message, at_key=False)


def _leads_to(change: tuple[str, ...], fault: tuple[str | int, ...]) -> bool:
    """Tell whether one path is the beginning of the other."""
    shared = min(len(change), len(fault))
    return shared > 0 and change[:shared] == fault[:shared]
