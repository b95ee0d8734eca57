"""In which of a case's scenarios would one rather be? By a stated criterion, with regret, on common draws."""

from __future__ import annotations

from typing import Unpack

import numpy as np

from detente.case import Case
from detente.errors import OptionError
from detente.lenses.compare import AS_IT_STANDS
from detente.lenses.summary import Array
from detente.study.inquiry_records import Choice, ScenarioChoice
from detente.study.questions import of_case
from detente.study.sampled import Asked, Sampled, drawn, sample
from detente.study.sensitivity.group import Basis


def choose(case: Case, criterion: str, *, high: bool = True, **asked: Unpack[Asked]) -> Choice:
    """Compare the case as it stands and its scenarios by one outcome, of which more, or less, is better.

    Args:
        case: the case.
        criterion: label of an outcome.
        high: whether more of it is better.
        asked: draws, seed, workers and progress of `Asked`.

    Raises:
        OptionError: no scenario, no such outcome, or nothing in doubt.
        MissingPartError: the case states nothing that a lens reads.
    """
    if not case.scenarios:
        raise OptionError("the case has no scenarios to choose from; add some under 'scenarios'")
    asked["outcome"] = criterion
    made = drawn(case, **asked)
    base = next(one for one, labels in made.lenses if labels)
    versions: dict[str, Array] = {AS_IT_STANDS: base.outcomes[criterion]}
    for key in made.each(key for key, of in case.scenarios.items() if of.changes):
        one = sample(case.with_(scenario=key), base.lens, made.draws, made.seed, base.workers)
        if one is not None and criterion in one.outcomes:
            versions[key] = one.outcomes[criterion]
    if len(versions) < 2:
        raise OptionError(
            f"no scenario of the case has the outcome {criterion!r}; choose by one that some have"
        )
    worth = (1.0 if high else -1.0) * np.stack(list(versions.values()))
    best, top = int(np.argmax(worth.mean(axis=1))), worth.max(axis=0)
    rows = [
        ScenarioChoice(
            scenario=key,
            told=AS_IT_STANDS if key == AS_IT_STANDS else case.scenarios[key].name,
            value=float(y.mean()),
            error=float(y.std() / np.sqrt(made.draws)),
            best=float((one == top).mean()),
            regret=float((top - one).mean()),
            worst_regret=float((top - one).max()),
        )
        for (key, y), one in zip(versions.items(), worth, strict=True)
    ]
    perfect = float((top - worth[best]).mean())
    return Choice(
        **made.stamp,
        outcome=criterion,
        subject=base.told[criterion].subject,
        high=high,
        choice=rows[best].scenario,
        scenarios=tuple(sorted(rows, key=lambda row: (row.regret, row.scenario))),
        perfect=perfect,
        asking=_asking(base, worth - worth[best], perfect),
    )


def _asking(base: Sampled, gains: Array, perfect: float) -> dict[str, float]:
    """Return what knowing each actor's inputs before choosing is worth, in units of the outcome.

    Only gains over the best choice are fitted, and no value exceeds that of knowing everything.
    """
    basis, found = Basis(base.u, gains), dict[str, float]()
    for (_, ask, _), places in of_case(base.case, base.paths, ("actor",)).items():
        told = basis.fit(places).told
        value = min(perfect, float(told.max(axis=0).mean() - told.mean(axis=1).max()))
        if value > 1e-9:
            found[ask] = value
    return dict(sorted(found.items(), key=lambda item: -item[1]))
