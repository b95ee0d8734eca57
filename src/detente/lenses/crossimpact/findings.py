"""What is there to say of futures? Every sentence of the lens, once, with its numbers and their table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.case import Futures
from detente.lenses.crossimpact.records import Future, Reading, VariantShare
from detente.lenses.crossimpact.result import FREE, WITH, CrossImpactResult, assumed
from detente.show import words
from detente.show.finding import Finding
from detente.show.words import capital, counted, listed, percent

SECTION = "follow"
MOST_OF_THEME = 3
MOST_CLAIMS = 8
MOST_SHOWN = 8
OFTEN = 0.1
"""Share of the futures from which on a claim is said to hold together in some."""
TELLING = 0.1
"""Difference of shares that is worth a sentence."""
CAUTION = (
    "Shares count futures that hold together by the judgements of the case; they are no probabilities, and say "
    "nothing of when."
)


def findings(result: CrossImpactResult) -> Iterator[Finding]:
    """Yield what a reader should take away, the answer first."""
    yield answer(result)
    yield from themes(result)
    yield from claims(result)
    yield from apart(result)
    yield from followed(result)
    yield from doubt(result)
    yield from settling(result)
    yield from limits(result)


def answer(result: CrossImpactResult) -> Finding:
    """Return how many futures hold together, and how firmly the firmest does."""
    states, count = words.figures(result.states, 3), len(result.scenarios)
    numbers = {"futures": float(count), "states": result.states}
    if not count:
        said = f"No future of {states} holds together by the best guess of every judgement"
        return _finding("answer", f"{said}.", numbers, "counts")
    told = f"{'' if result.complete else 'at least '}{counted(count, 'future')} of {states}"
    said = f"{capital(told)} hold{'s' if count == 1 else ''} together by the best guess of every judgement"
    if result.assumed:
        having = sum(has_assumed(result.futures, one) for one in result.scenarios)
        names = [result.readings[key].name for key in result.asked]
        said += f", {having} {names[0]} and {count - having} {names[1]}"
    if not result.record.exact:
        chance = percent(max(one.survival for one in result.scenarios))
        said += f"; the firmest stays consistent with a probability of {chance} when judgements are in doubt"
    return _finding("answer", f"{said}.", numbers, "counts")


def _finding(kind: str, sentence: str, numbers: dict[str, float], table: str) -> Finding:
    return Finding(id=kind, sentence=sentence, numbers=numbers, table=table, section=SECTION)


def points(number: float) -> str:
    """Return points of judgements in words."""
    return f"{words.figures(float(number), 3)} point{'' if number == 1 else 's'}"


def rank(future: Future) -> tuple[float, float, int]:
    """Return by what futures are ordered: survival, then margin, then basin, the largest first."""
    return -future.survival, -float(future.margin or 0), -future.basin


def has_assumed(of: Futures, future: Future) -> bool:
    """Tell whether a future has what is assumed."""
    key = assumed(of)
    if not key or of.assume is None:
        return False
    place, variants = list(of.descriptors).index(key), list(of.descriptors[key].variants)
    return variants[future.numbers[place] - 1] in of.assume.holds[key]


def firmest(of: Futures, listed: Sequence[Future]) -> list[int]:
    """Return the places of the futures that are told: the firmest, as many with what is assumed as without."""
    order = sorted(range(len(listed)), key=lambda s: (not listed[s].consistent, *rank(listed[s]), s))
    if not assumed(of):
        return order[:MOST_SHOWN]
    sides = ([s for s in order if has_assumed(of, listed[s]) == side] for side in (True, False))
    return [s for side in sides for s in side[: MOST_SHOWN // 2]]


# --- themes ---------------------------------------------------------------------------------------


def themes(result: CrossImpactResult) -> Iterator[Finding]:
    """Yield what descriptors most often are, of every theme the one that the assumption moves most."""
    told, numbers = list[str](), dict[str, float]()
    for theme, keys in result.themes.items():
        free = [key for key in keys if key != result.assumed and key not in result.futures.fixed]
        free = [key for key in free if key not in result.followed] or free
        found = [_most(result, key) for key in free]
        if theme:
            found = sorted(found, key=lambda one: -abs(one[0].share - one[1]))[:1]
        for most, other, mostly in found[:MOST_OF_THEME]:
            key = most.descriptor
            numbers |= {f"{key}.{result.asked[-1]}": other, f"{key}.{result.asked[0]}": most.share}
            name = f"{theme}: " if theme else ""
            name += result.futures.descriptors[key].name
            same = mostly.variant == most.variant
            else_ = "" if same else f", mostly “{result.variant(key, mostly.variant)}”"
            without = f" ({percent(other)}{else_})" if result.assumed else ""
            told.append(f"{name} “{result.variant(key, most.variant)}” in {percent(most.share)}{without}")
    names = [result.readings[key].name for key in result.asked]
    given = f" {names[0]} (and {names[1]})" if result.assumed else ""
    if told:
        said = f"Of the futures that hold together{given}: {'. '.join(told)}."
        yield _finding("themes", said, numbers, "variants")


def _most(result: CrossImpactResult, key: str) -> tuple[VariantShare, float, VariantShare]:
    """Return what a descriptor most often is, how often without what is assumed, and what it mostly is then."""
    most, without = (result.readings[reading].of(key) for reading in (result.asked[0], result.asked[-1]))
    return most[0], next(one.share for one in without if one.variant == most[0].variant), without[0]


# --- claims ---------------------------------------------------------------------------------------


def claims(result: CrossImpactResult) -> Iterator[Finding]:
    """Yield which of the claims most futures have, which some, and which hardly any."""
    shares = {key: one.shares[result.asked[0]] for key, one in result.claims.items()}
    order = sorted(shares, key=lambda key: -shares[key])
    given = f" {result.readings[WITH].name}" if result.assumed else ""
    sentences: list[str] = []
    for many, least, below in (("most", 0.5, 2.0), ("some", OFTEN, 0.5), ("hardly any", 0.0, OFTEN)):
        told = [
            f"{result.claims[key].name} ({percent(shares[key]) if shares[key] else 'none'})"
            for key in order
            if least <= shares[key] < below
        ]
        more = [f"and {len(told) - MOST_CLAIMS} more"] if len(told) > MOST_CLAIMS else []
        head = capital(many) if sentences else f"Of what is said to follow{given}, {many} of these futures"
        sentences += [f"{head} have: {'; '.join([*told[:MOST_CLAIMS], *more])}."] if told else []
    if sentences:
        yield _finding("claims", " ".join(sentences), shares, "claims")


def apart(result: CrossImpactResult) -> Iterator[Finding]:
    """Yield claims that hardly ever go together."""
    found = result.apart[:3]
    if found:
        pairs = "; ".join(
            f"“{one.first}” and “{one.second}” ({percent(one.share)} of draws)" for one in found
        )
        numbers = {f"{place}": one.share for place, one in enumerate(found)}
        yield _finding("apart", f"Hardly ever true together: {pairs}.", numbers, "apart")


# --- what is followed -----------------------------------------------------------------------------


def followed(result: CrossImpactResult) -> Iterator[Finding]:
    """Yield how the futures differ with what a descriptor follows."""
    for key in result.followed:
        descriptor = result.futures.descriptors[key]
        found = {
            variant: result.readings[f"{key}={variant}"]
            for variant in descriptor.variants
            if f"{key}={variant}" in result.readings
        }
        numbers = {variant: float(one.draws) for variant, one in found.items()}
        said = _contrast(result, key, found, sum(one.draws for one in found.values()))
        yield _finding(f"follows.{key}", f"{said}.", numbers, "readings")


def _contrast(result: CrossImpactResult, key: str, found: dict[str, Reading], draws: int) -> str:
    """Return how often a follower has which variant, and what differs most between two of them, in words."""
    name = result.futures.descriptors[key].name
    often = {
        v: f"“{result.variant(key, v)}” ({percent(one.draws / draws)} of draws)" for v, one in found.items()
    }
    live = sorted((v for v, one in found.items() if one.none < 1), key=lambda v: found[v].draws)
    if len(live) < 2:
        return f"{capital(name)} is {listed([*often.values()])}"
    first, last = live[0], live[-1]
    gaps = [pair for pair in found[first].against(found[last]) if pair[0].descriptor != key]
    most, gap = max(gaps, key=lambda pair: pair[1])
    if gap < TELLING:
        return f"{capital(name)} is {listed([*often.values()])}; the other descriptors hardly differ"
    moved = result.futures.descriptors[most.descriptor].name
    variant, shares = result.variant(most.descriptor, most.variant), (most.share, most.share - gap)
    return (
        f"Where {name} is {often[first]}, {moved} “{variant}” in {percent(shares[0])} of the futures; where it is "
        f"{often[last]}, in {percent(shares[1])}"
    )


# --- doubt ----------------------------------------------------------------------------------------


def doubt(result: CrossImpactResult) -> Iterator[Finding]:
    """Yield in how many draws nothing holds together, and how many futures do on average."""
    if result.record.exact:
        return
    free = result.readings[FREE]
    numbers = {"none": free.none, "futures": free.futures}
    mean = words.figures(free.futures, 2)
    hold = "one future holds" if mean == "1" else f"{mean} futures hold"
    said = f"In a draw of the judgements {hold} together on average"
    some = "; in every draw at least one does"
    none = f"; in {percent(free.none)} of draws none does" if free.none else some
    yield _finding("doubt", f"{said}{none}.", numbers, "readings")
    split = [one for one in result.scenarios if len(set(one.experts.values())) > 1]
    if split:
        names = {key: one.name for key, one in result.futures.experts.items()}
        first = max(split, key=lambda one: one.survival)
        by = [names[key] for key, agrees in first.experts.items() if agrees]
        others = [names[key] for key, agrees in first.experts.items() if not agrees]
        count = f"{counted(len(split), 'future')} of {len(result.scenarios)}"
        told = f"the firmest of them for {listed(by)}, not for {listed(others)}"
        said = f"The experts differ: {count} hold together only for some, {told}"
        yield _finding("experts", f"{said}.", {}, "futures")


def settling(result: CrossImpactResult) -> Iterator[Finding]:
    """Yield which judgement is worth settling most."""
    most = next((one for one in result.worth if one.kind == "judgement"), None)
    if most is not None:
        judged = words.input_phrase(result.case, most.path)
        said = f"Of the judgements on what would follow, most worth settling is {judged}."
        found = _finding("worth", said, {"bits": most.bits}, "worth")
        yield found.model_copy(update={"drivers": (most.path,)})


def limits(result: CrossImpactResult) -> Iterator[Finding]:
    """Yield where a search did not come to its end."""
    if not result.complete or result.complete_draws < 1:
        numbers = {"draws": result.complete_draws}
        said = "The search stopped at its limit: futures may be missing"
        share = percent(1 - result.complete_draws)
        yield _finding(
            "limit", f"{said} in {share} of draws; raise options.crossimpact.effort.", numbers, "counts"
        )


def of_shift(result: CrossImpactResult, most: VariantShare, gap: float) -> Finding:
    """Return what an assumption shifts most."""
    name = result.futures.descriptors[most.descriptor].name
    variant = result.variant(most.descriptor, most.variant)
    shares = percent(most.share), percent(most.share - gap)
    said = f"{capital(result.readings[WITH].name)}, {name} “{variant}” in {shares[0]} of the futures"
    numbers = {"with": most.share, "without": most.share - gap}
    return _finding("shift", f"{said}, {shares[1]} without.", numbers, "shift")


def of_survival(first: Future) -> Finding:
    """Return how firm the firmest future is."""
    said = f"The firmest future survives with a probability of {percent(first.survival)}"
    numbers = {"survival": first.survival}
    if first.margin is not None:
        said += f"; its weakest variant leads by {points(first.margin)}"
        numbers["margin"] = float(first.margin)
    return _finding("survival", f"{said}.", numbers, "futures")


def of_network(result: CrossImpactResult) -> Finding:
    """Return which descriptor moves the others most, and which is moved most."""
    names = {key: one.name for key, one in result.futures.descriptors.items()}
    active, passive = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0)
    for one in result.influences:
        if one.source != one.target:
            active[one.source] += one.strength
            passive[one.target] += one.strength
    most, moved = max(active, key=lambda k: active[k]), max(passive, key=lambda k: passive[k])
    said = f"Moves the others most: {names[most]}; is moved most: {names[moved]}"
    said = f"Moves the others most, and is moved most: {names[most]}" if most == moved else said
    strongest = result.influences[0]
    return _finding("network", f"{said}.", {"strength": float(strongest.strength)}, "influences")
