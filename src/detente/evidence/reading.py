"""What does a document tell? All that the extractors find in it; many documents are read side by side."""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, suppress
from dataclasses import replace
from functools import cache
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from detente.errors import CaseError, DetenteError, NotFoundError, OutputError, Problem
from detente.evidence.actors import actors
from detente.evidence.acts import events
from detente.evidence.conditionals import conditionals
from detente.evidence.dates import dates
from detente.evidence.documents import SUFFIXES, is_read, open_document
from detente.evidence.held import Added, Read, loaded
from detente.evidence.positions import positions
from detente.evidence.records import Document, Record, common
from detente.evidence.statements.parsed import pipeline_name, with_parse
from detente.evidence.store import Store

if TYPE_CHECKING:
    from detente.evidence.model import Witness

RULES = "rules 5"  # name and version of the rules; a change that finds something else has another number
TOGETHER, WAITING = 8, 4  # documents that a process is handed at once, and such hands that wait for it
GARBAGE = 50_000  # objects more than before after which a process that reads looks for cycles
LOOK = 0.5  # seconds between two looks of a process at whether it is still wanted
BATCH = 200  # documents that are stored in one transaction
Outcome: TypeAlias = Read | DetenteError


@cache
def extractor() -> str:
    """Return name and version of what `read` finds: the rules, and the parser if one is installed."""
    parser = pipeline_name()
    return RULES if parser is None else f"{RULES}, {parser}"


def read(document: Document) -> tuple[Record, ...]:
    """Return everything that is found in a document, in the order of the text.

    Nothing is read from furniture, nor from a text in a language that is not read.
    """
    return tuple(sorted(_found(document), key=lambda record: record.spans()))


def _found(document: Document) -> tuple[Record, ...]:
    if not is_read(document.language):
        return ()
    said, who, when = with_parse(document), actors(document), dates(document)
    acts = events(document, who, when)
    return (*said, *who, *when, *acts, *conditionals(document, said), *positions(document, said))


class Asked(NamedTuple):
    """What is known of the files: an id of one, what is stated of them, whether to read what is known again."""

    id: str | None = None
    stated: Mapping[str, str] = {}
    again: bool = False


def files_of(paths: Iterable[Path]) -> list[Path]:
    """Return files, those of a folder in the order of their names where their ending is that of a document.

    Raises:
        CaseError: some are not there or no files, or a folder holds no document; all are told.
    """
    files: list[Path] = []
    problems: list[Problem] = []
    for path in paths:
        none = "not a regular file; name a file" if path.exists() else "no such file or folder"
        found = [path] if path.is_file() else []
        if path.is_dir():
            none, named = f"no document is in this folder ({', '.join(SUFFIXES)})", path.rglob("[!.]*")
            found = sorted(one for one in named if one.suffix.casefold() in SUFFIXES and one.is_file())
        if not found:
            problems.append(Problem(none, file=str(path)))
        files += found
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
    """Read files into a store, batch by batch; what cannot be read is told, what it knows is not read again.

    ``workers`` are processes, 1 reads in this one; ``progress`` is called with (done, in all); a ``witness`` is a
    language model that reads every document after the rules.

    Raises:
        OutputError: a process that was reading ended; what was stored before stays.
    """
    asked = asked or Asked()
    faults: list[DetenteError] = []
    batch: list[Read] = []
    name = extractor() if witness is None else f"{extractor()}, {witness.name}"
    known: dict[Path, str] = {}
    for path in () if asked.again or asked.id or asked.stated else files:
        with suppress(OSError), path.open("rb") as stream:  # what cannot be opened is told when it is read
            if id_ := store.known(hashlib.file_digest(stream, "sha256").hexdigest(), name):
                known[path] = id_
    added = [Added(id=id_, state="known", records=0) for id_ in known.values()]
    fresh = [path for path in files if path not in known]
    with closing(_outcomes(fresh, asked, workers)) as outcomes:  # what ends this ends the processes too
        for done, outcome in enumerate(outcomes, start=1):
            if isinstance(outcome, DetenteError):
                faults.append(outcome)
            else:
                batch.append(outcome if witness is None else _witnessed(outcome, witness))
            if len(batch) >= (BATCH if witness is None else 1):
                added += store.add(batch, name, again=asked.again)
                batch.clear()
            if progress is not None:
                progress(done, len(fresh))
    return added + store.add(batch, name, again=asked.again), faults


def _witnessed(outcome: Read, witness: Witness) -> Read:
    """Return what was read with what a model adds; a text that the rules do not read is not sent."""
    document = outcome.document
    if not is_read(document.language):
        return outcome
    found = witness.adds(document, [loaded(row.kind, row.fields) for row in outcome.rows])
    kept = [one for one in found if not common(one.spans(), document.furniture)]
    return Read.of(document, kept, outcome.file, named=outcome.named)


def _outcomes(files: Sequence[Path], asked: Asked, workers: int) -> Generator[Outcome, None, None]:
    """Yield what became of each file, in their order; no more of them wait than the processes need."""
    lots = [files[at : at + TOGETHER] for at in range(0, len(files), TOGETHER)]
    if workers == 1 or len(lots) < 2:
        yield from (_outcome(path, asked) for path in files)
        return
    context = multiprocessing.get_context("spawn")  # threads may run here, and do not survive a fork
    stop = context.Event()
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(stop,))
    waiting: deque[Future[list[Outcome]]] = deque()
    try:
        while lots or waiting:
            while lots and len(waiting) < WAITING * workers:
                waiting.append(pool.submit(_lot, lots.pop(0), asked))
            while not wait([waiting[0]], LOOK).done:  # no wait without end: Ctrl-C would not get through
                pass
            yield from waiting.popleft().result()
    except BrokenProcessPool as broken:
        told = "a process that was reading was ended from outside; read the files again with --workers 1"
        raise OutputError(told) from broken
    except BaseException:
        stop.set()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


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


def _lot(files: Sequence[Path], asked: Asked) -> list[Outcome]:
    return [_outcome(path, asked) for path in files]


def _outcome(path: Path, asked: Asked) -> Outcome:
    """Return what was read in a file, in the form in which it goes fastest from process to process, or why not."""
    try:
        document = open_document(path, id=asked.id, stated=asked.stated)
    except DetenteError as fault:
        return fault
    except OSError as fault:
        return NotFoundError(f"{path}: cannot be opened ({fault.strerror})")
    records: tuple[Record, ...] = ()
    try:
        records = _found(document)  # the store puts them in order
    except Exception as fault:  # one text on which an extractor fails must not lose the others of a batch
        told = f"stored, not read: the extractor failed ({type(fault).__name__}: {fault}); please report it"
        document = replace(document, notes=(*document.notes, told))
    return Read.of(document, records, path, named=asked.id is not None)
