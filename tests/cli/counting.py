"""A lens from another package, for the tests: it counts who takes part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from detente.case import Case
from detente.lenses import Finding, LensResult, RunRecord, Table


class CountingResult(LensResult):
    """How many actors and issues there are."""

    actors: int
    issues: int

    def tables(self) -> Mapping[str, Table]:
        """Return ``counts``."""
        return {"counts": Table("counts", {"actors": "", "issues": ""}, ((self.actors, self.issues),))}


class CountingSimulation:
    """All draws of a lens that draws nothing."""

    def __init__(self, case: Case, seed: int) -> None:
        self.case = case
        self.seed = seed

    def result(self) -> CountingResult:
        """Return the counts."""
        actors = len(self.case.actors)
        record = RunRecord(
            lens="counting",
            title=self.case.title,
            scenario=self.case.scenario,
            fingerprint=self.case.fingerprint,
            draws=1,
            seed=self.seed,
            exact=True,
            options={},
            version="0",
        )
        finding = Finding(
            id="count", sentence="Four actors take part.", numbers={"actors": actors}, table="counts"
        )
        return CountingResult(record=record, findings=(finding,), actors=actors, issues=len(self.case.issues))


class CountingLens:
    """How many take part?"""

    name: ClassVar[str] = "counting"
    question: ClassVar[str] = "How many take part?"
    result: ClassVar[type[LensResult]] = CountingResult

    def simulate(self, case: Case, *, seed: int, **_: object) -> CountingSimulation:
        """Count."""
        return CountingSimulation(case, seed)


LENS = CountingLens()
