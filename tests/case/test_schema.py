"""The JSON Schema accepts what the checker accepts, and refuses obvious faults, so that editors can use it."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from detente.case import Case
from detente.case.model import case_schema
from detente.case.reading import read_yaml
from tests.case.checking import SMALL, changed, checked
from tests.case.strategies import Data, cases

SCHEMA = case_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["title"] == "détente case"


@settings(suppress_health_check=list(HealthCheck), max_examples=20)
@given(cases())
def test_it_accepts_every_valid_case(data: Data) -> None:
    VALIDATOR.validate(json.loads(json.dumps(data)))  # as an editor sees it: all keys are texts
    VALIDATOR.validate(Case.from_dict(data).to_dict())
    VALIDATOR.validate(read_yaml(Case.from_dict(data).to_yaml()).data)


WAYS = [
    ("date: 2017", "date: 2017-05"),
    ("2, because: [law]", "2, because: law"),
    ("groups: [east]", "groups: east"),
    ("position: 80 ± 8", "position: '[80 ± 8, 70]'"),
    ("position: 80 ± 8", "position: ' 80+-8'"),
    ("position: 80 ± 8", "position: '.5'"),
    ("position: 80 ± 8", "position: [80 ± 8, 70, 20..30]"),
    ("position: -0.5", "position: '−0.5'"),
    ("position: -0.5", "position: +0.5"),
    ('">= 40"', '"≤ 90 ± 5"'),
    ('">= 40"', "20 to 90"),
    ("detente: 1\n", ""),
    ("rounds: 3", "rounds: null"),
    ("options:\n", "options:\n  another_lens: {any: [thing]}\n"),
]


@pytest.mark.parametrize(("old", "new"), [("", ""), *WAYS], ids=range(len(WAYS) + 1))
def test_it_accepts_every_way_of_writing(old: str, new: str) -> None:
    text = changed(old, new) if old else SMALL
    assert checked(text).case is not None, checked(text).errors
    VALIDATOR.validate(read_yaml(text).data)


FAULTS = [
    ("title: A small reset\n", ""),
    ("title: A small reset", "title: 5"),
    ("title: A small reset", "title: ''"),
    ("detente: 1", "detente: 2"),
    ("detente: 1", "detente: true"),
    ("question: Will", "isues: {}\nquestion: Will"),
    ("country: NOR", "countri: NOR"),
    ("salience: 0.8, ", ""),
    ("position: 80 ± 8", "position: {a: 1}"),
    ("position: 80 ± 8", "position: true"),
    ("position: 80 ± 8", "position: much"),
    ("position: 80 ± 8", "position: []"),
    ('">= 40"', "'> 40'"),
    ('">= 40"', "40"),
    ("rank: -0.4", "rank: -4"),
    ("rank: -0.4", "rank: high"),
    ("{value: 0.5,", "{value: half,"),
    ("[mean, challenge]", "[mean, chalenge]"),
    ("rounds: 3", "rounds: 0"),
    ("rounds: 3", "round: 3"),
    ("as_of: 2024-11-07", "as_of: [2024]"),
    ("2, because: [law]", "2, because: {a: b}"),
]


@pytest.mark.parametrize(("old", "new"), FAULTS, ids=range(len(FAULTS)))
def test_it_refuses_obvious_faults(old: str, new: str) -> None:
    text = changed(old, new)
    assert checked(text).case is None
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(read_yaml(text).data)


def test_an_editor_is_told_what_the_parts_are() -> None:
    definitions: dict[str, Any] = SCHEMA["$defs"]
    for name in ("Actor", "Issue", "Stance", "Source", "Scenario"):
        assert definitions[name]["description"]
        assert definitions[name]["additionalProperties"] is False
    text = json.dumps(SCHEMA, ensure_ascii=False)
    assert "40 ± 10" in text
    assert "red line" in text
