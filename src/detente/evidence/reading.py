"""What does a document tell? All that the extractors find in it; many documents are read side by side."""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
import os
import signal
import threading
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cache
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from detente.errors import CaseError, DetenteError, NotFoundError, OutputError, Problem
from detente.evidence.actors import actors
from detente.evidence.acts import events
from detente.evidence.conditionals import conditionals
from detente.evidence.dates import dates
from detente.evidence.documents import SUFFIXES, open_document
from detente.evidence.documents.languages import READ
from detente.evidence.held import Added, Read
from detente.evidence.positions import positions
from detente.evidence.records import Actor, Document, Record, Spans, Statement
from detente.evidence.statements.parsed import pipeline_name, with_parse
from detente.evidence.store import Store

if TYPE_CHECKING:
    from detente.evidence.model import Witness

RULES = "rules 1"
"""Name and version of the rules; a change that finds something else has another number."""
TOGETHER = 8
"""Documents that a process is handed at once; it has at most this many such hands waiting for it:"""
WAITING = 4
GARBAGE = 50_000
"""Objects more than before after which a process that reads looks for cycles."""
LOOK = 0.5
"""Seconds between two looks of a process at whether it is still wanted."""
BATCH = 200
"""Documents that are stored in one transaction."""
Outcome: TypeAlias = Read | DetenteError


@cache
def extractor() -> str:
    """Return name and version of what `read` finds: the rules, and the parser if one is installed."""
    parser = pipeline_name()
    return RULES if parser is None else f"{RULES}, {parser}"


def read(document: Document, said: Sequence[Statement] | None = None) -> tuple[Record, ...]:
    """Return everything that is found in a document, in the order of the text.

    Nothing is read from furniture, nor from a text in a language that is not read.

    Args:
        document: to be read.
        said: its statements, where somebody else found them; by the rules (and the parser) otherwise.
    """
    if not _is_read(document):
        return ()
    said = with_parse(document) if said is None else said
    who, when = actors(document), dates(document)
    found: tuple[Record, ...] = (
        *said,
        *who,
        *when,
        *events(document, who, when),
        *conditionals(document, said),
        *positions(document, said),
    )
    if document.furniture:
        found = tuple(one for record in found if (one := _outside(record, document.furniture)) is not None)
    return tuple(sorted(found, key=lambda record: record.spans()))


