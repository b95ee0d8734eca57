"""What does the bargaining lens tell in a brief and on a screen? Its chapter, from a result alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from detente.case.words import power_of_votes_told
from detente.lenses.bargaining import findings, methods
from detente.lenses.bargaining.figures import glance, outcomes, positions, rounds, scenarios, tornado
from detente.lenses.bargaining.headlines import PAST, headlines, rung, rungs
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
from detente.show.ladder import IssueView
from detente.show.marks import bloc_key
from detente.show.table import Cell, Table

MOST_ISSUES = 24  # issues that get figures of their own; tables have all
MOST_TRADES = 12
MOST_SCREEN_TRADES = 5

GLANCE = (
    "Each issue on its own scale, from end to end. What the inputs leave open and past error are two things."
)
IGNORING = (
    "This is where all who have a stance pull an issue, by influence × salience, as if nobody had to agree. "
    "Whether there is a deal is answered elsewhere."
)
POSITIONS = "One scale per issue, from end to end, with what its points mean. Each row is an actor."
OUTCOMES = (
    "The methods side by side, on the same numbers, with two baselines: what everybody counting alike "
    "would give, and where the issue ends without an agreement."
)
SCENARIOS = "Each scenario against the case as it stands, on the same draws."
TORNADO = (
    "One doubtful number at a time, from its low to its high, all others at their means, so that the middle may "
    "differ from the mean over draws."
)
NO_DOUBT = (
    "No input carries doubt, so there is nothing to move. Write doubt into the case (40 ± 10, 20..60) to see what "
    "matters."
)
WEIGHTS = (
    "Each actor’s share of all weight (influence × salience) on each issue. An actor with a share of 20 %"
    " that moves by 10 moves the weighted mean by 2."
)
ROUNDS = (
    "Round by round, actors press those from whom they expect to gain. One game with every input at its mean, not "
    "the mean over draws of the numbers above."
)
TRADES = (
    "Pairs of actors who would both gain by each giving way on the issue that the other cares more about,"
    " in the position exchange model, and who pays for it. Shares are of draws; shifts are means over the draws "
    "with the trade."
)
BOUNDS = (
    "No method here knows vetoes, sequence, secrecy or a change of mind; all take the positions as "
    "sincere and the scale as given. Red lines are set against the numbers, not built into them."
)
CAUTION = (
    "The ranges hold 80 % of draws: what the inputs leave open, not how often such forecasts come true. "
    "Chance blurs the means by at most {:.2f} % of their scales (standard error)."
)
CAPTIONS = {
    "issues": "All issues: everything that was found, with red lines and weights",
    "weights": "Share of all weight by actor and issue, mean over draws",
    "trades": "The most rewarding trades: who gives way on what, in return for what, and who loses by it",
}
HEADS = {"widest_from": "widest input from", "widest_to": "to", "strongest_share": "largest weight"}


def chapter(result: BargainingResult) -> Chapter:
    """Tell a result: its answer, what else to know first, and its sections."""
    pulls = "Where do the parties pull each issue, ignoring who must consent?"
    return Chapter(
        lens="bargaining",
        question=pulls if result.consented else "Where would each issue settle?",
        rung=rung(result),
        rungs=tuple(rungs(result)),
        issues=tuple(
            IssueView(issue=row.id, value=row.mean, low80=row.low80, high80=row.high80)
            for row in result.settlements
        ),
        headlines=tuple(headlines(result)),
        overview=(_glance(result),),
        sections=tuple(_sections(result)),
        method=tuple(_method(result)),
        caution="" if result.record.exact else CAUTION.format(100 * _blur(result)),
    )


def _sections(result: BargainingResult) -> Iterator[Section]:
    """Yield all issues at a glance and who stands where, an annex where somebody must consent, and the annex."""
    consented = result.consented
    shown = result.settlements[:MOST_ISSUES]
    left = len(result.settlements) - len(shown)
    told = f"The first {len(shown)} issues are drawn; the table at a glance has all."
    rest = (Prose(text=told, quiet=True, on="page"),) if left else ()
    yield _at_a_glance(result)
    maps = (FigureBlock(figure=positions.figure(result, row), anchors=_anchors(result, row)) for row in shown)
    keys = Legend(items=tuple(_position_keys(result)))
    blocks: tuple[Block, ...] = (keys, *maps, *rest)
    yield Section(id="positions", title="Who stands where", intro=POSITIONS, blocks=blocks, annex=consented)
    yield from _changes(result, shown, rest)
    figures = (FigureBlock(figure=outcomes.figure(result, row)) for row in shown)
    keys = _legend(thick="50 %", medium="80 %", thin="95 % of draws", dot="mean", ring="baseline")
    screens = (block for row in result.settlements for block in _methods(result, row))
    issues = Details(summary="Table", blocks=(TableBlock(table=_issues(result), caption=CAPTIONS["issues"]),))
    blocks = (*screens, *_unanswered(result), keys, *figures, *rest, issues)
    yield Section(id="outcomes", title="The methods side by side", intro=OUTCOMES, blocks=blocks, annex=True)
    table = TableBlock(table=_weights(result), caption=CAPTIONS["weights"], shaded=True, on="page")
    votes = (
        s
        for i, by in result.stances.items()
        for s in power_of_votes_told(result.case, i, (o.actor for o in by))
    )
    intro = " ".join(dict.fromkeys((WEIGHTS, *votes)))
    yield Section(id="weights", title="Who weighs most", intro=intro, blocks=(table,), annex=True)
    if result.rounds:
        keys = Legend(
            items=(*_legend(thick="weighted median", dashed="its mean over draws").items, *_blocs(result))
        )
        figures = (FigureBlock(figure=rounds.figure(result, row.id)) for row in shown)
        title = "How the challenge model gets there"
        yield Section(id="rounds", title=title, intro=ROUNDS, blocks=(keys, *figures), annex=True)
    if result.trades:
        rewarding, of = _trades(result), result.trades_found or 0
        cut = f"; {len(rewarding.rows)} of {of:,} different ones" if of > len(rewarding.rows) else ""
        found = TableBlock(table=rewarding, caption=f"{CAPTIONS['trades']}{cut}", most=MOST_SCREEN_TRADES)
        found = found.model_copy(update={"screen": ("share", "gives", "in_return", "hurt")})
        lead = [Lead(text=one.sentence) for one in findings.most_rewarding(result)]
        title = "Trades by which both would gain"
        yield Section(id="trades", title=title, intro=TRADES, blocks=(*lead, found), annex=True)


def _at_a_glance(result: BargainingResult) -> Section:
    """Return the one figure and the one table that a reader needs, past errors beside them."""
    several = (_glance(result).model_copy(update={"on": "screen"}),) if len(result.settlements) > 1 else ()
    blocks = (
        *several,
        _legend(
            dot=result.noun,
            medium="80 % of draws",
            thin="from the lowest to the highest method",
            shade="past error",
            upright="no deal",
        ),
        FigureBlock(figure=glance.figure(result)),
        Prose(text=PAST, on="page"),
        Prose(text=BOUNDS, quiet=True, on="page"),
    )
    title = f"{'The pull of the parties' if result.consented else 'All issues'} at a glance"
    intro = f"{IGNORING} {GLANCE}" if result.consented else GLANCE
    return Section(id="glance", title=title, intro=intro, blocks=blocks, annex=result.consented)


def _changes(
    result: BargainingResult, shown: tuple[Settlement, ...], rest: tuple[Block, ...]
) -> Iterator[Section]:
    """Yield what scenarios and single inputs change, where a brief looked at them."""
    annex = result.consented
    if found := findings.moves(result):
        changed = [one for one in result.case.scenarios.values() if one.changes]
        counted = [f"{words.capital(words.counted(len(one.changes), 'change'))}." for one in changed]
        notes = tuple(
            (one.name, f"{one.note or ''} {count}".strip())
            for one, count in zip(changed, counted, strict=True)
        )
        keys = _legend(ring="as the case stands", dot="in the scenario", thin="80 % of the difference")
        blocks = (keys, FigureBlock(figure=scenarios.figure(result, found)), Notes(items=notes, on="page"))
        title = "What scenarios change"
        yield Section(id="scenarios", title=title, intro=SCENARIOS, blocks=blocks, annex=annex)
    title = f"What moves the {result.noun}"
    if result.tornado is not None and not result.record.exact:
        keys = _legend(low="input at its 10 % quantile", high="input at its 90 % quantile")
        figures = (FigureBlock(figure=tornado.figure(result, row)) for row in shown)
        yield Section(id="tornado", title=title, intro=TORNADO, blocks=(keys, *figures, *rest), annex=annex)
    elif result.record.exact:
        yield Section(id="tornado", title=title, blocks=(Prose(text=NO_DOUBT, on="page"),), annex=annex)


# --- one issue --------------------------------------------------------------------------------------


def _glance(result: BargainingResult) -> Gauges:
    """Return every issue on its own scale."""
    rows = tuple(_reading(result, row) for row in result.settlements)
    return Gauges(heads=("issue", f"o {result.noun}", "- 80 %", "| no deal"), rows=rows)


def _reading(result: BargainingResult, row: Settlement) -> Reading:
    of = result.case.issues[row.id]
    named = words.numbered(of)
    value, status = words.spot(row.mean, of) if named else words.position(row.mean, of), _status(result, row)
    return Reading(
        name=row.issue,
        value=value,
        unit="" if named else words.measured(row.mean, of).removeprefix(value).strip(),
        span=words.span(row.low80, row.high80, of) if row.low80 < row.high80 else "no doubt stated",
        beside=words.position(row.no_deal, of) if row.no_deal is not None else "",
        strip=_strip(result, row, result.forecast(row.id), alone=False),
        ends=(
            f"{words.anchor(of.low, of)} {of.scale[of.low]}",
            f"{words.anchor(of.high, of)} {of.scale[of.high]}",
        ),
        meaning="" if named else words.place(row.mean, of),
        status=status[0],
        tone=status[1],
    )


def _status(result: BargainingResult, row: Settlement) -> tuple[str, Tone]:
    """Return what stands in the way; where consent decides that, nothing is said here."""
    if row.blocked and not result.consented:
        return f"no deal is better for somebody in {words.percent(row.no_agreement or 0)} of draws", "warn"
    return (f"crosses {findings.crosses(row)}", "warn") if row.crossed else ("", "plain")


def _strip(result: BargainingResult, row: Settlement, one: Distribution, *, alone: bool = True) -> Strip:
    """Return a forecast on its issue's scale, with the baselines beside it or alone."""
    of = result.case.issues[row.id]
    low, high = one.intervals["80"]
    told = f"Scale from {words.position(of.low, of)} to {words.position(of.high, of)}: {result.noun} "
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
    named = {methods.METHODS[name]: one for name, one in result.issues[row.id].items()}
    named |= {f"({methods.BASELINES[name].lower()})": one for name, one in result.baselines[row.id].items()}
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
    alone = len(result.issues) == 1  # then the chapter's answer says it
    for finding in result.findings:
        if finding.id.endswith(f".{row.id}") and not (alone and finding.id.startswith("settles.")):
            said = words.capital(finding.sentence.removeprefix(f"{row.issue}: "))
            yield Prose(text=said, on="screen")
    for said in _no_forecast(result, row.id):
        yield Prose(text=said, on="screen")


