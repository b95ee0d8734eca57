"""How are demands, conflicts and levers put into words? One way, in findings, on the page and in the terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from detente.case import Case
from detente.lenses.winset.answers import Chance, Demand, Insisted, Lever
from detente.show.words import listed, percent, position, possessive

Names = Mapping[str, str]
MOST_NAMED = 4
ALIKE = 1e-9
SOLUTIONS = {
    "nash": "Nash",
    "kalai_smorodinsky": "Kalai–Smorodinsky",
    "egalitarian": "egalitarian",
    "utilitarian": "utilitarian",
}


def demand_words(names: Names, demand: Insisted) -> str:
    """Return a demand in words: “Kyiv’s maximum on territory”.

    Args:
        names: id → name of actors and issues.
        demand: the demand.
    """
    where = "" if demand.issue is None else f" on {names[demand.issue]}"
    return f"{possessive(names[demand.actor])} {_asked(demand)}{where}"


def _asked(demand: Insisted) -> str:
    if demand.issue is None:
        return "wish to be better off than without a deal"
    return "minimum" if demand.kind == "floor" else "maximum"


def conflict_words(names: Names, demands: Sequence[Demand]) -> str:
    """Return what a conflict says: that its demands cannot all be met.

    What several demands share is said once: “Moscow’s minimum and Kyiv’s maximum on territory cannot both hold”.
    """
    groups: dict[str | None, list[Demand]] = {}
    for one in sorted(demands, key=lambda one: (one.issue is None, one.kind != "floor", names[one.actor])):
        groups.setdefault(one.issue, []).append(one)
    told = []
    for issue, group in groups.items():
        if issue is None:
            owners = [possessive(names[one.actor]) for one in group]
            told.append(f"{listed(owners, 6)} {_asked(group[0])}")
        else:
            own = [f"{possessive(names[one.actor])} {_asked(one)}" for one in group]
            told.append(f"{listed(own, 6)} on {names[issue]}")
    together = listed(told, 5) if len(told) == 1 or len(told) == len(demands) else "; and ".join(told)
    if len(demands) == 1:
        return f"{together} cannot be met at all"
    return f"{together} cannot {'both' if len(demands) == 2 else 'all'} hold"


def lever_words(names: Names, lever: Lever, case: Case) -> str:
    """Return a lever in words: “Kyiv’s maximum on territory lifted”, “doing without Congress”."""
    if lever.line is None or lever.issue is None:
        return f"doing without {names[lever.actor]}"
    by = position(lever.by or 0.0, case.issues[lever.issue])
    return f"{demand_words(names, lever.line)} {'lifted' if lever.kind == 'lift' else f'softened by {by}'}"


def likely(chance: Chance) -> str:
    """Return ``12 % of draws (11 to 13 %)``, or ``all 400 draws (99 to 100 %)``, ``none of 400 draws``."""
    low, high = f"{100 * chance.low95:.0f}", f"{100 * chance.high95:.0f}"
    around = "" if low == high else f" ({low} to {high} %)"
    if chance.probability in (0.0, 1.0) and not chance.unknown:
        return f"{'all' if chance.probability else 'none of'} {chance.draws:,} draws{around}"
    return f"{percent(chance.probability)} of draws{around}"


def exists(chance: Chance) -> str:
    """Return whether there is a deal, or how often: a clause without its full stop."""
    if chance.unknown == 1:
        return "whether there is a deal could not be decided"
    if chance.draws == 1:
        return "there is a deal" if chance.probability else "there is no deal"
    told = f"a deal exists in {likely(chance)}"
    return f"{told}, undecided in {percent(chance.unknown)}" if chance.unknown else told


def best(levers: Sequence[Lever]) -> tuple[Lever, ...]:
    """Return the levers worth naming: those that nothing but chance sets apart from the one that helps most.

    Of the red lines first, since to do without somebody is no way to agree; each red line once. Whose stand first
    in the case does not matter. Empty where nothing changes the probability by more than twice its error.
    """
    telling = [lever for lever in levers if lever.change > 2 * lever.mc_error and lever.change > 0]
    found = [lever for lever in telling if lever.kind != "waive"] or telling
    if not found:
        return ()
    top = max(found, key=lambda lever: lever.change)
    equal = [one for one in found if one.change >= top.change - 2 * max(one.mc_error, top.mc_error) - ALIKE]
    named: dict[Insisted | str, Lever] = {}
    for one in sorted(equal, key=lambda lever: (-lever.change, lever.kind != "lift")):
        named.setdefault(one.line or one.actor, one)
    return tuple(
        sorted(named.values(), key=lambda lever: (lever.issue or "", lever.side != "floor", lever.actor))
    )


def lever_sentence(names: Names, levers: Sequence[Lever], case: Case) -> str:
    """Return what single change would make a deal likeliest, each of several: a sentence without its full stop."""
    found = best(levers)
    if not found:
        return "no single red line or consent, given up alone, would make a deal likelier"
    ends = sorted((found[0].probability, *(lever.probability for lever in found)))
    low, high = percent(ends[0]), percent(ends[-1])
    share = "every draw" if ends[0] == 1 else f"{high} of draws"
    if low != high:
        share = f"{round(100 * ends[0])} to {high} of draws"
    then = "there would be a deal" if found[0].draws == 1 else f"there would be a deal in {share}"
    if found[0].line is None:
        owners = [possessive(names[lever.actor]) for lever in found]
        return (
            f"no single red line, given up, would make a deal likelier; if {either(owners)} consent were not "
            f"needed, {then}"
        )
    if all(lever.kind == "lift" for lever in found):
        lines = [demand_words(names, lever.line) for lever in found if lever.line is not None]
        return f"if {either(lines)} were lifted, {then}"
    moved = [lever_words(names, lever, case) for lever in found]
    return f"if {either([_were(one) for one in moved])}, {then}"


def _were(moved: str) -> str:
    line, how, by = re.split(r" (lifted|softened by)(?= |$)", moved, maxsplit=1)
    return f"{line} were {how}{by}"


def either(parts: Sequence[str]) -> str:
    """Return ``a``, ``either a or b``, ``any of a, b or c``; beyond four, how many others."""
    if len(parts) < 2:
        return "".join(parts)
    if len(parts) > MOST_NAMED:
        return f"any of {', '.join(parts[: MOST_NAMED - 1])} or {len(parts) - MOST_NAMED + 1} others"
    return f"{'either' if len(parts) == 2 else 'any of'} {', '.join(parts[:-1])} or {parts[-1]}"
