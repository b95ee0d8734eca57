"""What decides which outcomes hold? Doubtful weights moved alone, and versions of a case side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from detente.cli.output import Output
from detente.lenses.stability import LENS
from detente.lenses.stability.findings import label
from detente.report.games.facts import leading
from detente.report.games.telling import LADDER
from detente.show.screen import Column, table, wrapped
from detente.show.words import figures, input_name, percent

if TYPE_CHECKING:
    from detente.case import Case
    from detente.lenses.compare import Comparison
from detente.lenses.tornado import Bar, Tornado

LEAST = 0.05  # share of draws from which an outcome is compared
MOST_ROWS = 12


def show_swings(case: Case, found: Tornado, top: int, out: Output) -> None:
    """Print which doubtful weights, moved alone, make outcomes hold or not.

    Args:
        case: with a game.
        found: every weight moved alone, by the stability lens.
        top: how many weights to show.
        out: where to.
    """
    words = _words(case)
    ends = f"from its {percent(found.low)} to its {percent(found.high)} quantile"
    out.lines(wrapped(f"What holds; every weight alone {ends}"))
    out.say()
    concept = next((c for c in LADDER if any(_of(found, c))), None)
    if concept is None:
        out.say("No weight in doubt, moved alone, changes what holds.")
        return
    rows: dict[str, tuple[str, ...]] = {}
    for state, bar in _of(found, concept):
        before = found.centre[f"{concept}.{state}"]
        for value, after in ((bar.low_input, bar.at_low), (bar.high_input, bar.at_high)):
            if after != before:
                told = f"“{words[state]}” {'holds' if after else 'no longer holds'}"
                key = f"{bar.path}={value}"
                kept = rows[key][2] + "; " if key in rows else ""
                rows[key] = (_weight(case, bar.path), figures(value, 2), kept + told)
    shown = list(rows.values())[:top]
    heads = (
        Column("weight", wraps=True),
        Column("at", right=True),
        Column(f"by {label(concept)}", wraps=True),
    )
    head, *body = table(heads, shown)
    out.say(head, dim=True)
    out.lines(body)
    if len(rows) > top:
        out.say(f"  and {len(rows) - top} more; --top shows them", dim=True)


def _of(found: Tornado, concept: str) -> Iterator[tuple[str, Bar]]:
    """Yield state and bar for every outcome of a concept that some weight changes, the best known first."""
    for outcome, bars in found.bars.items():
        kind, _, state = outcome.partition(".")
        if kind == concept and state != "count":
            yield from ((state, bar) for bar in bars)


def _words(case: Case) -> dict[str, str]:
    view = LENS.view(case)
    return dict(zip(view.texts, (view.words(s) for s in range(view.count)), strict=True))


def _weight(case: Case, path: str) -> str:
    _, kind, holder, *rest = path.split(".")
    if kind == "preferences" and rest[0] == "weights":
        return f"{case.actors[holder].name}: {rest[1]}"
    return input_name(case, path)


def show_versions(case: Case, found: Comparison, names: Mapping[str, str], out: Output) -> None:
    """Print in what share of draws outcomes hold in each version.

    Args:
        case: the base version.
        found: versions compared by the stability lens.
        names: label → what a version is called.
        out: where to.
    """
    words = _words(case)
    out.lines(wrapped(f"What holds, by share of draws; {found.draws:,} common draws, seed {found.seed}"))
    out.say()
    rows = sorted(_rows(found, words), key=lambda row: -row[1])
    if not rows:
        out.say(
            "No outcome holds in any version, or there are too many to follow one by one; --json counts them."
        )
        return
    letters = [chr(ord("A") + k) for k in range(len(found.labels))]
    columns = [
        Column("outcome", wraps=True),
        Column("by"),
        *(Column(letter, right=True) for letter in letters),
    ]
    head, *body = table(columns, [row[0] for row in rows[:MOST_ROWS]])
    out.say(head, dim=True)
    out.lines(body)
    if len(rows) > MOST_ROWS:
        out.say(f"  and {len(rows) - MOST_ROWS} more; --json has them all", dim=True)
    out.say()
    told = [f"{letter}: {names[one]}" for letter, one in zip(letters, found.labels, strict=True)]
    out.lines(wrapped("; ".join(told)))


def _rows(found: Comparison, words: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield a row per outcome that holds in some version by the concept it is told by, and its largest share."""
    for state, text in words.items():
        concepts = {c: found.differences.get(f"{c}.{state}", {}) for c in LADDER}
        best = {c: max((d.value for d in versions.values()), default=0.0) for c, versions in concepts.items()}
        if max(best.values()) < LEAST:
            continue
        concept = leading(best)
        versions = concepts[concept]
        cells = [percent(versions[one].value) if one in versions else "" for one in found.labels]
        yield (text, label(concept), *cells), sum(best.values())
