"""What do all parts of a case share? Frozen fields by id, and what the annotation of a field says of it.

Bounds, references and words stand in the annotations and nowhere else; `detente.case.shape` reads them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from numbers import Real
from typing import Annotated, Any, NoReturn, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    WrapSerializer,
)

from detente.case.text import Citation, Identifier, Text

AT_LEAST_0 = "use a number of at least 0"
MOST_COST = 1_000.0
"""Of failure, in ranges of the loss: beyond it every deal is worth it, or none, and sums of losses lose digits."""
Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Stated:
    """A number that is stated here; braces in its words stand for the entries around it (``{actors}``).

    Attributes:
        name: what it is.
        low: least that it can be.
        high: most that it can be.
        on_scale: whether instead the scale of the issue around it bounds it.
        hint: the way out for a number beyond the bounds, where the bounds themselves do not say it.
        brief: its name in a table, where it is another.
        owner: whose it is.
        phrase: the whole as the subject of a sentence, where that is not ``owner’s name``.
        told: instead, gives owner, name and phrase from the case and the steps of the path.
    """

    name: str
    low: float = -math.inf
    high: float = math.inf
    on_scale: bool = False
    hint: str | None = None
    brief: str | None = None
    owner: str = "{actors}"
    phrase: str | None = None
    told: Callable[[Any, Sequence[str]], tuple[str, str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Doubtful(Stated):
    """A number that may carry doubt: one of the quantities of the case."""


@dataclass(frozen=True, slots=True)
class Refers:
    """An id, or a key, that names an entry of a part of the case.

    Attributes:
        part: path of the mapping that holds the entries, such as ``actors``; a star stands for the entry around it
            (``futures.descriptors.*.variants``).
        also: further parts whose entries may be named.
        noun: what an entry is called, where that is not the singular of the part.
        way: the way out where nothing of a like name is known.
        optional: whether anything may be named in a case that has no such part.
        within: part of that entry whose entries may be named after ``#``.
    """

    part: str
    also: tuple[str, ...] = ()
    noun: str = ""
    way: str | None = None
    optional: bool = False
    within: str = ""


@dataclass(frozen=True, slots=True)
class ToNumbers:
    """Texts that name numbers of the case by their paths."""


@dataclass(frozen=True, slots=True)
class Asserts:
    """What stands here is asserted, and rests on what ``because`` cites.

    Attributes:
        about: of what, in words; braces stand for the entries around it and for fields of what stands here.
        text: what is said where no number is; likewise.
        brief: its name in a table.
        otherwise: ``about`` for an entry that lacks the field named there.
        inherits: whether it rests on what the part around it cites when it cites nothing itself.
        told: instead of ``about``, gives the words from the case and the steps of the path.
    """

    about: str
    text: str = ""
    brief: str = ""
    otherwise: str = ""
    inherits: bool = False
    told: Callable[[Any, Sequence[Any]], str] | None = None


class FrozenDict(dict[Key, Value]):
    """A dict that cannot be changed once it is made; unlike a mapping proxy it can be copied and sent away.

    >>> FrozenDict(a=1)["a"]
    1
    """

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a case cannot be changed in place; make another one with case.with_(...)")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = _refuse
    __ior__ = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        """Rebuild from a plain dict when copied or unpickled."""
        return type(self), (dict(self),)

    def __hash__(self) -> int:  # type: ignore[override]
        """Agree with equality, whatever the order."""
        return hash(frozenset(self.items()))

    def __copy__(self) -> FrozenDict[Key, Value]:
        """Return itself: nothing can change it."""
        return self


def frozen(value: Any) -> Any:
    """Return plain data whose mappings and lists cannot be changed, at any depth."""
    if isinstance(value, Mapping):
        return FrozenDict({key: frozen(item) for key, item in value.items()})
    if isinstance(value, (list, tuple)):
        return tuple(frozen(item) for item in value)
    return value


def unwrapped(value: Mapping[Any, Any], handler: SerializerFunctionWrapHandler) -> Any:
    """Write a frozen mapping as a plain one."""
    return handler(dict(value))


def _checked_date(text: object) -> str:
    """Accept a year, a month or a day (``2024``, ``2024-11``, ``2024-11-06``) and keep its precision."""
    if isinstance(text, date):
        return (text.date() if isinstance(text, datetime) else text).isoformat()
    written = str(text) if isinstance(text, (str, int)) and not isinstance(text, bool) else ""
    with suppress(ValueError):
        if re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", written) and date.fromisoformat(
            written + "-01-01"[len(written) - 4 :]
        ):
            return written
    raise ValueError("not a date; write 2024, 2024-11 or 2024-11-06")


def real(value: object) -> object:
    """Return a number as it is; a `ValueError` for what is none, or a truth value."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ValueError("must be a number")
    return value


def spelt(field: str, model: Any, *kinds: type[Any]) -> BeforeValidator:
    """Accept a bare text, or a value of these kinds, for a model with that ``field`` alone."""

    def spell(value: object) -> object:
        return {field: value} if isinstance(value, (str, *kinds)) else value

    return BeforeValidator(spell, json_schema_input_type=str | model)


def bare(field: str) -> PlainSerializer:
    """Write a model that has nothing beside one ``field`` as what stands in it."""

    def written(model: Any) -> Any:
        rest = model.model_dump(mode="json", exclude_defaults=True)
        return rest[field] if set(rest) == {field} else rest

    return PlainSerializer(written, when_used="always")


# Mappings that cannot be changed once validated: with any keys, and by id.
Keyed = Annotated[
    Mapping[Key, Value], AfterValidator(FrozenDict), WrapSerializer(unwrapped, when_used="always")
]
Frozen = Keyed[Identifier, Value]
LISTED = BeforeValidator(
    lambda value: [value] if isinstance(value, str) else value, json_schema_input_type=str | tuple[str, ...]
)
"""A text stands for a list of one."""
Cited = Annotated[Citation, Refers("sources", way="add it under 'sources'", within="statements")]
Citations = Annotated[tuple[Cited, ...], LISTED]
Each = Keyed[Key, Citations]
"""What single values of several rest on, beside what all of them rest on."""
ActorId = Annotated[Identifier, Refers("actors")]
ActorIds = Annotated[tuple[ActorId, ...], LISTED]
IssueId = Annotated[Identifier, Refers("issues")]
PartialDate = Annotated[str, BeforeValidator(_checked_date, json_schema_input_type=str | int)]
Number = Annotated[float, BeforeValidator(real, json_schema_input_type=float)]


class Part(BaseModel):
    """What all parts of a case share: frozen, no unknown keys, a free ``note``."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)

    note: Text | None = None


EMPTY: Any = Field(default_factory=dict, validate_default=True)
"""The field of a mapping that may be left out."""
