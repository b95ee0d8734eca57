"""How is a study told, and how an outlook? Rungs of the ladder, what decides and would flip it, issue by issue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from pydantic import Field

from detente.case import Case
from detente.show import blocks as kit
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.ladder import Rung
from detente.show.palette import ACCENT, INK
from detente.show.record import Published
from detente.show.row_chart import Bar, Line, Row, RowChart
from detente.show.table import Table, table_of
from detente.show.words import anchor, capital, input_phrase, listed, numbered, out_of, percent, position
from detente.study.answer import Answer, terms_table
from detente.study.outlook.issue import IssueOutlook
from detente.study.outlook.mixed import outline
from detente.study.records import InputShare, LeverKind, Move, Outcome, tables_of

Outlooks = Sequence[IssueOutlook]
SECTION = "study"
MOST_INPUTS, MOST_OUTCOMES, MOST_MOVES, MOST_ASKED = 5, 3, 6, 4
REACH = 3.0
TELLING = 0.02
"""Share of calls that asking must set right to be told of."""
OUTLOOK, ISSUES = "study.outlook", "issues"
TESTED = "Tested on 245 decided issues of the European Union, where 81 % of outcomes fell into such spans"
ERROR = 23
"""Mean absolute error of the median on those issues, in points of 100: `detente backtest`."""
HOW = (
    "Foothold distribution: six outcomes in ten are a held position or the reference point, the rest lie between; "
    "the chance halves with every quarter of the contested range away from the compromise. Fitted to DEU III "
    "(Arregui & Perarnaud 2021, doi:10.34810/data53). Where the case says who must consent, each draw's is "
    "restricted to what all of them would accept in it."
)
SEEN = 0.02
"""Chance from which an atom is drawn."""


class Study(Published):
    """What a study of a case found, whatever was asked; it shows itself.

    Attributes:
        title: of the case.
        fingerprint: of the case.
        draws: of everything in doubt.
        seed: of the draws.
        outcomes: that were studied.
        reliability: of what one hears, beside full knowledge: the share of its variance that is not noise.
        no_margin: outcomes whose flip cannot be sought, since they have no margin.
        untold: how many outcomes were left out that people are told of.
        levers: how many were moved.
        unread: lens → kind of lever → what it does not read, so that it moves nothing there.
        choice: the scenario that is best on average, where one was chosen.
        perfect: what knowing everything before choosing would be worth, in units of the outcome.
        worth: actor → what knowing its inputs before choosing would be worth, at most that.
    """

    title: str
    fingerprint: str
    draws: int
    seed: int
    outcomes: tuple[Outcome, ...]
    reliability: float = 1.0
    no_margin: tuple[str, ...] = ()
    untold: int = 0
    levers: int = 0
    unread: dict[str, dict[LeverKind, tuple[str, ...]]] = Field(default_factory=dict)
    choice: str | None = None
    perfect: float = 0.0
    worth: dict[str, float] = Field(default_factory=dict)

    def tables(self) -> Mapping[str, Table]:
        """Return a table of the outcomes, and one of all rows of each kind that there are, by their names."""
        return tables_of(self.outcomes, Outcome, "outcomes", "lens", "outcome", "subject")

    def _repr_html_(self) -> str:
        """Show the study in a notebook."""
        from detente.show.page import blocks_html

        return str(blocks_html(blocks(self)))


def rungs(study: Study, case: Case, lenses: Sequence[str]) -> Iterator[Rung]:
    """Yield what would flip an answer, and what to find out first of what ``lenses``, in their order, tell."""
    if (of := _flipped(study)) is not None:
        told = f"“{of.flips[0].asked}” {_turned(of)} if {listed(list(_moving(of.together)), most=3)}."
        moves = enumerate(of.together[:3])
        numbers = {f"{end}{k}": float(getattr(one, end)) for k, one in moves for end in ("start", "end")}
        yield Rung(step="change", finding=_finding("flip", told, numbers, "study.moves", of.together))
    order = [of for lens in lenses for of in study.outcomes if of.lens == lens]
    found = [one for of in order for one in _next(case, of, study.reliability)]
    yield from (Rung(step="ask", finding=one) for one in found[:1])


def _next(case: Case, of: Outcome, reliability: float) -> Iterator[Finding]:
    """Yield whom to ask about an outcome, if calls are then right more often, or else which input decides most."""
    what = f"“{of.subject}”" if of.yes == "yes" else f"“{of.subject}” {of.yes}"
    asked = [one for one in of.asking if one.kind == "actor" and one.right_after > one.right_before + TELLING]
    if asked:
        best = max(asked, key=lambda one: (one.right_after - one.right_before) / one.cost)
        calls = {name: getattr(best, name) for name in ("right_after", "right_before", "right_reported")}
        after, before, heard = (round(100 * one) for one in calls.values())
        own = [one for one in of.inputs if best.ask in one.input.partition("#")[0].split(".")][:1]
        told = f"Ask {best.told} first: whether {what} would then be called right in {after} of 100 cases, "
        told += f"not {before}; if what one hears is only {percent(reliability)} reliable, in {heard}."
        told += "".join(f" What tells most is {spoken(case, one.input)}." for one in own)
        yield _finding("asking", told, calls, "study.asking", own)
    for one in of.inputs[:1]:
        low, high, share = (percent(part) for part in (one.low, one.high, one.share))
        told = f"whether {what}: at the low end of its doubt in {low} of draws, at the high end in {high}"
        if not of.share:
            ends = f"where “{of.subject}” ends" if of.yes == "yes" else f"how far it is to where {what}"
            told = f"{ends}: {share} of the doubt about that would go"
        told = f"Find out {spoken(case, one.input)} first. It decides most {told}."
        numbers = {name: getattr(one, name) for name in ("share", "low", "high")}
        yield _finding("input", told, numbers, "study.inputs", [one])


def _turned(of: Outcome) -> str:
    """Return what becomes of an outcome that flips, as a verb."""
    other = of.no if of.flips[0].answer else of.yes
    return {"yes": "becomes so", "no": "is no longer so"}.get(other, other)


def spoken(case: Case, path: str) -> str:
    """Return an input as one speaks of it: the ends of a red line are the least and the most that one accepts."""
    told = input_phrase(case, path)
    return told.replace("red line, lower", "minimum").replace("red line, upper", "maximum")


def _finding(
    called: str, told: str, numbers: dict[str, float], table: str, of: Sequence[Move | InputShare] = ()
) -> Finding:
    drivers = tuple(one.input.partition("#")[0] for one in of)
    return Finding(id=called, sentence=told, numbers=numbers, drivers=drivers, table=table, section=SECTION)


def _moving(moves: Sequence[Move]) -> Iterator[str]:
    """Yield which input would be what; an issue and the verb are said once for inputs in a row."""
    said, found = "", [(one, one.moved.partition(" to ")[2], *one.told.partition(" on ")) for one in moves]
    lines = [(issue, end) for one, end, _, _, issue in found if ".accepts." in one.input]
    for one, end, what, on, issue in found:
        whose = what if said and issue == said else f"{what}{on}{issue} is"
        met = ".accepts." in one.input and lines.count((issue, end)) > 1
        yield f"{whose} {('below ', 'above ')[one.end > one.start] if met else ''}{end}"
        said = issue


def _flipped(study: Study) -> Outcome | None:
    """Return the first outcome of which a flip is in reach, if any is."""
    return next((of for of in study.outcomes for one in of.flips if one.length is not None), None)


def section(study: Study) -> kit.Section:
    """Return the section of a page."""
    title = "What decides, whom to ask, and what would flip an answer"
    intro = f"Over all questions of the case at once, from {study.draws:,} draws of everything in doubt."
    return kit.Section(id=SECTION, title=title, annex=True, intro=intro, blocks=blocks(study))


def blocks(study: Study) -> tuple[kit.Block, ...]:
    """Return what a study tells: the inputs that decide, a table by actor, the nearest flip."""
    found: list[kit.Block] = []
    if first := {of.lens: of for of in reversed(study.outcomes) if of.inputs}:  # of each lens
        found.append(kit.FigureBlock(figure=_deciding([*reversed(first.values())][:MOST_OUTCOMES])))
    if any(one.kind == "actor" for of in study.outcomes for one in of.asking):
        found.append(_asked(study))
    if (flipped := _flipped(study)) is not None:
        found.append(kit.FigureBlock(figure=_flip(flipped)))
    found += [kit.Prose(text=told, quiet=True) for told in past(study.outcomes)]
    return tuple(found)


def past(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield how far such answers were off in the past, and of which of them that is said."""
    for record in dict.fromkeys(of.record for of in outcomes):
        subjects = list(dict.fromkeys(f"“{of.subject}”" for of in outcomes if of.record == record))
        yield f"Past error: {record} ({listed(subjects)})."


