"""How do files get into a store? Every row is kept or set aside with its reason; a batch counts whole or not.

1. Unpack a file, and leave it out if it was loaded before (`detente.events.unpack`).
2. Find its fields, and the values that stand in them (`detente.events.scan`).
3. Judge each day and code once, and set rows aside that have none (`detente.events.rows`).
4. Write the rows of a batch, sorted by dyad and day, into a working folder (`detente.events.columns`); move the
   parts into place; name them in the manifest. Until that last line is on the disk nothing of the batch counts.

Two batches are read side by side; they are entered in the order in which their files were given.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

from detente.errors import DetenteError, FormatError, MissingPartError, OptionError
from detente.events import ontology
from detente.events.columns import write
from detente.events.feeds import called, known_by, resolved
from detente.events.reports import FileReport, LoadReport
from detente.events.rows import Rows, Source, agreed
from detente.events.store import WORK, Store, connect
from detente.events.unpack import PACKED, XXH3, Unpacked, files_of, md5_of, unpack
from detente.show.words import tally

if TYPE_CHECKING:
    import duckdb

BATCH_BYTES = 80_000_000
BATCH_FILES = 500
AHEAD = 3
"""Batches that are read or wait to be entered."""
OLDER = {32: "md5", 40: "sha1"}
"""Digits of a sum → its kind."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user chose, for all files.

    Attributes:
        stated: ontology of codes that do not prove theirs.
        rule: by which acts are classed.
        name: of the data set.
        expected: name of a file → MD5 that a list gives it.
    """

    stated: str | None
    rule: str
    name: str | None
    expected: Mapping[str, str]


def load(
    store: Store,
    paths: Sequence[Path],
    *,
    stated: str | None = None,
    rule: str = "A",
    name: str | None = None,
    expected: dict[str, str] | None = None,
    progress: Progress | None = None,
) -> LoadReport:
    """Load files and folders of files into a store.

    Args:
        store: into which.
        paths: files, or folders whose files are loaded in the order of their names.
        stated: ontology of codes, for data sets that do not state it.
        rule: by which roots are classed, A or B.
        name: of the data set; else its own, or that of the file for tables that do not say.
        expected: name of a file → MD5 that a list gives it; another one is refused.
        progress: called with (files done, files in all).

    Raises:
        NotFoundError: a path is not there.
        OutputError: the store cannot be written, or another program is loading into it.
        MissingPartError: DuckDB or pyarrow is not installed.
    """
    if rule not in ontology.QUAD_RULES:
        raise OptionError(f"there is no rule {rule!r}; rules are {', '.join(ontology.QUAD_RULES)}")
    if lacking := [one for one in ("deflate", "pyarrow", "xxhash") if find_spec(one) is None]:
        told = f"to load event data {' and '.join(lacking)} must be installed: pip install 'detente[events]'"
        raise MissingPartError(told)
    files = list(files_of(list(paths)))
    reports: list[FileReport] = []
    with store.locked():
        swept = store.sweep()
        work = store.folder / WORK
        work.mkdir(exist_ok=True)
        seen = {content: str(one["feed"]) for content, one in store.files().items()}
        shared = _Shared(Choices(stated, rule, name, expected or {}), seen)
        waiting: deque[Future[_Made]] = deque()
        batches = enumerate(_batches(files))
        pool = ThreadPoolExecutor(2, thread_name_prefix="load")
        connection = connect(work)
        try:
            while True:
                while len(waiting) < AHEAD and (following := next(batches, None)) is not None:
                    number, batch = following
                    own = connection.cursor()
                    waiting.append(pool.submit(_load_batch, batch, work / str(number), shared, own))
                if not waiting:
                    break
                reports += _entered(store, waiting.popleft().result(), shared)
                if progress is not None:
                    progress(len(reports), len(files))
        finally:
            shared.stop.set()
            pool.shutdown(cancel_futures=True)
            connection.close()
            shutil.rmtree(work, ignore_errors=True)
    return LoadReport(
        store=str(store.folder),
        rows=sum(one.rows for one in reports),
        kept=sum(one.kept for one in reports),
        rejected=sum(sum(one.rejected.values()) for one in reports),
        swept=swept,
        files=tuple(reports),
    )


def _batches(files: Sequence[Path]) -> Iterator[list[Path]]:
    """Yield files that are loaded together: as many as a kill may cost."""
    batch: list[Path] = []
    size = 0
    for path in files:
        own = path.stat().st_size * (6 if path.suffix.casefold() in PACKED else 1)
        if batch and (size + own > BATCH_BYTES or len(batch) >= BATCH_FILES):
            yield batch
            batch, size = [], 0
        batch.append(path)
        size += own
    if batch:
        yield batch


@dataclass(slots=True)
class _Shared:
    """What batches that are read side by side have in common: choices, and texts that were or are being loaded."""

    how: Choices
    seen: dict[str, str]
    refused: dict[str, str] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    stop: Event = field(default_factory=Event)
    writing: Lock = field(default_factory=Lock)
    sums: str = ""

    def __post_init__(self) -> None:
        """Sum texts up as in the store's entries: older ones have MD5 or SHA-1."""
        sums = {"xxh3" if one.startswith(XXH3) else OLDER.get(len(one), "sha1") for one in self.seen}
        self.sums = min(sums, default="xxh3")

    def taken(self, content: str, feed: str) -> str | None:
        """Take a text; where it is taken already return as which data set."""
        with self.lock:
            if (held := self.seen.get(content)) is None:
                self.seen[content] = feed
            return held


