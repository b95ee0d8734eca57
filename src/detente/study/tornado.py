"""Which input matters most? Each doubtful number moved alone, from its low to its high, the others at means.

One at a time (Howard 1988, Management Science 34:679-695): it shows the swing of an outcome over the stated
doubt of each input, not what happens when inputs move together; stated correlations are not used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np

from detente.case import Case
from detente.errors import OptionError
from detente.lenses import lens
from detente.lenses.lens import Finding, View
from detente.lenses.published import Published, Record
from detente.lenses.summary import Array
from detente.lenses.table import Cell, Table
from detente.study.first import first_lens
from detente.version import __version__

ROWS = 1024  # rows of inputs that are solved together


class Bar(Record):
    """One input's effect on one outcome.

    Attributes:
        path: of the input in the case.
        low_input: its low quantile.
        high_input: its high quantile.
        at_low: the outcome with the input at its low quantile.
        at_high: the outcome with the input at its high quantile.
    """

    path: str
    low_input: float
    high_input: float
    at_low: float
    at_high: float

    @property
    def swing(self) -> float:
        """Change of the outcome from low to high; negative where a higher input lowers it."""
        return self.at_high - self.at_low


class Tornado(Published):
    """Every doubtful input's effect on every outcome.

    Attributes:
        lens: name of the lens.
        title: of the case.
        fingerprint: of the case's content.
        low: probability of the low quantile.
        high: probability of the high quantile.
        version: of détente.
        centre: outcome → its value with every input at its mean.
        bars: outcome → bars, the widest swing first; inputs without effect are left out.
    """

    lens: str
    title: str
    fingerprint: str
    low: float
    high: float
    version: str
    centre: dict[str, float]
    bars: dict[str, tuple[Bar, ...]]

    def tables(self) -> Mapping[str, Table]:
        """Return ``tornado``, one row per outcome and input."""
        return {"tornado": self._table}

    @cached_property
    def _table(self) -> Table:
        columns = {
            "outcome": "issue.method",
            "input": "path in the case",
            "low_input": f"its {self.low:.0%} quantile",
            "high_input": f"its {self.high:.0%} quantile",
            "at_low": "outcome at the low input",
            "at_high": "outcome at the high input",
            "swing": "difference of the two",
        }
        rows: list[tuple[Cell, ...]] = [
            (outcome, bar.path, bar.low_input, bar.high_input, bar.at_low, bar.at_high, bar.swing)
            for outcome, bars in self.bars.items()
            for bar in bars
        ]
        return Table("tornado", columns, tuple(rows))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return, per outcome, the input with the widest swing."""
        return tuple(self._findings())

    def _findings(self) -> Iterator[Finding]:
        for outcome, bars in self.bars.items():
            if bars:
                bar = bars[0]
                yield Finding(
                    id=f"swing.{outcome}",
                    sentence=f"{outcome}: {bar.path} matters most; from {bar.low_input:.3g} to "
                    f"{bar.high_input:.3g} it moves the outcome from {bar.at_low:.3g} to {bar.at_high:.3g}.",
                    numbers={
                        "low_input": bar.low_input,
                        "high_input": bar.high_input,
                        "at_low": bar.at_low,
                        "at_high": bar.at_high,
                    },
                    drivers=(bar.path,),
                    table="tornado",
                )

    def _repr_html_(self) -> str:
        """Show the bars in a notebook."""
        return self._table._repr_html_()


def tornado(case: Case, lens_name: str | None = None, *, low: float = 0.1, high: float = 0.9) -> Tornado:
    """Move every doubtful input of a lens alone and tell what it does to every outcome.

    Args:
        case: the case.
        lens_name: which lens; by default the first whose part the case states.
        low: probability of the low quantile of each input.
        high: probability of the high quantile.

    Raises:
        OptionError: not 0 ≤ low < high ≤ 1.
        MissingPartError: the case lacks what the lens reads.
    """
    if not 0 <= low < high <= 1:
        raise OptionError(f"the quantiles {low} and {high} must rise and lie within 0..1; try 0.1 and 0.9")
    lens_name = first_lens(case) if lens_name is None else lens_name
    view = lens(lens_name).view(case)
    columns = [view.table.column(path) for path in view.table.uncertain]
    lows, highs = view.table.quantiles(low)[columns], view.table.quantiles(high)[columns]
    rows = np.tile(view.table.means, (1 + 2 * len(columns), 1))
    for k, column in enumerate(columns):
        rows[1 + 2 * k, column], rows[2 + 2 * k, column] = lows[k], highs[k]
    outcomes = _solved(view, rows)
    return Tornado(
        lens=lens_name,
        title=case.title,
        fingerprint=case.fingerprint,
        low=low,
        high=high,
        version=__version__,
        centre={outcome: float(values[0]) for outcome, values in outcomes.items()},
        bars={
            outcome: _bars(view.table.uncertain, lows, highs, values[1:])
            for outcome, values in outcomes.items()
        },
    )


def _solved(view: View, rows: Array) -> dict[str, Array]:
    blocks = [view.outcomes(rows[start : start + ROWS]) for start in range(0, len(rows), ROWS)]
    common = [label for label in blocks[0] if all(label in one for one in blocks)]
    return {label: np.concatenate([one[label] for one in blocks]) for label in common}


def _bars(paths: tuple[str, ...], lows: Array, highs: Array, values: Array) -> tuple[Bar, ...]:
    bars = [
        Bar(
            path=path,
            low_input=float(lows[k]),
            high_input=float(highs[k]),
            at_low=float(values[2 * k]),
            at_high=float(values[2 * k + 1]),
        )
        for k, path in enumerate(paths)
    ]
    moving = [bar for bar in bars if abs(bar.swing) > 1e-12]
    return tuple(sorted(moving, key=lambda bar: (-abs(bar.swing), bar.path)))
