"""Files of every format, made by the tests themselves; the words are invented."""

from __future__ import annotations

import io
import zipfile

SAID = "Envoy Lobo said the port would reopen. “We will wait,” she added."
WORDML = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CORE = (
    '<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:dcterms="t"><dc:title>Port talks</dc:title>'
    "<dc:creator>A. Farro</dc:creator><dcterms:created>2031-04-05T10:00:00Z</dcterms:created></cp:coreProperties>"
)


def docx(body: str, **parts: str | bytes) -> bytes:
    """Return a Word document with a body of WordprocessingML, and further parts by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        document = f'<?xml version="1.0"?><w:document xmlns:w="{WORDML}"><w:body>{body}</w:body></w:document>'
        for name, part in {"word/document.xml": document, "docProps/core.xml": CORE, **parts}.items():
            archive.writestr(name, part)
    return out.getvalue()


def paragraph(text: str) -> str:
    """Return a paragraph of WordprocessingML."""
    return f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def pdf(pages: list[list[str]], extra: str = "", info: str = "") -> bytes:
    """Return a PDF whose pages show lines of text in a built-in face; ``extra`` goes into the catalogue."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(count))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {extra}>>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        shown = " ".join(f"({line.replace('(', '').replace(')', '')}) Tj 0 -14 Td" for line in lines)
        stream = f"BT /F1 11 Tf 60 740 Td {shown} ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    if info:
        objects.append(f"<< {info} >>")
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{one}\nendobj\n".encode("cp1252")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    about = f"/Info {len(objects)} 0 R " if info else ""
    return (
        out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R {about}>>\nstartxref\n{start}\n%%EOF".encode()
    )
