"""Whatever a file holds, it is a case or a `CaseError`: no other exception, no hang, no memory without end."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from detente.case import Case, check
from detente.case.checked import check_text
from detente.case.reading import MAX_BYTES, MAX_PROBLEMS
from detente.errors import CaseError, Problem
from tests.case.checking import FILE, SMALL, small

SLOW = 30  # seconds of a slow processor, whatever else the machine does, for what takes a fraction of it
TOKENS = [
    *(
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "- ",
        "? ",
        "|",
        ">",
        "&a ",
        "*a",
        "!x ",
        "'",
        '"',
        "#",
        "%",
        "---\n",
        "...\n",
    ),
    *(
        "\n",
        "\r",
        "\t",
        " ",
        "<<: ",
        "null",
        "±",
        "..",
        "9" * 400,
        "é",
        "\u202e",
        "\x00",
        "\ufeff",
        "~",
        "@",
        "`",
    ),
    *("stances:", "actors", "norway", "border", "position", "1e999", "true", "x" * 500),
]
SPOILINGS = st.tuples(st.integers(0, len(SMALL)), st.integers(0, 12), st.sampled_from(["", *TOKENS]))
FLIPS = st.tuples(st.integers(0, len(SMALL.encode()) - 1), st.integers(0, 255))


def assert_case_or_problems(text: str) -> None:
    found = check_text(text, FILE)
    assert (found.case is None) == bool(found.errors)
    assert len(found.problems) <= 2 * (MAX_PROBLEMS + 1)
    for problem in found.problems:
        assert len(str(problem)) < 3_000
        assert problem.message
    if found.case is not None:
        assert Case.from_dict(found.case.to_dict()) == found.case


@settings(max_examples=250)
@given(st.text(max_size=200) | st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
@example("? : ")
@example("{? }")
@example("- - ? a\n: b")
@example("'\\")
@example("%")
@example("!<")
@example("&")
@example("|9999999999\n a")
@example(">-+\n")
@example('"\\U00110000"')
@example('"\\x')
@example("[\n---\n]")
def test_any_text_is_a_case_or_problems(text: str) -> None:
    assert_case_or_problems(text)


@settings(max_examples=250)
@given(st.lists(SPOILINGS, max_size=4))
def test_a_case_with_passages_replaced_is_a_case_or_problems(spoilings: list[tuple[int, int, str]]) -> None:
    text = SMALL
    for at, length, new in spoilings:
        text = text[:at] + new + text[at + length :]
    assert_case_or_problems(text)


LINES = SMALL.splitlines()


@settings(max_examples=100)
@given(st.lists(st.tuples(st.sampled_from(LINES), st.integers(0, 6)), max_size=25))
def test_the_lines_of_a_case_in_any_order_are_a_case_or_problems(lines: list[tuple[str, int]]) -> None:
    assert_case_or_problems("\n".join(" " * indent + line.lstrip() for line, indent in lines))


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FLIPS, max_size=5), st.binary(max_size=9))
def test_a_file_with_bytes_changed_is_a_case_or_problems(
    tmp_path: Path, flips: list[tuple[int, int]], tail: bytes
) -> None:
    content = bytearray(SMALL.encode())
    for at, value in flips:
        content[at] = value
    path = tmp_path / "case.yaml"
    path.write_bytes(bytes(content) + tail)
    found = check(path)
    assert (found.case is None) == bool(found.errors)
    assert all(isinstance(problem, Problem) and problem.file == str(path) for problem in found.errors)


def _actors(count: int) -> str:
    return "actors: {" + ",".join(f"actor-{k}: {{name: A, influence: 1 ± 1}}" for k in range(count)) + "}\n"


def _issues(count: int) -> str:
    return (
        "issues: {" + ",".join(f"issue-{k}: {{name: I, scale: {{0: a, 9: b}}}}" for k in range(count)) + "}\n"
    )


def _stances(issues: int, actors: int, actor: str = "actor-") -> str:
    one = ",".join(f"{actor}{k}: {{position: 1 ± 1, salience: 1}}" for k in range(actors))
    return "stances: {" + ",".join(f"issue-{k}: {{{one}}}" for k in range(issues)) + "}\n"


def _scenarios(count: int, path: str) -> str:
    changes = ",".join(f"{path.format(k)}: 1" for k in range(5))
    return (
        "scenarios: {" + ",".join(f"s{k}: {{name: S, changes: {{{changes}}}}}" for k in range(count)) + "}\n"
    )


def _correlations(count: int) -> str:
    pairs = [(a, b) for a in range(200) for b in range(a)][:count]
    line = "  - {{between: [actors.actor-{}.influence, actors.actor-{}.influence], rank: 0.001}}\n"
    return "correlations:\n" + "".join(line.format(a, b) for a, b in pairs)


HEAD = "title: T\n"
PATHOLOGICAL: dict[str, Callable[[], str]] = {
    "brackets": lambda: "[" * 100_000,
    "braces": lambda: "{" * 100_000,
    "nested flow": lambda: "{a: " * 2_000,
    "dashes": lambda: "- " * 100_000,
    "questions": lambda: "? " * 100_000,
    "one key over and over": lambda: "a: \n" * (MAX_BYTES // 4),
    "five megabytes of keys": lambda: "".join(f"a{k}: 1\n" for k in range(MAX_BYTES // 11)),
    "blank lines": lambda: "\n" * MAX_BYTES,
    "directives": lambda: "%A\n" * (MAX_BYTES // 3),
    "documents": lambda: "---\n" * (MAX_BYTES // 4),
    "a long scalar": lambda: "title: " + "x" * 1_000_000,
    "a long quoted scalar": lambda: "title: '" + "''" * 400_000 + "'",
    "a long folded scalar": lambda: "title: >\n" + " x\n" * 150_000,
    "a long comment": lambda: "# " + "x" * 1_000_000,
    "a huge integer": lambda: HEAD + f"actors: {{a: {{name: A, influence: {'9' * 400_000}}}}}\n" + _issues(1),
    "a huge number in a text": lambda: HEAD + f"actors: {{a: {{name: A, influence: '1 ± {'9' * 400_000}'}}}}\n",
    "brackets in a quantity": lambda: HEAD
    + f"actors: {{a: {{name: A, influence: '{'[' * 300_000}{']' * 300_000}'}}}}\n",
    "spaces in a red line": lambda: HEAD
    + _actors(1)
    + _issues(1)
    + f"stances: {{issue-0: {{actor-0: {{position: 1, salience: 1, accepts: 'x{' ' * 300_000}y'}}}}}}\n",
    "tags": lambda: "!a " * 100_000,
    "hidden characters": lambda: "\x01" * 1_000_000,
    "a long key": lambda: "? " + "k" * 1_000_000 + "\n: 1\n",
    "long keys": lambda: "".join(f"? {k}{'k' * 10_000}\n: 1\n" for k in range(400)),
    "too many actors": lambda: HEAD + _actors(3_000) + _issues(1),
    "unknown actors": lambda: HEAD + _actors(500) + _issues(20) + _stances(20, 150, "actr-"),
    "unknown sources": lambda: HEAD
    + "sources: {" + ",".join(f"source-{k}: {{title: S}}" for k in range(1_500)) + "}\n"
    + "actors: {a: {name: A, because: [" + ",".join(f"sorce-{k}" for k in range(6_000)) + "]}}\n",
    "contradicting correlations": lambda: HEAD + _actors(200) + _issues(1) + _correlations(2_000),
    "wrong correlations": lambda: HEAD + _actors(200) + _issues(1) + _correlations(1_500).replace("nce]", "nc]"),
    "scenarios without end": lambda: HEAD + _actors(50) + _issues(20) + _stances(20, 50)
    + _scenarios(100, "stances.issue-{}.actor-3.position"),
    "wrong scenarios": lambda: HEAD + _actors(50) + _issues(20) + _stances(20, 50)
    + _scenarios(100, "stances.issue-{}.actor-3.positio"),
}  # fmt: skip


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_a_pathological_file_takes_bounded_time(name: str) -> None:
    text = PATHOLOGICAL[name]()
    assert len(text.encode()) <= MAX_BYTES
    start = time.process_time()
    found = check_text(text, FILE)
    assert time.process_time() - start < SLOW
    assert found.errors or name == "scenarios without end"
    assert len(found.problems) <= MAX_PROBLEMS + 1
    assert sum(len(str(problem)) for problem in found.problems) < 1_000_000


def test_pathological_files_take_bounded_memory() -> None:
    """In a process of its own, whose peak can be told."""
    program = (
        "import resource\n"
        "from tests.case.test_fuzz import FILE, PATHOLOGICAL, check_text\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for name in ('brackets', 'five megabytes of keys', 'too many actors', 'contradicting correlations'):\n"
        "    check_text(PATHOLOGICAL[name]()[:400_000], FILE)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 300_000  # kilobytes


LIMITS = [("actors", 500, _actors), ("issues", 200, _issues)]


@pytest.mark.parametrize(("part", "limit", "made"), LIMITS)
def test_the_numbers_of_actors_and_issues_are_limited(
    part: str, limit: int, made: Callable[[int], str]
) -> None:
    parts = {"actors": _actors(1), "issues": _issues(1)}
    text = HEAD + "".join({**parts, part: made(limit)}.values())
    assert check_text(text, FILE).case is not None
    (problem,) = check_text(HEAD + "".join({**parts, part: made(limit + 1)}.values()), FILE).errors
    assert (problem.path, problem.message) == (part, f"holds more than {limit} entries")


def test_texts_are_limited() -> None:
    long = small().to_dict()
    assert Case.from_dict({**long, "note": "x" * 20_000}).note
    with pytest.raises(CaseError, match="note: holds more than 20000 characters"):
        Case.from_dict({**long, "note": "x" * 20_001})


def test_a_large_case_is_read_in_bounded_time() -> None:
    text = HEAD + _actors(300) + _issues(10) + _stances(10, 300)
    start = time.process_time()
    found = check_text(text, FILE)
    assert found.case is not None
    assert len(found.case.quantities) == 300 + 2 * 10 * 300
    assert time.process_time() - start < SLOW
