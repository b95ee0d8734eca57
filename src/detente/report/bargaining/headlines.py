"""What should a reader know first? One answer, and a handful of findings, each true on its numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from detente.case import Case
from detente.lenses import Comparison, Tornado
from detente.lenses.bargaining.result import BargainingResult
from detente.report.bargaining.facts import ForecastRow
from detente.report.figures import outcomes, scenarios
from detente.show import words
from detente.show.finding import Finding

Rows = Sequence[ForecastRow]
FEW = 3  # places told with their meaning


def answer(case: Case, rows: Rows) -> Finding:
    """Return the answer to the case's question in one or two sentences."""
    return _answer_to_one(case, rows[0]) if len(rows) == 1 else _answer_to_many(case, rows)


def _answer_to_one(case: Case, row: ForecastRow) -> Finding:
    of = case.issues[row.issue]
    numbers = {"mean": row.mean}
    doubt = ""
    if row.low80 < row.high80:
        numbers |= {"low80": row.low80, "high80": row.high80}
        doubt = f" (80 % of draws {words.span(row.low80, row.high80, of)})"
    text = f"{row.name}: settles at {words.measured(row.mean, of)}{doubt}, {row.meaning}."
    if row.blocked and row.no_agreement is not None:
        numbers["no_agreement"] = row.no_agreement
        text += (
            f" But in {words.percent(row.no_agreement)} of draws nothing is better than no deal for everyone."
        )
    elif row.crossed:
        numbers["crossed"] = row.crossed
        text += f" That crosses {words.counted(row.crossed, 'red line')}."
    return Finding(id="answer", sentence=text, numbers=numbers, table="issues")


def _answer_to_many(case: Case, rows: Rows) -> Finding:
    """Sort the issues into open ones, ones that no deal settles better, and ones beyond a red line."""
    blocked = [row for row in rows if row.blocked]
    crossed = [row for row in rows if not row.blocked and row.crossed]
    free = [row for row in rows if not row.blocked and not row.crossed]
    every = words.counted(len(rows), "issue")
    numbers: dict[str, float] = {"issues": len(rows), "open": len(free)}
    if not any(row.red_lines or row.no_agreement is not None for row in rows):
        parts = [f"the {every} would settle at {_places(case, rows)}"]
        numbers |= {f"mean.{row.issue}": row.mean for row in rows}
    elif len(free) == len(rows):
        told = words.out_of(len(rows), len(rows), "issue")
        parts = [f"{told} look open to a settlement: {_places(case, rows)}; no forecast crosses a red line"]
        numbers |= {f"mean.{row.issue}": row.mean for row in rows}
    else:
        if free:
            verb = "looks" if len(free) == 1 else "look"
            parts = [
                f"of {every}, {words.count_word(len(free))} {verb} open to a settlement: "
                f"{_places(case, free)}"
            ]
            numbers |= {f"mean.{row.issue}": row.mean for row in free}
        else:
            parts = [f"{words.out_of(0, len(rows), 'issue')} looks open to a settlement"]
        if blocked:
            named = words.listed([row.name for row in blocked], 5)
            parts.append(f"on {named}, no settlement beats no deal for everyone in most draws")
        if crossed:
            named = words.listed([row.name for row in crossed], 5)
            parts.append(f"on {named}, the forecast crosses a red line")
    told = " ".join(f"{words.capital(part)}." for part in parts)
    return Finding(id="answer", sentence=told, numbers=numbers, table="issues")


def _places(case: Case, rows: Rows) -> str:
    shown = [f"{row.name} at {words.measured(row.mean, case.issues[row.issue])}" for row in rows]
    if len(rows) <= FEW:
        shown = [f"{one}, {row.meaning}" for one, row in zip(shown, rows, strict=True)]
        return "; ".join(shown[:-1]) + "; and " * (len(shown) > 1) + shown[-1]
    return words.listed(shown, 8)


def headlines(
    case: Case, result: BargainingResult, rows: Rows, study: Tornado, comparison: Comparison | None
) -> tuple[Finding, ...]:
    """Return the findings that lead the brief, each with the table that holds its numbers."""
    return tuple(_headlines(case, result, rows, study, comparison))


