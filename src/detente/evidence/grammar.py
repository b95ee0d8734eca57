"""Which small words do what? Function words of English in named groups."""

from __future__ import annotations

from functools import cache

from detente.evidence.lists import rows


@cache
def group(name: str) -> frozenset[str]:
    """Return the words of a group of the list ``grammar``."""
    return frozenset(next(row[1] for row in rows("grammar") if row[0] == name).split())


__all__ = ["group"]
