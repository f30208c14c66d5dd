"""Pages of thanks."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core import slots
from forum.core.access import moderators_only
from forum.core.again import Sent, form_again
from forum.core.errors import Invalid, NotFound
from forum.core.i18n import _
from forum.departments.visibility import choices_for
from forum.ideas.pages import say_with_undo
from forum.thanks import actions, choosing, page, policy, queries, subjects
from forum.thanks.forms import COMPANY, PRIVATE, HideForm, ThanksForm
from forum.thanks.page import Found

bp = Blueprint("thanks", __name__)


@bp.get("/thanks")
def index() -> ResponseReturnValue:
    """The feed: to a `department`, the reader's own (`mine=1`), for one thing (`about`)."""
    departments = choices_for(me())
    slug = request.args.get("department", "")
    wanted = queries.Wanted(
        next((card for card in departments if card.slug == slug), None),
        request.args.get("mine") == "1",
        page.subject_of(me(), request.args.get("about", "")),
    )
    found = queries.feed(me(), wanted, request.args.get("after", ""))
    return render_template(
        "thanks/index.html",
        lines=found.rows,
        wanted=wanted,
        about=subjects.named(me(), wanted.about) if wanted.about else None,
        for_value=subjects.written(wanted.about),
        departments=[
            {
                "label": c.name,
                "url": _address(wanted, department=c.slug),
                "selected": c.slug == slug,
            }
            for c in departments
        ],
        any_url=_address(wanted, department=""),
        mine_url=_address(wanted, mine="" if wanted.mine else "1"),
        next_url=_address(wanted, after=found.next) if found.next else "",
        may_see_flow=policy.may_see_flow(me()),
    )


def _address(wanted: queries.Wanted, **changes: str) -> str:
    values = {
        "department": wanted.department.slug if wanted.department else "",
        "mine": "1" if wanted.mine else "",
        "about": subjects.written(wanted.about),
        **changes,
    }
    kept = {name: value for name, value in values.items() if value}
    return "/thanks" + ("?" + urlencode(kept) if kept else "")


def _form_page(form: Any, subject: subjects.Key | None, found: Found) -> str:
    return render_template("thanks/new.html", **page.shown(me(), form, subject, found))


def _again(sent: Sent) -> str:
    subject = page.subject_of(me(), sent.get("for", ""))
    return _form_page(ThanksForm(sent), subject, Found(choosing.read(sent.getlist("to"))))


@bp.route("/thanks/new", methods=["GET", "POST"])
@form_again(_again)
def new() -> ResponseReturnValue:
    """Say thank you: `to` many, `for` a thing, `why`, `audience`; `action=find` looks `who` up. A
    link may begin it with `to`, `for` and `why`."""
    if request.method == "GET":
        subject = page.subject_of(me(), request.args.get("for", ""))
        chosen = page.begun(me(), subject, request.args.getlist("to"))
        form = ThanksForm(data={"why": request.args.get("why", "")})
        return _form_page(form, subject, Found(chosen))
    return _said()


def _said() -> ResponseReturnValue:
    form, subject = ThanksForm.from_request(), page.subject_of(me(), request.form.get("for", ""))
    found = Found(choosing.read(request.form.getlist("to")))
    finding = request.form.get("action") == "find"
    try:
        if form.validate():
            found = page.with_typed(me(), found.chosen, form.who.data or "")
            if not finding and not found.among:
                return _sent(form, found)
            if not finding:
                form.complain("who", _("Choose whom you mean above."))
            form.who.data = form.who.data if found.among else ""
    except Invalid as refusal:
        form.refuse(refusal)
    return _form_page(form, subject, found), 422 if form.errors else 200


def _sent(form: Any, found: Found) -> ResponseReturnValue:
    sent = request.form.get("for", "")
    key = subjects.read_key(sent)
    if sent and key is None:
        raise Invalid(_("What you thank for is not there any more."), field="to")
    if form.audience.data not in ("", COMPANY, PRIVATE):
        raise Invalid(_("Choose one from the list."), field="audience")
    wanted = actions.Wanted(
        to=found.chosen,
        subject=key,
        why=form.why.data or "",
        private=form.audience.data == PRIVATE,
    )
    thanks = actions.give(me(), wanted)
    say_with_undo(_("Your thanks are on their way."), f"/thanks/{thanks.id}/withdraw")
    return redirect(f"/thanks/{thanks.id}", 303)


def _one(thanks_id: int, form: Any = None) -> str:
    line = queries.line_or_404(me(), thanks_id)
    panels = slots.load("thanks", me(), [line])[line.id]
    return render_template("thanks/show.html", line=line, form=form or HideForm(), panels=panels)


@bp.get("/thanks/<int:thanks_id>")
def show(thanks_id: int) -> ResponseReturnValue:
    """One thank-you."""
    return _one(thanks_id)


@bp.post("/thanks/<int:thanks_id>/withdraw")
def withdraw(thanks_id: int) -> ResponseReturnValue:
    """Take it back."""
    actions.withdraw(me(), queries.thanks_or_404(me(), thanks_id))
    flash(_("Taken back."), "success")
    return redirect("/thanks", 303)


def _hide_again(sent: Sent, thanks_id: int) -> str:
    return _one(thanks_id, HideForm(sent))


@bp.post("/thanks/<int:thanks_id>/hide")
@moderators_only
@form_again(_hide_again)
def hide(thanks_id: int) -> ResponseReturnValue:
    """Hide it; its author reads why."""
    form, thanks = HideForm.from_request(), queries.thanks_or_404(me(), thanks_id)
    try:
        if form.validate():
            actions.hide(me(), thanks, form.why.data or "")
            say_with_undo(_("Hidden."), f"/thanks/{thanks_id}/show")
            return redirect(f"/thanks/{thanks_id}", 303)
    except Invalid as refusal:
        form.refuse(refusal)
    return _one(thanks_id, form), 422


@bp.post("/thanks/<int:thanks_id>/show")
@moderators_only
def show_again(thanks_id: int) -> ResponseReturnValue:
    """Let it be read again."""
    actions.show_again(me(), queries.thanks_or_404(me(), thanks_id))
    return redirect(f"/thanks/{thanks_id}", 303)


@bp.post("/thanks/not-now")
def not_now() -> ResponseReturnValue:
    """Ask no more for what `for` names."""
    key = page.subject_of(me(), request.form.get("for", ""))
    if key is None:
        raise NotFound
    actions.not_now(me(), key)
    named = subjects.named(me(), key)
    return redirect(named.url if named is not None else "/thanks", 303)
