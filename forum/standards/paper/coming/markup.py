"""Reading Markdown and HTML."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections import Counter
from typing import Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from forum.core.i18n import _, ngettext
from forum.core.textcheck import clean_line
from forum.standards.paper.coming.reading import (
    MOST_ROWS,
    Draft,
    Refused,
    Source,
    beside,
    text_of,
)
from forum.standards.paper.word import as_markdown

_FACT = re.compile(r"([a-z_-]{1,20}):[ \t]*(.*)")
_PICTURE = re.compile(r"!\[([^\[\]\n]{0,500})\]\(<?([^()\s<>]{1,1000})>?(?:[ \t]+\"[^\"\n]*\")?\)")
_TAG = re.compile(r"<(?:script|style|div|span|table|font|br)\b|<!--", re.I)
_NAMES = {"in-force-since": "since", "audience": "departments"}
_DROPPED = ("script", "style", "noscript", "template", "iframe", "object", "embed", "form", "svg")
_ENCODED = re.compile(rb"<meta[^<>]{0,200}charset", re.I)
_FOREIGN = re.compile(rb"\A(?:PK\x03\x04|%PDF|\xd0\xcf\x11\xe0|\x89PNG|\xff\xd8\xff)")


def markdown(source: Source) -> Draft:
    """Markdown, with facts above the text between lines of `---` if there are any."""
    text = text_of(source.raw).replace("\r\n", "\n")
    facts, body, before = _facts(text)
    draft = Draft("", facts=facts, is_titled=_begins_with_title(body))
    at = 1 + before
    for number, line in enumerate(body.split("\n"), at):
        if _TAG.search(line):
            draft.note(number, _("HTML stands in the text as it was typed."))
    draft.source = _PICTURE.sub(lambda found: _picture(found, source, draft, body, at), body)
    return draft


def _facts(text: str) -> tuple[dict[str, str], str, int]:
    """The facts above a text, the text, and how many lines they took."""
    if not text.startswith("---\n"):
        return {}, text, 0
    head, found, body = text[4:].partition("\n---\n")
    if not found or len(head) > 5_000:
        return {}, text, 0
    facts = {}
    for line in head.split("\n"):
        fact = _FACT.fullmatch(line.strip())
        if fact:
            name = _NAMES.get(fact.group(1), fact.group(1))
            facts[name] = clean_line(fact.group(2).strip("\"'"))
    return facts, body, head.count("\n") + 3


def _begins_with_title(body: str) -> bool:
    """Whether the first line is the only heading of its level, as a title is."""
    first = body.strip().partition("\n")[0]
    return first.startswith("# ") and len(re.findall(r"^# ", body, re.MULTILINE)) == 1


def _picture(found: re.Match[str], source: Source, draft: Draft, body: str, at: int) -> str:
    words, address = found.groups()
    line = at + body.count("\n", 0, found.start())
    shown = picture_at(address, source, draft, line)
    return f"![{words}]({shown})" if shown else found.group()


def picture_at(address: str, source: Source, draft: Draft, line: int) -> str:
    """A picture's address in the text once it is taken in; nothing where it is not."""
    if address.startswith("data:"):
        content = _inside(address)
    elif _is_elsewhere(address):
        draft.note(line, _("Pictures from elsewhere are not fetched: %(at)s", at=address[:100]))
        return ""
    else:
        content = beside(source, unquote(address))
    if content is None:
        draft.note(line, _("There is no such picture: %(at)s", at=address[:100]))
        return ""
    return draft.show(content, line)


def _is_elsewhere(address: str) -> bool:
    """Whether an address leads out of the folder; what is no address at all leads nowhere."""
    try:
        return bool(urlsplit(address).scheme) or address.startswith(("/", "\\"))
    except ValueError:
        return False


def _inside(address: str) -> bytes | None:
    """What an address that begins with `data:` holds itself."""
    kind, _comma, content = address.partition(",")
    try:
        raw = unquote_to_bytes(content)
        return b64decode(raw) if kind.endswith(";base64") else raw
    except (ValueError, binascii.Error):
        return None


