"""What should a reader take away? Every sentence of the lens, once; its numbers stand in the result's tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from detente.lenses.stability.records import (
    FIRM,
    Jump,
    Outcome,
    by,
    kinds,
    label,
    note,
    reason,
)
from detente.lenses.stability.result import StabilityResult
from detente.lenses.stability.wanted import aim, wanted
from detente.show import words
from detente.show.finding import Finding

SECTION = "holds"
FEW = 2  # outcomes that the answer names
TOLD = 3  # outcomes that are told of one by one, the firmest first
RARE = 0.05  # share of draws below which an outcome is left out of the prose; the tables have all
TELLING = 0.2  # change of a share of draws that is worth telling among the first findings
CAUTION = "The columns are shares of draws: what the inputs leave open, not how often it comes true."
Rows = tuple[Outcome, ...]


def findings(result: StabilityResult) -> Iterator[Finding]:
    """Yield the answer, what leads to it, then each of the firmest outcomes, and what only some games have."""
    rows = result.outcomes
    told = [
        answer(result, rows),
        *wanted(result, drivers(result, result.wanted)),
        *_way(result, rows),
        *_in_scenarios(result, rows),
        *_together(result),
        *_sway(result),
        *_strongly(result, rows),
        *_unsettled(result),
        *_in_the_limit(result),
    ]
    yield from (finding.model_copy(update={"section": SECTION}) for finding in told)


# --- the answer -----------------------------------------------------------------------------------


def answer(result: StabilityResult, rows: Rows) -> Finding:
    """Return what holds, and whether today and what is wanted do, in a few sentences."""
    holding = [row for row in rows if row.holds]
    if holding:
        numbers = {f"share.{row.state}": row.share for row in holding[:FEW]}
        named = sum(row.concept in FIRM for row in holding[:FEW])
        firm = sum(row.concept in FIRM for row in holding) if result.firm is None else result.firm
        least = "at least " if result.firm is None else ""
        text = _named(holding[:FEW])
        if firm > named:
            others = words.capital(f"{least}{words.counted(firm - named, 'other outcome')}")
            text += f" {others} {_hold(firm - named)} without deterrence or by credible deterrence."
    elif rows:
        row = max(rows, key=lambda one: one.share)
        numbers = {f"share.{row.state}": row.share}
        text = (
            f"Nothing holds in most draws. Nearest comes “{row.words}”{_often(row)}: {reason(row.concept)}."
        )
    else:
        return _nothing(result)
    told = [text, *_today(result, rows), *aim(result)]
    return Finding(
        id="holds",
        sentence=" ".join(told),
        numbers=numbers,
        drivers=drivers(result),
        table="outcomes_that_hold",
    )


def drivers(result: StabilityResult, state: str | None = None) -> tuple[str, ...]:
    """Return the numbers in doubt that change most what holds, or whether one state does."""
    return tuple(
        path
        for path, sway in result.sways.items()
        if abs(sway.above - sway.below) >= TELLING and state in (None, sway.state)
    )[:TOLD]


def _nothing(result: StabilityResult) -> Finding:
    """Say that no state holds, or that too many do to list them."""
    concept = max(result.concepts, key=lambda one: result.counts[one])
    count, states = result.counts[concept], result.state_count
    text = f"Nothing holds: each of {states:,} outcomes is one that somebody would leave."
    if count:
        text = f"{count:,} of {states:,} outcomes hold {by(concept)}, too many to tell one by one."
    numbers = {"equilibria": float(count), "states": float(states)}
    return Finding(id="holds", sentence=text, numbers=numbers, table="concepts")


def listed_of(result: StabilityResult, shown: int) -> str:
    """Say that the list of outcomes is cut, and how many there are; empty where it is not."""
    if result.holding == shown:
        return ""
    if result.holding is None:
        return f"{shown:,} outcomes are listed; in how many draws others hold is not counted."
    return f"{shown:,} of the {result.holding:,} outcomes that hold are listed, those of the most draws."


def _named(rows: list[Outcome]) -> str:
    if len({row.concept for row in rows}) == 1 and len(rows) > 1:
        named = [f"“{row.words}”{_often(row)}" for row in rows]
        return f"{words.listed(named)} hold: {reason(rows[0].concept)}."
    return " ".join(f"“{row.words}” holds{_often(row)}: {reason(row.concept)}." for row in rows)


def _often(row: Outcome) -> str:
    return "" if row.share == 1 else f" (in {words.percent(row.share)} of draws)"


def _hold(count: int) -> str:
    return "holds" if count == 1 else "hold"


def _today(result: StabilityResult, rows: Rows) -> Iterator[str]:
    """Say whether the status quo holds, and who would leave it for what."""
    today = result.status_quo
    mine = next((row for row in rows if row.today), None)
    leaver = next(
        (w for w in result.why or () if (w.state, w.concept) == (today, "nash") and not w.stable), None
    )
    leaving = words.listed([result.who(actor) for actor in result.leaving or ()])
    if mine is not None and mine.holds and mine.concept == "nash":
        yield f"Nobody alone gains by leaving today’s state{_often(mine)}{_by_groups(result)}."
    elif result.leaving and leaver is None:
        yield f"By leaving today’s state, {leaving} would gain at once."
    elif leaver is not None:
        who, better = result.who(leaver.actor), result.changes(today or "", leaver.answers[0].to)
        if mine is not None and mine.holds:
            held = "Today’s state holds only by deterrence"
            yield f"{held}: {who} would rather choose {better}, but others can answer."
        else:
            yield f"Today’s state does not hold: {who} gains by a move, {better}."


def _by_groups(result: StabilityResult) -> str:
    """Say of a state of today that no single actor leaves whether several would leave it together."""
    if result.jumps is None:
        return "; whether several would gain by leaving it together is not judged"
    means = "" if result.record.exact else " (at mean preferences)"
    if not result.jumps:
        return f", nor do several by leaving it together{means}"
    who = words.listed([result.who(actor) for actor in _smallest(result.jumps, result).coalition])
    return f", but together {who} would{means}"


# --- how one gets there, and where else -----------------------------------------------------------


def way_told(result: StabilityResult, state: str, *, named: bool = False) -> str:
    """Return how one gets to a state from today, in a sentence; empty where that is not known.

    Args:
        result: of the lens.
        state: letters or id.
        named: whether the sentence names the state.
    """
    if result.status_quo is None or not any(one.state == state for one in result.reached or ()):
        return ""
    subject = f"“{result.place(state)}”"
    it, reached = (subject, f"{subject} is reached from") if named else ("It", "From")
    if state == result.status_quo:
        return f"{it} is where things stand today."
    found = result.way(state)
    if found is None:
        return f"{it} cannot be reached from today."
    gains = found.by == "improvements"
    pays = "each better for who makes it" if gains else "not each of which pays"
    if found.length == 1:
        pays = "better for who makes it" if gains else "which does not pay by itself"
    length = words.counted(found.length or 0, "move")
    return f"{reached} today in {length}, {pays}: {result.path(found.paths[0])}."


def _way(result: StabilityResult, rows: Rows) -> Iterator[Finding]:
    """Say how one gets from today to the firmest other outcome."""
    row = next((row for row in rows if row.holds and not row.today), None)
    if row is not None and (told := way_told(result, row.state, named=True)):
        numbers = {} if row.way is None else {"moves": float(row.way.length or 0)}
        yield Finding(id="way", sentence=told, numbers=numbers, table="outcomes_that_hold")


def _in_scenarios(result: StabilityResult, rows: Rows) -> Iterator[Finding]:
    """Say which scenario changes most what holds."""
    changed = [(row, name, share) for row in rows for name, share in row.scenarios.items()]
    if not changed:
        return
    row, name, share = max(changed, key=lambda one: (abs(one[2] - one[0].share), one[1]))
    text, numbers, paths = "No scenario changes much of what holds.", dict[str, float](), list[str]()
    if abs(share - row.share) >= TELLING:
        numbers = {"scenario": share, "as_it_stands": row.share}
        often = words.percent(share) if share >= RARE else "hardly any"
        text = (
            f"{result.scenarios[name].name}: “{row.words}” holds {by(row.concept)} in {often} of draws, "
            f"against {words.percent(row.share)} as things stand."
        )
        paths = [path for path in result.case.scenarios[name].changes if path in result.case.quantities]
    yield Finding(
        id="held_scenarios",
        sentence=text,
        numbers=numbers,
        drivers=tuple(paths),
        table="outcomes_by_scenario",
    )


def _smallest(jumps: Iterable[Jump], result: StabilityResult) -> Jump:
    """Return the joint improvement of the fewest, to a state that holds if there is one."""
    return min(jumps, key=lambda one: (len(one.coalition), one.to not in result.words))


def _together(result: StabilityResult) -> Iterator[Finding]:
    """Say who could leave today by agreement, if not alone."""
    if result.jumps:
        jump = _smallest(result.jumps, result)
        who = words.listed([result.who(actor) for actor in jump.coalition])
        better = result.changes(result.status_quo or "", jump.to)
        told = f"Together, {who} could do better than today: {better}."
        yield Finding(id="together", sentence=told, numbers={}, table="paths")


# --- how sure it is -------------------------------------------------------------------------------


def _sway(result: StabilityResult) -> Iterator[Finding]:
    """Say which uncertain preference would change most if it were known."""
    path, sway = next(iter(result.sways.items()), (None, None))
    if path is None or sway is None or sway.above == sway.below:
        return
    yield Finding(
        id="sway",
        sentence=f"Worth knowing: {words.input_phrase(result.case, path)}. “{result.place(sway.state)}” holds "
        f"{by(sway.concept)} in {words.percent(sway.below)} of draws where it is low, and in "
        f"{words.percent(sway.above)} where it is high.",
        numbers={"below": sway.below, "above": sway.above},
        drivers=(path,),
        table="sways",
    )


def _strongly(result: StabilityResult, rows: Rows) -> Iterator[Finding]:
    """Say which of the firmest states that somebody would leave is left only at the risk of much worse."""
    for row in rows[:TOLD]:
        strong = [
            by(concept) for concept, states in result.strong_equilibria.items() if row.state in (states or ())
        ]
        if strong and "nash" not in result.central(row.state):
            yield Finding(
                id=f"strong.{row.state}",
                sentence=f"“{row.words}” holds strongly {words.listed(strong)}: "
                "who leaves it can be brought to end much worse.",
                numbers={},
                table="strength",
            )


def _unsettled(result: StabilityResult) -> Iterator[Finding]:
    """Say which states hold or not depending on preferences that are not known."""
    if not result.unknown:
        return
    cautious, generous = result.unknown["a"], result.unknown["d"]
    for concept, states in generous.equilibria.items():
        open_ = [state for state in states or () if state not in (cautious.equilibria[concept] or ())]
        if open_:
            told = ", ".join(f"“{result.named(state)}”" for state in open_[:TOLD])
            more = f" and {len(open_) - TOLD} more" if len(open_) > TOLD else ""
            yield Finding(
                id="unknown",
                sentence=f"Whether {told}{more} {_hold(len(open_))} {by(concept)} "
                "depends on preferences that are not known.",
                numbers={},
                table="unknown",
            )
            return


def _in_the_limit(result: StabilityResult) -> Iterator[Finding]:
    """Say what holds however far everybody looks ahead."""
    limit = result.limit
    if limit is None:
        return
    if limit.equilibria is None:
        told = "Looking ever further ahead, the answers never settle."
    elif not limit.equilibria:
        told = "However far ahead everybody looks, nothing holds for good."
    else:
        named = [f"“{result.place(state)}”" for state in limit.equilibria]
        told = f"However far ahead everybody looks, {words.listed(named, TOLD)} {_hold(len(named))}."
    yield Finding(id="limit", sentence=told, numbers={}, table="concepts")


# --- figures --------------------------------------------------------------------------------------


def of_graph(result: StabilityResult, goal: Outcome | None) -> Finding:
    """Say how many outcomes nobody wants to leave, and how far the firmest other one is."""
    held, count, numbers = (
        result.counts.get("nash"),
        words.counted(result.state_count, "outcome"),
        dict[str, float](),
    )
    if held is None:
        told = f"There are {count}."
    elif not held:
        told = f"In none of {count} does everybody want to stay."
    elif held == result.state_count:
        told = "Nobody wants to leave any outcome."
    else:
        verb = "is one" if held == 1 else f"are {words.count_word(held)}"
        told = f"Of {count} there {verb} that nobody wants to leave."
    if goal is not None and goal.way is not None and goal.way.length is not None:
        numbers["moves"] = goal.way.length
        told += f" “{goal.words}” is {words.counted(goal.way.length, 'move')} from today."
    return Finding(id="states", sentence=told, numbers=numbers, table="states")


def of_concepts(result: StabilityResult, shown: int) -> Finding:
    """Say who would leave today, or that nobody would."""
    if result.leaving is None:
        told = f"For whom {words.counted(shown, 'outcome')} {'is' if shown == 1 else 'are'} stable."
    elif result.leaving:
        leaving = words.listed([result.who(actor) for actor in result.leaving])
        told = f"Today’s outcome is not stable for {leaving}: there is something better to do."
    else:
        told = "Nobody alone gains by leaving today’s outcome."
    return Finding(id="concepts", sentence=told, numbers={}, table="stable_for")


def of_shares(first: Outcome) -> Finding:
    """Say which outcome is the firmest."""
    often = words.percent(first.share)
    return Finding(
        id="equilibria",
        sentence=f"Firmest is “{first.words}”: it holds {by(first.concept)} in {often} of draws.",
        numbers={f"share.{first.state}": first.share},
        table="outcomes_that_hold",
    )


def methods(result: StabilityResult) -> tuple[tuple[str, str], ...]:
    """Return every concept that was judged by, with what it means."""
    return tuple((label(concept), f"{note(concept)}.") for concept in kinds(result.concepts))
