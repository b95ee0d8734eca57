"""How are deals put into words? The same words in the verdict, in the table of deals and issue by issue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.case import Case, Issue
from detente.show.blocks import TableBlock, Tone
from detente.show.ladder import DealRow, Size, Term
from detente.show.record import Record
from detente.show.table import Table
from detente.show.words import listed, numbered, percent, position, spot

SIZES: dict[Size, tuple[str, Tone]] = {
    "agreed": ("agreed", "good"),
    "little": ("agreed, little changes", "plain"),
    "seldom": ("seldom agreed", "warn"),
    "none": ("not agreed", "warn"),
    "undecided": ("not decided", "plain"),
}
TELLING = 0.1
"""Change of a share of draws from which a scenario stands beside it."""


FEW = 3
"""Issues or names that a sentence has room for."""
MANY = 12
HARDLY, AS_WITHOUT = "hardly changed", "as without a deal"
TODAY, WITHOUT = "today", "without a deal"
AT = 0.02  # of a scale: a value is at an anchor
HALF = 0.5
NEAR = 0.02
"""Shares of draws that are so near are told as one."""


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


def signing(deal: DealRow) -> tuple[str, ...]:
    """Return who sign a deal that is agreed: those who are needed first, then others who mostly accept it."""
    signs = [one for one in deal.signatures if one.needed or (one.signs or 0.0) > HALF]
    return tuple(one.name for one in sorted(signs, key=lambda one: not one.needed))


def refusing(deal: DealRow) -> tuple[str, ...]:
    """Return who have a say in a deal that is agreed without them."""
    return tuple(one.name for one in deal.signatures if not one.needed and (one.signs or 0.0) <= HALF)


def often(deal: DealRow, share: float | None = None) -> str:
    """Return how often something is so: ``in 2 % of draws``; empty where no input carries doubt."""
    found = deal.share if share is None else share
    if deal.draws == 1:
        return ""
    if found in (0.0, 1.0):
        return "in every draw" if found else f"in none of {deal.draws:,} draws"
    return f"in {percent(found)} of draws"


def held_against(term: Term) -> str:
    """Return what a term is held against: ``today`` where that is stated, else ``without a deal``."""
    return WITHOUT if term.today is None else TODAY


def term_words(case: Case, term: Term, *, known: str = "") -> str:
    """Return where a deal puts an issue, beside today and no deal: ``38 (today 25; 20 without a deal)``.

    What the reader knows that a value alone is (``known``: `TODAY` or `WITHOUT`) is not said again.
    """
    of, beside = case.issues[term.issue], []
    if term.today is not None:
        beside.append(f"{'' if known == TODAY else 'today '}{there(term.today, of)}")
    told = remark(case, term) != AS_WITHOUT and (
        term.today is None or _apart(case, term, term.without, term.today, HALF)
    )
    if term.without is not None and told:
        alone = known == WITHOUT and term.today is None
        beside.append(f"{there(term.without, of)}{'' if alone else ' without a deal'}")
    return f"{_here(case, term)} ({'; '.join(beside)})" if beside else _here(case, term)


def _here(case: Case, term: Term) -> str:
    of = case.issues[term.issue]
    return position(term.value, of) if of.high - of.low <= 1 and not numbered(of) else spot(term.value, of)


def there(value: float, of: Issue) -> str:
    """Return a value of an issue in words: its settlement's name, or its place on the scale."""
    return spot(value, of) if numbered(of) else position(value, of)


def terms_told(case: Case, deal: DealRow) -> str:
    """Return what a deal would change, the largest changes first, and that the rest stays; empty without terms."""
    moved = sorted((one for one in deal.terms if one.moves), key=lambda one: -_far(case, one))
    told = [*_many(case, moved)] if len(moved) > FEW else []
    if moved and not told:
        known = ["", *map(held_against, moved)]
        first = zip(moved[:FEW], known, strict=False)
        parts = [f"{case.issues[one.issue].name} at {term_words(case, one, known=of)}" for one, of in first]
        parts += [f"{len(moved) - FEW} more"] if len(moved) > FEW else []
        told = [listed(parts, FEW + 1)]
    return "; ".join([*told, *_unmoved(case, [one for one in deal.terms if not one.moves])])


def _unmoved(case: Case, still: Sequence[Term]) -> Iterator[str]:
    """Yield what a deal leaves as it is: hardly changed, about as today, or as without a deal."""
    kept = {one.issue: remark(case, one) for one in still}
    if plain := [case.issues[one].name for one, said in kept.items() if said == HARDLY]:
        yield f"{listed(plain, FEW)} {HARDLY}"
    for one in still:
        if kept[one.issue] != HARDLY:
            yield f"{case.issues[one.issue].name} {kept[one.issue]}: {term_words(case, one)}"


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
    groups: dict[str, list[str]] = {}
    others = []
    for one in moved:
        words = anchored(case, one)
        name = case.issues[one.issue].name
        groups.setdefault(words, []).append(name) if words else others.append(f"{name} at {_here(case, one)}")
    if len(groups) > FEW or len(others) > FEW or not groups:
        return
    yield from (f"{listed(names, MANY)}: “{words}”" for words, names in groups.items())
    if others:
        yield listed(others)


def anchored(case: Case, term: Term) -> str:
    """Return what the scale says of a value that stands at one of its anchors; empty elsewhere."""
    of = case.issues[term.issue]
    near = min(of.scale, key=lambda at: abs(at - term.value))
    return of.scale[near] if abs(near - term.value) <= AT * (of.high - of.low) else ""


def _far(case: Case, term: Term) -> float:
    of = case.issues[term.issue]
    return abs(term.value - (of.low if term.before is None else term.before)) / (of.high - of.low)


def stoppers(deals: Sequence[DealRow]) -> tuple[str, ...]:
    """Return whose demands most often stop some deals: who are foremost in each of them, else in any."""
    foremost: list[list[str]] = []
    for deal in deals:
        most = max((one.stops for one in deal.signatures), default=0.0)
        foremost.append([one.name for one in deal.signatures if one.stops and one.stops >= most - NEAR])
    named = dict.fromkeys(name for some in foremost for name in some)
    return tuple([name for name in named if all(name in some for some in foremost)] or named)


# --- the table of deals ----------------------------------------------------------------------------


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


def deal_lines(case: Case, deals: Sequence[DealRow]) -> tuple[DealLine, ...]:
    """Return the deals of which the verdict speaks, the likeliest first."""
    ordered = sorted(leading(deals), key=lambda one: (-one.share, len(one.issues)))
    known = beside(deals)
    return tuple(_line(case, one, known) for one in ordered)


def beside(deals: Sequence[DealRow]) -> str:
    """Return what the terms in the table of deals are held against: today if the case says that of all."""
    held = {held_against(term) for deal in leading(deals) for term in deal.terms}
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
        often="" if deal.draws == 1 else how_often(deal.share, deal.draws),
        interval=_interval(deal),
        elsewhere=_elsewhere(deal),
        terms=tuple((case.issues[one.issue].name, term_words(case, one, known=known)) for one in terms),
        still=tuple(remark(case, one) for one in terms),
        who=tuple(_who(deal)),
        against=refusing(deal) if deal.agreed else (),
        votes=tuple(f"{one.body} {one.votes:,.0f} of {one.needed:,.0f} needed" for one in deal.votes),
    )


def how_often(share: float, draws: int) -> str:
    """Return a share of draws in a cell of a table."""
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
