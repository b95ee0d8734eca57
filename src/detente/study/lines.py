"""How are deals put into words? The same words in the verdict, in the table of deals and issue by issue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from detente.case import Case, Issue
from detente.show.blocks import TableBlock, Tone
from detente.show.ladder import DealRow, Signature, Size, Term
from detente.show.table import Table
from detente.show.words import listed, numbered, percent, position, spot

SIZES: dict[Size, tuple[str, Tone]] = {
    "agreed": ("agreed", "good"),
    "little": ("agreed, little changes", "plain"),
    "seldom": ("seldom agreed", "warn"),
    "none": ("not agreed", "warn"),
    "undecided": ("not decided", "plain"),
}
TELLING, NEAR, HALF, AT = 0.1, 0.02, 0.5, 0.02
"""Change of a share of draws that is told; shares told as one; most draws; part of a scale told as an anchor."""
FEW, MANY = 3, 12
"""Issues or names that a sentence has room for."""
HARDLY, AS_WITHOUT = "hardly changed", "as without a deal"
TODAY, WITHOUT = "today", "without a deal"


def leading(deals: Sequence[DealRow]) -> tuple[DealRow, ...]:
    """Return the deals of which the verdict speaks: packages, or the issues alone where there is none."""
    return tuple(one for one in deals if not one.single) or tuple(deals)


def quoted(deal: DealRow) -> str:
    """Return the name of a deal in running text: packages in quotation marks, issues by their own."""
    return deal.name if deal.single else f"“{deal.name}”"


def consenting(deal: DealRow) -> str:
    """Return who accept a deal: all who must consent or, where nobody in particular must, enough who vote."""
    needed = not deal.signatures or any(one.needed for one in deal.signatures)
    return "all who must consent" if needed else "enough of those who vote"


def refusing(deal: DealRow) -> tuple[str, ...]:
    """Return who have a say in a deal that is agreed without them."""
    return tuple(one.name for one in deal.signatures if not one.needed and (one.signs or 0.0) <= HALF)


def often(deal: DealRow) -> str:
    """Return how often a deal is agreed: ``in 2 % of draws``; empty where no input carries doubt."""
    if deal.draws == 1:
        return ""
    if deal.share in (0.0, 1.0):
        return "in every draw" if deal.share else f"in none of {deal.draws:,} draws"
    return f"in {percent(deal.share)} of draws"


def held_against(term: Term) -> str:
    """Return what a term is held against: ``today`` where that is stated, else ``without a deal``."""
    return WITHOUT if term.today is None else TODAY


def term_words(case: Case, term: Term, *, known: str = "") -> str:
    """Return where a deal puts an issue, beside today and no deal: ``38 (today 25; 20 without a deal)``.

    What the reader knows that a value alone is (``known``: `TODAY` or `WITHOUT`) is not said again.
    """
    of, here, beside = case.issues[term.issue], _here(case, term), list[str]()
    if term.today is not None:
        beside.append(f"{'' if known == TODAY else 'today '}{there(term.today, of)}")
    apart = term.today is None or _apart(case, term, term.without, term.today, HALF)
    if term.without is not None and apart and remark(case, term) != AS_WITHOUT:
        alone = known == WITHOUT and term.today is None
        beside.append(f"{there(term.without, of)}{'' if alone else ' without a deal'}")
    return f"{here} ({'; '.join(beside)})" if beside else here


def _here(case: Case, term: Term) -> str:
    of = case.issues[term.issue]
    return position(term.value, of) if of.high - of.low <= 1 and not numbered(of) else spot(term.value, of)


def there(value: float, of: Issue) -> str:
    """Return a value of an issue in words: its settlement's name, or its place on the scale."""
    return spot(value, of) if numbered(of) else position(value, of)


def terms_told(case: Case, deal: DealRow) -> str:
    """Return what a deal would change, the largest changes first, and that the rest stays; empty without terms."""

    def far(term: Term) -> float:
        of = case.issues[term.issue]
        return abs(term.value - (of.low if term.before is None else term.before)) / (of.high - of.low)

    moved = sorted((one for one in deal.terms if one.moves), key=lambda one: -far(one))
    told = [*_many(case, moved)] if len(moved) > FEW else []
    if moved and not told:
        known = ["", *map(held_against, moved)]
        first = zip(moved[:FEW], known, strict=False)
        parts = [f"{case.issues[one.issue].name} at {term_words(case, one, known=of)}" for one, of in first]
        parts += [f"{len(moved) - FEW} more"] if len(moved) > FEW else []
        told = [listed(parts, FEW + 1)]
    still = [(case.issues[one.issue].name, remark(case, one), one) for one in deal.terms if not one.moves]
    if plain := [name for name, said, _ in still if said == HARDLY]:
        told.append(f"{listed(plain, FEW)} {HARDLY}")
    told += [f"{name} {said}: {term_words(case, one)}" for name, said, one in still if said != HARDLY]
    return "; ".join(told)


def remark(case: Case, term: Term) -> str:
    """Return what there is to say of a term that a reader would not notice; empty of one that moves."""
    if term.moves:
        return ""
    if not _apart(case, term, term.without, term.today, HALF):
        return HARDLY
    if _apart(case, term, term.value, term.today):
        return AS_WITHOUT
    return "about as today" if _apart(case, term, term.value, term.without) else HARDLY


