"""In which of a case's scenarios would one rather be? By a stated criterion, with regret, on common draws."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from detente.case import Case
from detente.errors import OptionError, did_you_mean
from detente.lenses.compare import AS_IT_STANDS
from detente.lenses.draws import Progress, Workers
from detente.lenses.summary import Array
from detente.study.inquiry_records import Choice, ScenarioChoice
from detente.study.questions import of_case
from detente.study.sampled import Sampled, headlines, sampled
from detente.study.sensitivity.group import Basis


def choose(
    case: Case,
    outcome: str,
    *,
    high: bool = True,
    draws: int = 10_000,
    seed: int = 1,
    workers: Workers = None,
    progress: Progress | None = None,
) -> Choice:
    """Compare the case as it stands and its scenarios by one outcome, of which more, or less, is better.

    Args:
        case: the case.
        outcome: label, the criterion.
        high: whether more of it is better.
        draws: common draws.
        seed: of the draws.
        workers: threads; all processors when ``None``.
        progress: called with (versions drawn, versions in all).

    Raises:
        OptionError: no scenario, no such outcome, or nothing in doubt.
        MissingPartError: the case states nothing that a lens reads.
    """
    if not case.scenarios:
        raise OptionError("the case has no scenarios to choose from; add some under 'scenarios'")
    drawn = sampled(case, draws, seed, None, workers)
    headlines(drawn, outcome)  # refuses what no lens has
    base = next(one for one in drawn if outcome in one.told)
    versions: dict[str, Array] = {AS_IT_STANDS: base.outcomes[outcome]}
    for number, (key, of) in enumerate(case.scenarios.items()):
        if progress is not None:
            progress(number + 1, len(case.scenarios))
        if of.changes:
            for one in sampled(case.with_(scenario=key), draws, seed, base.lens, workers):
                if outcome in one.outcomes:
                    versions[key] = one.outcomes[outcome]
    if len(versions) < 2:
        raise OptionError(
            f"no scenario of the case has the outcome {outcome!r}; {did_you_mean(outcome, base.told)}"
        )
    return _told(case, base, outcome, versions, high, draws, seed)


def _told(
    case: Case, base: Sampled, outcome: str, versions: Mapping[str, Array], high: bool, draws: int, seed: int
) -> Choice:
    sign = 1.0 if high else -1.0
    worth = sign * np.stack(list(versions.values()))
    best = int(np.argmax(worth.mean(axis=1)))
    top = worth.max(axis=0)
    rows = [
        ScenarioChoice(
            scenario=key,
            told=AS_IT_STANDS if key == AS_IT_STANDS else case.scenarios[key].name,
            value=float(versions[key].mean()),
            error=float(versions[key].std() / np.sqrt(draws)),
            best=float((worth[k] == top).mean()),
            regret=float((top - worth[k]).mean()),
            worst_regret=float((top - worth[k]).max()),
        )
        for k, key in enumerate(versions)
    ]
    perfect = float((top - worth[best]).mean())
    asked = _asked(case, base, worth, best, perfect)
    return Choice(
        title=case.title,
        fingerprint=case.fingerprint,
        draws=draws,
        seed=seed,
        outcome=outcome,
        subject=base.told[outcome].subject,
        high=high,
        choice=rows[best].scenario,
        scenarios=tuple(sorted(rows, key=lambda row: (row.regret, row.scenario))),
        perfect=perfect,
        asking=asked,
    )


def _asked(case: Case, base: Sampled, worth: Array, best: int, perfect: float) -> dict[str, float]:
    """Return what knowing each actor's inputs before choosing is worth, in units of the outcome.

    Only differences from the best choice are fitted, and no value exceeds that of knowing everything.
    """
    basis, found = Basis(base.u), dict[str, float]()
    for (_, ask, _), places in of_case(case, base.paths, ("actor",)).items():
        gains = [basis.fit(places, one - worth[best]).told for one in worth]
        value = float(np.max(gains, axis=0).mean() - max(float(gain.mean()) for gain in gains))
        if value > 1e-9:
            found[ask] = min(value, perfect)
    return dict(sorted(found.items(), key=lambda item: -item[1]))
