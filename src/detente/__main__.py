"""The command line as ``python -m detente``."""

from __future__ import annotations

try:
    from detente.cli import main
except KeyboardInterrupt:  # pressed before there was anything to interrupt
    raise SystemExit(130) from None

if __name__ == "__main__":
    main()
