"""Does every scenario lead to a valid case? Each is tried; a fault is told at the change that causes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from detente.case import changes as changing
from detente.case.parts.scenarios import MAX_SCENARIOS
from detente.case.reading import dotted
from detente.case.validation import Fault, as_list, as_mapping

MAX_STANCES = 10_000
"""In a case."""
MOST_TRIED = 20_000
"""Stances looked at in all: those of the case, and for each scenario those that its changes can affect."""
_MOST_TRIALS = 200
_ABOUT_STANCES = {"consent", "bodies", "deals"}  # whether they are sound depends on who has a stance where
Finder = Callable[[Mapping[str, Any]], list[Fault]]


def too_large(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield products of the parts of a case that would take long to look at, before any of them is looked at."""
    stances = _stances(data)
    if stances > MAX_STANCES:
        way = "leave out actors or issues that decide nothing, or make several cases of it"
        yield Fault(("stances",), f"{stances:,} stances; a case has at most {MAX_STANCES:,}", hint=way)
        return
    scenarios = as_mapping(data.get("scenarios"))
    if len(scenarios) > MAX_SCENARIOS:
        yield Fault(("scenarios",), f"holds more than {MAX_SCENARIOS} entries")
        return
    tried = stances
    for number, scenario in enumerate(scenarios.values(), start=1):
        changes = as_mapping(as_mapping(scenario).get("changes"))
        tried += _stances(_touched(data, [changing.split(path) for path in changes]))
        if tried > MOST_TRIED:
            message = (
                f"only {number - 1} of {len(scenarios)} can be tried with as many stances as they affect"
            )
            way = "keep those that matter most, or make a case without the issues and actors that they leave alone"
            yield Fault(("scenarios",), message, hint=way)
            return


def _stances(data: Mapping[str, Any]) -> int:
    return sum(len(as_mapping(of_issue)) for of_issue in as_mapping(data.get("stances")).values())


def scenario_faults(data: Mapping[str, Any], find: Finder) -> Iterator[Fault]:
    """Yield what is wrong with the case after each scenario, apart from what is wrong without it.

    Args:
        data: plain data of the case.
        find: returns the errors of such data.
    """
    bare = {part: content for part, content in data.items() if part != "scenarios"}
    trials = _MOST_TRIALS
    for scenario, content in as_mapping(data.get("scenarios")).items():
        stated = as_mapping(as_mapping(content).get("changes"))
        changes = {path: value for path, value in stated.items() if not _into_nothing(path, value, bare)}
        absent = [path for path in stated if path not in changes]
        if absent and changing.split(absent[0])[0] == "stances" and "stances" not in bare:
            yield _nowhere(absent, scenario)
        if not changes:
            continue
        trial = _Trial(_touched(bare, [changing.split(path) for path in changes]), changes, find)
        faults = trial.faults()
        for fault in faults:
            key = trial.directly(fault)
            if key is None and trials >= len(changes):
                trials -= len(changes)
                key = trial.by_trying(fault)
            yield _at(key, fault, scenario)


def _into_nothing(path: str, value: Any, data: Mapping[str, Any]) -> bool:
    """Tell whether a change is to something within a part that the case lacks, or that is no part."""
    head, *below = changing.split(path)
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
    head = changing.split(paths[0])[0]
    count = f"this and {len(paths) - 1} more changes are" if len(paths) > 1 else "this change is"
    message = f"the case has no {head}, and {count} to what would stand there"
    return Fault(("scenarios", scenario, "changes", paths[0]), message, hint=f"add '{head}', or leave it out")


class _Trial:
    """One scenario, tried on the part of the case that it touches."""

    def __init__(self, data: dict[str, Any], changes: Mapping[str, Any], find: Finder) -> None:
        self.data = data
        self.changes = changes
        self.find = find

    def faults(self) -> list[Fault]:
        """Return the faults that the scenario brings."""
        changed, refused = changing.apply(self.data, self.changes)
        faults = refused or self.find(changed)
        without = {_same(fault) for fault in self.find(self.data)} if faults else set()
        return [fault for fault in faults if _same(fault) not in without]

    def directly(self, fault: Fault) -> str | None:
        """Return the change that made what is at fault."""
        keys = [key for key in self.changes if _leads_to(changing.split(key), fault.path)]
        return max(keys, key=len, default=None)

    def by_trying(self, fault: Fault) -> str:
        """Return the change with which the fault appears, making one after the other."""
        made: dict[str, Any] = {}
        *earlier, last = self.changes
        for key in earlier:
            made[key] = self.changes[key]
            changed, _ = changing.apply(self.data, made)
            if _same(fault) in {_same(found) for found in self.find(changed)}:
                return key
        return last


def _same(fault: Fault) -> tuple[Any, str]:
    return fault.path, fault.message


def _touched(data: Mapping[str, Any], paths: list[tuple[str, ...]]) -> dict[str, Any]:
    """Return the case without the stances that the changes cannot affect, so that many scenarios stay cheap."""
    if data.get("deals") or any(set(path) & _ABOUT_STANCES for path in paths):
        return dict(data)
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
