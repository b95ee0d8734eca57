"""What would follow: which futures hold together, and on which judgement does each hang?

Cross-impact balances (Weimer-Jehle 2006, Technological Forecasting and Social Change 73:334-361; 2023,
Springer): descriptors that may turn out in several ways, and judgements of how far each variant promotes or
hinders the others. A future is *consistent* when every descriptor has a variant that the rest promotes at
least as much as any other; all of them are found, exactly.

Doubt is carried through: survival of a future exactly by convolution where judgements are independent, by
drawing whole matrices where experts differ or judgements are correlated. An assumption (“with a reset”) is an
intervention: its own descriptor is not tested, and the pressure against it is told. A descriptor may follow
what another lens finds in the same draw.

Assumptions: judgements add up; what pushes does so at once, since there is no time; nothing outside the list
matters. When *not* to use it: for how likely a future is (a share of futures or of draws is no probability of
a future), for when it comes, or where effects only arise together (two causes that do nothing alone).
"""

from typing import TYPE_CHECKING, Any

from detente.lenses.crossimpact.lens import LENS, CrossImpactLens
from detente.lenses.crossimpact.result import CrossImpactResult

if TYPE_CHECKING:
    from detente.lenses.crossimpact.view import CrossImpactView

__all__ = ["LENS", "CrossImpactLens", "CrossImpactResult", "CrossImpactView"]


def __getattr__(name: str) -> Any:
    """Import the view, and with it the solvers, only when it is asked for."""
    if name == "CrossImpactView":
        from detente.lenses.crossimpact.view import CrossImpactView

        return CrossImpactView
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
