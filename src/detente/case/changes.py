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
    found = [_change(changed, split(text), value) for text, value in changes.items()]
    return changed, [fault for fault in found if fault is not None]


def _change(data: dict[str, Any], path: tuple[str, ...], value: Any) -> Fault | None:
    changeable = [part for part, checks in part_checks().items() if checks.changeable]
    if path[0] not in changeable:
        hint = did_you_mean(path[0], changeable)
        return Fault(path, f"no change can be made to {shortened(path[0])}", hint=hint)
    if len(path) > MAX_PARTS:
        return Fault(path[:MAX_PARTS], f"a path has at most {MAX_PARTS} parts")
    *above, last = path
    parent: Any = data
    for depth, part in enumerate(above):
        if part not in parent and (path[0] == "options" or depth == 0 or path[:-2] == ("stances",)):
            parent[part] = {}  # a part that may be left out, or the first stance on an issue
        below, where = parent.get(part), shortened(".".join(path[: depth + 1]))
        if below is None and part in parent:
            hint = "fill it in, or leave the change out"
            return Fault(path, f"what stands at {where} is empty", hint=hint)
        if below is None:
            return Fault(path, f"nothing stands at {where} to be changed", hint=did_you_mean(part, parent))
        if not isinstance(below, dict):
            return Fault(path, f"what stands at {where} has no parts to be changed", shown(below))
        parent = below
    if value is None and last not in parent:
        return Fault(path, "nothing stands here to be removed", hint=did_you_mean(last, parent))
    if value is None:
        del parent[last]
    else:
        parent[last] = deepcopy(value)
    return None
