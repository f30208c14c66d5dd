"""The administration of departments."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.accounts.handles import read_person
from forum.admin import departments_pages as pages
from forum.admin.departments_forms import (
    ArchiveForm,
    DepartmentDetailsForm,
    DepartmentForm,
    MergeForm,
)
from forum.admin.people_pages import read_department
from forum.admin.shown import FIELD, Overtaken, catch_up, packed
from forum.core.access import admins_only
from forum.core.again import Sent, form_again
from forum.core.db import transaction
from forum.core.errors import Conflict, Invalid
from forum.core.i18n import _
from forum.departments import actions, hooks
from forum.departments.merging import merge as merge_departments
from forum.departments.models import Department
from forum.departments.queries import current_cards

bp = Blueprint("admin_departments", __name__)


@bp.get("/admin/departments")
@admins_only
def index() -> ResponseReturnValue:
    """Every department."""
    return render_template("admin/departments.html", departments=pages.list_departments())


def _new_page(form: DepartmentForm) -> str:
    departments = current_cards()
    return render_template("admin/department_new.html", form=form, departments=departments)


@bp.route("/admin/departments/new", methods=["GET", "POST"])
@admins_only
@form_again(lambda sent: _new_page(DepartmentForm(sent)))
def new() -> ResponseReturnValue:
    """Create a department."""
    form = DepartmentForm.from_request(parent=request.args.get("parent", ""))
    if form.submitted():
        try:
            made = actions.create(
                me(),
                name=form.name.data,
                code=form.code.data,
                slug=form.slug.data,
                parent_id=read_department(form.parent.data or ""),
            )
        except (Invalid, Conflict) as refusal:
            _blame(form, refusal)
        else:
            flash(_("%(name)s is created.", name=made.name), "success")
            return redirect(f"/admin/departments/{made.id}", 303)
    status = 422 if request.method == "POST" else 200
    return _new_page(form), status


def _blame(form: DepartmentForm, refusal: Invalid | Conflict) -> None:
    field = refusal.field or "code"
    form.reject("parent" if field == "department" else field, refusal.message)


def _edit_again(sent: Sent, department_id: int) -> str:
    department = pages.department_or_404(department_id)
    return _html(department, DepartmentDetailsForm(sent), shown=sent.get(FIELD, ""))


@bp.route("/admin/departments/<int:department_id>", methods=["GET", "POST"])
@admins_only
@form_again(_edit_again)
def edit(department_id: int) -> ResponseReturnValue:
    """A department's details, place, head and representatives."""
    department = pages.department_or_404(department_id)
    form = DepartmentDetailsForm.from_request(
        **(pages.filled(department) if request.method == "GET" else {})
    )
    if form.submitted():
        try:
            _save(department, form)
        except Overtaken:
            return _page(department, form, status=409)
        except (Invalid, Conflict) as refusal:
            _blame(form, refusal)
        else:
            flash(_("Saved."), "success")
            return redirect(f"/admin/departments/{department_id}", 303)
    if request.method == "GET":
        return _page(department, form)
    return _page(department, form, shown=request.form.get(FIELD, ""), status=422)


def _save(department: Department, form: DepartmentDetailsForm) -> None:
    with transaction():
        actions.hold(department)
        catch_up(form, pages.filled(department))
        parent = read_department(form.parent.data or "")
        head = read_person(form.head.data or "", field="head")
        people = pages.read_people(form.representatives.data or "")
        actions.rename(me(), department, name=form.name.data or "", slug=form.slug.data or "")
        actions.describe(
            me(),
            department,
            code=form.code.data or department.code,
            hue=int(form.hue.data or 0),
            description=form.description.data or "",
        )
        actions.move(me(), department, parent)
        actions.set_head(me(), department, head)
        actions.set_representatives(me(), department, people)
        actions.confirm(department)


def _page(
    department: Department, form: DepartmentDetailsForm, *, status: int = 200, **state: Any
) -> ResponseReturnValue:
    return _html(department, form, **state), status


def _html(
    department: Department,
    form: DepartmentDetailsForm,
    *,
    merging: MergeForm | None = None,
    shown: str = "",
) -> str:
    others = [card for card in current_cards() if card.id != department.id]
    return render_template(
        "admin/department.html",
        department=department,
        form=form,
        shown=shown or packed(pages.filled(department)),
        merging=merging or MergeForm(),
        archiving=ArchiveForm(),
        departments=others,
        colleagues=pages.colleagues(department.id),
        waiting=hooks.open_things(department.id),
    )


def _shown_again(department: Department, **state: Any) -> ResponseReturnValue:
    form = DepartmentDetailsForm(data=pages.filled(department))
    return _page(department, form, **state)


def _merge_again(sent: Sent, department_id: int) -> str:
    department = pages.department_or_404(department_id)
    form = DepartmentDetailsForm(data=pages.filled(department))
    return _html(department, form, merging=MergeForm(sent))


@bp.post("/admin/departments/<int:department_id>/merge")
@admins_only
@form_again(_merge_again)
def merge(department_id: int) -> ResponseReturnValue:
    """Make it part of another department."""
    department = pages.department_or_404(department_id)
    form = MergeForm.from_request()
    try:
        into_id = read_department(form.into.data or "")
        if into_id is None:
            raise Invalid(_("Choose a department from the list."))
        into = pages.department_or_404(into_id)
        merge_departments(me(), department, into)
    except Invalid as refusal:
        form.reject("into", refusal.message)
        return _shown_again(department, merging=form, status=422)
    flash(_("%(old)s is part of %(new)s now.", old=department.name, new=into.name), "success")
    return redirect(f"/admin/departments/{into.id}", 303)


@bp.post("/admin/departments/<int:department_id>/archive")
@admins_only
def archive(department_id: int) -> ResponseReturnValue:
    """Close it; answers that wait for it are taken back only when that was ticked."""
    department = pages.department_or_404(department_id)
    try:
        actions.archive(me(), department, anyway=bool(request.form.get("anyway")))
    except Conflict as refusal:
        g.refusal = str(refusal.message)
        return _shown_again(department, status=409)
    flash(_("%(name)s is archived.", name=department.name), "success")
    return redirect("/admin/departments", 303)


@bp.post("/admin/departments/<int:department_id>/restore")
@admins_only
def restore(department_id: int) -> ResponseReturnValue:
    """Open it again."""
    department = pages.department_or_404(department_id)
    actions.restore(me(), department)
    flash(_("%(name)s is open again.", name=department.name), "success")
    return redirect(f"/admin/departments/{department_id}", 303)
