"""Which numbers of a case rise or fall together?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from detente.case.fields import Citations, Part, Stated, ToNumbers, real
from detente.case.text import Text
from detente.case.validation import Fault, read, warning
from detente.errors import QuantityError
from detente.quantity import Quantity, RankCorrelation
from detente.quantity.correlation import coupling


class StatedCorrelation(Part):
    """Two quantities, named by their paths, that rise or fall together."""

    between: Annotated[tuple[Text, Text], ToNumbers()]
    rank: Annotated[
        float, Field(ge=-1, le=1), BeforeValidator(real), Stated("rank correlation", owner="{between}")
    ]
    because: Citations = ()


def correlation_faults(case: Any, _: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield correlations that contradict themselves or each other.

    A quantity that could be stated but is not, or that carries no doubt, is no fault: a change may have removed
    it or its doubt. The correlation then has no effect, of which a warning tells.
    """
    pairs = []
    for path, stated in read(case, "correlations", "*"):
        between: tuple[Any, ...] = stated.between or ()
        if len(between) == 2 and None not in (*between, stated.rank):  # else the model tells
            try:
                pairs.append(RankCorrelation(between[0], between[1], stated.rank))
            except QuantityError as error:
                yield Fault(path, str(error))
    try:
        coupling(pairs if len(pairs) == len(case.correlations) else ())
    except QuantityError as error:
        yield Fault(("correlations",), str(error))


def correlation_warnings(case: Any, _: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield correlations without effect."""
    stated: Mapping[str, Quantity] = case.quantities if case.correlations else {}
    for number, correlation in enumerate(case.correlations):
        for side, path in enumerate(correlation.between):
            if path not in stated or stated[path].is_exact:
                what = "carries no doubt" if path in stated else "is not stated"
                message = f"{path} {what}, so the correlation has no effect"
                yield warning(("correlations", number, "between", side), message)
