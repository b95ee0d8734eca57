"""What should a reader take away? Where a relation stands, when it turned, how long resets last; said once."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Sequence

from detente.case.parts.relations import GRADES
from detente.lenses.relations.episodes import ALL, FEW, HERE, PUBLISHED
from detente.lenses.relations.result import (
    Counted,
    EventRow,
    PairRecord,
    RelationsResult,
    Turn,
)  # fmt: skip
from detente.lenses.relations.survival import Fared, StoreRate, lasting, median
from detente.show.finding import Finding
from detente.show.words import capital, count_word, counted, percent, signed_minus, tally

SETTLED = ("all disputes", "settled by negotiation", "after a war", "between nuclear powers")
HELD = 1  # place among the base rates
DRIVERS = 5  # latest events, which weigh most
RARE = 0.1  # of shuffled pasts, from which on a likeness counts for nothing
YEARS = 20  # after which curves are read


NOTHING = Finding(
    id="nothing", sentence="Nothing was reported of the followed pairs.", numbers={}, table="standing"
)


def interval(low: float, high: float) -> str:
    """Return the two ends of an interval of shares."""
    return f"{percent(low)} to {percent(high)}"


def ranged(share: float, low: float, high: float) -> str:
    """Return a share with its interval."""
    return f"{percent(share)} ({interval(low, high)})"


def one_decimal(value: float) -> str:
    """Return a grade or standing with one decimal and a true minus sign."""
    text = f"{value:.1f}"
    return signed_minus("0.0" if text == "-0.0" else text)


def day(date: str) -> str:
    """Return a date in words, as precise as it is known.

    >>> day("1962-10-22"), day("1991-12"), day("1955")
    ('22 October 1962', 'December 1991', '1955')
    """
    year, _, rest = date.partition("-")
    if not rest:
        return year
    month, _, number = rest.partition("-")
    named = f"{month_name[int(month)]} {year}"
    return f"{int(number)} {named}" if number else named


def month(date: str) -> str:
    """Return the month and year of a date, or its year."""
    return day(date[:7])


def in_words(grade: float) -> str:
    """Return what events of about that grade are."""
    return GRADES[min(GRADES, key=lambda one: abs(one - grade))]


def all_findings(result: RelationsResult) -> tuple[Finding, ...]:
    """Return the findings: where the first pair stands, its turn and resets, then the other pairs."""
    graded = [pair for pair in result.pairs if pair.standing is not None]
    if not graded:
        return tuple(direction(pair, way) for pair in result.pairs for way in pair.counted) or (NOTHING,)
    first, *others = graded
    found = [relation(result, first), base_rate(result)]
    found += [turned(first)] if first.turns else []
    found += [resets(result, first)] if first.resets else []
    found += [stands(pair) for pair in others]
    return (*found, *(direction(pair, way) for pair in result.pairs for way in pair.counted))


def relation(result: RelationsResult, pair: PairRecord) -> Finding:
    """Say where the first pair stands against its past, when it turned, and how often resets last."""
    held = result.rates[HELD]
    own = stands(pair)
    turn = f" It last turned {_way(pair.turns[-1])} in {_turn_date(pair.turns[-1])}." if pair.turns else ""
    told = (
        f"{own.sentence}{turn} {_own_resets(pair)}lsewhere, {ranged(held.share, held.low95, held.high95)} of "
        "sharp falls in conflict still held two years later."
    )
    numbers = {**own.numbers, "held": held.share, "held_low": held.low95, "held_high": held.high95}
    return own.model_copy(update={"id": "relation", "sentence": told, "numbers": numbers})


def _own_resets(pair: PairRecord) -> str:
    """Say how many of the pair's own resets were lost, up to the comparison with others."""
    ended = [one.years for one in pair.resets if one.ended]
    if not ended:
        return "E"
    span = f"{min(ended):.0f}" if len(ended) == 1 else f"{min(ended):.0f} to {max(ended):.0f}"
    many = len(pair.resets)
    all_of = "All" if len(ended) == many else f"{capital(count_word(len(ended)))} of"
    told = "Its one reset was" if many == 1 else f"{all_of} {count_word(many)} resets since {pair.since} were"
    return f"{told} lost again, after {span} years; e"


