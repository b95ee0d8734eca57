"""Pairs that are followed, and a chronology with its grades: what may be written, and what is told of mistakes."""

from __future__ import annotations

from typing import Any

import pytest

from detente.case import Case
from detente.case.faults import warnings
from detente.case.words import assertions
from detente.errors import CaseError
from detente.show.words import input_phrase

PART: dict[str, Any] = {
    "dyads": {"us_russia": {"between": ["USA", "kremlin"]}},
    "chronology": {
        "abm": {
            "name": "ABM Treaty",
            "date": "1972-05-26",
            "between": ["USA", "RUS"],
            "kind": "treaty",
            "grade": "7..9",
            "because": "text",
        },
    },
}


def case(**changes: Any) -> Case:
    return Case.from_dict(
        {
            "title": "A pair",
            "as_of": "2024-11-07",
            "sources": {"text": {"title": "Text of the treaty"}},
            "actors": {"kremlin": {"name": "Kremlin", "country": "RUS"}, "union": {"name": "A union"}},
            "relations": {**PART, **changes},
        }
    )


def event(**changes: Any) -> dict[str, Any]:
    return {"chronology": {"abm": {**PART["chronology"]["abm"], **changes}}}


def test_a_grade_is_a_quantity_that_can_be_named_cited_and_changed() -> None:
    read, path = case(), "relations.chronology.abm.grade"
    assert read.quantities[path].mean == 8
    assert input_phrase(read, path) == "the grade of “ABM Treaty”"
    (found,) = (one for one in assertions(read) if one.path == "relations.chronology.abm")
    assert (found.about, found.because) == ("ABM Treaty", ("text",))
    assert read.with_({path: 6}).quantities[path].mean == 6


def test_a_case_is_written_and_read_back_with_its_chronology() -> None:
    assert Case.from_dict(case().to_dict()) == case()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (event(grade=11), "11 is above 10"),
        (event(kind="summit"), "kind"),
        (event(between=["USA", "XQQ1"]), "nobody is called 'XQQ1'"),
        (event(between=["USA", "krmlin"]), "did you mean 'kremlin'?"),
        (event(between=["RUS", "kremlin"]), "names the same side twice"),
        (event(between=["USA"]), "relations.chronology.abm.between: holds fewer than 2 entries"),
        ({"groups": {"g": "RUS"}, "dyads": {"x": {"between": ["USA", "g"]}}}, "must be a mapping"),
        (event(by="union"), "'union' is none of those concerned"),
        (event(date="26 May 1972"), "not a date"),
        ({"dyads": {}}, "is empty"),
        ({"dyads": {"x": {"between": ["USA", "RUS", "CHN"]}}}, "more than 2"),
    ],
)
def test_mistakes_are_told_with_their_way_out(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(CaseError, match=told.replace("?", r"\?")):
        case(**changes)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (event(date="2025-01"), "is later than the case"),
        (event(between=["CHN", "RUS"]), "is between no two that are followed"),
        (event(because=[]), "rests on no source"),
        ({"chronology": {}}, "nothing is known of this pair"),
    ],
)
def test_what_looks_forgotten_is_a_warning(changes: dict[str, Any], told: str) -> None:
    found = case(**changes)
    assert any(told in one.message for one in warnings(found, found.to_dict()))
