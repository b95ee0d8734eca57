"""Mutants of all files that can be read and of command lines: each a seed, so that what fails comes again."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from copy import deepcopy
from io import BytesIO
from typing import Any
from zipfile import ZipFile, ZipInfo

from detente.case.reading import read_yaml
from tests.robustness.corpus import corpus, kinds

NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
TOKEN = re.compile(rb"[\w.%]+|[^\w\s]|\s+")
EXTREMES = (
    *(
        "0",
        "-0",
        "1",
        "-1",
        "1e-300",
        "1e308",
        "-1e308",
        "1e999",
        "1e10",
        "-1e10",
        "nan",
        "inf",
        "0x10",
        "?",
        "1_000",
    ),
    *(
        "9" * 30,
        "9" * 400,
        "0.1",
        "1.0000000001",
        "2147483648",
        "9223372036854775808",
        "1/3",
        "50 %",
        "1 ± 1e9",
    ),
    *(
        "1e15 + 1",
        "0..1e300",
        "5..1",
        "1..2..3",
        "0,8",
        "1.000,5",
        "true",
        "null",
        "~",
        "''",
        "[50]",
        "{a: 1}",
    ),
)
PIECES = (
    *(
        b"",
        b"\0",
        b'"',
        b"'",
        b"\n",
        b"\r",
        b"\t",
        b" ",
        b"  ",
        b";",
        b",",
        b"=",
        b":",
        b": ",
        b"- ",
        b"#",
        b"%",
    ),
    *(
        b"[",
        b"]",
        b"{",
        b"}",
        b"&a ",
        b"*a",
        b"!x ",
        b"|",
        b">",
        b"? ",
        b"<<: ",
        b"---\n",
        b"<",
        b"&lt;",
        b"]]>",
    ),
    *(b"\xff", b"\xc2\xb1", b"..", b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"\xcc\x81" * 40, b"(" * 300, b"9" * 80),
    *(b"nan", b"true", b"null", b"@", b"`", b"~", b"\\", b"x" * 400, b"\xe2\x80\xae", b"1e999"),
)
VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1e300,
        -1e300,
        10**40,
        "",
        " ",
        "x",
        "nan",
        ">= 60",
        "1 ± 2",
        "1..2..3",
        "1e999 %",
    ),
    *(
        [],
        {},
        [[]],
        [None],
        {"": None},
        [50],
        {"a": {"a": {"a": 1}}},
        "x" * 500,
        "not a and (b or c)",
        "majority",
        "?",
    ),
)
Mutate = Callable[[random.Random, bytes], bytes]


def mutant(seed: int, kind: str = "") -> tuple[str, bytes]:
    """Return the name and the content of the mutant of a seed, of all files or of those of a kind.

    Small files have more of them than large ones.
    """
    files = corpus()
    chance = random.Random(seed)  # noqa: S311 - chance, not secrecy
    names = kinds()[kind] if kind else tuple(files)
    weights = [1 / (300 + len(files[name])) for name in names]
    (name,) = chance.choices(names, weights)
    content = files[name]
    if name.endswith((".yaml", ".json", ".gmcr")) and chance.random() < 0.4:
        return name, _restructured(chance, content)
    if name.endswith(".xlsx") and chance.random() < 0.8:
        return name, _in_a_part(chance, content)
    return name, _spoiled(chance, content)


def _spoiled(chance: random.Random, content: bytes) -> bytes:
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        content = chance.choice(MUTATIONS)(chance, content)
    return content


def _in_a_part(chance: random.Random, content: bytes) -> bytes:
    """Spoil one file in an archive that stays sound."""
    stream = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(stream, "w") as new:
        names = old.namelist()
        sheets = [name for name in names if "/sheet" in name or "haredStrings" in name]
        spoiled = chance.choice(chance.choice((names, sheets or names)))
        for name in names:
            part = old.read(name)
            new.writestr(ZipInfo(name), _spoiled(chance, part) if name == spoiled else part)
    return stream.getvalue()


def _bytes(chance: random.Random, content: bytes) -> bytes:
    at, length = chance.randrange(len(content) + 1), chance.choice((0, 1, 1, 2, 5, 30))
    return content[:at] + chance.choice((*PIECES, chance.randbytes(2))) + content[at + length :]


def _tokens(chance: random.Random, content: bytes) -> bytes:
    """Put one token of the file in the place of another, or swap or double some."""
    tokens = TOKEN.findall(content)
    if len(tokens) < 2:
        return content
    one, two = chance.randrange(len(tokens)), chance.randrange(len(tokens))
    tokens[one], tokens[two] = (
        chance.choice((tokens[two], tokens[one] * 2, b"")),
        chance.choice((tokens[one], tokens[two])),
    )
    return b"".join(tokens)


def _numbers(chance: random.Random, content: bytes) -> bytes:
    found = list(NUMBER.finditer(content))
    if not found:
        return content
    number = chance.choice(found)
    return content[: number.start()] + chance.choice(EXTREMES).encode() + content[number.end() :]


def _lines(chance: random.Random, content: bytes) -> bytes:
    """Take lines out, move, double or indent them."""
    lines = content.splitlines(keepends=True)
    if not lines:
        return content
    at, count = chance.randrange(len(lines)), chance.choice((1, 1, 2, 8))
    some, rest = lines[at : at + count], lines[:at] + lines[at + count :]
    to = chance.randrange(len(rest) + 1)
    kind = chance.randrange(4)
    if kind == 0:
        return b"".join(rest)
    if kind == 1:
        return b"".join([*rest[:to], *some, *rest[to:]])
    if kind == 2:
        return b"".join([*lines[:at], *some * chance.choice((2, 50)), *lines[at:]])
    return b"".join(
        [*lines[:at], *(chance.choice((b" ", b"  ", b"\t")) + line for line in some), *lines[at + count :]]
    )


MUTATIONS: tuple[Mutate, ...] = (_bytes, _tokens, _numbers, _lines)


def _restructured(chance: random.Random, content: bytes) -> bytes:
    """Change what a file of mappings and lists says, not how it is written."""
    data = json.loads(json.dumps(read_yaml(content.decode()).data))
    for _ in range(chance.choice((1, 1, 2, 4))):
        places = list(_places(data))
        if not places:
            break
        holder, key = chance.choice(places)
        other, there = chance.choice(places)
        kind = chance.randrange(5)
        if kind == 0:
            del holder[key]
        elif kind == 1:
            holder[key] = deepcopy(other[there])
        elif kind == 2 and isinstance(holder, dict):
            holder[str(chance.choice((there, "x", "", "all", "é", key * 2)))] = holder.pop(key)
        elif kind == 3 and isinstance(holder, list):
            holder += [deepcopy(holder[key]) for _ in range(chance.choice((1, 30)))]
        else:
            holder[key] = deepcopy(chance.choice(VALUES))  # mutants of one seed are alike
    return json.dumps(data, ensure_ascii=False, indent=chance.choice((None, 1))).encode()


def _places(data: Any) -> Any:
    """Yield every mapping or list with each of its keys."""
    if isinstance(data, (dict, list)):
        for key, value in list(data.items() if isinstance(data, dict) else enumerate(data)):
            yield data, key
            yield from _places(value)


COMMANDS = (
    (
        "run",
        "bargaining",
        "river-dam",
        "--draws",
        "20",
        "--seed",
        "3",
        "--set",
        "stances.filling.upstream.position=5",
    ),
    ("run", "winset", "linked-issues", "--draws", "20", "--workers", "1", "--json"),
    ("run", "stability", "chicken", "--draws", "20", "--quiet"),
    ("check", "river-dam", "--json"),
    ("show", "chicken"),
    ("cases",),
    ("hold", "chicken", "YN", "--draws", "20"),
    ("compare", "bargaining", "river-dam", "--scenario", "dry-years", "--draws", "20"),
    ("tornado", "bargaining", "river-dam", "--low", "0.1", "--high", "0.9"),
    ("power", "[51; 50, 49, 1]", "--json"),
    ("export", "chicken", "-o", "out.gmcr"),
    ("import", "chicken.gmcr", "-o", "out.yaml"),
    ("new", "fresh.yaml"),
    ("schema", "case"),
)
WORDS = (
    *(
        "",
        " ",
        "-",
        "--",
        "-o",
        "--json",
        "--draws",
        "-1",
        "0",
        "1e9",
        "nan",
        "--set",
        "=",
        "a=b",
        "x.y=1",
        "--seed",
    ),
    *(
        "--scenario",
        "none",
        "/dev/null",
        ".",
        "..",
        "/",
        "\0",
        "é",
        "x" * 5_000,
        "[1e999; 1]",
        "[2; 1, 1",
        "--help",
    ),
    *(
        "--low",
        "2",
        "--workers",
        "chicken",
        "bargaining",
        "winset",
        "stability",
        "us-russia-2024.html",
        "--force",
    ),
)


def command_line(seed: int) -> list[str]:
    """Return the mutated command line of a seed."""
    chance = random.Random(seed)  # noqa: S311
    words = list(chance.choice(COMMANDS))
    for _ in range(chance.choice((1, 1, 2, 3))):
        at = chance.randrange(len(words) + 1)
        kind = chance.randrange(4)
        if kind == 0:
            words[at : at + 1] = []
        elif kind == 1:
            words.insert(at, chance.choice(WORDS))
        elif kind == 2:
            words[at : at + 1] = [chance.choice(WORDS)]
        elif words:
            chance.shuffle(words)
    return words
