"""Where does an actor draw its red line? ``>= 40``, ``<= 30`` or ``20 to 60``, each bound a quantity."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, PlainSerializer, PlainValidator

from detente.errors import QuantityError
from detente.quantity import Quantity, parse
from detente.quantity.quantity import readable

MAX_TEXT = 300
_WAYS = "write '>= 40', '<= 30' or '20 to 60'; each number may carry doubt ('>= 40 ± 5')"


@dataclass(frozen=True, slots=True, repr=False)
class Acceptance:
    """What an actor would accept on an issue: at least ``lower``, at most ``upper``.

    Attributes:
        lower: least acceptable position, on the issue's scale, or ``None``.
        upper: greatest acceptable position, or ``None``.

    >>> str(Acceptance.parse(">=40 +- 5")), str(Acceptance.parse("20 to 60"))
    ('>= 40 ± 5', '20 to 60')
    """

    lower: Quantity | None
    upper: Quantity | None

    def __post_init__(self) -> None:
        if self.lower is None and self.upper is None:
            raise QuantityError(f"a red line needs a bound; {_WAYS}")
        if self.lower is not None and self.upper is not None and self.lower.mean > self.upper.mean:
            raise QuantityError(f"nothing is both at least {self.lower} and at most {self.upper}; {_WAYS}")

    @classmethod
    def parse(cls, value: object) -> Acceptance:
        """Return the red line that a text states; a `QuantityError` says how it is written."""
        if isinstance(value, Acceptance):
            return value
        if not isinstance(value, str):
            raise QuantityError(f"a red line is a text; {_WAYS}")
        text = value.strip()
        if len(text) > MAX_TEXT:
            raise QuantityError(f"a text of {len(text)} characters is not a red line; {_WAYS}")
        found = re.fullmatch(r"(.+?)\s+to\s+(.+)|(>=|≥|<=|≤)(.*)", text, re.DOTALL)
        if found is None:
            raise QuantityError(f"{text[:40]!r} is not a red line; {_WAYS}")
        if found[1]:
            return cls(parse(found[1]), parse(found[2]))
        bound = parse(found[4])
        return cls(bound, None) if found[3] in ">=≥" else cls(None, bound)

    def __str__(self) -> str:
        """Return the red line as it is written in a case."""
        if self.lower is None:
            return f"<= {self.upper}"
        return f">= {self.lower}" if self.upper is None else f"{self.lower} to {self.upper}"

    def __repr__(self) -> str:
        """Return the call that makes it."""
        return f"Acceptance.parse({str(self)!r})"

    def bounds(self) -> dict[str, Quantity]:
        """Return the bounds that are drawn, by name (``lower``, ``upper``)."""
        pairs = {"lower": self.lower, "upper": self.upper}
        return {name: bound for name, bound in pairs.items() if bound is not None}

    @property
    def unjudged(self) -> bool:
        """Whether a bound is still to be judged."""
        return any(bound.unjudged for bound in self.bounds().values())


_TOLD = "red line: >= 40, <= 30, or 20 to 60; each number may carry doubt"
_PATTERN = r"^\s*(>=|<=|≥|≤|.+\sto\s).*$"
_Stated = Annotated[str, Field(title="Acceptance", description=_TOLD, pattern=_PATTERN)]
_READ = PlainValidator(readable(Acceptance.parse), json_schema_input_type=_Stated)
RedLine = Annotated[Acceptance, _READ, PlainSerializer(str)]
