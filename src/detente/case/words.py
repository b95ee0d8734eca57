"""What stands at a place of a case, in words, and what rests on which sources?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from detente.case.acceptance import Acceptance
from detente.case.fields import Asserts, Refers, Stated, ToNumbers
from detente.case.influence import VotingPower
from detente.case.model import CaseModel
from detente.case.parts.game.statement import Statement
from detente.case.shape import Spot, fields, part_of, shape_of, steps, walk, ways


@dataclass(frozen=True, slots=True)
class Named:
    """A number of a case in words.

    Attributes:
        owner: whose it is: an actor, an issue, an option.
        what: what it is.
        phrase: the whole as the subject of a sentence, where that is not ``owner’s what``.
        issue: id of the issue that it is on, unless ``what`` says so already.
        of_issue: whether the issue itself is its owner.
        scale: id of the issue on whose scale it lies, where it lies on one.
    """

    owner: str
    what: str
    phrase: str | None
    issue: str | None
    of_issue: bool
    scale: str | None


def named(case: CaseModel, path: str) -> Named:
    """Return what stands at the path of a quantity; ``#3`` after it means the third of an actor's members."""
    path, _, member = path.partition("#")
    parts = steps(path)
    shape = shape_of(type(case))
    value: Any = case  # what stands there, for the names of entries; it need not be stated
    around: dict[str, str] = {}  # part → id of the entry on the way
    names: dict[str, str] = {}
    for number, step in enumerate(parts):
        if shape.is_leaf:  # accepts.lower
            break
        if shape.is_model:
            shape, value = fields(shape.content)[step], getattr(value, step, None)
        elif shape.key is None:
            shape, value = shape.each or shape, dict(enumerate(value or ())).get(int(step))
        else:
            part = part_of(shape.key, tuple(parts[:number]))
            shape, value = shape.each or shape, (value or {}).get(step)
            around[part], names[part] = step, _entry(case, part, step, value)
    mark = shape.mark(Stated) or Stated(parts[-1])
    if mark.told is not None:
        return Named(*mark.told(case, parts), issue=None, of_issue=False, scale=None)
    if member:
        names["actors"] += f", member {member}"
    issue = around.get("issues")
    return Named(
        owner=mark.owner.format_map(names),
        what=mark.name.format_map(names) + (f", {parts[-1]}" if shape.content is Acceptance else ""),
        phrase=mark.phrase and mark.phrase.format_map(names),
        issue=None if "{issues}" in mark.name else issue,
        of_issue=mark.owner == "{issues}",
        scale=issue if mark.on_scale else None,
    )


def input_name(case: CaseModel, path: str, within: str | None = None) -> str:
    """Return the path of a quantity in words: whose number it is, and which.

    Args:
        case: the case.
        path: such as ``stances.sanctions.kremlin.position``.
        within: id of the issue that the reader is looking at, which need not be named again.
    """
    said = named(case, path)
    if said.of_issue and said.issue == within:
        return said.what[:1].upper() + said.what[1:]
    elsewhere = not said.of_issue and said.issue not in (None, within)
    return f"{said.owner}: {said.what}" + (f" on {case.issues[str(said.issue)].name}" if elsewhere else "")


def _entry(case: CaseModel, part: str, key: str, value: Any) -> str:
    """Return the name of an entry; its id where it has none."""
    entries = getattr(case, part, None)
    entry = entries.get(key, value) if isinstance(entries, Mapping) else value
    return str(getattr(entry, "name", None) or key)


def power_of_votes_told(case: Any, issue: str, actors: Iterable[str]) -> Iterator[str]:
    """Yield whose influence on an issue is the power of votes, and in which body, a sentence for each body."""
    said: dict[str, list[str]] = {}
    for actor in actors:
        of = case.voting_power(issue, actor)
        if of is not None:
            said.setdefault(of.told(case.bodies[of.body].name), []).append(case.actors[actor].name)
    for told, names in said.items():
        yield f"Influence of {', '.join(names)}: {told}."


@dataclass(frozen=True, slots=True)
class Assertion:
    """Something that a case asserts.

    Attributes:
        path: where.
        about: of what, in words.
        numbers: name → number as it stands in the case; what is no number has no name.
        because: ids of the sources on which it rests.
    """

    path: str
    about: str
    numbers: dict[str, Any]
    because: tuple[str, ...]


def assertions(case: CaseModel) -> Iterator[Assertion]:
    """Yield what a case asserts, with the sources that it cites, in the order of the file."""
    for spot in walk(type(case), case, Asserts):
        mark, names = spot.mark, _Names(case, spot)
        numbers = {} if mark.told else _numbers(case, spot)  # what is told from the case has all in its text
        if mark.text and spot.value:
            text = mark.text.format_map(names)
            numbers |= {mark.brief: text} if text else {}
        if numbers:
            try:
                about = mark.told(case, spot.path) if mark.told else mark.about.format_map(names)
            except KeyError:
                about = mark.otherwise
            because = getattr(spot.value, "because", ()) or (spot.whole.because if mark.inherits else ())
            each = getattr(spot.value, "because_each", {})
            because = tuple(dict.fromkeys((*because, *(one for those in each.values() for one in those))))
            yield Assertion(".".join(map(str, spot.path)), about, numbers, because)


def _numbers(case: CaseModel, spot: Spot[Asserts]) -> dict[str, Any]:
    """Return the numbers that a part states itself, by their short names; the power of votes in words."""
    found: dict[str, Any] = {}
    part = spot.value
    for name, shape in ways(type(part), Stated).items() if hasattr(part, "model_fields_set") else ():
        stated, each, own = getattr(part, name), shape.each, shape.mark(Stated)
        if own is not None and stated is not None:
            power = isinstance(stated, VotingPower)
            found[own.brief or own.name] = stated.told(case.bodies[stated.body].name) if power else stated
        elif shape.key is not None and each is not None and (mark := each.mark(Stated)) is not None:
            of = part_of(shape.key, (name,))
            for key, number in stated.items():
                names = {name: key, of: _entry(case, of, key, None)}
                found[mark.name.format_map(names)] = number
    return found


class _Names:
    """What the braces in an annotation stand for: entries around a place, and fields of what stands there."""

    def __init__(self, case: CaseModel, spot: Spot[Asserts]) -> None:
        self.case, self.spot = case, spot

    def __getitem__(self, name: str) -> str:
        part = self.spot.value
        if name == "entry":
            return str(getattr(part, "name", None) or self.spot.path[-1])
        if name in self.spot.around:
            return _entry(self.case, name, self.spot.around[name], part)
        value, shape = getattr(part, name), fields(type(part)).get(name)
        refers = shape.mark(Refers) if shape is not None else None
        if refers is not None and value is None:
            raise KeyError(name)
        if refers is not None:
            return _entry(self.case, refers.part, value, None)
        if shape is not None and shape.mark(ToNumbers) is not None:
            return " and ".join(input_name(self.case, path) for path in value)
        if isinstance(value, Statement) and self.case.game is not None:
            return value.told({key: of.name or key for key, of in self.case.game.options.items()})
        return str(value)
