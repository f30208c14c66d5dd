"""Pages of surveys: what is asked of me, waves, and planning them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core import slots
from forum.core.access import moderators_only, untraced
from forum.core.again import Sent, form_again
from forum.core.calendar import add_working_days, company_day
from forum.core.errors import Conflict, Invalid, NotFound
from forum.core.i18n import _
from forum.core.numbers import number_or_none
from forum.departments.queries import current_cards
from forum.departments.services.asked import confirmed_edges
from forum.surveys import pages, planning, policy, preview, queries
from forum.surveys.forms import ALL, KEEP, SOME, WHICH, WaveForm
from forum.surveys.models import Wave
from forum.surveys.waves import last_day_before

bp = Blueprint("surveys", __name__)
FIRST_DAYS = 10
"""Working days of a wave, as it is suggested."""


@bp.get("/surveys")
def index() -> ResponseReturnValue:
    """What is asked of me, and all waves, newest first."""
    if not policy.may_see(me()):
        raise NotFound
    return render_template("surveys/index.html", **pages.index_page(me(), request.args))


@bp.get("/surveys/privacy")
def privacy() -> ResponseReturnValue:
    """What is stored, for how long, and what somebody who looks into the database could see."""
    if not policy.may_see(me()):
        raise NotFound
    return render_template("surveys/privacy.html")


@bp.get("/surveys/<int:wave_id>")
@untraced  # sending one's answers leads here
def show(wave_id: int) -> ResponseReturnValue:
    """A wave: what it asks, when, and how far it has come."""
    wave = queries.wave_or_404(me(), wave_id)
    page = pages.wave_page(me(), wave)
    panels = slots.load("wave", me(), [wave])[wave.id]
    return render_template("surveys/show.html", **page, panels=panels)


def _new_again(sent: Sent) -> str:
    return _write_page(WaveForm(sent), None)


@bp.route("/surveys/new", methods=["GET", "POST"])
@moderators_only
@form_again(_new_again)
def new() -> ResponseReturnValue:
    """Plan a wave; `preview` shows first whom it would ask."""
    opens = company_day() + timedelta(days=1)
    form = WaveForm.from_request(
        which=ALL, months=3, opens_on=opens, closes_on=add_working_days(opens, FIRST_DAYS)
    )
    try:
        if form.submitted() and not _only_looks(form, None):
            wave = planning.plan(me(), _wanted(form))
            flash(_("Planned. Until it opens it can be changed or cancelled."), "success")
            return redirect(f"/surveys/{wave.id}", 303)
    except Invalid as refusal:
        form.refuse(refusal)
    return _write_page(form, None), 422 if form.errors else 200


def _edit_again(sent: Sent, wave_id: int) -> str:
    return _write_page(WaveForm(sent), queries.wave_or_404(me(), wave_id))


@bp.route("/surveys/<int:wave_id>/edit", methods=["GET", "POST"])
@moderators_only
@form_again(_edit_again)
def edit(wave_id: int) -> ResponseReturnValue:
    """Change a wave that has not opened yet."""
    wave = queries.wave_or_404(me(), wave_id)
    if not policy.may_change(me(), wave):
        raise Conflict(_("This survey has opened; what it asks stays as it is."))
    form = WaveForm.from_request() if request.method == "POST" else _filled(wave)
    try:
        _keep_bound(form, wave)
        if form.submitted() and not _only_looks(form, wave):
            seen = number_or_none(form.revision.data) or wave.revision
            planning.change(me(), wave, _wanted(form, wave), seen=seen)
            flash(_("Saved."), "success")
            return redirect(f"/surveys/{wave.id}", 303)
    except Invalid as refusal:
        form.refuse(refusal)
    except Conflict as stale:
        form.reject("title", stale.message)
        form.revision.data = str(wave.revision)
        return _write_page(form, wave), 409
    return _write_page(form, wave), 422 if form.errors else 200


def _filled(wave: Wave) -> WaveForm:
    return WaveForm(
        data={
            "title": wave.title,
            "opens_on": company_day(wave.opens_at),
            "closes_on": last_day_before(wave.closes_at),
            "which": KEEP,
            "months": wave.months,
            "most_people": wave.most_people,
            "revision": str(wave.revision),
        }
    )


def _keep_bound(form: WaveForm, wave: Wave) -> None:
    """Of a survey for an idea the form shows only what may change; nothing else is sent. Raises
    Invalid where it is, as from a page that was opened long ago."""
    if not policy.is_bound(wave):
        return
    kept = (KEEP, wave.months, wave.most_people)
    which, months = form.which.data or KEEP, number_or_none(form.months.data) or wave.months
    sent = (which, months, form.most_people.data or wave.most_people)
    form.which.data, form.months.data, form.most_people.data = KEEP, str(wave.months), None
    form.departments.data = []
    if sent != kept:
        raise Invalid(_("What a survey for an idea asks about, and whom, stays as it is."))


def _only_looks(form: WaveForm, wave: Wave | None) -> bool:
    """Whether somebody wants to see first whom it would ask. Raises Invalid."""
    if request.form.get("action") != "preview":
        return False
    _some_services(form, wave)
    return True


def _which(wave: Wave | None) -> dict[str, str]:
    return {key: str(words) for key, words in WHICH.items() if wave is not None or key != KEEP}


def _services(form: WaveForm, wave: Wave | None) -> list[int]:
    if form.which.data not in _which(wave):
        raise Invalid(_("Choose one from the list."), field="which")
    if form.which.data == KEEP and wave is not None:
        kept = [each.service_id for each in queries.services_of(wave.id)]
        return [edge.id for edge in confirmed_edges(kept)]
    if form.which.data == SOME:
        chosen = form.departments.data or []
        return [edge.id for edge in confirmed_edges(departments=chosen)] if chosen else []
    return [edge.id for edge in confirmed_edges()]


def _some_services(form: WaveForm, wave: Wave | None) -> list[int]:
    services = _services(form, wave)
    if services:
        return services
    if form.which.data == SOME:
        raise Invalid(_("Choose departments that serve somebody."), field="departments")
    if form.which.data == KEEP:
        gone = _("None of its services can be asked about any more. Choose others.")
        raise Invalid(gone, field="which")
    raise Invalid(_("There is no service on the map yet."), field="which")


def _wanted(form: WaveForm, wave: Wave | None = None) -> planning.Wanted:
    services = _some_services(form, wave)
    return planning.Wanted(
        title=form.title.data or "",
        opens_on=form.opens_on.data,
        closes_on=form.closes_on.data,
        services=services,
        months=number_or_none(form.months.data) or 0,
        most_people=form.most_people.data,
    )


def _write_page(form: WaveForm, wave: Wave | None) -> str:
    shown: dict[str, Any] = {"kept": None, "moves": None}
    if wave is not None and not pages.in_whole_days(wave):
        shown["moves"] = pages.row(wave)
    if wave is not None and policy.is_bound(wave):
        shown["kept"] = pages.kept(wave)
    if request.form.get("action") == "preview" and not form.errors:
        shown["preview"] = preview.preview(_services(form, wave))
    return render_template(
        "surveys/write.html",
        form=form,
        wave=wave,
        which=list(_which(wave).items()),
        departments=[card.option for card in current_cards()],
        months=pages.month_options(),
        zone=pages.zone(),
        **shown,
    )


@bp.post("/surveys/<int:wave_id>/cancel")
@moderators_only
def cancel(wave_id: int) -> ResponseReturnValue:
    """Give up a wave before anybody was asked."""
    planning.cancel(me(), queries.wave_or_404(me(), wave_id))
    flash(_("Cancelled. Nobody was asked."), "success")
    return redirect("/surveys", 303)


@bp.post("/surveys/<int:wave_id>/stop")
@moderators_only
def stop(wave_id: int) -> ResponseReturnValue:
    """End a running wave now."""
    planning.stop(me(), queries.wave_or_404(me(), wave_id))
    flash(_("Ended. The answers are being put in random order."), "success")
    return redirect(f"/surveys/{wave_id}", 303)
