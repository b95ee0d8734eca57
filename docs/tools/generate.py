"""Which pages are made from the code, and are they as the code now is?

`python -m docs.tools.generate` (part of `make docs`) writes those that differ; the tests only compare.
"""

from __future__ import annotations

from pathlib import Path

from docs.tools import architecture, facade, options, reference


def generated() -> dict[Path, str]:
    """Return the text of every page and file that is made from the code."""
    pages = {module.PAGE: module.page() for module in (architecture, facade, options)}
    return {**pages, **reference.files()}


def main() -> None:
    """Write what differs, and remove schemas that no command prints any more."""
    files = generated()
    for path in set(reference.SCHEMAS.glob("*.json")) - set(files):
        path.unlink()
        print(f"removed {path}")
    for path, text in files.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path}")


if __name__ == "__main__":
    main()
