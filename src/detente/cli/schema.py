"""What may stand in a case file, and what do the commands print? JSON Schemas, draft 2020-12."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from detente.cli.output import Output, output_options
from detente.errors import did_you_mean

OF_COMMANDS = {
    "cases": "Catalog",
    "check": "CheckReport",
    "show": "ShownCase",
    "new": "Written",
    "import": "Imported",
    "export": "Exported",
}


@click.command("schema")
@click.argument("name", default="case")
@click.option("--list", "listing", is_flag=True, help="List the names instead.")
@output_options
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
        raise click.UsageError(f"there is no schema of {name!r}; {did_you_mean(name, known)}")
    out.json(known[name]())


def schemas() -> dict[str, Callable[[], dict[str, Any]]]:
    """Return name → the function that makes the schema."""
    from detente.lenses import available

    return {
        "case": _case,
        **{name: (lambda name=name: _lens(name)) for name in available()},  # type: ignore[misc]
        "hold": _inverse,
        "compare": _comparison,
        "tornado": _tornado,
        "brief": _brief,
        "power": _power,
        **{name: (lambda kind=kind: _record(kind)) for name, kind in OF_COMMANDS.items()},  # type: ignore[misc]
    }


def _case() -> dict[str, Any]:
    from detente.case.schema import case_schema

    return case_schema()


def _lens(name: str) -> dict[str, Any]:
    from detente.lenses import lens

    return lens(name).result.published_schema()


def _inverse() -> dict[str, Any]:
    from detente.lenses.stability.inverse import Inverse

    return Inverse.published_schema()


def _comparison() -> dict[str, Any]:
    from detente.lenses import Comparison

    return Comparison.published_schema()


def _tornado() -> dict[str, Any]:
    from detente.lenses import Tornado

    return Tornado.published_schema()


def _brief() -> dict[str, Any]:
    from detente.report import Brief

    return Brief.published_schema()


def _power() -> dict[str, Any]:
    from detente.lenses.power.result import PowerReport

    return PowerReport.published_schema()


def _record(kind: str) -> dict[str, Any]:
    from detente.cli import records

    schema: dict[str, Any] = getattr(records, kind).published_schema()
    return schema
