"""What is the answer to the case's question? One verdict, by one rule, from what the lenses hand over.

The rule: where deals are told, the verdict speaks of the packages, of issues alone only where there are no
packages; where none are, the first rung of the ladder answers; where there is no ladder, the first lens does.
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.show.finding import Finding
from detente.show.ladder import DealRow, Rung
from detente.show.words import capital, listed, percent

DEALS = "study.deals"
MOST_NAMED = 4


def verdict(deals: Sequence[DealRow], ladder: Sequence[Rung], own: Finding) -> Finding:
    """Return the verdict.

    Args:
        deals: what is told of every deal.
        ladder: what is told at every step, in order.
        own: the answer of the first lens, where nothing else is told.
    """
    asked = [one for one in deals if not one.single] or list(deals)
    if asked:
        return _of_deals(asked)
    return ladder[0].finding if ladder else own


def _of_deals(deals: Sequence[DealRow]) -> Finding:
    agreed = [one for one in deals if one.agreed]
    lacking = [one for one in deals if not one.agreed]
    told = []
    if agreed:
        named = [f"{quoted(one)} ({percent(one.share)} of draws)" for one in agreed]
        told.append(f"all who must consent would accept {listed(named, MOST_NAMED)}")
    if lacking:
        named = [f"{quoted(one)} ({percent(one.share)} of draws)" for one in lacking]
        told.append(f"{'but not' if agreed else 'no deal on'} {listed(named, MOST_NAMED)}")
    return Finding(
        id="verdict",
        sentence=f"{capital(', '.join(told))}.",
        numbers={one.deal: one.share for one in deals},
        table=DEALS,
        section="deals",
    )


def quoted(deal: DealRow) -> str:
    """Return the name of a deal in running text: packages in quotation marks, issues by their own."""
    return deal.name if deal.single else f"“{deal.name}”"
