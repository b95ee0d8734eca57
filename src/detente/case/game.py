"""Which options does each actor have, what cannot go together, and who prefers what? The ``game`` of a case.

A state says of every option whether it is taken; it is written as one letter per option, ``Y`` or ``N``, in the
order in which the options stand. Where moves do not come from options, states and moves are listed instead.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer

from detente.case.parts import Frozen, Ids, Part
from detente.case.statement import Statement
from detente.case.text import Identifier, Name
from detente.quantity import Quantity

MAX_GAME_OPTIONS = 24
MAX_STATES = 5_000
MAX_STATEMENTS = 500


def _worded(value: object) -> object:
    """Accept a bare statement for one that has nothing beside it."""
    return {"statement": value} if isinstance(value, (str, Statement)) else value


def _bare(wish: Any) -> Any:
    rest = wish.model_dump(mode="json", exclude_defaults=True)
    return rest["statement"] if set(rest) == {"statement"} else rest


def _listed(value: object) -> object:
    return {"statements": value} if isinstance(value, (list, tuple)) else value


def _grouped(value: object) -> object:
    """Accept a bare state for a group of one."""
    if not isinstance(value, (list, tuple)):
        return value
    return tuple((group,) if isinstance(group, str) else group for group in value)


def _ungrouped(groups: tuple[tuple[str, ...], ...]) -> list[Any]:
    return [group[0] if len(group) == 1 else list(group) for group in groups]


class GameOption(Part):
    """Something that one actor can do or leave.

    Attributes:
        actor: who decides; nobody where left out, and then it stays as it is.
        name: in words.
        moves: ``both``, ``forward`` (once taken it stays taken) or ``back`` (once dropped it stays dropped).
    """

    actor: Identifier | None = None
    name: Name | None = None
    moves: Literal["both", "forward", "back"] = "both"
    because: Ids = ()


class Wish(Part):
    """A statement that an actor wants to hold, or that cannot hold."""

    statement: Statement
    because: Ids = ()


class WeightedWish(Part):
    """A statement that an actor wants to hold, and how much it counts."""

    statement: Statement
    weight: Quantity
    because: Ids = ()


Worded = Annotated[
    Wish,
    BeforeValidator(_worded, json_schema_input_type=str | Wish),
    PlainSerializer(_bare, when_used="always"),
]
Groups = Annotated[
    tuple[tuple[str, ...], ...],
    BeforeValidator(_grouped, json_schema_input_type=tuple[str | tuple[str, ...], ...]),
    PlainSerializer(_ungrouped, when_used="always"),
]


class Preference(Part):
    """How an actor orders the states; exactly one of the three.

    Attributes:
        statements: the most important first; a state is better if the first statement on which two states
            differ holds there.
        weights: name → statement with its weight; a state is better if the weights of what holds add up to more.
        ranking: states from best to worst, equally good ones together.
    """

    statements: Annotated[tuple[Worded, ...], Field(max_length=MAX_STATEMENTS)] = ()
    weights: Annotated[Frozen[WeightedWish], Field(max_length=MAX_STATEMENTS)] = Field(
        default_factory=dict, validate_default=True
    )
    ranking: Groups = ()
    because: Ids = ()


Preferring = Annotated[
    Preference, BeforeValidator(_listed, json_schema_input_type=Preference | tuple[Worded, ...])
]


class GameState(Part):
    """A state of a game whose moves are listed."""

    name: Name | None = None
    because: Ids = ()


class Game(Part):
    """Who can do what, what cannot go together, and who prefers what.

    Attributes:
        options: what each actor can do or leave, in the order of the letters of a state.
        infeasible: statements that hold in no state.
        states: instead of options, id → state.
        moves: with ``states``, actor → pairs (from, to).
        preferences: actor → how it orders the states.
        status_quo: the state of today: letters, the id of a state, or the list of the options that are taken.
    """

    options: Annotated[Frozen[GameOption], Field(max_length=MAX_GAME_OPTIONS)] = Field(
        default_factory=dict, validate_default=True
    )
    infeasible: Annotated[tuple[Worded, ...], Field(max_length=MAX_STATEMENTS)] = ()
    states: Annotated[Frozen[GameState], Field(max_length=MAX_STATES)] = Field(
        default_factory=dict, validate_default=True
    )
    moves: Frozen[tuple[tuple[Identifier, Identifier], ...]] = Field(
        default_factory=dict, validate_default=True
    )
    preferences: Frozen[Preferring] = Field(default_factory=dict, validate_default=True)
    status_quo: str | tuple[str, ...] | None = None
