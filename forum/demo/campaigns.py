"""The demo's campaign: a question that runs for some weeks, and ideas that answer it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from forum.accounts.models import Person
from forum.campaigns import actions
from forum.campaigns.models import CampaignIdea
from forum.core.clock import today
from forum.core.db import db, transaction
from forum.demo.content import Content, Row
from forum.ideas.models import Idea

SINCE, UNTIL = timedelta(days=45), timedelta(days=20)


def add(content: Content, ideas: dict[str, Idea]) -> None:
    """The campaign with its fields, and the ideas that the files name."""
    row = content.campaign
    owner = _person(content.person(row["owner"]))
    wanted = actions.Wanted(
        title=row["title"],
        question=row["question"],
        owner_id=owner.id,
        starts_on=today() - SINCE,
        ends_on=today() + UNTIL,
    )
    campaign = actions.start(owner, wanted)
    for field in row["fields"]:
        options = "\n".join(field["options"])
        asked = {"label": field["label"], "kind": field["kind"], "required": field["required"]}
        actions.add_field(owner, campaign, options=options, **asked)
    with transaction():
        db.session.add_all(
            CampaignIdea(idea_id=ideas[name].id, campaign_id=campaign.id) for name in row["ideas"]
        )


def _person(row: Row) -> Person:
    return db.session.scalars(select(Person).where(Person.email == row["email"])).one()
