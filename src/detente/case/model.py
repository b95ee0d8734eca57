"""What is a case? The table of its parts: the negotiation as frozen data.

Every number that can be in doubt is a `Quantity`; everything that is asserted can carry ``because``, the ids
of the sources it rests on. There are no algorithms here: a lens reads the case through its own view.

A part is one file under `parts` and one field here; ``keys.yaml`` says in a line each what its keys mean. Its
annotations say what its numbers are called, how they are bounded, which ids name what and what is asserted; from
them come the quantities of a case, faults, known keys, evidence and paths in words. `Checks` adds the rest.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from detente.case.consent import MAX_BODIES, Body, RuleOf
from detente.case.consent_checks import consent_faults
from detente.case.fields import EMPTY, ActorId, Asserts, Frozen, IssueId, Keyed, Part, PartialDate, real
from detente.case.guidance import guidance_warnings
from detente.case.options import Options, option_faults
from detente.case.parts.actors import MAX_ACTORS, Actor, Group, actor_faults, actor_warnings
from detente.case.parts.correlations import StatedCorrelation, correlation_faults, correlation_warnings
from detente.case.parts.deals import (
    MAX_DEALS,
    Payments,
    StatedDeal,
    deal_faults,
    deal_warnings,
    payment_faults,
)
from detente.case.parts.futures import Futures, future_faults, future_warnings
from detente.case.parts.game import Game
from detente.case.parts.game.checks import game_faults, game_warnings
from detente.case.parts.issues import MAX_ISSUES, Issue, issue_faults
from detente.case.parts.relations import Relations, relation_faults, relation_warnings
from detente.case.parts.scenarios import MAX_SCENARIOS, Scenario
from detente.case.parts.sources import MAX_ASKED, MAX_SOURCES, Asked, AskedId, Source, source_warnings
from detente.case.parts.stances import Stance, stance_faults, stance_warnings
from detente.case.reading import read_yaml
from detente.case.text import Name, Text
from detente.case.validation import Checks


class CaseModel(Part):
    """The parts of a case file, in the order in which one writes them."""

    detente: Annotated[Literal[1], BeforeValidator(real), Checks(changeable=False)] = 1
    title: Name
    question: Text | None = None
    as_of: PartialDate | None = None
    sources: Annotated[
        Frozen[Source],
        Field(max_length=MAX_SOURCES),
        Checks(None, source_warnings, changeable=False, one_line=2),
    ] = EMPTY
    groups: Annotated[Frozen[Group], Checks(one_line=2)] = EMPTY
    actors: Annotated[
        Frozen[Annotated[Actor, Asserts("{actors}")]],
        Field(max_length=MAX_ACTORS),
        Checks(actor_faults, actor_warnings, one_line=2),
    ] = EMPTY
    issues: Annotated[
        Frozen[Annotated[Issue, Asserts("{issues}")]], Field(max_length=MAX_ISSUES), Checks(issue_faults)
    ] = EMPTY
    stances: Annotated[
        Keyed[IssueId, Keyed[ActorId, Annotated[Stance, Asserts("{actors} on {issues}")]]],
        Checks(stance_faults, stance_warnings, one_line=3),
    ] = EMPTY
    consent: Annotated[RuleOf, Checks(consent_faults, guidance_warnings)] | None = None
    bodies: Annotated[Frozen[Body], Field(max_length=MAX_BODIES)] = EMPTY
    deals: Annotated[Frozen[StatedDeal], Field(max_length=MAX_DEALS), Checks(deal_faults, deal_warnings)] = (
        EMPTY
    )
    payments: Annotated[Payments, Checks(payment_faults)] | None = None
    game: Annotated[Game, Checks(game_faults, game_warnings)] | None = None
    relations: Annotated[Relations, Checks(relation_faults, relation_warnings, one_line=3)] | None = None
    futures: Annotated[Futures, Checks(future_faults, future_warnings, one_line=5)] | None = None
    ask: Annotated[
        Keyed[AskedId, Asked], Field(max_length=MAX_ASKED), Checks(changeable=False, one_line=2)
    ] = EMPTY
    correlations: Annotated[
        tuple[Annotated[StatedCorrelation, Asserts("{between}")], ...],
        Checks(correlation_faults, correlation_warnings, changeable=False, one_line=2),
    ] = ()
    scenarios: Annotated[
        Frozen[Annotated[Scenario, Asserts("Scenario “{name}”", "{extent}", "changes")]],
        Field(max_length=MAX_SCENARIOS),
        Checks(changeable=False),
    ] = EMPTY
    options: Annotated[Options, Checks(option_faults)] = Options()


def case_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a case file, with what its keys mean, for editors."""
    schema = CaseModel.model_json_schema(mode="validation")
    meanings = read_yaml(Path(__file__).with_name("keys.yaml").read_text(encoding="utf-8")).data
    for name, keys in meanings.items():
        for key, meaning in keys.items():
            schema["$defs"][name]["properties"][key]["description"] = meaning
    schema["title"] = "détente case"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
