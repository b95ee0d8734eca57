"""What does a lens tell of one draw? Labelled outcomes, and in which words a reader is told of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Literal, Protocol

from detente.lenses.summary import Array
from detente.quantity import QuantityTable
from detente.show.record import Record


class OutcomeWords(Record):
    """How an outcome is told to people.

    Attributes:
        subject: what it is about: an issue, a deal, a state of the world.
        by: method by which it is found, where there are several; for a share, words that follow ``yes``.
        kind: ``position`` on the scale from ``low`` to ``high``, or ``share``: 1 where it is so in a draw, else 0.
        low: lowest value of the scale.
        high: highest value.
        issue: id of the issue on whose scale it stands, where it stands on one.
        about: ids of the issues that it settles, where it stands on the scale of none.
        yes: what is so where a share is 1 (``holds``, ``there is a deal``).
        no: what is so where it is 0.
        among: what two versions must have in common for outcomes of one label to be the same, such as the
            options of a game; empty where the label says it.
        stands_for: label of the share in whose place a margin is told, where that share never changes.
        first: whether it is asked about before the lens's other outcomes: a package, today's state.
    """

    subject: str
    by: str = ""
    kind: Literal["position", "share"] = "position"
    low: float = 0.0
    high: float = 1.0
    issue: str | None = None
    about: tuple[str, ...] = ()
    yes: str = "yes"
    no: str = "no"
    among: str = ""
    stands_for: str = ""
    first: bool = False

    @property
    def settles(self) -> frozenset[str]:
        """Return the ids of the issues that it is about, none where it is about no issue."""
        return frozenset((*self.about, *((self.issue,) if self.issue else ())))


def in_their_place(told: Mapping[str, OutcomeWords], flat: Callable[[str], bool]) -> dict[str, OutcomeWords]:
    """Return the margins that are told: those that stand for a share that is flat."""
    return {label: of for label, of in told.items() if of.stands_for and flat(of.stands_for)}


def leading(told: Mapping[str, OutcomeWords]) -> str:
    """Return the method or concept by which most of the outcomes are found, empty where none is named."""
    return next((by for by, _ in Counter(of.by for of in told.values()).most_common(1)), "")


def headed(of: OutcomeWords, lead: str) -> str:
    """Return the subject of an outcome, with the method by which it is found where that is not the leading one."""
    return of.subject if of.by in ("", lead) else f"{of.subject} ({of.by})"


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

    def told(self) -> Mapping[str, OutcomeWords]:
        """Return label → words, for the outcomes that people are told of first; the others are for programs."""
