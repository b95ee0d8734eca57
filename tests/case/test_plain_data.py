"""Data from Python may be anything; only plain data gets into a case, and only a `CaseError` gets out."""

from __future__ import annotations

from collections import OrderedDict, UserDict
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from types import MappingProxyType
from typing import Any
from unicodedata import combining, normalize

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case import Acceptance, Actor, Case, plain_data
from detente.case.reading import MAX_DEPTH, MAX_PROBLEMS
from detente.case.text import MOST_MARKS, normal
from detente.case.validation import shown
from detente.errors import CaseError, DetenteError
from detente.quantity import parse
from tests.case.checking import small


class Colour(StrEnum):
    RED = "red"


PLAIN: list[tuple[Any, Any]] = [
    (None, None),
    (True, True),
    (np.bool_(False), False),
    (3, 3),
    (np.int32(3), 3),
    (2.5, 2.5),
    (np.float32(0.5), 0.5),
    (Fraction(1, 2), 0.5),
    ("A\u030a", "Å"),
    (Colour.RED, "red"),
    (date(2024, 11, 7), "2024-11-07"),
    (datetime(2024, 11, 7, 12, 30), "2024-11-07"),
    (parse("40 ± 5"), "40 ± 5"),
    (parse([1, "2..3"]), [1, "2..3"]),
    (Acceptance.parse("20 to 60"), "20 to 60"),
    ((1, (2, [3])), [1, [2, [3]]]),
    ({0: "a", 1.5: "b", np.float64(2.0): "c"}, {"0": "a", "1.5": "b", "2": "c"}),
    (OrderedDict(a=1), {"a": 1}),
    (UserDict(a=1), {"a": 1}),
    (MappingProxyType({"a": 1}), {"a": 1}),
    (Actor(name="A", country="NOR"), {"name": "A", "country": "NOR"}),
]


@pytest.mark.parametrize(("given_", "kept"), PLAIN, ids=range(len(PLAIN)))
def test_what_a_file_could_say_becomes_plain(given_: object, kept: object) -> None:
    found, faults = plain_data.plain({"x": given_})
    assert faults == []
    assert found == {"x": kept}
    assert type(found["x"]) is type(kept)


REFUSED: list[tuple[Any, str]] = [
    (float("nan"), "x: every number in a case is finite and below 1e300"),
    (float("-inf"), "x: every number in a case is finite and below 1e300"),
    (10**301, "x: every number in a case is finite and below 1e300"),
    (-(10**5_000), "x: every number in a case is finite and below 1e300"),
    (Fraction(10**400), "x: every number in a case is finite and below 1e300"),
    (Decimal("1.5"), "x: a Decimal cannot stand in a case"),
    (1j, "x: a complex cannot stand in a case"),
    (b"bytes", "x: a bytes cannot stand in a case"),
    ({1, 2}, "x: a set cannot stand in a case"),
    (object(), "x: a object cannot stand in a case"),
    (np.zeros(3), "x: a ndarray cannot stand in a case"),
    (lambda: 1, "x: a function cannot stand in a case"),
    ("\u202e", "x: character 1 is U+202E RIGHT-TO-LEFT OVERRIDE"),
    ("\ud800", "x: character 1 is U+D800"),
    ({"a\x00": 1}, "x: character 2 is U+0000"),
    ({None: 1}, "x: a key must be a text or a number, not a NoneType"),
    ({(1, 2): 1}, "x: a key must be a text or a number, not a tuple"),
    ({True: 1}, "x: a key must be a text or a number, not a bool"),
    ({float("nan"): 1}, "x: every number in a case is finite"),
    ({10**400: 1}, "x: every number in a case is finite"),
    ({0: "a", "0": "b"}, "x.0: '0' stands twice; keep one"),
    ([1, {"y": {2}}], "x[1].y: a set cannot stand in a case"),
]


@pytest.mark.parametrize(("value", "said"), REFUSED, ids=range(len(REFUSED)))
def test_what_no_file_could_say_is_refused_with_its_path(value: object, said: str) -> None:
    with pytest.raises(CaseError) as caught:
        Case.from_dict({**small().to_dict(), "x": value})
    assert str(caught.value).startswith(said)


def test_everything_that_is_not_plain_is_told_at_once() -> None:
    with pytest.raises(CaseError) as caught:
        Case.from_dict({"title": {1}, "actors": {None: 1, "a": b"x"}, "note": "\x00"})
    assert [problem.path for problem in caught.value.problems] == ["title", "actors", "actors.a", "note"]


