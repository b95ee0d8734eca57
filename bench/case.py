"""How long does a case take to read, check, change, edit and write, against what ruamel.yaml alone needs to parse?

Cases of 10, 30 and 100 actors with a stance on each of 7, 20 and 50 issues, one scenario each, written by the package
itself; and the case of the catalog that a reader meets first. The limit of reading is the parser's own loop over
its events, which nothing here can shorten.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from ruamel.yaml import YAML

from bench.clock import best_of
from detente.case import Case
from detente.case.loading import check_text
from detente.case.reading import read_yaml
from detente.catalog.catalog import FOLDER


def main() -> None:
    """Print a row per case."""
    columns = ("stances", "kB", "parse", "read", "check", "with_", "edit", "write", "hash")
    print("milliseconds; read and check include parse | " + " ".join(f"{name:>8}" for name in columns))
    for path in sorted(FOLDER.glob("*.yaml")):
        row(path.stem[:20], path.read_text(encoding="utf-8"))
    for actors, issues in ((10, 7), (30, 20), (100, 50)):
        row(f"{actors} × {issues}", made(actors, issues).to_yaml())
    refused()


def made(actors: int, issues: int) -> Case:
    """Return a case in which everybody has a stance on everything."""
    stance = {
        "position": "45 ± 12",
        "salience": "0.2..0.8",
        "because": ["s"],
        "note": "a reason in a few words",
    }
    return Case.from_dict(
        {
            "title": "T",
            "sources": {"s": {"title": "A source", "date": "2024-11-07"}},
            "actors": {f"a{a}": {"name": f"Actor {a}", "influence": "5 ± 1"} for a in range(actors)},
            "issues": {
                f"i{i}": {"name": f"Issue {i}", "scale": {0: "none", 100: "all"}} for i in range(issues)
            },
            "stances": {f"i{i}": {f"a{a}": stance for a in range(actors)} for i in range(issues)},
            "scenarios": {"s": {"name": "S", "changes": {"stances.i0.a0.position": 5}}},
        }
    )


def row(name: str, text: str) -> None:
    """Measure one case."""
    path = Path("case.yaml")
    case = check_text(text, path).require()
    issue, stances = next(iter(case.stances.items()))
    change = {f"stances.{issue}.{next(iter(stances))}.position": case.issues[issue].low}
    plain = case.to_dict()
    times = [
        best_of(2, partial(parsed, text)),
        best_of(2, partial(read_yaml, text)),
        best_of(2, partial(check_text, text, path)),
        best_of(2, partial(case.with_, change)),
        best_of(2, case.with_(change).to_yaml),
        best_of(2, Case.from_dict(plain).to_yaml),
        best_of(1, lambda: Case.from_dict(plain).fingerprint),
    ]
    held = sum(len(of_issue) for of_issue in case.stances.values())
    numbers = " ".join(f"{seconds * 1e3:>8.1f}" for seconds in times)
    print(f"{name:>42} | {held:>8} {len(text.encode()) / 1e3:>8.1f} {numbers}")


def parsed(text: str) -> None:
    """Loop over the parser's events and do nothing."""
    for _ in YAML(typ="safe", pure=True).parse(text):
        pass


def refused() -> None:
    """Measure files that are refused: how long does an attacker keep the checker busy?"""
    from tests.case.test_fuzz import PATHOLOGICAL

    slowest = sorted(
        (
            (best_of(1, partial(check_text, build(), Path("x.yaml"))), name)
            for name, build in PATHOLOGICAL.items()
        ),
        reverse=True,
    )
    print("slowest files made to hurt: " + ", ".join(f"{name} {took:.1f} s" for took, name in slowest[:4]))
