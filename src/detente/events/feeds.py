"""What does a row of each data set say? One table of feeds: how a file is known, and where in a row things stand.

Fields are written as in the codebooks, counted from 0. A file that is none of these is refused with what was seen.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from detente.errors import FormatError, Problem

TAB, COMMA = "\t", ","
UNNAMED = ("tidy", "keds")
"""Forms of a row in which many data sets come."""


@dataclass(frozen=True, slots=True)
class Feed:
    """How the rows of one data set are read.

    Attributes:
        name: of the data set.
        title: in words, with where it comes from.
        fields: how many a row has; as many as the header where empty.
        ontology: of its codes; empty where the codes of a file must prove it.
        separator: of the fields.
        quoted: whether fields may stand in quotes.
        header: the first line, up to where files of the data set agree; empty where they have none.
        marks: headings that the first line has besides.
        date: field with the day, and the forms in which it is written; a field is a place or a heading.
        added: field with the time at which it was found, and its forms; none where it has none.
        take: column of the store → field; what is missing stays empty.
        countries: system of the codes of the country fields; ``party`` stands for "Government of …".
        missing: what stands for nothing.
        score_table: whose scores the field ``score`` holds.
        together: first and last of fields that are looked up as one, since few combinations of them occur.
        encoding: of lines that are not UTF-8; empty where such lines are set aside.
        columns: headings of files that come without them, in their order.
    """

    name: str
    title: str
    fields: tuple[int, ...]
    ontology: str
    date: tuple[int | str, tuple[str, ...]]
    take: Mapping[str, int | str]
    countries: str
    separator: str = TAB
    quoted: bool = False
    header: str = ""
    marks: tuple[str, ...] = ()
    added: tuple[int, tuple[str, ...]] | None = None
    missing: str = ""
    score_table: str = ""
    score: int | str | None = None
    quad: int | None = None
    together: tuple[tuple[int, int], ...] = ()
    encoding: str = ""
    columns: tuple[str, ...] = ()


GDELT2 = Feed(
    name="gdelt2",
    title="GDELT 2.0 events (gdeltproject.org)",
    fields=(61,),
    ontology="cameo",
    date=(1, ("%Y%m%d",)),
    added=(59, ("%Y%m%d%H%M%S",)),
    take={
        "event_id": 0,
        "source_raw": 5,
        "source_name": 6,
        "source_country": 7,
        "source_sector": 12,
        "target_raw": 15,
        "target_name": 16,
        "target_country": 17,
        "target_sector": 22,
        "code": 26,
        "mentions": 31,
        "place": 52,
        "place_country": 53,
        "url": 60,
    },
    countries="cameo",
    score_table="gdelt",
    score=30,
    quad=29,
    together=((5, 12), (15, 22), (26, 31), (52, 53), (59, 60)),
)


def _bare(source: str | int, target: str | int, code: str | int) -> dict[str, str | int]:
    """Return the columns of a data set that says no more of the two than what they are coded as."""
    return {
        "source_raw": source,
        "source_country": source,
        "target_raw": target,
        "target_country": target,
        "code": code,
    }


_ICEWS = (
    "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity"
)
_POLECAT = "Event ID\tEvent Date\tEvent Type\tEvent Mode\t"
ALSO = {"Intensity": "Event Intensity"}
"""Heading → what it is called in other releases of the same data set."""
GED_COLUMNS = """
id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name dyad_dset_id
dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b number_of_sources
source_article source_office source_date source_headline source_original where_prec where_coordinates
where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id region event_clarity
date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high low gwnoa gwnob
"""
"""Of the codebook of GED 24.1."""
SURPLUS = "Headline"
"""Heading of some weekly files of POLECAT, under which their rows have nothing: not even a tab."""

FEEDS: dict[str, Feed] = {
    one.name: one
    for one in (
        GDELT2,
        replace(
            GDELT2,
            name="gdelt1",
            title="GDELT 1.0 events (gdeltproject.org)",
            fields=(57, 58),
            added=(56, ("%Y%m%d",)),
            take={**GDELT2.take, "place": 50, "place_country": 51, "url": 57},
            together=(*GDELT2.together[:3], (50, 51)),
        ),
        Feed(
            name="icews",
            title="ICEWS coded events (doi:10.7910/DVN/28075)",
            fields=(20,),
            ontology="cameo",
            header=_ICEWS,
            date=(1, ("%Y-%m-%d", "%m/%d/%Y")),
            take={
                "event_id": 0,
                "source_raw": 2,
                "source_name": 2,
                "source_sector": 3,
                "source_country": 4,
                "code": 6,
                "target_raw": 8,
                "target_name": 8,
                "target_sector": 9,
                "target_country": 10,
                "place": 14,
                "place_country": 17,
            },
            countries="name",
            missing="NA",
            score_table="icews",
            score=7,
        ),
        Feed(
            name="polecat",
            title="POLECAT (doi:10.7910/DVN/AJGVIT)",
            fields=(),
            ontology="plover",
            header=_POLECAT,
            date=("Event Date", ("%Y-%m-%d", "%m/%d/%Y")),
            take={
                "event_id": "Event ID",
                "code": "Event Type",
                "source_raw": "Actor Name Raw",
                "source_name": "Actor Name",
                "source_country": "Actor Country",
                "source_sector": "Primary Actor Sector",
                "target_raw": "Recipient Name Raw",
                "target_name": "Recipient Name",
                "target_country": "Recipient Country",
                "target_sector": "Primary Recipient Sector",
                "place": "Placename",
                "place_country": "Country",
            },
            countries="iso3",
            missing="None",
            score_table="polecat",
            score="Intensity",
            encoding="cp1252",
        ),
        Feed(
            name="ged",
            title="UCDP Georeferenced Event Dataset (ucdp.uu.se)",
            fields=(),
            ontology="ucdp",
            separator=COMMA,
            quoted=True,
            header="id,",
            marks=("type_of_violence", "date_start"),
            date=("date_start", ("%Y-%m-%d %H:%M:%S.%g", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%m/%d/%Y")),
            take={
                "event_id": "id",
                "code": "type_of_violence",
                "source_raw": "side_a",
                "source_name": "side_a",
                "source_country": "side_a",
                "target_raw": "side_b",
                "target_name": "side_b",
                "target_country": "side_b",
                "place": "where_description",
                "place_country": "country",
            },
            countries="party",
            columns=tuple(GED_COLUMNS.split()),
        ),
        Feed(
            name="acd",
            title="UCDP/PRIO Armed Conflict Dataset, a row per conflict and year, which stands on its first day",
            fields=(),
            ontology="ucdp",
            separator=COMMA,
            quoted=True,
            header="conflict_id,",
            marks=("type_of_conflict", "gwno_a"),
            date=("year", ("%Y", "%Y.0")),
            take={"event_id": "conflict_id", **_bare("gwno_a", "gwno_b", "type_of_conflict")},
            countries="gw",
        ),
        Feed(
            name="keds",
            title="KEDS and TABARI rows: date, source, target, code, label, quote",
            fields=(4, 5, 6),
            ontology="",
            date=(0, ("%Y-%m-%d", "%y%m%d")),
            take=_bare(1, 2, 3),
            countries="cameo",
        ),
        Feed(
            name="tidy",
            title="a table with the columns date, source, target, code and any others",
            fields=(),
            ontology="",
            separator=COMMA,
            quoted=True,
            header="date,source,target,code",
            date=("date", ("%Y-%m-%d",)),
            take=_bare("source", "target", "code"),
            countries="cameo",
        ),
    )
}


def known_by(first: str, file: str) -> Feed:
    """Return the feed of a file, by its first line.

    Raises:
        FormatError: it is none; with what was seen.
    """
    line = first.removeprefix("\ufeff").rstrip("\r\n")
    bare = line.replace('"', "")
    for one in FEEDS.values():
        if one.header and bare.startswith(one.header) and all(mark in line for mark in one.marks):
            return one
    for one in FEEDS.values():
        if one.columns and _is_row(line, one):
            return replace(one, header="")
    parts = line.split(TAB)
    for one in FEEDS.values():
        if not one.header and len(parts) in one.fields and parts[_place(one)].strip()[:1].isdecimal():
            return one
    known = "; ".join(one.title for one in FEEDS.values())
    told = f"is no event data that is known: its first line has {len(parts)} fields between tabs"
    raise FormatError([Problem(told, value=line[:60], hint=f"known are {known}", file=file, line=1)])


def _is_row(line: str, of: Feed) -> bool:
    """Tell whether a line is one of a data set whose headings are left out: as long, a day where it has one."""
    try:
        cells = next(csv.reader([line], delimiter=of.separator), [])
    except csv.Error:
        return False
    if len(cells) != len(of.columns):
        return False
    day = cells[of.columns.index(str(of.date[0]))]
    return cells[0].isdecimal() and re.match(r"\d{4}-\d\d-\d\d|\d+/\d+/\d{4}", day) is not None


def called(of: Feed, file: str, name: str | None) -> Feed:
    """Return a feed under the name of its data set: as asked, or after the file where rows do not say."""
    own = name or (file.partition(".")[0] if of.name in UNNAMED else of.name)
    return (
        of
        if own == of.name
        else replace(of, name=re.sub(r"[^a-z0-9_-]+", "-", own.casefold()).strip("-") or of.name)
    )


def _place(of: Feed) -> int:
    return of.date[0] if isinstance(of.date[0], int) else 0


def resolved(of: Feed, first: str, file: str) -> tuple[Feed, int | None]:
    """Return a feed with the names of its header as places, and how many fields a row then has.

    Raises:
        FormatError: the header lacks columns; all of them.
    """
    if of.fields:
        return of, None
    line = first.removeprefix("\ufeff").rstrip("\r\n")
    headed = of.header or not of.columns
    heads = [head.strip().strip('"') for head in line.split(of.separator)] if headed else list(of.columns)
    heads = [next((own for own, other in ALSO.items() if other == head), head) for head in heads]
    wanted = [of.date[0], *of.take.values(), *([] if of.score is None else [of.score])]
    missing = [name for name in dict.fromkeys(wanted) if isinstance(name, str) and name not in heads]
    if missing:
        told = f"lacks the columns {', '.join(missing)}"
        raise FormatError([Problem(told, hint=f"{of.title}", file=file, line=1)])

    def place(name: int | str) -> int:
        return name if isinstance(name, int) else heads.index(name)

    made = replace(
        of,
        date=(place(of.date[0]), of.date[1]),
        take={column: place(name) for column, name in of.take.items()},
        score=None if of.score is None else place(of.score),
    )
    if SURPLUS in heads and heads.index(SURPLUS) > max(int(one) for one in made.take.values()):
        made = replace(made, fields=(len(heads) - 1, len(heads)))
    return made, len(heads)
