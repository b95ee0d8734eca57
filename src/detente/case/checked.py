"""What is wrong or odd with a case, and where? Every problem of a text or other data, in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from detente.case.case import Case, Origin, examine, located, ordered
from detente.case.reading import Document, read_yaml
from detente.case.validation import shortened
from detente.errors import CaseError, Problem


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


def check_text(text: str, path: Path) -> Checked:
    """Check the text of a case file; ``path`` only names it in messages and remembers where to save."""
    document = read_yaml(text, str(path))
    if document.problems:
        return Checked(None, tuple(document.problems))
    checked = examined(document, str(path))
    checked = replace(checked, problems=(*checked.problems, *_cut_texts(text, str(path))))
    if checked.case is not None:
        checked.case._origin = Origin(text, path)
    return checked


_CUT = re.compile(
    r"""^(?: *| *- )(?:title|name|question|note): [^\W\d][^#"'\n]* (#[^\s#].{0,60})""", re.MULTILINE
)


def _cut_texts(text: str, file: str) -> Iterator[Problem]:
    """Yield texts that end before a ``#2``, as a comment begins there: ``title: Plan #2``."""
    for found in islice(_CUT.finditer(text), 20):
        line = text.count("\n", 0, found.start(1)) + 1
        message = f"{shortened(found[1].rstrip())} is a comment, which ends the text before it"
        hint = "if it belongs to the text, put the text in quotes; if not, write a blank after the #"
        yield Problem(message, "", None, hint, file, line, severity="warning")


def examined(document: Document, file: str) -> Checked:
    """Check data that was read, from YAML or another format, and add what was told while it was read."""
    case, faults = examine(document.data)
    refused = [one for one in document.problems if one.severity == "error"]
    told = {(one.file, one.line, one.column) for one in refused if one.column}
    kept = (one for one in faults if one.severity == "error" or not refused)  # else it may stand there
    later = (one for one in located(kept, document, file) if (one.file, one.line, one.column) not in told)
    problems = ordered((*document.problems, *later), file)
    return Checked(None if any(one.severity == "error" for one in problems) else case, problems)