def _apart(case: Case, term: Term, first: float | None, second: float | None, part: float = 1.0) -> bool:
    """Tell whether a reader would notice that two values of an issue are not the same."""
    if first is None or second is None:
        return False
    of = case.issues[term.issue]
    return abs(first - second) >= part * case.options.winset.notable * (of.high - of.low)


def _many(case: Case, moved: Sequence[Term]) -> Iterator[str]:
    """Yield which issues end where, in the words of their scales, if nearly all end at a few of these."""
    groups, others = dict[str, list[str]](), list[str]()
    for one in moved:
        of = case.issues[one.issue]
        near = min(of.scale, key=lambda at: abs(at - one.value))
        at_anchor = of.scale[near] if abs(near - one.value) <= AT * (of.high - of.low) else ""
        if at_anchor:
            groups.setdefault(at_anchor, []).append(of.name)
        else:
            others.append(f"{of.name} at {_here(case, one)}")
    if groups and max(len(groups), len(others)) <= FEW:
        yield from (f"{listed(names, MANY)}: “{words}”" for words, names in groups.items())
        yield from [listed(others)] if others else []


def stoppers(deals: Sequence[DealRow]) -> tuple[str, ...]:
    """Return whose demands most often stop some deals: who are foremost in each of them, else in any."""
    foremost = [[one.name for one in _foremost(deal)] for deal in deals]
    named = dict.fromkeys(name for some in foremost for name in some)
    return tuple([name for name in named if all(name in some for some in foremost)] or named)


def _foremost(deal: DealRow) -> list[Signature]:
    """Return who stop a deal as often as anybody, or nearly so."""
    most = max((one.stops for one in deal.signatures), default=0.0)
    return [one for one in deal.signatures if one.stops and one.stops >= most - NEAR]


# --- the table of deals ----------------------------------------------------------------------------


class DealLine(NamedTuple):
    """One deal in words.

    Empty are how ``often`` it is agreed without doubt, the 95 % ``interval`` of that where it cannot be seen, the
    scenario ``elsewhere`` that changes it most where none does. Terms are issues and places; ``still`` is said of
    one that does not move. There follow ``who`` sign or most often stop it, who are ``against``, and votes.
    """

    name: str
    status: str
    tone: Tone
    often: str
    interval: str
    elsewhere: str
    terms: tuple[tuple[str, str], ...]
    still: tuple[str, ...]
    who: tuple[str, ...]
    against: tuple[str, ...]
    votes: tuple[str, ...]
    agreed: bool


def deal_lines(case: Case, deals: Sequence[DealRow]) -> tuple[DealLine, ...]:
    """Return the deals of which the verdict speaks, the likeliest first."""
    known = beside(deals)

    def line(deal: DealRow) -> DealLine:
        often = "" if deal.draws == 1 else how_often(deal.share, deal.draws)
        terms = sorted(deal.terms, key=lambda one: not one.moves)
        places = tuple((case.issues[one.issue].name, term_words(case, one, known=known)) for one in terms)
        still, who = tuple(remark(case, one) for one in terms), tuple(_who(deal))
        against = refusing(deal) if deal.agreed else ()
        votes = tuple(f"{one.body} {one.votes:,.0f} of {one.needed:,.0f} needed" for one in deal.votes)
        sure = often, _interval(deal), _elsewhere(deal)
        return DealLine(deal.name, *SIZES[deal.size], *sure, places, still, who, against, votes, deal.agreed)

    return tuple(line(one) for one in sorted(leading(deals), key=lambda one: (-one.share, len(one.issues))))


def beside(deals: Sequence[DealRow]) -> str:
    """Return what the terms in the table of deals are held against: today if the case says that of all."""
    held = {held_against(term) for deal in leading(deals) for term in deal.terms}
    return TODAY if held == {TODAY} else WITHOUT


def deal_table(lines: Sequence[DealLine]) -> TableBlock:
    """Return the table of deals in short, for a screen: what each comes to, and where that is otherwise."""
    often = [f"{one.often or one.status}{f' ({one.interval})' if one.interval else ''}" for one in lines]
    rows = tuple((one.name, found, one.elsewhere) for one, found in zip(lines, often, strict=True))
    table = Table("deals", dict.fromkeys(("deal", "agreed", "otherwise"), ""), rows)
    return TableBlock(on="screen", table=table, caption="The deals")


def how_often(share: float, draws: int) -> str:
    """Return a share of draws in a cell of a table."""
    return f"{'all' if share else 'none'} of {draws:,}" if share in (0.0, 1.0) else percent(share)


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
    """Yield who sign a deal that is agreed, those who are needed first, or who stop it most often."""
    if deal.agreed:
        signs = [one for one in deal.signatures if one.needed or (one.signs or 0.0) > HALF]
        yield from (one.name for one in sorted(signs, key=lambda one: not one.needed))
        return
    stopping = sorted((one for one in deal.signatures if one.stops), key=lambda one: -one.stops)
    shown = stopping[: max(FEW, len(_foremost(deal)))]
    alike = {percent(one.stops) for one in shown} <= {percent(1 - deal.share)}
    for one in shown:
        yield one.name if alike or deal.draws == 1 else f"{one.name} ({percent(one.stops)})"
