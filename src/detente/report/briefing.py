"""What would one hand to the person who asked? The answer, what leads to it, how sure it is, and on what it rests.

Every lens that can answer the case does, on the case as it stands and on every scenario. A brief is data: its
chapters are told from the results alone, so that one which was read back from JSON draws itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Self

from detente.case import Case
from detente.errors import OptionError
from detente.evidence.trail import Trail
from detente.lenses import Effort, LensResult, RunRecord, available, lens
from detente.lenses.compare import AS_IT_STANDS
from detente.lenses.draws import Progress, Workers, shifted
from detente.lenses.join import Joint, answering, tells_zones
from detente.lenses.lens import DEFAULT_DRAWS, DEFAULT_SEED
from detente.lenses.side_by_side import Counted, side_by_side
from detente.record.ledger import Sealed
from detente.report.evidence import Evidence, evidence
from detente.report.stated import section as stated_section
from detente.show.blocks import Block, Chapter, FigureBlock, Section
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.ladder import STEPS, DealRow, Rung
from detente.show.record import DIALECT, Published
from detente.show.table import Table
from detente.study.answer import Answer, IssueVerdict, compose, in_order, parted, tables
from detente.study.chapter import (
    OUTLOOK,
    Study,
    outlook_gauges,
    outlook_rungs,
    outlook_section,
    outlook_table,
)
from detente.study.chapter import rungs as study_rungs
from detente.study.chapter import section as study_section
from detente.study.lines import DealLine, beside, deal_lines, deal_table
from detente.study.outlook.foothold import PUBLISHED, Constants
from detente.study.outlook.issue import IssueOutlook, outlook

STUDIED = 2_000
"""Draws of a brief's study: enough to find whom to ask first."""
MOST = 2  # findings that a page or a screen shows at one step; JSON has all


