"""What is a lens? One question asked of a case: the contract that every lens keeps.

A lens reads its part of a case into a *view* (frozen arrays; the only place that reads a case), turns drawn
numbers into outcomes by pure functions, and returns a frozen result that says how it was made and suffices to show
itself: `Lens.chapter` turns a result into blocks, whether it was just made or read back from JSON.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Protocol, Self

import numpy as np
from pydantic import PlainSerializer, PlainValidator, WithJsonSchema, model_validator

from detente.case import Case
from detente.errors import MissingPartError, OptionError, did_you_mean
from detente.lenses.asking import DEFAULT_DRAWS as DEFAULT_DRAWS
from detente.lenses.asking import DEFAULT_SEED as DEFAULT_SEED
from detente.lenses.asking import Ask as Ask
from detente.lenses.asking import Effort as Effort
from detente.lenses.asking import Heard as Heard
from detente.lenses.asking import Others as Others
from detente.lenses.compare import AS_IT_STANDS, MOST_ROWS, Comparison, between
from detente.lenses.draws import Progress, Workers, over_blocks
from detente.lenses.draws import checked_draws as checked_draws
from detente.lenses.outcomes import View
from detente.lenses.summary import Array
from detente.lenses.tornado import Tornado, swings
from detente.show.finding import Finding
from detente.show.record import Published, Record
from detente.show.table import Table
from detente.version import __version__

if TYPE_CHECKING:
    from detente.case.formats import Format
    from detente.show.blocks import Chapter
    from detente.show.ladder import Step

CaseData = Annotated[
    Case,
    PlainValidator(lambda value: value if isinstance(value, Case) else Case.from_dict(value)),
    PlainSerializer(lambda case: case.to_dict(), return_type=dict[str, Any]),
    WithJsonSchema({"type": "object", "description": "the case, as a case file would have it"}),
]
"""A case within an answer, as plain data in JSON."""


class RunRecord(Record):
    """How a result was made; the same record gives the same bytes.

    Attributes:
        lens: name of the lens.
        title: of the case.
        scenario: id of the scenario, ``None`` for the case as it stands.
        fingerprint: of the case's content.
        draws: how many draws were made; 1 where no input carries doubt.
        seed: of the draws.
        exact: whether no input that the lens reads carries doubt.
        options: what the lens was told to do.
        version: of détente.
    """

    lens: str
    title: str
    scenario: str | None
    fingerprint: str
    draws: int
    seed: int
    exact: bool
    options: dict[str, Any]
    version: str

    @classmethod
    def of(cls, lens: str, case: Case, *, draws: int, seed: int, exact: bool, options: Any = None) -> Self:
        """Return the record of a run on a case by this version of détente."""
        run = {"draws": draws, "seed": seed, "exact": exact, "options": options or {}}
        return cls.like(case, lens=lens, version=__version__, **run)


class LensResult(Published):
    """What every lens returns: how it was made, on which case, what it found, and the numbers as tables.

    Attributes:
        record: how it was made.
        case: that was asked about, with its names, scales and sources in which the result is told.
        findings: what a reader should take away.
        told_by: the lens.
        comparison: of every scenario with the case as it stands, in the result of `Lens.answer`.
        tornado: every input in doubt moved alone, in the result of `Lens.answer`.
    """

    record: RunRecord
    case: CaseData
    findings: tuple[Finding, ...]
    told_by: ClassVar[type[Lens]]
    comparison: Comparison | None = None
    tornado: Tornado | None = None

    @abstractmethod
    def tables(self) -> Mapping[str, Table]:
        """Return the tidy tables of the result by name, the one to show first before the others."""

    @model_validator(mode="after")
    def _case_knows_its_scenario(self) -> Self:
        if self.case.scenario != self.record.scenario:
            object.__setattr__(self, "case", self.case.under(self.record.scenario))
        return self

    def _repr_html_(self) -> str:
        """Show the lens's answer in a notebook, with what a screen shows beside it."""
        from detente.show.page import notebook

        chapter = self.told_by().chapter(self)
        headlines = [finding.sentence for finding in chapter.headlines]
        return notebook(self.record.title, chapter.rung.sentence, headlines, chapter.overview)


