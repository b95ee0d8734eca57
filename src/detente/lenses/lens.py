"""What is a lens? One question asked of a case: the contract that every lens keeps.

A lens reads its part of a case into a *view* (frozen arrays; the only place that knows the case), turns drawn
numbers into outcomes by pure functions, and returns a frozen result that says how it was made.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from detente.case import Case
from detente.errors import OptionError
from detente.lenses.blocks import Progress
from detente.lenses.published import Published, Record
from detente.lenses.summary import Array
from detente.lenses.table import Table
from detente.quantity import QuantityTable

DEFAULT_DRAWS = 10_000
DEFAULT_SEED = 1


MOST_DRAWS = 10_000_000


def checked_draws(draws: int, *, exact: bool) -> int:
    """Return how many draws to make: one where nothing carries doubt.

    Raises:
        OptionError: fewer than one, or more than ten million.
    """
    if not 1 <= draws <= MOST_DRAWS:
        raise OptionError(f"{draws} draws cannot be made; ask for 1 to {MOST_DRAWS:,}")
    return 1 if exact else draws


class RunRecord(Record):
    """How a result was made; the same record gives the same bytes.

    Attributes:
        lens: name of the lens.
        title: of the case.
        scenario: id of the scenario, ``None`` for the case as it stands.
        fingerprint: of the case's content.
        draws: how many draws were made; 1 where no input carries doubt.
        seed: of the draws.
        exact: whether no input that the lens reads carries doubt.
        options: what the lens was told to do.
        version: of détente.
    """

    lens: str
    title: str
    scenario: str | None
    fingerprint: str
    draws: int
    seed: int
    exact: bool
    options: dict[str, Any]
    version: str


class Finding(Record):
    """What a reader should take away: a sentence, its numbers and what drives it.

    Attributes:
        id: stable name of the kind of finding and its subject.
        sentence: computed text.
        numbers: every number in the sentence, by name, as found in the table.
        drivers: paths in the case that the finding rests on.
        table: name of the result's table that holds the numbers.
    """

    id: str
    sentence: str
    numbers: dict[str, float]
    drivers: tuple[str, ...] = ()
    table: str


class LensResult(Published):
    """What every lens returns: how it was made, what it found, and the numbers as tables."""

    record: RunRecord
    findings: tuple[Finding, ...]

    @abstractmethod
    def tables(self) -> Mapping[str, Table]:
        """Return the tidy tables of the result, by name."""

    def _repr_html_(self) -> str:
        """Show findings and tables in a notebook."""
        from html import escape

        findings = "".join(f"<li>{escape(finding.sentence)}</li>" for finding in self.findings)
        first = next(iter(self.tables().values()))
        return f"<h3>{escape(self.record.title)}</h3><ul>{findings}</ul>{first._repr_html_()}"


class View(Protocol):
    """A lens's reading of one case."""

    @property
    def table(self) -> QuantityTable:
        """Every number that the lens reads from the case."""

    def outcomes(self, values: Array) -> dict[str, Array]:
        """Turn numbers into outcomes.

        Args:
            values: shape (rows, columns of the table): one drawn or chosen number per quantity.

        Returns:
            Label of an outcome → shape (rows,).
        """


class Simulation(Protocol):
    """All draws of one run of a lens."""

    def outcomes(self) -> dict[str, Array]:
        """Return label of an outcome → shape (draws,); draw *k* is the same draw in every version of a case."""

    def result(self) -> LensResult:
        """Return the summary of the draws."""


class Lens(Protocol):
    """One question asked of a case."""

    name: ClassVar[str]
    question: ClassVar[str]
    result: ClassVar[type[LensResult]]

    def view(self, case: Case) -> View:
        """Read the case.

        Raises:
            MissingPartError: the case lacks the part that the lens needs.
        """

    def simulate(
        self,
        case: Case,
        *,
        draws: int = DEFAULT_DRAWS,
        seed: int = DEFAULT_SEED,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> Simulation:
        """Make ``draws`` draws of everything that carries doubt.

        Args:
            case: the case; a scenario is applied before (``case.with_(scenario=…)``).
            draws: at least 1; a case without doubt is drawn once.
            seed: the same seed gives the same bytes, whatever the number of workers.
            workers: threads; all processors when ``None``.
            progress: called with (draws done, draws in all).
        """
