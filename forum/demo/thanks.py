"""The demo's thank-yous: lines of a year, many of them for what ideas changed; in every month of
enough people to tell how many, and between some departments enough of them for an arrow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import update

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.demo.content import Row
from forum.demo.ideas import Story
from forum.demo.people import Cast
from forum.demo.timeline import put_back
from forum.thanks import actions
from forum.thanks.choosing import Chosen
from forum.thanks.models import Thanks


def add(rows: Sequence[Row], cast: Cast, stories: dict[str, Story]) -> None:
    """Say what the file says, each on its day."""
    for row in rows:
        people = tuple(cast.people[key].id for key in row["to"] if key in cast.people)
        places = tuple(cast.departments[key] for key in row["to"] if key in cast.departments)
        subject = ("idea", stories[row["idea"]].idea.id) if row["idea"] else None
        chosen = Chosen(people, places, row["everyone"])
        wanted = actions.Wanted(chosen, subject, row["why"], row.get("private", False))
        thanks = actions.give(cast.people[row["by"]], wanted)
        on = now() - timedelta(days=row["days_ago"])
        with transaction():
            db.session.execute(update(Thanks).where(Thanks.id == thanks.id).values(at=on))
            put_back("thanks", thanks.id, on)
