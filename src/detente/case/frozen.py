"""A mapping that cannot be changed once it is made; unlike a mapping proxy it can be copied and sent away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class FrozenDict(dict[Key, Value]):
    """A dict without the methods that change one.

    >>> FrozenDict(a=1)["a"]
    1
    """

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a case cannot be changed in place; make another one with case.with_(...)")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = _refuse
    __ior__ = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        """Rebuild from a plain dict when copied or unpickled."""
        return type(self), (dict(self),)

    def __hash__(self) -> int:  # type: ignore[override]
        """Agree with equality, whatever the order."""
        return hash(frozenset(self.items()))

    def __copy__(self) -> FrozenDict[Key, Value]:
        """Return itself: nothing can change it."""
        return self


def frozen(value: Any) -> Any:
    """Return plain data whose mappings and lists cannot be changed, at any depth."""
    if isinstance(value, Mapping):
        return FrozenDict({key: frozen(item) for key, item in value.items()})
    if isinstance(value, (list, tuple)):
        return tuple(frozen(item) for item in value)
    return value
