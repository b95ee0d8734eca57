"""How is a lens run on a case: as it stands, changed, in several versions, or with each input moved alone?"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from detente.case import Case
from detente.errors import MissingPartError, OptionError
from detente.lenses.compare import Comparison, between
from detente.lenses.draws import Progress, Workers
from detente.lenses.join import Joint, answering
from detente.lenses.lens import DEFAULT_DRAWS, DEFAULT_SEED, Effort, LensResult
from detente.lenses.registry import available, lens
from detente.lenses.tornado import Tornado, swings


def first_lens(case: Case) -> str:
    """Return the first lens of the registry that can answer the case.

    Where it states nothing that one reads, that is the first of all, whose error says what is missing.
    """
    with suppress(MissingPartError):
        return answering(case)[0][0]
    return next(iter(available()))


def run(
    case: Case,
    lens_name: str | None = None,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    workers: Workers = None,
    scenario: str | None = None,
    changes: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> LensResult:
    """Return a lens's answer for a case.

    Args:
        case: the case.
        lens_name: which lens; by default `first_lens`.
        draws: of everything that carries doubt; a lens makes fewer where each takes long, as its record says.
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
    name = first_lens(case) if lens_name is None else lens_name
    opened = Joint(case, [name]).lens(name)
    draws = opened.affordable(case, draws)
    return opened.simulate(case, draws=draws, seed=seed, workers=workers, progress=progress).result()


def compare(
    cases: Mapping[str, Case],
    lens_name: str | None = None,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    workers: Workers = None,
    names: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Solve several versions of a case on common draws and tell how each differs from the first.

    Args:
        cases: label → version; the first is the base.
        lens_name: which lens; by default `first_lens` of the base.
        draws: how many common draws.
        seed: of the draws.
        workers: threads; all processors when ``None``.
        names: label → what people call the version; the label where left out.
        progress: called with (draws done, draws in all), counted over all versions.

    Raises:
        OptionError: fewer than two versions, or no draws.
        MissingPartError: a version lacks what the lens reads.
    """
    if len(cases) < 2 or draws < 1:
        raise OptionError("a comparison takes at least two versions of a case, and at least one draw")
    base = next(iter(cases.values()))
    name = first_lens(base) if lens_name is None else lens_name
    opened = Joint(base, [name]).lens(name)
    draws = min(opened.affordable(case, draws) for case in cases.values())
    words, outcomes = opened.view(base).told(), {}
    for number, (label, case) in enumerate(cases.items()):
        drawn = opened.drawn(case, Effort(draws, seed, workers, progress).part(number, len(cases)))
        among = [{of.among for of in told.values()} for told in (words, opened.view(case).told())]
        outcomes[label] = drawn.outcomes() if among[0] == among[1] else {}
    return between(opened.name, cases, outcomes, names=names or {}, words=words, draws=draws, seed=seed)


def tornado(case: Case, lens_name: str | None = None, *, low: float = 0.1, high: float = 0.9) -> Tornado:
    """Move every doubtful input of a lens alone and tell what it does to every outcome.

    Args:
        case: the case.
        lens_name: as `run` takes it.
        low: probability of the low quantile of each input.
        high: probability of the high quantile.

    Raises:
        OptionError: not 0 ≤ low < high ≤ 1.
        MissingPartError: the case lacks what the lens reads.
    """
    opened = lens(first_lens(case) if lens_name is None else lens_name)
    return swings(case, opened.view(case), opened.name, low=low, high=high)
