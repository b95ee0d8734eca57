"""What is a figure? A finding, the chart that shows it, the table behind it, and how it was computed.

One record per figure; a page, a notebook, an image file and the command line all show the same record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from detente.show import svg
from detente.show.finding import Finding
from detente.show.palette import INK, MUTED, PAPER, Theme
from detente.show.table import Table
from detente.show.vega import Spec
from detente.show.words import broken, capital

if TYPE_CHECKING:
    import altair


@dataclass(frozen=True)
class Figure:
    """One figure.

    Attributes:
        id: unlike any other figure's in a report; letters, digits, ``-`` and ``_``.
        subject: what it is about, such as the name of an issue.
        finding: what the figure shows, in a sentence; its numbers stand in the table. It is the title.
        definition: what is drawn, in one sentence.
        spec: the chart in Vega-Lite, in light colours.
        table: the rows behind the chart.
        how: how it was computed, in paragraphs: method, parameters, references.
        sources: ids of the case's sources that the drawn numbers rest on.
        legend: what the colours and shapes mean, for a figure that leaves its page.
    """

    id: str
    subject: str
    finding: Finding
    definition: str
    spec: Spec = field(repr=False)
    table: Table = field(repr=False)
    how: tuple[str, ...] = field(repr=False)
    sources: tuple[str, ...] = field(default=(), repr=False)
    legend: str = field(default="", repr=False)

    @property
    def title(self) -> str:
        """Return the finding as the figure's title."""
        return self.finding.sentence

    @property
    def message(self) -> str:
        """Return the finding for a place where the subject is already named."""
        return capital(self.title.removeprefix(f"{self.subject}: "))

    @cached_property
    def chart(self) -> altair.LayerChart:
        """Return the chart as an Altair object, to be changed or shown elsewhere."""
        import altair

        return altair.LayerChart.from_dict(self.spec)

    def svg(self, theme: Theme = "light") -> str:
        """Return the figure as SVG.

        Args:
            theme: ``page`` gives the bare chart for use within a page of ours; ``light`` and ``dark`` give a
                picture that stands alone, with its title and on its own ground.
        """
        raw = svg.drawn(self.spec if theme == "page" else self._standing_alone())
        named = {"prefix": f"fig-{self.id}", "title": self.title, "description": self.definition}
        return svg.dressed(raw, theme=theme, **named)

    def png(self, scale: float = 2.0) -> bytes:
        """Return the figure as PNG with its title, ``scale`` times its size in pixels."""
        return svg.painted(self._standing_alone(), scale)

    def _standing_alone(self) -> Spec:
        """Return the spec with title, subtitle, ground and margins."""
        width = self.spec["width"]
        small = {"FontSize": 10, "LineHeight": 13, "Color": MUTED.light, "Padding": 5}
        title = {
            "text": broken(self.title, width / 13, 4),
            "subtitle": broken(f"{self.definition} {self.legend}".strip(), width / 10, 6),
            "anchor": "start",
            "frame": "bounds",
            "offset": 12,
            "fontSize": 13,
            "lineHeight": 16,
            "color": INK.light,
            **{f"subtitle{name}": setting for name, setting in small.items()},
        }
        ground = {"padding": 16, "background": PAPER.light, "autosize": {"type": "pad"}}
        return {**self.spec, "title": title, **ground}

    def _repr_svg_(self) -> str:
        """Show the figure in a notebook that takes SVG."""
        return self.svg("light")

    def _repr_html_(self) -> str:
        """Show the figure with its table in a notebook; nothing is fetched and no script runs."""
        how = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in self.how)
        return (
            f"<figure>{self.svg('light')}<details><summary>Table, and how it was computed</summary>"
            f"{self.table._repr_html_()}{how}</details></figure>"
        )
