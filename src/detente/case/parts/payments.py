"""What can be paid beside the terms of a deal, by whom and to whom?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from detente.case.fields import AT_LEAST_0, ActorId, Asserts, Citations, Doubtful, Keyed, Part
from detente.case.text import Name
from detente.case.validation import Fault, entries
from detente.quantity import Quantity

_PAYS, _PAID = f"{AT_LEAST_0}; what it can pay is 'gives'", f"{AT_LEAST_0}; what can be paid to it is 'takes'"
_PAY, _GET = "the most that {actors} can pay", "the most that {actors} can receive"
_WORTH = "what a unit paid is worth to {actors}"
Gives = Annotated[Quantity, Doubtful("most that it can pay", 0, hint=_PAID, brief="gives", phrase=_PAY)]
Takes = Annotated[Quantity, Doubtful("most that it can receive", 0, hint=_PAYS, brief="takes", phrase=_GET)]
Worth = Annotated[Quantity, Doubtful("worth of a unit paid", 0, brief="worth of a unit", phrase=_WORTH)]


class Payment(Part):
    """What an actor could pay or be paid."""

    gives: Gives | None = None
    takes: Takes | None = None
    worth: Worth
    because: Citations = ()


class Payments(Part):
    """Money, or whatever else can be handed over beside the terms of a deal."""

    unit: Name
    actors: Annotated[
        Keyed[ActorId, Annotated[Payment, Asserts("Side payments of {actors}")]], Field(min_length=1)
    ]


def payment_faults(_: Any, data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield actors that are listed and can neither pay nor be paid."""
    for path, payment in entries(data, "payments", "actors", "*"):
        if payment.get("gives") is None and payment.get("takes") is None:
            way = "add gives: (the most that it can pay) or takes: (the most that it can be paid)"
            yield Fault(path, "can neither give nor take", way, at_key=True)
