"""The ledger: its hashes, what it forbids, what it shows when it was changed, and what a crash may cost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time as clock
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import DetenteError, LedgerError, NotFoundError
from detente.record import openings
from detente.record.chain import ZEROS, append, canonical, commitment, linked, parsed, read
from detente.record.ledger import Ledger
from detente.record.questions import Forecast, Question, Resolution

# Worked by hand with sha256sum: three lines, each with the hash of the one before.
WORKED = [
    '{"at":"2026-12-01T00:00:00Z","kind":"open","nonce":"00112233445566778899aabbccddeeff",'
    f'"prev":"{ZEROS}","seq":0,"v":1}}',
    '{"at":"2026-12-02T00:00:00Z","body":"c0ffee","id":"q1","kind":"seal",'
    '"prev":"6aa6c9f5c361c8665a09144d5230c3460711e2ca6b360b3f0c3abfd06c1f866c","seq":1}',
    '{"at":"2026-12-03T00:00:00Z","id":"q1","kind":"resolve",'
    '"prev":"971f9af534cdfab82c6fed70a4de3a9b856c7a0a867e8b1580a5e581017b5e9b","seq":2,"value":"40"}',
]
HEAD = "3:cd64f9ba312e15ab85279ba10e6a696175e697b7ec8bed7dc725d42c0b0a494e"
CONTENT = ("\n".join(WORKED) + "\n").encode()

T1, T2, T3, T4, T5 = (f"2026-0{month}-01T00:00:00Z" for month in range(1, 6))
LATER = "2027-01-01T00:00:00Z"


def question(**changes: Any) -> Question:
    """Return a question about an event, with changes."""
    stated = {
        "text": "Is it signed?",
        "about": "treaty",
        "outcome": "event",
        "opened": T1,
        "deadline": T4,
        "latest": T5,
        "rule": {"criteria": "signed by both", "source": "the depositary"},
        "cluster": "a case",
    }
    return Question.model_validate({**stated, **changes})


SCALE = {"low": "0", "high": "100"}
EVENT = {"model": Forecast(chance="0.3"), "even": Forecast(chance="0.5")}


def resolution(*values: str | bool, known: str = T3, **more: Any) -> Resolution:
    """Return what one or several readers found: a value, or whether it happened."""
    readings = [
        {"coder": str(k), "happened": one if isinstance(one, bool) else True}
        | ({} if isinstance(one, bool) else {"value": one})
        for k, one in enumerate(values)
    ]
    return Resolution.model_validate({"readings": readings, "known": known, "source": "a gazette", **more})


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Return a ledger with one sealed question."""
    kept = Ledger(tmp_path / "l.jsonl")
    kept.seal("q", EVENT, question=question(), inputs='{"case": 1}', rationale="since", at=T2)
    return kept


def test_the_worked_chain_has_the_worked_hashes() -> None:
    chain = linked(CONTENT)
    assert chain.fault is None
    assert chain.head == HEAD
    assert chain.holds("2:971f9af534cdfab82c6fed70a4de3a9b856c7a0a867e8b1580a5e581017b5e9b")
    assert not chain.holds(f"2:{ZEROS}")
    assert not chain.holds("4" + HEAD[1:])


def test_the_worked_commitment_has_the_worked_hash() -> None:
    found = commitment(bytes(range(16)), {"quantiles": ["10", "50", "90"]})
    assert found == "d6f6b6c876b6f524d6cd6cf697f39fe2a44b559885bfac1602610a2e396af4b6"


# RFC 8785, section 3.2.3: keys are sorted by UTF-16 units, so that an emoji (a surrogate pair) precedes U+FB33.
SORTED = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}


def test_keys_are_in_the_order_of_the_standard() -> None:
    assert list(json.loads(canonical(SORTED))) == [
        "\r",
        "1",
        "\u0080",
        "\u00f6",
        "\u20ac",
        "\U0001f600",
        "\ufb33",
    ]
    assert canonical({"a": '\u0007"\\\n/é'}) == '{"a":"\\u0007\\"\\\\\\n/é"}'.encode()


NESTED: Any = "x"
for _ in range(40):
    NESTED = [NESTED]