class Simulation(Protocol):
    """All draws of one run of a lens."""

    def outcomes(self) -> Mapping[str, Array]:
        """Return label of an outcome → shape (draws,); draw *k* is the same draw in every version of a case."""

    def result(self) -> LensResult:
        """Return the summary of the draws."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """All draws of a lens that needs nothing of them but their outcomes.

    Attributes:
        lens: that drew them.
        case: that was asked about.
        drawn: label of an outcome → shape (draws,).
        record: of the run.
    """

    lens: Lens
    case: Case
    drawn: dict[str, Array]
    record: RunRecord

    def outcomes(self) -> dict[str, Array]:
        """Return label of an outcome → shape (draws,)."""
        return self.drawn

    def result(self) -> LensResult:
        """Return the summary of the draws."""
        return self.lens.summarise(self.case, self.drawn, self.record)


class Lens(ABC):
    """One question asked of a case.

    A lens reads a case (`view`) and sums up the outcomes of all draws (`summarise`); one that needs more of its
    draws than the outcomes has a `simulate` of its own instead. All else has a default.

    Importing its module imports nothing heavy: methods import solvers, figures and `detente.show.blocks`.

    Attributes:
        name: of the lens; also of its line in the registry and of its options in a case.
        question: that it answers, in the analyst's words.
        part: of the case that it reads.
        result: class of its results.
        methods: name → what it is called, for ``--method``; its outcomes are labelled ``<what>.<method>``.
        step: of the ladder of a brief on which its first finding stands; none where it is ``None``.
        past: how far its answers on the scale of an issue were off in the past, where a record tells.
        numbers: name of the result's table whose rows have a Monte-Carlo error each, in a column ``mc_error``.
    """

    name: ClassVar[str]
    question: ClassVar[str]
    part: ClassVar[str]
    result: ClassVar[type[LensResult]]
    methods: ClassVar[Mapping[str, str]] = {}
    step: ClassVar[Step | None] = None
    past: ClassVar[str] = ""
    numbers: ClassVar[str]

    def __init_subclass__(cls, **settings: Any) -> None:
        """Let results of the lens know who tells them."""
        super().__init_subclass__(**settings)
        if "result" in vars(cls):
            cls.result.told_by = cls

    @abstractmethod
    def view(self, case: Case) -> View:
        """Read the case.

        Raises:
            MissingPartError: the case lacks the part that the lens needs.
        """

    def summarise(self, case: Case, outcomes: Mapping[str, Array], record: RunRecord) -> LensResult:
        """Return the summary of all draws.

        Args:
            case: that was asked about.
            outcomes: label → shape (draws,), as the view tells them.
            record: of the run.
        """
        raise NotImplementedError(f"the lens {self.name} has neither 'summarise' nor a 'simulate' of its own")

    def simulate(
        self,
        case: Case,
        *,
        draws: int = DEFAULT_DRAWS,
        seed: int = DEFAULT_SEED,
        workers: Workers = None,
        progress: Progress | None = None,
    ) -> Simulation:
        """Make ``draws`` draws of everything that carries doubt.

        Args:
            case: the case; a scenario is applied before (``case.with_(scenario=…)``).
            draws: at least 1; a case without doubt is drawn once.
            seed: the same seed gives the same bytes, whatever the number of workers.
            workers: threads; all processors when ``None``.
            progress: called with (draws done, draws in all).

        Raises:
            MissingPartError: the case lacks the part that the lens needs.
            OptionError: fewer than one draw, or too many.
        """
        view = self.view(case)
        exact = view.table.is_exact
        draws = checked_draws(draws, exact=exact)

        def block(start: int, count: int) -> dict[str, Array]:
            return view.outcomes(view.table.sample(seed, start, count))

        blocks = list(over_blocks(block, draws, workers, progress))
        drawn = {label: np.concatenate([one[label] for one in blocks]) for label in blocks[0]}
        return Drawn(self, case, drawn, RunRecord.of(self.name, case, draws=draws, seed=seed, exact=exact))

    def affordable(self, case: Case, draws: int) -> int:
        """Return how many of the draws that are asked for are made, fewer where each is slow; by default all."""
        del case
        return draws

    def zones(self, made: Any) -> Mapping[str, Mapping[str, Array]]:
        """Return what all who must consent would accept: deal → issue → least and greatest value, (draws, 2).

        NaN where there is no deal; nothing from a lens that asks for nobody's consent, as by default.

        Args:
            made: a simulation of this lens.
        """
        del made
        return {}

    def outcomes(
        self, view: Any, values: Array, others: Others | None = None, wanted: Collection[str] | None = None
    ) -> dict[str, Array]:
        """Turn numbers into outcomes as `simulate` does, for numbers that need not be draws.

        Args:
            view: of a case, made by this lens.
            values: shape (rows, columns of the view's table).
            others: tells what the lenses that this one follows find in the same rows; nothing is followed without.
            wanted: labels that are needed; a lens may leave out all others.
        """
        del others, wanted
        found: dict[str, Array] = view.outcomes(values)
        return found

    def margins(
        self, view: Any, values: Array, wanted: Collection[str], others: Others | None = None
    ) -> dict[str, Array]:
        """Return how far each row is from another answer: label → shape (rows,), above 0 where the outcome is.

        A margin moves where its outcome stays 0 or 1; one that no input in doubt can move is infinite. Labels
        without a margin are left out: by default all. For the arguments see `outcomes`.
        """
        del view, values, wanted, others
        return {}

    def chapter(self, result: Any) -> Chapter:
        """Tell a result of this lens, from its fields alone: nothing is solved and no view is made.

        Unless a lens says more, that is its findings, the first of them as its answer, its first table, and what
        scenarios and single inputs change.
        """
        from detente.show.blocks import Chapter, Listing, Section, TableBlock
        from detente.show.ladder import Rung

        table = next(iter(result.tables().values()))
        shown = TableBlock(table=table, caption=next(iter(table.columns.values())), most=MOST_ROWS)
        found = (
            ("scenarios", "What scenarios change", result.comparison),
            ("inputs", "Which inputs matter", result.tornado),
        )
        studies = [
            Section(id=f"{self.name}-{kind}", title=title, blocks=study.blocks(), annex=True)
            for kind, title, study in found
            if study is not None
        ]
        first, *more = (one.model_copy(update={"section": self.name}) for one in result.findings)
        told = (Listing(items=tuple(one.sentence for one in more)),) if more else ()
        return Chapter(
            lens=self.name,
            question=self.question,
            rung=first,
            rungs=() if self.step is None else (Rung(step=self.step, finding=first),),
            headlines=tuple(more[:3]),
            overview=(shown,),
            sections=(Section(id=self.name, title=self.question, blocks=(*told, shown)), *studies),
        )

    def follows(self, case: Case) -> Mapping[str, str]:
        """Return path of the case → name of the lens whose answer it follows, draw by draw; nothing by default."""
        del case
        return {}

    def hearing(self, ask: Ask) -> Lens:
        """Return this lens able to ask others for what it follows; itself by default."""
        del ask
        return self

    def fixing(self, case: Case, fixed: Mapping[str, str]) -> dict[str, Any]:
        """Return the changes to a case that take variants as given: descriptor → variant.

        Raises:
            OptionError: the lens has nothing that can be fixed.
        """
        del case
        if fixed:
            raise OptionError(f"the lens {self.name} has nothing to fix; change a number with --set")
        return {}

    def formats(self) -> Sequence[Format]:
        """Return the formats in which a case leaves with what the lens finds in it, such as a graph.

        Making them imports nothing heavy: a writer imports what it needs when it writes.
        """
        return ()

    def reads(self, case: Case) -> bool:
        """Say whether the case states the part that the lens reads."""
        try:
            self.view(case)
        except MissingPartError:
            return False
        return True

    def answer(self, versions: Mapping[str, Case], effort: Effort) -> LensResult:
        """Return all that a brief tells: the result, what scenarios change, and which inputs matter.

        A lens that looks at scenarios in its own way overrides this.

        Args:
            versions: `AS_IT_STANDS` → the case, then id → the case under that scenario.
            effort: how much to draw.
        """
        made = {
            label: self.drawn(one, effort.part(n, len(versions)))
            for n, (label, one) in enumerate(versions.items())
        }
        case = versions[AS_IT_STANDS]
        compared, moved = self.compared(made, versions, effort), swings(case, self.view(case), self.name)
        return made[AS_IT_STANDS].result().model_copy(update={"comparison": compared, "tornado": moved})

    def in_turn(self, versions: Mapping[str, Case], effort: Effort) -> Iterator[LensResult]:
        """Yield the answer as it is found: what leads it as soon as that is known, and all of it last."""
        yield self.answer(versions, effort)

    def drawn(self, case: Case, effort: Effort) -> Simulation:
        """Make the draws of a case with some effort."""
        return self.simulate(
            case, draws=effort.draws, seed=effort.seed, workers=effort.workers, progress=effort.progress
        )

    def compared(
        self, made: Mapping[str, Simulation], versions: Mapping[str, Case], effort: Effort
    ) -> Comparison | None:
        """Return how the scenarios that were drawn differ from the case as it stands; ``None`` without any."""
        case = versions[AS_IT_STANDS]
        if len(made) < 2:
            return None
        return between(
            *(self.name, versions, {label: one.outcomes() for label, one in made.items()}),
            names={label: case.scenarios[label].name for label in made if label != AS_IT_STANDS},
            words=self.view(case).told(),
            draws=effort.draws,
            seed=effort.seed,
        )

    def only(self, methods: Sequence[str]) -> dict[str, Any]:
        """Return the changes to a case that single out some methods; the first one leads.

        Raises:
            OptionError: the lens has no such method.
        """
        for method in methods:
            if method not in self.methods:
                hint = did_you_mean(method, self.methods) or f"the lens {self.name} has none"
                raise OptionError(f"there is no method {method!r}; {hint}")
        kept, place = list(dict.fromkeys(methods)), f"options.{self.name}"
        return {f"{place}.methods": kept, f"{place}.headline": kept[0]} if kept else {}

    def leanest(self, case: Case) -> dict[str, Any]:
        """Return the changes to a case that leave out what costs time and that people are not told of first.

        That is all methods but the one whose outcomes `View.told` tells; none where it tells those of several.
        """
        told = {label.rpartition(".")[2] for label in self.view(case).told()}
        return self.only(sorted(told)) if len(told) == 1 and told <= set(self.methods) else {}
