"""Is there a deal, on what terms, who blocks it, and what would it take? The lens's part of a brief, as blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from detente.case.words import input_name
from detente.lenses.winset.agreements import CLEAR
from detente.lenses.winset.answers import Insisted
from detente.lenses.winset.chapter_ground import chances, ground, rows
from detente.lenses.winset.figures.bands import bands_figure
from detente.lenses.winset.figures.curves import softening_figure, tied_hands_figure
from detente.lenses.winset.figures.shares import blockers_figure, levers_figure
from detente.lenses.winset.findings import (
    BANDS,
    BLOCKERS,
    ELSEWHERE,
    GROUND,
    LEVELS,
    OTHERS,
    SIGNING,
    moves,
)
from detente.lenses.winset.limits import MOST_TIED
from detente.lenses.winset.phrases import SOLUTIONS, demand_words
from detente.lenses.winset.result import WinsetResult
from detente.lenses.winset.steps import answer, rungs
from detente.show.blocks import (
    Block,
    Chapter,
    Details,
    FigureBlock,
    Heading,
    Listing,
    Prose,
    Section,
    TableBlock,
)
from detente.show.figure import Figure
from detente.show.ladder import DealRow, Signature
from detente.show.table import Cell, Table
from detente.show.words import capital, listed, percent, position, span

ACCEPTS = (
    "Each issue taken alone: how far every actor whose consent counts would go rather than have no deal."
)
MOST_ISSUES = 24
"""Issues whose bands are drawn; the table has all."""


def chapter(result: WinsetResult, question: str) -> Chapter:
    """Tell a result, from its fields alone."""
    issue = decisive(result)
    others = (bands_figure(result, one) for one in list(result.bands)[:MOST_ISSUES] if one != issue)
    made = (
        Section(
            id=SIGNING,
            title="Who signs, and who stops it",
            intro="Of each deal: who accepts its terms, in the share of draws with a deal, and what it gains over "
            "having none, as a share of all that is at stake; or whose demands are part of why there is no deal, "
            "in the share of all draws.",
            blocks=tuple(_signing(result)),
        ),
        Section(
            id=BANDS,
            title="What each would accept",
            intro=ACCEPTS,
            blocks=() if issue is None else _drawn(iter([bands_figure(result, issue)])),
        ),
        Section(
            id=ELSEWHERE,
            title="What scenarios change",
            intro="The share of draws with a deal, for the case as it stands and in each scenario.",
            blocks=tuple(_scenarios(result)),
        ),
        Section(
            id=GROUND,
            title="Every deal",
            intro="A deal exists when some package leaves enough of those who must consent better off than "
            "without one, and crosses none of their red lines.",
            blocks=tuple(ground(result)),
            annex=True,
        ),
        Section(
            id=OTHERS,
            title="What each would accept on the other issues",
            intro=ACCEPTS,
            blocks=_drawn(others),
            annex=True,
        ),
        Section(
            id=BLOCKERS,
            title="Who stands in the way",
            intro="The smallest sets of demands that cannot all be met, and what would happen if one of them "
            "were given up.",
            blocks=tuple(_blockers(result)),
            annex=True,
        ),
        Section(
            id=LEVELS,
            title="At home and abroad",
            intro="What happens to a deal, and to a side's own gain in it, as its members at home demand ever "
            "more.",
            blocks=tuple(_levels(result)),
            annex=True,
        ),
    )
    return Chapter(
        lens=result.record.lens,
        question=question,
        rung=answer(result),
        rungs=tuple(rungs(result)),
        deals=tuple(rows(result)),
        headlines=tuple(one.finding for one in rungs(result)),
        overview=(chances(result),),
        sections=tuple(section for section in made if section.blocks),
        method=tuple(_method(result)),
        caution=_caution(result),
    )


def decisive(result: WinsetResult) -> str | None:
    """Return the issue on which demands most often conflict in a failing package; else the one that moves most."""
    deals = result.packages or (result.headline,)
    failing = [deal for deal in deals if result.chance(deal).probability <= CLEAR]
    for deal in sorted(failing, key=lambda one: -result.chance(one).probability):
        for conflict in result.blockers[deal].conflicts if deal in result.blockers else ():
            found = [one.issue for one in conflict.demands if one.issue in result.bands]
            if found:
                return found[0]
    moved = [
        (abs(one.share), issue)
        for deal in deals
        for issue, one in result.agreements[deal].terms.items()
        if issue in result.bands
    ]
    return max(moved)[1] if moved else next(iter(result.bands), None)


def _drawn(figures: Iterator[Figure]) -> tuple[Block, ...]:
    return tuple(FigureBlock(figure=figure) for figure in figures)


def _method(result: WinsetResult) -> Iterator[tuple[str, str]]:
    rules = "; ".join(f"{deal.name}: {deal.rule}" for deal in result.deals.values() if not deal.single)
    loss = str(result.record.options.get("loss", "city_block")).replace("_", "-")
    yield (
        "Consent",
        f"{f'{rules}. ' if rules else ''}An actor accepts a package whose {loss} distance from what it wants, "
        "weighted by salience, is no more than that of no deal with the cost of failure, within its red lines. "
        "Putnam 1988, International Organization 42; Tsebelis 2002.",
    )
    yield (
        "Terms",
        f"{capital(SOLUTIONS[result.leading])} bargaining among those who are needed or, where nobody is, the "
        "winning coalition whose least gain is greatest, within what they accept; "
        f"{result.record.draws:,} draws. Nash 1950; Kalai and Smorodinsky 1975; Kalai 1977.",
    )


def _caution(result: WinsetResult) -> str:
    text = (
        "A probability is the share of draws with a deal: how much the doubt in the inputs leaves open, not how "
        "often such deals come true."
    )
    unknown = max(result.chance(deal).unknown for deal in result.deals)
    undecided = f" Up to {percent(unknown)} of draws could not be decided; they count neither way."
    return text + (undecided if unknown else "")


# --- who signs -----------------------------------------------------------------------------------


def _signing(result: WinsetResult) -> Iterator[Block]:
    """Yield who has a say in which deal, and what it does; then the votes of bodies on what can be agreed."""
    told = [row for row in rows(result) if not row.single] or list(rows(result))
    told.sort(key=lambda row: (-row.share, len(row.issues)))
    columns = {"who": "whose consent counts", **{row.deal: f"what it does about {row.name}" for row in told}}
    heads = {"who": "", **{row.deal: row.name for row in told}}
    said = {row.deal: {one.name: _does(one, row) for one in row.signatures} for row in told}
    names = [of.name for of in result.case.actors.values()]
    cells = tuple(
        (name, *(said[row.deal].get(name, "–") for row in told))
        for name in names
        if any(name in found for found in said.values())
    )
    if not cells:
        return
    caption = "Who signs each deal, and who stops it"
    yield TableBlock(table=Table("who_signs", columns, cells, heads), caption=f"{caption}; –: no say")
    items = tuple(f"{row.name}: {_votes(row)}." for row in told if row.votes)
    if items:
        yield Heading(text="Votes on the terms")
        yield Listing(items=items)
    if len(told) == 1 and told[0].rule:
        yield Prose(text=f"Whose consent is needed: {told[0].rule}.", quiet=True)


def _votes(row: DealRow) -> str:
    """Return how the votes on a deal go where it is agreed: a body of several chambers is named once."""
    bodies: dict[str, list[str]] = {}
    for one in row.votes:
        told = f"{one.votes:,.0f} of {one.total:,.0f} votes for it, {one.needed:,.0f} needed"
        bodies.setdefault(one.body, []).append(told)
    return "; ".join(f"{body} {listed(found)}" for body, found in bodies.items())


def _does(one: Signature, row: DealRow) -> str:
    """Return what somebody with a say does about a deal: signs it or, where there is seldom one, stops it."""
    if row.agreed:
        if not one.signs:
            return "does not sign"
        gains = (
            "" if one.gain is None else f", {'gains' if one.gain >= 0 else 'loses'} {percent(abs(one.gain))}"
        )
        return f"signs{gains}" if one.signs == 1 else f"signs in {percent(one.signs)}{gains}"
    if not one.stops:
        return "not in the way"
    return "stops it" if row.draws == 1 else f"stops it: {percent(one.stops)}"


def _scenarios(result: WinsetResult) -> Iterator[Block]:
    """Yield how often there is each package in every scenario, where there are any; the issue without packages."""
    if len(result.deal_probability) > 1:
        yield chances(result, result.packages).model_copy(update={"on": "page"})


# --- who stands in the way -----------------------------------------------------------------------


def _blockers(result: WinsetResult) -> Iterator[Block]:
    deals = result.packages or (result.headline,)
    blocked = [deal for deal in deals if deal in result.blockers and result.blockers[deal].actors]
    yield from _drawn(blockers_figure(result, deal) for deal in blocked)
    yield from _drawn(levers_figure(result, deal) for deal in deals if result.levers.get(deal))
    yield from _drawn(softening_figure(result, deal) for deal in deals if result.deals[deal].softening)
    columns = {
        "step": "who gives way on what, all inputs at their means",
        "by": "by how much",
        "cost": "weighted by salience or by the stated cost",
    }
    if (opening := _giving_way(result, "steps", "cost", columns)).rows:
        yield Heading(text="The cheapest way to a deal")
        told = (
            "The least costly set of concessions that would open the way, by each actor’s cost of conceding, with "
            "all inputs at their means; nothing cheaper would do."
        )
        yield Prose(text=told, quiet=True)
        yield TableBlock(table=opening, caption="Concessions that would open the way to a deal")
    columns = {
        "demand": "who gives way on what, and nobody on anything else",
        "by": "how far, on average",
        "share": "share of the draws without a deal in which that is enough",
    }
    if (sufficing := _giving_way(result, "suffices", "share", columns)).rows:
        caption = "Demands that alone are enough to give way on, over some draws without a deal"
        block = TableBlock(table=sufficing, caption=caption)
        yield Details(summary="Which single concession is enough, and how often", blocks=(block,))
    kinds = ("payment", "linking", "swap")
    more = [one.sentence for kind in kinds for one in result.findings if one.id.partition(".")[0] == kind]
    if more:
        yield Listing(items=tuple(more))
    drivers = _drivers_table(result)
    if drivers.rows:
        block = TableBlock(table=drivers, caption="Inputs on which the findings rest, and their sources")
        yield Details(summary="On which inputs this rests", blocks=(block,))


def _giving_way(result: WinsetResult, name: str, by: str, columns: Mapping[str, str]) -> Table:
    """Return who gives way on what and how far, in words, for the packages: ``steps``, or what ``suffices``."""
    rows = tuple(
        (of.name, capital(demand_words(result.names, one)), _far(result, one, one.by), getattr(one, by))
        for of in result.deals.values()
        if of.opening is not None
        for one in getattr(of.opening, name)
    )
    table = "opening" if name == "steps" else "sufficing"
    return Table(table, {"deal": "package", **columns}, rows)


def _far(result: WinsetResult, demand: Insisted, by: float) -> str:
    if demand.issue is None:
        return f"{percent(by)} of the whole scale"
    return position(by, result.case.issues[demand.issue])


def _drivers_table(result: WinsetResult) -> Table:
    """Return the inputs that findings rest on, each once, and who says so: the thread to the evidence."""
    columns = {
        "input": "whose number, and which",
        "value": "as the case states it",
        "sources": "ids of the sources that the case cites for it",
        "path": "in the case",
    }
    case, rows = result.case, []
    for path in dict.fromkeys(path for finding in result.findings for path in finding.drivers):
        part, holder, *rest = path.split(".")
        stance = case.stances[holder][rest[0]] if part == "stances" else None
        sources = ", ".join(stance.because) if stance is not None else ""
        rows.append((input_name(case, path), str(case.quantities[path]), sources, path))
    return Table("drivers", columns, tuple(rows))


# --- at home and abroad --------------------------------------------------------------------------


def _levels(result: WinsetResult) -> Iterator[Block]:
    sides = result.deals[result.headline].sides or ()
    curves = [side for side in sides if side.curve]
    if len(sides) > MOST_TIED:
        told = (
            f"{len(sides)} sides must all agree. What tying the hands of each would do is worked out for "
            f"{MOST_TIED} sides at most, so there is no such curve here."
        )
        yield Prose(text=told)
    elif not curves:
        return
    yield from _drawn(tied_hands_figure(result, result.headline, side) for side in curves if moves(side))
    caption = "How much of what could be agreed each side would consent to, and all together"
    yield TableBlock(table=_sides_table(result), caption=caption, on="page")


def _sides_table(result: WinsetResult) -> Table:
    """Return how much of what could be agreed each side of the leading deal would consent to."""
    columns = {
        "side": "part of the rule that must agree",
        "size": "share of all packages that it would consent to, all inputs at their means",
        "error": "standard error of the size",
        "reach": "what it would consent to, issue by issue",
    }
    of, issues = result.deals[result.headline], result.case.issues
    rows: list[tuple[Cell, ...]] = []
    for side in (*(of.sides or ()), *([of.together] if of.together is not None else [])):
        reach = [f"{issues[i].name} {span(low, high, issues[i])}" for i, (low, high) in side.extents.items()]
        rows.append((side.name, side.size, side.error, "; ".join(reach) or "nothing"))
    return Table("sides", columns, tuple(rows))