def _named(one: Outcome) -> str:
    """Return what is open; of a yes or no, what would be so."""
    return f"{one.subject}: {one.yes}" if one.share and one.yes != "yes" else one.subject


def _deciding(shown: Sequence[Outcome]) -> Figure:
    rows, kept = list[Row](), [one for of in shown for one in of.inputs[:MOST_INPUTS]]
    for of in shown:
        rows.append(Row(_named(of), head=True, bold=True))
        for one in of.inputs[:MOST_INPUTS]:
            share, low, high = (min(1.0, max(0.0, one.share + far * one.error)) for far in (0.0, -1.96, 1.96))
            marks = (Bar(0.0, share), Line(low, high, tone=INK, width=1.5))
            rows.append(Row(one.told, marks, number=percent(one.share)))
    first, end = kept[0], min(1.0, np.ceil(4 * max(one.share + 1.96 * one.error for one in kept)) / 4)
    told = f"{shown[0].subject}: {first.told} matters most"
    return Figure(
        id="study-inputs",
        subject=shown[0].subject,
        finding=_finding("deciding", told, {"share": first.share}, "study.inputs", [first]),
        definition="Bar: share of the doubt in an answer that would go if the input were known; line: where it "
        f"lies with 95 %. {' '.join(past(shown))}",
        spec=RowChart(0.0, end, rows, labels=250, ticks=[(0, "0"), (end, percent(end))]).spec(),
        table=table_of([((), one) for one in kept], InputShare, "study.inputs", {}, ("input",)),
        how=(
            "Draws are sorted by an input and cut into equal groups; the spread of the groups' means beyond "
            "chance is the input's share. An input that does nothing is shown in one answer of a hundred.",
        ),
    )