def _way(turn: Turn) -> str:
    return "for the better" if turn.after > turn.before else "for the worse"


def stands(pair: PairRecord) -> Finding:
    """Say where a pair stands against its own past."""
    now = pair.now
    value = now.mean
    numbers = {"standing": value}
    told = f"{pair.name}: {one_decimal(value)} on a scale from −10 (war) to 10 (alliance)"
    if pair.worse_before is not None:
        numbers["worse_before"] = pair.worse_before
        told += f", {_against(pair.worse_before)} since {pair.since}"
    if now.sd:
        low, high = now.intervals["80"]
        numbers |= {"low80": low, "high80": high}
        told += f" (80 % of draws: {one_decimal(low)} to {one_decimal(high)})"
    drivers = tuple(f"relations.chronology.{one.id}.grade" for one in pair.events[-DRIVERS:])
    return Finding(
        id=f"stands.{pair.id}", sentence=f"{told}.", numbers=numbers, drivers=drivers, table="standing"
    )


def _against(worse: float) -> str:
    """Say how the standing compares with its own past."""
    if worse in (0, 1):
        return "the highest" if worse else "the lowest"
    if worse < 0.5:
        return f"lower than after {percent(1 - worse)} of the events"
    return f"higher than after {percent(worse)} of the events"


def between(turn: Turn) -> str:
    """Return the months between which a turning point was in 80 % of the resamples."""
    early, late = month(turn.early80), month(turn.late80)
    return early if early == late else f"{early} to {late}"


def _turn_date(turn: Turn) -> str:
    told, date = between(turn), month(turn.date)
    return date if told == date else f"{date} (80 %: {told})"


def turned(pair: PairRecord) -> Finding:
    """Say when a pair turned last, and by how much."""
    turn, many = pair.turns[-1], len(pair.turns)
    which = "one turning point" if many == 1 else f"the last of {counted(many, 'turning point')}"
    return Finding(
        id=f"turned.{pair.id}",
        sentence=(
            f"{pair.name}: {which} since {pair.since}, {_way(turn)} in "
            f"{_turn_date(turn)}; the mean grade of events went from {one_decimal(turn.before)} to "
            f"{one_decimal(turn.after)}."
        ),
        numbers={"before": turn.before, "after": turn.after},
        table="turns",
    )


def resets(result: RelationsResult, pair: PairRecord) -> Finding:
    """Say how many rapprochements a pair has seen, and how they ended."""
    ended = [one for one in pair.resets if one.ended]
    last = pair.resets[-1]
    many = len(pair.resets)
    told = f"{pair.name}: {counted(many, 'rapprochement')} since {pair.since}"
    told += f"; {_ended(len(ended), many)}. The last" if many > 1 else ". It"
    told += f" began from the low of {month(last.low)} ({last.low_event}) and "
    told += (
        f"was lost after {last.years:.0f} years: {last.end_event}, {month(last.end)}."
        if last.ended
        else "still holds."
    )
    half = median(result.lasting)
    spans = sum(len(one.resets) for one in result.pairs)
    if half is not None and spans > 2:
        after = f"half were over after {half:.0f} years"
        told += f" Of all {spans} in this case, {after}: few cases, so a rough guide."
    return Finding(
        id=f"resets.{pair.id}", sentence=told, numbers={"rise": last.rise, "years": last.years}, table="resets",
    )  # fmt: skip


def _ended(ended: int, count: int) -> str:
    """Say how many of several resets were lost."""
    if ended == count:
        return "all were lost again"
    if not ended:
        return "none of them has been lost yet"
    return f"{count_word(ended)} of them {'was' if ended == 1 else 'were'} lost again"


