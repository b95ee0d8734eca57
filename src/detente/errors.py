"""What can go wrong, and how it is told: the thing, where it stands, its value, and the way out.

The tree of exceptions::

    DetenteError
    ├── CaseError             one or more problems in a case file, table or change; carries them all
    │   └── FormatError       the same, in a file of another format
    ├── QuantityError         a number with doubt that cannot be read or sampled
    ├── NotFoundError         no such case, scenario, lens, file
    ├── MissingPartError      the case lacks the part that a lens needs
    ├── NoWeightError         on one issue all weights are zero
    ├── OptionError           a value that an option does not take
    ├── LedgerError           a ledger that fails, or an act that it does not allow
    └── OutputError           a result that cannot be written where it was asked for
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from heapq import nlargest
from os.path import commonprefix
from typing import Literal

Severity = Literal["error", "warning"]


class DetenteError(Exception):
    """Root of every failure that détente reports; the command line shows its text and exits with 1."""


class QuantityError(DetenteError):
    """A number with doubt that cannot be read, printed or sampled."""


class NotFoundError(DetenteError):
    """Something that was named does not exist; the message offers the nearest names."""


class MissingPartError(DetenteError):
    """A lens was asked about a case that lacks the part it reads."""


class OptionError(DetenteError):
    """An option was given a value that it does not take."""


class LedgerError(DetenteError):
    """A ledger of forecasts fails, or does not allow what was asked of it; nothing was written."""


class OutputError(DetenteError):
    """A result could not be written where it was asked for; nothing was left half-written."""


class NoWeightError(DetenteError):
    """All actors on an issue have zero weight (influence times salience), so nothing can be averaged.

    Attributes:
        issue: index of the issue in the arrays that were being solved.
    """

    def __init__(self, issue: int, name: str | None = None) -> None:
        self.issue = issue
        self.name = name
        label = f"issue {name!r}" if name else f"issue number {issue + 1}"
        super().__init__(
            f"{label}: every actor's weight (influence × salience) is zero; "
            "give at least one actor a salience and an influence above 0"
        )

    def __reduce__(self) -> tuple[type[NoWeightError], tuple[int, str | None]]:
        """Rebuild from the issue when sent to another process."""
        return type(self), (self.issue, self.name)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a file: where it stands, what it is, and what to do about it.

    Attributes:
        message: what is wrong, in one clause.
        path: dotted path in the case (``stances.sanctions.congress.salience``) or ``""``.
        value: the offending value as text, or ``None``.
        hint: the way out, or ``None``.
        file: name of the file, or ``None`` when the case came from Python.
        line: 1-based line (row, in a table), or ``None``.
        column: 1-based column, or ``None``.
        severity: ``"error"`` or ``"warning"``.
    """

    message: str
    path: str = ""
    value: str | None = None
    hint: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None
    severity: Severity = "error"

    def __str__(self) -> str:
        """Return ``file:line:column: path: message (got value); hint``."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        text = ": ".join(part for part in (place, self.path, self.message) if part)
        if self.value is not None:
            text += f" (got {self.value})"
        return f"{text}; {self.hint}" if self.hint else text

    def to_dict(self) -> dict[str, str | int | None]:
        """Return the fields as plain data, for ``--json``."""
        return {
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "path": self.path,
            "message": self.message,
            "value": self.value,
            "hint": self.hint,
        }


class CaseError(DetenteError):
    """A case that cannot be used, with every problem found in it.

    Attributes:
        problems: all of them, in the order of the file.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"{count} problem{'s' if count != 1 else ''}:\n" if count != 1 else ""
        super().__init__(head + "\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[CaseError], tuple[tuple[Problem, ...]]]:
        """Rebuild from the problems when sent to another process."""
        return type(self), (self.problems,)


class FormatError(CaseError):
    """A file of another format that cannot be turned into a case."""


LONGEST_NAME = 100  # a longer one is no name, and comparing takes the product of the lengths
MOST_NAMES = 2_000
_SHORTLIST = 100


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like ``name``, or ``None`` when nothing is close.

    Where many names are known, those that share most of their beginning and end with ``name`` are compared.
    """
    candidates = [candidate for candidate in known if len(candidate) <= LONGEST_NAME]
    if len(name) > LONGEST_NAME or len(candidates) > MOST_NAMES:
        return None
    wanted = name.casefold()
    folded = {candidate.casefold(): candidate for candidate in reversed(candidates)}
    if wanted in folded:
        return folded[wanted]
    compared = list(folded)
    if len(compared) > _SHORTLIST:
        compared = nlargest(_SHORTLIST, compared, key=lambda other: _shared(wanted, other))
    matches = get_close_matches(wanted, compared, n=1, cutoff=0.6)
    return folded[matches[0]] if matches else None


def _shared(one: str, other: str) -> int:
    """Return how many characters two names share at their beginning and at their end."""
    beginning = commonprefix((one, other))  # noqa: RUF071 - characters are meant, not folders
    end = commonprefix((one[::-1], other[::-1]))  # noqa: RUF071
    return len(beginning) + len(end)


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return ``did you mean 'x'?`` or, when nothing is close and few are known, the list of what is known."""
    candidates = list(known)
    match = nearest(name, candidates)
    if match is not None:
        return f"did you mean {match!r}?"
    if 0 < len(candidates) <= 12 and all(len(candidate) <= LONGEST_NAME for candidate in candidates):
        return "known: " + ", ".join(candidates)
    return None


def offering(message: str, name: str, known: Iterable[str]) -> str:
    """Return a message and, where there is any, what `did_you_mean` offers in place of ``name``."""
    return "; ".join(filter(None, (message, did_you_mean(name, known))))


def pointed(text: str) -> str:
    """Return what to write in place of a number with a comma in it."""
    parted = f"; if it parts thousands: {text.replace(',', '')}" if re.search(r",\d{3}(?!\d)", text) else ""
    return f"with a point: {text.replace(',', '.')}{parted}"
