"""Who must say yes? Rules of consent, and the bodies that have them.

A rule names an actor, or says how many of several parts must agree; parts are rules again (Taylor & Zwicker 1999,
*Simple Games*). Whoever does not agree refuses, unless the rule says what abstaining does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from numbers import Real
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    WrapSerializer,
    model_validator,
)

from detente.case.fields import ActorIds, Citations, Frozen, Keyed, Part, Refers, bare, spelt
from detente.case.text import Identifier, Name

MAX_DEPTH = 20
MAX_COUNT = 2_000
MAX_PARTS = 2_000
MAX_BODIES = 200
MOST_WEIGHT = 2**60
OTHERS = "others"
"""The role that fills whatever seats of a ready-made body are left."""
_WAYS = "a number of at least 0, 'majority', a share such as '2/3', or a percentage such as '65 %'"

_SHARE = re.compile(r"\s*(?:(\d{1,15}(?:\.\d{1,15})?)\s*%|(\d{1,15})\s*/\s*(\d{1,15}))\s*", re.ASCII)


def share(text: str) -> Fraction | None:
    """Return what a text such as ``2/3`` or ``65 %`` says, 0..1, or ``None`` if it says no share.

    >>> share("2/3"), share("62.5 %"), share("half")
    (Fraction(2, 3), Fraction(5, 8), None)
    """
    written = _SHARE.fullmatch(text)
    if written is None or (written[3] and not int(written[3])):
        return None
    found = Fraction(int(written[2]), int(written[3])) if written[3] else Fraction(written[1]) / 100
    return found if 0 < found <= 1 else None


def checked_quota(value: object) -> float | str:
    """Return how much is needed, as it was written; a `ValueError` says what can be written."""
    if isinstance(value, str):
        if len(value) <= 60 and (value.strip() == "majority" or share(value) is not None):
            return value
        raise ValueError(f"{value[:40]!r} is no quota; write {_WAYS}")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
        raise ValueError(f"must be {_WAYS}")
    return value


def _weight(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= float(value) < math.inf:
        raise ValueError("a weight is a finite number of at least 0")
    return value


def taken_for_share(quota: float | str, total: Fraction | int, least: Fraction | float) -> str | None:
    """Return the percentage that a quota such as 0.65 seems to mean, where as votes anybody would meet it.

    ``total`` is the sum of the weights, ``least`` the smallest that is not 0.
    """
    if isinstance(quota, str) or not 0 < quota < 1 or total <= 1 or quota > least:
        return None
    return f"{float(Fraction(str(quota)) * 100):g} %"


def needed(quota: float | str, total: int, scale: Fraction | int = 1) -> int:
    """Return how much of whole weights is needed.

    Args:
        quota: as it stands in a rule.
        total: sum of the weights, after scaling.
        scale: by what the weights, and a quota that is a number, were multiplied to become whole.

    >>> needed("majority", 100), needed("2/3", 100), needed(50.5, 100), needed("65 %", 20)
    (51, 67, 51, 13)
    """
    if quota == "majority":
        return total // 2 + 1
    portion = share(quota) if isinstance(quota, str) else None
    exact = portion * total if portion is not None else Fraction(str(quota)) * scale
    return math.ceil(exact)


def whole_weights(weights: Mapping[str, float]) -> tuple[dict[str, int], Fraction]:
    """Return weights as whole numbers without a common divisor, and what they were multiplied by.

    Raises:
        ValueError: together they are too large for exact sums.

    >>> whole_weights({"a": 0.5, "b": 2}), whole_weights({"a": 20, "b": 10})
    (({'a': 1, 'b': 4}, Fraction(2, 1)), ({'a': 2, 'b': 1}, Fraction(1, 10)))
    """
    exact = {name: Fraction(str(weight)) for name, weight in weights.items()}
    finest = math.lcm(*(weight.denominator for weight in exact.values()))
    common = math.gcd(*(int(weight * finest) for weight in exact.values())) or 1
    scale = Fraction(finest, common)
    whole = {name: int(weight * scale) for name, weight in exact.items()}
    if sum(whole.values()) > MOST_WEIGHT:
        raise ValueError("the weights differ too much for exact sums; round them")
    return whole, scale


Consenting = Annotated[Identifier, Refers("actors", ("bodies",), noun="actor or body")]
Quota = Annotated[int | float | str, BeforeValidator(checked_quota, json_schema_input_type=float | str)]
Weight = Annotated[int | float, BeforeValidator(_weight, json_schema_input_type=float)]


class _Plain(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Votes(_Plain):
    """A weighted vote: how much weight must agree, and actor or body → its votes."""

    quota: Quota
    weights: Annotated[Keyed[Consenting, Weight], Field(min_length=1, max_length=MAX_PARTS)]


class Rule(_Plain):
    """Whose consent is needed; exactly one of the seven forms.

    Attributes:
        actor: id of an actor, or of a body of the case, that must agree; alone, it is written as bare text.
        count: with ``actor``: for how many alike members it stands.
        apart: with ``actor``: whether each of them makes up its own mind.
        all_of: every part must agree.
        any_of: one part is enough.
        at_least: how many of the parts ``of`` must agree, members counted.
        of: the parts of ``at_least``.
        votes: a weighted vote.
        headcount: with ``votes``: how many must agree besides.
        body: slug of a ready-made body.
        members: role of that body → who fills its seats; ``others`` fills what is left.
        none_against: none of the parts may vote no; who abstains does not stop it.
        voting: with ``at_least`` or ``votes``: ``present`` where the quota is of the votes cast, yes and no.
    """

    actor: Consenting | None = None
    count: Annotated[int, Field(ge=1, le=MAX_COUNT, strict=True)] | None = None
    apart: bool = False
    all_of: Parts | None = None
    any_of: Parts | None = None
    at_least: Quota | None = None
    of: Parts | None = None
    votes: Votes | None = None
    headcount: Quota | None = None
    body: Identifier | None = None
    members: Frozen[Members] | None = None
    none_against: Parts | None = None
    voting: Literal["present"] | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Rule:
        forms = [form for form in FORMS if getattr(self, form) is not None]
        if len(forms) != 1:
            what = " and ".join(forms) if forms else "none"
            raise ValueError(f"a rule has exactly one of {', '.join(FORMS)}, and here is {what}")
        for name, beside in BESIDE.items():
            if getattr(self, name) not in (None, False) and forms[0] not in beside:
                raise ValueError(f"{name!r} stands only beside {' or '.join(map(repr, beside))}")
        needed_too = NEEDS.get(forms[0])
        if needed_too is not None and getattr(self, needed_too) is None:
            raise ValueError(f"{forms[0]!r} needs {needed_too!r} beside it")
        if self.voting is not None and not isinstance(self.votes.quota if self.votes else self.at_least, str):
            raise ValueError("of those present and voting, the quota is 'majority' or a share such as '2/3'")
        return self

    @property
    def seats(self) -> int:
        """How many members it counts for where heads are counted."""
        return self.count or 1


FORMS = ("actor", "all_of", "any_of", "at_least", "votes", "body", "none_against")
BESIDE = {  # what stands only beside one of these forms
    "voting": ("at_least", "votes"),
    "count": ("actor",),
    "apart": ("actor",),
    "of": ("at_least",),
    "headcount": ("votes",),
    "members": ("body",),
}
NEEDS = {"at_least": "of", "body": "members"}

RuleOf = Annotated[Rule, spelt("actor", Rule), bare("actor")]


def _single(filling: tuple[Rule, ...], handler: SerializerFunctionWrapHandler) -> Any:
    listed = list(handler(filling))
    return listed[0] if len(listed) == 1 else listed


Parts = Annotated[tuple[RuleOf, ...], Field(min_length=1, max_length=MAX_PARTS)]
Members = Annotated[
    Parts,
    BeforeValidator(
        lambda value: [value] if isinstance(value, (str, dict, Rule)) else value,
        json_schema_input_type=str | Rule | tuple[str | Rule, ...],
    ),
    WrapSerializer(_single, when_used="always"),
]


class Body(Part):
    """A group with a rule of its own, named in other rules by its id.

    Attributes:
        rule: whose consent it needs.
        abstain: actors who are known to vote neither yes nor no in it.
    """

    name: Name
    rule: RuleOf
    abstain: ActorIds = ()
    because: Citations = ()


Rule.model_rebuild()
Body.model_rebuild()