def _headlines(
    case: Case, result: BargainingResult, rows: Rows, study: Tornado, comparison: Comparison | None
) -> Iterator[Finding]:
    yield from _known_outcomes(case, rows)
    yield from _no_deal(rows)
    yield from _red_lines(case, rows)
    yield from _distance(case, rows)
    yield from _methods(case, rows)
    if comparison is not None:
        found = scenarios.moves(comparison, result)
        if found:
            yield scenarios.finding(case, found)
    yield from _input(case, result, rows, study)
    yield from _pull(case, result, rows)
    yield from (finding for finding in result.findings if finding.id == "trade")


def _known_outcomes(case: Case, rows: Rows) -> Iterator[Finding]:
    """Where the case knows what happened, say how far the forecast was off, and which method was nearest."""
    for row in rows:
        if row.outcome is None or row.error is None or row.nearest is None or row.nearest_method is None:
            continue
        of = case.issues[row.issue]
        off = words.change(row.error, of)
        how = f"off by {off}" if off.startswith(("+", words.MINUS)) else "there"
        numbers = {"outcome": row.outcome, "error": row.error}
        best = ""
        if row.nearest_method != row.method:
            numbers["nearest"] = row.nearest
            name = words.IN_TEXT[row.nearest_method]
            best = f"; nearest came {name}, at {words.position(row.nearest, of)}"
        subject = "What happened" if len(rows) == 1 else f"What happened on {row.name}"
        yield Finding(
            id=f"outcome.{row.issue}",
            sentence=f"{subject}: {words.figures(row.outcome, 4)}; the forecast was {how}{best}.",
            numbers=numbers,
            drivers=(f"issues.{row.issue}.outcome",),
            table="issues",
        )


def _no_deal(rows: Rows) -> Iterator[Finding]:
    """Say where nothing is better than no deal, and how often."""
    known = [row for row in rows if row.no_agreement is not None]
    if not known:
        return
    often = sorted(
        (row for row in known if (row.no_agreement or 0) >= outcomes.RARE),
        key=lambda row: -(row.no_agreement or 0),
    )
    if not often:
        where = "Some" if len(rows) == 1 else "On every issue with a stated no-deal point, some"
        yield Finding(
            id="no_agreement",
            sentence=f"{where} settlement is better for everyone than no deal in nearly every draw "
            "(Nash bargaining).",
            numbers={},
            table="issues",
        )
        return
    shown = words.listed([f"{row.name} ({words.percent(row.no_agreement or 0)})" for row in often], 5)
    yield Finding(
        id="no_agreement",
        sentence="Share of draws in which nothing is better than no deal for everyone (Nash bargaining): "
        f"{shown}.",
        numbers={f"no_agreement.{row.issue}": row.no_agreement or 0.0 for row in often[:5]},
        drivers=tuple(f"issues.{row.issue}.no_deal" for row in often),
        table="issues",
    )


def _red_lines(case: Case, rows: Rows) -> Iterator[Finding]:
    """Say how many red lines the forecasts cross, and whose they are."""
    stated, crossed = sum(row.red_lines for row in rows), sum(row.crossed for row in rows)
    if not stated:
        return
    many = len(rows) > 1
    if not crossed:
        told = "the one red line stated" if stated == 1 else f"all {words.counted(stated, 'red line')} stated"
        sentence = f"The forecast{'s keep' if many else ' keeps'} to {told}."
    else:
        whose = Counter(actor for row in rows for actor in row.crossed_by).most_common()
        named = [
            f"{case.actors[actor].name} ({words.counted(count, 'issue')})"
            if many
            else case.actors[actor].name
            for actor, count in whose
        ]
        told = "the one red line stated" if stated == 1 else f"{crossed} of {stated} red lines"
        sentence = f"The forecast{'s cross' if many else ' crosses'} {told}: {words.listed(named)}."
    yield Finding(
        id="red_lines",
        sentence=sentence,
        numbers={"red_lines": stated, "crossed": crossed},
        drivers=tuple(f"stances.{row.issue}.{actor}.accepts" for row in rows for actor in row.crossed_by),
        table="issues",
    )


