"""The reader of the log that keeps which text names which standard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import delete, insert, or_, select, tuple_

from forum.core.db import db
from forum.core.events import Event
from forum.core.readers import Reader
from forum.core.site import base_address
from forum.core.texts import Text
from forum.discussion import facts as discussion
from forum.discussion.models import Comment
from forum.ideas import facts as ideas
from forum.ideas.models import Idea
from forum.standards import facts
from forum.standards.clauses.known import keys_of
from forum.standards.links.models import StandardLink
from forum.standards.links.reading import Link, links_of
from forum.standards.models import Standard, Version
from forum.standards.review.opening import look_again

OF_VERSIONS = (
    facts.DRAFTED.name,
    facts.DRAFT_SAVED.name,
    facts.CLAUSE_SETTLED.name,
    facts.STANDARD_PUBLISHED.name,
)
OF_IDEAS = (ideas.POSTED.name, ideas.EDITED.name)
OF_COMMENTS = (discussion.COMMENTED.name, discussion.COMMENT_EDITED.name)
CHANGED = (facts.STANDARD_PUBLISHED.name, facts.STANDARD_RETIRED.name)
"""After these whoever refers to the standard is looked at again."""
Source = tuple[str, int]


def prepare(batch: Sequence[Event]) -> Callable[[], None]:
    """Read the links of the batch's texts as they are now; to be written in the open write."""
    found = {**_of_versions(batch), **_of_ideas(batch), **_of_comments(batch)}
    touched = {link.number for links in found.values() for link in links if link.clause}
    touched |= _referring({e.object_id for e in batch if e.type in CHANGED}, found)

    def apply() -> None:
        _write(found)
        if touched:
            look_again(touched)

    return apply


READER = Reader("standard-links", prepare)


def _of_versions(batch: Sequence[Event]) -> dict[Source, list[Link]]:
    pairs = {(e.object_id, e.payload["version"]) for e in batch if e.type in OF_VERSIONS}
    if not pairs:
        return {}
    query = (
        select(Version.id, Text.html)
        .join(Text, Text.id == Version.text_id)
        .where(tuple_(Version.standard_id, Version.number).in_(sorted(pairs)))
    )
    texts = {row[0]: row[1] for row in db.session.execute(query)}
    keys = keys_of(list(texts))
    return {
        ("version", number): _links(html, keys.get(number, ())) for number, html in texts.items()
    }


def _of_ideas(batch: Sequence[Event]) -> dict[Source, list[Link]]:
    ids = {e.object_id for e in batch if e.type in OF_IDEAS}
    return _of_texts("idea", Idea.id, (Idea.problem_id, Idea.proposal_id), ids)


def _of_comments(batch: Sequence[Event]) -> dict[Source, list[Link]]:
    ids = {e.object_id for e in batch if e.type in OF_COMMENTS}
    return _of_texts("comment", Comment.id, (Comment.text_id,), ids)


def _of_texts(
    source: str, thing: Any, columns: Sequence[Any], ids: set[int]
) -> dict[Source, list[Link]]:
    """The links of things that have a text in one or more columns. One query, none for nothing."""
    if not ids:
        return {}
    named = or_(*(Text.id == column for column in columns))
    query = select(thing, Text.html).join(Text, named).where(thing.in_(sorted(ids)))
    htmls: dict[int, list[str]] = {number: [] for number in ids}
    for number, html in db.session.execute(query.order_by(thing, Text.id)):
        htmls[number].append(html)
    # The whole text is one place: ideas and comments have no clauses.
    return {(source, number): _links("\n".join(parts)) for number, parts in htmls.items()}


def _links(html: str, keys: Sequence[int] = ()) -> list[Link]:
    return links_of(html, keys, ours=base_address())


def _referring(standard_ids: set[int], found: dict[Source, list[Link]]) -> set[str]:
    """The numbers of standards in force that refer to these. One query, none for nothing."""
    if not standard_ids:
        return set()
    changed = select(Standard.number).where(Standard.id.in_(standard_ids))
    query = (
        select(Standard.number)
        .join(Version, (Version.standard_id == Standard.id) & (Version.number == Standard.in_force))
        .join(StandardLink, StandardLink.source_id == Version.id)
        .where(StandardLink.source == "version", StandardLink.number.in_(changed))
    )
    return set(db.session.scalars(query))


def _write(found: dict[Source, list[Link]]) -> None:
    # A statement for each kind of place rather than for each place: most never refer to anything.
    for source in sorted({source for source, _number in found}):
        ids = [number for kind, number in found if kind == source]
        mine = (StandardLink.source == source, StandardLink.source_id.in_(ids))
        db.session.execute(delete(StandardLink).where(*mine))
    rows = [
        {"source": source, "source_id": number, **link._asdict()}
        for (source, number), links in found.items()
        for link in links
    ]
    if rows:
        db.session.execute(insert(StandardLink), rows)
