"""Suggesting an edit of an idea, and taking or leaving what was suggested."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from wtforms import HiddenField

from forum.accounts.guard import me
from forum.accounts.names import shown_name
from forum.core import limits
from forum.core.access import require
from forum.core.again import Sent, form_again
from forum.core.errors import Invalid
from forum.core.forms import BaseForm, area, line
from forum.core.i18n import _, lazy, when
from forum.core.intake import takes_pictures
from forum.core.numbers import id_or_none, number_or_none
from forum.files.attaching import take_in
from forum.ideas import actions, policy
from forum.ideas.models import Idea
from forum.ideas.pages import say_with_undo
from forum.ideas.showing import visible
from forum.ideas.together import proposed, suggestions
from forum.ideas.together.policy import may_settle, may_suggest
from forum.ideas.together.proposed import SHOWN, Proposed, Words
from forum.ideas.together.queries import co_authors_of, is_shared

bp = Blueprint("idea_suggestions", __name__)
FIELDS = {"title": lazy("Title"), "problem": lazy("Problem"), "proposal": lazy("Proposal")}


class SuggestionForm(BaseForm):
    """Another wording."""

    title = line(lazy("Title"), limits.TITLE)
    problem = area(lazy("Problem"), limits.TEXT, required=True)
    proposal = area(lazy("Proposal"), limits.TEXT)
    revision = HiddenField()


class ReasonForm(BaseForm):
    """Why a suggestion is left."""

    reason = area(lazy("Reason"), limits.REASON)


def _form_page(idea: Idea, form: SuggestionForm) -> str:
    require(may_suggest(me(), idea, co_authors_of(me(), idea), shared=is_shared(idea)))
    return render_template("ideas/suggest.html", idea=idea, form=form)


def _form_again(sent: Sent, idea_id: int) -> str:
    return _form_page(visible(idea_id), SuggestionForm(sent))


@bp.route("/ideas/<int:idea_id>/suggest", methods=["GET", "POST"])
@takes_pictures
@form_again(_form_again)
def suggest(idea_id: int) -> ResponseReturnValue:
    """Suggest another wording."""
    idea = visible(idea_id)
    form = SuggestionForm.from_request(
        **suggestions.current_words(idea)._asdict(), revision=str(idea.revision)
    )
    if not form.submitted():
        return _form_page(idea, form), 422 if request.method == "POST" else 200
    try:
        take_in(me(), form.problem)
        new = _suggest(idea, form)
    except Invalid as refusal:
        form.refuse(refusal)
        return _form_page(idea, form), 422
    say_with_undo(
        _("Suggested. The authors take it or leave it."),
        f"/ideas/{idea_id}/suggestions/{new}/withdraw",
    )
    return redirect(f"/ideas/{idea_id}/suggestions", 303)


def _suggest(idea: Idea, form: SuggestionForm) -> int:
    wording = actions.word(
        title=form.title.data or idea.title,
        problem=form.problem.data or "",
        proposal=form.proposal.data or "",
    )
    sent = number_or_none(form.revision.data)
    seen = idea.revision if sent is None else sent
    return suggestions.suggest(me(), idea, wording, seen=seen).id


def _page(idea: Idea, *, left: int | None = None, form: ReasonForm | None = None) -> str:
    co_authors = co_authors_of(me(), idea)
    after = id_or_none(request.args.get("after")) or 0
    waiting = proposed.open_suggestions(idea.id, after=after)
    now = suggestions.current_words(idea)
    return render_template(
        "ideas/suggestions.html",
        idea=idea,
        waiting=[_shown(each, now) for each in waiting[:SHOWN]],
        next_url=_next_page(idea, waiting),
        settled=[_settled(each) for each in proposed.settled_suggestions(idea.id)],
        may_take=policy.may_edit(me(), idea, co_authors),
        may_leave=may_settle(me(), idea, co_authors),
        may_suggest=may_suggest(me(), idea, co_authors, shared=is_shared(idea)),
        left=left,
        form=form,
    )


def _next_page(idea: Idea, waiting: Sequence[Proposed]) -> str:
    if len(waiting) <= SHOWN:
        return ""
    return f"/ideas/{idea.id}/suggestions?after={waiting[SHOWN - 1].id}"


def _shown(each: Proposed, now: Words) -> dict[str, Any]:
    """A suggestion against what the idea says now, or against what it was written over."""
    then = each.over(now)
    old, new = (now, then) if then is not None else (each.said or now, each.wanted)
    changes = proposed.differences(old, new)
    return {
        "id": each.id,
        "by": shown_name(each.by),
        "mine": each.by_id == me().id,
        "applies": then is not None,
        "changes": [(str(FIELDS[name]), words) for name, words in changes],
        **when(each.at),
    }


def _settled(each: proposed.Settled) -> dict[str, Any]:
    return {
        "id": each.id,
        "by": shown_name(each.by),
        "taken": each.state == "taken",
        "settled_by": shown_name(each.settled_by),
        "reason": Markup(each.reason or ""),  # noqa: S704 - sanitised when it was written
        **when(each.settled_at),
    }


@bp.get("/ideas/<int:idea_id>/suggestions")
def index(idea_id: int) -> ResponseReturnValue:
    """What others suggest, word by word."""
    return _page(visible(idea_id))


@bp.post("/ideas/<int:idea_id>/suggestions/<int:suggestion_id>/take")
def take(idea_id: int, suggestion_id: int) -> ResponseReturnValue:
    """Make the idea say so."""
    idea = visible(idea_id)
    suggestions.take(me(), idea, suggestions.suggestion_or_404(idea, suggestion_id))
    return _said(idea_id, _("Taken: the idea says so now."), suggestion_id)


def _leave_again(sent: Sent, idea_id: int, suggestion_id: int) -> str:
    return _page(visible(idea_id), left=suggestion_id, form=ReasonForm(sent))


@bp.post("/ideas/<int:idea_id>/suggestions/<int:suggestion_id>/leave")
@form_again(_leave_again)
def leave(idea_id: int, suggestion_id: int) -> ResponseReturnValue:
    """Say why not."""
    idea, form = visible(idea_id), ReasonForm(request.form)
    target = suggestions.suggestion_or_404(idea, suggestion_id)
    try:
        if form.validate():
            suggestions.leave(me(), idea, target, reason=form.reason.data or "")
            return _said(idea_id, _("Left, with your reason."), suggestion_id)
    except Invalid as refusal:
        form.refuse(refusal)
    return _page(idea, left=suggestion_id, form=form), 422


@bp.post("/ideas/<int:idea_id>/suggestions/<int:suggestion_id>/withdraw")
def withdraw(idea_id: int, suggestion_id: int) -> ResponseReturnValue:
    """Take an own suggestion back."""
    target = suggestions.suggestion_or_404(visible(idea_id), suggestion_id)
    suggestions.withdraw(me(), target)
    return _said(idea_id, _("Your suggestion is withdrawn."), suggestion_id)


@bp.post("/ideas/<int:idea_id>/suggestions/<int:suggestion_id>/undo")
def undo(idea_id: int, suggestion_id: int) -> ResponseReturnValue:
    """Let it wait again."""
    idea = visible(idea_id)
    suggestions.undo(me(), idea, suggestions.suggestion_or_404(idea, suggestion_id))
    return redirect(f"/ideas/{idea_id}/suggestions", 303)


def _said(idea_id: int, sentence: str, suggestion_id: int) -> ResponseReturnValue:
    say_with_undo(sentence, f"/ideas/{idea_id}/suggestions/{suggestion_id}/undo")
    return redirect(f"/ideas/{idea_id}/suggestions", 303)
