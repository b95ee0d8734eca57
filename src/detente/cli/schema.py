"""What may stand in a case file, and what do the commands print? JSON Schemas, draft 2020-12."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

import click

from detente.cli.output import Output, answers
from detente.errors import offering

OF_COMMANDS = {  # of commands whose answer is no lens's: where its record is
    "hold": "lenses.stability.inverse:Inverse",
    "compare": "lenses:Comparison",
    "tornado": "lenses:Tornado",
    "study": "study.chapter:Study",
    "brief": "report:Brief",
    "power": "lenses.power.result:PowerReport",
    "ledger": "record.report:LedgerReport",
    "score": "record.report:ScoreReport",
    "backtest": "record.backtest:BackTest",
    "events-load": "events.load:LoadReport",
    "events-fetch": "events.fetch:FetchReport",
    "events-info": "events.info:StoreInfo",
    "events-gaps": "events.gaps:GapReport",
    "events-series": "events.series:DyadSeries",
    "read": "evidence.exports:ReadReport",
    "evidence": "evidence.exports:AnnotationPage",
    "evidence-documents": "evidence.exports:DocumentList",
    "cases": "cli.records:Catalog",
    "check": "cli.records:CheckReport",
    "show": "cli.records:ShownCase",
    "new": "cli.records:Written",
    "import": "cli.records:Imported",
    "export": "cli.records:Exported",
}


@answers("schema")
@click.argument("name", default="case")
@click.option("--list", "listing", is_flag=True, help="List the names instead.")
def command(name: str, listing: bool, out: Output) -> None:
    """Print the JSON Schema of NAME.

    NAME is 'case' for case files (the default; editors complete and check with
    it), a lens for what 'detente run LENS CASE --json' prints, or another
    command for what that command prints with --json.
    """
    known = schemas()
    if listing:
        if out.as_json:
            out.json({"schemas": list(known)})
        else:
            out.lines(known)
        return
    if name not in known:
        raise click.UsageError(offering(f"there is no schema of {name!r}", name, known))
    out.json(known[name]())


def schemas() -> dict[str, Callable[[], dict[str, Any]]]:
    """Return name → the function that makes the schema."""
    from detente.case.model import case_schema
    from detente.lenses import available

    records = {name: partial(_of_record, place) for name, place in OF_COMMANDS.items()}
    return {"case": case_schema, **{name: partial(_of_lens, name) for name in available()}, **records}


def _of_lens(name: str) -> dict[str, Any]:
    from detente.lenses import lens

    return lens(name).result.published_schema()


def _of_record(place: str) -> dict[str, Any]:
    module, _, kind = place.partition(":")
    schema: dict[str, Any] = getattr(import_module(f"detente.{module}"), kind).published_schema()
    return schema
