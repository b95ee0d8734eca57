"""Whatever bytes a file holds, importing it tells problems; it never breaks and never takes long."""

from __future__ import annotations

import time
import zipfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.case import Case
from detente.case.formats import export_case, import_case

LONGEST = 5.0  # seconds of the processor; each file is small
SCENARIO = """<?xml version="1.0"?><Scenario><name>n</name><desc>d</desc><Dimensions><dName>x</dName></Dimensions>
<Actors><Actor><name>A</name><capability>1</capability><Position><dCoord>5</dCoord></Position>
<Salience><dSal>5</dSal></Salience></Actor></Actors></Scenario>"""
SETTINGS = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def small_case() -> Case:
    """Return a case with parts of every kind."""
    return Case.from_dict(
        {
            "title": "Talks",
            "sources": {"s": {"title": "Speech; of 'May'"}},
            "actors": {key: {"name": f"Actor {key}", "influence": "1..2", "groups": ["g"]} for key in "abc"},
            "issues": {
                "x": {"name": "Tax, rate", "scale": {0: "none", 50: "half", 100: "all"}, "no_deal": 5}
            },
            "stances": {
                "x": {key: {"position": "40 ± 10", "salience": 0.5, "because": ["s"]} for key in "abc"}
            },
            "scenarios": {"up": {"name": "Up", "changes": {"stances.x.a.position": 90}}},
        }
    )


def examples() -> dict[str, bytes]:
    """Return a small valid file of each format."""
    found = {"talks.xml": SCENARIO.encode()}
    with TemporaryDirectory() as folder:
        for suffix in (".yaml", ".json", ".csv", ".xlsx", ".ktab.csv", ".decide.txt"):
            path = Path(folder) / f"talks{suffix}"
            export_case(small_case(), path)
            found[path.name] = path.read_bytes()
    return found


EXAMPLES = examples()
_PIECES = [
    b"",
    b"\0",
    b'"',
    b"'",
    b"\n",
    b";",
    b",",
    b"\t",
    b"=",
    b"#A",
    b"#D",
    b"-1",
    b"1e999",
    b"\xff",
    b"<",
    b"&lt;",
    b"nan",
    b" \xc2\xb1 ",
    b"..",
    b"[",
    b"{",
    b": ",
    b"9" * 50,
]


@st.composite
def mutations(draw: st.DrawFn, original: bytes) -> bytes:
    """Draw the original with some pieces cut, doubled or replaced."""
    content = original
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 30)))
        piece = draw(
            st.one_of(st.sampled_from(_PIECES), st.binary(max_size=4), st.just(content[start:end] * 2))
        )
        content = content[:start] + piece + content[end:]
    return content


def imported(name: str, content: bytes) -> None:
    """Import a file; any exception fails the test, and so does taking long."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        begun = time.process_time()
        found = import_case(path)
        assert time.process_time() - begun < LONGEST
    assert (found.case is None) == bool(found.errors)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_sound(name: str, tmp_path: Path) -> None:
    """Else the tests below would change nothing that works."""
    (tmp_path / name).write_bytes(EXAMPLES[name])
    assert import_case(tmp_path / name).errors == ()


@pytest.mark.parametrize("name", EXAMPLES)
def test_changed_files_never_break_the_reader(name: str) -> None:
    """Any bytes changed anywhere."""

    @SETTINGS
    @given(content=mutations(EXAMPLES[name]))
    def check(content: bytes) -> None:
        imported(name, content)

    check()


@SETTINGS
@given(
    part=st.sampled_from(zipfile.ZipFile(BytesIO(EXAMPLES["talks.xlsx"])).namelist()),
    data=st.data(),
)
def test_changed_parts_of_workbooks_never_break_the_reader(part: str, data: st.DataObject) -> None:
    """The archive is sound, the XML in it is not."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(EXAMPLES["talks.xlsx"])) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, data.draw(mutations(content)) if name == part else content)
    imported("talks.xlsx", stream.getvalue())


@SETTINGS
@given(
    content=st.binary(max_size=200), suffix=st.sampled_from(["", ".csv", ".xlsx", ".xml", ".json", ".yaml"])
)
def test_any_bytes_are_refused_or_read(content: bytes, suffix: str) -> None:
    """Under any name."""
    imported(f"talks{suffix}", content)
