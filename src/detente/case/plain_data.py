"""What may a case be made of? Plain data: mappings, lists, texts, numbers, true, false and nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from numbers import Integral, Real
from typing import Any, NoReturn

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


def plain(data: object) -> tuple[Any, list[Fault]]:
    """Return a plain copy of data from Python, and everything in it that cannot stand in a case.

    Quantities, red lines, models, dates, tuples and NumPy numbers become what a file would hold; keys become
    texts; texts are brought into normal form C.
    """
    copier = _Copier()
    try:
        return copier.copy(data, ()), copier.faults
    except _TooMuch:
        return None, copier.faults


class _Copier:
    def __init__(self) -> None:
        self.count = 0
        self.faults: list[Fault] = []

    def copy(self, value: Any, path: Path) -> Any:
        self.count += 1
        if len(path) > MAX_DEPTH:
            self._stop(f"nested more than {MAX_DEPTH} deep")
        if self.count > MAX_VALUES:
            self._stop(f"more than {MAX_VALUES} values")
        value = value if type(value) in (str, int, float, dict, list) else _simplified(value)
        if isinstance(value, Mapping):
            return self._mapping(value, path)
        if isinstance(value, (list, tuple)):
            return [self.copy(item, (*path, number)) for number, item in enumerate(value)]
        try:
            return _bare(value)
        except ValueError as error:
            self._refuse(Fault(path, str(error)))
            return None

    def _refuse(self, fault: Fault) -> None:
        self.faults.append(fault)
        if len(self.faults) >= MAX_PROBLEMS:
            raise _TooMuch

    def _stop(self, message: str) -> NoReturn:
        self.faults.append(Fault((), message))
        raise _TooMuch

    def _mapping(self, mapping: Mapping[Any, Any], path: Path) -> dict[str, Any]:
        copied: dict[str, Any] = {}
        for key, value in mapping.items():
            try:
                text = _key(key)
            except ValueError as error:
                self._refuse(Fault(path, str(error)))
                continue
            if text in copied:
                self._refuse(Fault((*path, text), f"{text!r} stands twice", hint="keep one"))
            copied[text] = self.copy(value, (*path, text))
        return copied


def _simplified(value: Any) -> Any:
    """Return what a file would hold instead of one of our objects."""
    if isinstance(value, Quantity):
        return value.to_plain()
    if isinstance(value, Acceptance):
        return str(value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_defaults=True)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value


def _bare(value: object) -> Any:
    if value is None:
        return None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, str):
        return str(clean(value))
    if not isinstance(value, Real):
        raise ValueError(f"a {type(value).__name__} cannot stand in a case")
    if isinstance(value, Integral):
        number: int | float = int(value)
    else:
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
    if not -_LARGEST < number < _LARGEST:
        raise ValueError("every number in a case is finite and below 1e300")
    return number


def _key(key: object) -> str:
    if isinstance(key, str):
        return str(clean(key))
    if isinstance(key, bool) or not isinstance(key, Real):
        raise ValueError(f"a key must be a text or a number, not a {type(key).__name__}")
    number = _bare(key)
    return str(number) if isinstance(number, int) else number_text(number)
