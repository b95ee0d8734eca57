"""How does a case come from disk? A file, or a folder with ``case.yaml`` and a table of stances beside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from detente.case.case import Case, Origin, capped, examine
from detente.case.files import inside, read_exactly
from detente.case.reading import Document, dotted, read_yaml
from detente.case.validation import Fault
from detente.errors import CaseError, NotFoundError, Problem

CASE_FILE = "case.yaml"
SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking a case found.

    Attributes:
        case: the case, or ``None`` when there are errors.
        problems: errors and warnings in the order of the file.
    """

    case: Case | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps the case from being used."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What looks forgotten."""
        return tuple(problem for problem in self.problems if problem.severity == "warning")

    def require(self) -> Case:
        """Return the case.

        Raises:
            CaseError: there are errors.
        """
        if self.case is None:
            raise CaseError(self.errors)
        return self.case


def check(path: str | Path) -> Checked:
    """Read a case file or folder and tell everything that is wrong or odd with it, at once.

    Raises:
        NotFoundError: no such file or folder.
    """
    path = Path(path)
    try:
        if os.path.isdir(path):  # unlike Path.is_dir it never raises  # noqa: PTH112
            return _check_folder(path)
        return check_text(read_exactly(path), path)
    except CaseError as error:
        return Checked(None, error.problems)


def load(path: str | Path) -> Case:
    """Return the case in a file or folder.

    Raises:
        NotFoundError: no such file or folder.
        CaseError: with every problem in it.
    """
    return check(path).require()


def check_text(text: str, path: Path) -> Checked:
    """Check the text of a case file; ``path`` only names it in messages and remembers where to save."""
    document = read_yaml(text, str(path))
    if document.problems:
        return Checked(None, tuple(document.problems))
    checked = examined(document, str(path))
    if checked.case is not None:
        checked.case._origin = Origin(text, path)
    return checked


def examined(document: Document, file: str) -> Checked:
    """Check data that was read, from YAML or another format, and add what was told while it was read."""
    case, faults = examine(document.data)
    problems = sorted(
        (*document.problems, *located(faults, document, file)),
        key=lambda problem: (problem.file != file, problem.line or 0, problem.column or 0),
    )
    errors = capped(problem for problem in problems if problem.severity == "error")
    warnings = capped(problem for problem in problems if problem.severity != "error")
    return Checked(None if errors else case, (*errors, *warnings))


def located(faults: list[Fault], document: Document, file: str) -> tuple[Problem, ...]:
    """Return the faults as problems with their place, in the order of the file, each once.

    The file of a place in a table may carry, after a NUL, the names of sheet and column for the message.
    """
    problems = []
    for fault in faults:
        place = document.keys.get(fault.path) if fault.at_key else None
        place = place or document.place(fault.path)
        where = place.file if place and place.file else file
        name, _, column = where.partition("\0")
        problems.append(
            Problem(
                f"{column}: {fault.message}" if column else fault.message,
                dotted(fault.path),
                fault.value,
                fault.hint,
                file=name,
                line=place.line if place else None,
                column=place.column if place else None,
                severity=fault.severity,
            )
        )
    problems.sort(
        key=lambda problem: (problem.severity, problem.file != file, problem.line or 0, problem.column or 0)
    )
    return (
        *capped(p for p in problems if p.severity == "error"),
        *capped(p for p in problems if p.severity != "error"),
    )


def _check_folder(folder: Path) -> Checked:
    from detente.case.formats.folder import add_stances

    path = inside(folder, CASE_FILE)
    if not os.path.lexists(path):
        raise NotFoundError(
            f"{folder}: has no {CASE_FILE}; a case folder holds one, and stances.csv or stances.xlsx"
        )
    text = read_exactly(path)
    document = read_yaml(text, str(path))
    if document.problems:
        return Checked(None, tuple(document.problems))
    with_table = add_stances(document, folder)
    checked = examined(document, str(path))
    if checked.case is not None and not with_table:  # else the file alone does not hold the whole case
        checked.case._origin = Origin(text, path)
    return checked
