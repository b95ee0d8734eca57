"""What could be read of a file that is refused? A case file to complete: ``?`` where something is missing.

What is wrong stands as a comment in the line that it is about, or at the top where it is about no line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from detente.case.case import Case
from detente.case.checked import Checked
from detente.case.reading import Document
from detente.case.shape import steps
from detente.case.text import FORBIDDEN
from detente.case.writing import laid_out
from detente.errors import FormatError, Problem

UNKNOWN = "?"
_ABSENT = re.compile(r"'(\w+)' is missing|the stance has no (\w+)")
_CONTROL = re.compile(r"[^\S ]+")


@dataclass(frozen=True, slots=True)
class Imported(Checked):
    """What importing a file found.

    Attributes:
        format: name of the format it is in, ``""`` when that could not be told.
        partial: what could be read of a file that is refused, if anything: plain data of a case to complete.
    """

    format: str = ""
    partial: Mapping[str, Any] | None = None

    def require(self) -> Case:
        """Return the case.

        Raises:
            FormatError: there are errors.
        """
        if self.case is None:
            raise FormatError(self.errors)
        return self.case


def partial_of(document: Document) -> Mapping[str, Any]:
    """Return what a document holds, with ``?`` for what only stood in for something refused."""
    data: dict[str, Any] = deepcopy(document.data)
    for path in document.unknown:
        at: Any = data
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = UNKNOWN
    return data


def to_complete(data: Mapping[str, Any], problems: Iterable[Problem], file: str) -> str:
    """Return the text of a case file of what was read, with what is wrong where it is."""
    copied = deepcopy(dict(data))
    listed = [problem for problem in problems if problem.severity == "error"]
    for problem in listed:
        _mark(copied, problem)
    laid = list(laid_out(copied))
    lines = [FORBIDDEN.sub("_", line) for _, line in laid]
    number_of = {path: number for number, (path, _) in enumerate(laid) if path}
    at: dict[int, list[str]] = {}
    name = _said(PurePath(file).name)
    above = [f"# Read in part from {name}. Replace each {UNKNOWN}, and see to what follows a #."]
    for problem in listed:
        path = tuple(int(step) if step.isdecimal() else step for step in steps(problem.path))
        nearest = (
            number_of[path[:length]] for length in range(len(path), 0, -1) if path[:length] in number_of
        )
        number = next(nearest, 0)
        if number:
            at.setdefault(number, []).append(_told(problem))
        else:
            above.append(f"# {_told(problem, place=True)}")
    for number, told in at.items():
        lines[number] += f"  # {'; '.join(dict.fromkeys(told))}"
    return "\n".join([*above, "", *lines]) + "\n"


def _mark(data: dict[str, Any], problem: Problem) -> None:
    """Put a ``?`` where a problem says that something is missing."""
    absent = _ABSENT.search(problem.message)
    at: Any = data
    for step in steps(problem.path) if problem.path else ():
        at = at.get(step) if isinstance(at, dict) else None
    if absent and isinstance(at, dict):
        at.setdefault(absent[1] or absent[2], UNKNOWN)


def _told(problem: Problem, *, place: bool = False) -> str:
    text = f"{problem.message}; {problem.hint}" if problem.hint else problem.message
    if place and problem.line is not None:
        text = f"{PurePath(problem.file or '').name}, row {problem.line}: {text}"
    return _said(text)


def _said(text: str) -> str:
    """Return a text that stands in a comment: on one line, without characters that a case may not hold."""
    return FORBIDDEN.sub("_", _CONTROL.sub(" ", text))
