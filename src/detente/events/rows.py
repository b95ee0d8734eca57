"""What are the rows of a file, and which are wrong? The SQL that splits, checks and looks up one file.

The table ``checked`` has each line with its fields, day and code, and the reason why it is set aside;
``country_map`` and ``code_map`` have the countries and acts that occur; the query of `select` joins all three.
A file is split line by line here; where all lines are sound, `detente.events.bulk` does that faster.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import OptionError
from detente.events import ontology
from detente.events.feeds import TAB, Feed
from detente.events.states import country
from detente.events.store import COLUMNS, quoted
from detente.events.unpack import NOT_UTF8, Unpacked

if TYPE_CHECKING:
    import duckdb

EARLIEST = "1900-01-01"
SAMPLE = 50_000
"""Rows whose codes must prove an ontology that the data set does not state."""


def plain(found: Unpacked, feed: Feed) -> Path:
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


def split(
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
    form = Form(feed, shift)
    connection.execute(
        f"""
        CREATE TEMP TABLE checked AS
        WITH lines AS (
            SELECT row_number() OVER () AS number, rtrim(raw, chr(13)) AS raw FROM {source}
        ), fields AS (
            SELECT number, raw, string_split(raw, {quoted(separator)}) AS f FROM lines
            WHERE raw IS NOT NULL AND trim(raw) <> '' {"AND number > 1" if feed.header else ""}
        ), dated AS (
            SELECT {line} AS line, raw, f, {form.day()} AS day, {form.code()} AS code,
                   len(f) IN ({", ".join(map(str, counts))}) AS whole
            FROM fields
        )
        SELECT line, raw, f, day, code, CASE
            WHEN starts_with(raw, {quoted(NOT_UTF8)}) THEN 'is not UTF-8'
            WHEN NOT whole THEN 'has a wrong number of fields'
            {wrong(feed)}
            END AS reason
        FROM dated
        """
    )
    counted = connection.execute("SELECT count(*) FROM checked").fetchone()
    return int(counted[0]) if counted else 0


def wrong(feed: Feed) -> str:
    """Return the cases of SQL that say what is wrong with a row's day or code."""
    latest = (datetime.now(UTC) + timedelta(days=1)).date()
    pattern = {"plover": "[A-Za-z]+", "ucdp": "[A-Za-z0-9]+"}.get(feed.ontology, "[0-9]{1,4}")
    return (
        "WHEN day IS NULL THEN 'has no date that can be read' "
        f"WHEN day < DATE '{EARLIEST}' OR day > DATE '{latest}' THEN 'has a date that cannot be' "
        f"WHEN code IS NULL OR NOT regexp_full_match(code, '{pattern}') THEN 'has no code that can be read'"
    )


@dataclass(frozen=True, slots=True)
class Form:
    """How the fields of ``checked`` are written in SQL: as places of a list, or each as a column.

    Attributes:
        feed: whose rows they are.
        shift: by how many places a list is longer at its beginning.
        apart: whether each field is a column.
        spaced: whether fields may begin or end with a space.
        file: SQL of the name of the file.
        line: SQL of the number of the line.
    """

    feed: Feed
    shift: int = 0
    apart: bool = False
    spaced: bool = True
    file: str = "''"
    line: str = "line"

    def field(self, place: int | str, *, missing: str | None = None) -> str:
        """Return a field, NULL where it is empty or says that it is."""
        plain = f"c{place}" if self.apart else f"f[{int(place) + self.shift + 1}]"
        plain = f"nullif(trim({plain}), '')" if self.spaced else plain
        nothing = self.feed.missing if missing is None else missing
        return f"nullif({plain}, {quoted(nothing)})" if nothing else plain

    def day(self) -> str:
        """Return the day of the event."""
        forms = ", ".join(quoted(form) for form in self.feed.date[1])
        return f"CAST(try_strptime({self.field(self.feed.date[0])}, [{forms}]) AS DATE)"

    def code(self) -> str:
        """Return the code of the act."""
        return self.field(self.feed.take["code"])

    def added(self) -> str:
        """Return when the data set found the event."""
        if self.feed.added is None:
            return "NULL"
        forms = ", ".join(quoted(form) for form in self.feed.added[1])
        return f"try_strptime({self.field(self.feed.added[0])}, [{forms}])"

    def country(self, side: str) -> str | None:
        """Return the country of an actor as coded, if there is a field: its first three letters, or all of it."""
        place = self.feed.take.get(f"{side}_country")
        if place is None:
            return None
        whole = self.field(place)
        if self.feed.countries == "cameo":
            return f"left({whole}, 3)"
        if self.feed.countries == "party":  # 'Government of Syria', 'Government of Russia (Soviet Union)'
            return f"nullif(regexp_extract({whole}, '^Government of (.+?)(?: \\(.*\\))?$', 1), '')"
        return whole

    def places(self) -> Iterator[int]:
        """Yield the places of all fields that are read, in order."""
        own = [*self.feed.take.values(), self.feed.score, self.feed.quad]
        own += [] if self.feed.added is None else [self.feed.added[0]]
        yield from sorted({int(place) for place in (self.feed.date[0], *own) if place is not None})


