"""What holds, how firmly, how does one get there, and in which scenario? The stability lens's part of a brief."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from detente.case import Case
from detente.lenses.compare import shifted
from detente.lenses.lens import RunRecord
from detente.lenses.stability import LENS, StabilityResult
from detente.lenses.stability.findings import label
from detente.report.chapter import AS_IT_STANDS, Chapter, Effort, Versions
from detente.report.figures.concepts import concepts
from detente.report.figures.equilibria import equilibria
from detente.report.figures.state_graph import actors
from detente.report.figures.states import states
from detente.report.games import telling
from detente.report.games.facts import RARE, Outcome, outcomes, outcomes_table, scenarios_table
from detente.report.stability import headlines
from detente.report.stability.wanted import (
    KINDS,
    Wanted,
    changes_table,
    wanted,
    wanted_finding,
    wanted_table,
)
from detente.show.figure import Figure
from detente.show.marks import stroke
from detente.show.table import Table

MOST_DRAWS = 1_000  # blurs a share by less than 2 %; games take longer to solve than issues
MOST_TOLD = 6  # outcomes that are told one by one; figures and tables have more


class StabilityChapter(Chapter):
    """What holds.

    Attributes:
        outcomes: the states that hold in some draw, the firmest first.
        wanted: the outcome that is wanted, and what would have to change for it to hold; ``None`` where none is.
        result: of the lens on the case as it stands.
        same_game: scenarios that leave the game as it is.
        other_game: scenarios that play with other options, and cannot be compared state by state.
    """

    lens: ClassVar[str] = "stability"
    places: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("holds", "wanted", "way", "held_scenarios", "together", "sway"), "holds"
    )

    outcomes: tuple[Outcome, ...]
    wanted: Wanted | None
    result: StabilityResult
    same_game: tuple[str, ...]
    other_game: tuple[str, ...]

    @classmethod
    def reads(cls, case: Case) -> bool:
        """Say whether the case has a game."""
        return case.game is not None

    @classmethod
    def of(cls, versions: Versions, effort: Effort) -> Self:
        """Write the chapter.

        Raises:
            CaseError: the game contradicts itself, with every problem.
            OptionError: a number of draws that cannot be made.
        """
        case = versions[AS_IT_STANDS]
        played = {name: one for name, one in versions.items() if one is case or _game(one) != _game(case)}
        results = {
            name: _run(one, effort, number, len(played)) for number, (name, one) in enumerate(played.items())
        }
        result = results.pop(AS_IT_STANDS)
        alike = {name: one for name, one in results.items() if one.options == result.options}
        rows, aim = outcomes(result, alike), wanted(result, alike)
        return cls(
            answer=headlines.answer(result, rows, aim),
            headlines=headlines.headlines(case, result, rows, aim),
            outcomes=rows,
            wanted=aim,
            result=result,
            same_game=tuple(name for name in versions if name not in played),
            other_game=tuple(name for name in results if name not in alike),
        )

    @property
    def record(self) -> RunRecord:
        """How the answer was made."""
        return self.result.record

    def tables(self) -> Mapping[str, Table]:
        """Return what holds at a glance, then what scenarios change, then the tables of the lens."""
        tables = [outcomes_table(self.result, self.outcomes)]
        if any(row.scenarios for row in self.outcomes):
            tables.append(scenarios_table(self.outcomes))
        if self.wanted is not None:
            tables += [wanted_table(self.wanted), changes_table(self.wanted)]
        return {**{table.name: table for table in tables}, **self.result.tables()}

    def figures(self, case: Case) -> tuple[Figure, ...]:
        """Return all figures, in the order of the page."""
        result, rows = self.result, self.outcomes
        if not rows:
            return ()
        doubt = () if result.record.exact or not any(result.shares.values()) else (equilibria(result, rows),)
        return (states(case, result, rows), *doubt, concepts(result, rows))

    def contents(self, figures: tuple[Figure, ...]) -> Mapping[str, str]:  # noqa: ARG002 - the section is there
        """Return id → title of the one section."""
        return {"holds": "What holds"}

    def drawn(self, case: Case, figures: tuple[Figure, ...]) -> dict[str, Any]:
        """Return what the chapter's template reads."""
        told = [row for row in self.outcomes if row.share >= RARE][:MOST_TOLD]
        return {
            "answer": self.answer,
            "told": [_told(case, row) for row in told],
            "left": len(self.outcomes) - len(told),
            "table": outcomes_table(self.result, self.outcomes),
            "scenarios": scenarios_table(self.outcomes) if any(r.scenarios for r in self.outcomes) else None,
            "wanted": None if self.wanted is None else _wanted(case, self.wanted),
            "same_game": [case.scenarios[name].name for name in self.same_game],
            "other_game": [case.scenarios[name].name for name in self.other_game],
            "figures": figures,
            "movers": [(one.name, stroke(one.tone, one.dash)) for one in actors(self.result)],
            "result": self.result,
            "concepts": [
                (label(concept), telling.note(concept)) for concept in telling.kinds(self.result.concepts)
            ],
        }


def _game(case: Case) -> tuple[object, ...]:
    """Return what the lens reads of a case: the game, how it is asked, and the positions it may rest on."""
    game = case.game
    rests = game is not None and any(option.sets for option in game.options.values())
    return (game, case.options.stability, *((case.stances, case.issues) if rests else ()))


def _run(case: Case, effort: Effort, number: int, of: int) -> StabilityResult:
    simulation = LENS.simulate(
        case,
        draws=min(effort.draws, MOST_DRAWS),
        seed=effort.seed,
        workers=effort.workers,
        progress=shifted(effort.progress, number, of),
    )
    return simulation.result()


def _told(case: Case, row: Outcome) -> dict[str, Any]:
    """Return what the page says of one outcome."""
    shares = [(label(c), row.shares.get(c, 0.0)) for c in telling.kinds(list(row.shares))]
    return {
        "row": row,
        "reason": telling.REASONS.get(row.concept, f"holds by {label(row.concept)}"),
        "shares": shares,
        "scenarios": [(case.scenarios[name].name, share) for name, share in row.scenarios.items()],
    }


def _wanted(case: Case, one: Wanted) -> dict[str, Any]:
    """Return what the page says of the outcome that is wanted."""
    told = {
        concept: [(KINDS[change.kind], change) for change in changes if change.told]
        for concept, changes in one.changes.items()
    }
    concept = one.firmest or next(iter(one.changes), "seq")
    return {
        "sentence": wanted_finding(one).sentence,
        "way": one.way,
        "changes": [(label(concept), telling.REASONS[concept], found) for concept, found in told.items()],
        "concept": label(concept),
        "scenarios": [
            (case.scenarios[name].name, share) for name, share in one.scenarios.get(concept, {}).items()
        ],
        "table": changes_table(one),
    }
