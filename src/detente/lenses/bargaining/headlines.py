"""What should a reader know first? One answer, and a handful of findings over all issues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from detente.lenses.bargaining.findings import (
    APART,
    RARE,
    alike,
    crosses,
    doubts,
    finding,
    most_rewarding,
    moves,
    pulls_hardest,
    scenarios,
    settles,
)
from detente.lenses.bargaining.methods import IN_TEXT
from detente.lenses.bargaining.result import SAME, BargainingResult, Settlement
from detente.show import words
from detente.show.finding import Finding
from detente.show.ladder import IssueView, Rung

FEW = 3  # places told with their meaning


def rung(result: BargainingResult) -> Finding:
    """Answer the lens's question in one or two sentences."""
    rows = result.settlements
    return _answer_to_one(result, rows[0]) if len(rows) == 1 else _answer_to_many(result, rows)


def rungs(result: BargainingResult) -> Iterator[Rung]:
    """Yield what the lens says on the ladder: where the parties pull, how sure that is, what to find out."""
    rows = result.settlements
    yield Rung(step="deal", finding=rung(result))
    yield Rung(step="sure", finding=doubts(result))
    yield from (Rung(step="record", finding=found) for found in _known_outcomes(result, rows))
    yield from (Rung(step="ask", finding=found) for found in _input(result, rows))


def views(result: BargainingResult) -> Iterator[IssueView]:
    """Yield where the pull of the parties puts each issue, which asks nobody's consent."""
    for row in result.settlements:
        yield IssueView(issue=row.id, value=row.mean, low80=row.low80, high80=row.high80)


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
        tuple(f"stances.{row.id}.{actor}.position" for row in rows for actor in row.strongest),
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
    farthest = max(abs(row.mean - no_deal) / row.width for no_deal, row in known)
    blur = {row.id: 2 * result.forecast(row.id).mc_error / row.width for _, row in known}
    most = [
        (no_deal, row)
        for no_deal, row in known
        if abs(row.mean - no_deal) / row.width >= farthest - max(blur[row.id], SAME)
    ]
    if 1 < len(most) == len(known):
        return  # an agreement would change all of them alike, as far as these draws can tell
    no_deal, row = most[0]
    of = result.case.issues[row.id]
    here, there = words.position(row.mean, of), words.position(no_deal, of)
    if len(rows) == 1 and here == there:
        return
    if len(most) > 1:
        told = f"An agreement would change {words.listed([one.issue for _, one in most], 5)} most."
    elif len(rows) == 1:
        told = f"An agreement would settle at {here}, against {there} without one."
    else:
        told = (
            f"An agreement would change {row.issue} most: it settles at {here}, against {there} without one."
        )
    yield finding(
        "distance",
        told,
        {} if len(most) > 1 else {"mean": row.mean, "no_deal": no_deal},
        tuple(f"issues.{one.id}.no_deal" for _, one in most),
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
        alike = [
            row
            for row in compared
            if row.spread / row.width >= widest.spread / widest.width - _blur(result, row)
        ]
        apart = f"; they part most on {widest.issue}, {ends}" if len(alike) == 1 else ""
        said = f"The methods agree to within a tenth of the scale on {where}{apart}."
    yield finding("methods", said, numbers, table="issues", section="outcomes")


def _blur(result: BargainingResult, row: Settlement) -> float:
    """Return how far chance may blur the distance of two methods, as a share of the scale."""
    errors = [one.mc_error for one in result.issues[row.id].values()]
    return 2 * max(errors) / row.width + SAME


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
    widest = [
        (one, bar)
        for one in rows
        if one.swing >= row.swing * (1 - SAME)
        for bar in alike(result.tornado.bars[f"{one.id}.{one.method}"])
    ]
    if len(widest) > 1:
        phrases = dict.fromkeys(words.input_phrase(result.case, bar.path) for _, bar in widest)
        share = words.percent(row.swing)
        yield finding(
            "input",
            f"The doubts that matter most, and alike: {words.listed(list(phrases))}; each alone moves its "
            f"forecast by {share} of the scale.",
            {},
            tuple(dict.fromkeys(bar.path for _, bar in widest)),
            table="issues",
            section="tornado",
        )
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
    """Say who pulls hardest on most issues; nothing where no more than one in several of equals does."""
    counted = Counter(actor for row in rows for actor in row.strongest)
    most = [actor for actor, count in counted.items() if count == max(counted.values())]
    own = [row for row in rows if most[0] in row.strongest]
    together = [row for row in own if set(row.strongest) == set(most)]
    where = "" if len(rows) == 1 else " on {}"
    if len(most) == 1 or len(together) == len(own):
        yield pulls_hardest(result, own, most, "pull", "", where, len(rows))
