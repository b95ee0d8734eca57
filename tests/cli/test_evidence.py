"""Reading documents and deciding on records from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.calling import Invoke, data_of

TEXT = "Envoy Ana Lobo said the port would reopen in May 2031. Farro said the port was safe.\n"
CASE = """\
detente: 1
title: Talks
sources: {talks: {title: Port talks}}
actors: {talvia: {name: Talvia, influence: 1}, ships: {name: Ship owners, influence: 1}}
issues: {dues: {name: Port dues, scale: {0: none, 100: full}}}
stances:
  dues:
    talvia: {position: 90, salience: 0.8, because: [talks]}
    ships: {position: 10, salience: 0.8}
"""


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    path = tmp_path / "talks.txt"
    path.write_text(f"Title: Port talks\nDate: 2031-04-05\n\n{TEXT}", encoding="utf-8")
    return path


def test_a_file_is_read_once_and_a_changed_one_is_a_new_version(invoke: Invoke, talks: Path) -> None:
    read = data_of(invoke("read", talks, "--json"))
    assert [(one["id"], one["state"]) for one in read["documents"]] == [("talks", "new")]
    assert "1 known already" in invoke("read", talks).stdout
    talks.write_text(talks.read_text() + "More.\n")
    assert data_of(invoke("read", talks, "--json"))["documents"][0]["state"] == "changed"
    (stored,) = data_of(invoke("evidence", "documents", "--json"))["documents"]
    assert (stored["title"], stored["date"]) == ("Port talks", "2031-04-05")


def test_what_cannot_be_read_is_told_and_the_rest_is_kept(
    invoke: Invoke, talks: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    (tmp_path / "b.rtf").write_bytes(b"{\\rtf1}")
    result = invoke("read", talks, tmp_path / "a.png", tmp_path / "b.rtf")
    assert result.exit_code == 1
    assert "2 problems" in result.stderr
    assert "is a picture" in result.stderr
    assert [one["id"] for one in data_of(invoke("evidence", "documents", "--json"))["documents"]] == ["talks"]


def test_what_is_asked_of_the_commands_is_checked(invoke: Invoke, talks: Path, tmp_path: Path) -> None:
    assert "no store of evidence is there" in invoke("evidence", "list").stderr
    other = tmp_path / "other.txt"
    other.write_text(TEXT)
    assert "--id is of one file" in invoke("read", talks, other, "--id", "x").stderr
    assert "no such file" in invoke("read", tmp_path / "none.txt").stderr
    invoke("read", talks)
    assert "did you mean 'talks'" in invoke("evidence", "list", "--document", "talk").stderr
    assert "--when is 'soon'" in invoke("evidence", "list", "--when", "soon").stderr
    assert invoke("evidence", "accept", "talks#s1").exit_code == 2  # nobody decides
    result = invoke("evidence", "accept", "talks#s88", "talks#s99", "--by", "Ana")
    assert "2 problems" in result.stderr


def test_sources_are_printed_for_other_programs(invoke: Invoke, talks: Path) -> None:
    invoke("read", talks, "--publisher", "Gazette")
    assert "publisher = {Gazette}" in invoke("evidence", "documents", "--bibtex").stdout
    assert json.loads(invoke("evidence", "documents", "--csl").stdout)[0]["title"] == "Port talks"
    assert invoke("evidence", "list", "--csv").stdout.startswith("document,date,label,id,kind")
    assert data_of(invoke("evidence", "list", "--json"))["@context"] == "http://www.w3.org/ns/anno.jsonld"


def test_a_page_is_written_and_guards_what_is_there(invoke: Invoke, talks: Path, tmp_path: Path) -> None:
    invoke("read", talks)
    page = tmp_path / "talks.html"
    assert invoke("evidence", "page", "talks", "-o", page).exit_code == 0
    assert "Port talks</h1>" in page.read_text(encoding="utf-8")
    case = tmp_path / "case.yaml"
    case.write_text(CASE, encoding="utf-8")
    assert invoke("evidence", "page", "talks", "-o", page, "--case", case).exit_code == 0
    assert "On the document as a whole rest: Talvia on Port dues" in page.read_text(encoding="utf-8")
    result = invoke("evidence", "page", "talks", "-o", talks)
    assert result.exit_code == 1
    assert "does not end in .html" in result.stderr
