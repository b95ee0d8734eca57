"""Numbers, shares, places and lists in words."""

from __future__ import annotations

import pytest

from detente.case import Issue
from detente.show.words import capital, digits, listed, percent, place, position, possessive


def issue(*anchors: float) -> Issue:
    names = ("none", "some", "all") if len(anchors) == 3 else ("none", "all")
    return Issue.model_validate({"name": "I", "scale": dict(zip(anchors, names, strict=True))})


@pytest.mark.parametrize(
    ("width", "decimals"), [(1000, 0), (100, 0), (20, 0), (19.9, 1), (10, 1), (9, 2), (1, 2), (0.1, 3)]
)
def test_a_scale_of_less_than_twenty_is_told_to_three_significant_digits(width: float, decimals: int) -> None:
    assert digits(issue(0, width)) == decimals
    assert position(width / 3, issue(0, width)) == f"{width / 3:.{decimals}f}"


def test_a_number_keeps_its_sign_unless_it_is_nothing() -> None:
    assert position(-3.2, issue(-50, 50)) == "−3"
    assert position(-0.4, issue(-50, 50)) == "0"
    assert position(1234.4, issue(0, 2000)) == "1,234"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.005, "under 1 %"),
        (0.0051, "1 %"),
        (0.4949, "49 %"),
        (0.994, "99 %"),
        (0.995, "over 99 %"),
        (1, "100 %"),
        (0, "0 %"),
    ],
)
def test_a_share_is_rounded_but_never_to_none_or_all(share: float, text: str) -> None:
    assert percent(share) == text.replace(" %", "\N{NO-BREAK SPACE}%")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "at “none”"),
        (5.1, "between “none” and “some”"),
        (44.9, "between “none” and “some”"),
        (45.1, "at “some”"),
        (55.1, "between “some” and “all”"),
        (94.9, "between “some” and “all”"),
        (95, "at “all”"),
    ],
)
def test_a_place_is_at_an_anchor_within_a_twentieth_of_the_scale(value: float, text: str) -> None:
    assert place(value, issue(0, 50, 100)) == text


def test_lists_are_cut_after_the_most_that_are_wanted() -> None:
    assert [listed(list("abcde"[:n])) for n in range(6)] == [
        "",
        "a",
        "a and b",
        "a, b and c",
        "a, b, c and d",
        "a, b, c and 2 others",
    ]


def test_possessives_and_capitals() -> None:
    assert (possessive("Kyiv"), possessive("Congress"), possessive("US")) == ("Kyiv’s", "Congress’", "US’")
    assert (capital("a Deal"), capital("")) == ("A Deal", "")
