"""Runs, comparisons on common draws, and tornados."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from detente.case import Case
from detente.catalog import open_case
from detente.errors import CaseError, NotFoundError, OptionError
from detente.lenses import Comparison, Tornado, available, compare, first_lens, run, tornado
from detente.lenses.bargaining import LENS, BargainingResult
from detente.lenses.compare import between
from detente.lenses.join import answering, behind
from detente.lenses.outcomes import OutcomeWords
from detente.lenses.summary import Array
from detente.lenses.tornado import swings
from detente.show.blocks import Block, Gauges, Heading, Prose, TableBlock
from detente.show.table import Cell
from tests.schemas import validate


@pytest.fixture(scope="module")
def dam() -> Case:
    return open_case("river-dam")


def two_actors(first: object = "20..40", second: object = "80 ± 5") -> Case:
    """Two actors of equal weight: the compromise is the mean of their positions."""
    return Case.from_dict(
        {
            "title": "Two",
            "actors": {"a": {"name": "A", "influence": 1}, "b": {"name": "B", "influence": 1}},
            "issues": {"i": {"name": "I", "scale": {0: "no", 100: "yes"}}},
            "stances": {
                "i": {"a": {"position": first, "salience": 1}, "b": {"position": second, "salience": 1}}
            },
            "options": {"bargaining": {"methods": ["mean", "median"]}},
            "scenarios": {"up": {"name": "Up", "changes": {"stances.i.b.position": "90 ± 5"}}},
        }
    )


# --- run -----------------------------------------------------------------------------------------


def test_a_run_applies_the_scenario_and_then_the_changes() -> None:
    result = run(
        two_actors(), draws=1, scenario="up", changes={"stances.i.a.position": 10, "stances.i.b.position": 30}
    )
    assert isinstance(result, BargainingResult)
    assert result.forecast("i").mean == 20
    assert result.record.scenario == "up"


def test_a_run_equals_the_run_of_the_changed_case(dam: Case) -> None:
    assert run(dam, draws=200, scenario="dry-years") == run(dam.with_(scenario="dry-years"), draws=200)


def test_unknown_scenarios_lenses_and_paths_are_refused() -> None:
    with pytest.raises(NotFoundError, match="up"):
        run(two_actors(), scenario="upp")
    with pytest.raises(NotFoundError, match="bargaining"):
        run(two_actors(), "bargain")
    with pytest.raises(CaseError, match="stances"):
        run(two_actors(), changes={"stanzas.i.a.position": 1})


# --- compare -------------------------------------------------------------------------------------


def test_an_unrelated_input_cancels_on_common_draws() -> None:
    """Only b's position differs, by exactly 10: the compromise moves by exactly 5 in every draw."""
    case = two_actors(second=80)
    found = compare({"base": case, "up": case.with_({"stances.i.b.position": 90})}, draws=500)
    moved = found.differences["i.mean"]["up"]
    assert moved.mean == pytest.approx(5)
    assert moved.sd == pytest.approx(0, abs=1e-12)
    assert (moved.above, moved.below) == (1, 0)
    assert found.differences["i.mean"]["base"].mean == 0


def test_a_difference_has_the_interval_of_its_draws() -> None:
    case = two_actors()
    found = compare({"base": case, "up": case.with_(scenario="up")}, draws=4000, seed=2)
    versions = (case, case.with_(scenario="up"))
    drawn = [LENS.simulate(version, draws=4000, seed=2).outcomes()["i.mean"] for version in versions]
    change = drawn[1] - drawn[0]
    moved = found.differences["i.mean"]["up"]
    assert moved.mean == pytest.approx(change.mean())
    assert moved.intervals["95"] == pytest.approx(tuple(np.quantile(change, [0.025, 0.975])))
    assert moved.mc_error == pytest.approx(change.std(ddof=1) / np.sqrt(4000))
    assert moved.value == pytest.approx(drawn[1].mean())


def test_a_comparison_does_not_depend_on_the_number_of_workers(dam: Case) -> None:
    versions = {"base": dam, "dry": dam.with_(scenario="dry-years")}
    once, again = (compare(versions, draws=2500, workers=w) for w in (1, 3))
    assert once == again


def test_outcomes_that_a_version_lacks_are_left_out(dam: Case) -> None:
    without = dam.with_({"issues.release.no_deal": None})
    found = compare({"base": dam, "without": without}, draws=50)
    assert set(found.differences["release.nash"]) == {"base"}
    assert set(found.differences["filling.nash"]) == {"base", "without"}


