"""Lists of words and expressions are whole."""

from __future__ import annotations

import pytest

from detente.evidence.lists import expressions, group, rows, toml


@pytest.mark.parametrize("name", ["actors", "conditionals", "dates", "positions"])
def test_every_expression_compiles_and_no_part_is_left_unfilled(name: str) -> None:
    parts = {"CUES": "back|oppose"} if name == "positions" else {}
    held = expressions(name, **parts)
    assert held
    assert not any("«" in pattern.pattern for pattern in held.values())
    assert set(held) == set(toml(name)["expressions"])


def test_a_group_of_function_words_is_found_by_its_name() -> None:
    assert {"again", "also"} <= group("adverbs")
    assert len({row[0] for row in rows("grammar")}) == len(rows("grammar"))
