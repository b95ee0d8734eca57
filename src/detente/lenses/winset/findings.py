"""What should a reader take away? Sentences whose every number stands in the result's tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from detente.case import Case
from detente.lenses.winset.answers import Concession, DealAnswer, Insisted
from detente.lenses.winset.phrases import conflict_words, demand_words, exists, lever_sentence, strongest
from detente.lenses.winset.result import WinsetResult
from detente.show.finding import Finding
from detente.show.words import capital, listed, percent, position, possessive

TOLD = 3  # deals, conflicts and levers that are told of


def findings(case: Case, result: WinsetResult) -> Iterator[Finding]:
    """Yield how likely each deal is, on what terms, who stands in the way, and what would change that."""
    for deal in result.deals:
        yield chance(case, result, deal)
    for deal in result.packages or (result.headline,):
        yield from _scenarios(result, deal)
        yield from blockers(result, deal)
        yield from lever(case, result, deal)
        yield from opening(case, result, deal)
        yield from payment(result, deal)
        yield from _linking(case, result, deal)


def chance(case: Case, result: WinsetResult, deal: str) -> Finding:
    """Say how likely a deal is and, where it is possible, on what terms."""
    found, answer = result.chance(deal), result.deals[deal]
    numbers = {"probability": found.probability}
    sentence = f"{answer.name}: {exists(found)}"
    if 0 < found.probability < 1:
        numbers |= {"low95": found.low95, "high95": found.high95}
    if found.unknown:
        numbers["unknown"] = found.unknown
    terms = result.solutions.get(deal, {}).get(result.leading, {})
    if terms:
        where = [f"{case.issues[i].name} {position(d.mean, case.issues[i])}" for i, d in terms.items()]
        sentence += f"; where it does, its terms are about {listed(where, 4)}"
    return Finding(
        id=f"deal.{deal}",
        sentence=f"{sentence}.",
        numbers=numbers,
        drivers=_drivers(result, deal),
        table="deal_probability",
    )


def _drivers(result: WinsetResult, deal: str) -> tuple[str, ...]:
    """Return the red lines that matter most, as paths."""
    return paths(one.line for one in result.levers.get(deal, ())[:TOLD] if one.change > 0)


def paths(insisted: Iterable[Insisted | None]) -> tuple[str, ...]:
    """Return where in the case red lines stand."""
    return tuple(one.path for one in insisted if one is not None and one.path is not None)


def _scenarios(result: WinsetResult, deal: str) -> Iterator[Finding]:
    base = result.chance(deal)
    others = {s: d[deal] for s, d in result.deal_probability.items() if s != result.version and deal in d}
    if not others:
        return
    told = [f"{percent(c.probability)} in “{result.scenarios[s]}”" for s, c in others.items()]
    yield Finding(
        id=f"deal_scenarios.{deal}",
        sentence=f"{result.deals[deal].name}: {percent(base.probability)} as it stands, {listed(told, 6)}.",
        numbers={"as_it_stands": base.probability, **{s: c.probability for s, c in others.items()}},
        table="deal_probability",
    )


def blockers(result: WinsetResult, deal: str) -> Iterator[Finding]:
    """Say which demands conflict, and who could open the zone alone."""
    found = result.blockers.get(deal)
    if found is None or not found.conflicts:
        return
    first = found.conflicts[0]
    words = capital(conflict_words(result.names, first.demands))
    yield Finding(
        id=f"blocked.{deal}",
        sentence=f"{result.deals[deal].name}: {words}: so in {percent(first.share)} of the draws without a deal.",
        numbers={"share": first.share},
        drivers=paths(first.demands),
        table="conflicts",
    )
    alone = {actor: share for actor, share in found.alone.items() if share > 0}
    if alone:
        actor = max(alone, key=lambda one: alone[one])
        yield Finding(
            id=f"alone.{deal}",
            sentence=f"{result.deals[deal].name}: if {possessive(result.names[actor])} consent were not needed, "
            f"there would be a deal in {percent(alone[actor])} of the draws without one.",
            numbers={"alone": alone[actor]},
            table="blockers",
        )


def lever(case: Case, result: WinsetResult, deal: str) -> Iterator[Finding]:
    """Say which single change raises the probability of a deal most."""
    if not result.levers.get(deal):
        return
    found = strongest(result.levers[deal])
    yield Finding(
        id=f"lever.{deal}",
        sentence=f"{result.deals[deal].name}: {lever_sentence(result.names, result.levers[deal], case)}.",
        numbers={} if found is None else {"probability": found.probability, "change": found.change},
        drivers=() if found is None else paths([found.line]),
        table="levers",
    )


def opening(case: Case, result: WinsetResult, deal: str) -> Iterator[Finding]:
    """Say what the cheapest concessions would be, all inputs at their means."""
    found = result.deals[deal].opening
    if found is None or found.status != "found":
        return
    steps = [_step(case, result, step) for step in found.steps]
    yield Finding(
        id=f"opening.{deal}",
        sentence=f"{result.deals[deal].name}: the cheapest way to a deal, all inputs at their means: "
        f"{listed(steps, 5)}.",
        numbers={f"by_{k}": step.by for k, step in enumerate(found.steps)},
        drivers=paths(found.steps),
        table="concessions",
    )


def payment(result: WinsetResult, deal: str) -> Iterator[Finding]:
    """Say what the cheapest side payment would be, all inputs at their means."""
    found = result.deals[deal].payment
    if found is None or found.status not in ("found", "impossible"):
        return
    if found.total is None:
        told = "no side payment within what each can give and take makes a deal"
    else:
        moved = {result.names[actor]: amount for actor, amount in found.transfers.items()}
        pays = [name for name, amount in moved.items() if amount < 0]
        gets = [name for name, amount in moved.items() if amount > 0]
        told = (
            f"the cheapest side payment that makes a deal is {found.total:.3g} {found.unit}, from "
            f"{listed(pays, 5)} to {listed(gets, 5)}"
        )
    yield Finding(
        id=f"payment.{deal}",
        sentence=f"{result.deals[deal].name}: {told}, all inputs at their means.",
        numbers={} if found.total is None else {"total": found.total},
        table="payments",
    )


def _step(case: Case, result: WinsetResult, step: Concession) -> str:
    if step.issue is None:
        who = result.names[step.actor]
        return f"{who} puts up with {percent(step.by)} of the scale less than it has without a deal"
    return f"{demand_words(result.names, step)} gives way by {position(step.by, case.issues[step.issue])}"


def _linking(case: Case, result: WinsetResult, deal: str) -> Iterator[Finding]:
    answer: DealAnswer = result.deals[deal]
    linking = answer.linking
    if linking is None or answer.centre.status != "deal":
        return
    if linking.opens:
        yield Finding(
            id=f"linking.{deal}",
            sentence=f"{answer.name}: the package has a deal though no issue alone has one, all inputs at their "
            "means.",
            numbers={},
            table="linking",
        )
    gaining = [swap for swap in linking.swaps if swap.gives and swap.gets]
    if gaining:
        swap = max(gaining, key=lambda one: one.gain)
        gives = listed([case.issues[i].name for i in swap.gives], 3)
        gets = listed([case.issues[i].name for i in swap.gets], 3)
        yield Finding(
            id=f"swap.{deal}",
            sentence=f"{answer.name}: by linking, {result.names[swap.actor]} gives on {gives} and gets on {gets}.",
            numbers={"gain": swap.gain},
            table="linking",
        )
