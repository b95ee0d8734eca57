"""What should a reader know first of what holds? One answer, and a few findings, each true on its numbers."""

from __future__ import annotations

from collections.abc import Iterator

from detente.case import Case
from detente.lenses.stability import StabilityResult
from detente.lenses.stability.findings import label
from detente.report.games.facts import RARE, Outcome
from detente.report.games.telling import REASONS, changes, place
from detente.report.stability.wanted import Wanted, wanted_finding
from detente.show import words
from detente.show.finding import Finding

FEW = 2  # outcomes that the answer names
FIRM = ("nash", "seq")  # concepts by which others are counted: deterred, if at all, by what others want to do
TELLING = 0.2  # change of a share of draws that is worth telling
Rows = tuple[Outcome, ...]


def answer(result: StabilityResult, rows: Rows, aim: Wanted | None = None) -> Finding:
    """Return what holds, and whether today and what is wanted do, in a few sentences."""
    holding = [row for row in rows if row.holds]
    if holding:
        numbers = {f"share.{row.state}": row.share for row in holding[:FEW]}
        firm = sum(1 for row in holding[FEW:] if row.concept in FIRM)
        more = f", and {words.counted(firm, 'other outcome')}" if firm else ""
        text = f"{_named(holding[:FEW])}{more}."
    elif rows:
        row = max(rows, key=lambda one: one.share)
        numbers = {f"share.{row.state}": row.share}
        text = f"Nothing holds in most draws; nearest comes {_held(row)}."
    else:
        return _nothing(result)
    return Finding(
        id="holds",
        sentence=f"{text}{_today(result, rows)}{'' if aim is None else ' ' + _aim(aim)}",
        numbers=numbers,
        table="outcomes_that_hold",
    )


def _nothing(result: StabilityResult) -> Finding:
    """Say that no state holds, or that too many do to list them."""
    concept = max(result.concepts, key=lambda one: result.counts[one])
    count, states = result.counts[concept], result.state_count
    text = f"Nothing holds: each of {states:,} outcomes is one that somebody would leave."
    if count:
        text = f"{count:,} of {states:,} outcomes hold by {label(concept)}, too many to tell one by one."
    numbers = {"equilibria": float(count), "states": float(states)}
    return Finding(id="holds", sentence=text, numbers=numbers, table="concepts")


def _aim(aim: Wanted) -> str:
    if aim.firmest == "nash":
        return "The outcome that is wanted is one that nobody wants to leave."
    if aim.firmest is not None:
        return f"The outcome that is wanted holds as long as {REASONS[aim.firmest]}."
    return "The outcome that is wanted does not hold."


def _named(rows: list[Outcome]) -> str:
    if len({row.concept for row in rows}) > 1:
        return f"What holds: {'; and '.join(_held(row) for row in rows)}"
    named = [f"“{row.words}”{_often(row)}" for row in rows]
    return f"What holds, since {_reason(rows[0])}: {words.listed(named)}"


def _held(row: Outcome) -> str:
    return f"“{row.words}”{_often(row)}, since {_reason(row)}"


def _often(row: Outcome) -> str:
    return "" if row.share == 1 else f" (in {words.percent(row.share)} of draws)"


def _reason(row: Outcome) -> str:
    return REASONS.get(row.concept, f"it is stable by {label(row.concept)}")


def _today(result: StabilityResult, rows: Rows) -> str:
    """Say whether the status quo holds, and who would leave it for what."""
    today = result.status_quo
    if today is None:
        return ""
    mine = next((row for row in rows if row.today), None)
    if mine is not None and mine.holds and mine.concept == "nash":
        return " So today’s state lasts." if len(rows) == 1 else " Today’s state is one that lasts."
    leaver = next((w for w in result.why if (w.state, w.concept) == (today, "nash") and not w.stable), None)
    if leaver is None:
        return ""
    better = changes(result, today, leaver.answers[0].to)
    who = result.names[leaver.actor]
    if mine is not None and mine.holds:
        return f" Today’s state holds only because {who} would be punished for what it would rather do: {better}."
    return f" Today’s state does not last: {who} has something better to do, {better}."


def headlines(
    case: Case, result: StabilityResult, rows: Rows, aim: Wanted | None = None
) -> tuple[Finding, ...]:
    """Return the findings that follow the answer, each with the table that holds its numbers."""
    return tuple(_headlines(case, result, rows, aim))


def _headlines(case: Case, result: StabilityResult, rows: Rows, aim: Wanted | None) -> Iterator[Finding]:
    if aim is not None:
        yield wanted_finding(aim)
    yield from _way(rows)
    yield from scenario_findings(case, rows)
    yield from _together(result)
    yield from _sway(result)


def _way(rows: Rows) -> Iterator[Finding]:
    """Say how one gets from today to the firmest other outcome."""
    ahead = next((row for row in rows if row.holds and not row.today and row.way), None)
    if ahead is None:
        return
    numbers = {} if ahead.length is None else {"moves": float(ahead.length)}
    way = ahead.way.replace("It cannot", f"“{ahead.words}” cannot", 1)
    way = way.replace("From today", f"“{ahead.words}” is reached from today", 1)
    yield Finding(id="way", sentence=way, numbers=numbers, table="outcomes_that_hold")


def scenario_findings(case: Case, rows: Rows) -> Iterator[Finding]:
    """Say which scenario changes most what holds."""
    changed = [(row, name, share) for row in rows for name, share in row.scenarios.items()]
    if not changed:
        return
    row, name, share = max(changed, key=lambda one: (abs(one[2] - one[0].share), one[1]))
    if abs(share - row.share) < TELLING:
        text, numbers = "No scenario changes much of what holds.", dict[str, float]()
    else:
        numbers = {"scenario": share, "as_it_stands": row.share}
        often = words.percent(share) if share >= RARE else "hardly any"
        text = (
            f"{case.scenarios[name].name}: “{row.words}” holds by {label(row.concept)} in {often} of draws, "
            f"against {words.percent(row.share)} as things stand."
        )
    yield Finding(id="held_scenarios", sentence=text, numbers=numbers, table="outcomes_by_scenario")


def _together(result: StabilityResult) -> Iterator[Finding]:
    """Say who could leave today by agreement, if not alone."""
    if not result.jumps:
        return
    jump = min(result.jumps, key=lambda one: (len(one.coalition), one.to not in result.words))
    who = words.listed([result.names[actor] for actor in jump.coalition])
    better = changes(result, result.status_quo or "", jump.to)
    yield Finding(
        id="together",
        sentence=f"Together, {who} could do better than today: {better}.",
        numbers={},
        table="paths",
    )


def _sway(result: StabilityResult) -> Iterator[Finding]:
    """Say which uncertain preference would change most if it were known."""
    path_, sway = next(iter(result.sways.items()), (None, None))
    if path_ is None or sway is None or abs(sway.above - sway.below) < TELLING:
        return
    yield Finding(
        id="sway",
        sentence=f"Worth knowing: {weight_phrase(result, path_)}. “{place(result, sway.state)}” holds by "
        f"{label(sway.concept)} in {words.percent(sway.below)} of draws where it is low, and in "
        f"{words.percent(sway.above)} where it is high.",
        numbers={"below": sway.below, "above": sway.above},
        drivers=(path_,),
        table="sways",
    )


def weight_phrase(result: StabilityResult, at: str) -> str:
    """Return what an uncertain number of the game is: how much something counts for an actor."""
    parts = at.split(".")
    if len(parts) == 6 and parts[:2] == ["game", "preferences"]:
        return f"how much “{parts[4]}” counts for {result.names.get(parts[2], parts[2])}"
    return at
