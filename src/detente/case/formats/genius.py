"""What do the files of Genius say? A domain in XML (``negotiation_template``), and profiles (``utility_space``).

In Genius the value of an option is its evaluation divided by the largest of its issue, and weights are brought to
the sum 1 (Lin et al. 2014, *Computational Intelligence* 30:48–70). Only issues with listed options are read.
"""

from __future__ import annotations

import math

from detente.case.formats import cells
from detente.case.formats.elements import Element
from detente.case.formats.profiles import MAX_OPTIONS, Domain, Profile
from detente.case.reading import Place
from detente.case.validation import shown
from detente.errors import FormatError, Problem

DOMAIN, PROFILE = "negotiation_template", "utility_space"


def read_genius(root: Element, file: str, stem: str) -> Domain | Profile:
    """Return the domain or the profile that an XML file says.

    Raises:
        FormatError: what is wrong with it, each with its place.
    """
    return _Reader(file).read(root, stem)


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def refuse(self, at: Element, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(message, "", None, hint, self.file, at.line, at.column))

    def read(self, root: Element, stem: str) -> Domain | Profile:
        space = root if root.tag == PROFILE else root.first(PROFILE)
        objectives = _objectives(space) if space is not None else []
        issues = [issue for objective in objectives for issue in objective.all("issue")]
        if space is None or not issues:
            self.refuse(root, "has no issues")
            raise FormatError(self.problems)
        if objectives[1:]:
            self.refuse(objectives[1], "objectives within objectives are not read", "put all issues into one")
        options = {name: self.options(issue) for issue in issues if (name := self.name(issue))}
        found = (
            Domain(stem, {name: list(of) for name, of in options.items()})
            if root.tag == DOMAIN
            else self.profile(space, objectives[0], issues, options, stem)
        )
        if self.problems:
            raise FormatError(self.problems)
        return found

    def name(self, issue: Element) -> str:
        kind = issue.attributes.get("type", "discrete")
        if kind != "discrete":
            way = "list its options, as type discrete"
            self.refuse(issue, f"an issue of the type {shown(kind)!r} is not read", way)
            return ""
        name = cells.content(issue.attributes.get("name", ""))
        if not name:
            self.refuse(issue, "the issue has no name")
        return name

    def options(self, issue: Element) -> dict[str, Element]:
        """Return the options of an issue with where they stand."""
        found: dict[str, Element] = {}
        for item in issue.all("item")[:MAX_OPTIONS]:
            value = cells.content(item.attributes.get("value", ""))
            if not value or value in found:
                self.refuse(
                    item, f"the option {value!r} stands twice" if value else "the option has no value"
                )
            found[value] = item
        if not found or len(issue.all("item")) > MAX_OPTIONS:
            self.refuse(issue, f"an issue has from 1 to {MAX_OPTIONS:,} options")
        return found

    def profile(
        self,
        space: Element,
        objective: Element,
        issues: list[Element],
        options: dict[str, dict[str, Element]],
        stem: str,
    ) -> Profile:
        stated = {weight.attributes.get("index"): weight for weight in objective.all("weight")}
        weights, values = {}, {}
        for issue in issues:
            name = cells.content(issue.attributes.get("name", ""))
            weight = stated.get(issue.attributes.get("index"))
            weights[name] = self.number(weight, "value") if weight is not None else 0.0
            worth = {one: self.number(item, "evaluation") for one, item in options.get(name, {}).items()}
            top = max(worth.values(), default=0.0)
            values[name] = {one: value / top if top > 0 else value for one, value in worth.items()}
        whole = sum(weights.values())
        if whole > 0:
            weights = {name: weight / whole for name, weight in weights.items()}
        reservation, discount = space.first("reservation"), space.first("discount_factor")
        reserved = None if reservation is None else self.number(reservation, "value")
        if discount is not None and self.number(discount, "value") not in (0.0, 1.0):
            self.refuse(discount, "what loses worth with time is not read", "set discount_factor to 1.0")
        places = {
            cells.content(issue.attributes.get("name", "")): Place(issue.line, issue.column, file=self.file)
            for issue in issues
        }
        return Profile(stem, self.file, weights, values, reserved, places)

    def number(self, at: Element, attribute: str) -> float:
        """Return the number of an attribute, at least 0."""
        text = at.attributes.get(attribute, "")
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not 0 <= number < 1e15:
            message = f"{attribute} is a number of at least 0" if text else f"has no {attribute}"
            self.problems.append(
                Problem(message, "", shown(text) if text else None, None, self.file, at.line, at.column)
            )
            return 0.0
        return number


def _objectives(space: Element) -> list[Element]:
    """Return the objectives of a space, those within others too."""
    found: list[Element] = []
    pending = space.all("objective")
    while pending:
        found.append(pending[0])
        pending = [*pending[1:], *pending[0].all("objective")]
    return found
