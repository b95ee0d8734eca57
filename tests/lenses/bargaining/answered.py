"""What a brief asks of the bargaining lens, for published cases and cases at the edges, made once."""

from __future__ import annotations

from functools import cache

from detente.case import Case
from detente.catalog import open_case, slugs
from detente.lenses import Effort
from detente.lenses.bargaining import LENS, BargainingResult
from detente.lenses.bargaining.headlines import headlines
from detente.lenses.compare import AS_IT_STANDS
from detente.show.blocks import Chapter, Section
from detente.show.figure import Figure
from detente.show.finding import Finding
from tests.report.making import edge_cases

DRAWS = 200
NAMES = [*(slug for slug in slugs() if any(open_case(slug).stances.values())), *edge_cases()]


def answer(case: Case, draws: int = DRAWS, seed: int = 1) -> BargainingResult:
    """Return the result with its scenarios compared and its inputs moved."""
    changed = {name: case.with_(scenario=name) for name, one in case.scenarios.items() if one.changes}
    found = LENS.answer({AS_IT_STANDS: case, **changed}, Effort(draws, seed, workers=1))
    assert isinstance(found, BargainingResult)
    return found


@cache
def answered(name: str) -> BargainingResult:
    """Return the answer for a catalog case or an edge case."""
    edges = edge_cases()
    return answer(edges[name] if name in edges else open_case(name))


@cache
def told(name: str) -> Chapter:
    """Return the chapter of `answered`."""
    return LENS.chapter(answered(name))


def headline(result: BargainingResult, name: str) -> Finding:
    """Return a headline by its id."""
    return next(finding for finding in headlines(result) if finding.id == name)


def section(chapter: Chapter, name: str) -> Section:
    """Return a section by its id."""
    return next(one for one in chapter.sections if one.id == name)


def figure(name: str, which: str) -> Figure:
    """Return a figure of `told` by its id."""
    return next(one for one in told(name).figures if one.id == which)
