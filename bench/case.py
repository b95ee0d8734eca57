"""How long does a case take to read, check, change, edit and write, against what the YAML parser alone needs?

Cases of 10, 30 and 100 actors with a stance on each of 7, 20 and 50 issues, one scenario each, written by the
package itself; and the case of the catalog that a reader meets first. The limit of reading is the parser's own
loop over its events, which nothing here can shorten.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from ruamel.yaml import YAML

from bench.clock import best, seconds, table
from detente.case import Case
from detente.case.checked import check_text
from detente.case.reading import read_yaml
from detente.catalog.catalog import FOLDER

SIZES = ((10, 7), (30, 20), (100, 50))


def main() -> None:
    """Print a row per case."""
    rows = [row(path.stem, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]
    rows += [row(f"{actors} × {issues}", made(actors, issues).to_yaml()) for actors, issues in SIZES]
    print("milliseconds; reading includes parsing, checking includes reading")
    table(("case", "stances", "kB", "parse", "read", "check", "with_", "edit", "write", "fingerprint"), rows)
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


def row(name: str, text: str) -> list[str]:
    """Measure one case."""
    path = Path("case.yaml")
    case = check_text(text, path).require()
    issue, stances = next(iter(case.stances.items()))
    change = {f"stances.{issue}.{next(iter(stances))}.position": case.issues[issue].low}
    plain = case.to_dict()
    jobs: list[Callable[[], object]] = [
        partial(parsed, text),
        partial(read_yaml, text),
        partial(check_text, text, path),
        partial(case.with_, change),
        case.with_(change).to_yaml,
        Case.from_dict(plain).to_yaml,
        lambda: Case.from_dict(plain).fingerprint,
    ]
    held = sum(len(of_issue) for of_issue in case.stances.values())
    return [
        name,
        str(held),
        f"{len(text.encode()) / 1e3:.0f}",
        *(f"{best(job, 1) * 1e3:.0f}" for job in jobs),
    ]


def parsed(text: str) -> None:
    """Loop over the parser's events and do nothing."""
    for _ in YAML(typ="safe", pure=True).parse(text):
        pass


def refused() -> None:
    """Measure files that are refused: how long does an attacker keep the checker busy?"""
    from tests.case.test_fuzz import PATHOLOGICAL

    took = {
        name: seconds(partial(check_text, build(), Path("x.yaml"))) for name, build in PATHOLOGICAL.items()
    }
    slowest = sorted(took.items(), key=lambda pair: -pair[1])[:4]
    print("slowest files made to hurt: " + ", ".join(f"{name} {time:.1f} s" for name, time in slowest))
