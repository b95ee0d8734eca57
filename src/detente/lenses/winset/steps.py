"""What does the lens say first, and on the ladder: what would change which deal there is, how sure is that?

Whether there is a deal, on what terms and who stops it, stands in its deals (`chapter_ground.rows`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.case.guidance import one_size
from detente.lenses.winset.agreements import CLEAR, Overlap
from detente.lenses.winset.answers import Chance, Insisted
from detente.lenses.winset.findings import lever, named, paths, say
from detente.lenses.winset.phrases import best, conflict_words, demand_words, exists, lever_sentence, likely
from detente.lenses.winset.result import WinsetResult
from detente.show.finding import Finding
from detente.show.ladder import Rung
from detente.show.words import capital, count_word, counted, listed, percent, position, span

ALIKE = 0.002  # of the scale: gains that are told as the same
MOST_NAMED = 6
MOST_TOLD = 2  # actors whose acceptance decides by itself and who are told
LEAST = 0.01  # change of a share of draws that is worth telling of a scenario
TELLING = 0.05  # change of a share of draws that is worth telling of costs of failure


def rungs(result: WinsetResult) -> Iterator[Rung]:
    """Yield what the lens says on the ladder, step by step."""
    yield from (Rung(step="change", finding=found) for found in changes(result))
    yield Rung(step="sure", finding=sure(result))
    yield from (Rung(step="sure", finding=found) for found in (*doubtful(result), *assumed(result)))


def changes(result: WinsetResult) -> Iterator[Finding]:
    """Yield which single change would help the deals that are seldom there, and what scenarios do to all."""
    deals = result.packages or (result.headline,)
    lacking = [deal for deal in deals if result.chance(deal).probability <= CLEAR]
    helped = [deal for deal in lacking if best(result.levers.get(deal, ()))]
    for deal in sorted(helped, key=lambda one: -result.chance(one).probability)[:1]:
        found, name = lever(result, deal), result.deals[deal].name
        told = f"{capital(named(result, deal))}{found.sentence.removeprefix(name)}"
        yield found.model_copy(update={"sentence": told})
    if lacking and not helped:
        yield _helpless(result, lacking)
    moved = [found for deal in deals if not lacking for found in _moved(result, deal)]
    by, *_ = _largest(result, lacking or deals) or (0.0,)
    if not moved or (by >= TELLING and not result.record.exact):
        yield from shift(result, lacking or deals)
    yield from moved


def _moved(result: WinsetResult, deal: str) -> Iterator[Finding]:
    """Yield where scenarios put the issue that they move most, and in which of them each party gains most."""
    agreed, names = result.agreements[deal], result.names
    there = {
        version: of[deal]
        for version, of in result.obstacles.items()
        if deal in of and (result.record.exact or result.chance(deal, version).probability > CLEAR)
    }
    spread = {
        issue: max(abs(of.terms[issue] - one.value) for of in there.values() if of.terms)
        / (result.case.issues[issue].high - result.case.issues[issue].low)
        for issue, one in agreed.terms.items()
        if any(of.terms for of in there.values())
    }
    if not spread or max(spread.values()) < agreed.threshold:
        return
    issue = max(spread, key=lambda one: spread[one])
    of = result.case.issues[issue]
    told = [
        f"{position(found.terms[issue], of)} in “{result.version_name(version)}”"
        for version, found in there.items()
        if found.terms
    ]
    lost = [f"“{result.version_name(version)}”" for version, found in there.items() if not found.terms]
    none = f"; in {listed(lost)} there is no deal" if lost else ""
    here = position(agreed.terms[issue].value, of)
    within = "" if len(_told(result)) == 1 else f" in {named(result, deal)}"
    yield say(
        "moved",
        f"{of.name}{within}: {here} as the case stands, {listed(told)}{none}",
        {"value": agreed.terms[issue].value},
        of=deal,
    )
    best_in: list[str] = []
    for actor in result.deals[deal].parties:
        gains = {"as the case stands": agreed.gains.get(actor, 0.0)}
        gains |= {f"in “{result.version_name(v)}”": one.gains.get(actor, 0.0) for v, one in there.items()}
        ordered = sorted(gains.values(), reverse=True)
        if ordered[0] - ordered[1] > ALIKE:
            verb = "" if best_in else " gains most"
            best_in.append(f"{names[actor]}{verb} {max(gains, key=lambda one: gains[one])}")
    if best_in:
        yield say("gains", f"{listed(best_in)}", of=deal)


def _helpless(result: WinsetResult, deals: Sequence[str]) -> Finding:
    told = listed([named(result, one) for one in deals], 3)
    return say("helpless", f"No single red line or consent, given up alone, would make {told} likelier")


def _largest(result: WinsetResult, deals: Sequence[str]) -> tuple[float, str, str] | None:
    """Return by how much which scenario changes the share of draws with which deal most."""
    moved = [
        (abs(of[deal].probability - result.chance(deal).probability), deal, version)
        for version, of in result.deal_probability.items()
        if version != result.version
        for deal in deals
        if deal in of
    ]
    return max(moved, key=lambda one: one[0], default=None)


def shift(result: WinsetResult, deals: Sequence[str]) -> Iterator[Finding]:
    """Yield which scenario changes the share of draws with one of some deals most."""
    most = _largest(result, deals)
    if most is None:
        return
    by, deal, version = most
    found = result.chance(deal, version)
    if by < LEAST:
        told = f"No scenario changes that for {listed([named(result, one) for one in deals], 3)}"
    elif found.draws == 1:
        there = "there is a deal" if found.probability else "there is no deal"
        told = f"In “{result.version_name(version)}” {there} on {named(result, deal)}"
    else:
        often = f"in {percent(found.probability)} of draws"
        told = f"In “{result.version_name(version)}”, {named(result, deal)} is agreed {often}"
    yield say("shift", told, {} if by < LEAST else {"probability": found.probability}, of=deal)


def sure(result: WinsetResult) -> Finding:
    """Say what the percentages are, and how far the terms are open that are agreed most often."""
    deals = result.packages or (result.headline,)
    agreed = [one for one in deals if result.chance(one).probability > CLEAR]
    widest = [
        ((moved.high80 - moved.low80) / (of.high - of.low), deal, issue)
        for deal in agreed
        for issue, moved in result.agreements[deal].terms.items()
        for of in [result.case.issues[issue]]
    ]
    numbers: dict[str, float] = {}
    if result.record.exact:
        text = (
            "No input carries doubt, so there is no interval; that says nothing of how right the inputs are"
        )
    else:
        text = f"Percentages are shares of {result.record.draws:,} draws, not chances"
        if widest:
            _, deal, issue = max(widest)
            of, moved = result.case.issues[issue], result.agreements[deal].terms[issue]
            numbers = {"low80": moved.low80, "high80": moved.high80}
            text += (
                f". The terms on {of.name} lie at {span(moved.low80, moved.high80, of)} in 80 % of the draws with "
                "a deal"
            )
    return say("sure", text, numbers)


# --- on what it rests ----------------------------------------------------------------------------


def _told(result: WinsetResult) -> tuple[str, ...]:
    """Return the deals that the ladder speaks of."""
    return result.packages or (result.headline,)


def doubtful(result: WinsetResult) -> Iterator[Finding]:
    """Yield whose acceptance decides by itself, and who signs terms that are no better for it than today."""
    told = []
    asked = {
        actor
        for deal in _told(result)
        for actor in result.agreements[deal].signs | result.agreements[deal].stops
    }
    sizes = [one for one in one_size(result.case) if one.actor in asked]
    if sizes:
        told.append("; ".join(one.sentence for one in sizes[:MOST_TOLD]))
        more = len(sizes) - MOST_TOLD
        told[-1] += f"; and so on for {more} more" if more > 0 else ""
        told.append("Look at what failing costs them, and at their red lines")
    for deal in _told(result):
        found = result.agreements[deal]
        if found.no_better and result.chance(deal).probability > CLEAR:
            who = listed([result.names[actor] for actor in found.no_better], 3)
            told.append(
                f"For {who} the terms of {named(result, deal)} are no better than today's; they are signed "
                "because no deal would be worse"
            )
    if told:
        yield say("doubtful", " ".join(f"{capital(one)}." for one in told))


def assumed(result: WinsetResult) -> Iterator[Finding]:
    """Yield what is but the overlap of two assumed red lines, and what rests on assumed costs of failure."""
    deals = [deal for deal in _told(result) if deal in result.rests]
    for deal in deals:
        found = [one for one in result.rests[deal].overlaps if one.decides]
        if found and result.chance(deal).probability:
            yield _overlapping(result, deal, min(found, key=lambda one: one.probability))
            break
    resting = [
        (one.high - one.low, deal, one)
        for deal in deals
        for one in result.rests[deal].failure_costs
        if one.kind == "failure_costs" and one.high - one.low >= TELLING
    ]
    if resting:
        _, deal, one = max(resting, key=lambda found: found[0])
        low = "never" if one.low == 0 else f"in {percent(one.low)} of draws"
        yield say(
            "rests",
            f"Without what failing to agree is assumed to cost, {named(result, deal)} would be agreed {low}",
            {"low": one.low},
            of=deal,
        )


def _overlapping(result: WinsetResult, deal: str, found: Overlap) -> Finding:
    share = result.chance(deal).probability
    return say(
        "overlap",
        f"{capital(named(result, deal))} is agreed in {percent(share)} of draws, about as often as two assumed "
        f"red lines leave room for each other ({percent(found.probability)}): {_lines(result, found)}",
        {"overlap": found.probability},
        drivers=tuple(
            path
            for actor, end in ((found.floor, "lower"), (found.ceiling, "upper"))
            if (path := f"stances.{found.issue}.{actor}.accepts.{end}") in result.case.quantities
        ),
        of=deal,
    )


def _lines(result: WinsetResult, found: Overlap) -> str:
    floor = Insisted(actor=found.floor, kind="floor", issue=found.issue)
    ceiling = Insisted(actor=found.ceiling, kind="ceiling", issue=found.issue)
    on = f" on {result.names[found.issue]}"
    return f"{demand_words(result.names, floor).removesuffix(on)} and {demand_words(result.names, ceiling)}"


# --- in a few sentences --------------------------------------------------------------------------


def answer(result: WinsetResult) -> Finding:
    """Say on what there is common ground, what most stands in the way of the leading deal, and what would help."""
    deal = result.headline
    told = [_packages(result) if len(result.packages) > 1 else _one(result, deal)]
    singles = [one for one in result.deals if result.deals[one].single and one != deal]
    if singles:
        told.append(_alone(result, singles))
    found = result.blockers.get(deal)
    drivers: tuple[str, ...] = ()
    if found is not None and found.conflicts and result.chance(deal).probability <= CLEAR:
        first = found.conflicts[0].demands
        of = f"In the way of {named(result, deal)}: " if len(result.deals) > 1 else ""
        told.append(capital(f"{of}{conflict_words(result.names, first)}."))
        drivers = paths(first)
        if levers := best(result.levers.get(deal, ())):
            told.append(f"{capital(lever_sentence(result.names, levers, result.case))}.")
    told += [one.sentence for one in shift(result, [deal])]
    chances = {"probability": result.chance(deal), **{one: result.chance(one) for one in result.deals}}
    return say(
        "deal",
        " ".join(told),
        {name: one.probability for name, one in list(chances.items())[:MOST_NAMED]},
        drivers=drivers,
    )


def _one(result: WinsetResult, deal: str) -> str:
    """Say of one deal how likely it is."""
    found, name = result.chance(deal), result.deals[deal].name
    there = exists(found).replace("a deal exists", "a deal that all who must consent would accept exists", 1)
    if found.draws == 1:
        there = there.replace("deal", "deal that all who must consent would accept", 1)
    return f"{name}: {there}."


def _packages(result: WinsetResult) -> str:
    """Say of every package how likely it is, the likeliest first."""
    ordered = sorted(result.packages, key=lambda one: -result.chance(one).probability)
    some = [one for one in ordered if result.chance(one).probability]
    unknown = [one for one in ordered if result.chance(one).unknown == 1]
    none = [one for one in ordered if one not in some and one not in unknown]
    parts = []
    if some:
        told = [f"{named(result, one)}{_share(result.chance(one))}" for one in some]
        parts.append(f"All who must consent would accept a deal on {listed(told, MOST_NAMED)}")
    if none:
        start = "none on" if some else "No deal that all who must consent would accept exists on"
        told = [named(result, one) for one in none]
        joined = " or ".join(told) if len(told) < 3 else f"{', '.join(told[:-1])} or {told[-1]}"
        parts.append(f"{start} {joined}")
    if unknown:
        told = [named(result, one) for one in unknown]
        parts.append(f"it could not be decided on {listed(told, MOST_NAMED)}")
    return f"{capital('; '.join(parts))}."


def _share(found: Chance) -> str:
    return "" if found.draws == 1 else f" in {likely(found)}"


def _alone(result: WinsetResult, singles: Sequence[str]) -> str:
    """Say on which issues alone there is common ground."""
    count = len(singles)
    common = [one for one in singles if result.chance(one).probability > CLEAR]
    lacking = [one for one in singles if one not in common]
    seldom = any(result.chance(one).probability for one in lacking)
    often = "" if result.record.exact else " in most draws" if common or seldom else " in any draw"
    told = listed([f"{result.deals[one].name}{_percent(result, one)}" for one in lacking], MOST_NAMED)
    if not lacking:
        every = {1: "one issue has", 2: "both issues have"}.get(count, f"all {counted(count, 'issue')} have")
        return f"Taken alone, {every} a deal{often}."
    if not common:
        none = {1: "the one issue has no", 2: "neither issue has a"}.get(count, "no issue has a")
        return f"Taken alone, {none} deal{often}{f': {told}' if seldom else ''}."
    have = "has" if len(common) == 1 else "have"
    no = "does not" if len(lacking) == 1 else "do not"
    some = f"{count_word(len(common))} of {counted(count, 'issue')}"
    return f"Taken alone, {some} {have} a deal{often}; {told} {no}."


def _percent(result: WinsetResult, deal: str) -> str:
    return "" if result.record.exact else f" ({percent(result.chance(deal).probability)})"
