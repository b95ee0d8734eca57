"""How are the bytes of a text read many at a time? Eight as a number, 64 as a bit for each: compiled to few steps.

Addresses are numbers; whoever calls sees to it that there are so many bytes.
"""

# ruff: noqa: ARG001
from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from detente.compiled import kept

LANES = 64
_intrinsic: Any = intrinsic


def _step(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a step of LLVM, made by a function that returns its signature and code, into what calls it."""
    return cast("Callable[..., Any]", _intrinsic(function))


def _read_as(kind: Any, builder: Any, address: Any) -> Any:
    """Read a value of a type of LLVM from an address that need not be aligned."""
    return builder.load(builder.inttoptr(address, kind.as_pointer()), align=1, typ=kind)


@_step
def equal(_: Any, address: Any, byte: Any) -> Any:
    """Return one bit for each of 64 bytes: whether it is this one."""

    def code(__: Any, builder: Any, ___: Any, given: Any) -> Any:
        lanes = ir.VectorType(ir.IntType(8), LANES)
        one = builder.trunc(given[1], ir.IntType(8))
        many = ir.Constant(lanes, ir.Undefined)
        many = builder.insert_element(many, one, ir.Constant(ir.IntType(32), 0))
        every = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        many = builder.shuffle_vector(many, ir.Constant(lanes, ir.Undefined), every)
        found = builder.icmp_unsigned("==", _read_as(lanes, builder, given[0]), many)
        return builder.bitcast(found, ir.IntType(LANES))

    return types.uint64(types.int64, types.int64), code


@_step
def word(_: Any, address: Any) -> Any:
    """Return the eight bytes at an address."""
    return types.uint64(types.int64), lambda __, builder, ___, given: _read_as(
        ir.IntType(64), builder, given[0]
    )


@_step
def byte(_: Any, address: Any) -> Any:
    """Return the byte at an address."""
    return types.int64(types.int64), lambda __, builder, ___, given: builder.zext(
        _read_as(ir.IntType(8), builder, given[0]), ir.IntType(64)
    )


@_step
def lowest(_: Any, bits: Any) -> Any:
    """Return the place of the lowest bit of some."""
    return types.int64(types.uint64), lambda __, builder, ___, given: builder.cttz(
        given[0], ir.Constant(ir.IntType(1), 1)
    )


@_step
def many(_: Any, bits: Any) -> Any:
    """Return how many bits are set."""
    return types.int64(types.uint64), lambda __, builder, ___, given: builder.ctpop(given[0])


@kept
def same(one: Any, other: Any, size: Any) -> Any:
    """Whether two texts of the same size are alike."""
    if size < 8:
        for k in range(size):  # noqa: SIM110
            if byte(one + k) != byte(other + k):
                return False
        return True
    for k in range(0, size - 8, 8):
        if word(one + k) != word(other + k):
            return False
    return word(one + size - 8) == word(other + size - 8)