class Brief(Published):
    """A case, answered.

    Attributes:
        title: of the case.
        question: that the case asks.
        as_of: date of the case.
        verdict: the answer in one or two sentences, from all lenses together.
        deals: of the case, packages before issues alone.
        issues: one verdict per issue.
        ladder: what is said at each step, in the order of `detente.show.ladder.STEPS`.
        outlook: of every issue on which somebody has a stance: where it comes out by the record, if it is decided.
        study: which inputs decide, whom to ask and what would flip an answer; ``None`` where nothing is in doubt.
        results: name of a lens → its result, the lens that answers first before the others.
        evidence: what rests on which source, and what on none.
        sealed: in which ledger forecasts of the case stand; ``None`` where nobody said so.
        unanswered: question of a lens that reads the case and cannot answer it → why, and what to do about it.
    """

    title: str
    question: str | None
    as_of: str | None
    verdict: Finding
    deals: tuple[DealRow, ...]
    issues: tuple[IssueVerdict, ...]
    ladder: tuple[Rung, ...]
    outlook: tuple[IssueOutlook, ...]
    study: Study | None = None
    results: dict[str, LensResult]
    evidence: Evidence
    sealed: Sealed | None = None
    unanswered: Mapping[str, str] = {}

    @property
    def case(self) -> Case:
        """Return the case."""
        return next(iter(self.results.values())).case

    @property
    def record(self) -> RunRecord:
        """Return how the answer was made: the record of the lens that made the most draws."""
        return max((result.record for result in self.results.values()), key=lambda one: one.draws)

    @property
    def answer(self) -> Answer:
        """Return what all lenses together answer."""
        return Answer(verdict=self.verdict, deals=self.deals, issues=self.issues, ladder=self.ladder)

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """Return the chapter of every lens that answered, the one that answers first before the others."""
        return tuple(lens(name).chapter(result) for name, result in self.results.items())

    @property
    def opening(self) -> tuple[str, str]:
        """Return how the verdict opens, in a few words where it does so, and how it goes on."""
        return parted(self.verdict)

    @property
    def lines(self) -> tuple[DealLine, ...]:
        """Return the table of deals, each in words."""
        return deal_lines(self.case, self.deals)

    @property
    def beside(self) -> str:
        """Return what the terms in the table of deals are held against: today, or no deal."""
        return beside(self.deals)

    @property
    def overview(self) -> tuple[Block, ...]:
        """Return what stands beside the verdict on a screen: the deals or, where there are none, what leads."""
        return (deal_table(self.lines),) if self.lines else self.chapters[0].overview

    @property
    def spans(self) -> tuple[Block, ...]:
        """Return, for a screen, what the record says of each issue and what the inputs leave open."""
        return outlook_gauges(self.case, self.answer, self.outlook)[1:] if self.outlook else ()

    @property
    def steps(self) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
        """Return the name of every step that is answered, and what is first said there beside the verdict."""
        told = [one for one in self.ladder if one.finding.sentence not in self.verdict.sentence]
        said = {step: tuple(one.finding for one in told if one.step == step)[:MOST] for step in STEPS}
        return tuple((STEPS[step], found) for step, found in said.items() if found)

    def sections(self, *, full: bool = False) -> tuple[Section, ...]:
        """Return the sections of a page, in their order: without the annex, or in ``full``."""
        asked = [chapter for chapter in self.chapters if chapter.deals]
        others = [chapter for chapter in self.chapters if not chapter.deals]
        told = [
            *((outlook_section(self.case, self.answer, self.outlook),) if self.outlook else ()),
            *(section for chapter in asked for section in chapter.sections),
            *((study_section(self.study),) if self.study is not None else ()),
            *(section for chapter in others for section in chapter.sections),
            *((stated_section(self.case),) if full else ()),
        ]
        return tuple(section for section in told if full or not section.annex)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Return all figures, in the order of the page."""
        return tuple(figure for chapter in self.chapters for figure in chapter.figures)

    def tables(self) -> Mapping[str, Table]:
        """Return every table of the brief by name; the numbers of each finding stand in the table it names."""
        found: dict[str, Table] = {}
        for result in self.results.values():
            found |= result.tables()
            studies = (result.comparison, result.tornado)
            found |= {
                f"{result.record.lens}.{name}": table
                for study in studies
                if study is not None
                for name, table in study.tables().items()
            }
        found |= tables(self.case, self.answer)
        found |= {OUTLOOK: outlook_table(self.case, self.outlook)} if self.outlook else {}
        found |= {f"study.{name}": of for name, of in self.study.tables().items()} if self.study else {}
        named = {rung.finding.table for rung in self.ladder} - set(found)
        drawn = {one.table.name: one.table for one in self.figures if one.table.name in named}
        return {**found, **drawn, "evidence": self.evidence.table()}

    def to_dict(self) -> dict[str, Any]:
        """Return plain data that validates against the published schema; the case stands in it once."""
        results = {name: result.to_dict() for name, result in self.results.items()}
        case = next(iter([result.pop("case") for result in results.values()]))
        plain = self.model_dump(mode="json", exclude={"results"})
        return {**plain, "case": case, "results": results}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the brief that `to_dict` gave away.

        Raises:
            NotFoundError: a lens that it was made with is not installed.
        """
        plain = {key: value for key, value in data.items() if key != "case"}
        plain["results"] = {
            name: lens(name).result.from_dict({**result, "case": data["case"]})
            for name, result in data["results"].items()
        }
        return cls.model_validate(plain)

    @classmethod
    def published_schema(cls) -> dict[str, Any]:
        """Return the JSON Schema of `to_dict`, with the results of every lens that is installed."""
        schema = cls.model_json_schema(mode="serialization")
        definitions = schema.setdefault("$defs", {})
        definitions.pop("LensResult", None)
        results = {}
        for name in available():  # records of two lenses may have one name
            own = lens(name).result.model_json_schema(
                ref_template=f"#/$defs/{name}.{{model}}", mode="serialization"
            )
            definitions |= {f"{name}.{model}": one for model, one in own.pop("$defs", {}).items()}
            own["properties"].pop("case")
            own["required"] = [one for one in own["required"] if one != "case"]
            results[name] = own
        properties = schema["properties"]
        properties["results"] = {"type": "object", "properties": results, "additionalProperties": False}
        properties["case"] = {"type": "object", "description": "the case, as a case file would have it"}
        schema["required"] = [*schema["required"], "case"]
        return {"$schema": DIALECT, **schema}

    def to_html(self, *, full: bool = False) -> str:
        """Return the brief as one page of HTML that needs nothing else: no script, no network, no other file.

        With ``full`` it has the annex too: what an adviser can do without. Its Content-Security-Policy says that
        nothing may load, and that only this very style sheet may apply.
        """
        from detente.show import page

        return page.whole("brief.html.j2", brief=self, full=full, case=self.case, record=self.record)

    def save(self, path: str | Path, *, full: bool = False) -> None:
        """Write the page of `to_html`, whole or not at all.

        Raises:
            OutputError: it cannot be written there.
        """
        from detente.case.files import write_whole

        write_whole(Path(path), self.to_html(full=full))

    def _repr_html_(self) -> str:
        """Show the verdict, the deals, the ladder and its figures in a notebook; `to_html` has the whole page."""
        from detente.show import page

        blocks = (block for section in self.sections() for block in section.blocks)
        shown = [block for block in blocks if isinstance(block, FigureBlock)]
        return page.part("notebook.html.j2", brief=self, figures=shown)


