"""How do files get into a store? Every row is kept or set aside with its reason; a batch counts whole or not.

1. Unpack the files of a batch, the next while the last is read; a file that was loaded before is left out.
2. Read each line as text, split it, and find what is wrong with it: number of fields, bytes, date, code.
3. Look up countries, classes and scores of the codes that occur, once each.
4. Write the rows, sorted by dyad and day, into a working folder; move the parts into place; name them in the
   manifest. Until that last line is on the disk nothing of the batch counts.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from detente.errors import DetenteError, FormatError, OptionError
from detente.events import ontology
from detente.events.feeds import called, known_by, resolved
from detente.events.rows import codes_of, look_up, plain, select, split
from detente.events.store import COLUMNS, EVENTS, QUARANTINE, WORK, Store, connect, quoted
from detente.events.unpack import Unpacked, files_of, unpack
from detente.show.record import Published, Record
from detente.show.table import Table, table_of

if TYPE_CHECKING:
    import duckdb

BATCH_BYTES = 400_000_000
BATCH_FILES = 500
Progress = Callable[[int, int], None]


class FileReport(Record):
    """What became of one file.

    Attributes:
        file: its name.
        md5: of it as it was given.
        content: MD5 of its text, by which it is known again.
        size: in bytes, as it was given.
        feed: data set that it is of; empty where it was refused.
        state: ``loaded``, ``known`` (loaded before), or ``refused``.
        rows: lines read, a header left out.
        kept: rows that are in the store now.
        rejected: reason → rows in quarantine.
        refused: why the whole file was.
        unmatched: country codes that name no state → rows with them.
    """

    file: str
    md5: str = ""
    content: str = ""
    size: int = 0
    feed: str = ""
    state: str
    rows: int = 0
    kept: int = 0
    rejected: dict[str, int] = Field(default_factory=dict)
    refused: str = ""
    unmatched: dict[str, int] = Field(default_factory=dict)


class LoadReport(Published):
    """What became of every file that was given.

    Attributes:
        store: the folder.
        rows: read.
        kept: in the store now.
        rejected: in quarantine.
        swept: parts of an interrupted load that were removed.
        files: all of them.
    """

    store: str
    rows: int
    kept: int
    rejected: int
    swept: int
    files: tuple[FileReport, ...]

    def tables(self) -> dict[str, Table]:
        """Return its table."""
        return {"files": table_of([((), one) for one in self.files], FileReport, "files", {})}


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
    """
    if rule not in ontology.QUAD_RULES:
        raise OptionError(f"there is no rule {rule!r}; rules are {', '.join(ontology.QUAD_RULES)}")
    files = list(files_of(list(paths)))
    reports: list[FileReport] = []
    with store.locked():
        swept = store.sweep()
        known = store.files()
        work = store.folder / WORK
        work.mkdir(exist_ok=True)
        try:
            for batch in _batches(files):
                reports += _load_batch(store, batch, work, known, (stated, rule, name), expected or {})
                if progress is not None:
                    progress(len(reports), len(files))
        finally:
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
    """Yield files that are loaded together: as many as memory and a kill may cost."""
    batch: list[Path] = []
    size = 0
    for path in files:
        packed = path.suffix.casefold() in (".zip", ".gz")
        own = path.stat().st_size * (6 if packed else 1)
        if batch and (size + own > BATCH_BYTES or len(batch) >= BATCH_FILES):
            yield batch
            batch, size = [], 0
        batch.append(path)
        size += own
    if batch:
        yield batch


def _load_batch(
    store: Store,
    batch: Sequence[Path],
    work: Path,
    known: dict[str, dict[str, Any]],
    choices: tuple[str | None, str, str | None],
    expected: dict[str, str],
) -> list[FileReport]:
    """Load some files, which count together or not at all."""
    reports: list[FileReport] = []
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    connection = connect(work)
    try:
        _tables(connection)
        with ThreadPoolExecutor(2, thread_name_prefix="unpack") as pool:
            waiting = [pool.submit(_unpacked, path, work, expected) for path in batch]
            for path, future in zip(batch, waiting, strict=True):
                found = future.result()
                if isinstance(found, str):
                    reports.append(FileReport(file=path.name, state="refused", refused=found))
                    continue
                if (before := known.get(found.content)) is not None:
                    found.path.unlink(missing_ok=True)
                    known_as = FileReport(
                        file=found.file,
                        md5=found.md5,
                        content=found.content,
                        size=found.size,
                        feed=before["feed"],
                        state="known",
                    )
                    reports.append(known_as)
                    continue
                report = _read(connection, found, choices, now)
                found.path.unlink(missing_ok=True)
                reports.append(report)
                if report.state == "loaded":
                    known[found.content] = report.model_dump()
        fresh = [one for one in reports if one.state == "loaded"]
        if fresh:
            name = hashlib.md5(
                "".join(one.content for one in fresh).encode(), usedforsecurity=False
            ).hexdigest()[:16]
            parts = _written(connection, store.folder, work, name)
            store.commit(
                {"batch": name, "at": now, "files": [one.model_dump() for one in fresh], "parts": parts}
            )
    finally:
        connection.close()
    return reports


