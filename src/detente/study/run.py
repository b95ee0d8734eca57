"""How is a lens run on a case, as it stands, under a scenario, or with some numbers changed?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.case import Case
from detente.lenses import LensResult, lens
from detente.lenses.blocks import Progress
from detente.lenses.lens import DEFAULT_DRAWS, DEFAULT_SEED


def run(
    case: Case,
    lens_name: str = "bargaining",
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    workers: int | None = None,
    scenario: str | None = None,
    changes: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> LensResult:
    """Return a lens's answer for a case.

    Args:
        case: the case.
        lens_name: which lens.
        draws: of everything that carries doubt.
        seed: of the draws; the same seed gives the same bytes for any number of workers.
        workers: threads; all processors when ``None``.
        scenario: one of the case's scenarios, applied first.
        changes: path → value, applied after the scenario.
        progress: called with (draws done, draws in all).

    Raises:
        NotFoundError: no such lens or scenario.
        CaseError: the changes do not make a valid case.
        MissingPartError: the case lacks what the lens reads.
    """
    if scenario is not None or changes:
        case = case.with_(changes, scenario=scenario)
    simulation = lens(lens_name).simulate(case, draws=draws, seed=seed, workers=workers, progress=progress)
    return simulation.result()
