"""How does a table become a case? Plain data put together value by value, each with the place it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from detente.case.reading import Document, Path, Place
from detente.case.text import IDENTIFIER, slug
from detente.case.validation import shown
from detente.errors import FormatError, Problem
from detente.quantity import Quantity


class StandIn(float):
    """A number in place of one that was refused, so that this is told once."""


def whole_line(line: int | None = None, file: str | None = None) -> Place:
    """Return the place of a line, or of a file, where no column is to be told."""
    return Place(line, None, file=file)  # type: ignore[arg-type]


class Draft:
    """A case in the making.

    Attributes:
        document: the data with the places of its values, and the problems so far.
        file: what is read, where a place names no other.
    """

    def __init__(self, document: Document | None = None, file: str = "", **head: Any) -> None:
        """Go on with a document, or begin one with its first lines (title, note …; ``None`` is left out)."""
        self.file = file
        begun = {"detente": 1, **{name: value for name, value in head.items() if value is not None}}
        self.document = document or Document(begun)

    def put(self, path: Path, value: Any, place: Place | None = None) -> None:
        """Put a value where ``path`` says; ``None`` is left out; mappings on the way are made."""
        if value is None:
            return
        data = self.document.data
        for depth, part in enumerate(path[:-1], start=1):
            data = data.setdefault(part, {})
            if place is not None:
                self.document.keys.setdefault(path[:depth], place)
        if isinstance(value, StandIn):
            self.document.unknown.append(path)
            value = float(value)
        data[path[-1]] = value.to_plain() if isinstance(value, Quantity) else value
        if place is not None:
            self.document.keys.setdefault(path, place)
            self.document.values[path] = place

    def refuse(
        self, place: Place | None, message: str, hint: str | None = None, value: object = None, path: str = ""
    ) -> None:
        """Note an error at a place, with what the file of the place says after a NUL before it (`located`)."""
        at = place or whole_line()
        file, _, called = (at.file or self.file).partition("\0")
        told, given = f"{called}: {message}" if called else message, None if value is None else shown(value)
        self.document.problems.append(Problem(told, path, given, hint, file, at.line, at.column))

    def warn(self, message: str, hint: str | None = None, place: Place | None = None, path: str = "") -> None:
        """Note a warning."""
        self.refuse(place, message, hint, None, path)
        self.document.problems[-1] = replace(self.document.problems[-1], severity="warning")

    def end(self) -> Document:
        """Return the document.

        Raises:
            FormatError: there are errors.
        """
        if self.errors:
            raise FormatError(self.document.problems)
        return self.document

    @property
    def errors(self) -> bool:
        """Whether something was refused."""
        return any(problem.severity == "error" for problem in self.document.problems)


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
    taken = set(kept.values())
    found: dict[str, str] = {}
    for text in listed:
        key = text if keep else folded(text)
        if text not in kept and key not in found:
            found[key] = slug(text, taken, fallback)
            taken.add(found[key])
    return {text: kept.get(text) or found[text if keep else folded(text)] for text in listed}
