"""What does the cross-impact lens return? The futures that hold together, by which doubt, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from detente.case import Futures
from detente.lenses.crossimpact.records import (
    Apart,
    Argument,
    Breaking,
    ClaimFound,
    Cycle,
    Future,
    Influence,
    Points,
    Reading,
    Reason,
    Step,
    VariantShare,
    Worth,
)
from detente.lenses.lens import LensResult
from detente.show.table import Cell, Table, table_of

FREE, WITH, WITHOUT = "free", "with", "without"
CLAIM = {
    "claim": "id",
    "reading": "what is assumed",
    "share": "of the consistent futures that have it",
    "some": "share of draws in which some consistent future has it",
}
ARGUED = {
    "descriptor": "name",
    "variant": "that it has",
    "runner_up": "the best other",
    "lead": "over the runner-up",
    "because": "ids of sources",
}


def assumed(of: Futures) -> str:
    """Return the descriptor that an assumption is about; empty without one, or where it is fixed."""
    return next((key for key in of.assume.holds if key not in of.fixed), "") if of.assume is not None else ""


class CrossImpactResult(LensResult):
    """What follows: all futures that hold together, by the best guesses and over all draws of the doubt.

    Attributes:
        complete: whether the search by the best guesses found all; if not, these are what it found.
        complete_draws: share of draws in which the search found all.
        nodes: of the search by the best guesses.
        states: how many scenarios there are in all, as a number with an exponent where there are very many.
        tolerance: by how much a variant may fall short.
        basins_exact: whether every starting point was followed, not a sample.
        survival_by: how survival was found: exact (by convolution) or drawn.
        scenarios: the futures that hold together by the best guesses, in the order of their numbers.
        newcomers: others that hold together in some draws, the most frequent first.
        cycles: what succession goes round without end.
        readings: assumption → what holds together: ``free`` nothing, ``with`` and ``without`` what the case
            assumes, ``<descriptor>=<variant>`` the draws in which what the descriptor follows is so.
        followed: descriptor → the answer that it follows, where that answer was given.
        arguments: why the firmest futures hold, descriptor by descriptor.
        breaking: the least that breaks them.
        claims: whether what is said to follow holds together.
        apart: claims that hardly ever go together.
        worth: what is worth settling: judgements, sources and experts, the most first.
        influences: how far descriptors move each other, the strongest first.
        unjudged: how many rows were not judged where another variant of the descriptor was.
        expected: how many futures hold together, averaged over the draws.
    """

    complete: bool
    complete_draws: float
    nodes: int
    states: float
    tolerance: int
    basins_exact: bool
    survival_by: str
    scenarios: tuple[Future, ...]
    newcomers: tuple[Future, ...]
    cycles: tuple[Cycle, ...]
    readings: dict[str, Reading]
    followed: dict[str, str]
    arguments: tuple[Argument, ...]
    breaking: tuple[Breaking, ...]
    claims: dict[str, ClaimFound]
    apart: tuple[Apart, ...]
    worth: tuple[Worth, ...]
    influences: tuple[Influence, ...]
    unjudged: int
    expected: float

    @property
    def futures(self) -> Futures:
        """Return the futures of the case."""
        futures = self.case.futures
        if futures is None:  # a result of this lens has been made from some
            raise ValueError("the case of this result has no futures")
        return futures

    @property
    def listed(self) -> tuple[Future, ...]:
        """Return all futures that are told of, those by the best guesses first."""
        return (*self.scenarios, *self.newcomers)

    @property
    def themes(self) -> dict[str, list[str]]:
        """Return theme → ids of its descriptors, in the order of the case."""
        found: dict[str, list[str]] = {}
        for key, one in self.futures.descriptors.items():
            found.setdefault(one.theme or "", []).append(key)
        return found

    @property
    def assumed(self) -> str:
        """Return the descriptor that an assumption is about; empty without one."""
        return assumed(self.futures)

    @property
    def asked(self) -> tuple[str, ...]:
        """Return the readings that are told side by side, the leading one first."""
        return (WITH, WITHOUT) if self.assumed else (FREE,)

    def variant(self, descriptor: str, variant: str) -> str:
        """Return the name of a variant."""
        return self.futures.descriptors[descriptor].variants[variant].name

    def tables(self) -> Mapping[str, Table]:
        """Return the futures, then what they consist of and rest on."""
        reading, future = {"reading": "what is assumed"}, {"future": "number in the list"}
        readings = self.readings.items()
        shares = (((key,), one) for key, of in readings for one in of.shares)
        made = (
            self._futures(),
            table_of(shares, VariantShare, "variants", reading),
            table_of((((key,), one) for key, one in readings), Reading, "readings", reading),
            table_of(self._claims(), ClaimFound, "claims", CLAIM),
            table_of((((), one) for one in self.worth), Worth, "worth", {}),
            table_of(self._reasons(), Reason, "arguments", future | ARGUED),
            table_of((((one.future + 1,), one.step) for one in self.breaking), Step, "breaking", future),
            table_of((((), one) for one in self.apart), Apart, "apart", {}),
            table_of((((), one) for one in self.influences), Influence, "influences", {}),
            self._counts(),
        )
        return {table.name: table for table in made}

    def _futures(self) -> Table:
        names = {key: one.name for key, one in self.futures.descriptors.items()}
        keys = {"future": "number in the list", **{key: f"variant of {name}" for key, name in names.items()}}
        rows: list[tuple[tuple[Cell, ...], Future]] = [
            ((number, *one.variants), one) for number, one in enumerate(self.listed, start=1)
        ]
        return replace(table_of(rows, Future, "futures", keys), heads=names)

    def _claims(self) -> Iterator[tuple[tuple[Cell, ...], ClaimFound]]:
        for key, one in self.claims.items():
            for reading, share in one.shares.items():
                yield (key, reading, share, one.some[reading]), one

    def _reasons(self) -> Iterator[tuple[tuple[Cell, ...], Reason]]:
        for one in self.arguments:
            for reason in (*one.supports, *one.objections):
                cells = (one.future + 1, one.descriptor, one.variant, one.runner_up, one.lead)
                yield (*cells, "; ".join(reason.because)), reason

    def _counts(self) -> Table:
        columns = {"what": "is counted", "number": "of them"}
        counted: dict[str, Points] = {
            "futures by the best guesses": len(self.scenarios),
            "futures in a draw, on average": self.expected,
            "scenarios in all": self.states,
            "nodes of the search": self.nodes,
            "rows not judged": self.unjudged,
            "draws searched to the end": self.complete_draws,
            "cycles": len(self.cycles),
        }
        return Table("counts", columns, tuple(counted.items()))
