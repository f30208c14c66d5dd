"""Pages of campaigns."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.accounts.handles import handle_of, read_person
from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.campaigns import actions, policy, queries
from forum.campaigns.forms import CampaignForm, FieldForm, OutcomeForm
from forum.campaigns.models import Campaign, FieldKind
from forum.core.access import moderators_only
from forum.core.again import Sent, form_again
from forum.core.clock import today
from forum.core.db import db
from forum.core.errors import Invalid, NotFound
from forum.core.i18n import _, lazy
from forum.core.numbers import number_or_none
from forum.ideas import board_views, moving
from forum.ideas.listing import BOARD, IdeaFilter
from forum.ideas.pages import say_with_undo

bp = Blueprint("campaigns", __name__)
KINDS = {
    FieldKind.TEXT: lazy("A line of text"),
    FieldKind.NUMBER: lazy("A number"),
    FieldKind.CHOICE: lazy("One of some choices"),
}


@bp.get("/campaigns")
def index() -> ResponseReturnValue:
    """All campaigns, newest first."""
    if not policy.may_see(me()):
        raise NotFound
    page = queries.list_campaigns(request.args.get("after", ""))
    rows = [
        {"campaign": each, "owner": shown_name(owner), "state": _state(each)}
        for each, owner in page.rows
    ]
    return render_template(
        "campaigns/index.html",
        rows=rows,
        may_start=policy.may_start(me()),
        next_url=f"/campaigns?after={page.next}" if page.next else "",
    )


def _state(campaign: Campaign) -> str:
    if policy.is_open(campaign, today()):
        return "open"
    return "coming" if campaign.starts_on > today() else "over"


def _page(campaign: Campaign, outcome: OutcomeForm | None = None) -> str:
    shown = queries.texts_of(campaign)
    wanted = IdeaFilter(view=BOARD, campaign=str(campaign.id))
    return render_template(
        "campaigns/show.html",
        campaign=campaign,
        shown=shown,
        owner={"name": shown_name(shown.owner), "url": f"/people/{campaign.owner_id}"},
        state=_state(campaign),
        may_change=policy.may_change(me(), campaign),
        outcome=outcome,
        said=queries.source_of(campaign.outcome_id),
        wanted=wanted,
        **board_views.columns_shown(wanted, frozenset(), moving.headed_by(me())),
    )


@bp.get("/campaigns/<int:campaign_id>")
def show(campaign_id: int) -> ResponseReturnValue:
    """A campaign with its board."""
    return _page(queries.campaign_or_404(me(), campaign_id))


def _new_again(sent: Sent) -> str:
    return render_template("campaigns/write.html", form=CampaignForm(sent), campaign=None)


@bp.route("/campaigns/new", methods=["GET", "POST"])
@moderators_only
@form_again(_new_again)
def new() -> ResponseReturnValue:
    """Start a campaign."""
    form = CampaignForm.from_request(owner=handle_of(me()), starts_on=today())
    try:
        if form.submitted():
            campaign = actions.start(me(), _wanted(form))
            return redirect(f"/campaigns/{campaign.id}/edit", 303)
    except Invalid as refusal:
        form.refuse(refusal)
    page = render_template("campaigns/write.html", form=form, campaign=None)
    return page, 422 if request.method == "POST" else 200


def _wanted(form: CampaignForm) -> actions.Wanted:
    return actions.Wanted(
        title=form.title.data or "",
        question=form.question.data or "",
        owner_id=read_person(form.owner.data or "", field="owner"),
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
    )


def _changeable(campaign_id: int) -> Campaign:
    campaign = queries.campaign_or_404(me(), campaign_id)
    if not policy.may_change(me(), campaign):
        raise NotFound
    return campaign


def _edit_page(campaign: Campaign, form: CampaignForm, field: FieldForm | None = None) -> str:
    return render_template(
        "campaigns/write.html",
        form=form,
        campaign=campaign,
        fields=queries.fields_of(campaign.id),
        field=field or FieldForm(data={"field_kind": "text"}),
        kinds=[(str(kind), str(words)) for kind, words in KINDS.items()],
        kind_words={str(kind): str(words) for kind, words in KINDS.items()},
    )


def _filled(campaign: Campaign) -> CampaignForm:
    values: dict[str, Any] = {
        name: getattr(campaign, name) for name in ("title", "starts_on", "ends_on")
    }
    owner = db.session.get_one(Person, campaign.owner_id)
    return CampaignForm(
        data={
            **values,
            "question": queries.source_of(campaign.question_id),
            "owner": handle_of(owner),
            "revision": str(campaign.revision),
        }
    )


def _edit_again(sent: Sent, campaign_id: int) -> str:
    return _edit_page(_changeable(campaign_id), CampaignForm(sent))


@bp.route("/campaigns/<int:campaign_id>/edit", methods=["GET", "POST"])
@form_again(_edit_again)
def edit(campaign_id: int) -> ResponseReturnValue:
    """Change a campaign, and what it asks for."""
    campaign = _changeable(campaign_id)
    if request.method == "GET":
        return _edit_page(campaign, _filled(campaign))
    form = CampaignForm.from_request()
    seen = number_or_none(form.revision.data) or campaign.revision
    status = form.saves(
        lambda: actions.change(me(), campaign, _wanted(form), seen=seen),
        row=campaign,
        stale="question",
    )
    if status != 303:
        return _edit_page(campaign, form), status
    flash(_("Saved."), "success")
    return redirect(f"/campaigns/{campaign_id}", 303)


def _field_again(sent: Sent, campaign_id: int) -> str:
    campaign = _changeable(campaign_id)
    return _edit_page(campaign, _filled(campaign), FieldForm(sent))


@bp.post("/campaigns/<int:campaign_id>/fields")
@form_again(_field_again)
def add_field(campaign_id: int) -> ResponseReturnValue:
    """Ask for something more."""
    campaign = _changeable(campaign_id)
    form = FieldForm.from_request()
    try:
        if form.validate():
            actions.add_field(
                me(),
                campaign,
                label=form.label.data or "",
                kind=form.field_kind.data or "",
                options=form.options.data or "",
                required=bool(form.required.data),
            )
            return redirect(f"/campaigns/{campaign_id}/edit#fields", 303)
    except Invalid as refusal:
        form.refuse(refusal)
    return _edit_page(campaign, _filled(campaign), form), 422


@bp.post("/campaigns/<int:campaign_id>/fields/<int:field_id>/remove")
def remove_field(campaign_id: int, field_id: int) -> ResponseReturnValue:
    """Ask for it no more; one tap asks again."""
    actions.remove_field(me(), _changeable(campaign_id), field_id)
    undo = f"/campaigns/{campaign_id}/fields/{field_id}/restore"
    say_with_undo(_("It is not asked for any more."), undo)
    return redirect(f"/campaigns/{campaign_id}/edit#fields", 303)


@bp.post("/campaigns/<int:campaign_id>/fields/<int:field_id>/restore")
def restore_field(campaign_id: int, field_id: int) -> ResponseReturnValue:
    """Ask for it again."""
    actions.remove_field(me(), _changeable(campaign_id), field_id, back=True)
    return redirect(f"/campaigns/{campaign_id}/edit#fields", 303)


def _outcome_again(sent: Sent, campaign_id: int) -> str:
    return _page(_changeable(campaign_id), OutcomeForm(sent))


@bp.post("/campaigns/<int:campaign_id>/outcome")
@form_again(_outcome_again)
def sum_up(campaign_id: int) -> ResponseReturnValue:
    """Say what came of it."""
    campaign = _changeable(campaign_id)
    form = OutcomeForm.from_request()
    try:
        if form.validate():
            actions.sum_up(me(), campaign, form.outcome.data or "")
            return redirect(f"/campaigns/{campaign_id}", 303)
    except Invalid as refusal:
        form.refuse(refusal)
    return _page(campaign, form), 422
