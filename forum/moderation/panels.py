"""On an idea's page: why it is hidden or in the trash, and what moderators may do to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from forum.accounts.models import Person
from forum.accounts.trust import suspended_until
from forum.core import slots
from forum.core.db import db
from forum.core.texts import Text
from forum.ideas.deciding import acting_on
from forum.ideas.models import Idea, StageKind
from forum.ideas.policy import may_edit, writes
from forum.ideas.together.queries import co_authors_of
from forum.moderation import policy
from forum.moderation.matters import last_about
from forum.moderation.models import FIRST_POST, Matter, State, Trashed
from forum.moderation.trash import KEPT_FOR, may_restore


@dataclass(frozen=True, slots=True)
class Notice:
    """Why only some see an idea; `until` is when its contents go for good."""

    trashed: bool
    purged: bool
    waits: bool
    may_repair: bool
    why: str
    mine: bool
    matter_id: int | None
    until: datetime | None


def install() -> None:
    """Fill the slots of ideas."""
    slots.fill("idea", slots.Panel("moderation", "moderation/_on_idea.html", notices))
    slots.fill("person", slots.Panel("moderation", "moderation/_on_person.html", standings))
    slots.fill("beside-idea", slots.Panel("moderation", "moderation/_beside_idea.html", acts))


def notices(reader: Person, ideas: Sequence[Idea]) -> dict[int, Any]:
    """What stands above ideas that are hidden or locked. At most two queries for a hidden one."""
    return {i.id: _notice(reader, i) for i in ideas if i.hidden_at is not None or i.locked_at}


def _notice(reader: Person, idea: Idea) -> Notice | None:
    if idea.hidden_at is None:
        return None
    (matter, why), beside = _matter(idea), co_authors_of(reader, idea)
    trashed = _trashed(idea) if idea.trashed_at is not None else None
    return Notice(
        trashed=idea.trashed_at is not None,
        purged=idea.purged_at is not None,
        waits=matter is not None and matter.state == State.WAITING and matter.kind == FIRST_POST,
        may_repair=matter is not None
        and matter.state == State.AUTHOR
        and may_edit(reader, idea, beside),
        why=(trashed.plain or "") if trashed is not None else why,
        mine=writes(reader, idea, beside),
        matter_id=matter.id if matter is not None and policy.may_read(reader, matter) else None,
        until=trashed.at + KEPT_FOR if trashed is not None else None,
    )


def _matter(idea: Idea) -> tuple[Matter | None, str]:
    found = last_about("idea", idea.id)
    return (found[0], found[1] or "") if found is not None else (None, "")


def _trashed(idea: Idea) -> Any:
    query = (
        select(Trashed.at, Text.plain)
        .outerjoin(Text, Text.id == Trashed.why_id)
        .where(Trashed.idea_id == idea.id)
    )
    return db.session.execute(query).first()


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody whom the reader may suspend, and until when they are."""

    person_id: int
    until: datetime | None


def standings(reader: Person, people: Sequence[Person]) -> dict[int, Standing]:
    """On people's pages, for moderators: may they write? One query each, none for others."""
    if not reader.moderates:
        return {}
    return {
        each.id: Standing(each.id, suspended_until(each))
        for each in people
        if policy.may_suspend(reader, each)
    }


def acts(reader: Person, ideas: Sequence[Idea]) -> dict[int, Idea]:
    """What moderators may do, for moderators where they act. No query without a limit, two at most
    for what lies in the trash."""
    seen = acting_on(reader, [i.id for i in ideas if i.stage_kind != StageKind.DRAFT])
    return {i.id: i for i in ideas if i.id in seen and (not i.trashed_at or may_restore(reader, i))}
