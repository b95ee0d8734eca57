"""What does it cost to find something out? By whom or what one can ask: an actor, an issue, a source."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from detente.case.fields import Part, Refers, real
from detente.case.text import Identifier

MAX_ASKED = 12_000
MOST_COST = 1e12
AskedId = Annotated[
    Identifier,
    Refers(
        "actors",
        ("issues", "sources"),
        noun="actor, issue or source",
        way="name an actor, an issue or a source",
    ),
]


class Asked(Part):
    """Somebody whom, or something that, one can ask; its ``note`` says what asking would take.

    Attributes:
        cost: of asking, in any unit that all of them share (above 0); whatever has none costs 1.
    """

    cost: Annotated[float, Field(gt=0, le=MOST_COST, allow_inf_nan=False), BeforeValidator(real)]
