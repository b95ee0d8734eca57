"""Domains of Genius and NegMAS are read as cases in which each party values each option."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detente.case import Case
from detente.case.formats import import_case
from detente.report import brief

DOMAIN = """\
<negotiation_template>
<utility_space number_of_issues="2">
<objective index="0" etype="objective" type="objective" description="" name="root">
  <issue index="1" etype="discrete" type="discrete" vtype="discrete" name="Food">
    <item index="1" value="Chips"/><item index="2" value="Handmade"/><item index="3" value="Catering"/>
  </issue>
  <issue index="2" etype="discrete" type="discrete" vtype="discrete" name="Place">
    <item index="1" value="Dorm"/><item index="2" value="Ballroom"/>
  </issue>
</objective>
</utility_space>
</negotiation_template>
"""


def profile(
    food: tuple[float, ...], place: tuple[float, ...], weights: tuple[float, float], rest: str
) -> str:
    """Return a profile over the domain above."""
    items = [
        "".join(
            f'<item index="{n}" value="{name}" evaluation="{value}"/>'
            for n, (name, value) in enumerate(zip(names, values, strict=True), start=1)
        )
        for names, values in ((("Chips", "Handmade", "Catering"), food), (("Dorm", "Ballroom"), place))
    ]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<utility_space>\n'
        '<objective index="0" name="root" type="objective" etype="objective">\n'
        f'<weight index="1" value="{weights[0]}"/><weight index="2" value="{weights[1]}"/>\n'
        f'<issue index="1" name="Food" type="discrete" etype="discrete">{items[0]}</issue>\n'
        f'<issue index="2" name="Place" type="discrete" etype="discrete">{items[1]}</issue>\n'
        f"</objective>\n{rest}\n</utility_space>\n"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a domain and two profiles."""
    (tmp_path / "party.xml").write_text(DOMAIN, encoding="utf-8")
    ann = profile((2, 4, 8), (10, 5), (0.6, 0.4), '<reservation value="0.3"/>')
    bob = profile((90, 60, 0), (1, 3), (1, 3), '<discount_factor value="1.0"/>')
    (tmp_path / "ann.xml").write_text(ann, encoding="utf-8")
    (tmp_path / "bob.xml").write_text(bob, encoding="utf-8")
    return tmp_path


def utility(case: Case, actor: str, **chosen: str) -> float:
    """Return Σ salience · value, as a package is judged."""
    total = 0.0
    for issue, option in chosen.items():
        stance = case.stances[issue][actor]
        (key,) = (f"{at:g}" for at, meaning in case.issues[issue].scale.items() if meaning == option)
        total += stance.salience.mean * stance.values[key].mean
    return total


@pytest.mark.parametrize("named", ["", "party.xml", "ann.xml"])
def test_the_folder_or_one_of_its_files_is_the_domain(folder: Path, named: str) -> None:
    case = import_case(folder / named).require()
    assert (case.title, list(case.actors), list(case.issues)) == ("party", ["ann", "bob"], ["food", "place"])
    assert list(case.issues["food"].scale.values()) == ["Chips", "Handmade", "Catering"]
    assert all(issue.discrete for issue in case.issues.values())
    assert case.consent is not None


def test_utilities_are_those_of_genius(folder: Path) -> None:
    """Weight times evaluation by the largest evaluation of its issue, weights brought to the sum 1."""
    case = import_case(folder).require()
    assert utility(case, "ann", food="Handmade", place="Ballroom") == pytest.approx(
        0.6 * 4 / 8 + 0.4 * 5 / 10
    )
    assert utility(case, "bob", food="Handmade", place="Dorm") == pytest.approx(0.25 * 60 / 90 + 0.75 / 3)
    reserved = {
        actor: {case.quantities[f"stances.{issue}.{actor}.no_deal"].mean for issue in case.issues}
        for actor in case.actors
    }
    assert reserved == {"ann": {0.3}, "bob": {0.0}}


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("ann.xml", 'evaluation="2"', 'evaluation="much"', "evaluation is a number of at least 0"),
        ("ann.xml", 'evaluation="2"', "", "has no evaluation"),
        ("ann.xml", 'value="Chips"', 'value="Crisps"', "no value for 'Chips' on 'Food'"),
        ("bob.xml", 'value="1.0"', 'value="0.5"', "what loses worth with time is not read"),
        (
            "party.xml",
            'type="discrete" vtype="discrete" name="Food"',
            'type="integer" name="Food"',
            "'integer'",
        ),
        ("bob.xml", "</utility_space>", "", "not XML"),
    ],
)
def test_what_is_wrong_is_told_with_file_line_and_column(
    folder: Path, file: str, old: str, new: str, message: str
) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    errors = import_case(folder).errors
    found = next(error for error in errors if message in error.message)
    assert found.file == str(folder / file)
    assert found.line is not None
    assert found.column is not None


