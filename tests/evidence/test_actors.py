"""Actors: who is named, and whom a name may mean. All sentences are invented."""

from __future__ import annotations

from datetime import date

import pytest

from detente.evidence import table as pieces
from detente.evidence.actors import actors
from detente.evidence.actors.lists import known
from detente.evidence.acts import events
from detente.evidence.lists import rows, table
from detente.evidence.positions import positions
from detente.evidence.records import Actor, Document, Span

NOVEMBER = date(2024, 11, 7)


def read(text: str, day: date | None = NOVEMBER) -> dict[str, Actor]:
    """Return the actor of each mention by its words (the last one of equal words)."""
    found = actors(Document(id="x", text=text, sha256="0", date=day))
    return {m.of(text): a for a in found for m in a.mentions}


CODES = [  # text, words, code
    ("Kenya's security council met.", "Kenya's security council", "KEN+GOV"),
    ("Peruvian lawmakers balked.", "Peruvian lawmakers", "PER+LEG"),
    ("The president of Iran spoke.", "president of Iran", "IRN+GOV"),
    ("A court in Guyana ruled.", "court in Guyana", "GUY+JUD"),
    ("Turkish armed forces moved.", "Turkish armed forces", "TUR+MIL"),
    ("The Security Council met.", "Security Council", "UN"),
    ("NATO moved.", "NATO", "NATO"),
    ("The Kremlin waits.", "Kremlin", "RUS+GOV"),
    ("The White House waits.", "White House", "USA+GOV"),
    ("Congress alone can lift them.", "Congress", "USA+LEG"),
    ("Kyiv rejects it.", "Kyiv", "UKR+GOV"),
    ("They met in Kyiv.", "Kyiv", "UKR"),
    ("They flew to Kyiv.", "Kyiv", "UKR"),
    ("The Minsk accord failed.", "Minsk", "BLR"),
    ("Brussels hesitates.", "Brussels", "EU"),
    ("The West hesitates.", "The West", "WEST"),
    ("The allies hesitate.", "allies", "ALLIES"),
    ("They hold Crimea.", "Crimea", "Crimea"),
    ("US officials spoke.", "US officials", "USA+GOV"),
]


@pytest.mark.parametrize(("text", "words", "code"), CODES)
def test_a_mention_has_its_likeliest_code(text: str, words: str, code: str) -> None:
    """Country modifiers bind before the lists; capitals act or are places."""
    found = read(text)
    key = words if words in found else words.removeprefix("The ")
    key = key if key in found else f"the {key}"
    assert found.get(key, next(iter(found.values()))).code == code


LEADERS = [  # name, day, code, words of the reason
    ("Trump", NOVEMBER, "USA+ELI", "president-elect"),
    ("Trump", date(2018, 5, 1), "USA+GOV", "president"),
    ("Trump", date(2022, 5, 1), "USA+ELI", "former"),
    ("Biden", NOVEMBER, "USA+GOV", "president"),
    ("Putin", NOVEMBER, "RUS+GOV", "president"),
    ("Putin", date(2009, 7, 6), "RUS+GOV", "prime minister"),
    ("Zelensky", NOVEMBER, "UKR+GOV", "president"),
    ("Medvedev", NOVEMBER, "RUS+GOV", "deputy chairman of the Security Council"),
    ("Medvedev", date(2010, 1, 1), "RUS+GOV", "president"),
    ("Merkel", NOVEMBER, "DEU+ELI", "former"),
]


@pytest.mark.parametrize(("name", "day", "code", "reason"), LEADERS)
def test_an_office_is_that_of_the_day(name: str, day: date, code: str, reason: str) -> None:
    """From its first day until the day before the next begins."""
    best = read(f"{name} spoke.", day)[name].candidates[0]
    assert best.code == code
    assert reason in best.reason


def test_an_open_end_says_nothing_of_days_after_the_list() -> None:
    """The list has a date of its own."""
    late = read("Macron spoke.", date(2031, 1, 1))["Macron"].candidates[0]
    assert "the list ends" in late.reason
    assert late.score < 0.9


def test_without_a_day_all_offices_are_given() -> None:
    """They are said to be undated."""
    found = read("Putin spoke.", None)["Putin"].candidates
    assert len(found) == 4
    assert all("not known" in c.reason for c in found)


def test_former_overrides_the_day() -> None:
    """Whoever is called former is no longer in office."""
    assert read("Former president Joe Biden spoke.")["Joe Biden"].code == "USA+ELI"


def test_a_name_that_the_text_introduces_is_known_later() -> None:
    """By an office before or after it; a bare surname joins."""
    text = (
        "Trade Minister Ana Lobo spoke. Imre Vadas, the Hungarian foreign minister, heard Lobo. Vadas left."
    )
    found = actors(Document(id="x", text=text, sha256="0", date=NOVEMBER))
    people = {a.name: [m.of(text) for m in a.mentions] for a in found if a.type == "person"}
    assert people == {"Ana Lobo": ["Ana Lobo", "Lobo"], "Imre Vadas": ["Imre Vadas", "Vadas"]}
    assert next(a for a in found if a.name == "Imre Vadas").code == "HUN+GOV"


