"""The loop over draws: is there a deal, which packages are the named solutions, how far does the zone reach?"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from detente.lenses.winset.deal import Array
from detente.lenses.winset.draws.coded import Coded, Indices
from detente.lenses.winset.draws.compiled import fill, kept
from detente.lenses.winset.draws.judging import judge
from detente.lenses.winset.draws.losses import Sheet
from detente.lenses.winset.draws.solving import reach, solve_named
from detente.lenses.winset.draws.task import HAS_PLANE, LINEAR_PART, PLACE, PLANES, SHARE, Work

VERDICTS, SOLUTIONS, EXTENTS = 0, 1, 2


class Draws(NamedTuple):
    """The arrays of a deal as the loop reads them; see ``losses.Sheet`` for the last three.

    Attributes:
        stance: (D, V, 4, d).
        radius: (D, V).
        levels: (d, L).
        quadratic: the form of the loss.
    """

    stance: Array
    radius: Array
    levels: Array
    quadratic: bool


class Question(NamedTuple):
    """What is asked of every draw.

    Attributes:
        mode: verdicts, solutions or extents.
        parties: (K,), whose gains the named solutions weigh.
        wanted: (4,), which solutions.
        package: (D, d), a package in the zone; verdicts ignore it.
        slack: (D,), shortfall that counts as consent; NaN in draws that are passed over.
        stop: tolerance of a margin.
        nodes: parts of one search that may be looked at.
    """

    mode: int
    parties: Indices
    wanted: NDArray[np.bool_]
    package: Array
    slack: Array
    stop: float
    nodes: int


class Reply(NamedTuple):
    """What comes back.

    Attributes:
        facts: (D, 5), of a verdict: margin of the best package seen, bound, by what, parts of the search,
            programs.
        weights: (D, V), of a proof that is one weighted sum; 0 elsewhere.
        package: (D, P, d), NaN where there is none: of a verdict (P = 1), the named solutions (P = 4), or
            the least
            and the greatest value of every issue (P = 2).
    """

    facts: Array
    weights: Array
    package: Array


_SOURCES = crc32(b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))))


@kept
def answer(
    draws: Draws,
    rule: Coded,
    question: Question,
    work: Work,
    reply: Reply,
    sources: int = _SOURCES,  # noqa: ARG001  part of the key on disk: a change in any of the files compiles anew
) -> None:
    """Answer a question in every draw."""
    for k in range(draws.radius.shape[0]):
        slack = question.slack[k]
        if np.isnan(slack):
            continue
        sheet = Sheet(draws.stance[k], draws.radius[k], draws.levels, draws.quadratic)
        work.tally[PLANES] = 0.0
        fill(work.voter[HAS_PLANE], 0.0)
        fill(work.voter[PLACE], -1.0)
        fill(work.voter[SHARE], 1.0)
        fill(work.issue[LINEAR_PART], 0.0)
        stop, nodes, first, found = question.stop, question.nodes, question.package[k], reply.package[k]
        if question.mode == VERDICTS:
            judge(sheet, rule, stop, nodes, work, reply.facts[k], reply.weights[k], found[0])
        elif question.mode == SOLUTIONS:
            solve_named(
                sheet, rule, stop, nodes, slack, question.parties, question.wanted, first, work, found
            )
        else:
            reach(sheet, rule, stop, nodes, slack, first, work, found)