def test_of_a_domain_with_a_damaged_file_the_others_are_handed_over(folder: Path) -> None:
    """The damaged party is left out whole: worth counts against the best option, which may be lost."""
    whole = (folder / "bob.xml").read_text(encoding="utf-8")
    (folder / "bob.xml").write_text(whole[: whole.index('name="Place"')], encoding="utf-8")
    found = import_case(folder / "party.xml")
    assert found.case is None
    assert [(Path(one.file or "").name, one.line) for one in found.errors] == [("bob.xml", 6)]
    assert "not XML" in found.errors[0].message
    assert found.partial is not None
    assert list(found.partial["actors"]) == ["ann"]
    assert found.partial["stances"]["place"]["ann"]["values"] == {"1": 1, "2": 0.5}
    (folder / "ann.xml").unlink()
    found = import_case(folder)
    assert (len(found.errors), found.partial) == (1, None)


def test_a_domain_alone_is_no_case(folder: Path) -> None:
    (folder / "ann.xml").unlink()
    (folder / "bob.xml").unlink()
    (error,) = import_case(folder / "party.xml").errors
    assert error.message == "no profile of a party stands beside it"


def negmas_files(folder: Path) -> None:
    """Write a domain as NegMAS does, with a value below 0 and a constant."""
    issues = [
        {"name": "price", "type": "CategoricalIssue", "values": ["low", "high"]},
        {"name": "site", "type": "CategoricalIssue", "values": ["a", "b", "c"]},
    ]
    domain = {"issues": issues, "name": "plant", "type": "DiscreteCartesianOutcomeSpace"}
    values = [
        {"mapping": {"low": -1.0, "high": 3.0}, "type": "TableFun"},
        {"mapping": {"a": 0, "b": 2, "c": 1}},
    ]
    seller = {
        "name": "seller",
        "reserved_value": 1.0,
        "type": "LinearAdditiveUtilityFunction",
        "values": values,
        "weights": [1.0, 0.5],
        "bias": 0.25,
    }
    for name, data in (("plant", domain), ("seller", seller)):
        (folder / f"{name}.json").write_text(json.dumps(data), encoding="utf-8")


def test_utilities_of_negmas_are_brought_to_shares_without_changing_what_is_agreed(tmp_path: Path) -> None:
    """U = w·v + bias lies between -0.75 and 4.25; the reservation value 1 is at (1 + 0.75) / 5 of that."""
    negmas_files(tmp_path)
    case = import_case(tmp_path).require()
    stances = {issue: of["seller"] for issue, of in case.stances.items()}
    assert {issue: of.salience.mean for issue, of in stances.items()} == {"price": 0.8, "site": 0.2}
    assert {of.no_deal.mean for of in stances.values() if of.no_deal is not None} == {0.35}
    assert utility(case, "seller", price="high", site="c") == pytest.approx((3 + 0.5 + 0.25 + 0.75) / 5)


@pytest.mark.parametrize(
    ("key", "number"), [("weights", [1e299, 1]), ("bias", float("nan")), ("bias", -1e15)]
)
def test_numbers_of_negmas_beyond_all_measure_are_refused_in_their_place(
    key: str, number: object, tmp_path: Path
) -> None:
    negmas_files(tmp_path)
    file = tmp_path / "seller.json"
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), key: number}), encoding="utf-8")
    errors = import_case(tmp_path).errors
    assert {one.message for one in errors} == {"must be a number between -1e15 and 1e15"}
    assert {one.file for one in errors} == {str(file)}


@pytest.mark.parametrize("way", ["to_yaml", "to_json", "to_genius_folder"])
def test_what_negmas_writes_is_read_with_its_own_utilities(way: str, tmp_path: Path) -> None:
    """With NegMAS, where it is installed; it is no dependency of the project."""
    inout, outcomes, preferences = (
        pytest.importorskip(f"negmas.{part}", reason="NegMAS is not installed")
        for part in ("inout", "outcomes", "preferences")
    )
    options = {"price": ["low", "mid", "high"], "site": ["a", "b"]}
    space = outcomes.make_os(
        [outcomes.make_issue(values, name) for name, values in options.items()], name="plant"
    )
    values = {"price": {"low": 0.0, "mid": 0.9, "high": 1.0}, "site": {"a": 1.0, "b": 0.2}}
    weights = {"price": 0.7, "site": 0.3}
    seller = preferences.LinearAdditiveUtilityFunction(
        values, weights=weights, outcome_space=space, name="seller", reserved_value=0.4
    )
    getattr(inout.Scenario(space, (seller,)), way)(tmp_path)
    case = import_case(tmp_path).require()
    for price, site in space.enumerate():
        ours = utility(case, "seller", price=price, site=site)
        assert ours == pytest.approx(float(seller((price, site))))


def test_a_brief_of_an_imported_domain_tells_options_by_their_names(folder: Path) -> None:
    """Numbers that the import gave to options are told nowhere in the answer, and each input is found again."""
    made = brief(import_case(folder).require())
    assert "Food at “Catering” and Place at “Ballroom”" in made.verdict.sentence
    assert "“Catering”" in made.to_html(full=True)
