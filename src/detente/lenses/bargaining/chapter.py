"""What does the bargaining lens tell in a brief and on a screen? Its chapter, from a result alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from detente.lenses.bargaining import findings
from detente.lenses.bargaining.figures import outcomes, positions, rounds, scenarios, tornado
from detente.lenses.bargaining.headlines import headlines, rung, rungs, views
from detente.lenses.bargaining.methods import (
    BASELINE_NOTES,
    BASELINES,
    METHOD_NOTES,
    METHODS,
    REFERENCES,
)
from detente.lenses.bargaining.result import BargainingResult, Settlement
from detente.lenses.summary import Distribution
from detente.show import words
from detente.show.blocks import (
    Block,
    Chapter,
    Details,
    FigureBlock,
    Gauges,
    Heading,
    Key,
    Lead,
    Legend,
    Notes,
    Prose,
    Reading,
    Section,
    Strip,
    TableBlock,
    Tone,
)
from detente.show.blocs import blocs
from detente.show.marks import bloc_key
from detente.show.table import Cell, Table

MOST_ISSUES = 24  # issues that get figures of their own; tables have all
MOST_TRADES = 12
MOST_SCREEN_TRADES = 5
PAST_ERROR = 0.23  # of the scale: mean absolute error of the compromise on the DEU III data; see the lens

GLANCE = (
    "Each issue on its own scale: where the {} settles it, and the middle 50, 80 and 95 % of draws. Ring:"
    " the plain average of all positions. Dashed: no deal."
)
POSITIONS = "One scale per issue, from end to end, with what its points mean. Each row is an actor."
OUTCOMES = (
    "The methods side by side, on the same numbers, with two baselines: what everybody counting alike "
    "would give, and where the issue ends without an agreement."
)
SCENARIOS = "Each scenario against the case as it stands, on the same draws."
TORNADO = (
    "One doubtful number at a time, from its low to its high, all others at their means: what is worth "
    "finding out next, or worth changing."
)
NO_DOUBT = (
    "No input carries doubt, so there is nothing to move. Write doubt into the case (40 ± 10, 20..60) to see what "
    "matters."
)
PULLS = (
    "Each actor’s share of all weight (influence × salience) on each issue. An actor with a share of 20 %"
    " that moves by 10 moves the compromise by 2."
)
ROUNDS = "Round by round, actors press those from whom they expect to gain."
TRADES = (
    "Pairs of actors who would both gain by each giving way on the issue that the other cares more about,"
    " in the position exchange model, and who pays for it."
)
DOUBTS = (
    "The intervals say how far the doubt written into the case leaves the forecast open. They are not the"
    " error of the forecast: on decisions of the European Union whose outcome is known (the DEU III "
    "data), the compromise was off by about 23 points on a scale of 100 on average, and no other method "
    "did better."
)
BOUNDS = (
    "No method here knows vetoes, sequence, secrecy or a change of mind; all take the positions as "
    "sincere and the scale as given. Red lines are set against the forecasts, not built into them."
)
CAUTION = (
    "The ranges hold 80 % of draws: what the inputs leave open, not how often such forecasts come true. "
    "Chance blurs the means by at most {:.2f} % of their scales (standard error)."
)
CAPTIONS = {
    "issues": "All issues: the forecast, its doubt, the baselines and what stands in the way",
    "pulls": "Share of all weight by actor and issue, mean over draws",
    "trades": "The most frequent trades: who moves on what, in return for what, and who loses by it",
    "doubts": "Four kinds of doubt per issue, in units of its scale: inputs, methods, past errors of such "
    "forecasts, and chance",
}
HEADS = {"widest_from": "widest input from", "widest_to": "to", "strongest_share": "largest weight"}


def chapter(result: BargainingResult) -> Chapter:
    """Tell a result: its answer, what else to know first, and its sections."""
    return Chapter(
        lens="bargaining",
        question="Where would each issue settle?",
        rung=rung(result),
        rungs=tuple(rungs(result)),
        issues=tuple(views(result)),
        headlines=headlines(result),
        overview=(_glance(result),),
        sections=tuple(_sections(result)),
        method=tuple(_method(result)),
        caution="" if result.record.exact else CAUTION.format(100 * _blur(result)),
    )


def _sections(result: BargainingResult) -> Iterator[Section]:
    shown = result.settlements[:MOST_ISSUES]
    left = len(result.settlements) - len(shown)
    told = f"The first {len(shown)} issues are drawn; the table at a glance has all."
    rest = (Prose(text=told, quiet=True, on="page"),) if left else ()
    issues = TableBlock(table=_issues(result), caption=CAPTIONS["issues"])
    glance = _glance(result).model_copy(update={"on": "page"})
    yield Section(
        id="glance",
        title="At a glance",
        intro=GLANCE.format(METHODS[result.headline].lower()),
        blocks=(glance, Details(summary="Table", blocks=(issues,))),
    )
    maps = (FigureBlock(figure=positions.figure(result, row), anchors=_anchors(result, row)) for row in shown)
    keys = Legend(items=tuple(_position_keys(result)))
    yield Section(id="positions", title="Who stands where", intro=POSITIONS, blocks=(keys, *maps, *rest))
    figures = (FigureBlock(figure=outcomes.figure(result, row)) for row in shown)
    keys = _legend(thick="50 %", medium="80 %", thin="95 % of draws", dot="mean", ring="baseline")
    screens = (block for row in result.settlements for block in _methods(result, row))
    blocks = (*screens, *_unanswered(result), keys, *figures, *rest)
    yield Section(id="outcomes", title="Where each issue settles", intro=OUTCOMES, blocks=blocks)
    yield from _changes(result, shown, rest)
    pulls = TableBlock(table=_pulls(result), caption=CAPTIONS["pulls"], shaded=True, on="page")
    yield Section(id="pulls", title="Who pulls", intro=PULLS, blocks=(pulls,))
    if result.rounds:
        keys = Legend(
            items=(*_legend(thick="weighted median", dashed="its mean over draws").items, *_blocs(result))
        )
        figures = (FigureBlock(figure=rounds.figure(result, row.id)) for row in shown)
        title = "How the challenge model gets there"
        yield Section(id="rounds", title=title, intro=ROUNDS, blocks=(keys, *figures))
    if result.trades:
        trades = TableBlock(table=_trades(result), caption=CAPTIONS["trades"], most=MOST_SCREEN_TRADES)
        trades = trades.model_copy(update={"screen": ("share", "gives", "in_return", "hurt")})
        yield Section(id="trades", title="Trades within reach", intro=TRADES, blocks=(trades,))
    doubts = TableBlock(table=_doubts(result), caption=CAPTIONS["doubts"], on="page")
    lead = Lead(text=findings.doubts(result).sentence, on="page")
    blocks = (lead, Prose(text=DOUBTS, on="page"), doubts)
    bounds = Prose(text=BOUNDS, quiet=True, on="page")
    yield Section(id="doubts", title="How sure this is", blocks=(*blocks, bounds))


def _changes(
    result: BargainingResult, shown: tuple[Settlement, ...], rest: tuple[Block, ...]
) -> Iterator[Section]:
    """Yield what scenarios and single inputs change, where a brief looked at them."""
    if found := findings.moves(result):
        changed = [one for one in result.case.scenarios.values() if one.changes]
        counted = [f"{words.counted(len(one.changes), 'change')}." for one in changed]
        notes = tuple(
            (one.name, f"{one.note or ''} {count}".strip())
            for one, count in zip(changed, counted, strict=True)
        )
        keys = _legend(ring="as the case stands", dot="in the scenario", thin="80 % of the difference")
        blocks = (keys, FigureBlock(figure=scenarios.figure(result, found)), Notes(items=notes, on="page"))
        yield Section(id="scenarios", title="What scenarios change", intro=SCENARIOS, blocks=blocks)
    title = "What moves the forecast"
    if result.tornado is not None and not result.record.exact:
        keys = _legend(low="input at its 10 % quantile", high="input at its 90 % quantile")
        figures = (FigureBlock(figure=tornado.figure(result, row)) for row in shown)
        yield Section(id="tornado", title=title, intro=TORNADO, blocks=(keys, *figures, *rest))
    elif result.record.exact:
        yield Section(id="tornado", title=title, blocks=(Prose(text=NO_DOUBT, on="page"),))


# --- one issue --------------------------------------------------------------------------------------


def _glance(result: BargainingResult) -> Gauges:
    """Return every issue on its own scale."""
    rows = tuple(_reading(result, row) for row in result.settlements)
    return Gauges(heads=("issue", "o forecast", "- 80 %", "| no deal"), rows=rows)


def _reading(result: BargainingResult, row: Settlement) -> Reading:
    of = result.case.issues[row.id]
    value, status = words.position(row.mean, of), _status(row)
    return Reading(
        name=row.issue,
        value=value,
        unit=words.measured(row.mean, of).removeprefix(value).strip(),
        span=words.span(row.low80, row.high80, of) if row.low80 < row.high80 else "no doubt stated",
        beside=words.position(row.no_deal, of) if row.no_deal is not None else "",
        strip=_strip(result, row, result.forecast(row.id), alone=False),
        ends=(
            f"{words.anchor(of.low, of)} {of.scale[of.low]}",
            f"{words.anchor(of.high, of)} {of.scale[of.high]}",
        ),
        meaning=words.place(row.mean, of),
        status=status[0],
        tone=status[1],
    )


def _status(row: Settlement) -> tuple[str, Tone]:
    if row.blocked:
        return f"no deal is better for somebody in {words.percent(row.no_agreement or 0)} of draws", "warn"
    if row.crossed:
        return f"crosses {findings.crosses(row)}", "warn"
    if row.red_lines or row.no_agreement is not None:
        return "open to a settlement", "good"
    return "", "plain"


def _strip(result: BargainingResult, row: Settlement, one: Distribution, *, alone: bool = True) -> Strip:
    """Return a forecast on its issue's scale, with the baselines beside it or alone."""
    of = result.case.issues[row.id]
    low, high = one.intervals["80"]
    told = f"Scale from {words.position(of.low, of)} to {words.position(of.high, of)}: forecast "
    told += words.position(one.mean, of)
    told += f", 80 % of draws {words.span(low, high, of)}" if low < high else ""
    told += f"; plain average {words.position(row.plain_average, of)}"
    told += f"; no deal {words.position(row.no_deal, of)}" if row.no_deal is not None else ""
    return Strip(
        low=of.low,
        high=of.high,
        at=one.mean,
        spans={level: one.intervals[level] for level in ("95", "80", "50")},
        baseline=None if alone else row.plain_average,
        no_deal=None if alone else row.no_deal,
        outcome=None if alone else row.outcome,
        ticks=tuple(of.scale),
        words=told,
    )


