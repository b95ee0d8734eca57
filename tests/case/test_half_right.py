"""YAML as people write it: what is half right is told with the line to write, never in the parser's words."""

from __future__ import annotations

import re

import pytest
from babel import Locale

from detente.case import Case
from detente.case.countries import ALPHA_3, country_code
from detente.case.reading import read_yaml
from tests.case.checking import changed, checked

CASE = """\
detente: 1
title: Two on a road
actors: {a: {name: A, influence: 1}, b: {name: B, influence: 1}}
issues: {x: {name: X, scale: {0: lo, 100: hi}, no_deal: 50}}
stances:
  x:
    a: {position: 90, salience: 0.9, accepts: ">= 60"}
    b: {position: 10, salience: 0.5}
consent: {all_of: [a, b]}
"""


def told(old: str, new: str) -> tuple[str, str]:
    """Return the one error of a case in which something is written otherwise, and how to mend it."""
    assert old in CASE
    (error,) = checked(CASE.replace(old, new)).errors
    return error.message, error.hint or ""


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        ('accepts: ">= 60"}', "accepts: >= 60}", "'>= 60' needs quotation marks", 'write accepts: ">= 60"'),
        ("{name: A,", "{name: @A,", "'@A' needs quotation marks", 'write name: "@A"'),
        ("{name: A,", "{name: %A,", "'%A' needs quotation marks", 'write name: "%A"'),
        ("a road", "a road: north", "needs quotation marks", 'title: "Two on a road: north"'),
        ("Two on a road", "[Draft] Two", "'[Draft] Two' needs quotation marks", 'title: "[Draft] Two"'),
        ("Two on a road", '"Two" roads', "needs quotation marks", 'title: "\\"Two\\" roads"'),
        ("Two on a road", "- Two", "'- Two' needs quotation marks", 'title: "- Two"'),
        ("Two on a road", "&Two", "anchors (&name) are not allowed", "& needs quotation marks"),
        ("Two on a road", "*Two*", "aliases (*name) are not allowed", "* needs quotation marks"),
        ("name: A,", "name: A: the first,", "'A: the first' needs quotation marks", 'name: "A: the first"'),
        ("name: A,", "name: A, Republic of,", "'Republic of' is no 'name: value'", '"A, Republic of"'),
        ("title: Two", "title:Two", "no blank after the colon", "write title: Two on a road"),
        ("title: Two", "title：Two", "no blank after the colon", "write title: Two on a road"),
        ("0.5}", "0,8 ± 0,1}", "is no 'name: value'", "write a decimal point"),
        ("{0: lo", "{0,5: lo", "'0' is no 'name: value'", "write a decimal point"),
        ("100: hi", "1,000: hi", "'1' is no 'name: value'", "write a decimal point"),
        ("position: 90", "position: [80,5, 70]", "has commas of two kinds", "a decimal point in numbers"),
        ("salience: 0.9", "salience 0.9", "'salience 0.9' is no 'name: value'", "write salience: 0.9"),
        ("{position: 10, salience: 0.5}", "80", "must be a mapping", "write b: {position: 80, …}"),
        ("no_deal: 50}}", "discrete}}", "'discrete' is no 'name: value'", "write discrete: …"),
        (", no_deal: 50}}", "}, y}", "'y' is no 'name: value'", "write y: …"),
        ("name: A,", "name: A, 5,", "'5' is no 'name: value'", 'write name: "A, 5"'),
        ("position: 90", "position: 80..90,5", "'5' is no 'name: value'", "write a decimal point"),
        ("Two on a road", "see http://x.y: z", "needs quotation marks", 'title: "see http://x.y: z"'),
        ("Two on a road", "'Don't'", '"Don\'t" needs quotation marks', 'title: "Don\'t"'),
        ("Two on a road", "'A' and 'B'", "needs quotation marks", "title: \"'A' and 'B'\""),
        ("[a, b]", "a", "must be a list", "write [a]"),
        ("{0: lo, 100: hi}", "0..100", "must be a mapping", "write scale: {0: …, 100: …}"),
        ("{all_of: [a, b]}", "majority", "is called 'majority'", "{at_least: majority, of: [ID, ID]}"),
        ("salience: 0.5", "Salience: 0.5", "unknown key 'Salience'", "did you mean 'salience'?"),
        ("all_of: [a, b]", "all_of: [A, b]", "is called 'A'", "did you mean 'a'?"),
        ("  x:\n    a:", "\tx:\n    a:", "a tab at the beginning of the line", "indent with blanks"),
        ("90,", "90,5,", "90,5 has a decimal comma", "with a point: position: 90.5"),
        ("0.9,", "0,9,", "0,9 has a decimal comma", "with a point: salience: 0.9"),
        ("no_deal: 50", 'no_deal: "0,8"', "0,8 has a decimal comma", "with a point: 0.8"),
        ("{all_of: [a, b]}", "[a, b]", "must be a mapping", "write consent: {all_of: [a, b]}"),
        ("title: Two", 'title: "Two', "begins in another column", "is a quotation mark missing"),
        ("{all_of: [a, b]}", '"all', "a quotation mark in line 9 is never closed", "the same mark"),
        ("salience: 0.5}", "salience: 0.5", "a brace is not closed", "write {name: value"),
        ("[a, b]}", "[a, b}", "a bracket is not closed", "write [one, another]"),
        ("  x:\n    a:", "  x:\n    a: 1\n   b: 2\n    c:", "begins in another column", "indent alike"),
    ],
)
def test_the_line_to_write_is_told(old: str, new: str, message: str, hint: str) -> None:
    said, way = told(old, new)
    assert message in said
    assert hint in way


