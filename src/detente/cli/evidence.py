"""What was said, by whom, and who vouches for it? Records are listed, decided on, exported and shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli.options import force_option, opened
from detente.cli.output import Output, output_options
from detente.cli.reading import store_option

if TYPE_CHECKING:
    from detente.evidence.held import Held, Verdict

KINDS = ("statement", "position", "conditional", "event", "date", "actor")
STATES = ("open", "accepted", "corrected", "rejected", "review", "lost")
SHOWN = 160
"""Characters of the words in a table."""


@click.group("evidence")
def command() -> None:
    """List, decide on, export and show what documents say."""


@command.command("list")
@store_option()
@click.option("--document", "-d", metavar="ID", help="Of one document.")
@click.option("--kind", type=click.Choice(KINDS), help="Of one kind.")
@click.option("--who", metavar="NAME", help="Whose speaker, holder or actor has this in its name.")
@click.option("--on", metavar="WORDS", help="Whose words have this in them.")
@click.option(
    "--when", metavar="DATE", help="Of documents of 2024, 2024-11, 2024-11-07, or 2024-10..2025-01."
)
@click.option("--state", type=click.Choice(STATES), help="Open, decided or to be reviewed.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a table for spreadsheets.")
@output_options
def list_(
    store: Path,
    document: str | None,
    kind: str | None,
    who: str | None,
    on: str | None,
    when: str | None,
    state: str | None,
    as_csv: bool,
    out: Output,
) -> None:
    """List what was found; --json prints W3C Web Annotations."""
    from detente.evidence.exports import as_csv as written
    from detente.evidence.held import wanted
    from detente.evidence.store import Store

    takes = wanted(who, on, when, state)
    with Store.opened(store) as kept:
        found = [one for one in kept.records(document, kind) if takes(one)]
    if as_csv:
        out.verbatim(written(found))
    else:
        _shown(found, out)


def _shown(found: list[Held], out: Output) -> None:
    if out.as_json:
        from detente.evidence.exports import AnnotationPage

        out.json(AnnotationPage.of(found).to_dict())
        return
    document = None
    for one in found:
        if one.document.id != document:
            if document is not None:
                out.say()
            document = one.document.id
            out.title(", ".join(filter(None, (document, one.document.title, str(one.document.date or "")))))
        _record(one, out)
    out.say()
    out.say(f"{len(found):,} {'record' if len(found) == 1 else 'records'}")


def _record(one: Held, out: Output) -> None:
    """Say who, of what kind, in which words, and what was decided."""
    from detente.evidence.records import shortened
    from detente.show.columns import paragraph

    told, by = shortened(one.words, SHOWN), one.who
    decided = "" if one.state == "open" else f"; {one.state} by {one.by}"
    kind = f"{one.record.record}, {one.what}{decided}"
    out.lines(paragraph(f"{one.label}  {by}: {kind}" if by else f"{one.label}  {kind}"))
    out.lines(paragraph(told, "      "))


@command.command("documents")
@store_option()
@click.option("--bibtex", "form", flag_value="bibtex", help="Print BibTeX, with ids as keys.")
@click.option("--csl", "form", flag_value="csl", help="Print CSL-JSON, for reference managers.")
@output_options
def documents_(store: Path, form: str | None, out: Output) -> None:
    """List the documents, or print them as sources to cite."""
    from detente.cli.output import json_text
    from detente.evidence.exports import DocumentList, as_bibtex, as_csl
    from detente.evidence.store import Store
    from detente.show.columns import Column

    with Store.opened(store) as kept:
        found = list(kept.documents())
    if form == "bibtex":
        out.verbatim(as_bibtex(found))
    elif form == "csl":
        out.verbatim(json_text(as_csl(found)) + "\n")
    elif out.as_json:
        out.json(DocumentList.of(found).to_dict())
    else:
        columns = (
            Column("document", wraps=True),
            Column("date"),
            Column("title", wraps=True),
            Column("publisher", wraps=True),
            Column("language"),
        )
        rows = [
            (one.id, str(one.date or ""), one.title or "", one.publisher or "", one.language or "")
            for one in found
        ]
        out.table(columns, rows, indent="")


def decision(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the records that it decides on, ``--by`` and ``--note``."""
    noted = click.option("--note", metavar="WORDS", help="Why.")(output_options(command))
    signed = click.option("--by", required=True, metavar="WHO", help="Who decides.")(noted)
    return click.argument("records", nargs=-1, required=True, metavar="RECORD...")(store_option()(signed))


@command.command("accept")
@decision
def accept(records: tuple[str, ...], store: Path, by: str, note: str | None, out: Output) -> None:
    """Accept records, by id or as DOCUMENT#LABEL."""
    _decided(store, records, "accept", by, note, out)


@command.command("reject")
@decision
def reject(records: tuple[str, ...], store: Path, by: str, note: str | None, out: Output) -> None:
    """Reject records: they stay in the store, and out of what is shown."""
    _decided(store, records, "reject", by, note, out)


@command.command("correct")
@click.option(
    "--set",
    "changes",
    multiple=True,
    required=True,
    metavar="FIELD=VALUE",
    help="Words for what holds words: content='the port'. Repeatable.",
)
@decision
def correct(
    records: tuple[str, ...], changes: tuple[str, ...], store: Path, by: str, note: str | None, out: Output
) -> None:
    """Correct one record: --set speaker="Ana Lobo" --set negated=true.

    Words must stand in the document; of several places the nearest is meant.
    """
    if len(records) != 1:
        raise click.UsageError("one record at a time is corrected")
    _decided(store, records, "correct", by, note, out, changes)


def _decided(
    store: Path,
    records: tuple[str, ...],
    verdict: Verdict,
    by: str,
    note: str | None,
    out: Output,
    changes: tuple[str, ...] = (),
) -> None:
    from detente.evidence.held import changed
    from detente.evidence.store import Store

    with Store.opened(store) as kept:
        fields = changed(kept.named(records[0]), changes) if changes else None
        _shown(kept.decide(records, verdict, by, changes=fields, note=note), out)


@command.command("page")
@click.argument("document", metavar="DOCUMENT")
@store_option()
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, metavar="FILE", help="Where to; .html."
)
@click.option("--case", "reference", metavar="CASE", help="Say in the margin what in CASE rests on it.")
@force_option
@output_options
def page(document: str, store: Path, output: Path, reference: str | None, force: bool, out: Output) -> None:
    """Write a page of DOCUMENT with everything that was found in it marked."""
    from detente.case.files import guard_output, write_whole
    from detente.evidence.page import document_page, relied_on
    from detente.evidence.store import Store

    guard_output(output, [store, *([Path(reference)] if reference else [])], (".html", ".htm"), force=force)
    case = opened(reference, out) if reference else None
    with Store.opened(store) as kept:
        shown, records = kept.document(document), list(kept.records(document))
    made = document_page(shown, records, None if case is None else relied_on(case, shown, records))
    write_whole(output, made)
    if out.as_json:
        from detente.cli.records import Written

        out.json(Written(written=(str(output),)).to_dict())
    else:
        out.note(f"wrote {output}")