def _methods(result: BargainingResult, row: Settlement) -> Iterator[Block]:
    """Yield, for a screen, the methods side by side on one issue, and what is to be said of it."""
    of = result.case.issues[row.id]
    unit = f" {of.unit}" if of.unit else ""
    ends = f"{words.anchor(of.low, of)} to {words.anchor(of.high, of)}"
    yield Heading(text=f"{row.issue} ({ends}{unit})", on="screen")
    named = {METHODS[name]: one for name, one in result.issues[row.id].items()}
    named |= {f"({BASELINES[name].lower()})": one for name, one in result.baselines[row.id].items()}
    readings = [
        Reading(
            name=name,
            value=words.position(one.mean, of),
            span=words.span(*one.intervals["80"], of) if one.sd > 0 else "",
            strip=_strip(result, row, one),
        )
        for name, one in named.items()
    ]
    if row.outcome is not None:
        strip = Strip(low=of.low, high=of.high, at=row.outcome)
        readings.append(Reading(name="(what happened)", value=words.position(row.outcome, of), strip=strip))
    yield Gauges(heads=("", "mean", "80 % of draws", ""), rows=tuple(readings), on="screen")
    alone = len(result.issues) == 1  # then the chapter's answer says where it settles
    for finding in result.findings:
        if finding.id.endswith(f".{row.id}") and not (alone and finding.id.startswith("settles.")):
            said = words.capital(finding.sentence.removeprefix(f"{row.issue}: "))
            yield Prose(text=said, on="screen")
    for said in _no_forecast(result, row.id):
        yield Prose(text=said, on="screen")


