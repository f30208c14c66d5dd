"""Reading campaigns: one function a page, each of known cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, bindparam, exists, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.campaigns import policy
from forum.campaigns.models import Campaign, CampaignField, CampaignIdea, CampaignValue
from forum.core.db import db, read_columns
from forum.core.errors import NotFound
from forum.core.modules import is_on
from forum.core.numbers import id_or_none
from forum.core.paging import Page, decode_cursor, page_of
from forum.core.texts import Text
from forum.ideas.models import Idea

PAGE = 20


def open_to(person: Person) -> bool:
    """Whether the pages of campaigns are open to somebody."""
    return policy.may_see(person)


def campaign_or_404(reader: Person, campaign_id: int) -> Campaign:
    """A campaign the reader may see. One query."""
    campaign = db.session.get(Campaign, campaign_id) if policy.may_see(reader) else None
    if campaign is None:
        raise NotFound
    return campaign


def list_campaigns(after: str) -> Page[Any]:
    """A page of campaigns as (campaign, owner's name), those that end last first. One query."""
    query = (
        select(Campaign, Person.name)
        .join(Person, Person.id == Campaign.owner_id)
        .order_by(Campaign.id.desc())
        .limit(PAGE + 1)
    )
    place = decode_cursor(after, (int,))
    if place is not None:
        query = query.where(Campaign.id < place[0])
    return page_of(db.session.execute(query).all(), PAGE, lambda row: (row[0].id,))


class Shown(NamedTuple):
    """What a campaign's page says."""

    question_html: str
    outcome_html: str
    owner: str


def texts_of(campaign: Campaign) -> Shown:
    """Its question, its outcome and its owner's name. One query."""
    question, outcome = aliased(Text), aliased(Text)
    row = db.session.execute(
        select(question.html, outcome.html, Person.name)
        .select_from(Campaign)
        .join(question, question.id == Campaign.question_id)
        .outerjoin(outcome, outcome.id == Campaign.outcome_id)
        .join(Person, Person.id == Campaign.owner_id)
        .where(Campaign.id == campaign.id)
    ).one()
    return Shown(row[0], row[1] or "", row[2])


def source_of(text_id: int | None) -> str:
    """What was typed. One query."""
    return db.session.scalar(select(Text.source).where(Text.id == text_id)) or ""


def fields_of(campaign_id: int) -> list[CampaignField]:
    """The fields a campaign asks for now. One query."""
    query = select(CampaignField).where(
        CampaignField.campaign_id == campaign_id, CampaignField.removed_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(CampaignField.id)))


def campaign_of(idea_id: int) -> Campaign | None:
    """The campaign an idea was posted in. One query."""
    query = select(Campaign).join(CampaignIdea, CampaignIdea.campaign_id == Campaign.id)
    return db.session.scalars(query.where(CampaignIdea.idea_id == idea_id)).first()


def values_of(idea_id: int) -> dict[int, str]:
    """What an idea says in the fields, by the field. One query."""
    query = select(CampaignValue.field_id, CampaignValue.value)
    rows = db.session.execute(query.where(CampaignValue.idea_id == idea_id))
    return {row[0]: row[1] for row in rows}


class Said(NamedTuple):
    """A campaign on an idea's page, with what the idea says in its fields."""

    id: int
    title: str
    lang: str
    said: list[tuple[str, str]]


IDEAS: BindParameter[Any] = bindparam("ideas", expanding=True, type_=Idea.id.type)
JOINED = (
    select(CampaignIdea.idea_id, Campaign.id, Campaign.title, Campaign.lang)
    .join(Campaign, Campaign.id == CampaignIdea.campaign_id)
    .where(CampaignIdea.idea_id.in_(IDEAS))
)
VALUES = (
    select(CampaignValue.idea_id, CampaignField.label, CampaignValue.value)
    .join(CampaignField, CampaignField.id == CampaignValue.field_id)
    .where(CampaignValue.idea_id.in_(IDEAS), CampaignField.removed_at.is_(None))
    .order_by(CampaignField.id)
)


def said_in(idea_ids: Sequence[int]) -> dict[int, Said]:
    """The campaigns of some ideas. Two queries, one where there is none."""
    joined = read_columns(JOINED, {"ideas": list(idea_ids)})
    found = {row.idea_id: Said(row.id, row.title, row.lang, []) for row in joined}
    values = read_columns(VALUES, {"ideas": list(found)}) if found else ()
    for idea_id, label, value in values:
        found[idea_id].said.append((label, value))
    return found


TITLES = 500
"""Campaigns that a search knows by their titles, the newest."""


def titles_for(reader: Person) -> list[tuple[int, str]]:
    """The campaigns that somebody may know of, as number and title. One query, none where there
    are none for them."""
    if not is_on("campaigns") or not policy.may_see(reader):
        return []
    query = select(Campaign.id, Campaign.title).order_by(Campaign.id.desc()).limit(TITLES)
    return [(row.id, row.title) for row in db.session.execute(query)]


def within() -> ColumnElement[bool]:
    """Ideas posted in the campaign that a list is narrowed to."""
    return exists().where(
        CampaignIdea.idea_id == Idea.id, CampaignIdea.campaign_id == bindparam("campaign")
    )


def known(reader: Person, asked: str) -> int | None:
    """The campaign that an address names, if the reader may see it. At most one query."""
    number = id_or_none(asked)
    if number is None or not is_on("campaigns") or not policy.may_see(reader):
        return None
    return db.session.scalar(select(Campaign.id).where(Campaign.id == number))
