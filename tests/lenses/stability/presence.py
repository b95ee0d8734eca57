"""Parts of a result that were made: a test that meets one that was not fails here."""

from __future__ import annotations

from typing import TypeVar

Part = TypeVar("Part")


def present(part: Part | None) -> Part:
    """Return a part of a result, such as the states that hold, which is ``None`` where there are too many."""
    assert part is not None
    return part
