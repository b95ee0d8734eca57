"""What should a reader know first? One answer, and a handful of findings over all issues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from detente.case import Issue
from detente.lenses.bargaining import findings
from detente.lenses.bargaining.methods import IN_TEXT
from detente.lenses.bargaining.result import SAME, BargainingResult, Settlement
from detente.show import words
from detente.show.finding import Finding
from detente.show.ladder import Rung, Step

NAMED = 8  # issues that the answer names
NOT_AN_ANSWER = "It says how hard they pull, not what they could agree on."
PAST = (
    "On past decisions of the European Union whose outcome is known, forecasts from positions and weights were "
    "off by about 23 points of 100 on average; no method did better (DEU III data)."
)


def rung(result: BargainingResult) -> Finding:
    """Answer the lens's question in a few sentences."""
    rows = result.settlements
    return _answer_to_one(result, rows[0]) if len(rows) == 1 else _answer_to_many(result, rows)


def rungs(result: BargainingResult) -> Iterator[Rung]:
    """Yield what the lens says on the ladder; where somebody must consent only how good such numbers have been."""
    rows = result.settlements
    if not result.consented:
        yield Rung(step="deal", finding=rung(result))
        if found := findings.moves(result):
            yield Rung(step="change", finding=findings.scenarios(result, found))
        yield Rung(step="sure", finding=agreement(result))
        step: Step = "sure" if result.record.exact else "ask"
        yield from (Rung(step=step, finding=one) for one in _input(result, rows))
    yield from (Rung(step="record", finding=one) for one in _known_outcomes(result, rows))


def _answer_to_one(result: BargainingResult, row: Settlement) -> Finding:
    said = findings.settles(result, row)
    text, numbers = said.sentence, dict(said.numbers)
    if result.consented:
        pull = "the pull of the parties"
        text = f"{text.replace(pull, f'{pull}, ignoring who must consent,')} {NOT_AN_ANSWER}"
    elif row.blocked and row.no_agreement is not None:
        numbers["no_agreement"] = row.no_agreement
        text += f" But {findings.often(row.no_agreement, '{} ')}{findings.NO_BETTER}."
    elif row.crossed:
        numbers |= {"crossed": row.crossed, "crossing": row.crossing or 0.0}
        text += f" That crosses {findings.crosses(row)}."
    return said.model_copy(
        update={"id": "answer", "sentence": text, "numbers": numbers, "table": "issues", "section": "glance"}
    )


def _answer_to_many(result: BargainingResult, rows: Sequence[Settlement]) -> Finding:
    """Say the forecast of every issue; where nobody must consent, also what stands in its way."""
    issues = result.case.issues
    places = [f"{row.issue} {words.spot(row.mean, issues[row.id])}" for row in rows]
    if result.consented:
        parts = [f"Ignoring who must consent, the parties pull towards: {words.listed(places, NAMED)}."]
        parts.append(NOT_AN_ANSWER)
    else:
        if len(rows) <= findings.FEW:
            places = [
                f"{one}{_meaning(row.mean, issues[row.id])}" for one, row in zip(places, rows, strict=True)
            ]
        told = "; ".join(places) if len(rows) <= findings.FEW else words.listed(places, NAMED)
        parts = [f"If each issue were decided by itself, this is where it would settle: {told}."]
        blocked = [row.issue for row in rows if row.blocked]
        crossed = [
            f"{row.issue}{findings.often(row.crossing, ' ({})')}"
            for row in rows
            if row.crossed and not row.blocked
        ]
        if blocked:
            parts.append(f"On {words.listed(blocked, 5)}, in most draws {findings.NO_BETTER}.")
        if crossed:
            parts.append(f"On {words.listed(crossed, 5)}, the forecast crosses a red line.")
    return findings.finding(
        "answer",
        " ".join(parts),
        {"issues": len(rows), **{f"mean.{row.id}": row.mean for row in rows}},
        tuple(
            f"stances.{row.id}.{one.actor}.{one.wants}"
            for row in rows
            for one in result.stances[row.id]
            if one.actor in row.strongest
        ),
        table="issues",
        section="glance",
    )


def _meaning(value: float, issue: Issue) -> str:
    """Return what a value means: in the words of its scale where these tell more than that it is within it."""
    told = words.place(value, issue)
    if words.numbered(issue):
        return ""
    if len(issue.scale) > 2 or told.startswith("at "):
        return f", {told}"
    return f" on a scale from {words.anchor(issue.low, issue)} to {words.anchor(issue.high, issue)}"


def headlines(result: BargainingResult) -> Iterator[Finding]:
    """Yield the findings that lead the chapter."""
    rows = result.settlements
    yield from _known_outcomes(result, rows)
    yield from _red_lines(result, rows)
    if any(row.methods > 1 for row in rows):
        yield agreement(result)
    if found := findings.moves(result):
        yield findings.scenarios(result, found)
    yield from _input(result, rows)
    yield from _most_weight(result, rows)


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
            best = f"; nearest came the {IN_TEXT[row.nearest_method]}, at {words.position(row.nearest, of)}"
        subject = "What happened" if len(rows) == 1 else f"What happened on {row.issue}"
        yield findings.finding(
            f"outcome.{row.id}",
            f"{subject}: {words.figures(row.outcome, 4)}; the {result.noun} was {how}{best}.",
            numbers,
            (f"issues.{row.id}.outcome",),
            table="issues",
            section="glance",
        )


