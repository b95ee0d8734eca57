"""How does the answer give its numbers away? As tidy tables: the deals, their terms, and the issues."""

from __future__ import annotations

from collections.abc import Mapping

from detente.show.ladder import DealRow, Elsewhere, Signature, Term, Vote
from detente.show.table import Table, table_of
from detente.study.answer import Answer
from detente.study.issues import IssueVerdict

DEAL = "package, or issue alone, by its id"


def tables(answer: Answer) -> Mapping[str, Table]:
    """Return name → table."""
    deals, issues = answer.deals, answer.issues
    terms = [((deal.deal,), one) for deal in deals for one in deal.terms]
    signs = [((deal.deal,), one) for deal in deals for one in deal.signatures]
    votes = [((deal.deal,), one) for deal in deals for one in deal.votes]
    elsewhere = [((deal.deal,), one) for deal in deals for one in deal.scenarios]
    columns = {
        "deal": DEAL,
        "scenario": "name",
        "issue": "id",
        "value": "on the issue's scale, mean over draws",
    }
    there = [
        (deal.deal, one.scenario, issue, value)
        for deal in deals
        for one in deal.scenarios
        for issue, value in one.terms.items()
    ]
    keys = {
        "by": "names of the actors whose demands block it",
        "value": "where it would be settled, or where the parties pull, on its scale",
        "today": "where it stands today, where that is stated",
        "without": "where it ends without a deal",
    }
    settled = [
        (
            (
                ", ".join(one.by),
                *(None if one.terms is None else getattr(one.terms, name) for name in list(keys)[1:]),
            ),
            one,
        )
        for one in issues
    ]
    made = (
        table_of((((), one) for one in deals), DealRow, "study.deals", {}),
        table_of(terms, Term, "study.terms", {"deal": DEAL}),
        table_of(signs, Signature, "study.signatures", {"deal": DEAL}),
        table_of(votes, Vote, "study.votes", {"deal": DEAL}),
        table_of(elsewhere, Elsewhere, "study.scenarios", {"deal": DEAL}),
        Table("study.scenario_terms", columns, tuple(there)),
        table_of(settled, IssueVerdict, "study.issues", keys),
    )
    return {table.name: table for table in made}
