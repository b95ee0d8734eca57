"""What does it cost to find something out? By whom or what one can ask: an actor, an issue, a source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from detente.case.fields import Part, real
from detente.case.text import Text
from detente.case.validation import Fault, as_mapping, shortened
from detente.errors import did_you_mean

MAX_ASKED = 12_000
MOST_COST = 1e12


class Asked(Part):
    """Somebody whom, or something that, one can ask.

    Attributes:
        cost: of asking, in any unit that all of them share (above 0); whatever has none costs 1.
        note: what asking would take.
    """

    cost: Annotated[float, Field(gt=0, le=MOST_COST, allow_inf_nan=False), BeforeValidator(real)]
    note: Text | None = None


def asked_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what has a cost of asking, and is not in the case."""
    parts = [as_mapping(data.get(part)) for part in ("actors", "issues", "sources")]
    known = [key for part in parts for key in part]
    for key in as_mapping(data.get("ask")):
        if isinstance(key, str) and key not in known:
            hint = did_you_mean(key, known) or "name an actor, an issue or a source"
            yield Fault(
                ("ask", key), f"no actor, issue or source is called {shortened(key)}", hint=hint, at_key=True
            )
