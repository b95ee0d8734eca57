"""What becomes of each issue? One verdict per issue, reconciled over what all lenses say of it.

The rule, in this order:

1. *possible*: alone it is agreed in most draws, and something changes;
2. *package*: it is part of a package that is agreed in most draws, and something changes on it there;
3. *stays*: what is agreed in most draws, alone or in a package, leaves it as today or as without a deal;
4. *blocked*: all who must consent agree to no deal on it in most draws;
5. *pull*: nobody's consent is stated, so only the pull of the parties can be told;
6. *open*: nothing can be told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from detente.case import Case
from detente.show.ladder import DealRow, IssueView, Term
from detente.show.record import Record

Standing = Literal["possible", "package", "stays", "blocked", "pull", "open"]


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


def issue_verdicts(
    case: Case, deals: Sequence[DealRow], views: Sequence[IssueView]
) -> Iterator[IssueVerdict]:
    """Yield one verdict per issue, in the order of the case.

    Args:
        case: that was asked about.
        deals: what is told of every deal.
        views: what is told of every issue where nobody is asked.
    """
    pulled = {view.issue: view for view in reversed(views)}
    for issue, of in case.issues.items():
        yield _verdict(case, issue, of.name, [one for one in deals if issue in one.issues], pulled.get(issue))


def _verdict(case: Case, issue: str, name: str, deals: list[DealRow], view: IssueView | None) -> IssueVerdict:
    agreed = sorted((one for one in deals if one.agreed), key=lambda one: (not one.single, -one.share))
    for deal in agreed:
        terms = next((term for term in deal.terms if term.issue == issue), None)
        if terms is not None and terms.moves:
            standing: Standing = "possible" if deal.single else "package"
            return IssueVerdict(
                issue=issue, name=name, standing=standing, share=deal.share, deal=deal.deal, terms=terms
            )
    if agreed:
        deal = agreed[0]
        terms = next((term for term in deal.terms if term.issue == issue), None)
        return IssueVerdict(
            issue=issue, name=name, standing="stays", share=deal.share, deal=deal.deal, terms=terms
        )
    if deals:
        nearest = min(deals, key=lambda one: (not one.single, -one.share))
        by = tuple(case.actors[actor].name for actor in nearest.blockers)
        return IssueVerdict(issue=issue, name=name, standing="blocked", share=nearest.share, by=by)
    if view is None:
        return IssueVerdict(issue=issue, name=name, standing="open")
    of = case.issues[issue]
    terms = Term(
        issue=issue,
        value=view.value,
        low80=view.low80,
        high80=view.high80,
        without=None if of.no_deal is None else of.no_deal.mean,
        today=None if of.today is None else of.today.mean,
    )
    return IssueVerdict(issue=issue, name=name, standing="pull", terms=terms)
