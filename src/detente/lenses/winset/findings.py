"""What should a reader take away of deals? Sentences whose numbers stand in tables, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from detente.case import Issue
from detente.lenses.winset.agreements import Plane
from detente.lenses.winset.answers import Insisted, Side
from detente.lenses.winset.phrases import (
    SOLUTIONS,
    best,
    conflict_words,
    demand_words,
    exists,
    lever_sentence,
)
from detente.lenses.winset.result import WinsetResult
from detente.show.finding import Finding
from detente.show.words import (
    listed,
    numbered,
    percent,
    position,
    possessive,
    span,
    spot,
)

TOLD = 3  # levers whose red lines are told to drive a chance
GROUND, BANDS, BLOCKERS, LEVELS = "common-ground", "bands", "blockers", "levels"
SIGNING, ELSEWHERE, OTHERS = "signing", "deal-scenarios", "other-bands"
"""Sections of the chapter."""
KINDS = {
    "deal": ("deal_probability", GROUND),
    "chances": ("deal_probability", GROUND),
    "shift": ("deal_probability", ELSEWHERE),
    "winsets": ("plane", GROUND),
    "bands": ("bands", BANDS),
    "blocked": ("conflicts", BLOCKERS),
    "lever": ("levers", BLOCKERS),
    "helpless": ("levers", BLOCKERS),
    "softening": ("softening", BLOCKERS),
    "payment": ("payments", BLOCKERS),
    "linking": ("linking", BLOCKERS),
    "swap": ("linking", BLOCKERS),
    "tied": ("tied_hands", LEVELS),
    "moved": ("moved", ELSEWHERE),
    "gains": ("signing", ELSEWHERE),
    "sure": ("moved", SIGNING),
    "doubtful": ("agreements", SIGNING),
    "rests": ("reliance", SIGNING),
    "overlap": ("overlaps", SIGNING),
}
"""Kind of finding → the table of its numbers, and the section that shows it."""


def say(
    kind: str,
    sentence: str,
    numbers: Mapping[str, float] | None = None,
    *,
    of: str = "",
    drivers: Iterable[str] = (),
) -> Finding:
    """Return a finding of a kind, of one deal or issue or of all; its sentence may lack the full stop."""
    table, section = KINDS[kind]
    return Finding(
        id=f"{kind}.{of}" if of else kind,
        sentence=sentence if sentence.endswith(".") else f"{sentence}.",
        numbers=dict(numbers or {}),
        drivers=tuple(drivers),
        table=table,
        section=section,
    )


def findings(result: WinsetResult) -> Iterator[Finding]:
    """Yield how likely each deal is, on what terms, who stands in the way, and what would change that."""
    for deal in result.deals:
        yield chance(result, deal)
    for deal in result.packages or (result.headline,):
        if deal in result.blockers and result.blockers[deal].conflicts:
            yield blocked(result, deal)
        if result.levers.get(deal) and result.chance(deal).probability < 1:
            yield lever(result, deal)
        yield from ways(result, deal)


def named(result: WinsetResult, deal: str) -> str:
    """Return the name of a deal in running text: packages in quotation marks, issues by their own."""
    name = result.deals[deal].name
    return name if result.deals[deal].single else f"“{name}”"


def paths(insisted: Iterable[Insisted | None]) -> tuple[str, ...]:
    """Return where in the case red lines stand."""
    return tuple(one.path for one in insisted if one is not None and one.path is not None)


# --- how likely ----------------------------------------------------------------------------------


def chance(result: WinsetResult, deal: str) -> Finding:
    """Say how likely a deal is and, where it is possible, on what terms."""
    found, of = result.chance(deal), result.deals[deal]
    numbers = {"probability": found.probability}
    sentence = f"{of.name}: {exists(found)}"
    if 0 < found.probability < 1:
        numbers |= {"low95": found.low95, "high95": found.high95}
    if found.unknown:
        numbers["unknown"] = found.unknown
    terms = result.solutions.get(deal, {}).get(result.leading, {})
    if terms:
        issues = result.case.issues
        where = [f"{issues[i].name} {_at(d.mean, issues[i])}" for i, d in terms.items()]
        sentence += f"; where it does, its terms are about {listed(where, 4)}"
    return say(
        "deal",
        sentence,
        numbers,
        drivers=paths(one.line for one in result.levers.get(deal, ())[:TOLD] if one.change > 0),
        of=deal,
    )


def _at(value: float, of: Issue) -> str:
    return spot(value, of) if numbered(of) else position(value, of)


def chances(result: WinsetResult) -> Finding:
    """Say how likely the leading deal is, and which scenario changes that most."""
    deal = result.headline
    base = result.chance(deal)
    numbers = {"probability": base.probability, "low95": base.low95, "high95": base.high95}
    sentence = f"{result.deals[deal].name}: {exists(base)}"
    if others := _elsewhere(result, deal):
        most = max(others, key=lambda one: abs(others[one] - base.probability))
        numbers["scenario"] = others[most]
        sentence += f"; {percent(others[most])} in “{result.version_name(most)}”"
    return say("chances", sentence, numbers)


def _elsewhere(result: WinsetResult, deal: str) -> dict[str, float]:
    """Return scenario → how likely a deal is there."""
    return {
        scenario: deals[deal].probability
        for scenario, deals in result.deal_probability.items()
        if scenario != result.version and deal in deals
    }


def bands(result: WinsetResult, issue: str) -> Finding:
    """Say what everybody needed accepts on an issue or, where there is nothing, who stand furthest apart."""
    of, found = result.case.issues[issue], result.chance(issue)
    extent = result.deals[issue].extents[issue]
    numbers = {"probability": found.probability}
    if extent.low is not None and extent.high is not None:
        numbers |= {"low": extent.low, "high": extent.high}
        one = position(extent.low, of) == position(extent.high, of)
        at = position(extent.low, of) if one else span(extent.low, extent.high, of)
        told = f"everybody needed accepts {at}"
    else:
        told = _apart(result, issue, numbers)
    return say(
        "bands",
        f"{of.name}: {told}; on it alone {exists(found)}",
        numbers,
        drivers=() if of.no_deal is None else (f"issues.{issue}.no_deal",),
        of=issue,
    )


def _apart(result: WinsetResult, issue: str, numbers: dict[str, float]) -> str:
    """Name the two whose bands are furthest apart, or who accepts nothing at all."""
    of = result.case.issues[issue]
    needed = {actor: band for actor, band in result.bands[issue].items() if band.required}
    for actor, band in needed.items():
        if band.low is None:
            return f"nothing is better than no deal for {result.names[actor]}"
    lows = {actor: band.low for actor, band in needed.items() if band.low is not None}
    highs = {actor: band.high for actor, band in needed.items() if band.high is not None}
    if not lows or not highs:
        return "no value is accepted by all who are needed"
    top, bottom = max(lows, key=lambda a: lows[a]), min(highs, key=lambda a: highs[a])
    if lows[top] <= highs[bottom]:
        return "no value is better than no deal for all who are needed"
    numbers |= {"from": lows[top], "up_to": highs[bottom]}
    return (
        f"no less than {position(lows[top], of)} for {result.names[top]}, no more than "
        f"{position(highs[bottom], of)} for {result.names[bottom]}"
    )


def overlap(result: WinsetResult, plane: Plane) -> Finding:
    """Say whether the win-sets on two issues overlap and where the leading solution lies."""
    x, y = (result.case.issues[issue] for issue in plane.issues)
    numbers = {}
    if plane.zone.outlines and result.leading in plane.solutions:
        at = plane.solutions[result.leading]
        numbers = {"across": at[0], "upwards": at[1]}
        told = (
            f"the win-sets overlap; the {SOLUTIONS[result.leading]} terms are {position(at[0], x)} and "
            f"{position(at[1], y)}"
        )
    elif plane.zone.outlines:
        told = "the win-sets only touch; nothing there is better than no deal for all who must consent"
    else:
        empty = [side.name for side in plane.sides if not side.outlines]
        nothing = f"; nothing on these two alone satisfies {listed(empty, 3)}"
        told = f"the win-sets do not overlap{nothing if empty else ', with all inputs at their means'}"
    sentence = f"{x.name} and {y.name}: {told}."
    return say("winsets", sentence, numbers)


# --- who stands in the way -----------------------------------------------------------------------


def blocked(result: WinsetResult, deal: str) -> Finding:
    """Say which demands conflict most often."""
    found, name = result.blockers[deal], result.deals[deal].name
    told, first = "no conflict of demands could be isolated", next(iter(found.conflicts), None)
    if first is not None:
        words = conflict_words(result.names, first.demands)
        told = f"{words}, in {percent(first.share)} of the draws without a deal"
    return say(
        "blocked",
        f"{name}: {told}",
        {} if first is None else {"share": first.share},
        drivers=() if first is None else paths(first.demands),
        of=deal,
    )


def lever(result: WinsetResult, deal: str) -> Finding:
    """Say which single change raises the probability of a deal most, or which of several alike."""
    found = best(result.levers[deal])
    top = max(found, key=lambda one: one.change, default=None)
    told = lever_sentence(result.names, result.levers[deal], result.case)
    return say(
        "lever",
        f"{result.deals[deal].name}: {told}",
        {} if top is None else {"probability": top.probability, "change": top.change},
        drivers=paths(one.line for one in found),
        of=deal,
    )


def softening(result: WinsetResult, deal: str, line: Insisted) -> Finding:
    """Say what softening the strongest red line step by step does to a deal that has such a curve."""
    of = result.deals[deal]
    curve = [point.probability for point in of.softening or ()]
    first, most = curve[0], max(curve)
    return say(
        "softening",
        f"{of.name}: softening {demand_words(result.names, line)} takes the probability of "
        f"a deal from {percent(first)} up to {percent(most)}",
        {"first": first, "most": most},
        drivers=paths([line]),
        of=deal,
    )


def moves(side: Side) -> bool:
    """Whether tying a side's hands changes the probability of a deal, or its own gain in one, as they are told."""
    told = {percent(point.probability) for point in side.curve}
    gains = {percent(point.gains.get(side.name, 0.0)) for point in side.curve if point.gains}
    return len(told) > 1 or len(gains) > 1


