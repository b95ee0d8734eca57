"""Which options does each actor have, what cannot go together, and who prefers what? The ``game`` of a case.

A state says of every option whether it is taken; it is written as one letter per option, ``Y`` or ``N``, in the
order in which the options stand. Where moves do not come from options, states and moves are listed instead.

How strongly somebody prefers, and whose order is not known, follow Hamouda, Kilgour & Hipel (2004) and Li, Hipel,
Kilgour & Xu (2004); what an actor does not perceive and moves that several make together, Fang, Hipel & Kilgour
(1993).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from detente.case.fields import (
    AT_LEAST_0,
    EMPTY,
    LISTED,
    ActorId,
    ActorIds,
    Asserts,
    Citations,
    Doubtful,
    Frozen,
    IssueId,
    Keyed,
    Part,
    Refers,
    bare,
    spelt,
)
from detente.case.parts.game.statement import Statement
from detente.case.text import Identifier, Name, apart
from detente.case.validation import as_mapping
from detente.quantity import Quantity

MAX_GAME_OPTIONS = 24
MAX_STATES = 5_000
MAX_STATEMENTS = 500
MUCH = ">>"
"""Stands in a ranking where what is above it is strongly preferred to what is below."""


def preferring(value: object) -> object:
    """Spell out a preference that is a bare list of statements, or the word ``stances``."""
    if value == "stances":
        return {"stances": True}
    return {"statements": value} if isinstance(value, (list, tuple)) else value


_PUTS = "puts {issues}"
SetTo = Annotated[
    Quantity,
    Doubtful(f"where it {_PUTS}", on_scale=True, owner="“{options}”", phrase="where “{options}” " + _PUTS),
]


class GameOption(Part):
    """Something that can be done or left."""

    actor: ActorId | None = None
    actors: ActorIds = ()
    name: Name | None = None
    moves: Literal["both", "forward", "back"] = "both"
    sets: Keyed[IssueId, SetTo] = EMPTY
    because: Citations = ()


class Condition(Part):
    """A statement, or a pattern such as ``YN--``, of the states that are meant."""

    statement: Statement
    because: Citations = ()


class Merge(Condition):
    """States that count as one: all in which the statement holds; ``name`` says what they are together."""

    name: Name | None = None


class Wish(Condition):
    """A statement that an actor wants to hold."""

    strong: bool = False
    unknown: bool = False


Weight = Annotated[
    Quantity,
    Doubtful(
        "weight of “{weights}”",
        0,
        hint=f"{AT_LEAST_0}; to want the opposite, put 'not' before the statement",
        brief="weight",
        phrase="how much “{weights}” counts for {actors}",
    ),
]
Gap = Annotated[
    Quantity, Doubtful("least gap that is strong", 0, phrase="what is strongly better for {actors}")
]


class WeightedWish(Part):
    """A statement that an actor wants to hold, and how much it counts."""

    statement: Statement
    weight: Weight
    because: Citations = ()


Worded = Annotated[Wish, spelt("statement", Wish, Statement), bare("statement")]
WordedCondition = Annotated[Condition, spelt("statement", Condition, Statement), bare("statement")]
Merged = Annotated[Merge, spelt("statement", Merge, Statement), bare("statement")]
Groups = Annotated[
    tuple[Annotated[tuple[str, ...], LISTED, Field(min_length=1)], ...],
    PlainSerializer(lambda groups: [one[0] if len(one) == 1 else list(one) for one in groups]),
]


class Preference(Part):
    """How an actor orders the states: by exactly one of statements, weights, ranking and stances."""

    statements: Annotated[
        tuple[Annotated[Worded, Asserts("{actors} wants", "{statement}", inherits=True)], ...],
        Field(max_length=MAX_STATEMENTS),
    ] = ()
    weights: Annotated[
        Frozen[Annotated[WeightedWish, Asserts("{actors} wants {statement}", inherits=True)]],
        Field(max_length=MAX_STATEMENTS),
    ] = EMPTY
    ranking: Annotated[Groups, Asserts("{actors} ranks", "the outcomes", inherits=True)] = ()
    stances: bool = False
    strong_gap: Gap | None = None
    unknown: Annotated[tuple[tuple[str, str], ...], Field(max_length=MAX_STATEMENTS)] = ()
    because: Citations = ()

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The ranking without its marks of strength."""
        return tuple(group for group in self.ranking if group != (MUCH,))

    @property
    def levels(self) -> tuple[int, ...]:
        """For each of the groups, how many marks of strength stand above it."""
        marks = [group == (MUCH,) for group in self.ranking]
        return tuple(sum(marks[:n]) for n, mark in enumerate(marks) if not mark)

    @property
    def has_strength(self) -> bool:
        """Whether some preferences are stronger than others."""
        marked = any(wish.strong for wish in self.statements)
        return marked or (MUCH,) in self.ranking or self.strong_gap is not None

    @property
    def has_unknown(self) -> bool:
        """Whether of some states it is not known which is preferred."""
        return bool(self.unknown) or any(wish.unknown for wish in self.statements)


