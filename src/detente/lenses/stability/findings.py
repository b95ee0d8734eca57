"""What should a reader take away? Sentences whose every number stands in the result's tables."""

from __future__ import annotations

from collections.abc import Iterator

from detente.lenses.stability.result import Reached, StabilityResult
from detente.show.finding import Finding
from detente.show.words import percent

TOLD = 3  # states that are told of, the firmest first
IN_WORDS = {
    "nash": "nobody wants to leave it (Nash)",
    "seq": "who would leave it is deterred by what others would gain by doing (SEQ)",
    "sim": "it survives simultaneous moves (SIM)",
    "smr": "leaving it can be punished for good (SMR)",
    "gmr": "leaving it can be punished (GMR)",
}


def findings(result: StabilityResult) -> Iterator[Finding]:
    """Yield what holds and how firmly, whether today holds, and how one gets from today to what holds."""
    yield from _what_holds(result)
    yield from _today(result)
    for state in firmest(result)[:TOLD]:
        yield from _way(result, state)
    yield from _together(result)
    yield from _strongly(result)
    yield from _unsettled(result)
    yield from _sway(result)


def firmest(result: StabilityResult) -> list[str]:
    """Return the states that hold in some draw, those that hold by most concepts in most draws first."""

    def firmness(state: str) -> float:
        return sum(shares[state].share for shares in result.shares.values() if state in shares)

    return sorted(
        (state for state in result.words if any(state in shares for shares in result.shares.values())),
        key=lambda state: -firmness(state),
    )


def label(concept: str) -> str:
    """Return a concept as it is written: Nash, SEQ, L2, cNash."""
    return {"nash": "Nash", "cnash": "cNash", "cgmr": "cGMR", "csmr": "cSMR", "cseq": "cSEQ"}.get(
        concept, concept.upper()
    )


def named(result: StabilityResult, state: str) -> str:
    """Return a state in words: what is taken, or the name of a listed state."""
    if state in result.words or state in result.merged or not result.options:
        return result.words.get(state, state)
    taken = [result.names[name] for name, letter in zip(result.options, state, strict=True) if letter == "Y"]
    return " + ".join(taken) or "nothing is done"


def _what_holds(result: StabilityResult) -> Iterator[Finding]:
    firm = firmest(result)
    if not firm:
        concept = result.concepts[0]
        sentence = f"No state of {result.state_count:,} holds by {label(concept)}."
        if any(result.counts.values()):
            concept = max(result.concepts, key=lambda one: result.counts[one])
            sentence = (
                f"{result.counts[concept]:,} of {result.state_count:,} states hold by {label(concept)}."
            )
        numbers = {"equilibria": float(result.counts[concept]), "states": float(result.state_count)}
        yield Finding(id="holds", sentence=sentence, numbers=numbers, table="concepts")
    for state in firm[:TOLD]:
        held = {c: s[state].share for c, s in result.shares.items() if state in s}
        first = max(held, key=lambda concept: held[concept])
        by = ", ".join(
            label(concept) if share == 1 else f"{label(concept)} in {percent(share)} of draws"
            for concept, share in held.items()
        )
        reason = f"; {IN_WORDS[first]}" if first in IN_WORDS else ""
        yield Finding(
            id=f"holds.{state}",
            sentence=f"“{result.words[state]}” holds by {by}{reason}.",
            numbers={f"share_{concept}": share for concept, share in held.items()},
            drivers=tuple(list(result.sways)[:3]),
            table="equilibria",
        )


def _today(result: StabilityResult) -> Iterator[Finding]:
    today = result.status_quo
    if today is None or today in result.equilibria.get("nash", (today,)):
        return
    leaving = [w for w in result.why if w.state == today and w.concept == "nash" and not w.stable]
    for one in leaving[:1]:
        yield Finding(
            id="today",
            sentence=f"Today does not hold by itself: {one.sentence}",
            numbers={"moves": float(one.moves)},
            table="why",
        )


