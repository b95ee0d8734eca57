"""Every kind of fault is told with its line, its column, its path and the way out, all of them at once.

A row replaces one passage of the small case; the fault must be told at the place of the marker.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from detente.case.checked import check_text
from detente.case.reading import MAX_PROBLEMS
from tests.case.checking import FILE, SMALL, changed, checked, place_of


class Row(NamedTuple):
    """One fault: what is replaced by what, where it is told, at which path, and what is said."""

    old: str
    new: str
    marker: str
    path: str
    said: str
    hint: str | None = None


INFLUENCE = "influence: 10 ± 2, because: [law]"
SCALE = "scale: {0: closed, 50: by permit, 100: open}"
DATE = "not a date; write 2024, 2024-11 or 2024-11-06"
RED_LINE = "write '>= 40', '<= 30' or '20 to 60'"
LINK = "a link starts with http:// or https://"
BETWEEN = "[stances.border.norway.position, "
IN_SCENARIO = "scenarios.open-door.changes"
CHANGE = "stances.border.russia.position: 60"

HEAD = [
    Row("title: A small reset\n", "", "detente", "", "'title' is missing", "add 'title: …'"),
    Row(
        "title: A small reset", "title:", "title", "title", "is empty", "write a value, or leave the line out"
    ),
    Row("title: A small reset", "title: ''", "''", "title", "is empty"),
    Row("title: A small reset", "title: '  '", "'  '", "title", "is empty"),
    Row("A small reset", "x" * 301, "xxx", "title", "holds more than 300 characters"),
    Row("A small reset", "[a, b]", "[a, b]", "title", "must be a text (got [a, b])"),
    Row("A small reset", "1984", "1984", "title", "must be a text (got 1984)", 'put it in quotes: "1984"'),
    Row(
        "detente: 1",
        "detente: 2",
        "2",
        "detente",
        "unknown version of the case format (got 2)",
        "write 'detente: 1'",
    ),
    Row("detente: 1", "detente: true", "true", "detente", "unknown version of the case format (got true)"),
    Row("as_of: 2024-11-07", "as_of: 2024-13-07", "2024-13", "as_of", f"{DATE} (got 2024-13-07)"),
    Row("as_of: 2024-11-07", "as_of: 7 November", "7 Nov", "as_of", f"{DATE} (got 7 November)"),
    Row("as_of: 2024-11-07", "as_of: 24", "24", "as_of", f"{DATE} (got 24)"),
    Row("as_of: 2024-11-07", "as_of: true", "true", "as_of", f"{DATE} (got true)"),
    Row("question: Will", "zzzz: 1\nquestion: Will", "zzzz", "zzzz", "unknown part 'zzzz'"),
    Row(
        "question: Will",
        "isues: 1\nquestion: Will",
        "isues",
        "isues",
        "unknown part 'isues'",
        "did you mean 'issues'?",
    ),
]

SOURCES_AND_ACTORS = [
    Row("date: 2024-11-06", "date: yesterday", "yesterday", "sources.speech.date", f"{DATE} (got yesterday)"),
    Row("https://example.org/a?b=1", "ftp://x", '"ftp', "sources.speech.url", LINK),
    Row("https://example.org/a?b=1", "https://x y", '"https', "sources.speech.url", LINK),
    Row("publisher: Daily", "publisher: 1985", "1985", "sources.speech.publisher", "a text", '"1985"'),
    Row("publisher: Daily", "publsher: X", "publsher", "sources.speech.publsher", "unknown key", "'publisher'?"),
    Row("{title: A law, date: 2017}", "{date: 2017}", "{date: 2017}", "sources.law", "'title' is missing"),
    Row("{title: A law, date: 2017}", "A law", "A law", "sources.law", "must be a mapping of 'name: value' lines"),
    Row("  law: {title: A law, date: 2017}", "  law:", "law:", "sources.law", "is empty"),
    Row("groups:\n  east", "groups:\n  the east", "the east", "groups.the east", "for example 'the-east'"),
    Row("country: NOR", "country: NRO", "NRO", "actors.norway.country", "no country is known by this name"),
    Row("country: NOR", "country: Norwey", "Norwey", "actors.norway.country", "did you mean 'Norway'?"),
    Row("country: NOR", "country: '??'", "'??'", "actors.norway.country", "for example Norway or NOR (got ??)"),
    Row("groups: [east]", "groups: [eats]", "eats", "actors.norway.groups[0]", "no group", "'east'?"),
    Row("groups: [east]", "groups: eats", "eats", "actors.norway.groups", "no group is called 'eats'"),
    Row("groups: [east]", "groups: 5", "5, inf", "actors.norway.groups", "must be a list (got 5)"),
    Row("groups: [east]", "groups: [[east]]", "[east]]", "actors.norway.groups[0]", "must be a text (got [east])"),
    Row(INFLUENCE, "influence: -1", "-1}", "actors.norway.influence", "-1 is below 0", "at least 0"),
    Row(INFLUENCE, "influence: much", "much", "actors.norway.influence", "'much' is not a number; write 40"),
    Row(INFLUENCE, "influence: []", "[]", "actors.norway.influence", "an empty list says nothing"),
    Row(INFLUENCE, "influence: {a: b}", "{a: b}", "actors.norway.influence",
        "'a' says nothing of an influence; write {power: BODY}"),
    Row(INFLUENCE, "influence: true", "true", "actors.norway.influence", "True is not a number"),
    Row("country: RUS, influence: 60", "country: RUS", "{position: 10..20", "stances.border.russia",
        "the stance has no influence", "add it here, or for all issues as actors.russia.influence"),
    Row("2, because: [law]", "2, because: [lwa]", "lwa", "actors.norway.because[0]", "no source", "'law'?"),
    Row("2, because: [law]", "2, because: [qqq]", "qqq", "actors.norway.because[0]", "no", "known: speech, law"),
    Row("2, because: [law]", "2, because: [2017]", "2017]", "actors.norway.because[0]", "a text", '"2017"'),
    Row("2, because: [law]", "2, because: 7", "7}\n  russia", "actors.norway.because", "must be a list (got 7)"),
]  # fmt: skip

ISSUES = [
    Row(f"    {SCALE}\n", "", "border:", "issues.border", "'scale' is missing", "add 'scale: …'"),
    Row(
        SCALE,
        "scale: {0: closed}",
        "{0: closed}",
        "issues.border.scale",
        "a scale needs at least two anchors",
    ),
    Row(SCALE, "scale: 0..100", "0..100", "issues.border.scale", "must be a mapping of 'name: value' lines"),
    Row(
        SCALE,
        "scale: {0: a, 0.0: b, 9: c}",
        "0.0",
        "issues.border.scale.0.0",
        "the same number as '0'",
        "keep one",
    ),
    Row(
        SCALE, "scale: {low: a, 9: b}", "low", "issues.border.scale.low", "must be a finite number (got low)"
    ),
    Row(
        SCALE, "scale: {nan: a, 9: b}", "nan", "issues.border.scale.nan", "must be a finite number (got nan)"
    ),
    Row(SCALE, "scale: {1e999: a, 9: b}", "1e999", "issues.border.scale.1e999", "must be a finite number"),
    Row(
        SCALE, "scale: {0: 1986, 100: x}", "1986", "issues.border.scale.0", "must be a text", 'quotes: "1986"'
    ),
    Row("50: by permit", "50: ", "50:", "issues.border.scale.50", "is empty"),
    Row(
        "no_deal: 20 ± 5",
        "no_deal: 120",
        "120",
        "issues.border.no_deal",
        "120 is above 100",
        "runs from 0 to 100",
    ),
    Row(
        "no_deal: 20 ± 5", "no_deal: 60..20", "60..20", "issues.border.no_deal", "must rise from its low end"
    ),
    Row(
        "0.1..0.2",
        "-0.1..0.2",
        "-0.1..0.2",
        "issues.border.failure_cost",
        "-0.1 is below 0",
        "from 0 to 1000",
    ),
    Row(
        "{value: 0.5,",
        "{value: 5,",
        "5, date",
        "issues.trade.outcome.value",
        "5 is above 1.5",
        "runs from -1 to 1.5",
    ),
    Row(
        "{value: 0.5,",
        "{value: 1 ± 1,",
        "1 ± 1",
        "issues.trade.outcome.value",
        "must be a number (got 1 ± 1)",
    ),
    Row("{value: 0.5,", "{value: true,", "true", "issues.trade.outcome.value", "must be a number (got true)"),
    Row(
        "{value: 0.5,",
        "{value: 1, valu: 1,",
        "valu: 1",
        "issues.trade.outcome.valu",
        "unknown key",
        "'value'?",
    ),
    Row(
        "    unit: openness",
        "    unti: x",
        "unti",
        "issues.border.unti",
        "unknown key 'unti'",
        "did you mean 'unit'?",
    ),
]

NORWAY = "stances.border.norway"
STANCES = [
    Row("position: 80 ± 8, ", "", "{salience: 0.8", NORWAY, "'position' is missing"),
    Row("position: 80 ± 8", "position: 180 ± 8", "180", f"{NORWAY}.position", "180 is above 100 (got 180 ± 8)"),
    Row("position: 80 ± 8", "position: 80 ± 0", "80 ± 0", f"{NORWAY}.position", "a standard deviation must"),
    Row("salience: 0.8", "salience: 80", "80, acc", f"{NORWAY}.salience", "80 is above 1", "percentages by 100"),
    Row("salience: 0.8", "slience: 1, salience: 0.8", "slience", f"{NORWAY}.slience", "unknown", "'salience'?"),
    Row('">= 40"', '">= 140"', '">= 140', f"{NORWAY}.accepts", "140 is above 100 (got 140)", "runs from 0 to 100"),
    Row('">= 40"', "40", "40, because", f"{NORWAY}.accepts", f"a red line is a text; {RED_LINE}"),
    Row('">= 40"', '"> 40"', '"> 40', f"{NORWAY}.accepts", f"'> 40' is not a red line; {RED_LINE}"),
    Row('">= 40"', '">= much"', '">= much', f"{NORWAY}.accepts", "'much' is not a number"),
    Row('">= 40"', "60 to 20", "60 to 20", f"{NORWAY}.accepts", "nothing is both at least 60 and at most 20"),
    Row('">= 40"', "x" * 301, "xxx", f"{NORWAY}.accepts", "a text of 301 characters is not a red line"),
    Row("    council: {p", "    concil: {p", "concil", "stances.border.concil", "no actor", "'council'?"),
    Row("  trade:\n    norway", "  trad:\n    norway", "trad:", "stances.trad", "no issue", "'trade'?"),
    Row("stances:\n", "stances: 5\nx-stances:\n", "5\nx", "stances",
        "must be a mapping of 'name: value' lines (got 5)"),
    Row("russia: {position: -0.5", "russia: [1]\n    norwa: {position: -0.5", "[1]", "stances.trade.russia",
        "must be a mapping of 'name: value' lines (got [1])"),
]  # fmt: skip

TAIL = [
    Row("rank: -0.4", "rank: -1.4", "-1.4", "correlations[0].rank", "greater than or equal to -1 (got -1.4)"),
    Row("rank: -0.4", "rank: much", "much", "correlations[0].rank", "must be a number (got much)"),
    Row("rank: -0.4", "rank: '0.4'", "'0.4'", "correlations[0].rank", "must be a number"),
    Row(", rank: -0.4", "", "{between", "correlations[0]", "'rank' is missing"),
    Row(BETWEEN, "[stances.border.norwy.position, ", "stances.border.norwy", "correlations[0].between[0]",
        "no quantity at 'stances.border.norwy.position'", "did you mean 'stances.border.norway.position'?"),
    Row(BETWEEN, "[stance.border.norway.position, ", "stance.border", "correlations[0].between[0]",
        "no quantity at", "did you mean 'stances.border.norway.position'?"),
    Row(BETWEEN, "[stances.border.norway, ", "stances.border.norway,", "correlations[0].between[0]",
        "no quantity at", "known: position, salience, influence, accepts.lower, accepts.upper"),
    Row(BETWEEN, "[issues.trade.no_deals, ", "issues.trade.no_deals", "correlations[0].between[0]",
        "no quantity at", "did you mean 'issues.trade.no_deal'?"),
    Row(BETWEEN, "[nonsense, ", "nonsense", "correlations[0].between[0]", "no", "known: actors, issues, stances"),
    Row(BETWEEN, "[", "[stances.border.russia", "correlations[0].between", "holds fewer than 2 entries"),
    Row(BETWEEN, "[a, b, ", "[a, b", "correlations[0].between", "holds more than 2 entries"),
    Row(BETWEEN, "[stances.border.russia.position, ", "{between", "correlations[0]", "correlated with itself"),
    Row("    name: Open door", "    nam: Open door", "nam:", "scenarios.open-door.nam", "unknown key", "'name'?"),
    Row(CHANGE, "stances.border.russia.position: 160", "160", f"{IN_SCENARIO}.stances.border.russia.position",
        "160 is above 100 (got 160)", "the scale runs from 0 to 100"),
    Row(CHANGE, "stances.border.rusia.position: 6", "6\n", f"{IN_SCENARIO}.stances.border.rusia.position",
        "nothing stands at 'stances.border.rusia' to be changed", "did you mean 'russia'?"),
    Row(CHANGE, "stances.border.russia.positin: 7", "7\n      stances",
        f"{IN_SCENARIO}.stances.border.russia.positin", "unknown key 'positin'", "did you mean 'position'?"),
    Row(CHANGE, "sources.law: gone", "gone", f"{IN_SCENARIO}.sources.law", "no change can be made to 'sources'"),
    Row(CHANGE, "title.x: gone", "gone", f"{IN_SCENARIO}.title.x", "what stands at 'title' has no parts"),
    Row(CHANGE, "title: null", "null", f"{IN_SCENARIO}.title", "'title' is missing"),
    Row(CHANGE, "actors.council: null", "null", f"{IN_SCENARIO}.actors.council",
        "stances.border.council: no actor is called 'council'"),
    Row(CHANGE, "issues.border.scale: {0: a, 60: b}", "{0: a", f"{IN_SCENARIO}.issues.border.scale",
        "stances.border.norway.position: 80 is above 60"),
    Row("stances.trade.norway: null", "stances.trade.council: null", "null\noptions",
        f"{IN_SCENARIO}.stances.trade.council", "nothing stands here to be removed"),
    Row("stances.trade.norway: null", "stances: {trade: {norwy: {}}}", "{trade", f"{IN_SCENARIO}.stances",
        "stances.trade.norwy: no actor is called 'norwy'", "did you mean 'norway'?"),
    Row("stances.trade.norway: null", "a.b: 5", "5\noptions", f"{IN_SCENARIO}.a.b",
        "no change can be made to 'a'"),
    Row("stances.trade.norway: null", f"options.{'a.' * 20}b: 5", "5\noptions",
        f"{IN_SCENARIO}.options.{'a.' * 20}b", "a path has at most 16 parts"),
    Row("[mean, challenge]", "[mean, chalenge]", "chalenge", "options.bargaining.methods[1]", "should be 'mean'"),
    Row("[mean, challenge]", "[]", "[]", "options.bargaining.methods", "is empty"),
    Row("rounds: 3", "rounds: 0", "0}}", "options.bargaining.challenge.rounds", "greater than or equal to 1"),
    Row("rounds: 3", "round: 3", "round:", "options.bargaining.challenge.round", "unknown key", "'rounds'?"),
    Row("challenge: {", "chalenge: {", "chalenge", "options.bargaining.chalenge", "unknown key", "'challenge'?"),
    Row("  bargaining:", "  bargening:", "bargening", "options.bargening", "no lens is called", "'bargaining'?"),
]  # fmt: skip

ROWS = [*HEAD, *SOURCES_AND_ACTORS, *ISSUES, *STANCES, *TAIL]


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.path or 'case'}-{row.new[:24]!r}" for row in ROWS])
def test_a_fault_is_told_where_it_stands(row: Row) -> None:
    text = changed(row.old, row.new)
    found = checked(text)
    assert found.case is None
    assert not found.warnings
    line, column = place_of(row.marker, text)
    told = [p for p in found.errors if (p.line, p.column, p.path) == (line, column, row.path)]
    assert told, [str(problem) for problem in found.errors]
    assert any(row.said in str(problem) and (row.hint or "") in str(problem.hint or "") for problem in told)
    assert all(problem.file == "small.yaml" and problem.severity == "error" for problem in found.errors)


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    text = SMALL
    spoiled = [
        ("date: 2024-11-06", "date: soon", "sources.speech.date"),
        ("country: NOR", "country: NRO", "actors.norway.country"),
        ("no_deal: 20 ± 5", "no_deal: 120", "issues.border.no_deal"),
        ("salience: 0.8", "salience: 8", "stances.border.norway.salience"),
        ("    council: {p", "    concil: {p", "stances.border.concil"),
        (BETWEEN, "[nonsense, ", "correlations[0].between[0]"),
        (CHANGE, "stances.border.russia.salience: 60", f"{IN_SCENARIO}.stances.border.russia.salience"),
        ("rounds: 3", "rounds: 0", "options.bargaining.challenge.rounds"),
    ]
    for old, new, _ in spoiled:
        text = changed(old, new, text)
    found = checked(text)
    assert [problem.path for problem in found.errors] == [path for *_, path in spoiled]
    lines = [problem.line or 0 for problem in found.errors]
    assert lines == sorted(lines)


def test_each_fault_is_told_once() -> None:
    found = checked(changed("[east], influence: 10 ± 2", "[east], influence: x ± 2"))
    assert [str(problem) for problem in found.errors] == [
        "small.yaml:11:67: actors.norway.influence: 'x ± 2' is not a number; "
        "write 40, 40 ± 10, 20..60, 20..35..60 or [30, 45 ± 5] (got x ± 2)"
    ]


def test_a_scenario_is_not_blamed_for_what_is_wrong_without_it() -> None:
    text = changed(
        "stances.trade.norway: null",
        "stances.trade.norway.salience: 1",
        changed("salience: 0.8", "salience: 8"),
    )
    assert [problem.path for problem in checked(text).errors] == ["stances.border.norway.salience"]


def test_scenarios_of_many_changes_are_tried_only_so_often() -> None:
    """Which change is to blame is found by trying; past a number of trials the fault stands at the changes."""
    many = "".join(f"      options.x{k}: 1\n" for k in range(250))
    text = changed(f"      {CHANGE}\n", f"      issues.border.scale: {{0: a, 60: b}}\n{many}")
    assert {p.path for p in checked(text).errors} == {IN_SCENARIO}
    two = "      issues.border.scale: {0: a, 60: b}\n"
    few = changed(f"      {CHANGE}\n", two)
    assert {p.path for p in checked(few).errors} == {f"{IN_SCENARIO}.issues.border.scale"}


def test_a_fault_that_needs_two_changes_is_told_at_the_one_that_completes_it() -> None:
    text = changed(CHANGE, "stances.border.russia.note: x")
    text = changed("stances.trade.norway: null", "actors.norway: null", text)
    text = text.replace("      actors.norway", "      stances.border.norway: null\n      actors.norway")
    found = {(p.path, p.message.split(":")[0]) for p in checked(text).errors}
    assert (f"{IN_SCENARIO}.actors.norway", "stances.trade.norway") in found


@pytest.mark.parametrize("text", ["", "# nothing\n", "\n", "---\n", "null\n", "\ufeff"])
def test_an_empty_file_says_how_to_begin(text: str) -> None:
    (problem,) = checked(text).errors
    assert problem.message == "the file is empty"
    assert problem.hint is not None
    assert problem.hint.startswith("start with 'detente: 1'")


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words\n", "5\n", "[1, 2]", "'x'"])
def test_a_file_that_is_no_mapping_says_so(text: str) -> None:
    assert [problem.message for problem in checked(text).errors] == ["a case is a mapping of parts"]


def test_another_yaml_file_does_not_look_like_a_case() -> None:
    found = checked("services:\n  web: {image: nginx}\nversion: 3\n").errors
    assert {"this does not look like a case", "unknown part 'services'"} <= {p.message for p in found}


def test_no_more_problems_are_told_than_anyone_reads() -> None:
    actors = "".join(f"  a{k}: {{name: A, nam: 1}}\n" for k in range(400))
    found = check_text(
        f"title: T\nactors:\n{actors}issues: {{i: {{name: I, scale: {{0: a, 1: b}}}}}}\n", FILE
    )
    assert len(found.problems) == MAX_PROBLEMS + 1
    assert str(found.problems[-1]) == f"small.yaml: only the first {MAX_PROBLEMS} problems are told"
    silent = "".join(f"  a{k}: {{name: A}}\n" for k in range(400))
    warned = check_text(
        f"title: T\nactors:\n{silent}issues: {{i: {{name: I, scale: {{0: a, 1: b}}}}}}\n", FILE
    )
    assert warned.case is not None
    assert len(warned.warnings) == MAX_PROBLEMS + 1
    assert warned.problems[-1].severity == "warning"


def test_values_in_messages_hide_nothing_and_stay_short() -> None:
    found = checked(changed("country: NOR", f"country: '{'N' * 5_000}'"))
    assert all(len(str(problem)) < 300 for problem in found.errors)
    multi = checked(changed("country: NOR", 'country: "N\\nO\\tR"')).errors
    assert "(got N O R)" in str(multi[0])


def test_what_a_check_found_can_be_asked_for() -> None:
    found = checked(SMALL)
    assert (found.errors, found.warnings, found.problems) == ((), (), ())
    assert found.require() is found.case
