"""What is the answer to the case's question? One verdict, by one rule, from what the lenses hand over.

1. Where deals are told, the verdict speaks of the packages, or of the issues alone where there is none. A deal
   counts as agreed where all who must consent would accept it in more than half of the draws. The verdict opens
   with what that comes to (`OPENINGS`), goes on with the terms of what is agreed beside what there is without a
   deal, and ends with what is not agreed and who stops it.
2. Where none are told, what a lens says at the step of the deal answers: where the parties would settle.
3. Where none says anything there, the first lens's own answer does, such as what holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from detente.case import Case
from detente.show.finding import Finding
from detente.show.ladder import DealRow, Rung
from detente.show.words import capital, counted, listed
from detente.study.phrases import FEW, consenting, often, quoted, refusing, stoppers, terms_told

Opening = Literal["yes", "little", "part", "part little", "seldom", "no", "undecided"]
OPENINGS: dict[Opening, str] = {
    "yes": "There is a deal",
    "little": "There is a deal, but little would change",
    "part": "Only part of it can be agreed",
    "part little": "Only part of it can be agreed, and little would change",
    "seldom": "There is hardly a deal",
    "no": "There is no deal",
    "undecided": "Whether there is a deal could not be decided",
}
DEALS = "study.deals"
NAMED = 2  # deals that are not agreed and are named


def verdict(case: Case, deals: Sequence[DealRow], ladder: Sequence[Rung], own: Finding) -> Finding:
    """Return the verdict, from what is told of every deal and at every step; else ``own``, of the first lens."""
    asked = leading(deals)
    if not asked:
        return next((one.finding for one in ladder if one.step == "deal"), own)
    agreed = sorted((one for one in asked if one.agreed), key=lambda one: -len(one.issues))
    told = [OPENINGS[opening(asked)]]
    if agreed:
        told.append(_accepted(case, agreed))
    if lacking := [one for one in asked if not one.agreed and one.size != "undecided"]:
        told.append(_refused(lacking, others=bool(agreed)))
    return Finding(
        id="verdict",
        sentence=" ".join(f"{capital(one)}." for one in told),
        numbers={one.deal: one.share for one in asked},
        table=DEALS,
        section="deals",
    )


def leading(deals: Sequence[DealRow]) -> tuple[DealRow, ...]:
    """Return the deals of which the verdict speaks: packages, or the issues alone where there is none."""
    return tuple(one for one in deals if not one.single) or tuple(deals)


def opening(deals: Sequence[DealRow]) -> Opening:
    """Return what some deals come to together."""
    agreed = [one for one in deals if one.agreed]
    if not agreed:
        sizes = {one.size for one in deals}
        return "seldom" if "seldom" in sizes else "undecided" if sizes == {"undecided"} else "no"
    wider = [set(one.issues) for one in deals if not one.agreed]
    whole = [one for one in agreed if not any(set(one.issues) < other for other in wider)]
    if all(one.size == "little" for one in agreed):
        return "little" if whole else "part little"
    return "yes" if whole else "part"


def _accepted(case: Case, agreed: Sequence[DealRow]) -> str:
    """Say which deals are accepted, the widest first with its terms, and who with a say would not sign it."""
    first, *others = agreed
    terms = terms_told(case, first)
    what = terms if first.single and terms else quoted(first)
    against = refusing(first)
    told = f"{consenting(first)} would accept {what} {often(first)}".rstrip()
    told += f": {terms}" if what != terms and terms else ""
    told += f"; {listed(against, FEW)} would not" if against else ""
    if others:
        told += f"; also {listed([f'{quoted(one)} {often(one)}'.rstrip() for one in others], FEW)}"
    return told


def _refused(lacking: Sequence[DealRow], *, others: bool) -> str:
    """Say which deals are not agreed, and whose demands stop them most often."""
    who = stoppers(lacking)
    them = "it" if len(lacking) == 1 else "them"
    stops = f"; {listed(who, FEW)} stop{'s' if len(who) == 1 else ''} {them}" if who else ""
    if len(lacking) == 1:
        return f"{_refused_one(lacking[0], others=others)}{stops}"
    shares = [one.share for one in lacking]
    rare = "seldom" if all(shares) else "seldom or never" if any(shares) else "never"
    named = listed([quoted(one) for one in lacking])
    if len(lacking) > NAMED:
        named = f"{'the other' if others else 'the'} {counted(len(lacking), 'deal')}"
    return f"{named} are {'not' if lacking[0].draws == 1 else rare} agreed{stops}"


def _refused_one(deal: DealRow, *, others: bool) -> str:
    if deal.draws == 1:
        return f"not {consenting(deal)} would accept {quoted(deal)}"
    told = f"{quoted(deal)} is agreed" if others else f"{consenting(deal)} would accept {quoted(deal)}"
    return f"{told} {often(deal)}{' only' if deal.share else ''}"


def parted(verdict: Finding) -> tuple[str, str]:
    """Return how a verdict opens and how it goes on; the opening is empty where it is not one of `OPENINGS`."""
    for words in sorted(OPENINGS.values(), key=len, reverse=True):
        if verdict.sentence.startswith(f"{words}."):
            return f"{words}.", verdict.sentence.removeprefix(f"{words}.").strip()
    return "", verdict.sentence
