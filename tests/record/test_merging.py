"""Ledgers that are merged: what comes along, what is known of heads, what is refused, what stays disputed."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread
from time import sleep

import pytest

from detente.errors import LedgerError
from detente.record import openings
from detente.record.chain import append, read
from detente.record.ledger import Ledger
from detente.record.scoring import scores
from tests.record.test_ledger import (
    EVENT,
    LATER,
    T2,
    T3,
    T4,
    T5,
    ledger,  # noqa: F401 - a fixture
    question,
    resolution,
)


def test_merged_ledgers_keep_both_chains_and_dispute_what_they_resolve_differently(tmp_path: Path) -> None:
    mine, yours = Ledger(tmp_path / "mine.jsonl"), Ledger(tmp_path / "yours.jsonl")
    for kept, outcome in ((mine, True), (yours, False)):
        kept.seal("q", EVENT, question=question(), at=T2)
        kept.resolve("q", resolution(outcome), at=T4)
    yours.seal("other", EVENT, question=question(text="Another?", deadline=LATER, latest=LATER), at=T5)
    mine.merge(yours, at=T5)
    followed = mine.replay().questions
    assert set(followed) == {"q", "other"}
    assert len(followed["q"].seals) == 2
    assert followed["q"].disputed
    assert list(scores(followed["q"])) == []
    mine.resolve("q", resolution(True), correct=True, at=T5)
    settled = mine.replay().questions["q"]
    assert not settled.disputed
    assert list(scores(settled)) != []
    with pytest.raises(LedgerError, match="stands in"):
        mine.merge(Ledger(next(tmp_path.glob("*.merged-*[0-9a-f]"))))
    assert (
        mine.verified([mine.chain().head, yours.chain().head])[1] is None
    )  # a head on either chain is known
    joined = next(tmp_path.glob("*.merged-????????????"))
    whole = joined.read_bytes()
    for content, told in ((b"", "is not what it was"), (whole.replace(b"treaty", b"treatx"), "line 3")):
        joined.write_bytes(content)
        assert told in str(mine.verified()[1])
        with pytest.raises(LedgerError, match=told):
            mine.replay()
    joined.unlink()
    assert "is gone" in str(mine.verified()[1])


def test_what_was_merged_into_a_merged_ledger_comes_with_it(tmp_path: Path) -> None:
    """Folders apart, so that nothing stands beside by chance; the same id thrice, each another question."""
    kept = []
    for name in ("first", "second", "third"):
        (tmp_path / name).mkdir()
        kept.append(Ledger(tmp_path / name / f"{name}.jsonl"))
        kept[-1].seal("q", EVENT, question=question(text=f"The {name}?"), at=T2)
    first, second, third = kept
    second.merge(third, at=T4)
    first.merge(second, at=T4)
    for gone in (second, third):
        for path in gone.path.parent.iterdir():
            path.unlink()
    followed = first.replay().questions
    assert [one.question.text for one in followed.values()] == [
        f"The {n}?" for n in ("first", "second", "third")
    ]
    assert all(one.seals[0].forecasts for one in followed.values())
    assert first.verified()[1] is None


def test_heads_of_ledgers_merged_into_merged_ones_are_known(tmp_path: Path) -> None:
    first, second, third = (Ledger(tmp_path / f"{name}.jsonl") for name in ("first", "second", "third"))
    for one in (first, second, third):
        one.seal(one.path.stem, EVENT, question=question(), at=T2)
    second.merge(third, at=T4)
    first.merge(second, at=T4)
    assert first.verified([one.chain().head for one in (first, second, third)])[1] is None
    assert "is not on the chain" in str(first.verified([f"1:{'f' * 64}"])[1])
    assert "is not on the chain" in str(first.verified([f"0:{'f' * 64}"])[1])
    assert first.verified([f"0:{'0' * 64}"])[1] is None


def test_what_cannot_be_merged_is_refused_and_leaves_nothing(tmp_path: Path, ledger: Ledger) -> None:  # noqa: F811
    empty = Ledger(tmp_path / "empty.jsonl")
    empty.path.write_bytes(b"")
    failing = Ledger(tmp_path / "failing.jsonl")
    append(failing.path, lambda *_: [{"kind": "resolve", "id": "nobody", "body": {}}])
    before = sorted(tmp_path.iterdir())
    for other, told in ((empty, "stands in"), (failing, "of which no question stands")):
        with pytest.raises(LedgerError, match=told):
            ledger.merge(other)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"head": "1:x"}, "lacks 'file'"),
        ("ledger", "line 2"),
        ({"head": "1:x", "file": "mine.jsonl"}, "into itself"),
        ({"head": "1:x", "file": "other.jsonl"}, "is no head"),
    ],
)
def test_a_merge_that_was_written_by_hand_is_a_fault_and_no_crash(
    tmp_path: Path, body: object, told: str
) -> None:
    mine = Ledger(tmp_path / "mine.jsonl")
    append(tmp_path / "other.jsonl", lambda *_: [])
    append(mine.path, lambda *_: [{"kind": "merge", "body": body}])
    assert told in str(mine.verified()[1])


def test_a_dispute_within_a_merged_ledger_stays_one(tmp_path: Path) -> None:
    mine, yours, theirs = (Ledger(tmp_path / f"{name}.jsonl") for name in ("mine", "yours", "theirs"))
    for kept, outcome in ((mine, None), (yours, True), (theirs, False)):
        kept.seal("q", EVENT, question=question(), at=T2)
        if outcome is not None:
            kept.resolve("q", resolution(outcome), at=T4)
    yours.merge(theirs, at=T5)
    mine.merge(yours, at=T5)
    assert mine.replay().questions["q"].disputed


@pytest.mark.parametrize("annulled_here", [True, False])
def test_a_question_annulled_in_one_and_resolved_in_the_other_is_disputed(
    tmp_path: Path, annulled_here: bool
) -> None:
    mine, yours = Ledger(tmp_path / "mine.jsonl"), Ledger(tmp_path / "yours.jsonl")
    for kept, annulled in ((mine, annulled_here), (yours, not annulled_here)):
        kept.seal("q", EVENT, question=question(), at=T2)
        if annulled:
            kept.annul("q", "source-gone", at=T4)
        else:
            kept.resolve("q", resolution(True), at=T4)
    mine.merge(yours, at=T5)
    one = mine.replay().questions["q"]
    assert (one.state, one.disputed) == ("resolved", True)
    mine.resolve("q", resolution(False), correct=True, at=T5)
    one = mine.replay().questions["q"]
    assert (one.state, one.disputed, one.reason) == ("resolved", False, "")


def test_an_annulment_is_taken_over_and_a_withdrawal_is_not(tmp_path: Path) -> None:
    mine, yours, theirs = (Ledger(tmp_path / f"{name}.jsonl") for name in ("mine", "yours", "theirs"))
    for kept in (mine, yours):
        kept.seal("q", EVENT, question=question(), at=T2)
    yours.annul("q", "false-premise", "No such body", at=T4)
    theirs.seal("q", EVENT, question=question(), at=T2)
    theirs.withdraw("q", at=T3)
    mine.merge(theirs, at=T4)  # mine still stands behind a forecast of its own
    assert mine.replay().questions["q"].state == "sealed"
    mine.merge(yours, at=T5)
    one = mine.replay().questions["q"]
    assert (one.state, one.reason, one.disputed) == ("annulled", "false-premise: No such body", False)


def test_who_waits_for_a_ledger_that_is_refused_and_removed_writes_into_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    held, waiting = Event(), Event()

    def refused(*_: object) -> list[dict[str, str]]:
        held.set()
        waiting.wait(10)
        sleep(0.2)  # so that the other one has opened the file, and waits for its lock
        raise LedgerError("no")

    def first() -> None:
        with pytest.raises(LedgerError, match="no"):
            append(path, refused)

    thread = Thread(target=first)
    thread.start()
    held.wait(10)
    waiting.set()
    done = append(path, lambda *_: [])
    thread.join()
    assert read(path).head == done.chain.head


def test_two_copies_that_went_on_differently_are_a_fork(tmp_path: Path, ledger: Ledger) -> None:  # noqa: F811
    copy = Ledger(tmp_path / "copy.jsonl")
    copy.path.write_bytes(ledger.path.read_bytes())
    openings.beside(copy.path).write_bytes(openings.beside(ledger.path).read_bytes())
    ledger.withdraw("q", at=T3)
    copy.resolve("q", resolution(True), at=T4)
    with pytest.raises(LedgerError, match="somebody added to a copy"):
        ledger.merge(copy)
