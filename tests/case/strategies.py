"""Random valid cases as plain data, for the tests of every room."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from detente.case.countries import ALPHA_3
from detente.case.text import FORBIDDEN, IDENTIFIER
from detente.quantity import Quantity
from tests.quantity.strategies import quantities

Data = dict[str, Any]

_AWKWARD = [
    "NO",
    "null",
    "~",
    "true",
    "1",
    "1.5",
    "2024-11-07",
    "a: b",
    "a #b",
    "- x",
    "'",
    '"',
    "\\n",
    "{x",
    "=",
    "é",
]


def _clean(text: str) -> bool:
    return FORBIDDEN.search(text) is None


def texts(longest: int = 20) -> st.SearchStrategy[str]:
    """Return texts that a case may hold, those that YAML makes something of among them."""
    return st.sampled_from(_AWKWARD) | st.text(max_size=longest).filter(_clean)


def names() -> st.SearchStrategy[str]:
    """Return names: not empty, without space around them."""
    return texts().map(str.strip).filter(bool)


def identifiers() -> st.SearchStrategy[str]:
    """Return ids, those that look like numbers or constants among them."""
    plain = st.text("abcdefxyz019_-", min_size=1, max_size=8)
    return (st.sampled_from(["NO", "null", "true", "1", "0x1", "1e3", "é", "y"]) | plain).filter(
        IDENTIFIER.fullmatch
    )


def dates() -> st.SearchStrategy[str]:
    """Return years, months and days."""
    days = st.dates().map(lambda day: day.isoformat())
    return st.builds(lambda day, length: day[:length], days, st.sampled_from([4, 7, 10]))


def plain_quantities(low: float, high: float) -> st.SearchStrategy[Any]:
    """Return quantities on a scale, as a file holds them."""
    inside = (
        st.floats(low, high).map(lambda value: round(value, 3)).filter(lambda value: low <= value <= high)
    )
    return quantities(inside).map(Quantity.to_plain)


def _optional(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries({}, optional=parts)


def _ids_from(known: list[str]) -> st.SearchStrategy[Any]:
    several = st.lists(st.sampled_from(known), max_size=2, unique=True) if known else st.just([])
    return several | st.sampled_from(known) if known else several


def _numbers(bounds: tuple[float, float]) -> st.SearchStrategy[float]:
    return (
        st.floats(*bounds)
        .map(lambda value: round(value, 3))
        .filter(lambda value: bounds[0] <= value <= bounds[1])
    )


@st.composite
def issues(draw: st.DrawFn, sources: list[str]) -> Data:
    """Return one issue."""
    ends = st.lists(
        st.integers(-100, 100) | st.sampled_from([0.5, -2.25, 1e16]), min_size=2, max_size=4, unique=True
    )
    anchors = draw(ends)
    low, high = float(min(anchors)), float(max(anchors))
    outcome = st.fixed_dictionaries({"value": _numbers((low, high))}, optional={"date": dates()})
    optional = _optional(
        question=texts(),
        unit=names(),
        no_deal=plain_quantities(low, high),
        failure_cost=plain_quantities(0, 10),
        outcome=outcome,
        because=_ids_from(sources),
        note=texts(60),
    )
    scale = {anchor: draw(texts()) for anchor in anchors}
    return {"name": draw(names()), "scale": scale, **draw(optional)}


@st.composite
def stances(draw: st.DrawFn, issue: Data, needs_influence: bool, sources: list[str]) -> Data:
    """Return one stance on an issue."""
    low, high = float(min(issue["scale"])), float(max(issue["scale"]))
    stance = {"position": draw(plain_quantities(low, high)), "salience": draw(plain_quantities(0, 1))}
    if needs_influence or draw(st.booleans()):
        stance["influence"] = draw(plain_quantities(0, 100))
    limit = st.sampled_from([low, high, low + (high - low) / 2]).map(repr)
    accepts = st.builds(lambda side, value: f"{side} {value}", st.sampled_from([">=", "<="]), limit)
    return {**stance, **draw(_optional(accepts=accepts, because=_ids_from(sources), note=texts(60)))}


@st.composite
def cases(draw: st.DrawFn, most_actors: int = 4, most_issues: int = 3) -> Data:
    """Return the plain data of a valid case, as it might be read from a file."""
    of_source = st.fixed_dictionaries(
        {"title": names()}, optional={"author": names(), "date": dates(), "note": texts(60)}
    )
    sources = draw(st.dictionaries(identifiers(), of_source, max_size=3))
    groups = draw(st.dictionaries(identifiers(), st.fixed_dictionaries({"name": names()}), max_size=2))
    cited = list(sources)
    of_actor = st.fixed_dictionaries(
        {"name": names()},
        optional={
            "country": st.sampled_from(sorted(ALPHA_3)),
            "groups": _ids_from(list(groups)),
            "influence": plain_quantities(0, 100),
            "because": _ids_from(cited),
            "note": texts(60),
        },
    )
    actors = draw(st.dictionaries(identifiers(), of_actor, min_size=1, max_size=most_actors))
    negotiated = draw(st.dictionaries(identifiers(), issues(cited), min_size=1, max_size=most_issues))
    held: Data = {}
    for issue, content in negotiated.items():
        for actor in draw(st.lists(st.sampled_from(list(actors)), unique=True)):
            stance = stances(content, "influence" not in actors[actor], cited)
            held.setdefault(issue, {})[actor] = draw(stance)
    head = draw(_optional(detente=st.just(1), question=texts(), as_of=dates(), note=texts(60)))
    parts = {"sources": sources, "groups": groups, "actors": actors, "issues": negotiated, "stances": held}
    return {"title": draw(names()), **head, **parts, **draw(_tail(held))}


@st.composite
def _tail(draw: st.DrawFn, held: Data) -> Data:
    """Return scenarios and options that fit the stances."""
    pairs = [(issue, actor) for issue, of_issue in held.items() for actor in of_issue]
    changes: dict[str, Any] = {"note": draw(names())}
    if pairs:
        issue, actor = draw(st.sampled_from(pairs))
        path = f"stances.{issue}.{actor}"
        changes |= draw(
            st.sampled_from([{path: None}, {f"{path}.salience": 0.5}, {f"{path}.salience": "0.2..0.4"}])
        )
    scenario = st.fixed_dictionaries({"name": names(), "changes": st.just(changes)})
    methods = st.lists(st.sampled_from(["mean", "median", "nash"]), min_size=1, unique=True)
    bargaining = _optional(
        methods=methods, challenge=_optional(stay=_numbers((0, 1)), rounds=st.none() | st.just(4))
    )
    other = st.dictionaries(
        st.just("x-lens"), st.recursive(st.none() | st.booleans() | texts(), st.lists, max_leaves=4)
    )
    return {
        "scenarios": draw(st.dictionaries(identifiers(), scenario, max_size=2)),
        "options": {**draw(_optional(bargaining=bargaining)), **draw(other)},
    }
