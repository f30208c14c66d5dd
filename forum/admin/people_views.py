"""The administration of people."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts import invitations, recovery, standing
from forum.accounts.guard import me
from forum.accounts.models import Person
from forum.admin import people_pages as pages
from forum.admin.people_actions import Details, add_person, change_person, details_of
from forum.admin.people_forms import AttachmentForm, PersonForm
from forum.admin.shown import FIELD, Overtaken, catch_up, packed
from forum.core.access import admins_only
from forum.core.again import Sent, form_again
from forum.core.db import transaction
from forum.core.errors import Conflict, Invalid
from forum.core.i18n import _, company_zone, lazy
from forum.departments import hooks, membership, reach
from forum.departments.queries import current_cards

bp = Blueprint("admin_people", __name__)
NO_DAY = lazy("Give the day as year, month and day.")


@bp.get("/admin/people")
@admins_only
def index() -> ResponseReturnValue:
    """Everybody, with what an administrator looks for."""
    wanted = pages.read_wanted(request.args)
    page = pages.list_people(wanted)
    return render_template(
        "admin/people.html",
        page=page,
        wanted=wanted,
        states=[(key, words) for key, (words, _condition) in pages.STATES.items()],
        next_url=wanted.query(after=page.next) if page.next else "",
        first_url=wanted.query() if wanted.after else "",
    )


def _new_page(form: PersonForm) -> str:
    departments = current_cards()
    return render_template("admin/person_new.html", form=form, departments=departments)


@bp.route("/admin/people/new", methods=["GET", "POST"])
@admins_only
@form_again(lambda sent: _new_page(PersonForm(sent)))
def new() -> ResponseReturnValue:
    """Add somebody."""
    form = PersonForm.from_request()
    if form.submitted():
        try:
            with transaction():
                person = add_person(me(), _details(form))
                _settle(form, person)
        except (Invalid, Conflict) as refusal:
            _blame(form, refusal)
        else:
            flash(_("%(name)s is added. Invite them when you are ready.", name=person.name))
            return redirect(f"/admin/people/{person.id}", 303)
    status = 422 if request.method == "POST" else 200
    return _new_page(form), status


def _details(form: PersonForm) -> Details:
    return Details(
        name=form.name.data or "",
        email=form.email.data or None,
        login=form.login.data or None,
        job_title=form.job_title.data or "",
        locale=form.locale.data or None,
    )


def _settle(form: PersonForm, person: Person) -> None:
    """Department, role and kind, in the open write."""
    membership.place(me(), person.id, pages.read_department(form.department.data or ""))
    standing.set_kind(me(), person, form.kind.data or "")
    standing.set_role(me(), person, form.role.data or "")


def _blame(form: PersonForm, refusal: Invalid | Conflict) -> None:
    field = refusal.field or "role"
    form.reject(field, refusal.message)


def _edit_again(sent: Sent, person_id: int) -> str:
    person = pages.person_to_manage(person_id)
    return _html(person, PersonForm(sent), shown=sent.get(FIELD, ""))


@bp.route("/admin/people/<int:person_id>", methods=["GET", "POST"])
@admins_only
@form_again(_edit_again)
def edit(person_id: int) -> ResponseReturnValue:
    """Somebody's details, attachments, seats and standing."""
    person = pages.person_to_manage(person_id)
    form: PersonForm = PersonForm.from_request(**_known(person))
    if form.submitted():
        try:
            with transaction():
                membership.hold(person)
                catch_up(form, _known(person))
                change_person(me(), person, _details(form))
                _settle(form, person)
        except Overtaken:
            return _page(person, form, status=409)
        except (Invalid, Conflict) as refusal:
            _blame(form, refusal)
        else:
            flash(_("Saved."), "success")
            return redirect(f"/admin/people/{person_id}", 303)
    if request.method == "GET":
        return _page(person, form)
    return _page(person, form, shown=request.form.get(FIELD, ""), status=422)


def _known(person: Person) -> dict[str, str]:
    known = details_of(person)
    return {
        "name": known.name,
        "email": known.email or "",
        "login": known.login or "",
        "job_title": known.job_title,
        "locale": known.locale or "",
        "department": str(person.department_id or ""),
        "role": person.role,
        "kind": person.kind,
    }


