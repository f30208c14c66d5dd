"""Starting, changing and summing up campaigns, and what they ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update

from forum.accounts.models import Person
from forum.campaigns import facts, policy
from forum.campaigns.models import Campaign, CampaignField, FieldKind
from forum.core import limits, richtext, texts
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _
from forum.core.textcheck import clean_line, detect_lang
from forum.files.uses import claim


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody writes about a campaign."""

    title: str
    question: str
    owner_id: int | None
    starts_on: date | None
    ends_on: date | None


def _check(wanted: Wanted) -> tuple[date, date, int]:
    if not wanted.title:
        raise Invalid(_("Give it a title."), field="title")
    if not wanted.question.strip():
        raise Invalid(_("Write the question."), field="question")
    if wanted.owner_id is None:
        raise Invalid(_("Say who owns it."), field="owner")
    if wanted.starts_on is None or wanted.ends_on is None:
        field = "starts_on" if wanted.starts_on is None else "ends_on"
        raise Invalid(_("Choose a day."), field=field)
    if wanted.ends_on < wanted.starts_on:
        raise Invalid(_("It cannot end before it begins."), field="ends_on")
    return wanted.starts_on, wanted.ends_on, wanted.owner_id


def start(moderator: Person, wanted: Wanted) -> Campaign:
    """A new campaign. Raises Invalid, and says what to do."""
    require(policy.may_start(moderator))
    starts_on, ends_on, owner_id = _check(wanted)
    _check_owner(owner_id)
    composed = richtext.compose(wanted.question)
    lang = detect_lang(f"{wanted.title}\n{composed.plain}")
    with transaction():
        campaign = Campaign(
            title=wanted.title,
            lang=lang or "en",
            question_id=texts.store(composed).id,
            owner_id=owner_id,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        db.session.add(campaign)
        db.session.flush()
        record(facts.STARTED, by=moderator, about=("campaign", campaign.id))
    return campaign


def _check_owner(person_id: int) -> None:
    owner = db.session.get(Person, person_id)
    if owner is None or not owner.can_sign_in or not policy.may_see(owner):
        raise Invalid(_("Choose somebody who can sign in and is no consultant."), field="owner")


def change(person: Person, campaign: Campaign, wanted: Wanted, *, seen: int) -> None:
    """Write a campaign anew. Raises Conflict where it has changed since it was `seen`."""
    require(policy.may_change(person, campaign))
    starts_on, ends_on, owner_id = _check(wanted)
    if owner_id != campaign.owner_id:
        _check_owner(owner_id)
    composed = richtext.compose(wanted.question)
    with transaction():
        values = {"title": wanted.title, "owner_id": owner_id}
        changed = db.session.execute(
            update(Campaign)
            .where(Campaign.id == campaign.id, Campaign.revision == seen)
            .values(
                **values,
                starts_on=starts_on,
                ends_on=ends_on,
                question_id=texts.store(composed).id,
                revision=Campaign.revision + 1,
            )
        )
        if not changed.rowcount:  # type: ignore[attr-defined]
            raise Conflict(_("Somebody has changed this campaign meanwhile. Compare, and save."))
        record(facts.CHANGED, by=person, about=("campaign", campaign.id))


def sum_up(person: Person, campaign: Campaign, outcome: str) -> None:
    """Say what came of it; again is a better wording."""
    require(policy.may_change(person, campaign))
    if not outcome.strip():
        raise Invalid(_("Say in a few lines what came of it."), field="outcome")
    composed = richtext.compose(outcome)
    with transaction():
        text = texts.store(composed)
        claim(composed.source, "campaign", campaign.id, person)
        campaign.outcome_id = text.id
        record(facts.CLOSED, by=person, about=("campaign", campaign.id))


def add_field(
    person: Person, campaign: Campaign, *, label: str, kind: str, options: str, required: bool
) -> CampaignField:
    """Ask for something more. Raises Invalid, and says what to do."""
    require(policy.may_change(person, campaign))
    if not label:
        raise Invalid(_("Say what is asked for."), field="label")
    if kind not in frozenset(FieldKind):
        raise Invalid(_("Choose one from the list."), field="field_kind")
    lines = _options(options) if kind == FieldKind.CHOICE else []
    with transaction():
        _make_room(campaign)
        field = CampaignField(
            campaign_id=campaign.id,
            label=label,
            kind=kind,
            options="\n".join(lines),
            required=required,
        )
        db.session.add(field)
        db.session.flush()
        record(facts.CHANGED, by=person, about=("campaign", campaign.id))
    return field


def _options(typed: str) -> list[str]:
    lines = list(dict.fromkeys(line for part in typed.split("\n") if (line := clean_line(part))))
    if len(lines) < 2:
        raise Invalid(_("Write at least two choices, one a line."), field="options")
    if not limits.CHOICES.allows(lines) or not all(map(limits.LABEL.allows, lines)):
        raise Invalid(_("Write fewer or shorter choices."), field="options")
    return lines


def _make_room(campaign: Campaign) -> None:
    held = select(Campaign.id).where(Campaign.id == campaign.id).with_for_update()
    db.session.execute(held)
    query = select(func.count()).where(
        CampaignField.campaign_id == campaign.id, CampaignField.removed_at.is_(None)
    )
    if (db.session.scalar(query) or 0) >= limits.CAMPAIGN_FIELDS.value:
        most = limits.CAMPAIGN_FIELDS.value
        raise Invalid(_("A campaign asks for at most %(limit)d things.", limit=most), field="label")


def remove_field(person: Person, campaign: Campaign, field_id: int, *, back: bool = False) -> None:
    """Ask no more for something, or again; what was said in it is kept."""
    require(policy.may_change(person, campaign))
    with transaction():
        if back:
            _make_room(campaign)
        db.session.execute(
            update(CampaignField)
            .where(CampaignField.id == field_id, CampaignField.campaign_id == campaign.id)
            .values(removed_at=None if back else now())
        )
        record(facts.CHANGED, by=person, about=("campaign", campaign.id))
