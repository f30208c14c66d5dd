"""Uploading files and handing them out."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, g, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.errorpages import wants_json
from forum.core.errors import Invalid, NotFound
from forum.core.i18n import _
from forum.core.intake import takes_pictures
from forum.core.textcheck import excerpt
from forum.files import actions, storage
from forum.files.documents import Document
from forum.files.incoming import sent_files
from forum.files.models import Upload
from forum.files.names import last_part
from forum.files.queries import upload_or_404

bp = Blueprint("files", __name__)
SANDBOX = "default-src 'none'; sandbox"
"""Whatever a browser takes a document for, it may run and load nothing."""


@bp.post("/files")
@takes_pictures
def create() -> ResponseReturnValue:
    """Keep a file, and say how a text shows it."""
    sent = sent_files("file")
    if not sent:
        raise Invalid(_("Choose a file."), field="file")
    kept = actions.upload(me(), *sent[0])
    if not wants_json():
        return redirect(kept.address, 303)
    name = _words_of(sent[0].name, kept)
    picture = not isinstance(kept.file, Document)
    markdown = kept.shown(name)
    answer = jsonify(url=kept.address, name=name, picture=picture, markdown=markdown)
    answer.headers["Location"] = kept.address
    return answer, 201


def _words_of(sent: str, kept: actions.Prepared) -> str:
    """What a text calls it: a document by its name, a picture by what is left of one."""
    if isinstance(kept.file, Document):
        return kept.file.name
    bare = last_part(sent).partition(".")[0]
    return excerpt(bare.translate({ord(char): " " for char in "[]()`!"}), 80)


@bp.get("/files/<key>")
def show(key: str) -> ResponseReturnValue:
    """A file, to whoever may see where it is used."""
    kept = upload_or_404(me(), key)
    content = storage.read(kept.sha256)
    if content is None:
        raise NotFound
    response = Response(content, content_type=kept.media_type)
    response.set_etag(kept.sha256[:32])
    if not g.get("no_store"):
        # What lies under a key never changes, and no cache shared by people may keep it.
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    _dispose(response, kept)
    return response.make_conditional(request)


def _dispose(response: Response, kept: Upload) -> None:
    """A picture is shown; a document is only handed over, to be saved under its name."""
    if not kept.name:
        response.headers["Content-Disposition"] = "inline"
        return
    plain = "".join(char if char.isascii() and char not in '"\\%' else "_" for char in kept.name)
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(kept.name, safe='')}"
    response.headers["Content-Disposition"] = named
    response.headers["Content-Security-Policy"] = SANDBOX
