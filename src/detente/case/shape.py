"""Where in a case may what stand? The shape of its models, and one walk over all that their annotations mark.

The walk goes over a case, or over what could be read of one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from types import NoneType, UnionType
from typing import Annotated, Any, Generic, NamedTuple, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, TypeAdapter, ValidationError

from detente.case.fields import Refers
from detente.case.reading import Path

Mark = TypeVar("Mark")


@dataclass(frozen=True, slots=True)
class Shape:
    """What may stand at a place.

    Attributes:
        content: a model, or the type of what has no parts; ``None`` for a mapping or list.
        marks: what the annotation says beside the type.
        each: of the entries of a mapping or list.
        key: of the keys of a mapping.
        is_model: whether it has fields.
        whole: the annotation itself, of what has no parts.
    """

    content: Any = None
    marks: tuple[Any, ...] = ()
    each: Shape | None = None
    key: Shape | None = None
    is_model: bool = False
    whole: Any = None

    @property
    def is_leaf(self) -> bool:
        """Whether it has no parts."""
        return self.each is None and not self.is_model

    def mark(self, kind: type[Mark]) -> Mark | None:
        """Return the mark of a kind, or ``None``."""
        for mark in self.marks:  # a generator takes three times as long
            if isinstance(mark, kind):
                return mark
        return None

    def leads_to(self, kind: type[Any], within: frozenset[Any] = frozenset()) -> bool:
        """Tell whether there are marks of a kind here or below; ``within`` are the models around it."""
        if self.mark(kind) is not None:
            return True
        below = [shape for shape in (self.each, self.key) if shape is not None]
        if self.is_model and self.content not in within:  # a rule of consent holds rules
            below += fields(self.content).values()
        return any(shape.leads_to(kind, within | {self.content}) for shape in below)


def shape_of(annotation: Any, marks: tuple[Any, ...] = ()) -> Shape:
    """Return the shape that an annotation gives; of several types the first that is not ``None``."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    whole = Annotated[annotation, *marks] if marks else annotation
    if origin is Annotated:
        return shape_of(arguments[0], (*arguments[1:], *marks))
    if origin in (Union, UnionType):
        first = shape_of(next(one for one in arguments if one is not NoneType), marks)
        return replace(first, whole=whole)
    if origin is Mapping:
        return Shape(None, marks, shape_of(arguments[1]), shape_of(arguments[0]))
    if origin is tuple:
        return Shape(None, marks, shape_of(arguments[0]))
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return Shape(annotation, marks, None, None, is_model, whole)


_known: dict[Any, dict[str, Shape]] = {}


def fields(model: type[BaseModel]) -> dict[str, Shape]:
    """Return the shapes of the fields of a model."""
    if model not in _known:
        found = model.model_fields.items()
        _known[model] = {name: shape_of(one.annotation, tuple(one.metadata)) for name, one in found}
    return _known[model]


def ways(model: type[BaseModel], kind: type[Any]) -> dict[str, Shape]:
    """Return the fields of a model under which there are marks of a kind."""
    if (model, kind) not in _known:
        _known[model, kind] = {name: shape for name, shape in fields(model).items() if shape.leads_to(kind)}
    return _known[model, kind]


_readers: dict[int, tuple[Shape, Callable[[Any], Any]]] = {}


def leniently(shape: Shape, value: Any) -> Any:
    """Return what plain data says as far as it can be read: models that need not be valid, ``None`` for the rest.

    What a model requires is ``None`` where it cannot be read; the rest is as if left out, though it counts as set.
    Keys are as stated.
    """
    before: Any = shape.mark(BeforeValidator)
    value = value if before is None else before.func(value)
    if shape.is_model and isinstance(value, Mapping):
        value = getattr(shape.content, "spelt_out", dict)(value)
        read = {name: _read(one, value.get(name)) for name, one in fields(shape.content).items()}
        found = dict.fromkeys(name for name, one in shape.content.model_fields.items() if one.is_required())
        found |= {name: one for name, one in read.items() if one is not None}
        return shape.content.model_construct({name for name in read if value.get(name) is not None}, **found)
    if shape.key is not None and shape.each is not None and isinstance(value, Mapping):
        return {key: _read(shape.each, item) for key, item in value.items()}
    if shape.each is not None and isinstance(value, (list, tuple)) and shape.key is None:
        return tuple(_read(shape.each, item) for item in value)
    return None


