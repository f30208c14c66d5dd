"""The demo's campaign: a question that runs for some weeks, and ideas that answer it."""

from __future__ import annotations

from datetime import timedelta

from forum.campaigns import actions
from forum.campaigns.models import CampaignIdea
from forum.core.clock import today
from forum.core.db import db, transaction
from forum.demo.content import Row
from forum.demo.ideas import Story
from forum.demo.people import Cast

SINCE, UNTIL = timedelta(days=45), timedelta(days=20)


def add(row: Row, cast: Cast, stories: dict[str, Story]) -> None:
    """The campaign with its fields, and the ideas that the files name."""
    owner = cast.people[row["owner"]]
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
            CampaignIdea(idea_id=stories[name].idea.id, campaign_id=campaign.id)
            for name in row["ideas"]
        )
