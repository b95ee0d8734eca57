"""Cases of every shape that a format may meet, for Hypothesis."""

from __future__ import annotations

import math
import unicodedata
from typing import Any

from hypothesis import strategies as st

from detente.case import Case
from detente.case.text import slug

# Texts with all that gives separated files trouble: separators, quotes, marks of formulas, several lines.
_CHARACTERS = st.one_of(
    st.sampled_from("=+-@'\";,|#:[]{}\t\n&<>%_ ."),
    st.characters(min_codepoint=33, max_codepoint=0x2FF, categories=("L", "N")),
)


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def texts(max_size: int = 30, lines: bool = True) -> st.SearchStrategy[str]:
    """Return trimmed texts that are not empty."""
    drawn = st.text(_CHARACTERS, min_size=1, max_size=max_size).map(_tidy)
    if not lines:
        drawn = drawn.map(lambda text: " ".join(text.split()))
    return drawn.filter(lambda text: bool(text) and len(text) <= max_size)


_ANCHORS: list[list[float]] = [[0, 100], [0, 1], [-5, 5], [0.5, 7], [1990, 2000, 2030]]
IDENTIFIERS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,10}", fullmatch=True)


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    """Return numbers in a range, as analysts write them and as computers do."""
    drawn = st.floats(low, high, allow_nan=False, allow_subnormal=False)
    found = st.one_of(
        st.integers(math.ceil(low), math.floor(high)).map(float),
        drawn.map(lambda value: min(high, max(low, round(value, 2)))),
        drawn.filter(lambda value: value == 0 or abs(value) > 1e-9),
    )
    return found.map(lambda value: value + 0.0)  # no zero below zero


def quantities(low: float, high: float) -> st.SearchStrategy[Any]:
    """Return numbers with doubt, as plain data."""
    exact = numbers(low, high)
    width = st.floats(0.01, max(high - low, 1)).map(lambda value: round(value, 3))
    normal = st.tuples(exact, width).map(lambda pair: f"{pair[0]!r} ± {pair[1]!r}")
    ends = st.lists(exact, min_size=2, max_size=3, unique=True).map(sorted)
    spread = ends.map(lambda values: "..".join(repr(value) for value in values))
    one = st.one_of(exact, normal, spread)
    return st.one_of(exact, one, st.lists(one, min_size=2, max_size=3))


@st.composite
def cases(draw: st.DrawFn, *, rich: bool = True) -> Case:
    """Draw a case; a rich one has every part that a case may have."""
    sources = draw(
        _parts(
            {"title": texts()},
            {"author": texts(), "date": st.sampled_from(["2024", "2024-11"]), "note": texts()},
            0,
        )
    )
    groups = draw(_parts({"name": texts()}, {"note": texts()}, 0))
    because = st.lists(st.sampled_from(sorted(sources)), unique=True, max_size=2) if sources else st.just([])
    member = (
        st.lists(st.sampled_from(sorted(groups)), unique=True, max_size=2)
        if groups
        else st.lists(IDENTIFIERS, max_size=2, unique=True)
    )
    actors = draw(
        _parts(
            {"name": texts()},
            {
                "country": st.sampled_from(["NOR", "USA"]),
                "groups": member,
                "influence": quantities(0, 200),
                "because": because,
                "note": texts(),
            },
            1,
        )
    )
    issues = {
        key: draw(_issue(fields, because))
        for key, fields in draw(
            _parts(
                {"name": texts()},
                {"question": texts(), "unit": texts(), "note": texts(), "because": because},
                1,
            )
        ).items()
    }
    data: dict[str, Any] = {"title": draw(texts()), "actors": actors, "issues": issues, "stances": {}}
    for issue, fields in issues.items():
        low, high = min(fields["scale"]), max(fields["scale"])
        taking_part = draw(st.lists(st.sampled_from(sorted(actors)), unique=True))
        stances = {
            actor: draw(_stance(low, high, because, needs_influence="influence" not in actors[actor]))
            for actor in taking_part
        }
        if stances:
            data["stances"][issue] = stances
    if sources:
        data["sources"] = sources
    if groups:
        data["groups"] = groups
    if rich:
        data |= draw(_rest(data))
    return Case.from_dict(data)


@st.composite
def _parts(
    draw: st.DrawFn, needed: dict[str, Any], optional: dict[str, Any], fewest: int
) -> dict[str, dict[str, Any]]:
    keys = draw(st.lists(IDENTIFIERS, unique=True, min_size=fewest, max_size=4))
    fields = st.fixed_dictionaries(needed, optional=optional)
    return {key: {name: value for name, value in draw(fields).items() if value != []} for key in keys}


