"""What leaves the program is what others read: annotations of the W3C, a table, BibTeX and CSL-JSON."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
from datetime import date
from typing import Any

import pytest

from detente.errors import CaseError, OptionError
from detente.evidence.exports import AnnotationPage, as_bibtex, as_csl, as_csv
from detente.evidence.held import Held, changed, interval, wanted
from detente.evidence.records import Span, Statement
from tests.evidence.test_store import TEXT, at, document, every_kind


def held(**fields: Any) -> list[Held]:
    of = document(date=date(2031, 4, 5), **fields)
    kinds = every_kind()
    return [Held(record.id(of), f"{record.record[0]}1", of, record) for record in kinds]


def test_every_record_says_who_what_and_in_which_words() -> None:
    told = {one.record.record: (one.who, one.what, one.words) for one in held()}
    assert told == {
        "statement": ("Envoy Lobo", "indirect, “said”", "the port would reopen"),
        "actor": ("Lobo", "person, Lobo", "Lobo"),
        "date": ("", "month, 2031-05-01 to 2031-05-31", "May 2031"),
        "event": ("Lobo", "agree", "reopen"),
        "conditional": ("", "if", "if … the levy goes … ships will come"),
        "position": ("Farro", "opposes", "the levy goes"),
    }


def test_annotations_have_both_selectors_and_their_words() -> None:
    (first, *rest) = held()
    decided = dataclasses.replace(
        first, state="accepted", by="Ana", at="2031-04-06T10:00:00Z", note="heard it"
    )
    page = AnnotationPage.of([decided, *rest]).to_dict()
    assert (page["@context"], page["type"], len(page["items"])) == (
        "http://www.w3.org/ns/anno.jsonld",
        "AnnotationPage",
        6,
    )
    assert re.fullmatch("urn:sha256:[0-9a-f]{64}", page["id"])
    for item in page["items"]:
        assert item["type"] == "Annotation"
        assert all(body["type"] == "TextualBody" for body in item["body"])
        for target in item["target"]:
            position, quote = target["selector"]
            assert TEXT[position["start"] : position["end"]] == quote["exact"]
    assert page["items"][0]["creator"] == {"type": "Person", "name": "Ana"}
    assert json.loads(page["items"][0]["body"][1]["value"])["state"] == "accepted"


def test_a_table_computes_nothing_in_a_spreadsheet() -> None:
    text = "=cmd|' said Lobo."
    of = document(text)
    record = Statement(kind="direct", cue=(at(text, "said"),), content=(Span(0, 5),))
    (row,) = csv.DictReader(io.StringIO(as_csv([Held("x", "s1", of, record)])))
    assert row["words"] == "'=cmd|"
    assert (row["label"], row["start"], row["end"]) == ("s1", "0", "11")


def test_sources_are_cited_with_what_is_known_of_them() -> None:
    known = document(
        title="Ports & {tolls}", author="Harbour Council", date=date(2031, 4, 5), url="https://x.example/a_b"
    )
    bare = document(name="лобо 2")
    bibtex = as_bibtex([known, bare])
    assert r"title = {Ports \& \{tolls\}}" in bibtex
    assert "author = {{Harbour Council}}" in bibtex
    assert "url = {https://x.example/a_b}" in bibtex
    assert re.findall(r"@(\w+)\{([^,]+),", bibtex) == [("online", "talks"), ("misc", "-----2")]
    first, second = as_csl([known, bare])
    assert first["issued"] == {"date-parts": [[2031, 4, 5]]}
    assert first["author"] == [{"literal": "Harbour Council"}]
    assert second == {"id": "лобо 2", "type": "document", "title": "лобо 2", "language": "en"}


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        ({"who": "LOBO"}, {"statement", "actor", "event"}),
        ({"on": "the levy"}, {"conditional", "position"}),
        ({"when": "2031-04"}, {"statement", "actor", "date", "event", "conditional", "position"}),
        ({"when": "2031-04-06.."}, set()),
        ({"when": "..2031", "who": "farro"}, {"position"}),
        ({"state": "accepted"}, set()),
    ],
)
def test_records_are_found_by_who_on_what_and_when(asked: dict[str, str], kinds: set[str]) -> None:
    takes = wanted(**asked)
    assert {one.record.record for one in held() if takes(one)} == kinds


@pytest.mark.parametrize("told", ["soon", "2031-13", "2031-02-30", "2031..soon"])
def test_a_time_that_cannot_be_read_is_told(told: str) -> None:
    with pytest.raises(OptionError, match="write 2024"):
        interval(told)


def test_a_correction_is_written_in_words_that_stand_in_the_document() -> None:
    one = held()[0]
    fields = changed(one, ["speaker=farro", "negated=yes", "content=", "head=Farro", "kind=direct"])
    farro = at(TEXT, "Farro")
    assert fields == {"speaker": [farro], "negated": True, "content": [], "head": farro, "kind": "direct"}
    with pytest.raises(
        CaseError, match=r"(?s)2 problems.*'colour=red' names no field.*'Nemo' does not stand"
    ):
        changed(one, ["colour=red", "speaker=Nemo"])
