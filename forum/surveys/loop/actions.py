"""Replying to a result: we heard, we will, we will not, because."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, delete, select, update

from forum.accounts.models import Person
from forum.core import limits, texts
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Invalid
from forum.core.events import record
from forum.core.i18n import _
from forum.core.richtext import compose
from forum.departments.queries import speaks_for
from forum.ideas.models import Idea
from forum.ideas.visibility import listed_for
from forum.surveys.loop import facts, policy
from forum.surveys.loop.models import Reply, ReplyIdea
from forum.surveys.rows import add_missing

IDEAS = 10
PARTS = ("heard", "will", "will_not")


@dataclass(frozen=True, slots=True)
class Words:
    """What a department says, and the ideas it says it with."""

    heard: str
    will: str = ""
    will_not: str = ""
    ideas: Sequence[int] = ()


def reply(person: Person, owed: Reply, words: Words) -> None:
    """Say it, or say it anew. Raises Invalid, and says what is missing."""
    require(policy.may_reply(person, owed.department_id, speaks_for(person.id)))
    said = {name: getattr(words, name).strip() for name in PARTS}
    _check(said)
    ideas = _ideas(person, owed, words.ideas)
    composed = {name: compose(text, limit=limits.REASON) for name, text in said.items() if text}
    at = now()
    with transaction():
        kept = {name: texts.store(each, at=at).id for name, each in composed.items()}
        values = {f"{name}_id": kept.get(name) for name in PARTS}
        db.session.execute(
            update(Reply)
            .where(Reply.id == owed.id)
            .values(**values, by_id=person.id, at=at, next_on=None)
        )
        _part(person, owed)
        add_missing(ReplyIdea, [{"reply_id": owed.id, "idea_id": each} for each in ideas])
        record(
            facts.REPLIED, by=person, about=("wave", owed.wave_id), department=owed.department_id
        )


def _check(said: dict[str, str]) -> None:
    if not said["heard"]:
        raise Invalid(_("Say what you heard."), field="heard")
    if not said["will"] and not said["will_not"]:
        raise Invalid(_("Say what you will do, or what you will not and why."), field="will")
    for name, text in said.items():
        if not limits.REASON.allows(text):
            limit = limits.REASON.value
            raise Invalid(_("Say it in at most %(limit)d characters.", limit=limit), field=name)


def _part(person: Person, owed: Reply) -> None:
    """From the ideas that the form shows them; drafts, and what they do not see, stay."""
    shown = select(Idea.id).where(listed_for(person))
    gone = delete(ReplyIdea).where(ReplyIdea.reply_id == owed.id, ReplyIdea.idea_id.in_(shown))
    db.session.execute(gone.execution_options(synchronize_session=False))


def _ideas(person: Person, owed: Reply, ids: Sequence[int]) -> list[int]:
    """The ideas of these numbers, all of which the person sees; those that came of the reply count
    against no limit. One query, none for none."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    here = and_(ReplyIdea.idea_id == Idea.id, ReplyIdea.reply_id == owed.id)
    query = select(Idea.id, ReplyIdea.idea_id).outerjoin(ReplyIdea, here)
    rows = db.session.execute(query.where(Idea.id.in_(wanted), listed_for(person))).all()
    if len(rows) < len(wanted) or sum(row[1] is None for row in rows) > IDEAS:
        raise Invalid(_("There is no idea with this number."), field="ideas")
    return wanted
