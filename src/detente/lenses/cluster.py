"""How does a long run go beyond one machine? The same blocks of draws, as tasks of Ray, in the same order.

Needs the extra ``ray``. A cluster is found by ``RAY_ADDRESS``; without it one is started on this machine. Nothing
is reported to anybody: usage statistics are off. The first block is solved here, so that compiled loops are on
disk before anybody else looks for them, and once on every other machine, to see that all give the same bytes.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

import numpy as np

from detente.errors import DetenteError, OptionError

RAY = "ray"
RETRIES = 3
"""Times that a block is given out again after its worker died."""
LOOK = 0.2
"""Seconds between two looks at what has come back, so that Ctrl-C is heard."""
Outcome = TypeVar("Outcome")


def over_cluster(
    solve: Callable[[int, int], Outcome], blocks: Sequence[tuple[int, int]]
) -> Iterator[Outcome]:
    """Yield ``solve(start, count)`` for every block, in order, solved by the workers of a cluster.

    Args:
        solve: a function of the first draw and the number of draws; it travels with all that it refers to.
        blocks: (start, count) of each.

    Raises:
        OptionError: Ray is not installed.
        DetenteError: workers died again and again, or some machine computes other bytes than this one.
    """
    ray = _connected()
    first = solve(*blocks[0])
    yield first
    if len(blocks) == 1:
        return
    task = ray.remote(max_retries=RETRIES)(solve)
    _check_machines(ray, solve, blocks[0], digest(first))
    at_once = max(2, 2 * int(ray.cluster_resources().get("CPU", 1)))
    coming, waiting = iter(blocks[1:]), deque[Any]()
    try:
        for block in coming:
            waiting.append(task.remote(*block))
            if len(waiting) > at_once:
                yield _received(ray, waiting.popleft())
        while waiting:
            yield _received(ray, waiting.popleft())
    finally:  # nobody will ask for the rest
        for reference in waiting:
            ray.cancel(reference, force=True)


def _connected() -> Any:
    """Return Ray, connected to a cluster.

    Raises:
        OptionError: it is not installed.
        DetenteError: no cluster answers, nor could one be started.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        import ray
    except ImportError as error:
        raise OptionError(
            "workers='ray' needs Ray, which is not installed: pip install 'detente[ray]'"
        ) from error
    if not ray.is_initialized():
        own: dict[str, Any] = {} if os.environ.get("RAY_ADDRESS") else {"include_dashboard": False}
        try:
            ray._private.worker.print_to_stdstream = lambda *_, **__: None  # it tells of dead workers there
            ray.init(log_to_driver=False, logging_level="ERROR", **own)
        except Exception as error:
            told = str(error).strip().partition("\n")[0]
            what = f"no cluster answers, and none could be started ({told})"
            raise DetenteError(f"{what}; look at RAY_ADDRESS, or leave out workers='ray'") from error
    return ray


def _received(ray: Any, reference: Any) -> Any:
    """Return what a task gives back, listening to Ctrl-C meanwhile."""
    try:
        while not ray.wait([reference], timeout=LOOK)[0]:
            pass
        return ray.get(reference)
    except KeyboardInterrupt:
        ray.cancel(reference, force=True)
        raise
    except ray.exceptions.RayTaskError as error:
        cause = getattr(error, "cause", None)
        raise (cause if isinstance(cause, Exception) else error) from None
    except ray.exceptions.RayError as error:
        what = f"the workers died {RETRIES + 1} times over one block ({str(error).strip().splitlines()[0]})"
        raise DetenteError(f"{what}; give them more memory, or leave out workers='ray'") from error


def _check_machines(ray: Any, solve: Callable[[int, int], Any], block: tuple[int, int], wanted: str) -> None:
    """Solve a block on every other machine, and compare.

    Raises:
        DetenteError: other bytes come out of it there.
    """
    here = ray.get_runtime_context().get_node_id()
    others = [node for node in ray.nodes() if node["Alive"] and node["NodeID"] != here]
    for node in others:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        placed = NodeAffinitySchedulingStrategy(node_id=node["NodeID"], soft=False)
        task = ray.remote(max_retries=RETRIES, scheduling_strategy=placed)(lambda *one: digest(solve(*one)))
        if _received(ray, task.remote(*block)) != wanted:
            raise DetenteError(
                f"the machine {node['NodeManagerHostname']} computes other bytes than this one; use machines with "
                "one kind of processor and the same versions of all libraries"
            )


def digest(value: Any) -> str:
    """Return a hash of all numbers in an outcome, whatever holds them."""
    found = hashlib.sha256()
    _feed(found, value)
    return found.hexdigest()


def _feed(found: Any, value: Any) -> None:
    if isinstance(value, np.ndarray):
        found.update(str(value.dtype).encode() + str(value.shape).encode())
        found.update(np.ascontiguousarray(value).tobytes())
    elif isinstance(value, Mapping):
        _feed(found, [part for item in value.items() for part in item])
    elif is_dataclass(value) and not isinstance(value, type):
        _feed(found, [getattr(value, field.name) for field in fields(value)])
    elif isinstance(value, (list, tuple)):
        for one in value:
            _feed(found, one)
    else:
        found.update(repr(value).encode())
