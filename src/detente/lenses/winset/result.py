"""Is there a deal, which, who blocks it, and what it takes: a frozen record that computes and plots nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from pydantic import Field

from detente.lenses.lens import LensResult
from detente.lenses.winset.agreements import Agreement, Rests
from detente.lenses.winset.answers import Band, Blockers, Chance, DealAnswer, Lever, Obstacle, Terms
from detente.lenses.winset.plane import Plane
from detente.lenses.winset.tables import tables
from detente.show.table import Table

AS_IT_STANDS = "as_it_stands"


class WinsetResult(LensResult):
    """Answer of the win-set lens. A deal is an issue alone, by the issue's id, or a package of the case.

    Attributes:
        headline: id of the deal that leads: the first package, or the only issue.
        deal_probability: scenario (``as_it_stands`` for the case itself) → deal → how likely it is.
        solutions: deal → name of the solution → issue → distribution over the draws with a deal.
        blockers: deal → who stands in the way, over the draws without a deal.
        levers: deal → what would change its probability, the strongest first.
        agreements: deal → terms beside what there is without it, gains, who signs and who stops it, and its size.
        rests: deal → on which inputs of the case it rests.
        deals: deal → everything else about it.
        bands: issue → actor → what it accepts there.
        plane: win-sets on the two most contested issues of the leading package, or on those that the case names;
            ``None`` without a package.
        leading: name of the solution that is shown first.
        skipped: deal → why it is not examined.
        obstacles: scenario → deal → what stands in its way there, and what would help most; in an answer for a
            brief, for every scenario with deals.
    """

    headline: str
    deal_probability: dict[str, dict[str, Chance]]
    solutions: dict[str, dict[str, Terms]]
    blockers: dict[str, Blockers]
    levers: dict[str, tuple[Lever, ...]]
    agreements: dict[str, Agreement]
    rests: dict[str, Rests]
    deals: dict[str, DealAnswer]
    bands: dict[str, dict[str, Band]]
    plane: Plane | None
    leading: str
    skipped: dict[str, str]
    obstacles: dict[str, dict[str, Obstacle]] = Field(default_factory=dict)

    @property
    def version(self) -> str:
        """Return the label of the version that all but ``deal_probability`` speaks of."""
        return self.record.scenario or AS_IT_STANDS

    def version_name(self, version: str) -> str:
        """Return what a version of the case is called: a scenario by its name."""
        return self.case.scenarios[version].name if version in self.case.scenarios else "as it stands"

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Return id → name of every actor and issue."""
        parts = (self.case.actors, self.case.issues)
        return {key: one.name for part in parts for key, one in part.items()}

    def chance(self, deal: str, scenario: str | None = None) -> Chance:
        """Return how likely a deal is, in a scenario or in the version that the result is about."""
        return self.deal_probability[scenario or self.version][deal]

    @property
    def packages(self) -> tuple[str, ...]:
        """Return the deals of more than one issue."""
        return tuple(deal for deal, answer in self.deals.items() if not answer.single)

    def tables(self) -> Mapping[str, Table]:
        """Return the tables: how likely first, then terms, who stands in the way, what it takes, and the sides."""
        return self._tables

    @cached_property
    def _tables(self) -> Mapping[str, Table]:
        return {table.name: table for table in tables(self)}
