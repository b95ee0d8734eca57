"""How does a command hear Ctrl-C while it computes? A second thread watches whether the work listens.

Python hears a signal between two of its own steps, and compiled code may take minutes for one. So whatever signal
comes is raised in the work as usual; if the work has not ended a moment later, the second thread ends the program.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType

GRACE = 1.0  # seconds for the work to end after it was told
ENDING = ("SIGINT", "SIGTERM", "SIGHUP")  # Ctrl-C, asked to end from outside, or the terminal was closed


_mouths: list[socket.socket] = []
if hasattr(os, "register_at_fork"):  # a signal to a process that was forked off is not one to this
    os.register_at_fork(after_in_child=lambda: signal.set_wakeup_fd(-1) if _mouths else None)


class EndedError(KeyboardInterrupt):
    """Interrupted by a signal, whose number is the argument.

    It is not `KeyboardInterrupt` itself, which would decide how ``python -m`` ends wherever a text is executed.
    """


def listening(work: Callable[[], object], deaf: Callable[[int], object]) -> None:
    """Do some work, and raise what it raises or what a signal means that comes meanwhile.

    Args:
        work: what is to be done.
        deaf: called with the number of a signal, in another thread, where the work does not end when it is told.

    Raises:
        EndedError: by one of `ENDING`.
    """
    if threading.current_thread() is not threading.main_thread():
        work()
        return
    raised: list[EndedError] = []
    over = threading.Event()
    ear, mouth = socket.socketpair()
    mouth.setblocking(False)
    _mouths.append(mouth)

    def told(number: int, _: FrameType | None) -> None:
        if not raised and not over.is_set():  # pressed again, it is on its way
            sys.unraisablehook = lambda _: None  # where it is raised is nobody's business
            raised.append(EndedError(number))
            raise raised[0]

    def watch() -> None:
        with ear:
            while heard := ear.recv(1):
                if heard[0] in before and not over.wait(GRACE):
                    deaf(heard[0])

    own = (signal.SIG_DFL, signal.default_int_handler)
    known = [getattr(signal, name) for name in ENDING if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in known if signal.getsignal(number) in own}
    wakes, reports = signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False), sys.unraisablehook
    threading.Thread(target=watch, daemon=True).start()
    try:
        for number in before:
            signal.signal(number, told)
        work()
    finally:
        over.set()
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(wakes)
        sys.unraisablehook = reports
        _mouths.remove(mouth)
        mouth.close()
        if raised:  # while a module is loaded it may come out as any other error, or as none
            raise raised[0]
