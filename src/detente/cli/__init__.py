"""THE FRONT DOOR IN A TERMINAL: one file per command, and nothing heavy is imported before a command runs."""

try:
    from detente.cli.group import main
except KeyboardInterrupt:  # pressed before there was anything to interrupt
    raise SystemExit(130) from None

__all__ = ["main"]
