"""What do these documents say? Read into a store: their text, and what is found in it, each at its characters."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.options import Command, file, together
from detente.cli.output import Output, answers

if TYPE_CHECKING:
    from detente.case import Case
    from detente.evidence.exports import ReadReport
    from detente.evidence.held import Added
    from detente.evidence.model import Witness
    from detente.evidence.trail import Trail
    from detente.show.blocks import Block

DEFAULT = "evidence.sqlite"
STATED = {  # where the file does not say, or says wrongly
    "title": "Its title, where the file has none or a wrong one.",
    "author": "Who wrote it, likewise.",
    "publisher": "Who published it.",
    "date": "When it was published, as 2024-11-07.",
    "url": "Where it stands.",
    "language": "Its language, as en.",
    "licence": "What may be done with it.",
}
STORE = "The store, one SQLite file beside the case."
NAME = "What a case will call it; of one file. From its name by default."
WORDS = {"new": "new", "changed": "new version", "again": "read again", "known": "known"}


def store_option(told: str = STORE, *, beside: bool = False) -> Callable[[Command], Command]:
    """Return the option ``--store``; with ``beside`` it is that beside the case where none is named."""
    told = f"{told}; by default {DEFAULT} beside it." if beside else told
    return file("--store", "-s", told=told, default=None if beside else Path(DEFAULT))


words_option = store_option("Where the statements stand that the case cites", beside=True)


def trail_of(case: Case, reference: Path, store: Path | None) -> Trail | None:
    """Return the words on which a case rests; None where no store is named and none is beside the case.

    Raises:
        DetenteError: the store that is named cannot be read.
    """
    if store is None:
        store = (reference if reference.is_dir() else reference.parent) / DEFAULT
        try:
            if not (reference.exists() and store.is_file()):
                return None
        except OSError:
            return None
    from detente.evidence.store import Store
    from detente.evidence.trail import trail

    with Store.opened(store) as held:
        return trail(case, held)


@answers("read")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@store_option()
@click.option("--id", "name", metavar="ID", help=NAME)
@together(*(click.option(f"--{name}", metavar="TEXT", help=told) for name, told in STATED.items()))
@click.option("--again", is_flag=True, help="Read what is known too.")
@click.option(
    "--workers", type=click.IntRange(1, 64), metavar="N", help="Processes; all processors by default."
)
@click.option("--model", metavar="NAME", help="Ask this language model too; documents are sent to it.")
@click.option("--base-url", metavar="URL", help="Where the model answers, such as http://localhost:8080/v1.")
def command(
    paths: tuple[Path, ...],
    store: Path,
    name: str | None,
    again: bool,
    workers: int | None,
    model: str | None,
    base_url: str | None,
    out: Output,
    **stated: str | None,
) -> None:
    """Read documents into a store, and find what they say.

    Files or folders: text, Markdown, HTML, PDF, DOCX, e-mail (.eml).
    Each becomes stored text with its hash; menus and prompts are marked, not cut.
    A file is read once; an edited one is a new version, and what was decided on
    the old one moves with its words. What cannot be read is told, the rest is kept.

    Nothing leaves this machine unless --model and --base-url name a language model.
    Its key comes from DETENTE_MODEL_KEY; of what it says only words count that
    stand in the document.
    """
    from detente.cli.progress import progress
    from detente.errors import CaseError, Problem
    from detente.evidence.exports import ReadReport
    from detente.evidence.reading import Asked, files_of, read_into
    from detente.evidence.store import Store

    files = files_of(paths)
    given = {key: value for key, value in stated.items() if value is not None}
    single = [option for option in ("id" if name else "", *given) if option in {"id", "title", "url"}]
    if len(files) > 1 and single:
        raise click.UsageError(f"--{single[0]} is of one file, and there are {len(files)}")
    witness = _witness(model, base_url, store)
    if witness is not None:
        _warned(witness, len(files), out)
    with Store.opened(store, make=True) as opened, progress(out, "documents", "getting ready") as tell:
        workers = workers or os.cpu_count() or 1
        asked = Asked(name, given, again)
        added, faults = read_into(opened, files, asked, workers=workers, progress=tell, witness=witness)
    report = ReadReport.of(added, faults, witness)
    out.give(report, lambda: _told(report))
    for failure in report.model.failures if report.model is not None else ():
        out.note(f"not asked: {failure}")
    problems = [one.problems if isinstance(one, CaseError) else (Problem(str(one)),) for one in faults]
    if problems:
        raise CaseError([problem for several in problems for problem in several])


def _witness(model: str | None, base_url: str | None, store: Path) -> Witness | None:
    from detente.evidence.model import Cache, Endpoint, Witness

    if (model is None) != (base_url is None):
        raise click.UsageError("--model and --base-url go together: which model, and where it answers")
    if model is None or base_url is None:
        return None
    return Witness(Endpoint(base_url, model), Cache(store.with_suffix(".replies")))


def _warned(witness: Witness, files: int, out: Output) -> None:
    """Say what is sent where, before it is."""
    from detente.show.words import tally

    key = "with the key from DETENTE_MODEL_KEY" if witness.endpoint.key else "without a key"
    out.note(
        f"The text of {tally(files, 'file')}, as far as it was not read by this model before, goes to "
        f"{witness.endpoint.address} (model {witness.endpoint.model}), {key}."
    )


def _told(report: ReadReport) -> Iterator[Block]:
    """Yield what is to be read of a report: what was found in which document, and what a model added."""
    from detente.show.blocks import Prose, tabled
    from detente.show.words import tally

    shown = [
        (one.id, WORDS[one.state], one.records, _note(one))
        for one in report.documents
        if one.state != "known"
    ]
    if shown:
        yield tabled(("document", "state", "found", "note"), shown)
    if known := len(report.documents) - len(shown):
        yield Prose(text=f"{known} known already; --again reads them again.")
    if (model := report.model) is not None:
        yield Prose(
            text=f"The model ({tally(model.requests, 'request')}): {tally(model.found, 'statement')} in the "
            f"documents' own words, {model.alone} of them new; {model.disputed} with another speaker than by "
            f"the rules; {model.invented} not in the documents, refused; {len(model.nearly)} only nearly there, "
            "not stored."
        )


def _note(one: Added) -> str:
    review = f", {one.review} of them to be reviewed" if one.review else ""
    carried = [f"{one.carried} decisions moved with their words{review}"] if one.carried else []
    return "; ".join([*one.notes, *carried])
