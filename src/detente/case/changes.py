"""How is a case changed? By paths: ``stances.sanctions.congress.position`` → 40, or ``None`` to remove."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from detente.case.faults import part_checks
from detente.case.shape import steps
from detente.case.validation import Fault, shortened, shown
from detente.errors import did_you_mean

MAX_PARTS = 16


def split(path: str) -> tuple[str, ...]:
    """Return the parts of a dotted path."""
    return tuple(part.strip() for part in steps(path))


def apply(data: Mapping[str, Any], changes: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Return the plain data of a case with the changes made, and the changes that could not be.

    The result still has to be validated. ``data`` is left as it is.
    """
    changed = deepcopy(dict(data))
    faults: list[Fault] = []
    for text, value in changes.items():
        fault = _change(changed, split(text), value)
        if fault is not None:
            faults.append(fault)
    return changed, faults


def _change(data: dict[str, Any], path: tuple[str, ...], value: Any) -> Fault | None:
    changeable = [part for part, checks in part_checks().items() if checks.changeable]
    if path[0] not in changeable:
        hint = did_you_mean(path[0], changeable)
        return Fault(path, f"no change can be made to {shortened(path[0])}", hint=hint)
    if len(path) > MAX_PARTS:
        return Fault(path[:MAX_PARTS], f"a path has at most {MAX_PARTS} parts")
    parent: Any = data
    for depth, part in enumerate(path[:-1]):
        if part not in parent and (path[0] == "options" or depth == 0 or path[:-2] == ("stances",)):
            parent[part] = {}  # a part that may be left out, or the first stance on an issue
        below = parent.get(part)
        if not isinstance(below, dict):
            where = shortened(".".join(path[: depth + 1]))
            if part in parent and below is None:
                return Fault(
                    path, f"what stands at {where} is empty", hint="fill it in, or leave the change out"
                )
            if below is None:
                hint = did_you_mean(part, parent)
                return Fault(path, f"nothing stands at {where} to be changed", hint=hint)
            return Fault(path, f"what stands at {where} has no parts to be changed", shown(below))
        parent = below
    last = path[-1]
    if value is None:
        if last not in parent:
            return Fault(path, "nothing stands here to be removed", hint=did_you_mean(last, parent))
        del parent[last]
        return None
    parent[last] = deepcopy(value)
    return None
