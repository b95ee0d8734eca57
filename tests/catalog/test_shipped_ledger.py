"""The ledger that comes with the first case verifies, and none of it counts as skill."""

from __future__ import annotations

from detente.catalog import shipped_ledger, slugs
from detente.record.ledger import Ledger
from detente.record.report import score_report
from detente.record.scoring import scores


def test_it_verifies_and_every_entry_is_retrospective() -> None:
    path = shipped_ledger("us-russia-2024")
    assert path is not None
    followed, fault = Ledger(path).verified()
    assert fault is None
    assert followed.missing == ()
    assert len(followed.questions) == 6
    for one in followed.questions.values():
        assert one.question.rule.source
        assert all(one.is_retrospective(seal) for seal in one.seals)
        assert not one.counted
        assert not any(score.counts for score in scores(one))
        assert one.state_at("2027-01-01T00:00:00Z") in ("overdue", "resolved")
    report = score_report(path, Ledger(path).chain(), followed)
    assert report.standings == ()
    assert not report.complete


def test_other_cases_have_none() -> None:
    assert [slug for slug in slugs() if shipped_ledger(slug)] == ["us-russia-2024"]
    assert shipped_ledger("../us-russia-2024") is None
