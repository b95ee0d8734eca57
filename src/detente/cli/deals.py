"""What makes a deal possible? Doubtful inputs moved alone, and versions of a case side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from detente.cli.output import Output
from detente.lenses.winset.lens import LENS
from detente.show.screen import Column, signed, table, wrapped
from detente.show.words import counted, input_name, input_value, percent

if TYPE_CHECKING:
    from detente.case import Case
    from detente.lenses import Bar, Comparison, Difference, Tornado


def show_swings(case: Case, found: Tornado, issues: Sequence[str], top: int, out: Output) -> None:
    """Print which doubtful inputs, moved alone, make a deal possible or impossible.

    Args:
        case: with rules of consent.
        found: every input moved alone, by the win-set lens.
        issues: only deals that settle one of these.
        top: how many inputs to show per deal.
        out: where to.
    """
    ends = f"from its {percent(found.low)} to its {percent(found.high)} quantile"
    out.lines(wrapped(f"Whether there is a deal; every input alone {ends}"))
    for terms in LENS.view(case).deals:
        if not set(terms.issues) & set(issues):
            continue
        there, bars = found.centre[f"{terms.id}.deal"], found.bars[f"{terms.id}.deal"]
        out.say()
        for line in wrapped(f"{terms.name}: {_deal(there)} with every input at its mean"):
            out.say(line, bold=True)
        if not bars:
            out.say("  No doubtful input, moved alone, changes that.")
            continue
        within = terms.id if terms.single else None
        head, *body = table(_SWINGS, [_swing(case, bar, there, within) for bar in bars[:top]])
        out.say(head, dim=True)
        out.lines(body)
        if len(bars) > top:
            out.say(f"  and {counted(len(bars) - top, 'input')} more; --top shows them", dim=True)


_SWINGS = (Column("input", wraps=True), Column("at", right=True), Column("then"))


def _swing(case: Case, bar: Bar, there: float, within: str | None) -> tuple[str, str, str]:
    """Return an input, the end of its doubt that changes the answer, and the answer there."""
    ends = ((bar.low_input, bar.at_low), (bar.high_input, bar.at_high))
    at, after = next(end for end in ends if end[1] != there)
    return input_name(case, bar.path, within), input_value(case, bar.path, at), _deal(after)


def _deal(there: float) -> str:
    return "a deal" if there else "no deal"


def show_versions(case: Case, found: Comparison, names: Mapping[str, str], out: Output) -> None:
    """Print how likely every deal is in each version.

    Args:
        case: the base version.
        found: versions compared by the win-set lens.
        names: label → what a version is called.
        out: where to.
    """
    told = f"Share of draws with a deal; {found.draws:,} common draws, seed {found.seed}"
    out.lines(wrapped(told))
    out.say()
    columns = (
        Column("", wraps=True),
        Column("deal", right=True),
        Column("change", right=True),
        Column("opens", right=True),
        Column("closes", right=True),
    )
    rows: list[tuple[str, ...]] = []
    for terms in LENS.view(case).deals:
        rows.append((terms.name, "", "", "", ""))
        rows += _rows(found.differences[f"{terms.id}.deal"], names, found.base)
    head, *body = table(columns, rows, indent="")
    out.say(head, dim=True)
    for line in body:
        out.say(line, bold=not line.startswith(" "))


def _rows(
    differences: Mapping[str, Difference], names: Mapping[str, str], base: str
) -> Iterator[tuple[str, ...]]:
    for label, d in differences.items():
        name = f"  {names[label]}"
        if label == base:
            yield name, percent(d.value), "", "", ""
        elif d.above == d.below == 0:
            yield name, percent(d.value), "0", "", ""
        else:
            yield name, percent(d.value), signed(100 * d.mean, 0), _share(d.above), _share(d.below)


def _share(share: float) -> str:
    return percent(share) if share else ""
