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
from detente.events.unpack import NOT_UTF8, RETURN, Unpacked

if TYPE_CHECKING:
    import duckdb

CHUNK = 1 << 22
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
        spaced: whether fields begin or end with a space.
    """

    found: Unpacked
    feed: Feed
    width: int
    lines: int
    spaced: bool


def plain(found: Unpacked, feed: Feed, width: int | None) -> Plain | None:
    """Return what is known of a file that is plain; ``None`` where it is not."""
    if feed.quoted or feed.separator != TAB:
        return None
    first = found.first.rstrip("\n").count(TAB) + 1
    if first not in (feed.fields or (width or 0,)):
        return None
    lines, spaced = 0, False
    with found.path.open("rb") as stream:
        rest = b""
        while chunk := stream.read(CHUNK):
            chunk = rest + chunk
            end = chunk.rfind(b"\n") + 1
            whole, rest = chunk[:end], chunk[end:]
            if len(rest) > LONGEST or not _even(whole, first - 1):
                return None
            lines += whole.count(b"\n")
            spaced = spaced or any(pair in whole for pair in (b"\t ", b" \t", b"\n ", b" \n"))
    return None if rest else Plain(found, feed, first, lines, spaced or found.first[:1] == " ")


def _even(whole: bytes, tabs: int) -> bool:
    """Tell whether all lines have so many tabs, and nothing that must be looked at line by line."""
    strange = (b"\r", b"\x00", NOT_UTF8.encode(), RETURN, b"\xef\xbb\xbf")
    if any(one in whole for one in strange):
        return False
    bytes_ = np.frombuffer(whole, np.uint8)
    ends, places = np.flatnonzero(bytes_ == 10), np.flatnonzero(bytes_ == 9)
    if len(places) != tabs * len(ends) or not len(ends):
        return not len(bytes_)
    starts = np.concatenate([[-1], ends[:-1]])
    if not tabs:
        return bool((ends - starts > 1).all())
    by_line = places.reshape(-1, tabs)
    return bool((by_line[:, 0] > starts).all() and (by_line[:, -1] < ends).all())


def form_of(files: Sequence[Plain]) -> Form:
    """Return how the fields of plain files are written in SQL, once `read` has read them."""
    feed = files[0].feed
    header = 1 if feed.header else 0
    line = f"checked.rowid - sources.before + {1 + header}"
    return Form(feed, apart=True, spaced=any(one.spaced for one in files), file="sources.file", line=line)


def read(connection: duckdb.DuckDBPyConnection, files: Sequence[Plain]) -> None:
    """Make the table ``checked`` of plain files of one data set and width, and ``sources`` with their names.

    Rows stand in the order of the files and of their lines, so that the number of a row gives its line.
    """
    feed, width, form = files[0].feed, files[0].width, form_of(files)
    header = 1 if feed.header else 0
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(width))
    paths = ", ".join(quoted(str(one.found.path)) for one in files)
    source = (
        f"read_csv([{paths}], delim = '\t', quote = '', escape = '', header = false, auto_detect = false, "
        f"columns = {{{columns}}}, max_line_size = {LONGEST}, null_padding = false, strict_mode = true, "
        f"new_line = '\\n', filename = true, skip = {header})"
    )
    _sources(connection, files, header)
    left = {feed.date[0], feed.take["code"]}
    kept = [f"c{place}" for place in form.places() if place not in left]
    connection.execute("DROP TABLE IF EXISTS checked")
    connection.execute(
        f"""CREATE TEMP TABLE checked AS
        SELECT number, day, code, CASE {wrong(feed)} END AS reason, {", ".join(kept)}
        FROM (SELECT filename, {form.day()} AS day, {form.code()} AS code, {", ".join(kept)} FROM {source}) AS rows
        JOIN sources USING (filename)"""
    )


def _sources(connection: duckdb.DuckDBPyConnection, files: Sequence[Plain], header: int) -> None:
    """Make the table of files: number, path, name, and how many rows stand before its first."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE sources (number SMALLINT, filename VARCHAR, file VARCHAR, before BIGINT)"
    )
    before = accumulate((one.lines - header for one in files), initial=0)
    connection.executemany(
        "INSERT INTO sources VALUES (?, ?, ?, ?)",
        [
            [number, str(one.found.path), one.found.file, start]
            for number, (one, start) in enumerate(zip(files, before, strict=False))
        ],
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
    for number in range(len(files)):
        try:
            said = agreed(codes.get(number, ()), feed, stated)
        except OptionError as error:
            refused[number] = str(error)
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
    for number, one in enumerate(files):
        if number in refused:
            made.append(FileReport(**known(one.found), state="refused", refused=refused[number]))
            continue
        lines = one.lines - (1 if one.feed.header else 0)
        rejected = reasons.get(number, {})
        made.append(
            FileReport(
                **known(one.found),
                feed=one.feed.name,
                state="loaded",
                rows=lines,
                kept=lines - sum(rejected.values()),
                rejected=rejected,
                unmatched=unmatched.get(number, {}),
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
    for number, wanted in found.items():
        with files[number].found.path.open(encoding="utf-8", newline="\n") as stream:
            for line, text in enumerate(stream, 1):
                if line in wanted:
                    rows.append([files[number].found.file, line, wanted[line], text.rstrip("\n")[:2000]])
    if rows:
        connection.executemany("INSERT INTO rejected VALUES (?, ?, ?, ?)", rows)
