"""Where does the relation stand, when did it turn, and how long do resets last? The lens of dated events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from detente.case import Case
from detente.lenses.compare import AS_IT_STANDS
from detente.lenses.lens import Effort, Lens, LensResult, RunRecord
from detente.lenses.relations.result import RelationsResult
from detente.lenses.relations.view import RelationsView
from detente.lenses.summary import Array
from detente.show.ladder import Step

if TYPE_CHECKING:
    from detente.show.blocks import Chapter


class RelationsLens(Lens):
    """Where does the relation stand, when did it turn, and how long do resets last?"""

    name = "relations"
    question = "Where does the relation stand, when did it turn, and how long do resets last?"
    part = "relations"
    result = RelationsResult
    step: ClassVar[Step | None] = "relation"
    numbers = "standing"

    def view(self, case: Case) -> RelationsView:
        """Read the followed pairs of a case.

        Raises:
            MissingPartError: the case follows none, or nothing is known of them.
        """
        return RelationsView(case)

    def summarise(self, case: Case, outcomes: Mapping[str, Array], record: RunRecord) -> RelationsResult:
        """Return where the pairs stand, their turning points and resets."""
        from detente.lenses.relations.findings import all_findings
        from detente.lenses.relations.summarise import summarised

        result = summarised(self.view(case), outcomes, record)
        return result.model_copy(update={"findings": all_findings(result)})

    def answer(self, versions: Mapping[str, Case], effort: Effort) -> LensResult:
        """Return all that a brief tells; scenarios that change no relation are left out."""
        case = versions[AS_IT_STANDS]
        own = {
            label: one for label, one in versions.items() if one is case or one.relations != case.relations
        }
        return super().answer(own, effort)

    def chapter(self, result: RelationsResult) -> Chapter:
        """Tell a result of this lens."""
        from detente.lenses.relations.chapter import chapter

        return chapter(self, result)


LENS = RelationsLens()
