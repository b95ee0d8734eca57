"""Is there common ground, who stands in the way, and what would change that? The answer in a few sentences."""

from __future__ import annotations

from collections.abc import Sequence

from detente.lenses.winset.agreements import CLEAR
from detente.lenses.winset.answers import Chance
from detente.lenses.winset.findings import named, paths, say
from detente.lenses.winset.phrases import best, conflict_words, exists, lever_sentence, likely
from detente.lenses.winset.result import WinsetResult
from detente.lenses.winset.steps import shift
from detente.show.finding import Finding
from detente.show.words import capital, count_word, counted, listed, percent

MOST_NAMED = 6


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
