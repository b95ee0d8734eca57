"""What would be different? Two or more versions of a case, solved on the same draws.

Common random numbers: draw *k* of a quantity is the same in every version that leaves it as it is, so the
difference between two versions is blurred only by what really differs (Glasserman & Yao 1992, Management
Science 38:884-908).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np

from detente.case import Case
from detente.errors import OptionError
from detente.lenses import lens
from detente.lenses.blocks import Progress
from detente.lenses.lens import DEFAULT_DRAWS, DEFAULT_SEED, Finding, Simulation
from detente.lenses.published import Published, Record
from detente.lenses.summary import LEVELS, Array
from detente.lenses.table import Cell, Table
from detente.study.first import first_lens
from detente.version import __version__


class Difference(Record):
    """How far an outcome lies from its value in the base version, draw by draw.

    Attributes:
        value: mean of the outcome in this version.
        mean: mean difference from the base, on the outcome's own scale.
        sd: standard deviation of the difference over draws.
        mc_error: standard error of the mean difference from the finite number of draws.
        intervals: central intervals of the difference, 50, 80 and 95 %.
        above: share of draws in which the outcome is higher than in the base.
        below: share of draws in which it is lower.
    """

    value: float
    mean: float
    sd: float
    mc_error: float
    intervals: dict[str, tuple[float, float]]
    above: float
    below: float


class Comparison(Published):
    """Several versions of a case on the same draws; the first is the base.

    Attributes:
        lens: name of the lens.
        base: label of the base version.
        labels: labels of all versions, the base first.
        fingerprints: label → fingerprint of that version.
        draws: how many common draws.
        seed: of the draws.
        version: of détente.
        differences: outcome (``<issue>.<method>``) → label → difference from the base, for the outcomes of the
            base; a version that lacks one is left out there.
    """

    lens: str
    base: str
    labels: tuple[str, ...]
    fingerprints: dict[str, str]
    draws: int
    seed: int
    version: str
    differences: dict[str, dict[str, Difference]]

    def tables(self) -> Mapping[str, Table]:
        """Return ``differences``, one row per outcome and version."""
        return {"differences": self._table}

    @cached_property
    def _table(self) -> Table:
        columns = {
            "outcome": "issue.method",
            "version": "label; the base differs from itself by 0",
            "value": "mean of the outcome",
            "difference": "mean difference from the base",
            "sd": "standard deviation of the difference",
            "mc_error": "standard error of the mean difference",
            **{f"{end}{level}": f"{level} % interval" for level in LEVELS for end in ("low", "high")},
            "above": "share of draws above the base",
            "below": "share of draws below the base",
        }
        rows: list[tuple[Cell, ...]] = []
        for outcome, versions in self.differences.items():
            for label, d in versions.items():
                ends = [end for level in LEVELS for end in d.intervals[str(level)]]
                rows.append((outcome, label, d.value, d.mean, d.sd, d.mc_error, *ends, d.above, d.below))
        return Table("differences", columns, tuple(rows))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return, per version, the outcome that moves most against its own spread of draws."""
        return tuple(self._findings())

    def _findings(self) -> Iterator[Finding]:
        for label in self.labels[1:]:
            moved = {o: v[label] for o, v in self.differences.items() if label in v}
            if not moved:
                continue
            outcome = max(moved, key=lambda one: abs(moved[one].mean))
            d = moved[outcome]
            low, high = d.intervals["80"]
            yield Finding(
                id=f"moves.{label}",
                sentence=f"{label}: {outcome} moves most, by {d.mean:+.3g} "
                f"(80 % of draws {low:+.3g} to {high:+.3g}) to {d.value:.3g}.",
                numbers={"difference": d.mean, "low80": low, "high80": high, "value": d.value},
                table="differences",
            )

    def _repr_html_(self) -> str:
        """Show the differences in a notebook."""
        return self._table._repr_html_()


def compare(
    cases: Mapping[str, Case],
    lens_name: str | None = None,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Solve several versions of a case on common draws and tell how each differs from the first.

    Args:
        cases: label → version; the first is the base.
        lens_name: which lens; by default the first whose part the base states.
        draws: how many common draws.
        seed: of the draws.
        workers: threads; all processors when ``None``.
        progress: called with (draws done, draws in all), counted over all versions.

    Raises:
        OptionError: fewer than two versions, or no draws.
        MissingPartError: a version lacks what the lens reads.
    """
    if len(cases) < 2 or draws < 1:
        raise OptionError("a comparison takes at least two versions of a case, and at least one draw")
    lens_name = first_lens(next(iter(cases.values()))) if lens_name is None else lens_name
    simulations = simulate_all(cases, lens_name, draws=draws, seed=seed, workers=workers, progress=progress)
    return between(simulations, cases, lens_name, draws=draws, seed=seed)


def simulate_all(
    cases: Mapping[str, Case],
    lens_name: str,
    *,
    draws: int,
    seed: int,
    workers: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Simulation]:
    """Return label → all draws of that version; progress is counted over all versions."""
    opened = lens(lens_name)
    return {
        label: opened.simulate(
            case,
            draws=draws,
            seed=seed,
            workers=workers,
            progress=shifted(progress, number, len(cases)),
        )
        for number, (label, case) in enumerate(cases.items())
    }


def between(
    simulations: Mapping[str, Simulation],
    cases: Mapping[str, Case],
    lens_name: str,
    *,
    draws: int,
    seed: int,
) -> Comparison:
    """Compare versions that were simulated already; the first is the base."""
    outcomes = {label: simulation.outcomes() for label, simulation in simulations.items()}
    base = next(iter(cases))
    return Comparison(
        lens=lens_name,
        base=base,
        labels=tuple(cases),
        fingerprints={label: case.fingerprint for label, case in cases.items()},
        draws=draws,
        seed=seed,
        version=__version__,
        differences={
            outcome: {
                label: _difference(values[outcome], start)
                for label, values in outcomes.items()
                if outcome in values
            }
            for outcome, start in outcomes[base].items()
        },
    )


def shifted(progress: Progress | None, number: int, versions: int) -> Progress | None:
    """Return progress on one of several runs as progress on all of them.

    Args:
        progress: told of all of them.
        number: of the run, from 0.
        versions: how many runs there are.
    """
    if progress is None:
        return None
    tell = progress
    return lambda done, total: tell(number * total + done, versions * total)


def _difference(values: Array, base: Array) -> Difference:
    change = values - base  # a version without doubt is one draw, which stands for all
    sd = float(change.std(ddof=1)) if len(change) > 1 and np.ptp(change) > 0 else 0.0
    tails = np.quantile(change, [t for level in LEVELS for t in ((100 - level) / 200, (100 + level) / 200)])
    return Difference(
        value=float(np.clip(values.mean(), values.min(), values.max())),
        mean=float(np.clip(change.mean(), change.min(), change.max())),
        sd=sd,
        mc_error=sd / float(np.sqrt(len(change))),
        intervals={
            str(level): (float(tails[2 * i]), float(tails[2 * i + 1])) for i, level in enumerate(LEVELS)
        },
        above=float((change > 0).mean()),
        below=float((change < 0).mean()),
    )
