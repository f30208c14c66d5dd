"""Tags: finding or making them, and filing an idea under them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
    ids = dict.fromkeys(tag_ids(names).values())
    db.session.add_all(
        IdeaTag(idea_id=idea_id, tag_id=tag_id, position=position)
        for position, tag_id in enumerate(ids)
    )


def tag_ids(names: Sequence[str]) -> dict[str, int]:
    """Ids of tags by name, made where they are missing, in the open write. At most three queries.

    Names that differ only in how they are written are one tag.
    """
    if not names:
        return {}
    slugs = {name: slugify(name) for name in names}
    known = _known(slugs.values())
    missing = {slug: name for name, slug in slugs.items() if slug not in known}
    if missing:
        insert = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
        rows = [{"slug": slug, "name": name} for slug, name in sorted(missing.items())]
        db.session.execute(insert(Tag).values(rows).on_conflict_do_nothing())
        known |= _known(missing)
    return {name: known[slug] for name, slug in slugs.items()}


def _known(slugs: Iterable[str]) -> dict[str, int]:
    rows = db.session.execute(select(Tag.slug, Tag.id).where(Tag.slug.in_(list(slugs))))
    return {row.slug: row.id for row in rows}