def _asked(study: Study) -> kit.TableBlock:
    """Return, actor by actor, the answers of which nobody else tells more, those asked about first."""
    actors = [(of, [one for one in of.asking if one.kind == "actor"]) for of in study.outcomes]
    best = [(of, max(asked, key=lambda one: one.share)) for of, asked in actors if asked]
    lenses = [of.lens for of, _ in best]
    most = [pair for k, pair in enumerate(best) if lenses[:k].count(pair[0].lens) < MOST_ASKED]
    order = list(dict.fromkeys(one.told for _, one in most))
    rows = []
    for of, one in sorted(most, key=lambda pair: order.index(pair[1].told)):
        calls = dict.fromkeys(percent(share) for share in (one.right_before, one.right_after))
        right = " to ".join(calls) if one.right_before else ""
        rows.append((one.told, _named(of), percent(one.share), percent(one.reported), right))
    heard = f"if {percent(study.reliability)} reliable"
    heads = ("whom to ask", "what is open", "doubt gone, at least", heard, "calls right, before and after")
    return kit.tabled(heads, rows, "Whom to ask", most=12)


def _flip(of: Outcome) -> Figure:
    moves = of.together[:MOST_MOVES]
    most = max(REACH, *(abs(one.score) for one in moves))
    ticks = [(-2, "2 lower"), (0, "middle"), (2, "2 higher")]
    bars = [Bar(min(0.0, one.score), max(0.0, one.score), tone=ACCENT) for one in moves]
    rows = [Row(one.told, (bar,), number=one.moved, track=True) for one, bar in zip(moves, bars, strict=True)]
    told = f"{of.flips[0].asked}: {_turned(of)} if these moved together"
    return Figure(
        id="study-flip",
        subject=of.flips[0].asked,
        finding=_finding("flip.figure", told, {"score": moves[0].score}, "study.moves", moves),
        definition="How far each input would have to move, in units of its own doubt, in the smallest joint "
        f"change that flips the answer. Past error: {of.record}.",
        spec=RowChart(-most, most, rows, labels=180, numbers=64, ticks=ticks).spec(),
        table=table_of([((), one) for one in moves], Move, "study.moves", {}, ("input", "moved", "alone")),
        how=("Least joint move to the other side of the margin, each input in its own standard deviations.",),
    )


# --- the outlook ----------------------------------------------------------------------------------


def outlook_rungs(outlooks: Outlooks, sealed: str = "") -> Iterator[Rung]:
    """Yield what is said at the step of the record: past error, where it was tested, and where this is sealed."""
    for first in outlooks[:1]:
        how = sealed or "not sealed, so nobody can check it later"
        told = f"Such forecasts missed by {ERROR} points of 100 on average. {tested(outlooks)}. This one is {how}."
        numbers = {"low80": first.low80, "high80": first.high80, "holds": first.holds}
        finding = Finding(id="outlook", sentence=told, numbers=numbers, table=OUTLOOK, section=ISSUES)
        yield Rung(step="record", finding=finding)


def tested(outlooks: Outlooks) -> str:
    """Say where such forecasts were tested and where not, and on how many issues of a case that is so.

    On 25 issues with ten parties or fewer the 80 % held 66 %.
    """
    untested = ["on deadlock", "between adversaries"]
    for told, here in (
        ("with ten parties or fewer", [one.actors <= 10 for one in outlooks]),
        ("where rules of consent narrow the span", [bool(one.decided) for one in outlooks]),
    ):
        if any(here):
            which = "as" if all(here) else out_of(sum(here), len(here), "issue")
            untested.append(f"{told} ({which} here)")
    return f"{TESTED}; untested {listed(untested)}"


