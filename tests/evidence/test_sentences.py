"""Sentences at exact offsets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.evidence.records import Document, Span
from detente.evidence.table import lowered, sentences, tables

TEXTS = [
    ("The port is shut. It will reopen.", ["The port is shut.", "It will reopen."]),
    ("Mr. Lobo met Sen. Ana Farro. They spoke.", ["Mr. Lobo met Sen. Ana Farro.", "They spoke."]),
    ("J. K. Lobo came. A. Farro left.", ["J. K. Lobo came.", "A. Farro left."]),
    ("He left the U.S. The talks failed.", ["He left the U.S.", "The talks failed."]),
    ("The U.S. Senate met at 3 p.m. on Jan. 5.", ["The U.S. Senate met at 3 p.m. on Jan. 5."]),
    ("See No. 7. No. Never.", ["See No. 7.", "No.", "Never."]),
    ("It cost 3.5 million. So what?", ["It cost 3.5 million.", "So what?"]),
    ("“Why now?” he asked. “Why not?”", ["“Why now?” he asked.", "“Why not?”"]),
    ("He said (as before.) Then he left…", ["He said (as before.)", "Then he left…"]),
    ("A heading\nThe port is shut.\r\n\r\nIt rains.", ["A heading", "The port is shut.", "It rains."]),
    ("", []),
    (" \n\t", []),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_a_sentence_ends_where_a_reader_ends_it(text: str, expected: list[str]) -> None:
    assert [span.of(text) for span in sentences(text)] == expected


def test_wrapped_lines_of_a_letter_are_no_ends() -> None:
    text = (
        "The two delegations will meet again in the old customs house of\n"
        "Port Farro, where the levy on grain and the fate of the northern\n"
        "ferry are to be settled. Nobody expects a quick result. The\n"
        "minister is patient.\n"
    )
    assert len(sentences(text)) == 3


def joined(text: str) -> list[str]:
    (table,) = tables(Document("x", text, "0" * 64))
    return [sentence.span.of(text) for sentence in table.quoting]


def test_a_quotation_stays_whole_in_pieces() -> None:
    text = "Lobo was blunt. “We will wait. We have time,” he said. It rained."
    assert len(sentences(text)) == 4
    assert joined(text) == ["Lobo was blunt.", "“We will wait. We have time,” he said.", "It rained."]


def test_a_quotation_that_never_closes_ends_with_its_line() -> None:
    text = "“We will wait. We have time.\nIt rained. It cleared."
    assert len(joined(text)) == 4


def test_nothing_is_read_from_what_is_left_out() -> None:
    text = "The port is shut. Share this! It will reopen."
    menu = Span(text.index("Share"), text.index(" It will"))
    assert [span.of(text) for span in sentences(text, without=[menu])] == [
        "The port is shut.",
        "It will reopen.",
    ]


@given(st.text(st.sampled_from('aB .!?…"“”’)\n\r\x00\u2028é𝕏ا\u0301') | st.characters(), max_size=80))
def test_sentences_cover_all_but_blanks_in_order(text: str) -> None:
    found = sentences(text)
    at = 0
    for start, end in found:
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


@given(st.text(alphabet="aZİıßſΣÉ .") | st.text())
def test_lower_case_keeps_every_character_at_its_place(text: str) -> None:
    low = lowered(text)
    assert len(low) == len(text)
    assert all(
        one == (many if len(many) == 1 else whole)
        for one, many, whole in zip(low, map(str.lower, text), text, strict=True)
        if whole != "Σ"
    )
