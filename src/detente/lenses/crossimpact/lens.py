"""How does a case become a cross-impact result? The lens; solvers come when asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from detente.case import Case
from detente.errors import OptionError, Problem, offering
from detente.lenses.compare import AS_IT_STANDS
from detente.lenses.crossimpact.result import CrossImpactResult
from detente.lenses.draws import Progress, Workers
from detente.lenses.lens import DEFAULT_DRAWS, DEFAULT_SEED, Ask, Effort, Lens, LensResult, Others
from detente.lenses.summary import Array

if TYPE_CHECKING:
    from detente.case.formats import Format
    from detente.lenses.crossimpact.simulate import CrossImpactSimulation
    from detente.lenses.crossimpact.view import CrossImpactView
    from detente.show.blocks import Chapter


FOLLOWED = 2_000
"""Draws of a brief where the futures follow another lens: a share is then known to 1.1 % at worst."""


class CrossImpactLens(Lens):
    """What would follow: which futures hold together?"""

    name: ClassVar[str] = "crossimpact"
    question: ClassVar[str] = "What would follow: which futures hold together?"
    part: ClassVar[str] = "futures"
    numbers: ClassVar[str] = "variants"
    result: ClassVar[type[LensResult]] = CrossImpactResult

    def __init__(self, ask: Ask | None = None) -> None:
        """Make the lens, able to ask others for what descriptors follow where ``ask`` is given."""
        self.ask = ask

    def view(self, case: Case) -> CrossImpactView:
        """Read the futures of a case."""
        from detente.lenses.crossimpact.view import CrossImpactView

        return CrossImpactView(case)

    def reads(self, case: Case) -> bool:
        """Say whether the case has futures."""
        return case.futures is not None

    def follows(self, case: Case) -> Mapping[str, str]:
        """Return place of each descriptor that follows another lens → the name of that lens."""
        if case.futures is None:
            return {}
        return {
            f"futures.descriptors.{key}.follows": one.follows.partition(".")[0]
            for key, one in case.futures.descriptors.items()
            if one.follows is not None and key not in case.futures.fixed
        }

    def hearing(self, ask: Ask) -> CrossImpactLens:
        """Return this lens able to ask others for what descriptors follow."""
        return CrossImpactLens(ask)

    def simulate(
        self,
        case: Case,
        *,
        draws: int = DEFAULT_DRAWS,
        seed: int = DEFAULT_SEED,
        workers: Workers = None,
        progress: Progress | None = None,
    ) -> CrossImpactSimulation:
        """Find what holds together in every draw of the judgements in doubt.

        Raises:
            CaseError: there are more scenarios than can be numbered, or what a descriptor follows is not answered.
        """
        from detente.lenses.crossimpact.simulate import simulate

        return simulate(case, draws, seed, workers, progress, self.ask)

    def outcomes(
        self,
        view: CrossImpactView,
        values: Array,
        others: Others | None = None,
        wanted: Collection[str] | None = None,
    ) -> dict[str, Array]:
        """Return the share of consistent futures with each variant, given what descriptors follow."""
        del wanted
        return view.outcomes(values, view.heard(others, len(values)))

    def margins(
        self, view: CrossImpactView, values: Array, wanted: Collection[str], others: Others | None = None
    ) -> dict[str, Array]:
        """Return by how many points the firmest future with a variant is consistent, or fails to be."""
        return view.margins(values, wanted, view.heard(others, len(values)))

    def answer(self, versions: Mapping[str, Case], effort: Effort) -> CrossImpactResult:
        """Return the result, and what scenarios of the case change in it.

        A scenario that leaves alone the futures, and all that they follow, is not drawn again; where it changes
        only what they follow, only the draws in which that comes out otherwise are.
        """
        from detente.lenses.crossimpact.simulate import simulate

        case = versions[AS_IT_STANDS]
        alone = not self.follows(case)
        if not alone:  # what is followed is solved in the same draws, which takes most of the time
            effort = replace(effort, draws=min(effort.draws, FOLLOWED))
        moved = {
            label: one
            for label, one in versions.items()
            if label == AS_IT_STANDS or not (alone and one.futures == case.futures)
        }
        made: dict[str, CrossImpactSimulation] = {}
        for number, (label, one) in enumerate(moved.items()):
            part = effort.part(number, len(moved))
            same = one.futures == case.futures and one.options.crossimpact == case.options.crossimpact
            like = made.get(AS_IT_STANDS) if same else None
            made[label] = simulate(one, part.draws, part.seed, part.workers, part.progress, self.ask, like)
        comparison = self.compared(made, versions, effort)
        return made[AS_IT_STANDS].result().model_copy(update={"comparison": comparison})

    def fixing(self, case: Case, fixed: Mapping[str, str]) -> dict[str, Any]:
        """Return the changes to a case that take variants as given: descriptor → variant, by id, name or number.

        Raises:
            OptionError: no such descriptor or variant.
        """
        if not fixed:
            return {}
        if case.futures is None:
            raise OptionError("there is nothing to fix: the case has no futures")
        known, descriptors = {**case.futures.fixed}, case.futures.descriptors
        for descriptor, variant in fixed.items():
            names = {one.name: key for key, one in descriptors.items()} | {key: key for key in descriptors}
            if descriptor not in names:
                told = f"no descriptor is called {descriptor!r}"
                raise OptionError(offering(told, descriptor, descriptors))
            key = names[descriptor]
            variants = descriptors[key].variants
            called = {one.name: k for k, one in variants.items()}
            called |= {str(n): k for n, k in enumerate(variants, 1)} | {k: k for k in variants}
            if variant not in called:
                told = f"the descriptor {key!r} has no variant {variant!r}"
                raise OptionError(offering(told, variant, variants))
            known[key] = called[variant]
        return {"futures.fixed": known}

    def chapter(self, result: Any) -> Chapter:
        """Tell what holds together, why, how firmly, and what is worth settling."""
        from detente.lenses.crossimpact.chapter import chapter

        return chapter(result)

    def formats(self) -> Sequence[Format]:
        """Return the format of solutions of ScenarioWizard."""
        from detente.case.formats import Format

        return (Format("sl", "ScenarioWizard solutions", (".sl",), _solutions),)


def _solutions(case: Case, path: Path) -> tuple[str, list[Problem]]:
    """Return the futures that hold together by the best guesses, and a warning where these are not all."""
    from detente.case.formats.losses import futures_of, warning
    from detente.case.formats.scenariowizard import Solution, written_sl
    from detente.lenses.crossimpact.simulate import simulate

    if futures_of(case, path, whole=True).assume is not None:
        case = case.with_({"futures.assume": None})  # ScenarioWizard tests what is assumed like all else
    result = simulate(case, 1, 1).result()
    solutions = [
        Solution(one.numbers, float(one.basin), int(one.margin or 0), int(one.total_impact))
        for one in result.scenarios
    ]
    lost = [] if result.complete else [warning("the search stopped at its limit: more may hold", str(path))]
    return written_sl(solutions), lost


LENS = CrossImpactLens()
