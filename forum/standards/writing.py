"""Writing standards: new ones, drafts, from an idea, and putting them in force."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import moderators_only, require
from forum.core.again import Sent, form_again
from forum.core.db import transaction
from forum.core.errors import Conflict, Invalid
from forum.core.i18n import _, locale_code
from forum.core.intake import takes_pictures
from forum.core.numbers import id_or_none, number_or_none
from forum.departments.queries import DepartmentCard, cards_by_id, current_cards
from forum.files.attaching import take_in
from forum.ideas import showing
from forum.ideas.forms import StandardNumberForm
from forum.ideas.queries import idea_or_404
from forum.standards import actions, drafts, editing, origins, outline, pages, policy, queries
from forum.standards.addresses import one_address
from forum.standards.approvals.forms import how_sent
from forum.standards.approvals.gate import NotApproved
from forum.standards.categories import filing
from forum.standards.categories.queries import category_of, category_tree, template_of
from forum.standards.clauses import actions as clauses
from forum.standards.clauses.held import to_hold
from forum.standards.clauses.known import is_unsure, keys_of
from forum.standards.confirming import audience
from forum.standards.confirming.phrases import KINDS, ROLES
from forum.standards.difference import changes
from forum.standards.drafts import Stale, Wording
from forum.standards.editing import Editable
from forum.standards.forms import StandardForm
from forum.standards.models import Standard, Version, VersionState
from forum.standards.serving import outline as outline_of_serving

bp = Blueprint("standard_writing", __name__)
bp.before_request(one_address)


def _new_again(sent: Sent) -> str:
    return _form_page(StandardForm(sent), None)


@bp.route("/standards/new", methods=["GET", "POST"])
@moderators_only
@takes_pictures
@form_again(_new_again)
def new() -> ResponseReturnValue:
    """Begin a standard of one's own."""
    form = StandardForm.from_request(**_blank())
    try:
        if form.submitted():
            take_in(me(), form.body)
            filed = filing.known(form.category.data)
            form.body.data = filing.begun(form.body.data or "", filed)
            wording = _wording(form, None)
            with transaction():
                standard = drafts.begin(me(), wording)
                filing.file(me(), standard, filed)
            return redirect(f"/standards/{standard.number}", 303)
    except Invalid as refusal:
        form.reject(refusal.field or "body", refusal.message)
    return _form_page(form, None), 422 if request.method == "POST" else 200


def _blank() -> dict[str, Any]:
    """What a new standard begins with: the text or the category that the address names."""
    if request.args.get("begin") == "serving":
        begun = {"title": outline_of_serving.title(), "body": outline_of_serving.body()}
        return {**begun, "owner": me().id, "departments": []}
    category = id_or_none(request.args.get("category"))
    body = (template_of(category) if category else "") or outline.blank(locale_code())
    return {"body": body, "owner": me().id, "departments": [], "category": category}


@bp.post("/ideas/<int:idea_id>/standard")
def from_idea(idea_id: int) -> ResponseReturnValue:
    """Make a standard's draft from an accepted idea."""
    idea = idea_or_404(me(), idea_id)
    number = request.form.get("number", "").strip().upper()[:20]
    try:
        standard = origins.standardise(me(), idea, number=number)
    except Invalid as refusal:
        form = StandardNumberForm(request.form)
        form.refuse(refusal)
        return showing.again(idea_id, 422, standard=form)
    return redirect(f"/standards/{standard.number}/edit", 303)


def _edit_again(sent: Sent, number: str) -> str:
    standard = queries.standard_or_404(me(), number)
    require(policy.may_edit(me(), standard))
    return _form_page(StandardForm(sent), editing.editable(standard))


@bp.route("/standards/<string:number>/edit", methods=["GET", "POST"])
@takes_pictures
@form_again(_edit_again)
def edit(number: str) -> ResponseReturnValue:
    """Edit the draft, or begin the next version from the text in force."""
    standard = queries.standard_or_404(me(), number)
    require(policy.sees_drafts(me(), standard))
    if standard.state == VersionState.RETIRED:
        raise Conflict(drafts.RETIRED)
    base = editing.editable(standard)
    if base.waits:
        raise Conflict(drafts.WAITS)
    form = StandardForm.from_request(**_filled(base))
    try:
        if form.submitted():
            return _saved(standard, _save(form, base))
    except Stale as stale:
        return _stale_page(form, standard, stale), 409
    except Invalid as refusal:
        form.reject(refusal.field or "body", refusal.message)
    return _form_page(form, base), 422 if request.method == "POST" else 200


def _filled(base: Editable) -> dict[str, Any]:
    version = base.version
    people = audience.people_of(version.id)
    return {
        "minor": base.is_draft and version.minor,
        "roles": [value for what, value in people if what == "role"],
        "kinds": [value for what, value in people if what == "kind"],
        "title": version.title,
        "body": base.source,
        "owner": version.owner_id,
        "departments": base.departments,
        "change": version.change if base.is_draft else "",
        "category": category_of(base.standard.id),
        "lock": base.standard.lock,
    }


def _save(form: StandardForm, base: Editable) -> Version:
    """Save; with `action=publish` also put in force, both or neither.

    A text of which somebody has to say which clauses are which is saved and shown first.
    """
    take_in(me(), form.body)
    wording = _wording(form, base)
    publish = request.form.get("action") == "publish"
    require(not publish or policy.may_publish(me(), base.standard))
    filed = filing.known(form.category.data) if "category" in request.form else None
    with transaction():
        version = drafts.save_draft(me(), base.standard, wording, seen=form.seen)
        if "category" in request.form:
            filing.file(me(), base.standard, filed)
        if publish and not is_unsure(version.id):
            actions.publish(me(), base.standard)
    return version


