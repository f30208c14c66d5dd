"""What departments of the demo company said to their surveys, each on its day; some owe it
still."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select

from forum.core import texts
from forum.core.calendar import add_working_days, company_day
from forum.core.clock import now
from forum.core.db import db, end_read, transaction
from forum.core.events import record
from forum.core.richtext import compose
from forum.core.site import site
from forum.demo.content import Row
from forum.demo.ideas import Story
from forum.demo.people import Cast
from forum.demo.timeline import chance
from forum.surveys.loop import facts
from forum.surveys.loop.actions import PARTS
from forum.surveys.loop.clock import days_of
from forum.surveys.loop.models import Reply, ReplyIdea
from forum.surveys.models import Purpose, Wave


def add(told: Sequence[Row], cast: Cast, stories: dict[str, Story]) -> None:
    """Say what the file says to the surveys of all services; remind nobody of what was due long
    ago."""
    regular = select(Wave.id, Wave.closes_at).where(Wave.purpose == Purpose.REGULAR)
    waves = db.session.execute(regular.order_by(Wave.closes_at)).all()
    owed = {(each.wave_id, each.department_id): each for each in db.session.scalars(select(Reply))}
    end_read()
    for row in told:
        wave_id, closed = waves[row["survey"] - 1]
        reply = owed.pop((wave_id, cast.departments[row["department"]]), None)
        if reply is not None:
            on = add_working_days(company_day(closed), row["after_days"])
            _say(reply, row, on, cast, stories)
    with transaction():
        for reply in owed.values():
            _catch_up(reply, company_day())


def _say(reply: Reply, row: Row, on: date, cast: Cast, stories: dict[str, Story]) -> None:
    by, composed = cast.people[row["by"]], {name: compose(row[name]) for name in PARTS if row[name]}
    hour = time(9 + int(7 * chance(f"{row['survey']} {row['department']}")), 20)
    at = min(datetime.combine(on, hour, ZoneInfo(site().time_zone)), now())
    with transaction():
        for name, text in composed.items():
            setattr(reply, f"{name}_id", texts.store(text, at=at).id)
        reply.by_id, reply.at, reply.next_on = by.id, at, None
        about = ("wave", reply.wave_id)
        record(facts.REPLIED, by=by, about=about, at=at, department=reply.department_id)
        if "idea" in row:
            idea = stories[row["idea"]].idea
            db.session.add(ReplyIdea(reply_id=reply.id, idea_id=idea.id))
            came_at = max(at, idea.created_at)
            record(facts.IDEA_CAME, by=None, about=about, at=came_at, idea=idea.id)


def _catch_up(reply: Reply, today: date) -> None:
    """What was due until today is not sent."""
    days = days_of(reply.due_on)
    reply.reminders = sum(day <= today for day in days)
    reply.next_on = days[reply.reminders] if reply.reminders < len(days) else None
