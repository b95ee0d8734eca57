"""Does the outcome hold that the case asks for, who would leave it, and what would have to change?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.lenses.stability.levers import LABELS, Change, Inverse
from detente.lenses.stability.records import LADDER, OFTEN, by, in_draws, reason
from detente.lenses.stability.result import StabilityResult
from detente.show import words
from detente.show.finding import Finding

MOST_CHANGES = 3  # that are told of one kind


def firmest(result: StabilityResult, state: str) -> str | None:
    """Return the most demanding concept by which a state holds in most draws, if any."""
    shares = result.held(state)
    return next((concept for concept in LADDER if shares.get(concept, 0.0) >= OFTEN), None)


def aim(result: StabilityResult, told: str | None) -> Iterator[str]:
    """Say in a sentence whether the outcome holds that the case asks for.

    ``told`` is the state that was told of just before.
    """
    state = result.wanted
    if state is None:
        return
    concept = firmest(result, state)
    often = "" if concept is None else in_draws(result.held(state)[concept])
    holds = "does not hold" if concept is None else f"holds{often}{',' if often else ''} {by(concept)}"
    if state == told:
        yield "That is the outcome that the case asks for."
    else:
        yield f"The outcome that the case asks for, “{result.place(state)}”, {holds}."


def wanted(result: StabilityResult, drivers: tuple[str, ...]) -> Iterator[Finding]:
    """Say whether the wanted outcome holds, by what, and who would leave it; ``drivers`` are what decides it."""
    state = result.wanted
    if state is None:
        return
    shares, concept = result.held(state), firmest(result, state)
    if concept == "nash":
        told = f"It holds{in_draws(shares[concept])}: {reason(concept)}."
    elif concept is None:
        never = "does not hold in most draws" if shares else "does not hold"
        told = f"It {never}.{_gainers(result, next(iter(lacking(result)), None))}"
    else:
        why = _gainers(result, "nash" if "nash" in lacking(result) else None)
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


def lacking(result: StabilityResult) -> dict[str, Inverse]:
    """Return the concepts by which the wanted outcome does not hold, with what would have to change.

    Credible deterrence stands first, then no wish to leave.
    """
    asked = {concept: result.inverse[concept] for concept in ("seq", "nash") if concept in result.inverse}
    return {concept: inverse for concept, inverse in asked.items() if not inverse.holds}


def _gainers(result: StabilityResult, concept: str | None) -> str:
    """Return who would leave the wanted outcome, undeterred, and for what, as a sentence after another one."""
    found: dict[str, list[str]] = {}
    for one in () if concept is None else result.inverse[concept].against:
        found.setdefault(result.who(one.actor), []).append(f"“{result.place(one.to)}”")
    why = [f"{who} for {words.listed(to, 2)}" for who, to in found.items()]
    return f" Gaining by leaving it: {words.listed(why, 2)}." if why else ""


def changes_needed(concept: str, inverse: Inverse) -> tuple[str, tuple[str, ...]]:
    """Return a head, and the cheapest change of each kind by which an outcome would hold by a concept."""
    told = [
        f"{LABELS[lever.kind]}: {_first_changes(lever.changes)}"
        for lever in inverse.levers
        if lever.cost is not None and lever.changes
    ]
    if not told:
        return f"No change that was looked at would make it hold {by(concept)}.", ()
    return f"To make it hold {by(concept)} ({reason(concept)}), any one of these would do:", tuple(told)


def _first_changes(changes: Sequence[Change]) -> str:
    told, left = [change.sentence for change in changes[:MOST_CHANGES]], len(changes) - MOST_CHANGES
    return " ".join([*told, *([f"And {words.counted(left, 'more change')}."] if left > 0 else [])])
