"""A case file is data: what YAML could smuggle in is refused with its place, and Norway stays Norway."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.case import reading
from detente.case.reading import (
    MAX_DEPTH,
    MAX_KEY,
    MAX_LINES,
    MAX_NODES,
    MAX_PROBLEMS,
    Document,
    dotted,
    read_yaml,
    resolve,
)
from tests.case.checking import SMALL, changed, checked, place_of

RESOLVED: list[tuple[str, Any]] = [
    ("NO", "NO"),
    ("no", "no"),
    ("yes", "yes"),
    ("on", "on"),
    ("Off", "Off"),
    ("true", True),
    ("False", False),
    ("tRue", "tRue"),
    ("null", None),
    ("~", None),
    ("40", 40),
    ("+4", 4),
    ("-0", 0),
    ("012", 12),
    ("0x1F", "0x1F"),
    ("0o17", "0o17"),
    ("1_000", "1_000"),
    ("190:20", "190:20"),
    ("1.5", 1.5),
    ("1.", 1.0),
    (".5", 0.5),
    ("1e3", 1000.0),
    ("1e999", "1e999"),
    (".inf", ".inf"),
    (".nan", ".nan"),
    ("2024-11-07", "2024-11-07"),
    ("40 ± 10", "40 ± 10"),
    ("20..60", "20..60"),
    ("9" * 300, int("9" * 300)),
    ("9" * 400, "9" * 400),
    ("1.5" + "0" * 400, 1.5),
    ("=", "="),
]


@pytest.mark.parametrize(("written", "meant"), RESOLVED, ids=range(len(RESOLVED)))
def test_a_plain_scalar_means_what_the_core_schema_says(written: str, meant: object) -> None:
    assert resolve(written) == meant
    assert type(resolve(written)) is type(meant)
    document = read_yaml(f"a: {written}\nb: '{written}'\n")
    assert document.data == {"a": meant, "b": written}


def test_norway_is_not_false() -> None:
    case = checked(SMALL.replace("norway", "NO").replace("Norway", "NO")).require()
    assert case.actors["NO"].name == "NO"
    assert "actors.NO.influence" in case.quantities


def test_keys_are_texts() -> None:
    document = read_yaml("1: a\n2.50: b\nnull: c\ntrue: d\n? e\n: f\n'': g\n")
    assert document.data == {"1": "a", "2.50": "b", "null": "c", "true": "d", "e": "f", "": "g"}


ANCHORED = "write the value out where it is used; a text that begins with & needs quotation marks"
TAGGED = "remove the tag; a text that begins with ! needs quotation marks"
ALIASED = "write the value out; a text that begins with * needs quotation marks"
REFUSED = [
    ("title: !!str A", "!!str", "tags (tag:yaml.org,2002:str) are not allowed", TAGGED),
    ("a: !!python/object/apply:os.system [ls]", "!!python", "tags (tag:yaml.org,2002:python", TAGGED),
    ("title: !x A", "!x", "tags (!x) are not allowed", TAGGED),
    ("title: !<tag:x> A", "!<tag:x>", "tags (tag:x) are not allowed", TAGGED),
    ("title: &a A", "&a", "anchors (&name) are not allowed", ANCHORED),
    ("title: *a", "*a", "aliases (*name) are not allowed", ALIASED),
    ("*a : b", "*a", "aliases (*name) are not allowed", ALIASED),
    ("[*a, &b c]", "*a", "aliases (*name) are not allowed", ALIASED),
    ("a: {<<: {b: c}}", "<<", "merge keys (<<) are not allowed", "write the values out"),
    ("a: 1\nb: 2\na: 3", "a: 3", "'a' stands twice (first in line 1)", "keep one"),
    ("{a: 1, 'a': 3}", "'a'", "'a' stands twice (first in line 1)", "keep one"),
    ("é: 1\n\u0065\u0301: 2", "\u0065\u0301", "'é' stands twice (first in line 1)", "keep one"),
    ("? [a]\n: b", "[a]", "a key must be a text or a number, not a list or mapping", None),
    ("{{a: b}: c}", "{a: b}", "a key must be a text or a number, not a list or mapping", None),
    ("a: b\n---\nc: d", "---", "a case file holds one document", "remove the line '---' and what follows"),
    ("%YAML 1.1\n---\na: b", "%", "directives (%YAML, %TAG) are not allowed", "remove the line"),
    ("# c\n\n%TAG ! tag:x,2000:\n---\na: !b c", "%", "directives (%YAML, %TAG) are", "remove the line"),
    ("a: [b", None, "not YAML: a bracket is not closed", "write [one, another]"),
    ("a: 'b", None, "not YAML: a quotation mark in line 1 is never closed", "close it with the same mark"),
    ("a: b\n c: d", None, "not YAML: a second colon", "one 'name: value' per line, or {name: value}"),
    ("\tb: c", "\tb", "not YAML: a tab at the beginning of the line", "indent with blanks"),
    ("a: @b", "@", "not YAML: '@b' needs quotation marks", 'write a: "@b"'),
    ('a: "\\q"', "q", "not YAML: a backslash that means nothing", "put the text in single quotes"),
    ("a" * (MAX_KEY + 1) + ": b", "a", f"a key of {MAX_KEY + 1} characters is too long", None),
    ("a: \x1b[31m", "\x1b", "U+001B control character is not allowed in a case", "remove the character"),
    ("a: b\u202ec", "\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE is not allowed", "remove the character"),
    ("a: b\n# \u2066", "\u2066", "U+2066 LEFT-TO-RIGHT ISOLATE is not allowed", "remove the character"),
    ("a: b\r\nc: \x00", "\x00", "U+0000 control character is not allowed", "remove the character"),
    ("a: b\nc: \x85", "\x85", "U+0085 control character is not allowed", "remove the character"),
    ("a: b\u2028c: d", "\u2028", "U+2028 LINE SEPARATOR is not allowed", "remove the character"),
    ("a: \ufeff", "\ufeff", "U+FEFF ZERO WIDTH NO-BREAK SPACE is not allowed", "remove the character"),
    ("a: b\udc80", "\udc80", "U+DC80 control character is not allowed", "remove the character"),
    ('a: "\\e[31m"', '"', "U+001B control character is not allowed in a case", "remove the escape"),
    ('a: "x\\u202e"', '"', "U+202E RIGHT-TO-LEFT OVERRIDE is not allowed", "remove the escape"),
    ('"\\0": b', '"', "U+0000 control character is not allowed", "remove the escape"),
    ('a: "\\ud83d"', '"', "U+D83D control character is not allowed", "remove the escape"),
    ('a: "é\\ude00\\ud83d"', '"', "is not allowed", "remove the escape"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "marker", "said", "hint"), REFUSED, ids=range(len(REFUSED)))
def test_what_does_not_belong_into_data_is_refused_with_its_place(
    text: str, marker: str | None, said: str, hint: str | None
) -> None:
    problem = read_yaml(text, "f.yaml").problems[0]
    assert problem.message.startswith(said) or said in problem.message
    assert (problem.hint, problem.file) == (hint, "f.yaml")
    if marker is not None:
        assert (problem.line, problem.column) == place_of(marker, text)
    assert checked(text).case is None


def test_every_refusal_in_a_file_is_told() -> None:
    text = "a: !x 1\nb: &y 2\nc: *y\na: 3\n"
    assert [(p.line, p.message.split()[0]) for p in read_yaml(text).problems] == [
        (1, "tags"), (2, "anchors"), (3, "aliases"), (4, "'a'"),
    ]  # fmt: skip
    text = "a: \x01\nb: \u202e\u202e\n"
    assert [(p.line, p.column) for p in read_yaml(text).problems] == [(1, 4), (2, 4), (2, 5)]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_places_are_the_same_whatever_the_line_ends_and_byte_order_mark(newline: str, mark: str) -> None:
    text = mark + changed("country: NOR", "country: NRO").replace("\n", newline)
    (problem,) = checked(text).errors
    assert (problem.line, problem.column) == place_of("NRO", changed("country: NOR", "country: NRO"))
    hidden = mark + SMALL.replace("\n", newline).replace("Norway", "Nor\u202eway")
    (problem,) = checked(hidden).errors
    assert (problem.line, problem.column) == place_of("\u202e", SMALL.replace("Norway", "Nor\u202eway"))
    first = mark + "\u202ea: b"
    assert (read_yaml(first).problems[0].line, read_yaml(first).problems[0].column) == (1, 1)


def test_text_is_brought_into_one_normal_form() -> None:
    decomposed = unicodedata.normalize("NFD", "Ångström")
    case = checked(SMALL.replace("Norway", decomposed).replace("norway", decomposed)).require()
    assert case.actors["Ångström"].name == "Ångström"


def test_json_halves_of_a_character_are_joined() -> None:
    assert read_yaml('{"a": "\\ud83d\\ude00 é"}').data == {"a": "😀 é"}


def test_harmless_escapes_are_read() -> None:
    assert read_yaml(r'a: "\n\t\"\\\x41\u00e9\U0001F600\/\_"').data == {"a": '\n\t"\\Aé😀/\xa0'}


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", "")])
def test_depth_is_limited(opening: str, closing: str) -> None:
    assert not read_yaml(opening * (MAX_DEPTH - 1) + "x" + closing * (MAX_DEPTH - 1)).problems
    assert not read_yaml(opening * MAX_DEPTH + "x" + closing * MAX_DEPTH).problems
    (problem,) = read_yaml(opening * 100_000 + closing * 100_000).problems
    assert problem.message == f"nested more than {MAX_DEPTH} deep"
    assert problem.column == MAX_DEPTH * len(opening) + 1


def test_the_number_of_values_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_NODES == 40_000
    monkeypatch.setattr(reading, "MAX_NODES", 100)
    assert not read_yaml(f"[{','.join(['1'] * 99)}]").problems
    (problem,) = read_yaml(f"[{','.join(['1'] * 200)}]").problems
    assert problem.message == "more than 100 values"
    assert problem.column == 200


def test_the_number_of_lines_is_limited() -> None:
    for newline in ("\n", "\r\n", "\r"):
        assert not read_yaml(newline * MAX_LINES).problems
        (problem,) = read_yaml(newline * (MAX_LINES + 1)).problems
        assert problem.message == f"more than {MAX_LINES} lines"


def test_the_number_of_problems_is_limited() -> None:
    for text in ("a: \n" * 5_000, "\x01" * 5_000, "- &a b\n" * 5_000):
        assert len(read_yaml(text).problems) == MAX_PROBLEMS


@pytest.mark.parametrize("told", [MAX_PROBLEMS - 2, MAX_PROBLEMS - 1, MAX_PROBLEMS])
def test_a_text_that_breaks_off_at_the_last_problem_that_is_told_is_told(told: int) -> None:
    text = "a: 1\n" * (told + 1) + "b:\n  c: 1\n   d: 1\n"
    assert len(read_yaml(text).problems) == min(told + 1, MAX_PROBLEMS)


def test_a_value_knows_where_it_stands() -> None:
    text = "a: 1 # x\nb:\n  - {c: 'd', e: [1,\n    2]} # y\n  -\nf:\ng: |\n  h\n\n# z\n"
    document = read_yaml(text)
    assert document.data == {"a": 1, "b": [{"c": "d", "e": [1, 2]}, None], "f": None, "g": "h\n"}
    spans = {dotted(path): text[place.start : place.end].rstrip() for path, place in document.values.items()}
    assert spans["a"] == "1"
    assert spans["b"] == "- {c: 'd', e: [1,\n    2]} # y\n  -"
    assert spans["b[0]"] == "{c: 'd', e: [1,\n    2]}"
    assert spans["b[0].c"] == "'d'"
    assert spans["b[0].e"] == "[1,\n    2]"
    assert (spans["f"], spans["g"]) == ("", "|\n  h")
    assert (document.values["f",].line, document.values["f",].column) == (6, 1)
    assert [document.values[path].flow for path in [("b",), ("b", 0), ("b", 0, "e"), ("a",)]] == [
        False,
        True,
        True,
        False,
    ]


def test_a_path_that_does_not_exist_has_the_place_around_it() -> None:
    document = read_yaml("a:\n  b: {c: 1}\n  d: [1]\n")
    for path, line, column in [
        (("a", "b", "c"), 2, 10),
        (("a", "b", "x", "y"), 2, 3),
        (("a", "x"), 1, 1),
        (("x",), 1, 1),
        (("a", "d", 5), 3, 6),
        ((), 1, 1),
    ]:
        place = document.place(path)
        assert place is not None
        assert (place.line, place.column) == (line, column), path
    assert Document().place(("a",)) is None


@given(st.text(st.sampled_from("ab:-{}[],'\"#&*!|>%@` \n\r\t01?~=\\é\u202e\x00<.")))
def test_any_text_is_data_or_problems(text: str) -> None:
    document = read_yaml(text)
    assert document.problems or _is_plain(document.data)
    for problem in document.problems:
        assert problem.line is None or 1 <= problem.line <= text.count("\n") + text.count("\r") + 2


def _is_plain(data: object) -> bool:
    if isinstance(data, dict):
        return all(isinstance(key, str) and _is_plain(value) for key, value in data.items())
    if isinstance(data, list):
        return all(_is_plain(item) for item in data)
    return data is None or isinstance(data, (str, int, float, bool))
