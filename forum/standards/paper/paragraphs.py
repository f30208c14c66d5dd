"""Sanitised HTML as paragraphs of a Word document."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from PIL import Image

from forum.files.uses import KEY
from forum.standards.paper.pictures import Pictures

DEEPEST_LIST, DEEPEST_HEADING = 3, 6
_UNFIT = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
WIDEST = Mm(150)
_BLOCKS = frozenset(
    ("p", "ul", "ol", "table", "blockquote", "pre", "div", "hr", "dl", "h2", "h3", "h4", "h5", "h6")
)


class Writer:
    """Writes block after block at the end of a document."""

    def __init__(self, made: Any, pictures: Pictures, base: str) -> None:
        self._made, self._pictures, self._base = made, pictures, base

    def heading(self, words: str, depth: int) -> None:
        """A heading, which Word's contents and navigation show."""
        self._made.add_heading(bare(words), min(depth, DEEPEST_HEADING))

    def write(self, html: str) -> None:
        """The blocks of some HTML."""
        self._blocks(BeautifulSoup(html, "html.parser"), self._made)

    def _blocks(self, parent: Tag, place: Any, style: str | None = None) -> None:
        """What stands in a block: blocks of their own, and words between them as paragraphs."""
        loose: list[Any] = []
        for child in [*parent.children, None]:
            if child is not None and not (isinstance(child, Tag) and child.name in _BLOCKS):
                loose.append(child)
                continue
            if any(_says_something(each) for each in loose):
                paragraph = place.add_paragraph(style=style)
                for each in loose:
                    self._words(each, paragraph, {})
            loose = []
            if child is not None:
                self._block(child, place, style)

    def _block(self, tag: Tag, place: Any, style: str | None) -> None:
        if tag.name in ("ul", "ol"):
            self._list(tag, place, 1)
        elif tag.name == "table":
            self._table(tag, place)
        elif tag.name == "blockquote":
            self._blocks(tag, place, "Quote")
        elif tag.name[0] == "h" and tag.name[1:].isdigit():
            self.heading(tag.get_text(), int(tag.name[1]) - 1)
        else:
            _OTHERS.get(tag.name, Writer._paragraph)(self, tag, place, style)

    def _paragraph(self, tag: Tag, place: Any, style: str | None) -> None:
        paragraph = place.add_paragraph(style=style)
        for child in tag.children:
            self._words(child, paragraph, {})

    def _inside(self, tag: Tag, place: Any, style: str | None) -> None:
        self._blocks(tag, place, style)

    def _code(self, tag: Tag, place: Any, _style: str | None) -> None:
        paragraph = place.add_paragraph(style="No Spacing")
        _mono(paragraph.add_run(bare(tag.get_text()).rstrip("\n")))

    def _line(self, _tag: Tag, place: Any, _style: str | None) -> None:
        place.add_paragraph("—")

    def _list(self, tag: Tag, place: Any, depth: int) -> None:
        kind = "List Bullet" if tag.name == "ul" else "List Number"
        style = kind if depth == 1 else f"{kind} {min(depth, DEEPEST_LIST)}"
        number = _restarted(self._made, style, tag) if tag.name == "ol" else None
        for item in tag.find_all("li", recursive=False):
            paragraph = place.add_paragraph(style=style)
            if number is not None:
                _count(paragraph, number)
            self._item(item, paragraph, place, depth)

    def _item(self, item: Tag, paragraph: Any, place: Any, depth: int) -> None:
        """An item's own words, then what stands below it."""
        own = True
        for child in item.children:
            if isinstance(child, Tag) and child.name in ("ul", "ol"):
                self._list(child, place, depth + 1)
            elif (
                isinstance(child, Tag) and child.name in _BLOCKS and not (own and child.name == "p")
            ):
                self._block(child, place, "List Continue")
            else:
                self._own_words(child, paragraph)
                own = own and not _says_something(child)

    def _own_words(self, child: Any, paragraph: Any) -> None:
        """What stands in the line of an item itself, its first paragraph perhaps."""
        if isinstance(child, NavigableString):
            child = NavigableString(str(child).strip("\n"))
        for each in child.children if isinstance(child, Tag) and child.name == "p" else (child,):
            self._words(each, paragraph, {})

    def _table(self, tag: Tag, place: Any) -> None:
        rows = [row.find_all(["td", "th"], recursive=False) for row in tag.find_all("tr")]
        width = max((len(row) for row in rows), default=0)
        if not width:
            return
        table = place.add_table(rows=0, cols=width)
        table.style = "Table Grid"
        for row in rows:
            made = table.add_row()
            if row and all(cell.name == "th" for cell in row):
                _repeat(made)
            for cell, target in zip(row, made.cells, strict=False):
                look = {"bold": True} if cell.name == "th" else {}
                for child in cell.children:
                    self._words(child, target.paragraphs[0], look)

    def _words(self, node: Any, paragraph: Any, look: dict[str, bool]) -> None:
        """Words with their emphasis; links and pictures among them."""
        if isinstance(node, NavigableString):
            _run(paragraph, " ".join(str(node).split("\n")), look)
        elif isinstance(node, Tag) and node.name in _SINGLE:
            _SINGLE[node.name](self, node, paragraph)
        elif isinstance(node, Tag):
            for child in node.children:
                self._words(child, paragraph, look | _LOOKS.get(node.name, {}))

    def _break(self, _node: Tag, paragraph: Any) -> None:
        paragraph.add_run().add_break()

    def _link(self, node: Tag, paragraph: Any) -> None:
        _link(paragraph, node.get_text(), urljoin(self._base, str(node.get("href", ""))))
        for picture in node.find_all("img"):
            self._picture(picture, paragraph)

    def _picture(self, node: Tag, paragraph: Any) -> None:
        key = KEY.search(str(node.get("src", "")))
        known = self._pictures.get(key.group(1)) if key else None
        words = str(node.get("alt", ""))
        if known is None:
            paragraph.add_run(bare(words))
            return
        content = _as_png(known[0]) if known[1] == "image/webp" else known[0]
        shape = paragraph.add_run().add_picture(BytesIO(content))
        if shape.width > WIDEST:
            shape.height = int(shape.height * WIDEST / shape.width)
            shape.width = WIDEST
        shape._inline.docPr.set("descr", bare(words))


