"""What do all lenses together answer? The verdict, the deals, the issues and the ladder, from their chapters.

Nothing is computed and no lens is named: what is told of a deal, an issue or a step was handed over by a lens.

The verdict, by the first rule that says something:

1. Where deals are told, the verdict speaks of the packages, or of the issues alone where there is none. A deal
   counts as agreed where all who must consent would accept it in more than half of the draws. The verdict opens
   with what that comes to (`OPENINGS`), goes on with the terms of what is agreed beside what there is without a
   deal, and ends with what is not agreed and who stops it.
2. Where none are told, what a lens says at the step of the deal answers: where the parties would settle.
3. Where none says anything there, the first lens's own answer does, such as what holds.

What becomes of an issue is reconciled over all lenses by the first that holds:

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
from detente.show.words import capital, counted, listed, numbered, percent, span
from detente.study.lines import (
    AS_WITHOUT,
    FEW,
    consenting,
    how_often,
    leading,
    often,
    quoted,
    refusing,
    remark,
    stoppers,
    terms_told,
    there,
)

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
    """Return one answer from the chapters of all lenses, at least one.

    Rungs that no single lens has (``more``) are told first at their step.
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


def verdict_words(case: Case, deals: Sequence[DealRow], one: IssueVerdict) -> str:
    """Return what becomes of an issue, in words."""
    if one.standing in ("pull", "open"):
        return "no rule says who must consent" if one.standing == "pull" else "nothing can be told"
    if one.standing == "blocked":
        by = f" by {listed(one.by, FEW)}" if one.by else ""
        return f"blocked{by}{f' (agreed in {percent(one.share)} of draws)' if one.share else ''}"
    deal = next(row for row in deals if row.deal == one.deal)
    often = "" if deal.draws == 1 else f" ({how_often(deal.share, deal.draws)} of draws)"
    often = often.replace(" of draws)", " draws)") if deal.share in (0.0, 1.0) else often
    if one.standing == "stays":
        alone = "" if deal.single else f" in {quoted(deal)}"
        if one.terms is not None and remark(case, one.terms) == AS_WITHOUT:
            return f"ends as without a deal: what is agreed{alone} adds little{often}"
        return f"stays about as it is: what is agreed{alone} changes little{often}"
    return f"{'possible' if deal.single else f'only in {quoted(deal)}'}{often}"


def tables(answer: Answer) -> Mapping[str, Table]:
    """Return its numbers as tidy tables by name: the deals, what each has several of, and the issues."""
    key = {"deal": "package, or issue alone, by its id"}
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
    made = [
        table_of([((), one) for one in answer.deals], DealRow, DEALS, {}),
        table_of(settled, IssueVerdict, "study.issues", keys),
    ]
    for name, kind in NESTED.items():
        rows = [((deal.deal,), one) for deal in answer.deals for one in getattr(deal, name)]
        made.append(table_of(rows, kind, f"study.{name}", key))
    return {table.name: table for table in made}


# --- the verdict ----------------------------------------------------------------------------------


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


def terms_table(case: Case, answer: Answer) -> Table:
    """Return where each issue would be settled, beside where it stands today and where without a deal."""
    columns = {
        "issue": "name",
        "agreed": "where it would be settled, with the middle 80 % of the draws with that deal",
        "today": "where it stands today",
        "without": "where it ends without a deal",
    }
    rows = []
    for one in answer.issues:
        of, terms, agreed = case.issues[one.issue], one.terms, ""
        today, without = (None if stated is None else stated.mean for stated in (of.today, of.no_deal))
        if terms is not None and one.standing != "pull":
            apart = terms.low80 < terms.high80 and not numbered(of)
            around = f" ({span(terms.low80, terms.high80, of)})" if apart else ""
            agreed, without = f"{there(terms.value, of)}{around}", terms.without
        rows.append((one.name, agreed, *("" if at is None else there(at, of) for at in (today, without))))
    return Table("issue_terms", columns, tuple(rows), {"agreed": "if agreed", "without": "without a deal"})
