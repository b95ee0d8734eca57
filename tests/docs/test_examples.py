"""The player of documentation examples reads pages as a reader does, and is not easily satisfied."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.tools.examples import Command, ExampleError, ShownFile, environment, matches, read, run

PAGE = """\
# A page

```{code-block} yaml
:caption: dam.yaml
:emphasize-lines: 1

detente: 1
title: A dam
```

:::{note}
```console
$ head -1 dam.yaml
detente: 1
$ wc -l \\
>   dam.yaml
2 dam.yaml
```
:::

- in a list

  ```{code-block} console
  $ true
  ```

```sh
make brief
```
"""


def test_a_page_is_read_in_its_order() -> None:
    """Files, sessions in notes and in lists are steps; blocks of other kinds are not."""
    assert read(PAGE) == [
        ShownFile(7, "dam.yaml", "detente: 1\ntitle: A dam\n"),
        Command(13, "head -1 dam.yaml", "detente: 1"),
        Command(15, "wc -l \\\ndam.yaml", "2 dam.yaml"),
        Command(24, "true", ""),
    ]


def test_a_true_page_plays_through(tmp_path: Path) -> None:
    """What the page says is what happens."""
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    assert run(page, tmp_path) == 3


@pytest.mark.parametrize(
    ("session", "complaint"),
    [
        ("$ echo one\ntwo", "-two\n\\+one"),
        ("$ echo one", r"\+one"),
        ("$ true\nsomething", "-something"),
        ("$ false", "exit code 1"),
        ("$ echo lost >&2; exit 4", "exit code 4\nlost"),
        ("one", "begins with a command"),
    ],
)
def test_a_page_that_shows_something_else_is_refused(tmp_path: Path, session: str, complaint: str) -> None:
    """Other output, unshown output, missing output and unshown failure are all differences."""
    page = tmp_path / "page.md"
    page.write_text(f"```console\n{session}\n```\n", encoding="utf-8")
    with pytest.raises(ExampleError, match=complaint):
        run(page, tmp_path)


def test_files_stay_in_the_readers_folder(tmp_path: Path) -> None:
    """A page cannot write outside the folder in which it is played."""
    page = tmp_path / "page.md"
    page.write_text("```{code-block} yaml\n:caption: ../else.yaml\n\na: 1\n```\n", encoding="utf-8")
    with pytest.raises(ExampleError, match="outside"):
        run(page, tmp_path)


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("a\nb", "a\nb\n", True),
        ("a\nb", "a  \nb", True),
        ("a\nb", "a\nb\nc", False),
        ("a\n...\nd", "a\nb\nc\nd", True),
        ("a\n...\nd", "a\nd", True),
        ("a\n...", "a\nb\nc", True),
        ("a\n...\nd", "a\nb\nc", False),
        ("took ... s", "took 1.25 s", True),
        ("took ... s", "took 1.25 s\nor 2 s", False),
        ("1.5 (x)", "1x5 (x)", False),
        ("  a", "a", False),
    ],
)
def test_dots_stand_for_what_may_differ_and_nothing_else_does(
    expected: str, printed: str, same: bool
) -> None:
    """Dots are the only wildcard; indentation and every other character count."""
    assert matches(expected, printed) is same


def test_commands_see_a_plain_terminal() -> None:
    """Output does not depend on the colours or the width of whoever runs the tests."""
    seen = environment()
    assert (seen["NO_COLOR"], seen["COLUMNS"]) == ("1", "80")
    assert "FORCE_COLOR" not in seen


def test_parts_of_a_file_are_written_in_place_of_those_of_the_same_name(tmp_path: Path) -> None:
    """The comment above a part goes with it; a part that is new comes last; everything else stays."""
    page = tmp_path / "page.md"
    page.write_text(
        "```{code-block} yaml\n:caption: a.yaml\n\n# whole\n\n# old\none:\n  x: 1\n\ntwo: 2\n```\n"
        "```{code-block} yaml\n:caption: in a.yaml\n\none: {x: 3}\n\nthree: 3\n```\n"
        "```console\n$ cat a.yaml\n# whole\n\none: {x: 3}\n\ntwo: 2\nthree: 3\n```\n",
        encoding="utf-8",
    )
    assert run(page, tmp_path) == 1
