"""Which words does the reader know? Lists as plain files: one entry to a line, ``#`` begins a comment."""

import csv
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a list, each split at tabs; blank lines and comments are left out."""
    text = (files(__name__) / f"{name}.txt").read_text(encoding="utf-8")
    lines = (line.split("#", 1)[0].rstrip() for line in text.splitlines())
    return tuple(tuple(cell.strip() for cell in line.split("\t")) for line in lines if line)


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a list with a head, whose cells stand between commas."""
    text = (files(__name__) / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def toml(name: str) -> dict[str, Any]:
    """Return a list that has several parts."""
    return tomllib.loads((files(__name__) / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def words(name: str) -> frozenset[str]:
    """Return the first column of a list."""
    return frozenset(row[0] for row in rows(name))


__all__ = ["rows", "table", "toml", "words"]
