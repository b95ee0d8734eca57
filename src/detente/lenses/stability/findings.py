"""What should a reader take away? Every sentence of the lens, once; its numbers stand in the result's tables."""

from __future__ import annotations

from collections.abc import Iterator

from detente.lenses.stability.records import FIRM, Outcome, by, in_draws, kinds, label, note, reason
from detente.lenses.stability.result import StabilityResult
from detente.show import words
from detente.show.finding import Finding

SECTION = "holds"
FEW = 2  # outcomes that the answer names: that of today, and the firmest other
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
        *_wanted(result, drivers(result, result.wanted)),
        *_way(result, rows),
        *_in_scenarios(result, rows),
        *_sway(result),
        *_strongly(result, rows),
        *_unsettled(result),
        *_in_the_limit(result),
    ]
    yield from (finding.model_copy(update={"section": SECTION}) for finding in told)


# --- the answer -----------------------------------------------------------------------------------


def answer(result: StabilityResult, rows: Rows) -> Finding:
    """Return whether today's pattern holds, against single actors and groups, and what else does."""
    holding = [row for row in rows if row.holds]
    mine = next((row for row in rows if row.today), None)
    if not rows:
        return _nothing(result)
    told = [*_today(result, mine), *_others(result, mine, holding)]
    shown = [row for row in (mine, *(row for row in holding if row is not mine)) if row is not None][:FEW]
    if not holding:
        best = max(rows, key=lambda one: one.share)
        told.append(f"No outcome holds in most draws; nearest comes “{best.words}”{_how(best)}.")
        shown = [best] if best is mine else [*shown, best]
    if not any(row is not mine for row in holding):
        told += _aim(result, None)
    return Finding(
        id="holds",
        sentence=" ".join(told),
        numbers={f"share.{row.state}": row.share for row in shown},
        drivers=drivers(result),
        table="outcomes_that_hold",
    )


def in_short(result: StabilityResult, rows: Rows) -> Finding:
    """Return the answer without what holds beside today’s pattern, where something is said of that."""
    whole, mine = answer(result, rows), next((row for row in rows if row.today), None)
    told = " ".join(_today(result, mine)) if rows else ""
    return whole.model_copy(update={"sentence": told or whole.sentence, "section": SECTION})


def _others(result: StabilityResult, mine: Outcome | None, holding: list[Outcome]) -> Iterator[str]:
    """Say which other outcome holds most firmly, how many hold as firmly, and how many hold in all."""
    others = [row for row in holding if row is not mine]
    if not others:
        return
    also = "Also holding" if len(others) < len(holding) else "What holds"
    alike = [row for row in others if (row.concept, row.shares) == (others[0].concept, others[0].shares)]
    told = len({state for shares in result.shares.values() for state in shares})
    cut = "at least " if result.holding is None or result.holding > told else ""
    more = f" and, as firmly, {cut}{words.counted(len(alike) - 1, 'other')}" if len(alike) > 1 else ""
    yield f"{also}: “{others[0].words}”{_how(others[0])}{more}."
    yield from _aim(result, others[0].state)
    firm = sum(row.concept in FIRM for row in holding) if result.firm is None else result.firm
    if firm > sum(row.concept in FIRM for row in (others[0], *(row for row in holding if row is mine))):
        most = "" if result.record.exact else " in most draws"
        count = f"{'at least ' if result.firm is None else ''}{firm:,} of {result.state_count:,} outcomes"
        yield f"In all, {count} hold by themselves or by credible deterrence{most}."


def _how(row: Outcome) -> str:
    """Return in how many draws an outcome holds, and how, in brackets."""
    often = in_draws(row.share)
    return f" ({often[1:]}{', ' if often else ''}{by(row.concept)})"


def sure(result: StabilityResult) -> Finding:
    """Say what the shares are shares of, where any are told, and what certainty there is none of."""
    told = (
        f"Percentages are shares of {result.record.draws:,} draws of the preferences in doubt, not chances."
    )
    if result.record.exact:
        told = "No preference carries doubt: an outcome holds or does not; "
        told += "that says nothing of how right the preferences are."
    return Finding(id="sure", sentence=told, numbers={}, table="outcomes_that_hold", section=SECTION)


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
        text = f"{count:,} of {states:,} outcomes hold {by(concept, many=True)}, too many to name."
    numbers = {"equilibria": float(count), "states": float(states)}
    return Finding(id="holds", sentence=text, numbers=numbers, table="concepts")