def _distance(case: Case, rows: Rows) -> Iterator[Finding]:
    """Say where an agreement would change most against no deal."""
    known = [row for row in rows if row.no_deal is not None and not row.blocked]
    if not known:
        return
    row = max(known, key=lambda one: abs(one.mean - (one.no_deal or 0.0)) / one.width)
    no_deal, of = row.no_deal or 0.0, case.issues[row.issue]
    here, there = words.position(row.mean, of), words.position(no_deal, of)
    most = "An agreement" if len(rows) == 1 else f"An agreement would change {row.name} most: it"
    tense = "would settle" if len(rows) == 1 else "settles"
    yield Finding(
        id="distance",
        sentence=f"{most} {tense} at {here}, against {there} without one.",
        numbers={"mean": row.mean, "no_deal": no_deal},
        drivers=(f"issues.{row.issue}.no_deal",),
        table="issues",
    )


def _methods(case: Case, rows: Rows) -> Iterator[Finding]:
    compared = [row for row in rows if row.methods > 1]
    if not compared:
        return
    agreeing = [row for row in compared if row.spread <= outcomes.APART * row.width]
    widest = max(compared, key=lambda row: row.spread / row.width)
    of = case.issues[widest.issue]
    ends = f"from {words.position(widest.lowest, of)} to {words.position(widest.highest, of)}"
    numbers: dict[str, float] = {"lowest": widest.lowest, "highest": widest.highest}
    if len(compared) == 1:
        verb = "agree to within a tenth of the scale" if agreeing else "disagree"
        sentence = f"The {words.counted(widest.methods, 'method')} {verb}, {ends}."
    else:
        numbers |= {"agreeing": len(agreeing), "issues": len(compared)}
        where = words.out_of(len(agreeing), len(compared), "issue")
        sentence = (
            f"The methods agree to within a tenth of the scale on {where}; they part most on {widest.name}, "
            f"{ends}."
        )
    yield Finding(id="methods", sentence=sentence, numbers=numbers, table="issues")


def _input(case: Case, result: BargainingResult, rows: Rows, study: Tornado) -> Iterator[Finding]:
    row = max(rows, key=lambda one: one.swing)
    if row.widest_input is None:
        if not result.record.exact:
            return
        yield Finding(
            id="input",
            sentence="No input carries doubt, so there is no interval; that says nothing of how sure the "
            "forecast is.",
            numbers={},
            table="issues",
        )
        return
    bar, of = study.bars[f"{row.issue}.{row.method}"][0], case.issues[row.issue]
    low, high = sorted((bar.at_low, bar.at_high))
    asked = " to ".join(words.input_value(case, bar.path, end) for end in (bar.low_input, bar.high_input))
    own = bar.path.split(".")[1] == row.issue
    phrase = words.input_phrase(case, bar.path)
    what = "the forecast" if len(rows) == 1 else "that forecast" if own else f"the forecast for {row.name}"
    yield Finding(
        id="input",
        sentence=f"The doubt that matters most: {phrase} ({asked}) alone moves {what} between "
        f"{words.position(low, of)} and {words.position(high, of)}.",
        numbers={"widest_from": low, "widest_to": high},
        drivers=(bar.path,),
        table="issues",
    )


def _pull(case: Case, result: BargainingResult, rows: Rows) -> Iterator[Finding]:
    strongest = Counter(row.strongest for row in rows)
    actor, count = strongest.most_common(1)[0]
    shares = [result.pull[row.issue][actor].position for row in rows if row.strongest == actor]
    name = case.actors[actor].name
    numbers = {"lowest_share": min(shares), "highest_share": max(shares)}
    if len(rows) == 1:
        where, share = "", words.percent(shares[0])
    else:
        numbers["issues"] = count
        where = f" on {words.out_of(count, len(rows), 'issue')}"
        low, high = (f"{round(100 * share)}" for share in (min(shares), max(shares)))
        share = f"{low} %" if low == high else f"{low} to {high} %"
    yield Finding(
        id="pull",
        sentence=f"{name} pulls hardest{where}, with {share} of all weight.",
        numbers=numbers,
        drivers=tuple(f"stances.{row.issue}.{actor}.salience" for row in rows if row.strongest == actor),
        table="pull",
    )
