"""How does a case become a stability result? View, blocks of draws, and the analysis at the mean preferences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from detente.case import Case
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
from detente.lenses.stability.coalitions import COALITION_CONCEPTS
from detente.lenses.stability.records import InScenario
from detente.lenses.stability.result import StabilityResult
from detente.lenses.stability.solve import Held, Tally, equilibria
from detente.lenses.stability.summarise import shares_of, summarise, with_scenarios
from detente.lenses.stability.view import StabilityView
from detente.lenses.summary import Array
from detente.version import __version__

if TYPE_CHECKING:
    from detente.case.formats import Format
    from detente.show.blocks import Chapter

BLOCK = 128


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
        return StabilityView(case)

    def simulate(
        self,
        case: Case,
        *,
        draws: int = DEFAULT_DRAWS,
        seed: int = DEFAULT_SEED,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> StabilitySimulation:
        """Find what holds in every draw of the uncertain weights.

        Raises:
            MissingPartError: the case has no game.
            CaseError: the game contradicts itself, with every problem.
            OptionError: fewer than one draw, or too many.
        """
        view = self.view(case)
        draws = checked_draws(draws, exact=view.table.is_exact)
        if not view.table.is_exact:
            equilibria(
                view.conflict, view.orders, view.table.means[None]
            )  # what is cached is made before the threads

        def block(start: int, count: int) -> tuple[Held, Tally]:
            return equilibria(view.conflict, view.orders, view.table.sample(seed, start, count))

        found = list(over_blocks(block, draws, workers, progress, size=BLOCK))
        held: Held = {
            concept: np.concatenate([part[concept] for part, _ in found]) for concept in found[0][0]
        }
        tally: Tally = {concept: np.sum([one[concept] for _, one in found], axis=0) for concept in held}
        return StabilitySimulation(view, held, tally, draws, seed)

    def answer(self, versions: Mapping[str, Case], effort: Effort) -> StabilityResult:
        """Return the result, and what holds in every scenario.

        A scenario that leaves the game as it is is not solved again; one with other options is not compared.
        """
        case, scenarios = versions[AS_IT_STANDS], dict[str, InScenario]()
        played = [name for name, one in versions.items() if name == AS_IT_STANDS or _game(one) != _game(case)]
        parts = {name: effort.part(number, len(played)) for number, name in enumerate(played)}
        result = self._drawn(case, parts[AS_IT_STANDS]).result()
        told = {*(row.state for row in result.outcomes), result.wanted}
        # Outcomes are told by a concept of coalitions where none else will do; only then is it asked for again.
        together = any(row.concept in COALITION_CONCEPTS for row in result.outcomes)
        for name, scenario in case.scenarios.items():
            if name in played:
                one = versions[name]
                one = one if together else one.with_({"options.stability.coalitions": False})
                drawn = self._drawn(one, parts[name])
                if drawn.view.names == result.options:
                    shares = shares_of(drawn.view, drawn.tally, drawn.draws, told)
                    found = InScenario(name=scenario.name, game="compared", draws=drawn.draws, shares=shares)
                else:
                    found = InScenario(name=scenario.name, game="other")
                scenarios[name] = found
            elif name in versions:
                scenarios[name] = InScenario(name=scenario.name, game="same")
        return with_scenarios(result, scenarios)

    def _drawn(self, case: Case, effort: Effort) -> StabilitySimulation:
        return self.simulate(
            case, draws=effort.draws, seed=effort.seed, workers=effort.workers, progress=effort.progress
        )

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


@dataclass(frozen=True, slots=True)
class StabilitySimulation:
    """All draws of the stability lens on one case.

    Attributes:
        view: the game.
        held: concept → shape (draws, m) of what holds, or (draws,) of how many states do.
        tally: concept → in how many draws each state holds, shape (m,); empty in games of very many states.
        draws: how many draws were made.
        seed: of the draws.
    """

    view: StabilityView
    held: Held
    tally: Tally
    draws: int
    seed: int

    def outcomes(self) -> dict[str, Array]:
        """Return ``<concept>.<state>`` → 1 where it is an equilibrium, shape (draws,)."""
        return self.view.labelled(self.held)

    def result(self) -> StabilityResult:
        """Summarise the draws; witnesses, paths and levers are those of the mean preferences."""
        view, case = self.view, self.view.case
        record = RunRecord(
            lens=StabilityLens.name,
            title=case.title,
            scenario=case.scenario,
            fingerprint=case.fingerprint,
            draws=self.draws,
            seed=self.seed,
            exact=view.table.is_exact,
            options=view.options.model_dump(mode="json"),
            version=__version__,
        )
        return summarise(view, self.held, self.tally, record)


LENS = StabilityLens()
