"""Is there a deal, on what terms, who blocks it, and what would it take? The win-set lens's part of a brief."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self

from detente.case import Case
from detente.errors import MissingPartError
from detente.lenses.lens import RunRecord
from detente.lenses.winset import WinsetResult
from detente.lenses.winset.lens import LENS
from detente.lenses.winset.obstacles import Obstacle, obstacles
from detente.report.chapter import AS_IT_STANDS, Chapter, Effort, Section, Versions
from detente.report.figures.bands import bands_figure
from detente.report.figures.blockers import blockers_figure
from detente.report.figures.chances import chances_figure
from detente.report.figures.curves import softening_figure, tied_hands_figure
from detente.report.figures.levers import levers_figure
from detente.report.figures.winsets import SOLUTIONS, winsets_figure
from detente.report.winset import headlines
from detente.report.winset.telling import (
    common_ground,
    opening_table,
    sides_table,
    sufficing_table,
    terms_table,
)
from detente.show.figure import Figure
from detente.show.table import Table

MOST_DRAWS = 2_000  # blurs a share by at most 2.2 % in 95 of 100 runs
MOST_ISSUES = 24

KINDS = (
    (
        "common-ground",
        ("chances", "winsets"),
        "Is there a deal?",
        "A deal exists when some package leaves enough of those who must consent better off than without one, "
        "and crosses none of their red lines.",
    ),
    (
        "bands",
        ("bands",),
        "What each would accept",
        "Each issue taken alone: how far every actor whose consent counts would go rather than have no deal.",
    ),
    (
        "blockers",
        ("blockers", "levers", "softening"),
        "Who stands in the way",
        "The smallest sets of demands that cannot all be met, and what would happen if one of them were given up.",
    ),
    (
        "levels",
        ("tied",),
        "At home and abroad",
        "What happens to a deal, and to a side's own gain in it, as its members at home demand ever more.",
    ),
)


class WinsetChapter(Chapter):
    """Is there a deal.

    Attributes:
        result: of the lens on the case as it stands, with the probability of every deal in every scenario.
        obstacles: scenario → deal → what stands in its way there, and what would help most.
    """

    lens: ClassVar[str] = "winset"
    places: ClassVar[Mapping[str, str]] = {
        "deal": "common-ground",
        "ground": "common-ground",
        "deal_scenarios": "common-ground",
        "lever": "blockers",
    }

    result: WinsetResult
    obstacles: dict[str, dict[str, Obstacle]]

    @classmethod
    def reads(cls, case: Case) -> bool:
        """Say whether the case states who must consent to something that can be agreed."""
        try:
            LENS.view(case)
        except MissingPartError:
            return False
        return True

    @classmethod
    def of(cls, versions: Versions, effort: Effort) -> Self:
        """Write the chapter; the lens runs the scenarios itself.

        Raises:
            OptionError: a number of draws that cannot be made.
        """
        case = versions[AS_IT_STANDS]
        draws = min(effort.draws, MOST_DRAWS)
        result = LENS.simulate(
            case, draws=draws, seed=effort.seed, workers=effort.workers, progress=effort.progress
        ).result()
        return cls(
            answer=headlines.answer(case, result),
            headlines=headlines.headlines(case, result),
            result=result,
            obstacles={
                scenario: obstacles(versions[scenario], draws=draws, seed=effort.seed)
                for scenario, deals in result.deal_probability.items()
                if scenario in versions and deals
            },
        )

    @property
    def record(self) -> RunRecord:
        """How the answer was made."""
        return self.result.record

    def tables(self) -> Mapping[str, Table]:
        """Return the tables of the lens, the probabilities first."""
        return self.result.tables()

    def figures(self, case: Case) -> tuple[Figure, ...]:
        """Return all figures, in the order of the page."""
        return tuple(self._figures(case))

    def _figures(self, case: Case) -> Iterator[Figure]:
        result = self.result
        yield chances_figure(result)
        if result.plane is not None:
            yield winsets_figure(case, result)
        for issue in list(result.bands)[:MOST_ISSUES]:
            yield bands_figure(case, result, issue)
        for deal in result.packages or (result.headline,):
            if deal in result.blockers and result.blockers[deal].actors:
                yield blockers_figure(result, deal)
            if result.levers.get(deal):
                yield levers_figure(case, result, deal)
            if result.deals[deal].softening:
                yield softening_figure(case, result, deal)
        for side in result.deals[result.headline].sides:
            if side.curve:
                yield tied_hands_figure(result, result.headline, side)

    def contents(self, figures: tuple[Figure, ...]) -> Mapping[str, str]:
        """Return id → title of every section."""
        return {id_: section.title for id_, section in sections(figures).items()}

    def drawn(self, case: Case, figures: tuple[Figure, ...]) -> dict[str, Any]:
        """Return what the chapter's template reads."""
        result = self.result
        return {
            "answer": self.answer,
            "result": result,
            "sections": sections(figures),
            "ground": common_ground(case, result, self.obstacles),
            "terms": terms_table(case, result),
            "opening": opening_table(case, result),
            "sufficing": sufficing_table(case, result),
            "sides": sides_table(case, result),
            "rules": [(answer.name, answer.rule) for answer in result.deals.values() if not answer.single],
            "skipped": [(result.names.get(deal, deal), why) for deal, why in result.skipped.items()],
            "solution": SOLUTIONS[result.leading],
            "loss": str(result.record.options.get("loss", "city_block")).replace("_", "-"),
        }


def sections(figures: tuple[Figure, ...]) -> dict[str, Section]:
    """Return the sections that have figures, by id, in the order of the page."""
    found = {}
    for id_, kinds, title, intro in KINDS:
        of_kind = tuple(figure for kind in kinds for figure in figures if figure.id.partition("-")[0] == kind)
        if of_kind:
            found[id_] = Section(id_, title, intro, of_kind)
    return found
