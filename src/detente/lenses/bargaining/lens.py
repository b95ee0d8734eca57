"""How does a case become a bargaining result? View, blocks of draws, and one summary of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from detente.case import Case
from detente.lenses.bargaining.findings import findings
from detente.lenses.bargaining.gather import Gathered
from detente.lenses.bargaining.methods import METHODS
from detente.lenses.bargaining.result import Agreement, BargainingResult
from detente.lenses.bargaining.rounds import rounds
from detente.lenses.bargaining.solve import Solved, solve
from detente.lenses.bargaining.trades import trades
from detente.lenses.bargaining.view import BargainingView
from detente.lenses.draws import Progress, over_blocks
from detente.lenses.lens import DEFAULT_DRAWS, DEFAULT_SEED, Lens, LensResult, RunRecord, checked_draws
from detente.lenses.summary import Array, Distribution, distribution
from detente.version import __version__


class BargainingLens(Lens):
    """Where would each issue settle?"""

    name: ClassVar[str] = "bargaining"
    question: ClassVar[str] = "Where would each issue settle?"
    part: ClassVar[str] = "stances"
    numbers: ClassVar[str] = "forecasts"
    result: ClassVar[type[LensResult]] = BargainingResult
    methods: ClassVar[Mapping[str, str]] = METHODS

    def view(self, case: Case) -> BargainingView:
        """Read the stances of a case.

        Raises:
            MissingPartError: nobody has a stance on anything.
        """
        return BargainingView(case)

    def simulate(
        self,
        case: Case,
        *,
        draws: int = DEFAULT_DRAWS,
        seed: int = DEFAULT_SEED,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> BargainingSimulation:
        """Forecast every issue by every method that the case's options name, in every draw.

        Raises:
            MissingPartError: nobody has a stance on anything.
            NoWeightError: on some issue all weights are zero.
            OptionError: fewer than one draw, or too many.
        """
        view = self.view(case)
        draws = checked_draws(draws, exact=view.table.is_exact)

        def block(start: int, count: int) -> Solved:
            return solve(view, view.inputs(view.table.sample(seed, start, count)))

        gathered = Gathered(view, over_blocks(block, draws, workers, progress))
        return BargainingSimulation(view, gathered, seed)


@dataclass(frozen=True, slots=True)
class BargainingSimulation:
    """All draws of the bargaining lens on one case."""

    view: BargainingView
    gathered: Gathered
    seed: int

    def outcomes(self) -> dict[str, Array]:
        """Return ``<issue>.<method>`` → shape (draws,)."""
        return self.view.labelled(self.gathered.forecasts)

    def result(self) -> BargainingResult:
        """Summarise the draws; the challenge's rounds and central trades are those of the mean inputs."""
        view, case = self.view, self.view.case
        record = RunRecord(
            lens=BargainingLens.name,
            title=case.title,
            scenario=case.scenario,
            fingerprint=case.fingerprint,
            draws=self.gathered.draws,
            seed=self.seed,
            exact=view.table.is_exact,
            options=view.options.model_dump(mode="json"),
            version=__version__,
        )
        central = solve(view, view.inputs(view.table.means[None, :]), keep_path=True)
        return summarise(view, self.gathered, central, record)


LENS = BargainingLens()


def summarise(
    view: BargainingView, gathered: Gathered, central: Solved, record: RunRecord
) -> BargainingResult:
    """Turn the draws of all blocks into a result."""
    case = view.case
    issues = {issue: _methods(view, gathered, i) for i, issue in enumerate(view.issues)}
    headline = view.options.headline
    if headline not in view.options.methods:
        headline = view.options.methods[0]
    result = BargainingResult(
        record=record,
        case=case,
        findings=(),
        issues=issues,
        headline=headline,
        baselines={issue: _baselines(view, gathered, i) for i, issue in enumerate(view.issues)},
        agreement={
            issue: _agreement(view, gathered, issues[issue], i) for i, issue in enumerate(view.issues)
        },
        pull=gathered.mean_pulls(),
        rounds=rounds(view, gathered, central),
        trades=trades(gathered, central),
        skipped=_skipped(view, issues),
        names={
            **{actor: case.actors[actor].name for actor in view.actors},
            **{issue: case.issues[issue].name for issue in view.issues},
        },
        units={issue: unit for issue in view.issues if (unit := case.issues[issue].unit) is not None},
    )
    return result.model_copy(update={"findings": tuple(findings(case, result))})


def _methods(view: BargainingView, gathered: Gathered, i: int) -> dict[str, Distribution]:
    low, high = float(view.scale_low[i]), float(view.scale_high[i])
    methods = {}
    for method, values in gathered.forecasts.items():
        if not np.isnan(values[:, i]).any():
            fails = None
            if method == "nash" and gathered.agreement is not None:
                fails = 1.0 - float(gathered.agreement[:, i].mean())
            methods[str(method)] = distribution(values[:, i], low, high, fails)
    return methods


def _baselines(view: BargainingView, gathered: Gathered, i: int) -> dict[str, Distribution]:
    low, high = float(view.scale_low[i]), float(view.scale_high[i])
    named = {"unweighted_mean": gathered.unweighted[:, i], "no_deal": gathered.no_deal[:, i]}
    return {name: distribution(x, low, high) for name, x in named.items() if not np.isnan(x).any()}


def _agreement(
    view: BargainingView, gathered: Gathered, methods: dict[str, Distribution], i: int
) -> Agreement:
    lowest, highest = (pick(methods, key=lambda method: methods[method].mean) for pick in (min, max))
    values = np.array([gathered.forecasts[m][:, i] for m in gathered.forecasts if m in methods])
    width = float(view.scale_high[i] - view.scale_low[i])
    return Agreement(
        lowest=lowest,
        highest=highest,
        spread=methods[highest].mean - methods[lowest].mean,
        within_tenth=float((np.ptp(values, axis=0) <= width / 10).mean()),
    )


def _skipped(view: BargainingView, issues: dict[str, dict[str, Distribution]]) -> dict[str, dict[str, str]]:
    """Say which methods have no forecast for which issue, and why."""
    why = "the issue states no no_deal point to bargain against"
    missing: Iterable[tuple[str, list[str]]] = (
        (issue, [str(m) for m in view.options.methods if m not in methods])
        for issue, methods in issues.items()
    )
    return {issue: dict.fromkeys(methods, why) for issue, methods in missing if methods}
