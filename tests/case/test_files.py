"""Only regular files inside the folder are read, and a file is written whole or not at all."""

from __future__ import annotations

import errno
import os
import signal
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.case import check, files, load
from detente.case.files import inside, read_bytes, read_exactly, write_whole
from detente.case.reading import MAX_BYTES
from detente.errors import CaseError, DetenteError, NotFoundError, OutputError
from tests.case.checking import SMALL, small

posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX system")


@pytest.fixture
def case_file(tmp_path: Path) -> Path:
    path = tmp_path / "case.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Fail instead of hanging."""

    def give_up(*_: object) -> None:
        raise AssertionError(f"took longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


# --- reading ----------------------------------------------------------------------------------------------


def test_a_file_and_the_folder_around_it_hold_the_same_case(case_file: Path) -> None:
    assert load(case_file) == load(str(case_file)) == load(case_file.parent) == small()


@pytest.mark.parametrize(
    "name", ["absent.yaml", "a/b/c.yaml", "x" * 5_000, "nul\x00.yaml", "half\udc80.yaml"]
)
def test_a_file_that_is_not_there_is_not_found(tmp_path: Path, name: str) -> None:
    for reference in (tmp_path / name, str(tmp_path / name)):
        with pytest.raises(NotFoundError, match=r"cannot be opened \(.+\); check the name"):
            check(reference)


def test_a_folder_without_a_case_says_what_a_case_folder_holds(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"has no case\.yaml; a case folder holds one, and stances\.csv"):
        check(tmp_path)


@posix
def test_a_named_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "case.yaml")
    with at_most(5):
        for reference in (tmp_path / "case.yaml", tmp_path):
            found = check(reference)
            assert [problem.message for problem in found.errors] == ["not a regular file"]
            with pytest.raises(CaseError, match="not a regular file; name a file"):
                load(reference)


@posix
@pytest.mark.parametrize("name", ["/dev/null", "/dev/zero", "/dev/urandom"])
def test_a_device_is_not_read(name: str) -> None:
    with at_most(5), pytest.raises(CaseError, match="not a regular file"):
        load(name)


def test_a_file_of_more_than_five_megabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(b"#" * MAX_BYTES)
    assert len(read_bytes(path)) == MAX_BYTES
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    (problem,) = check(path).errors
    assert problem.message == "larger than 5 MB"
    assert problem.hint == "put the stances into stances.csv or split the case"


WRONG_BYTES = [
    (b"\xff\xfea\x00", 1, 1, "0xff"),
    (b"title: a\n  b: \xe9t\xe9\n", 2, 6, "0xe9"),
    (b"\xef\xbb\xbftitle: \xc3", 1, 8, "0xc3"),
    ("title: Ångström ".encode() + b"\x80", 1, 17, "0x80"),
    (b"a: 1\r\nb: 2\rc: \xed\xa0\x80", 3, 4, "0xed"),
]


@pytest.mark.parametrize(("content", "line", "column", "byte"), WRONG_BYTES)
def test_the_first_byte_that_is_not_utf_8_is_told(
    tmp_path: Path, content: bytes, line: int, column: int, byte: str
) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(content)
    (problem,) = check(path).errors
    assert (problem.line, problem.column, problem.file) == (line, column, str(path))
    assert (problem.message, problem.hint) == (f"byte {byte} is not UTF-8", "save the file as UTF-8")


def test_text_is_read_with_what_editors_add(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_bytes(b"\xef\xbb\xbfa\r\nb\rc\n")
    assert read_exactly(path) == "\ufeffa\r\nb\rc\n"


def test_a_file_that_cannot_be_read_is_a_problem(case_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert [problem.message for problem in check(case_file).errors] == ["cannot be read (Permission denied)"]
    monkeypatch.setattr(Path, "stat", refuse)
    with pytest.raises(NotFoundError, match="Permission denied"):
        check(case_file)


# --- staying inside the folder ------------------------------------------------------------------------------


@posix
def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    outside, folder = tmp_path / "secret.yaml", tmp_path / "case"
    outside.write_text(SMALL, encoding="utf-8")
    folder.mkdir()
    (folder / "case.yaml").symlink_to(outside)
    (problem,) = check(folder).errors
    assert (problem.message, problem.hint) == ("lies outside the case's folder", "copy the file into it")
    assert load(folder / "case.yaml") == small()  # named directly, the link is the user's own


@posix
def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "case.yaml").symlink_to("real.yaml")
    assert load(tmp_path) == small()
    alias = tmp_path.parent / f"{tmp_path.name}-alias"
    alias.symlink_to(tmp_path)
    assert load(alias) == small()


@posix
def test_links_in_a_circle_are_told(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").symlink_to("other")
    (tmp_path / "other").symlink_to("case.yaml")
    with at_most(5):
        for reference in (tmp_path, tmp_path / "case.yaml"):
            with pytest.raises(DetenteError, match="cannot be opened"):
                load(reference)


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/passwd", "a/../../../x"])
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CaseError, match="lies outside the case's folder"):
        inside(tmp_path, name)


def test_a_name_inside_the_folder_is_resolved(tmp_path: Path) -> None:
    assert inside(tmp_path, "a/../b.csv") == tmp_path.resolve() / "b.csv"
    with pytest.raises(CaseError, match="cannot be opened"):
        inside(tmp_path, "nul\x00")


# --- writing ----------------------------------------------------------------------------------------------

OLD, NEW = b"old content\n", "neuer Inhalt: ä\r\n".encode()

CRASHES: list[tuple[object, str, type[BaseException]]] = [
    (target, name, error)
    for target, name in [
        (os, "open"),
        (os, "fdopen"),
        (os, "fsync"),
        (Path, "chmod"),
        (Path, "replace"),
    ]
    for error in (OSError, KeyboardInterrupt, MemoryError)
]


@pytest.mark.parametrize(("target", "name", "error"), CRASHES)
def test_a_crash_at_any_step_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: object, name: str, error: type[BaseException]
) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(OLD)

    def crash(*_: object, **__: object) -> None:
        raise error(errno.ENOSPC, "No space left on device") if error is OSError else error

    with monkeypatch.context() as patch:
        patch.setattr(target, name, crash)
        with pytest.raises(OutputError if error is OSError else error) as caught:
            write_whole(path, NEW)
    if error is OSError:
        assert (
            str(caught.value) == f"{path}: cannot be written (No space left on device); choose another place"
        )
    assert path.read_bytes() == OLD
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("method", ["write", "flush"])
def test_a_disk_that_fills_up_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(OLD)
    real: Callable[..., Any] = os.fdopen

    class Full:
        def __init__(self, *arguments: Any) -> None:
            self.stream = real(*arguments)

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None:
            self.stream.close()

        def __getattr__(self, name: str) -> Any:
            if name == method:
                raise OSError(errno.ENOSPC, "No space left on device")
            return getattr(self.stream, name)

    monkeypatch.setattr(os, "fdopen", Full)
    with pytest.raises(OutputError, match="No space left"):
        write_whole(path, NEW)
    assert path.read_bytes() == OLD
    assert list(tmp_path.iterdir()) == [path]