def codes_of(connection: duckdb.DuckDBPyConnection, feed: Feed, stated: str | None) -> str:
    """Return the ontology of a file's codes: of its data set, as stated, or as the codes prove.

    Raises:
        OptionError: they prove another one, or none and none is stated.
    """
    if feed.ontology in ("plover", "ucdp"):
        return feed.ontology
    found = connection.execute(
        f"SELECT DISTINCT code FROM checked WHERE reason IS NULL LIMIT {SAMPLE}"
    ).fetchall()
    return agreed([code for (code,) in found], feed, stated)


def agreed(codes: Iterable[str], feed: Feed, stated: str | None) -> str:
    """Return the ontology of codes of CAMEO or WEIS.

    Raises:
        OptionError: they prove another one than is stated, or none and none is stated.
    """
    proven, said = ontology.detected(codes), stated or feed.ontology
    if proven and said and proven != said:
        raise OptionError(f"its codes are of {proven.upper()}, not of {said.upper()}")
    if not (proven or said):
        raise OptionError("its codes fit CAMEO and WEIS; say which with --ontology")
    return proven or said


def look_up(connection: duckdb.DuckDBPyConnection, form: Form, of: str, rule: str) -> None:
    """Make tables of the codes that occur: country, and class, root and score of the act."""
    feed = form.feed
    sides = [
        f"SELECT {coded} AS code, count(*) AS rows FROM checked WHERE reason IS NULL GROUP BY 1"
        for side in ("source", "target")
        if (coded := form.country(side)) is not None
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


def select(form: Form, of: str, now: str, rule: str) -> str:
    """Return the query of the sound rows of ``checked`` as the columns of the store."""
    feed = form.feed

    def take(column: str) -> str:
        place = feed.take.get(column)
        return "NULL" if place is None else form.field(place)

    coded = {side: form.country(side) for side in ("source", "target")}
    sides = {side: "(SELECT NULL)" if code is None else f"{side}_map.iso3" for side, code in coded.items()}
    joins = " JOIN sources USING (number)" if form.apart else ""
    joins += "".join(
        f" LEFT JOIN country_map AS {side}_map ON {side}_map.code = {code}"
        for side, code in coded.items()
        if code is not None
    )
    given = "NULL" if feed.score is None else f"try_cast({form.field(feed.score)} AS DOUBLE)"
    stated = "NULL" if feed.quad is None else f"try_cast({form.field(feed.quad, missing='')} AS TINYINT)"
    values = {
        "feed": quoted(feed.name),
        "file": form.file,
        "line": form.line,
        "loaded_at": f"TIMESTAMP {quoted(now)}",
        "event_id": take("event_id"),
        "date": "checked.day",
        "added": form.added(),
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
        "quad_rule": quoted(rule),
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
