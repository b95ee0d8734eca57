"""Positions: holder, stance, issue words. All sentences are invented."""

from __future__ import annotations

import pytest

from detente.evidence.positions import positions
from detente.evidence.records import Document

STANCES = [  # text, holder, stance, issue, basis
    ("Kenya insisted on a recount.", "Kenya", "demands", "a recount", "reported"),
    ("Peru called for a pause.", "Peru", "demands", "a pause", "reported"),
    ("Chile backs the treaty.", "Chile", "supports", "the treaty", "reported"),
    ("Chile does not support the treaty.", "Chile", "opposes", "the treaty", "reported"),
    ("Oman could live with a recount.", "Oman", "open", "a recount", "reported"),
    ("Oman has not ruled out a recount.", "Oman", "open", "a recount", "reported"),
    ("Fiji ruled out a recount.", "Fiji", "rejects", "a recount", "reported"),
    ("Fiji will never cede the islands.", "Fiji", "rejects", "cede the islands", "reported"),
    ("Fiji is not ready to talk.", "Fiji", "rejects", "talk", "reported"),
    ("Nepal is reluctant to sign.", "Nepal", "reluctant", "sign", "reported"),
    ("Ghana opposes the quota.", "Ghana", "opposes", "the quota", "reported"),
    ("Ghana appears willing to sign.", "Ghana", "open", "sign", "author"),
    ("Benin would sign if the levy goes.", "Benin", "conditional", "sign if the levy goes", "reported"),
]


@pytest.mark.parametrize(("text", "holder", "stance", "issue", "basis"), STANCES)
def test_a_position_has_holder_stance_and_issue(
    text: str, holder: str, stance: str, issue: str, basis: str
) -> None:
    """What the author infers has its own basis."""
    (found,) = positions(Document(id="x", text=text, sha256="0"))
    assert (found.holder[0].of(text), found.stance, found.issue[0].of(text), found.basis) == (
        holder,
        stance,
        issue,
        basis,
    )


@pytest.mark.parametrize(
    "text",
    [
        "Kenya's support was weak.",
        "The plan was opposed by many.",
        "Peru declined to comment.",
        "Chile back at the table.",
    ],
)
def test_nouns_passives_and_silence_are_no_positions(text: str) -> None:
    """Nobody's stance."""
    assert positions(Document(id="x", text=text, sha256="0")) == ()


def test_opposite_stances_of_one_holder_are_both_kept() -> None:
    """In the order of the text."""
    text = "Kenya endorsed the plan but opposed its date. It later rejected the plan."
    found = positions(Document(id="x", text=text, sha256="0"))
    assert [p.stance for p in found] == ["supports", "opposes"] or [p.stance for p in found][:2] == [
        "supports",
        "opposes",
    ]
