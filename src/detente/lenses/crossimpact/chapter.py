"""What follows, how firmly, and why? The cross-impact lens's part of a brief."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.lenses.crossimpact.figures.network import network
from detente.lenses.crossimpact.figures.shift import shift
from detente.lenses.crossimpact.figures.survival import survival
from detente.lenses.crossimpact.findings import CAUTION, SECTION, assumed, rank
from detente.lenses.crossimpact.records import Argument, Future, Reading, Reason
from detente.lenses.crossimpact.result import FREE, WITH, WITHOUT, CrossImpactResult
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
from detente.show.ladder import Rung
from detente.show.table import Cell, Table
from detente.show.words import percent

WHY, MORE = "follow-why", "follow-futures"
MOST_SHOWN = 8
MOST_ON_SCREEN = 3
MOST_REASONS = 4
MOST_WORTH = 8
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
    why, more_ = tuple(_why(result)), tuple(_further(result))
    beside = bool(result.case.issues or result.case.game)  # else futures are all that the case asks for
    return Chapter(
        lens="crossimpact",
        question=QUESTION,
        rung=first,
        rungs=tuple(_rungs(result)),
        headlines=tuple(more[:5]),
        overview=(_leading(result),),
        sections=(
            Section(id=SECTION, title="What follows", intro=INTRO, blocks=tuple(_blocks(result))),
            *(
                [Section(id=MORE, title="Which futures hold together", blocks=more_, annex=beside)]
                if more_
                else []
            ),
            *([Section(id=WHY, title="Why these futures hold", blocks=why, annex=True)] if why else []),
        ),
        method=METHODS,
        caution=CAUTION,
    )


def _rungs(result: CrossImpactResult) -> Iterator[Rung]:
    for one in result.findings:
        kind = one.id.partition(".")[0]
        if kind in ("theme", "claims", "follows"):
            yield Rung(step="follow", finding=one)
        elif kind == "worth":
            yield Rung(step="ask", finding=one)


def _blocks(result: CrossImpactResult) -> Iterator[Block]:
    yield _leading(result)


def _further(result: CrossImpactResult) -> Iterator[Block]:
    """Yield the findings in sentences, what an assumption shifts, the futures, and what is said to follow."""
    told = [one.sentence for one in result.findings[1:] if not one.id.startswith("theme")]
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
    asked = [WITH, WITHOUT] if WITH in result.readings else [FREE]
    columns, heads = {"descriptor": "what may turn out"}, {"descriptor": "descriptor"}
    for key in asked:
        columns |= {
            key: "variant most often found",
            f"{key}_share": "share of the futures that hold together",
        }
        heads |= {key: result.readings[key].name, f"{key}_share": "share"}
    rows: list[tuple[Cell, ...]] = []
    for theme, keys in result.themes.items():
        told = [key for key in keys if key != result.assumed]
        if theme and told:
            rows.append((theme, *([None] * (len(columns) - 1))))
        for key in told:
            cells = [cell for reading in asked for cell in _most(result, result.readings[reading], key)]
            rows.append((result.futures.descriptors[key].name, *cells))
    caption = "What each descriptor most often is, of the futures that hold together"
    table = Table("leading", columns, tuple(rows), heads)
    return TableBlock(table=table, caption=caption, grouped=any(result.themes))


def _most(result: CrossImpactResult, reading: Reading, key: str) -> tuple[str | None, float | None]:
    first = reading.of(key)[0]
    return (result.variant(key, first.variant), first.share) if first.share else (None, None)


# --- futures --------------------------------------------------------------------------------------


def firmest(result: CrossImpactResult, most: int) -> list[tuple[int, Future]]:
    """Return the futures that survive most often, with their numbers; as many with what is assumed as without."""
    listed = list(enumerate(result.listed, start=1))
    order = sorted(listed, key=lambda pair: (not pair[1].consistent, *rank(pair[1]), pair[0]))
    if not result.assumed:
        return order[:most]
    has = [pair for pair in order if assumed(result, pair[1])]
    others = [pair for pair in order if not assumed(result, pair[1])]
    return [*has[: most // 2], *others[: most // 2]]


def _futures(result: CrossImpactResult) -> Iterator[Block]:
    shown = firmest(result, MOST_SHOWN)
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
    told = [shown[0], *[pair for pair in shown[1:] if not assumed(result, pair[1])][:1]]
    for number, one in told if result.assumed else shown[:MOST_ON_SCREEN]:
        names = [one.name for one in result.futures.descriptors.values()]
        pairs = "; ".join(f"{name}: {variant}" for name, variant in zip(names, one.variants, strict=True))
        yield Verdict(on="screen", name=f"Future {number}", says=(f"{pairs}.", firmness(result, one)))
    left = len(result.scenarios) - sum(one.consistent for _, one in shown)
    if left > 0:
        said = f"{words.capital(words.counted(left, 'more future'))} hold together; --json has all."
        yield Prose(text=said, quiet=True)
    if not result.record.exact and len(shown) > 1:
        yield FigureBlock(figure=survival(result, shown))


def firmness(result: CrossImpactResult, one: Future) -> str:
    """Return how firm a future is, in one sentence: survival where there is doubt, margin and basin."""
    sure = "" if result.record.exact else f"Survival {percent(one.survival)}; "
    margin = "nothing can beat it" if one.margin is None else f"margin {words.figures(float(one.margin), 3)}"
    weak = f" ({one.weakest})" if one.weakest else ""
    size = percent(one.basin / one.starts) if one.starts else "none"
    if one.basin_error:
        size += f" ± {100 * one.basin_error / one.starts:.1f}"
    many = f"{words.figures(float(one.pressure), 3)} point{'' if one.pressure == 1 else 's'}"
    pressure = f"; needs {many} from outside to hold what is assumed" if one.pressure else ""
    return words.capital(f"{sure}{margin}{weak}; basin {size} of starting points{pressure}.")


def _tableau(result: CrossImpactResult, shown: Sequence[tuple[int, Future]]) -> Table:
    descriptors = result.futures.descriptors
    columns = {
        "future": "number in the list",
        "survival": "share: probability that it stays consistent when judgements are in doubt",
        "margin": "by how much its weakest variant leads, in points",
        "basin": "share of starting points that end here; depends on the order of variants, no probability",
        "pressure": "points that what is assumed needs from outside",
        **dict.fromkeys(descriptors, "variant"),
    }
    rows: list[tuple[Cell, ...]] = []
    for reading in (WITH, WITHOUT) if result.assumed else (FREE,):
        if result.assumed:
            rows.append((words.capital(result.readings[reading].name), *([None] * (len(columns) - 1))))
        for number, one in shown:
            if not result.assumed or assumed(result, one) == (reading == WITH):
                name = f"{number}" if one.consistent else f"{number} (in some draws)"
                basin = one.basin / one.starts if one.starts else None
                rows.append((name, one.survival, one.margin, basin, one.pressure or None, *one.variants))
    return Table("tableau", columns, tuple(rows), {key: one.name for key, one in descriptors.items()})


def _claims(result: CrossImpactResult) -> TableBlock:
    readings = [WITH, WITHOUT] if WITH in result.readings else [FREE]
    columns = {
        "claim": "what is said to follow",
        **dict.fromkeys(readings, "share of the futures that have it"),
        "short": "points of judgement that would have to change for one that does, by the best guesses",
        "against": "what speaks against it",
    }
    heads = {key: result.readings[key].name for key in readings} | {"short": "points short"}
    rows = tuple(
        (
            one.name,
            *(one.shares[key] for key in readings),
            one.cost or None,
            "; ".join(one.objections[:1]),
        )
        for one in result.claims.values()
    )
    caption = "What is said to follow, and whether it holds together"
    screen = ("claim", *readings, "short")
    return TableBlock(table=Table("claims_told", columns, rows, heads), caption=caption, screen=screen)


# --- why ------------------------------------------------------------------------------------------


def _why(result: CrossImpactResult) -> Iterator[Block]:
    for number in dict.fromkeys(one.future for one in result.arguments):
        told = [one for one in result.arguments if one.future == number]
        of = result.listed[number]
        breaks = next((one.step for one in result.breaking if one.future == number), None)
        notes = tuple((f"{one.descriptor}: {one.variant}", reasons(one)) for one in told)
        blocks: list[Block] = [Prose(text=firmness(result, of)), Notes(items=notes)]
        if breaks is not None:
            many = words.figures(float(breaks.points), 3)
            said = f"Breaks when “{breaks.variant}” gains {many} points on “{breaks.rival}” ({breaks.descriptor})."
            blocks.insert(1, Prose(text=said))
        yield Details(summary=f"Future {number + 1}: why it holds together", blocks=tuple(blocks))
    drawn = network(result)
    if drawn is not None:
        yield FigureBlock(figure=drawn)
    yield from _worth(result)
    yield from _aside(result)


def reasons(of: Argument) -> str:
    """Return what speaks for a variant and against it, in sentences."""
    lead = words.signed_minus(f"{of.lead:+.3g}") if of.lead else "a tie"
    told = [f"Before “{of.runner_up}” by {lead}." if of.lead else f"Level with “{of.runner_up}”."]
    for head, found in (("For it", of.supports), ("Against it", of.objections)):
        if found:
            named = ", ".join(_reason(one) for one in found[:MOST_REASONS])
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