def outlook_section(case: Case, answer: Answer, outlooks: Outlooks) -> kit.Section:
    """Return the section: a strip per issue with its verdict, of issues without a strip the verdict alone."""
    consent = any(one.decided is not None for one in outlooks)
    within = " and all who must consent accept it"
    decided = f"what the record says, if decided{within if consent else ''}: shortest span with 80 %"
    keys = (
        kit.Key(text=decided, sign="thick"),
        *((kit.Key(text="where no deal leaves it; larger if likelier", sign="square"),) if consent else ()),
        kit.Key(text="what the inputs leave open: pull of the parties, 80 % of draws", sign="lane"),
    )
    shown = {one.issue for one in outlooks if not numbered(case.issues[one.issue])}
    told = tuple(f"{one.name}: {one.told}." for one in answer.issues if one.issue not in shown)
    tables = (
        kit.TableBlock(table=terms_table(case, answer), caption="Terms, today, and without a deal"),
        kit.TableBlock(table=outlook_table(case, outlooks), caption="The two spans in numbers"),
        kit.Prose(text=HOW),
    )
    others: list[kit.Block] = [kit.Listing(items=told)] if told else []
    more = kit.Details(summary="Table and method", blocks=tables)
    intro = f"Where each issue may come out: two spans that are not to be mixed. {tested(outlooks)}."
    blocks = (kit.Legend(items=keys), *outlook_gauges(case, answer, outlooks), *others, more)
    return kit.Section(id=ISSUES, title="Issue by issue", intro=intro, blocks=blocks)


def outlook_gauges(case: Case, answer: Answer, outlooks: Outlooks) -> tuple[kit.Gauges, kit.Gauges]:
    """Return every issue on its own scale, for a page and for a screen: the record's span, and the inputs'.

    An issue whose numbers but count its settlements has no spans.
    """
    verdicts = {one.issue: one.told for one in answer.issues}
    shown = [one for one in outlooks if not numbered(case.issues[one.issue])]
    rows = [_readings(case, one, verdicts.get(one.issue, "")) for one in shown]
    heads = ("issue", "- record, if decided", "inputs", "| no deal")
    return (
        kit.Gauges(on="page", heads=("issue", "", "", ""), rows=tuple(page for page, _ in rows)),
        kit.Gauges(on="screen", heads=heads, rows=tuple(screen for _, screen in rows)),
    )


def _readings(case: Case, one: IssueOutlook, verdict: str) -> tuple[kit.Reading, kit.Reading]:
    """Return an issue as a row of a page, where it stays if that is likelier, and as a line of a screen."""
    of = case.issues[one.issue]
    ends = (one.low80, one.high80), (one.inputs_low, one.inputs_high)
    record, inputs = (" to ".join(dict.fromkeys(position(value, of) for value in some)) for some in ends)
    without = "" if one.no_deal is None else position(one.no_deal, of)
    scale = f"Scale from {position(of.low, of)} to {position(of.high, of)}"
    other = f"the inputs leave {inputs} open{f'; without a deal {without}' if without else ''}"
    strip = kit.Strip(
        low=of.low,
        high=of.high,
        at=one.median,
        spans={"80": ends[0]},
        no_deal=one.no_deal,
        ticks=tuple(of.scale),
        words=f"{scale}: if decided {record}, by the record; {other}",
        density=outline(of.low, of.high, one.knots, one.smooth),
        atoms=tuple(atom for atom in one.atoms if atom[1] >= SEEN),
        inputs=ends[1],
        without=0.0 if one.decided is None else 1 - one.decided,
    )
    left = "" if one.decided is None else f" ({percent(1 - one.decided)})"
    read: dict[str, Any] = {"value": record, "unit": "if decided"}
    if one.no_deal is not None and one.decided is not None and one.decided < 0.5:
        notable = case.options.winset.notable * (of.high - of.low)
        apart = of.today is not None and abs(of.today.mean - one.no_deal) >= notable
        status = f"{'ends as without a deal' if apart else 'stays as it is'}{left}"
        read = {"value": without, "unit": f"if decided {record}", "status": status, "tone": "warn"}
    poles = tuple(f"{anchor(end, of)} {of.scale[end]}" for end in (of.low, of.high))
    read |= {"span": f"inputs {inputs}", "ends": poles, "meaning": capital(verdict)}
    page = kit.Reading(name=of.name, strip=strip, **read)
    beside = f"{without}{left}" if without else ""
    return page, kit.Reading(name=of.name, value=record, span=inputs, beside=beside, strip=strip)


def outlook_table(case: Case, outlooks: Outlooks) -> Table:
    """Return the outlook of every issue."""
    rows = [((case.issues[one.issue].name,), one) for one in outlooks]
    return table_of(rows, IssueOutlook, OUTLOOK, {"issue": "name"}, ("issue", "deal", "actors"))