def _outside(record: Record, furniture: Spans) -> Record | None:
    """Return a record that stands outside the furniture; of an actor, the mentions that do."""

    def clear(start: int, end: int) -> bool:
        at = bisect_right(furniture, (start, end))
        near = furniture[max(at - 1, 0) : at + 1]
        return all(span.end <= start or end <= span.start for span in near)

    if isinstance(record, Actor):
        mentions = tuple(span for span in record.mentions if clear(*span))
        return replace(record, mentions=mentions) if mentions else None
    return record if all(clear(*span) for span in record.spans()) else None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of the files that are to be read.

    Attributes:
        id: asked for; of one file only.
        stated: title, author, publisher, date, url, language, licence.
        again: read what is known too.
    """

    id: str | None = None
    stated: Mapping[str, str] = field(default_factory=dict)
    again: bool = False


def files_of(paths: Iterable[Path]) -> list[Path]:
    """Return files, those of a folder in the order of their names where their ending is that of a document.

    Raises:
        CaseError: some are not there, or a folder holds no document; all are told.
    """
    files: list[Path] = []
    problems: list[Problem] = []
    for path in paths:
        if path.is_dir():
            inside = (one for one in path.rglob("*") if one.suffix.casefold() in SUFFIXES and one.is_file())
            found = sorted(one for one in inside if not one.name.startswith("."))
            files += found
            if not found:
                problems.append(
                    Problem(f"no document is in this folder ({', '.join(SUFFIXES)})", file=str(path))
                )
        elif path.exists():
            files.append(path)
        else:
            problems.append(Problem("no such file or folder", file=str(path)))
    if problems:
        raise CaseError(problems)
    return list(dict.fromkeys(files))


def read_into(
    store: Store,
    files: Sequence[Path],
    asked: Asked | None = None,
    *,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
    witness: Witness | None = None,
) -> tuple[list[Added], list[DetenteError]]:
    """Read files into a store; what cannot be read is told, the rest is stored.

    Args:
        store: takes them, batch by batch.
        files: to be read; what it knows already is not read again.
        asked: what is known of the files.
        workers: processes; 1 reads in this one.
        progress: called with (done, in all).
        witness: a language model that reads every document after the rules.

    Raises:
        OutputError: a process that was reading ended; what was stored before stays.
    """
    asked = asked or Asked()
    added: list[Added] = []
    faults: list[DetenteError] = []
    batch: list[Read] = []
    name = extractor() if witness is None else f"{extractor()}, {witness.name}"

    def keep() -> None:
        added.extend(store.add(batch, name, again=asked.again))
        batch.clear()

    fresh = []
    for path in files:
        known = None if asked.again or asked.id or asked.stated else _known(store, path, name)
        if known is None:
            fresh.append(path)
        else:
            added.append(Added(known, "known", 0))
    workers = workers if len(fresh) > TOGETHER else 1
    with closing(
        _outcomes(fresh, asked, workers, written=witness is None)
    ) as outcomes:  # what ends this ends the processes too
        for done, outcome in enumerate(outcomes, start=1):
            if isinstance(outcome, Read):
                batch.append(outcome if witness is None else _witnessed(outcome, witness))
            else:
                faults.append(outcome)
            if len(batch) >= (BATCH if witness is None else 1):
                keep()
            if progress is not None:
                progress(done, len(fresh))
    keep()
    return added, faults


def _known(store: Store, path: Path, extractor: str) -> str | None:
    try:
        with path.open("rb") as stream:
            return store.known(hashlib.file_digest(stream, "sha256").hexdigest(), extractor)
    except OSError:  # told when it is opened to be read
        return None


def _witnessed(outcome: Read, witness: Witness) -> Read:
    """Return what was read with what a model adds; a text that the rules do not read is not sent."""
    if not _is_read(outcome.document):
        return outcome
    added = witness.adds(outcome.document, outcome.records)
    kept = [one for record in added if (one := _outside(record, outcome.document.furniture)) is not None]
    return replace(outcome, records=tuple(kept))


def _is_read(document: Document) -> bool:
    return document.language is None or document.language.partition("-")[0] in READ


def _outcomes(
    files: Sequence[Path], asked: Asked, workers: int, *, written: bool
) -> Generator[Outcome, None, None]:
    """Yield what became of each file, in their order; no more of them wait than the processes need."""
    if workers == 1:
        for path in files:
            yield _outcome(path, asked)
        return
    lots = [files[at : at + TOGETHER] for at in range(0, len(files), TOGETHER)]
    context = multiprocessing.get_context("spawn")  # threads may run here, and do not survive a fork
    stop = context.Event()
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(stop,))
    waiting: deque[Future[list[Outcome]]] = deque()
    try:
        for lot in lots:
            waiting.append(pool.submit(_lot, lot, asked, written))
            if len(waiting) >= WAITING * workers:
                yield from _result(waiting.popleft())
        while waiting:
            yield from _result(waiting.popleft())
    except BrokenProcessPool as broken:
        told = "a process that was reading was ended from outside; read the files again with --workers 1"
        raise OutputError(told) from broken
    except BaseException:
        stop.set()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _result(future: Future[list[Outcome]]) -> list[Outcome]:
    """Return what a process found; Ctrl-C is heard meanwhile, which no wait without end would let through."""
    while not wait([future], LOOK).done:
        pass
    return future.result()


def _begin(stop: Event) -> None:
    """Leave Ctrl-C to the first process, and end when it says so or is no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # the lists stay; what a document leaves behind is mostly in no cycle
    gc.set_threshold(GARBAGE)
    parent = multiprocessing.parent_process()

    def watch() -> None:
        while not stop.wait(LOOK) and parent is not None and parent.is_alive():
            pass
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _lot(files: Sequence[Path], asked: Asked, written: bool) -> list[Outcome]:
    """Return what became of some files; where nothing reads the records any more, written for the store."""
    outcomes = [_outcome(path, asked) for path in files]
    return [
        replace(one, records=(), written=one.rows()) if written and isinstance(one, Read) else one
        for one in outcomes
    ]


def _outcome(path: Path, asked: Asked) -> Outcome:
    try:
        document = open_document(path, id=asked.id, stated=asked.stated)
    except DetenteError as fault:
        return fault
    except OSError as fault:
        return NotFoundError(f"{path}: cannot be opened ({fault.strerror})")
    records: tuple[Record, ...] = ()
    try:
        records = read(document)
    except Exception as fault:  # one text on which an extractor fails must not lose the others of a batch
        told = f"stored, not read: the extractor failed ({type(fault).__name__}: {fault}); please report it"
        document = replace(document, notes=(*document.notes, told))
    return Read(document, records, path, named=asked.id is not None)
