"""The words of the documents that come with texts, for the index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, or_, select

from forum.core.db import db
from forum.core.texts import Text
from forum.discussion.models import Comment
from forum.files.models import Upload, UploadText, UploadUse
from forum.ideas.models import Idea
from forum.search.documents import Ref
from forum.standards.models import Version, VersionState

MOST = 100_000
"""Characters of all documents of a thing that are looked at."""
IDS: Any = bindparam("ids", expanding=True)


def _words(kind: str, shown: Any) -> Any:
    """The words of documents that the present text names: a link that was taken out counts no more.

    The comparison is loose about the letters of a key, and a key is too long to be met by chance.
    """
    named = select(Text.id).where(shown, Text.source.contains(Upload.key))
    return (
        select(UploadUse.subject_id, Upload.name, UploadText.plain)
        .join(Upload, Upload.id == UploadUse.upload_id)
        .join(UploadText, UploadText.upload_id == Upload.id)
        .where(UploadUse.kind == kind, UploadUse.subject_id.in_(IDS))
        .where(UploadText.plain != "", named.exists())
        .order_by(UploadUse.subject_id, Upload.id)
    )


STATEMENTS = {
    "idea": _words(
        "idea",
        (Idea.id == UploadUse.subject_id)
        & or_(Text.id == Idea.problem_id, Text.id == Idea.proposal_id, Text.id == Idea.outcome_id),
    ),
    "comment": _words(
        "comment", (Comment.id == UploadUse.subject_id) & (Text.id == Comment.text_id)
    ),
    "standard": _words(
        "standard",
        (Version.standard_id == UploadUse.subject_id)
        & (Version.state == VersionState.IN_FORCE)
        & (Text.id == Version.text_id),
    ),
}


def named(refs: Iterable[Ref]) -> Iterator[tuple[Ref, str, str]]:
    """The documents that come with things, by name and words. One query a kind that has texts."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for kind, row_id in refs:
        wanted[kind].append(row_id)
    for kind in STATEMENTS.keys() & wanted.keys():
        for subject_id, name, plain in db.session.execute(STATEMENTS[kind], {"ids": wanted[kind]}):
            yield (kind, subject_id), name, plain


def files_of(kind: str, ids: Sequence[int]) -> dict[int, str]:
    """The words of the documents that come with things of a kind. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    for subject_id, _name, plain in db.session.execute(STATEMENTS[kind], {"ids": ids}):
        found[subject_id].append(plain)
    return {subject_id: "\n".join(parts)[:MOST] for subject_id, parts in found.items()}
