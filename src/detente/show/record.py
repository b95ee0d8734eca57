"""In what form does an answer leave the program? Plain data that a published JSON Schema describes."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Self, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict

Cell = str | float | int | bool | None
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Record(BaseModel):
    """What all parts of an answer share: frozen, no unknown keys, finite numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @classmethod
    def like(cls, other: object, **more: Any) -> Self:
        """Return the record with the values of another thing under the names of its fields, and with more."""
        alike = (name for name in cls.model_fields if name not in more and hasattr(other, name))
        return cls(**{name: getattr(other, name) for name in alike}, **more)

    @classmethod
    def columns(cls) -> dict[str, str]:
        """Return name → meaning of every field that fits a cell of a table, as the docstring explains it."""
        meanings = _meanings(cls)
        return {
            name: meanings.get(name, "")
            for name, field in cls.model_fields.items()
            if _fits_a_cell(field.annotation)
        }

    def cells(self) -> dict[str, Cell]:
        """Return name → value of every one of `columns`."""
        return {name: getattr(self, name) for name in self.columns()}


@cache
def _meanings(record: type[Record]) -> dict[str, str]:
    """Return what the docstrings of a record and its bases say of each attribute, without the full stop."""
    found: dict[str, str] = {}
    for one in reversed(record.__mro__):
        _, _, listed = inspect.cleandoc(one.__doc__ or "").partition("Attributes:\n")
        for name, told in re.findall(r"^ {4}(\w+): (.+(?:\n {8}.+)*)", listed, re.MULTILINE):
            found[name] = " ".join(told.split()).removesuffix(".")
    return found


def _fits_a_cell(annotation: Any) -> bool:
    """Tell whether values of a type are texts, numbers, truth values or nothing."""
    if get_origin(annotation) in (Union, UnionType):
        return all(map(_fits_a_cell, get_args(annotation)))
    return get_origin(annotation) is Literal or annotation in (str, float, int, bool, NoneType)


class Published(Record):
    """An answer that can be written to JSON and read back."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain data that validates against the published schema."""
        return self.model_dump(mode="json")

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the answer that `to_dict` gave away."""
        return cls.model_validate(data)

    @classmethod
    def published_schema(cls) -> dict[str, Any]:
        """Return the JSON Schema of `to_dict`."""
        return {"$schema": DIALECT, **cls.model_json_schema(mode="serialization")}
