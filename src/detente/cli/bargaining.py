"""Where would each issue settle, on one screen? Per issue the methods side by side, then the likeliest trades."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.cli.output import Output
from detente.show.screen import Column, decimals, interval, number, paragraph, signed, strip, table
from detente.show.words import BASELINES, METHODS, counted, listed, percent

if TYPE_CHECKING:
    from detente.case import Case, Issue
    from detente.lenses.bargaining import BargainingResult
    from detente.lenses.summary import Distribution

MOST_TRADES = 5
MOST_HURT = 3


def show_bargaining(case: Case, result: BargainingResult, out: Output) -> None:
    """Print the issues, the trades, and how far chance blurs the means."""
    for issue_id in result.issues:
        _issue(case, result, issue_id, out)
    _trades(case, result, out)
    out.say()
    out.lines(_foot(case, result))


def _issue(case: Case, result: BargainingResult, issue_id: str, out: Output) -> None:
    issue = case.issues[issue_id]
    unit = f" ({issue.unit})" if issue.unit else ""
    out.say()
    out.say(f"{issue.name}{unit}", bold=True)
    columns = (
        Column("", wraps=True),
        Column("mean", right=True),
        Column("80 % of draws", right=True),
        Column(_scale_head(issue)),
    )
    rows = [_row(METHODS.get(name, name), d, issue) for name, d in result.issues[issue_id].items()]
    rows += [_row(f"({BASELINES[name].lower()})", d, issue) for name, d in result.baselines[issue_id].items()]
    if issue.outcome is not None:
        value = issue.outcome.value
        drawn = strip(issue.low, issue.high, (value, value), value, mark="x")
        rows.append(("(what happened)", number(value, _places(issue)), "", drawn))
    head, *body = table(columns, rows)
    out.say(head, dim=True)
    out.lines(body)
    out.lines(line for text in _remarks(result, issue_id) for line in paragraph(text))


def _row(name: str, d: Distribution, issue: Issue) -> tuple[str, str, str, str]:
    places = _places(issue)
    low, high = d.intervals["80"]
    doubt = interval((low, high), places) if d.sd > 0 else ""
    return name, number(d.mean, places), doubt, strip(issue.low, issue.high, (low, high), d.mean)


def _places(issue: Issue) -> int:
    return decimals(issue.high - issue.low)


def _scale_head(issue: Issue) -> str:
    low, high = f"{issue.low:g}", f"{issue.high:g}"
    return low + high.rjust(21 - len(low))


def _remarks(result: BargainingResult, issue_id: str) -> Iterator[str]:
    name = result.names[issue_id]
    for finding in result.findings:
        if finding.id.endswith(f".{issue_id}"):
            sentence = finding.sentence.removeprefix(f"{name}: ")
            yield sentence[:1].upper() + sentence[1:]
    for method, why in result.skipped.get(issue_id, {}).items():
        yield f"No forecast by {METHODS[method]}: {why}."


def _trades(case: Case, result: BargainingResult, out: Output) -> None:
    if not result.trades:
        return
    out.say()
    out.say("Trades that would help both sides (position exchange)", bold=True)
    rows = []
    for trade in result.trades[:MOST_TRADES]:
        first, second = (
            f"{result.names[who]} moves on {result.names[on]} ({signed(shift, _places(case.issues[on]))})"
            for who, on, shift in (
                (trade.first, trade.gives_first, trade.shift_first),
                (trade.second, trade.gives_second, trade.shift_second),
            )
        )
        hurt = listed([result.names[actor] for actor in trade.hurt], MOST_HURT)
        text = f"{first}; {second}" + (f". Hurts {hurt}" if hurt else "")
        rows.append((percent(trade.share), text))
    head, *body = table((Column("draws", right=True), Column("who gives what", wraps=True)), rows)
    out.say(head, dim=True)
    out.lines(body)
    left = len(result.trades) - MOST_TRADES
    if left > 0:
        out.say(f"  and {counted(left, 'rarer one')}; --json has them all", dim=True)


def _foot(case: Case, result: BargainingResult) -> list[str]:
    if result.record.exact:
        return []
    blur = max(
        d.mc_error / (case.issues[issue].high - case.issues[issue].low)
        for issue, methods in result.issues.items()
        for d in methods.values()
    )
    text = (
        f"Chance blurs the means by at most {100 * blur:.2f} % of their scales (standard error). The intervals "
        "say what the inputs leave open, not how often such forecasts come true."
    )
    return paragraph(text, indent="")
