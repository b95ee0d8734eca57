"""Which outcomes hold, on one screen? By which concepts and how often, why, and the way there from today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from detente.cli.output import Output
from detente.lenses.stability.findings import label
from detente.report.games.facts import outcomes as held
from detente.report.games.telling import kinds
from detente.report.stability.wanted import KINDS, wanted, wanted_finding
from detente.show.screen import Column, paragraph, table
from detente.show.words import counted, percent

if TYPE_CHECKING:
    from detente.lenses.stability import StabilityResult
    from detente.report.games.facts import Outcome
    from detente.report.stability.chapter import StabilityChapter

MOST_ROWS = 12
MOST_TOLD = 3
NOBODY_LEAVES = "Nobody has anything better to move to."
ALSO_TOLD = ("together", "strong", "unknown", "sway")  # findings beyond what the screen tells by itself


def outcomes(chapter: StabilityChapter) -> list[str]:
    """Return the states that hold, in columns: one per concept, with its share of draws."""
    return _columns(chapter.result, chapter.outcomes)


def _columns(result: StabilityResult, rows: Iterable[Outcome]) -> list[str]:
    concepts = kinds(result.concepts)
    cells = [
        (row.words, *(_share(row.shares.get(concept, 0.0)) for concept in concepts))
        for row in list(rows)[:MOST_ROWS]
    ]
    columns = [Column("outcome", wraps=True), *(Column(label(c), right=True) for c in concepts)]
    return table(columns, cells)


def _share(share: float) -> str:
    return "" if share == 0 else "yes" if share == 1 else percent(share)


def show_stability(result: StabilityResult, out: Output) -> None:
    """Print what holds, why, how one gets there from today, and what was not judged."""
    rows = held(result, {})
    out.say()
    _table(result, rows, out)
    for row in rows[:MOST_TOLD]:
        _outcome(result, row, out)
    _today(result, rows, out)
    _wanted(result, out)
    _more(result, out)


def _table(result: StabilityResult, rows: tuple[Outcome, ...], out: Output) -> None:
    if not rows:
        for concept in result.concepts:
            count = result.counts[concept]
            out.say(
                f"  {label(concept)}: {f'{count:,}' if count else 'none'} of {result.state_count:,} outcomes"
            )
        return
    head, *body = _columns(result, rows)
    out.say(head, dim=True)
    out.lines(body)
    left = len(rows) - MOST_ROWS
    if left > 0:
        out.say(f"  and {counted(left, 'outcome')} that hold less firmly; --json has them all", dim=True)


def _outcome(result: StabilityResult, row: Outcome, out: Output) -> None:
    out.say()
    for line in paragraph(row.words, indent=""):
        out.say(line, bold=True)
    if row.way:
        out.lines(paragraph(row.way))
    out.lines(line for text in _why(result, row) for line in paragraph(text))


def _why(result: StabilityResult, row: Outcome) -> Iterator[str]:
    """Yield a sentence per actor that has somewhere to go: why it stays, by the concept the outcome is told by."""
    found = [w for w in result.why if w.state == row.state and w.concept == row.concept and w.moves]
    still = [w for w in found if w.stable and not w.answers]
    if still:
        who = ", ".join(result.names[w.actor] for w in still)
        yield f"Nothing better to move to: {who}."
    yield from (w.sentence for w in found if w not in still)


def _today(result: StabilityResult, rows: tuple[Outcome, ...], out: Output) -> None:
    today = result.status_quo
    if today is None or any(row.today for row in rows[:MOST_TOLD]):
        return
    out.say()
    for line in paragraph(f"Today: {result.words[today]}", indent=""):
        out.say(line, bold=True)
    leaving = [w for w in result.why if (w.state, w.concept) == (today, "nash") and not w.stable]
    told = [w.sentence for w in leaving] or [line for row in rows if row.today for line in _why(result, row)]
    out.lines(line for text in told or [NOBODY_LEAVES] for line in paragraph(text))


def _wanted(result: StabilityResult, out: Output) -> None:
    """Print whether the wanted outcome holds, and what would make it hold."""
    aim = wanted(result, {})
    if aim is None:
        return
    out.say()
    for line in paragraph(wanted_finding(aim).sentence, indent=""):
        out.say(line, bold=True)
    for concept, changes in aim.changes.items():
        told = [f"{KINDS[change.kind]}: {' '.join(change.told)}" for change in changes if change.told]
        head = f"For it to hold by {label(concept)}, any one of these would do:" if told else ""
        out.lines(paragraph(head or f"Nothing that was looked at would make it hold by {label(concept)}."))
        for text in told:
            first, *more = paragraph(text, indent="    ")
            out.lines([f"  - {first.strip()}", *more])


def _more(result: StabilityResult, out: Output) -> None:
    told = [f.sentence for f in result.findings if f.id.partition(".")[0] in ALSO_TOLD]
    told += [f"Not judged by {label(concept)}: {why}." for concept, why in result.skipped.items()]
    if told:
        out.say()
        out.lines(line for text in told for line in paragraph(text, indent=""))
