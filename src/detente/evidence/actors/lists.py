"""Which names and role nouns are known? The lists, read once, by their first word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import NamedTuple, TypeVar

from detente.case.countries import ALPHA_3, country_names
from detente.evidence.grammar import plurals
from detente.evidence.lists import rows, table, toml
from detente.evidence.table import WORD

LISTED = date(2025, 6, 30)  # until when the offices are known to hold; an open end says nothing of later days
Value = TypeVar("Value")
SECTORS: dict[str, str] = toml("actors")["sectors"]


class Entry(NamedTuple):
    """What a name may mean."""

    kind: str  # `country`, `demonym`, `seat`, `city`, `office`, `organisation`, `place`, `person`
    code: str
    name: str
    source: str
    type: str = ""
    claims: tuple[str, ...] = ()  # of a contested place: the states that hold or claim it


class Office(NamedTuple):
    """An office that somebody held, from ``start`` until the day before ``end``."""

    name: str
    office: str
    code: str
    sector: str
    start: date
    end: date | None

    def on(self, day: date) -> bool:
        """Tell whether it was held on a day."""
        return self.start <= day and (self.end is None or day < self.end)


class Known(NamedTuple):
    """Names and role nouns by their first word, the longest first."""

    names: dict[str, list[tuple[tuple[str, ...], list[Entry]]]]
    roles: dict[str, list[tuple[tuple[str, ...], str]]]
    offices: dict[str, list[Office]]
    by_country: dict[str, list[Office]]


@cache
def known() -> Known:
    """Return all lists."""
    entries: dict[tuple[str, ...], list[Entry]] = {}
    for name, entry in _entries():
        held = entries.setdefault((*WORD.findall(name),), [])
        if all(other.code != entry.code or other.name != entry.name for other in held):
            held.append(entry)
    roles: dict[tuple[str, ...], str] = {}
    for (line,) in rows("sectors"):
        sector, _, nouns = line.partition(": ")
        for form in (form for noun in nouns.split(", ") for form in plurals(noun)):
            roles.setdefault((*WORD.findall(form.lower()),), sector)
    found = Known(_by_first(entries), _by_first(roles), {}, {})
    for row in table("offices"):
        start, end = date.fromisoformat(row["start"]), date.fromisoformat(row["end"]) if row["end"] else None
        office = Office(row["name"], row["office"], row["country"], row["sector"], start, end)
        found.offices.setdefault(office.name, []).append(office)
        found.by_country.setdefault(office.code, []).append(office)
    return found


def _by_first(listed: dict[tuple[str, ...], Value]) -> dict[str, list[tuple[tuple[str, ...], Value]]]:
    found: dict[str, list[tuple[tuple[str, ...], Value]]] = {}
    for key in sorted(listed, key=len, reverse=True):
        found.setdefault(key[0], []).append((key, listed[key]))
    return found


def _entries() -> Iterator[tuple[str, Entry]]:
    for code in (*sorted(ALPHA_3), "XKX"):
        names = country_names(code)
        for name in (*names, *(("US", "USA") if code == "USA" else ())):
            yield name, Entry("country", code, names[0], "ISO 3166-1")
    for number, row in enumerate(table("countries"), 2):
        name = (country_names(row["iso3"]) or (row["iso3"],))[0]
        for column, kind in (("demonyms", "demonym"), ("seats", "seat"), ("cities", "city")):
            for form in _split(row[column]):
                yield form, Entry(kind, row["iso3"], name, f"countries.csv:{number}")
    yield "Georgia", Entry("city", "USA", "Georgia (US state)", "a state of the USA")
    yield "Brussels", Entry("organisation", "EU", "European Union", "its seat", "organisation")
    yield "Brussels", Entry("seat", "BEL", "Belgium", "its capital")
    for form in _split(toml("actors")["not_names"]):
        yield form, Entry("none", "", form, "")
    for file, kind, column in (("seats", "office", "name"), ("organisations", "organisation", "names")):
        for number, row in enumerate(table(file), 2):
            forms = _split(row[column])
            entry = Entry(kind, row["code"], forms[0], f"{file}.csv:{number}", row["type"])
            yield from ((form, entry) for form in forms)
            yield from (("The" + form[3:], entry) for form in forms if form.startswith("the "))
    for number, row in enumerate(table("places"), 2):
        forms, claims = _split(row["name"]), (*_split(row["claims"]),)
        entry = Entry("place", forms[0], forms[0], f"places.csv:{number}", "place", claims)
        yield from ((form, entry) for form in forms)
    for number, row in enumerate(table("offices"), 2):
        entry = Entry("person", row["name"], row["name"], f"offices.csv:{number}", "person")
        yield from ((form, entry) for form in (row["name"], *_split(row["aliases"])))


def _split(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]