def listed_of(result: StabilityResult, shown: int) -> str:
    """Say that the list of outcomes is cut, and how many there are; empty where it is not."""
    if result.holding == shown:
        return ""
    if result.holding is None:
        return f"{shown:,} outcomes are listed; in how many draws others hold is not counted."
    return f"{shown:,} of the {result.holding:,} outcomes that hold are listed, those of the most draws."


def _hold(count: int) -> str:
    return "holds" if count == 1 else "hold"


def _today(result: StabilityResult, mine: Outcome | None) -> Iterator[str]:
    """Say whether the status quo holds, who would leave it for what, and what groups could do together."""
    today = result.status_quo
    if today is None:
        return
    here = f"Today’s pattern, “{result.place(today)}”,"
    leaving = [result.who(actor) for actor in result.leaving or ()]
    gain = (
        f"{words.listed(leaving)} would {'each ' * (len(leaving) > 1)}gain by leaving it" if leaving else ""
    )
    leavers = result.leavers()
    if leavers and len(leaving) < 2:
        step = result.changes(today, leavers[0].answers[0].to)
        gain = f"{result.who(leavers[0].actor)} would gain by a move ({step})"
    often = "" if mine is None else in_draws(mine.share) + _elsewhere(result, mine)
    if mine is None or not mine.holds:
        rarely = f"holds only{often}" if often else "does not hold"
        yield f"{here} {rarely}{f': {gain}' if gain else ''}."
    elif mine.concept == "nash":
        yield f"{here} holds{often}: nobody alone gains by leaving it."
    else:
        more = f": {gain}, but others could answer so that it does not pay" if gain else ""
        yield f"{here} holds{often}, but only {by(mine.concept)}{more}."
    if not gain:
        yield from _together(result, today)


def _elsewhere(result: StabilityResult, row: Outcome) -> str:
    """Return the scenario that changes most in how many draws an outcome holds, in brackets."""
    most = max(row.scenarios.items(), key=lambda one: (abs(one[1] - row.share), one[0]), default=None)
    if most is None or abs(most[1] - row.share) < TELLING:
        return ""
    often = words.percent(most[1]) if most[1] else "none"
    return f" (“{result.scenarios[most[0]].name}”: {often})"


def _together(result: StabilityResult, today: str) -> Iterator[str]:
    """Say of a state of today that no single actor leaves whether several would gain by leaving it together."""
    if result.jumps is None:
        yield "Whether several would gain by leaving it together is not judged."
    elif not result.jumps:
        yield "No group gains by leaving it together either."
    else:
        jump = min(result.jumps, key=lambda one: (len(one.coalition), one.to not in result.words))
        who = words.listed([result.who(actor) for actor in jump.coalition])
        both = "both" if len(jump.coalition) == 2 else "all"
        how = result.changes(today, jump.to)
        yield f"But together, {who} would {both} gain: {how}{_against_groups(result, today)}."


def _against_groups(result: StabilityResult, today: str) -> str:
    """Return in what share of draws no group would leave today; what is told holds at the mean preferences."""
    if result.record.exact or not any(result.shares.values()):
        return ""
    often = words.percent(result.held(today).get("cnash", 0.0))
    return f". Against groups too it holds in {often} of draws"


# --- what is wanted -------------------------------------------------------------------------------


def _aim(result: StabilityResult, told: str | None) -> Iterator[str]:
    """Say in a sentence whether the outcome holds that the case asks for.

    ``told`` is the state that was told of just before.
    """
    state = result.wanted
    if state is None:
        return
    concept = result.firmest(state)
    often = "" if concept is None else in_draws(result.held(state)[concept])
    holds = "does not hold" if concept is None else f"holds{often}{',' if often else ''} {by(concept)}"
    if state == told:
        yield "That is the outcome that the case asks for."
    else:
        yield f"The outcome that the case asks for, “{result.place(state)}”, {holds}."


def _wanted(result: StabilityResult, drivers: tuple[str, ...]) -> Iterator[Finding]:
    """Say whether the wanted outcome holds, by what, and who would leave it; ``drivers`` are what decides it."""
    state = result.wanted
    if state is None:
        return
    shares, concept = result.held(state), result.firmest(state)
    if concept == "nash":
        told = f"It holds{in_draws(shares[concept])}: {reason(concept)}."
    elif concept is None:
        never = "does not hold in most draws" if shares else "does not hold"
        told = f"It {never}.{_gainers(result, next(iter(result.lacking), None))}"
    else:
        why = _gainers(result, "nash" if "nash" in result.lacking else None)
        told = f"It holds{in_draws(shares[concept])}, but only {by(concept)}.{why}"
    edited = (path for inverse in result.inverse.values() for lever in inverse.levers for path in lever.edits)
    known = [path for path in edited if path in result.case.quantities]
    yield Finding(
        id="wanted",
        sentence=f"The case asks for “{result.place(state)}”. {told}",
        numbers={} if concept is None else {concept: shares[concept]},
        drivers=tuple(dict.fromkeys((*known, *drivers))),
        table="wanted",
    )