def _way(result: StabilityResult, state: str) -> Iterator[Finding]:
    ways = {reached.by: reached for reached in result.reached if reached.state == state}
    if not ways or state == result.status_quo:
        return
    by_gain = ways["improvements"]
    if by_gain.length is not None:
        yield _path(result, by_gain, "by steps that each pay for who takes them")
    elif "moves" in ways and ways["moves"].length is not None:
        yield _path(result, ways["moves"], "though not every step pays for who takes it")
    else:
        yield Finding(
            id=f"way.{state}",
            sentence=f"“{result.words[state]}” cannot be reached from today.",
            numbers={},
            table="paths",
        )


def _path(result: StabilityResult, way: Reached, how: str) -> Finding:
    movers = ", then ".join(result.names[move.actor] for move in way.paths[0])
    length = way.length or 0
    steps = "1 move" if length == 1 else f"{length} moves"
    return Finding(
        id=f"way.{way.state}",
        sentence=f"“{result.words[way.state]}” is {steps} away, {how}: {movers}.",
        numbers={"length": float(length)},
        table="paths",
    )


def _together(result: StabilityResult) -> Iterator[Finding]:
    if not result.jumps:
        return
    jump = min(result.jumps, key=lambda one: (len(one.coalition), one.to not in result.words))
    who = " and ".join(result.names[actor] for actor in jump.coalition)
    yield Finding(
        id="together",
        sentence=f"Together, {who} could leave today for “{named(result, jump.to)}”, better for each of them.",
        numbers={},
        table="paths",
    )


def _strongly(result: StabilityResult) -> Iterator[Finding]:
    """Yield which of the firmest states that somebody would leave is left only at the risk of much worse."""
    for state in firmest(result)[:TOLD]:
        strong = [concept for concept, states in result.strong_equilibria.items() if state in states]
        if strong and state not in result.equilibria["nash"]:
            by = ", ".join(map(label, strong))
            yield Finding(
                id=f"strong.{state}",
                sentence=f"“{result.words[state]}” holds strongly by {by}: who leaves it can be brought to end "
                "much worse.",
                numbers={},
                table="strength",
            )


def _unsettled(result: StabilityResult) -> Iterator[Finding]:
    """Yield which states hold or not depending on preferences that are not known."""
    if not result.unknown:
        return
    cautious, generous = result.unknown["a"], result.unknown["d"]
    for concept, states in generous.equilibria.items():
        open_ = [state for state in states if state not in cautious.equilibria[concept]]
        if open_:
            told = ", ".join(f"“{named(result, state)}”" for state in open_[:TOLD])
            more = f" and {len(open_) - TOLD} more" if len(open_) > TOLD else ""
            yield Finding(
                id="unknown",
                sentence=f"Whether {told}{more} {'holds' if len(open_) == 1 else 'hold'} by {label(concept)} "
                "depends on preferences that are not known.",
                numbers={},
                table="unknown",
            )
            return


def _sway(result: StabilityResult) -> Iterator[Finding]:
    if not result.sways:
        return
    path, sway = next(iter(result.sways.items()))
    if sway.below == sway.above:
        return
    yield Finding(
        id="sway",
        sentence=f"What matters most to know is {_question(result, path)}: "
        f"“{named(result, sway.state)}” holds by {label(sway.concept)} in {percent(sway.below)} "
        f"of draws while that is little, and in {percent(sway.above)} while it is much.",
        numbers={"below": sway.below, "above": sway.above},
        drivers=(path,),
        table="sways",
    )


def _question(result: StabilityResult, path: str) -> str:
    """Return what a number is the answer to, from its path."""
    part, *rest = path.split(".")
    if part == "stances":
        issue, actor, what = rest
        return f"the {what} of {result.names[actor]} on {issue!r}"
    if part == "issues":
        return f"where {rest[0]!r} ends by itself"
    if rest[0] == "options":
        return f"where {result.names[rest[1]]!r} brings {rest[3]!r}"
    if rest[2] == "weights":
        return f"how much {rest[3]!r} counts for {result.names[rest[1]]}"
    return f"what {result.names[rest[1]]} strongly prefers"
