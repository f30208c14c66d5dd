"""Writing an idea with others: whom its author asks, and what they say."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import require
from forum.core.again import Sent, form_again
from forum.core.errors import Conflict, Invalid
from forum.core.forms import BaseForm, line
from forum.core.i18n import _, lazy
from forum.core.limits import PERSON_NAME
from forum.ideas import policy, showing
from forum.ideas.models import Idea
from forum.ideas.pages import say_with_undo
from forum.ideas.showing import visible
from forum.ideas.together import authors, queries
from forum.ideas.together.policy import may_share

bp = Blueprint("idea_authors", __name__)


class InviteForm(BaseForm):
    """Whom an author asks."""

    who = line(lazy("Name, e-mail or staff number"), PERSON_NAME, required=True)


def _page(idea: Idea, form: InviteForm) -> str:
    require(policy.writes(me(), idea, queries.co_authors_of(me(), idea)))
    return render_template(
        "ideas/authors.html",
        idea=idea,
        form=form,
        authors=queries.co_authors(idea.id),
        invited=queries.invited(idea.id),
        is_author=idea.author_id == me().id,
        may_invite=may_share(me(), idea),
    )


def _again(sent: Sent, idea_id: int) -> str:
    return _page(visible(idea_id), InviteForm(sent))


@bp.route("/ideas/<int:idea_id>/authors", methods=["GET", "POST"])
@form_again(_again)
def index(idea_id: int) -> ResponseReturnValue:
    """Who writes it; the author asks somebody to write it too."""
    idea, form = visible(idea_id), InviteForm.from_request()
    if not form.submitted():
        return _page(idea, form), 422 if request.method == "POST" else 200
    require(may_share(me(), idea))
    try:
        other = authors.called(me(), form.who.data)
        authors.invite(me(), idea, other)
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(idea, form), 422
    sentence = _("%(who)s is asked to write it with you.", who=other.name)
    say_with_undo(sentence, f"/ideas/{idea_id}/authors/{other.id}/remove")
    return redirect(f"/ideas/{idea_id}/authors", 303)


@bp.post("/ideas/<int:idea_id>/authors/<int:person_id>/remove")
def remove(idea_id: int, person_id: int) -> ResponseReturnValue:
    """Ask somebody no more, or write without them."""
    idea = visible(idea_id)
    authors.take_back(me(), idea, person_id)
    authors.remove(me(), idea, person_id)
    again = f"/ideas/{idea_id}/authors/{person_id}/ask"
    say_with_undo(_("They do not write it with you any more."), again)
    return redirect(f"/ideas/{idea_id}/authors", 303)


@bp.post("/ideas/<int:idea_id>/authors/<int:person_id>/ask")
def ask(idea_id: int, person_id: int) -> ResponseReturnValue:
    """Undo of removing somebody: they are asked again, since it is theirs to say."""
    idea = visible(idea_id)
    require(may_share(me(), idea))
    try:
        authors.invite(me(), idea, authors.somebody_or_404(me(), person_id))
    except Invalid as refusal:
        raise Conflict(refusal.message) from None
    return redirect(f"/ideas/{idea_id}/authors", 303)


@bp.post("/ideas/<int:idea_id>/authors/accept")
def accept(idea_id: int) -> ResponseReturnValue:
    """Write it too."""
    idea = visible(idea_id)
    authors.accept(me(), idea)
    say_with_undo(_("You write this idea together now."), f"/ideas/{idea_id}/authors/leave")
    return showing.to(idea)


@bp.post("/ideas/<int:idea_id>/authors/decline")
def decline(idea_id: int) -> ResponseReturnValue:
    """Rather not."""
    idea = visible(idea_id)
    authors.decline(me(), idea)
    say_with_undo(_("You have declined."), f"/ideas/{idea_id}/authors/reconsider")
    return showing.to(idea)


@bp.post("/ideas/<int:idea_id>/authors/reconsider")
def reconsider(idea_id: int) -> ResponseReturnValue:
    """Undo of declining."""
    idea = visible(idea_id)
    authors.reconsider(me(), idea)
    return showing.to(idea)


@bp.post("/ideas/<int:idea_id>/authors/leave")
def leave(idea_id: int) -> ResponseReturnValue:
    """Write it no more."""
    idea = visible(idea_id)
    authors.leave(me(), idea)
    say_with_undo(_("You do not write this idea any more."), f"/ideas/{idea_id}/authors/accept")
    return showing.to(idea)