def test_a_comparison_validates_reads_back_and_tells_what_moves_most(dam: Case) -> None:
    told: list[tuple[int, int]] = []
    found = compare(
        {"base": dam, "dry": dam.with_(scenario="dry-years")},
        draws=1200,
        progress=lambda *at: told.append(at),
    )
    plain = json.loads(json.dumps(found.to_dict()))
    validate(plain, Comparison)
    assert Comparison.from_dict(plain) == found
    assert told[-1] == (2400, 2400)
    (finding,) = found.findings
    row = [r for r in found.tables()["differences"].to_records() if r["version"] == "dry"]
    assert finding.numbers["difference"] in [r["difference"] for r in row]
    assert abs(finding.numbers["difference"]) == max(
        abs(float(r["difference"] or 0)) for r in row if r["outcome"] in found.words
    )
    assert "differences" in found.tables()
    assert "<table" in found._repr_html_()


def test_a_version_with_nothing_in_common_has_no_finding() -> None:
    other = two_actors().to_dict()
    other["issues"] = {"j": other["issues"].pop("i")}
    other["stances"] = {"j": other["stances"].pop("i")}
    other.pop("scenarios")
    found = compare({"base": two_actors(), "other": Case.from_dict(other)}, draws=20)
    assert found.findings == ()


@pytest.mark.parametrize(("count", "draws"), [(1, 10), (2, 0)])
def test_a_comparison_needs_two_versions_and_a_draw(count: int, draws: int) -> None:
    with pytest.raises(OptionError, match="two versions"):
        compare({str(k): two_actors() for k in range(count)}, draws=draws)


# --- tornado -------------------------------------------------------------------------------------


def test_bars_are_the_outcomes_at_the_quantiles_of_one_input() -> None:
    found = tornado(two_actors(second="75..85"))
    bars = {bar.path: bar for bar in found.bars["i.mean"]}
    a = bars["stances.i.a.position"]
    assert (a.low_input, a.high_input) == pytest.approx((22, 38))
    assert (a.at_low, a.at_high) == pytest.approx((51, 59))
    assert a.swing == pytest.approx(8)
    b = bars["stances.i.b.position"]
    assert b.swing == pytest.approx((b.high_input - b.low_input) / 2)
    assert found.centre["i.mean"] == pytest.approx(55)


def test_bars_are_sorted_and_inputs_without_effect_left_out(dam: Case) -> None:
    found = tornado(dam)
    uncertain = [path for path, quantity in dam.quantities.items() if not quantity.is_exact]
    for bars in found.bars.values():
        swings = [abs(bar.swing) for bar in bars]
        assert swings == sorted(swings, reverse=True)
        assert all(swings)
        assert {bar.path for bar in bars} <= set(uncertain)
    assert not [bar for bar in found.bars["filling.mean"] if bar.path.startswith("stances.release")]


def test_each_bar_equals_a_run_with_that_input_set(dam: Case) -> None:
    found = tornado(dam, low=0.25, high=0.75)
    means = {path: quantity.mean for path, quantity in dam.quantities.items() if ".accepts." not in path}
    bar = found.bars["release.mean"][0]
    exact = Case.from_dict({k: v for k, v in dam.to_dict().items() if k not in ("correlations", "scenarios")})
    at = run(exact, changes={**means, bar.path: bar.high_input}, draws=1)
    assert isinstance(at, BargainingResult)
    assert at.forecast("release").mean == pytest.approx(bar.at_high)


def test_a_case_without_doubt_has_no_bars() -> None:
    assert tornado(two_actors(first=30, second=80)).bars == {"i.mean": (), "i.median": ()}


def test_a_tornado_validates_reads_back_and_names_the_widest_bar(dam: Case) -> None:
    found = tornado(dam)
    plain = json.loads(json.dumps(found.to_dict()))
    validate(plain, Tornado)
    assert Tornado.from_dict(plain) == found
    first = found.findings[0]
    assert first.drivers == (found.bars["filling.mean"][0].path,)
    assert first.sentence.startswith(
        "Filling time: Lower Sarn: position (10.1 to 13.8) matters most: alone, "
    )
    assert len(found.tables()["tornado"].rows) == sum(len(bars) for bars in found.bars.values())
    assert found._repr_html_().count("<svg") == sum(len(found.bars[label][:5]) for label in found.words)
    assert tornado(two_actors(first=30, second=80)).findings == ()


@pytest.mark.parametrize(("low", "high"), [(0.9, 0.1), (0.5, 0.5), (-0.1, 0.9), (0.1, 1.1)])
def test_quantiles_must_rise_within_0_and_1(low: float, high: float) -> None:
    with pytest.raises(OptionError, match="quantiles"):
        tornado(two_actors(), low=low, high=high)


