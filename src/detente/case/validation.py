"""Is this data a case? All faults at once: shape, spelling, references, bounds; then scenarios, one by one.

Shape is checked by the model; everything that spans parts is checked here on the raw data, so that a fault in
one place does not hide those in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from detente.case.model import RESERVED_PARTS, CaseModel
from detente.case.quantities import SALIENCE_BOUNDS, WEIGHT_BOUNDS
from detente.case.reading import Path
from detente.errors import QuantityError, Severity, did_you_mean
from detente.quantity import parse
from detente.quantity.quantity import number_text

MAX_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem that has a path but no place in a file yet."""

    path: Path
    message: str
    value: str | None = None
    hint: str | None = None
    severity: Severity = "error"
    at_key: bool = False


def shown(value: object) -> str:
    """Return a value as a reader would write it, shortened."""
    text = str(value) if isinstance(value, (str, int, float)) else repr(value)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."


def as_mapping(value: object) -> Mapping[str, Any]:
    """Return the value if it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def validate(model: type[BaseModel], data: object) -> tuple[Any, list[Fault]]:
    """Return the validated model (or ``None``) and what is wrong with the shape of the data."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        return None, [_fault_of_shape(details) for details in error.errors(include_url=False)]
    except RecursionError:
        return None, [Fault((), "nested too deep")]


def _fault_of_shape(details: Any) -> Fault:
    path = tuple(details["loc"])
    at_key = bool(path) and path[-1] == "[key]"
    path = path[:-1] if at_key else path
    kind, context = details["type"], details.get("ctx", {})
    value = shown(details["input"])
    if kind == "missing":
        return Fault(path[:-1], f"{path[-1]!r} is missing", hint=f"add '{path[-1]}: …'")
    if kind == "extra_forbidden":
        return _unknown_key(path)
    if kind == "value_error":
        return Fault(path, str(context.get("error", details["msg"])), value, at_key=at_key)
    if kind in ("model_type", "mapping_type", "dict_type", "model_attributes_type"):
        return Fault(path, "must be a mapping of 'name: value' lines", value)
    if kind in ("too_long", "too_short", "string_too_short", "string_too_long"):
        return Fault(path, _size_message(kind, context))
    return Fault(path, details["msg"][:1].lower() + details["msg"][1:], value, at_key=at_key)


def _size_message(kind: str, context: Mapping[str, Any]) -> str:
    if kind.endswith("long"):
        limit, things = context["max_length"], "characters" if kind.startswith("string") else "entries"
        return f"holds more than {limit} {things}"
    return "is empty"


def _unknown_key(path: Path) -> Fault:
    key = str(path[-1])
    if len(path) == 1 and key in RESERVED_PARTS:
        return Fault(
            path, f"the part {key!r} is not read by this version", hint="remove it for now", at_key=True
        )
    hint = did_you_mean(key, _known_keys(path))
    return Fault(path, f"unknown {'part' if len(path) == 1 else 'key'} {key!r}", hint=hint, at_key=True)


def _known_keys(path: Path) -> list[str]:
    """Return the keys that the model has in the place of an unknown one."""
    from detente.case import model, options

    if len(path) == 1:
        return list(CaseModel.model_fields)
    parts: dict[str, type[BaseModel]] = {
        "sources": model.Source,
        "groups": model.Group,
        "actors": model.Actor,
        "issues": model.Outcome if len(path) > 3 else model.Issue,
        "stances": model.Stance,
        "correlations": model.StatedCorrelation,
        "scenarios": model.Scenario,
    }
    part = parts.get(str(path[0]))
    if path[0] == "options":
        nested: dict[Any, type[BaseModel]] = {
            "nash": options.NashOptions,
            "challenge": options.ChallengeOptions,
            "exchange": options.ExchangeOptions,
        }
        part = nested.get(path[-2], options.BargainingOptions)
    return list(part.model_fields) if part else []


# --- across parts --------------------------------------------------------------------------------


