"""A brief of a sealed case prints the head of its ledger; one whose case is not in the ledger is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

import detente
from detente.errors import LedgerError
from detente.record.forecasting import forecasts, inputs_of, provenance, scale_of
from detente.record.ledger import Ledger
from detente.record.questions import Question
from detente.report import Brief, brief


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Return a ledger with a forecast of the emission standards."""
    case = detente.load("emission-standards-1985")
    asked = Question.model_validate(
        {
            "text": "?",
            "about": "delay",
            "outcome": "position",
            "scale": scale_of(case, "delay").model_dump(),
            "opened": "2026-01-01T00:00:00Z",
            "deadline": "2099-01-01T00:00:00Z",
            "latest": "2099-01-01T00:00:00Z",
            "rule": {"criteria": "as written", "source": "a gazette"},
            "cluster": "a case",
        }
    )
    kept = Ledger(tmp_path / "l.jsonl")
    made = provenance(case, 100, 1, {})
    at = "2026-02-01T00:00:00Z"
    kept.seal(
        "delay",
        forecasts(case, "delay", 100, 1),
        question=asked,
        provenance=made,
        inputs=inputs_of(case),
        at=at,
    )
    return kept


def test_the_head_stands_in_the_footer_and_the_ladder_says_where_it_is_sealed(ledger: Ledger) -> None:
    case = detente.load("emission-standards-1985")
    made = brief(case, draws=100, sealed=ledger.sealed(case))
    footer = made.to_html().partition("<footer")[2]
    assert ledger.chain().head in footer
    assert "delay" in footer
    (rung,) = (one for one in made.ladder if one.finding.id == "outlook")
    assert rung.finding.sentence.endswith("This one is sealed in l.jsonl since 2026-02-01.")
    assert Brief.from_dict(made.to_dict()).sealed == made.sealed
    plain = brief(case, draws=100)
    assert "not sealed" in next(one for one in plain.ladder if one.finding.id == "outlook").finding.sentence
    assert "Sealed in" not in plain.to_html().partition("<footer")[2]


def test_the_ledgers_own_record_moves_the_outlook(ledger: Ledger) -> None:
    case = detente.load("emission-standards-1985")
    sealed = ledger.sealed(case)
    assert (sealed.share, sealed.half) == (0.6, 0.25)
    moved = sealed.model_copy(update={"share": 0.2, "half": 0.5})
    (plain,), (own,) = (brief(case, draws=50, sealed=one).outlook for one in (sealed, moved))
    assert sum(chance for _, chance in own.atoms) == pytest.approx(0.2)
    assert sum(chance for _, chance in plain.atoms) == pytest.approx(0.6)


def test_another_case_or_another_version_of_it_is_not_sealed(ledger: Ledger) -> None:
    for other in (
        detente.load("linked-issues"),
        detente.load("emission-standards-1985").with_({"issues.delay.name": "X"}),
    ):
        with pytest.raises(LedgerError, match="no forecast of this case"):
            ledger.sealed(other)