def _wording(form: StandardForm, base: Editable | None) -> Wording:
    """What was typed, rendered; fields a client did not send stay as they were."""
    version = base.version if base else None
    owner_id = form.owner.data if "owner" in request.form or version is None else version.owner_id
    kept = version is not None and owner_id == version.owner_id
    return drafts.word(
        of=base.standard if base else None,
        title=form.title.data or "",
        body=form.body.data or "",
        owner_id=owner_id,
        owner_department_id=version.owner_department_id if kept and version else None,
        departments=_departments(form, base),
        change=form.change.data or "",
        people=_people(form, version),
        minor=_is_minor(form, base),
        held=form.clauses.data or "",
    )


def _departments(form: StandardForm, base: Editable | None) -> list[int]:
    if base is not None and "departments" not in request.form:
        return base.departments
    return list(form.departments.data or [])


def _people(form: StandardForm, version: Version | None) -> list[audience.Named]:
    """Roles and kinds; a client that does not know them leaves them as they were."""
    if "more" in request.form or version is None:
        return audience.known_people(form.roles.data or [], form.kinds.data or [])
    return audience.people_of(version.id)


def _is_minor(form: StandardForm, base: Editable | None) -> bool:
    if "more" in request.form:
        return bool(form.minor.data)
    return base is not None and base.is_draft and base.version.minor


def _saved(standard: Standard, version: Version) -> ResponseReturnValue:
    if version.state == VersionState.IN_FORCE:
        return _in_force(standard, version)
    if request.form.get("action") == "publish":
        flash(_("Saved as a draft: see first whether the clauses are the same."), "warning")
    else:
        flash(_("Saved as a draft."), "success")
    if standard.state == VersionState.DRAFT:
        return redirect(f"/standards/{standard.number}", 303)
    return redirect(f"/standards/{standard.number}/versions/{version.number}", 303)


def _in_force(standard: Standard, version: Version) -> ResponseReturnValue:
    if version.state == VersionState.COMING:
        flash(_("Version %(number)d waits for its day.", number=version.number), "success")
        return redirect(f"/standards/{standard.number}/versions/{version.number}", 303)
    flash(_("Version %(number)d is in force.", number=version.number), "success")
    return redirect(f"/standards/{standard.number}", 303)


def _form_page(form: StandardForm, base: Editable | None, **more: Any) -> str:
    departments = current_cards()
    return render_template(
        "standards/edit.html",
        form=form,
        base=base,
        standard=base.standard if base else None,
        owners=editing.owner_choices(form.owner.data),
        categories=category_tree().options(),
        options=[(d.id, d.name) for d in [*departments, *_archived(form, departments)]],
        action=f"/standards/{base.standard.number}/edit" if base else "/standards/new",
        held=_held(base),
        roles=list(ROLES.items()),
        kinds=list(KINDS.items()),
        may_publish=base is not None
        and base.version.state != VersionState.APPROVAL
        and policy.may_publish(me(), base.standard),
        **{"theirs": None, **more},
    )


def _held(base: Editable | None) -> str:
    """The clauses of the text that the form begins with. One query."""
    if base is None:
        return ""
    return to_hold(base.html, keys_of([base.version.id]).get(base.version.id, []))


def _archived(form: StandardForm, current: list[DepartmentCard]) -> list[DepartmentCard]:
    """Chosen departments that are no longer offered, so that saving does not drop them."""
    gone = set(form.departments.data or []) - {card.id for card in current}
    return list(cards_by_id(gone).values()) if gone else []


def _stale_page(form: StandardForm, standard: Standard, stale: Stale) -> str:
    """Both texts: what they saved, what I typed; the next save knows theirs and replaces it."""
    theirs = editing.editable(standard)
    form.lock.data, form.clauses.data = str(theirs.standard.lock), ""
    return _form_page(
        form,
        theirs,
        theirs=theirs,
        sentence=stale.message,
        paragraphs=changes(theirs.source, form.body.data or ""),
    )


@bp.post("/standards/<string:number>/clauses")
def settle(number: str) -> ResponseReturnValue:
    """Say of a clause whether it is the one it was taken for: `same`, or `new`."""
    standard = queries.standard_or_404(me(), number)
    require(policy.sees_drafts(me(), standard))
    version = editing.editable(standard).version
    same = "same" in request.form
    key = number_or_none(request.form.get("same" if same else "new"))
    seen = number_or_none(request.form.get("lock"))
    clauses.settle(me(), standard, version, key or 0, same=same, seen=-1 if seen is None else seen)
    flash(_("Noted: the clause goes on.") if same else _("Noted: it is a new clause."), "success")
    return redirect(f"/standards/{number}/versions/{version.number}", 303)


@bp.post("/standards/<string:number>/publish")
def publish(number: str) -> ResponseReturnValue:
    """Put the draft in force, now or on a day; over missing approvals with `override`, in an
    `emergency` without any, both with a public `reason`."""
    standard = queries.standard_or_404(me(), number)
    require(me().moderates)
    seen = number_or_none(request.form.get("lock"))
    try:
        how = how_sent(request.form)
        return _in_force(standard, actions.publish(me(), standard, seen=seen, how=how))
    except (Invalid, NotApproved) as refusal:
        page = pages.draft_again(me(), standard, refusal, publish=request.form)
        return render_template("standards/show.html", **page), refusal.status
