"""In what form does an answer leave the program? Plain data that a published JSON Schema describes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Record(BaseModel):
    """What all parts of an answer share: frozen, no unknown keys, finite numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


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
