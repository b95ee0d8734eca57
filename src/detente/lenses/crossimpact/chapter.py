"""What follows, how firmly, and why? The cross-impact lens's part of a brief."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from detente.lenses.crossimpact.figures.network import network
from detente.lenses.crossimpact.figures.shift import shift
from detente.lenses.crossimpact.figures.survival import survival
from detente.lenses.crossimpact.findings import CAUTION, SECTION, firmest, has_assumed, points
from detente.lenses.crossimpact.records import Argument, Future, Reason
from detente.lenses.crossimpact.result import WITH, CrossImpactResult
from detente.show import words
from detente.show.blocks import (
    Block,
    Chapter,
    Details,
    FigureBlock,
    Heading,
    Listing,
    Notes,
    Prose,
    Section,
    TableBlock,
    Verdict,
)
from detente.show.ladder import Rung, Step
from detente.show.table import Cell, Table
from detente.show.words import percent

WHY, MORE = "follow-why", "follow-futures"
MOST_ON_SCREEN = 3
MOST_REASONS = 4
MOST_WORTH = 8
STEPS: dict[str, Step] = {"themes": "follow", "claims": "follow", "follows": "follow", "worth": "ask"}
QUESTION = "What would follow: which futures hold together?"
INTRO = (
    "A future holds together when everything in it is what the rest of it pushes towards most, by the judgements "
    "of the case. Shares count such futures; they are no probabilities."
)
METHODS = (
    (
        "Cross-impact balance",
        "judgements of how far each variant promotes or hinders every other are added up; a future is consistent "
        "when no variant falls short of another of its descriptor (Weimer-Jehle 2006). All are found.",
    ),
    (
        "Survival",
        "probability that a future stays consistent when judgements are in doubt: exact by convolution where they "
        "are independent, else from whole matrices drawn anew.",
    ),
    (
        "Assumption",
        "what is assumed is held and not tested itself; the pressure against it is what it needs from outside.",
    ),
)


def chapter(result: CrossImpactResult) -> Chapter:
    """Return the chapter."""
    first, *more = result.findings
    beside = bool(result.case.issues or result.case.game)  # else futures are all that the case asks for
    leading = _leading(result)
    sections = (
        Section(id=SECTION, title="What follows", intro=INTRO, blocks=(leading,)),
        Section(id=MORE, title="Which futures hold together", blocks=tuple(_further(result)), annex=beside),
        Section(id=WHY, title="Why these futures hold", blocks=tuple(_why(result)), annex=True),
    )
    return Chapter(
        lens="crossimpact",
        question=QUESTION,
        rung=first,
        rungs=tuple(
            Rung(step=STEPS[kind], finding=one)
            for one in result.findings
            if (kind := one.id.partition(".")[0]) in STEPS
        ),
        headlines=tuple(more[:5]),
        overview=(leading,),
        sections=tuple(one for one in sections if one.blocks),
        method=METHODS,
        caution=CAUTION,
    )


def _further(result: CrossImpactResult) -> Iterator[Block]:
    """Yield the findings in sentences, what an assumption shifts, the futures, and what is said to follow."""
    told = [one.sentence for one in result.findings[1:] if one.id != "themes"]
    if told:
        yield Listing(items=tuple(told))
    drawn = shift(result)
    if drawn is not None:
        yield FigureBlock(figure=drawn)
    yield from _futures(result)
    if result.claims:
        yield _claims(result)


def _leading(result: CrossImpactResult) -> TableBlock:
    """Return what each descriptor most often is, with what is assumed and without."""
    columns, heads = {"descriptor": "what may turn out"}, {"descriptor": "descriptor"}
    for key in result.asked:
        columns |= {
            key: "variant most often found",
            f"{key}_share": "share of the futures that hold together",
        }
        heads |= {key: result.readings[key].name, f"{key}_share": "share"}
    rows: list[tuple[Cell, ...]] = []
    for theme, keys in result.themes.items():
        told = [key for key in keys if key != result.assumed]
        if theme and told:
            rows.append(_heading(theme, columns))
        for key in told:
            cells: list[Cell] = [result.futures.descriptors[key].name]
            for reading in result.asked:
                most = result.readings[reading].of(key)[0]
                cells += (result.variant(key, most.variant), most.share) if most.share else (None, None)
            rows.append(tuple(cells))
    caption = "What each descriptor most often is, of the futures that hold together"
    table = Table("leading", columns, tuple(rows), heads)
    return TableBlock(table=table, caption=caption, grouped=any(result.themes))


def _heading(text: str, columns: Mapping[str, str]) -> tuple[Cell, ...]:
    return (text, *[None] * (len(columns) - 1))


# --- futures --------------------------------------------------------------------------------------


def _futures(result: CrossImpactResult) -> Iterator[Block]:
    shown = firmest(result.futures, result.listed)
    if not shown:
        yield Prose(
            text="No future holds together by the best guesses; of each claim it is told what it lacks."
        )
        return
    yield Heading(text="The firmest futures")
    yield TableBlock(
        on="page",
        table=_tableau(result, shown),
        caption="One future per row, the firmest first: what each descriptor is in it, and how firm it is",
        grouped=bool(result.assumed),
        tints={
            key: tuple(one.name for one in descriptor.variants.values())
            for key, descriptor in result.futures.descriptors.items()
        },
    )
    told = shown[:MOST_ON_SCREEN]
    if result.assumed:
        told = [shown[0], *[s for s in shown[1:] if not has_assumed(result.futures, result.listed[s])][:1]]
    for s in told:
        one, descriptors = result.listed[s], result.futures.descriptors.values()
        pairs = zip(descriptors, one.variants, strict=True)
        of = "; ".join(f"{descriptor.name}: {variant}" for descriptor, variant in pairs)
        yield Verdict(on="screen", name=f"Future {s + 1}", says=(f"{of}.", firmness(result, one)))
    left = len(result.scenarios) - sum(result.listed[s].consistent for s in shown)
    if left > 0:
        said = f"{words.capital(words.counted(left, 'more future'))} hold together; --json has all."
        yield Prose(text=said, quiet=True)
    if not result.record.exact and len(shown) > 1:
        yield FigureBlock(figure=survival(result, [(s + 1, result.listed[s]) for s in shown]))


def firmness(result: CrossImpactResult, one: Future) -> str:
    """Return how firm a future is, in one sentence: survival where there is doubt, margin and basin."""
    sure = "" if result.record.exact else f"Survival {percent(one.survival)}; "
    margin = "nothing can beat it" if one.margin is None else f"margin {words.figures(float(one.margin), 3)}"
    weak = f" ({one.weakest})" if one.weakest else ""
    size = percent(one.basin / one.starts) if one.starts else "none"
    if one.basin_error:
        size += f" ± {100 * one.basin_error / one.starts:.1f}"
    pressure = f"; needs {points(one.pressure)} from outside to hold what is assumed" if one.pressure else ""
    by = f"; holds together for {believers(result, one)}" if one.experts else ""
    return words.capital(f"{sure}{margin}{weak}; basin {size} of starting points{pressure}{by}.")


def believers(result: CrossImpactResult, one: Future) -> str:
    """Return the experts for whom a future holds together."""
    names = [result.futures.experts[key].name for key, agrees in one.experts.items() if agrees]
    return words.listed(names) if names else "no expert"


def _tableau(result: CrossImpactResult, shown: Sequence[int]) -> Table:
    names = {key: one.name for key, one in result.futures.descriptors.items()}
    columns = {
        "future": "number in the list",
        "survival": "share: probability that it stays consistent when judgements are in doubt",
        "margin": "by how much its weakest variant leads, in points",
        "basin": "share of starting points that end here; depends on the order of variants, no probability",
        "pressure": "points that what is assumed needs from outside",
        **({"experts": "for whom it holds together"} if result.futures.experts else {}),
        **dict.fromkeys(names, "variant"),
    }
    rows: list[tuple[Cell, ...]] = []
    for reading in result.asked:
        if result.assumed:
            rows.append(_heading(words.capital(result.readings[reading].name), columns))
        for s in shown:
            one = result.listed[s]
            if result.assumed and has_assumed(result.futures, one) != (reading == WITH):
                continue
            name = f"{s + 1}" if one.consistent else f"{s + 1} (in some draws)"
            basin = one.basin / one.starts if one.starts else None
            by = [believers(result, one)] if result.futures.experts else []
            rows.append((name, one.survival, one.margin, basin, one.pressure or None, *by, *one.variants))
    return Table("tableau", columns, tuple(rows), names)


def _claims(result: CrossImpactResult) -> TableBlock:
    columns = {
        "claim": "what is said to follow",
        **dict.fromkeys(result.asked, "share of the futures that have it"),
        "short": "points of judgement that would have to change for one that does, by the best guesses",
        "against": "what speaks against it",
    }
    heads = {key: result.readings[key].name for key in result.asked} | {"short": "points short"}
    rows = tuple(
        (one.name, *map(one.shares.get, result.asked), one.cost or None, "; ".join(one.objections[:1]))
        for one in result.claims.values()
    )
    caption = "What is said to follow, and whether it holds together"
    screen = ("claim", *result.asked, "short")
    return TableBlock(table=Table("claims_told", columns, rows, heads), caption=caption, screen=screen)


# --- why ------------------------------------------------------------------------------------------


def _why(result: CrossImpactResult) -> Iterator[Block]:
    for number in dict.fromkeys(one.future for one in result.arguments):
        told = [one for one in result.arguments if one.future == number]
        blocks: list[Block] = [Prose(text=firmness(result, result.listed[number]))]
        for step in (one.step for one in result.breaking if one.future == number):
            gained = f"{points(step.points)} on “{step.rival}” ({step.descriptor})"
            blocks.append(Prose(text=f"Breaks when “{step.variant}” gains {gained}."))
        notes = tuple((f"{one.descriptor}: {one.variant}", reasons(one)) for one in told)
        summary = f"Future {number + 1}: why it holds together"
        yield Details(summary=summary, blocks=(*blocks, Notes(items=notes)))
    drawn = network(result)
    if drawn is not None:
        yield FigureBlock(figure=drawn)
    yield from _worth(result)
    yield from _aside(result)


def reasons(of: Argument) -> str:
    """Return what speaks for a variant and against it, in sentences."""
    lead = words.signed_minus(f"{of.lead:+.3g}")
    told = [f"Before “{of.runner_up}” by {lead}." if of.lead else f"Level with “{of.runner_up}”."]
    for head, found in (("For it", of.supports), ("Against it", of.objections)):
        if found:
            named = ", ".join(map(_reason, found[:MOST_REASONS]))
            more = f" and {len(found) - MOST_REASONS} more" if len(found) > MOST_REASONS else ""
            told.append(f"{head}: {named}{more}.")
    keys = [one.source for one in of.supports if one.keystone]
    if keys and len(keys) < len(of.supports):
        told.append(f"It hangs on {words.listed(keys)}.")
    return " ".join(told)


def _reason(one: Reason) -> str:
    cited = f"; {', '.join(one.because[:2])}" if one.because else ""
    return f"{one.source} ({words.signed_minus(f'{one.points:+.3g}')}{cited})"


def _worth(result: CrossImpactResult) -> Iterator[Block]:
    heads = {"judgement": "Judgements most worth settling", "source": "Sources that carry most of the doubt"}
    for kind, caption in heads.items():
        found = [one for one in result.worth if one.kind == kind][:MOST_WORTH]
        if found:
            columns = {"what": kind, "bits": "of doubt about which futures hold together"}
            rows = tuple((one.what, one.bits) for one in found)
            yield TableBlock(table=Table(f"worth_{kind}", columns, rows), caption=caption)


def _aside(result: CrossImpactResult) -> Iterator[Block]:
    told = []
    if result.unjudged:
        told.append(
            f"{words.capital(words.counted(result.unjudged, 'row'))} of judgements were left out by the case."
        )
    told += [
        f"Succession goes round {words.counted(one.length, 'scenario')} without end, from {one.basin:,} starts."
        for one in result.cycles[:3]
    ]
    if not result.basins_exact:
        told.append("Basins are those of a sample of starting points.")
    if told:
        yield Prose(text=" ".join(told), quiet=True)