def tied_hands(result: WinsetResult, deal: str, side: Side) -> Finding:
    """Say what tying the hands of one side does to the deal, and to its own gain where one remains."""
    first, last = side.curve[0].probability, side.curve[-1].probability
    numbers, few = {"first": first, "last": last}, side.curve[0].draws
    within = f"in the first {few:,} draws, " if few < result.record.draws else ""
    told = (
        f"{result.deals[deal].name}: {within}tying {possessive(side.name)} hands takes the probability of a deal "
        f"from {percent(first)} to {percent(last)}"
    )
    gains = [point.gains.get(side.name, 0.0) for point in side.curve if point.gains]
    if len(gains) > 1 and max(gains) - gains[0] > 0.005:
        numbers["gain"] = max(gains)
        told += f", but where one remains its own gain rises to {percent(max(gains))}"
    return say("tied", told, numbers, of=deal)


# --- what it would take --------------------------------------------------------------------------


def ways(result: WinsetResult, deal: str) -> Iterator[Finding]:
    """Say what opens the way to a deal, all inputs at their means: a payment, linking issues."""
    yield from _payment(result, deal)
    yield from _linking(result, deal)


def _payment(result: WinsetResult, deal: str) -> Iterator[Finding]:
    found = result.deals[deal].payment
    if found is None or found.status not in ("found", "impossible"):
        return
    pays = [actor for actor, amount in found.transfers.items() if amount < 0]
    gets = [actor for actor, amount in found.transfers.items() if amount > 0]
    if found.total is None:
        told = "no side payment within what each can give and take makes a deal"
    else:
        ends = [listed([result.names[actor] for actor in actors], 5) for actors in (pays, gets)]
        told = (
            f"the cheapest side payment that makes a deal is {found.total:.3g} {found.unit}, from "
            f"{ends[0]} to {ends[1]}"
        )
    yield say(
        "payment",
        f"{result.deals[deal].name}: {told}, all inputs at their means",
        {} if found.total is None else {"total": found.total},
        drivers=(
            *(f"payments.actors.{actor}.gives" for actor in pays),
            *(f"payments.actors.{actor}.takes" for actor in gets),
        ),
        of=deal,
    )


