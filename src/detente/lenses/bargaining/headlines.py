"""What should a reader know first? One answer, and a handful of findings over all issues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from detente.lenses.bargaining.findings import (
    APART,
    RARE,
    crosses,
    finding,
    most_rewarding,
    moves,
    pulls_hardest,
    scenarios,
    settles,
)
from detente.lenses.bargaining.methods import IN_TEXT
from detente.lenses.bargaining.result import BargainingResult, Settlement
from detente.show import words
from detente.show.finding import Finding

FEW = 3  # places told with their meaning


def rung(result: BargainingResult) -> Finding:
    """Answer the lens's question in one or two sentences."""
    rows = result.settlements
    return _answer_to_one(result, rows[0]) if len(rows) == 1 else _answer_to_many(result, rows)


def _answer_to_one(result: BargainingResult, row: Settlement) -> Finding:
    said = settles(result, row)
    text, numbers = said.sentence, dict(said.numbers)
    if row.blocked and row.no_agreement is not None:
        numbers["no_agreement"] = row.no_agreement
        share = words.percent(row.no_agreement)
        text += f" But in {share} of draws nothing is better than no deal for everyone."
    elif row.crossed:
        numbers |= {"crossed": row.crossed, "crossing": row.crossing or 0.0}
        text += f" That crosses {crosses(row)}."
    return said.model_copy(
        update={"id": "answer", "sentence": text, "numbers": numbers, "table": "issues", "section": "glance"}
    )


def _answer_to_many(result: BargainingResult, rows: Sequence[Settlement]) -> Finding:
    """Sort the issues into open ones, ones that no deal settles better, and ones beyond a red line."""
    blocked = [row for row in rows if row.blocked]
    crossed = [row for row in rows if not row.blocked and row.crossed]
    free = [row for row in rows if not row.blocked and not row.crossed]
    every = words.counted(len(rows), "issue")
    if not any(row.red_lines or row.no_agreement is not None for row in rows):
        parts = [f"the {every} would settle at {_places(result, rows)}"]
    elif len(free) == len(rows):
        told = words.out_of(len(rows), len(rows), "issue")
        parts = [f"{told} look open to a settlement: {_places(result, rows)}; no forecast crosses a red line"]
    elif free:
        look = f"{words.count_word(len(free))} {'looks' if len(free) == 1 else 'look'} open to a settlement"
        parts = [f"of {every}, {look}: {_places(result, free)}"]
    else:
        parts = [f"{words.out_of(0, len(rows), 'issue')} looks open to a settlement"]
    if blocked:
        named = words.listed([row.issue for row in blocked], 5)
        parts.append(f"on {named}, no settlement beats no deal for everyone in most draws")
    if crossed:
        named = words.listed([f"{row.issue}{_often(row)}" for row in crossed], 5)
        parts.append(f"on {named}, the forecast crosses a red line")
    return finding(
        "answer",
        " ".join(f"{words.capital(part)}." for part in parts),
        {"issues": len(rows), "open": len(free), **{f"mean.{row.id}": row.mean for row in free}},
        tuple(f"stances.{row.id}.{row.strongest}.position" for row in rows),
        table="issues",
        section="glance",
    )


def _often(row: Settlement) -> str:
    return "" if row.crossing in (None, 1) else f" (in {words.percent(row.crossing or 0.0)} of draws)"


def _places(result: BargainingResult, rows: Sequence[Settlement]) -> str:
    issues = result.case.issues
    shown = [f"{row.issue} at {words.measured(row.mean, issues[row.id])}" for row in rows]
    if len(rows) > FEW:
        return words.listed(shown, 8)
    told = [f"{one}, {words.place(row.mean, issues[row.id])}" for one, row in zip(shown, rows, strict=True)]
    return "; ".join(told[:-1]) + "; and " * (len(told) > 1) + told[-1]


def headlines(result: BargainingResult) -> tuple[Finding, ...]:
    """Return the findings that lead the brief."""
    return tuple(_headlines(result, result.settlements))


def _headlines(result: BargainingResult, rows: Sequence[Settlement]) -> Iterator[Finding]:
    yield from _known_outcomes(result, rows)
    yield from _no_deal(rows)
    yield from _red_lines(result, rows)
    yield from _distance(result, rows)
    yield from _methods(result, rows)
    if found := moves(result):
        yield scenarios(result, found)
    yield from _input(result, rows)
    yield from _most_pull(result, rows)
    yield from most_rewarding(result)


def _known_outcomes(result: BargainingResult, rows: Sequence[Settlement]) -> Iterator[Finding]:
    """Where the case knows what happened, say how far the forecast was off, and which method was nearest."""
    for row in rows:
        if row.outcome is None or row.error is None or row.nearest is None or row.nearest_method is None:
            continue
        of, best = result.case.issues[row.id], ""
        off = words.change(row.error, of)
        how = f"off by {off}" if off.startswith(("+", words.MINUS)) else "there"
        numbers = {"outcome": row.outcome, "error": row.error}
        if row.nearest_method != row.method:
            numbers["nearest"] = row.nearest
            best = f"; nearest came {IN_TEXT[row.nearest_method]}, at {words.position(row.nearest, of)}"
        subject = "What happened" if len(rows) == 1 else f"What happened on {row.issue}"
        yield finding(
            f"outcome.{row.id}",
            f"{subject}: {words.figures(row.outcome, 4)}; the forecast was {how}{best}.",
            numbers,
            (f"issues.{row.id}.outcome",),
            table="issues",
            section="outcomes",
        )


