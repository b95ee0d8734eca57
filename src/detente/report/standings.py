"""Who stands where on an issue, in expected numbers? Position and doubt, weight, red line of each actor."""

from __future__ import annotations

from dataclasses import dataclass

from detente.case import Case
from detente.show.blocs import bloc_names, looks
from detente.show.palette import Look


@dataclass(frozen=True, slots=True)
class Standing:
    """One actor on one issue, in numbers that are drawn."""

    actor: str
    name: str
    bloc: str
    look: Look
    position: float
    low80: float
    high80: float
    salience: float
    influence: float
    share: float
    lower: float | None
    upper: float | None
    because: tuple[str, ...]

    def accepts(self, place: float) -> bool | None:
        """Say whether a place lies within the red line; ``None`` where there is none."""
        if self.lower is None and self.upper is None:
            return None
        above = self.lower is None or place >= self.lower
        return above and (self.upper is None or place <= self.upper)


def standings(case: Case, issue: str) -> tuple[Standing, ...]:
    """Return everybody who has a stance on an issue, from the low end of the scale to the high end."""
    look, bloc = looks(case), bloc_names(case)
    quantities = case.quantities
    weights = {
        actor: stance.salience.mean * case.influence(issue, actor).mean
        for actor, stance in case.stances[issue].items()
    }
    total = sum(weights.values())
    found = []
    for actor, stance in case.stances[issue].items():
        path = f"stances.{issue}.{actor}"
        position = quantities[f"{path}.position"]
        low, high = (float(end) for end in position.quantile([0.1, 0.9]))
        bounds = {
            side: quantities[f"{path}.accepts.{side}"].mean
            for side in ("lower", "upper")
            if f"{path}.accepts.{side}" in quantities
        }
        found.append(
            Standing(
                actor=actor,
                name=case.actors[actor].name,
                bloc=bloc.get(actor, ""),
                look=look[actor],
                position=position.mean,
                low80=low,
                high80=high,
                salience=quantities[f"{path}.salience"].mean,
                influence=case.influence(issue, actor).mean,
                share=weights[actor] / total if total > 0 else 0.0,
                lower=bounds.get("lower"),
                upper=bounds.get("upper"),
                because=stance.because,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.position, one.name, one.actor)))
