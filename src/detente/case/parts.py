"""What do all parts of a case share? Frozen mappings by id, sources they rest on, a free note."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    WrapSerializer,
)

from detente.case.frozen import FrozenDict
from detente.case.text import Identifier, Text

Value = TypeVar("Value")


def unwrapped(value: Mapping[Any, Any], handler: SerializerFunctionWrapHandler) -> Any:
    """Write a frozen mapping as a plain one."""
    return handler(dict(value))


def _frozen(value: Mapping[Any, Any]) -> Mapping[Any, Any]:
    return FrozenDict(value)


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


# A mapping that cannot be changed once validated.
Frozen = Annotated[
    Mapping[Identifier, Value], AfterValidator(_frozen), WrapSerializer(unwrapped, when_used="always")
]
Ids = Annotated[
    tuple[Identifier, ...], BeforeValidator(_as_list, json_schema_input_type=str | tuple[str, ...])
]


class Part(BaseModel):
    """What all parts of a case share: frozen, no unknown keys, a free ``note``."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, allow_inf_nan=False)

    note: Text | None = None


def empty(_: type[Value]) -> Any:
    """Return the field of a mapping that may be left out."""
    return Field(default_factory=dict, validate_default=True)
