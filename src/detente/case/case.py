"""The case that an analyst holds in hand: the parts of the file, and what one does with a case."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from itertools import chain, islice
from pathlib import Path
from typing import Any

from pydantic import PrivateAttr

from detente.case.acceptance import Acceptance
from detente.case.changes import apply, scenario_faults, too_large
from detente.case.countries import country_name
from detente.case.faults import faults as faults_between_parts
from detente.case.faults import warnings
from detente.case.fields import Doubtful, FrozenDict, Stated
from detente.case.influence import VotingPower, power_of_votes, uncounted
from detente.case.model import CaseModel
from detente.case.plain_data import plain
from detente.case.reading import MAX_PROBLEMS, Document, dotted, read_yaml
from detente.case.shape import Spot, as_stated, leniently, shape_of, walk
from detente.case.text import apart
from detente.case.validation import Fault, shown, validate, warning
from detente.errors import CaseError, NotFoundError, Problem, did_you_mean
from detente.quantity import Quantity, RankCorrelation


@dataclass(frozen=True, slots=True)
class Origin:
    """The text that a case was read from, so that saving an edit changes only what was edited."""

    text: str
    path: Path


class Case(CaseModel):
    """A negotiation as frozen data.

    >>> case = Case.from_dict({
    ...     "title": "Two on a road",
    ...     "actors": {"a": {"name": "A", "influence": 1}, "b": {"name": "B", "influence": 3}},
    ...     "issues": {"speed": {"name": "Speed", "scale": {0: "slow", 100: "fast"}}},
    ...     "stances": {"speed": {"a": {"position": 20, "salience": 1}}},
    ... })
    >>> case.with_({"stances.speed.a.position": 40}).stances["speed"]["a"].position.mean
    40.0
    """

    _origin: Origin | None = PrivateAttr(default=None)
    _edits: tuple[tuple[str, Any], ...] = PrivateAttr(default=())
    _scenario: str | None = PrivateAttr(default=None)
    # (part, id) → the name as stated, of actors and issues that have the name of another
    _stated: Mapping[tuple[str, str], str] = PrivateAttr(default_factory=dict)
    _versions: dict[str, Case] = PrivateAttr(default_factory=dict)  # id of a scenario → the case under it

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Case:
        """Return the case that plain data says.

        Raises:
            CaseError: with every problem found.
        """
        case, faults = examine(data, cls)
        if case is None:
            raise CaseError(problems(faults))
        return case

    def to_dict(self) -> dict[str, Any]:
        """Return the case as plain data, in the order of a case file, without what was left out."""
        plain: dict[str, Any] = self.model_dump(mode="json", exclude_defaults=True)
        for (part, key), name in self._stated.items():
            plain[part][key]["name"] = name
        return {"detente": 1, **plain}

    @cached_property
    def fingerprint(self) -> str:
        """Return twelve hexadecimal digits that change with any content of the case."""
        text = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def scenario(self) -> str | None:
        """Id of the scenario that was applied, or ``None`` for the case as it stands."""
        return self._scenario

    def under(self, scenario: str | None) -> Case:
        """Return the same content, said to be that of a scenario; for a case that was read back from an answer."""
        named = self.model_copy()
        named._scenario = scenario
        return named

    @cached_property
    def stated(self) -> list[Spot[Stated]]:
        """Return the places of all numbers, whether they may carry doubt or not."""
        return walk(type(self), self, Stated)

    @cached_property
    def quantities(self) -> Mapping[str, Quantity]:
        """Return every quantity of the case by its path, cut to its bounds or to the scale that it lies on."""
        found: dict[str, Quantity] = {}
        for path, mark, value, _, around, *_ in self.stated:
            issue = self.issues.get(around.get("issues", ""))
            unchecked = issue is None and "issues" in around  # a case that was made without being checked
            if unchecked or not isinstance(mark, Doubtful):
                continue
            low, high = (issue.low, issue.high) if mark.on_scale and issue else (mark.low, mark.high)
            place = ".".join(map(str, path))
            if isinstance(value, Acceptance):
                found |= {f"{place}.{side}": line.within(low, high) for side, line in value.bounds().items()}
            elif isinstance(value, VotingPower):
                found[place] = power_of_votes(self.bodies, value, around["actors"])
            else:
                found[place] = value.within(low, high)
        return found

    @property
    def unjudged(self) -> tuple[tuple[str | int, ...], ...]:
        """Return the places of numbers that are still to be judged: ``?``."""
        return tuple(path for path, _, value, *_ in self.stated if getattr(value, "unjudged", False))

    @property
    def rank_correlations(self) -> list[RankCorrelation]:
        """Return the stated correlations between quantities that carry doubt; the others have no effect."""
        drawn = {path for path, quantity in self.quantities.items() if not quantity.is_exact}
        pairs = (RankCorrelation(*stated.between, stated.rank) for stated in self.correlations)
        return [pair for pair in pairs if pair.first in drawn and pair.second in drawn]

    def with_(self, changes: Mapping[str, Any] | None = None, *, scenario: str | None = None) -> Case:
        """Return another case: the scenario applied first, then the changes.

        The scenarios are kept as they are and not tried again: one may no longer fit the changed case.

        Args:
            changes: path → new value; ``None`` removes what stands there.
            scenario: id of one of the case's scenarios.

        Raises:
            NotFoundError: no such scenario.
            CaseError: the changed case would not be valid, with every problem.
        """
        if scenario is not None and not changes and scenario in self._versions:
            return self._versions[scenario]
        if changes is not None and not isinstance(changes, Mapping):
            raise CaseError([Problem("changes are a mapping of paths to new values", value=shown(changes))])
        if scenario is not None and scenario not in self.scenarios:
            hint = did_you_mean(scenario, self.scenarios) or "the case has none"
            raise NotFoundError(f"no scenario is called {scenario!r}; {hint}")
        first = {} if scenario is None else self.scenarios[scenario].changes
        edits, faults = plain({**first, **(changes or {})})
        if faults:
            raise CaseError(problems(faults))
        data, faults = apply(self.to_dict(), edits)
        case, more = examine(data, type(self), scenarios=False)
        if case is None or faults:
            raise CaseError(problems([*faults, *more]))
        case._origin = self._origin
        case._edits = (*self._edits, *edits.items())
        case._scenario = scenario or self._scenario
        if scenario is not None and not changes:
            self._versions[scenario] = case
        return case

    def save(self, path: str | Path) -> None:
        """Write the case as a YAML file, whole or not at all; what was read from a file keeps its layout.

        Raises:
            OutputError: the file cannot be written.
        """
        from detente.case.files import write_whole

        write_whole(Path(path), self.to_yaml())

    def to_yaml(self) -> str:
        """Return the text of the case file: the one that was read with the edits made, or else a new one."""
        from detente.case.writing import edited, written

        if self._origin is not None and not self._edits:
            return self._origin.text
        text = edited(self._origin.text, self._edits) if self._origin is not None else None
        if text is None or examine(read_yaml(text).data, type(self), scenarios=False)[0] != self:
            return written(self.to_dict())
        return text

    def __eq__(self, other: object) -> bool:
        """Compare by content; where a case was read from does not matter."""
        return isinstance(other, Case) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        """Agree with equality."""
        return hash(self.fingerprint)

    def __repr__(self) -> str:
        """Return title and size."""
        size = f"{len(self.actors)} actors, {len(self.issues)} issues"
        return f"<Case {self.title!r}: {size}, {self.fingerprint}>"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        """Show the stances as a table in a notebook; of a case without any, the options of its game."""
        rows: list[tuple[object, ...]] = [("issue", "actor", "position", "salience", "influence")]
        for issue, stances in self.stances.items():
            for actor, of in stances.items():
                names = self.issues[issue].name, self.actors[actor].name
                rows.append((*names, of.aim, of.salience, self.influence(issue, actor)))
        if len(rows) == 1 and self.game is not None:
            options, states = self.game.options.items(), self.game.states.items()
            rows = [("actor", "option")]
            rows += [(self.actors[o.actor].name if o.actor else "", o.name or key) for key, o in options]
            rows += [("", state.name or key) for key, state in states]
        head, *body = ("".join(f"<td>{escape(str(cell))}</td>" for cell in row) for row in rows)
        lines = "".join(f"<tr>{row}</tr>" for row in body)
        head = head.replace("td>", "th>")
        return f"<h3>{escape(self.title)}</h3><table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"

    def influence(self, issue: str, actor: str) -> Quantity:
        """Return an actor's influence on an issue: the stance's, or else the actor's own."""
        return self.quantities[self.influence_path(issue, actor)]

    def influence_path(self, issue: str, actor: str) -> str:
        """Return the path at which an actor's influence on an issue is stated."""
        own = self.stances[issue][actor].influence
        return f"actors.{actor}.influence" if own is None else f"stances.{issue}.{actor}.influence"

    def voting_power(self, issue: str, actor: str) -> VotingPower | None:
        """Return of which votes an actor's influence on an issue is the power; ``None`` where it is a number."""
        own = self.stances[issue][actor].influence
        stated = self.actors[actor].influence if own is None else own
        return stated if isinstance(stated, VotingPower) else None


