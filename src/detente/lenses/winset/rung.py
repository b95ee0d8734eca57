"""Is there common ground, who stands in the way, and what would change that? The answer in a few sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.lenses.winset.answers import Chance
from detente.lenses.winset.findings import (
    BLOCKERS,
    ELSEWHERE,
    GROUND,
    SIGNING,
    lever,
    paths,
    scenarios,
)
from detente.lenses.winset.phrases import best, conflict_words, exists, lever_sentence, likely
from detente.lenses.winset.result import WinsetResult
from detente.lenses.winset.rows import CLEAR
from detente.show.finding import Finding
from detente.show.ladder import Rung
from detente.show.words import capital, count_word, counted, listed, percent, position, span

MOST_NAMED = 6
ALIKE = 0.002  # of the scale: gains that are told as the same
LEAST = 0.01  # change of a share of draws that is worth telling


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
    if shift := _elsewhere(result, deal):
        told.append(shift)
    chances = {"probability": result.chance(deal), **{one: result.chance(one) for one in result.deals}}
    return Finding(
        id="deal",
        sentence=" ".join(told),
        numbers={name: one.probability for name, one in list(chances.items())[:MOST_NAMED]},
        drivers=drivers,
        table="deal_probability",
        section=GROUND,
    )


def rungs(result: WinsetResult) -> Iterator[Rung]:
    """Yield what the lens says on the ladder: what would change which deal there is, and how sure that is.

    Whether there is a deal stands in its deals.
    """
    yield from (Rung(step="change", finding=found) for found in changes(result))
    yield Rung(step="sure", finding=sure(result))


def changes(result: WinsetResult) -> Iterator[Finding]:
    """Yield which single change would help the deals that are seldom there, and what scenarios do to all."""
    deals = result.packages or (result.headline,)
    lacking = [deal for deal in deals if result.chance(deal).probability <= CLEAR]
    helped = [deal for deal in lacking if best(result.levers.get(deal, ()))]
    for deal in sorted(helped, key=lambda one: -result.chance(one).probability)[:1]:
        yield lever(result, deal)
    if lacking and not helped:
        yield _helpless(result, lacking)
    moved = [found for deal in deals if not lacking for found in _moved(result, deal)]
    yield from moved or _shift(result, lacking or deals)


def _moved(result: WinsetResult, deal: str) -> Iterator[Finding]:
    """Yield where scenarios put the issue that they move most, and in which of them each party gains most."""
    agreed, names = result.agreements[deal], result.names
    there = {version: of[deal] for version, of in result.obstacles.items() if deal in of}
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
    yield Finding(
        id=f"moved.{deal}",
        sentence=f"{of.name}: {here} as the case stands, {listed(told)}{none}.",
        numbers={"value": agreed.terms[issue].value},
        table="moved",
        section=ELSEWHERE,
    )
    best_in = []
    for actor in result.deals[deal].parties:
        gains = {"as the case stands": agreed.gains.get(actor, 0.0)}
        gains |= {f"in “{result.version_name(v)}”": one.gains.get(actor, 0.0) for v, one in there.items()}
        ordered = sorted(gains.values(), reverse=True)
        if ordered[0] - ordered[1] > ALIKE:
            best_in.append(f"{names[actor]} gains most {max(gains, key=lambda one: gains[one])}")
    if best_in:
        yield Finding(
            id=f"gains.{deal}",
            sentence=f"{listed(best_in)}.",
            numbers={},
            table="signing",
            section=ELSEWHERE,
        )


def _helpless(result: WinsetResult, deals: Sequence[str]) -> Finding:
    told = listed([named(result, one) for one in deals], 3)
    return Finding(
        id="helpless",
        sentence=f"No single red line or consent, given up alone, would make {told} likelier.",
        numbers={},
        table="levers",
        section=BLOCKERS,
    )


def _shift(result: WinsetResult, deals: Sequence[str]) -> Iterator[Finding]:
    """Yield which scenario changes the share of draws with one of some deals most."""
    moved = [
        (abs(of[deal].probability - result.chance(deal).probability), deal, version)
        for version, of in result.deal_probability.items()
        if version != result.version
        for deal in deals
        if deal in of
    ]
    if not moved:
        return
    by, deal, version = max(moved, key=lambda one: one[0])
    found = result.chance(deal, version)
    if by < LEAST:
        told = f"No scenario changes that for {listed([named(result, one) for one in deals], 3)}"
    elif found.draws == 1:
        there = "there is a deal" if found.probability else "there is no deal"
        told = f"In “{result.version_name(version)}” {there} on {named(result, deal)}"
    else:
        often = f"in {percent(found.probability)} of draws"
        told = f"In “{result.version_name(version)}”, {named(result, deal)} is agreed {often}"
    yield Finding(
        id=f"shift.{deal}",
        sentence=f"{told}.",
        numbers={} if by < LEAST else {"probability": found.probability},
        table="deal_probability",
        section=ELSEWHERE,
    )


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
                f". In 80 % of those with a deal, {of.name} is put between "
                f"{span(moved.low80, moved.high80, of).replace(' to ', ' and ')}"
            )
    return Finding(id="sure", sentence=f"{text}.", numbers=numbers, table="moved", section=SIGNING)


def named(result: WinsetResult, deal: str) -> str:
    """Return the name of a deal in running text: packages in quotation marks, issues by their own."""
    name = result.deals[deal].name
    return name if result.deals[deal].single else f"“{name}”"


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


def _elsewhere(result: WinsetResult, deal: str) -> str:
    """Say which scenario changes the probability of a deal most; empty where there are none."""
    return next((one.sentence for one in _shift(result, [deal])), "")


# --- beside it -----------------------------------------------------------------------------------


def headlines(result: WinsetResult) -> Iterator[Finding]:
    """Yield what else a reader should know first: other deals, scenarios, and the strongest lever."""
    yield from ground(result)
    yield from scenarios(result, result.headline)
    if result.levers.get(result.headline) and result.chance(result.headline).probability < 1:
        yield lever(result, result.headline)


def ground(result: WinsetResult) -> Iterator[Finding]:
    """Say how likely every other deal is, likeliest first."""
    others = [deal for deal in result.deals if deal != result.headline]
    if not others:
        return
    chances = {deal: result.chance(deal).probability for deal in others}
    ordered = sorted(others, key=lambda deal: -chances[deal])
    told = [f"{percent(chances[deal])} on {named(result, deal)}" for deal in ordered]
    yield Finding(
        id="ground",
        sentence=f"Common ground, in the share of draws with a deal: {listed(told, 12)}.",
        numbers={deal: chances[deal] for deal in ordered[:11]},
        table="deal_probability",
        section=GROUND,
    )