def references(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield names that are used but not declared."""
    actors, issues = list(as_mapping(data.get("actors"))), list(as_mapping(data.get("issues")))
    for issue, stances in as_mapping(data.get("stances")).items():
        if issue not in issues:
            yield Fault(
                ("stances", issue),
                f"no issue is called {issue!r}",
                hint=did_you_mean(issue, issues),
                at_key=True,
            )
        for actor in as_mapping(stances):
            if actor not in actors:
                path: Path = ("stances", issue, actor)
                yield Fault(
                    path, f"no actor is called {actor!r}", hint=did_you_mean(actor, actors), at_key=True
                )
    yield from _unknown_groups(data)
    sources = list(as_mapping(data.get("sources")))
    for where, source in cited(data):
        if source not in sources:
            hint = did_you_mean(source, sources) or "add it under 'sources'"
            yield Fault(where, f"no source is called {source!r}", hint=hint)


def _unknown_groups(data: Mapping[str, Any]) -> Iterator[Fault]:
    declared = as_mapping(data.get("groups"))
    if not declared:
        return
    for actor_id, actor in as_mapping(data.get("actors")).items():
        groups = as_mapping(actor).get("groups", [])
        for number, group in enumerate([groups] if isinstance(groups, str) else groups or []):
            if group not in declared:
                yield Fault(
                    ("actors", actor_id, "groups", number),
                    f"no group is called {group!r}",
                    hint=did_you_mean(str(group), declared),
                )


def cited(data: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield (path, source id) for every ``because`` in the data."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key == "because":
                listed = (
                    [value] if isinstance(value, str) else value if isinstance(value, (list, tuple)) else []
                )
                for number, source in enumerate(listed):
                    if isinstance(source, str):
                        yield (*path, key, number), source
            elif path or key != "scenarios" or isinstance(value, Mapping):
                yield from cited(value, (*path, key))
    elif isinstance(data, (list, tuple)):
        for number, value in enumerate(data):
            yield from cited(value, (*path, number))


def bounds(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield numbers outside the scale they are stated on, and stances without an influence."""
    actors, issues = as_mapping(data.get("actors")), as_mapping(data.get("issues"))
    for actor_id, actor in actors.items():
        yield from _outside(
            ("actors", actor_id, "influence"), as_mapping(actor).get("influence"), WEIGHT_BOUNDS
        )
    for issue_id, issue in issues.items():
        scale = _scale(issue)
        path: Path = ("issues", issue_id)
        if scale is not None:
            yield from _outside((*path, "no_deal"), as_mapping(issue).get("no_deal"), scale)
            outcome = as_mapping(as_mapping(issue).get("outcome")).get("value")
            yield from _outside((*path, "outcome", "value"), outcome, scale)
        yield from _outside((*path, "failure_cost"), as_mapping(issue).get("failure_cost"), WEIGHT_BOUNDS)
    for issue_id, stances in as_mapping(data.get("stances")).items():
        scale = _scale(issues.get(issue_id))
        for actor_id, stance in as_mapping(stances).items():
            at: Path = ("stances", issue_id, actor_id)
            yield from _stance_bounds(at, as_mapping(stance), scale)
            own = as_mapping(actors.get(actor_id)).get("influence")
            if actor_id in actors and own is None and as_mapping(stance).get("influence") is None:
                hint = f"add it here, or for all issues as actors.{actor_id}.influence"
                yield Fault(at, "the stance has no influence", hint=hint)


def _stance_bounds(
    path: Path, stance: Mapping[str, Any], scale: tuple[float, float] | None
) -> Iterator[Fault]:
    yield from _outside((*path, "salience"), stance.get("salience"), SALIENCE_BOUNDS)
    yield from _outside((*path, "influence"), stance.get("influence"), WEIGHT_BOUNDS)
    if scale is None:
        return
    yield from _outside((*path, "position"), stance.get("position"), scale)
    accepts = stance.get("accepts")
    if accepts is not None:
        from detente.case.acceptance import Acceptance

        try:
            limits = Acceptance.parse(accepts).bounds().values()
        except QuantityError:
            return  # the model tells
        for limit in limits:
            yield from _outside((*path, "accepts"), limit, scale)


def _scale(issue: object) -> tuple[float, float] | None:
    try:
        anchors = [float(anchor) for anchor in as_mapping(as_mapping(issue).get("scale"))]
    except (TypeError, ValueError):
        return None
    return (min(anchors), max(anchors)) if anchors else None


def _outside(path: Path, value: object, limits: tuple[float, float]) -> Iterator[Fault]:
    if value is None:
        return
    try:
        fault = parse(value).fault_within(*limits)
    except QuantityError:
        return  # the model tells
    if fault is not None:
        hints = {
            "salience": "use 0..1 (divide percentages by 100)",
            "influence": "use a number of at least 0",
        }
        scale = f"the scale runs from {number_text(limits[0])} to "
        scale += number_text(limits[1]) if limits[1] != float("inf") else "any number"
        yield Fault(path, fault, shown(value), hints.get(str(path[-1]), scale))


def correlations(case: CaseModel) -> Iterator[Fault]:
    """Yield correlations that name no quantity, or that contradict each other."""
    from detente.case.quantities import bounded
    from detente.quantity import QuantityTable, RankCorrelation

    if not case.correlations:
        return
    known = bounded(case)
    pairs = []
    for number, stated in enumerate(case.correlations):
        for side, path in enumerate(stated.between):
            where = ("correlations", number, "between", side)
            if path not in known:
                yield Fault(where, f"no quantity at {path!r}", hint=did_you_mean(path, known))
                return
        try:
            pairs.append(RankCorrelation(*stated.between, stated.rank))
        except QuantityError as error:
            yield Fault(("correlations", number), str(error))
            return
    try:
        QuantityTable({path: known[path] for pair in pairs for path in (pair.first, pair.second)}, pairs)
    except QuantityError as error:
        yield Fault(("correlations",), str(error))


def lens_options(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield names under ``options`` that look like a misspelt built-in lens."""
    for name in as_mapping(data.get("options")):
        hint = did_you_mean(str(name), ["bargaining"])
        if name != "bargaining" and hint and hint.startswith("did you mean"):
            yield Fault(("options", name), f"no lens is called {name!r}", hint=hint, at_key=True)


def across_parts(data: Mapping[str, Any]) -> Iterable[Fault]:
    """Yield every fault that spans parts of the case."""
    yield from references(data)
    yield from bounds(data)
    yield from lens_options(data)
