"""A hostile document gets nothing: no file, no network, no memory, no time, no traceback."""

from __future__ import annotations

import io
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import DetenteError, FormatError
from detente.evidence.documents import FORMATS, open_document
from tests.evidence.documents.made import SAID, docx, paragraph, pdf

LONG = 200_000
BOMB = "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]>"
MARKUP = {
    "comments that never end": "<!--" * LONG,
    "tags that never end": "<a " * LONG,
    "quotes that never end": '<a ">" ' * LONG,
    "quotes in turn": "<a '>\" " * LONG,
    "declarations": "<!" * LONG,
    "deep nesting": "<div>" * 4000 + SAID + "</div>" * LONG,
    "ends without beginnings": "<div>" * 4000 + "</p>" * LONG,
    "scripts that never end": "<script>" * LONG,
    "titles that never end": "<title>" * LONG,
    "one tag of attributes": "<a " + "b=c " * LONG + ">",
    "one tag of blanks": "<a" + " " * LONG + ">",
    "numbers beyond all": "<p>&#" + "9" * LONG + ";&#x" + "f" * LONG + ";</p>",
    "data nested without end": '<script type="application/ld+json">' + "[" * LONG + "</script>",
    "rows that never end": "<td>" * LONG,
    "lines": "a<br>" * LONG,
}


@pytest.mark.parametrize("what", MARKUP)
def test_markup_takes_time_by_its_length_only(what: str) -> None:
    """Each would take hours if any step of reading looked again at what it has seen."""
    started = time.process_time()
    open_document(f"<p>{SAID}</p>{MARKUP[what]}".encode(), name="a.html")
    assert time.process_time() - started < 30


def test_a_page_nested_too_deep_is_refused_at_once() -> None:
    """Each end would be looked for among all that is open."""
    started = time.process_time()
    with pytest.raises(FormatError, match="nested too deep"):
        open_document(("<p>" + "<b>" * LONG + "</i>" * LONG).encode(), name="a.html")
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "text", ["By " + "A." * 400, "subscribe " * 40, "Key: " * LONG, "a" * LONG, "- - " * LONG, "[" * LONG]
)
def test_plain_text_takes_time_by_its_length_only(text: str) -> None:
    started = time.process_time()
    for name in ("a.txt", "a.md"):
        open_document(text.encode(), name=name)
    assert time.process_time() - started < 30


@given(st.text("<>\"'=/!-ab ;#x \n", max_size=200))
@settings(max_examples=300)
def test_no_word_is_made_up_or_said_twice(markup: str) -> None:
    """Every letter of the text stands in the markup, in order."""
    left = iter(markup)
    text = open_document(f"{markup}<p>end</p>".encode(), name="a.html").text
    assert text.endswith("end")
    assert all(letter in left for letter in "".join(text.removesuffix("end").split()))


@given(st.binary(max_size=400), st.sampled_from(sorted(FORMATS)))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes, kind: str) -> None:
    if kind == "application/pdf":
        data = data[:0]  # a process each: tried below
        return
    try:
        document = open_document(data, name="a", media_type=kind)
    except DetenteError:
        return
    assert document.text.strip()
    assert all(0 <= span.start < span.end <= len(document.text) for span in document.furniture)


@pytest.mark.parametrize("part", ["word/document.xml", "docProps/core.xml", "word/header1.xml"])
def test_entities_in_a_word_document_are_refused(part: str) -> None:
    hostile = f'<?xml version="1.0"?>{BOMB}<w:document xmlns:w="w"><w:p><w:t>&b;</w:t></w:p></w:document>'
    with pytest.raises(FormatError, match="declares a document type or entity"):
        open_document(docx(paragraph(SAID), **{part: hostile}), name="a.docx")


def test_an_archive_that_grows_without_end_is_not_opened() -> None:
    with pytest.raises(FormatError, match="200 times"):
        open_document(docx(f"<w:p><w:t>{' ' * 20_000_000}</w:t></w:p>"), name="a.docx")


def test_an_archive_that_lies_about_its_size_is_refused() -> None:
    made = bytearray(docx(f"<w:p><w:t>{'ab' * 4_000_000}</w:t></w:p>"))
    with zipfile.ZipFile(io.BytesIO(bytes(made))) as archive:
        size = archive.getinfo("word/document.xml").file_size
    place = made.rindex(size.to_bytes(4, "little"))  # in the directory of the archive
    made[place : place + 4] = (1000).to_bytes(4, "little")
    with pytest.raises(FormatError):
        open_document(bytes(made), name="a.docx")


def test_a_word_document_nested_too_deep_is_refused() -> None:
    with pytest.raises(FormatError, match="nested too deep"):
        open_document(docx("<w:p>" * 5000 + "</w:p>" * 5000), name="a.docx")


def test_an_encrypted_archive_is_refused() -> None:
    made = bytearray(docx(paragraph(SAID)))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[made.index(mark) + offset] |= 1
    with pytest.raises(FormatError):
        open_document(bytes(made), name="a.docx")


def test_a_letter_nested_without_end_is_refused_or_read() -> None:
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(3000))
    with pytest.raises(FormatError):
        open_document(f"From: a@b.example\n{head}\nhello".encode(), name="a.eml")


def test_a_pdf_runs_in_its_own_process_and_what_it_does_there_ends_there() -> None:
    pytest.importorskip("pypdf", reason="pypdf is not installed: pip install 'detente[documents]'")
    loop = pdf([[SAID]]).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")
    script = pdf([[SAID]], extra="/OpenAction << /S /JavaScript /JS (app.alert(1)) >> ")
    with pytest.raises(FormatError):
        open_document(loop, name="a.pdf")
    assert "Envoy Lobo" in open_document(script, name="a.pdf").text


def test_an_encrypted_pdf_says_so() -> None:
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed: pip install 'detente[documents]'")
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(pdf([[SAID]]))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(FormatError, match="without a password"):
        open_document(out.getvalue(), name="a.pdf")


def test_nothing_that_a_page_names_is_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    page = f'<img src="{secret}"><iframe src="file://{secret}"></iframe>'
    page += f'<link rel=import href="{secret}"><p>{SAID}</p>'
    for data, name in ((page.encode(), "a.html"), (docx(paragraph(SAID)), "a.docx")):
        assert open_document(data, name=name).text == SAID


MEASURED = """
import resource, sys
from pathlib import Path
from detente.evidence.documents import open_document
open_document(b"Warm.", name="a.html")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
document = open_document(Path(sys.argv[1]))
print(document.text.count("Lobo"), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["html", "txt"])
def test_twenty_megabytes_are_read_in_bounded_memory(tmp_path: Path, ending: str) -> None:
    """At most ten times the file, in a process of its own."""
    pytest.importorskip("resource", reason="this system does not tell how much memory a process took")
    path = tmp_path / f"a.{ending}"
    path.write_text(f"<div class='p'><p>{SAID}</p><a href='/x'>on</a></div>\n" * 180_000, encoding="utf-8")
    size = path.stat().st_size
    assert size > 20_000_000
    done = subprocess.run([sys.executable, "-c", MEASURED, path], capture_output=True, text=True, check=True)
    found, kilobytes = map(int, done.stdout.split())
    assert found == 180_000
    assert kilobytes * 1024 < 10 * size


def test_what_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as out:
        out.truncate(64_000_001)
    with pytest.raises(DetenteError, match="larger than 64 MB; split it"):
        open_document(path)
