"""The campaigns somebody owns, and what their ideas say in the fields of campaigns."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, or_, select

from forum.campaigns.models import Campaign, CampaignIdea, CampaignValue
from forum.core.db import db
from forum.core.personal import Erasure, Holding, Relabel, Rows, Things, rows
from forum.ideas.models import Idea


def about(person_id: int) -> dict[str, Rows]:
    """Campaigns, and the fields of own ideas. Three queries."""
    own = select(Idea.id).where(Idea.author_id == person_id)
    return {
        "campaigns": rows(Campaign, Campaign.owner_id == person_id),
        "campaign_ideas": rows(CampaignIdea, CampaignIdea.idea_id.in_(own)),
        "campaign_values": rows(CampaignValue, CampaignValue.idea_id.in_(own)),
    }


def erase(erasure: Erasure) -> None:
    """What own ideas say in fields goes where texts go; campaigns are the company's."""
    if erasure.blank_texts:
        own = select(Idea.id).where(Idea.author_id == erasure.person_id)
        db.session.execute(
            delete(CampaignValue)
            .where(CampaignValue.idea_id.in_(own))
            .execution_options(synchronize_session=False)
        )


def shows(text_ids: Sequence[int], relabel: Relabel) -> Things:
    """The campaigns that ask or sum up in these texts, titles put right. One query."""
    query = select(Campaign).where(
        or_(Campaign.question_id.in_(text_ids), Campaign.outcome_id.in_(text_ids))
    )
    found = list(db.session.scalars(query))
    for campaign in found:
        campaign.title = relabel(campaign.title)
    db.session.flush()
    return [("campaign", campaign.id) for campaign in found]


HOLDING = Holding("campaigns", about, erase, shows)
