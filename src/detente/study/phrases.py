"""How are deals put into words? The same words in the verdict, in the table of deals and issue by issue."""

from __future__ import annotations

from collections.abc import Sequence

from detente.case import Case
from detente.show.ladder import DealRow, Term
from detente.show.words import listed, measured, percent, position

FEW = 3
"""Issues or names that a sentence has room for."""
NEAR = 0.02
"""Shares of draws that are so near are told as one."""


def quoted(deal: DealRow) -> str:
    """Return the name of a deal in running text: packages in quotation marks, issues by their own."""
    return deal.name if deal.single else f"“{deal.name}”"


def often(deal: DealRow, share: float | None = None) -> str:
    """Return how often something is so: ``in 2 % of draws``; empty where no input carries doubt."""
    found = deal.share if share is None else share
    if deal.draws == 1:
        return ""
    if found in (0.0, 1.0):
        return "in every draw" if found else f"in none of {deal.draws:,} draws"
    return f"in {percent(found)} of draws"


def term_words(case: Case, term: Term, *, first: bool = True) -> str:
    """Return where a deal puts an issue, beside what there is without it: ``38 (25 without a deal)``."""
    of = case.issues[term.issue]
    here = measured(term.value, of)
    if term.without is None:
        return here
    return f"{here} ({position(term.without, of)}{' without a deal' if first else ''})"


def terms_told(case: Case, deal: DealRow) -> str:
    """Return what a deal would change, the largest changes first, and that the rest stays; empty without terms."""
    moved = sorted((one for one in deal.terms if one.moves), key=lambda one: -_far(case, one))
    still = [one for one in deal.terms if not one.moves]
    told = [
        f"{case.issues[one.issue].name} at {term_words(case, one, first=not k)}"
        for k, one in enumerate(moved[:FEW])
    ]
    if len(moved) > FEW:
        told.append(f"{len(moved) - FEW} more")
    rest = listed([case.issues[one.issue].name for one in still], 2)
    if not moved:
        return f"{rest} hardly changed" if still else ""
    return listed(told, FEW + 1) + (f"; {rest} hardly changed" if still else "")


def _far(case: Case, term: Term) -> float:
    of = case.issues[term.issue]
    return abs(term.value - (term.without or 0.0)) / (of.high - of.low)


def stoppers(deals: Sequence[DealRow]) -> tuple[str, ...]:
    """Return whose demands most often stop some deals: who are foremost in each of them, else in any."""
    foremost = []
    for deal in deals:
        most = max((one.stops for one in deal.signatures), default=0.0)
        foremost.append([one.name for one in deal.signatures if one.stops and one.stops >= most - NEAR])
    everywhere = [
        name for name in (foremost[0] if foremost else ()) if all(name in some for some in foremost)
    ]
    return tuple(everywhere or dict.fromkeys(name for some in foremost for name in some))
