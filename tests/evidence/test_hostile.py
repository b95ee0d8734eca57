"""Text that is no text: each reader of facts takes a time in proportion to its length, and spans are exact."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.evidence.actors import actors
from detente.evidence.acts import events
from detente.evidence.conditionals import conditionals
from detente.evidence.dates import dates
from detente.evidence.positions import positions
from detente.evidence.records import Document

HOSTILE = {
    "open quotes": '“He said "that ',
    "capitals": "TRUMP US IN MARCH A ",
    "names": "Ana De La Cruz Of The ",
    "digits": "2014 20 3-5 /",
    "one digit": "1",
    "one letter": "A",
    "blanks": " ",
    "lines": "\n",
    "conditions": "if unless only if, ",
    "commas": "Kenya, ",
    "ands": "Kenya and ",
    "verbs": "said met attacked the ",
    "for": "for a to b, must before ",
}
READERS: dict[str, Callable[[Document], tuple[Any, ...]]] = {
    "dates": dates,
    "actors": actors,
    "conditionals": conditionals,
    "positions": positions,
    "events": lambda document: events(document, actors(document), dates(document)),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("reader", READERS)
def test_ten_times_the_text_takes_about_ten_times_as_long(reader: str, name: str) -> None:
    """A reader that were quadratic would take a hundred times as long; small times are not judged."""
    spent = []
    for size in (10_000, 100_000):
        text = (HOSTILE[name] * (size // len(HOSTILE[name]) + 1))[:size]
        document = Document(id="x", text=text, sha256="0", date=date(2024, 11, 7))
        start = time.process_time()
        READERS[reader](document)
        spent.append(time.process_time() - start)
    assert spent[1] < 2.0 or spent[1] < 40 * spent[0]


WORDS = st.sampled_from(
    [
        "Kenya",
        "’s ",
        "attacked ",
        "Chad",
        " if ",
        "the ",
        "levy ",
        "goes",
        ", ",
        ". ",
        "“",
        "”",
        "said ",
        "Ana Lobo",
        "🙂",
        "é",
        "\r\n",
        "\x00",
        "\u202e",
        "must ",
        "before ",
        "on Friday ",
        "2014",
        "would ",
        "sign ",
        "and ",
        "rejects ",
        "Trade Minister ",
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(WORDS, max_size=40))
def test_every_span_of_every_record_lies_in_the_text(parts: list[str]) -> None:
    """Whatever the text is: no exception, no span outside, none that is empty."""
    text = "".join(parts)
    document = Document(id="x", text=text, sha256="0", date=date(2024, 11, 7))
    for read in READERS.values():
        for record in read(document):
            assert all(0 <= span.start < span.end <= len(text) for span in record.spans())
            assert record.id(document) == record.id(document)