def _no_forecast(result: BargainingResult, issue: str) -> list[str]:
    """Return by which methods an issue has no forecast, and why."""
    skipped = result.skipped.get(issue, {})
    return [f"No forecast by {METHODS[method]}: {why}." for method, why in skipped.items()]


def _unanswered(result: BargainingResult) -> Iterator[Block]:
    """Yield the issues that none of the methods can forecast."""
    for issue in result.skipped:
        if issue not in result.issues:
            yield Prose(text=f"{result.case.issues[issue].name}: {' '.join(_no_forecast(result, issue))}")


def _anchors(result: BargainingResult, row: Settlement) -> tuple[tuple[str, str], ...]:
    """Return what the points of a scale between its ends mean; the ends stand in the figure."""
    of = result.case.issues[row.id]
    return tuple((words.anchor(at, of), told) for at, told in of.scale.items() if of.low < at < of.high)


# --- legends ----------------------------------------------------------------------------------------


def _legend(**items: str) -> Legend:
    return Legend(items=tuple(Key(sign=sign, text=text) for sign, text in items.items()))


def _blocs(result: BargainingResult) -> tuple[Key, ...]:
    return tuple(bloc_key(bloc.name, bloc.look) for bloc in blocs(result.case))


def _position_keys(result: BargainingResult) -> Iterator[Key]:
    yield from _blocs(result)
    yield Key(sign="area", text="area: influence × salience")
    yield Key(sign="whisker", text="80 % of the doubt")
    if any(row.red_lines for row in result.settlements):
        yield Key(sign="red", text="ruled out by a red line")
    yield Key(sign="band", text="forecast, 80 % of draws")


