"""With a parser: the same statements, better speakers. A real pipeline is asked where there is one."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from detente.evidence.records import Document
from detente.evidence.statements import parsed, statements
from tests.evidence.tools.attribution import articles, by_parser, rules, score

TEXT = "The envoy whom Farro sent away denied that the port was shut."


class Piece(NamedTuple):
    """As much of a token of spaCy as is asked for."""

    idx: int
    word: str
    pos_: str
    dep_: str
    head: int
    held: list[Any]

    @property
    def lower_(self) -> str:
        return self.word.lower()

    def __len__(self) -> int:
        return len(self.word)

    @property
    def children(self) -> list[Any]:
        return [one for one in self.held if one.head == self.idx and one is not self]

    @property
    def left_edge(self) -> Any:
        return min((self, *self.children), key=lambda one: one.idx)

    @property
    def right_edge(self) -> Any:
        return max((self, *self.children), key=lambda one: one.idx)


def made_up(words: list[tuple[str, str, str, str]], text: str) -> list[Any]:
    """Return pieces from (word, part of speech, relation, head)."""
    held: list[Any] = []
    held += [
        Piece(text.index(word), word, pos, dep, text.index(head), held) for word, pos, dep, head in words
    ]
    return held


PARSE = [
    ("envoy", "NOUN", "nsubj", "denied"),
    ("The", "DET", "det", "envoy"),
    ("denied", "VERB", "ROOT", "denied"),
    ("sent", "VERB", "relcl", "envoy"),
    ("Farro", "PROPN", "nsubj", "sent"),
    ("shut", "ADJ", "ccomp", "denied"),
]


def document(text: str = TEXT) -> Document:
    return Document("port", text, "0" * 64)


def test_without_a_pipeline_the_rules_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsed, "pipeline", lambda: None)
    assert parsed.with_parse(document()) == statements(document())


def test_a_speaker_that_the_parse_denies_is_replaced_and_one_it_confirms_has_two_witnesses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for text, name in ((TEXT, "denied"), ("Lobo denied that the port was shut.", "denied")):
        words = PARSE if text == TEXT else [("Lobo", "PROPN", "nsubj", name), *PARSE[2:3], PARSE[-1]]
        pieces = made_up(words, text)
        monkeypatch.setattr(parsed, "pipeline", lambda pieces=pieces: lambda _: pieces)
        (one,) = parsed.with_parse(document(text))
        assert one.witnesses == ("rules", "parser")
        assert one.head is not None
        assert one.head.of(text) == ("envoy" if text == TEXT else "Lobo")


def test_a_real_parse_makes_speakers_no_worse(shared_data: Path) -> None:
    if parsed.pipeline_name() is None:
        pytest.skip(
            "no spaCy pipeline for English is installed (pip install 'detente[parser]', then a model)"
        )
    corpus = articles(shared_data / "evidence" / "polnear" / "polnear-dev.tar.gz")
    plain, better = score(rules, corpus), score(by_parser, corpus)
    assert better.figures("full")[2] >= max(0.62, plain.figures("full")[2])
    assert better.source > plain.source
