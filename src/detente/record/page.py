"""How is a record read? One page: what may be said, each forecast with its outcome, and calibration."""

from __future__ import annotations

from collections.abc import Iterator

from detente.record.life import Followed, Replay
from detente.record.report import ENOUGH, ScoreReport, outcome
from detente.record.scoring import MODEL, OWN
from detente.show.blocks import FigureBlock, Lead, Prose, Section, TableBlock
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.palette import ACCENT, INK
from detente.show.row_chart import Bar, Dot, Line, Mark, Row, RowChart, Tick
from detente.show.table import Table
from detente.show.words import percent
from detente.study.outlook.mixed import MixedDistribution
from detente.version import __version__

LEVEL = 0.8
NOTE = (
    "The line is the shortest interval that holds at least 80 % of a forecast, the dots are values with a chance "
    "of their own, the upright stroke is what came out. Scales run from their lowest to their highest value."
)


def page(report: ScoreReport, followed: Replay) -> str:
    """Return the page of a ledger, complete in itself."""
    from detente.show.page import whole

    return whole(
        "sections.html.j2",
        names=[one.question.text for one in followed.questions.values()],
        title="What came of the forecasts",
        subtitle=f"ledger {report.ledger}",
        lead=report.verdict,
        sections=sections(report, followed),
        about=(("Head", report.head), ("Program", f"détente {__version__}")),
    )


def sections(report: ScoreReport, followed: Replay) -> tuple[Section, ...]:
    """Return the sections of the page."""
    counts = report.counters
    told = [f"{number} {state}" for state, number in counts.items() if number]
    void = "" if report.void is None else f" Void: {percent(report.void)} of the closed questions."
    made = [
        Section(
            id="standings",
            title="Who was how far off",
            blocks=(
                TableBlock(
                    table=report.tables()["standings"],
                    caption="Every forecaster on the questions that count; lower scores are better.",
                ),
                Prose(text=f"In the ledger: {', '.join(told)}.{void}", quiet=True),
            ),
        )
    ]
    if drawn := list(_rows(followed)):
        made.append(
            Section(id="questions", title="Each forecast and its outcome", blocks=(_questions(drawn),))
        )
    if report.ranks:
        made.append(
            Section(
                id="calibration", title="Do outcomes fall where forecasts put them?", blocks=(_ranks(report),)
            )
        )
    listed = Table(
        "ledger",
        {
            "question": "what was asked",
            "state": "what became of it",
            "deadline": "by when",
            "outcome": "what came out",
        },
        tuple(
            (one.question.text, one.state, one.question.deadline[:10], outcome(one) or one.reason)
            for one in followed.questions.values()
        ),
    )
    made.append(
        Section(
            id="ledger",
            title="All questions",
            blocks=(TableBlock(table=listed, caption="As the ledger has them."),),
        )
    )
    return tuple(made)


def _rows(followed: Replay) -> Iterator[tuple[Followed, str, MixedDistribution]]:
    """Yield every question with a position, and the forecast that is drawn: the program's, else one's own."""
    for one in followed.questions.values():
        for seal in one.seals[:1]:
            for who in (MODEL, OWN):
                said = (seal.forecasts or {}).get(who)
                if said is not None and said.position is not None:
                    yield one, who, said.position.mixed()
                    break


def _questions(drawn: list[tuple[Followed, str, MixedDistribution]]) -> FigureBlock:
    rows, cells = [], []
    for one, who, of in drawn:
        width = of.high - of.low
        low, high, holds = of.shortest(LEVEL)
        found = one.resolution.readings if one.resolution else ()
        values = [float(reading.value) for reading in found if reading.value is not None]
        marks: tuple[Mark, ...] = (
            Line((low - of.low) / width, (high - of.low) / width, width=4),
            *(
                Dot((x - of.low) / width, size=20 + 160 * p)
                for x, p in zip(of.points.tolist(), of.masses.tolist(), strict=True)
            ),
            *(Tick((value - of.low) / width, tone=INK, height=16, width=2.5) for value in values),
        )
        told = outcome(one) or one.state
        rows.append(Row(one.question.text, marks, number=told, track=True))
        cells.append((one.question.text, who, low, high, holds, told))
    columns = {
        "question": "what was asked",
        "forecaster": "who forecast",
        "low": "lower end of the shortest interval with at least 80 %",
        "high": "upper end",
        "holds": "share of the forecast that it holds",
        "outcome": "what came out, or the state of the question",
    }
    figure = Figure(
        id="record-questions",
        subject="Questions",
        finding=Finding(
            id="record.questions",
            sentence=f"{len(rows)} question{'s' if len(rows) != 1 else ''} with a position",
            numbers={"questions": len(rows)},
            table="record_questions",
        ),
        definition=NOTE,
        spec=RowChart(0.0, 1.0, rows, names="above").spec(),
        table=Table("record_questions", columns, tuple(cells)),
        how=("Each forecast as it was sealed.",),
    )
    return FigureBlock(figure=figure)


def _ranks(report: ScoreReport) -> FigureBlock | Lead:
    band = report.band or 0.0
    top = max(0.3, *report.ranks, 0.1 + band)
    rows = [
        Row(
            f"{10 * k} to {10 * (k + 1)} %",
            (Bar(max(0.0, 0.1 - band), 0.1 + band, hollow=True), Bar(0.0, share, tone=ACCENT, height=5)),
            number=percent(share),
        )
        for k, share in enumerate(report.ranks)
    ]
    inside = all(abs(share - 0.1) <= band for share in report.ranks)
    count = len(
        [one for one in report.scores if one.counts and one.forecaster == MODEL and one.left is not None]
    )
    if count < ENOUGH:
        told = f"{count} outcomes are too few to judge by"
    else:
        told = "no tenth strays by more than chance" if inside else "some tenth strays by more than chance"
    table = Table(
        "record_ranks",
        {
            "rank": "tenth of the forecast's ranks",
            "share": "of outcomes in it",
            "band": "how far it may stray",
        },
        tuple((row.name, share, band) for row, share in zip(rows, report.ranks, strict=True)),
    )
    figure = Figure(
        id="record-ranks",
        subject="Ranks",
        finding=Finding(
            id="record.ranks", sentence=told.capitalize(), numbers={"outcomes": count}, table="record_ranks"
        ),
        definition="Bars: share of outcomes in each tenth of their forecast's ranks. Outlines: how far such a "
        "share strays by chance in 95 of 100 records, all tenths together.",
        spec=RowChart(0.0, top, rows, labels=80.0).spec(),
        table=table,
        how=("An outcome on an atom is spread over its segment of ranks (Czado, Gneiting & Held 2009).",),
    )
    return FigureBlock(figure=figure)
