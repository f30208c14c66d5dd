"""Pages of ideas: the list, one idea, writing and editing."""

from __future__ import annotations

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import require
from forum.core.again import Sent, form_again
from forum.core.errors import Conflict, Forbidden, Invalid
from forum.core.i18n import _
from forum.core.intake import takes_pictures
from forum.core.numbers import number_or_none
from forum.core.site import absolute
from forum.departments.queries import answers_for
from forum.departments.visibility import choices_for
from forum.files.attaching import take_in
from forum.ideas import (
    actions,
    board_views,
    drafts,
    listing,
    pages,
    phrases,
    pinned,
    policy,
    queries,
    showing,
    suggest,
)
from forum.ideas.anonymous import posting
from forum.ideas.anonymous.models import Level
from forum.ideas.filed import mark_of
from forum.ideas.forms import IdeaForm
from forum.ideas.models import Idea, StageKind
from forum.ideas.together.proposed import credits_of
from forum.ideas.together.queries import co_authors_of
from forum.ideas.writing import blank_form, read_wording, writing_page

bp = Blueprint("ideas", __name__)


@bp.get("/ideas")
def index() -> ResponseReturnValue:
    """The list of ideas, or their board."""
    departments = choices_for(me())
    wanted = listing.read_filter(me(), request.args, departments)
    if wanted.view == listing.BOARD:
        return board_views.page(wanted, departments)
    mine = answers_for(me().id) if wanted.waiting else frozenset()
    on_top, page = pinned.list_ideas(me(), wanted, answers_for=mine)
    following = wanted.query(after=page.next) if page.next else ""
    above = {listed.row.id for listed in on_top}
    return render_template(
        "ideas/index.html",
        pinned=[phrases.list_row(listed) for listed in on_top],
        rows=[phrases.list_row(listed) for listed in page.rows if listed.row.id not in above],
        wanted=wanted,
        filters=pages.filter_bar(wanted, departments),
        next_url=following,
        first_url=wanted.query() if wanted.after else "",
    )


@bp.get("/ideas/<int:idea_id>")
def show(idea_id: int) -> ResponseReturnValue:
    """One idea."""
    return showing.page(idea_id)


def _new_again(sent: Sent) -> str:
    draft = drafts.own_draft(me(), sent.get("draft", ""))
    return writing_page(IdeaForm(sent), draft=draft, seen=sent.get("revision", ""))


@bp.route("/ideas/new", methods=["GET", "POST"])
@takes_pictures
@form_again(_new_again)
def new() -> ResponseReturnValue:
    """Write an idea; one text is enough."""
    if request.method == "GET":
        return writing_page(blank_form(me(), request.args), drafts=queries.drafts_of(me().id))
    form = IdeaForm.from_request()
    draft = drafts.own_draft(me(), request.form.get("draft", ""))
    try:
        idea = _save_new(form, draft) if form.validate() else None
    except Invalid as refusal:
        form.reject(refusal.field or "problem", refusal.message)
        idea = None
    except Conflict as stale:
        idea = _posted_already(form)
        if idea is None:
            form.reject("problem", stale.message)
            return writing_page(form, draft=draft, stale=draft is not None), 409
    if idea is None:
        return writing_page(form, draft=draft, seen=form.revision.data or ""), 422
    return showing.to(idea)


def _posted_already(form: IdeaForm) -> Idea | None:
    return drafts.posted_already(me(), request.form.get("draft", ""), read_wording(form))


def _save_new(form: IdeaForm, draft: Idea | None) -> Idea:
    take_in(me(), form.problem)
    wording = read_wording(form)
    as_draft = request.form.get("action") == "draft"
    posted = _posted_already(form) if draft is None else None
    if posted is not None:
        return posted
    level = None if as_draft else posting.read_level(form.anonymous.data or "")
    if level is not None:
        return _post_unsigned(wording, level, draft)
    if draft is None:
        return actions.post_idea(me(), wording, draft=as_draft)
    seen = _seen(form, draft)
    if as_draft:
        actions.save_draft(me(), draft, wording, seen=seen)
    else:
        actions.post_draft(me(), draft, wording, seen=seen)
    return draft


def _post_unsigned(wording: actions.Wording, level: Level, draft: Idea | None) -> Idea:
    if draft is None:
        posting.refuse_again(request.form.get("draft", ""))
    posted = posting.post(me(), wording, level, draft=draft)
    g.no_store = True  # The cookie of this answer holds the address.
    flash(absolute(f"/relay/{posted.secret}") + f"\n{level}", "secret")
    return posted.idea


