"""How does a file become a case? Plain data put together value by value, each with its place; or part of one.

Of a file that is refused, what could be read is a case file to complete: ``?`` where something is missing, and
what is wrong as a comment in the line that it is about, or at the top where it is about no line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from detente.case.case import Case
from detente.case.checked import Checked
from detente.case.reading import Document, Path, Place
from detente.case.shape import steps
from detente.case.text import FORBIDDEN, IDENTIFIER, slug
from detente.case.validation import shown
from detente.case.writing import laid_out
from detente.errors import FormatError, Problem
from detente.quantity import Quantity


def whole_line(line: int | None = None, file: str | None = None) -> Place:
    """Return the place of a line, or of a file, where no column is to be told."""
    return Place(line, None, file=file)  # type: ignore[arg-type]


class Draft:
    """A case in the making.

    Attributes:
        document: the data with the places of its values.
        problems: of the document, so far.
        file: what is read, where a place names no other.
    """

    def __init__(self, document: Document | None = None, file: str = "", **head: Any) -> None:
        """Go on with a document, or begin one with its first lines (title, note …; ``None`` is left out)."""
        self.file = file
        begun = {"detente": 1, **{name: value for name, value in head.items() if value is not None}}
        self.document = document or Document(begun)
        self.problems = self.document.problems

    def put(self, path: Path, value: Any, place: Place | None = None, *, once: bool = False) -> bool:
        """Put a value where ``path`` says, making what is on the way; tell whether that was possible.

        ``None`` is left out, unless a value may stand only ``once``; else it replaces what is there. An entry of
        a list is put at its end: entries come in their order, and their numbers only tell them apart.
        """
        if value is None and not once:
            return True
        parent, put = self.document.data, plainly(value)
        for step, following in zip(path, (*path[1:], None), strict=True):
            last = following is None
            fresh: Any = put if last else [] if isinstance(following, int) else {}
            if isinstance(step, int):
                if not isinstance(parent, list) or step > len(parent) or (last and step < len(parent)):
                    return False
                parent += [fresh] if step == len(parent) else []
            elif not isinstance(parent, dict) or (last and once and step in parent):
                return False
            elif last or step not in parent:
                parent[step] = fresh
            parent = parent[step]
        if place is not None:
            for depth in range(1, len(path) + 1):
                self.document.keys.setdefault(path[:depth], place)
            self.document.values[path] = place
        return True

    def refuse(
        self, place: Place | None, message: str, hint: str | None = None, value: object = None, path: str = ""
    ) -> None:
        """Note an error at a place, with what the file of the place says after a NUL before it (`located`)."""
        at = place or whole_line()
        file, _, called = (at.file or self.file).partition("\0")
        told, given = f"{called}: {message}" if called else message, None if value is None else shown(value)
        self.problems.append(Problem(told, path, given, hint, file, at.line, at.column))

    def warn(self, message: str, hint: str | None = None, place: Place | None = None, path: str = "") -> None:
        """Note a warning."""
        self.refuse(place, message, hint, None, path)
        self.problems[-1] = replace(self.problems[-1], severity="warning")

    def end(self) -> Document:
        """Return the document.

        Raises:
            FormatError: there are errors.
        """
        if self.errors:
            raise FormatError(self.problems)
        return self.document

    @property
    def errors(self) -> bool:
        """Whether something was refused."""
        return any(problem.severity == "error" for problem in self.problems)


def plainly(value: Any) -> Any:
    """Return a value as a case file holds it."""
    return value.to_plain() if isinstance(value, Quantity) else value


def folded(text: str) -> str:
    """Return a name without what does not tell names apart: capitals and the width of blanks."""
    return " ".join(text.split()).casefold()


def ids_for(texts: Iterable[str], *, keep: bool, fallback: str) -> dict[str, str]:
    """Return an id for each text, in their order, no two alike.

    Args:
        texts: names or ids; those that `folded` makes alike get one id unless ids are kept.
        keep: whether a text that is an id is kept as it is.
        fallback: id of a name without letters.
    """
    listed = list(dict.fromkeys(texts))
    kept = {text: text for text in listed if keep and IDENTIFIER.fullmatch(text)}
    alike = {text: text if keep else folded(text) for text in listed if text not in kept}
    first = {key: text for text, key in reversed(alike.items())}
    keys = list(dict.fromkeys(alike.values()))
    made = dict(zip(keys, new_ids((first[key] for key in keys), {*kept}, fallback), strict=True))
    return {text: kept.get(text) or made[alike[text]] for text in listed}


def new_ids(names: Iterable[str], taken: set[str], fallback: str) -> list[str]:
    """Return an id for each name, no two alike, and none of those ``taken``, to which they are added."""
    found = []
    for name in names:
        found.append(slug(name, taken, fallback))
        taken.add(found[-1])
    return found


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
        around = (number_of.get(path[:length], 0) for length in range(len(path), 0, -1))
        if number := next(filter(None, around), 0):
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
