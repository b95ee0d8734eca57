"""What was done, and between whom? Event data is loaded into a store, fetched, listed and counted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli.output import Output, output_options

if TYPE_CHECKING:
    from detente.events.reports import LoadReport

PERIODS = ("day", "week", "month", "quarter", "year")
store_option = click.option(
    "--store",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("events"),
    show_default=True,
    metavar="DIR",
    help="Folder of the store.",
)
list_option = click.option(
    "--list", "list_file", type=click.Path(path_type=Path, exists=True), help="GDELT's masterfilelist.txt."
)
MOST_NAMED = 8
CLASSES = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")


@click.group("events")
def command() -> None:
    """Load, fetch and count records of who did what to whom."""


@command.command("load")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@store_option
@click.option(
    "--ontology", "stated", type=click.Choice(["cameo", "weis"]), help="Of codes that do not prove it."
)
@click.option("--as", "name", metavar="NAME", help="Name of the data set.")
@click.option(
    "--rule", type=click.Choice(["A", "B"]), default="A", show_default=True, help="Of classes; B is GDELT's."
)
@list_option
@output_options
def load_(paths: tuple[Path, ...], folder: Path, list_file: Path | None, out: Output, **choices: str) -> None:
    """Load files or folders: GDELT, ICEWS, POLECAT, UCDP GED, KEDS rows, or a table date,source,target,code.

    Every row is kept or set aside with its reason. Loading a file twice
    changes nothing; a load that was killed leaves nothing half-loaded. With
    GDELT's list, a file with another MD5 than it gives is refused.
    """
    from detente.cli.progress import progress
    from detente.errors import CaseError, Problem
    from detente.events.fetch import of_list
    from detente.events.load import load
    from detente.events.store import Store

    store = Store.at(folder, make=True)
    listed = None if list_file is None else of_list(list_file)
    with progress(out, "files") as tell:
        report = load(store, paths, expected=listed, progress=tell, **choices)
    if out.as_json:
        out.json(report.to_dict())
    else:
        _loaded(report, out)
    refused = [one for one in report.files if one.state == "refused"]
    if refused:
        raise CaseError([Problem(one.refused) for one in refused])


def _loaded(report: LoadReport, out: Output) -> None:
    from detente.show.columns import Column

    columns = (
        Column("file", wraps=True),
        Column("data set"),
        *(Column(name, right=True) for name in ("rows", "kept", "set aside")),
        Column("state", wraps=True),
    )
    rows = [
        (
            one.file,
            one.feed,
            f"{one.rows:,}",
            f"{one.kept:,}",
            f"{sum(one.rejected.values()):,}",
            {"loaded": "", "known": "loaded before", "refused": "refused"}[one.state],
        )
        for one in report.files
    ]
    out.table(columns, rows, indent="")
    out.say()
    out.say(f"{report.rows:,} rows read, {report.kept:,} kept, {report.rejected:,} set aside.")
    for one in report.files:
        for reason, count in one.rejected.items():
            out.say(f"{one.file}: {count:,} {'row' if count == 1 else 'rows'} {reason}")
    unmatched: dict[str, int] = {}
    for one in report.files:
        for code, count in one.unmatched.items():
            unmatched[code] = unmatched.get(code, 0) + count
    if unmatched:
        most = sorted(unmatched.items(), key=lambda pair: (-pair[1], pair[0]))
        named = ", ".join(f"{code} ({count:,})" for code, count in most[:MOST_NAMED])
        more = f" and {len(most) - MOST_NAMED} more" if len(most) > MOST_NAMED else ""
        out.note(f"Codes that name no state, kept as they are: {named}{more}")


@command.command("fetch")
@click.option("--from", "start", required=True, metavar="TIME", help="First day or time, UTC.")
@click.option("--to", "end", required=True, metavar="TIME", help="Last day or time, UTC.")
@click.option(
    "--into", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="DIR"
)
@click.option("--base", metavar="URL", help="Folder with GDELT's lists; its own by default.")
@click.option("--workers", type=click.IntRange(1, 8), default=4, show_default=True, metavar="N")
@output_options
def fetch_(start: str, end: str, folder: Path, base: str | None, workers: int, out: Output) -> None:
    """Fetch GDELT 2.0 event files by GDELT's own list, each checked by its MD5.

    Files that are there and right are not fetched again.
    """
    from detente.cli.progress import progress
    from detente.errors import OutputError
    from detente.events.fetch import BASE, fetch

    with progress(out, "files") as tell:
        report = fetch(folder, start, end, base=base or BASE, workers=workers, progress=tell)
    if out.as_json:
        out.json(report.to_dict())
    else:
        out.say(
            f"{report.listed} files listed: {report.fetched} fetched, {report.there} there, {report.failed} failed"
        )
        for one in report.files:
            if one.state == "failed":
                out.say(f"{one.file}: {one.reason}")
    if report.failed:
        raise OutputError(
            f"{report.failed} of {report.listed} files could not be fetched; run the command again"
        )


@command.command("info")
@store_option
@output_options
def info(folder: Path, out: Output) -> None:
    """Tell what a store holds."""
    from detente.events.info import store_info
    from detente.events.store import Store
    from detente.show.columns import Column

    report = store_info(Store.at(folder))
    if out.as_json:
        out.json(report.to_dict())
        return
    columns = (
        Column("data set"),
        *(Column(name, right=True) for name in ("events", "files", "set aside")),
        Column("days"),
    )
    rows = [
        (one.feed, f"{one.events:,}", f"{one.files:,}", f"{one.rejected:,}", f"{one.first} to {one.last}")
        for one in report.feeds
    ]
    out.table(columns, rows, indent="")


@command.command("gaps")
@store_option
@click.option("--from", "start", metavar="TIME", help="First day or time; that of the first file by default.")
@click.option("--to", "end", metavar="TIME", help="Last day or time.")
@list_option
@output_options
def gaps_(folder: Path, start: str | None, end: str | None, list_file: Path | None, out: Output) -> None:
    """List 15-minute files of GDELT 2.0 that are missing."""
    from detente.events.fetch import of_list
    from detente.events.gaps import gaps
    from detente.events.store import Store
    from detente.show.columns import Column

    listed = None if list_file is None else of_list(list_file)
    report = gaps(Store.at(folder), start, end, listed)
    if out.as_json:
        out.json(report.to_dict())
        return
    out.say(
        f"{report.loaded:,} of {report.expected:,} intervals from {report.start} to {report.end} are loaded."
    )
    if report.gaps:
        out.say()
        columns = (Column("from"), Column("to"), Column("intervals", right=True), Column("why"))
        out.table(
            columns, [(one.start, one.end, str(one.intervals), one.state) for one in report.gaps], indent=""
        )


@command.command("series")
@click.argument("source")
@click.argument("target")
@store_option
@click.option("--by", type=click.Choice(PERIODS), default="month", show_default=True)
@click.option("--feed", metavar="NAME", help="The data set, where the store holds several.")
@click.option("--since", metavar="DAY")
@click.option("--until", metavar="DAY")
@click.option(
    "--without", "left_out", multiple=True, metavar="STEP", help="Leave out a cleaning step. Repeatable."
)
@click.option("--with", "added", multiple=True, metavar="STEP", help="Add a cleaning step. Repeatable.")
@click.option("--scores", "table", metavar="TABLE", help="Score all acts anew by one table.")
@click.option("--rule", type=click.Choice(["A", "B"]), help="Class all acts anew; B is GDELT's.")
@click.option(
    "--engine", metavar="NAME", help="Count in spark, spark://HOST:PORT or bigquery://PROJECT/DATASET.TABLE."
)
@output_options
def series_(
    source: str,
    target: str,
    folder: Path,
    by: str,
    feed: str | None,
    since: str | None,
    until: str | None,
    left_out: tuple[str, ...],
    added: tuple[str, ...],
    table: str | None,
    rule: str | None,
    engine: str | None,
    out: Output,
) -> None:
    """Count what SOURCE did to TARGET, period by period.

    Several countries together are written with commas, such as DEU,FRA; '*'
    is everybody.
    """
    from detente.events.series import series
    from detente.events.store import Store
    from detente.show.columns import Column, wrapped
    from detente.show.words import percent

    asked: dict[str, Any] = {
        "by": by, "feed": feed, "since": since, "until": until, "left_out": left_out, "added": added,
    }  # fmt: skip
    if engine is None:
        made = series(Store.at(folder), source, target, table=table, rule=rule, **asked)
    else:
        from detente.events.engines import events_in, series_in

        if table is not None or rule is not None:
            raise click.UsageError("--scores and --rule are for DuckDB alone; leave out --engine")
        store = Store.at(folder) if engine.startswith("spark") else None
        with events_in(engine, store) as events:
            made = series_in(events, source, target, **asked)
    if out.as_json:
        out.json(made.to_dict())
        return
    out.title(f"{made.source} to {made.target} by {made.by}, {made.feed}")
    out.say()
    heads = ("events", "words+", "deeds+", "words−", "deeds−", "conflict", "95 %", "score", "of all")
    columns = (Column(by), *(Column(name, right=True) for name in heads))
    rows = [
        (
            one.period,
            *(f"{getattr(one, name):,}" for name in ("events", *CLASSES)),
            "" if one.conflict is None else percent(one.conflict),
            ""
            if one.conflict_low is None
            else f"{100 * one.conflict_low:.0f}–{100 * (one.conflict_high or 0):.0f}",
            "" if one.score is None else f"{one.score:.1f}",
            f"{one.exposure:,}",
        )
        for one in made.periods
    ]
    out.table(columns, rows, indent="")
    out.say()
    steps = ", ".join(f"{one.step} {one.taken:,}" for one in made.cleaning) or "none"
    told = f"Rows taken out: {steps}. Scores: {made.score_table or 'none, or of several tables'}."
    out.lines(wrapped(f"{told} Periods without events are missing."))
