"""How are demands, conflicts and levers put into words? One way, in findings, on the page and in the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from detente.case import Case
from detente.lenses.winset.answers import Chance, Demand, Lever
from detente.lenses.winset.rule import Node, Threshold, Voter
from detente.lenses.wording import listed, number, percent

Names = Mapping[str, str]


def whose(name: str) -> str:
    """Return a name in the genitive.

    >>> whose("Congress"), whose("Senators"), whose("Kyiv")
    ("Congress's", "Senators'", "Kyiv's")
    """
    plural = name.endswith("s") and not name.endswith("ss")
    return f"{name}'" if plural else f"{name}'s"


def demand_words(names: Names, demand: Demand) -> str:
    """Return a demand in words: “Kyiv's maximum on territory”.

    Args:
        names: id → name of actors and issues.
        demand: the demand.
    """
    owner = whose(names[demand.actor])
    if demand.issue is None:
        return f"{owner} wish to be better off than without a deal"
    return f"{owner} {'minimum' if demand.kind == 'floor' else 'maximum'} on {names[demand.issue]}"


def conflict_words(names: Names, demands: Sequence[Demand]) -> str:
    """Return what a conflict says: that its demands cannot all be met."""
    named = [demand_words(names, one) for one in demands]
    if len(named) == 1:
        return f"{named[0]} cannot be met at all"
    if len(named) == 2:
        return f"{listed(named)} cannot both hold"
    return f"{listed(named, 5)} cannot all hold"


def lever_words(names: Names, lever: Lever, case: Case) -> str:
    """Return a lever in words: “Kyiv's maximum on territory lifted”, “doing without Congress”."""
    if lever.issue is None:
        return f"doing without {names[lever.actor]}"
    demand = Demand(actor=lever.actor, kind=lever.side or "floor", issue=lever.issue, value=None)
    if lever.kind == "lift":
        return f"{demand_words(names, demand)} lifted"
    by = number(lever.by or 0.0, case.issues[lever.issue])
    return f"{demand_words(names, demand)} softened by {by}"


def likely(chance: Chance) -> str:
    """Return ``12 % of draws (11 to 13 %)``, or ``every draw``, ``no draw``; without doubt, yes or no."""
    if chance.probability in (0.0, 1.0) and not chance.unknown:
        return "every draw" if chance.probability else "no draw"
    low, high = f"{100 * chance.low95:.0f}", f"{100 * chance.high95:.0f}"
    around = "" if low == high else f" ({low} to {high} %)"
    return f"{percent(chance.probability)} of draws{around}"


def strongest(levers: Sequence[Lever]) -> Lever | None:
    """Return the lever worth naming: of the red lines first, since to do without somebody is no way to agree.

    ``None`` where nothing changes the probability by more than twice its error.
    """
    telling = [lever for lever in levers if lever.change > 2 * lever.mc_error and lever.change > 0]
    lines = [lever for lever in telling if lever.kind != "waive"]
    return next(iter(lines or telling), None)


def lever_sentence(names: Names, levers: Sequence[Lever], case: Case) -> str:
    """Return what single change would make a deal likeliest: a sentence without its full stop."""
    found = strongest(levers)
    if found is None:
        return "no single red line or consent, given up alone, would make a deal likelier"
    changed = lever_words(names, found, case)
    if found.kind == "waive":
        return (
            f"no single red line, given up, would make a deal likelier; {changed} would, in "
            f"{percent(found.probability)} of draws"
        )
    return f"{changed} would help most, to a deal in {percent(found.probability)} of draws"


def rule_words(rule: Node, actors: Sequence[str], names: Names) -> str:
    """Return whose consent is needed: “Kremlin, Kyiv and (either chamber or two of A, B and C)”.

    Args:
        rule: the rule.
        actors: id of each voter's actor, by its row.
        names: id → name.
    """
    if isinstance(rule, Voter):
        return f"{rule.seats} × {names[actors[rule.index]]}" if rule.seats > 1 else names[actors[rule.index]]
    if rule.name is not None:
        return rule.name
    return _parts_words(rule, actors, names)


def _parts_words(rule: Threshold, actors: Sequence[str], names: Names) -> str:
    told: dict[str, int] = {}
    for weight, part in rule.parts:
        text = rule_words(part, actors, names)
        if isinstance(part, Threshold) and part.name is None and len(part.parts) > 1:
            text = f"({text})"
        told[text] = told.get(text, 0) + weight * (part.seats if isinstance(part, Voter) else 1)
    if len(told) == 1 and rule.quota >= 1:
        return next(iter(told))
    if rule.quota == rule.total:
        return listed(list(told), 12)
    if rule.quota == 1:
        return " or ".join(told)
    alike = len(set(told.values())) == 1 and rule.total == len(told)
    if alike:
        return f"{rule.quota} of {listed(list(told), 12)}"
    weighted = [f"{text} ({weight})" for text, weight in told.items()]
    return f"{rule.quota} of {rule.total} votes of {listed(weighted, 12)}"