@pytest.mark.parametrize("value", [0.5, {"a": 1.0}, {1: "a"}, "\ud800", 2**53, NESTED, {"a": {1, 2}}])
def test_what_programs_hash_differently_is_refused(value: Any) -> None:
    with pytest.raises(LedgerError):
        canonical(value)


@pytest.mark.parametrize(
    "line",
    ['{"b":1,"a":2}', '{ "a":1}', '{"a":1,"a":2}', '{"a":1.0}', "[1]", "nonsense", '{"a":"\\u00e9"}', ""],
)
def test_a_line_that_is_not_canonical_is_refused(line: str) -> None:
    with pytest.raises(LedgerError) as told:
        parsed(line.encode())
    assert "Expecting" not in str(told.value)  # the parser's own words


TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), TREES, max_size=4))
def test_canonical_bytes_are_read_back_as_they_were(value: dict[str, Any]) -> None:
    assert parsed(canonical(value)) == value


@given(st.integers(0, len(CONTENT) - 2), st.integers(1, 255))
def test_any_changed_byte_before_the_last_line_is_found(place: int, change: int) -> None:
    """A change of the last line alone is found by a known head."""
    changed = bytearray(CONTENT)
    changed[place] ^= change
    chain = linked(bytes(changed))
    assert chain.fault is not None or not chain.holds(HEAD)
    if place < CONTENT.rindex(b"\n", 0, -1):
        assert chain.fault is not None or chain.torn or len(chain.lines) < 3


@pytest.mark.parametrize(("kept", "gone"), [([0, 2], 2), ([1, 2], 1), ([0, 1, 1, 2], 3), ([0, 2, 1], 2)])
def test_a_missing_doubled_or_moved_line_is_named(kept: list[int], gone: int) -> None:
    chain = linked(("\n".join(WORKED[k] for k in kept) + "\n").encode())
    assert chain.fault is not None
    assert chain.fault.startswith(f"line {gone}:")


def test_a_cut_tail_is_found_by_a_known_head_and_by_nothing_else(tmp_path: Path) -> None:
    kept = Ledger(tmp_path / "cut.jsonl")
    kept.path.write_bytes(("\n".join(WORKED[:1]) + "\n").encode())
    assert kept.verified()[1] is None
    _, fault = kept.verified([HEAD])
    assert fault is not None
    assert "cut off or written anew" in fault


def test_time_does_not_run_back(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="the clock says"):
        ledger.withdraw("q", at=T1)
    assert read(ledger.path).fault is None


def test_a_torn_tail_is_told_and_set_aside_never_lost(ledger: Ledger) -> None:
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole + b'{"half":')
    assert read(ledger.path).torn == b'{"half":'
    done = ledger.withdraw("q", at=T3)
    assert done.torn is not None
    assert done.torn.read_bytes() == b'{"half":'
    assert read(ledger.path).fault is None
    assert ledger.path.read_bytes().startswith(whole)


FORBIDDEN: list[tuple[str, Callable[[Ledger], object]]] = [
    (
        "no question 'other' in the ledger; known: q",
        lambda kept: kept.resolve("other", resolution(True), at=T4),
    ),
    ("stands in it already", lambda kept: kept.seal("q", EVENT, question=question(), at=T3)),
    ("after its deadline", lambda kept: kept.seal("q", EVENT, at=T5)),
    ("after its entry", lambda kept: kept.resolve("q", resolution(True, known=T5), at=T4)),
    ("its outcome is yes or no", lambda kept: kept.resolve("q", resolution("40"), at=T4)),
    ("reasons are unclear-criteria", lambda kept: kept.annul("q", "bored", at=T3)),
    ("no sealed field 'all'", lambda kept: kept.redact("q", ["all"], at=T3)),
    (
        "correct of 'q', which is sealed",
        lambda kept: kept.resolve("q", resolution(True), correct=True, at=T4),
    ),
]


@pytest.mark.parametrize(("told", "act"), FORBIDDEN, ids=[told for told, _ in FORBIDDEN])
def test_an_act_that_is_not_allowed_changes_nothing(
    ledger: Ledger, told: str, act: Callable[[Ledger], object]
) -> None:
    before = ledger.path.read_bytes(), openings.beside(ledger.path).read_bytes()
    with pytest.raises(LedgerError, match=told):
        act(ledger)
    assert (ledger.path.read_bytes(), openings.beside(ledger.path).read_bytes()) == before


