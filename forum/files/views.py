"""Uploading and showing pictures."""

from __future__ import annotations

from flask import Blueprint, Response, g, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.errorpages import wants_json
from forum.core.errors import Invalid, NotFound
from forum.core.i18n import _
from forum.core.intake import takes_pictures
from forum.core.textcheck import excerpt
from forum.files import actions, storage
from forum.files.incoming import sent_picture
from forum.files.queries import upload_or_404

bp = Blueprint("files", __name__)


@bp.post("/files")
@takes_pictures
def create() -> ResponseReturnValue:
    """Keep a picture, and say how a text shows it."""
    sent = request.files.get("file")
    if sent is None:
        raise Invalid(_("Choose a picture."), field="file")
    kept = actions.upload(me(), sent_picture("file"))
    url = f"/files/{kept.key}"
    if not wants_json():
        return redirect(url, 303)
    name = _plain_name(sent.filename or "")
    answer = jsonify(url=url, name=name, markdown=f"![{name}]({url})")
    answer.headers["Location"] = url
    return answer, 201


def _plain_name(name: str) -> str:
    """A file's name as a picture's words: no path, no ending, no brackets."""
    bare = name.replace("\\", "/").rpartition("/")[2].partition(".")[0]
    return excerpt(bare.translate({ord(char): " " for char in "[]()`!"}), 80)


@bp.get("/files/<key>")
def show(key: str) -> ResponseReturnValue:
    """A picture, to whoever may see where it is used."""
    kept = upload_or_404(me(), key)
    content = storage.read(kept.sha256)
    if content is None:
        raise NotFound
    response = Response(content, mimetype=kept.media_type)
    response.set_etag(kept.sha256[:32])
    if not g.get("no_store"):
        # What lies under a key never changes, and no cache shared by people may keep it.
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["Content-Disposition"] = "inline"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response.make_conditional(request)
