"""Which files may be read, and how are they written? Inside one folder, of bounded size, whole or not."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from detente.case.reading import MAX_BYTES
from detente.errors import CaseError, NotFoundError, OutputError, Problem


def read_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    """Return the content of a regular file.

    Raises:
        NotFoundError: no such file.
        CaseError: not a regular file, too large, or not readable.
    """
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        raise NotFoundError(f"{path}: cannot be opened ({_reason(error)}); check the name") from error
    if not stat.S_ISREG(status.st_mode):
        raise CaseError([Problem("not a regular file", file=str(path), hint="name a case file or folder")])
    try:
        with path.open("rb") as stream:
            content = stream.read(limit + 1)
    except OSError as error:
        raise CaseError([Problem(f"cannot be read ({_reason(error)})", file=str(path))]) from error
    if len(content) > limit:
        message = f"larger than {limit / 1e6:g} MB"
        raise CaseError(
            [Problem(message, file=str(path), hint="put the stances into stances.csv or split the case")]
        )
    return content


def read_text(path: Path, limit: int = MAX_BYTES) -> str:
    """Return the content of a UTF-8 file, with or without a byte order mark, line ends unified.

    Raises:
        NotFoundError: no such file.
        CaseError: as `read_bytes`, or not UTF-8; the message gives the place of the first wrong byte.
    """
    content = read_bytes(path, limit)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        problem = Problem(
            f"byte 0x{content[error.start]:02x} is not UTF-8",
            file=str(path),
            line=line,
            column=column,
            hint="save the file as UTF-8",
        )
        raise CaseError([problem]) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def inside(folder: Path, name: str) -> Path:
    """Return the path of a file in ``folder``, links resolved.

    Raises:
        CaseError: the file, or what a link in its place points to, lies outside the folder.
    """
    root = folder.resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root):
        problem = Problem(
            "lies outside the case's folder", file=str(folder / name), hint="copy the file into it"
        )
        raise CaseError([problem])
    return path


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all: temporary file, fsync, rename; a crash in between leaves the old one.

    Raises:
        OutputError: the folder does not exist or cannot be written to.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    path = path.resolve() if path.is_symlink() else path
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: cannot be written ({_reason(error)}); choose another place") from error
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(_mode(path))
        Path(temporary).replace(path)
    except BaseException as error:
        with suppress(OSError):
            Path(temporary).unlink()
        if isinstance(error, OSError):
            raise OutputError(
                f"{path}: cannot be written ({_reason(error)}); choose another place"
            ) from error
        raise
    _sync_folder(path.parent)


def _mode(path: Path) -> int:
    """Keep the permissions of a file that is replaced; a new one gets what the user's umask leaves."""
    with suppress(OSError):
        return stat.S_IMODE(path.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # some systems cannot open a folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