# --- told to people ------------------------------------------------------------------------------


def position(subject: str = "Peace", by: str = "Compromise") -> OutcomeWords:
    return OutcomeWords(subject=subject, by=by, low=0, high=100, issue=subject.lower())


def share(subject: str, by: str = "Nash") -> OutcomeWords:
    return OutcomeWords(subject=subject, by=by, kind="share", yes="holds", no="no longer holds")


def compared(words: dict[str, OutcomeWords], **versions: dict[str, list[float]]) -> Comparison:
    """Return versions that were drawn: label → outcome → draws."""
    drawn = {label: {one: np.array(values) for one, values in by.items()} for label, by in versions.items()}
    cases = dict.fromkeys(drawn, open_case("river-dam"))
    return between("x", cases, drawn, draws=4, seed=1, words=words, names={"b": "Later"})


def table_of(blocks: Sequence[Block], number: int = 0) -> tuple[tuple[Cell, ...], ...]:
    """Return the rows of one of the tables among some blocks."""
    return [block for block in blocks if isinstance(block, TableBlock)][number].table.rows


def test_positions_are_told_by_version_with_how_they_change() -> None:
    words = {
        "peace.mean": position(),
        "arms.nash": position("Arms", "Nash bargaining"),
        "war.mean": position("War"),
    }
    first = {
        "peace.mean": [10.0, 20, 30, 40],
        "arms.nash": [5.0] * 4,
        "war.mean": [50.0] * 4,
        "quiet": [0.0] * 4,
    }
    second = {"peace.mean": [20.0, 40, 60, 40], "arms.nash": [5.0] * 4, "war.mean": [40.0] * 4}
    blocks = compared(words, a=first, b=second).blocks()
    assert isinstance(blocks[0], Prose)
    assert blocks[0].text == "Compromise; 4 common draws, seed 1."
    percent = "75\N{NO-BREAK SPACE}%"
    assert table_of(blocks) == (
        ("Peace", "", "", "", ""),
        ("a", "25", "", "", ""),
        ("Later", "40", "+15", "+3 to +27", f"higher in {percent}"),
        ("Arms (Nash bargaining)", "", "", "", ""),
        ("a", "5", "", "", ""),
        ("Later", "5", "0", "", "no draw differs"),
        ("War", "", "", "", ""),
        ("a", "50", "", "", ""),
        ("Later", "40", "−10", "−10 to −10", "lower in 100\N{NO-BREAK SPACE}%"),
    )


def test_shares_are_told_in_a_column_per_version_the_most_frequent_first() -> None:
    words = {"x": share("Peace"), "y": share("War"), "z": share("Truce")}
    first = {"x": [0.0] * 4, "y": [1.0, 0, 0, 0], "z": [0.0, 0, 0, 0]}
    second = {"x": [1.0] * 4, "y": [1.0, 1, 0, 0]}
    blocks = compared(words, a=first, b=second).blocks()
    assert blocks[0] == Prose(text="4 common draws, seed 1.")
    assert table_of(blocks) == (
        ("Peace", "Nash", 0.0, 1.0),
        ("War", "Nash", 0.25, 0.5),
        ("Truce", "Nash", 0.0, None),
    )


def test_of_many_outcomes_only_those_that_are_so_in_some_version_are_told() -> None:
    words = {f"s{n}": share(f"State {n}") for n in range(20)}
    drawn = {label: [float(n == 7), 0, 0, 0] for n, label in enumerate(words)}
    assert [row[0] for row in table_of(compared(words, a=drawn, b=drawn).blocks())] == ["State 7"]
    never = {label: [0.0] * 4 for label in words}
    assert compared(words, a=never, b=never).blocks()[-1] == Prose(
        text="Nothing is so in any version, or too much to follow one by one."
    )


def test_versions_that_differ_in_nothing_that_the_lens_looks_at_are_told_so() -> None:
    """As positions do not where a scenario changes but who must consent."""
    words = {"peace.mean": position()}
    same, other = {"peace.mean": [10.0, 20, 30, 40]}, {"peace.mean": [10.0, 20, 30, 41]}
    told = Prose(text="Nothing here differs; another lens (--lens) may see the change.")
    assert compared(words, a=same, b=same).blocks()[-1] == told
    assert told not in compared(words, a=same, b=other).blocks()
    assert told not in compared(words, a=same, b={"war.mean": [1.0] * 4}).blocks()