def html(source: Source) -> Draft:
    """HTML as Markdown. Raises Refused, and NoWord without the extra."""
    if _FOREIGN.match(source.raw) or b"\x00" in source.raw[:1000]:
        raise Refused(_("This file is not what its name says."))
    return of_html(source.raw, source)


def of_html(raw: bytes | str, source: Source, *, lines: bool = True) -> Draft:
    """HTML, whoever made it, as Markdown; `lines` whether its own lines mean anything."""
    from forum.standards.paper.extra import require_extra

    require_extra()
    soup = _parsed(raw)
    draft = Draft("")
    heading = soup.title.get_text(" ") if soup.title else ""
    _drop(soup, draft, lines=lines)
    _bound_tables(soup, draft, lines=lines)
    for picture in soup.find_all("img"):
        at = _line(picture, lines=lines)
        shown = picture_at(str(picture.get("src", "")), source, draft, at)
        picture.attrs = {"alt": picture.get("alt", ""), "src": shown or picture.get("src", "")}
    tops = soup.find_all("h1")
    draft.is_titled = len(tops) == 1 and _stands_first(tops[0], soup)
    draft.title = clean_line(tops[0].get_text(" ")) if draft.is_titled else clean_line(heading)
    try:
        draft.source = as_markdown(str(soup.body or soup))
    except RecursionError:
        raise Refused(_("Its parts lie too deep within each other.")) from None
    return draft


def _parsed(raw: bytes | str) -> Any:
    from bs4 import BeautifulSoup

    text: bytes | str = raw
    if isinstance(raw, bytes) and not _ENCODED.search(raw[:4000]):
        text = text_of(raw)
    return BeautifulSoup(text, "html.parser")


def _line(tag: Any, *, lines: bool) -> int:
    return int(tag.sourceline or 1) if lines else 1


def _drop(soup: Any, draft: Draft, *, lines: bool) -> None:
    """Take out what is no text: scripts, styles, forms, remarks."""
    from bs4.element import Comment, PreformattedString

    dropped: Counter[str] = Counter()
    first: dict[str, int] = {}
    for tag in soup.find_all(_DROPPED):
        if not tag.decomposed:
            dropped[tag.name] += 1
            first.setdefault(tag.name, _line(tag, lines=lines))
            tag.decompose()
    for name, number in dropped.items():
        words = ngettext(
            "%(num)d part was left out: <%(name)s>.",
            "%(num)d parts were left out: <%(name)s>.",
            number,
            name=name,
        )
        draft.note(first[name], words)
    remarks = soup.find_all(string=lambda text: isinstance(text, PreformattedString))
    real = [text for text in remarks if isinstance(text, Comment) and not _is_conditional(text)]
    if real:
        words = ngettext(
            "%(num)d comment was left out.", "%(num)d comments were left out.", len(real)
        )
        draft.note(1, words)
    for text in remarks:
        text.extract()


def _is_conditional(text: str) -> bool:
    """What word processors tell old browsers is no remark of anybody's."""
    return text.lstrip().startswith(("[if", "[endif"))


def _bound_tables(soup: Any, draft: Draft, *, lines: bool) -> None:
    for table in soup.find_all("table"):
        rows = table.find_all("tr")
        if len(rows) > MOST_ROWS:
            words = _(
                "Of a table of %(found)d rows the first %(most)d were taken.",
                found=len(rows),
                most=MOST_ROWS,
            )
            draft.note(_line(table, lines=lines), words)
            for row in rows[MOST_ROWS:]:
                row.decompose()
        if table.find(["td", "th"], attrs={"colspan": True}) or table.find(
            ["td", "th"], attrs={"rowspan": True}
        ):
            draft.note(_line(table, lines=lines), _("Merged cells of a table were taken apart."))


def _stands_first(heading: Any, soup: Any) -> bool:
    """Whether nothing is said before a heading."""
    body = soup.body or soup
    said = [text for text in heading.find_all_previous(string=True) if text.strip()]
    return not any(body in text.parents for text in said)