def _linking(result: WinsetResult, deal: str) -> Iterator[Finding]:
    of = result.deals[deal]
    linking = of.linking
    if linking is None or of.centre.status != "deal":
        return
    if linking.opens:
        yield say(
            "linking",
            f"{of.name}: the package has a deal though no issue alone has one, all inputs at their means",
            of=deal,
        )
    gaining = [swap for swap in linking.swaps if swap.gives and swap.gets]
    if gaining:
        swap = max(gaining, key=lambda one: round(one.gain, 9))  # of equals the first
        issues = result.case.issues
        gives, gets = (listed([issues[i].name for i in some], 3) for some in (swap.gives, swap.gets))
        yield say(
            "swap",
            f"{of.name}: by linking, {result.names[swap.actor]} gives on {gives} and gets on {gets}",
            {"gain": swap.gain},
            drivers=tuple(_wanted(result, issue, swap.actor) for issue in (*swap.gives, *swap.gets)),
            of=deal,
        )


def _wanted(result: WinsetResult, issue: str, actor: str) -> str:
    """Return where the case says what an actor wants: its position, or the settlement that it values most."""
    values = result.case.stances[issue][actor].values
    path = f"stances.{issue}.{actor}"
    most = max(values, key=lambda one: values[one].mean, default="")
    return f"{path}.values.{most}" if most else f"{path}.position"
