"""What does a KTAB scenario in XML say? Its actors with positions, saliences and capabilities; no parameters.

Document types and entities are refused. The parameters of the model, the seed and the adjustments of ideals
belong to KTAB's own runs; that they were left aside is told as a warning.
"""

from __future__ import annotations

from detente.case.formats import cells
from detente.case.formats.draft import Draft, StandIn, ids_for
from detente.case.formats.elements import Element
from detente.case.formats.ktab import MAX_POWER
from detente.case.reading import Document, Place
from detente.case.text import slug
from detente.case.validation import shown
from detente.errors import Problem, QuantityError
from detente.quantity import parse
from detente.quantity.quantity import number_text

ROOT = "Scenario"
_IGNORED = {
    "ModelParameters": "the parameters of the model",
    "prngSeed": "the seed",
    "IdealAdjustment": "the adjustments of ideal positions",
}


def read_ktab_xml(root: Element, file: str, stem: str) -> Document:
    """Return the data of the case in a KTAB scenario; what is wrong with it is noted in the document."""
    return _Reader(root, file).read(stem)


class _Reader:
    def __init__(self, root: Element, file: str) -> None:
        self.root, self.file = root, file

    def read(self, stem: str) -> Document:
        self.draft = Draft(title=self.root.text_of("name") or stem, note=self.root.text_of("desc") or None)
        self._tell_ignored()
        issues = self._issues()
        holder = self.root.first("Actors")
        actors = holder.all("Actor") if holder else []
        if not actors:
            self._refuse(holder or self.root, "the scenario has no actors")
        ids = ids_for((actor.text_of("name") for actor in actors), keep=False, fallback="actor")
        first: dict[str, Element] = {}
        for actor in actors:
            name = actor.text_of("name")
            if not name:
                self._refuse(actor, "the actor has no name")
            elif ids[name] in first:
                self._refuse(actor, f"{name!r} stands twice (lines {first[ids[name]].line} and {actor.line})")
            first.setdefault(ids[name], actor)
            self._actor(actor, ids[name], name, issues)
        return self.draft.document

    def _tell_ignored(self) -> None:
        found = [meaning for tag, meaning in _IGNORED.items() if self.root.first(tag)]
        if found:
            message = f"not read: {', '.join(found)}"
            self.draft.problem(Problem(message, file=self.file, severity="warning"))

    def _issues(self) -> list[tuple[str, str]]:
        """Put the dimensions; return (id, name) of each."""
        holder = self.root.first("Dimensions")
        named = holder.all("dName") if holder else []
        if not named:
            self._refuse(holder or self.root, "the scenario has no dimensions")
        issues: list[tuple[str, str]] = []
        for number, element in enumerate(named, start=1):
            name = cells.content(element.text) or f"Dimension {number}"
            issue = slug(name, {key for key, _ in issues}, "dimension")
            self.draft.put(("issues", issue, "name"), name, self._place(element))
            self.draft.bare_scale(issue, (0, 100), self._place(element))
            issues.append((issue, name))
        return issues

    def _actor(self, element: Element, actor: str, name: str, issues: list[tuple[str, str]]) -> None:
        at = self._place(element)
        self.draft.put(("actors", actor, "name"), name or "?", at)
        self.draft.put(("actors", actor, "note"), element.text_of("description") or None, at)
        capability = element.first("capability")
        power = self._number(capability or element, capability, f"{name!r}: the capability", MAX_POWER)
        self.draft.put(("actors", actor, "influence"), power, at)
        positions = self._coordinates(element, name, "Position", "dCoord", len(issues))
        saliences = self._coordinates(element, name, "Salience", "dSal", len(issues))
        for (issue, dimension), position, salience in zip(issues, positions, saliences, strict=False):
            stance = ("stances", issue, actor)
            what = f"{name!r}, {dimension!r}: the"
            value = self._number(position, position, f"{what} position", 100)
            share = self._number(salience, salience, f"{what} salience", 100)
            self.draft.put((*stance, "position"), value, self._place(position))
            share = cells.shifted(cells.content(salience.text), -2) if share else share
            self.draft.put((*stance, "salience"), share, self._place(salience))

    def _coordinates(self, actor: Element, name: str, holder: str, tag: str, count: int) -> list[Element]:
        held = actor.first(holder)
        found = held.all(tag) if held else []
        if len(found) != count:
            self._refuse(held or actor, f"{name!r} has {len(found)} elements {tag} for {count} dimensions")
        return found

    def _number(self, at: Element, element: Element | None, what: str, most: float) -> float:
        """Return the number in an element, or 0 after noting an error."""
        text = cells.content(element.text) if element else ""
        try:
            value = parse(text)
        except QuantityError:
            self._refuse(at, f"{what} is {'blank' if not text else 'not a number'}", text or None)
            return StandIn(0)
        fault = value.fault_within(0, most)
        if not value.is_exact or text.startswith("["):
            self._refuse(at, f"{what} must be a number without doubt", text)
        elif fault:
            self._refuse(at, f"{what}: {fault}; the numbers run from 0 to {number_text(most)}", text)
        else:
            return value.mean
        return StandIn(0)

    def _place(self, element: Element) -> Place:
        return Place(element.line, element.column, file=self.file)

    def _refuse(self, element: Element, message: str, value: str | None = None) -> None:
        given = None if value is None else shown(value)
        problem = Problem(message, "", given, None, self.file, element.line, element.column)
        self.draft.problem(problem)
