"""What do the files of NegMAS say? A domain and linear utility functions over its issues, in YAML or JSON.

They are what ``Scenario.to_yaml`` and ``Scenario.to_json`` write (Mohammad, Nakadai & Greenwald 2021). A utility
is Σ weight · value, plus a constant; only issues and values that are listed are read.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from detente.case.formats.profiles import MAX_OPTIONS, Domain, Profile
from detente.case.reading import Document, Path, Place
from detente.case.validation import as_list, as_mapping, shown
from detente.errors import FormatError, Problem

LINEAR = ("LinearAdditiveUtilityFunction", "LinearUtilityAggregationFunction")


def is_domain(data: object) -> bool:
    """Tell whether data is a domain: issues in a list, with a type."""
    return isinstance(data, Mapping) and str(data.get("type")).endswith("OutcomeSpace")


def is_profile(data: object) -> bool:
    """Tell whether data is a utility function."""
    kind = str(as_mapping(data).get("type"))
    return kind.endswith(("UtilityFunction", "AggregationFunction", "UFun"))


def read_domain(document: Document, file: str, stem: str) -> Domain:
    """Return the domain that a document says.

    Raises:
        FormatError: what is wrong with it, each with its place.
    """
    reader = _Reader(document, file)
    options: dict[str, list[str]] = {}
    for number, issue in enumerate(as_list(document.data.get("issues"))):
        of, path = as_mapping(issue), ("issues", number)
        listed = [str(one) for one in as_list(of.get("values"))]
        numbered = bool(of.get("type")) and not str(of["type"]).startswith(("Categorical", "Ordinal"))
        if numbered or not 0 < len(listed) <= MAX_OPTIONS:
            reader.refuse(path, f"the issue {shown(of.get('name'))!r} lists no options, and is not read")
        options[str(of.get("name") or f"issue {number + 1}")] = listed
    if not options:
        reader.refuse(("issues",), "the domain has no issues")
    reader.end()
    return Domain(str(document.data.get("name") or stem), options)


def read_profile(document: Document, domain: Domain, file: str, stem: str) -> Profile:
    """Return the profile that a document says.

    Raises:
        FormatError: what is wrong with it, each with its place.
    """
    return _Reader(document, file).profile(domain, stem)


class _Reader:
    def __init__(self, document: Document, file: str) -> None:
        self.document, self.file = document, file
        self.data: Mapping[str, Any] = document.data
        self.problems: list[Problem] = []

    def refuse(self, path: Path, message: str, hint: str | None = None, value: object = None) -> None:
        place = self.document.place(path)
        where = (place.line, place.column) if place else (None, None)
        given = None if value is None else shown(value)
        self.problems.append(Problem(message, "", given, hint, self.file, *where))

    def end(self) -> None:
        if self.problems:
            raise FormatError(self.problems)

    def profile(self, domain: Domain, stem: str) -> Profile:
        kind = str(self.data.get("type"))
        if not kind.endswith(LINEAR):
            self.refuse(("type",), f"{shown(kind)} is not read", "only sums of values per issue are")
            self.end()
        names = list(domain.options)
        weights = self.by_issue(names, "weights", [1.0] * len(names))
        tables = self.by_issue(names, "values", [None] * len(names))
        values = {}
        for name, table in tables.items():
            path = ("values", names.index(name) if isinstance(self.data.get("values"), list) else name)
            listed = as_mapping(table).get("mapping", table)
            if not isinstance(listed, Mapping):
                message = f"the values on {name!r} are no list of options"
                self.refuse(path, message, "write mapping: {option: value}")
            values[name] = {
                str(option): self.number(value, path) for option, value in as_mapping(listed).items()
            }
        reserved = self.data.get("reserved_value")
        bias = self.number(self.data.get("bias") or 0.0, ("bias",))
        known = reserved is not None and not str(reserved).lstrip("-.").startswith(("inf", "nan"))
        kept = {name: self.number(weight, ("weights",)) for name, weight in weights.items()}
        for name, weight in kept.items():
            if weight < 0:
                message = f"the weight of {name!r} is below 0"
                self.refuse(("weights",), message, "turn its values round instead", weight)
        found = Profile(
            name=str(self.data.get("name") or stem),
            file=self.file,
            weights=kept,
            values=values,
            reserved=self.number(reserved, ("reserved_value",)) - bias if known else None,
            places={name: self.place(name, names) for name in names},
        )
        self.end()
        return found

    def place(self, name: str, names: list[str]) -> Place:
        of = self.data.get("values")
        path: Path = ("values", names.index(name) if isinstance(of, list) else name)
        return self.document.place(path) or Place(1, 1)

    def by_issue(self, names: list[str], key: str, default: list[Any]) -> dict[str, Any]:
        """Return what stands for each issue: by its name, or in a list in the order of the domain."""
        stated = self.data.get(key)
        if isinstance(stated, Mapping):
            return {name: stated.get(name, default[0]) for name in names}
        listed = as_list(stated) if stated is not None else default
        if len(listed) != len(names):
            self.refuse((key,), f"{key} has {len(listed)} entries for {len(names)} issues")
            self.end()
        return dict(zip(names, listed, strict=True))

    def number(self, value: object, path: Path) -> float:
        if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
            return float(value)
        self.refuse(path, "must be a finite number", None, value)
        return 0.0
