"""What would be different? Two or more versions of a case, solved on the same draws.

Common random numbers: draw *k* of a quantity is the same in every version that leaves it as it is, so the
difference between two versions is blurred only by what really differs (Glasserman & Yao 1992, Management
Science 38:884-908).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np

from detente.case import Case
from detente.lenses.outcomes import OutcomeWords, headed, in_their_place, leading
from detente.lenses.summary import Array, Spread, at_least, intervals
from detente.show import words
from detente.show.blocks import Block, Prose, TableBlock
from detente.show.finding import Finding
from detente.show.record import Published
from detente.show.table import Cell, Table, table_of
from detente.version import __version__

AS_IT_STANDS = "as it stands"
LEAST = 0.05  # share of draws from which an outcome that is so or not is told
OFTEN = 0.5  # share from which it is told without asking whether it is so more often by another standard
MOST_ROWS = 12


class Difference(Spread):
    """How far an outcome lies from its value in the base version, draw by draw.

    Attributes:
        value: mean of the outcome in this version.
        mean: mean difference from the base, on the outcome's own scale.
        sd: standard deviation of the difference over draws.
        mc_error: standard error of the mean difference from the finite number of draws; of shares no less than the
            rule of three allows.
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
        names: label → what people call that version.
        fingerprints: label → fingerprint of that version.
        draws: how many common draws.
        seed: of the draws.
        version: of détente.
        words: outcome → in which words it is told, for those that people are told of first.
        differences: outcome (``<issue>.<method>``) → label → difference from the base, for the outcomes of the
            base; a version that lacks one is left out there.
    """

    lens: str
    base: str
    labels: tuple[str, ...]
    names: dict[str, str]
    fingerprints: dict[str, str]
    draws: int
    seed: int
    version: str
    words: dict[str, OutcomeWords]
    differences: dict[str, dict[str, Difference]]

    def tables(self) -> Mapping[str, Table]:
        """Return ``differences``, one row per outcome and version."""
        keys = {"outcome": "issue.method", "version": "label; the base differs from itself by 0"}
        rows = [((outcome, label), d) for outcome, of in self.differences.items() for label, d in of.items()]
        found = table_of(rows, Difference, "differences", keys)
        columns = {"difference" if name == "mean" else name: told for name, told in found.columns.items()}
        return {"differences": Table("differences", columns, found.rows)}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return, per version, the outcome that moves most."""
        return tuple(self._findings())

    def _findings(self) -> Iterator[Finding]:
        for label in self.labels[1:]:
            moved = {o: v[label] for o, v in self.differences.items() if label in v and o in self.words}
            if not moved:
                continue
            outcome = max(moved, key=lambda one: abs(moved[one].mean))
            d = moved[outcome]
            low, high = d.intervals["80"]
            yield Finding(
                id=f"moves.{label}",
                sentence=f"{self.names[label]}: {self._moved(outcome, d)}.",
                numbers={"difference": d.mean, "low80": low, "high80": high, "value": d.value},
                table="differences",
            )

    def _moved(self, outcome: str, d: Difference) -> str:
        """Say how far an outcome moves, in its words."""
        of, (low, high) = self.words[outcome], d.intervals["80"]
        if of.kind == "position":
            by, span = words.change(d.mean, of), words.span_of_change(low, high, of)
            return (
                f"{of.subject} changes most, by {by} (80 % of draws {span}), to {words.position(d.value, of)}"
            )
        before, after = (words.percent(one) for one in (d.value - d.mean, d.value))
        how = f" {of.by}" if of.by else ""
        return f"“{of.subject}” {of.yes}{how} in {after} of draws, against {before}"

    def blocks(self) -> tuple[Block, ...]:
        """Return the versions side by side: positions with how they change, shares of draws in columns."""
        told = {label: of for label, of in self.words.items() if label in self.differences}
        margins = in_their_place(told, self._is_flat)
        positions = {label: of for label, of in told.items() if of.kind == "position" and not of.stands_for}
        lead = leading(positions)
        drawn = f"{self.draws:,} common draws, seed {self.seed}"
        found: list[Block] = [Prose(text=f"{lead}; {drawn}." if lead else f"{words.capital(drawn)}.")]
        if positions:
            rows = tuple(self._changes(positions, lead))
            table = Table("changes", _CHANGES, rows)
            found.append(TableBlock(table=table, caption="What each version changes", grouped=True))
        shares = self._shares({label: of for label, of in told.items() if of.kind == "share"})
        if shares.rows:
            caption = "In which share of draws it is so"
            found.append(TableBlock(table=shares, caption=caption, most=MOST_ROWS))
        elif not positions:
            found.append(Prose(text="Nothing is so in any version, or too much to follow one by one."))
        shared = {label for of in self.differences.values() for label in of}
        differ = any(d.above or d.below for of in told for d in self.differences[of].values())
        if apart := [self.names[label] for label in self.labels[1:] if label not in shared]:
            whose = (
                "None of them is an outcome of" if found[1:] else "The first has no outcome in common with"
            )
            found.append(
                Prose(
                    text=f"{whose} {words.listed([f'“{one}”' for one in apart])}, so there is nothing to compare "
                    "outcome by outcome; 'detente run' shows each by itself."
                )
            )
        elif (positions or shares.rows) and not differ:
            found.append(Prose(text="Nothing here differs; another lens (--lens) may see the change."))
        if margins:
            rows = tuple(self._changes(margins, leading(margins)))
            told_of = f"{leading(margins)}, where what is so is the same in all draws and versions"
            found.append(Prose(text=f"{told_of}."))
            found.append(TableBlock(table=Table("margins", _CHANGES, rows), caption=told_of, grouped=True))
        return tuple(found)

    def _is_flat(self, share: str) -> bool:
        """Whether an outcome is the same in all draws of all versions."""
        found = self.differences.get(share, {})
        return all(d.value in (0.0, 1.0) and d.above == d.below == 0 for d in found.values())

    def _changes(self, told: Mapping[str, OutcomeWords], lead: str) -> Iterator[tuple[Cell, ...]]:
        """Yield a row per issue that names it, then one per version."""
        for label, of in told.items():
            yield headed(of, lead), "", "", "", ""
            for version, d in self.differences[label].items():
                name, value = self.names[version], words.position(d.value, of)
                if version == self.base:
                    yield name, value, "", "", ""
                elif d.above == d.below == 0:
                    yield name, value, "0", "", "no draw differs"
                else:
                    higher = d.above >= d.below
                    way = f"{'higher' if higher else 'lower'} in {words.percent(max(d.above, d.below))}"
                    low, high = d.intervals["80"]
                    yield name, value, words.change(d.mean, of), words.span_of_change(low, high, of), way

    def _shares(self, told: Mapping[str, OutcomeWords]) -> Table:
        """Return a row per outcome, the firmest first; of many only those that are so in some version.

        Where an outcome may be so by several standards, it is told of the first by which it is so in most draws of
        some version, else of the one by which it is so most often.
        """
        most = {label: max(d.value for d in self.differences[label].values()) for label in told}
        seen = Counter[tuple[str, str]]()
        alike: dict[tuple[str, int], list[str]] = {}  # two outcomes that read the same stay two
        for label, of in told.items():
            alike.setdefault((of.subject, seen[of.by, of.subject]), []).append(label)
            seen[of.by, of.subject] += 1
        rows: list[tuple[Cell, ...]] = []
        for labels in sorted(alike.values(), key=lambda labels: -sum(most[label] for label in labels)):
            often = max(labels, key=lambda label: most[label])
            label = next((label for label in labels if most[label] >= OFTEN), often)
            of, found = told[label], self.differences[label]
            if len(told) <= MOST_ROWS or most[label] >= LEAST:
                values = (found[one].value if one in found else None for one in self.labels)
                rows.append((of.subject, of.by or None, *values))
        columns = {"outcome": "what is so", "by": "by what it is found"}
        shares = {one: f"share of draws, {self.names[one]}" for one in self.labels}
        return Table("shares", {**columns, **shares}, tuple(rows), heads={"by": "how", **self.names})

    def _repr_html_(self) -> str:
        """Show the versions in a notebook."""
        from detente.show.page import blocks_html

        return str(blocks_html(self.blocks()))


