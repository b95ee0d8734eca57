"""How does a case become a stability result, and a brief of its scenarios? The lens; solvers come when asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from detente.case import Case
from detente.lenses.compare import AS_IT_STANDS
from detente.lenses.draws import Progress, Workers
from detente.lenses.lens import DEFAULT_DRAWS, DEFAULT_SEED, Effort, Lens, LensResult, Others
from detente.lenses.stability.records import InScenario
from detente.lenses.stability.result import StabilityResult
from detente.lenses.summary import Array

if TYPE_CHECKING:
    from detente.case.formats import Format
    from detente.lenses.stability.summarise import StabilitySimulation
    from detente.lenses.stability.view import StabilityView
    from detente.show.blocks import Chapter


class StabilityLens(Lens):
    """Which outcomes hold, because nobody who can move away wants to?"""

    name: ClassVar[str] = "stability"
    question: ClassVar[str] = "Which outcomes hold, because nobody who can move away wants to?"
    part: ClassVar[str] = "game"
    numbers: ClassVar[str] = "shares"
    result: ClassVar[type[LensResult]] = StabilityResult

    def view(self, case: Case) -> StabilityView:
        """Read the game of a case.

        Raises:
            MissingPartError: the case has no game.
            CaseError: the game contradicts itself, with every problem.
        """
        from detente.lenses.stability.view import StabilityView

        return StabilityView(case)

    def reads(self, case: Case) -> bool:
        """Say whether the case has a game."""
        return case.game is not None

    def simulate(
        self,
        case: Case,
        *,
        draws: int = DEFAULT_DRAWS,
        seed: int = DEFAULT_SEED,
        workers: Workers = None,
        progress: Progress | None = None,
    ) -> StabilitySimulation:
        """Find what holds in every draw of the uncertain weights.

        Raises:
            MissingPartError: the case has no game.
            CaseError: the game contradicts itself, with every problem.
            OptionError: fewer than one draw, or too many.
        """
        from detente.lenses.stability.summarise import simulate

        return simulate(case, draws, seed, workers, progress)

    def margins(
        self, view: StabilityView, values: Array, wanted: Collection[str], others: Others | None = None
    ) -> dict[str, Array]:
        """Return how far states are from no longer holding, as shares of an actor's weights; four concepts."""
        del others
        return view.margins(values, wanted)

    def leanest(self, case: Case) -> dict[str, Any]:
        """Return the changes to a case that leave out coalitions, of which people are told last."""
        del case
        return {"options.stability.coalitions": False}

    def answer(self, versions: Mapping[str, Case], effort: Effort) -> StabilityResult:
        """Return the result, and what holds in every scenario.

        A scenario that leaves the game as it is is not solved again; one with other options is not compared.
        """
        from detente.lenses.stability.coalitions import COALITION_CONCEPTS
        from detente.lenses.stability.summarise import shares_of, simulate, with_scenarios

        case, scenarios = versions[AS_IT_STANDS], dict[str, InScenario]()
        played = [name for name, one in versions.items() if name == AS_IT_STANDS or _game(one) != _game(case)]
        parts = {name: effort.part(number, len(played)) for number, name in enumerate(played)}

        def drawn(name: str, *, coalitions: bool = True) -> StabilitySimulation:
            part, of = parts[name], versions[name]
            return simulate(of, part.draws, part.seed, part.workers, part.progress, coalitions=coalitions)

        result = drawn(AS_IT_STANDS).result()
        told = {*(row.state for row in result.outcomes), result.wanted or ""}
        # Outcomes are told by a concept of coalitions where none else will do; only then is it asked for again.
        together = any(row.concept in COALITION_CONCEPTS for row in result.outcomes)
        for name, scenario in case.scenarios.items():
            if name in played:
                played_so = drawn(name, coalitions=together)
                found = InScenario(name=scenario.name, game="other")
                if played_so.view.names == result.options:
                    shares, draws = (
                        shares_of(played_so.view, played_so.tally, played_so.draws, told),
                        played_so.draws,
                    )
                    found = InScenario(name=scenario.name, game="compared", draws=draws, shares=shares)
                scenarios[name] = found
            elif name in versions:
                scenarios[name] = InScenario(name=scenario.name, game="same")
        return with_scenarios(result, scenarios)

    def chapter(self, result: Any) -> Chapter:
        """Tell what holds, how firmly, and how one gets there."""
        from detente.lenses.stability.chapter import chapter

        return chapter(result)

    def formats(self) -> Sequence[Format]:
        """Return the formats of games with what holds in them: strategic forms and graphs."""
        from detente.lenses.stability.exports import FORMATS

        return FORMATS


def _game(case: Case) -> tuple[object, ...]:
    """Return what the lens reads of a case: the game, how it is asked, and the positions it may rest on."""
    game = case.game
    rests = game is not None and any(option.sets for option in game.options.values())
    return (game, case.options.stability, *((case.stances, case.issues) if rests else ()))


LENS = StabilityLens()
