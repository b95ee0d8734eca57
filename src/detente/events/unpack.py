"""What does a file hold? Its text, plain or unpacked, with the sum by which it is known again.

An archive may hold one file, under its own name, and may not grow without bound. Short texts are kept in memory,
longer ones of archives on the disk; nothing is ever fetched.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from detente.case.files import readable
from detente.errors import FormatError, NotFoundError, Problem
from detente.events.feeds import TAB, Feed

CHUNK = 1 << 20
HELD = 1 << 24
"""Bytes of a text that is kept in memory; a line may be so long."""
BLOCK = 1 << 22
"""Bytes of text that are looked at at once."""
PACKED = (".zip", ".gz")
XXH3 = "xxh3-"
"""Before a sum of this kind; older ones are known by their length."""
MOST_BYTES = 20_000_000_000
MOST_RATIO = 200
"""Of unpacked to packed bytes: GDELT's are 6, event data of any kind under 40; a bomb has a thousand."""
NOT_UTF8 = "\x02"
"""Marks a line that is not UTF-8, nor of the encoding of its data set; its bytes are then written out."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The text of a file.

    Attributes:
        file: name of the file that was given.
        content: sum of its text, alike for a file and a zip of it.
        size: of the file as it was given, in bytes.
        text: what it holds, or where that stands.
        first: its first line.
    """

    file: str
    content: str
    size: int
    text: bytes | bytearray | Path
    first: str

    def blocks(self, encoding: str, other: Counter[str]) -> Iterator[bytes | bytearray]:
        """Yield the text, in blocks of whole lines that are UTF-8; others are of an encoding, if it is named.

        They are counted under its name; without one see `NOT_UTF8`.

        Raises:
            FormatError: a line is too long.
        """
        if not isinstance(self.text, Path) and len(self.text) <= BLOCK:
            if self.text:
                yield _sound(self.text, encoding, other)
            return
        with self.text.open("rb") if isinstance(self.text, Path) else io.BytesIO(self.text) as stream:
            rest = b""
            while chunk := stream.read(BLOCK):
                cut = chunk.rfind(b"\n") + 1
                if cut:
                    yield _sound(rest + chunk[:cut], encoding, other)
                    rest = chunk[cut:]
                elif len(rest := rest + chunk) > HELD:
                    raise FormatError([Problem(f"has a line of over {HELD:,} bytes", file=self.file)])
            if rest:
                yield _sound(rest, encoding, other)

    def rows(
        self, feed: Feed, other: Counter[str]
    ) -> Iterator[tuple[bytes | bytearray, NDArray[np.int64] | None]]:
        """Yield blocks of lines of fields between tabs, and their numbers where fields were in quotes.

        Lines of another encoding than UTF-8 are counted in ``other``.

        Raises:
            FormatError: it cannot be read so.
        """
        if not feed.quoted:
            yield from ((block, None) for block in self.blocks(feed.encoding, other))
            return
        blocks = self.blocks(feed.encoding, other)
        lines = (line for block in blocks for line in io.StringIO(block.decode(), newline=""))
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


def _sound(block: bytes | bytearray, encoding: str, other: Counter[str]) -> bytes | bytearray:
    """Return whole lines, each of which is UTF-8: see `Unpacked.blocks`."""
    import pyarrow as pa

    block = block if block.endswith(b"\n") else block + b"\n"
    ends = pa.py_buffer(np.array([0, len(block)], np.int32))
    try:
        pa.Array.from_buffers(pa.string(), 1, [None, ends, pa.py_buffer(block)]).validate(full=True)
    except pa.ArrowInvalid:
        return b"".join(_recoded(line, encoding, other) for line in block[:-1].split(b"\n"))
    return block


def _recoded(line: bytes | bytearray, encoding: str, other: Counter[str]) -> bytes | bytearray:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        try:
            text = line.decode(encoding or "ascii")
            other[encoding] += 1
        except UnicodeDecodeError:
            text = f"{NOT_UTF8}{line.decode('utf-8', 'backslashreplace')}"
        line = text.encode()
    return line + b"\n"