def _read(shape: Shape, value: Any) -> Any:
    """Return what can be read of plain data: all of it at once where it is right."""
    if value is not None and (shape.is_leaf or shape.is_model):
        if id(shape) not in _readers:
            _readers[id(shape)] = shape, TypeAdapter(shape.whole).validate_python
        with suppress(ValidationError):
            return _readers[id(shape)][1](value)
    if shape.is_leaf:  # a name that no id can be may still be like one that is known
        return value if isinstance(value, str) and shape.mark(Refers) is not None else None
    return leniently(shape, value)


class Spot(NamedTuple, Generic[Mark]):
    """A marked place.

    Attributes:
        path: of the place.
        mark: what is said of it.
        value: what stands there; not ``None``.
        content: what should stand there.
        around: part or field → id of the entry around it (``actors`` → ``kremlin``).
        whole: the part of the case that holds it.
        at_key: whether the key of the entry is meant.
    """

    path: Path
    mark: Mark
    value: Any
    content: Any
    around: Mapping[str, str]
    whole: Any
    at_key: bool = False


def walk(model: type[BaseModel], value: Any, kind: type[Mark]) -> list[Spot[Mark]]:
    """Return every marked place in the order of the fields.

    Args:
        model: of the case.
        value: a case, or what could be read of one.
        kind: of marks.
    """
    found: list[Spot[Mark]] = []

    def go(shape: Shape, value: Any, path: Path, around: Mapping[str, str], whole: Any) -> None:
        mark = shape.mark(kind) if shape.marks else None
        if mark is not None:
            found.append(Spot(path, mark, value, shape.content, around, whole))
        if shape.is_model:
            for name, below in ways(shape.content, kind).items():
                if (item := getattr(value, name)) is None:
                    continue
                mark = below.mark(kind)
                if mark is not None and below.is_leaf:  # most of a case; a call for each takes twice as long
                    found.append(Spot((*path, name), mark, item, below.content, around, value))
                elif item or mark is not None:
                    go(below, item, (*path, name), around, value)
        elif shape.each is not None:
            key = shape.key or Shape()
            mark = key.mark(kind)
            entries: Any = enumerate(value) if shape.key is None else value.items()
            for step, item in entries:
                here = around if shape.key is None else {**around, part_of(key, path): step}
                if mark is not None:
                    found.append(Spot((*path, step), mark, step, key.content, here, whole, at_key=True))
                if item is not None:
                    go(shape.each, item, (*path, step), here, whole)

    go(shape_of(model), value, (), {}, None)
    return found


def as_stated(path: Path, data: Any) -> tuple[Path, Any]:
    """Return a path in plain data, where short forms have fewer steps, and what stands there."""
    found: list[str | int] = []
    for step in path:
        if isinstance(data, Mapping) or data is None:
            found.append(step)
            data = data and data.get(step)
        elif isinstance(data, list) and isinstance(step, int):
            found.append(step)
            data = data[step] if step < len(data) else None
    return tuple(found), data


def steps(path: str) -> list[str]:
    """Return the steps of a dotted path; the settlement that a value belongs to may be a decimal number.

    >>> steps("stances.tariffs.france.values.2.5"), steps("actors.france.influence")
    (['stances', 'tariffs', 'france', 'values', '2.5'], ['actors', 'france', 'influence'])
    """
    before, _, settlement = path.rpartition(".values.")
    before = before.strip()
    if before.startswith("stances.") and before.count(".") == 2:
        return [*before.split("."), "values", settlement]
    return path.split(".")


def part_of(key: Shape, path: Path) -> str:
    """Return the part that the keys of a mapping name, or else the field that holds it."""
    named = key.mark(Refers)
    return str(path[-1]) if named is None else named.part
