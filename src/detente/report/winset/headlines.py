"""Is there common ground, who stands in the way, and what would change that? In a few sentences."""

from __future__ import annotations

from collections.abc import Iterator

from detente.case import Case
from detente.lenses.lens import Finding
from detente.lenses.winset import WinsetResult
from detente.lenses.winset.phrases import conflict_words, lever_sentence, likely, strongest
from detente.report import words

LIKELY, UNLIKELY = 0.9, 0.1


def answer(result: WinsetResult) -> Finding:
    """Say how likely the leading deal is and what most stands in its way."""
    deal = result.headline
    chance, name = result.chance(deal), result.deals[deal].name
    numbers = {"probability": chance.probability, "low95": chance.low95, "high95": chance.high95}
    if result.record.exact:
        there = "there is" if chance.probability else "there is no"
        sentence = f"{name}: {there} deal that all who must consent would accept"
    else:
        sentence = f"{name}: a deal that all who must consent would accept exists in {likely(chance)}"
    if chance.unknown:
        numbers["unknown"] = chance.unknown
        sentence += f", undecided in {words.percent(chance.unknown)}"
    drivers: tuple[str, ...] = ()
    if (found := result.blockers.get(deal)) is not None and found.conflicts:
        first = found.conflicts[0].demands
        sentence += f"; {conflict_words(result.names, first)}"
        drivers = tuple(f"stances.{d.issue}.{d.actor}.accepts" for d in first if d.issue is not None)
    return Finding(
        id="deal", sentence=f"{sentence}.", numbers=numbers, drivers=drivers, table="deal_probability"
    )


def headlines(case: Case, result: WinsetResult) -> tuple[Finding, ...]:
    """Return where there is common ground, what scenarios change, and the strongest lever."""
    return tuple(_headlines(case, result))


def _headlines(case: Case, result: WinsetResult) -> Iterator[Finding]:
    yield from ground(result)
    yield from scenarios(result)
    yield from lever(case, result)


def ground(result: WinsetResult) -> Iterator[Finding]:
    """Say on which deals there is common ground, likeliest first."""
    others = [deal for deal in result.deals if deal != result.headline]
    if not others:
        return
    chances = {deal: result.chance(deal).probability for deal in others}
    ordered = sorted(others, key=lambda deal: -chances[deal])
    told = [f"{words.percent(chances[deal])} on {result.deals[deal].name}" for deal in ordered]
    yield Finding(
        id="ground",
        sentence=f"Common ground, in the share of draws with a deal: {words.listed(told, 12)}.",
        numbers={deal: chances[deal] for deal in ordered[:11]},
        table="deal_probability",
    )


def scenarios(result: WinsetResult) -> Iterator[Finding]:
    """Say what every scenario does to the leading deal."""
    deal = result.headline
    others = {s: d[deal] for s, d in result.deal_probability.items() if s != result.version and deal in d}
    if not others:
        return
    base = result.chance(deal).probability
    told = [f"{words.percent(c.probability)} in “{result.scenarios[s]}”" for s, c in others.items()]
    yield Finding(
        id="deal_scenarios",
        sentence=f"{result.deals[deal].name}: a deal in {words.percent(base)} of draws as it stands, "
        f"{words.listed(told, 8)}.",
        numbers={"as_it_stands": base, **{s: c.probability for s, c in others.items()}},
        table="deal_probability",
    )


def lever(case: Case, result: WinsetResult) -> Iterator[Finding]:
    """Say which single change would make the leading deal most likely."""
    deal = result.headline
    if not result.levers.get(deal):
        return
    found = strongest(result.levers[deal])
    yield Finding(
        id="lever",
        sentence=f"{result.deals[deal].name}: {lever_sentence(result.names, result.levers[deal], case)}.",
        numbers={} if found is None else {"probability": found.probability, "change": found.change},
        table="levers",
    )
