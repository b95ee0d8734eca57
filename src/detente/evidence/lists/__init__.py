"""Which words does the reader know? Lists as plain files: one entry to a line, ``#`` begins a comment."""

import csv
from functools import cache
from importlib.resources import files


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


@cache
def words(name: str) -> frozenset[str]:
    """Return the first column of a list."""
    return frozenset(row[0] for row in rows(name))