@dataclass(frozen=True, slots=True)
class _Made:
    """What reading a batch gave: reports, and of each part where it was written and where it belongs."""

    work: Path
    reports: list[FileReport]
    parts: list[tuple[Path, str]]
    at: datetime


def _entered(store: Store, made: _Made, shared: _Shared) -> list[FileReport]:
    """Move the parts of a batch into place, enter it into the manifest, and return its reports."""
    reports = [
        # known from a batch read side by side, which then refused it
        one.model_copy(update={"state": "refused", "feed": "", "refused": shared.refused[one.content]})
        if one.state == "known" and one.content in shared.refused
        else one
        for one in made.reports
    ]
    fresh = [one for one in reports if one.state == "loaded"]
    if fresh:
        contents = "".join(one.content for one in fresh)
        name = hashlib.md5(contents.encode(), usedforsecurity=False).hexdigest()[:16]
        parts = []
        for number, (path, where) in enumerate(made.parts):
            part = f"{where}/{name}-{number}.parquet"
            place = store.folder / part
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)
            parts.append(part)
        files = [one.model_dump() for one in fresh]
        store.commit({"batch": name, "at": f"{made.at:%Y-%m-%d %H:%M:%S}", "files": files, "parts": parts})
    shutil.rmtree(made.work, ignore_errors=True)
    return reports


def _assumed(source: Source, rows: Rows) -> Iterator[str]:
    """Yield what was assumed to read a file."""
    if rows.feed.columns and not rows.feed.header:
        yield f"it has no headings: its {len(rows.feed.columns)} columns were taken in the order of the codebook"
    for encoding, count in source.encoded.items():
        yield f"{tally(count, 'line')} that are not UTF-8 were read as {encoding}"


class _Again(Exception):  # noqa: N818
    """A batch is to be read again: something was learnt of a file after rows of it were written."""


def _load_batch(
    batch: Sequence[Path], work: Path, shared: _Shared, connection: duckdb.DuckDBPyConnection
) -> _Made:
    """Read some files, which count together or not at all."""
    learnt: dict[int, str | OptionError] = {}
    while True:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        reading = _Reading(work, shared, learnt, connection)
        try:
            return reading.all(batch)
        except _Again:
            for place, (_, told, _) in reading.sources.items():
                if place not in reading.reports:  # what was refused may be another batch's by now
                    shared.seen.pop(told["content"], None)


