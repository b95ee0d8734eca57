"""How are many sound files read at once? By DuckDB's own reader of tables, all files of a batch in one pass.

A file is *plain* where every line has as many fields as the data set has, ends in a line feed and is UTF-8, with
nothing in quotes: nearly all are. Such files are split, checked and looked up together. All others go line by line
(`detente.events.rows`), which is slower and says of every line what is wrong; both give the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from detente.errors import OptionError
from detente.events.feeds import TAB, Feed
from detente.events.reports import FileReport, known
from detente.events.rows import Form, agreed, wrong
from detente.events.store import quoted
from detente.events.unpack import NOT_UTF8, Unpacked

if TYPE_CHECKING:
    import duckdb

CHUNK = 1 << 18
TAB_BYTE = 9
STRANGE = (b"\r", b"\x00", NOT_UTF8.encode())
"""What sends a file the slow way: within a line they end it, or mark it as no UTF-8."""
LONGEST = 1 << 20
"""Bytes of the longest line that counts as plain."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A plain file.

    Attributes:
        found: its text.
        feed: by which it is read.
        width: fields of every line.
        lines: how many there are, a header included.
    """

    found: Unpacked
    feed: Feed
    width: int
    lines: int

    @property
    def number(self) -> int:
        """Its number in the batch: the name of the folder in which its text stands."""
        return int(self.found.path.parent.name)


def plain(found: Unpacked, feed: Feed, width: int | None) -> Plain | None:
    """Return what is known of a file that seems plain; ``None`` where it is not.

    Tabs and lines are counted in all, which a line too short and one too long can deceive: `read` then fails.
    """
    if feed.quoted or feed.separator != TAB:
        return None
    first = found.first.rstrip("\n").count(TAB) + 1
    if first not in (feed.fields or (width or 0,)) or found.first.startswith("\ufeff"):
        return None
    lines, tabs, last = 0, 0, b"\n"
    with found.path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            if any(one in chunk for one in STRANGE):
                return None
            lines += chunk.count(b"\n")
            tabs += int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == TAB_BYTE))
            last = chunk[-1:]
    return Plain(found, feed, first, lines) if last == b"\n" and tabs == lines * (first - 1) else None


def form_of(files: Sequence[Plain]) -> Form:
    """Return how the fields of plain files are written in SQL, once `read` has read them."""
    feed = files[0].feed
    header = 1 if feed.header else 0
    line = f"checked.rowid - sources.before + {1 + header}"
    return Form(feed, apart=True, spaced=False, file="sources.file", line=line)


def read(connection: duckdb.DuckDBPyConnection, files: Sequence[Plain]) -> bool:
    """Make the table ``checked`` of plain files of one data set and width, and ``sources`` with their names.

    Fields are without spaces around them, and NULL where they are empty. Each file stands in a folder whose name
    is its number in the batch. Rows stand in the order of the files and of their lines, so that the number of a
    row gives its line.

    Returns:
        Whether it could be done; not where the lines of a file have different numbers of fields after all.
    """
    feed, width = files[0].feed, files[0].width
    from duckdb import InvalidInputException

    form = Form(feed, apart=True)
    header = 1 if feed.header else 0
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(width))
    paths = ", ".join(quoted(one.found.path.as_posix()) for one in files)
    source = (
        f"read_csv([{paths}], delim = '\t', quote = '', escape = '', header = false, auto_detect = false, "
        f"columns = {{{columns}}}, max_line_size = {LONGEST}, null_padding = false, strict_mode = true, "
        f"new_line = '\\n', filename = true, skip = {header})"
    )
    _sources(connection, files, header)
    left = {feed.date[0], feed.take["code"]}
    kept = [place for place in form.places() if place not in left]
    trimmed = ", ".join(f"nullif(trim(c{place}), '') AS c{place}" for place in kept)
    names = ", ".join(f"c{place}" for place in kept)
    connection.execute("DROP TABLE IF EXISTS checked")
    try:
        connection.execute(
            f"""CREATE TEMP TABLE checked AS
        SELECT number, day, code, CASE {wrong(feed)} END AS reason, {names}
        FROM (
            SELECT CAST(split_part(filename, '/', -2) AS INTEGER) AS number, {form.day()} AS day,
                   {form.code()} AS code, {trimmed}
            FROM {source}
        )"""
        )
    except InvalidInputException:
        return False
    return True


def _sources(connection: duckdb.DuckDBPyConnection, files: Sequence[Plain], header: int) -> None:
    """Make the table of files: number in the batch, name, and how many rows stand before its first."""
    connection.execute("CREATE OR REPLACE TEMP TABLE sources (number INTEGER, file VARCHAR, before BIGINT)")
    before = accumulate((one.lines - header for one in files), initial=0)
    connection.executemany(
        "INSERT INTO sources VALUES (?, ?, ?)",
        [[one.number, one.found.file, start] for one, start in zip(files, before, strict=False)],
    )


def ontologies(
    connection: duckdb.DuckDBPyConnection, files: Sequence[Plain], stated: str | None
) -> tuple[dict[int, str], str]:
    """Return number → why a file is refused, and the ontology of the others; rows of the refused are removed."""
    feed = files[0].feed
    if feed.ontology in ("plover", "ucdp"):
        return {}, feed.ontology
    codes: dict[int, list[str]] = {}
    for number, code in connection.execute(
        "SELECT DISTINCT number, code FROM checked WHERE reason IS NULL ORDER BY ALL"
    ).fetchall():
        codes.setdefault(number, []).append(code)
    refused, said = {}, feed.ontology
    for one in files:
        try:
            said = agreed(codes.get(one.number, ()), feed, stated)
        except OptionError as error:
            refused[one.number] = str(error)
    if refused:
        connection.execute(f"DELETE FROM checked WHERE number IN ({', '.join(map(str, refused))})")
    return refused, said


def report(
    connection: duckdb.DuckDBPyConnection, files: Sequence[Plain], form: Form, refused: Mapping[int, str]
) -> list[FileReport]:
    """Return what became of every file, from ``checked`` and ``country_map``."""
    reasons: dict[int, dict[str, int]] = {}
    counted = (
        "SELECT number, reason, count(*) FROM checked WHERE reason IS NOT NULL GROUP BY ALL ORDER BY ALL"
    )
    for number, reason, rows in connection.execute(counted).fetchall():
        reasons.setdefault(number, {})[reason] = rows
    unmatched: dict[int, dict[str, int]] = {}
    sides = " UNION ALL ".join(
        f"SELECT number, {coded} AS code FROM checked WHERE reason IS NULL"
        for side in ("source", "target")
        if (coded := form.country(side)) is not None
    )
    query = (
        f"SELECT number, code, count(*) FROM ({sides}) JOIN country_map USING (code) "
        "WHERE iso3 IS NULL AND code <> '' GROUP BY ALL ORDER BY number, 3 DESC, code"
    )
    for number, code, rows in connection.execute(query).fetchall() if sides else ():
        unmatched.setdefault(number, {})[str(code)] = rows
    made = []
    for one in files:
        if one.number in refused:
            made.append(FileReport(**known(one.found), state="refused", refused=refused[one.number]))
            continue
        lines = one.lines - (1 if one.feed.header else 0)
        rejected = reasons.get(one.number, {})
        made.append(
            FileReport(
                **known(one.found),
                feed=one.feed.name,
                state="loaded",
                rows=lines,
                kept=lines - sum(rejected.values()),
                rejected=rejected,
                unmatched=unmatched.get(one.number, {}),
            )
        )
    return made


def set_aside(connection: duckdb.DuckDBPyConnection, files: Sequence[Plain], form: Form) -> None:
    """Put the rows that were rejected into the table ``rejected``, with the text of their lines."""
    found: dict[int, dict[int, str]] = {}
    query = f"SELECT number, {form.line}, reason FROM checked JOIN sources USING (number) WHERE reason IS NOT NULL"
    for number, line, reason in connection.execute(query).fetchall():
        found.setdefault(number, {})[line] = reason
    rows = []
    for one in files:
        wanted = found.get(one.number)
        if wanted is None:
            continue
        with one.found.path.open(encoding="utf-8", newline="\n") as stream:
            for line, text in enumerate(stream, 1):
                if line in wanted:
                    rows.append([one.found.file, line, wanted[line], text.rstrip("\n")[:2000]])
    if rows:
        connection.executemany("INSERT INTO rejected VALUES (?, ?, ?, ?)", rows)
