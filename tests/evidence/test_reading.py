"""Files are read into the store once, side by side or one by one; what cannot be read is told with the rest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from detente.errors import CaseError
from detente.evidence import reading
from detente.evidence.reading import Asked, files_of, read, read_into
from detente.evidence.records import Document, Span, Statement, common
from detente.evidence.store import Store
from tests.evidence.test_store import TEXT, document


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.opened(tmp_path / "evidence.sqlite", make=True) as opened:
        yield opened


def files(folder: Path, count: int) -> list[Path]:
    made = [folder / f"talks-{number:02d}.txt" for number in range(count)]
    for number, path in enumerate(made):
        path.write_text(f"{TEXT} Number {number}.", encoding="utf-8")
    return made


def test_nothing_is_read_from_a_text_whose_language_is_not_read() -> None:
    assert read(document("Посол сказал, что порт открыт.", language="ru")) == ()


def test_nothing_is_read_from_furniture() -> None:
    marked = tuple(Span(at, at + len(TEXT)) for at in (0, 2 * len(TEXT) + 2, 4 * len(TEXT) + 4))
    page = Document(id="a", text=" ".join([TEXT] * 5), sha256="", furniture=marked)
    found = [span for record in read(page) for span in record.spans()]
    assert len(found) == 18
    assert not common(found, marked)


@pytest.mark.parametrize("workers", [1, 2])
def test_files_are_read_in_order_and_faults_are_told_together(
    store: Store, tmp_path: Path, workers: int
) -> None:
    paths = files(tmp_path, 18)
    paths[3].write_bytes(b"\x89PNG")
    paths[11].write_bytes(b"")
    told: list[tuple[int, int]] = []
    added, faults = read_into(store, paths, workers=workers, progress=lambda *now: told.append(now))
    names = [path.stem for path in paths if path not in (paths[3], paths[11])]
    assert [one.id for one in added] == names
    assert [one.id for one in store.documents()] == names
    assert len(faults) == 2
    assert told[-1] == (18, 18)
    again, _ = read_into(store, paths, workers=workers)
    assert {one.state for one in again} == {"known"}
    again, _ = read_into(store, paths[:1], Asked(again=True))
    assert [one.state for one in again] == ["again"]


def test_what_the_user_states_is_another_version(store: Store, tmp_path: Path) -> None:
    paths = files(tmp_path, 1)
    read_into(store, paths)
    (added,), _ = read_into(store, paths, Asked(stated={"publisher": "Gazette"}))
    assert (added.id, added.state) == ("talks-00", "changed")
    (added,), _ = read_into(store, paths, Asked(id="lobo-2031"))
    assert (added.id, added.state) == ("lobo-2031", "new")


def test_a_folder_stands_for_the_documents_in_it(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    (inside / "deep").mkdir(parents=True)
    for name in ("b.md", "deep/a.txt", "c.xyz", ".hidden.txt"):
        (inside / name).write_text("x")
    assert files_of([inside, inside / "c.xyz", inside / "b.md"]) == [
        inside / "b.md",
        inside / "deep/a.txt",
        inside / "c.xyz",
    ]
    (tmp_path / "empty").mkdir()
    with pytest.raises(CaseError, match=r"(?s)2 problems.*none.*empty"):
        files_of([tmp_path / "none", tmp_path / "empty"])


def test_a_text_on_which_an_extractor_fails_is_stored_and_told(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = files(tmp_path, 2)

    def fails(document: Document) -> tuple[Statement, ...]:
        if "Number 0" in document.text:
            raise IndexError("beyond the end")
        return ()

    monkeypatch.setattr(reading, "_found", fails)
    added, faults = read_into(store, paths)
    assert not faults
    assert [len(one.notes) for one in added] == [1, 0]
    assert "IndexError: beyond the end" in added[0].notes[0]
