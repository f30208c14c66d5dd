"""Pages of cases."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.again import Sent, form_again
from forum.core.errors import Invalid, NotFound
from forum.core.i18n import _
from forum.core.numbers import id_or_none, number_or_none
from forum.departments.visibility import chosen_by_address
from forum.training import policy
from forum.training.cases import actions, origins, queries, shown, touching
from forum.training.cases.forms import CaseForm, CheckForm
from forum.training.models import Case

bp = Blueprint("cases", __name__)


@bp.get("/training/cases")
def index() -> ResponseReturnValue:
    """The cases everybody may read, and above them what is the reader's to do."""
    if not policy.may_see(me()):
        raise NotFound
    slug = request.args.get("department", "")
    place = next(iter(chosen_by_address(me(), slug)), None) if slug else None
    page = queries.open_cases(me(), department=place, after=request.args.get("after", ""))
    onward = f"&department={slug}" if place is not None else ""
    return render_template(
        "training/cases.html",
        rows=shown.rows_of(page.rows),
        working=shown.rows_of(queries.in_work(me())) if policy.is_staff(me()) else [],
        may_draft=queries.may_draft(me()),
        next_url=f"/training/cases?after={page.next}{onward}" if page.next else "",
    )


def _page(case: Case, form: CheckForm | None = None) -> str:
    return render_template("training/case.html", **shown.case_page(me(), case, form))


@bp.get("/training/cases/<int:case_id>")
def show(case_id: int) -> ResponseReturnValue:
    """A case."""
    return _page(queries.case_or_404(me(), case_id))


def _write_page(form: CaseForm, case: Case | None) -> str:
    return render_template("training/write_case.html", **shown.write_page(me(), form, case))


def _new_again(sent: Sent) -> str:
    return _write_page(CaseForm(sent), None)


@bp.route("/training/cases/new", methods=["GET", "POST"])
@form_again(_new_again)
def new() -> ResponseReturnValue:
    """Draft a case; `?from=breach:7` begins it with what was reported, without by whom."""
    if not queries.may_draft(me()):
        raise NotFound
    form = CaseForm.from_request(**_beginning())
    try:
        if form.submitted():
            case = actions.draft(me(), _wanted(form))
            return redirect(f"/training/cases/{case.id}", 303)
    except Invalid as refusal:
        form.refuse(refusal)
    return _write_page(form, None), 422 if request.method == "POST" else 200


def _beginning() -> dict[str, Any]:
    asked = request.args.get("from", "")
    found = origins.beginning(me(), asked) if asked else None
    if found is None:
        return {}
    return {
        "title": found.title,
        "month": found.month,
        "situation": found.situation,
        "happened": found.happened,
        "learned": found.learned,
        "departments": list(found.departments),
        "services": list(found.services),
        "touches": found.touches,
        "origin": asked,
    }


def _wanted(form: CaseForm) -> actions.Wanted:
    return actions.Wanted(
        title=form.title.data or "",
        month=form.month.data,
        situation=form.situation.data or "",
        happened=form.happened.data or "",
        learned=form.learned.data or "",
        departments=form.departments.data or [],
        services=form.services.data or [],
        touches=form.touches.data or "",
        confirmed=form.confirmed.data or [],
        origin=form.origin.data or "",
    )


def _editable(case_id: int) -> Case:
    case = queries.case_or_404(me(), case_id)
    if not policy.may_edit(me(), case):
        raise NotFound
    return case


def _filled(case: Case) -> CaseForm:
    words = queries.words_of(case)
    places = queries.departments_of([case.id]).get(case.id, [])
    named = touching.named_in(me(), [case.id]).get(case.id, [])
    texts = zip(actions.WORDS, words, strict=True)
    return CaseForm(
        data={
            **{name: text.source if text is not None else "" for name, text in texts},
            "title": case.title,
            "month": case.month,
            "departments": [card.id for card in places],
            "services": [card.id for card in touching.services_of(case.id)],
            "touches": ", ".join(each.value for each in named),
            "confirmed": [word for word in case.confirmed.split(" ") if word],
            "revision": str(case.revision),
        }
    )


def _edit_again(sent: Sent, case_id: int) -> str:
    return _write_page(CaseForm(sent), _editable(case_id))


@bp.route("/training/cases/<int:case_id>/edit", methods=["GET", "POST"])
@form_again(_edit_again)
def edit(case_id: int) -> ResponseReturnValue:
    """Change a draft."""
    case = _editable(case_id)
    if request.method == "GET":
        return _write_page(_filled(case), case)
    form = CaseForm.from_request()
    seen = number_or_none(form.revision.data) or case.revision
    status = form.saves(
        lambda: actions.change(me(), case, _wanted(form), seen=seen), row=case, stale="title"
    )
    if status != 303:
        return _write_page(form, case), status
    return redirect(f"/training/cases/{case_id}", 303)


@bp.post("/training/cases/<int:case_id>/send")
def send(case_id: int) -> ResponseReturnValue:
    """Ask the departments to check it."""
    try:
        actions.send(me(), queries.case_or_404(me(), case_id))
    except Invalid as refusal:
        flash(str(refusal), "error")
        return redirect(f"/training/cases/{case_id}/edit", 303)
    flash(_("The departments are asked."), "success")
    return redirect(f"/training/cases/{case_id}", 303)


def _check_again(sent: Sent, case_id: int) -> str:
    return _page(queries.case_or_404(me(), case_id), CheckForm(sent))


@bp.post("/training/cases/<int:case_id>/check")
@form_again(_check_again)
def check(case_id: int) -> ResponseReturnValue:
    """Say for a `department` whether it is right (`answer` `fine`), or what should `change`."""
    case = queries.case_or_404(me(), case_id)
    form = CheckForm.from_request()
    place, said = id_or_none(form.department.data), form.answer.data
    if place is None or said not in ("fine", "change"):
        raise NotFound
    try:
        if form.validate():
            actions.check(me(), case, place, fine=said == "fine", note=form.note.data or "")
            flash(_("Thank you. Noted."), "success")
            return redirect(_after_check(case), 303)
    except Invalid as refusal:
        form.refuse(refusal)
    return _page(case, form), 422


def _after_check(case: Case) -> str:
    """The case, as far as it is still theirs to read."""
    try:
        queries.case_or_404(me(), case.id)
    except NotFound:
        return "/training/cases"
    return f"/training/cases/{case.id}"


@bp.post("/training/cases/<int:case_id>/take-back")
def take_back(case_id: int) -> ResponseReturnValue:
    """Make it a draft again."""
    actions.take_back(me(), queries.case_or_404(me(), case_id))
    flash(_("It is a draft again; nobody else reads it."), "success")
    return redirect(f"/training/cases/{case_id}", 303)