def test_the_line_that_lacks_its_colon_is_told() -> None:
    for old, line in (("title: Two", 2), ("stances:", 5), ("  x:\n", 6)):
        (error,) = checked(CASE.replace(old, old.replace(":", ""), 1)).errors
        assert (error.line, "a line without a colon" in error.message) == (line, True)


def test_stances_by_actor_are_told_how_they_stand() -> None:
    errors = checked(CASE.replace("  x:\n    a:", "  a:\n    x:")).errors
    assert "stand by issue, then by actor" in str(errors[0].hint)


def test_an_actor_that_values_settlements_somewhere_is_not_said_to_accept_nothing() -> None:
    """What it would accept is no share of a scale, and a deal over several issues may win it."""
    plain = CASE.replace(
        'position: 90, salience: 0.9, accepts: ">= 60"', 'position: 50, salience: 0.9, accepts: "<= 50"'
    )
    assert [one.path for one in checked(plain).warnings if "next to nothing" in one.message] == ["actors.a"]
    seat = "    y: {name: Y, scale: {0: lo, 1: hi}, discrete: true, no_deal: 0}}\n"
    both = plain.replace("no_deal: 50}}\n", "no_deal: 50},\n" + seat)
    valued = both.replace("consent", "  y: {a: {values: {0: 0.1, 1: 1}, salience: 1}}\nconsent")
    assert not [one for one in checked(valued).warnings if "next to nothing" in one.message]


@pytest.mark.parametrize("listed", ["[80,85,\n      90]", "[80, 85,\n      90]", "[80, p, 70,60]"])
def test_only_commas_between_numbers_of_one_line_are_of_two_kinds(listed: str) -> None:
    assert not read_yaml(f"position: {listed}").problems


def test_a_decimal_comma_in_a_block_is_told() -> None:
    block = "    a:\n      position: 90,5\n      salience: 0.9\n"
    (error,) = checked(re.sub(r"    a: \{position.*\n", block, CASE)).errors
    assert (error.line, error.hint) == (8, "with a point: 90.5")


def test_a_body_in_the_place_of_an_actor_is_told_with_its_members() -> None:
    text = CASE.replace("    b: {", "    duo: {") + "bodies: {duo: {name: Duo, rule: {all_of: [a, b]}}}\n"
    errors = [error for error in checked(text).errors if error.path == "stances.x.duo"]
    assert [(error.message, "one of its members: a, b" in str(error.hint)) for error in errors] == [
        ("no actor is called 'duo'", True)
    ]


