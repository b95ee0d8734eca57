"""How do files get into a store? Every row is kept or set aside with its reason; a batch counts whole or not.

1. Unpack the files of a batch, the next while the last is read; a file that was loaded before is left out.
2. Read each line as text, split it, and find what is wrong with it: number of fields, bytes, date, code.
3. Look up countries, classes and scores of the codes that occur, once each.
4. Write the rows, sorted by dyad and day, into a working folder; move the parts into place; name them in the
   manifest. Until that last line is on the disk nothing of the batch counts.
"""

from __future__ import annotations

import csv
import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from detente.errors import DetenteError, FormatError, OptionError
from detente.events import ontology
from detente.events.feeds import TAB, Feed, called, known_by, resolved
from detente.events.states import country
from detente.events.store import COLUMNS, EVENTS, QUARANTINE, WORK, Store, connect, quoted
from detente.events.unpack import NOT_UTF8, Unpacked, files_of, unpack
from detente.show.record import Published, Record
from detente.show.table import Table, table_of

if TYPE_CHECKING:
    import duckdb

BATCH_BYTES = 400_000_000
BATCH_FILES = 500
EARLIEST = "1900-01-01"
SAMPLE = 50_000
"""Rows whose codes must prove an ontology that the data set does not state."""
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
        text, numbered = (_plain(found, feed), True) if feed.quoted else (found.path, False)
        rows = _split(connection, text, feed, width, numbered)
        codes = _codes(connection, feed, stated)
    except (FormatError, OptionError) as error:
        return FileReport(
            file=found.file,
            md5=found.md5,
            content=found.content,
            size=found.size,
            state="refused",
            refused=str(error),
        )
    _look_up(connection, feed, codes, rule)
    connection.execute(
        "INSERT INTO rejected SELECT ?, line, reason, left(raw, 2000) FROM checked WHERE reason IS NOT NULL",
        [found.file],
    )
    connection.execute(f"INSERT INTO kept {_select(feed, codes)}", [found.file, now, rule])
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


def _plain(found: Unpacked, feed: Feed) -> Path:
    """Return a file with quoted fields as lines of fields between tabs, the number of its line before them."""
    plain = found.path.with_suffix(".plain")
    with (
        found.path.open(encoding="utf-8", newline="") as read,
        plain.open("w", encoding="utf-8", newline="\n") as out,
    ):
        reader = csv.reader(read, delimiter=feed.separator)
        for row in reader:
            cells = [" ".join(cell.split()) for cell in row]
            out.write(TAB.join([str(reader.line_num), *cells]) + "\n")
    plain.replace(found.path)
    return found.path


def _split(
    connection: duckdb.DuckDBPyConnection, text: Path, feed: Feed, width: int | None, numbered: bool
) -> int:
    """Make the table ``checked`` of a file: number, text and fields of each line, and what is wrong with it."""
    shift = 1 if numbered else 0
    counts = [count + shift for count in (feed.fields or (width or 0,))]
    connection.execute("DROP TABLE IF EXISTS checked")
    source = (
        f"read_csv({quoted(str(text))}, delim = '\x1f', quote = '', escape = '', header = false, "
        "columns = {'raw': 'VARCHAR'}, auto_detect = false, max_line_size = 20000000, "
        "null_padding = true, strict_mode = false, new_line = '\\n')"
    )
    separator = TAB if numbered else feed.separator
    line = "try_cast(f[1] AS BIGINT)" if numbered else "number"
    forms = feed.date[1]
    day = _field(int(feed.date[0]), shift, feed.missing)
    listed = ", ".join(quoted(form) for form in forms)
    code = _field(int(feed.take["code"]), shift, feed.missing)
    latest = (datetime.now(UTC) + timedelta(days=1)).date()
    pattern = "[A-Za-z]+" if feed.ontology == "plover" else "[0-9]{1,4}"
    connection.execute(
        f"""
        CREATE TEMP TABLE checked AS
        WITH lines AS (
            SELECT row_number() OVER () AS number, rtrim(raw, chr(13)) AS raw FROM {source}
        ), fields AS (
            SELECT number, raw, string_split(raw, {quoted(separator)}) AS f FROM lines
            WHERE raw IS NOT NULL AND trim(raw) <> '' {"AND number > 1" if feed.header else ""}
        ), dated AS (
            SELECT {line} AS line, raw, f, CAST(try_strptime({day}, [{listed}]) AS DATE) AS day, {code} AS code,
                   len(f) IN ({", ".join(map(str, counts))}) AS whole
            FROM fields
        )
        SELECT line, raw, f, day, code, CASE
            WHEN starts_with(raw, {quoted(NOT_UTF8)}) THEN 'is not UTF-8'
            WHEN NOT whole THEN 'has a wrong number of fields'
            WHEN day IS NULL THEN 'has no date that can be read'
            WHEN day < DATE '{EARLIEST}' OR day > DATE '{latest}' THEN 'has a date that cannot be'
            WHEN code IS NULL OR NOT regexp_full_match(code, '{pattern}') THEN 'has no code that can be read'
            END AS reason
        FROM dated
        """
    )
    counted = connection.execute("SELECT count(*) FROM checked").fetchone()
    return int(counted[0]) if counted else 0


def _field(place: int, shift: int, missing: str) -> str:
    """Return a field of the split line as SQL, NULL where it is empty or says that it is."""
    plain = f"nullif(trim(f[{place + shift + 1}]), '')"
    return f"nullif({plain}, {quoted(missing)})" if missing else plain


