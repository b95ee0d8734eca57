"""Fetching from a server that serves, fails, stalls, cuts short and returns other bytes than it lists."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from detente.errors import FormatError, OptionError
from detente.events.fetch import fetch, listed, of_list
from tests.events.rows import gdelt

STEMS = [f"2018032604{minute}00" for minute in ("00", "15", "30", "45")]
WAIT = 0.4


def zipped(stem: str) -> bytes:
    """Return a zip with one row."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo(f"{stem}.export.CSV"), gdelt(int(stem[-6:])) + "\n")
    return buffer.getvalue()


FILES = {f"{stem}.export.CSV.zip": zipped(stem) for stem in STEMS}


class Server:
    """A server of the files, with faults by name: a list of what it does on each further request."""

    def __init__(self) -> None:
        self.faults: dict[str, list[str]] = {}
        self.asked = Counter[str]()
        self.list = "".join(
            f"{len(content)} {hashlib.md5(content).hexdigest()} http://elsewhere.example/gdeltv2/{name}\n"
            f"1 {'0' * 32} http://elsewhere.example/gdeltv2/{name.replace('export.CSV', 'mentions.CSV')}\n"
            for name, content in FILES.items()
        )
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.rpartition("/")[2]
                served.asked[name] += 1
                content = served.list.encode() if name == "masterfilelist.txt" else FILES.get(name)
                faults = served.faults.get(name, [])
                fault = faults.pop(0) if faults else ""
                if content is None or fault == "missing":
                    self.send_error(404)
                    return
                if fault == "broken":
                    self.send_error(500)
                    return
                if fault == "elsewhere":
                    self.send_response(302)
                    self.send_header("Location", "http://127.0.0.1:9/other")
                    self.end_headers()
                    return
                if fault == "stall":
                    threading.Event().wait(3 * WAIT)
                    return
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                other = b"x" * len(content)
                self.wfile.write(content[:40] if fault == "cut" else other if fault == "other" else content)

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}/gdeltv2/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def server() -> Iterator[Server]:
    """Return a running server on loopback."""
    running = Server()
    yield running
    running.server.shutdown()
    running.server.server_close()


def test_all_listed_files_arrive_once_and_are_not_asked_for_again(server: Server, tmp_path: Path) -> None:
    first = fetch(tmp_path, "2018-03-26", "2018-03-26", base=server.base, seconds=WAIT, pause=0)
    assert (first.listed, first.fetched, first.failed) == (4, 4, 0)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == FILES
    again = fetch(tmp_path, "2018-03-26", "2018-03-26", base=server.base, seconds=WAIT, pause=0)
    assert (again.there, again.fetched) == (4, 0)
    assert all(server.asked[name] == 1 for name in FILES)


def test_times_choose_files(server: Server) -> None:
    found = listed(server.base, "2018-03-26T04:15", "2018-03-26T04:30", seconds=WAIT)
    assert [one.stem for one in found] == STEMS[1:3]


@pytest.mark.parametrize("fault", ["broken", "cut", "other", "stall"])
def test_a_fault_that_passes_is_tried_again(server: Server, tmp_path: Path, fault: str) -> None:
    name = f"{STEMS[0]}.export.CSV.zip"
    server.faults[name] = [fault, fault]
    report = fetch(tmp_path, "2018-03-26", "2018-03-26", base=server.base, seconds=WAIT, pause=0)
    assert (report.fetched, report.failed) == (4, 0)
    assert next(one.tries for one in report.files if one.file == name) == 3
    assert (tmp_path / name).read_bytes() == FILES[name]


@pytest.mark.parametrize(
    ("fault", "tries"), [("broken", 4), ("cut", 4), ("other", 4), ("missing", 1), ("elsewhere", 4)]
)
def test_a_fault_that_stays_is_told_and_leaves_nothing(
    server: Server, tmp_path: Path, fault: str, tries: int
) -> None:
    name = f"{STEMS[0]}.export.CSV.zip"
    server.faults[name] = [fault] * 9
    report = fetch(tmp_path, "2018-03-26", "2018-03-26", base=server.base, seconds=WAIT, pause=0)
    failed = next(one for one in report.files if one.file == name)
    assert (failed.state, failed.tries) == ("failed", tries)
    assert failed.reason
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(set(FILES) - {name})


def test_a_part_left_by_a_kill_is_cleared(server: Server, tmp_path: Path) -> None:
    (tmp_path / "x.zip.part").write_bytes(b"half")
    fetch(tmp_path, "2018-03-26", "2018-03-26", base=server.base, seconds=WAIT, pause=0)
    assert not list(tmp_path.glob("*.part"))


def test_a_list_that_is_none_and_an_address_that_is_none_are_told(server: Server, tmp_path: Path) -> None:
    server.list = "<html>"
    with pytest.raises(FormatError, match="holds no line of the form"):
        listed(server.base, "2018-03-26", "2018-03-26", seconds=WAIT)
    for base in ("ftp://example.org", "file:///etc/"):
        with pytest.raises(OptionError, match="no address of HTTP"):
            fetch(tmp_path, "2018-03-26", "2018-03-26", base=base)


def test_a_list_in_a_file_gives_names_and_hashes(tmp_path: Path) -> None:
    path = tmp_path / "masterfilelist.txt"
    path.write_text(
        "150383 297a16b493de7cf6ca809a7cc31d0b93 "
        "http://data.gdeltproject.org/gdeltv2/20150218230000.export.CSV.zip\n",
        "utf-8",
    )
    assert of_list(path) == {"20150218230000.export.CSV.zip": "297a16b493de7cf6ca809a7cc31d0b93"}
