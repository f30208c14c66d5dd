"""The files that texts show, as the lines that `forum import files` reads.

What a file holds lies beside, in the folder `files`, under its digest.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import String, and_, case, cast, exists, literal, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.admin.export_ideas import name_of
from forum.admin.export_parts import called, moment, without_nothing
from forum.core.db import db
from forum.discussion.models import Comment
from forum.files import storage
from forum.files.models import Upload, UploadUse
from forum.ideas.models import Idea
from forum.standards.models import Standard
from forum.training.models import Session

FOLDER = "files"
KINDS = ("idea", "comment", "standard", "training")
BATCH = 200


def file_lines(directory: Path) -> Iterator[str]:
    """Every file in use, oldest first, copied into the directory. Five queries a batch."""
    last = 0
    used = exists().where(UploadUse.upload_id == Upload.id, UploadUse.kind.in_(KINDS))
    query = select(Upload, Person).join(Person, Person.id == Upload.person_id).where(used)
    while rows := db.session.execute(
        query.where(Upload.id > last).order_by(Upload.id).limit(BATCH)
    ).all():
        shown = _shown_in([upload.id for upload, _person in rows])
        for upload, person in rows:
            if _copy(directory, upload.sha256):
                line = _line(upload, person) | shown[upload.id]
                yield json.dumps(without_nothing(line), ensure_ascii=False) + "\n"
        last = rows[-1][0].id


def _line(upload: Upload, person: Person) -> dict[str, Any]:
    return {
        "key": upload.key,
        "name": upload.name,
        "sha256": upload.sha256,
        "by": called(person),
        "created_at": moment(upload.created_at),
    }


def _shown_in(upload_ids: list[int]) -> dict[int, dict[str, list[Any]]]:
    """What shows files, as other files of an export call it. Four queries."""
    found: dict[int, dict[str, list[Any]]] = defaultdict(
        lambda: {"ideas": [], "comments": [], "standards": [], "sessions": []}
    )
    mine = UploadUse.upload_id.in_(upload_ids)
    ideas = (
        select(UploadUse.upload_id, name_of(Idea))
        .join(Idea, and_(UploadUse.kind == "idea", Idea.id == UploadUse.subject_id))
        .where(mine)
        .order_by(Idea.id)
    )
    comments = (
        select(UploadUse.upload_id, name_of(Idea), comment_name())
        .join(Comment, and_(UploadUse.kind == "comment", Comment.id == UploadUse.subject_id))
        .join(Idea, Idea.thread_id == Comment.thread_id)
        .where(mine, Comment.deleted_at.is_(None))
        .order_by(Comment.id)
    )
    standards = (
        select(UploadUse.upload_id, Standard.number)
        .join(Standard, and_(UploadUse.kind == "standard", Standard.id == UploadUse.subject_id))
        .where(mine)
        .order_by(Standard.sequence)
    )
    sessions = (
        select(UploadUse.upload_id, Session.uid)
        .join(Session, and_(UploadUse.kind == "training", Session.id == UploadUse.subject_id))
        .where(mine)
        .order_by(Session.id)
    )
    shown = {"ideas": ideas, "standards": standards, "sessions": sessions}
    for kind, query in shown.items():
        for upload_id, name in db.session.execute(query):
            found[upload_id][kind].append(name)
    for upload_id, idea, comment in db.session.execute(comments):
        found[upload_id]["comments"].append([idea, comment])
    return found


def comment_name() -> Any:
    """What a comment is called in files: see `export_parts`."""
    other, own = aliased(Comment), cast(Comment.id, String)
    there = other.thread_id == Comment.thread_id, other.deleted_at.is_(None)
    marked = literal("own-") + own
    taken = exists().where(other.source_id == own, *there)
    doubled = exists().where(other.source_id == Comment.source_id, other.id < Comment.id, *there)
    return case(
        (Comment.source_id.is_(None), case((taken, marked), else_=own)),
        (doubled, marked),
        else_=Comment.source_id,
    )


def _copy(directory: Path, sha256: str) -> bool:
    """Lay a file into the folder beside the lines; False when it is gone."""
    content = storage.read(sha256)
    if content is None:
        return False
    folder = directory / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    place = folder / sha256
    place.touch(mode=0o600)
    place.write_bytes(content)
    return True
