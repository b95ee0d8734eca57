"""How is an outlook told? One rung of the ladder, and per issue two spans side by side that are never mixed.

What the inputs leave open is one span; what the record of decided issues says is the other, wider one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.case import Case
from detente.show.blocks import (
    Details,
    Gauges,
    Key,
    Legend,
    Listing,
    Prose,
    Reading,
    Section,
    Strip,
    TableBlock,
)
from detente.show.finding import Finding
from detente.show.ladder import Rung
from detente.show.table import Table, table_of
from detente.show.words import anchor, capital, listed, numbered, out_of, percent, position
from detente.study.answer import Answer, terms_table, verdict_words
from detente.study.outlook.issue import IssueOutlook
from detente.study.outlook.mixed import outline

SECTION = "issues"
TABLE = "study.outlook"
TESTED = "Tested on 245 decided issues of the European Union, where 81 % of outcomes fell into such spans"
ERROR = 23
"""Mean absolute error of the median on those issues, in points of 100: `detente backtest`."""
HOW = (
    "Foothold distribution: six outcomes in ten are a held position or the reference point, the rest lie between; "
    "the chance halves with every quarter of the contested range away from the compromise. Fitted to DEU III "
    "(Arregui & Perarnaud 2021, doi:10.34810/data53). Where the case says who must consent, each draw's is "
    "restricted to what all of them would accept in it."
)
WITHIN = " and all who must consent accept it"
SEEN = 0.02
"""Chance from which an atom is drawn."""


def rungs(outlooks: Sequence[IssueOutlook], sealed: str = "") -> Iterator[Rung]:
    """Yield what is said at the step of the record: past error, where it was tested, and where this is sealed."""
    if not outlooks:
        return
    how = sealed or "not sealed, so nobody can check it later"
    yield Rung(
        step="record",
        finding=Finding(
            id="outlook",
            sentence=f"Such forecasts missed by {ERROR} points of 100 on average. {tested(outlooks)}. "
            f"This one is {how}.",
            numbers={"low80": outlooks[0].low80, "high80": outlooks[0].high80, "holds": outlooks[0].holds},
            table=TABLE,
            section=SECTION,
        ),
    )


def tested(outlooks: Sequence[IssueOutlook]) -> str:
    """Say where such forecasts were tested and where not, and on how many issues of a case that is so."""
    untested = ["on deadlock", "between adversaries"]
    for told, here in (
        ("with ten parties or fewer", [one.few for one in outlooks]),
        ("where rules of consent narrow the span", [one.bounded for one in outlooks]),
    ):
        if any(here):
            which = "as" if all(here) else out_of(sum(here), len(here), "issue")
            untested.append(f"{told} ({which} here)")
    return f"{TESTED}; untested {listed(untested)}"


def section(case: Case, answer: Answer, outlooks: Sequence[IssueOutlook]) -> Section:
    """Return the section: a strip per issue with its verdict, of issues without a strip the verdict alone."""
    consent = any(one.decided is not None for one in outlooks)
    decided = f"what the record says, if decided{WITHIN if consent else ''}: shortest span with 80 %"
    keys = (
        Key(text=decided, sign="thick"),
        *((Key(text="where no deal leaves it; larger if likelier", sign="square"),) if consent else ()),
        Key(text="what the inputs leave open: pull of the parties, 80 % of draws", sign="lane"),
    )
    shown = {one.issue for one in _scaled(case, outlooks)}
    others = [
        f"{one.name}: {verdict_words(case, answer.deals, one)}."
        for one in answer.issues
        if one.issue not in shown
    ]
    tables = (
        TableBlock(table=terms_table(case, answer), caption="Terms, today, and without a deal"),
        TableBlock(table=table(case, outlooks), caption="The two spans in numbers"),
        Prose(text=HOW),
    )
    return Section(
        id=SECTION,
        title="Issue by issue",
        intro=f"Where each issue may come out: two spans that are not to be mixed. {tested(outlooks)}.",
        blocks=(
            Legend(items=keys),
            *gauges(case, answer, outlooks),
            *((Listing(items=tuple(others)),) if others else ()),
            Details(summary="Table and method", blocks=tables),
        ),
    )


def gauges(case: Case, answer: Answer, outlooks: Sequence[IssueOutlook]) -> tuple[Gauges, Gauges]:
    """Return every issue on its own scale, for a page and for a screen: the record's span, and the inputs'.

    An issue whose numbers but count its settlements has no spans.
    """
    verdicts = {one.issue: verdict_words(case, answer.deals, one) for one in answer.issues}
    rows = [_readings(case, one, verdicts.get(one.issue, "")) for one in _scaled(case, outlooks)]
    heads = ("issue", "- record, if decided", "inputs", "| no deal")
    return (
        Gauges(on="page", heads=("issue", "", "", ""), rows=tuple(page for page, _ in rows)),
        Gauges(on="screen", heads=heads, rows=tuple(screen for _, screen in rows)),
    )


def _scaled(case: Case, outlooks: Sequence[IssueOutlook]) -> list[IssueOutlook]:
    return [one for one in outlooks if not numbered(case.issues[one.issue])]


def _readings(case: Case, one: IssueOutlook, verdict: str) -> tuple[Reading, Reading]:
    """Return an issue as a row of a page, where it stays if that is likelier, and as a line of a screen."""
    of = case.issues[one.issue]
    ends = (one.low80, one.high80), (one.inputs_low, one.inputs_high)
    record, inputs = (" to ".join(dict.fromkeys(position(value, of) for value in some)) for some in ends)
    without = "" if one.no_deal is None else position(one.no_deal, of)
    strip = Strip(
        low=of.low,
        high=of.high,
        at=one.median,
        spans={"80": ends[0]},
        no_deal=one.no_deal,
        ticks=tuple(of.scale),
        words=f"Scale from {position(of.low, of)} to {position(of.high, of)}: if decided {record}, by the record; "
        f"the inputs leave {inputs} open{f'; without a deal {without}' if without else ''}",
        density=outline(of.low, of.high, one.knots, one.smooth),
        atoms=tuple((atom.value, atom.chance) for atom in one.atoms if atom.chance >= SEEN),
        inputs=ends[1],
        without=0.0 if one.decided is None else 1 - one.decided,
    )
    value, unit, status = record, "if decided", ""
    left = "" if one.decided is None else f" ({percent(1 - one.decided)})"
    if one.no_deal is not None and one.decided is not None and one.decided < 0.5:
        value, unit = without, f"if decided {record}"
        notable = case.options.winset.notable * (of.high - of.low)
        apart = of.today is not None and abs(of.today.mean - one.no_deal) >= notable
        status = f"{'ends as without a deal' if apart else 'stays as it is'}{left}"
    page = Reading(
        name=of.name,
        value=value,
        unit=unit,
        span=f"inputs {inputs}",
        strip=strip,
        ends=(f"{anchor(of.low, of)} {of.scale[of.low]}", f"{anchor(of.high, of)} {of.scale[of.high]}"),
        meaning=capital(verdict),
        status=status,
        tone="warn" if status else "plain",
    )
    beside = f"{without}{left}" if without else ""
    return page, Reading(name=of.name, value=record, span=inputs, beside=beside, strip=strip)


def table(case: Case, outlooks: Sequence[IssueOutlook]) -> Table:
    """Return the outlook of every issue."""
    rows = [((case.issues[one.issue].name,), one) for one in outlooks]
    return table_of(rows, IssueOutlook, TABLE, {"issue": "name"}, ("issue", "deal", "bounded", "actors"))