def _red_lines(result: BargainingResult, rows: Sequence[Settlement]) -> Iterator[Finding]:
    """Say how many red lines the forecasts cross, and whose they are."""
    stated, crossed = sum(row.red_lines for row in rows), sum(row.crossed for row in rows)
    if not stated:
        return
    many = len(rows) > 1 and not result.consented
    it = "The pull of the parties" if result.consented else f"The forecast{'s' if many else ''}"
    verb = "cross" if many else "crosses"
    if not crossed:
        none = words.out_of(0, stated, "red line") + " stated" if stated > 1 else "no red line"
        said = f"{it} {verb} {none}."
    else:
        whose = Counter(actor for row in rows for actor in row.crossed_by).most_common()
        on = {
            actor: f" ({words.counted(count, 'issue')})"
            if len(rows) > 1
            else findings.often(rows[0].crossing, " ({})")
            for actor, count in whose
        }
        named = words.listed([f"{result.case.actors[actor].name}{where}" for actor, where in on.items()])
        told = "the only red line stated" if stated == 1 else words.out_of(crossed, stated, "red line")
        said = f"{it} {verb} {told}: {named}."
    yield findings.finding(
        "red_lines",
        said,
        {"red_lines": stated, "crossed": crossed},
        tuple(f"stances.{row.id}.{actor}.accepts" for row in rows for actor in row.crossed_by),
        table="issues",
        section="positions",
    )


def agreement(result: BargainingResult) -> Finding:
    """Say on how many issues the methods agree, and where they part most."""
    rows = result.settlements
    compared = [row for row in rows if row.methods > 1] or rows
    widest = max(compared, key=lambda row: row.spread / row.width)
    if len(compared) == 1:
        said = findings.methods(result, widest)
        text = (
            words.capital(said.sentence.removeprefix(f"{widest.issue}: "))
            if len(rows) == 1
            else said.sentence
        )
        return said.model_copy(
            update={"id": "methods", "sentence": text, "table": "issues", "section": "glance"}
        )
    of = result.case.issues[widest.id]
    numbers: dict[str, float] = {"lowest": widest.lowest, "highest": widest.highest}
    agreeing = [row for row in compared if row.spread <= findings.APART * row.width]
    numbers |= {"agreeing": len(agreeing), "issues": len(compared)}
    where = words.out_of(len(agreeing), len(compared), "issue")
    apart = widest.spread / widest.width
    most = [row for row in compared if row.spread / row.width >= apart - _blur(result, row)]
    ends = f"from {words.position(widest.lowest, of)} to {words.position(widest.highest, of)}"
    told = f"; they part most on {widest.issue}, {ends}" if len(most) == 1 else ""
    said_ = f"The methods agree to within a tenth of the scale on {where}{told}."
    return findings.finding("methods", said_, numbers, table="issues", section="glance")


def _blur(result: BargainingResult, row: Settlement) -> float:
    """Return how far chance may blur the distance of two methods, as a share of the scale."""
    errors = [one.mc_error for one in result.issues[row.id].values()]
    return 2 * max(errors) / row.width + SAME


def _input(result: BargainingResult, rows: Sequence[Settlement]) -> Iterator[Finding]:
    """Say which input in doubt moves its forecast furthest along the scale."""
    row, noun = max(rows, key=lambda one: one.swing), result.noun
    if result.record.exact:
        said = (
            f"No input carries doubt, so there is no interval; that says nothing of how sure the {noun} is."
        )
        yield findings.finding("input", said, {}, table="issues", section="tornado")
    if row.widest_input is None or row.widest_from is None or row.widest_to is None or not result.tornado:
        return
    widest = [
        (one, bar)
        for one in rows
        if one.swing >= row.swing * (1 - SAME)
        for bar in findings.alike(result.tornado.bars[f"{one.id}.{one.method}"])
    ]
    phrases = list(dict.fromkeys(words.input_phrase(result.case, bar.path) for _, bar in widest))
    numbers: dict[str, float] = {}
    if len(widest) > 1:
        share = words.percent(row.swing)
        said = f"The doubts that matter most, and alike: {words.listed(phrases)}; each alone moves its "
        said += f"{noun} by {share} of the scale."
    else:
        bar, of = widest[0][1], result.case.issues[row.id]
        own = bar.path.split(".")[1] == row.id
        what = f"the {noun}" if len(rows) == 1 else f"that {noun}" if own else f"the {noun} for {row.issue}"
        low, high = words.position(row.widest_from, of), words.position(row.widest_to, of)
        numbers = {"widest_from": row.widest_from, "widest_to": row.widest_to}
        said = f"The doubt that matters most: {phrases[0]} ({' to '.join(bar.ends)}) alone moves {what} "
        said += f"between {low} and {high}."
    drivers = tuple(dict.fromkeys(bar.path for _, bar in widest))
    yield findings.finding("input", said, numbers, drivers, table="issues", section="tornado")


def _most_weight(result: BargainingResult, rows: Sequence[Settlement]) -> Iterator[Finding]:
    """Say who has most weight on most issues; nothing where no more than one in several of equals does."""
    counted = Counter(actor for row in rows for actor in row.strongest)
    most = [actor for actor, count in counted.items() if count == max(counted.values())]
    own = [row for row in rows if most[0] in row.strongest]
    together = [row for row in own if set(row.strongest) == set(most)]
    where = "" if len(rows) == 1 else " on {}"
    if len(most) == 1 or len(together) == len(own):
        yield findings.weighs_most(result, own, most, "pull", "", where, len(rows))
