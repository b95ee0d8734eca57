"""Which question does the lens answer, and by what? Its entry in the registry; solvers are imported when asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from detente.case import Case
from detente.lenses.compare import AS_IT_STANDS
from detente.lenses.draws import Progress, Workers
from detente.lenses.lens import DEFAULT_DRAWS, DEFAULT_SEED, Effort, Lens, LensResult, Others
from detente.lenses.summary import Array
from detente.lenses.winset.result import WinsetResult

if TYPE_CHECKING:
    from detente.lenses.winset.simulation import WinsetSimulation
    from detente.lenses.winset.view import WinsetView
    from detente.show.blocks import Chapter


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
        from detente.lenses.winset.view import WinsetView

        return WinsetView(case)

    def simulate(
        self,
        case: Case,
        *,
        draws: int = DEFAULT_DRAWS,
        seed: int = DEFAULT_SEED,
        workers: Workers = None,
        progress: Progress | None = None,
    ) -> WinsetSimulation:
        """Decide every deal in every draw.

        Raises:
            MissingPartError: the case lacks consent rules, stances or no-deal points.
            OptionError: fewer than one draw, or too many.
        """
        from detente.lenses.winset.simulation import simulate

        return simulate(case, draws, seed, workers, progress)

    def zones(self, made: WinsetSimulation) -> Mapping[str, Mapping[str, Array]]:
        """Return what all who must consent would accept on each issue of each deal, draw by draw."""
        return made.zones()

    def outcomes(
        self,
        view: WinsetView,
        values: Array,
        others: Others | None = None,
        wanted: Collection[str] | None = None,
    ) -> dict[str, Array]:
        """Return whether there is each deal; margins in the place of constant answers only where all is wanted."""
        del others
        return view.outcomes(values, wanted)

    def margins(
        self, view: WinsetView, values: Array, wanted: Collection[str], others: Others | None = None
    ) -> dict[str, Array]:
        """Return how far inside or outside agreement each row is, as a share of the scale."""
        del others
        return view.margins(values, wanted)

    def chapter(self, result: WinsetResult) -> Chapter:
        """Tell a result."""
        from detente.lenses.winset.chapter import chapter

        return chapter(result, self.question)

    def affordable(self, case: Case, draws: int) -> int:
        """Return fewer draws where each takes long: a crowd, many deals, or many discrete issues in one."""
        from detente.lenses.winset.limits import CROWD, LISTED, few

        heavy = self.view(case).weight
        return draws if heavy <= CROWD else min(draws, few(LISTED, heavy))

    def answer(self, versions: Mapping[str, Case], effort: Effort) -> WinsetResult:
        """Return the result, and what stands in the way in every scenario; the lens runs the scenarios itself."""
        *_, whole = self.in_turn(versions, effort)
        return whole

    def in_turn(self, versions: Mapping[str, Case], effort: Effort) -> Iterator[WinsetResult]:
        """Yield the answer as it is found: which deals there are, for who cannot wait; then all of it."""
        from detente.lenses.winset.limits import BRIEF, few
        from detente.lenses.winset.summarise import obstacles

        case = versions[AS_IT_STANDS]
        draws = min(effort.draws, few(BRIEF, self.view(case).weight))
        made = self.simulate(
            case, draws=draws, seed=effort.seed, workers=effort.workers, progress=effort.progress
        )
        yield made.summary.deals
        result = made.result()
        found = {
            scenario: obstacles(versions[scenario], draws=draws, seed=effort.seed, chances=deals)
            for scenario, deals in result.deal_probability.items()
            if scenario in versions and deals
        }
        yield result.model_copy(update={"obstacles": found})


LENS = WinsetLens()
