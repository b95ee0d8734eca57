"""What should a reader take away? Sentences whose every number stands in the result's tables."""

from __future__ import annotations

from collections.abc import Iterator

from detente.case import Case, Issue
from detente.lenses.bargaining.result import BargainingResult
from detente.lenses.summary import Distribution
from detente.show.finding import Finding
from detente.show.words import percent, place, position

APART = 0.10  # methods differ when their means span more than this share of the scale
RARE = 0.05


def findings(case: Case, result: BargainingResult) -> Iterator[Finding]:
    """Yield, per issue, where it settles, whether methods agree, whether no deal is better, and who pulls."""
    for issue_id in result.issues:
        issue = case.issues[issue_id]
        yield _settles(issue_id, issue, result)
        yield from _disagreement(issue_id, issue, result)
        yield from _no_agreement(issue_id, issue, result)
        yield from _pull(issue_id, issue, result)
    yield from _trade(case, result)


def _settles(issue_id: str, issue: Issue, result: BargainingResult) -> Finding:
    forecast = (
        result.forecast(issue_id) if result.headline in result.issues[issue_id] else _any(result, issue_id)
    )
    low, high = forecast.intervals["80"]
    numbers = {"mean": forecast.mean}
    doubt = ""
    if forecast.sd > 0:
        numbers |= {"low80": low, "high80": high}
        doubt = f" (80 % of draws {position(low, issue)} to {position(high, issue)})"
    where = place(forecast.mean, issue)
    sentence = f"{issue.name}: settles at {position(forecast.mean, issue)}{doubt}, {where}."
    return Finding(
        id=f"settles.{issue_id}",
        sentence=sentence,
        numbers=numbers,
        drivers=_strongest(result, issue_id),
        table="forecasts",
    )


def _any(result: BargainingResult, issue_id: str) -> Distribution:
    return next(iter(result.issues[issue_id].values()))


def _strongest(result: BargainingResult, issue_id: str) -> tuple[str, ...]:
    pulls = result.pull.get(issue_id, {})
    ordered = sorted(pulls, key=lambda actor: -pulls[actor].position)
    return tuple(f"stances.{issue_id}.{actor}.position" for actor in ordered[:3])


def _disagreement(issue_id: str, issue: Issue, result: BargainingResult) -> Iterator[Finding]:
    agreement = result.agreement[issue_id]
    if len(result.issues[issue_id]) < 2 or agreement.spread <= APART * (issue.high - issue.low):
        return
    lowest = result.issues[issue_id][agreement.lowest].mean
    highest = result.issues[issue_id][agreement.highest].mean
    yield Finding(
        id=f"methods.{issue_id}",
        sentence=f"{issue.name}: the methods disagree, from {position(lowest, issue)} ({agreement.lowest}) "
        f"to {position(highest, issue)} ({agreement.highest}).",
        numbers={"lowest": lowest, "highest": highest},
        table="forecasts",
    )


def _no_agreement(issue_id: str, issue: Issue, result: BargainingResult) -> Iterator[Finding]:
    nash = result.issues[issue_id].get("nash")
    if nash is None or nash.no_agreement is None or nash.no_agreement < RARE:
        return
    if nash.no_agreement == 1:
        share = "nothing is better than no deal for everyone"
    else:
        share = f"in {percent(nash.no_agreement)} of draws nothing is better than no deal for everyone"
    yield Finding(
        id=f"no_agreement.{issue_id}",
        sentence=f"{issue.name}: {share} (Nash bargaining).",
        numbers={"no_agreement": nash.no_agreement},
        drivers=(f"issues.{issue_id}.no_deal", f"issues.{issue_id}.failure_cost"),
        table="forecasts",
    )


def _pull(issue_id: str, issue: Issue, result: BargainingResult) -> Iterator[Finding]:
    pulls = result.pull.get(issue_id, {})
    if len(pulls) < 2:
        return
    actor = max(pulls, key=lambda one: pulls[one].position)
    share = pulls[actor].position
    yield Finding(
        id=f"pull.{issue_id}",
        sentence=f"{issue.name}: {result.names[actor]} pulls hardest, with {percent(share)} of all weight.",
        numbers={"position": share},
        drivers=(f"stances.{issue_id}.{actor}.salience", f"stances.{issue_id}.{actor}.influence"),
        table="pull",
    )


def _trade(case: Case, result: BargainingResult) -> Iterator[Finding]:
    if not result.trades:
        return
    trade = result.trades[0]
    names, issues = result.names, case.issues
    hurt = next(iter(trade.hurt), None)
    who = f"; {names[hurt]} loses most by it" if hurt else ""
    yield Finding(
        id="trade",
        sentence=f"The most rewarding trade: {names[trade.first]} gives way on {issues[trade.gives_first].name}, "
        f"{names[trade.second]} on {issues[trade.gives_second].name} "
        f"(in {percent(trade.share)} of draws){who}.",
        numbers={"share": trade.share},
        drivers=(
            f"stances.{trade.gives_first}.{trade.first}.salience",
            f"stances.{trade.gives_second}.{trade.second}.salience",
        ),
        table="trades",
    )
