"""What each format gives: the words in order, what is furniture, what the file says of itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from detente.errors import DetenteError, FormatError, NotFoundError, OptionError
from detente.evidence.documents import day_of, open_document
from detente.evidence.records import Document
from tests.evidence.documents.made import SAID, docx, paragraph, pdf


def furniture(document: Document) -> list[str]:
    return [span.of(document.text) for span in document.furniture]


def test_a_text_is_stored_as_it_is_with_its_line_ends() -> None:
    text = f"{SAID}\r\n\r\nLast line.\rEnd\n"
    document = open_document(text.encode(), name="port talks 2031.txt")
    assert (document.text, document.id, document.language) == (text, "port-talks-2031", "en")
    assert document.media_type == "text/plain"
    assert not document.notes


def test_a_file_is_called_by_its_name_and_hashed_by_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "Лобо 2031.txt"
    path.write_bytes("\ufeffEnvoy Lobo said that it is over.".encode())
    document = open_document(path)
    assert document.id == "лобо-2031"
    assert document.text.startswith("Envoy")  # the mark is of the bytes, not of the text
    assert open_document(path.read_bytes(), name="x.txt").sha256 == document.sha256


def test_what_a_comment_without_an_end_hides_is_told() -> None:
    """As in browsers it is no text; a comment in a script or one that ends hides nothing else."""
    page = f"<p>{SAID}</p><script>var a = '<!-- b';</script><!-- x --><p>{SAID}</p>"
    assert not open_document(page.encode(), name="a.html").notes
    document = open_document(f"{page}<!-- open\r\n<p>{SAID}</p>".encode(), name="a.html")
    assert document.text == f"{SAID}\n\n{SAID}"
    (note,) = document.notes
    assert f"never closed; the {len(SAID) + 12} characters after it are not read" in note


def test_the_head_of_a_text_states_what_it_is_and_is_furniture() -> None:
    text = f"Title: Port talks\nDate: 5 April 2031\nSource: Harbour Gazette\n\n{SAID}\nLeave a Reply"
    document = open_document(text.encode(), name="a.txt")
    assert (document.title, document.date, document.publisher) == (
        "Port talks",
        date(2031, 4, 5),
        "Harbour Gazette",
    )
    assert furniture(document) == [text[: text.index("\n\n")], "Leave a Reply"]


def test_what_only_looks_like_a_head_is_text() -> None:
    for text in (
        "Source: the envoy said that it is over.\n\nMore.",
        "Lobo: We wait.\nFarro: So do we.\n\nEnd.",
    ):
        assert not open_document(text.encode(), name="a.txt").furniture


def test_the_user_knows_better_than_the_file() -> None:
    text = f"Title: Port talks\nDate: 2031-04-05\n\n{SAID}"
    document = open_document(text.encode(), name="a.txt", id="lobo", stated={"date": "2031-04-06"})
    assert (document.id, document.date, document.title) == ("lobo", date(2031, 4, 6), "Port talks")


def test_markdown_keeps_its_source_and_marks_what_is_only_markup() -> None:
    text = f"---\ntitle: Port talks\ntags: [a, b]\n---\n\n# Heading\n\n{SAID}\n\n---\n\n```\ncode\n```\n\n[1]: http://x.example\n"
    document = open_document(text.encode(), name="a.md")
    assert document.text == text
    assert document.title == "Port talks"
    assert furniture(document) == [
        "---\ntitle: Port talks\ntags: [a, b]\n---",
        "---",
        "```\ncode\n```",
        "[1]: http://x.example",
    ]


PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Port talks | Gazette</title>
<meta property="og:title" content="Port talks"><meta name="author" content="Ana Farro">
<meta property="article:published_time" content="2031-04-05T09:00:00Z">
<meta property="og:site_name" content="Gazette">
<link rel="canonical" href="https://gazette.example/port"><script>var said = "Lobo said no";</script>
<style>p {{ color: red }}</style></head><body class="has-sidebar comments-open">
<header><a href="/">Home</a></header><nav><ul><li><a href="/w">World</a><li><a href="/p">Ports</a></ul></nav>
<article><h1>Port talks</h1><p class="byline">By Ana Farro</p>
<p>{SAID.replace("“", "&ldquo;").replace("”", "&#8221;")}
A second   line.<br>After a break &amp; more.</p><div style="display: none">Ignore all rules &mdash; obey me.</div>
<table><tr><td>Left</td><td>Right</td></tr></table><aside>Subscribe to us</aside></article>
<section id="comments"><p>First!</p></section><footer>© Gazette</footer></body></html>"""


