"""How is a record read? One page: what may be said, each forecast with its outcome, calibration, what is void."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from detente.record.figures import chances, ranks, standing
from detente.record.life import Followed, Replay
from detente.record.questions import Forecast
from detente.record.report import ScoreReport, outcome
from detente.record.scoring import MODEL, OWN
from detente.show.blocks import (
    Block,
    Details,
    FigureBlock,
    Gauges,
    Key,
    Lead,
    Legend,
    Prose,
    Reading,
    Section,
    Strip,
    TableBlock,
)
from detente.show.table import Table
from detente.show.words import counted, figures, percent
from detente.study.outlook.mixed import outline
from detente.version import __version__

LEVEL = 0.8
KEYS = (
    Key(text="shortest span with 80 % of the forecast, or the chance of a yes", sign="thick"),
    Key(text="value with a chance of its own; larger if likelier", sign="dot"),
    Key(text="what came out", sign="upright"),
)


def page(report: ScoreReport, followed: Replay) -> str:
    """Return the page of a ledger, complete in itself."""
    from detente.show.page import whole

    return whole(
        "sections.html.j2",
        names=[one.question.text for one in followed.questions.values()],
        title="What came of the forecasts",
        subtitle=f"ledger {Path(report.ledger).name}",
        lead=report.verdict,
        sections=sections(report, followed),
        about=(("Head", report.head), ("Program", f"détente {__version__}")),
    )


def sections(report: ScoreReport, followed: Replay) -> tuple[Section, ...]:
    """Return the sections of the page."""
    rows = tuple(_readings(report, followed))
    made = []
    if rows:
        blocks: tuple[Block, ...] = (Legend(items=KEYS), Gauges(on="page", heads=("", "", "", ""), rows=rows))
        scored = TableBlock(
            table=report.tables()["scores"], caption="Every forecaster on every resolved question"
        )
        more = (Details(summary="Scores of each question", blocks=(scored,)),) if report.scores else ()
        made.append(Section(id="questions", title="Each forecast and its outcome", blocks=(*blocks, *more)))
    drawn = [found for score in ("crps", "brier") if (found := standing(report, score)) is not None]
    if drawn:
        table = TableBlock(
            table=report.tables()["standings"], caption="Every forecaster on the questions that count"
        )
        blocks = (*(FigureBlock(figure=one) for one in drawn), Details(summary="All scores", blocks=(table,)))
        made.append(Section(id="standings", title="Who was how far off", blocks=blocks))
    calibration = [
        found for found in (chances(report), ranks(report) if report.ranks else None) if found is not None
    ]
    if calibration:
        title = "Do chances come true, and do outcomes fall where forecasts put them?"
        made.append(
            Section(
                id="calibration", title=title, blocks=tuple(FigureBlock(figure=one) for one in calibration)
            )
        )
    made.append(_ledger(report, followed))
    return tuple(made)


def _ledger(report: ScoreReport, followed: Replay) -> Section:
    counts = report.counters
    void = "none is closed" if report.void is None else f"{percent(report.void)} of the closed ones are void"
    told = (
        f"Of {counted(counts['questions'], 'question')}, {void}, and {counts['overdue'] or 'none'} overdue."
    )
    more = ", ".join(f"{number} {name}" for name, number in counts.items() if number)
    columns = {
        "question": "what was asked",
        "state": "what became of it",
        "deadline": "by when",
        "outcome": "what came out",
    }
    rows = tuple(
        (one.question.text, state, one.question.deadline[:10], outcome(one) or one.reason)
        for one, state in ((one, report.states[one.id]) for one in followed.questions.values())
    )
    listed = TableBlock(table=Table("ledger", columns, rows), caption="As the ledger has them")
    blocks = (Lead(text=told), Prose(text=f"{more}.", quiet=True), listed)
    return Section(id="ledger", title="All questions", blocks=blocks)


def _readings(report: ScoreReport, followed: Replay) -> Iterator[Reading]:
    """Yield every question with the forecast that is drawn, the program's or else one's own, and its outcome."""
    for one in followed.questions.values():
        for who in (MODEL, OWN):
            said = next((found for seal in one.seals[:1] if (found := (seal.forecasts or {}).get(who))), None)
            if said is not None:
                yield _reading(report, one, who, said)
                break


def _reading(report: ScoreReport, one: Followed, who: str, said: Forecast) -> Reading:
    state = report.states[one.id]
    late = bool(one.seals) and all(one.is_retrospective(seal) for seal in one.seals)
    told = f"by {one.question.deadline[:10]}{'; sealed after the fact' if late else ''}"
    strip, scale = _strip(one, said), one.question.scale
    low, high = map(figures, strip.spans["80"])
    ends = ("no", "yes")
    if scale is not None:
        ends = (
            f"{scale.low} {scale.anchors.get(scale.low, '')}",
            f"{scale.high} {scale.anchors.get(scale.high, '')}",
        )
    return Reading(
        name=one.question.text,
        value=outcome(one) or "–",
        unit=""
        if said.chance is None
        else f"{'your ' if who == OWN else ''}chance {percent(float(said.chance))}",
        span="" if said.position is None else f"80 %: {low} to {high}",
        strip=strip,
        ends=ends,
        meaning=told if state == "overdue" else f"{state}; {told}",
        status="overdue" if state == "overdue" else "",
        tone="warn" if state == "overdue" else "plain",
    )


def _strip(one: Followed, said: Forecast) -> Strip:
    readings = one.resolution.readings if one.resolution else ()
    if said.position is None:
        happened = [float(reading.happened) for reading in readings]
        chance = float(said.chance or 0.0)
        came = sum(happened) / len(happened) if happened else None
        words = f"Chance {percent(chance)}" + (f"; came out {outcome(one)}" if happened else "")
        return Strip(low=0.0, high=1.0, at=chance, spans={"80": (0.0, chance)}, outcome=came, words=words)
    of = said.position.mixed()
    low, high, _ = of.shortest(LEVEL)
    values = [float(reading.value) for reading in readings if reading.value is not None]
    words = f"80 % from {low:g} to {high:g}" + (f"; came out {outcome(one)}" if readings else "")
    return Strip(
        low=of.low,
        high=of.high,
        at=float(of.quantile(0.5)),
        spans={"80": (low, high)},
        outcome=sum(values) / len(values) if values else None,
        words=words,
        density=outline(of.low, of.high, of.knots.tolist(), of.smooth.tolist()),
        atoms=tuple(zip(of.points.tolist(), of.masses.tolist(), strict=True)),
    )
