"""What are the rows of a file, and which are wrong? The SQL that splits, checks and looks up one file.

The table ``checked`` has each line with its number, fields, day and code, and the reason why it is set aside;
``country_map`` and ``code_map`` have the countries and acts that occur; the query of `select` joins all three.
"""

from __future__ import annotations

import csv
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
    proven = ontology.detected(code for (code,) in found)
    said = stated or feed.ontology
    if proven and said and proven != said:
        raise OptionError(f"its codes are of {proven.upper()}, not of {said.upper()}")
    if not (proven or said):
        raise OptionError("its codes fit CAMEO and WEIS; say which with --ontology")
    return proven or said


def look_up(connection: duckdb.DuckDBPyConnection, feed: Feed, of: str, rule: str) -> None:
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


def select(feed: Feed, of: str) -> str:
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