def test_after_its_resolution_a_question_is_neither_forecast_nor_withdrawn(ledger: Ledger) -> None:
    ledger.resolve("q", resolution(True), at=T4)
    acts: list[Callable[[], object]] = [
        lambda: ledger.seal("q", EVENT, at=T4),
        lambda: ledger.withdraw("q", at=T4),
        lambda: ledger.resolve("q", resolution(False), at=T4),
    ]
    for act in acts:
        with pytest.raises(LedgerError, match="which is resolved"):
            act()
    ledger.resolve("q", resolution(False), correct=True, at=T5)
    followed = ledger.replay().questions["q"]
    assert followed.corrections == 1
    assert followed.resolution is not None
    assert not followed.resolution.readings[0].happened


def test_a_question_without_rule_source_or_sense_is_refused_with_all_that_is_wrong() -> None:
    from detente.record.questions import of_body

    data = question().model_dump() | {"rule": {"criteria": "", "source": ""}, "deadline": "soon"}
    with pytest.raises(LedgerError) as refused:
        of_body(Question, data, "the question")
    for place in ("rule.criteria", "rule.source", "deadline"):
        assert place in str(refused.value)
    with pytest.raises(LedgerError, match="deadline lies before the opening"):
        of_body(Question, question().model_dump() | {"deadline": "2025-01-01T00:00:00Z"}, "the question")


def placed(points: list[str], masses: list[str], knots: list[str], smooth: list[str]) -> dict[str, Any]:
    """Return a forecast of a position as plain data."""
    return {"position": {**SCALE, "points": points, "masses": masses, "knots": knots, "smooth": smooth}}


IMPROPER = [
    ({"chance": "1.2"}, "from 0 to 1"),
    ({}, "says nothing"),
    ({"chance": "nan"}, "decimal"),
    (placed(["5"], ["0.5"], ["0", "100"], ["0", "0.4"]), "mass is 0.9"),
    (placed([], [], ["0", "50", "100"], ["0", "1.2", "1"]), "falls"),
]


@pytest.mark.parametrize(("said", "told"), IMPROPER)
def test_an_improper_forecast_is_refused_and_found_by_verify(
    ledger: Ledger, said: dict[str, Any], told: str
) -> None:
    from detente.record.questions import of_body

    with pytest.raises(LedgerError, match=told):
        of_body(Forecast, said, "forecast")
    sealing = openings.sealing({"forecasts": {"model": said}})
    openings.keep(ledger.path, sealing.lines)
    append(ledger.path, lambda *_: [{"kind": "update", "id": "q", "body": {"commit": sealing.commits}}], T3)
    _, fault = ledger.verified()
    assert fault is not None
    assert fault.startswith("line 4")
    assert told in fault


def test_a_forecast_of_a_known_outcome_is_kept_and_never_counts(ledger: Ledger) -> None:
    ledger.seal("late", EVENT, question=question(), retrospective=True, at=T5)
    ledger.resolve("q", resolution(True, known=T1), at=T5)
    ledger.resolve("late", resolution(True, known=T3), at=T5)
    followed = ledger.replay().questions
    assert followed["q"].is_retrospective(followed["q"].seals[0])
    assert not followed["q"].counted
    assert not followed["late"].counted


def test_a_conditional_forecast_counts_only_when_its_condition_came_true(tmp_path: Path) -> None:
    kept = Ledger(tmp_path / "l.jsonl")
    condition = {"scenario": "aid-ends", "criteria": "no appropriation is signed"}
    kept.seal("q", EVENT, question=question(condition=condition), at=T2)
    with pytest.raises(LedgerError, match="condition is not declared true; annul it"):
        kept.resolve("q", resolution(True), at=T4)
    kept.resolve("q", resolution(True, condition=True), at=T4)
    assert kept.replay().questions["q"].state == "resolved"