def located(faults: Iterable[Fault], document: Document, file: str | None) -> tuple[Problem, ...]:
    """Return the faults as problems with their place, in the order of the file, each once.

    The file of a place in a table may carry, after a NUL, the names of sheet and column for the message.
    """
    problems = []
    for fault in faults:
        place = (document.keys.get(fault.path) if fault.at_key else None) or document.place(fault.path)
        name, _, column = (place.file if place and place.file else file or "").partition("\0")
        message = f"{column}: {fault.message}" if column else fault.message
        said = (message, dotted(fault.path), fault.value, fault.hint, name or None)
        line, start = (place.line, place.column) if place else (None, None)
        problems.append(Problem(*said, line, start, fault.severity))
    return ordered(problems, file)


def problems(faults: Iterable[Fault]) -> tuple[Problem, ...]:
    """Return the errors among the faults as problems without a place in a file, each once."""
    return located((fault for fault in faults if fault.severity == "error"), Document(), None)


def ordered(found: Iterable[Problem], file: str | None) -> tuple[Problem, ...]:
    """Return errors and then warnings, each once in the order of the file, and at most as many as anyone reads."""
    placed = sorted(dict.fromkeys(found), key=lambda one: (one.file != file, one.line or 0, one.column or 0))
    told: list[Problem] = []
    for severity in ("error", "warning"):
        some = [one for one in placed if one.severity == severity]
        told += some[:MAX_PROBLEMS]
        if len(some) > MAX_PROBLEMS:
            more = f"only the first {MAX_PROBLEMS} problems are told"
            told.append(Problem(more, file=some[0].file, severity=some[0].severity))
    return tuple(told)