def _codes(connection: duckdb.DuckDBPyConnection, feed: Feed, stated: str | None) -> str:
    """Return the ontology of a file's codes: of its data set, as stated, or as the codes prove.

    Raises:
        OptionError: they prove another one, or none and none is stated.
    """
    if feed.ontology in ("plover", "ucdp"):
        return feed.ontology
    found = connection.execute(
        f"SELECT DISTINCT code FROM checked WHERE reason IS NULL LIMIT {SAMPLE}"
    ).fetchall()
    proven = ontology.detected(code for (code,) in found)
    said = stated or feed.ontology
    if proven and said and proven != said:
        raise OptionError(f"its codes are of {proven.upper()}, not of {said.upper()}")
    if not (proven or said):
        raise OptionError("its codes fit CAMEO and WEIS; say which with --ontology")
    return proven or said


def _look_up(connection: duckdb.DuckDBPyConnection, feed: Feed, of: str, rule: str) -> None:
    """Make tables of the codes that occur: country, and class, root and score of the act."""
    shift = 1 if feed.quoted else 0
    sides = [
        f"SELECT {_country(int(place), shift, feed)} AS code, count(*) AS rows FROM checked "
        "WHERE reason IS NULL GROUP BY 1"
        for side in ("source", "target")
        if (place := feed.take.get(f"{side}_country")) is not None
    ]
    connection.execute("CREATE OR REPLACE TEMP TABLE country_map (code VARCHAR, iso3 VARCHAR, rows BIGINT)")
    found = connection.execute(
        f"SELECT code, sum(rows) FROM ({' UNION ALL '.join(sides)}) WHERE code IS NOT NULL GROUP BY 1"
    ).fetchall()
    system = "name" if feed.countries == "party" else feed.countries
    mapped = [(code, country(code, system), rows) for code, rows in found]
    if mapped:
        connection.executemany("INSERT INTO country_map VALUES (?, ?, ?)", mapped)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE code_map "
        "(code VARCHAR, root VARCHAR, quad TINYINT, score DOUBLE, score_table VARCHAR)"
    )
    acts = connection.execute("SELECT DISTINCT code FROM checked WHERE reason IS NULL").fetchall()
    table = ontology.DEFAULT_TABLE.get(of)
    rows = []
    for (code,) in acts:
        score, own = ontology.score(code, table) if table else (None, True)
        name = None if score is None else f"{table}{'' if own else '^'}"
        root = code[:2] if code.isdecimal() else code
        rows.append((code, root, None if of == "ucdp" else ontology.quad(code, of, rule), score, name))
    if of == "ucdp":
        rows = [(code, root, 4, score, name) for code, root, _, score, name in rows]
    if rows:
        connection.executemany("INSERT INTO code_map VALUES (?, ?, ?, ?, ?)", rows)


def _country(place: int, shift: int, feed: Feed) -> str:
    """Return the country of an actor as coded: the first block of three letters, or the field."""
    whole = _field(place, shift, feed.missing)
    if feed.countries == "cameo":
        return f"left({whole}, 3)"
    if feed.countries == "party":  # 'Government of Syria'
        return f"nullif(regexp_extract({whole}, '^Government of (.+)$', 1), '')"
    return whole


def _select(feed: Feed, of: str) -> str:
    """Return the query of a file's rows as the columns of the store; asks for file, time and rule."""
    shift = 1 if feed.quoted else 0

    def take(column: str) -> str:
        place = feed.take.get(column)
        return "NULL" if place is None else _field(int(place), shift, feed.missing)

    sides = {
        side: "(SELECT NULL)" if feed.take.get(f"{side}_country") is None else f"{side}_map.iso3"
        for side in ("source", "target")
    }
    joins = "".join(
        f" LEFT JOIN country_map AS {side}_map ON {side}_map.code = "
        f"{_country(int(feed.take[f'{side}_country']), shift, feed)}"
        for side in ("source", "target")
        if feed.take.get(f"{side}_country") is not None
    )
    given = (
        "NULL"
        if feed.score is None
        else f"try_cast({_field(int(feed.score), shift, feed.missing)} AS DOUBLE)"
    )
    stated = "NULL" if feed.quad is None else f"try_cast({_field(feed.quad, shift, '')} AS TINYINT)"
    added = "NULL"
    if feed.added is not None:
        forms = ", ".join(quoted(form) for form in feed.added[1])
        added = f"try_strptime({_field(feed.added[0], shift, feed.missing)}, [{forms}])"
    values = {
        "feed": quoted(feed.name),
        "file": "?",
        "line": "line",
        "loaded_at": "CAST(? AS TIMESTAMP)",
        "event_id": take("event_id"),
        "date": "day",
        "added": added,
        "source": sides["source"],
        "source_raw": take("source_raw"),
        "source_name": take("source_name"),
        "source_sector": take("source_sector"),
        "target": sides["target"],
        "target_raw": take("target_raw"),
        "target_name": take("target_name"),
        "target_sector": take("target_sector"),
        "ontology": quoted(of),
        "code": "checked.code",
        "root": "code_map.root",
        "quad": "code_map.quad",
        "quad_rule": "?",
        "quad_given": stated,
        "score": f"coalesce({given}, code_map.score)",
        "score_table": f"CASE WHEN {given} IS NOT NULL THEN {quoted(feed.score_table)} "
        "ELSE code_map.score_table END",
        "mentions": f"try_cast({take('mentions')} AS INTEGER)",
        "place": take("place"),
        "place_country": take("place_country"),
        "url": take("url"),
    }
    listed = ", ".join(f"{values[name]} AS {name}" for name in COLUMNS)
    return f"SELECT {listed} FROM checked LEFT JOIN code_map USING (code){joins} WHERE reason IS NULL"


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