def _no_deal(rows: Sequence[Settlement]) -> Iterator[Finding]:
    """Say where nothing is better than no deal, and how often."""
    known = [(row.no_agreement, row) for row in rows if row.no_agreement is not None]
    if not known:
        return
    often = sorted(((share, row) for share, row in known if share >= RARE), key=lambda one: -one[0])
    if often:
        shown = words.listed([f"{row.issue} ({words.percent(share)})" for share, row in often], 5)
        said = (
            f"Share of draws in which nothing is better than no deal for everyone (Nash bargaining): {shown}."
        )
    else:
        where = "Some" if len(rows) == 1 else "On every issue with a stated no-deal point, some"
        said = (
            f"{where} settlement is better for everyone than no deal in nearly every draw (Nash bargaining)."
        )
    yield finding(
        "no_agreement",
        said,
        {f"no_agreement.{row.id}": share for share, row in often[:5]},
        tuple(f"issues.{row.id}.no_deal" for _, row in often),
        table="issues",
        section="outcomes",
    )


def _red_lines(result: BargainingResult, rows: Sequence[Settlement]) -> Iterator[Finding]:
    """Say how many red lines the forecasts cross, and whose they are."""
    stated, crossed = sum(row.red_lines for row in rows), sum(row.crossed for row in rows)
    if not stated:
        return
    many, one = len(rows) > 1, "the one red line stated"
    if not crossed:
        told = one if stated == 1 else f"all {words.counted(stated, 'red line')} stated"
        said = f"The forecast{'s keep' if many else ' keeps'} to {told}."
    else:
        whose = Counter(actor for row in rows for actor in row.crossed_by).most_common()
        on = {
            actor: f" ({words.counted(count, 'issue')})" if many else _often(rows[0])
            for actor, count in whose
        }
        named = words.listed([f"{result.case.actors[actor].name}{where}" for actor, where in on.items()])
        told = one if stated == 1 else f"{crossed} of {stated} red lines"
        said = f"The forecast{'s cross' if many else ' crosses'} {told}: {named}."
    yield finding(
        "red_lines",
        said,
        {"red_lines": stated, "crossed": crossed},
        tuple(f"stances.{row.id}.{actor}.accepts" for row in rows for actor in row.crossed_by),
        table="issues",
        section="positions",
    )


def _distance(result: BargainingResult, rows: Sequence[Settlement]) -> Iterator[Finding]:
    """Say where an agreement would change most against no deal."""
    known = [(row.no_deal, row) for row in rows if row.no_deal is not None and not row.blocked]
    if not known:
        return
    no_deal, row = max(known, key=lambda one: abs(one[1].mean - one[0]) / one[1].width)
    of = result.case.issues[row.id]
    one, many = "An agreement would settle", f"An agreement would change {row.issue} most: it settles"
    here, there = words.position(row.mean, of), words.position(no_deal, of)
    yield finding(
        "distance",
        f"{one if len(rows) == 1 else many} at {here}, against {there} without one.",
        {"mean": row.mean, "no_deal": no_deal},
        (f"issues.{row.id}.no_deal",),
        table="issues",
        section="glance",
    )


def _methods(result: BargainingResult, rows: Sequence[Settlement]) -> Iterator[Finding]:
    compared = [row for row in rows if row.methods > 1]
    if not compared:
        return
    agreeing = [row for row in compared if row.spread <= APART * row.width]
    widest = max(compared, key=lambda row: row.spread / row.width)
    of = result.case.issues[widest.id]
    ends = f"from {words.position(widest.lowest, of)} to {words.position(widest.highest, of)}"
    numbers: dict[str, float] = {"lowest": widest.lowest, "highest": widest.highest}
    if len(compared) == 1:
        verb = "agree to within a tenth of the scale" if agreeing else "disagree"
        said = f"The {words.counted(widest.methods, 'method')} {verb}, {ends}."
    else:
        numbers |= {"agreeing": len(agreeing), "issues": len(compared)}
        where = words.out_of(len(agreeing), len(compared), "issue")
        said = (
            f"The methods agree to within a tenth of the scale on {where}; they part most on {widest.issue}, "
            f"{ends}."
        )
    yield finding("methods", said, numbers, table="issues", section="outcomes")


def _input(result: BargainingResult, rows: Sequence[Settlement]) -> Iterator[Finding]:
    """Say which input in doubt moves its forecast furthest along the scale."""
    row = max(rows, key=lambda one: one.swing)
    if result.record.exact:
        said = (
            "No input carries doubt, so there is no interval; that says nothing of how sure the forecast is."
        )
        yield finding("input", said, {}, table="issues", section="tornado")
    if row.widest_input is None or row.widest_from is None or row.widest_to is None or not result.tornado:
        return
    bar, of = result.tornado.bars[f"{row.id}.{row.method}"][0], result.case.issues[row.id]
    own = bar.path.split(".")[1] == row.id
    what = "the forecast" if len(rows) == 1 else "that forecast" if own else f"the forecast for {row.issue}"
    phrase, ends = words.input_phrase(result.case, bar.path), " to ".join(bar.ends)
    low, high = words.position(row.widest_from, of), words.position(row.widest_to, of)
    yield finding(
        "input",
        f"The doubt that matters most: {phrase} ({ends}) alone moves {what} between {low} and {high}.",
        {"widest_from": row.widest_from, "widest_to": row.widest_to},
        (bar.path,),
        table="issues",
        section="tornado",
    )


def _most_pull(result: BargainingResult, rows: Sequence[Settlement]) -> Iterator[Finding]:
    """Say who pulls hardest on most issues."""
    strongest = Counter(row.strongest for row in rows).most_common(1)[0][0]
    where = "" if len(rows) == 1 else " on {}"
    yield pulls_hardest(
        result, [row for row in rows if row.strongest == strongest], "pull", "", where, len(rows)
    )