class Given:
    """A view whose outcomes are given."""

    def __init__(self, told: dict[str, OutcomeWords], outcomes: Callable[[Array], dict[str, Array]]) -> None:
        case = two_actors()
        self.table = LENS.view(case).table
        self.case, self.outcomes, self.words = case, outcomes, told

    def told(self) -> dict[str, OutcomeWords]:
        return self.words


def test_what_single_inputs_make_so_or_no_longer_so_is_told_in_the_words_of_the_outcome() -> None:
    def outcomes(values: Array) -> dict[str, Array]:
        first = values[:, list(view.table.paths).index("stances.i.a.position")]
        return {
            "low": (first < 25).astype(float),
            "high": (first > 25).astype(float),
            "always": np.ones(len(values)),
        }

    words = {"low": share("Low", ""), "high": share("High"), "always": share("Always")}
    view = Given(words, outcomes)
    found = swings(view.case, view, "given")
    blocks = found.blocks()
    assert table_of(blocks) == (("A: position on I", "22", "“Low” holds; “High” no longer holds Nash"),)
    assert found.findings[0].drivers == ("stances.i.a.position",)
    still = Given({"always": share("Always")}, outcomes)
    view = still
    assert swings(still.case, still, "given").blocks()[-1] == Prose(
        text="No input in doubt, moved alone, changes what is so."
    )


def test_a_tornado_keeps_to_the_issues_that_are_asked_for_and_counts_what_matters_less(dam: Case) -> None:
    found = tornado(dam)
    one, both = found.blocks(2, ("release",)), found.blocks(2)
    assert [block.text for block in one if isinstance(block, Heading)] == [
        "Dry-season release: 604 with every input at its mean"
    ]
    assert len([block for block in both if isinstance(block, Gauges)]) == 2
    gauges = next(block for block in one if isinstance(block, Gauges))
    assert [row.name for row in gauges.rows] == ["Upper Sarn: position", "Development bank: position"]
    assert one[-1] == Prose(text="and three inputs that matter less", quiet=True)
    assert found.blocks(4, ("release",))[-1] == Prose(text="and one input that matters less", quiet=True)
    for bar, row in zip(found.bars["release.mean"], gauges.rows, strict=False):
        assert row.strip.at == found.centre["release.mean"]
        assert row.strip.spans["80"] == (min(bar.at_low, bar.at_high), max(bar.at_low, bar.at_high))


def test_a_case_is_asked_by_the_first_lens_whose_part_it_states() -> None:
    assert first_lens(open_case("river-dam")) == "bargaining"
    assert first_lens(open_case("prisoners-dilemma")) == "stability"
    quiet = {"x": {"name": "X", "scale": {0: "no", 1: "yes"}}}
    silent = Case.from_dict({"title": "S", "actors": {"a": {"name": "A"}}, "issues": quiet})
    assert first_lens(silent) == "bargaining"  # whose error says what is missing


def test_a_lens_for_which_a_case_is_too_large_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """So is one that follows it; only one that is named refuses, and all where none is left."""
    case = open_case("us-russia-2024")
    follows = [name for name in available() if "winset" in behind(case, name)]
    assert follows == ["winset", "crossimpact"]
    monkeypatch.setattr("detente.lenses.winset.view.MOST_ASKED", 1)
    names, why = answering(case)
    assert names == [name for name in available() if name not in follows]
    assert "too many to search" in why["winset"]
    assert why["crossimpact"] == "it follows the lens winset, which cannot answer"
    monkeypatch.setattr("detente.lenses.bargaining.view.MOST_STEPS", 1)
    assert first_lens(case) == names[1]
    with pytest.raises(OptionError, match="too many to search"):
        run(case, "winset", draws=1)
    with pytest.raises(OptionError, match=r"the exchange model would.* matter least\. .*too many to search"):
        answering(open_case("linked-issues"))


def test_games_of_other_options_have_no_outcome_in_common_and_it_is_told() -> None:
    """Two games of two options each: their outcomes read alike in code, and are not the same."""
    versions = {"a": open_case("chicken"), "b": open_case("prisoners-dilemma")}
    found = compare(versions, "stability", draws=1)
    assert all(set(one) == {"a"} for one in found.differences.values())
    (told,) = [one.text for one in found.blocks() if isinstance(one, Prose) and "compare" in one.text]
    assert told.startswith(
        "None of them is an outcome of “b”, so there is nothing to compare outcome by outcome"
    )
    same = compare({"a": versions["a"], "b": versions["a"].with_({"title": "Again"})}, "stability", draws=1)
    assert all(set(one) == {"a", "b"} for one in same.differences.values())