def _gainers(result: StabilityResult, concept: str | None) -> str:
    """Return who would leave the wanted outcome, undeterred, and for what, as a sentence after another one."""
    found: dict[str, list[str]] = {}
    for one in () if concept is None else result.inverse[concept].against:
        found.setdefault(result.who(one.actor), []).append(f"“{result.place(one.to)}”")
    why = [f"{who} for {words.listed(to, 2)}" for who, to in found.items()]
    return f" Gaining by leaving it: {words.listed(why, 2)}." if why else ""


# --- how one gets there, and where else -----------------------------------------------------------


def way_told(result: StabilityResult, state: str, *, named: bool = False) -> str:
    """Return how one gets to a state from today, in a sentence; empty where that is not known.

    ``named`` says whether the sentence names the state.
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
    pays = "each better for whoever makes it" if gains else "not all of which pay by themselves"
    if found.length == 1:
        pays = "better for whoever makes it" if gains else "which does not pay by itself"
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
    text, numbers, paths = "No scenario changes much in what holds.", dict[str, float](), list[str]()
    if abs(share - row.share) >= TELLING:
        numbers = {"scenario": share, "as_it_stands": row.share}
        now, then = words.percent(row.share), words.percent(share)
        told = f"“{row.words}” holds in {then} of draws, against {now} as things stand ({by(row.concept)})."
        text = f"{result.scenarios[name].name}: {told}"
        paths = [path for path in result.case.scenarios[name].changes if path in result.case.quantities]
    yield Finding(
        id="held_scenarios",
        sentence=text,
        numbers=numbers,
        drivers=tuple(paths),
        table="outcomes_by_scenario",
    )


# --- how sure it is -------------------------------------------------------------------------------


def _sway(result: StabilityResult) -> Iterator[Finding]:
    """Say which uncertain preference would change most if it were known."""
    path, sway = next(iter(result.sways.items()), (None, None))
    if path is None or sway is None or sway.above == sway.below:
        return
    yield Finding(
        id="sway",
        sentence=f"Worth knowing: {words.input_phrase(result.case, path)}. “{result.place(sway.state)}” holds "
        f"in {words.percent(sway.below)} of draws where it is low, and in {words.percent(sway.above)} where it is "
        f"high ({by(sway.concept)}).",
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
                "whoever leaves it can be made much worse off.",
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
                sentence=f"Whether {told}{more} {_hold(len(open_))} {by(concept, many=len(open_) > 1)} "
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
        told = "If everybody looks ever further ahead, the answer keeps changing."
    elif not limit.equilibria:
        told = "However far ahead everybody looks, nothing holds for good."
    else:
        named = [f"“{result.place(state)}”" for state in limit.equilibria]
        told = f"However far ahead everybody looks, {words.listed(named, TOLD)} {_hold(len(named))}."
    yield Finding(id="limit", sentence=told, numbers={}, table="concepts")


# --- figures --------------------------------------------------------------------------------------


def of_graph(result: StabilityResult, goal: Outcome | None) -> Finding:
    """Say how many outcomes nobody wants to leave, and how far the firmest other one is."""
    held, count = result.counts.get("nash"), words.counted(result.state_count, "outcome")
    numbers = dict[str, float]()
    if held is None:
        told = f"There are {count}."
    elif not held:
        told = f"There are {count}, and each is one that somebody would leave."
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
        told = f"Who would stay at {words.counted(shown, 'outcome')}, and why."
    elif result.leaving:
        leaving = words.listed([result.who(actor) for actor in result.leaving])
        told = f"Something better than today’s outcome is open to {leaving}."
    else:
        told = "Nobody alone gains by leaving today’s outcome."
    return Finding(id="concepts", sentence=told, numbers={}, table="stable_for")


def methods(result: StabilityResult) -> tuple[tuple[str, str], ...]:
    """Return every concept that was judged by, as the literature calls it, with what it means."""
    alone = kinds(result.concepts)
    groups = [concept for concept in result.concepts if concept not in alone]
    found = [(label(concept), f"{note(concept)}.") for concept in alone]
    if groups:
        found.append((", ".join(map(label, groups)), f"{note(groups[0])}."))
    return tuple(found)
