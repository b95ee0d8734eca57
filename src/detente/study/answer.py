"""What do all lenses together answer? The verdict, the deals, the issues and the ladder, from their chapters.

Nothing is computed and no lens is named: what is told of a deal, an issue or a step was handed over by a lens.
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.case import Case
from detente.show.blocks import Chapter
from detente.show.finding import Finding
from detente.show.ladder import STEPS, DealRow, Rung
from detente.show.record import Record
from detente.study.issues import IssueVerdict, issue_verdicts
from detente.study.verdict import verdict


class Answer(Record):
    """What a case's question is answered with.

    Attributes:
        verdict: in one or two sentences.
        deals: of the case, packages before issues alone.
        issues: one verdict per issue, in the order of the case.
        ladder: what is said at each step, in the order of the steps.
    """

    verdict: Finding
    deals: tuple[DealRow, ...]
    issues: tuple[IssueVerdict, ...]
    ladder: tuple[Rung, ...]


def compose(case: Case, chapters: Sequence[Chapter], more: Sequence[Rung] = ()) -> Answer:
    """Return one answer from the chapters of all lenses.

    Args:
        case: that was asked about.
        chapters: of every lens that answered, at least one.
        more: rungs that no single lens has; at their step they are told first.
    """
    deals = tuple(deal for chapter in chapters for deal in chapter.deals)
    issues = tuple(issue_verdicts(case, deals, [view for chapter in chapters for view in chapter.issues]))
    order = list(STEPS)
    steps = tuple(sorted((*more, *ladder(chapters)), key=lambda rung: order.index(rung.step)))
    return Answer(
        verdict=verdict(case, deals, steps, chapters[0].rung), deals=deals, issues=issues, ladder=steps
    )


def ladder(chapters: Sequence[Chapter]) -> tuple[Rung, ...]:
    """Return all rungs in the order of the steps.

    Where some lens asks who must consent, what a lens that asks nobody says of a deal is left to its chapter.
    """
    consent = any(chapter.deals for chapter in chapters)
    rungs = [
        rung
        for chapter in chapters
        for rung in chapter.rungs
        if not (consent and rung.step == "deal" and chapter.issues and not chapter.deals)
    ]
    order = list(STEPS)
    return tuple(sorted(rungs, key=lambda rung: order.index(rung.step)))


def in_order(chapters: Sequence[Chapter]) -> tuple[Chapter, ...]:
    """Return the chapters in the order of the ladder: the earlier a lens answers, the earlier it is told."""
    steps, order = ladder(chapters), list(STEPS)
    first = {
        chapter.lens: min(
            (order.index(rung.step) for rung in chapter.rungs if rung in steps), default=len(order)
        )
        for chapter in chapters
    }
    return tuple(sorted(chapters, key=lambda chapter: first[chapter.lens]))
