"""What is there to say of futures? Every sentence of the lens, once, with its numbers and their table."""

from __future__ import annotations

from collections.abc import Iterator

from detente.lenses.crossimpact.records import Future, Reading, VariantShare
from detente.lenses.crossimpact.result import FREE, WITH, WITHOUT, CrossImpactResult
from detente.show import words
from detente.show.finding import Finding
from detente.show.words import capital, counted, listed, percent

SECTION = "follow"
MOST_OF_THEME = 3
MOST_CLAIMS = 8
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
    states = words.figures(result.states, 3)
    count, told = len(result.scenarios), "" if result.complete else "at least "
    scenarios = f"{told}{counted(count, 'future')} of {states} hold{'s' if count == 1 else ''} together"
    numbers = {"futures": float(count), "states": result.states}
    said = f"{capital(scenarios)} by the best guess of every judgement"
    if WITH in result.readings:
        n_with = sum(assumed(result, one) for one in result.scenarios)
        said += (
            f", {n_with} {result.readings[WITH].name} and {count - n_with} {result.readings[WITHOUT].name}"
        )
    if not count:
        said = f"No future of {states} holds together by the best guess of every judgement"
        return _finding("answer", f"{said}.", numbers, "counts")
    firmest = max(result.scenarios, key=lambda one: one.survival)
    if not result.record.exact:
        chance = percent(firmest.survival)
        said += f"; the firmest stays consistent with a probability of {chance} when judgements are in doubt"
    return _finding("answer", f"{said}.", numbers, "counts")


def _finding(kind: str, sentence: str, numbers: dict[str, float], table: str) -> Finding:
    return Finding(id=kind, sentence=sentence, numbers=numbers, table=table, section=SECTION)


def rank(future: Future) -> tuple[float, float, int]:
    """Return by what futures are ordered: survival, then margin, then basin, the largest first."""
    margin = 0.0 if future.margin is None else float(future.margin)
    return -future.survival, -margin, -future.basin


def assumed(result: CrossImpactResult, future: Future) -> bool:
    """Tell whether a future has what is assumed."""
    assume = result.futures.assume
    if assume is None:
        return False
    ((key, variants),) = assume.holds.items()
    place = list(result.futures.descriptors).index(key)
    return list(result.futures.descriptors[key].variants)[future.numbers[place] - 1] in variants


# --- themes ---------------------------------------------------------------------------------------


def themes(result: CrossImpactResult) -> Iterator[Finding]:
    """Yield a sentence per theme: what its descriptors most often are, with what is assumed and without."""
    leading = WITH if WITH in result.readings else FREE
    for theme, keys in result.themes.items():
        told = [key for key in keys if key != result.assumed and key not in result.futures.fixed]
        told = [key for key in told if key not in result.followed] or told
        clauses, numbers = list[str](), dict[str, float]()
        for key in told[:MOST_OF_THEME]:
            said, found = _descriptor(result, key, leading, first=not clauses)
            if said:
                clauses.append(said)
                numbers |= found
        if clauses:
            given = result.readings[leading].name if leading == WITH else ""
            head = ", ".join(part for part in (theme, given) if part)
            said = "; ".join(clauses)
            yield _finding(
                f"theme.{theme or 'all'}",
                f"{head}: {said}." if head else capital(f"{said}."),
                numbers,
                "variants",
            )


def _descriptor(
    result: CrossImpactResult, key: str, leading: str, *, first: bool
) -> tuple[str, dict[str, float]]:
    """Return what a descriptor most often is, in words, with its numbers."""
    most = next(iter(result.readings[leading].of(key)), None)
    if most is None or not most.share:
        return "", {}
    name, variant = result.futures.descriptors[key].name, result.variant(key, most.variant)
    numbers = {f"{key}.{leading}": most.share}
    of = " of the futures that hold together" if first else ""
    said = f"{name} “{variant}” in {percent(most.share)}{of}"
    if leading == WITH:
        other = _share(result.readings[WITHOUT], key, most.variant)
        numbers[f"{key}.{WITHOUT}"] = other.share
        against = next(iter(result.readings[WITHOUT].of(key)))
        mostly = ""
        if against.variant != most.variant and against.share:
            mostly = f", mostly “{result.variant(key, against.variant)}”"
        said += f" (without: {percent(other.share)}{mostly})"
    return said, numbers


