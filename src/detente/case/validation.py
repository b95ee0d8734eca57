"""Has this data the shape of a case? The model's own errors, told as faults: where, what, and the way out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic import BaseModel, ValidationError

from detente.case.reading import MAX_PROBLEMS, Path
from detente.case.shape import Shape, fields, shape_of
from detente.case.text import FORBIDDEN
from detente.errors import Severity, did_you_mean, pointed

MAX_SHOWN = 60
_WHITE = re.compile(r"[\r\n\t]+")
_COMMA = re.compile(r"\s*[+-]?\d{1,15},\d{1,15}\s*")


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem that has a path but no place in a file yet."""

    path: Path
    message: str
    hint: str | None = None
    value: str | None = None
    severity: Severity = "error"
    at_key: bool = False


def warning(path: Path, message: str, hint: str | None = None) -> Fault:
    """Return something odd that stops no lens."""
    return Fault(path, message, hint, severity="warning", at_key=True)


def unknown(
    path: Path, noun: str, name: str, known: Iterable[str], way: str | None = None, before: str = ""
) -> Iterator[Fault]:
    """Yield that something is named that is not there; ``way`` is the way out where nothing of a like name is."""
    if name not in (known := [*known]):
        yield Fault(path, f"{before}no {noun} is called {shortened(name)}", did_you_mean(name, known) or way)


def namesakes(path: Path, names: Mapping[str, str], told: str) -> Iterator[Fault]:
    """Yield a warning for everything that has the name of another; ``told`` says what follows from that."""
    first: dict[str, str] = {}
    for key, name in names.items():
        other = first.setdefault(name.casefold(), key)
        if other != key:
            message = f"{shortened(other)} has the same name, so {told}"
            yield warning((*path, key, "name"), message, "give each a name of its own")


def absent(part: str, path: Path, name: str, places: int, *, at_key: bool = False) -> Fault:
    """Return that a part is not there of which entries are named in some places; ``path`` is the first."""
    more = ", and others elsewhere" if places > 1 else ""
    message = f"the case has no {part}, and names {shortened(name)} here{more}"
    return Fault(path, message, f"add it under '{part}'", at_key=at_key)


@dataclass(frozen=True, slots=True)
class Checks:
    """What is looked at in a part of a case beside its shape and its annotations, of which this is one.

    Attributes:
        faults: finds what is wrong in what could be read of a case, given its plain data besides, so that no fault
            hides another; what has the wrong shape the model tells.
        warnings: finds what looks forgotten or one-sided in a valid case, likewise.
        changeable: whether scenarios and `Case.with_` may change the part.
        one_line: how deep its entries stand that are written on one line each.
    """

    faults: Callable[[Any, Mapping[str, Any]], Iterator[Fault]] | None = None
    warnings: Callable[[Any, Mapping[str, Any]], Iterator[Fault]] | None = None
    changeable: bool = True
    one_line: int = 99


def shown(value: object) -> str:
    """Return a value as a reader would write it, on one line, shortened, without characters that hide others."""
    text = _WHITE.sub(" ", _plainly(value, 2))
    text = FORBIDDEN.sub(lambda found: f"\\u{ord(found.group()):04x}", text[:MAX_SHOWN]) + text[MAX_SHOWN:]
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."


def _plainly(value: object, depth: int) -> str:
    if isinstance(value, str):
        return value[: MAX_SHOWN + 1]
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int) and abs(value) >= 10**MAX_SHOWN:
        return f"a whole number of more than {MAX_SHOWN} digits"
    if isinstance(value, (int, float)):
        return str(value)
    most = MAX_SHOWN if depth else 0
    if isinstance(value, Mapping):
        items = (f"{_plainly(key, 0)}: {_plainly(item, depth - 1)}" for key, item in value.items())
        return "{" + ", ".join(islice(items, most)) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(islice((_plainly(item, depth - 1) for item in value), most)) + "]"
    return f"a {type(value).__name__}"


def shortened(name: object) -> str:
    """Return a name in quotes, shortened, as it is told in a message."""
    return repr(shown(name))


def as_mapping(value: object, *path: str) -> Mapping[str, Any]:
    """Return what stands in a value under a path if it is a mapping, else an empty one."""
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def as_list(value: object) -> list[Any]:
    """Return the items of a list; none if the value is not a list."""
    return list(value) if isinstance(value, (list, tuple)) else []


def read(case: object, *parts: str) -> list[tuple[Path, Any]]:
    """Return (path, part) of all that could be read at a path of a case; a star in it stands for all entries."""
    found: list[tuple[Path, Any]] = [((), case)]
    for part in parts:
        inside = [(path, _inside(one)) for path, one in found]
        keys = ((path, one, key) for path, one in inside for key in (one if part == "*" else (part,)))
        found = [((*path, key), one[key]) for path, one, key in keys if one.get(key) is not None]
    return found