def base_rate(result: RelationsResult) -> Finding:
    """Say how often resets last elsewhere, with the interval and the caveat."""
    halved, held, back, ended, disputes, _ = result.rates
    share, low, high = lasting(result.rivalries, YEARS)
    numbers = {"halved": halved.share, "held": held.share, "held_low95": held.low95}
    numbers |= {"held_high95": held.high95, "back": back.share, "disputes": disputes.share}
    return Finding(
        id="base_rate",
        sentence=(
            f"Resets elsewhere: in {percent(halved.share)} of {halved.of:,} tense years between two states, "
            f"conflict was halved the year after; {percent(held.share)} of these falls held two years "
            f"({interval(held.low95, held.high95)}) and {percent(back.share)} were undone. "
            f"Of {ended.of} rivalries that ended after 1945, {ended.count} were resumed by 2010; "
            f"{ranged(share, low, high)} had not been after 20 years. After a militarised dispute, "
            f"{percent(disputes.share)} of pairs had another within five years."
        ),
        numbers=numbers,
        table="base_rates",
    )


def settled(result: RelationsResult) -> Finding:
    """Say how settlements fared by kind, in published disputes and in this case; few cases as few."""
    published = {one.kind: one for one in result.settlements if one.where == PUBLISHED}
    told, numbers = [], {}
    for kind in SETTLED:
        one = published[kind]
        words = "all of them" if kind == "all disputes" else kind
        told.append(f"{words} {ranged(one.held5, one.held5_low95, one.held5_high95)}")
        numbers[kind] = one.held5
    cases = published["all disputes"].cases
    sentence = (
        f"Settlements by kind: of {cases:,} militarised disputes between two states that ended from 1946 to 2009, "
        f"this share was not followed by another within five years: {'; '.join(told)}."
    )
    own = [one for one in result.settlements if one.where == HERE and one.kind != ALL]
    if own:
        counts = "; ".join(f"{one.kind}, {count_word(one.cases)} ({_lost(one)})" for one in own)
        few = " Too few for shares." if all(one.cases < FEW for one in own) else ""
        sentence += f" Of the resets in this case: {counts}.{few}"
    return Finding(id="settlements", sentence=sentence, numbers=numbers, table="settlements")


def _lost(one: Fared) -> str:
    if not one.ended:
        return "still holds" if one.cases == 1 else "all still hold"
    if one.ended == one.cases:
        return "lost again" if one.cases == 1 else "all lost again"
    return f"{count_word(one.ended)} lost again"


def in_data(rate: StoreRate) -> str:
    """Say how often tension was halved among all pairs of the store, and how long that lasted."""
    told = (
        f"All pairs in {rate.feed}, {rate.first} to {rate.last}: of {tally(rate.tense, 'tense year')} of "
        f"{tally(rate.pairs, 'pair')} (a fifth or more conflict among at least 100 events), conflict was halved "
        f"the year after in {ranged(rate.share, rate.low95, rate.high95)}."
    )
    for one in rate.kinds:
        kind = "Of these falls" if one.kind == ALL else f"Of those {one.kind}"
        if one.cases < FEW:
            told += f" {kind}, {count_word(one.cases)} could be followed: too few for shares."
            continue
        told += (
            f" {kind}, still below three quarters of the old share: "
            f"{ranged(one.held1, one.held1_low95, one.held1_high95)} one year later; "
            f"{ranged(one.held2, one.held2_low95, one.held2_high95)} two years later; "
            f"{ranged(one.held5, one.held5_low95, one.held5_high95)} five years later."
        )
    return told


def elsewhere(result: RelationsResult) -> str:
    """Say in short how resets fared elsewhere, and how far to trust that."""
    _, held, back, *_ = result.rates
    return (
        f"Elsewhere, {ranged(held.share, held.low95, held.high95)} of sharp falls in conflict held two years and "
        f"{percent(back.share)} were undone; part of any such fall is chance."
    )