_CHANGES = {
    "version": "issue, then the versions",
    "mean": "over draws",
    "change": "mean difference from the first version",
    "80 % of draws": "interval of the difference",
    "direction": "which way it differs, and in what share of draws",
}


def between(
    lens: str,
    versions: Mapping[str, Case],
    outcomes: Mapping[str, Mapping[str, Array]],
    *,
    names: Mapping[str, str],
    words: Mapping[str, OutcomeWords],
    draws: int,
    seed: int,
) -> Comparison:
    """Compare versions that were drawn already; the first is the base.

    Args:
        lens: name of the lens that drew them.
        versions: label → version of the case.
        outcomes: label of what was drawn → label of an outcome → shape (draws,); one draw stands for all.
        names: label → what people call the version; the label where left out.
        words: outcome → in which words it is told.
        draws: how many common draws were asked for.
        seed: of the draws.
    """
    base, first = next(iter(outcomes.items()))
    return Comparison(
        lens=lens,
        base=base,
        labels=tuple(outcomes),
        names={label: names.get(label, label) for label in outcomes},
        fingerprints={label: versions[label].fingerprint for label in outcomes},
        draws=draws,
        seed=seed,
        version=__version__,
        words=dict(words),
        differences={
            outcome: {
                label: _difference(values[outcome], start, words.get(outcome))
                for label, values in outcomes.items()
                if outcome in values
            }
            for outcome, start in first.items()
        },
    )


def _difference(values: Array, base: Array, of: OutcomeWords | None) -> Difference:
    change = values - base  # a version without doubt is one draw, which stands for all
    sd = float(change.std(ddof=1)) if len(change) > 1 and np.ptp(change) > 0 else 0.0
    error = sd / float(np.sqrt(len(change)))
    return Difference(
        value=float(np.clip(values.mean(), values.min(), values.max())),
        mean=float(np.clip(change.mean(), change.min(), change.max())),
        sd=sd,
        mc_error=at_least(error, len(change)) if of is not None and of.kind == "share" else error,
        intervals=intervals(change),
        above=float((change > 0).mean()),
        below=float((change < 0).mean()),
    )