Preferring = Annotated[
    Preference,
    BeforeValidator(
        preferring, json_schema_input_type=Preference | tuple[Worded, ...] | Literal["stances", "indifferent"]
    ),
]


class GameState(Part):
    """A state of a game whose moves are listed."""

    name: Name | None = None
    because: Citations = ()


StateId = Annotated[Identifier, Refers("game.states", optional=True)]
Moves = tuple[tuple[StateId, StateId], ...]


class Together(Part):
    """Moves between listed states that several actors can only make together."""

    actors: Annotated[ActorIds, Field(min_length=2)]
    moves: Moves
    because: Citations = ()


class Game(Part):
    """Who can do what, what cannot go together, and who prefers what."""

    options: Annotated[
        Frozen[Annotated[GameOption, Asserts("{actor} can", "{entry}", otherwise="Can be done")]],
        Field(max_length=MAX_GAME_OPTIONS),
    ] = EMPTY
    infeasible: Annotated[
        tuple[Annotated[WordedCondition, Asserts("Cannot be", "{statement}")], ...],
        Field(max_length=MAX_STATEMENTS),
    ] = ()
    merged: Annotated[tuple[Merged, ...], Field(max_length=MAX_STATEMENTS)] = ()
    states: Annotated[Frozen[GameState], Field(max_length=MAX_STATES)] = EMPTY
    moves: Keyed[ActorId, Moves] = EMPTY
    together: tuple[Together, ...] = ()
    misperceives: Keyed[ActorId, Annotated[tuple[WordedCondition, ...], Field(max_length=MAX_STATEMENTS)]] = (
        EMPTY
    )
    coalitions: tuple[Annotated[ActorIds, Field(min_length=2)], ...] | None = None
    preferences: Keyed[ActorId, Preferring] = EMPTY
    status_quo: str | tuple[str, ...] | None = None
    wanted: str | tuple[str, ...] | None = None

    @model_validator(mode="before")
    @classmethod
    def spelt_out(cls, game: Any) -> Any:
        """Return a game with preferences in place of the word ``indifferent``: all states are equally good.

        With options it is a statement that always holds, with listed states one group of a ranking.
        """
        options, states, wants = (as_mapping(game, part) for part in ("options", "states", "preferences"))
        first = next(iter(options), None)
        alike: Any = [f"{first} or not {first}"] if options else {"ranking": [[*states]] if states else []}
        told = {actor: alike if want == "indifferent" else want for actor, want in wants.items()}
        return {**game, "preferences": told} if wants else game

    def option_names(self, actors: Mapping[str, str]) -> dict[str, str]:
        """Return option → its name, with whose it is or its id where several have the same, given the actors'."""
        named = {key: option.name or key for key, option in self.options.items()}
        owners = {key: option.actors or (option.actor,) for key, option in self.options.items()}
        whose = {key: " and ".join(actors[one] for one in of if one) for key, of in owners.items()}
        return apart(named, whose)

    def state_names(self) -> dict[str, str]:
        """Return listed state → its name, with its id where several have the same name."""
        return apart({key: state.name or key for key, state in self.states.items()}, {})