def _no_forecast(result: BargainingResult, issue: str) -> list[str]:
    """Return by which methods an issue has no answer, and why."""
    skipped = result.skipped.get(issue, {})
    return [f"No answer by {methods.METHODS[method]}: {why}." for method, why in skipped.items()]


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
    yield Key(sign="band", text=f"{result.noun}, 80 % of draws")


# --- tables -----------------------------------------------------------------------------------------


def _issues(result: BargainingResult) -> Table:
    return replace(result.tables()["issues"], heads=HEADS)


def _weights(result: BargainingResult) -> Table:
    """Return, per actor, its share of the weight on each issue, those with the largest shares first."""
    pull = result.pull
    total = Counter[str]()
    for shares in pull.values():
        total.update({actor: one.position for actor, one in shares.items()})
    columns = {issue: f"share of all weight on {result.case.issues[issue].name}" for issue in pull}
    heads = {issue: result.case.issues[issue].name for issue in pull}
    rows = tuple(
        (
            result.case.actors[actor].name,
            *(shares[actor].position if actor in shares else None for shares in pull.values()),
        )
        for actor in sorted(total, key=lambda one: -total[one])
    )
    return Table("weights", {"actor": "name", **columns}, rows, heads)


def _trades(result: BargainingResult) -> Table:
    """Return the most rewarding trades in words."""
    actors, issues = result.case.actors, result.case.issues
    columns = {
        "gives": "actor, the issue on which it gives way, and the shift of the weighted mean there",
        "in_return": "the other actor, its issue, and the shift there",
        "share": "share of draws in which they trade",
        "gain": "what each of the two gains: salience × shift on a scale of 0 to 100",
        "hurt": "who loses most by it",
    }
    rows: list[tuple[Cell, ...]] = []
    for trade in (result.trades or ())[:MOST_TRADES]:
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
        told = f"{words.capital(methods.METHOD_NOTES[name])}. {methods.REFERENCES[name]}."
        chosen = _options(options.get(name, {}))
        yield methods.METHODS[name], f"{told} Options: {chosen}." if chosen else told
    yield methods.BASELINES["unweighted_mean"], f"A baseline: {methods.BASELINE_NOTES['unweighted_mean']}."
    yield methods.BASELINES["no_deal"], f"A baseline from the case: {methods.BASELINE_NOTES['no_deal']}."


def _options(options: dict[str, Any]) -> str:
    stated = {name: value for name, value in options.items() if value is not None}
    return ", ".join(
        f"{name.replace('_', ' ')} {str(value).replace('_', ' ').lower()}" for name, value in stated.items()
    )
