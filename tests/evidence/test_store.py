"""The store loses nothing that it acknowledged, changes nothing, and decisions outlive texts and extractors."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import CaseError, DetenteError, FormatError, NotFoundError, OptionError
from detente.evidence.held import Read
from detente.evidence.records import (
    Actor,
    Candidate,
    Conditional,
    DateFound,
    Document,
    Event,
    Position,
    Record,
    Span,
    Statement,
)
from detente.evidence.store import Store

TEXT = "Envoy Lobo said the port would reopen in May 2031. Farro said that if the levy goes, ships will come."
FULL = os.environ.get("HYPOTHESIS_PROFILE") == "full"


def at(text: str, words: str, nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span(start, start + len(words))


def document(text: str = TEXT, name: str = "talks", **fields: object) -> Document:
    hashed = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Document(id=name, text=text, sha256=hashed, **fields)  # type: ignore[arg-type]


def statement(text: str = TEXT) -> Statement:
    return Statement(
        kind="indirect",
        speaker=(at(text, "Envoy Lobo"),),
        head=at(text, "Lobo"),
        cue=(at(text, "said"),),
        content=(at(text, "the port would reopen"),),
    )


def every_kind(text: str = TEXT) -> tuple[Record, ...]:
    whole = at(text, "the levy goes")
    lobo = Candidate(code="Lobo", name="Lobo", score=0.9, reason="introduced here")
    return (
        statement(text),
        Actor(name="Lobo", type="person", mentions=(at(text, "Lobo"),), candidates=(lobo,)),
        DateFound(
            span=at(text, "May 2031"),
            lo=date(2031, 5, 1),
            hi=date(2031, 6, 1),
            granularity="month",
            anchor="explicit",
        ),
        Event(source=("Lobo",), act="AGREE", trigger=(at(text, "reopen"),), date=at(text, "May 2031")),
        Conditional(
            marker=(at(text, "if"),),
            kind="if",
            antecedent=(whole,),
            consequent=(at(text, "ships will come"),),
            polarity="if_then",
        ),
        Position(
            holder=(at(text, "Farro"),),
            issue=(at(text, "the levy"),),
            stance="opposes",
            evidence=(whole,),
        ),
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.opened(tmp_path / "evidence.sqlite", make=True) as opened:
        yield opened


def test_what_is_stored_comes_back_the_same(store: Store) -> None:
    given_ = document(title="Talks", date=date(2031, 5, 2), furniture=(Span(0, 5),), notes=("a note",))
    (added,) = store.add([Read.of(given_, every_kind())], "rules 1")
    assert (added.id, added.state, added.records) == ("talks", "new", 6)
    assert store.document("talks") == given_
    held = list(store.records())
    assert {one.record for one in held} == set(every_kind())
    assert {one.label for one in held} == {"s1", "a1", "d1", "e1", "c1", "p1"}
    assert all(one.id == one.record.id(given_) and one.state == "open" for one in held)
    assert [one.record for one in store.records("talks", "position")] == [every_kind()[-1]]


@given(st.text(st.characters(), min_size=1), st.data())
@settings(max_examples=60, deadline=None)
def test_any_text_is_stored_as_it_is(text: str, data: st.DataObject) -> None:
    """Astral, combining, bidirectional, CRLF, NUL, lone surrogates: text[s:e] stays what it was."""
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    with Store.opened(Path(":memory:"), make=True) as store:
        store.add(
            [Read.of(document(text), (Statement(kind="direct", cue=(span,), content=(span,)),))], "rules 1"
        )
        back = store.document("talks")
        assert back.text == text
        (held,) = store.records()
        assert isinstance(held.record, Statement)
        assert held.record.content[0].of(back.text) == text[span.start : span.end]


def test_reading_twice_changes_nothing_and_another_extractor_reads_again(store: Store) -> None:
    read = Read.of(document(), every_kind())
    store.add([read], "rules 1")
    assert store.add([read], "rules 1")[0].state == "known"
    assert store.add([read._replace(rows=())], "rules 2")[0].state == "again"
    assert not list(store.records())
    assert store.known(read.document.sha256, "rules 2") == "talks"
    assert store.known(read.document.sha256, "rules 1") is None  # what is shown is what the last one found


def test_two_files_of_one_name_are_two_documents_and_one_file_in_two_places_is_one(
    store: Store, tmp_path: Path
) -> None:
    ids = [
        store.add([Read.of(document(text), (), tmp_path / folder / "talks.txt")], "rules 1")[0].id
        for folder, text in (("a", TEXT), ("b", "Another text."), ("c", TEXT), ("b", "Another text, edited."))
    ]
    assert ids == ["talks", "talks-2", "talks", "talks-2"]
    assert [one.text for one in store.documents()] == [TEXT, "Another text, edited."]


def test_decisions_stand_on_ids_and_the_last_one_counts(store: Store) -> None:
    store.add([Read.of(document(), every_kind())], "rules 1")
    (held,) = store.decide(["talks#s1"], "accept", "Ana")
    assert (held.state, held.by) == ("accepted", "Ana")
    (held,) = store.decide([held.id], "reject", "Ben", note="only a rumour")
    assert (held.state, held.by, held.note) == ("rejected", "Ben", "only a rumour")
    (held,) = store.decide(["talks#s1"], "correct", "Ana", changes={"negated": True, "content": [[20, 30]]})
    assert (held.state, held.label) == ("corrected", "s1")
    assert isinstance(held.record, Statement)
    assert held.record.negated
    assert held.record.content == (Span(20, 30),)
    assert held.record.witnesses == ("analyst",)
    assert held.id == statement().id(document())


def test_every_fault_of_a_decision_is_told_and_nothing_is_decided(store: Store) -> None:
    store.add([Read.of(document(), every_kind())], "rules 1")
    with pytest.raises(CaseError, match=r"(?s)talks#s7.*no document 'talk'"):
        store.decide(["talks#s1", "talks#s7", "talk#s1"], "accept", "Ana")
    with pytest.raises(OptionError, match="--by"):
        store.decide(["talks#s1"], "accept", " ")
    with pytest.raises(OptionError, match="has no colour, size"):
        store.decide(["talks#s1"], "correct", "Ana", changes={"colour": 1, "size": 2})
    with pytest.raises(OptionError, match="kind"):
        store.decide(["talks#s1"], "correct", "Ana", changes={"kind": "sung"})
    assert {held.state for held in store.records()} == {"open"}


def test_what_was_accepted_survives_an_extractor_that_does_not_find_it(store: Store) -> None:
    store.add([Read.of(document(), every_kind())], "rules 1")
    store.decide(["talks#s1"], "accept", "Ana")
    store.decide(["talks#p1"], "reject", "Ana")
    (added,) = store.add([Read.of(document(), ())], "rules 2")
    assert (added.state, added.records) == ("again", 0)
    (held,) = store.records()
    assert (held.state, held.record) == ("accepted", statement())
    store.add([Read.of(document(), every_kind())], "rules 3")
    assert {one.label: one.state for one in store.records()}["p1"] == "rejected"


def test_decisions_move_with_an_edited_text(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "talks.txt"
    store.add([Read.of(document(), every_kind(), file)], "rules 1")
    store.decide(["talks#s1"], "accept", "Ana")
    store.decide(["talks#c1"], "correct", "Ben", changes={"kind": "only_if"})
    store.decide(["talks#p1"], "reject", "Ben")
    edited = "Updated at noon.\n\n" + TEXT.replace("ships will come", "ships  will\ncome")
    (added,) = store.add([Read.of(document(edited), (statement(edited),), file)], "rules 1")
    assert (added.id, added.state, added.carried, added.review) == ("talks", "changed", 3, 0)
    held = {one.record.record: one for one in store.records()}
    assert held["statement"].state == "accepted"
    assert held["statement"].record == statement(edited)
    assert held["conditional"].state == "corrected"
    conditional = held["conditional"].record
    assert isinstance(conditional, Conditional)
    assert conditional.kind == "only_if"
    assert conditional.consequent[0].of(edited) == "ships  will\ncome"
    assert "position" not in held  # rejected, and not found again
    store.add([Read.of(document(edited), (statement(edited),), file)], "rules 2")
    assert {one.state for one in store.records()} == {"accepted", "corrected"}


def test_a_label_stays_with_its_words_and_is_never_given_to_others(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "talks.txt"
    store.add([Read.of(document(), every_kind(), file)], "rules 1")
    first = Statement(kind="direct", cue=(Span(0, 5),))
    edited = "Late, Farro was silent to the end.\n" + TEXT
    store.add([Read.of(document(edited), (first, *every_kind(edited)), file)], "rules 1")
    assert {one.label: one.record for one in store.records(kind="statement")} == {
        "s2": first,
        "s1": statement(edited),
    }
    store.add([Read.of(document(edited), (first,), file)], "rules 2")
    other = Statement(kind="direct", cue=(Span(40, 45),))
    store.add([Read.of(document(edited), (other, first), file)], "rules 3")
    assert {one.label for one in store.records()} == {"s2", "s3"}
    assert store.named("talks#s3")[0].record == other


def test_a_decision_whose_words_are_gone_is_lost_and_comes_back_with_them(
    store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "talks.txt"
    store.add([Read.of(document(), every_kind(), file)], "rules 1")
    store.decide(["talks#s1"], "accept", "Ana")
    (added,) = store.add([Read.of(document("Nothing of it is left."), (), file)], "rules 1")
    assert added.review == 1
    (held,) = store.records()
    assert (held.state, held.document.text) == ("lost", TEXT)
    store.add([Read.of(document("Nothing at all."), (), file)], "rules 1")
    assert [one.state for one in store.records()] == ["lost"]
    store.add([Read.of(document("Late. " + TEXT), (), file)], "rules 1")
    (held,) = store.records()
    assert (held.state, held.by) == ("accepted", "Ana")
    assert held.record == statement("Late. " + TEXT)


def test_a_decision_on_words_that_are_only_alike_is_to_be_reviewed(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "talks.txt"
    record = Statement(
        kind="indirect",
        cue=(at(TEXT, "said"),),
        content=(at(TEXT, "that if the levy goes, ships will come"),),
    )
    store.add([Read.of(document(), (record,), file)], "rules 1")
    store.decide(["talks#s1"], "accept", "Ana")
    changed = document(TEXT.replace("the levy goes", "the old levy goes"))
    (added,) = store.add([Read.of(changed, (), file)], "rules 1")
    assert (added.carried, added.review) == (1, 1)
    (held,) = store.records()
    assert held.state == "review"
    assert store.decide([held.id], "accept", "Ana")[0].state == "accepted"


@pytest.mark.parametrize("table", ["documents", "readings", "records", "decisions"])
def test_no_line_can_be_changed_removed_or_replaced(tmp_path: Path, table: str) -> None:
    path = tmp_path / "evidence.sqlite"
    with Store.opened(path, make=True) as store:
        store.add([Read.of(document(), every_kind())], "rules 1")
        store.decide(["talks#s1"], "accept", "Ana")
    with sqlite3.connect(path) as other:
        row = other.execute(f"SELECT * FROM {table}").fetchone()  # noqa: S608
        marks = ", ".join("?" * len(row))
        for act in (f"UPDATE {table} SET number = 9", f"DELETE FROM {table}"):  # noqa: S608
            with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
                other.execute(act)
        with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
            other.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", row)  # noqa: S608
    other.close()


def test_any_program_that_opens_sqlite_sees_the_words(tmp_path: Path) -> None:
    path = tmp_path / "evidence.sqlite"
    text = "\U0001f600 " + TEXT
    with Store.opened(path, make=True) as store:
        store.add([Read.of(document(text), every_kind(text))], "rules 1")
        store.decide(["talks#s1"], "accept", "Ana")
    other = sqlite3.connect(path)
    found = other.execute("SELECT field, words, verdict FROM words WHERE label = 's1'").fetchall()
    other.close()
    assert set(found) == {
        ("speaker", "Envoy Lobo", "accept"),
        ("cue", "said", "accept"),
        ("content", "the port would reopen", "accept"),
    }


def test_only_a_store_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "evidence.sqlite"
    with pytest.raises(NotFoundError, match="detente read"), Store.opened(path):
        pass
    path.write_bytes(b"Not a database at all, but long enough to look like one." * 30)
    with pytest.raises(FormatError, match="cannot be read as a store"), Store.opened(path, make=True):
        pass
    path.unlink()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE mine (x)")
    other.close()
    with pytest.raises(FormatError, match="no store of evidence"), Store.opened(path, make=True):
        pass
    path.unlink()
    with Store.opened(path, make=True):
        pass
    other = sqlite3.connect(path)
    other.execute("PRAGMA user_version = 99")
    other.close()
    with pytest.raises(FormatError, match="newer"), Store.opened(path):
        pass
    with pytest.raises(DetenteError), Store.opened(tmp_path / "no" / "folder.sqlite", make=True):
        pass


WRITER = """
import sys
from pathlib import Path
from tests.evidence.test_store import document, every_kind
from detente.evidence.held import Read
from detente.evidence.store import Store
name, count = sys.argv[2], int(sys.argv[3])
with Store.opened(Path(sys.argv[1]), make=True) as store:
    for number in range(count):
        text = f"{document().text} Note {name} {number}."
        pair = [Read.of(document(text, f"{name}-{number}-{half}"), every_kind(text), named=True) for half in "ab"]
        store.add(pair, "rules 1")
        print(store.decide([f"{name}-{number}-a#s1"], "accept", name)[0].id, flush=True)