@st.composite
def _issue(draw: st.DrawFn, fields: dict[str, Any], because: Any) -> dict[str, Any]:
    anchors = draw(st.sampled_from(_ANCHORS))
    scale = {anchor: draw(texts()) for anchor in anchors}
    issue: dict[str, Any] = {**fields, "scale": scale}
    if draw(st.booleans()):
        issue["no_deal"] = draw(quantities(anchors[0], anchors[-1]))
    if draw(st.booleans()):
        issue["failure_cost"] = draw(quantities(0, 1))
    if draw(st.booleans()):
        issue["outcome"] = {
            "value": draw(numbers(anchors[0], anchors[-1])),
            "date": "1988",
            "note": draw(texts()),
        }
        listed = draw(because)
        if listed:
            issue["outcome"]["because"] = listed
    return issue


@st.composite
def _stance(
    draw: st.DrawFn, low: float, high: float, because: Any, *, needs_influence: bool
) -> dict[str, Any]:
    stance = {"position": draw(quantities(low, high)), "salience": draw(quantities(0, 1))}
    if needs_influence or draw(st.booleans()):
        stance["influence"] = draw(quantities(0, 1e6))
    if draw(st.booleans()):
        stance["note"] = draw(texts())
    if draw(st.booleans()):
        stance["accepts"] = f"{draw(st.sampled_from(['>=', '<=']))} {draw(numbers(low, high))!r}"
    listed = draw(because)
    if listed:
        stance["because"] = listed
    return stance


@st.composite
def _rest(draw: st.DrawFn, data: dict[str, Any]) -> dict[str, Any]:
    """Draw what belongs to the whole case: head, correlations, scenarios, options."""
    rest: dict[str, Any] = {}
    for name, values in {
        "question": texts(),
        "as_of": st.sampled_from(["2024", "2024-11-07"]),
        "note": texts(),
    }.items():
        if draw(st.booleans()):
            rest[name] = draw(values)
    doubtful = [
        f"stances.{issue}.{actor}.position"
        for issue, stances in data["stances"].items()
        for actor, stance in stances.items()
        if isinstance(stance["position"], (str, list))
    ]
    if len(doubtful) > 1:
        rest["correlations"] = [
            {"between": doubtful[:2], "rank": draw(numbers(-0.9, 0.9)), "note": draw(texts())}
        ]
    if draw(st.booleans()):
        changes = {
            "title": draw(texts()),
            f"actors.{next(iter(data['actors']))}.note": draw(
                st.sampled_from(["null", "12", "[1]", '"x"', "true"])
            ),
        }
        rest["scenarios"] = {"one": {"name": draw(texts()), "changes": changes}, "bare": {"name": "Bare"}}
    if draw(st.booleans()):
        rest["options"] = {"bargaining": {"methods": ["mean"], "nash": {"exponent": 1.5}}}
    return rest


@st.composite
def plain_cases(draw: st.DrawFn, *, kind: str) -> Case:
    """Draw a case that a program without doubt holds whole: ``"decide"`` or ``"ktab"``."""
    ktab = kind == "ktab"

    def words(longest: int) -> st.SearchStrategy[str]:
        return texts(longest, lines=False).filter(lambda text: not (ktab and '"' in text))

    names = draw(st.lists(words(12 if ktab else 40), min_size=3, max_size=6, unique_by=str.casefold))
    topics = draw(st.lists(words(40), min_size=1, max_size=3, unique=True))
    actors = _by_slug(names, "actor")
    issues = _by_slug(topics, "dimension" if ktab else "issue")
    data: dict[str, Any] = {"title": draw(words(40)), "actors": {}, "issues": {}, "stances": {}}
    bounds = {
        issue: (0, 100) if ktab else draw(st.sampled_from([(0, 100), (0.5, 7), (-2, 1)])) for issue in issues
    }
    for issue, name in issues.items():
        low, high = bounds[issue]
        data["issues"][issue] = {"name": name, "scale": {low: "lowest position", high: "highest position"}}
        data["stances"][issue] = {}
    for actor, name in actors.items():
        data["actors"][actor] = {"name": name, "influence": draw(numbers(0, 1e6))}
        if draw(st.booleans()):
            data["actors"][actor]["note"] = draw(words(40))
        for issue in issues:
            salience = draw(numbers(0, 1 / len(issues) if ktab else 1))
            data["stances"][issue][actor] = {"position": draw(numbers(*bounds[issue])), "salience": salience}
    return Case.from_dict(data)


def _by_slug(names: list[str], fallback: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        found[slug(name, set(found), fallback)] = name
    return found
