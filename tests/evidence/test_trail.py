"""Does a case find the words that it cites, through edits, and tell which it does not find?"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from detente import load
from detente.catalog import open_case
from detente.cli import main
from detente.evidence.anchors import Anchor, resolve
from detente.evidence.held import Held, Read
from detente.evidence.reading import read
from detente.evidence.records import Document, Position, Span, Stance, Statement, digest
from detente.evidence.store import Store
from detente.evidence.trail import Contradiction, Parties, Trail, contradictions, pinned, trail
from detente.report import brief
from detente.report.evidence import evidence

TEXT = (
    "Envoy Ana Lobo said the port would reopen in May.\n"
    "The harbour guild rejects a new levy. Lobo insisted on a recount.\n"
)
CASE = """\
detente: 1
title: The port
actors:
  lobo: {name: Ana Lobo}
  guild: {name: The guild}
issues:
  port: {name: Reopening of the port, scale: {0: stays shut, 100: reopens}}
stances:
  port:
    lobo: {position: 90, salience: 0.8, influence: 1, because: ["port-news#CITED"]}
    guild: {position: 20, salience: 0.5, influence: 1, because: port-news}
sources:
  port-news: {title: News of the port, reliability: B, credibility: 2SOURCE}
"""


def document(text: str = TEXT) -> Document:
    return Document(id="port-news", text=text, sha256=digest(text))


def store_of(path: Path, text: str = TEXT) -> Path:
    file = path / "evidence.sqlite"
    one = document(text)
    with Store.opened(file, make=True) as store:
        store.add([Read.of(one, read(one), named=True)], "rules 1")
    return file


def case_of(path: Path, cited: str, source: str = "") -> Path:
    file = path / "case.yaml"
    file.write_text(CASE.replace("CITED", cited).replace("SOURCE", source), encoding="utf-8")
    return file


def first_label(file: Path) -> tuple[str, dict[str, str]]:
    with Store.opened(file) as store:
        said = next(
            one for one in store.records("port-news", "statement") if isinstance(one.record, Statement)
        )
        return said.label, pinned(said)


def test_a_number_leads_to_the_words_it_rests_on(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    label, _ = first_label(store)
    case = load(case_of(tmp_path, label))
    with Store.opened(store) as held:
        found = trail(case, held)
    ground = found.grounds[f"port-news#{label}"]
    assert ground.found == "exact"
    assert ground.words == "the port would reopen in May"
    assert ground.speaker == "Envoy Ana Lobo"
    told = evidence(case, found).sources[0]
    assert told.grade == "B2"
    assert [len(cited.grounds) for cited in told.rests] == [1, 0]
    assert evidence(case, found).table().rows[0][-1] == ground.words


def test_the_report_shows_the_words_under_the_number_and_only_where_they_are_at_hand(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    label, _ = first_label(store)
    case, page = case_of(tmp_path, label), tmp_path / "page.html"
    asked = ["brief", str(case), "--draws", "200", "-o", str(page), "--force"]
    result = CliRunner().invoke(main, asked)
    assert result.exit_code == 0, result.output
    text = " ".join(page.read_text(encoding="utf-8").split())
    assert "the port would reopen in May" in text
    assert "Envoy Ana Lobo" in text
    assert "Grade B2." in text
    store.unlink()
    assert CliRunner().invoke(main, asked).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert "would reopen" not in text
    assert CliRunner().invoke(main, [*asked, "--store", str(store)]).exit_code == 1  # named, and not there


def test_the_report_tells_contradictions_with_their_dates(tmp_path: Path) -> None:
    label, _ = first_label(store_of(tmp_path))
    case = load(case_of(tmp_path, label))
    opposed = Contradiction(
        holder="lobo",
        issue="a recount",
        stances=("rejects", "supports"),
        dates=("2031-04-05", None),
        places=("port-news#p1", "port-news#p2"),
    )
    page = brief(case, draws=200, trail=Trail({}, (opposed,))).to_html()
    told = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "One contradiction between statements of one speaker" in told
    assert "lobo on a recount : rejects, 2031-04-05 ( port-news#p1 ); supports ( port-news#p2 )" in told


def test_a_place_without_words_is_found_again_and_told_where_it_is_lost(tmp_path: Path) -> None:
    _, place = first_label(store_of(tmp_path))
    stated = f", statements: {{reopening: {{at: {place['at']}, sha256: {place['sha256']}}}}}"
    file = case_of(tmp_path, "reopening", stated)
    result = CliRunner().invoke(main, ["check", str(file)])
    assert result.exit_code == 0, result.output
    (tmp_path / "evidence.sqlite").unlink()
    store_of(tmp_path, "Late edition. " + TEXT)  # moved
    with Store.opened(tmp_path / "evidence.sqlite") as held:
        ground = trail(load(file), held).grounds["port-news#reopening"]
    assert (ground.found, ground.words) == ("unique", "the port would reopen in May")
    (tmp_path / "evidence.sqlite").unlink()
    store_of(tmp_path, TEXT.replace("reopen", "stay shut"))
    result = CliRunner().invoke(main, ["check", str(file)])
    assert result.exit_code == 1
    assert "case.yaml:10:" in result.output
    assert "the statement port-news#reopening is not found in its document" in " ".join(result.output.split())


def test_without_the_document_the_reference_remains(tmp_path: Path) -> None:
    _, place = first_label(store_of(tmp_path))
    stated = f", statements: {{reopening: {{at: {place['at']}, sha256: {place['sha256']}}}}}"
    case = load(case_of(tmp_path, "reopening", stated))
    ground = trail(case, None).grounds["port-news#reopening"]
    start, end = map(int, place["at"].split("-"))
    assert (ground.found, ground.words, ground.place) == ("absent", None, (start, end))


@pytest.mark.parametrize(
    ("cited", "source", "told"),
    [
        ("s9", ", statements: {s8: {at: 1-2, sha256: %s}}" % ("a" * 64), "has no statement 's9'"),
        ("s8", ", statements: {s8: {at: 2-1, sha256: %s}}" % ("a" * 64), "the first smaller: 1204-1290"),
        ("s8", ", statements: {s8: {at: 1-2, sha256: abc}}", "64 digits"),
        ("s 8", "", "an id starts with a letter or digit"),
    ],
)
def test_what_is_wrong_with_a_citation_is_told(tmp_path: Path, cited: str, source: str, told: str) -> None:
    result = CliRunner().invoke(main, ["check", str(case_of(tmp_path, cited, source))])
    assert result.exit_code == 1
    assert told in " ".join(result.output.split())


def test_opposite_stances_of_one_holder_are_told_with_the_earlier_first() -> None:
    text = "Lobo rejects a recount. Lobo backs a recount."
    one = document(text)
    places: list[tuple[int, int, Stance]] = [(0, 22, "rejects"), (24, 44, "supports")]
    found = [
        Position(
            holder=(Span(at, at + 4),), issue=(Span(end - 9, end),), stance=stance, evidence=(Span(at, end),)
        )
        for at, end, stance in places
    ]
    held = [Held(str(n), f"p{n}", one, position) for n, position in enumerate(found, 1)]
    (told,) = contradictions(held)
    assert (told.holder, told.issue, told.stances) == ("lobo", "a recount", ("rejects", "supports"))
    assert not list(contradictions(held[:1]))


def test_a_holder_is_told_by_the_code_of_the_actor_and_not_by_the_words() -> None:
    texts = ("Moscow rejects a recount.", "The Russian government backs a recount.")
    held = []
    for number, text in enumerate(texts):
        of = dataclasses.replace(document(text), id=f"news-{number}")
        held += [Held(f"{number}{at}", f"{one.record[0]}{at}", of, one) for at, one in enumerate(read(of))]
    (told,) = contradictions(held)
    assert (told.holder, told.issue, told.stances) == (
        "Russia (government)",
        "a recount",
        ("rejects", "supports"),
    )


def test_a_bare_surname_is_the_person_whom_another_document_introduces() -> None:
    held = []
    for number, text in enumerate(
        ("Trade Minister Piet Farro rejects a recount.", "Farro said it would rain.")
    ):
        of = dataclasses.replace(document(text), id=f"news-{number}")
        held += [Held(f"{number}{at}", f"{one.record[0]}{at}", of, one) for at, one in enumerate(read(of))]
    said = [one for one in held if isinstance(one.record, Statement)]
    assert {party.name for one in said if (party := Parties(held).of(one))} == {"Piet Farro"}
    assert Parties(held[-1:]).of(held[-1]) is None


def test_every_place_that_the_first_case_cites_is_found_in_its_document(shared_data: Path) -> None:
    text = (shared_data / "evidence" / "article-us-russia-reset.txt").read_bytes().decode("utf-8")
    source = open_case("us-russia-2024").sources["reset-analysis-2024"]
    assert source.document == digest(text)
    assert len(source.statements) == 18
    for place in source.statements.values():
        assert resolve(text, Anchor(*place.span, place.sha256)).rung == "exact"
