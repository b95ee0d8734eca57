"""How should a lens be run on this case? The choices that the literature leaves open, as data.

The meaning of every option is told where it is used, in the lens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from detente.case.fields import frozen
from detente.case.validation import Fault, as_mapping
from detente.errors import did_you_mean

Method = Literal["mean", "median", "nash", "challenge", "exchange"]
METHODS: tuple[Method, ...] = get_args(Method)

Concept = Literal["nash", "gmr", "smr", "seq", "sim"]
STABILITY_CONCEPTS: tuple[Concept, ...] = get_args(Concept)


class _Options(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NashOptions(_Options):
    """Asymmetric Nash bargaining: the exponent of the loss (1 linear, 2 quadratic)."""

    exponent: Annotated[float, Field(ge=1, le=8)] = 2.0


class ChallengeOptions(_Options):
    """Challenge model: the variant, and the switches that the published description leaves open."""

    variant: Literal["printed", "published_table"] = "printed"
    view: Literal["own", "mover"] = "own"
    conflict: Literal["none", "loser"] = "none"
    choice: Literal["strongest", "least"] = "strongest"
    span: Literal["dynamic", "fixed"] = "dynamic"
    stay: Annotated[float, Field(ge=0, le=1)] = 1.0
    risk: bool = True
    rounds: Annotated[int, Field(ge=1, le=200)] | None = None
    tolerance: Annotated[float, Field(gt=0, le=100)] = 0.5
    max_rounds: Annotated[int, Field(ge=1, le=200)] = 20
    outcome: Literal["median", "mean"] = "median"


class ExchangeOptions(_Options):
    """Position exchange: how many rounds of trading."""

    rounds: Annotated[int, Field(ge=1, le=20)] = 1


class BargainingOptions(_Options):
    """Options of the bargaining lens."""

    methods: Annotated[tuple[Method, ...], Field(min_length=1)] = METHODS
    headline: Method = "mean"
    nash: NashOptions = NashOptions()
    challenge: ChallengeOptions = ChallengeOptions()
    exchange: ExchangeOptions = ExchangeOptions()


class StabilityOptions(_Options):
    """Options of the stability lens: the concepts that it judges by; simultaneous moves only in small games."""

    concepts: Annotated[tuple[Concept, ...], Field(min_length=1)] = STABILITY_CONCEPTS
    horizon: Annotated[int, Field(ge=1, le=100)] = 2
    coalitions: bool = True


Loss = Literal["city_block", "quadratic"]
Solution = Literal["nash", "kalai_smorodinsky", "egalitarian", "utilitarian"]
SOLUTIONS: tuple[Solution, ...] = get_args(Solution)


class WinsetOptions(_Options):
    """Options of the win-set lens: how losses are measured, what counts as acceptance, which package leads."""

    loss: Loss = "city_block"
    acceptance: Literal["strict", "weak"] = "strict"
    solution: Solution = "nash"
    soften: Annotated[float, Field(gt=0, le=1)] = 0.1
    notable: Annotated[float, Field(ge=0, le=1)] = 0.05
    map: tuple[str, str] | None = None


class CrossImpactOptions(_Options):
    """Options of the cross-impact lens: by how much a variant may fall short, and how hard it is searched."""

    tolerance: Annotated[int, Field(ge=0, le=100)] = 0
    effort: Annotated[float, Field(gt=0, le=1_000)] = 1.0


class Options(BaseModel):
    """Options per lens; a lens from another package keeps its own under its own name."""

    model_config = ConfigDict(frozen=True, extra="allow")

    __pydantic_extra__: dict[str, Annotated[Any, AfterValidator(frozen)]] = Field(init=False)

    bargaining: BargainingOptions = BargainingOptions()
    stability: StabilityOptions = StabilityOptions()
    winset: WinsetOptions = WinsetOptions()
    crossimpact: CrossImpactOptions = CrossImpactOptions()


def option_faults(_: Any, data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield names under ``options`` that look like a misspelt built-in lens."""
    for name in as_mapping(data.get("options")):
        hint = did_you_mean(name, Options.model_fields)
        if name not in Options.model_fields and hint and hint.startswith("did you mean"):
            yield Fault(("options", name), f"no lens is called {name!r}", hint, at_key=True)
