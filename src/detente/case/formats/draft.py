"""How does a table become a case? Plain data put together value by value, each with the place it came from."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from detente.case.formats import cells
from detente.case.formats.sheet import Row, Sheet
from detente.case.formats.wide import folded
from detente.case.reading import Document, Path, Place
from detente.case.text import IDENTIFIER, slug
from detente.case.validation import shown
from detente.errors import Problem, QuantityError
from detente.quantity import Quantity


class StandIn(float):
    """A number in place of one that was refused, so that this is told once."""


class Draft:
    """A case in the making.

    Attributes:
        document: the data with the places of its values, and the problems so far.
    """

    def __init__(self, document: Document | None = None, **head: Any) -> None:
        """Go on with a document, or begin one with its first lines (title, note …; ``None`` is left out)."""
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

    def problem(self, problem: Problem) -> None:
        """Note a problem."""
        self.document.problems.append(problem)

    def bare_scale(self, issue: str, anchors: Iterable[float], place: Place | None = None) -> None:
        """Give an issue a scale of which only numbers are known."""
        self.put(("issues", issue, "scale"), cells.scale_of(anchors), place)


class RowReader:
    """Puts the cells of rows into a draft; what is wrong with one is told with the name of its field."""

    def __init__(self, draft: Draft, sheet: Sheet) -> None:
        """Read the rows of a sheet into a draft."""
        self.draft, self.sheet = draft, sheet

    def called(self, row: Row, column: int) -> str:
        """Return what a cell is called in messages: ``column 'Power'``."""
        raise NotImplementedError

    def place(self, row: Row, column: int) -> Place:
        """Return where a cell stands, with its name."""
        return Place(row.number, column + 1, file=f"{self.sheet.file}\0{self.called(row, column)}")

    def refuse(
        self, row: Row, column: int, message: str, hint: str | None = None, value: str | None = None
    ) -> None:
        """Note an error in a cell."""
        told, given = f"{self.called(row, column)}: {message}", None if value is None else shown(value)
        self.draft.problem(Problem(told, "", given, hint, self.sheet.file, row.number, column + 1))

    def number(
        self,
        row: Row,
        column: int,
        limits: tuple[float, float] = (-math.inf, math.inf),
        hint: str | None = None,
        blank: str = "is blank",
    ) -> float | None:
        """Return the number without doubt in a cell; ``None`` after noting an error."""
        text = row.cell(column)
        try:
            value = cells.quantity(text, self.sheet.decimal_comma)
        except QuantityError:
            self.refuse(row, column, "must be a number" if text else blank, value=text or None)
            return None
        if not value.is_exact or text.startswith("["):
            self.refuse(row, column, "must be a number without doubt", value=text)
        elif fault := value.fault_within(*limits):
            self.refuse(row, column, fault, hint, text)
        else:
            return value.mean
        return None


def put_influences(
    draft: Draft, actor: str, given: Iterable[tuple[str | None, Quantity | str, Place]]
) -> None:
    """Put an actor's influences: once for the actor when its stances have the same, else at each stance.

    Args:
        draft: the case in the making.
        actor: its id.
        given: issue (``None`` where it has no stance), influence, and the place of it.
    """
    every = list(given)
    listed = [one for one in every if one[0] is not None] or every
    if len({str(influence) for _, influence, _ in listed}) == 1:
        _, influence, place = listed[0]
        draft.put(("actors", actor, "influence"), influence, place)
        return
    for issue, influence, place in listed:
        if issue is not None:
            draft.put(("stances", issue, actor, "influence"), influence, place)


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
