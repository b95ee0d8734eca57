"""What is in a file? Its text, out of a zip or gz or as it is, with its MD5; bounded, never outside a folder."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from detente.errors import FormatError, NotFoundError, Problem

CHUNK = 1 << 20
PACKED = (".zip", ".gz")
MOST_BYTES = 20_000_000_000
MOST_RATIO = 200
"""Of unpacked to packed bytes: GDELT's are 6, event data of any kind under 40; a bomb has a thousand."""
RETURN = "\u240d".encode()
NOT_UTF8 = "\x02"
"""Marks a line that is not UTF-8, whose bytes are then written out."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The text of a file.

    Attributes:
        file: name of the file that was given.
        md5: of the file as it was given.
        content: MD5 of its text, alike for a file and a zip of it.
        size: of the file as it was given, in bytes.
        path: of the text.
        first: its first line.
    """

    file: str
    md5: str
    content: str
    size: int
    path: Path
    first: str


def unpack(path: Path, into: Path) -> Unpacked:
    """Return the text of a file; lines that are not UTF-8 are marked, none is lost.

    Args:
        path: a plain file, a ``.gz``, or a ``.zip`` with one file in it.
        into: folder for the text; a plain file is read where it is, through a link.

    Raises:
        NotFoundError: there is no such file.
        FormatError: it is torn, hostile, or a zip of several files.
    """
    packed = path.suffix.casefold() in PACKED
    try:
        size = path.stat().st_size
        md5 = _md5(path) if packed else ""
    except FileNotFoundError:
        raise NotFoundError(f"{path}: no such file") from None
    except OSError as fault:
        raise _refused(path, f"cannot be read ({fault.strerror})") from None
    text = into / "text"
    inner = hashlib.md5(usedforsecurity=False)
    decoder, sound = codecs.getincrementaldecoder("utf-8")(), True
    written = 0
    try:
        with ExitStack() as opened:
            stream = _opened(path)
            opened.callback(stream.close)
            out = opened.enter_context(text.open("wb")) if packed else None
            while chunk := stream.read(CHUNK):
                written += len(chunk)
                if packed and (written > MOST_BYTES or written > max(CHUNK, size * MOST_RATIO)):
                    raise _refused(path, f"grows to over {MOST_RATIO} times its size; it is not unpacked")
                if sound:
                    try:
                        decoder.decode(chunk)
                    except UnicodeDecodeError:
                        sound = False
                    sound = sound and (b"\r" not in chunk or chunk.count(b"\r") == chunk.count(b"\r\n"))
                inner.update(chunk)
                if out is not None:
                    out.write(chunk)
        if not packed:  # read where it is
            text.unlink(missing_ok=True)
            text.symlink_to(path.resolve())
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile) as fault:
        text.unlink(missing_ok=True)
        raise _refused(path, f"is damaged or cut short ({fault})") from None
    except FormatError:
        text.unlink(missing_ok=True)
        raise
    if not sound:
        _mark(text)
    with text.open("rb") as stream:
        first = stream.readline(CHUNK).decode("utf-8", "replace")
    content = inner.hexdigest()
    return Unpacked(path.name, md5 or content, content, size, text, first)


def _md5(path: Path) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as whole:
        while chunk := whole.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _opened(path: Path) -> IO[bytes] | gzip.GzipFile:
    if path.suffix.casefold() == ".gz":
        return gzip.open(path, "rb")
    if path.suffix.casefold() != ".zip":
        return path.open("rb")
    archive = zipfile.ZipFile(path)
    inside = [one for one in archive.infolist() if not one.is_dir()]
    if len(inside) != 1:
        raise _refused(path, f"holds {len(inside)} files; one is expected")
    one = inside[0]
    if one.filename != Path(one.filename).name or one.filename.startswith("."):
        raise _refused(path, f"names a file outside its folder: {one.filename[:60]!r}")
    if one.flag_bits & 0x1:
        raise _refused(path, "is encrypted")
    if one.file_size > max(CHUNK, one.compress_size * MOST_RATIO):
        raise _refused(path, f"grows to over {MOST_RATIO} times its size; it is not unpacked")
    return archive.open(one)


def _mark(text: Path) -> None:
    """Mark every line that is not UTF-8, with its bytes as escapes; a carriage return within a line ends none."""
    marked = text.with_suffix(".marked")
    with text.open("rb") as read, marked.open("wb") as out:
        for line in read:
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                escaped = line.rstrip(b"\r\n").decode("utf-8", "backslashreplace")
                out.write(f"{NOT_UTF8}{escaped}\n".encode())
            else:
                out.write(line.rstrip(b"\r\n").replace(b"\r", RETURN) + b"\n")
    marked.replace(text)


def _refused(path: Path, why: str) -> FormatError:
    return FormatError([Problem(why, file=path.name)])


def files_of(paths: list[Path]) -> Iterator[Path]:
    """Yield files, those of folders in the order of their names; hidden ones are left out.

    Raises:
        NotFoundError: one is not there.
    """
    for path in paths:
        if path.is_dir():
            yield from sorted(
                one
                for one in path.rglob("*")
                if one.is_file() and not any(part.startswith(".") for part in one.relative_to(path).parts)
            )
        elif path.exists():
            yield path
        else:
            raise NotFoundError(f"{path}: no such file or folder")
