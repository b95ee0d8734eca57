"""How is waiting made bearable? By telling on stderr, on a terminal only, what a long run is doing."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from detente.cli.output import Output
from detente.show.columns import wrapped

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

Returned = TypeVar("Returned")
PATIENCE = 0.5  # seconds without a word
STARTING = "getting ready (compiles once on a new machine)"


@contextmanager
def progress(out: Output, doing: str, first: str = STARTING) -> Iterator[Told]:
    """Yield what to call with (done, in all); what it shows disappears when the work is over.

    Args:
        out: says whether progress is welcome.
        doing: what is being counted, such as ``draws``.
        first: what is being done before anything has been counted.
    """
    told = Told(doing, first, seen=not out.quiet and sys.stderr.isatty())
    timer = threading.Timer(PATIENCE, told.start)
    timer.daemon = True
    if told.seen:
        timer.start()
    try:
        yield told
    finally:
        timer.cancel()
        told.stop()


def working(out: Output, doing: str, ask: Callable[..., Returned], *given: Any, **more: Any) -> Returned:
    """Return what a call returns, telling how far it is."""
    with progress(out, doing) as tell:
        return ask(*given, progress=tell, **more)


class Told:
    """Takes in how far the work is; where it is seen, a line of progress appears when the work takes long."""

    def __init__(self, doing: str, first: str, *, seen: bool) -> None:
        self.doing, self.first, self.seen = doing, first, seen
        self.lock = threading.Lock()
        self.latest: tuple[int, int] | None = None
        self.bar: Bar | None = None
        self.over = False

    def start(self) -> None:
        """Let the line appear, unless the work is over."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

        columns = TextColumn("{task.description}"), BarColumn(24), TaskProgressColumn(), TimeElapsedColumn()
        console = Console(stderr=True)
        bar = Progress(
            *columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False
        )
        bar.add_task(self.first, total=None)
        with self.lock:
            if not self.over:
                self.bar = bar
                bar.start()
                self._show()

    def __call__(self, done: int, total: int) -> None:
        """Take in how far the work is."""
        with self.lock:
            self.latest = done, total
            self._show()

    def say(self, text: str) -> None:
        """Show something that is known before the work is over, above the line, and leave it there."""
        with self.lock:
            if self.bar is not None:
                self.bar.console.print(text, markup=False, highlight=False)
            elif self.seen:
                click.echo("\n".join(wrapped(text)), err=True)

    def _show(self) -> None:
        if self.bar is not None and self.latest is not None:
            done, total = self.latest
            doing = self.doing if done < total else "putting the answer together"
            self.bar.update(self.bar.task_ids[0], description=doing, completed=done, total=total)

    def stop(self) -> None:
        """Let the line disappear."""
        with self.lock:
            self.over = True
            if self.bar is not None:
                self.bar.stop()
