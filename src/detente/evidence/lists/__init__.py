"""Which words does the reader know? Lists as plain files: one entry to a line, ``#`` begins a comment."""

import csv
import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

_PART = re.compile("«([A-Z]+)»")


def listed(name: str) -> str:
    """Return a list as it is written."""
    return (files(__name__) / name).read_text(encoding="utf-8")


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a list, each split at tabs; blank lines and comments are left out."""
    lines = (line.split("#", 1)[0].rstrip() for line in listed(f"{name}.txt").splitlines())
    return tuple(tuple(cell.strip() for cell in line.split("\t")) for line in lines if line)


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a list with a head, whose cells stand between commas."""
    return tuple(csv.DictReader(listed(f"{name}.csv").splitlines()))


def toml(name: str, **parts: str) -> dict[str, Any]:
    """Return a list of several tables; ``«NAME»`` in a text stands for the part of that name (table ``parts``)."""
    held = tomllib.loads(listed(f"{name}.toml"))
    known = {**held.get("parts", {}), **parts}

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: filled(one) for key, one in value.items()}
        more = _PART.sub(lambda part: known.get(part[1], part[0]), value) if isinstance(value, str) else value
        return more if more == value else filled(more)

    return {key: filled(value) for key, value in held.items()}


def expressions(name: str, **parts: str) -> dict[str, re.Pattern[str]]:
    """Return the expressions of a list by name."""
    return {key: re.compile(pattern) for key, pattern in toml(name, **parts)["expressions"].items()}


@cache
def words(name: str) -> frozenset[str]:
    """Return the first column of a list."""
    return frozenset(row[0] for row in rows(name))


@cache
def group(name: str) -> frozenset[str]:
    """Return the function words of a group of the list ``grammar``."""
    return frozenset(next(row[1] for row in rows("grammar") if row[0] == name).split())


__all__ = ["expressions", "group", "listed", "rows", "table", "toml", "words"]
