"""How is a record read? One page: what may be said, each forecast with its outcome, calibration, what is void."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

from detente.record.figures import chances, ranks, standing
from detente.record.life import Followed, Replay
from detente.record.questions import Forecast
from detente.record.report import QuestionRow, ScoreReport
from detente.record.scoring import MODEL, OWN
from detente.show import blocks as show
from detente.show.figure import Figure
from detente.show.words import counted, figures, percent
from detente.study.outlook.mixed import outline
from detente.version import __version__

LEVEL = 0.8
FIRST = ("forecaster", "events", "brier", "positions", "crps", "holds80", "holds80_low", "holds80_high")
KEYS = (
    show.Key(text="shortest span with 80 % of the forecast, or the chance of a yes", sign="thick"),
    show.Key(text="value with a chance of its own; larger if likelier", sign="dot"),
    show.Key(text="what came out", sign="upright"),
)


def page(report: ScoreReport, followed: Replay) -> str:
    """Return the page of a ledger, complete in itself."""
    from detente.show.page import whole

    return whole(
        "sections.html.j2",
        title="What came of the forecasts",
        subtitle=f"ledger {Path(report.ledger).name}",
        lead=report.verdict,
        sections=sections(report, followed),
        about=(("Head", report.head), ("Proof", report.anchored), ("Program", f"détente {__version__}")),
    )


def screen(report: ScoreReport, followed: Replay) -> list[show.Block]:
    """Return what a screen shows: the verdict, and those blocks of the page that are no drawings."""
    told = sections(report, followed)
    return [show.Heading(text=report.verdict), *(block for one in told for block in one.blocks)]


def sections(report: ScoreReport, followed: Replay) -> tuple[show.Section, ...]:
    """Return the sections of the page."""
    tables = report.tables()

    def details(name: str, summary: str, caption: str) -> show.Details:
        return show.Details(summary=summary, blocks=(show.TableBlock(table=tables[name], caption=caption),))

    def figures_of(*drawn: Figure | None) -> list[show.Block]:
        return [show.FigureBlock(figure=one) for one in drawn if one is not None]

    made: list[tuple[str, str, list[show.Block]]] = []
    if rows := tuple(_readings(report, followed)):
        drawn = show.Gauges(on="page", heads=("", "", "", ""), rows=rows)
        blocks: list[show.Block] = [show.Legend(items=KEYS), drawn]
        if report.scores:
            caption = "Every forecaster on every resolved question"
            blocks.append(details("scores", "Scores of each question", caption))
        made.append(("questions", "Each forecast and its outcome", blocks))
    if blocks := figures_of(standing(report, "crps"), standing(report, "brier")):
        caption = "The questions that count; CRPS as a share of the scale"
        blocks.append(show.TableBlock(table=tables["standings"], caption=caption, screen=FIRST, on="screen"))
        blocks.append(details("standings", "All scores", "Every forecaster on the questions that count"))
        made.append(("standings", "Who was how far off", blocks))
    if blocks := figures_of(chances(report), ranks(report)):
        title = "Do chances come true, and do outcomes fall where forecasts put them?"
        made.append(("calibration", title, blocks))
    counts, void = report.counters, "none is closed"
    if report.void is not None:
        void = f"{percent(report.void)} of the closed ones are void"
    every = counted(counts["questions"], "question")
    told = f"Of {every}, {counts['overdue'] or 'none'} overdue; {void}."
    more = ", ".join(f"{number} {name}" for name, number in counts.items() if number)
    blocks = [show.Lead(text=told), show.Prose(text=f"{more}.", quiet=True)]
    blocks.append(details("questions", "List of questions", "As the ledger has them"))
    made.append(("ledger", "All questions", blocks))
    return tuple(show.Section(id=name, title=title, blocks=tuple(blocks)) for name, title, blocks in made)


def _readings(report: ScoreReport, followed: Replay) -> Iterator[show.Reading]:
    """Yield every question with the forecast that is drawn, the program's or else one's own, and its outcome."""
    for one, row in zip(followed.questions.values(), report.questions, strict=True):
        first = (one.seals[0].forecasts or {}) if one.seals else {}
        if who := next((name for name in (MODEL, OWN) if name in first), None):
            yield _reading(one, row, first[who], "your " if who == OWN else "")


def _reading(one: Followed, row: QuestionRow, said: Forecast, whose: str) -> show.Reading:
    under = f"; if “{one.question.condition.scenario}” comes true" if one.question.condition else ""
    told = f"by {row.deadline}{under}{'; sealed after the fact' if row.retrospective else ''}"
    strip, scale, late = _strip(one, row, said), one.question.scale, row.state == "overdue"
    low, high = ("no", "yes") if scale is None else ("no agreement", "agreement")
    if scale is not None and said.position is not None:
        low, high = (f"{end} {scale.anchors.get(end, '')}" for end in (scale.low, scale.high))
    return show.Reading(
        name=row.text,
        value=row.outcome or "–",
        unit="" if said.chance is None else f"{whose}chance {percent(float(said.chance))}",
        span="" if said.position is None else "80 %: {} to {}".format(*map(figures, strip.spans["80"])),
        strip=strip,
        ends=(low, high),
        meaning=told if late else f"{row.state}; {told}",
        status="overdue" if late else "",
        tone="warn" if late else "plain",
    )


def _strip(one: Followed, row: QuestionRow, said: Forecast) -> show.Strip:
    readings = one.resolution.readings if one.resolution else ()
    came = f"; came out {row.outcome}" if readings else ""
    if said.position is None:
        chance = float(said.chance or 0.0)
        return show.Strip(
            low=0.0,
            high=1.0,
            at=chance,
            spans={"80": (0.0, chance)},
            outcome=fmean(of.happened for of in readings) if readings else None,
            words=f"Chance {percent(chance)}{came}",
        )
    of = said.position.mixed()
    low, high, _ = of.shortest(LEVEL)
    values = one.resolution.values if one.resolution else ()
    return show.Strip(
        low=of.low,
        high=of.high,
        at=float(of.quantile(0.5)),
        spans={"80": (low, high)},
        outcome=fmean(values) if values else None,
        words=f"80 % from {low:g} to {high:g}{came}",
        density=outline(of.low, of.high, of.knots.tolist(), of.smooth.tolist()),
        atoms=tuple(zip(of.points.tolist(), of.masses.tolist(), strict=True)),
    )
