"""How do numbers and texts become columns of Arrow? From their buffers: nothing is copied, pandas left alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def numeric(kind: Any, values: NDArray[Any], nothing: NDArray[np.bool_] | None = None) -> Any:
    """Return numbers of a type of Arrow whose width they have; those that are nothing are null."""
    import pyarrow as pa

    bits = None if nothing is None else pa.py_buffer(np.packbits(~nothing, bitorder="little"))
    return pa.Array.from_buffers(kind, values.size, [bits, pa.py_buffer(np.ascontiguousarray(values))])


def texts(ends: NDArray[np.int64], of: NDArray[np.uint8]) -> Any:
    """Return texts that stand one behind the other, from their ends with 0 before."""
    import pyarrow as pa

    return pa.Array.from_buffers(
        pa.large_string(), ends.size - 1, [None, pa.py_buffer(np.ascontiguousarray(ends)), pa.py_buffer(of)]
    )


def strings(words: Sequence[str]) -> Any:
    """Return some words as an array of Arrow."""
    import pyarrow as pa

    coded = [word.encode() for word in words]
    ends = np.cumsum([0, *map(len, coded)])
    return texts(ends, np.frombuffer(b"".join(coded), np.uint8)).cast(pa.string())


def listed(numbers: NDArray[Any], words: Any, nothing: NDArray[np.bool_] | None = None) -> Any:
    """Return words by their numbers."""
    import pyarrow as pa

    own = numeric(pa.int32(), np.asarray(numbers, np.int32), nothing)
    return pa.DictionaryArray.from_arrays(own, strings(words) if isinstance(words, Sequence) else words)


def grown(array: NDArray[Any], count: int) -> NDArray[Any]:
    """Return an array of so many entries or more: itself, or one twice as long with zeros behind its own."""
    more = max(count, 2 * array.size) - array.size
    return array if count <= array.size else np.concatenate([array, np.zeros(more, array.dtype)])
