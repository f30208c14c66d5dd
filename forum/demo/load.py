"""Making the demo company: once, in an empty forum, in small writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import delete, func, select, true, update

from forum.accounts import passwords
from forum.accounts.models import Person
from forum.accounts.names import ANONYMOUS
from forum.core import readers, texts
from forum.core.clock import now
from forum.core.config import MODULES
from forum.core.db import db, end_read, transaction
from forum.core.errors import Conflict
from forum.core.site import SiteSetting, save_settings, site
from forum.demo import (
    anonymous,
    campaigns,
    insights,
    mapped,
    relayed,
    results,
    scorecards,
    thanks,
    training,
)
from forum.demo import content as files
from forum.demo.content import Content
from forum.demo.curated import Curated
from forum.demo.ideas import CLOSED, Story
from forum.demo.lately import Lately
from forum.demo.people import Cast, found
from forum.demo.standards import Chronicle
from forum.demo.timeline import Step, arrange
from forum.ideas.models import Stage
from forum.notifications.models import Notification
from forum.search import follower
from forum.search.glossary import actions as glossary

PASSWORD = "demo-password"  # noqa: S105
SIGN_INS = ("admin", "moderator", "anna", "boris", "consultant")
"""The people a visitor is told about."""
BATCH = 150
"""Rows in one write, roughly."""
FRESH = timedelta(days=7)
"""News older than this counts as read."""
QUESTIONS = 50
"""Questions that surveys may ask of somebody in a month: about all services that most have."""
COMPLETE = "demo_complete"
REAL = "This folder holds a real forum. Choose another one with FORUM_DATA_DIR."

Progress = Callable[[Iterable[Any], int], Iterable[Any]]


def load(progress: Progress = lambda steps, _total: steps) -> bool:
    """Fill an empty forum with the company; False when it is there already.

    Raises Conflict for a forum in which anybody else is. A few seconds.
    """
    content = files.read()
    if _is_complete():
        return False
    _check_only_ours(content)
    _empty()
    today = now()
    cast = _people(content, today)
    stories = _stories(content, cast, today)
    steps = list(_steps(content, cast, today, stories))
    _store_texts(cast)
    _write(progress(arrange(steps, today), len(steps)))
    _add_words(content)
    _add_what_came_after(content, cast, stories)
    with transaction():
        save_settings({COMPLETE: True})
    _catch_up()
    insights.add()
    return True


def _add_what_came_after(content: Content, cast: Cast, stories: dict[str, Story]) -> None:
    campaigns.add(content.campaign, cast, stories)
    scorecards.add(content.scorecard, cast, stories)
    mapped.add(content.map, cast)
    Lately(content.lately, cast, stories).tell()
    Curated(content.curated, content.standards, cast, stories).tell()
    anonymous.add(content)
    training.add(content, cast)
    thanks.add(content.thanks, cast, stories)
    results.add(content, cast, stories)
    relayed.add(cast)


def _is_complete() -> bool:
    done = db.session.get(SiteSetting, COMPLETE)
    end_read()
    return done is not None


def _check_only_ours(content: Content) -> None:
    """Nobody, or, where an earlier attempt was interrupted, only people of the files."""
    named = Person.name != ANONYMOUS
    rows = db.session.execute(select(Person.email, Person.login).where(named)).all()
    ours = content.handles()
    if any(not {row.email, row.login} & ours for row in rows) or (rows and not site().is_demo):
        raise Conflict(REAL)


def _empty() -> None:
    """Remove what an interrupted attempt has left behind."""
    if db.session.scalar(select(func.count(Person.id))) == 0:
        return
    with transaction():
        db.session.execute(update(Person).values(department_id=None))
        for table in reversed(db.metadata.sorted_tables):
            ours = Stage.slug != Stage.kind if table is Stage.__table__ else true()
            db.session.execute(delete(table).where(ours))


def _people(content: Content, today: datetime) -> Cast:
    hashed = passwords.hash_password(PASSWORD)
    welcome = content.welcome
    with transaction():
        save_settings(
            {
                "is_demo": True,
                "name": welcome["site_name"],
                "modules": list(MODULES),
                "survey_questions": QUESTIONS,
                **{f"welcome_{code}": welcome["welcome"][code] for code in ("en", "ru")},
                **{f"announcement_{code}": welcome["announcement"][code] for code in ("en", "ru")},
            }
        )
        return found(content, today, hashed)


def _stories(content: Content, cast: Cast, today: datetime) -> dict[str, Story]:
    earlier = content.earlier
    return {row["id"]: Story(cast, row, earlier.get(row["id"]), today) for row in content.ideas}


def _steps(
    content: Content, cast: Cast, today: datetime, stories: dict[str, Story]
) -> Iterator[Step]:
    """Every text rendered, everything that happened; nothing is written yet."""
    for story in stories.values():
        yield from story.steps()
        if (merged := story.row["merged"]) and not merged.get("moved"):
            yield Step(merged["days_ago"], CLOSED, _merge(story, stories[merged["into"]]), 1)
    for sequence, row in enumerate(content.standards, 1):
        yield from Chronicle(cast, row, sequence, stories, today).steps()


def _merge(story: Story, target: Story) -> Callable[[datetime], None]:
    return lambda _at: story.lead_to(target)


def _store_texts(cast: Cast) -> None:
    for start in range(0, len(cast.rendered), BATCH):
        with transaction():
            cast.text_ids.update(texts.store_all(cast.rendered[start : start + BATCH]))


def _write(moments: Iterable[tuple[datetime, Step]]) -> None:
    for batch in _batches(moments):
        with transaction():
            for at, step in batch:
                step.act(at)


def _batches(
    moments: Iterable[tuple[datetime, Step]],
) -> Iterator[list[tuple[datetime, Step]]]:
    batch: list[tuple[datetime, Step]] = []
    rows = 0
    for at, step in moments:
        if rows + step.rows > BATCH:
            yield batch
            batch, rows = [], 0
        batch.append((at, step))
        rows += step.rows
    if batch:
        yield batch


def _add_words(content: Content) -> None:
    with transaction():
        for row in content.glossary:
            glossary.add(None, sides=row["words"], note=row["note"])


def _catch_up() -> None:
    """Let the readers of the log work, put old news away, and count what is new."""
    end_read()
    readers.catch_up()
    with transaction():
        db.session.execute(
            update(Notification)
            .where(Notification.at < now() - FRESH, Notification.read_at.is_(None))
            .values(read_at=Notification.at)
        )
        unread = (
            select(func.count(Notification.id))
            .where(
                Notification.person_id == Person.id,
                Notification.read_at.is_(None),
                Notification.concealed.is_(False),
            )
            .scalar_subquery()
        )
        db.session.execute(
            update(Person).values(unread=unread).execution_options(synchronize_session=False)
        )


def index() -> None:
    """Make the search ready before anybody serves."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    db.session.remove()
    follower.catch_up(app)
