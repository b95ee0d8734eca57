"""THE FRONT DOOR IN A TERMINAL: one file per command, and nothing heavy is imported before a command runs."""

import signal

# Pressed before there is anything to take back, Ctrl-C just ends the program: an interruption while modules are
# loaded may come out as any other error.
try:
    _waits = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if _waits:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
except ValueError:  # not in the first thread, so not a program that begins
    _waits = False
try:
    from detente.cli.group import main
except KeyboardInterrupt:
    raise SystemExit(130) from None
finally:
    if _waits:
        signal.signal(signal.SIGINT, signal.default_int_handler)

__all__ = ["main"]
