"""Tags: finding or making them, and filing an idea under them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.core import limits
from forum.core.db import db
from forum.core.errors import Invalid
from forum.core.i18n import _, ngettext
from forum.core.textcheck import clean_line
from forum.core.words import slugify
from forum.ideas.models import IdeaTag, Tag


def parse_tags(text: str) -> list[str]:
    """Tags written with commas, each once. Raises Invalid over the limits."""
    names: dict[str, str] = {}
    for part in text.split(","):
        name = clean_line(part)
        if name:
            names.setdefault(slugify(name), name)
    if any(len(name) > limits.TAG.value for name in names.values()):
        message = _("Keep each tag within %(limit)d characters.", limit=limits.TAG.value)
        raise Invalid(message, field="tags")
    if len(names) > limits.TAGS.value:
        most = limits.TAGS.value
        message = ngettext("Use at most %(num)d tag.", "Use at most %(num)d tags.", most)
        raise Invalid(message, field="tags")
    return list(names.values())


def file_under(idea_id: int, names: Sequence[str]) -> None:
    """Make these the idea's tags, in the open write."""
    db.session.execute(delete(IdeaTag).where(IdeaTag.idea_id == idea_id))
    ids = _tag_ids(names)
    db.session.add_all(
        IdeaTag(idea_id=idea_id, tag_id=tag_id, position=position)
        for position, tag_id in enumerate(ids)
    )


def _tag_ids(names: Sequence[str]) -> list[int]:
    if not names:
        return []
    slugs = {slugify(name): name for name in names}
    insert = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    db.session.execute(
        insert(Tag)
        .values([{"slug": slug, "name": name} for slug, name in slugs.items()])
        .on_conflict_do_nothing()
    )
    known = dict(db.session.execute(select(Tag.slug, Tag.id).where(Tag.slug.in_(slugs))).all())
    return [known[slug] for slug in slugs]
