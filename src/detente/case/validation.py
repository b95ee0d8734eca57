"""Has this data the shape of a case? The model's own errors, told as faults: where, what, and the way out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic import BaseModel, ValidationError

from detente.case.model import RESERVED_PARTS, CaseModel
from detente.case.reading import MAX_PROBLEMS, Path
from detente.case.text import FORBIDDEN
from detente.errors import Severity, did_you_mean

MAX_SHOWN = 60
_WHITE = re.compile(r"[\r\n\t]+")


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
    if isinstance(value, Mapping):
        items = (f"{_plainly(key, 0)}: {_plainly(item, depth - 1)}" for key, item in value.items())
        return "{" + ", ".join(islice(items, MAX_SHOWN if depth else 0)) + "}"
    if isinstance(value, (list, tuple)):
        listed = (_plainly(item, depth - 1) for item in value)
        return "[" + ", ".join(islice(listed, MAX_SHOWN if depth else 0)) + "]"
    return f"a {type(value).__name__}"


def shortened(name: object) -> str:
    """Return a name in quotes, shortened, as it is told in a message."""
    return repr(shown(name))


def as_mapping(value: object) -> Mapping[str, Any]:
    """Return the value if it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def as_list(value: object) -> list[Any]:
    """Return the items of a list; none if the value is not a list."""
    return list(value) if isinstance(value, (list, tuple)) else []


def validate(model: type[BaseModel], data: object) -> tuple[Any, list[Fault]]:
    """Return the validated model (or ``None``) and what is wrong with the shape of the data."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, [_fault_of_shape(detail) for detail in details[: MAX_PROBLEMS + 1]]


def _fault_of_shape(details: Any) -> Fault:
    path = tuple(details["loc"])
    at_key = bool(path) and path[-1] == "[key]"
    path = path[:-1] if at_key else path
    kind, context, given = details["type"], details.get("ctx", {}), details["input"]
    value = shown(given)
    if kind == "missing":
        return _missing(path)
    if kind == "extra_forbidden":
        return _unknown_key(path)
    if kind == "value_error":
        return Fault(path, str(context["error"]), value, at_key=at_key)
    if given is None:
        return Fault(path, "is empty", hint="write a value, or leave the line out")
    if kind in ("model_type", "mapping_type", "dict_type", "model_attributes_type"):
        return Fault(path, "must be a mapping of 'name: value' lines", value)
    if kind in ("tuple_type", "list_type"):
        return Fault(path, "must be a list", value)
    if kind in ("float_parsing", "finite_number"):
        return Fault(path, "must be a finite number", value, at_key=at_key)
    if kind == "string_type":
        quoted = f'put it in quotes: "{value}"' if isinstance(given, (bool, int, float)) else None
        return Fault(path, "must be a text", value, quoted)
    if kind in ("too_long", "too_short", "string_too_short", "string_too_long"):
        return Fault(path, _size_message(kind, context))
    return Fault(path, details["msg"][:1].lower() + details["msg"][1:], value, at_key=at_key)


def _missing(path: Path) -> Fault:
    name = path[-1]
    if isinstance(name, int):
        return Fault(path[:-1], f"holds fewer than {name + 1} entries")
    return Fault(path[:-1], f"{name!r} is missing", hint=f"add '{name}: …'")


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
    return Fault(
        path, f"unknown {'part' if len(path) == 1 else 'key'} {shortened(key)}", hint=hint, at_key=True
    )


def _part_of_game(game: Any, path: Path) -> type[BaseModel]:
    """Return what the game holds in the place of an unknown key."""
    parts: dict[str, type[BaseModel]] = {
        "options": game.GameOption,
        "infeasible": game.Condition,
        "merged": game.Merge,
        "misperceives": game.Condition,
        "together": game.Together,
        "states": game.GameState,
        "preferences": game.Preference,
        "": game.Game,
    }
    part = parts.get(str(path[1]), parts[""])
    if path[1] == "preferences" and len(path) > 4:
        part = game.WeightedWish if path[3] == "weights" else game.Wish
    return parts[""] if len(path) == 2 else part


def _part_of_consent(path: Path) -> type[BaseModel] | None:
    """Return what stands in the place of an unknown key within a rule, a body, a deal or a payment."""
    from detente.case import consent

    if path[0] == "payments":
        return consent.Payment if len(path) > 3 else consent.Payments
    if path[0] == "deals":
        return consent.StatedDeal
    if path[0] == "bodies" and len(path) == 3:
        return consent.Body
    rule = path[0] in ("consent", "bodies") or (
        path[0] == "issues" and len(path) > 3 and path[2] == "consent"
    )
    return (consent.Votes if path[-2] == "votes" else consent.Rule) if rule else None


def _known_keys(path: Path) -> list[str]:
    """Return the keys that the model has in the place of an unknown one."""
    from detente.case import game, model, options

    if len(path) == 1:
        return list(CaseModel.model_fields)
    of_consent = _part_of_consent(path)
    if of_consent is not None:
        return list(of_consent.model_fields)
    parts: dict[str, type[BaseModel]] = {
        "sources": model.Source,
        "groups": model.Group,
        "actors": model.Actor,
        "issues": model.Outcome if len(path) > 3 else model.Issue,
        "stances": model.Stance,
        "correlations": model.StatedCorrelation,
        "scenarios": model.Scenario,
        "game": _part_of_game(game, path),
    }
    part = parts.get(str(path[0]))
    if path[0] == "options":
        nested: dict[Any, type[BaseModel]] = {
            "nash": options.NashOptions,
            "challenge": options.ChallengeOptions,
            "exchange": options.ExchangeOptions,
            "stability": options.StabilityOptions,
            "winset": options.WinsetOptions,
        }
        part = nested.get(path[-2], options.BargainingOptions)
    return list(part.model_fields) if part else []
