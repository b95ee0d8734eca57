"""How do the futures that hold together leave for ScenarioWizard? As its file of solutions (``.sl``)."""

from __future__ import annotations

from pathlib import Path

from detente.case import Case
from detente.case.formats.losses import warning
from detente.case.formats.scenariowizard import Solution, written_sl
from detente.errors import FormatError, MissingPartError, Problem
from detente.lenses.crossimpact.simulate import simulate


def write_sl(case: Case, path: Path) -> tuple[str, list[Problem]]:
    """Return the futures that hold together by the best guesses, and a warning where these are not all.

    Raises:
        FormatError: the case has no futures, or judgements that are not whole numbers.
    """
    if case.futures is not None and not case.futures.whole:
        problem = Problem("ScenarioWizard knows whole numbers, and the case declares others", file=str(path))
        raise FormatError([problem])
    try:
        result = simulate(case, 1, 1).result()
    except MissingPartError as error:
        raise FormatError([Problem(str(error), file=str(path))]) from error
    solutions = [
        Solution(one.numbers, float(one.basin), int(one.margin or 0), int(one.total_impact))
        for one in result.scenarios
    ]
    lost = [] if result.complete else [warning("the search stopped at its limit: more may hold", str(path))]
    return written_sl(solutions), lost