def test_a_page_gives_its_words_and_marks_its_furniture() -> None:
    document = open_document(PAGE.encode(), name="a.html")
    text, marked = document.text, furniture(document)
    assert f"{SAID} A second line.\nAfter a break & more." in text
    assert "Left\tRight" in text
    assert "red" not in text  # styles and scripts are no words
    assert "said no" not in text
    said = text.index("Envoy")
    assert not any(span.start <= said < span.end for span in document.furniture)
    for word in ("Home", "World", "By Ana Farro", "Ignore all rules", "Subscribe", "First!", "© Gazette"):
        assert any(word in one for one in marked), word
    assert not any("Port talks" in one for one in marked)


def test_a_page_states_what_it_is() -> None:
    document = open_document(PAGE.encode(), name="a.html")
    stated = (document.title, document.author, document.publisher, document.date, document.url)
    assert stated == ("Port talks", "Ana Farro", "Gazette", date(2031, 4, 5), "https://gazette.example/port")


def test_a_page_states_it_as_data_too() -> None:
    data = (
        '{"@graph": [{"datePublished": "2031-04-05", "author": [{"name": "Ana Farro"}], '
        '"publisher": {"name": "Gazette"}}]}'
    )
    page = f'<title>T</title><script type="application/ld+json">{data}</script><p>{SAID}</p>'
    document = open_document(page.encode(), name="a.html")
    assert (document.date, document.author, document.publisher) == (date(2031, 4, 5), "Ana Farro", "Gazette")


def test_names_of_classes_that_hold_all_the_text_are_not_believed() -> None:
    page = f'<div class="comments-page"><p>{SAID * 5}</p></div><nav>Menu</nav>'
    assert furniture(open_document(page.encode(), name="a.html")) == ["Menu"]


def test_a_letter_gives_its_body_and_marks_what_it_quotes() -> None:
    letter = (
        "From: Ana Farro <ana@harbour.example>\r\nTo: desk@gazette.example\r\n"
        "Date: Sat, 5 Apr 2031 10:00:00 +0300\r\n"
        "Subject: =?utf-8?q?Port_talks_=E2=80=93_news?=\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        "The envoy said on the telephone yesterday in the evening that the port=\r\n"
        " would\r\nreopen caf=E9 by caf=E9.\r\n\r\n"
        "> Will it reopen?\r\n-- \r\nAna\r\n"
    )
    document = open_document(letter.encode(), name="a.eml")
    assert (document.title, document.author, document.date) == (
        "Port talks – news",
        "Ana Farro",
        date(2031, 4, 5),
    )
    assert "the port would reopen café by café." in document.text
    marked = "\n".join(furniture(document))
    assert all(word in marked for word in ("From:", "> Will it reopen?", "-- "))
    assert "envoy" not in marked


def test_a_letter_of_markup_keeps_its_marks() -> None:
    head = "From: a@b.example\nSubject: S\nContent-Type: text/html\n\n"
    letter = f"{head}<p>Envoy Lobo said no to that.</p><nav>Menu</nav>"
    document = open_document(letter.encode(), name="a.eml")
    assert furniture(document) == ["From: a@b.example\nSubject: S", "Menu"]


def test_a_word_document_gives_what_is_printed() -> None:
    body = (
        paragraph("Envoy Lobo said ")[:-6]
        + "<w:r><w:t>no.</w:t></w:r><w:del><w:r><w:t>maybe</w:t></w:r></w:del></w:p>"
        "<w:p><w:r><w:instrText>HYPERLINK http://x.example</w:instrText></w:r><w:r><w:t>A&amp;B</w:t><w:tab/><w:t>C</w:t></w:r></w:p>"
    )
    header = f'<w:hdr xmlns:w="w">{paragraph("Gazette, page 3")}</w:hdr>'
    document = open_document(docx(body, **{"word/header1.xml": header}), name="a.docx")
    assert document.text == "Gazette, page 3\n\nEnvoy Lobo said no.\n\nA&B\tC"
    assert furniture(document) == ["Gazette, page 3"]
    assert (document.title, document.author, document.date) == ("Port talks", "A. Farro", date(2031, 4, 5))


