"""The author's page of an idea without a name, and a moderator's look at who posted it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import moderators_only, no_store, public
from forum.core.again import Sent, form_again
from forum.core.errors import Conflict, Invalid, NotFound
from forum.core.i18n import _
from forum.core.modules import is_on
from forum.core.numbers import id_or_none
from forum.ideas.anonymous import policy, queries, relay
from forum.ideas.anonymous.forms import RelayForm
from forum.ideas.anonymous.models import Level
from forum.ideas.models import Idea
from forum.ideas.showing import visible

bp = Blueprint("anonymous", __name__)


def _page(idea: Idea, address: str, form: RelayForm | None = None, *, at: str = "") -> str:
    return render_template(
        "ideas/relay.html",
        idea=idea,
        address=address,
        questions=queries.questions_of(idea),
        form=form,
        at=id_or_none(at),
        may_withdraw=policy.may_withdraw(idea),
    )


def _answer(idea: Idea, address: str) -> ResponseReturnValue:
    """Show what was asked; a POST answers it."""
    if request.method == "GET":
        return _page(idea, address)
    form, at = RelayForm(request.form), request.form.get("question", "")
    try:
        if not form.validate():
            raise Invalid(_("Look at the marked fields."))
        relay.answer(idea, id_or_none(at) or 0, form.answer.data or "")
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(idea, address, form, at=at), 422
    except Conflict as refusal:
        form.reject("answer", refusal.message)
        return _page(idea, address, form, at=at), 409
    flash(_("Your answer stands under the idea, without your name."), "success")
    return redirect(address, 303)


def _take_back(idea: Idea, address: str) -> ResponseReturnValue:
    relay.withdraw(idea)
    flash(_("The idea is withdrawn."), "success")
    return redirect(address, 303)


def _address(secret: str) -> str:
    return f"/relay/{secret}"


def _again_by_secret(sent: Sent, author_secret: str) -> str:
    idea = queries.idea_by_secret(author_secret)
    return _page(idea, _address(author_secret), RelayForm(sent), at=sent.get("question", ""))


@bp.route("/relay/<string:author_secret>", methods=["GET", "POST"])
@public
@no_store
@form_again(_again_by_secret)
def by_secret(author_secret: str) -> ResponseReturnValue:
    """For whoever keeps the secret, signed in or not."""
    return _answer(queries.idea_by_secret(author_secret), _address(author_secret))


@bp.post("/relay/<string:author_secret>/withdraw")
@public
@no_store
def withdraw_by_secret(author_secret: str) -> ResponseReturnValue:
    """Take it back with the secret."""
    return _take_back(queries.idea_by_secret(author_secret), _address(author_secret))


def _own(idea_id: int) -> str:
    return f"/ideas/{idea_id}/relay"


def _again_by_author(sent: Sent, idea_id: int) -> str:
    idea = queries.idea_of(me(), idea_id)
    return _page(idea, _own(idea_id), RelayForm(sent), at=sent.get("question", ""))


@bp.route("/ideas/<int:idea_id>/relay", methods=["GET", "POST"])
@no_store
@form_again(_again_by_author)
def by_author(idea_id: int) -> ResponseReturnValue:
    """For its author, where moderators may know them; it is nothing to anybody else."""
    return _answer(queries.idea_of(me(), idea_id), _own(idea_id))


@bp.post("/ideas/<int:idea_id>/relay/withdraw")
@no_store
def withdraw_by_author(idea_id: int) -> ResponseReturnValue:
    """Take it back as its author."""
    return _take_back(queries.idea_of(me(), idea_id), _own(idea_id))


@bp.post("/ideas/<int:idea_id>/author")
@moderators_only
@no_store
def author(idea_id: int) -> ResponseReturnValue:
    """Look who posted an idea without a name; the look is an event in the audit trail."""
    idea = visible(idea_id)
    if idea.anonymous != Level.MODERATORS or not is_on(policy.MODULE):
        raise NotFound
    person = relay.author_of(me(), idea)
    return render_template("ideas/author.html", idea=idea, person=person)
