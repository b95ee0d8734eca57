"""Files longer than what is held at once: the same rows, or none; fields as a literal split has them."""

from __future__ import annotations

import os
import sys
from ctypes import CDLL, c_size_t, c_void_p
from mmap import PAGESIZE, mmap
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.events.load import load
from detente.events.scan import BAD_WIDTH, ODD, Scanned
from detente.events.store import Store
from tests.events import literal_scan
from tests.events.rows import gdelt, written
from tests.events.test_load import rows, whole


@given(
    st.lists(st.text(st.sampled_from("ab \t\té\r"), max_size=12), max_size=40),
    st.lists(st.integers(0, 3), max_size=3),
)
def test_fields_are_those_of_a_literal_split(lines: list[str], places: list[int]) -> None:
    """Lines of up to three fields are rows, of which some fields are wanted; longer ones are told, blank not."""
    text = "".join(f"{line}\n" for line in lines).encode()
    wanted = np.array(places, np.int64)
    read = Scanned(len(places), 50, named=1)
    assert read.read(np.frombuffer(text, np.uint8), 0, 0, (wanted, wanted), (1, 2, 3)) == len(text)
    sound, long = literal_scan.rows(lines, 3)
    assert read.lines[: read.rows].tolist() == list(sound)
    assert read.odd[: read.state[ODD]][:, [0, 2]].tolist() == [[number, BAD_WIDTH] for number in long]
    for at, row in enumerate(sound.values()):
        found = [read.text(int(code)) for code in read.codes[:, at]]
        assert found == [row[place] if place < len(row) else "" for place in places]
        name = read.names[read.ends[at] : read.ends[at + 1]].tobytes().decode()
        assert name == (row[1].strip(" ") if len(row) > 1 else "")


def test_more_values_than_there_is_room_for_keep_their_numbers() -> None:
    most = 200_000
    lines = "".join(f"{number}\tx{number % 7}\n" for number in [*range(most), *range(most)]).encode()
    both = np.array([0, 1], np.int64)
    read = Scanned(2, 2 * most)
    read.read(np.frombuffer(lines, np.uint8), 0, 0, (both, both), (2,))
    assert (read.rows, read.known) == (2 * most, 1 + most + 7)
    assert (read.codes[:, :most] == read.codes[:, most:]).all()
    assert [read.text(int(code)) for code in read.codes[0, [0, 131_072, most - 1]]] == [
        "0",
        "131072",
        str(most - 1),
    ]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="pages are protected by a call of Linux")
@given(st.lists(st.text(st.sampled_from("ab \t\r"), max_size=70), min_size=1, max_size=9), st.booleans())
def test_nothing_before_or_behind_a_text_is_read(lines: list[str], first: bool) -> None:
    """A text that begins or ends where memory may not be read: bounds checking does not see addresses."""
    text = "".join(f"{line}\n" for line in lines).encode()
    wanted = np.array([0, 2, 1], np.int64)
    with mmap(-1, 3 * PAGESIZE) as memory:
        pages = np.frombuffer(memory, np.uint8)
        protect, at = CDLL(None, use_errno=True).mprotect, pages.ctypes.data
        begin = PAGESIZE if first else 2 * PAGESIZE - len(text)
        here = pages[begin : begin + len(text)]
        here[:] = np.frombuffer(text, np.uint8)
        for page in (0, 2):
            assert protect(c_void_p(at + page * PAGESIZE), c_size_t(PAGESIZE), 0) == 0
        read = Scanned(3, 50, named=1)
        read.read(here, 0, 0, (wanted, wanted), (1, 2, 3))
        del here, pages
    sound, _ = literal_scan.rows(lines, 3)
    assert read.lines[: read.rows].tolist() == list(sound)


@pytest.mark.parametrize("last", [["224"], ["0233"], []], ids=["weis", "cameo", "neither"])
def test_codes_at_the_end_of_a_long_file_decide_for_all_of_it(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: list[str]
) -> None:
    """Rows were written before these codes were read: the file is read again, or refused whole."""
    monkeypatch.setattr("detente.events.rows.ROWS", 50)
    rows_ = [f"2014-03-{1 + k % 28:02}\tRUS\tUKR\t{code}" for k, code in enumerate(["112"] * 400 + last)]
    report = load(store, [written(tmp_path / "a.tab", rows_), written(tmp_path / "b.CSV", [gdelt(1)])])
    whole(report)
    assert report.files[1].kept == 1
    found = rows(store, "SELECT ontology, count(*) FROM events WHERE feed = 'a' GROUP BY 1")
    if not last:
        assert "say which with --ontology" in report.files[0].refused
        assert found == []
        return
    assert found == [("weis" if last == ["224"] else "cameo", 401)]
    assert {str(path) for path in (store.folder / "events").rglob("*.parquet")} == set(store.parts())


def test_a_long_file_is_refused_whole_where_its_last_codes_contradict(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detente.events.rows.ROWS", 50)
    path = written(tmp_path / "a.CSV", [*(gdelt(k) for k in range(300)), gdelt(999, code="223")])
    report = load(store, [written(tmp_path / "b.CSV", [gdelt(k) for k in range(1000, 1300)]), path])
    assert [one.kept for one in report.files] == [300, 0]
    assert "its codes are of WEIS, not of CAMEO" in report.files[1].refused
    assert rows(store, "SELECT DISTINCT file FROM events") == [("b.CSV",)]


def test_many_values_and_lines_longer_than_a_block_are_read(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is short of room grows; values are forgotten where they are many."""
    monkeypatch.setattr("detente.events.scan.MOST_VALUES", 1000)
    monkeypatch.setattr("detente.events.rows.ROWS", 900)
    monkeypatch.setattr("detente.events.rows.TEXT", 1 << 12)
    count = 70_000 if os.environ.get("DETENTE_FULL") else 5_000
    lines = [gdelt(k, url=f"http://example.org/{k}", source_name=f"N{k}") for k in range(count)]
    lines.insert(7, gdelt(-1, url="x" * 300_000))
    report = load(store, [written(tmp_path / "a.CSV", lines)])
    assert report.kept == count + 1
    found = rows(
        store,
        "SELECT count(*), count(DISTINCT url), count(DISTINCT source_name), max(length(url)) FROM events",
    )
    assert found == [(count + 1, count + 1, count + 1, 300_000)]
    wrong = "SELECT count(*) FROM events WHERE url <> 'http://example.org/' || event_id AND event_id <> '-1'"
    assert rows(store, wrong) == [(0,)]
    assert rows(store, "SELECT line FROM events WHERE event_id = '4000'") == [(4002,)]
