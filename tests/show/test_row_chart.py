"""Charts of named rows: marks stand on the scale, ridges above them, and texts keep clear of each other."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from detente.show.palette import ACCENT
from detente.show.row_chart import Bar, Dot, Line, Ridge, Row, RowChart, Rule, Tick
from detente.show.vega import FONT, WIDTH, Spec
from detente.show.words import broken, width_of


def layers(spec: Spec, kind: str) -> list[Spec]:
    return [one for one in spec["layer"] if one["mark"]["type"] == kind]


def texts(spec: Spec) -> dict[str, dict[str, Any]]:
    """Return text → its row, of texts with a place of their own in their layer."""
    return {str(row["text"]): row for one in layers(spec, "text") for row in one["data"]["values"]}


def test_a_row_has_its_name_its_marks_and_its_numbers() -> None:
    marks = (Line(2, 4), Bar(1, 5), Tick(3), Dot(3, ACCENT, 40.0, "square"))
    spec = RowChart(0, 10, [Row("Name", marks, number="3", detail="2 to 4")]).spec()
    assert [len(layers(spec, kind)) for kind in ("rect", "point")] == [1, 1]
    (dot,) = layers(spec, "point")[0]["data"]["values"]
    assert (dot["x"], dot["shape"], dot["size"]) == (3, "square", 40.0)
    assert {"Name", "3", "2 to 4"} <= set(texts(spec))
    assert texts(spec)["3"]["y"] < texts(spec)["2 to 4"]["y"]


def test_a_ridge_stands_above_the_marks_of_its_row_as_high_as_it_says() -> None:
    ridge = Ridge(((1.0, 0.0), (2.0, 1.0), (3.0, 0.5)))
    spec = RowChart(0, 10, [Row("A", (Dot(2),)), Row("B", (ridge, Dot(2)))]).spec()
    (area,) = layers(spec, "area")
    heights = [row["y2"] - row["y"] for row in area["data"]["values"]]
    assert heights == [0, max(heights), max(heights) / 2]
    above, dot = layers(spec, "point")[0]["data"]["values"]
    assert all(row["y2"] < dot["y"] for row in area["data"]["values"])
    assert all(row["y"] > above["y"] for row in area["data"]["values"])


@pytest.mark.parametrize("places", [(50, 50.5, 51), (0, 0, 0), (100, 99, 98), (10, 50, 90)])
def test_texts_of_rules_keep_clear_of_each_other_and_within_the_frame(places: tuple[float, ...]) -> None:
    rules = [Rule(at, f"a rule of some length {k}", bold=not k) for k, at in enumerate(places)]
    spec = RowChart(0, 100, [Row("A", (Dot(50),))], rules=rules).spec()
    boxes = []
    for one in layers(spec, "text"):
        text = str(one["data"]["values"][0]["text"])
        if text.startswith("a rule"):
            half, x = width_of(text) * (FONT - 0.5) / 2, one["encoding"]["x"]["value"]
            boxes.append((x - half, x + half, one["encoding"]["y"]["value"]))
    assert len(boxes) == 3
    assert all(low >= 0 and high <= WIDTH for low, high, _ in boxes)
    for (low, high, y), (other_low, other_high, other_y) in combinations(boxes, 2):
        assert high <= other_low or other_high <= low or abs(y - other_y) >= 10
    assert min(y for *_, y in boxes) > 0


def test_a_rule_of_two_numbers_is_drawn_as_one_with_the_usual_look() -> None:
    rows = [Row("A", (Dot(5),))]
    assert (
        RowChart(0, 10, rows, rules=[(4, "here")]).spec()
        == RowChart(0, 10, rows, rules=[Rule(4, "here")]).spec()
    )


def test_rules_do_not_run_through_names_above_the_marks() -> None:
    rows = [Row("A long name over the bar", (Bar(2, 6),)), Row("Another", (Bar(3, 4),))]
    spec = RowChart(0, 10, rows, rules=[Rule(5, "all means", dash=None)], names="above").spec()
    drawn = [row for one in layers(spec, "rule") for row in one["data"]["values"] if row.get("x") == 5]
    names = [texts(spec)[row.name]["y"] for row in rows]
    assert len(drawn) == 2
    assert all(not piece["y"] <= name <= piece["y2"] for piece in drawn for name in names)


def test_numbers_have_the_room_that_they_need() -> None:
    narrow = RowChart(0, 10, [Row("A", (Dot(10),), number="1")])
    wide = RowChart(0, 10, [Row("A", (Dot(10),), number="−0.3 bn to +0.3 bn")])
    assert narrow.scale.right == WIDTH - narrow.numbers
    assert wide.scale.right < WIDTH - width_of("−0.3 bn to +0.3 bn") * FONT


def test_words_held_together_by_a_no_break_space_stay_on_one_line() -> None:
    assert broken("no agreement over 99\N{NO-BREAK SPACE}%", 7.6) == [
        "no agreement",
        "over 99\N{NO-BREAK SPACE}%",
    ]
