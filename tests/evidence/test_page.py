"""A page shows the text as it is, each mark with a label, and nothing that a document could do to its reader."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente import load
from detente.evidence.held import Held, Read
from detente.evidence.page import document_page, paragraphs, relied_on
from detente.evidence.records import Document, Span, Statement, digest
from detente.evidence.store import Store
from detente.evidence.trail import trail
from tests.evidence.test_store import TEXT, at, document, every_kind

ANY = st.text(st.sampled_from("ab<&\"'\n\r \u05d0\u202e\x00\ud800\U0001f600"), min_size=1, max_size=80)


def of(text: str, **fields: Any) -> tuple[Document, list[Held]]:
    made = document(text, **fields)
    records = every_kind(text)
    return made, [Held(record.id(made), f"{record.record[0]}1", made, record) for record in records]


def shown(page: str) -> str:
    """Return the text of the paragraphs, labels left out."""
    found = re.findall(r'<p dir="auto"(?: class="f")?>(.*?)</p>\n', page, re.DOTALL)
    return "\n".join(html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"<a .*?</a>", "", one))) for one in found)


def test_every_mark_has_its_label_and_its_note_and_they_lead_to_each_other() -> None:
    made, records = of(TEXT, title="Port talks")
    page = document_page(made, records, {"s1": ["Talvia on the levy"]})
    assert TEXT in shown(page)
    for label in ("s1", "e1", "c1", "p1"):
        assert f'id="m-{label}" href="#n-{label}"' in page
        assert f'id="n-{label}"' in page
        assert f'href="#m-{label}"' in page
    assert "d1" not in page.split("<body")[1]
    assert "On it rest: Talvia on the levy" in page
    assert (
        '<strong><bdi>Envoy Lobo</bdi></strong> <span class="what">statement, indirect, “said”</span>' in page
    )
    assert "<script" not in page
    assert "default-src 'none'" in page


def test_what_was_rejected_is_not_shown_and_who_decided_is() -> None:
    made, records = of(TEXT)
    rejected = [Held(one.id, one.label, made, one.record, "rejected", "Ana") for one in records[:1]]
    assert "m-s1" not in document_page(made, rejected)
    accepted = [
        Held(one.id, one.label, made, one.record, "accepted", "Ana", note="heard it") for one in records[:1]
    ]
    assert "accepted by Ana: heard it" in document_page(made, accepted)


def test_furniture_is_grey_and_kept() -> None:
    text = f"Menu\n\n{TEXT}"
    made = document(text, furniture=(Span(0, 4),))
    assert '<p dir="auto" class="f"><span class="f">Menu</span></p>' in document_page(made, [])


@given(ANY, st.data())
@settings(max_examples=100, deadline=None)
def test_no_text_becomes_markup_and_none_is_lost(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    made = document(text)
    one = Statement(kind="direct", cue=(span,), content=(span,))
    page = document_page(made, [Held("x", "s1", made, one)])
    page.encode("utf-8")
    plain = re.sub(r"\s", "", shown(page))
    told = re.sub("[\x00\u202e\ud800]", lambda match: f"[U+{ord(match[0]):04X}]", text)
    assert plain == re.sub(r"\s", "", told)
    assert not re.search(r"<(?:b|a)<", page)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a\n\nb", ["a", "b"]),
        ("a\nb\n\nc", ["a\nb", "c"]),
        ("x" * 161 + "\nb", ["x" * 161, "b"]),
        ("\r\n\r\na\r\n \r\nb\n", ["a", "b\n"]),
    ],
)
def test_long_lines_are_paragraphs_and_short_ones_stand_together(text: str, parts: list[str]) -> None:
    assert [span.of(text) for span in paragraphs(text)] == parts


CASE = """\
detente: 1
title: The levy
actors: {talvia: {name: Talvia}, guild: {name: The guild}}
issues: {levy: {name: the levy, scale: {0: goes, 100: stays}}}
stances:
  levy:
    talvia: {position: 90, salience: 0.8, influence: 1, because: ["gazette#s7", gazette]}
    guild: {position: 20, salience: 0.5, influence: 1, because: ["other#s1"]}
sources:
  other: {title: Another}
  gazette: {title: Gazette, document: TEXT, statements: {s7: {at: AT, sha256: WORDS}}}
"""


def test_what_rests_on_a_statement_is_found_by_its_place_before_its_label(tmp_path: Path) -> None:
    made, records = of(TEXT)
    place = at(TEXT, "ships will")
    written = CASE.replace("TEXT", made.text_sha256).replace("AT", f"{place.start}-{place.end}")
    (tmp_path / "case.yaml").write_text(written.replace("WORDS", digest(place.of(TEXT))), encoding="utf-8")
    case = load(tmp_path / "case.yaml")
    with Store.opened(tmp_path / "evidence.sqlite", make=True) as store:
        store.add([Read.of(made, every_kind(TEXT))], "rules 1")
        found = trail(case, store)
    conditional = next(one.id for one in records if one.label == "c1")
    assert relied_on(case, made, found) == {conditional: ["Talvia on the levy"], "": ["Talvia on the levy"]}
    assert "On it rest: Talvia on the levy" in document_page(made, records, relied_on(case, made, found))
    assert found.grounds["gazette#s7"].speaker is None  # a condition is nobody's words