def test_the_folder_is_synced_where_the_system_can(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(stat.S_IFMT(os.fstat(handle).st_mode)))
    write_whole(tmp_path / "x", NEW)
    assert synced == [stat.S_IFREG, stat.S_IFDIR]

    def fails_on_folders(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "not here")

    monkeypatch.setattr(os, "fsync", fails_on_folders)
    write_whole(tmp_path / "x", OLD)
    assert (tmp_path / "x").read_bytes() == OLD


@posix
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755])
def test_permissions_are_kept(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(OLD)
    path.chmod(mode)
    write_whole(path, NEW)
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert path.read_bytes() == NEW


@posix
def test_a_new_file_gets_the_permissions_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "x", NEW)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o640


@posix
def test_a_link_stays_a_link_to_the_file_that_is_written(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_bytes(OLD)
    (tmp_path / "link.yaml").symlink_to("real.yaml")
    write_whole(tmp_path / "link.yaml", NEW)
    assert (tmp_path / "link.yaml").is_symlink()
    assert (tmp_path / "real.yaml").read_bytes() == NEW
    (tmp_path / "new.yaml").symlink_to("absent.yaml")
    write_whole(tmp_path / "new.yaml", NEW)
    assert (tmp_path / "absent.yaml").read_bytes() == NEW


@posix
def test_what_is_not_a_regular_file_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    with at_most(5):
        for path in (tmp_path, tmp_path / "pipe", Path("/dev/null")):
            with pytest.raises(OutputError, match="not a regular file; choose another place"):
                write_whole(path, NEW)
        with pytest.raises(OutputError, match="cannot be written"):
            write_whole(tmp_path / "loop", NEW)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["loop", "pipe"]


@pytest.mark.parametrize("name", ["absent/x", "nul\x00", "x" * 5_000])
def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match=r"cannot be written \(.+\); choose another place"):
        write_whole(tmp_path / name, NEW)
    with pytest.raises(OutputError, match="cannot be written"):
        small().save(tmp_path / name)


def test_text_that_is_not_unicode_is_not_half_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_whole(tmp_path / "x", "a\ud800")
    assert list(tmp_path.iterdir()) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(st.text(max_size=50).filter(lambda text: text.isprintable()) | st.binary(max_size=50))
def test_what_is_written_is_what_stands_there(tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / ("n" * 250)
    write_whole(path, content)
    assert path.read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert files.read_bytes(path, limit=1_000) == path.read_bytes()


def test_what_a_killed_writer_left_behind_is_cleared_by_the_next(tmp_path: Path) -> None:
    left = tmp_path / f".case.yaml.{'0a' * 8}.part"
    for name in (left.name, ".case.yaml.part", ".other.yaml.0123456789abcdef.part"):
        (tmp_path / name).write_text("half", encoding="utf-8")
    write_whole(tmp_path / "case.yaml", "whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".case.yaml.part",
        ".other.yaml.0123456789abcdef.part",
        "case.yaml",
    ]


def test_what_cannot_be_looked_at_keeps_nothing_else_from_being_cleared(tmp_path: Path) -> None:
    """Such as a folder of that name."""
    for digit in "13579":
        (tmp_path / f".case.yaml.{digit * 16}.part").mkdir()
    for digit in "02468":
        (tmp_path / f".case.yaml.{digit * 16}.part").write_text("half", encoding="utf-8")
    write_whole(tmp_path / "case.yaml", "whole")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["case.yaml"]


def test_what_another_writer_is_writing_is_left_alone(tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    busy = tmp_path / f".case.yaml.{'0a' * 8}.part"
    with busy.open("wb") as stream:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX)
        write_whole(tmp_path / "case.yaml", "whole")
        assert busy.exists()
    write_whole(tmp_path / "case.yaml", "whole")
    assert not busy.exists()


def test_a_write_protected_file_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(OLD)
    path.chmod(0o444)
    with pytest.raises(OutputError, match="write-protected"):
        write_whole(path, NEW)
    assert path.read_bytes() == OLD