def curves(result: RelationsResult) -> Finding:
    """Say what the two curves of lasting show: this case's resets, and rivalries that ended."""
    share, low, high = lasting(result.rivalries, YEARS)
    told = f"How long resets last: {ranged(share, low, high)} of ended rivalries were not resumed within 20 years"
    numbers = {"rivalries": share}
    spans = sum(len(pair.resets) for pair in result.pairs)
    if spans > 2 and result.lasting and result.lasting[0].years <= YEARS:
        own = lasting(result.lasting, YEARS)
        numbers["resets"] = own[0]
        told += f"; of the {spans} resets in this case, {percent(own[0])} held so long"
    return Finding(id="lasting", sentence=f"{told}.", numbers=numbers, table="lasting")


def pairs_beside(pairs: Sequence[PairRecord]) -> Finding:
    """Say which of the followed pairs stands lowest and which highest."""
    low, high = (of(pairs, key=lambda pair: pair.now.mean) for of in (min, max))
    return Finding(
        id="pairs",
        sentence=(
            f"The followed pairs: {low.name} stand lowest, at {one_decimal(low.now.mean)}, and "
            f"{high.name} highest, at {one_decimal(high.now.mean)}."
        ),
        numbers={"lowest": low.now.mean, "highest": high.now.mean},
        table="standing",
    )


def alike(way: Counted) -> Finding:
    """Say what followed the stretches of other pairs that are most like the last periods of a direction."""
    first = way.analogues[0]
    after = [one.next for one in way.analogues if one.next is not None]
    rose = sum(share > way.now for share in after)
    rare = first.by_chance <= RARE
    near = f"the nearest is {first.pair}, {first.start[:4]}" if rare else "chance alone finds some as near"
    told = (
        f"{capital(way.source)} to {way.target}: after the {count_word(len(after))} stretches most like the last "
        f"{way.stretch} {way.by}s, conflict was above today's {percent(way.now)} in "
        f"{count_word(rose) if rose else 'none'} ({near})."
    )
    return Finding(id=f"alike.{way.source}", sentence=told, numbers={"now": way.now}, table="alike")


def landmarks(pair: PairRecord) -> list[EventRow]:
    """Return the events at which resets began and were lost, and the first after each turning point, in order."""
    dates = {(one.low, one.low_event) for one in pair.resets} | {(one.date, one.event) for one in pair.turns}
    dates |= {(one.end, one.end_event) for one in pair.resets}
    return [one for one in pair.events if (one.date, one.event) in dates]


def _period(by: str, first: str) -> str:
    """Return a period in words: 2015, December 2015, or the week from its first day."""
    return {"year": first[:4], "month": month(first), "day": day(first)}.get(
        by, f"the {by} from {day(first)}"
    )


def _of(share: float) -> str:
    return percent(share) if share else "none"


def direction(pair: PairRecord, way: Counted) -> Finding:
    """Say what event data report of one direction."""
    last, turn, beside = way.periods[-1], "", ""
    if way.turns:
        before, after = (percent(share) for share in (way.turns[-1].before, way.turns[-1].after))
        turn = f" It last turned in {_turn_date(way.turns[-1])}, from {before} to {after} conflict."
    numbers = {"now": way.now, "low95": way.low95, "high95": way.high95, "higher_before": way.higher_before}
    if way.higher_elsewhere is not None:
        numbers["higher_elsewhere"] = way.higher_elsewhere
        beside = f", as had {_of(way.higher_elsewhere)} of {way.pairs} other pairs"
    return Finding(
        id=f"counts.{pair.id}.{way.source}",
        sentence=(
            f"{capital(way.source)} to {way.target} in {way.feed}: {percent(way.now)} conflict among "
            f"{tally(last.events, 'event')} in {_period(way.by, last.period)} "
            f"({interval(way.low95, way.high95)}); {_of(way.higher_before)} of its own earlier {way.by}s had more"
            f"{beside}.{turn}"
        ),
        numbers=numbers,
        table="counts",
    )
