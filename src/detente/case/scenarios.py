"""Does every scenario lead to a valid case? Each is tried; a fault is told at the change that causes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from detente.case import changes as changing
from detente.case.reading import dotted
from detente.case.validation import Fault, as_list, as_mapping

Finder = Callable[[Mapping[str, Any]], list[Fault]]


def scenario_faults(data: Mapping[str, Any], find: Finder) -> Iterator[Fault]:
    """Yield what is wrong with the case after each scenario, apart from what is wrong without it.

    Args:
        data: plain data of the case.
        find: returns the errors of such data.
    """
    bare = {part: content for part, content in data.items() if part != "scenarios"}
    for scenario, content in as_mapping(data.get("scenarios")).items():
        changes = as_mapping(as_mapping(content).get("changes"))
        touched = _touched(bare, [changing.split(path) for path in changes])
        changed, faults = changing.apply(touched, changes)
        faults = faults or find(changed)
        if faults:
            without = {(fault.path, fault.message) for fault in find(touched)}
            faults = [fault for fault in faults if (fault.path, fault.message) not in without]
        for fault in faults:
            yield _at_its_cause(fault, scenario, changes)


def _touched(data: Mapping[str, Any], paths: list[tuple[str, ...]]) -> dict[str, Any]:
    """Return the case without the stances that the changes cannot affect, so that many scenarios stay cheap."""
    named: dict[str, set[str]] = {"actors": set(), "issues": set()}
    kept: set[tuple[str, str]] = set()
    correlated = [changing.split(path) for path in _correlated(data)]
    for path in [*paths, *correlated]:
        if path[0] == "stances" and len(path) > 2:
            kept.add((path[1], path[2]))
        elif path[0] == "stances" and len(path) > 1:
            named["issues"].add(path[1])
        elif path[0] in named and len(path) > 1:
            named[path[0]].add(path[1])
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


def _correlated(data: Mapping[str, Any]) -> Iterator[str]:
    for item in as_list(data.get("correlations")):
        yield from (path for path in as_list(as_mapping(item).get("between")) if isinstance(path, str))


def _at_its_cause(fault: Fault, scenario: str, changes: Mapping[str, Any]) -> Fault:
    """Move a fault to the change that causes it, as far as that can be told."""
    keys = [key for key in changes if _related(changing.split(key), fault.path)]
    if not keys:  # removing an actor breaks its stances, which stand elsewhere
        keys = [key for key in changes if changing.split(key)[-1] in fault.path]
    key = max(keys, key=len, default=None)
    path = dotted(fault.path)
    message = fault.message if not path or path == key else f"{path}: {fault.message}"
    where = ("scenarios", scenario, "changes", *(() if key is None else (key,)))
    return replace(fault, path=where, message=message, at_key=False)


def _related(change: tuple[str, ...], fault: tuple[str | int, ...]) -> bool:
    """Tell whether one path leads to the other."""
    shared = min(len(change), len(fault))
    return shared > 0 and change[:shared] == fault[:shared]
