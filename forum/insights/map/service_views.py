"""Pages of a service: drawing it, looking at it, agreeing or not."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.accounts.handles import read_person
from forum.accounts.models import Person
from forum.core import slots
from forum.core.again import Sent, form_again
from forum.core.db import db
from forum.core.errors import Conflict, DomainError, Forbidden, Invalid
from forum.core.i18n import _
from forum.core.numbers import number_or_none
from forum.departments.models import Service, ServiceState, SideKind
from forum.departments.scope import scope_of
from forum.departments.services import actions, ends, policy
from forum.departments.services.ends import CUSTOMER, OTHER, PROVIDER, End
from forum.departments.services.phrases import KINDS, STATES
from forum.departments.services.queries import service_or_404
from forum.departments.services.saying import Said
from forum.departments.services.speakers import speaker_of
from forum.departments.services.writing import Stale
from forum.departments.visibility import people_visible_to
from forum.ideas.pages import say_with_undo
from forum.insights.map import reading
from forum.insights.map.forms import LEVELS, DrawForm, EditForm, OwnerForm, SaidForm, WhyForm
from forum.insights.map.own_side import ME, OwnSide, own_side, prefilled, turned

bp = Blueprint("services", __name__)


def _words() -> dict[str, Any]:
    return {
        "levels": [(value, str(words)) for value, words in LEVELS.items()],
        "kinds": [("", _("The department itself")), *((k.value, str(w)) for k, w in KINDS.items())],
        "states": {state.value: str(words) for state, words in STATES.items()},
    }


def _draw_page(form: DrawForm, own: OwnSide, twice: int | None = None) -> str:
    return render_template(
        "insights/map/draw.html",
        form=form,
        own=own,
        options={each: own.options(each, me(), form[each].data or "") for each in OTHER},
        home=next((card for card in own.cards if card.id == me().department_id), None),
        limited=scope_of(me()).limited,
        twice=twice,
        **_words(),
    )


def _draw_again(sent: Sent) -> str:
    wanted = turned(sent)
    return _draw_page(DrawForm(wanted), own_side(me(), wanted))


@bp.route("/map/services/new", methods=["GET", "POST"])
@form_again(_draw_again)
def new() -> ResponseReturnValue:
    """Put a service on the map; consultants those they are a side of."""
    own = own_side(me(), request.values)
    if request.method == "GET":
        return _draw_page(DrawForm(data=prefilled(me(), own, request.args)), own)
    form = DrawForm.from_request()
    try:
        if form.validate():
            made = actions.draw(me(), _end(form, PROVIDER), _end(form, CUSTOMER), _said(form))
            _say(made, _("It is on the map."))
            return redirect(f"/map/services/{made.id}", 303)
    except DomainError as refusal:
        return _not_drawn(form, own, refusal)
    return _draw_page(form, own), 422


@bp.route("/map/services/new/sides", methods=["GET", "POST"])
@form_again(_draw_again)
def sides() -> ResponseReturnValue:
    """The form with the other side as one's own, and all that was typed."""
    if request.method == "GET":
        return redirect("/map/services/new", 303)
    return _draw_again(request.form)


def _not_drawn(form: DrawForm, own: OwnSide, refusal: DomainError) -> ResponseReturnValue:
    """The form with what was refused; with the way to the service that is there already."""
    if isinstance(refusal, Forbidden):
        message = _("Choose a side that you speak for: a department you answer for, or yourself.")
        form.reject(own.side or PROVIDER, message)
    form.refuse(refusal)
    return _draw_page(form, own, getattr(refusal, "service_id", None)), refusal.status


def _end(form: DrawForm, side: str) -> End:
    """Who a form puts at an end."""
    kind, department_id = form[f"{side}_kind"].data, number_or_none(form[side].data)
    if kind == SideKind.PERSON:
        field = f"{side}_person"
        among = people_visible_to(me())
        person_id = read_person(form[field].data or "", field=field, among=among)
        if person_id is None:
            raise Invalid(_("Name somebody by e-mail or staff number."), field=field)
        person = db.session.get_one(Person, person_id)
        ends.check_here(person, field=field)
        return ends.somebody(person)
    if not kind and form[side].data == ME:
        return ends.somebody(me())
    if department_id is None:
        raise Invalid(_("Choose a department from the list."), field=side)
    if kind in (SideKind.TEAM, SideKind.ROLE):
        name = f"{side}_name"
        return ends.part_of(department_id, SideKind(kind), form[name].data or "", field=name)
    return ends.department(department_id)


def _said(form: SaidForm) -> Said:
    return Said(
        form.name.data or "",
        form.delivered.data or "",
        form.channel.data or "",
        form.criticality.data or "",
    )


def _say(service: Service, agreed: str) -> None:
    """What became of it: both agree, or the other side is asked now."""
    waits = _("The other side is asked whether it is so.")
    flash(waits if policy.turn(service) else agreed, "success")


def _page(service: Service, **forms: Any) -> str:
    return render_template(
        "insights/map/service.html",
        shown=reading.shown(me(), service),
        why={"deny": WhyForm(), "end": WhyForm(), **forms},
        owner_error=forms.get("owner_error", {}),
        unsent=forms.get("unsent", ("", "")),
        panels=slots.load("service", me(), [service])[service.id],
        **_words(),
    )


