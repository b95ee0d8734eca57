"""Which files may be read, and how are they written? Inside one folder, of bounded size, whole or not."""

from __future__ import annotations

import codecs
import os
import re
import secrets
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from detente.case.reading import MAX_BYTES
from detente.errors import CaseError, NotFoundError, OutputError, Problem

CASE_FILE = "case.yaml"  # in a folder
SUFFIXES = (".yaml", ".yml", ".json")
TABLES = ("stances.csv", "stances.xlsx")
"""Beside the case file in its folder, at most one of them."""
SPLIT = "put the stances into stances.csv or split the case"
_unfinished: set[Path] = set()


def readable(path: Path, *, pipe: bool = False) -> Path:
    """Return the path of a regular file or, with ``pipe``, of a pipe: what a device gives might never end.

    Raises:
        NotFoundError: no such file.
        CaseError: something else is there.
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise NotFoundError(f"{path}: cannot be opened ({_reason(error)}); check the name") from error
    if not (stat.S_ISREG(mode) or (pipe and stat.S_ISFIFO(mode))):
        raise _refused("not a regular file", path, "name a file")
    return path


def read_bytes(path: Path, limit: int = MAX_BYTES, hint: str = SPLIT) -> bytes:
    """Return the content of a file that is `readable`; of one larger than ``limit`` ``hint`` is the way out."""
    try:
        with readable(path).open("rb") as stream:
            content = stream.read(limit + 1)
    except OSError as error:
        raise _refused(f"cannot be read ({_reason(error)})", path) from error
    if len(content) > limit:
        raise _refused(f"larger than {limit / 1e6:g} MB", path, hint)
    return content


def _refused(message: str, path: Path, hint: str | None = None) -> CaseError:
    return CaseError([Problem(message, file=str(path), hint=hint)])


def read_exactly(path: Path, hint: str = SPLIT) -> str:
    """Return the content of a UTF-8 file with its line ends and its byte order mark, if it has one.

    Raises:
        NotFoundError: no such file.
        CaseError: as `read_bytes`, or not UTF-8; the message gives the place of the first wrong byte.
    """
    content = read_bytes(path, hint=hint)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].removeprefix(codecs.BOM_UTF8).decode("utf-8")
        *above, last = re.split("\r\n|\r|\n", before)
        message, hint = f"byte 0x{content[error.start]:02x} is not UTF-8", "save the file as UTF-8"
        place = (str(path), len(above) + 1, len(last) + 1)
        raise CaseError([Problem(message, "", None, hint, *place)]) from error


def inside(folder: Path, name: str) -> Path:
    """Return the path of a file in ``folder``, links resolved.

    Raises:
        CaseError: the file, or what a link in its place points to, lies outside the folder, or a link leads
            nowhere.
    """
    try:
        root = folder.resolve()
        path = (root / name).resolve()
    except (OSError, RuntimeError, ValueError) as error:  # before Python 3.13 links in a circle
        raise _refused(f"cannot be opened ({_reason(error)})", folder / name) from error
    if not path.is_relative_to(root):
        raise _refused("lies outside the case's folder", folder / name, "copy the file into it")
    return path


def guard_output(
    output: Path, inputs: Iterable[Path], endings: tuple[str, ...], *, force: bool = False, new: bool = False
) -> None:
    """Refuse, before any work, an output that would destroy something or that cannot be written at all.

    Args:
        output: where to.
        inputs: files and case folders that are read for it, by whatever names.
        endings: of files of the kind that is written, such as ``.html``; others are of another kind.
        force: write in any case, though not over a file that is write-protected.
        new: replace nothing but by force, not even a file of that kind.

    Raises:
        OutputError: it would.
    """
    if output.is_dir():
        raise OutputError(f"{output} is a folder; name a file in it, such as {output / f'out{endings[0]}'}")
    if not output.parent.is_dir():
        raise OutputError(f"{output} cannot be written: the folder {output.parent} does not exist; make it")
    _refuse_protected(output)
    if force:
        return
    read = (file for one in inputs for file in (one, *(one / name for name in (CASE_FILE, *TABLES))))
    if (there := output.exists()) and any(file.exists() and output.samefile(file) for file in read):
        raise OutputError(f"{output} is what is read; name another file, or overwrite it with --force")
    if new and (there or output.is_symlink()):
        raise OutputError(f"{output} exists; name another file, or overwrite it with --force")
    if not output.name.casefold().endswith(endings) and (there or output.suffix[1:].isalpha()):
        told, better = f"does not end in {' or '.join(endings)}", output.with_suffix(endings[0])
        if there:
            raise OutputError(f"{output} exists and {told}; name another file, or overwrite it with --force")
        raise OutputError(f"{output} {told}; name it {better}, or insist with --force")


def _refuse_protected(path: Path) -> None:
    if path.is_file() and not path.stat().st_mode & 0o222:
        raise OutputError(f"{path} is write-protected; choose another place, or allow writing to it")


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all: temporary file, fsync, rename; a crash in between leaves the old one.

    A file that exists keeps its permissions. Temporary files that an earlier writer of the same file left behind
    when it was killed are removed.

    Raises:
        OutputError: it cannot be written there.
    """
    try:
        data = content.encode("utf-8") if isinstance(content, str) else content
        path = path.resolve() if path.is_symlink() else path
        if path.exists() and not path.is_file():
            raise OutputError(f"{path}: not a regular file; choose another place")
        _refuse_protected(path)
        _clear_leftovers(path)
        temporary = path.with_name(f".{path.name[:40]}.{secrets.token_hex(8)}.part")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        _unfinished.add(temporary)
    except (OSError, RuntimeError, ValueError) as error:
        raise _not_written(path, error) from error
    try:
        with os.fdopen(handle, "wb") as stream:
            _lock(stream.fileno())
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        with suppress(FileNotFoundError):
            temporary.chmod(stat.S_IMODE(path.stat().st_mode))
        temporary.replace(path)
    except OSError as error:
        raise _not_written(path, error) from error
    finally:
        with suppress(OSError):  # renamed where all went well
            temporary.unlink()
        _unfinished.discard(temporary)
    sync_folder(path.parent)


def discard_unfinished() -> None:
    """Remove what other threads are writing just now, which this process will not wait for."""
    for temporary in tuple(_unfinished):
        with suppress(OSError, ValueError):  # a name that no file can have
            temporary.unlink()


def _lock(handle: int) -> bool:
    """Mark a file as being written, for as long as it is open; tell whether nobody else does so.

    Where there are no such locks, an open file cannot be removed either.
    """
    with suppress(ImportError):
        import fcntl

        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True


def _clear_leftovers(path: Path) -> None:
    """Remove temporary files of writers that are no more: their locks went with them."""
    name = re.compile(rf"\.{re.escape(path.name[:40])}\.[0-9a-f]{{16}}\.part")
    with suppress(OSError):
        for left in [entry for entry in path.parent.iterdir() if name.fullmatch(entry.name)]:
            abandoned = False
            with suppress(OSError), left.open("rb") as stream:
                abandoned = _lock(stream.fileno())
            if abandoned:
                left.unlink(missing_ok=True)


def _not_written(path: Path, error: Exception) -> OutputError:
    return OutputError(f"{path}: cannot be written ({_reason(error)}); choose another place")


def sync_folder(folder: Path) -> None:
    """Flush a folder, so that a new file in it has its name after a crash."""
    with suppress(OSError):  # some systems cannot open a folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
