"""Every sentence and heading that a brief can print, whole or cut, with what a case calls things taken out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from detente.case import Case
from detente.report import Brief
from detente.show.blocks import (
    Block,
    Chapter,
    Details,
    FigureBlock,
    Gauges,
    Heading,
    Lead,
    Legend,
    Listing,
    Notes,
    Prose,
    TableBlock,
    Verdict,
)
from detente.show.figure import Figure

QUOTED = re.compile("“[^“”]*”")


def of_brief(made: Brief) -> Iterator[str]:
    """Yield all that a brief says, on the page, on the screen and in the annex."""
    yield made.verdict.sentence
    for chapter in made.chapters:
        yield from of_chapter(chapter)
    for result in made.results.values():
        yield from (finding.sentence for finding in result.findings)
        for study in (result.comparison, result.tornado):
            if study is not None:
                yield from (finding.sentence for finding in study.findings)
                yield from of_blocks(study.blocks())


def of_chapter(chapter: Chapter) -> Iterator[str]:
    """Yield all that a chapter says, the table of methods aside."""
    yield from (chapter.question, chapter.rung.sentence, chapter.caution)
    yield from (rung.finding.sentence for rung in chapter.rungs)
    yield from (finding.sentence for finding in chapter.headlines)
    for deal in chapter.deals:
        yield deal.stopped
    yield from of_blocks(chapter.overview)
    for section in chapter.sections:
        yield from (section.title, section.intro)
        yield from of_blocks(section.blocks)


def of_blocks(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield all that some blocks say: prose, headings, captions, headings of columns, cells of words."""
    for block in blocks:
        match block:
            case Lead() | Prose() | Heading():
                yield block.text
            case Listing():
                yield from block.items
            case Notes():
                yield from (text for _, text in block.items)
            case Verdict():
                yield from (block.status, *block.says, *(share.name for share in block.shares))
            case Gauges():
                yield from (*block.heads, *(row.status for row in block.rows))
            case Legend():
                yield from (key.text for key in block.items)
            case TableBlock():
                yield block.caption
                yield from (block.table.heads.get(name, name) for name in block.table.columns)
                yield from (cell for row in block.table.rows for cell in row if isinstance(cell, str))
            case FigureBlock():
                yield from of_figure(block.figure)
            case Details():
                yield block.summary
                yield from of_blocks(block.blocks)


def of_figure(figure: Figure) -> Iterator[str]:
    """Yield what a figure says around its drawing, how it was computed aside, and the texts in it."""
    yield from (figure.title, figure.definition, figure.legend)
    for layer in figure.spec["layer"]:
        if layer["mark"]["type"] == "text":
            for row in layer["data"]["values"]:
                text = row["text"]
                yield " ".join(text) if isinstance(text, list) else str(text)


def own_words(texts: Iterable[str], case: Case) -> Iterator[str]:
    """Yield each text once, with … for what the case calls its actors, issues, options and points of scales."""
    parts = (case.actors, case.issues, case.groups, case.scenarios, case.deals, case.bodies)
    names = {one.name for part in parts for one in part.values()}
    names |= {meaning for issue in case.issues.values() for meaning in issue.scale.values()}
    if case.game is not None:
        people = {key: actor.name for key, actor in case.actors.items()}
        names |= {*case.game.option_names(people).values(), *case.game.state_names().values()}
        names |= {one.note or "" for one in case.scenarios.values()}
    names |= {issue.unit or "" for issue in case.issues.values()}
    ordered = sorted(filter(None, names), key=len, reverse=True)
    named = re.compile("|".join(re.escape(name) for name in ordered) or "(?!)")
    seen = dict.fromkeys(QUOTED.sub("“…”", named.sub("…", text)).strip() for text in texts)
    yield from (text for text in seen if text.strip(" …“”"))
