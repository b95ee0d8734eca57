"""Conditionals of all seven kinds, and what is none. All sentences are invented."""

from __future__ import annotations

import pytest

from detente.evidence.conditionals import conditionals
from detente.evidence.records import Document, Span, Statement

LEVY, SIGN = "the levy goes", "Talvia will sign"
KINDS = [  # text, kind, marker, antecedent, consequent, polarity
    ("If the levy goes, Talvia will sign.", "if", "If", LEVY, SIGN, "if_then"),
    ("Talvia will sign if the levy goes.", "if", "if", LEVY, SIGN, "if_then"),
    ("In return for gas, Odra gave way.", "if", "In return for", "gas", "Odra gave way", "if_then"),
    ("Talvia will sign only if the levy goes.", "only_if", "only if", LEVY, SIGN, "then_if"),
    ("Only if the levy goes will Talvia sign.", "only_if", "Only if", LEVY, "will Talvia sign", "then_if"),
    ("Unless the levy goes, the pact fails.", "unless", "Unless", LEVY, "the pact fails", "if_not_then"),
    ("Without fuel the pact will fail.", "unless", "Without", "fuel", "the pact will fail", "if_not_then"),
    ("Even if the levy goes, doubts remain.", "even_if", "Even if", LEVY, "doubts remain", "regardless"),
    ("The truce requires inspections.", "requirement", "requires", "inspections", "The truce", "then_if"),
    ("Peace hinges on whether fuel flows.", "depends_on", "hinges on whether", "fuel flows", "Peace", "open"),
    ("A weaker fort could invite raids.", "hypothetical", "could", "A weaker fort", "invite raids", "possible"),
    ("A true “thaw” depends on fuel, grain and trust.", "depends_on", "depends on", "fuel, grain and trust",
     "A true “thaw”", "open"),
    ("Talvia will sign if the levy goes, as it would gain.", "if", "if", LEVY, SIGN, "if_then"),
    ("Had the dam held, Odra would stay.", "if", "Had", "the dam held", "Odra would stay", "if_then"),
]  # fmt: skip


def read(text: str) -> list[tuple[str, ...]]:
    """Return the conditionals of a text in words."""
    return [
        (c.kind, c.marker[0].of(text), c.antecedent[0].of(text), c.consequent[0].of(text), c.polarity)
        for c in conditionals(Document(id="x", text=text, sha256="0"))
    ]


@pytest.mark.parametrize(("text", "kind", "marker", "antecedent", "consequent", "polarity"), KINDS)
def test_a_conditional_has_condition_and_consequence(
    text: str, kind: str, marker: str, antecedent: str, consequent: str, polarity: str
) -> None:
    """Of each of the seven kinds."""
    assert read(text) == [(kind, marker, antecedent, consequent, polarity)]


@pytest.mark.parametrize(
    "text",
    [
        "They asked if the dam was safe.",
        "Lobo wondered if Odra would sign.",
        "It looked as if the hall was empty.",
        "Few if any of the envoys stayed.",
        "The session, if short, was calm.",
        "It was useful, if not decisive.",
        "He left without comment.",
        "They left without saying a word.",
        "The ministry provided a list of names.",
        "She read “If This Is a Man” aloud.",
        "He is required to sign.",
        "The envoys may meet in May.",
    ],
)
def test_what_is_no_condition_is_none(text: str) -> None:
    """Questions, comparisons, asides, titles, plain verbs."""
    assert read(text) == []


def test_a_conditional_in_a_statement_is_its_speakers() -> None:
    """Otherwise it is the author's; hedges of the consequence are kept."""
    text = "Lobo said the port might reopen if the levy goes."
    content = Span(text.index("the port"), len(text) - 1)
    said = Statement(
        kind="indirect", speaker=(Span(0, 4),), head=Span(0, 4), cue=(Span(5, 9),), content=(content,)
    )
    (spoken,) = conditionals(Document(id="x", text=text, sha256="0"), [said])
    assert spoken.speaker == Span(0, 4)
    assert [h.of(text) for h in spoken.hedges] == ["might"]
    (plain,) = conditionals(Document(id="x", text=text, sha256="0"))
    assert plain.speaker is None