def _share(reading: Reading, key: str, variant: str) -> VariantShare:
    return next(one for one in reading.of(key) if one.variant == variant)


# --- claims ---------------------------------------------------------------------------------------


def claims(result: CrossImpactResult) -> Iterator[Finding]:
    """Yield which of the claims hold together, and which do not."""
    reading = WITH if WITH in result.readings else FREE
    shares = {key: one.shares[reading] for key, one in result.claims.items()}
    order = sorted(shares, key=lambda key: -shares[key])
    given = f" {result.readings[reading].name}" if reading == WITH else ""
    firm = [key for key in order if shares[key] >= OFTEN]
    weak = [key for key in order if shares[key] < OFTEN]
    heads = {
        "claims.hold": f"Said to follow{given}, and holds together",
        "claims.fail": "Hardly holds together",
    }
    for (kind, head), keys in zip(heads.items(), (firm, weak), strict=True):
        named = [
            f"{result.claims[key].name} ({percent(shares[key]) if shares[key] else 'none'}"
            f"{' of the futures' if key == keys[0] and shares[key] else ''})"
            for key in keys[:MOST_CLAIMS]
        ]
        more = len(keys) - len(named)
        listed_ = "; ".join(named) + (f"; and {more} more" if more else "")
        if named:
            numbers = {key: shares[key] for key in keys[:MOST_CLAIMS]}
            yield _finding(kind, f"{head}: {listed_}.", numbers, "claims")


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
    other = {(one.descriptor, one.variant): one.share for one in found[last].shares}
    gaps = [
        (one.share - other[one.descriptor, one.variant], one)
        for one in found[first].shares
        if one.descriptor != key
    ]
    gap, most = max(gaps, key=lambda pair: pair[0])
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
    none = (
        f"; in {percent(free.none)} of draws none does" if free.none else "; in every draw at least one does"
    )
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
    judged = [one for one in result.worth if one.kind == "judgement"]
    if judged:
        said = f"Most worth settling: {words.input_phrase(result.case, judged[0].path)}"
        bits = words.figures(judged[0].bits, 2)
        yield Finding(
            id="worth",
            sentence=f"{said} ({bits} bits of doubt, added up over the futures that are told of).",
            numbers={"bits": judged[0].bits},
            drivers=(judged[0].path,),
            table="worth",
            section=SECTION,
        )


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
    numbers = {
        "with": most.share,
        "without": _share(result.readings[WITHOUT], most.descriptor, most.variant).share,
    }
    return _finding("shift", f"{said}, {shares[1]} without.", numbers, "shift")


def of_survival(first: Future) -> Finding:
    """Return how firm the firmest future is."""
    said = f"The firmest future survives with a probability of {percent(first.survival)}"
    numbers = {"survival": first.survival}
    if first.margin is not None:
        said += f"; its weakest variant leads by {words.figures(float(first.margin), 3)} points"
        numbers["margin"] = float(first.margin)
    return _finding("survival", f"{said}.", numbers, "futures")


def of_network(result: CrossImpactResult) -> Finding:
    """Return which descriptor moves the others most, and which is moved most."""
    names = {key: one.name for key, one in result.futures.descriptors.items()}
    active = dict.fromkeys(names, 0.0)
    passive = dict(active)
    for one in result.influences:
        if one.source != one.target:
            active[one.source] += one.strength
            passive[one.target] += one.strength
    most, moved = max(active, key=lambda k: active[k]), max(passive, key=lambda k: passive[k])
    said = f"Moves the others most: {names[most]}; is moved most: {names[moved]}"
    strongest = result.influences[0]
    return _finding("network", f"{said}.", {"strength": float(strongest.strength)}, "influences")
