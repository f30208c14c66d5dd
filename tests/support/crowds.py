"""Much of everything, as rows: to post it through the forum's actions would take minutes.

Each opens its own context; things are written by people who are there already, in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select, update

from forum.accounts.models import Person
from forum.campaigns.models import CampaignIdea
from forum.core import richtext, texts
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.events import Event
from forum.core.richtext import Composed
from forum.departments.models import Department
from forum.discussion.models import Comment, Thread
from forum.ideas import clock
from forum.ideas.models import Answer, Idea, Stage
from forum.moderation.models import Flag, Matter, Reason

WORDS = (
    "In our department it is number {0}: the request goes round three times before anybody signs,"
    " and *nobody* says where it is.",
    "У нас то же самое, случай {0}: заявка ждёт подписи, и никто не знает, у кого она лежит.",
    "See case {0}.\n\n- first it waits\n- then it is sent back\n\nA list of who signs would do.",
)
REPLIES_AFTER = 4
"""Every fourth comment is a reply to the one before."""


def ideas(
    app: Flask,
    count: int,
    *,
    kinds: Sequence[str] = ("open",),
    asked: Sequence[int] = (),
) -> list[int]:
    """So many ideas, their stages in turn, each of which asks the same departments."""
    words = _words(3)
    with app.app_context(), transaction():
        people, said = _people(), _stored(words)
        stages = dict(db.session.execute(select(Stage.slug, Stage.id)).all())
        threads = _added(Thread, [{"subject": "idea"} for _ in range(count)])
        begun = now() - timedelta(days=30)
        rows = [
            {
                "thread_id": thread,
                "author_id": people[number % len(people)],
                "stage_id": stages[kinds[number % len(kinds)]],
                "stage_kind": kinds[number % len(kinds)],
                "title": f"Who signs request {number}, and where it waits",
                "excerpt": "The request goes round three times before anybody signs.",
                "problem_id": said[number % len(said)],
                **dict.fromkeys(("created_at", "posted_at", "active_at"), _later(begun, number)),
            }
            for number, thread in enumerate(threads)
        ]
        made = _added(Idea, rows)
        started = clock.begin()
        _added(
            Answer,
            [
                {"idea_id": idea, "department_id": department, **started}
                for idea in made
                for department in asked
            ],
        )
    return made


def comments(app: Flask, idea_id: int, count: int) -> list[int]:
    """So many comments under an idea, a minute apart, every fourth a reply."""
    words = _words(count)
    with app.app_context(), transaction():
        people, said = _people(), _stored(words)
        thread_id = db.session.get_one(Idea, idea_id).thread_id
        begun = now() - timedelta(days=7)
        rows = [
            {
                "thread_id": thread_id,
                "author_id": people[number % len(people)],
                "text_id": said[number],
                "created_at": _later(begun, number),
            }
            for number in range(count)
        ]
        made = _added(Comment, rows)
        for number in range(REPLIES_AFTER - 1, count, REPLIES_AFTER):
            reply = update(Comment).where(Comment.id == made[number])
            db.session.execute(reply.values(parent_id=made[number - 1]))
        values = {"comment_count": Idea.comment_count + count}
        db.session.execute(update(Idea).where(Idea.id == idea_id).values(values))
    return made


def matters(app: Flask, idea_ids: Sequence[int]) -> list[int]:
    """A flag on each of these ideas, which waits for moderators."""
    with app.app_context(), transaction():
        people = _people()
        query = select(Idea.id, Idea.author_id).where(Idea.id.in_(idea_ids)).order_by(Idea.id)
        rows = [
            {
                "kind": "flags",
                "thing_kind": "idea",
                "thing_id": row.id,
                "idea_id": row.id,
                "author_id": row.author_id,
                "flag_count": 1,
            }
            for row in db.session.execute(query)
        ]
        made = _added(Matter, rows)
        reasons = list(Reason)
        flags = [
            {
                "matter_id": matter,
                "person_id": people[number % len(people)],
                "reason": reasons[number % len(reasons)],
            }
            for number, matter in enumerate(made)
        ]
        _added(Flag, flags)
    return made


def news(app: Flask, person_id: int, idea_ids: Sequence[int]) -> None:
    """News of an answer to each of these ideas in somebody's inbox, an hour apart, unread."""
    from forum.notifications.models import Notification

    with app.app_context(), transaction():
        people = [number for number in _people() if number != person_id]
        begun = now() - timedelta(hours=len(idea_ids))
        department = db.session.scalar(select(func.min(Department.id)))
        rows = [
            {
                "type": "idea.answered",
                "at": begun + timedelta(hours=number),
                "actor_id": people[number % len(people)],
                "object_kind": "idea",
                "object_id": idea,
                "payload": {"answer": "helps", "department": department},
            }
            for number, idea in enumerate(idea_ids)
        ]
        events = _added(Event, rows)
        _added(
            Notification,
            [
                {
                    "person_id": person_id,
                    "event_id": event,
                    "kind": "answered",
                    "object_kind": "idea",
                    "object_id": row["object_id"],
                    "at": row["at"],
                }
                for event, row in zip(events, rows, strict=True)
            ],
        )
        count = update(Person).where(Person.id == person_id).values(unread=len(idea_ids))
        db.session.execute(count)


def join(app: Flask, campaign_id: int, idea_ids: Sequence[int]) -> None:
    """Ideas that were posted for a campaign."""
    with app.app_context(), transaction():
        rows = [{"campaign_id": campaign_id, "idea_id": number} for number in idea_ids]
        db.session.execute(insert(CampaignIdea), rows)


def _later(begun: Any, number: int) -> Any:
    return begun + timedelta(minutes=number)


def _people() -> list[int]:
    """Who writes: whoever is there, a hundred of them at most."""
    query = select(Person.id).order_by(Person.id).limit(100)
    found = list(db.session.scalars(query))
    assert found, "make somebody first"
    return found


def _words(count: int) -> list[Composed]:
    return [richtext.compose(WORDS[n % len(WORDS)].format(n)) for n in range(count)]


def _stored(words: list[Composed]) -> list[int]:
    stored = texts.store_all(words)
    return [stored[each.digest] for each in words]


def _added(model: Any, rows: list[dict[str, Any]]) -> list[int]:
    """The ids of the rows, in their order."""
    query = insert(model).returning(model.id, sort_by_parameter_order=True)
    return list(db.session.scalars(query, rows)) if rows else []