def unpack(path: Path, into: Path, sums: str = "xxh3") -> Unpacked:
    """Return the text of a file.

    Args:
        path: a plain file, a ``.gz``, or a ``.zip`` with one file in it.
        into: folder that is made for a long text of an archive.
        sums: how a text is summed up to be known again: ``xxh3``, or as in older stores ``sha1`` or ``md5``.

    Raises:
        NotFoundError: there is no such file.
        FormatError: it is torn, hostile, or a zip of several files.
    """
    try:
        size = path.stat().st_size
        text = _inflated(path) if path.suffix.casefold() == ".zip" else None
        inner = _summed(sums, text or b"")
        whole = _streamed(path, into, size, inner) if text is None else text
    except FileNotFoundError:
        raise NotFoundError(f"{path}: no such file") from None
    except (
        OSError,
        EOFError,
        NotImplementedError,
        zlib.error,
        zipfile.BadZipFile,
        gzip.BadGzipFile,
    ) as fault:
        raise _refused(path, f"is damaged or cut short ({fault})") from None
    content = f"{XXH3 if sums == 'xxh3' else ''}{inner.hexdigest()}"
    return Unpacked(path.name, content, size, whole, _first(whole))


def _summed(sums: str, text: bytes | bytearray) -> Any:
    if sums != "xxh3":
        return hashlib.new(sums, text, usedforsecurity=False)
    import xxhash

    return xxhash.xxh3_128(text)


def _inflated(path: Path) -> bytearray | None:
    """Return the text of a zip at once, by libdeflate; ``None`` where it is so long that it is read in pieces.

    Raises:
        BadZipFile: it is torn.
        FormatError: it is hostile.
    """
    import deflate

    with path.open("rb") as file, zipfile.ZipFile(file) as archive:
        one = _inside(path, archive)
        if one.compress_type != zipfile.ZIP_DEFLATED or not 0 < one.file_size <= HELD:
            return None
        with archive.open(one):  # what stands before the bytes is checked
            file.seek(one.header_offset + 26)
            before = sum(struct.unpack("<HH", file.read(4)))
            file.seek(before, io.SEEK_CUR)
            packed = file.read(one.compress_size)
    try:
        text: bytearray = deflate.deflate_decompress(packed, one.file_size)
    except deflate.DeflateError as fault:
        raise zipfile.BadZipFile(str(fault)) from None
    if len(text) != one.file_size or deflate.crc32(text) != one.CRC:
        raise zipfile.BadZipFile(f"Bad CRC-32 for file {one.filename!r}")
    return text


def _streamed(path: Path, into: Path, size: int, inner: Any) -> bytes | Path:
    """Return a text that is read in pieces, or where it stands if it is long; it is summed up on the way.

    Raises:
        FormatError: it is hostile.
    """
    packed = path.suffix.casefold() in PACKED
    held: list[bytes] = []
    written = 0
    with ExitStack() as opened:
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
                into.mkdir(exist_ok=True)
                out = out or opened.enter_context((into / "text").open("wb"))
                out.writelines([*held, chunk])
                held.clear()
            else:  # read where it is
                held.clear()
    return b"".join(held) if written <= HELD else into / "text" if packed else path.resolve()


def _first(text: bytes | bytearray | Path) -> str:
    if not isinstance(text, Path):
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
    return archive.open(_inside(path, archive))


def _inside(path: Path, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """Return what an archive holds.

    Raises:
        FormatError: it is hostile, or holds several files.
    """
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
    return one


def _refused(path: Path, why: str) -> FormatError:
    return FormatError([Problem(why, file=path.name)])


def files_of(paths: list[Path]) -> Iterator[Path]:
    """Yield files, those of folders in the order of their names; hidden ones are left out.

    Raises:
        NotFoundError: one is not there.
        CaseError: one is a device or a pipe.
    """
    for path in paths:
        if path.is_dir():
            yield from sorted(
                one
                for one in path.rglob("*")
                if one.is_file() and not any(part.startswith(".") for part in one.relative_to(path).parts)
            )
        elif path.exists():
            yield readable(path)
        else:
            raise NotFoundError(f"{path}: no such file or folder")
