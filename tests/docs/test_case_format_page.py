"""The page of the case format names everything that a case file may say."""

from __future__ import annotations

import re

import pytest
from pydantic import BaseModel

from detente.case import (
    Actor,
    Assumption,
    Claim,
    Constraint,
    DatedEvent,
    Descriptor,
    Dyad,
    Expert,
    Futures,
    Game,
    Group,
    Issue,
    Judgement,
    Outcome,
    Preference,
    Relations,
    Scenario,
    Source,
    Stance,
    Variant,
)
from detente.case.model import CaseModel
from detente.case.parts.correlations import StatedCorrelation
from detente.case.parts.game import GameOption
from detente.case.parts.relations import GRADES, KINDS
from docs.tools.options import PAGE


@pytest.mark.parametrize(
    "part",
    [
        CaseModel,
        Source,
        Group,
        Actor,
        Issue,
        Outcome,
        Stance,
        Game,
        GameOption,
        Preference,
        Relations,
        Dyad,
        DatedEvent,
        Futures,
        Descriptor,
        Variant,
        Judgement,
        Expert,
        Constraint,
        Assumption,
        Claim,
        StatedCorrelation,
        Scenario,
    ],
)
def test_every_key_of_a_part_is_described(part: type[BaseModel]) -> None:
    """No key that the model accepts is missing from the page."""
    named = set(re.findall(r"`([a-z_]+)`", PAGE.read_text(encoding="utf-8")))
    assert set(part.model_fields) <= named


def test_the_page_states_every_grade_and_kind() -> None:
    """Grades are comparable only if everybody grades by one rule."""
    page = PAGE.read_text(encoding="utf-8")
    for grade, deserves in GRADES.items():
        assert f"| {grade:g} | {deserves} |".replace("-", "−") in page.replace("-", "−")
    assert all(f"`{kind}`" in page for kind in KINDS)
