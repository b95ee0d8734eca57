"""How is the table of deals read, and how issue by issue? Deals and issues as lines of words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.case import Case
from detente.show.blocks import TableBlock, Tone
from detente.show.ladder import DealRow, Size
from detente.show.record import Record
from detente.show.table import Table
from detente.show.words import listed, numbered, percent, span
from detente.study.answer import Answer, IssueVerdict
from detente.study.phrases import (
    AS_WITHOUT,
    FEW,
    NEAR,
    TODAY,
    WITHOUT,
    held_against,
    quoted,
    refusing,
    remark,
    signing,
    term_words,
    there,
)
from detente.study.verdict import leading

SIZES: dict[Size, tuple[str, Tone]] = {
    "agreed": ("agreed", "good"),
    "little": ("agreed, little changes", "plain"),
    "seldom": ("seldom agreed", "warn"),
    "none": ("not agreed", "warn"),
    "undecided": ("not decided", "plain"),
}
TELLING = 0.1
"""Change of a share of draws from which a scenario stands beside it."""


class DealLine(Record):
    """One deal in words.

    Attributes:
        name: of the deal.
        status: what it comes to.
        tone: of the status.
        often: in what share of draws it is agreed; empty where no input carries doubt.
        interval: of that share from the finite number of draws, at 95 %, where it is wide enough to be seen.
        elsewhere: the scenario that changes that most, where one does.
        terms: issue by issue, name and place beside today's or that without a deal; empty if never agreed.
        still: what there is to say of a term that leaves its issue as it is, else empty; one per term.
        who: those who sign or, where it is not agreed, those who stop it most often.
        against: those who have a say in a deal that is agreed without them.
        votes: of bodies on the terms.
    """

    name: str
    status: str
    tone: Tone
    often: str
    interval: str = ""
    elsewhere: str = ""
    terms: tuple[tuple[str, str], ...] = ()
    still: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    votes: tuple[str, ...] = ()

    @property
    def agreed(self) -> bool:
        """Whether it is agreed in most draws."""
        return self.status.startswith("agreed")


def deal_lines(case: Case, answer: Answer) -> tuple[DealLine, ...]:
    """Return the deals of which the verdict speaks, the likeliest first."""
    ordered = sorted(leading(answer.deals), key=lambda one: (-one.share, len(one.issues)))
    known = beside(answer)
    return tuple(_line(case, one, known) for one in ordered)


def beside(answer: Answer) -> str:
    """Return what the terms in the table of deals are held against: today if the case says that of all."""
    held = {held_against(term) for deal in leading(answer.deals) for term in deal.terms}
    return TODAY if held == {TODAY} else WITHOUT


def deal_table(lines: Sequence[DealLine]) -> TableBlock:
    """Return the table of deals in short, for a screen: what each comes to, and where that is otherwise."""
    agreed, otherwise = (
        "how often all who must consent would accept it",
        "the scenario that changes that most",
    )
    columns = {"deal": "package, or issue alone", "agreed": agreed, "elsewhere": otherwise}
    often = [f"{one.often or one.status}{f' ({one.interval})' if one.interval else ''}" for one in lines]
    rows = tuple((one.name, found, one.elsewhere) for one, found in zip(lines, often, strict=True))
    heads = {"elsewhere": "otherwise"}
    return TableBlock(on="screen", table=Table("deals", columns, rows, heads), caption="The deals")


def _line(case: Case, deal: DealRow, known: str) -> DealLine:
    status, tone = SIZES[deal.size]
    terms = sorted(deal.terms, key=lambda one: not one.moves)
    return DealLine(
        name=deal.name,
        status=status,
        tone=tone,
        often="" if deal.draws == 1 else _often(deal.share, deal.draws),
        interval=_interval(deal),
        elsewhere=_elsewhere(deal),
        terms=tuple((case.issues[one.issue].name, term_words(case, one, known=known)) for one in terms),
        still=tuple(remark(case, one) for one in terms),
        who=tuple(_who(deal)),
        against=refusing(deal) if deal.agreed else (),
        votes=tuple(f"{one.body} {one.votes:,.0f} of {one.needed:,.0f} needed" for one in deal.votes),
    )


def _often(share: float, draws: int) -> str:
    if share in (0.0, 1.0):
        return f"{'all' if share else 'none'} of {draws:,}"
    return percent(share)


def _interval(deal: DealRow) -> str:
    low, high = (f"{100 * end:.0f}" for end in (deal.low95, deal.high95))
    return "" if low == high or deal.draws == 1 else f"{low} to {high}\N{NO-BREAK SPACE}%"


def _elsewhere(deal: DealRow) -> str:
    most = max(deal.scenarios, key=lambda one: abs(one.share - deal.share), default=None)
    if most is None or abs(most.share - deal.share) < TELLING:
        return ""
    if deal.draws == 1:
        return f"{'agreed' if most.share else 'not agreed'} in “{most.scenario}”"
    return f"{percent(most.share)} if “{most.scenario}”"


def _who(deal: DealRow) -> Iterator[str]:
    """Yield who sign a deal or, where it is not agreed, who stop it most often."""
    if deal.agreed:
        yield from signing(deal)
        return
    stopping = sorted((one for one in deal.signatures if one.stops), key=lambda one: -one.stops)
    foremost = [one for one in stopping if one.stops >= stopping[0].stops - NEAR]
    shown = [*foremost, *(one for one in stopping if one not in foremost)][: max(FEW, len(foremost))]
    alike = {percent(one.stops) for one in shown} <= {percent(1 - deal.share)}
    for one in shown:
        yield one.name if alike or deal.draws == 1 else f"{one.name} ({percent(one.stops)})"


# --- issue by issue ------------------------------------------------------------------------------


def issue_table(case: Case, answer: Answer) -> TableBlock | None:
    """Return one verdict per issue with its terms, where consent has a say and there are several issues."""
    if len(answer.issues) < 2 or all(one.standing in ("pull", "open") for one in answer.issues):
        return None
    columns = {
        "issue": "name",
        "verdict": "what becomes of it",
        "terms": "where it would be settled, with the middle 80 % of the draws with that deal",
        "today": "where it stands today",
        "without": "where it ends without a deal",
    }
    if all(one.today is None for one in case.issues.values()):
        del columns["today"]
    rows = tuple(
        (one.name, verdict_words(case, answer.deals, one), *_places(case, one, list(columns)[3:]))
        for one in answer.issues
    )
    heads = {"without": "without a deal"}
    return TableBlock(table=Table("issue_by_issue", columns, rows, heads), caption="One verdict per issue")


def verdict_words(case: Case, deals: Sequence[DealRow], one: IssueVerdict) -> str:
    """Return what becomes of an issue, in words."""
    if one.standing in ("pull", "open"):
        return "no rule says who must consent" if one.standing == "pull" else "nothing can be told"
    if one.standing == "blocked":
        by = f" by {listed(one.by, FEW)}" if one.by else ""
        return f"blocked{by}{f' (agreed in {percent(one.share)} of draws)' if one.share else ''}"
    deal = next(row for row in deals if row.deal == one.deal)
    often = "" if deal.draws == 1 else f" ({_often(deal.share, deal.draws)} of draws)"
    often = often.replace(" of draws)", " draws)") if deal.share in (0.0, 1.0) else often
    if one.standing == "stays":
        alone = "" if deal.single else f" in {quoted(deal)}"
        if one.terms is not None and remark(case, one.terms) == AS_WITHOUT:
            return f"ends as without a deal: what is agreed{alone} adds little{often}"
        return f"stays about as it is: what is agreed{alone} changes little{often}"
    return f"{'possible' if deal.single else f'only in {quoted(deal)}'}{often}"


def _places(case: Case, one: IssueVerdict, beside: Sequence[str]) -> Iterator[str]:
    """Yield where an issue would be settled and, as asked for, where it is today and without a deal."""
    of, terms = case.issues[one.issue], one.terms
    apart = terms is not None and terms.low80 < terms.high80 and not numbered(of)
    around = f" ({span(terms.low80, terms.high80, of)})" if terms is not None and apart else ""
    yield "" if terms is None else f"{there(terms.value, of)}{around}"
    for name in beside:
        stated = of.today if name == TODAY else of.no_deal
        at = None if stated is None else stated.mean
        at = getattr(terms, name, None) if terms is not None and name != TODAY else at
        yield "" if at is None else there(at, of)
