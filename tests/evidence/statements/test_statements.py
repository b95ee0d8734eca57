"""What is found in a sentence, and what is not: every trap with a sentence made up for it."""

from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.evidence.records import Document, Span, Statement
from detente.evidence.statements import statements


def document(text: str, furniture: tuple[Span, ...] = ()) -> Document:
    return Document("port", text, "0" * 64, furniture=furniture)


class Said(NamedTuple):
    speaker: str
    cue: str
    content: str
    kind: str


def read(text: str) -> list[Said]:
    def words(spans: tuple[Span, ...]) -> str:
        return " … ".join(span.of(text) for span in spans)

    return [
        Said(words(one.speaker), words(one.cue), words(one.content), one.kind)
        for one in statements(document(text))
    ]


def only(text: str) -> Statement:
    (one,) = statements(document(text))
    return one


PATTERNS = [
    ("“We will wait,” Lobo said.", Said("Lobo", "said", "“We will wait,”", "direct")),
    ("Lobo added: “We will wait.”", Said("Lobo", "added:", "“We will wait.”", "direct")),
    ("“Why now?” Lobo asked.", Said("Lobo", "asked", "“Why now?”", "direct")),
    ("“We will never pay.” — Ana Lobo", Said("Ana Lobo", "—", "“We will never pay.”", "direct")),
    (
        "“We will wait,” said Ana Lobo, the trade minister.",
        Said("Ana Lobo, the trade minister", "said", "“We will wait,”", "direct"),
    ),
    (
        "“We will wait,” Lobo said. “We have time.”",
        Said("Lobo", "said", "“We will wait,” … “We have time.”", "mixed"),
    ),
    (
        "“We will wait,” said Ana Lobo on “Meet the Press” on Sunday.",
        Said("Ana Lobo", "said", "“We will wait,”", "direct"),
    ),
    ("According to Lobo, the port is shut.", Said("Lobo", "According to", "the port is shut", "indirect")),
    ("Lobo hinted that the levy may go.", Said("Lobo", "hinted", "that the levy may go", "indirect")),
    (
        "Envoy Lobo said the port would reopen.",
        Said("Envoy Lobo", "said", "the port would reopen", "indirect"),
    ),
    ("Lobo told Farro to wait.", Said("Lobo", "told", "to wait", "indirect")),
    (
        "Lobo told reporters in Talvia on Friday that the levy would go.",
        Said("Lobo", "told", "that the levy would go", "indirect"),
    ),
    ("The levy may go, Lobo said.", Said("Lobo", "said", "The levy may go", "indirect")),
    ("The dam, Lobo said, is safe.", Said("Lobo", "said", "The dam … is safe", "indirect")),
    ("As Lobo noted, the dam is safe.", Said("Lobo", "noted", "the dam is safe", "indirect")),
    ("Lobo vowed to reopen the port.", Said("Lobo", "vowed", "to reopen the port", "indirect")),
    ("In her view, the levy is dead.", Said("her", "view", "the levy is dead", "indirect")),
    (
        "Lobo’s claim that the port is safe was met with doubt.",
        Said("Lobo", "claim", "that the port is safe", "nominal"),
    ),
    (
        "The ministry said in a statement: “The port is shut.”",
        Said("The ministry", "said", "“The port is shut.”", "direct"),
    ),
    (
        "After saying the port was safe, Lobo left.",
        Said("Lobo", "saying", "the port was safe", "indirect"),
    ),
    (
        "Ana Lobo, who leads the delegation, insisted that the levy must go.",
        Said("Ana Lobo, who leads the delegation", "insisted", "that the levy must go", "indirect"),
    ),
    (
        "The ministry’s spokeswoman, Ana Lobo, warned on Monday that Talvia would “pay a price.”",
        Said("The ministry’s spokeswoman, Ana Lobo", "warned", "that Talvia would “pay a price.”", "mixed"),
    ),
    (
        "Lobo said that Farro had refused to pay.",
        Said("Lobo", "said", "that Farro had refused to pay", "indirect"),
    ),
    (
        "While Lobo says the dam is safe, engineers doubt it.",
        Said("Lobo", "says", "the dam is safe", "indirect"),
    ),
    ("Lobo said the dam is safe; the engineers left.", Said("Lobo", "said", "the dam is safe", "indirect")),
    (
        "A poll shows that voters want the pact.",
        Said("A poll", "shows", "that voters want the pact", "indirect"),
    ),
]


@pytest.mark.parametrize(("text", "expected"), PATTERNS)
def test_speaker_cue_and_content_are_those_a_reader_marks(text: str, expected: Said) -> None:
    assert read(text)[0] == expected


