"""A part is one file and one field: its annotations give quantities, bounds, references, words, evidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from detente.case import Acceptance, Case
from detente.case.case import examine
from detente.case.fields import EMPTY, ActorId, Asserts, Citations, Doubtful, Frozen, Part, Refers, Stated
from detente.case.model import CaseModel
from detente.case.shape import Shape, as_stated, fields, leniently, shape_of, walk
from detente.case.text import Name
from detente.case.validation import Checks, Fault, as_mapping, warning
from detente.case.words import assertions, input_name, named
from detente.errors import CaseError
from detente.quantity import Quantity

Data = dict[str, Any]


class Step(Part):
    """One of several numbers in a list."""

    size: Annotated[Quantity, Doubtful("size", 0, owner="{omens}")]


class Judgement(Part):
    """What somebody expects."""

    name: Name
    by: ActorId
    strength: Annotated[Quantity, Doubtful("strength", -3, 3, owner="{omens}", phrase="how much “{omens}”")]
    steps: tuple[Step, ...] = ()
    because: Citations = ()


def judged_alike(_: Any, data: Data) -> Iterator[Fault]:
    """Yield two judgements of one name."""
    names = [as_mapping(one).get("name") for one in as_mapping(data.get("omens")).values()]
    if len(set(map(str, names))) < len(names):
        yield Fault(("omens",), "two judgements have one name")


def mild(case: Any, _: Data) -> Iterator[Fault]:
    """Yield judgements that say nothing."""
    yield from (
        warning(("omens", key), "is neutral") for key, one in case.omens.items() if one.strength.mean == 0
    )


class WithOmens(Case):
    """A case with one part more."""

    omens: Annotated[
        Frozen[Annotated[Judgement, Asserts("{omens}, says {by}")]], Checks(judged_alike, mild)
    ] = EMPTY


def data(**changed: Any) -> Data:
    """Return a case with a judgement, of which some fields are changed; ``None`` leaves one out."""
    judgement = {"name": "Thaw", "by": "a", "strength": "1 ± 1", "because": ["s"], **changed}
    return {
        "title": "T",
        "sources": {"s": {"title": "S"}},
        "actors": {"a": {"name": "Anna", "influence": "2 ± 1"}, "b": {"name": "Ben", "influence": 1}},
        "issues": {"i": {"name": "Ice", "scale": {0: "none", 10: "all"}}},
        "stances": {"i": {"a": {"position": 3, "salience": 1}, "b": {"position": 9, "salience": 1}}},
        "omens": {"thaw": {key: value for key, value in judgement.items() if value is not None}},
    }


def test_a_part_of_one_file_and_one_field_gets_everything() -> None:
    """Nothing else has to be written for it to be read, bounded, drawn, named, cited and told."""
    case = WithOmens.from_dict(data())
    path = "omens.thaw.strength"
    drawn = case.quantities[path]
    assert (str(drawn), drawn.low, drawn.high) == ("1 ± 1", -3, 3)
    assert input_name(case, path) == "Thaw: strength"
    assert named(case, path).phrase == "how much “Thaw”"
    found = {one.path: one for one in assertions(case)}["omens.thaw"]
    assert (found.about, found.because) == ("Thaw, says Anna", ("s",))
    assert {name: str(number) for name, number in found.numbers.items()} == {"strength": "1 ± 1"}
    tied = {"between": [path, "actors.a.influence"], "rank": 0.5}
    assert WithOmens.from_dict({**data(), "correlations": [tied]}).rank_correlations
    assert case.with_({"actors.a.influence": 5}).to_dict()["omens"] == case.to_dict()["omens"]


def test_numbers_in_a_list_have_their_place_in_the_path() -> None:
    steps = [{"size": 1}, {"size": "2 ± 1"}]
    tied = {"between": ["omens.thaw.steps.1.size", "actors.a.influence"], "rank": 0.5}
    case = WithOmens.from_dict({**data(steps=steps), "correlations": [tied]})
    assert [pair.first for pair in case.rank_correlations] == ["omens.thaw.steps.1.size"]
    assert input_name(case, "omens.thaw.steps.1.size") == "Thaw: size"
    with pytest.raises(CaseError, match=r"omens.thaw.steps\[0\].size: -1 is below 0"):
        WithOmens.from_dict(data(steps=[{"size": -1}]))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"strength": 4}, "omens.thaw.strength: 4 is above 3 (got 4); the scale runs from -3 to 3"),
        ({"by": "c"}, "omens.thaw.by: no actor is called 'c'; known: a, b"),
        ({"because": ["x"]}, "omens.thaw.because[0]: no source is called 'x'; known: s"),
        ({"strenght": 1}, "omens.thaw.strenght: unknown key 'strenght'; did you mean 'strength'?"),
        ({"name": None}, "omens.thaw: 'name' is missing; add 'name: …'"),
    ],
)
def test_what_is_wrong_with_it_is_told_like_the_rest(changed: Data, said: str) -> None:
    with pytest.raises(CaseError) as caught:
        WithOmens.from_dict(data(**changed))
    assert str(caught.value) == said


def test_its_own_checks_are_asked_and_misspelt_paths_find_it() -> None:
    both = data()
    both["omens"]["melt"] = both["omens"]["thaw"]
    both["correlations"] = [{"between": ["omens.thw.strength", "actors.a.influence"], "rank": 0.5}]
    with pytest.raises(CaseError) as caught:
        WithOmens.from_dict(both)
    assert [problem.message for problem in caught.value.problems] == [
        "no quantity at 'omens.thw.strength'",
        "two judgements have one name",
    ]
    assert caught.value.problems[0].hint == "did you mean 'omens.thaw.strength'?"
    case, told = examine(data(strength=0), WithOmens)
    assert case is not None
    assert ("omens", "thaw") in {one.path for one in told if one.message == "is neutral"}


def every_leaf(shape: Shape, path: str, seen: tuple[Any, ...] = ()) -> Iterator[tuple[str, Shape]]:
    """Yield all that a case may hold and that has no parts."""
    if shape.is_model and shape.content not in seen:
        for name, below in fields(shape.content).items():
            yield from every_leaf(below, f"{path}.{name}", (*seen, shape.content))
    elif shape.each is not None:
        yield from every_leaf(shape.each, path, seen)
    elif not shape.is_model:
        yield path, shape


def test_every_number_with_doubt_says_how_it_is_bounded_and_called() -> None:
    """A quantity without its annotation would be neither drawn nor checked."""
    leaves = list(every_leaf(shape_of(CaseModel), "case"))
    doubtful = {path for path, shape in leaves if shape.content in (Quantity, Acceptance)}
    assert len(doubtful) > 10
    assert doubtful == {path for path, shape in leaves if shape.mark(Doubtful) is not None}


def test_the_walk_passes_over_what_has_another_shape() -> None:
    broken = {
        "actors": [1],
        "stances": {"i": {"a": 5, "b": {"position": None, "salience": [1, 2]}}},
        "game": "x",
    }
    read = leniently(shape_of(CaseModel), broken)
    assert [(spot.path, str(spot.value)) for spot in walk(CaseModel, read, Stated)] == [
        (("stances", "i", "b", "salience"), "[1, 2]")
    ]
    assert [spot.path for spot in walk(CaseModel, read, Refers)] == [
        ("stances", "i"),
        ("stances", "i", "a"),
        ("stances", "i", "b"),
    ]
    assert leniently(shape_of(CaseModel), []) is None


def test_a_bare_text_is_a_list_of_one_where_the_model_reads_it_so() -> None:
    data = {"game": {"options": {"x": {"actors": "a"}}}, "deals": {"d": {"issues": "i"}}}
    spots = walk(CaseModel, leniently(shape_of(CaseModel), data), Refers)
    assert [spot.path for spot in spots] == [("game", "options", "x", "actors", 0)]
    assert as_stated(spots[0].path, data) == ("game", "options", "x", "actors")


def test_a_case_and_what_could_be_read_of_its_data_are_walked_alike() -> None:
    case = Case.from_dict({key: part for key, part in data().items() if key != "omens"})
    for kind in (Stated, Refers, Asserts):
        read = leniently(shape_of(CaseModel), case.to_dict())
        of_case, of_data = (walk(CaseModel, one, kind) for one in (case, read))
        assert [spot.path for spot in of_case] == [spot.path for spot in of_data]
        assert [dict(spot.around) for spot in of_case] == [dict(spot.around) for spot in of_data]


def test_models_that_hold_themselves_end() -> None:
    """Rules of consent hold rules."""
    consent: type[BaseModel] = fields(CaseModel)["consent"].content
    assert fields(consent)["all_of"].each is not None
    rule = leniently(shape_of(CaseModel), {"consent": {"all_of": [{"any_of": ["a"]}]}})
    assert walk(CaseModel, rule, Stated) == []
