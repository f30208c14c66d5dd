"""Links to documents as a reader sees them: with the kind and the size beside the name.

A text is stored once for all readers and its link holds a key only. What is known of the file is
put beside it on the way to the page, in the reader's language, and only where the file is in use:
naming somebody else's key tells nothing about the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.i18n import _, number
from forum.files.kinds import BY_TYPE
from forum.files.models import Upload, UploadUse
from forum.files.uses import KEY

LINK = re.compile(
    r'<a href="(/files/([A-Za-z0-9_-]{22}))"(?: title="[^"]*")? rel="[a-z ]*">(.*?)</a>', re.DOTALL
)
KILOBYTE, MEGABYTE = 1_000, 1_000_000
Texts = Mapping[int, Sequence[str]]


def lined(kind: str, texts: Texts) -> dict[int, list[str]]:
    """HTML by the id of the thing of this kind that shows it, its documents told by kind and size.

    No query where no text names a file, otherwise one.
    """
    shown = {subject_id: list(htmls) for subject_id, htmls in texts.items()}
    keys = {key for htmls in shown.values() for html in htmls for key in _keys(html)}
    if not keys:
        return shown
    query = (
        select(UploadUse.subject_id, Upload.key, Upload.media_type, Upload.size)
        .join(Upload, Upload.id == UploadUse.upload_id)
        .where(Upload.key.in_(keys), Upload.name != "")
        .where(UploadUse.kind == kind, UploadUse.subject_id.in_(shown))
    )
    known: dict[int, dict[str, str]] = {subject_id: {} for subject_id in shown}
    for subject_id, key, media_type, size in db.session.execute(query):
        known[subject_id][key] = note_of(media_type, size)
    return {
        subject_id: [_with_notes(html, known[subject_id]) for html in htmls]
        for subject_id, htmls in shown.items()
    }


def previewed(writer: Person, html: str) -> str:
    """A text that is still being written, with the writer's own documents told. As `lined`."""
    keys = set(_keys(html))
    if not keys:
        return html
    query = select(Upload.key, Upload.media_type, Upload.size).where(
        Upload.key.in_(keys), Upload.name != "", Upload.person_id == writer.id
    )
    rows = db.session.execute(query)
    return _with_notes(html, {key: note_of(media_type, size) for key, media_type, size in rows})


def _keys(html: str) -> Iterable[str]:
    return KEY.findall(html) if "/files/" in html else ()


def note_of(media_type: str, size: int) -> str:
    """A document's kind and size in words."""
    kind = BY_TYPE.get(media_type)
    return f"{kind.name}, {size_of(size)}" if kind is not None else size_of(size)


def size_of(size: int) -> str:
    """Bytes as people say them."""
    if size >= MEGABYTE:
        return _("%(number)s MB", number=number(round(size / MEGABYTE, 1)))
    return _("%(number)s kB", number=number(max(1, round(size / KILOBYTE))))


def _with_notes(html: str, notes: Mapping[str, str]) -> str:
    def line(link: re.Match[str]) -> str:
        address, key, words = link.groups()
        if key not in notes:
            return link.group()
        return str(_component().file_line(address, words, notes[key]))

    return LINK.sub(line, html) if notes else html


def _component() -> Any:
    return current_app.jinja_env.get_template("components/file_line.html").module