NOTHING = [
    "The so-called “thaw” ended in spring.",
    "The minister coined the term “salami” for it.",
    "Talvia answered with tariffs.",
    "Talvia signalled its anger by moving troops.",
    "A report on the state of the port was due. Calls rose. Claims for office grew.",
    "The port’s view of the bay is fine, and support columns hold the quay.",
    "It rained on Friday.",
    "",
]


@pytest.mark.parametrize("text", NOTHING)
def test_scare_quotes_acts_and_nouns_are_no_statements(text: str) -> None:
    assert read(text) == []


def test_a_participle_and_a_second_verb_share_the_speaker_and_end_the_first_content() -> None:
    first, second = read("Lobo denounced the levy, calling it unlawful.")
    assert (first.speaker, first.content) == ("Lobo", "the levy")
    assert (second.speaker, second.cue, second.content) == ("Lobo", "calling", "it unlawful")
    first, second = read("Lobo said the dam was safe and warned that the levy would stay.")
    assert (first.content, second.speaker, second.content) == (
        "the dam was safe", "Lobo", "that the levy would stay",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Lobo never said that the dam was safe.",
        "Farro would say that the dam leaks.",
        "Lobo did not say whether the port would reopen.",
    ],
)
def test_what_was_not_said_is_marked_so(text: str) -> None:
    assert only(text).negated


def test_a_refusal_to_speak_has_no_content() -> None:
    text = "Lobo declined to comment."
    one = only(text)
    assert one.negated
    assert one.content == ()
    assert one.cue[0].of(text) == "declined to comment"


def test_hedges_are_marked_where_they_stand() -> None:
    text = "Talvia reportedly said that the port might close in May."
    one = only(text)
    assert [hedge.of(text) for hedge in one.hedges] == ["reportedly", "might"]
    outside, inside = one.hedges
    assert outside.end <= one.content[0].start <= inside.start


def test_what_the_author_infers_is_not_somebodys_statement() -> None:
    for text in ("I think that the pact is dead.", "This suggests that the pact is dead."):
        assert all(one.voice == "author" for one in statements(document(text)))
    assert only("“I think we can win,” Farro said.").voice == "actor"


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("Trade Minister Ana Lobo said the port was shut.", "Ana Lobo"),
        ("Talvia’s envoy, Ana Lobo, said the port was shut.", "Ana Lobo"),
        ("Former Secretary of State Ana Lobo said the port was shut.", "Ana Lobo"),
        ("Officials in the capital said the port was shut.", "Officials"),
        ("Lobo nodded. She said the port was shut.", "She"),
        ("The minister () said the port was shut.", "minister"),  # what stood in the brackets was lost
        ("The minister,, said the port was shut.", "minister"),
    ],
)
def test_the_head_is_the_name_itself(text: str, head: str) -> None:
    one = only(text)
    assert one.head is not None
    assert one.head.of(text) == head


def test_odd_quotation_marks_degrade() -> None:
    assert read("“We will wait, Lobo said.")[0].speaker == "Lobo"
    assert read('"We will wait," Lobo said. "Until May."')[0].content == '"We will wait," … "Until May."'
    assert read("He said he’d wait. She didn’t.")[0].content == "he’d wait"
    text = "Lobo began: “We will wait.\n“We have time.\n“And money.”\nIt rained."
    assert read(text)[0].content == "“We will wait. … “We have time. … “And money.”"


def test_furniture_is_not_read() -> None:
    text = "Share this, Lobo said. The port is shut, Farro said."
    menu = Span(0, text.index(" The"))
    assert [one.head.of(text) for one in statements(document(text, (menu,))) if one.head] == ["Farro"]


def test_the_same_text_gives_the_same_statements() -> None:
    text = "\n".join(text for text, _ in PATTERNS)
    assert statements(document(text)) == statements(document(text))


_WORDS = (
    'Lobo| said | that |“|”|"|,|. |\n|\r\n| — |:|;|(|)|’s| who | and | calling it |the port| is shut| to |As '
    "|--|n’t|According to | claim |𝕏|e\u0301|شكرا|\u202e|\x00|\ud800| told | declined to comment"
)
PIECES = st.sampled_from(sorted(_WORDS.split("|")))


@given(st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=60))
def test_every_span_lies_in_the_text_and_none_is_empty(text: str) -> None:
    for one in statements(document(text)):
        spans = [*one.speaker, *one.cue, *one.content, *one.hedges, *([one.head] if one.head else [])]
        for start, end in spans:
            assert 0 <= start < end <= len(text)
        for held in (one.speaker, one.cue, one.content, one.hedges):
            assert list(held) == sorted(held)
            assert all(a.end <= b.start for a, b in pairwise(held))
        assert 0 < one.confidence <= 1