@pytest.mark.parametrize(
    ("role", "code"),
    [
        ("The CEO of Talvia’s sovereign wealth fund", "Ana Lobo"),
        ("The CEO of Kenya’s sovereign wealth fund", "KEN+BUS"),
        ("The chief executive of the fund", "Ana Lobo"),
        ("The spokeswoman for Talvia's port authority", "Ana Lobo"),
        ("An adviser to Peru’s president", "PER+GOV"),
        ("The chief of the mission to Chad", "TCD+GOV"),
    ],
)
def test_a_role_with_a_tail_founds_the_person_who_follows(role: str, code: str) -> None:
    """A bare surname joins as elsewhere."""
    text = f"{role}, Ana Lobo, refused. Lobo left."
    (person,) = (a for a in actors(Document(id="x", text=text, sha256="0")) if a.type == "person")
    assert ([m.of(text) for m in person.mentions], person.code) == (["Ana Lobo", "Lobo"], code)


def test_other_people_of_a_leaders_name_are_not_the_leader() -> None:
    """A forename that the lists do not know makes another person."""
    assert "Trump" not in read("The singer Ann Trump sang for Michael Jordan in New Jersey.")
    assert "Jordan" not in read("The singer Ann Trump sang for Michael Jordan in New Jersey.")


@pytest.mark.parametrize(
    "text", ["They told us to go, and it may be so.", "The turkey was cold and the chad hung."]
)
def test_short_forms_are_read_by_their_capitals(text: str) -> None:
    """us, may, turkey."""
    assert read(text) == {}


def test_a_contested_place_is_a_place_with_claims() -> None:
    """Dictionaries code it to a state: that is a candidate only."""
    actor = read("They hold Crimea.")["Crimea"]
    assert actor.contested
    assert [c.code for c in actor.candidates] == ["Crimea", "UKR", "RUS"]


def test_ambiguity_is_shown() -> None:
    """A capital of two, a state of two."""
    assert [c.code for c in read("Brussels hesitates.")["Brussels"].candidates][:2] == ["EU", "BEL+GOV"]
    assert {c.code for c in read("They met in Georgia.")["Georgia"].candidates} == {"GEO", "USA"}


def test_two_people_of_one_surname_are_told_apart_by_the_text() -> None:
    """The one that is named in full; without one, the day decides."""
    assert read("Hillary Clinton spoke. Clinton left.")["Clinton"].name == "Hillary Clinton"
    assert read("Bush spoke.", date(1990, 1, 1))["Bush"].name == "George H. W. Bush"
    assert read("Bush spoke.", date(2003, 1, 1))["Bush"].name == "George W. Bush"


def test_nothing_is_read_from_furniture() -> None:
    """A menu names nobody."""
    found = actors(Document(id="x", text="Kenya | Peru\nChile waits.", sha256="0", furniture=(Span(0, 12),)))
    assert [a.name for a in found] == ["Chile"]


def test_a_long_document_is_read_in_parts_to_the_same_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom the first part introduces is known in the last; events and positions are the same too."""
    line = "Lobo of Kenya rejects the levy, and Kenyan troops attacked Chad on Friday.\n"
    text = "Trade Minister Ana Lobo spoke.\n" + line * 40

    def everything(name: str) -> list[object]:
        document = Document(id=name, text=text, sha256="0", date=NOVEMBER)
        who = actors(document)
        return [*who, *positions(document), *events(document, who)]

    whole = everything("whole")
    monkeypatch.setattr(pieces, "_PART", 500)
    assert everything("parts") == whole
    assert len(whole) > 80


def test_the_lists_are_whole() -> None:
    """Offices end after they begin; every code is a country or an organisation of ours; nothing stands twice."""
    names = {entry.code for choices in known().names.values() for _, entries in choices for entry in entries}
    for row in table("offices"):
        assert row["country"] in names, row
        assert not row["end"] or row["start"] < row["end"], row
        assert row["sector"] in {row[0].partition(":")[0] for row in rows("sectors")}, row
    assert 100 <= len({row["name"] for row in table("offices")}) <= 300


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("A Moscow-based bank sued Kenya.", ["KEN"]),
        ("The Cuban missile crisis ended.", []),
        ("The US commander in Iraq, General Ana Lobo, left.", ["USA+MIL"]),
    ],
)
def test_seats_of_firms_crises_and_postings_are_nobody(text: str, codes: list[str]) -> None:
    """Where a bank sits, after what a crisis is named, where somebody is posted."""
    assert [actor.code for actor in actors(Document(id="x", text=text, sha256="0"))] == codes