def _inside(one: Any) -> Mapping[Any, Any]:
    if isinstance(one, BaseModel):
        return vars(one)
    return dict(enumerate(one)) if isinstance(one, tuple) else as_mapping(one)


def entries(data: object, *parts: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield (path, entry) of every mapping at a path; a star in it stands for all the entries there."""
    yield from ((path, value) for path, value in read(data, *parts) if isinstance(value, Mapping))


def validate(model: type[BaseModel], data: object) -> tuple[Any, list[Fault]]:
    """Return the validated model (or ``None``) and what is wrong with the shape of the data."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, [_fault_of_shape(model, detail) for detail in details[: MAX_PROBLEMS + 1]]


_MUST_BE = {
    **dict.fromkeys(("model_type", "mapping_type", "dict_type"), "a mapping of 'name: value' lines"),
    **dict.fromkeys(("tuple_type", "list_type"), "a list"),
    **dict.fromkeys(("float_parsing", "finite_number"), "a finite number"),
    "string_type": "a text",
}


def _fault_of_shape(model: type[BaseModel], details: Any) -> Fault:
    path = tuple(details["loc"])
    at_key = bool(path) and path[-1] == "[key]"
    path = path[:-1] if at_key else path
    kind, context, given = details["type"], details.get("ctx", {}), details["input"]
    if kind == "missing":
        *above, name = path
        if isinstance(name, int):
            return Fault(tuple(above), f"holds fewer than {name + 1} entries")
        return Fault(tuple(above), f"{name!r} is missing", f"add '{name}: …'")
    if kind == "extra_forbidden":
        return _unknown_key(model, path)
    if given is None or (kind == "value_error" and isinstance(given, str) and not given.strip()):
        return Fault(path, "is empty", "write a value, or leave the line out")
    if kind.endswith("too_long"):
        things = "characters" if kind.startswith("string") else "entries"
        return Fault(path, f"holds more than {context['max_length']} {things}")
    if kind.endswith("too_short"):
        few = context["min_length"] > 1 and given
        return Fault(path, f"holds fewer than {context['min_length']} entries" if few else "is empty")
    if isinstance(given, str) and _COMMA.fullmatch(given):
        return Fault(path, f"{shown(given)} has a decimal comma", pointed(given.strip()), at_key=at_key)
    hint, message = None, details["msg"][:1].lower() + details["msg"][1:]
    if kind == "value_error":
        message = str(context["error"])
    elif kind in _MUST_BE:
        message = f"must be {_MUST_BE[kind]}"
        hint = "write number: meaning" if at_key else _way(kind, path, given, _shape_at(model, path))
    return Fault(path, message, hint, shown(given), at_key=at_key)


def _way(kind: str, path: Path, given: object, shape: Shape) -> str | None:
    """Return the line to write where something else stands in place of a mapping, a list or a text."""
    name, bare = str(path[-1]) if path else "", isinstance(given, (str, int, float))
    if "mapping" not in _MUST_BE[kind]:
        quoted = f'put it in quotes: "{shown(given)}"' if kind == "string_type" else f"write [{shown(given)}]"
        return quoted if bare and kind != "float_parsing" else None
    known, listed = fields(shape.content) if shape.is_model else {}, isinstance(given, (list, tuple))
    first = given[0] if isinstance(given, (list, tuple)) and given else None
    if "all_of" in known:
        rule = f"write {name}: {{all_of: {shown(given)}}}, or any_of if one of them is enough"
        return rule if listed and ";" not in rule else "write a rule, or an id; quote an id that is a number"
    if shape.key is not None and shape.key.content is float:
        numbers = [one for one in as_list(given)[:11] if isinstance(one, (int, float))]
        ends = ", ".join(f"{shown(one)}: …" for one in (numbers if numbers == given else (0, 100)))
        return f"write {name}: {{{ends}}}, each with what it means"
    if isinstance(first, str):
        return f"write {name}: {{{first}: …}}, each entry with what belongs to it"
    if isinstance(first, Mapping):
        return f"write {name}: {{ID: {shown(first)}, …}}, each entry under an id of its own"
    wanted = ("name",) if isinstance(given, str) else ("position", "influence")
    field = next((one for one in wanted if one in known and not listed), None)
    return f"write {name}: {{{field}: {shown(given)}, …}}" if field else None


def _shape_at(model: type[BaseModel], path: Path) -> Shape:
    shape = shape_of(model)
    for step in path:
        shape = (fields(shape.content).get(str(step)) if shape.is_model else shape.each) or Shape()
    return shape


def _unknown_key(model: type[BaseModel], path: Path) -> Fault:
    key, shape = str(path[-1]), _shape_at(model, path[:-1])
    known = fields(shape.content) if shape.is_model else {}
    before, _, after = key.partition(":")
    if after and before in known:
        return Fault(path, "no blank after the colon", f"write {before}: {after[:60]}", at_key=True)
    message = f"unknown {'part' if len(path) == 1 else 'key'} {shortened(key)}"
    return Fault(path, message, did_you_mean(key, known), at_key=True)
