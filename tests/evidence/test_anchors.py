"""An anchor finds its words again, or says that it does not: never other words as if they were its own."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.evidence.anchors import (
    SURE,
    anchor,
    find_normalised,
    normalised,
    resolve,
    whole_clusters,
    wordless,
)
from detente.evidence.records import Span, digest

TEXT = "Envoy Lobo said the port would reopen. “We will wait,” she added. Farro said the port was safe."
ANY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("a b.\r\n\x00“”\u0301\u202e\u200d\ufe0f\U0001f600\U0001f3fd\u05d0\u0645"),
    ),
    min_size=1,
    max_size=120,
)


@st.composite
def spans(draw: st.DrawFn) -> tuple[str, Span]:
    text = draw(ANY)
    start = draw(st.integers(0, len(text) - 1))
    return text, Span(start, draw(st.integers(start + 1, len(text))))


@given(spans())
def test_an_anchor_stands_where_it_was_put(case: tuple[str, Span]) -> None:
    text, span = case
    for made in (anchor(text, span), wordless(text, span)):
        place = resolve(text, made)
        assert (place.span, place.rung) == (span, "exact")
        assert digest(text[made.start : made.end]) == made.sha256
    made = anchor(text, span)
    assert text[made.start : made.end] == made.exact
    assert text[: span.start].endswith(made.prefix)
    assert text[span.end :].startswith(made.suffix)
    position, quote = made.selectors()
    assert text[position["start"] : position["end"]] == quote["exact"]
    assert (quote.get("prefix", ""), quote.get("suffix", "")) == (made.prefix, made.suffix)


@given(spans())
def test_prefix_and_suffix_tell_the_place_from_any_other(case: tuple[str, Span]) -> None:
    text, span = case
    made = anchor(text, span)
    whole = f"{made.prefix}{made.exact}{made.suffix}"
    places = [at for at in range(len(text)) if text.startswith(whole, at)]
    assert places == [span.start - len(made.prefix)]


@given(spans(), ANY, ANY)
def test_words_that_were_moved_are_found_where_they_are(
    case: tuple[str, Span], before: str, after: str
) -> None:
    text, span = case
    edited = before + text + after
    for made in (anchor(text, span), wordless(text, span)):
        place = resolve(edited, made)
        assert place.span is not None
        assert place.rung in SURE
        assert place.span.of(edited) == span.of(text)
    if edited.count(text) == 1 and len(text) > len(span.of(text)):
        place = resolve(edited, anchor(text, span))
        if place.rung == "context" and text.count(span.of(text)) > 1:
            shifted = Span(span.start + len(before), span.end + len(before))
            made = anchor(text, span)
            assert shifted.of(edited) == made.exact


@given(spans(), st.integers(0, 2**32), st.integers(1, 12))
@settings(max_examples=300)
def test_no_edit_makes_an_anchor_tell_a_lie(case: tuple[str, Span], seed: int, edits: int) -> None:
    """Whatever is cut or put in: a sure place has the very words, or the same but for marks and capitals."""
    text, span = case
    dice = random.Random(seed)  # noqa: S311 - not for secrets
    made, edited = anchor(text, span), text
    for _ in range(edits):
        at = dice.randrange(len(edited) + 1)
        edited = (
            edited[:at]
            + dice.choice(["", "x", "\U0001f600", "\u0301", "\r\n"])
            + edited[at + dice.randrange(3) :]
        )
    place = resolve(edited, made)
    if place.rung in {"exact", "unique", "context"}:
        assert place.span is not None
        assert place.span.of(edited) == span.of(text)
    elif place.rung == "normalised":
        assert place.span is not None
        assert find_normalised(place.span.of(edited), span.of(text))
    else:
        assert span.of(text) not in edited
    bare = resolve(edited, wordless(text, span))
    if bare.span is not None:
        assert bare.span.of(edited) == span.of(text)
    else:
        assert span.of(text) not in edited


@pytest.mark.parametrize(
    ("edited", "words", "rung"),
    [
        (TEXT, "the port", "exact"),
        ("Late: " + TEXT, "the port would reopen", "unique"),
        ("Late: " + TEXT, "the port", "context"),
        (TEXT.replace("“", '"').replace("”", '"'), "“We will wait,” she", "normalised"),
        (TEXT.replace("We will", "We\n   WILL"), "“We will wait,” she", "normalised"),
        (
            TEXT.replace("the port would", "the old port would"),
            "Envoy Lobo said the port would reopen",
            "fuzzy",
        ),
        ("Nothing of it.", "the port would reopen", "lost"),
    ],
)
def test_the_ladder_is_climbed_from_below(edited: str, words: str, rung: str) -> None:
    start = TEXT.index(words)
    assert resolve(edited, anchor(TEXT, Span(start, start + len(words)))).rung == rung


def test_of_several_places_the_one_with_the_same_words_around_is_meant() -> None:
    second = TEXT.rindex("said the port")
    edited = f"{'Note. ' * 9}{TEXT}"
    place = resolve(edited, anchor(TEXT, Span(second, second + 13)))
    assert place.span == Span(edited.rindex("said the port"), edited.rindex("said the port") + 13)


def test_a_hash_does_not_tell_words_that_are_not_there() -> None:
    held = wordless(TEXT, Span(11, 37))
    assert held.exact is None
    assert held.selectors() == [{"type": "TextPositionSelector", "start": 11, "end": 37}]
    assert resolve(TEXT.replace("would", "should"), held).rung == "lost"
    assert resolve("", held).rung == "lost"
    with pytest.raises(ValueError, match="no span"):
        wordless(TEXT, Span(5, 5))


@given(ANY)
def test_every_character_keeps_its_place_in_a_normalised_text(text: str) -> None:
    assert len(normalised(text)) == len(text)


def test_ellipses_in_either_spelling_are_one() -> None:
    assert find_normalised("We wait… and see", "wait... and") == [Span(3, 12)]
    assert find_normalised("We wait... and see", "wait… and") == [Span(3, 14)]
    assert find_normalised("We wait", "  ") == []


@pytest.mark.parametrize(
    ("text", "span", "whole"),
    [
        ("cafe\u0301 x", Span(0, 4), Span(0, 5)),
        ("a\r\nb", Span(2, 4), Span(1, 4)),
        ("\U0001f44d\U0001f3fd!", Span(0, 1), Span(0, 2)),
        ("plain", Span(1, 3), Span(1, 3)),
    ],
)
def test_no_letter_is_cut_from_its_marks(text: str, span: Span, whole: Span) -> None:
    assert whole_clusters(text, span) == whole
