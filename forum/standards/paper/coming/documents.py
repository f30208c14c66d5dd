"""One file as a document: its number, title, text in Markdown, pictures, and what was not
understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from forum.core import limits
from forum.core.i18n import _
from forum.core.site import site
from forum.core.textcheck import clean_line, clean_text
from forum.files.names import last_part
from forum.standards.paper.coming import markup, words
from forum.standards.paper.coming.reading import Draft, Refused, Source

ENDINGS = {"md": "md", "markdown": "md", "html": "html", "htm": "html", "docx": "docx"}
"""Which format a file's ending says."""
FORMATS = ("md", "html", "docx")
READERS = {"md": markup.markdown, "html": markup.html, "docx": words.docx}
MOST = {"md": 2_000_000, "html": 10_000_000, "docx": limits.UPLOAD.value}
"""Bytes: HTML of word processors is ten times its words, and holds pictures."""
_NUMBER = re.compile(
    r"\s*([A-Za-z]{1,8})([-_ ]?)([0-9]{1,9})(?![0-9A-Za-z])[\s.:,)_–—-]*", re.ASCII
)
_SCHEME = re.compile(r"[A-Za-z]{1,8}-[0-9]{1,9}", re.ASCII)
_HEADING = re.compile(r"#{1,6}[ \t]+(.+?)[ \t]*#*$")


@dataclass(slots=True)
class Document:
    """A standard as its file has it. `number` is empty where the file names none."""

    name: str
    number: str
    title: str
    source: str
    pictures: list[bytes] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    """What was not understood, by line."""
    owner: str = ""
    departments: list[str] = field(default_factory=list)
    review_on: date | None = None
    since: date | None = None
    change: str = ""


def read(path: Path, root: Path, wanted: str | None = None) -> Document:
    """Read a file as what it says it is, or as `wanted`. Raises Refused."""
    kind = wanted or ENDINGS.get(path.suffix.removeprefix(".").lower())
    if kind is None:
        raise Refused(_("Markdown, HTML and Word documents (.docx) are read; this is neither."))
    if path.stat().st_size > MOST[kind]:
        raise Refused(_("This file is too large."))
    source = Source(path.read_bytes(), path, root)
    draft = READERS[kind](source)
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    return _document(name, draft)


def _document(name: str, draft: Draft) -> Document:
    number, title, text = _told(Path(name).stem, draft)
    if not limits.STANDARD_TEXT.allows(text):
        raise Refused(
            _(
                "It has %(found)d characters, more than the %(most)d of a standard. Divide it.",
                found=len(text),
                most=limits.STANDARD_TEXT.value,
            )
        )
    if not text.strip():
        raise Refused(_("There is no text in it."))
    notes = list(draft.notes)
    if not limits.TITLE.allows(title):
        notes.append((1, _("The title was too long and was cut.")))
        title = title[: limits.TITLE.value - 2].rsplit(" ", 1)[0] + " …"
    facts = draft.facts
    return Document(
        name=name,
        number=number,
        title=title,
        source=text,
        pictures=draft.pictures,
        notes=notes,
        owner=facts.get("owner_email", ""),
        departments=[d for part in facts.get("departments", "").split(";") if (d := part.strip())],
        review_on=_day(facts.get("review", ""), notes),
        since=_day(facts.get("since", ""), notes),
        change=facts.get("change", "")[: limits.NOTE.value],
    )


def _told(stem: str, draft: Draft) -> tuple[str, str, str]:
    """Number, title and the text without them: facts first, then the file's name, the headings."""
    text = clean_text(draft.source).strip()
    first, _newline, rest = text.partition("\n")
    heading = _HEADING.match(first)
    line = heading.group(1) if heading else first
    found, left = _of_heading(_plain(line))
    by_name, named = split_number(last_part(stem).replace("_", " "))
    number = _scheme(draft.facts.get("number", "")) or found or by_name
    heads = bool(heading and draft.is_titled) or bool(found and len(line) <= limits.TITLE.value)
    if heads:
        text = rest.strip()
    told = draft.facts.get("title") or draft.title or (left if heads else "")
    again, untold = split_number(told)
    title = untold if again and again in (number, found, by_name) else told
    return number, clean_line(title) or clean_line(named) or number or stem, text


def split_number(line: str) -> tuple[str, str]:
    """`PS-014 Title` as its number and the rest; no number where the line begins with none."""
    found = _NUMBER.match(line)
    if found is None:
        return "", line
    return f"{found.group(1).upper()}-{int(found.group(3)):03d}", line[found.end() :]


def _of_heading(line: str) -> tuple[str, str]:
    """The same where it is surely a number, with a hyphen or the company's prefix: headings count
    sections too."""
    found = _NUMBER.match(line)
    if found is None:
        return "", line
    is_sure = found.group(2) == "-" or found.group(1).upper() == site().number_prefix
    return split_number(line) if is_sure else ("", line)


def _scheme(said: str) -> str:
    return said.strip().upper() if _SCHEME.fullmatch(said.strip()) else ""


def _plain(line: str) -> str:
    return re.sub(r"[*_`\\]", "", line)


def _day(said: str, notes: list[tuple[int, str]]) -> date | None:
    if not said.strip():
        return None
    try:
        return read_day(said)
    except ValueError:
        notes.append((1, _("“%(text)s” is no day; it was left out.", text=said[:40])))
        return None


def read_day(said: str) -> date:
    """A day as people write it in lists: 2026-05-31 or 31.05.2026. Raises ValueError."""
    said = said.strip()
    turned = re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", said)
    if turned:
        return date(int(turned.group(3)), int(turned.group(2)), int(turned.group(1)))
    return date.fromisoformat(said[:10])
