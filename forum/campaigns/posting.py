"""Posting in a campaign: the link carries it, the form asks, the idea's write keeps the answer."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from flask import g, render_template
from markupsafe import Markup
from sqlalchemy import delete

from forum.accounts.models import Person
from forum.campaigns import facts, policy, queries
from forum.campaigns.models import Campaign, CampaignField, CampaignIdea, CampaignValue, FieldKind
from forum.core import limits
from forum.core.clock import today
from forum.core.db import db
from forum.core.errors import Invalid, NotFound
from forum.core.events import record
from forum.core.i18n import _
from forum.core.modules import is_on
from forum.core.numbers import id_or_none
from forum.core.textcheck import clean_line
from forum.ideas.extras import Extra, Keep
from forum.ideas.models import Idea, StageKind


def shown(author: Person, idea: Idea | None, sent: Mapping[str, str]) -> Markup:
    """The question and its fields, with what was written in them. Two or three queries."""
    campaign = _asked(author, idea, sent)
    if campaign is None:
        return Markup()
    kept = queries.values_of(idea.id) if idea is not None and "campaign" not in sent else {}
    fields = queries.fields_of(campaign.id)
    written = {f.id: sent.get(_name(f), kept.get(f.id, "")) for f in fields}
    wrong = g.get("campaign_refusals", {})
    return Markup(  # noqa: S704 - a template of ours
        render_template(
            "campaigns/_fields.html",
            campaign=campaign,
            fields=fields,
            written=written,
            wrong=wrong,
            over=not policy.is_open(campaign, today()),
        )
    )


def _asked(author: Person, idea: Idea | None, sent: Mapping[str, str]) -> Campaign | None:
    if not is_on("campaigns"):
        return None
    number = id_or_none(sent.get("campaign", ""))
    if number is None:
        return queries.campaign_of(idea.id) if idea is not None else None
    try:
        return queries.campaign_or_404(author, number)
    except NotFound:
        return None


def read(author: Person, sent: Mapping[str, str]) -> Keep | None:
    """What was sent in a campaign's fields; a draft may leave them empty. Raises Invalid."""
    campaign = _asked(author, None, sent)
    if campaign is None:
        return None
    is_draft = sent.get("action") == "draft" or "version" in sent
    refusals: dict[int, str] = {}
    values = {}
    for field in queries.fields_of(campaign.id):
        try:
            values[field.id] = _value(field, sent.get(_name(field), ""), is_draft=is_draft)
        except Invalid as refusal:
            refusals[field.id] = str(refusal)
    if refusals and not is_draft:
        g.campaign_refusals = refusals
        raise Invalid(_("Look at what the campaign asks for."), field="problem")
    return lambda idea: _keep(author, campaign, idea, values, posting=not is_draft)


def _name(field: CampaignField) -> str:
    return f"campaign-field-{field.id}"


def _value(field: CampaignField, typed: str, *, is_draft: bool) -> str:
    value = clean_line(typed)
    if not value:
        if field.required and not is_draft:
            raise Invalid(_("Fill this in."))
        return ""
    if not limits.NOTE.allows(value):
        raise Invalid(_("Shorten this to %(limit)d characters.", limit=limits.NOTE.value))
    if field.kind == FieldKind.CHOICE and value not in field.options.split("\n"):
        raise Invalid(_("Choose one from the list."))
    return _number(value) if field.kind == FieldKind.NUMBER else value


def _number(value: str) -> str:
    try:
        number = Decimal(value.replace(",", ".").replace(" ", ""))
    except InvalidOperation:
        raise Invalid(_("Give a number.")) from None
    if not number.is_finite() or abs(number) > 10**12:
        raise Invalid(_("Give a number."))
    return f"{number.normalize():f}"


def _keep(
    author: Person, campaign: Campaign, idea: Idea, values: dict[int, str], *, posting: bool
) -> None:
    """Put an idea into its campaign while that is open, and write what it says in the fields."""
    inside = db.session.get(CampaignIdea, idea.id)
    joins = posting and (inside is None or idea.stage_kind == StageKind.DRAFT)
    if joins and not policy.is_open(campaign, today()):
        raise Invalid(
            _("This campaign takes no ideas now. Post yours without it."), field="problem"
        )
    if inside is None:
        db.session.add(CampaignIdea(idea_id=idea.id, campaign_id=campaign.id))
    elif inside.campaign_id != campaign.id:
        return
    db.session.execute(delete(CampaignValue).where(CampaignValue.idea_id == idea.id))
    db.session.add_all(
        CampaignValue(idea_id=idea.id, field_id=field_id, value=value)
        for field_id, value in values.items()
        if value
    )
    if joins:
        by, at = (author, None) if not idea.anonymous else (None, idea.posted_at)
        record(facts.JOINED, by=by, at=at, about=("campaign", campaign.id), idea=idea.id)


def drop(idea_id: int) -> None:
    """Forget that a deleted draft was meant for a campaign."""
    for model in (CampaignValue, CampaignIdea):
        db.session.execute(delete(model).where(model.idea_id == idea_id))


EXTRA = Extra(shown, read, drop)