def test_redaction_deletes_the_words_and_never_the_line(ledger: Ledger) -> None:
    before = len(read(ledger.path).lines)
    ledger.redact("q", ["inputs", "rationale"], at=T3)
    kept = openings.opened(ledger.path)
    seal = ledger.replay().questions["q"].seals[0]
    assert set(kept) == {seal.commits["forecasts"]}
    assert seal.redacted == {"inputs", "rationale"}
    assert len(read(ledger.path).lines) == before + 1
    assert ledger.replay().missing == ()


def test_an_opening_that_is_gone_without_redaction_is_told(ledger: Ledger) -> None:
    openings.beside(ledger.path).unlink()
    followed = ledger.replay()
    assert len(followed.missing) == 3
    assert followed.questions["q"].seals[0].forecasts is None
    assert followed.fault is None


def test_a_changed_opening_opens_nothing(ledger: Ledger) -> None:
    path = openings.beside(ledger.path)
    path.write_bytes(path.read_bytes().replace(b'"0.3"', b'"0.9"'))
    assert ledger.replay().questions["q"].seals[0].forecasts is None


def test_an_absent_ledger_is_told_and_not_begun_by_anything_but_a_seal(tmp_path: Path) -> None:
    kept = Ledger(tmp_path / "none.jsonl")
    for act in (
        lambda: kept.withdraw("q"),
        lambda: kept.replay(),
        lambda: kept.resolve("q", resolution(True)),
    ):
        with pytest.raises(NotFoundError, match="begins one"):
            act()
    with pytest.raises(DetenteError):
        kept.seal("q", EVENT, question=question(deadline=T2, latest=T3), at=T5)
    assert list(tmp_path.iterdir()) == []


MOST = 2_000_000
WRITER = """
import sys
from pathlib import Path
from detente.record.chain import append
path = Path(sys.argv[1])
for k in range(int(sys.argv[3])):
    done = append(path, lambda *_: [{"kind": "anchor", "body": {"by": sys.argv[2], "n": k, "fill": "x" * 3000}}])
    print(done.chain.head, flush=True)
"""


def writer(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    """Start a process that appends to a ledger and prints every head that it was told."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name, str(count)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def test_two_writers_at_once_never_fork_the_file(tmp_path: Path) -> None:
    path = tmp_path / "l.jsonl"
    both = [writer(path, name, 30) for name in ("a", "b")]
    heads = [line for one in both for line in one.communicate(timeout=120)[0].split()]
    chain = read(path)
    assert chain.fault is None
    assert len(chain.lines) == 61
    assert len(heads) == len(set(heads)) == 60
    assert all(chain.holds(head) for head in heads)


def kills(count: int) -> list[float]:
    """Return after how many seconds to kill: at random moments of the first writes."""
    return [float(wait) for wait in np.random.default_rng(count).uniform(0.0, 0.15, count)]


def test_a_kill_at_any_moment_loses_no_acknowledged_line(tmp_path: Path, kill_count: int) -> None:
    path, torn = tmp_path / "l.jsonl", 0
    acknowledged: list[str] = []
    for wait in kills(kill_count):
        running = writer(path, "a", 10_000)
        assert running.stdout is not None
        first = running.stdout.readline().strip()  # imports are done: now it writes as fast as it can
        clock.sleep(wait)
        running.send_signal(signal.SIGKILL)
        rest, _ = running.communicate(timeout=60)
        acknowledged += [head for head in (first, *rest.split()) if len(head.partition(":")[2]) == 64]
        chain = read(path)
        assert chain.fault is None
        assert all(chain.holds(head) for head in acknowledged)
        if chain.torn:  # at most one: the next writer tells of it and sets it aside
            torn += 1
            (path.with_name("torn")).write_bytes(chain.torn)
            done = append(path, lambda *_: [{"kind": "anchor", "body": {"by": "after"}}])
            assert done.torn is not None
            assert done.torn.read_bytes() == path.with_name("torn").read_bytes()
            assert not read(path).torn
        if path.stat().st_size > MOST:  # a long ledger only makes each append slow
            path.unlink()
            acknowledged.clear()
    print(f"{kill_count} kills, {torn} torn tails")


@given(st.binary(max_size=200))
@settings(max_examples=50)
def test_no_bytes_crash_the_reader(content: bytes) -> None:
    linked(content)
    linked(CONTENT + content)