# --- tables -----------------------------------------------------------------------------------------


def _issues(result: BargainingResult) -> Table:
    table = result.tables()["issues"]
    return Table(table.name, table.columns, table.rows, HEADS)


def _pulls(result: BargainingResult) -> Table:
    """Return, per actor, its share of the weight on each issue, those with the largest shares first."""
    pull = result.pull
    total: dict[str, float] = {}
    for shares in pull.values():
        for actor, one in shares.items():
            total[actor] = total.get(actor, 0.0) + one.position
    columns = {issue: f"share of all weight on {result.case.issues[issue].name}" for issue in pull}
    heads = {issue: result.case.issues[issue].name for issue in pull}
    rows = tuple(
        (
            result.case.actors[actor].name,
            *(shares[actor].position if actor in shares else None for shares in pull.values()),
        )
        for actor in sorted(total, key=lambda one: -total[one])
    )
    return Table("pulls", {"actor": "name", **columns}, rows, heads)


def _trades(result: BargainingResult) -> Table:
    """Return the most rewarding trades in words."""
    actors, issues = result.case.actors, result.case.issues
    columns = {
        "gives": "actor, the issue on which it gives way, and the shift of the forecast there",
        "in_return": "the other actor, its issue, and the shift there",
        "share": "share of draws in which they trade",
        "gain": "what each of the two gains: salience × shift on a scale of 0 to 100",
        "hurt": "who loses most by it",
    }
    rows: list[tuple[Cell, ...]] = []
    for trade in result.trades[:MOST_TRADES]:
        gives, in_return = (
            f"{actors[who].name} on {issues[on].name} ({words.fine_change(shift, issues[on])})"
            for who, on, shift in (
                (trade.first, trade.gives_first, trade.shift_first),
                (trade.second, trade.gives_second, trade.shift_second),
            )
        )
        losses = [f"{actors[actor].name} ({words.figures(loss, 2)})" for actor, loss in trade.hurt.items()]
        rows.append((gives, in_return, trade.share, trade.gain, words.listed(losses, 3)))
    heads = {"gives": "gives way on (shift)", "in_return": "in return for (shift)", "share": "draws"}
    return Table("trades", columns, tuple(rows), heads)


def _doubts(result: BargainingResult) -> Table:
    """Return, per issue, the size of each kind of doubt on the issue's own scale."""
    columns = {
        "issue": "name",
        "inputs": "width of the middle 80 % of draws: the doubt stated in the inputs",
        "methods": "difference between the highest and the lowest method",
        "past_error": "mean error of such forecasts on past decisions, 23 % of the scale",
        "mc_error": "error of the mean from the finite number of draws",
    }
    rows = tuple(
        (
            row.issue,
            row.high80 - row.low80,
            row.spread,
            PAST_ERROR * row.width,
            result.forecast(row.id).mc_error,
        )
        for row in result.settlements
    )
    return Table("doubts", columns, rows)


def _blur(result: BargainingResult) -> float:
    """Return the largest Monte-Carlo error of a mean, as a share of its scale."""
    return max(
        one.mc_error / row.width for row in result.settlements for one in result.issues[row.id].values()
    )


# --- method -----------------------------------------------------------------------------------------


def _method(result: BargainingResult) -> Iterator[tuple[str, str]]:
    """Yield every method that was used, what it does, its source and its options; then the baselines."""
    options = result.record.options
    for name in dict.fromkeys(name for of in result.issues.values() for name in of):
        told = f"{words.capital(METHOD_NOTES[name])}. {REFERENCES[name]}."
        chosen = _options(options.get(name, {}))
        yield METHODS[name], f"{told} Options: {chosen}." if chosen else told
    yield BASELINES["unweighted_mean"], f"A baseline: {BASELINE_NOTES['unweighted_mean']}."
    yield BASELINES["no_deal"], f"A baseline from the case: {BASELINE_NOTES['no_deal']}."


def _options(options: dict[str, Any]) -> str:
    stated = {name: value for name, value in options.items() if value is not None}
    return ", ".join(
        f"{name.replace('_', ' ')} {str(value).replace('_', ' ').lower()}" for name, value in stated.items()
    )