def _page(
    person: Person, form: PersonForm, *, status: int = 200, **state: Any
) -> ResponseReturnValue:
    return _html(person, form, **state), status


def _html(
    person: Person,
    form: PersonForm,
    *,
    attaching: AttachmentForm | None = None,
    link: str = "",
    shown: str = "",
) -> str:
    return render_template(
        "admin/person.html",
        person=person,
        form=form,
        shown=shown or packed(_known(person)),
        attaching=attaching or AttachmentForm(),
        departments=current_cards(),
        attachments=pages.attachments_of(person.id),
        seats=hooks.seats_of(person.id),
        limits=reach.limits_of(person.id) if person.moderates else [],
        link=link,
        is_me=person.id == me().id,
    )


def _attach_again(sent: Sent, person_id: int) -> str:
    person = pages.person_to_manage(person_id)
    return _html(person, PersonForm(data=_known(person)), attaching=AttachmentForm(sent))


@bp.post("/admin/people/<int:person_id>/attach")
@admins_only
@form_again(_attach_again)
def attach(person_id: int) -> ResponseReturnValue:
    """Let a consultant in to a department."""
    person = pages.person_to_manage(person_id)
    form = AttachmentForm.from_request()
    try:
        if not form.validate():
            raise Invalid(NO_DAY, field="until")
        department_id = pages.read_department(form.department.data or "")
        if department_id is None:
            raise Invalid(_("Choose a department from the list."), field="department")
        membership.attach(me(), person.id, department_id, until=_end_of(form))
    except Invalid as refusal:
        if not form.errors:
            form.reject(refusal.field or "department", refusal.message)
        return _page(person, PersonForm(data=_known(person)), attaching=form, status=422)
    return redirect(f"/admin/people/{person_id}#attachments", 303)


def _end_of(form: AttachmentForm) -> datetime | None:
    """The end of the chosen day in the company's time zone."""
    day = form.end()
    if day is None:
        return None
    try:
        return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(company_zone()))
    except OverflowError:
        raise Invalid(NO_DAY, field="until") from None


@bp.post("/admin/people/<int:person_id>/detach/<int:department_id>")
@admins_only
def detach(person_id: int, department_id: int) -> ResponseReturnValue:
    """End an attachment now."""
    membership.detach(me(), pages.person_to_manage(person_id).id, [department_id])
    return redirect(f"/admin/people/{person_id}#attachments", 303)


@bp.post("/admin/people/<int:person_id>/deactivate")
@admins_only
def deactivate(person_id: int) -> ResponseReturnValue:
    """Keep somebody out, at once; their page then lists what they held."""
    person = pages.person_to_manage(person_id)
    standing.deactivate(me(), person)
    flash(_("%(name)s cannot sign in any more.", name=person.name), "success")
    return redirect(f"/admin/people/{person_id}#seats", 303)


@bp.post("/admin/people/<int:person_id>/reactivate")
@admins_only
def reactivate(person_id: int) -> ResponseReturnValue:
    """Let somebody in again."""
    person = pages.person_to_manage(person_id)
    standing.reactivate(me(), person)
    flash(_("%(name)s may sign in again.", name=person.name), "success")
    return redirect(f"/admin/people/{person_id}", 303)


@bp.post("/admin/people/<int:person_id>/invite")
@admins_only
def invite(person_id: int) -> ResponseReturnValue:
    """A link to come in with: mailed, or shown for copying."""
    person = pages.person_to_manage(person_id)
    made = invitations.invite(me(), [person])[0]
    if made.mailed:
        flash(_("The invitation is on its way."), "success")
        return redirect(f"/admin/people/{person_id}", 303)
    return _page(person, PersonForm(data=_known(person)), link=made.link)


@bp.post("/admin/people/<int:person_id>/reset-link")
@admins_only
def reset_link(person_id: int) -> ResponseReturnValue:
    """A link to set a new password with, shown for copying."""
    person = pages.person_to_manage(person_id)
    link = recovery.reset_link(me(), person)
    return _page(person, PersonForm(data=_known(person)), link=link)