def _seen(form: IdeaForm, idea: Idea) -> int:
    """The version the form grew from; the latest where a client does not say."""
    sent = number_or_none(form.revision.data)
    return idea.revision if sent is None else sent


def _edit_again(sent: Sent, idea_id: int) -> str:
    idea = queries.idea_or_404(me(), idea_id)
    require(policy.may_edit(me(), idea, co_authors_of(me(), idea)))
    return writing_page(IdeaForm(sent), idea=idea, seen=sent.get("revision", ""))


@bp.route("/ideas/<int:idea_id>/edit", methods=["GET", "POST"])
@takes_pictures
@form_again(_edit_again)
def edit(idea_id: int) -> ResponseReturnValue:
    """Edit an idea before review; a draft can be posted from here."""
    idea = queries.idea_or_404(me(), idea_id)
    co_authors = co_authors_of(me(), idea)
    require(policy.writes(me(), idea, co_authors))
    if not policy.may_edit(me(), idea, co_authors):
        raise Conflict(_("This idea is past the stage in which its text can change."))
    if request.method == "GET":
        return writing_page(drafts.filled_form(idea), idea=idea)
    form = IdeaForm.from_request()
    try:
        saved = _save_edit(form, idea) if form.validate() else None
    except Invalid as refusal:
        form.reject(refusal.field or "problem", refusal.message)
        saved = None
    except Conflict as stale:
        form.reject("problem", stale.message)
        form.filed.data = mark_of(idea)
        return writing_page(form, idea=queries.idea_or_404(me(), idea_id), stale=True), 409
    if saved is None:
        return writing_page(form, idea=idea, seen=form.revision.data or ""), 422
    return showing.to(saved)


def _save_edit(form: IdeaForm, idea: Idea) -> Idea:
    """The idea as it was saved: another one where a draft is posted without its author's name."""
    take_in(me(), form.problem)
    wording = read_wording(form)
    seen = _seen(form, idea)
    if idea.stage_kind != StageKind.DRAFT:
        actions.edit_idea(me(), idea, wording, seen=seen, filed=form.filed.data or "")
    elif request.form.get("action") != "post":
        actions.save_draft(me(), idea, wording, seen=seen)
    elif (level := posting.read_level(form.anonymous.data or "")) is not None:
        return _post_unsigned(wording, level, idea)
    else:
        actions.post_draft(me(), idea, wording, seen=seen)
    return idea


@bp.get("/ideas/<int:idea_id>/history")
def history(idea_id: int) -> ResponseReturnValue:
    """Every wording an idea had, with what changed from one to the next."""
    idea = queries.idea_or_404(me(), idea_id)
    versions = pages.history(queries.revisions_of(idea.id), credits_of(idea.id))
    return render_template("ideas/history.html", idea=idea, versions=versions)


@bp.post("/ideas/<int:idea_id>/withdraw")
def withdraw(idea_id: int) -> ResponseReturnValue:
    """Take an own idea back."""
    idea = queries.idea_or_404(me(), idea_id)
    was_draft = idea.stage_kind == StageKind.DRAFT
    if idea.author_id == me().id and idea.stage_kind == StageKind.WITHDRAWN:
        return showing.to(idea)
    if idea.author_id == me().id and not policy.may_withdraw(me(), idea):
        raise Conflict(_("This idea is decided and cannot be withdrawn any more."))
    actions.withdraw(me(), idea)
    flash(_("The draft is deleted.") if was_draft else _("The idea is withdrawn."), "success")
    return redirect("/ideas?mine=1", 303) if was_draft else showing.to(idea)


@bp.post("/ideas/autosave")
def autosave_new() -> ResponseReturnValue:
    """Keep what is being written as a new draft."""
    return drafts.autosave(me(), None)


@bp.post("/ideas/<int:idea_id>/autosave")
def autosave(idea_id: int) -> ResponseReturnValue:
    """Keep what is being written in its draft."""
    idea = queries.idea_or_404(me(), idea_id)
    if idea.author_id != me().id or idea.stage_kind != StageKind.DRAFT:
        raise Forbidden
    return drafts.autosave(me(), idea)


@bp.post("/ideas/suggest-departments")
def suggest_departments() -> ResponseReturnValue:
    """Departments the text probably affects, as ids."""
    text = request.form.get("title", "") + "\n" + request.form.get("problem", "")
    return jsonify(departments=suggest.suggest_departments(me(), text))
