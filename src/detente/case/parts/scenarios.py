"""What if? Named sets of changes to a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, WrapSerializer

from detente.case.fields import Citations, Part, frozen, unwrapped
from detente.case.text import Name

MAX_SCENARIOS = 100


class Scenario(Part):
    """A named set of changes to the case: path → new value (``null`` removes what stands there)."""

    name: Name
    changes: Annotated[
        Mapping[str, Any], AfterValidator(frozen), WrapSerializer(unwrapped, when_used="always")
    ] = Field(default_factory=dict, validate_default=True)
    because: Citations = ()

    @property
    def extent(self) -> str:
        """How many changes it makes, in digits; nothing where it makes none."""
        return str(len(self.changes) or "")
