"""What do all lenses together answer? The verdict, the deals, the issues and the ladder, from their chapters.

Nothing is computed and no lens is named: what is told of a deal, an issue or a step was handed over by a lens. The
page "How the verdict is made" has the rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from detente.case import Case
from detente.show.blocks import Chapter
from detente.show.finding import Finding
from detente.show.ladder import STEPS, DealRow, IssueView, Rung, Term
from detente.show.record import Record
from detente.show.table import Table
from detente.show.words import capital, counted, listed, numbered, percent, span
from detente.study import lines
from detente.study.lines import FEW, often, quoted
from detente.study.records import tables_of

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
Standing = Literal["possible", "package", "stays", "blocked", "pull", "open"]
ORDER = {step: number for number, step in enumerate(STEPS)}


class IssueVerdict(Record):
    """What becomes of one issue.

    Attributes:
        issue: id.
        name: in words.
        standing: the first that holds: *possible* where it is agreed alone in most draws and something changes;
            *package* where that is so of a package; *stays* where what is agreed leaves it as today or as without
            a deal; *blocked* where all who must consent agree to nothing on it in most draws; *pull* where
            nobody's consent is stated; *open*.
        share: of draws with the deal that settles it or, where it is blocked, with a deal on it alone; ``None``
            where nobody's consent is stated.
        deal: id of the deal that settles it: the issue's own, or that of a package.
        terms: where it would be settled, or where the parties pull.
        by: names of the actors whose demands block it.
        told: what becomes of it, in words.
    """

    issue: str
    name: str
    standing: Standing
    share: float | None = None
    deal: str | None = None
    terms: Term | None = None
    by: tuple[str, ...] = ()
    told: str


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
    """Return one answer from the chapters of lenses, and ``more`` rungs, which are told first at their step."""
    deals = tuple(deal for chapter in chapters for deal in chapter.deals)
    views = {view.issue: view for chapter in reversed(chapters) for view in reversed(chapter.issues)}
    steps = tuple(sorted((*more, *_ladder(chapters)), key=lambda rung: ORDER[rung.step]))
    issues = tuple(_becomes(case, issue, deals, views.get(issue)) for issue in case.issues)
    told = verdict(case, deals, steps, chapters[0].rung)
    return Answer(verdict=told, deals=deals, issues=issues, ladder=steps)


def _ladder(chapters: Sequence[Chapter]) -> list[Rung]:
    """Return all rungs, without what a lens that asks nobody says of a deal where another asks for consent."""
    consent = any(chapter.deals for chapter in chapters)
    asking = {one.lens: bool(one.deals or not one.issues or not consent) for one in chapters}
    rungs = [(one.lens, rung) for one in chapters for rung in one.rungs]
    return [rung for lens, rung in rungs if asking[lens] or rung.step != "deal"]


def in_order(chapters: Sequence[Chapter]) -> tuple[Chapter, ...]:
    """Return the chapters in the order of the ladder: the earlier a lens answers, the earlier it is told."""
    steps, last = _ladder(chapters), len(ORDER)
    first = [min((ORDER[of.step] for of in one.rungs if of in steps), default=last) for one in chapters]
    return tuple(chapters[k] for k in sorted(range(len(chapters)), key=first.__getitem__))


def _becomes(case: Case, issue: str, among: Sequence[DealRow], view: IssueView | None) -> IssueVerdict:
    of, standing, told, found = case.issues[issue], "open", "nothing can be told", dict[str, object]()
    own = (one for one in among if issue in one.issues)
    deals = sorted(own, key=lambda one: (not one.single, -one.share))
    agreed = [(one, next((at for at in one.terms if at.issue == issue), None)) for one in deals if one.agreed]
    if agreed:
        moving = [(deal, terms) for deal, terms in agreed if terms is not None and terms.moves]
        deal, terms = (moving or agreed)[0]
        inside = "" if deal.single else f" in {quoted(deal)}"
        if moving:
            standing, told = ("possible", "possible") if deal.single else ("package", f"only{inside}")
        elif terms is not None and lines.remark(case, terms) == lines.AS_WITHOUT:
            standing, told = "stays", f"ends as without a deal: what is agreed{inside} adds little"
        else:
            standing, told = "stays", f"stays about as it is: what is agreed{inside} changes little"
        draws = "draws" if deal.share in (0.0, 1.0) else "of draws"
        told += "" if deal.draws == 1 else f" ({lines.how_often(deal.share, deal.draws)} {draws})"
        found = {"share": deal.share, "deal": deal.deal, "terms": terms}
    elif deals:
        by, share = tuple(case.actors[actor].name for actor in deals[0].blockers), deals[0].share
        told = f"blocked by {listed(by, FEW)}" if by else "blocked"
        told += f" (agreed in {percent(share)} of draws)" if share else ""
        standing, found = "blocked", {"share": share, "by": by}
    elif view is not None:
        without, today = (None if at is None else at.mean for at in (of.no_deal, of.today))
        standing, told = "pull", "no rule says who must consent"
        found = {"terms": Term(**view.model_dump(), without=without, today=today)}
    known = {"issue": issue, "name": of.name, "standing": standing, "told": told, **found}
    return IssueVerdict.model_validate(known)


def terms_table(case: Case, answer: Answer) -> Table:
    """Return where each issue would be settled, beside where it stands today and where without a deal."""
    agreed = "where it would be settled, with the middle 80 % of the draws with that deal"
    columns = {"issue": "name", "agreed": agreed, "today": "where it stands today"}
    columns |= {"without": "where it ends without a deal", "verdict": "what becomes of it"}
    rows = []
    for one in answer.issues:
        of, terms, agreed = case.issues[one.issue], one.terms, ""
        today, without = (None if stated is None else stated.mean for stated in (of.today, of.no_deal))
        if terms is not None and one.standing != "pull":
            apart = terms.low80 < terms.high80 and not numbered(of)
            around = f" ({span(terms.low80, terms.high80, of)})" if apart else ""
            agreed = f"{lines.there(terms.value, of)}{around}"
        stands = ("" if at is None else lines.there(at, of) for at in (today, without))
        rows.append((one.name, agreed, *stands, one.told))
    return Table("study.issues", columns, tuple(rows), {"agreed": "if agreed", "without": "without a deal"})


def tables(case: Case, answer: Answer) -> Mapping[str, Table]:
    """Return tidy tables by name: the deals, what each has several of, and the issues."""
    found = tables_of(answer.deals, DealRow, "deals", "deal")
    return {table.name: table for table in (*found.values(), terms_table(case, answer))}


# --- the verdict ----------------------------------------------------------------------------------


def verdict(case: Case, deals: Sequence[DealRow], ladder: Sequence[Rung], own: Finding) -> Finding:
    """Return the verdict, from what is told of every deal and at every step; else ``own``, of the first lens."""
    asked = lines.leading(deals)
    if not asked:
        return next((one.finding for one in ladder if one.step == "deal"), own)
    agreed = sorted((one for one in asked if one.agreed), key=lambda one: -len(one.issues))
    told = [OPENINGS[opening(asked)]]
    told += [_accepted(case, agreed)] if agreed else []
    if lacking := [one for one in asked if not one.agreed and one.size != "undecided"]:
        told.append(_refused(lacking, others=bool(agreed)))
    sentence = " ".join(f"{capital(one)}." for one in told)
    numbers = {one.deal: one.share for one in asked}
    return Finding(id="verdict", sentence=sentence, numbers=numbers, table=DEALS, section="deals")


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
    terms = lines.terms_told(case, first)
    what = terms if first.single and terms else quoted(first)
    against = lines.refusing(first)
    told = f"{lines.consenting(first)} would accept {what} {often(first)}".rstrip()
    told += f": {terms}" if what != terms and terms else ""
    told += f"; {listed(against, FEW)} would not" if against else ""
    if others:
        told += f"; also {listed([f'{quoted(one)} {often(one)}'.rstrip() for one in others], FEW)}"
    return told


def _refused(lacking: Sequence[DealRow], *, others: bool) -> str:
    """Say which deals are not agreed, and whose demands stop them most often."""
    who, first, single = lines.stoppers(lacking), lacking[0], len(lacking) == 1
    them = "it" if single else "them"
    stops = f"; {listed(who, FEW)} stop{'s' if len(who) == 1 else ''} {them}" if who else ""
    if single and first.draws == 1:
        return f"not {lines.consenting(first)} would accept {quoted(first)}{stops}"
    if single:
        would = f"{lines.consenting(first)} would accept {quoted(first)}"
        told = f"{quoted(first)} is agreed" if others else would
        return f"{told} {often(first)}{' only' if first.share else ''}{stops}"
    shares = [one.share for one in lacking]
    rare = "seldom" if all(shares) else "seldom or never" if any(shares) else "never"
    named = listed([quoted(one) for one in lacking])
    if len(lacking) > 2:
        named = f"{'the other' if others else 'the'} {counted(len(lacking), 'deal')}"
    return f"{named} are {'not' if first.draws == 1 else rare} agreed{stops}"


def parted(verdict: Finding) -> tuple[str, str]:
    """Return how a verdict opens and how it goes on; the opening is empty where it is not one of `OPENINGS`."""
    first, stop, rest = verdict.sentence.partition(".")
    return (f"{first}.", rest.strip()) if stop and first in OPENINGS.values() else ("", verdict.sentence)
