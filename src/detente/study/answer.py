"""What do all lenses together answer? The verdict, the deals, the issues and the ladder, from their chapters.

Nothing is computed and no lens is named: what is told of a deal, an issue or a step was handed over by a lens.

What becomes of an issue is reconciled over all lenses by one rule, in this order:

1. *possible*: alone it is agreed in most draws, and something changes;
2. *package*: it is part of a package that is agreed in most draws, and something changes on it there;
3. *stays*: what is agreed in most draws, alone or in a package, leaves it as today or as without a deal;
4. *blocked*: all who must consent agree to no deal on it in most draws;
5. *pull*: nobody's consent is stated, so only the pull of the parties can be told;
6. *open*: nothing can be told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from detente.case import Case
from detente.show.blocks import Chapter
from detente.show.finding import Finding
from detente.show.ladder import STEPS, DealRow, Elsewhere, IssueView, Rung, Signature, Term, Vote
from detente.show.record import Record
from detente.show.table import Table, table_of
from detente.study.verdict import verdict

Standing = Literal["possible", "package", "stays", "blocked", "pull", "open"]
ORDER = {step: number for number, step in enumerate(STEPS)}
NESTED: dict[str, type[Record]] = {
    "terms": Term,
    "signatures": Signature,
    "votes": Vote,
    "scenarios": Elsewhere,
}


class IssueVerdict(Record):
    """What becomes of one issue.

    Attributes:
        issue: id.
        name: in words.
        standing: by the rule of this module.
        share: of draws with the deal that settles it or, where it is blocked, with a deal on it alone; ``None``
            where nobody's consent is stated.
        deal: id of the deal that settles it: the issue's own, or that of a package.
        terms: where it would be settled, or where the parties pull.
        by: names of the actors whose demands block it.
    """

    issue: str
    name: str
    standing: Standing
    share: float | None = None
    deal: str | None = None
    terms: Term | None = None
    by: tuple[str, ...] = ()


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
    views = {view.issue: view for chapter in reversed(chapters) for view in reversed(chapter.issues)}
    steps = tuple(sorted((*more, *_ladder(chapters)), key=lambda rung: ORDER[rung.step]))
    return Answer(
        verdict=verdict(case, deals, steps, chapters[0].rung),
        deals=deals,
        issues=tuple(_becomes(case, issue, deals, views.get(issue)) for issue in case.issues),
        ladder=steps,
    )


def _ladder(chapters: Sequence[Chapter]) -> list[Rung]:
    """Return all rungs, without what a lens that asks nobody says of a deal where another asks for consent."""
    consent = any(chapter.deals for chapter in chapters)
    return [
        rung
        for chapter in chapters
        for rung in chapter.rungs
        if not (consent and rung.step == "deal" and chapter.issues and not chapter.deals)
    ]


def in_order(chapters: Sequence[Chapter]) -> tuple[Chapter, ...]:
    """Return the chapters in the order of the ladder: the earlier a lens answers, the earlier it is told."""
    steps = _ladder(chapters)
    first = {
        chapter.lens: min((ORDER[rung.step] for rung in chapter.rungs if rung in steps), default=len(ORDER))
        for chapter in chapters
    }
    return tuple(sorted(chapters, key=lambda chapter: first[chapter.lens]))


def _becomes(case: Case, issue: str, among: Sequence[DealRow], view: IssueView | None) -> IssueVerdict:
    of, standing, deals = case.issues[issue], "open", [one for one in among if issue in one.issues]
    found: dict[str, object] = {}
    agreed = [
        (deal, next((term for term in deal.terms if term.issue == issue), None))
        for deal in sorted(deals, key=lambda one: (not one.single, -one.share))
        if deal.agreed
    ]
    if agreed:
        moving = [(deal, terms) for deal, terms in agreed if terms is not None and terms.moves]
        deal, terms = (moving or agreed)[0]
        standing = "stays" if not moving else "possible" if deal.single else "package"
        found = {"share": deal.share, "deal": deal.deal, "terms": terms}
    elif deals:
        nearest = min(deals, key=lambda one: (not one.single, -one.share))
        by = tuple(case.actors[actor].name for actor in nearest.blockers)
        standing, found = "blocked", {"share": nearest.share, "by": by}
    elif view is not None:
        without, today = (None if at is None else at.mean for at in (of.no_deal, of.today))
        terms = Term(**view.model_dump(), without=without, today=today)
        standing, found = "pull", {"terms": terms}
    return IssueVerdict.model_validate({"issue": issue, "name": of.name, "standing": standing, **found})


def tables(answer: Answer) -> Mapping[str, Table]:
    """Return its numbers as tidy tables by name: the deals, their terms, and the issues."""
    deals, deal_key = answer.deals, {"deal": "package, or issue alone, by its id"}
    there = [
        (deal.deal, one.scenario, issue, value)
        for deal in deals
        for one in deal.scenarios
        for issue, value in one.terms.items()
    ]
    columns = {"scenario": "name", "issue": "id", "value": "on the issue's scale, mean over draws"}
    keys = {
        "by": "names of the actors whose demands block it",
        "value": "where it would be settled, or where the parties pull, on its scale",
        "today": "where it stands today, where that is stated",
        "without": "where it ends without a deal",
    }
    settled = [
        ((", ".join(one.by), *(getattr(one.terms, name, None) for name in list(keys)[1:])), one)
        for one in answer.issues
    ]
    made = (
        table_of([((), one) for one in deals], DealRow, "study.deals", {}),
        *(
            table_of(
                [((deal.deal,), one) for deal in deals for one in getattr(deal, name)],
                kind,
                f"study.{name}",
                deal_key,
            )
            for name, kind in NESTED.items()
        ),
        Table("study.scenario_terms", deal_key | columns, tuple(there)),
        table_of(settled, IssueVerdict, "study.issues", keys),
    )
    return {table.name: table for table in made}
