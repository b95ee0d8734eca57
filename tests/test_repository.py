"""The repository is in order: one version, short files, a README in its agreed order, no local traces."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import requires
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from detente.version import __version__

REPOSITORY = Path(__file__).resolve().parents[1]
NOT_COMMITTED = {".git", "build", "dist", "node_modules"}  # in a worktree, .git is a file
LONGEST = 420

README_HEADINGS = [
    "## What it answers",
    "## Two commands",
    "## Ten lines of Python",
    "## The eight questions",
    "## How it compares",
    "## Citation",
]
# Assembled, so that this file is no exception to its own rule.
PACKAGE_SERVERS = ["pypi" + ".org", "python" + "hosted", "npmjs" + ".org", "anaconda" + ".org"]
SERVER_OPTIONS = re.compile(r"^\s*-{1,2}(i|f|(extra-)?index-url|find-links|trusted-host)\b", re.MULTILINE)
LOCAL_FOLDERS = re.compile(r"(?<![\w.])/(?:" + "|".join(["work", "root", "opt", "home"]) + r")/\w")


def committed() -> Iterator[Path]:
    """Yield the text files of the repository, without what the jobs make."""
    for entry in sorted(REPOSITORY.iterdir()):
        if entry.name in NOT_COMMITTED:
            continue
        if entry.is_file() and wanted(entry):
            yield entry
        elif entry.is_dir() and (not entry.name.startswith(".") or entry.name == ".ci"):
            yield from (path for path in sorted(entry.rglob("*")) if path.is_file() and wanted(path))


def wanted(path: Path) -> bool:
    """Say whether a file is ours and text."""
    made = {"__pycache__", "_build"} & set(path.parts)
    return (
        not made
        and not path.name.startswith(".coverage")
        and path.suffix not in {".png", ".xlsx", ".ico", ".woff2", ".pyc", ".nbi", ".nbc"}
    )


def text_of(path: Path) -> str:
    """Return the text of a file."""
    return path.read_text(encoding="utf-8")


TEXTS = {str(path.relative_to(REPOSITORY)): path for path in committed()}


def test_the_citation_gives_the_version_of_the_package() -> None:
    """Who cites détente cites the version at hand."""
    assert re.findall(r"^version: (\S+)$", text_of(REPOSITORY / "CITATION.cff"), re.MULTILINE) == [
        __version__
    ]


def test_the_changelog_knows_the_version_of_the_package() -> None:
    """The version at hand is the newest release, or newer than it and then not without unreleased changes."""
    sections = re.split(r"^## ", text_of(REPOSITORY / "CHANGELOG.md"), flags=re.MULTILINE)[1:]
    unreleased = [section for section in sections if section.startswith("[Unreleased]\n")]
    released = [
        match[1] for section in sections if (match := re.match(r"\[(\d[^]]*)\] - \d{4}-\d\d-\d\d\n", section))
    ]
    assert len(unreleased) == 1
    assert sections[0] == unreleased[0]
    assert len(released) == len(sections) - 1, "a release is headed `## [1.2.3] - 2025-01-31`"
    order = [tuple(int(part) for part in version.split(".")) for version in [__version__, *released]]
    assert all(newer >= older for newer, older in pairwise(order))
    if released[:1] != [__version__]:
        assert re.search(r"^- \S", unreleased[0], re.MULTILINE)


def test_the_licence_is_the_one_declared() -> None:
    """The file, the package and the citation name the same licence."""
    project = tomllib.loads(text_of(REPOSITORY / "pyproject.toml"))["project"]
    assert project["license"] == "Apache-2.0"
    assert "license: Apache-2.0\n" in text_of(REPOSITORY / "CITATION.cff")
    assert re.match(r"\s*Apache License\s+Version 2\.0, January 2004", text_of(REPOSITORY / "LICENSE"))
    assert "END OF TERMS AND CONDITIONS" in text_of(REPOSITORY / "LICENSE")


@pytest.mark.parametrize("path", [name for name in TEXTS if name.startswith("src/") and name.endswith(".py")])
def test_source_files_are_short_enough_to_read(path: str) -> None:
    """A file that has grown past the limit wants to be two."""
    assert len(text_of(TEXTS[path]).splitlines()) <= LONGEST


def test_the_readme_keeps_its_order() -> None:
    """Questions first, then how to start, then how it compares."""
    outside_code = re.sub(
        r"^```.*?^```$", "", text_of(REPOSITORY / "README.md"), flags=re.MULTILINE | re.DOTALL
    )
    assert re.findall(r"^## .*$", outside_code, re.MULTILINE) == README_HEADINGS


def test_no_file_names_a_package_server() -> None:
    """Where packages come from is the installing machine's business."""
    named = [
        f"{name}: {server}"
        for name, path in TEXTS.items()
        for server in PACKAGE_SERVERS
        if server in text_of(path)
    ]
    assert not named


@pytest.mark.parametrize(
    "path", [f"requirements/{name}.txt" for name in ("core", "development", "peers", "spark")]
)
def test_constraints_are_exact_hashed_and_free_of_places(path: str) -> None:
    """Every requirement has a version and hashes, and none comes from somewhere in particular."""
    text = text_of(REPOSITORY / path)
    requirements = re.split(r"\n(?=\S)", text.replace("\\\n", " "))
    loose = [
        line for line in requirements if line and not re.match(r"[\w.-]+==\S+.* --hash=sha256:\w{64}", line)
    ]
    assert not loose
    assert not SERVER_OPTIONS.search(text)
    assert "/" not in text
    assert "@ " not in text


@pytest.mark.parametrize("path", ["requirements/core.txt", "requirements/development.txt"])
def test_a_lock_leaves_nothing_to_resolve(path: str) -> None:
    """Whatever a locked package needs here is locked too, in a version that suits it: no resolver is asked."""
    lines = text_of(REPOSITORY / path).splitlines()
    pinned = [Requirement(line.rstrip("\\ ")) for line in lines if re.match(r"[\w.-]+==", line)]
    here = {canonicalize_name(pin.name): pin for pin in pinned if pin.marker is None or pin.marker.evaluate()}
    extras: dict[str, set[str]] = {name: {""} for name in here}
    own = [Requirement(text) for text in requires("detente") or []]
    asked = [one for one in own if one.marker is None or one.marker.evaluate({"extra": ""})]
    needs = [*here.values(), *asked]
    seen: set[str] = set()
    while needs:
        need = needs.pop()
        name = canonicalize_name(need.name)
        extras[name] |= need.extras
        assert need.specifier.contains(str(here[name].specifier).removeprefix("=="), prereleases=True), need
        key = f"{name}[{','.join(sorted(extras[name]))}]"
        if key not in seen:
            seen.add(key)
            asked = [Requirement(text) for text in requires(name) or []]
            needs += [
                each
                for each in asked
                if each.marker is None or any(each.marker.evaluate({"extra": e}) for e in extras[name])
            ]


def test_no_file_carries_a_path_of_someones_machine() -> None:
    """What the repository contains means the same wherever it is."""
    found = {name: match[0] for name, path in TEXTS.items() if (match := LOCAL_FOLDERS.search(text_of(path)))}
    assert not found
