"""What may a case be made of? Plain data: mappings, lists, texts, numbers, true, false and nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from itertools import count
from numbers import Integral, Real
from typing import Any

import numpy as np
from pydantic import BaseModel

from detente.case.acceptance import Acceptance
from detente.case.reading import MAX_DEPTH, MAX_PROBLEMS, Path
from detente.case.text import clean
from detente.case.validation import Fault
from detente.quantity import Quantity
from detente.quantity.quantity import number_text

MAX_VALUES = 2_000_000
_LARGEST = 10**300


class _TooMuch(Exception):  # noqa: N818 - ends the copying; never seen outside
    pass


def plain(data: object) -> tuple[Any, list[Fault]]:  # noqa: C901 - one walk
    """Return a plain copy of data from Python, and everything in it that cannot stand in a case.

    Quantities, red lines, models, dates, tuples and NumPy numbers become what a file would hold; keys become
    texts; texts are brought into normal form C.
    """
    faults: list[Fault] = []
    number = count(1)

    def refuse(fault: Fault, *, last: bool = False) -> None:
        faults.append(fault)
        if last or len(faults) >= MAX_PROBLEMS:
            raise _TooMuch

    def copy(value: Any, path: Path) -> Any:
        if len(path) > MAX_DEPTH:
            refuse(Fault((), f"nested more than {MAX_DEPTH} deep"), last=True)
        if next(number) > MAX_VALUES:
            refuse(Fault((), f"more than {MAX_VALUES} values"), last=True)
        value = value if type(value) in (str, int, float, dict, list) else _simplified(value)
        if isinstance(value, (list, tuple)):
            return [copy(item, (*path, place)) for place, item in enumerate(value)]
        if not isinstance(value, (str, int, float)) and isinstance(value, Mapping):
            return mapping(value, path)
        try:
            return _bare(value)
        except ValueError as error:
            return refuse(Fault(path, str(error)))

    def mapping(value: Mapping[Any, Any], path: Path) -> dict[str, Any]:
        copied: dict[str, Any] = {}
        for key, item in value.items():
            try:
                text = _key(key)
            except ValueError as error:
                refuse(Fault(path, str(error)))
                continue
            if text in copied:
                refuse(Fault((*path, text), f"{text!r} stands twice", "keep one"))
            copied[text] = copy(item, (*path, text))
        return copied

    try:
        return copy(data, ()), faults
    except _TooMuch:
        return None, faults


def _simplified(value: Any) -> Any:
    """Return what a file would hold instead of one of our objects."""
    if isinstance(value, Quantity):
        return value.to_plain()
    if isinstance(value, Acceptance):
        return str(value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_defaults=True)
    if isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    return value


def _bare(value: object) -> Any:
    if isinstance(value, str):
        return str(clean(value))
    if value is None or isinstance(value, (bool, np.bool_)):
        return None if value is None else bool(value)
    if not isinstance(value, Real):
        raise ValueError(f"a {type(value).__name__} cannot stand in a case")
    try:
        number = int(value) if isinstance(value, Integral) else float(value)
    except OverflowError:
        number = math.inf
    if not -_LARGEST < number < _LARGEST:
        raise ValueError("every number in a case is finite and below 1e300")
    return number


def _key(key: object) -> str:
    if not isinstance(key, str) and (isinstance(key, bool) or not isinstance(key, Real)):
        raise ValueError(f"a key must be a text or a number, not a {type(key).__name__}")
    plain_key = _bare(key)
    return number_text(plain_key) if isinstance(plain_key, float) else str(plain_key)
