"""What does a file hold? Its text, plain or unpacked, with the sum by which it is known again.

An archive may hold one file, under its own name, and may not grow without bound. Short texts are kept in memory,
longer ones of archives on the disk; nothing is ever fetched.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import FormatError, NotFoundError, Problem
from detente.events.feeds import TAB, Feed

CHUNK = 1 << 20
HELD = 1 << 24
"""Bytes of a text that is kept in memory; a line may be so long."""
BLOCK = 1 << 22
"""Bytes of text that are looked at at once."""
PACKED = (".zip", ".gz")
MOST_BYTES = 20_000_000_000
MOST_RATIO = 200
"""Of unpacked to packed bytes: GDELT's are 6, event data of any kind under 40; a bomb has a thousand."""
NOT_UTF8 = "\x02"
"""Marks a line that is not UTF-8, whose bytes are then written out."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The text of a file.

    Attributes:
        file: name of the file that was given.
        md5: of an archive as it was given; empty for a plain text.
        content: sum of its text, alike for a file and a zip of it.
        size: of the file as it was given, in bytes.
        text: what it holds, or where that stands.
        first: its first line.
    """

    file: str
    md5: str
    content: str
    size: int
    text: bytes | Path
    first: str

    def blocks(self) -> Iterator[bytes]:
        """Yield the text, in blocks of whole lines that are UTF-8: see `NOT_UTF8`.

        Raises:
            FormatError: a line is too long.
        """
        with io.BytesIO(self.text) if isinstance(self.text, bytes) else self.text.open("rb") as stream:
            rest = b""
            while chunk := stream.read(BLOCK):
                cut = chunk.rfind(b"\n") + 1
                if cut:
                    yield _sound(rest + chunk[:cut])
                    rest = chunk[cut:]
                elif len(rest := rest + chunk) > HELD:
                    raise FormatError([Problem(f"has a line of over {HELD:,} bytes", file=self.file)])
            if rest:
                yield _sound(rest)

    def rows(self, feed: Feed) -> Iterator[tuple[bytes, NDArray[np.int64] | None]]:
        """Yield blocks of lines of fields between tabs, and their numbers where fields were in quotes.

        Raises:
            FormatError: it cannot be read so.
        """
        if not feed.quoted:
            yield from ((block, None) for block in self.blocks())
            return
        lines = (line for block in self.blocks() for line in io.StringIO(block.decode(), newline=""))
        reader, made, numbers = csv.reader(lines, delimiter=feed.separator), list[str](), list[int]()
        try:
            for row in reader:
                made.append(TAB.join(" ".join(cell.split()) for cell in row))
                numbers.append(reader.line_num)
                if len(made) == CHUNK >> 4:
                    yield "\n".join([*made, ""]).encode(), np.array(numbers)
                    made, numbers = [], []
        except csv.Error as fault:
            raise FormatError([Problem(f"cannot be read ({fault})", file=self.file)]) from None
        if made:
            yield "\n".join([*made, ""]).encode(), np.array(numbers)


def _sound(block: bytes) -> bytes:
    """Return whole lines, each of which is UTF-8; of others the bytes are written out, behind a mark."""
    import pyarrow as pa

    block = block if block.endswith(b"\n") else block + b"\n"
    ends = pa.py_buffer(np.array([0, len(block)], np.int32))
    try:
        pa.Array.from_buffers(pa.string(), 1, [None, ends, pa.py_buffer(block)]).validate(full=True)
    except pa.ArrowInvalid:
        return b"".join(_marked(line) for line in block[:-1].split(b"\n"))
    return block


def _marked(line: bytes) -> bytes:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        line = f"{NOT_UTF8}{line.decode('utf-8', 'backslashreplace')}".encode()
    return line + b"\n"


def unpack(path: Path, into: Path, sums: str = "sha1") -> Unpacked:
    """Return the text of a file.

    Args:
        path: a plain file, a ``.gz``, or a ``.zip`` with one file in it.
        into: folder for a long text of an archive.
        sums: how a text is summed up to be known again: ``sha1`` or ``md5``.

    Raises:
        NotFoundError: there is no such file.
        FormatError: it is torn, hostile, or a zip of several files.
    """
    packed = path.suffix.casefold() in PACKED
    text = into / "text"
    inner, md5 = hashlib.new(sums, usedforsecurity=False), ""
    held: list[bytes] = []
    written = 0
    try:
        size = path.stat().st_size
        with ExitStack() as opened:
            if packed:
                md5 = md5_of(path)
            stream: Any = opened.enter_context(_opened(path))
            out: IO[bytes] | None = None
            while chunk := stream.read(CHUNK if written or not packed else HELD):
                written += len(chunk)
                if packed and (written > MOST_BYTES or written > max(CHUNK, size * MOST_RATIO)):
                    raise _refused(path, f"grows to over {MOST_RATIO} times its size; it is not unpacked")
                inner.update(chunk)
                if written <= HELD:
                    held.append(chunk)
                elif packed:
                    out = out or opened.enter_context(text.open("wb"))
                    out.writelines([*held, chunk])
                    held.clear()
                else:  # read where it is
                    held.clear()
    except FileNotFoundError:
        raise NotFoundError(f"{path}: no such file") from None
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile) as fault:
        text.unlink(missing_ok=True)
        raise _refused(path, f"is damaged or cut short ({fault})") from None
    except FormatError:
        text.unlink(missing_ok=True)
        raise
    whole: bytes | Path = b"".join(held) if written <= HELD else text if packed else path.resolve()
    return Unpacked(path.name, md5, inner.hexdigest(), size, whole, _first(whole))


def _first(text: bytes | Path) -> str:
    if isinstance(text, bytes):
        return text[: min(text.find(b"\n") + 1 or CHUNK, CHUNK)].decode("utf-8", "replace")
    with text.open("rb") as stream:
        return stream.readline(CHUNK).decode("utf-8", "replace")


def md5_of(path: Path) -> str:
    """Return the MD5 of a file as it is."""
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
