"""The pictures in a text, to be put into a file of their own."""

from __future__ import annotations

from sqlalchemy import select

from forum.core.db import db
from forum.files import storage
from forum.files.models import Upload, UploadUse
from forum.files.uses import KEY

Pictures = dict[str, tuple[bytes, str]]
"""Content and media type by key."""


def pictures_in(standard_id: int, html: str) -> Pictures:
    """The pictures of a text that this standard shows; none that anybody else's does. One query,
    none without pictures."""
    keys = list(dict.fromkeys(KEY.findall(html)))
    if not keys:
        return {}
    query = (
        select(Upload.key, Upload.sha256, Upload.media_type)
        .join(UploadUse, UploadUse.upload_id == Upload.id)
        .where(UploadUse.kind == "standard", UploadUse.subject_id == standard_id)
        .where(Upload.key.in_(keys), Upload.name == "")
    )
    rows = db.session.execute(query).all()
    read = {key: (storage.read(sha256), media_type) for key, sha256, media_type in rows}
    return {key: (raw, media_type) for key, (raw, media_type) in read.items() if raw is not None}
