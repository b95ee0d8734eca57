"""Which input matters most? Each doubtful number moved alone, from its low to its high, the others at means.

One at a time (Howard 1988, Management Science 34:679-695): it shows the swing of an outcome over the stated
doubt of each input, not what happens when inputs move together; stated correlations are not used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from detente.case import Case
from detente.case.words import input_name
from detente.errors import OptionError
from detente.lenses.outcomes import OutcomeWords, View, headed, in_their_place, leading
from detente.lenses.summary import Array
from detente.show import words
from detente.show.blocks import Block, Gauges, Heading, Prose, Reading, Strip, TableBlock
from detente.show.finding import Finding
from detente.show.record import Published, Record
from detente.show.table import Cell, Table
from detente.version import __version__

ROWS = 1024  # rows of inputs that are solved together


class Bar(Record):
    """One input's effect on one outcome.

    Attributes:
        path: of the input in the case.
        name: of the input, in words.
        ends: its low and its high quantile, in words.
        low_input: its low quantile.
        high_input: its high quantile.
        at_low: the outcome with the input at its low quantile.
        at_high: the outcome with the input at its high quantile.
    """

    path: str
    name: str
    ends: tuple[str, str]
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
        words: outcome → in which words it is told, for those that people are told of first.
        centre: outcome → its value with every input at its mean.
        bars: outcome → bars, the widest swing first; inputs without effect are left out.
    """

    lens: str
    title: str
    fingerprint: str
    low: float
    high: float
    version: str
    words: dict[str, OutcomeWords]
    centre: dict[str, float]
    bars: dict[str, tuple[Bar, ...]]

    def tables(self) -> Mapping[str, Table]:
        """Return ``tornado``, one row per outcome and input."""
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
        return {"tornado": Table("tornado", columns, tuple(rows))}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return, per outcome, the input with the widest swing."""
        told = ("low_input", "high_input", "at_low", "at_high")
        return tuple(
            Finding(
                id=f"swing.{outcome}",
                sentence=self._swing(outcome, bar),
                numbers={name: getattr(bar, name) for name in told},
                drivers=(bar.path,),
                table="tornado",
            )
            for outcome, (bar, *_) in ((outcome, bars) for outcome, bars in self.bars.items() if bars)
            if outcome in self.words
        )

    def _swing(self, outcome: str, bar: Bar) -> str:
        """Say what one input does to one outcome."""
        of, ends = self.words[outcome], " to ".join(bar.ends)
        if of.kind == "position":
            moved = f"from {words.position(bar.at_low, of)} to {words.position(bar.at_high, of)}"
        else:
            low, high = (of.yes if end > 0 else of.no for end in (bar.at_low, bar.at_high))
            moved = low if low == high else f"“{low}” to “{high}”"
        return f"{of.subject}: {bar.name} ({ends}) matters most: alone, it moves it {moved}."

    def blocks(self, top: int = 5, issues: tuple[str, ...] = ()) -> tuple[Block, ...]:
        """Return the widest swings of each outcome, and what single inputs make so or not.

        Args:
            top: how many inputs per outcome on a scale, and in all for what is so or not.
            issues: leave out outcomes that are about other issues; all are told where empty.
        """
        told = {
            label: of
            for label, of in self.words.items()
            if label in self.centre and not (issues and of.settles and of.settles.isdisjoint(issues))
        }
        margins = in_their_place(told, lambda share: not self.bars.get(share))
        shares = {label: of for label, of in told.items() if of.kind == "share"}
        positions = {label: of for label, of in told.items() if of.kind == "position" and not of.stands_for}
        lead = leading(positions)
        ends = (
            f"every input alone from its {words.percent(self.low)} to its {words.percent(self.high)} quantile"
        )
        moved = f"{lead}; {ends}" if lead else words.capital(ends)
        found: list[Block] = [Prose(text=f"{moved}, the others at their means.")]
        for label, of in positions.items():
            found += self._swings(label, of, headed(of, lead), top)
        if shares:
            found += self._flips(shares, top)
        if margins:
            found.append(Prose(text=f"{leading(margins)}, where no single input changes what is so."))
        for label, of in margins.items():
            found += self._swings(label, of, of.subject, top)
        return tuple(found)

    def _swings(self, label: str, of: OutcomeWords, name: str, top: int) -> Iterator[Block]:
        bars, centre = self.bars[label], self.centre[label]
        yield Heading(text=f"{name}: {words.position(centre, of)} with every input at its mean")
        if not bars:
            yield Prose(text="No doubtful input moves it.")
            return
        values = [value for bar in bars for value in (bar.at_low, bar.at_high)]
        yield Gauges(
            heads=("input", "moved", "then", ""),
            rows=tuple(_reading(bar, centre, min(values), max(values), of) for bar in bars[:top]),
        )
        left = len(bars) - top
        if left > 0:
            matter = "matters" if left == 1 else "matter"
            yield Prose(text=f"and {words.counted(left, 'input')} that {matter} less", quiet=True)

    def _flips(self, told: Mapping[str, OutcomeWords], top: int) -> Iterator[Block]:
        """Yield what single inputs, at one of their ends, make so or no longer so.

        Where an outcome may be so by several standards, that is told of the first by which anything changes.
        """
        rows: dict[tuple[str, str], list[str]] = {}
        first = next((of.by for label, of in told.items() if of.by and self.bars[label]), "")
        for label, of in told.items():
            if of.by not in ("", first):
                continue
            before = self.centre[label]
            for bar in self.bars[label]:
                for end, after in zip(bar.ends, (bar.at_low, bar.at_high), strict=True):
                    if after != before:
                        by = f" {of.by}" if of.by else ""
                        text = f"“{of.subject}” {of.yes if after > before else of.no}{by}"
                        rows.setdefault((bar.name, end), []).append(text)
        if not rows:
            yield Prose(text="No input in doubt, moved alone, changes what is so.")
            return
        cells = tuple((name, end, "; ".join(changes)) for (name, end), changes in rows.items())
        columns = {"input": "moved alone", "at": "its value", "then": "what changes"}
        table = Table("flips", columns, cells)
        yield TableBlock(table=table, caption="What single inputs change", most=top)

    def _repr_html_(self) -> str:
        """Show the inputs in a notebook."""
        from detente.show.page import blocks_html

        return str(blocks_html(self.blocks()))


def _reading(bar: Bar, centre: float, least: float, most: float, of: OutcomeWords) -> Reading:
    span = min(bar.at_low, bar.at_high), max(bar.at_low, bar.at_high)
    forecast = words.span(bar.at_low, bar.at_high, of)
    told = f"{bar.name} from {bar.ends[0]} to {bar.ends[1]}: then {forecast}"
    strip = Strip(low=least, high=most, at=centre, spans={"80": span}, words=told)
    return Reading(name=bar.name, value=" to ".join(bar.ends), span=forecast, strip=strip)


def swings(case: Case, view: View, lens: str, *, low: float = 0.1, high: float = 0.9) -> Tornado:
    """Move every doubtful input of a view alone and tell what it does to every outcome.

    Args:
        case: that was read into the view.
        view: a lens's reading of it.
        lens: name of the lens.
        low: probability of the low quantile of each input.
        high: probability of the high quantile.

    Raises:
        OptionError: not 0 ≤ low < high ≤ 1.
    """
    if not 0 <= low < high <= 1:
        raise OptionError(f"the quantiles {low} and {high} must rise and lie within 0..1; try 0.1 and 0.9")
    columns = [view.table.column(path) for path in view.table.uncertain]
    lows, highs = view.table.quantiles(low)[columns], view.table.quantiles(high)[columns]
    moved = [(column, ends[k]) for k, column in enumerate(columns) for ends in (lows, highs)]
    outcomes, told = _solved(view, moved), dict(view.told())
    issues = {outcome: of.issue for outcome, of in told.items()}
    return Tornado(
        lens=lens,
        title=case.title,
        fingerprint=case.fingerprint,
        low=low,
        high=high,
        version=__version__,
        words=told,
        centre={outcome: float(values[0]) for outcome, values in outcomes.items()},
        bars={
            outcome: _bars(case, view.table.uncertain, lows, highs, values[1:], issues.get(outcome))
            for outcome, values in outcomes.items()
        },
    )


def _solved(view: View, moved: Sequence[tuple[int, float]]) -> dict[str, Array]:
    """Return the outcomes at the means, then with each of some inputs (column, value) moved alone."""
    means, blocks = view.table.means, []
    for start in range(0, 1 + len(moved), ROWS):
        rows = np.tile(means, (min(ROWS, 1 + len(moved) - start), 1))
        for row in range(max(start, 1), start + len(rows)):
            column, value = moved[row - 1]
            rows[row - start, column] = value
        blocks.append(view.outcomes(rows))
    common = [label for label in blocks[0] if all(label in one for one in blocks)]
    return {label: np.concatenate([one[label] for one in blocks]) for label in common}


def _bars(
    case: Case, paths: tuple[str, ...], lows: Array, highs: Array, values: Array, within: str | None
) -> tuple[Bar, ...]:
    """Return the bars of an outcome, which is about the issue ``within`` where it is about one."""
    found = zip(paths, *(of.tolist() for of in (lows, highs, values[::2], values[1::2])), strict=True)
    bars = [
        Bar(
            path=path,
            name=input_name(case, path, within),
            ends=(words.input_value(case, path, low), words.input_value(case, path, high)),
            low_input=low,
            high_input=high,
            at_low=at_low,
            at_high=at_high,
        )
        for path, low, high, at_low, at_high in found
        if abs(at_high - at_low) > 1e-12
    ]
    return tuple(sorted(bars, key=lambda bar: (-abs(bar.swing), bar.path)))