def examine(
    data: object, model: type[Case] = Case, *, scenarios: bool = True
) -> tuple[Case | None, list[Fault]]:
    """Return the case that plain data says, if it says one, and every error and warning in it.

    ``scenarios`` says whether to try the scenarios too.
    """
    data, faults = plain(data)
    if faults:
        return None, faults
    if not isinstance(data, Mapping):
        what = "the file is empty" if data is None else "a case is a mapping of parts"
        return None, [Fault((), what, "start with 'detente: 1', 'title: …', 'actors:' and 'issues:'")]
    if large := list(too_large(data)):
        return None, large
    case, faults = _with_errors(data, model)
    if scenarios:
        tried = scenario_faults(data, lambda changed: _with_errors(changed, model)[1])
        faults += islice(tried, max(0, MAX_PROBLEMS + 1 - len(faults)))
    if case is None or faults:
        return None, faults
    way = "write a number, with its doubt: 40, 40 ± 10, 20..60"
    unknown = (warning(path, "to be judged", way) for path in case.unjudged)
    return _told_apart(case), list(islice(chain(unknown, warnings(case, data)), MAX_PROBLEMS + 1))


def _told_apart(case: Case) -> Case:
    """Return the case with a name of its own for every actor and issue; it is written as it was stated."""
    countries = {key: country_name(one.country or "") or "" for key, one in case.actors.items()}
    update: dict[str, Any] = {}
    stated: dict[tuple[str, str], str] = {}
    for part, whose in (("actors", countries), ("issues", {})):
        things = getattr(case, part)
        names = apart({key: thing.name for key, thing in things.items()}, whose)
        renamed = {key: {"name": name} for key, name in names.items() if name != things[key].name}
        new = {key: things[key].model_copy(update=name) for key, name in renamed.items()}
        update[part] = FrozenDict({**things, **new})
        stated |= {(part, key): things[key].name for key in new}
    if not stated:
        return case
    named = case.model_copy(update=update)
    named._stated = stated
    return named


def _with_errors(data: Mapping[str, Any], model: type[Case]) -> tuple[Case | None, list[Fault]]:
    case, faults = validate(model, data)
    read = leniently(shape_of(model), data) if case is None else case
    found = [*_version(data, faults), *islice(faults_between_parts(read, data), MAX_PROBLEMS + 1)]
    if case is not None and not found:
        found += uncounted(case)
    misspelt = {(one.path[:-1], one.hint) for one in found}  # what such a key is meant for is not missing
    meant = (f"did you mean {one.message.removesuffix(' is missing')}?" for one in found)
    kept = (one for one, hint in zip(found, meant, strict=True) if (one.path, hint) not in misspelt)
    return case, [replace(fault, path=as_stated(fault.path, data)[0]) for fault in kept]


def _version(data: Mapping[str, Any], faults: Iterable[Fault]) -> list[Fault]:
    """Word the one fault that means a file from another version of the format."""
    told, way = "unknown version of the case format", "write 'detente: 1'"
    worded = [
        Fault(fault.path, told, way, fault.value) if fault.path == ("detente",) else fault for fault in faults
    ]
    if "detente" not in data and "title" not in data:
        hint = "start with 'detente: 1' and 'title: …'"
        worded.append(Fault((), "this does not look like a case", hint))
    return worded
