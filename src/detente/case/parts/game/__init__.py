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
    """Something that can be done or left.

    Attributes:
        actor: who decides; where nobody does it stays as it is.
        actors: instead, those who can only do it together, two or more.
        moves: ``both``, ``forward`` (once taken it stays taken) or ``back`` (once dropped it stays dropped).
        sets: issue → its value while the option is taken, for actors whose preference comes from their stances.
    """

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
    """A statement that an actor wants to hold.

    Attributes:
        strong: states that differ on it, or on one before it, are strongly preferred one to the other.
        unknown: it is not known whether the actor wants it to hold or not to hold.
    """

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
    tuple[Annotated[tuple[str, ...], LISTED], ...],
    PlainSerializer(lambda groups: [one[0] if len(one) == 1 else list(one) for one in groups]),
]


class Preference(Part):
    """How an actor orders the states: by exactly one of statements, weights, ranking and stances.

    Attributes:
        statements: the most important first; a state is better if the first statement on which two states
            differ holds there.
        weights: name → statement with its weight; a state is better if the weights of what holds add up to more.
        ranking: states from best to worst, equally good ones together; ``>>`` between two of them says that all
            before it are strongly preferred to all after it.
        stances: order states by how near the issues that options set come to what the actor wants:
            ``Σ salience · |value − position| / width`` of the scale, less is better.
        strong_gap: with weights or stances, the difference from which on a preference is strong.
        unknown: pairs of states, or of patterns such as ``Y--``, of which it is not known which one is better.
    """

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


def spelt_out(game: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a game as stated, with preferences for the word ``indifferent``: all states are equally good.

    With options it is a statement that always holds, with listed states one group of a ranking.
    """
    wants, options, states = (as_mapping(game.get(part)) for part in ("preferences", "options", "states"))
    first = next(iter(options), None)
    all_alike: Any = [f"{first} or not {first}"] if options else {"ranking": [list(states)] if states else []}
    alike = {actor: all_alike for actor, want in wants.items() if want == "indifferent"}
    return {**game, "preferences": {**wants, **alike}} if alike else game


class Game(Part):
    """Who can do what, what cannot go together, and who prefers what.

    Attributes:
        options: what each actor can do or leave, in the order of the letters of a state.
        infeasible: statements or patterns that hold in no state.
        merged: statements or patterns; the states in which one holds are treated as one.
        states: instead of options, id → state.
        moves: with ``states``, actor → pairs (from, to).
        together: with ``states``, moves that need several actors.
        misperceives: actor → statements or patterns (ids, with ``states``) of the states that it does not
            perceive: it neither moves to them nor from them.
        coalitions: which sets of two or more actors can form; all can where left out.
        preferences: actor → how it orders the states; ``indifferent`` if all are equally good to it.
        status_quo: the state of today: letters, the id of a state, or the list of the options that are taken.
        wanted: a state of which is asked what would have to change for it to hold, written in the same way.
    """

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
    def _spelt_out(cls, data: Any) -> Any:
        return spelt_out(data) if isinstance(data, Mapping) else data

    def option_names(self, actors: Mapping[str, str]) -> dict[str, str]:
        """Return option → its name, with whose it is or its id where several have the same, given the actors'."""
        named = {key: option.name or key for key, option in self.options.items()}
        owners = {key: option.actors or (option.actor,) for key, option in self.options.items()}
        whose = {key: " and ".join(actors[one] for one in of if one) for key, of in owners.items()}
        return apart(named, whose)

    def state_names(self) -> dict[str, str]:
        """Return listed state → its name, with its id where several have the same name."""
        return apart({key: state.name or key for key, state in self.states.items()}, {})
