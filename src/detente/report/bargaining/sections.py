"""In which order is the chapter read? Figures by kind, pulls and trades, and how sure all of it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.case import Case
from detente.lenses.bargaining import BargainingResult
from detente.report.chapter import Section
from detente.show import words
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.table import Table

if TYPE_CHECKING:
    from detente.report.bargaining.chapter import BargainingChapter

PAST_ERROR = 0.23  # of the scale: mean absolute error of the compromise on the DEU III data; see the lens
MOST_TRADES = 12
SHADES = (0.05, 0.1, 0.2, 0.3, 0.45)

_KINDS = (
    (
        "positions",
        "Who stands where",
        "One scale per issue, from end to end, with what its points mean. Each row is an actor.",
    ),
    (
        "outcomes",
        "Where each issue settles",
        "The methods side by side, on the same numbers, with two baselines: what everybody counting alike would "
        "give, and where the issue ends without an agreement.",
    ),
    (
        "scenarios",
        "What scenarios change",
        "Each scenario against the case as it stands, on the same draws.",
    ),
    (
        "tornado",
        "What moves the forecast",
        "One doubtful number at a time, from its low to its high, all others at their means: what is worth "
        "finding out next, or worth changing.",
    ),
    (
        "rounds",
        "How the challenge model gets there",
        "Round by round, actors press those from whom they expect to gain.",
    ),
)


def sections(figures: tuple[Figure, ...]) -> dict[str, Section]:
    """Return the sections that have figures, by id, in the order of the page."""
    found = {}
    for kind, title, intro in _KINDS:
        of_kind = tuple(one for one in figures if one.id == kind or one.id.startswith(f"{kind}-"))
        if of_kind:
            found[kind] = Section(kind, title, intro, of_kind)
    return found


@dataclass(frozen=True, slots=True)
class Share:
    """An actor's share of all weight on an issue, and how deep its cell is shaded."""

    text: str
    shade: int


def pulls(chapter: BargainingChapter) -> list[tuple[str, list[Share | None]]]:
    """Return, per actor, its share of the weight on each issue, those with the largest shares first."""
    pull = chapter.result.pull
    actors = list(dict.fromkeys(actor for shares in pull.values() for actor in shares))
    total = {actor: sum(s[actor].position for s in pull.values() if actor in s) for actor in actors}
    rows = []
    for actor in sorted(actors, key=lambda one: (-total[one], actors.index(one))):
        cells = [_share(s[actor].position) if actor in s else None for s in pull.values()]
        rows.append((chapter.result.names[actor], cells))
    return rows


def _share(value: float) -> Share:
    return Share(words.percent(value), sum(1 for step in SHADES if value >= step))


def trades(case: Case, result: BargainingResult) -> Table:
    """Return the most frequent trades in words."""
    names = result.names
    columns = {
        "gives": "actor, the issue on which it gives way, and the shift of the forecast there",
        "in_return": "the other actor, its issue, and the shift there",
        "share": "share of draws in which they trade",
        "gain": "what each of the two gains: salience × shift on a scale of 0 to 100",
        "hurt": "who loses most by it",
    }
    rows = []
    for trade in result.trades[:MOST_TRADES]:
        first, second = case.issues[trade.gives_first], case.issues[trade.gives_second]
        losses = [f"{names[actor]} ({words.figures(loss, 2)})" for actor, loss in trade.hurt.items()]
        rows.append(
            (
                f"{names[trade.first]} on {first.name} ({words.fine_change(trade.shift_first, first)})",
                f"{names[trade.second]} on {second.name} ({words.fine_change(trade.shift_second, second)})",
                trade.share,
                trade.gain,
                words.listed(losses, 3),
            )
        )
    return Table("trades", columns, tuple(rows))


def doubts(chapter: BargainingChapter) -> Table:
    """Return, per issue, the size of each kind of doubt on the issue's own scale."""
    columns = {
        "issue": "name",
        "inputs": "width of the middle 80 % of draws: the doubt stated in the inputs",
        "methods": "difference between the highest and the lowest method",
        "past_error": "mean error of such forecasts on past decisions, 23 % of the scale",
        "mc_error": "error of the mean from the finite number of draws",
    }
    rows = []
    for row in chapter.forecast_rows:
        error = chapter.result.issues[row.issue][row.method].mc_error
        rows.append((row.name, row.high80 - row.low80, row.spread, PAST_ERROR * row.width, error))
    return Table("doubts", columns, tuple(rows))


def doubts_finding(chapter: BargainingChapter) -> Finding:
    """Say on how many issues the methods differ by more than the doubt in the inputs."""
    rows = chapter.forecast_rows
    apart = [row for row in rows if row.spread > row.high80 - row.low80]
    numbers = {"apart": float(len(apart)), "issues": float(len(rows))}
    if len(rows) == 1:
        verb = "more" if apart else "no more"
        sentence = f"The methods differ by {verb} than the doubt in the inputs allows."
    else:
        where = words.out_of(len(apart), len(rows), "issue")
        sentence = f"On {where} the methods differ by more than the doubt in the inputs allows."
    return Finding(id="doubts", sentence=sentence, numbers=numbers, table="doubts")