class _Reading:
    """One attempt to read a batch; what was learnt of its files in earlier ones is their ontology, or a fault."""

    def __init__(
        self,
        work: Path,
        shared: _Shared,
        learnt: dict[int, str | OptionError],
        connection: duckdb.DuckDBPyConnection,
    ) -> None:
        self.work, self.shared, self.learnt, self.connection = work, shared, learnt, connection
        self.now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        self.groups: dict[tuple[str, tuple[int, ...], str], Rows] = {}
        self.sources: dict[int, tuple[Source, dict[str, Any], Rows]] = {}  # with what a report tells of each
        self.reports: dict[int, FileReport] = {}

    def all(self, batch: Sequence[Path]) -> _Made:
        """Read all files, write their rows, and tell what became of them."""
        for place, path in enumerate(batch):
            if self.shared.stop.is_set():
                break
            into = self.work / f"text{place}"
            found = self._unpacked(path, into)
            if isinstance(found, FileReport):
                self.reports[place] = found
                continue
            try:
                self._read(place, found)
            except (FormatError, OptionError) as error:
                self._refuse(place, error)
            if isinstance(found.text, Path):
                shutil.rmtree(into, ignore_errors=True)
        for rows in self.groups.values():
            self._write(rows)
        for place, (source, told, rows) in self.sources.items():
            if place not in self.reports:
                self.reports[place] = FileReport(
                    **told,
                    feed=rows.feed.name,
                    state="loaded",
                    rows=source.rows,
                    kept=source.rows - source.rejected.total(),
                    rejected=dict(sorted(source.rejected.items())),
                    unmatched=dict(sorted(source.unmatched.items(), key=lambda one: (-one[1], one[0]))),
                    assumed=tuple(_assumed(source, rows)),
                )
        parts = [part for rows in self.groups.values() for part in rows.parts]
        return _Made(self.work, [self.reports[place] for place in sorted(self.reports)], parts, self.now)

    def _unpacked(self, path: Path, into: Path) -> Unpacked | FileReport:
        try:
            found = unpack(path, into, self.shared.sums)
        except DetenteError as error:
            return FileReport(file=path.name, state="refused", refused=str(error))
        wanted = self.shared.how.expected.get(path.name)
        if wanted is not None and wanted != (md5 := md5_of(path)):
            told = f"{path.name}: its MD5 is {md5}, and the list has {wanted}; fetch it again"
            return FileReport(file=path.name, state="refused", refused=told)
        return found

    def _told(self, found: Unpacked) -> dict[str, Any]:
        """Return what every report tells of a file."""
        md5 = self.shared.how.expected.get(found.file, "")
        return {"file": found.file, "md5": md5, "content": found.content, "size": found.size}

    def _read(self, place: int, found: Unpacked) -> None:
        """Read the rows of a file, and write them where they are many; report it only where none is taken.

        Raises:
            FormatError: it is no event data that is known, or is damaged.
            OptionError: its codes are of another ontology than is stated.
        """
        try:
            of = called(known_by(found.first, found.file), found.file, self.shared.how.name)
            feed, width = resolved(of, found.first, found.file)
        except FormatError as error:
            self.reports[place] = FileReport(**self._told(found), state="refused", refused=str(error))
            return
        if (held := self.shared.taken(found.content, feed.name)) is not None:
            self.reports[place] = FileReport(**self._told(found), feed=held, state="known")
            return
        widths = feed.fields or (width or 0,)
        key = (repr(feed), widths, "" if feed.ontology else found.content)  # one order of columns
        rows = self.groups.get(key)
        if rows is None:
            rows = self.groups[key] = Rows(feed, widths, self.work, self.connection)
        source = Source(found.file, place)
        self.sources[place] = source, self._told(found), rows
        if isinstance(fault := self.learnt.get(place), OptionError):
            raise fault
        line, skip = 0, bool(feed.header)
        for block, numbers in found.rows(feed, source.encoded):
            begin = block.index(b"\n") + 1 if skip else 0
            if numbers is not None:
                numbers = numbers[1:] if skip else numbers
                line = 0
            elif skip:
                line = 1
            skip = False
            for _ in rows.read(source, block[begin:] if begin else block, line, numbers):
                self._write(rows, reading=source)
            line = rows.scanned.line
            if self.shared.stop.is_set():
                break
        if source.number in rows.flushed:
            rows.settle()
            self._judge(source, rows)

    def _write(self, rows: Rows, reading: Source | None = None) -> None:
        """Write the rows of a group, those of files whose codes are refused left out."""
        rows.settle()
        own = [source for source, _, group in self.sources.values() if group is rows]
        for source in own:
            if source.number not in self.reports:
                try:
                    self._judge(source, rows, whole=source is not reading)
                except OptionError as error:
                    if source is reading:
                        raise
                    self._refuse(source.number, error)
        with (
            self.shared.writing
        ):  # one at a time: what a part takes while it is written is most of the memory
            write(rows, own, self.now, self.shared.how.rule)

    def _judge(self, source: Source, rows: Rows, *, whole: bool = True) -> None:
        """Find the ontology of a file's codes; where it is not all read yet it may be another one in the end.

        Raises:
            OptionError: they are refused.
        """
        feed, stated = rows.feed, self.shared.how.stated
        try:
            said = agreed(sorted(source.codes), feed, stated)
        except OptionError:
            if whole or feed.ontology or ontology.detected(source.codes):
                raise
            said = str(self.learnt.get(source.number, "cameo"))
        if source.number in rows.flushed and said != rows.ontology:
            self.learnt[source.number] = said
            raise _Again
        rows.ontology = said

    def _refuse(self, place: int, error: FormatError | OptionError) -> None:
        """Leave a file out.

        Raises:
            _Again: rows of it were written.
        """
        source, told, rows = self.sources[place]
        if place in rows.flushed:
            self.learnt[place] = error if isinstance(error, OptionError) else OptionError(str(error))
            raise _Again
        rows.drop(source)
        self.shared.seen.pop(told["content"], None)
        self.shared.refused[told["content"]] = str(error)
        self.reports[place] = FileReport(**told, state="refused", refused=str(error))
