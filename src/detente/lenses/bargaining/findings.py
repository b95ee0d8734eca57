"""What should a reader take away? Every sentence of the lens, once, with its numbers and the inputs it rests on.

`findings` are those of a result; the others are the titles of figures; those over all issues are in
``headlines.py``. Every number stands in the table that the finding names. Where rules of the case say who must
consent, an issue's forecast is the pull of the parties, and nothing here says that it would be agreed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from detente.case import Issue
from detente.lenses.bargaining.methods import IN_TEXT
from detente.lenses.bargaining.result import SAME, BargainingResult, Settlement, Standing
from detente.lenses.compare import Difference
from detente.lenses.tornado import Bar
from detente.show import words
from detente.show.finding import Finding

APART = 0.10  # methods differ when their means span more than this share of the scale
RARE = 0.05  # share of draws from which it is told that nothing beats no deal, or that a game finds no rest
NOTHING = 0.01  # of the scale: a move that is none
FEW = 3  # places told with their meaning
NO_BETTER = "no outcome is better than no deal for every actor"
RESTLESS = {"cap": "the median is still moving at the limit on rounds", "cycle": "an earlier state returns"}


def finding(
    id_: str,
    sentence: str,
    numbers: Mapping[str, float],
    drivers: Iterable[str] = (),
    *,
    table: str,
    section: str,
) -> Finding:
    """Return a finding."""
    numbers, drivers = dict(numbers), tuple(drivers)
    return Finding(id=id_, sentence=sentence, numbers=numbers, drivers=drivers, table=table, section=section)


def findings(result: BargainingResult) -> Iterator[Finding]:
    """Yield, per issue, its forecast, whether methods agree, whether no deal is better, and who weighs most."""
    for row in result.settlements:
        yield settles(result, row)
        if row.methods > 1 and row.spread > APART * row.width:
            yield methods(result, row)
        if row.no_agreement is not None and row.no_agreement >= RARE and not result.consented:
            yield no_agreement(row)
        if len(result.pull[row.id]) > 1:
            yield weighs_most(result, [row], row.strongest, f"pull.{row.id}", f"{row.issue}: ")
        yield from values(result, row)
    yield from most_rewarding(result)


# --- one issue --------------------------------------------------------------------------------------


def settles(result: BargainingResult, row: Settlement) -> Finding:
    """Say the forecast of an issue, how sure it is, and what the scale says there."""
    of, numbers, doubt = result.case.issues[row.id], {"mean": row.mean}, ""
    if row.low80 < row.high80:
        numbers |= {"low80": row.low80, "high80": row.high80}
        doubt = f" (80 % of draws {words.span(row.low80, row.high80, of)})"
    heaviest = sorted(result.stances[row.id], key=lambda one: -one.weight)
    said = "the pull of the parties is" if result.consented else "would settle at"
    return finding(
        f"settles.{row.id}",
        f"{row.issue}: {said} {_said(row.mean, of, doubt)}.",
        numbers,
        tuple(f"stances.{row.id}.{one.actor}.{one.wants}" for one in heaviest[:FEW]),
        table="forecasts",
        section="outcomes",
    )


def _said(value: float, of: Issue, doubt: str) -> str:
    """Return a value with its doubt and what the scale says there; only the latter where numbers are but names."""
    return (
        words.spot(value, of)
        if words.numbered(of)
        else f"{words.measured(value, of)}{doubt}, {words.place(value, of)}"
    )


def methods(result: BargainingResult, row: Settlement) -> Finding:
    """Say whether the methods agree on an issue."""
    of, agreement = result.case.issues[row.id], result.agreement[row.id]
    low, high = words.position(row.lowest, of), words.position(row.highest, of)
    numbers = {"lowest": row.lowest, "highest": row.highest}
    every = words.out_of(row.methods, row.methods, "method")
    if row.methods == 1:
        said = f"the {IN_TEXT[agreement.lowest]} puts it at {low}, {words.place(row.lowest, of)}"
    elif low == high:
        said = f"{every} put it at {low}"
    elif row.spread <= APART * row.width:
        said = f"{every} agree to within a tenth of the scale, from {low} to {high}"
    else:
        lowest, highest = IN_TEXT[agreement.lowest], IN_TEXT[agreement.highest]
        said = f"the methods disagree, from {low} ({lowest}) to {high} ({highest})"
    return finding(
        f"methods.{row.id}", f"{row.issue}: {said}.", numbers, table="forecasts", section="outcomes"
    )


def no_agreement(row: Settlement) -> Finding:
    """Say how often no outcome is better than no deal for all who have a stance, where that can be told."""
    share = row.no_agreement or 0.0
    return finding(
        f"no_agreement.{row.id}",
        f"{row.issue}: {often(share, '{} ')}{NO_BETTER} (Nash bargaining).",
        {"no_agreement": share},
        (f"issues.{row.id}.no_deal",),
        table="forecasts",
        section="outcomes",
    )


def outcomes(result: BargainingResult, row: Settlement) -> Finding:
    """Say whether the methods agree, and how often no outcome is better than no deal."""
    said = methods(result, row)
    if row.no_agreement is None or row.no_agreement < RARE:
        return said.model_copy(update={"id": f"outcomes.{row.id}", "table": "outcomes"})
    fails = no_agreement(row)
    return finding(
        f"outcomes.{row.id}",
        f"{said.sentence} {words.capital(fails.sentence.removeprefix(f'{row.issue}: '))}",
        {**said.numbers, **fails.numbers},
        fails.drivers,
        table="outcomes",
        section="outcomes",
    )


def positions(result: BargainingResult, row: Settlement) -> Finding:
    """Say whose red lines the forecast would cross or, where it crosses none, who is heaviest."""
    of, standing = result.case.issues[row.id], result.stances[row.id]
    name = {one.actor: result.case.actors[one.actor].name for one in standing}
    numbers: dict[str, float] = {"forecast": row.mean}
    at, by = words.position(row.mean, of), {one.actor: one for one in standing}
    crossed = [by[actor] for actor in row.crossed_by]
    if crossed:
        named = words.listed(
            [f"{name[one.actor]} ({_red_line(one, of)}{often(one.crossed, ', {}')})" for one in crossed], 3
        )
        numbers["crossed"] = row.crossed
        numbers |= {f"share.{one.actor}": one.crossed for one in crossed if one.crossed is not None}
        for one in crossed:
            ends = {"lower": one.accepts_from, "upper": one.accepts_to}
            numbers |= {f"{side}.{one.actor}": end for side, end in ends.items() if end is not None}
        said = f"the {result.noun} of {at} crosses {words.counted(row.crossed, 'red line')}: {named}"
    elif len(standing) == 1:
        said = f"only {name[row.strongest[0]]} has a stance, so the {result.noun} is that position, {at}"
    else:
        below = sum(one.position < row.mean for one in standing)
        numbers |= {"share": row.strongest_share, "below": below, "actors": len(standing)}
        who = words.listed([name[actor] for actor in row.strongest], FEW)
        each = " each" if len(row.strongest) > 1 else ""
        share = f"{words.percent(row.strongest_share)} of it{each}"
        where = words.capital(words.out_of(below, len(standing), "actor"))
        verb = "stand" if below > 1 else "stands"
        said = f"most weight lies with {who}, {share}. {where} {verb} below the {result.noun} of {at}"
        if row.red_lines:
            numbers["red_lines"] = row.red_lines
            none = words.out_of(0, row.red_lines, "stated red line")
            said += f", which crosses {none if row.red_lines > 1 else 'no red line'}"
    if idle := [one for one in standing if one.crossed is not None and not one.has_say]:
        lines = words.listed([f"{name[one.actor]} ({_red_line(one, of)})" for one in idle], 3)
        said += f". Red lines that decide nothing, of actors without a say: {lines}"
    return finding(
        f"positions.{row.id}",
        f"{row.issue}: {said}.",
        numbers,
        tuple(f"stances.{row.id}.{one.actor}.accepts" for one in crossed),
        table="positions",
        section="positions",
    )


def values(result: BargainingResult, row: Settlement) -> Iterator[Finding]:
    """Say where those stand who value each settlement by itself, if there are any."""
    valued = [one for one in result.stances[row.id] if one.valued]
    if valued:
        who = words.listed([result.case.actors[one.actor].name for one in valued], FEW)
        said = f"{who} {'values' if len(valued) == 1 else 'value'} each settlement by itself"
        said += ", and counts as wanting the best" if len(valued) == 1 else ", and count as wanting the best"
        said += "; only Nash bargaining uses the other values" if "nash" in result.issues[row.id] else ""
        yield finding(
            f"values.{row.id}",
            f"{row.issue}: {said}.",
            {f"position.{one.actor}": one.position for one in valued},
            tuple(f"stances.{row.id}.{one.actor}.values" for one in valued),
            table="positions",
            section="positions",
        )


def often(share: float | None, form: str) -> str:
    """Return in what share of the draws something is so, in some form of words, where not in all."""
    return "" if share in (None, 1) else form.format(f"in {words.percent(share or 0.0)} of draws")


def crosses(row: Settlement) -> str:
    """Return how many red lines the forecast of an issue crosses, and in what share of the draws any."""
    return f"{words.counted(row.crossed, 'red line')}{often(row.crossing or 0.0, ' {}')}"


def _red_line(one: Standing, of: Issue) -> str:
    return words.red_line(one.accepts_from, one.accepts_to, of)


def tornado(result: BargainingResult, row: Settlement) -> Finding:
    """Say which input matters most on an issue, and how far it alone moves the forecast."""
    if result.tornado is None:
        raise ValueError("the inputs were not moved")
    of, outcome = result.case.issues[row.id], f"{row.id}.{row.method}"
    bars, centre = result.tornado.bars[outcome], result.tornado.centre[outcome]
    equal = alike(bars) if bars else []
    numbers = {"centre": centre}
    if bars:
        numbers = {name: getattr(bars[0], name) for name in ("low_input", "high_input", "at_low", "at_high")}
    phrases = [words.input_phrase(result.case, one.path, row.id) for one in equal]
    if not bars:
        said = f"no input in doubt moves the {result.noun} from {words.position(centre, of)}"
    elif len(equal) > 1:
        by = words.position(abs(bars[0].at_high - bars[0].at_low), of)
        said = (
            f"{words.listed(phrases, FEW)} matter most and alike; each alone moves the {result.noun} by {by}"
        )
    else:
        low, high = (words.position(end, of) for end in sorted((bars[0].at_low, bars[0].at_high)))
        ends = " to ".join(bars[0].ends)
        said = (
            f"{phrases[0]} matters most ({ends}); alone it moves the {result.noun} between {low} and {high}"
        )
    drivers = tuple(one.path for one in equal)
    return finding(
        f"tornado.{row.id}", f"{row.issue}: {said}.", numbers, drivers, table="tornado", section="tornado"
    )


def alike(bars: Sequence[Bar]) -> list[Bar]:
    """Return the first of some bars, the widest first, and those that are as wide."""
    widths = [abs(bar.at_high - bar.at_low) for bar in bars]
    return [bar for bar, width in zip(bars, widths, strict=True) if width >= widths[0] * (1 - SAME)]


def rounds(result: BargainingResult, issue: str) -> Finding:
    """Say how far the weighted median moves in how many rounds, and how often it finds no rest."""
    played, of = result.rounds[issue], result.case.issues[issue]
    start, end, last = played.median[0], played.median[-1], len(played.median) - 1
    length, here, there = words.counted(last, "round"), words.position(start, of), words.position(end, of)
    said = (
        f"Challenges leave the weighted median at {there} ({length})."
        if here == there
        else f"Challenges move the weighted median from {here} to {there} in {length}."
    )
    numbers: dict[str, float] = {"start": start, "end": end, "rounds": last}
    for reason, told in RESTLESS.items():
        share = played.stopped.get(reason, 0.0)
        if share >= RARE:
            numbers[reason] = share
            said += f" In {words.percent(share)} of draws {told}."
    return finding(
        f"rounds.{issue}",
        f"{of.name}: {said}",
        numbers,
        tuple(f"stances.{issue}.{one.actor}.{one.wants}" for one in result.stances[issue]),
        table="rounds",
        section="rounds",
    )


# --- scenarios --------------------------------------------------------------------------------------


class Move(NamedTuple):
    """One issue in one scenario: its forecast as the case stands, and what the scenario changes."""

    issue: str
    scenario: str
    base: float
    difference: Difference


def moves(result: BargainingResult) -> tuple[Move, ...]:
    """Return every issue's move in every scenario that still has the issue, by the method that leads there."""
    study = result.comparison
    if study is None:
        return ()
    versions = {
        issue: study.differences.get(f"{issue}.{result.leading(issue)}", {}) for issue in result.issues
    }
    return tuple(
        Move(issue, label, found[study.base].value, found[label])
        for issue, found in versions.items()
        for label in study.labels[1:]
        if label in found
    )


