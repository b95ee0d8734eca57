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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import DetenteError, FormatError, OptionError
from detente.events import ontology
from detente.events.bulk import Plain, form_of, ontologies, read, report, set_aside
from detente.events.bulk import plain as plain_of
from detente.events.feeds import called, known_by, resolved
from detente.events.reports import FileReport, LoadReport, known
from detente.events.rows import Form, codes_of, look_up, plain, select, split
from detente.events.store import COLUMNS, EVENTS, QUARANTINE, WORK, Store, connect, quoted
from detente.events.unpack import Unpacked, files_of, unpack

if TYPE_CHECKING:
    import duckdb

BATCH_BYTES = 160_000_000
BATCH_FILES = 500
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
    """
    if rule not in ontology.QUAD_RULES:
        raise OptionError(f"there is no rule {rule!r}; rules are {', '.join(ontology.QUAD_RULES)}")
    files = list(files_of(list(paths)))
    reports: list[FileReport] = []
    with store.locked():
        swept = store.sweep()
        seen = {content: one["feed"] for content, one in store.files().items()}
        how = Choices(stated, rule, name, expected or {})
        work = store.folder / WORK
        work.mkdir(exist_ok=True)
        try:
            for batch in _batches(files):
                reports += _load_batch(store, batch, work, seen, how)
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
    store: Store, batch: Sequence[Path], work: Path, seen: dict[str, str], how: Choices
) -> list[FileReport]:
    """Load some files, which count together or not at all."""
    reports: dict[int, FileReport] = {}
    groups: dict[tuple[str, int, str], dict[int, Plain]] = {}
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    connection = connect(work)
    try:
        _tables(connection)
        with ThreadPoolExecutor(2, thread_name_prefix="unpack") as pool:
            waiting = [pool.submit(_unpacked, path, work / str(n), how) for n, path in enumerate(batch)]
            for place, (path, future) in enumerate(zip(batch, waiting, strict=True)):
                found, sound = future.result()
                if isinstance(found, str):
                    reports[place] = FileReport(file=path.name, state="refused", refused=found)
                    continue
                if (feed := seen.get(found.content)) is not None:
                    reports[place] = FileReport(**known(found), feed=feed, state="known")
                elif sound is not None:
                    own = "" if sound.feed.ontology else found.content
                    groups.setdefault((sound.feed.name, sound.width, own), {})[place] = sound
                    seen[found.content] = sound.feed.name
                    continue
                else:
                    reports[place] = _read(connection, found, how, now)
                    if reports[place].state == "loaded":
                        seen[found.content] = reports[place].feed
                found.path.unlink(missing_ok=True)
        sound_files = [one.found.content for group in groups.values() for one in group.values()]
        name = _named([*(one.content for one in reports.values() if one.state == "loaded"), *sound_files])
        parts = []
        for number, group in enumerate(groups.values()):
            made, more = _read_plain(
                connection, list(group.values()), how, now, (store.folder, work, f"{name}-{number}")
            )
            reports |= zip(group, made, strict=True)
            parts += more
        fresh = [reports[place] for place in sorted(reports) if reports[place].state == "loaded"]
        if fresh:
            parts += _written(connection, store.folder, work, name)
            store.commit(
                {"batch": name, "at": now, "files": [one.model_dump() for one in fresh], "parts": parts}
            )
        for one in reports.values():
            if one.state == "refused":
                seen.pop(one.content, None)
    finally:
        connection.close()
    return [reports[place] for place in sorted(reports)]


def _unpacked(path: Path, into: Path, how: Choices) -> tuple[Unpacked | str, Plain | None]:
    """Return the text of a file, or why it was refused, and what is known of it if it is plain."""
    into.mkdir(exist_ok=True)
    try:
        found = unpack(path, into)
    except DetenteError as error:
        return str(error), None
    wanted = how.expected.get(path.name)
    if wanted is not None and wanted != found.md5:
        found.path.unlink(missing_ok=True)
        return f"{path.name}: its MD5 is {found.md5}, and the list has {wanted}; fetch it again", None
    try:
        feed, width = resolved(
            called(known_by(found.first, found.file), found.file, how.name), found.first, found.file
        )
    except FormatError:
        return found, None  # told when it is read
    return found, plain_of(found, feed, width)


def _named(batch: Iterable[str]) -> str:
    """Return the name of a batch: a hash of the contents of its files."""
    return hashlib.md5("".join(batch).encode(), usedforsecurity=False).hexdigest()[:16]


def _tables(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ", ".join(f"{name} {kind}" for name, (kind, _) in COLUMNS.items())
    connection.execute(f"CREATE TABLE kept ({columns})")
    connection.execute("CREATE TABLE rejected (file VARCHAR, line BIGINT, reason VARCHAR, text VARCHAR)")


def _read(connection: duckdb.DuckDBPyConnection, found: Unpacked, how: Choices, now: str) -> FileReport:
    """Read one file line by line into the tables of its batch."""
    try:
        of = called(known_by(found.first, found.file), found.file, how.name)
        feed, width = resolved(of, found.first, found.file)
        text, numbered = (plain(found, feed), True) if feed.quoted else (found.path, False)
        rows = split(connection, text, feed, width, numbered)
        codes = codes_of(connection, feed, how.stated)
    except (FormatError, OptionError) as error:
        return FileReport(**known(found), state="refused", refused=str(error))
    form = Form(feed, shift=1 if numbered else 0, file=quoted(found.file))
    look_up(connection, form, codes, how.rule)
    connection.execute(
        "INSERT INTO rejected SELECT ?, line, reason, left(raw, 2000) FROM checked WHERE reason IS NOT NULL",
        [found.file],
    )
    connection.execute(f"INSERT INTO kept {select(form, codes, now, how.rule)}")
    counted = connection.execute("SELECT reason, count(*) FROM checked GROUP BY reason ORDER BY 1").fetchall()
    reasons = {reason: count for reason, count in counted if reason is not None}
    unmatched = connection.execute(
        "SELECT code, sum(rows) FROM country_map WHERE iso3 IS NULL AND code <> '' GROUP BY code "
        "ORDER BY 2 DESC, 1"
    ).fetchall()
    return FileReport(
        **known(found),
        feed=feed.name,
        state="loaded",
        rows=rows,
        kept=rows - sum(reasons.values()),
        rejected=reasons,
        unmatched={str(code): int(count) for code, count in unmatched},
    )


def _read_plain(
    connection: duckdb.DuckDBPyConnection,
    files: list[Plain],
    how: Choices,
    now: str,
    place: tuple[Path, Path, str],
) -> tuple[list[FileReport], list[str]]:
    """Read plain files of one data set in one pass, write their rows, and return reports and parts."""
    form = form_of(files)
    if not read(connection, files):
        made = [_read(connection, one.found, how, now) for one in files]
        for one in files:
            one.found.path.unlink(missing_ok=True)
        return made, []
    refused, codes = ontologies(connection, files, how.stated)
    look_up(connection, form, codes, how.rule)
    reports = report(connection, files, form, refused)
    set_aside(connection, files, form)
    for one in files:
        one.found.path.unlink(missing_ok=True)
    folder, work, name = place
    parts = []
    found = connection.execute(
        "SELECT DISTINCT year(day) FROM checked WHERE reason IS NULL ORDER BY 1"
    ).fetchall()
    for (year,) in found:
        part = f"{EVENTS}/feed={form.feed.name}/year={year}/{name}.parquet"
        query = f"{select(form, codes, now, how.rule)} AND year(day) = {year} ORDER BY source, target, date"
        parts.append(_copy(connection, query, folder, work, part))
    return reports, parts


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
