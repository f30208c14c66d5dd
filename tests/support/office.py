"""Documents as programs save them, small enough to read in a test."""

from __future__ import annotations

import io
import zipfile

from PIL import Image

from forum.files.kinds import BY_ENDING

_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


def package(
    kind: str,
    parts: dict[str, str | bytes],
    *,
    listed: str = "",
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """An Office document of these parts, with the part that says what it is."""
    out = io.BytesIO()
    said = BY_ENDING[kind]
    with zipfile.ZipFile(out, "w", compression) as archive:
        if kind.startswith("od"):
            archive.writestr("mimetype", said.media_type, zipfile.ZIP_STORED)
        else:
            archive.writestr(
                "[Content_Types].xml",
                f'<?xml version="1.0"?><Types xmlns="{_TYPES}"><Override PartName="/{said.main}"'
                f' ContentType="{listed or said.media_type + ".main+xml"}"/></Types>',
            )
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(*paragraphs: str, **parts: str | bytes) -> bytes:
    """A text document."""
    said = "".join(f"<w:p><w:r><w:t>{each}</w:t></w:r></w:p>" for each in paragraphs)
    body = f'<w:document xmlns:w="{_WORD}"><w:body>{said}</w:body></w:document>'
    return package("docx", {"word/document.xml": body, **parts})


def xlsx(*cells: str) -> bytes:
    """A sheet with words in its cells."""
    shared = "".join(f"<si><t>{each}</t></si>" for each in cells)
    return package(
        "xlsx",
        {
            "xl/workbook.xml": f'<workbook xmlns="{_SPREADSHEET}"/>',
            "xl/sharedStrings.xml": f'<sst xmlns="{_SPREADSHEET}">{shared}</sst>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SPREADSHEET}"><v>12</v></worksheet>',
        },
    )


def pptx(*slides: str) -> bytes:
    """Slides, each with a line."""
    lines = [f'<s xmlns:a="{_DRAWING}"><a:p><a:t>{each}</a:t></a:p></s>' for each in slides]
    drawn = {f"ppt/slides/slide{number}.xml": line for number, line in enumerate(lines, 1)}
    return package("pptx", {"ppt/presentation.xml": "<presentation/>", **drawn})


def opendocument(kind: str, words: str) -> bytes:
    """A document of LibreOffice."""
    return package(kind, {"content.xml": f"<office><body><p>{words}</p></body></office>"})


def pdf(words: str = "", *, extra: bytes = b"", trailer: bytes = b"") -> bytes:
    """A page with a line of Latin letters."""
    stream = f"BT /F1 12 Tf 20 100 Td ({words}) Tj ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    out += extra
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer)
    return out + b"startxref\n%d\n%%%%EOF\n" % start


def heic(size: tuple[int, int] = (64, 48)) -> bytes:
    """A photo as phones take it."""
    from pillow_heif import from_pillow

    out = io.BytesIO()
    from_pillow(Image.new("RGB", size, "teal")).save(out, format="HEIF")
    return out.getvalue()


KINDS: dict[str, bytes] = {
    "offer.pdf": pdf("warehouse gate"),
    "offer.docx": docx("warehouse gate"),
    "offer.xlsx": xlsx("warehouse gate"),
    "offer.pptx": pptx("warehouse gate"),
    "offer.odt": opendocument("odt", "warehouse gate"),
    "offer.ods": opendocument("ods", "warehouse gate"),
    "offer.odp": opendocument("odp", "warehouse gate"),
    "offer.txt": b"warehouse gate",
    "offer.csv": b"place;thing\nwarehouse;gate\n",
    "offer.md": b"# Offer\n\nThe warehouse gate\n",
}
"""One of each kind that is taken, by its name; all speak of the same."""
