"""Of what is an answer made? Blocks: data that a page, a terminal and a notebook print alike.

A lens says *what* is to be read (a lead, prose, verdicts, a table, figures) and nothing of how it looks; the
printers (`detente.show.page`, `detente.show.screen`) know every block and no lens. All blocks are plain records.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from pydantic import Field

from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.ladder import DealRow, IssueView, Rung
from detente.show.record import Record
from detente.show.table import Cell, Table

Tone = Literal["plain", "good", "warn"]
Where = Literal["everywhere", "page", "screen"]


class _Block(Record):
    """What all blocks share.

    Attributes:
        on: where it is printed: everywhere, on a page only, or on a screen of characters only.
    """

    on: Where = "everywhere"

    @property
    def kind(self) -> str:
        """Return what it is, such as ``lead`` or ``table``."""
        return type(self).__name__.removesuffix("Block").lower()


class Lead(_Block):
    """The answer of a section in a sentence or two; the first thing that is read."""

    text: str


class Prose(_Block):
    """A paragraph; a ``quiet`` one is an aside, such as what was left out."""

    text: str
    quiet: bool = False


class Heading(_Block):
    """A heading within a section."""

    text: str


class Listing(_Block):
    """Sentences of equal weight, one under the other; ``head`` says of what, where the text before does not."""

    head: str = ""
    items: tuple[str, ...]


class Notes(_Block):
    """Terms, or points of a scale, each with what there is to say of it."""

    items: tuple[tuple[str, str], ...]


class Share(Record):
    """A share with what it is a share of, such as a concept; shaded by its size where there is colour."""

    name: str
    share: float


class Verdict(_Block):
    """What is found of one thing: a deal, an outcome.

    Attributes:
        name: of the thing, as a heading.
        status: what is found, in a few words.
        tone: of the status.
        says: paragraphs, the first of which matters most.
        shares: how often, by what.
    """

    name: str
    status: str = ""
    tone: Tone = "plain"
    says: tuple[str, ...] = ()
    shares: tuple[Share, ...] = ()


class Strip(Record):
    """A value with its doubt on a scale, drawn in one line.

    Attributes:
        low: lowest value of the scale.
        high: highest.
        at: the value.
        spans: intervals around it by name, such as ``"80"``, widest first.
        baseline: a naive value beside it.
        no_deal: where things end without agreement.
        outcome: what really happened.
        ticks: points of the scale that have a meaning.
        words: the same for those who do not see it.
        density: of a distribution, instead of the value's own mark: values, each with a height from 0 to 1.
        atoms: of a distribution: values, each with its chance.
        inputs: what the inputs leave open, in a lane of its own under the distribution.
        without: chance that things end at ``no_deal``.
    """

    low: float
    high: float
    at: float
    spans: dict[str, tuple[float, float]] = Field(default_factory=dict)
    baseline: float | None = None
    no_deal: float | None = None
    outcome: float | None = None
    ticks: tuple[float, ...] = ()
    words: str = ""
    density: tuple[tuple[float, float], ...] = ()
    atoms: tuple[tuple[float, float], ...] = ()
    inputs: tuple[float, float] | None = None
    without: float = 0.0

    def share(self, value: float) -> float:
        """Return where a value stands between the ends of the scale, within 0 and 1."""
        return (
            min(max((value - self.low) / (self.high - self.low), 0.0), 1.0) if self.high > self.low else 0.5
        )


class Reading(Record):
    """One row of `Gauges`: a value read off its own scale.

    Attributes:
        name: of what is read.
        value: in words.
        unit: of the value, where it is a short one.
        span: the doubt, in words.
        beside: what stands beside it on a screen, such as the value without a deal.
        strip: the same drawn.
        ends: what the two ends of the scale mean.
        meaning: what the value means.
        status: what stands in the way, in a few words.
        tone: of the status.
    """

    name: str
    value: str
    unit: str = ""
    span: str = ""
    beside: str = ""
    strip: Strip
    ends: tuple[str, str] = ("", "")
    meaning: str = ""
    status: str = ""
    tone: Tone = "plain"


class Gauges(_Block):
    """Values with their doubt, each on its own scale, one under the other.

    Attributes:
        heads: headings of name, value, span and what stands beside, on a screen.
        rows: one per value.
    """

    heads: tuple[str, str, str, str]
    rows: tuple[Reading, ...]


class TableBlock(_Block):
    """A table to be read.

    Attributes:
        table: its rows.
        caption: what it holds, in a sentence.
        shaded: whether shares are shaded by their size.
        grouped: whether a row that has but its first cell is a heading of the rows after it.
        most: how many rows a screen shows.
        screen: columns that a screen shows; all where empty.
        tints: column of texts → its values in their order, each of which a page tints in a colour of its own.
        strips: what is drawn at the end of each row, all on one scale.
        drawn: what the signs of the strips are, for a screen.
    """

    table: Table
    caption: str
    shaded: bool = False
    grouped: bool = False
    most: int | None = None
    screen: tuple[str, ...] = ()
    tints: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    strips: tuple[Strip, ...] = ()
    drawn: str = ""


def tabled(
    heads: Sequence[str], rows: Iterable[Sequence[Cell]], caption: str = "", **more: Any
) -> TableBlock:
    """Return rows of cells as a table under headings; a screen shows all columns that are filled."""
    table = Table("rows", dict.fromkeys(heads, ""), tuple(map(tuple, rows)))
    return TableBlock(table=table, caption=caption, screen=tuple(heads), **more)


class FigureBlock(_Block):
    """A figure, with what the points of its scale mean where the chart has no room for it."""

    figure: Figure
    anchors: tuple[tuple[str, str], ...] = ()


class Key(Record):
    """A sign and what it means.

    Attributes:
        text: what it means.
        sign: ``area``, ``shade``, ``lane``, ``upright``, ``whisker``, ``red``, ``band``, ``thick``, ``medium``,
            ``thin``, ``dashed``, ``dot``, ``ring``, ``square``, ``soft``, ``low`` or ``high``; or a shape of a
            bloc (``circle`` …) or ``stroke`` in ``tone``.
        tone: name of a tone of the palette, for shapes and strokes.
        dash: lengths of line and gap of a stroke.
    """

    text: str
    sign: str
    tone: str = ""
    dash: tuple[int, ...] = ()


class Legend(_Block):
    """What colours and shapes mean in the figures that follow."""

    on: Where = "page"
    items: tuple[Key, ...]


class Details(_Block):
    """What only some readers want: closed on a page until it is asked for, left out on a screen."""

    on: Where = "page"
    summary: str
    blocks: tuple[Block, ...]


Block = (
    Lead | Prose | Heading | Listing | Notes | Verdict | Gauges | TableBlock | FigureBlock | Legend | Details
)


class Section(Record):
    """A part of a chapter.

    Attributes:
        id: on the page; unlike any other section's of a brief.
        title: its heading.
        intro: what is shown, and how it is read.
        blocks: in their order.
        annex: whether an adviser can do without it: a brief shows it only in full.
    """

    id: str
    title: str
    intro: str = ""
    blocks: tuple[Block, ...]
    annex: bool = False


class Chapter(Record):
    """One lens's part of a brief, and the whole of what `run` prints.

    Attributes:
        lens: name of the lens.
        question: that it answers.
        rung: the lens's own answer in one or two sentences that stand alone; what `run` prints first.
        rungs: what it says on the ladder of a brief: of as many steps as it can answer, usually one or two.
        deals: what it says of the deals of the case, packages before issues alone.
        issues: where it puts each issue while it asks nobody's consent.
        headlines: what else a reader of the chapter should know first.
        overview: what a screen shows beside the rung.
        sections: in the order of the page.
        method: how the answers were computed: name of a method or rule → what it does, with its reference.
        caution: what the numbers are not, in one sentence.
    """

    lens: str
    question: str
    rung: Finding
    rungs: tuple[Rung, ...] = ()
    deals: tuple[DealRow, ...] = ()
    issues: tuple[IssueView, ...] = ()
    headlines: tuple[Finding, ...] = ()
    overview: tuple[Block, ...] = ()
    sections: tuple[Section, ...]
    method: tuple[tuple[str, str], ...] = ()
    caution: str = ""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Return every figure, in the order of the page."""
        return tuple(figure for section in self.sections for figure in figures(section.blocks))


def figures(blocks: tuple[Block, ...]) -> tuple[Figure, ...]:
    """Return the figures among some blocks, those in details included."""
    found: list[Figure] = []
    for block in blocks:
        if isinstance(block, FigureBlock):
            found.append(block.figure)
        elif isinstance(block, Details):
            found += figures(block.blocks)
    return tuple(found)
