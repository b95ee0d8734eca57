"""What no sheet of a workbook has columns for stands in a sheet of its own, and comes back as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case import Case, reading
from detente.case.formats import export_case, import_case
from detente.case.formats.draft import Draft, to_complete
from detente.case.formats.workbook import (
    JSON,
    NUMBER,
    PLACES,
    TEXT,
    Columns,
    Layout,
    path_of,
    rest_rows,
    untold,
    value_of,
)
from detente.case.reading import Document

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), min_size=1, max_size=12)
NAMES = st.from_regex(r"[a-z][\w-]{0,5}", fullmatch=True)
VALUES = st.one_of(TEXTS, st.integers(-9, 9), st.booleans(), st.none(), st.just([]), st.just({}))
DATA = st.recursive(
    VALUES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.from_regex(r"[a-z][\w-]{0,5}", fullmatch=True), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["game", "consent", "x"]), DATA, min_size=1))
@settings(max_examples=50)
def test_rows_read_back_to_what_they_say(data: dict[str, Any]) -> None:
    draft = Draft(Document({}))
    for place, value in rest_rows(data)[1:]:
        path = path_of(str(place))
        assert path is not None
        assert draft.put(path, value_of(value) if isinstance(value, str) else value, once=True)
    assert draft.document.data == data


def test_what_other_sheets_hold_is_left_out() -> None:
    data = {
        "title": "t",
        "actors": {"a": {"name": "A", "pays": 1}, "b": {"name": "B"}},
        "stances": {"i": {"a": {"position": 1, "fears": 2}, "b": {"fears": 3, "salience": 1}}},
        "changes": {"s": {"x.y": None, "z": 2}},
        "game": {"x": 1},
    }
    actors = Layout(("actors", "{id}"), {"name": (TEXT, ("name",))})
    numbers: Columns = {name: (NUMBER, (name,)) for name in ("position", "salience")}
    stances = Layout(("stances", "{issue}", "{actor}"), numbers, needed=(("position",),))
    changes = Layout(("changes", "{scenario}", "{path}"), {"value": (JSON, ())})
    told: set[reading.Path] = set()
    assert actors.rows(data, told) == [["a", "A"], ["b", "B"]]
    assert stances.rows(data, told) == [["i", "a", 1, None]]
    assert changes.rows(data, told) == [["s", "x.y", "null"], ["s", "z", 2]]
    assert untold(data, (), told) == {
        "title": "t",
        "actors": {"a": {"pays": 1}},
        "stances": {"i": {"a": {"fears": 2}, "b": {"fears": 3, "salience": 1}}},
        "game": {"x": 1},
    }
    assert rest_rows({"game": {"x": 1, "y": ["a", ["b"]]}}) == [
        list(PLACES),
        ["game.x", 1],
        ["game.y[0]", "a"],
        ["game.y[1]", '["b"]'],
    ]


@pytest.mark.parametrize("place", ["", "a..b", "a b", "[x]", ".a", "a]", ".".join("a" * 20)])
def test_what_is_no_place_is_not_read(place: str) -> None:
    assert path_of(place) is None


def test_a_place_that_is_taken_or_out_of_order_is_refused() -> None:
    data: dict[str, Any] = {"a": {"b": 1, "c": [1]}}
    draft = Draft(Document(data))
    for path in [("a", "b"), ("a", "b", "d"), ("a", "c", 0), ("a", "c", 2), ("a", 0), ("a", "c", "x")]:
        assert not draft.put(path, 5, once=True), path
    assert data == {"a": {"b": 1, "c": [1]}}


def test_a_game_survives_a_workbook_and_a_wrong_place_in_it_is_told(tmp_path: Path) -> None:
    game = {
        "options": {"x": {"actor": "a"}, "y": {"actor": "b", "moves": "forward"}},
        "infeasible": ["YY"],
        "preferences": {
            "a": {"ranking": ["YN", ">>", ["NY", "NN"]]},
            "b": ["x", {"statement": "y", "strong": True}],
        },
        "status_quo": "NN",
        "coalitions": [["a", "b"]],
    }
    case = Case.from_dict({"title": "t", "actors": {"a": {"name": "A"}, "b": {"name": "B"}}, "game": game})
    path = tmp_path / "case.xlsx"
    assert export_case(case, path) == []
    assert import_case(path).require() == case

    from openpyxl import load_workbook

    book = load_workbook(path)
    book["rest"]["A3"] = "game..x"
    book.save(path)
    (problem, *_) = import_case(path).errors
    assert "no place in a case, or taken" in problem.message
    assert problem.line == 3

    book["rest"]["A3"] = "gaem.x"
    book.save(path)
    found = import_case(path)
    assert any("'gaem.x' is no place in a case, or taken" in one.message for one in found.errors)
    assert found.partial is not None
    assert to_complete(found.partial, found.errors, str(path))