def scenarios(result: BargainingResult, found: Sequence[Move]) -> Finding:
    """Say which scenario changes which issue most; there must be at least one move."""
    width = {issue: of.high - of.low for issue, of in result.case.issues.items()}
    most = max(found, key=lambda move: abs(move.difference.mean) / width[move.issue])
    of, scenario, d = result.case.issues[most.issue], result.case.scenarios[most.scenario], most.difference
    numbers, drivers = {}, tuple(scenario.changes)
    if abs(d.mean) / width[most.issue] < NOTHING:
        said, drivers = "No scenario moves any issue by a hundredth of its scale.", ()
    else:
        low, high = d.intervals["80"]
        numbers, doubt = {"difference": d.mean, "forecast": d.value}, ""
        if low < high:
            numbers |= {"low80": low, "high80": high}
            doubt = f" (80 % of draws {words.span_of_change(low, high, of)})"
        by, to = words.change(d.mean, of), words.position(d.value, of)
        said = f"“{scenario.name}” moves {of.name} most: by {by}{doubt}, to {to}."
    return finding("scenarios", said, numbers, drivers, table="scenarios", section="scenarios")


# --- several issues -------------------------------------------------------------------------------


def weighs_most(
    result: BargainingResult,
    rows: Sequence[Settlement],
    actors: Sequence[str],
    id_: str,
    subject: str,
    where: str = "",
    of: int = 1,
) -> Finding:
    """Say which actor has most weight on some issues, or which have the same, with what share of all weight."""
    shares = [result.pull[row.id][actors[0]].position for row in rows]
    low, high = (f"{round(100 * share)}" for share in (min(shares), max(shares)))
    share = (
        words.percent(shares[0]) if len(shares) == 1 else f"{low} %" if low == high else f"{low} to {high} %"
    )
    on = where.format(words.out_of(len(rows), of, "issue"))
    paths = {one.actor: one.influence_path for row in rows for one in result.stances[row.id]}
    who = words.listed([result.case.actors[actor].name for actor in actors], FEW)
    each = " each" if len(actors) > 1 else ""
    return finding(
        id_,
        f"{subject}{'most' if subject else 'Most'} weight{on} lies with {who}, {share} of it{each}.",
        {"lowest_share": min(shares), "highest_share": max(shares)},
        (
            *(f"stances.{row.id}.{actor}.salience" for row in rows for actor in actors),
            *(paths[actor] for actor in actors),
        ),
        table="pull",
        section="weights",
    )


def most_rewarding(result: BargainingResult) -> Iterator[Finding]:
    """Say which trade brings the two traders most, and who pays for it."""
    for trade in (result.trades or ())[:1]:
        actors, issues = result.case.actors, result.case.issues
        hurt = next(iter(trade.hurt), None)
        who = f" It costs {actors[hurt].name} most." if hurt else ""
        first = f"a concession by {actors[trade.first].name} on {issues[trade.gives_first].name}"
        second = f"one by {actors[trade.second].name} on {issues[trade.gives_second].name}"
        how_often = often(trade.share, "{}") or "made in every draw"
        if cut := result.trades_broken_off:
            who += f" Trading was broken off {often(cut, '{}') or 'in every draw'}, before it had ended."
        yield finding(
            "trade",
            f"The most rewarding trade ({how_often}): {first}, for {second}.{who}",
            {"share": trade.share},
            (
                f"stances.{trade.gives_first}.{trade.first}.salience",
                f"stances.{trade.gives_second}.{trade.second}.salience",
            ),
            table="trades",
            section="trades",
        )