def test_data_without_end_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    loop: dict[str, Any] = {}
    loop["x"] = loop
    wide: list[Any] = []
    wide += [wide] * 10
    deep: Any = 1
    for _ in range(5_000):
        deep = [deep]
    for data in ({"title": loop}, {"title": deep}):
        with pytest.raises(CaseError, match=f"nested more than {MAX_DEPTH} deep"):
            Case.from_dict(data)
    monkeypatch.setattr(plain_data, "MAX_VALUES", 1_000)
    with pytest.raises(CaseError, match="more than 1000 values"):
        Case.from_dict({"title": [1] * 2_000})
    assert len(plain_data.plain([{1}] * 5_000)[1]) == MAX_PROBLEMS


def test_wide_data_without_end_is_cut_short() -> None:
    wide: list[Any] = []
    wide += [wide] * 10
    with pytest.raises(CaseError, match="nested more than 64 deep"):
        Case.from_dict({"title": wide})


@pytest.mark.parametrize("data", [None, [], "title: T", 5, [("title", "T")], b"x", object()])
def test_a_case_is_a_mapping(data: Any) -> None:
    with pytest.raises(CaseError):
        Case.from_dict(data)


def test_a_case_can_be_made_from_a_case() -> None:
    assert Case.from_dict(small()) == small()  # type: ignore[arg-type]


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=3)
    | st.dates() | st.decimals(allow_nan=True) | st.just(object()) | st.fractions(),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner)
    | st.dictionaries(st.none() | st.integers() | st.text(max_size=4) | st.floats(), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from(["detente", "title", "actors", "issues", "stances", "sources", "scenarios", "options",
                         "correlations", "groups", "as_of", 5, "x"]),
        _ANY,
    )
)  # fmt: skip
def test_only_a_detente_error_comes_out_of_any_data(data: dict[Any, Any]) -> None:
    with pytest.raises(DetenteError) as caught:
        Case.from_dict({"detente": "no case", **data})
    assert str(caught.value)


@settings(max_examples=150)
@given(st.data())
def test_only_a_detente_error_comes_out_of_a_spoiled_case(data: st.DataObject) -> None:
    """One value somewhere in a valid case is replaced by anything."""
    plain_case = small().to_dict()
    node: Any = plain_case
    key: Any = data.draw(st.sampled_from(list(node)))
    while isinstance(node[key], (dict, list)) and node[key] and data.draw(st.integers(0, 5)):
        node = node[key]
        key = data.draw(st.sampled_from(list(node) if isinstance(node, dict) else list(range(len(node)))))
    node[key] = data.draw(_ANY)
    try:
        case = Case.from_dict(plain_case)
    except DetenteError as error:
        assert isinstance(error, CaseError)  # noqa: PT017 - either outcome is right
        assert len(str(error)) < 100_000  # noqa: PT017
    else:
        assert Case.from_dict(case.to_dict()) == case


SHOWN: list[tuple[Any, str]] = [
    (None, "null"),
    (True, "true"),
    (0.5, "0.5"),
    ("a b", "a b"),
    ("a\r\n\tb", "a b"),
    ("a\x1b[31m\u202e", "a\\u001b[31m\\u202e"),
    ("x" * 100, "x" * 57 + "..."),
    (10**80, "a whole number of more than 60 digits"),
    ({"a": [1, {"b": {"c": 2}}]}, "{a: [1, {}]}"),
    ([1, [2, [3]]], "[1, [2, []]]"),
    ({1, 2}, "a set"),
    ({f"k{k}": k for k in range(10_000)}, "{k0: 0, k1: 1, k2: 2, k3: 3, k4: 4, k5: 5, k6: 6, k7: 7, ..."),
]


@pytest.mark.parametrize(("value", "text"), SHOWN, ids=range(len(SHOWN)))
def test_a_value_is_shown_on_one_short_line(value: object, text: str) -> None:
    assert shown(value) == text
    assert len(shown(value)) <= 60


@given(st.text(st.sampled_from("ae \n·–е\u0301\u0323\u0f71"), max_size=90) | st.text())
def test_marks_are_counted_letter_by_letter(text: str) -> None:
    """The literal definition: no run of characters that combine is longer than the most marks."""
    runs = [len(list(run)) for combines, run in groupby(text, lambda one: combining(one) > 0) if combines]
    if max(runs, default=0) > MOST_MARKS:
        with pytest.raises(ValueError, match="combining marks"):
            normal(text)
    else:
        assert normal(text) == normalize("NFC", text)


@pytest.mark.parametrize("between", ["a", "\u00b7" * 40, ""], ids=["letter", "signs", "nothing"])
def test_marks_of_two_letters_do_not_add_up(between: str) -> None:
    text = "a" + "\u0323" * MOST_MARKS + between + "\u0323" * MOST_MARKS
    if between:
        assert normal(text) == normalize("NFC", text)
    else:
        with pytest.raises(ValueError, match="combining marks"):
            normal(text)
