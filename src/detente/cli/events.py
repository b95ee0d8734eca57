"""What was done, and between whom? Event data is loaded into a store, fetched, listed and counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from detente.cli.options import file, number
from detente.cli.output import Output, group
from detente.cli.progress import working

PERIODS = ("day", "week", "month", "quarter", "year")
RULES = click.Choice(["A", "B"])
ENGINE = "Count in spark, spark://HOST:PORT or bigquery://PROJECT/DATASET.TABLE."
store_option = file("--store", "folder", told="Folder of the store.", default=Path("events"), folder=True)
list_option = file("--list", "list_file", told="GDELT's masterfilelist.txt.", there=True, folder=None)


@group("events")
def command() -> None:
    """Load, fetch and count records of who did what to whom."""


@command.command("load")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@store_option
@click.option(
    *("--ontology", "stated"), type=click.Choice(["cameo", "weis"]), help="Of codes that do not prove it."
)
@click.option("--as", "name", metavar="NAME", help="Name of the data set.")
@number("--rule", RULES, "A", "Of classes; B is GDELT's.", "[A|B]")
@list_option
def load_(paths: tuple[Path, ...], folder: Path, list_file: Path | None, out: Output, **choices: str) -> None:
    """Load files or folders: GDELT, ICEWS, POLECAT, UCDP GED, KEDS rows, or a table date,source,target,code.

    Every row is kept or set aside with its reason. Loading a file twice
    changes nothing; a load that was killed leaves nothing half-loaded. With
    GDELT's list, a file with another MD5 than it gives is refused.
    """
    from detente.errors import CaseError, Problem
    from detente.events.fetch import of_list
    from detente.events.load import load
    from detente.events.store import Store
    from detente.events.unpack import files_of

    files = list(files_of(list(paths)))  # what is not there begins no store
    listed = None if list_file is None else of_list(list_file)
    store = Store.at(folder, make=True)
    report = working(out, "files", load, store, files, expected=listed, **choices)
    out.give(report, report.blocks)
    if named := report.unmatched():
        out.note(f"Codes that name no state, kept as they are: {named}")
    if refused := [one for one in report.files if one.state == "refused"]:
        raise CaseError([Problem(one.refused) for one in refused])


@command.command("fetch")
@click.option("--from", "start", required=True, metavar="TIME", help="First day or time, UTC.")
@click.option("--to", "end", required=True, metavar="TIME", help="Last day or time, UTC.")
@file("--into", "folder", told="Folder for the files.", folder=True, required=True)
@click.option("--base", metavar="URL", help="Folder with GDELT's lists; its own by default.")
@number("--workers", click.IntRange(1, 8), 4, "Files fetched at a time.")
def fetch_(start: str, end: str, folder: Path, base: str | None, workers: int, out: Output) -> None:
    """Fetch GDELT 2.0 event files by GDELT's own list, each checked by its MD5.

    Files that are there and right are not fetched again.
    """
    from detente.errors import OutputError
    from detente.events.fetch import BASE, fetch

    report = working(out, "files", fetch, folder, start, end, base=base or BASE, workers=workers)
    out.give(report, report.blocks)
    if report.failed:
        told = "could not be fetched; run the command again"
        raise OutputError(f"{report.failed} of {report.listed} files {told}")


@command.command("info")
@store_option
def info(folder: Path, out: Output) -> None:
    """Tell what a store holds."""
    from detente.events.info import store_info
    from detente.events.store import Store

    report = store_info(Store.at(folder))
    out.give(report, report.blocks)


@command.command("gaps")
@store_option
@click.option("--from", "start", metavar="TIME", help="First day or time; that of the first file by default.")
@click.option("--to", "end", metavar="TIME", help="Last day or time.")
@list_option
def gaps_(folder: Path, start: str | None, end: str | None, list_file: Path | None, out: Output) -> None:
    """List 15-minute files of GDELT 2.0 that are missing."""
    from detente.events.fetch import of_list
    from detente.events.gaps import gaps
    from detente.events.store import Store

    report = gaps(Store.at(folder), start, end, None if list_file is None else of_list(list_file))
    out.give(report, report.blocks)


@command.command("series")
@click.argument("source")
@click.argument("target")
@store_option
@number("--by", click.Choice(PERIODS), "month", "Length of a period.", f"[{'|'.join(PERIODS)}]")
@click.option("--feed", metavar="NAME", help="The data set, where the store holds several.")
@click.option("--since", metavar="DAY", help="First day.")
@click.option("--until", metavar="DAY", help="Last day.")
@click.option(
    *("--without", "left_out"), multiple=True, metavar="STEP", help="Leave out a cleaning step. Repeatable."
)
@click.option("--with", "added", multiple=True, metavar="STEP", help="Add a cleaning step. Repeatable.")
@click.option("--scores", "table", metavar="TABLE", help="Score all acts anew by one table.")
@click.option("--rule", type=RULES, help="Class all acts anew; B is GDELT's.")
@click.option("--engine", metavar="NAME", help=ENGINE)
def series_(
    source: str,
    target: str,
    folder: Path,
    engine: str | None,
    table: str | None,
    rule: str | None,
    out: Output,
    **asked: Any,
) -> None:
    """Count what SOURCE did to TARGET, period by period.

    Several countries together are written with commas, such as DEU,FRA; '*'
    is everybody.
    """
    from detente.events.series import series
    from detente.events.store import Store

    if engine is None:
        made = series(Store.at(folder), source, target, table=table, rule=rule, **asked)
    else:
        from detente.events.engines import events_in, series_in

        if table is not None or rule is not None:
            raise click.UsageError("--scores and --rule are for DuckDB alone; leave out --engine")
        store = Store.at(folder) if engine.startswith("spark") else None
        with events_in(engine, store) as events:
            made = series_in(events, source, target, **asked)
    out.give(made, made.blocks)