def brief(
    case: Case,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    workers: Workers = None,
    progress: Progress | None = None,
    sealed: Sealed | None = None,
    trail: Trail | None = None,
    processes: int = 1,
    heard: Callable[[Finding], None] | None = None,
) -> Brief:
    """Answer a case: where each issue settles, what holds, how sure that is, and what would change it.

    Args:
        case: the case.
        draws: of everything that carries doubt.
        seed: of the draws; the same seed gives the same bytes for any number of workers.
        workers: threads; all processors when ``None``.
        progress: called with (draws done, draws in all), counted over all lenses and scenarios.
        sealed: in which ledger forecasts of the case stand, `detente.record.ledger.Ledger.sealed`; its own record
            moves the constants of the outlook.
        trail: what a store of evidence has of the statements that the case cites.
        processes: 2 for one more beside this one, where that is possible: lenses then answer at the same time.
        heard: called with what the first lens answers, in a sentence or two, as soon as it has.

    Raises:
        MissingPartError: the case states nothing that a lens reads.
        OptionError: no lens can answer, or a number of draws that cannot be made.
        NoWeightError: on some issue all weights are zero.
        CaseError: the game contradicts itself.
    """
    asked, refused = answering(case)
    # A scenario that was applied is the case that is asked about; others would be applied on top of it.
    stated = case.scenarios.items() if case.scenario is None else ()
    scenarios = {name: case.with_(scenario=name) for name, one in stated if one.changes}
    versions = {AS_IT_STANDS: case, **scenarios}
    joint = Joint(case, asked)
    order = joint.order(asked)
    counted, alone = Counted(progress, len(order)), processes < 2
    # What an outlook rests on, and who is followed, comes first: the others wait for it.
    first, *others = sorted(joint.groups(order), key=lambda group: not any(map(tells_zones, group)))

    # Two processes with enough to do keep two processors busy; more threads would only wait for each other.
    threads = workers if alone or workers is not None or not others else 1

    def answered(*names: str) -> dict[str, LensResult]:
        made = dict[str, LensResult]()
        for name in names:
            number = order.index(name)
            told = shifted(progress, number, len(order)) if alone else counted.part(number)
            effort = Effort(draws, seed, threads, told)
            for result in joint.lens(name).in_turn(versions, effort):
                if heard is not None and name == first[0] and name not in made:
                    heard(compose(case, (lens(name).chapter(result),)).verdict)
                made[name] = result
        return made

    def seen() -> tuple[dict[str, LensResult], tuple[IssueOutlook, ...]]:
        constants = PUBLISHED if sealed is None else Constants(sealed.share, sealed.half)
        return answered(*first), outlook(case, draws, seed, draw=joint.simulation, constants=constants)

    parts: list[Callable[[], Any]] = [seen, *(partial(answered, *group) for group in others)]
    parts.append(partial(_studied, case, draws, seed, threads))
    (own, outlooks), *more_, studied = [part() for part in parts] if alone else side_by_side(parts, counted)
    results = {name: result for group in (own, *more_) for name, result in group.items()}
    chapters = in_order([lens(name).chapter(results[name]) for name in order])
    silent = [one.lens for one in chapters if not any(rung.step == "ask" for rung in one.rungs)]
    more = (
        *(study_rungs(studied, case, silent) if studied is not None else ()),
        *outlook_rungs(outlooks, "" if sealed is None else sealed.told),
    )
    told = compose(case, chapters, more)
    return Brief.like(
        case,
        **dict(told),
        outlook=outlooks,
        study=studied,
        results={chapter.lens: results[chapter.lens] for chapter in chapters},
        evidence=evidence(case, trail),
        sealed=sealed,
        unanswered={lens(name).question: why for name, why in refused.items()},
    )


def _studied(case: Case, draws: int, seed: int, workers: Workers) -> Study | None:
    """Return what decides, whom to ask, and what would flip the first answer that has a margin."""
    from detente.study.inquiry import FEWEST_DRAWS, inquire  # where it is asked for: scipy takes long to load

    if draws < FEWEST_DRAWS:
        return None
    try:
        few = min(draws, STUDIED)
        return inquire(case, draws=few, seed=seed, kinds=("actor",), flips=1, margins=1, workers=workers)
    except OptionError:  # nothing is in doubt
        return None
