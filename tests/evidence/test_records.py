"""Are records of a document stable, and do they hold spans only?"""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from detente.evidence.records import Document, Span, Statement, speaking
from tests.evidence.test_store import every_kind


def test_the_id_of_a_record_follows_from_document_kind_and_spans() -> None:
    document = Document(id="lobo", text="Envoy Lobo said the port would reopen.", sha256="0" * 64)
    said = Statement(
        kind="indirect",
        speaker=(Span(0, 10),),
        head=Span(6, 10),
        cue=(Span(11, 15),),
        content=(Span(16, 37),),
    )
    assert [span.of(document.text) for span in said.spans()] == [
        "Envoy Lobo",
        "Lobo",
        "said",
        "the port would reopen",
    ]
    again = dataclasses.replace(said, confidence=0.5, witnesses=("rules", "model"), negated=True)
    assert again.id(document) == said.id(document)
    assert dataclasses.replace(said, content=(Span(16, 38),)).id(document) != said.id(document)
    other = dataclasses.replace(document, text=document.text + " ")
    assert said.id(other) != said.id(document)


def test_every_field_that_holds_spans_counts_for_the_id() -> None:
    """By its annotation; the slow way looks at what every field of every kind holds."""
    for record in every_kind():
        slow = set()
        for held in dataclasses.fields(record):
            value = getattr(record, held.name)
            for one in value if isinstance(value, tuple) and not isinstance(value, Span) else (value,):
                if isinstance(one, Span):
                    slow.add(one)
        assert record.spans() == tuple(sorted(slow))


@given(st.lists(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12)), max_size=3), max_size=8))
def test_who_speaks_at_a_place_is_the_first_whose_words_hold_it(
    contents: list[list[tuple[int, int]]],
) -> None:
    """The slow way looks at all of them."""
    held = [
        Statement(
            kind="direct", cue=(Span(n, n + 1),), content=tuple(Span(at, at + size) for at, size in one)
        )
        for n, one in enumerate(contents)
    ]
    at = speaking(held)
    for place in range(45):
        slow = (one for one in held if any(start <= place < end for start, end in one.content))
        assert at(place) is next(slow, None)