PARSERS_WORDS = re.compile(
    r"expected <|cannot start any token|while (parsing|scanning)|could not find|scalar|token"
)


@pytest.mark.parametrize("cut", range(3, len(CASE), 7))
@pytest.mark.parametrize(
    "mark", ["", "\t", ": ", "'", '"', "{", "[", "]", "}", ">", "- ", "? ", "!", "&", "*", "@"]
)
def test_no_reader_sees_the_parsers_words(cut: int, mark: str) -> None:
    for text in (CASE[:cut] + mark, CASE[:cut] + mark + CASE[cut:]):
        for problem in read_yaml(text).problems:
            assert not PARSERS_WORDS.search(str(problem)), text


@pytest.mark.parametrize("country", ["Russia", "russia", "RU", "RUS", "Russian Federation"])
def test_countries_are_known_by_name_and_code(country: str) -> None:
    text = CASE.replace("a: {name: A,", f"a: {{name: A, country: {country},")
    assert checked(text).require().actors["a"].country == "RUS"


def test_countries_are_those_of_unicode_and_have_their_names() -> None:
    """Of the Common Locale Data Repository, which follows ISO 3166-1; by code and by English name."""
    told = {str(code): str(name) for code, name in Locale("en").territories.items()}
    ours = {country_code(code): code for code in told if len(code) == 2 and country_code(code)}
    regions = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
    assert {code for code in told if len(code) == 2 and code.isalpha()} - set(ours.values()) == regions
    assert set(ours) - {"XKX"} == ALPHA_3
    assert {told[code]: country_code(told[code]) for code in ours.values()} == {
        told[code]: alpha_3 for alpha_3, code in ours.items()
    }


def test_a_case_in_which_nobody_has_weight_is_told_at_check() -> None:
    found = checked(CASE.replace("influence: 1", "influence: 0"))
    (warning,) = [one for one in found.warnings if one.path == "stances.x"]
    assert "nobody has any weight" in warning.message


@pytest.mark.parametrize("options", [True, False])
def test_an_actor_can_be_indifferent(options: bool) -> None:
    data = {"title": "t", "actors": {"a": {"name": "A"}, "b": {"name": "B"}}}
    game = {
        "options": {"o": {"actor": "a"}, "p": {"actor": "b"}},
        "preferences": {"a": ["o"], "b": "indifferent"},
    }
    if not options:
        game = {
            "states": {"s": {}, "t": {}},
            "moves": {"a": [["s", "t"]]},
            "preferences": {"a": {"ranking": ["s", "t"]}, "b": "indifferent"},
        }
    case = Case.from_dict({**data, "game": game})
    assert case.game is not None
    wants = case.game.preferences["b"]
    assert [wish.statement.text for wish in wants.statements] == (["o or not o"] if options else [])
    assert wants.groups == (() if options else (("s", "t"),))
    assert Case.from_dict(case.to_dict()) == case


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("position: 80 ± 8", "position: 80-90", "'80-90' is not a number; write 80..90"),
        ("position: 80 ± 8", "position: 80 to 90", "'80 to 90' is not a number; write 80..90"),
        ("position: 80 ± 8", "position: ~80", "write 80 with its doubt, such as 80 ± 5"),
        ("salience: 0.6", "salience: 60 %", "write it as a share, such as 0.5 for 50 %"),
        ("{-1: none, 1.5: free}", "[-1, 1.5]", "write scale: {-1: …, 1.5: …}, each with what it means"),
        ("salience: 0.6", "salience:0.6", "no blank after the colon; write salience: 0.6"),
        ("title: A small reset", "title: Plan #2 of all", "'#2 of all' is a comment, which ends the text"),
    ],
)
def test_what_is_almost_right_is_told_with_the_line_to_write(old: str, new: str, said: str) -> None:
    assert any(said in str(one) for one in checked(changed(old, new)).problems)


def test_a_comment_of_its_own_is_none_of_a_text() -> None:
    found = checked(changed("title: A small reset", "title: A small reset # of the border"))
    assert not any("comment" in str(one) for one in found.problems)
