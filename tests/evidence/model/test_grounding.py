"""Strings found in a text, rung by rung."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.evidence.anchors import ground
from detente.evidence.records import Span


def whole(text: str) -> list[Span]:
    return [Span(0, len(text))]


TEXT = (
    "“We’ll wait … as long as it takes,” said Lobo\u00a0—\nthe envoy. "
    "The levy [on grain] must go before the talks begin."
)

RUNGS = [
    ("said Lobo", "exact", ["said Lobo"]),
    ("\"We'll wait", "normalised", ["“We’ll wait"]),
    ("SAID lobo - the envoy", "normalised", ["said Lobo\u00a0—\nthe envoy"]),
    ("wait ... as long as it takes", "normalised", ["wait … as long as it takes"]),
    ("“the envoy”", "stripped", ["the envoy"]),
    (
        "as long as it takes ... the talks begin",
        "parts",
        ["as long as it takes", "the talks begin"],
    ),
    ("must go before [all] the talks begin", "parts", ["must go before", "the talks begin"]),
]


@pytest.mark.parametrize(("query", "status", "expected"), RUNGS)
def test_a_string_is_found_on_its_rung(query: str, status: str, expected: list[str]) -> None:
    place = ground(TEXT, query, whole(TEXT))
    assert place is not None
    assert place.status == status
    assert [span.of(TEXT) for span in place.spans] == expected


@pytest.mark.parametrize(
    "query",
    ["", "we shall wait", "the levy on grain has to be lifted first", "evy", "begin ... as long as it takes"],
)
def test_a_paraphrase_is_not_found(query: str) -> None:
    assert ground(TEXT, query, whole(TEXT)) is None


def test_nearly_the_same_words_are_fuzzy_with_their_score() -> None:
    text = "He held that the old port of the northern islands would soon be open again to all ships."
    place = ground(
        text, "that the old port of the northern isles would soon be open again to all ships", whole(text)
    )
    assert place is not None
    assert place.status == "fuzzy"
    assert place.score == pytest.approx(15 / 16, abs=0.001)  # 2·15 / (16 + 16)
    assert place.spans[0].of(text).startswith("that the old port")


def test_the_nearest_window_and_an_unused_place_come_first() -> None:
    text = "Lobo said so. Lobo said so."
    assert ground(text, "Lobo", [Span(14, 27), Span(0, 27)]) == ((Span(14, 18),), "exact", 1.0)
    assert ground(text, "Lobo", whole(text), [Span(0, 4)]) == ((Span(14, 18),), "exact", 1.0)
    assert ground(text, "Lobo", whole(text), [Span(0, 4), Span(14, 18)]) == ((Span(0, 4),), "exact", 1.0)


@given(
    st.text(st.sampled_from('ab .…"“’[]\n\u00a0İß𝕏'), max_size=40),
    st.text(st.sampled_from('ab .…"“’[]İß'), max_size=12),
)
def test_what_is_found_lies_in_the_text(text: str, query: str) -> None:
    place = ground(text, query, whole(text))
    if place is not None:
        for start, end in place.spans:
            assert 0 <= start < end <= len(text)
        if place.status == "exact":
            assert place.spans[0].of(text) == query