_OTHERS: dict[str, Callable[[Writer, Tag, Any, str | None], None]] = {
    "div": Writer._inside,
    "dl": Writer._inside,
    "pre": Writer._code,
    "hr": Writer._line,
}
_SINGLE: dict[str, Callable[[Writer, Tag, Any], None]] = {
    "br": Writer._break,
    "a": Writer._link,
    "img": Writer._picture,
}
_LOOKS: dict[str, dict[str, bool]] = {
    "strong": {"bold": True},
    "b": {"bold": True},
    "em": {"italic": True},
    "i": {"italic": True},
    "s": {"strike": True},
    "del": {"strike": True},
    "u": {"underline": True},
    "code": {"code": True},
    "kbd": {"code": True},
    "sub": {"subscript": True},
    "sup": {"superscript": True},
}


def bare(words: str) -> str:
    """Words without what XML cannot hold."""
    return _UNFIT.sub("", words)


def _says_something(node: Any) -> bool:
    if isinstance(node, Tag):
        return bool(node.get_text().strip()) or node.name == "img" or node.find("img") is not None
    return bool(str(node).strip())


def _run(paragraph: Any, words: str, look: dict[str, bool]) -> None:
    if not words:
        return
    run = paragraph.add_run(bare(words))
    for name, value in look.items():
        if name == "code":
            _mono(run)
        elif name in ("bold", "italic", "underline"):
            setattr(run, name, value)
        else:
            setattr(run.font, name, value)


def _mono(run: Any) -> None:
    run.font.name = "Courier New"


def _link(paragraph: Any, words: str, address: str) -> None:
    related = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link, run, look = (OxmlElement(name) for name in ("w:hyperlink", "w:r", "w:rPr"))
    link.set(qn("r:id"), related)
    underline, colour, text = (OxmlElement(name) for name in ("w:u", "w:color", "w:t"))
    underline.set(qn("w:val"), "single")
    colour.set(qn("w:val"), "0563C1")
    look.extend([colour, underline])
    text.text = bare(words)
    text.set(qn("xml:space"), "preserve")
    run.extend([look, text])
    link.append(run)
    paragraph._p.append(link)


def _restarted(made: Any, style: str, tag: Tag) -> int | None:
    """A count of its own for a list: Word would go on where the last one ended."""
    properties = made.styles[style].element.pPr
    known = properties.numPr if properties is not None else None
    if known is None:
        return None
    numbering = made.part.numbering_part.numbering_definitions._numbering
    abstract = numbering.num_having_numId(known.numId.val).abstractNumId.val
    fresh = numbering.add_num(abstract)
    start = str(tag.get("start", "1"))
    fresh.add_lvlOverride(ilvl=0).add_startOverride(int(start) if start.isdigit() else 1)
    return int(fresh.numId)


def _count(paragraph: Any, number: int) -> None:
    counted = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    counted.get_or_add_ilvl().val = 0
    counted.get_or_add_numId().val = number


def _repeat(row: Any) -> None:
    """A head that stands again on every page, and is told as a head to a screen reader."""
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(head)


def _as_png(content: bytes) -> bytes:
    out = BytesIO()
    with Image.open(BytesIO(content)) as picture:
        picture.save(out, "PNG")
    return out.getvalue()


def add_field(paragraph: Any, code: str) -> None:
    """A figure that Word computes, such as the page."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)
