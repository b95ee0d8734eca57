"""How is the answer about deals told on a page? Rows of what can be agreed, and tables in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detente.case import Case
from detente.lenses.winset import Demand, WinsetResult
from detente.lenses.winset.answers import Lever
from detente.lenses.winset.obstacles import Obstacle
from detente.lenses.winset.phrases import conflict_words, demand_words, exists, lever_sentence, strongest
from detente.report.figures.winsets import SOLUTIONS
from detente.report.winset.headlines import CLEAR
from detente.show import words
from detente.show.table import Cell, Table


@dataclass(frozen=True, slots=True)
class Ground:
    """One deal as it is told on the page.

    Attributes:
        name: of the deal.
        single: whether it is one issue alone.
        verdict: ``common ground``, ``rarely`` or ``no common ground``.
        good: whether a deal is likelier than not.
        likely: how likely, a sentence.
        terms: where the leading solution puts it; empty without a deal.
        way: who stands in the way; empty where nobody does.
        change: what single change would help most, a sentence; empty where none does.
        scenarios: (name, how likely a deal is there, what stands in its way and what would help).
    """

    name: str
    single: bool
    verdict: str
    good: bool
    likely: str
    terms: str
    way: str
    change: str
    scenarios: tuple[tuple[str, str], ...]


Obstacles = Mapping[str, Mapping[str, Obstacle]]


def common_ground(case: Case, result: WinsetResult, obstacles: Obstacles | None = None) -> list[Ground]:
    """Return every deal in words, packages first.

    Args:
        case: the case.
        result: of the lens.
        obstacles: scenario → deal → what stands in its way there.
    """
    return [_ground(case, result, deal, obstacles or {}) for deal in result.deals]


def _ground(case: Case, result: WinsetResult, deal: str, obstacles: Obstacles) -> Ground:
    chance = result.chance(deal)
    rare = "seldom common ground" if chance.probability else "no common ground"
    levers = result.levers.get(deal, ())
    found = result.blockers.get(deal)
    return Ground(
        name=result.deals[deal].name,
        single=result.deals[deal].single,
        verdict="common ground" if chance.probability > CLEAR else rare,
        good=chance.probability > CLEAR,
        likely=f"{words.capital(exists(chance))}.",
        terms=_terms(case, result, deal),
        way=""
        if found is None or not found.conflicts
        else words.capital(conflict_words(result.names, found.conflicts[0].demands)),
        change=f"{words.capital(lever_sentence(result.names, levers, case))}." if strongest(levers) else "",
        scenarios=tuple(
            (result.scenarios[one], _elsewhere(case, result, deal, one, obstacles.get(one, {}).get(deal)))
            for one, deals in result.deal_probability.items()
            if one != result.version and deal in deals
        ),
    )


def _elsewhere(case: Case, result: WinsetResult, deal: str, scenario: str, found: Obstacle | None) -> str:
    """Return how likely a deal is in a scenario and, where there is seldom one, what is in its way."""
    chance = result.chance(deal, scenario)
    there = words.capital(exists(chance))
    if found is None or found.conflict is None or chance.probability > CLEAR:
        return f"{there}."
    here = result.blockers.get(deal)
    known = here.conflicts[0].demands if here is not None and here.conflicts else ()
    same = _who(found.conflict.demands) == _who(known)
    if same and _moved(found.lever) == _moved(strongest(result.levers.get(deal, ()))):
        return f"{there}; the same stands in the way, and the same would help."
    told = [f"{there}."]
    if same:
        told.append("The same demands are in the way.")
    else:
        told.append(f"In the way: {conflict_words(result.names, found.conflict.demands)}.")
    told.append(f"{words.capital(lever_sentence(result.names, [found.lever] if found.lever else [], case))}.")
    return " ".join(told)


def _who(demands: Sequence[Demand]) -> set[tuple[str, str, str | None]]:
    return {(one.actor, one.kind, one.issue) for one in demands}


def _moved(lever: Lever | None) -> tuple[str | None, ...]:
    return () if lever is None else (lever.kind, lever.actor, lever.issue, lever.side)


def _terms(case: Case, result: WinsetResult, deal: str) -> str:
    terms = result.solutions.get(deal, {}).get(result.leading, {})
    told = []
    for issue, d in terms.items():
        of = case.issues[issue]
        low, high = d.intervals["80"]
        doubt = f" ({words.span(low, high, of)})" if low < high else ""
        told.append(f"{of.name} {words.position(d.mean, of)}{doubt}, {words.place(d.mean, of)}")
    return "; ".join(told)


def terms_table(case: Case, result: WinsetResult) -> Table:
    """Return where the named solutions put every issue of every deal that has one."""
    columns = {
        "deal": "issue or package",
        "issue": "name",
        **{SOLUTIONS[name]: "mean over the draws with a deal, on the issue's scale" for name in SOLUTIONS},
        "agreeable": "share of the issue's range that can be agreed, mean over draws",
    }
    rows: list[tuple[Cell, ...]] = []
    for deal, answer in result.deals.items():
        for issue in answer.issues:
            found = [result.solutions.get(deal, {}).get(name, {}).get(issue) for name in SOLUTIONS]
            if any(found):
                means = (d.mean if d is not None else None for d in found)
                rows.append((answer.name, case.issues[issue].name, *means, answer.extents[issue].share))
    return Table("terms", columns, tuple(rows))


def opening_table(case: Case, result: WinsetResult) -> Table:
    """Return the cheapest concessions in words, for the packages without a deal at mean inputs."""
    columns = {
        "deal": "package",
        "step": "who gives way on what, all inputs at their means",
        "by": "by how much",
        "cost": "weighted by salience or by the stated cost",
    }
    rows: list[tuple[Cell, ...]] = []
    for answer in result.deals.values():
        if answer.opening is None:
            continue
        for step in answer.opening.steps:
            if step.issue is None:
                by = f"{words.percent(step.by)} of the whole scale"
            else:
                by = words.position(step.by, case.issues[step.issue])
            rows.append((answer.name, words.capital(demand_words(result.names, step)), by, step.cost))
    return Table("opening", columns, tuple(rows))


def sufficing_table(case: Case, result: WinsetResult) -> Table:
    """Return which single demand, given way on, would be enough, in words."""
    columns = {
        "deal": "package",
        "demand": "who gives way on what, and nobody on anything else",
        "share": "share of the draws without a deal in which that is enough",
        "by": "how far, on average",
    }
    rows: list[tuple[Cell, ...]] = []
    for answer in result.deals.values():
        for one in answer.opening.suffices if answer.opening is not None else ():
            by = (
                f"{words.percent(one.by)} of the whole scale"
                if one.issue is None
                else words.position(one.by, case.issues[one.issue])
            )
            rows.append((answer.name, words.capital(demand_words(result.names, one)), one.share, by))
    return Table("sufficing", columns, tuple(rows))


def sides_table(case: Case, result: WinsetResult) -> Table:
    """Return how much of what could be agreed each side of the leading deal would consent to."""
    columns = {
        "side": "part of the rule that must agree",
        "size": "share of all packages that it would consent to, all inputs at their means",
        "error": "standard error of the size",
        "reach": "what it would consent to, issue by issue",
    }
    answer = result.deals[result.headline]
    rows: list[tuple[Cell, ...]] = []
    for side in (*answer.sides, *([answer.together] if answer.together is not None else [])):
        reach = [
            f"{case.issues[issue].name} {words.span(low, high, case.issues[issue])}"
            for issue, (low, high) in side.extents.items()
        ]
        rows.append((side.name, side.size, side.error, "; ".join(reach) or "nothing"))
    return Table("sides", columns, tuple(rows))