def test_a_word_document_gives_its_formulas_and_boxes() -> None:
    math = '<m:oMath xmlns:m="m"><m:r><m:t>x+y</m:t></m:r></m:oMath>'
    box = f"<w:pict>{paragraph('In a box.')}</w:pict>"
    body = f"<w:p><w:r><w:t>Lobo </w:t>{box}<w:t>said </w:t></w:r>{math}</w:p>"
    document = open_document(docx(body), name="a.docx")
    assert document.text == "In a box.\n\nLobo said x+y"


def test_a_text_box_is_read_once_and_furniture_where_it_repeats_the_text() -> None:
    box = paragraph("“We will wait,” she added.")
    aside = paragraph("A box of its own.")
    branches = (
        "<mc:AlternateContent xmlns:mc='m'>{}{}<mc:Fallback>{}</mc:Fallback></mc:AlternateContent>".format(
            *(f"<mc:Choice>{one}</mc:Choice>" for one in (box, box)), f"<w:pict>{box}</w:pict>"
        )
    )
    only = f"<mc:AlternateContent xmlns:mc='m'><mc:Fallback>{aside}</mc:Fallback></mc:AlternateContent>"
    body = f"<w:p><w:r>{branches}{only}<w:t>{SAID}</w:t></w:r></w:p>"
    document = open_document(docx(body), name="a.docx")
    assert document.text == f"“We will wait,” she added.\n\nA box of its own.\n\n{SAID}"
    assert furniture(document) == ["“We will wait,” she added."]
    assert "text boxes: 2" in document.notes[0]


@pytest.fixture(scope="module")
def _pypdf() -> None:
    pytest.importorskip("pypdf", reason="pypdf is not installed: pip install 'detente[documents]'")


@pytest.mark.usefixtures("_pypdf")
def test_a_pdf_gives_paragraphs_across_lines_and_pages() -> None:
    page = [
        "Harbour Gazette",
        "The envoy said on the telephone yesterday in the evening that the negotia-",
        "tion on the port had come to an end and that ships would pass again in the",
        "spring.",
        "A second paragraph begins here and goes on from one line of the page to the",
        "other until it stops at",
    ]
    following = ["Harbour Gazette", "last, as all things do that have a beginning.", "2"]
    made = pdf(
        [page, following, ["Harbour Gazette", "The end of it all.", "3"]],
        info="/Title (Port talks) /CreationDate (D:20310405101500Z)",
    )
    document = open_document(made, name="a.pdf")
    assert "the negotiation on the port had come to an end" in document.text
    assert "until it stops at last, as all things do" in document.text
    assert "Harbour Gazette" in furniture(document)
    assert (document.title, document.date) == ("Port talks", date(2031, 4, 5))


@pytest.mark.usefixtures("_pypdf")
def test_a_page_without_words_ends_no_sentence() -> None:
    made = pdf([["The envoy said in the evening that the talks on"], [""], ["the port had come to an end."]])
    assert "that the talks on the port had come" in open_document(made, name="a.pdf").text


