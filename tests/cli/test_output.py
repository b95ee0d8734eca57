"""A command's words reach their reader whole, and nothing in them drives the terminal."""

from __future__ import annotations

import io
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from detente.cli.output import Output, colour, complain, json_text, problem_lines
from detente.errors import CaseError, NotFoundError, Problem
from detente.show.columns import clean, width

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), JSON), st.booleans())
def test_json_reads_back_as_it_was(data: dict[str, object], ascii_only: bool) -> None:
    text = json_text(data, ascii_only=ascii_only)
    assert json.loads(text) == data
    assert text.isascii() or not ascii_only


def test_json_keeps_bare_lists_on_one_line() -> None:
    assert json_text({"a": [1, 2], "b": {}, "c": [[1], {"d": ()}]}) == (
        '{\n  "a": [1, 2],\n  "b": {},\n  "c": [\n    [1],\n    {\n      "d": []\n    }\n  ]\n}'
    )


def test_json_has_no_numbers_that_json_does_not_have() -> None:
    with pytest.raises(ValueError, match="JSON"):
        json_text({"a": float("nan")})


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\x1b[31mb\x07", "a[31mb"),
        ("a\x9bb", "ab"),
        ("abc\u202edef", "abcdef"),
        ("tab\there", "tab here"),
        ("half \ud800", "half "),
        ("Åland · 中国 · العربية", "Åland · 中国 · العربية"),
    ],
)
def test_nothing_that_a_terminal_obeys_is_printed(raw: str, shown: str) -> None:
    assert clean(raw) == shown


def test_answers_and_notes_go_different_ways(capsys: pytest.CaptureFixture[str]) -> None:
    Output().say("answer \x1b[2J")
    Output().note("note")
    Output(quiet=True).note("unheard")
    Output().json({"a": "ü"})
    printed = capsys.readouterr()
    assert printed.out == 'answer [2J\n{\n  "a": "ü"\n}\n'
    assert printed.err == "note\n"


def test_json_is_ascii_where_the_stream_is_not_unicode(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    monkeypatch.setattr(sys, "stdout", stream)
    Output().json({"a": "中"})
    stream.flush()
    assert json.loads(stream.buffer.getvalue()) == {"a": "中"}


def test_one_problem_is_told_on_one_line_and_several_as_a_list(capsys: pytest.CaptureFixture[str]) -> None:
    one = Problem("is wrong", "a.b", "7", "write 1", "case.yaml", 3, 5)
    complain(CaseError([one]))
    complain(CaseError([one, Problem("no place\nat all")]))
    complain(NotFoundError("no such thing"))
    assert capsys.readouterr().err == (
        "Error: case.yaml:3:5: a.b: is wrong (got 7); write 1\n"
        "Error: 2 problems\n"
        "case.yaml:3:5: a.b: is wrong (got 7); write 1\n"
        "no place at all\n"
        "Error: no such thing\n"
    )


class Terminal(io.StringIO):
    """A stream that says that a person reads it."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_problems_are_wrapped_for_people_and_whole_for_programs() -> None:
    long = Problem("word " * 40, file="case.yaml", line=3, column=5, severity="warning")
    assert len(problem_lines([long], io.StringIO())) == 1
    lines = problem_lines([long], Terminal())
    assert lines[0].startswith("case.yaml:3:5: warning: word")
    assert len(lines) > 1
    assert max(map(len, lines)) <= 80


def test_no_line_is_wider_than_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Characters of two cells and words without a blank used to be counted as if they fitted."""
    monkeypatch.setenv("COLUMNS", "40")
    for text in ("中华人民共和国外交部" * 12, f"actors.{'long' * 20}: no such actor", "x" * 200):
        lines = problem_lines([Problem(text, file="case.yaml", line=3)], Terminal())
        assert max(map(cell_len, lines)) <= 40
        assert "".join(line.strip() for line in lines).endswith(text[-9:])


@pytest.mark.parametrize(("columns", "expected"), [("80", 80), ("20", 40), ("300", 100), ("", 80)])
def test_the_width_is_that_of_the_terminal_within_reason(
    columns: str, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr(sys, "__stdout__", None)
    assert width() == expected


@pytest.mark.parametrize(
    ("name", "value", "styles"), [("NO_COLOR", "1", False), ("TERM", "dumb", False), ("TERM", "xterm", None)]
)
def test_styles_can_be_refused(
    name: str, value: str, styles: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert colour() is styles
