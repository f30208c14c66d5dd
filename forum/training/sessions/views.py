"""Pages of sessions: planning them, coming to them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.accounts.handles import handle_of, read_person
from forum.accounts.models import Person
from forum.core.access import no_store, public, require
from forum.core.again import Sent, form_again
from forum.core.db import db
from forum.core.errors import Conflict, Invalid, NotFound
from forum.core.i18n import _, ngettext, speaking
from forum.core.modules import is_on
from forum.core.numbers import number_or_none
from forum.core.site import absolute, site
from forum.files.attaching import take_in
from forum.ideas.pages import say_with_undo
from forum.training import policy
from forum.training.calendar import files as calendar
from forum.training.models import Session
from forum.training.sessions import actions, queries, seats, shown
from forum.training.sessions.forms import CancelForm, PeopleForm, SessionForm
from forum.training.sessions.people import read_people

bp = Blueprint("training", __name__)
ICS = "text/calendar; charset=utf-8"


@bp.get("/training")
def index() -> ResponseReturnValue:
    """Sessions that come, mine among them, and those that were."""
    if not policy.may_see(me()):
        raise NotFound
    after = request.args.get("after", "")
    page = queries.past(me(), after)
    coming = [] if after else [shown.row_of(row) for row in queries.coming(me())]
    return render_template(
        "training/index.html",
        mine=[row for row in coming if row["mine"] in ("seat", "waiting")],
        coming=[row for row in coming if row["mine"] not in ("seat", "waiting")],
        past=[shown.row_of(row) for row in page.rows if shown.state_of(row.session) != "now"],
        later=bool(after),
        may_plan=queries.may_plan(me()),
        feed_url=absolute(calendar.feed_path(me())),
        next_url=f"/training?after={page.next}" if page.next else "",
    )


def page_of(session: Session, **forms: Any) -> str:
    """The page of a session, with a form that was refused."""
    return render_template("training/session.html", **shown.session_page(me(), session, forms))


@bp.get("/training/<int:training_id>")
def show(training_id: int) -> ResponseReturnValue:
    """A session."""
    return page_of(queries.session_or_404(me(), training_id))


def _write_page(form: SessionForm, session: Session | None) -> str:
    return render_template("training/write.html", **shown.write_page(me(), form, session))


def _new_again(sent: Sent) -> str:
    return _write_page(SessionForm(sent), None)


@bp.route("/training/new", methods=["GET", "POST"])
@form_again(_new_again)
def new() -> ResponseReturnValue:
    """Plan a session."""
    if not queries.may_plan(me()):
        raise NotFound
    own = [me().department_id] if me().department_id is not None else []
    form = SessionForm.from_request(host=handle_of(me()), minutes=60, capacity=12, departments=own)
    try:
        if form.submitted():
            take_in(me(), form.about)
            session = actions.plan(me(), _wanted(form))
            flash(_("Planned. Nobody is invited yet: invite people below."), "success")
            return redirect(f"/training/{session.id}", 303)
    except Invalid as refusal:
        form.refuse(refusal)
    return _write_page(form, None), 422 if request.method == "POST" else 200


def _wanted(form: SessionForm) -> actions.Wanted:
    return actions.Wanted(
        title=form.title.data or "",
        on=form.on.data,
        at=form.at.data,
        minutes=form.minutes.data,
        place=form.place.data or "",
        capacity=form.capacity.data,
        host_id=read_person(form.host.data or "", field="host"),
        departments=form.departments.data or [],
        standards=form.touches.data or "",
        about=form.about.data or "",
        confirms=bool(form.confirms.data),
    )


def _changeable(training_id: int) -> Session:
    session = queries.session_or_404(me(), training_id)
    require(policy.runs(me(), session))
    if session.cancelled_at is not None:
        raise Conflict(_("This session was called off."))
    return session


def _edit_again(sent: Sent, training_id: int) -> str:
    return _write_page(SessionForm(sent), _changeable(training_id))


@bp.route("/training/<int:training_id>/edit", methods=["GET", "POST"])
@form_again(_edit_again)
def edit(training_id: int) -> ResponseReturnValue:
    """Plan it anew."""
    session = _changeable(training_id)
    if request.method == "GET":
        host = db.session.get_one(Person, session.host_id)
        return _write_page(SessionForm(data=shown.filled(me(), session, handle_of(host))), session)
    form = SessionForm.from_request()
    status = form.saves(lambda: _change(form, session), row=session, stale="title")
    if status != 303:
        return _write_page(form, session), status
    return redirect(f"/training/{training_id}", 303)


def _change(form: SessionForm, session: Session) -> None:
    take_in(me(), form.about)
    seen = number_or_none(form.revision.data) or session.revision
    told = actions.change(me(), session, _wanted(form), seen=seen)
    flash(_("Saved, and told to everybody.") if told else _("Saved."), "success")


def _cancel_again(sent: Sent, training_id: int) -> str:
    return page_of(_changeable(training_id), cancel=CancelForm(sent))


@bp.post("/training/<int:training_id>/cancel")
@form_again(_cancel_again)
def cancel(training_id: int) -> ResponseReturnValue:
    """Call it off."""
    session, form = _changeable(training_id), CancelForm.from_request()
    try:
        if form.validate():
            actions.cancel(me(), session, form.why.data or "")
            flash(_("Called off. Everybody is told."), "success")
            return redirect(f"/training/{training_id}", 303)
    except Invalid as refusal:
        form.refuse(refusal)
    return page_of(session, cancel=form), 422


def _invite_again(sent: Sent, training_id: int) -> str:
    return page_of(_changeable(training_id), invite=PeopleForm(sent))


@bp.post("/training/<int:training_id>/invite")
@form_again(_invite_again)
def invite(training_id: int) -> ResponseReturnValue:
    """Ask people to come."""
    session, form = _changeable(training_id), PeopleForm.from_request()
    try:
        if form.validate():
            people = read_people(form.people.data or "", field="people")
            asked = seats.invite(me(), session, people, members=bool(form.members.data))
            said = ngettext("%(num)d person is invited.", "%(num)d people are invited.", asked)
            flash(said, "success")
            return redirect(f"/training/{training_id}", 303)
    except Invalid as refusal:
        form.refuse(refusal)
    return page_of(session, invite=form), 422


@bp.post("/training/<int:training_id>/sign-up")
def sign_up(training_id: int) -> ResponseReturnValue:
    """Take a seat, or a place in the queue."""
    if seats.sign_up(me(), queries.session_or_404(me(), training_id)):
        say_with_undo(_("You have a seat."), f"/training/{training_id}/sign-off")
    else:
        words = _("You are on the waiting list and hear when a seat is free.")
        say_with_undo(words, f"/training/{training_id}/sign-off")
    return redirect(f"/training/{training_id}", 303)


@bp.post("/training/<int:training_id>/sign-off")
def sign_off(training_id: int) -> ResponseReturnValue:
    """Leave the seat to the next."""
    left = seats.sign_off(me(), queries.session_or_404(me(), training_id))
    if left == "seat":
        flash(_("You are signed off. The seat goes to whoever waits."), "success")
    elif left:
        flash(_("You are off the waiting list."), "success")
    return redirect(f"/training/{training_id}", 303)


@bp.get("/training/<int:training_id>.ics")
def as_ics(training_id: int) -> ResponseReturnValue:
    """A session for one's calendar."""
    session = queries.session_or_404(me(), training_id)
    found = calendar.known([session.id])[session.id]
    answer = Response(calendar.invitation(me(), found), content_type=ICS)
    name = f"training-{session.id}.ics"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/feeds/<string:secret>/training.ics")
@public
@no_store
def feed(secret: str) -> ResponseReturnValue:
    """One's sessions as a calendar to subscribe to."""
    if not is_on("training"):
        raise NotFound
    person = calendar.feed_owner(secret)
    with speaking(person.locale or site().default_locale):
        return Response(calendar.feed(person), content_type=ICS)
