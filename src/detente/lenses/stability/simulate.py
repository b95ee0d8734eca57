"""How are the draws of a game made? In blocks that depend on nothing but their numbers, then as one result."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.case import Case
from detente.lenses.draws import Progress, Workers, over_blocks
from detente.lenses.lens import DEFAULT_SEED, RunRecord, checked_draws
from detente.lenses.stability.result import StabilityResult
from detente.lenses.stability.solve import Held, Tally, equilibria
from detente.lenses.stability.summarise import summarise
from detente.lenses.stability.view import StabilityView
from detente.lenses.summary import Array

BLOCK = 256


def simulate(
    case: Case,
    draws: int,
    seed: int = DEFAULT_SEED,
    workers: Workers = None,
    progress: Progress | None = None,
    *,
    coalitions: bool = True,
) -> StabilitySimulation:
    """Find what holds in every draw of the uncertain weights, for coalitions too; see `StabilityLens.simulate`."""
    view = StabilityView(case, coalitions=coalitions)
    draws = checked_draws(draws, exact=view.table.is_exact)
    if not view.table.is_exact:
        equilibria(
            view.conflict, view.orders, view.table.means[None]
        )  # what is cached is made before the threads

    def block(start: int, count: int) -> tuple[Held, Tally, Array]:
        values = view.table.sample(seed, start, count)
        return *equilibria(view.conflict, view.orders, values), values if view.is_labelled else values[:0]

    found = list(over_blocks(block, draws, workers, progress, size=BLOCK))
    held: Held = {concept: np.concatenate([one[0][concept] for one in found]) for concept in found[0][0]}
    tally: Tally = {concept: np.sum([one[1][concept] for one in found], axis=0) for concept in held}
    return StabilitySimulation(view, held, tally, np.concatenate([one[2] for one in found]), draws, seed)


@dataclass(frozen=True, slots=True)
class StabilitySimulation:
    """All draws of the stability lens on one case.

    Attributes:
        view: the game.
        held: concept → shape (draws, m) of what holds, or (draws,) of how many states do.
        tally: concept → in how many draws each state holds, shape (m,); empty in games of very many states.
        values: what was drawn, shape (draws, columns of the table), where states are followed draw by draw.
        draws: how many draws were made.
        seed: of the draws.
    """

    view: StabilityView
    held: Held
    tally: Tally
    values: Array
    draws: int
    seed: int

    def outcomes(self) -> dict[str, Array]:
        """Return ``<concept>.<state>`` → 1 where it is an equilibrium, shape (draws,)."""
        return self.view.labelled(self.held)

    def result(self) -> StabilityResult:
        """Summarise the draws; witnesses, paths and levers are those of the mean preferences."""
        view, case = self.view, self.view.case
        options, exact = view.options.model_dump(mode="json"), view.table.is_exact
        record = RunRecord.of(
            "stability", case, draws=self.draws, seed=self.seed, exact=exact, options=options
        )
        return summarise(view, self.held, self.tally, self.values, record)
