"""What was said, by whom, and who vouches for it? Records are listed, decided on, exported and shown."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli.options import force_option, opened, output_file, together
from detente.cli.output import Output, group
from detente.cli.reading import store_option

if TYPE_CHECKING:
    from detente.evidence.held import Held, Verdict

KINDS = ("statement", "position", "conditional", "event", "date", "actor")
STATES = ("open", "accepted", "corrected", "rejected", "review", "lost")
SHOWN = 160  # characters of the words
WHEN = "Of documents of 2024, 2024-11, 2024-11-07, or 2024-10..2025-01."
CHANGES = "Words for what holds words: content='the port'. Repeatable."
decision = together(
    click.argument("records", nargs=-1, required=True, metavar="RECORD..."),
    store_option(),
    click.option("--by", required=True, metavar="WHO", help="Who decides."),
    click.option("--note", metavar="WORDS", help="Why."),
)


@group("evidence")
def command() -> None:
    """List, decide on, export and show what documents say."""


@command.command("list")
@store_option()
@click.option("--document", "-d", metavar="ID", help="Of one document.")
@click.option("--kind", type=click.Choice(KINDS), help="Of one kind.")
@click.option("--who", metavar="NAME", help="Whose speaker, holder or actor has this in its name.")
@click.option("--on", metavar="WORDS", help="Whose words have this in them.")
@click.option("--when", metavar="DATE", help=WHEN)
@click.option("--state", type=click.Choice(STATES), help="Open, decided or to be reviewed.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a table for spreadsheets.")
def list_(
    store: Path, document: str | None, kind: str | None, as_csv: bool, out: Output, **asked: str | None
) -> None:
    """List what was found; --json prints W3C Web Annotations."""
    from detente.evidence.exports import as_csv as written
    from detente.evidence.held import wanted
    from detente.evidence.store import Store

    takes = wanted(**asked)
    with Store.opened(store) as kept:
        found = [one for one in kept.records(document, kind) if takes(one)]
    if as_csv:
        out.verbatim(written(found))
    else:
        _shown(found, out)


def _shown(found: list[Held], out: Output) -> None:
    """Print records under their documents: who, of what kind, in which words, and what was decided."""
    from detente.evidence.exports import AnnotationPage
    from detente.evidence.records import shortened
    from detente.show.columns import paragraph
    from detente.show.words import tally

    out.give(lambda: AnnotationPage.of(found))
    document = None
    for one in found if not out.as_json else ():
        if one.document.id != document:
            if document is not None:
                out.say()
            document = one.document.id
            out.title(", ".join(filter(None, (document, one.document.title, str(one.document.date or "")))))
        decided = "" if one.state == "open" else f"; {one.state} by {one.by}"
        kind, by = f"{one.record.record}, {one.what}{decided}", one.who
        out.lines(paragraph(f"{one.label}  {by}: {kind}" if by else f"{one.label}  {kind}"))
        out.lines(paragraph(shortened(one.words, SHOWN), "      "))
    if not out.as_json:
        out.say(f"\n{tally(len(found), 'record')}")


@command.command("documents")
@store_option()
@click.option("--bibtex", "form", flag_value="bibtex", help="Print BibTeX, with ids as keys.")
@click.option("--csl", "form", flag_value="csl", help="Print CSL-JSON, for reference managers.")
def documents_(store: Path, form: str | None, out: Output) -> None:
    """List the documents, or print them as sources to cite."""
    from detente.cli.output import json_text
    from detente.evidence.exports import DocumentList, as_bibtex, as_csl
    from detente.evidence.store import Store
    from detente.show.blocks import tabled

    with Store.opened(store) as kept:
        found = list(kept.documents())
    if form is not None:
        out.verbatim(as_bibtex(found) if form == "bibtex" else json_text(as_csl(found)) + "\n")
        return
    heads = ("document", "date", "title", "publisher", "language")
    rows = [(one.id, str(one.date or ""), one.title, one.publisher, one.language) for one in found]
    out.give(lambda: DocumentList.of(found), lambda: [tabled(heads, rows)])


def _decided(
    verdict: Verdict,
    records: tuple[str, ...],
    *,
    store: Path,
    by: str,
    note: str | None,
    out: Output,
    changes: tuple[str, ...] = (),
) -> None:
    from detente.evidence.held import changed
    from detente.evidence.store import Store

    with Store.opened(store) as kept:
        fields = changed(kept.named(records[0])[0], changes) if changes else None
        _shown(kept.decide(records, verdict, by, changes=fields, note=note), out)


_told: dict[Verdict, str] = {
    "accept": "Accept records, by id or as DOCUMENT#LABEL.",
    "reject": "Reject records: they stay in the store, and out of what is shown.",
}
for _verdict, _help in _told.items():
    command.command(_verdict, help=_help)(decision(partial(_decided, _verdict)))


@command.command("correct")
@click.option("--set", "changes", multiple=True, required=True, metavar="FIELD=VALUE", help=CHANGES)
@decision
def correct(records: tuple[str, ...], **given: Any) -> None:
    """Correct one record: --set speaker="Ana Lobo" --set negated=true.

    Words must stand in the document; of several places the nearest is meant.
    """
    if len(records) != 1:
        raise click.UsageError("one record at a time is corrected")
    _decided("correct", records, **given)


@command.command("page")
@click.argument("document", metavar="DOCUMENT")
@store_option()
@output_file("Where to; .html.", required=True)
@click.option("--case", "reference", metavar="CASE", help="Say in the margin what in CASE rests on it.")
@force_option
def page(document: str, store: Path, output: Path, reference: str | None, force: bool, out: Output) -> None:
    """Write a page of DOCUMENT with everything that was found in it marked."""
    from detente.case.files import guard_output, write_whole
    from detente.cli.records import Written
    from detente.evidence.page import document_page, relied_on
    from detente.evidence.store import Store
    from detente.evidence.trail import trail

    guard_output(output, [store, *([Path(reference)] if reference else [])], (".html", ".htm"), force=force)
    case = opened(reference, out) if reference else None
    with Store.opened(store) as kept:
        shown, records = kept.document(document), list(kept.records(document))
        relied = None if case is None else relied_on(case, shown, trail(case, kept))
    made = document_page(shown, records, relied)
    write_whole(output, made)
    out.give(Written(written=(str(output),)))
    if not out.as_json:
        out.note(f"wrote {output}")
