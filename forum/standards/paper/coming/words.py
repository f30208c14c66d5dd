"""Reading Word documents: looked into like an upload first, then read by styles."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any

from forum.core.errors import Invalid
from forum.core.i18n import _, ngettext
from forum.files import documents
from forum.standards.paper.coming.markup import of_html
from forum.standards.paper.coming.reading import MOST_ROWS, Draft, Refused, Source
from forum.standards.paper.extra import require_extra
from forum.standards.paper.word import MEDIA_TYPE

STYLES = "\n".join(
    (
        "p[style-name='Title'] => h1.title:fresh",
        "p[style-name='Название'] => h1.title:fresh",
        "p[style-name='Subtitle'] => p:fresh",
        "p[style-name='Quote'] => blockquote > p:fresh",
        "p[style-name='Intense Quote'] => blockquote > p:fresh",
        *(
            f"p[style-name='{name} {n}'] => h{n}:fresh"
            for name in ("Заголовок", "heading", "Heading")
            for n in range(1, 7)
        ),
        *(f"p[style-name='{name}'] => p:fresh" for name in ("No Spacing", "Body Text", "caption")),
        *(f"p[style-name='List Continue{n}'] => p:fresh" for n in ("", " 2", " 3")),
    )
)
"""What becomes of styles beside those that the library knows, Russian ones included."""
MOST_UNPACKED = 40_000_000
_STYLE = re.compile(r"Unrecognised (?:paragraph|run|table) style: (.*?)(?: \(Style ID: .*\))?$")
_BODY = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def docx(source: Source) -> Draft:
    """A Word document as Markdown. Raises Refused, and NoWord without the extra."""
    require_extra()
    try:
        told = documents.told(source.raw, f"{source.path.stem[:80] or 'x'}.docx")
    except Invalid as refusal:
        raise Refused(str(refusal.message)) from None
    if told.media_type != MEDIA_TYPE:
        raise Refused(_("This file is not what its name says."))
    raw, notes = _bounded(source.raw)
    html, messages = _html(raw)
    draft = of_html(html, source, lines=False)
    draft.notes = [*notes, *draft.notes]
    for sentence in messages:
        draft.note(1, sentence)
    return draft


def _html(raw: bytes) -> tuple[str, list[str]]:
    """The document as HTML, and what the library did not understand."""
    import mammoth

    try:
        made = mammoth.convert_to_html(
            BytesIO(raw),
            style_map=STYLES,
            include_embedded_style_map=False,
            ignore_empty_paragraphs=True,
        )
    # The library reports damage in whatever way the damage leads it.
    except Exception as error:
        raise Refused(_("This file is damaged. Open it, save it again and send that.")) from error
    return made.value, list(dict.fromkeys(_said(str(each.message)) for each in made.messages))


def _said(message: str) -> str:
    """A remark of the library in our words, where it is one that people can act on."""
    style = _STYLE.match(message)
    if style:
        name = style.group(1).strip("'\"")[:80]
        return _("The style “%(name)s” is not known; its text was taken as it is.", name=name)
    return _("Something was left out: %(what)s", what=message[:200])


def _bounded(raw: bytes) -> tuple[bytes, list[tuple[int, str]]]:
    """The document with as many rows as are taken, and notes on what nobody reads."""
    from lxml import etree

    notes: list[tuple[int, str]] = []
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
            raise Refused(_("This file unfolds into far more than it is. Send a smaller one."))
        names = set(archive.namelist())
        if _BODY not in names:
            raise Refused(_("This file is damaged. Open it, save it again and send that."))
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        try:
            body = etree.fromstring(archive.read(_BODY), parser)
        except etree.XMLSyntaxError:
            sentence = _("This file is damaged. Open it, save it again and send that.")
            raise Refused(sentence) from None
        _note_silent(archive, names, body, notes)
        if not _cut_rows(body, notes):
            return raw, notes
        return _with_body(archive, etree.tostring(body)), notes


def _note_silent(
    archive: zipfile.ZipFile, names: set[str], body: Any, notes: list[tuple[int, str]]
) -> None:
    if "word/comments.xml" in names:
        number = archive.read("word/comments.xml").count(b"<w:comment ")
        if number:
            words = ngettext(
                "%(num)d comment was left out.", "%(num)d comments were left out.", number
            )
            notes.append((1, words))
    if any(re.match(r"word/(?:header|footer)\d*\.xml", name) for name in names):
        notes.append((1, _("Headers and footers were left out.")))
    changed = sum(1 for _each in body.iter(f"{_W}ins", f"{_W}del"))
    if changed:
        words = ngettext(
            "%(num)d tracked change was taken as accepted.",
            "%(num)d tracked changes were taken as accepted.",
            changed,
        )
        notes.append((1, words))


def _cut_rows(body: Any, notes: list[tuple[int, str]]) -> bool:
    """Leave out what is too much of a table; whether anything was."""
    was_cut = False
    for table in body.iter(f"{_W}tbl"):
        rows = table.findall(f"{_W}tr")
        if len(rows) > MOST_ROWS:
            was_cut = True
            words = _(
                "Of a table of %(found)d rows the first %(most)d were taken.",
                found=len(rows),
                most=MOST_ROWS,
            )
            notes.append((1, words))
            for row in rows[MOST_ROWS:]:
                table.remove(row)
    return was_cut


def _with_body(archive: zipfile.ZipFile, body: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as fresh:
        for part in archive.infolist():
            content = body if part.filename == _BODY else archive.read(part)
            fresh.writestr(part.filename, content)
    return out.getvalue()
