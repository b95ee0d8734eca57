"""How does a case become an answer about deals? View, blocks of draws, and the analysis of those draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from detente.case import Case
from detente.errors import MissingPartError
from detente.lenses.compare import AS_IT_STANDS
from detente.lenses.draws import Progress, over_blocks
from detente.lenses.lens import (
    DEFAULT_DRAWS,
    DEFAULT_SEED,
    Effort,
    Lens,
    LensResult,
    RunRecord,
    checked_draws,
)
from detente.lenses.summary import Array
from detente.lenses.winset.result import WinsetResult
from detente.lenses.winset.solve import Solved, has_deal, solve, statuses
from detente.lenses.winset.view import WinsetView
from detente.version import __version__

if TYPE_CHECKING:
    from detente.show.blocks import Chapter

Statuses = NDArray[np.int8]
BLOCK = 256
MOST_DRAWS = 2_000
"""Draws of a brief: blurs a share by at most 2.2 % in 95 of 100 runs."""
SAMPLED = 1_000
"""Draws in which blockers and levers are sought: blurs a share by at most 3.1 % in 95 of 100 runs."""


class WinsetLens(Lens):
    """Is there a deal that everybody who must consent would accept, and who blocks it?"""

    name: ClassVar[str] = "winset"
    question: ClassVar[str] = "Is there a deal that all who must consent would accept? Who blocks it?"
    part: ClassVar[str] = "consent"
    numbers: ClassVar[str] = "solutions"
    result: ClassVar[type[LensResult]] = WinsetResult

    def view(self, case: Case) -> WinsetView:
        """Read who must consent to what, and what each wants.

        Raises:
            MissingPartError: the case lacks consent rules, stances or no-deal points.
        """
        return WinsetView(case)

    def chapter(self, result: WinsetResult) -> Chapter:
        """Tell a result."""
        from detente.lenses.winset.chapter import chapter

        return chapter(result, self.question)

    def answer(self, versions: Mapping[str, Case], effort: Effort) -> WinsetResult:
        """Return the result, and what stands in the way in every scenario; the lens runs the scenarios itself."""
        from detente.lenses.winset.obstacles import obstacles

        draws = min(effort.draws, MOST_DRAWS)
        result = self.simulate(
            versions[AS_IT_STANDS],
            draws=draws,
            seed=effort.seed,
            workers=effort.workers,
            progress=effort.progress,
        ).result()
        found = {
            scenario: obstacles(versions[scenario], draws=draws, seed=effort.seed)
            for scenario, deals in result.deal_probability.items()
            if scenario in versions and deals
        }
        return result.model_copy(update={"obstacles": found})

    def simulate(
        self,
        case: Case,
        *,
        draws: int = DEFAULT_DRAWS,
        seed: int = DEFAULT_SEED,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> WinsetSimulation:
        """Decide every deal in every draw.

        Raises:
            MissingPartError: the case lacks consent rules, stances or no-deal points.
            OptionError: fewer than one draw, or too many.
        """
        view = self.view(case)
        draws = checked_draws(draws, exact=view.table.is_exact)

        def block(start: int, count: int) -> dict[str, Solved]:
            return solve(view, view.table.sample(seed, start, count))

        found = list(over_blocks(block, draws, workers, progress, size=BLOCK))
        joined = {terms.id: _joined([part[terms.id] for part in found]) for terms in view.deals}
        return WinsetSimulation(view, joined, draws, seed, workers)


@dataclass(frozen=True, slots=True)
class WinsetSimulation:
    """All draws of the win-set lens on one case.

    Attributes:
        view: the case as the lens reads it.
        solved: deal → its answers in all draws.
        draws: how many were made.
        seed: of the draws.
        workers: threads.
    """

    view: WinsetView
    solved: Mapping[str, Solved]
    draws: int
    seed: int
    workers: int | None

    @property
    def sampled(self) -> int:
        """Return in how many of the draws, the first, blockers and levers are sought."""
        return min(self.draws, SAMPLED)

    def outcomes(self) -> dict[str, Array]:
        """Return ``<deal>.deal`` → 1 where there is one, shape (draws,)."""
        weak = self.view.options.acceptance
        return {
            f"{deal}.deal": has_deal(s.status, weak).astype(np.float64) for deal, s in self.solved.items()
        }

    def result(self) -> WinsetResult:
        """Summarise the draws; who blocks and what would help is sought in some of them, and at mean inputs."""
        from detente.lenses.winset.summarise import summarise

        case = self.view.case
        record = RunRecord(
            lens=WinsetLens.name,
            title=case.title,
            scenario=case.scenario,
            fingerprint=case.fingerprint,
            draws=self.draws,
            seed=self.seed,
            exact=self.view.table.is_exact,
            options=self.view.options.model_dump(mode="json"),
            version=__version__,
        )
        return summarise(self, record)

    def scenario_statuses(self, scenario: str) -> dict[str, Statuses]:
        """Return deal → status in every draw of a scenario, on the same draws; none where no deal is left."""
        try:
            view = WinsetView(self.view.case.with_(scenario=scenario))
        except MissingPartError:
            return {}
        draws = 1 if view.table.is_exact else self.draws

        def block(start: int, count: int) -> dict[str, Statuses]:
            values = view.table.sample(self.seed, start, count)
            return {terms.id: statuses(view, terms, values) for terms in view.deals}

        found = list(over_blocks(block, draws, self.workers, size=BLOCK))
        return {terms.id: np.concatenate([part[terms.id] for part in found]) for terms in view.deals}


def _joined(parts: list[Solved]) -> Solved:
    names = parts[0].packages
    return Solved(
        status=np.concatenate([part.status for part in parts]),
        packages={name: np.concatenate([part.packages[name] for part in parts]) for name in names},
        agreed=np.concatenate([part.agreed for part in parts]),
    )


LENS = WinsetLens()
