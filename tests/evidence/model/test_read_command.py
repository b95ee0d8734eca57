"""``detente read --model``: what is sent is told first; what is found is stored with its witnesses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from detente.cli import main
from detente.evidence.model import Cache, Endpoint, Witness
from detente.evidence.reading import read, read_into
from detente.evidence.records import Document, Statement
from detente.evidence.store import Store
from tests.evidence.model.server import Answer, serving
from tests.evidence.model.test_model import FARRO, LOBO, TEXT, said

INVENTED = {**LOBO, "quote": "the port will be sold"}


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_a_model_reads_after_the_rules(letter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DETENTE_MODEL_KEY", raising=False)
    store = tmp_path / "s.sqlite"
    with serving(lambda *_: Answer(said(LOBO, FARRO, INVENTED))) as server:
        options = ["read", str(letter), "--store", str(store), "--model", "small", "--base-url", server.url]
        run = CliRunner().invoke(main, options)
        assert run.exit_code == 0, run.output
        told, done = (
            run.output.index(f"{server.url}/chat/completions"),
            run.output.index("2 statements in the"),
        )
        assert told < done
        assert "without a key" in run.output
        assert "1 of them new" in " ".join(run.output.split())
        assert "1 not in the documents, refused" in " ".join(run.output.split())
        assert len(server.bodies) == 1
        again = CliRunner().invoke(main, [*options, "--json"])
        assert len(server.bodies) == 1  # known
        assert json.loads(again.stdout)["model"]["requests"] == 0
    with Store.opened(store) as opened:
        held = [one.record for one in opened.records(None, "statement")]
    witnesses = sorted(one.witnesses for one in held if isinstance(one, Statement))
    assert ("model",) in witnesses
    assert ("rules", "model") in witnesses


def test_a_model_and_its_address_go_together(letter: Path, tmp_path: Path) -> None:
    for lone in (["--model", "small"], ["--base-url", "http://127.0.0.1:9/v1"]):
        run = CliRunner().invoke(main, ["read", str(letter), "--store", str(tmp_path / "s.sqlite"), *lone])
        assert run.exit_code == 2
        assert "go together" in run.output


def test_nothing_is_sent_of_a_text_that_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "speech.txt"
    path.write_text("Language: ru\n\nПорт закрыт, сказал Лобо. Мы подождём.", encoding="utf-8")
    with serving(lambda *_: Answer()) as server, Store.opened(tmp_path / "s.sqlite", make=True) as store:
        witness = Witness(Endpoint(server.url, "small", key=None), Cache())
        read_into(store, [path], witness=witness)
        assert not server.bodies
    assert not witness.readings


def test_a_model_that_fails_leaves_what_the_rules_found() -> None:
    document = Document("port", TEXT, "0" * 64)
    with serving(lambda *_: Answer("no", 400)) as server:
        witness = Witness(Endpoint(server.url, "small", key=None), Cache())
        found = read(document)
        assert witness.adds(document, found) == found
    assert witness.readings["port"].failures
