"""Where in a case may what stand? The shape of its models, and one walk over all that their annotations mark.

The walk goes over a case, or over what could be read of one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    if origin is Annotated:
        return shape_of(arguments[0], (*arguments[1:], *marks))
    if origin in (Union, UnionType):
        first = shape_of(next(one for one in arguments if one is not NoneType), marks)
        return replace(first, whole=Annotated[annotation, *marks] if marks else annotation)
    if origin is Mapping:
        return Shape(None, marks, shape_of(arguments[1]), shape_of(arguments[0]))
    if origin is tuple:
        return Shape(None, marks, shape_of(arguments[0]))
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return Shape(
        annotation, marks, None, None, is_model, Annotated[annotation, *marks] if marks else annotation
    )


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
        found = fields(model).items()
        _known[model, kind] = {name: shape for name, shape in found if shape.leads_to(kind)}
    return _known[model, kind]


_readers: dict[int, tuple[Shape, Callable[[Any], Any]]] = {}


def leniently(shape: Shape, value: Any) -> Any:
    """Return what plain data says as far as it can be read: models that need not be valid, ``None`` for the rest.

    What a model requires is ``None`` where it cannot be read; the rest is as if left out, though it counts as set.
    Keys are as stated.
    """
    if shape.is_leaf:
        if id(shape) not in _readers:
            _readers[id(shape)] = shape, TypeAdapter(shape.whole).validate_python
        try:
            return _readers[id(shape)][1](value)
        except ValidationError:
            return None
    before: Any = shape.mark(BeforeValidator)
    value = value if before is None else before.func(value)
    if shape.is_model and isinstance(value, Mapping):
        value = getattr(shape.content, "spelt_out", dict)(value)
        read = {name: leniently(one, value.get(name)) for name, one in fields(shape.content).items()}
        found = dict.fromkeys(name for name, one in shape.content.model_fields.items() if one.is_required())
        found |= {name: one for name, one in read.items() if one is not None}
        return shape.content.model_construct({name for name in read if value.get(name) is not None}, **found)
    if shape.key is not None and shape.each is not None and isinstance(value, Mapping):
        return {key: leniently(shape.each, item) for key, item in value.items()}
    if shape.each is not None and isinstance(value, (list, tuple)) and shape.key is None:
        return tuple(leniently(shape.each, item) for item in value)
    return None


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
    _walk(found, shape_of(model), value, kind, (), {}, None)
    return found


def _walk(
    found: list[Spot[Mark]],
    shape: Shape,
    value: Any,
    kind: type[Mark],
    path: Path,
    around: Mapping[str, str],
    whole: Any,
) -> None:
    mark = shape.mark(kind) if shape.marks else None
    if mark is not None:
        found.append(Spot(path, mark, value, shape.content, around, whole))
    if shape.is_model:
        for name, below in ways(shape.content, kind).items():
            if (item := getattr(value, name)) is not None:
                _walk(found, below, item, kind, (*path, name), around, value)
    elif shape.key is not None and shape.each is not None:
        mark, name = shape.key.mark(kind), part_of(shape.key, path)
        for key, item in value.items():
            here = {**around, name: key}
            if mark is not None:
                found.append(Spot((*path, key), mark, key, shape.key.content, here, whole, at_key=True))
            if item is not None:
                _walk(found, shape.each, item, kind, (*path, key), here, whole)
    elif shape.each is not None:
        for number, item in enumerate(value):
            if item is not None:
                _walk(found, shape.each, item, kind, (*path, number), around, whole)


def as_stated(path: Path, data: Any) -> Path:
    """Return the path to what stands in plain data, where a short form has fewer steps than what it stands for."""
    found: list[str | int] = []
    for step in path:
        if isinstance(data, Mapping) or data is None:
            found.append(step)
            data = data and data.get(step)
        elif isinstance(data, list) and isinstance(step, int):
            found.append(step)
            data = data[step] if step < len(data) else None
    return tuple(found)


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