"""


def _writer(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_two_programs_write_by_turns(tmp_path: Path) -> None:
    path = tmp_path / "evidence.sqlite"
    writers = [_writer(path, name, 15) for name in ("ana", "ben")]
    told = [set(writer.communicate()[0].split()) for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    with Store.opened(path) as store:
        for name, ids in zip(("ana", "ben"), told, strict=True):
            accepted = {one.id for one in store.records(kind="statement") if one.by == name}
            assert ids == accepted
            assert len(ids) == 15


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_kill_at_any_moment_loses_no_decision_and_leaves_no_half(tmp_path: Path) -> None:
    dice = random.Random(os.environ.get("DETENTE_SEED", "14"))  # noqa: S311 - not for secrets
    path = tmp_path / "evidence.sqlite"
    told: set[str] = set()
    for attempt in range(60 if FULL else 6):
        writer = _writer(path, f"w{attempt}", 10_000)
        assert writer.stdout is not None
        told.add(writer.stdout.readline().strip())  # it is at work
        time.sleep(dice.uniform(0, 0.25))
        writer.send_signal(signal.SIGKILL)
        told |= {line for line in writer.communicate()[0].split("\n")[:-1] if line}
        with Store.opened(path) as store:
            accepted = {one.id for one in store.records(kind="statement") if one.state == "accepted"}
            ids = [one.id for one in store.documents()]
        assert told <= accepted
        assert all(f"{one[:-1]}b" in ids for one in ids)  # both of a batch, or none
    other = sqlite3.connect(path)
    assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    other.close()
