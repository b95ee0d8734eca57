"""Which case do these documents ask for? A skeleton to judge and to argue with."""

from __future__ import annotations

import os
from pathlib import Path

import click

from detente.cli.options import force_option, output_file
from detente.cli.output import Output, answers
from detente.cli.reading import DEFAULT, store_option


@answers("draft")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@output_file("The case file to write.", default=Path("case.yaml"))
@store_option("The store into which the documents of the case are read", beside=True)
@click.option("--title", metavar="TEXT", help="Of the case.")
@click.option("--no-quotes", is_flag=True, help="Leave the documents' words out of the comments.")
@force_option
def command(
    paths: tuple[Path, ...],
    output: Path,
    store: Path | None,
    title: str | None,
    no_quotes: bool,
    force: bool,
    out: Output,
) -> None:
    """Draft a case from documents: who, on what, in which words.

    The documents are read into the store. Actors, issues, stances and conditions
    found in them become a case file; every number that nobody stated is a "?",
    which detente check lists as to be judged.
    """
    from detente.case.checked import check_text
    from detente.case.files import guard_output, write_whole
    from detente.cli.progress import progress
    from detente.cli.records import Written
    from detente.evidence.drafting import draft
    from detente.evidence.reading import files_of, read_into
    from detente.evidence.store import Store
    from detente.show.words import tally

    guard_output(output, paths, (".yaml", ".yml"), force=force, new=True)
    files = files_of(paths)
    store = store or output.parent / DEFAULT
    with Store.opened(store, make=True) as opened:
        with progress(out, "documents", "getting ready") as tell:
            added, faults = read_into(opened, files, workers=os.cpu_count() or 1, progress=tell)
        if faults and not added:
            raise faults[0]
        documents = [opened.document(id_) for id_ in dict.fromkeys(one.id for one in added)]
        held = [record for one in documents for record in opened.records(one.id)]
    first = documents[0].title or documents[0].id if len(documents) == 1 else f"{len(documents)} documents"
    text = draft(documents, held, title or f"Draft from {first}", quotes=not no_quotes)
    case = check_text(text, output).require()
    write_whole(output, text)
    for fault in faults:
        out.note(str(fault))
    out.give(Written(written=(str(output), str(store))))
    if out.as_json:
        return
    stances = sum(map(len, case.stances.values()))
    made = {"actor": len(case.actors), "issue": len(case.issues), "stance": stances}
    told = ", ".join(tally(count, name) for name, count in made.items())
    out.note(f"wrote {output}: {told}; {tally(len(case.unjudged), 'number')} to be judged")
    out.note(f"\nWhat to do now:\n  detente check {output}\n  detente show {output}")