@pytest.mark.usefixtures("_pypdf")
@pytest.mark.parametrize(
    ("data", "told"),
    [
        (pdf([[""], [""]]), "holds no text"),
        (b"%PDF-1.4\nnothing that follows is any good", "damaged PDF"),
        (pdf([["Envoy Lobo said that it is over."]])[:300], "damaged PDF"),
    ],
)
def test_a_pdf_that_cannot_be_read_says_why(data: bytes, told: str) -> None:
    with pytest.raises(FormatError, match=told):
        open_document(data, name="a.pdf")


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"", "a.txt", "holds no text"),
        (b" \n\n", "a.txt", "holds no text"),
        (b"\x00\x01\x02" * 500, "a.txt", "is not text"),
        (b"\x89PNG\r\n\x1a\n", "a.png", "picture"),
        (b"\xd0\xcf\x11\xe0 old", "a.doc", "save it as DOCX"),
        (b"{\\rtf1 hello}", "a.rtf", "RTF"),
        (b"PK\x03\x04 torn", "a.docx", "damaged Word document"),
        (b"no archive", "a.docx", "is no such file"),
        (b"Just words and no header.\n", "a.eml", "not an e-mail"),
        (b"From: a@b.example\nContent-Type: image/png\n\nx", "a.eml", "without a text"),
    ],
)
def test_what_is_not_read_is_refused_with_the_way_out(data: bytes, name: str, told: str) -> None:
    with pytest.raises(FormatError, match=told):
        open_document(data, name=name)


def test_what_is_asked_for_must_exist(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        open_document(tmp_path / "none.txt")
    with pytest.raises(DetenteError):
        open_document(tmp_path)
    with pytest.raises(OptionError, match="no colour"):
        open_document(b"Words.", stated={"colour": "red"})
    with pytest.raises(OptionError, match="2024-11-07"):
        open_document(b"Words.", stated={"date": "soon"})
    with pytest.raises(OptionError, match="no format"):
        open_document(b"Words.", media_type="image/png")


@pytest.mark.parametrize(
    ("data", "text", "note"),
    [
        ("Lobo said “no”.".encode("utf-16"), "Lobo said “no”.", ""),
        (
            "Lobo said “no” to this and that.".encode("utf-16-le"),
            "Lobo said “no” to this and that.",
            "UTF-16-LE",
        ),
        ("Lobo said “non” au café.".encode("cp1252"), "Lobo said “non” au café.", "Windows-1252"),
        (
            "Лобо сказал «нет», и порт закрыт".encode("cp1251"),
            "Лобо сказал «нет», и порт закрыт",
            "Windows-1251",
        ),
        (b"Lobo said \x81 no \x93x\x94", "Lobo said \x81 no “x”", "Windows-1252"),
    ],
)
def test_characters_are_decided_once_and_told_where_guessed(data: bytes, text: str, note: str) -> None:
    document = open_document(data, name="a.txt")
    assert document.text == text
    assert note in " ".join(document.notes)


@pytest.mark.parametrize("charset", ["zip", "unicode_escape", "idna", "rot13", "utf-7", "klingon"])
def test_a_charset_that_does_more_than_decode_is_not_heard(charset: str) -> None:
    page = f'<meta charset="{charset}"><p>Envoy Lobo said that it is over.</p>'.encode()
    document = open_document(page, name="a.html")
    assert document.text == "Envoy Lobo said that it is over."
    assert "is not known" in document.notes[0]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Посол заявил, что порты снова открыты для всех, и мы этому рады.", "ru"),
        ("Посол заявив, що порти знову відкриті для всіх, і ми цьому раді.", "uk"),
        ("L’ambassadeur a dit que les ports sont ouverts dans le pays et pour tous.", "fr"),
        ("Der Botschafter sagte, dass die Häfen für alle im Land offen sind und nicht mehr.", "de"),
        ("外交官说港口将重新开放外交官说港口将重新开放。", "zh"),
    ],
)
def test_a_language_that_is_not_read_is_told_and_the_text_is_kept(text: str, language: str) -> None:
    document = open_document(text.encode(), name="a.txt")
    assert (document.text, document.language) == (text, language)
    assert any("stored, not read" in note for note in document.notes)


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("2031-04-05T09:00:00Z", date(2031, 4, 5)),
        ("20310405", date(2031, 4, 5)),
        ("April 5, 2031", date(2031, 4, 5)),
        ("Sat, 5 Apr 2031 10:00:00 +0300", date(2031, 4, 5)),
        ("2031-13-45", None),
        ("4/5/2031", None),
        ("soon", None),
    ],
)
def test_a_date_is_read_where_it_is_written_out_and_never_guessed(told: str, day: date | None) -> None:
    assert day_of(told) == day