def _unpacked(path: Path, work: Path, expected: dict[str, str]) -> Unpacked | str:
    """Return the text of a file, or why it was refused."""
    try:
        found = unpack(path, work)
    except DetenteError as error:
        return str(error)
    wanted = expected.get(path.name)
    if wanted is not None and wanted != found.md5:
        found.path.unlink(missing_ok=True)
        return f"{path.name}: its MD5 is {found.md5}, and the list has {wanted}; fetch it again"
    return found


def _tables(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ", ".join(f"{name} {kind}" for name, (kind, _) in COLUMNS.items())
    connection.execute(f"CREATE TABLE kept ({columns})")
    connection.execute("CREATE TABLE rejected (file VARCHAR, line BIGINT, reason VARCHAR, text VARCHAR)")


def _read(
    connection: duckdb.DuckDBPyConnection,
    found: Unpacked,
    choices: tuple[str | None, str, str | None],
    now: str,
) -> FileReport:
    """Read one file into the tables of its batch."""
    stated, rule, name = choices
    try:
        known = called(known_by(found.first, found.file), found.file, name)
        feed, width = resolved(known, found.first, found.file)
        text, numbered = (plain(found, feed), True) if feed.quoted else (found.path, False)
        rows = split(connection, text, feed, width, numbered)
        codes = codes_of(connection, feed, stated)
    except (FormatError, OptionError) as error:
        return FileReport(
            file=found.file,
            md5=found.md5,
            content=found.content,
            size=found.size,
            state="refused",
            refused=str(error),
        )
    look_up(connection, feed, codes, rule)
    connection.execute(
        "INSERT INTO rejected SELECT ?, line, reason, left(raw, 2000) FROM checked WHERE reason IS NOT NULL",
        [found.file],
    )
    connection.execute(f"INSERT INTO kept {select(feed, codes)}", [found.file, now, rule])
    counted = connection.execute("SELECT reason, count(*) FROM checked GROUP BY reason ORDER BY 1").fetchall()
    reasons = {reason: count for reason, count in counted if reason is not None}
    unmatched = connection.execute(
        "SELECT code, sum(rows) FROM country_map WHERE iso3 IS NULL AND code <> '' GROUP BY code "
        "ORDER BY 2 DESC, 1"
    ).fetchall()
    return FileReport(
        file=found.file,
        md5=found.md5,
        content=found.content,
        size=found.size,
        feed=feed.name,
        state="loaded",
        rows=rows,
        kept=rows - sum(reasons.values()),
        rejected=reasons,
        unmatched={str(code): int(count) for code, count in unmatched},
    )


def _written(connection: duckdb.DuckDBPyConnection, folder: Path, work: Path, name: str) -> list[str]:
    """Write a batch into parts, move them into place, and return their names."""
    parts: list[str] = []
    years = connection.execute("SELECT DISTINCT feed, year(date) FROM kept ORDER BY 1, 2").fetchall()
    for feed, year in years:
        part = f"{EVENTS}/feed={feed}/year={year}/{name}.parquet"
        where = f"feed = {quoted(feed)} AND year(date) = {year}"
        chosen = f"SELECT * FROM kept WHERE {where} ORDER BY source, target, date"
        parts.append(_copy(connection, chosen, folder, work, part))
    counted = connection.execute("SELECT count(*) FROM rejected").fetchone()
    if counted and counted[0]:
        parts.append(
            _copy(connection, "SELECT * FROM rejected", folder, work, f"{QUARANTINE}/{name}.parquet")
        )
    return parts


def _copy(connection: duckdb.DuckDBPyConnection, query: str, folder: Path, work: Path, part: str) -> str:
    made = work / f"{part.replace('/', '_')}"
    connection.execute(f"COPY ({query}) TO {quoted(str(made))} (FORMAT parquet, COMPRESSION zstd)")
    place = folder / part
    place.parent.mkdir(parents=True, exist_ok=True)
    made.replace(place)
    return part