def _overtaken(service: Service, refusal: DomainError, **typed: WhyForm) -> ResponseReturnValue:
    """The page as it is now, with why not; a reason that no form takes any more stays readable."""
    g.refusal = str(refusal.message)
    unsent = next(((name, form.why.data or "") for name, form in typed.items()), ("", ""))
    return _page(service, unsent=unsent, **typed), refusal.status


def _seen() -> int | None:
    """The number of what somebody read before they answered, where their form says it."""
    return number_or_none(request.form.get("revision"))


@bp.get("/map/services/<int:service_id>")
def show(service_id: int) -> ResponseReturnValue:
    """One service."""
    return _page(service_or_404(me(), service_id))


def _edit_page(service: Service, form: EditForm, overtaken: Stale | None = None) -> str:
    """The form; below it what the service says now, where that is not what was corrected."""
    return render_template(
        "insights/map/edit.html", service=service, form=form, overtaken=overtaken, **_words()
    )


def _edit_again(sent: Sent, service_id: int) -> str:
    return _edit_page(service_or_404(me(), service_id), EditForm(sent))


@bp.route("/map/services/<int:service_id>/edit", methods=["GET", "POST"])
@form_again(_edit_again)
def edit(service_id: int) -> ResponseReturnValue:
    """Correct what a service is said to be."""
    service = service_or_404(me(), service_id)
    if not policy.may_correct(speaker_of(me()), service):
        return _not_corrected(service)
    if request.method == "GET":
        return _edit_page(service, EditForm(obj=service))
    form = EditForm.from_request()
    try:
        if form.validate():
            actions.correct(me(), service, _said(form), seen=_seen())
            _say(service, _("Saved."))
            return redirect(f"/map/services/{service_id}", 303)
    except Stale as refusal:
        form.revision.data = str(service.revision)
        return _edit_page(service, form, refusal), refusal.status
    except DomainError as refusal:
        form.refuse(refusal)
        return _edit_page(service, form), refusal.status
    return _edit_page(service, form), 422


def _not_corrected(service: Service) -> ResponseReturnValue:
    """What somebody typed into the form of a service that ended meanwhile stays readable. Raises
    Forbidden for any other."""
    if request.method == "GET" or service.state != ServiceState.ENDED:
        raise Forbidden
    form = EditForm.from_request()
    typed = "\n".join(filter(None, (form.name.data, form.delivered.data, form.channel.data)))
    g.refusal = _("This service has ended; nothing of it is corrected any more.")
    return _page(service, unsent=("correct", typed)), Conflict.status


@bp.post("/map/services/<int:service_id>/confirm")
def confirm(service_id: int) -> ResponseReturnValue:
    """Agree that it is so."""
    service = service_or_404(me(), service_id)
    try:
        actions.confirm(me(), service, seen=_seen())
    except Conflict as refusal:
        return _overtaken(service, refusal)
    flash(_("Confirmed: both sides agree."), "success")
    return redirect(f"/map/services/{service_id}", 303)


def _show_again(sent: Sent, service_id: int) -> str:
    name = request.path.rpartition("/")[2]
    return _page(service_or_404(me(), service_id), **{name: WhyForm(sent)})


@bp.post("/map/services/<int:service_id>/deny")
@form_again(_show_again)
def deny(service_id: int) -> ResponseReturnValue:
    """Say that it is not so, and why."""
    service, form = service_or_404(me(), service_id), WhyForm.from_request()
    if not form.validate():
        return _page(service, deny=form), 422
    try:
        actions.deny(me(), service, form.why.data or "", seen=_seen())
    except Conflict as refusal:
        return _overtaken(service, refusal, deny=form)
    said = _("Said. The other side hears why.")
    say_with_undo(said, f"/map/services/{service_id}/deny/undo")
    return redirect(f"/map/services/{service_id}", 303)


@bp.post("/map/services/<int:service_id>/deny/undo")
def undo_denial(service_id: int) -> ResponseReturnValue:
    """Take back that it is not so, until somebody has answered."""
    actions.take_denial_back(me(), service_or_404(me(), service_id))
    flash(_("Taken back: the service is as it was before you denied it."), "success")
    return redirect(f"/map/services/{service_id}", 303)


@bp.post("/map/services/<int:service_id>/end")
@form_again(_show_again)
def end(service_id: int) -> ResponseReturnValue:
    """Take it off the map, or take a proposal back."""
    service, form = service_or_404(me(), service_id), WhyForm.from_request()
    try:
        actions.end(me(), service, form.why.data or "", seen=_seen())
    except Conflict as refusal:
        return _overtaken(service, refusal, end=form)
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(service, end=form), 422
    flash(_("Done."), "success")
    return redirect(f"/map/services/{service_id}", 303)


def _owner_again(_sent: Sent, service_id: int) -> str:
    return _page(service_or_404(me(), service_id))


@bp.post("/map/services/<int:service_id>/owner")
@form_again(_owner_again)
def owner(service_id: int) -> ResponseReturnValue:
    """Say who looks after it on a side; empty is nobody."""
    service, form = service_or_404(me(), service_id), OwnerForm.from_request()
    side = PROVIDER if request.form.get("side") == PROVIDER else CUSTOMER
    try:
        among = people_visible_to(me())
        person_id = read_person(form.owner.data or "", field="owner", among=among)
        person = db.session.get_one(Person, person_id) if person_id is not None else None
        actions.name_owner(me(), service, side, person)
    except Invalid as refusal:
        return _page(service, owner_error={side: (form.owner.data, refusal.message)}), 422
    flash(_("Saved."), "success")
    return redirect(f"/map/services/{service_id}", 303)
