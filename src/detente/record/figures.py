"""What is drawn of a record? How far off each forecaster was, whether chances come true, where outcomes fall."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.record.report import ENOUGH, ScoreReport, Standing
from detente.record.scores import by_chance, recalibrated
from detente.record.scoring import MODEL, OWN, Score
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.palette import ACCENT, MUTED
from detente.show.row_chart import Bar, Dot, Line, Mark, Row, RowChart
from detente.show.table import Table, table_of
from detente.show.words import counted, percent


def _figure(name: str, of: str, said: str, chart: RowChart, table: Table, drawn: str, how: str) -> Figure:
    finding = Finding(id=f"record.{name}", sentence=said, numbers={"rows": len(table.rows)}, table=table.name)
    return Figure(f"record-{name}", of, finding, drawn, chart.spec(), table, (how,))


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
    found = {one.forecaster: float(getattr(one, score)) for one in kept}
    subject, called, counts, shown = {
        "crps": ("Positions", "CRPS", "positions", ("beats_model_low", "beats_model_high")),
        "brier": ("Chances", "Brier score", "events", ()),
    }[score]
    number = max(getattr(one, counts) for one in kept)
    rows = []
    for one in kept:
        ours, marks = one.forecaster in (MODEL, OWN), list[Mark]()
        if shown and MODEL in found and one.beats_model_low is not None:
            ends = found[MODEL] + one.beats_model_low, found[MODEL] + (one.beats_model_high or 0.0)
            marks.append(Line(max(0.0, ends[0]), ends[1]))
        marks.append(Dot(found[one.forecaster], tone=ACCENT if ours else MUTED))
        rows.append(Row(one.forecaster, tuple(marks), number=f"{found[one.forecaster]:.3f}", bold=ours))
    table = table_of([((), one) for one in kept], Standing, f"record_{score}", {})
    return _figure(
        score,
        subject,
        _few(number, "scored question", f"{min(found, key=found.__getitem__)} was nearest"),
        RowChart(0.0, max(1.2 * max(found.values()), 0.01), rows),
        table.only(("forecaster", score, *shown)),
        f"Dots: mean {called}, lower is better. Lines: where it lies given the difference to the program, 95 %, "
        "whole cases resampled; none with fewer than ten cases.",
        "Baselines were sealed with the forecasts and are scored alike.",
    )


def chances(report: ScoreReport) -> Figure | None:
    """Return whether chances came true as often as they said; ``None`` where none was scored."""
    for who in (MODEL, OWN):
        own = (one for one in report.scores if one.counts and one.forecaster == who)
        if events := [one for one in own if one.chance is not None]:
            return _chances(who, events)
    return None


def _chances(who: str, events: Sequence[Score]) -> Figure:
    said = np.array([one.chance for one in events], dtype=float)
    found = recalibrated(said, np.array([one.happened for one in events]))
    _, low, high = by_chance(said)
    rows, cells, strays = [], [], False
    for value in np.unique(found).tolist():
        among = found == value
        least, most, mean = float(said[among].min()), float(said[among].max()), float(said[among].mean())
        start, end = float(low[among].mean()), float(high[among].mean())
        name = percent(least) if least == most else f"{percent(least)} to {percent(most)}"
        marks = (Bar(start, end, hollow=True), Dot(mean, hollow=True), Dot(value))
        number = int(among.sum())
        rows.append(Row(f"said {name}", marks, number=percent(value), detail=f"of {number}", track=True))
        cells.append((name, number, mean, value, start, end))
        strays |= not start - 1e-9 <= value <= end + 1e-9
    columns = {
        "said": "chances that were given",
        "events": "how many",
        "mean": "of the chances",
        "came_true": "share of them",
        "low": "where that share lies by chance, 95 %",
        "high": "",
    }
    good = "Chances came true about as often as they said"
    bad = "Some chances came true too often or too seldom"
    return _figure(
        "chances",
        "The program's chances" if who == MODEL else "Your chances",
        _few(len(events), "event", bad if strays else good),
        RowChart(0.0, 1.0, rows, labels=110.0, ticks=[(0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")]),
        Table("record_chances", columns, tuple(cells)),
        "Full dots: share that came true; rings: mean chance that was given; outlines: where the full dot lies in "
        "95 of 100 records of a forecaster who is right.",
        "Recalibrated by isotonic regression, without bins (Dimitriadis, Gneiting & Jordan 2021).",
    )


def ranks(report: ScoreReport) -> Figure | None:
    """Return where outcomes fall among the ranks of the program's forecasts; ``None`` where none was scored."""
    if report.band is None:
        return None
    band = report.band
    told = [(f"{10 * k} to {10 * (k + 1)} %", share, band) for k, share in enumerate(report.ranks)]
    bar = Bar(max(0.0, 0.1 - band), 0.1 + band, hollow=True)
    rows = [Row(name, (bar, Dot(share)), number=percent(share)) for name, share, _ in told]
    strays = any(abs(share - 0.1) > band for share in report.ranks)
    count = next(one.positions for one in report.standings if one.forecaster == MODEL)
    columns = {"rank": "tenth of the ranks", "share": "of outcomes in it", "band": "how far it may stray"}
    return _figure(
        "ranks",
        "Ranks",
        _few(count, "outcome", f"{'Some' if strays else 'No'} tenth strays by more than chance"),
        RowChart(0.0, max(0.3, *report.ranks, 0.1 + band), rows, labels=80.0),
        Table("record_ranks", columns, tuple(told)),
        "Dots: share of outcomes in each tenth of their forecast's ranks. Outlines: how far such a share strays "
        "by chance in 95 of 100 records, all tenths together.",
        "An outcome on an atom is spread over its segment of ranks (Czado, Gneiting & Held 2009).",
    )
