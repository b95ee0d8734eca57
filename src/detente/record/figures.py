"""What is drawn of a record? How far off each forecaster was, whether chances come true, where outcomes fall."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.record.decomposition import by_chance, recalibrated
from detente.record.report import ENOUGH, ScoreReport, Standing
from detente.record.scoring import MODEL, OWN, Score
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.palette import ACCENT, MUTED
from detente.show.row_chart import Bar, Dot, Line, Mark, Row, RowChart
from detente.show.table import Table
from detente.show.words import counted, percent

CORP = "Recalibrated by isotonic regression, without bins (Dimitriadis, Gneiting & Jordan 2021)."


def _figure(
    name: str, subject: str, sentence: str, chart: RowChart, table: Table, definition: str, how: str
) -> Figure:
    finding = Finding(
        id=f"record.{name}", sentence=sentence, numbers={"rows": len(table.rows)}, table=table.name
    )
    return Figure(
        id=f"record-{name}",
        subject=subject,
        finding=finding,
        definition=definition,
        spec=chart.spec(),
        table=table,
        how=(how,),
    )


def _few(number: int, noun: str, enough: str) -> str:
    """Say that so many are too few to judge by, or else what they show."""
    if number >= ENOUGH:
        return enough
    return f"{counted(number, noun)}: too few to judge by, so only dots and bands are drawn"


def standing(report: ScoreReport, score: str) -> Figure | None:
    """Return how far off each forecaster was by a score, ``crps`` or ``brier``; ``None`` where nobody has one.

    A line shows by how much a forecaster may differ from the program, with ten cases or more.
    """
    kept = [one for one in report.standings if getattr(one, score) is not None]
    if not kept:
        return None
    model = next((one for one in kept if one.forecaster == MODEL), None)
    base = getattr(model, score) if model is not None else None
    rows = [
        Row(
            one.forecaster,
            _off(one, score, base),
            number=f"{getattr(one, score):.3f}",
            bold=one.forecaster in (MODEL, OWN),
        )
        for one in kept
    ]
    most = max(1.2 * max(getattr(one, score) for one in kept), 0.01)
    number = max(one.positions if score == "crps" else one.events for one in kept)
    best = min(kept, key=lambda one: float(getattr(one, score))).forecaster
    named = {"crps": ("Positions", "CRPS"), "brier": ("Chances", "Brier score")}[score]
    columns = {
        "forecaster": "who",
        "score": f"mean {named[1]}",
        "low": "95 % interval against the program",
        "high": "",
    }
    cells = tuple(
        (
            one.forecaster,
            getattr(one, score),
            *((one.beats_model_low, one.beats_model_high) if score == "crps" else (None, None)),
        )
        for one in kept
    )
    return _figure(
        score,
        named[0],
        _few(number, "scored question", f"{best} was nearest"),
        RowChart(0.0, most, rows),
        Table(f"record_{score}", columns, cells),
        f"Dots: mean {named[1]}, lower is better. Lines: where it lies given the difference to the program, 95 %, "
        "whole cases resampled; none with fewer than ten cases.",
        "Baselines were sealed with the forecasts and are scored alike.",
    )


def _off(one: Standing, score: str, model: float | None) -> tuple[Mark, ...]:
    marks: list[Mark] = []
    if score == "crps" and model is not None and one.beats_model_low is not None:
        marks.append(Line(max(0.0, model + one.beats_model_low), model + (one.beats_model_high or 0.0)))
    tone = ACCENT if one.forecaster in (MODEL, OWN) else MUTED
    return (*marks, Dot(getattr(one, score), tone=tone))


def chances(report: ScoreReport) -> Figure | None:
    """Return whether chances came true as often as they said; ``None`` where none was scored."""
    for who in (MODEL, OWN):
        events = [
            one for one in report.scores if one.counts and one.forecaster == who and one.chance is not None
        ]
        if events:
            return _chances(who, events)
    return None


def _chances(who: str, events: Sequence[Score]) -> Figure:
    said = np.array([one.chance or 0.0 for one in events])
    came = np.array([one.happened for one in events])
    found = recalibrated(said, came)
    _, low, high = by_chance(said)
    rows, cells = [], []
    for value in np.unique(found):
        among = found == value
        least, most = float(said[among].min()), float(said[among].max())
        ends = float(low[among].mean()), float(high[among].mean())
        name = percent(least) if least == most else f"{percent(least)} to {percent(most)}"
        marks = (
            Bar(*ends, hollow=True),
            Dot(float(said[among].mean()), hollow=True),
            Dot(float(value)),
        )
        number = int(among.sum())
        rows.append(
            Row(f"said {name}", marks, number=percent(float(value)), detail=f"of {number}", track=True)
        )
        cells.append((name, number, float(said[among].mean()), float(value), *ends))
    columns = {
        "said": "chances that were given",
        "events": "how many",
        "mean": "of the chances",
        "came_true": "share of them",
        "low": "where that share lies by chance, 95 %",
        "high": "",
    }
    outside = sum(not cell[4] - 1e-9 <= cell[3] <= cell[5] + 1e-9 for cell in cells)
    inside = (
        "Chances came true about as often as they said"
        if not outside
        else "Some chances came true too often or too seldom"
    )
    return _figure(
        "chances",
        f"Chances of {who}",
        _few(len(events), "event", inside),
        RowChart(0.0, 1.0, rows, labels=110.0, ticks=[(0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")]),
        Table("record_chances", columns, tuple(cells)),
        "Full dots: share that came true; rings: mean chance that was given; outlines: where the full dot lies in "
        "95 of 100 records of a forecaster who is right.",
        CORP,
    )


def ranks(report: ScoreReport) -> Figure:
    """Return where outcomes fall among the ranks of their forecasts; there must be some."""
    band = report.band or 0.0
    top = max(0.3, *report.ranks, 0.1 + band)
    rows = [
        Row(
            f"{10 * k} to {10 * (k + 1)} %",
            (Bar(max(0.0, 0.1 - band), 0.1 + band, hollow=True), Dot(share)),
            number=percent(share),
        )
        for k, share in enumerate(report.ranks)
    ]
    strays = any(abs(share - 0.1) > band for share in report.ranks)
    count = len(
        [one for one in report.scores if one.counts and one.forecaster == MODEL and one.left is not None]
    )
    columns = {
        "rank": "tenth of the forecast's ranks",
        "share": "of outcomes in it",
        "band": "how far it may stray",
    }
    return _figure(
        "ranks",
        "Ranks",
        _few(count, "outcome", f"{'Some' if strays else 'No'} tenth strays by more than chance"),
        RowChart(0.0, top, rows, labels=80.0),
        Table(
            "record_ranks",
            columns,
            tuple((row.name, share, band) for row, share in zip(rows, report.ranks, strict=True)),
        ),
        "Dots: share of outcomes in each tenth of their forecast's ranks. Outlines: how far such a share strays "
        "by chance in 95 of 100 records, all tenths together.",
        "An outcome on an atom is spread over its segment of ranks (Czado, Gneiting & Held 2009).",
    )
