"""THE FRONT DOOR IN A TERMINAL: one file per command, and nothing heavy is imported before a command runs."""

from detente.cli.group import main

__all__ = ["main"]
