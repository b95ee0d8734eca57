"""Random valid cases as plain data, for the tests of every room."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from detente.case.countries import ALPHA_3
from detente.quantity.quantity import number_text

Data = dict[str, Any]

_HIDDEN = "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff"
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


_CHARACTERS = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=_HIDDEN) | st.sampled_from(
    "\n\t\r"
)
_LETTERS = "abcdefxyz019"


@cache
def texts(longest: int = 15) -> st.SearchStrategy[str]:
    """Return texts that a case may hold, those that YAML makes something of among them."""
    return st.sampled_from(_AWKWARD) | st.text(_CHARACTERS, max_size=longest)


@cache
def names() -> st.SearchStrategy[str]:
    """Return names: not empty, without space around them."""
    return texts().map(lambda text: text.strip() or "no name")


@cache
def identifiers() -> st.SearchStrategy[str]:
    """Return ids, those that look like numbers or constants among them."""
    plain = st.builds(str.__add__, st.sampled_from(_LETTERS), st.text(_LETTERS + "_-", max_size=5))
    return st.sampled_from(["NO", "null", "true", "1", "0x1", "1e3", "é", "y"]) | plain


@cache
def dates() -> st.SearchStrategy[str]:
    """Return years, months and days."""
    days = st.dates().map(lambda day: day.isoformat())
    return st.builds(lambda day, length: day[:length], days, st.sampled_from([4, 7, 10]))


@cache
def plain_quantities(low: float, high: float) -> st.SearchStrategy[Any]:
    """Return quantities on a scale, as a file holds them, with numbers from a grid of twenty steps."""

    def at(step: int) -> str:
        return number_text(min(high, max(low, round(low + (high - low) * step / 20, 6))))

    def one(kind: str, first: int, second: int, third: int) -> str | float:
        start, middle, end = sorted((first, second, third))
        if kind == "exact" or start == end or at(start) == at(end):
            return float(at(first))
        if kind == "normal":
            return f"{at(first)} ± {number_text(abs(high - low) * (third + 1) / 20)}"
        return f"{at(start)}..{at(end)}" if kind == "interval" else f"{at(start)}..{at(middle)}..{at(end)}"

    kinds, steps = st.sampled_from(["exact", "normal", "interval", "triangular"]), st.integers(0, 20)
    single = st.builds(one, kinds, steps, steps, steps)
    return single | st.lists(single, min_size=2, max_size=3)


def _optional(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries({}, optional=parts)


def _ids_from(known: list[str]) -> st.SearchStrategy[Any]:
    several = st.lists(st.sampled_from(known), max_size=2, unique=True) if known else st.just([])
    return several | st.sampled_from(known) if known else several


@cache
def _numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.integers(0, 16).map(lambda step: min(high, max(low, low + (high - low) * step / 16)))


@st.composite
def issues(draw: st.DrawFn, sources: list[str]) -> Data:
    """Return one issue."""
    ends = st.lists(
        st.integers(-100, 100) | st.sampled_from([0.5, -2.25, 1e16]), min_size=2, max_size=4, unique=True
    )
    anchors = draw(ends)
    low, high = float(min(anchors)), float(max(anchors))
    outcome = st.fixed_dictionaries({"value": _numbers(low, high)}, optional={"date": dates()})
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
    limit = st.sampled_from([low, high, low + (high - low) / 2]).map(number_text)
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
        methods=methods, challenge=_optional(stay=_numbers(0, 1), rounds=st.none() | st.just(4))
    )
    other = st.dictionaries(
        st.just("x-lens"), st.recursive(st.none() | st.booleans() | texts(), st.lists, max_leaves=4)
    )
    return {
        "scenarios": draw(st.dictionaries(identifiers(), scenario, max_size=2)),
        "options": {**draw(_optional(bargaining=bargaining)), **draw(other)},
    }
