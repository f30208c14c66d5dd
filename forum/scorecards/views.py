"""Pages of scorecards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.accounts.handles import read_person
from forum.core.access import moderators_only
from forum.core.again import Sent, form_again
from forum.core.errors import Conflict, Invalid, NotFound
from forum.core.i18n import _, lazy
from forum.core.modules import is_on
from forum.core.numbers import number_or_none
from forum.core.textcheck import clean_line
from forum.ideas.models import Idea, StageKind
from forum.ideas.pages import say_with_undo
from forum.ideas.showing import visible
from forum.ideas.together.queries import co_authors_of
from forum.scorecards import actions, policy, queries, weights
from forum.scorecards.models import Criterion, Mark

bp = Blueprint("scorecards", __name__)
CRITERIA = {
    Criterion.VALUE: lazy("Value"),
    Criterion.COST: lazy("Cost"),
    Criterion.OBSTACLES: lazy("Obstacles"),
}
MARKS = {
    Mark.HIGH: lazy("High"),
    Mark.MEDIUM: lazy("Medium"),
    Mark.LOW: lazy("Low"),
    Mark.NOT_APPLICABLE: lazy("Not applicable"),
}
Errors = Mapping[str, str]


def _words() -> dict[str, Any]:
    return {
        "criteria": [(str(name), str(words)) for name, words in CRITERIA.items()],
        "marks": [(str(name), str(words)) for name, words in MARKS.items()],
    }


def _overview(sent: Mapping[str, str], errors: Errors | None = None) -> str:
    known = weights.chosen()
    wanted = {name: weights.read(sent.get(name, ""), before) for name, before in known.items()}
    moderates = me().moderates
    ideas = queries.rated(me()) if moderates else {}
    return render_template(
        "scorecards/index.html",
        waiting=queries.waiting_for(me()),
        moderates=moderates,
        rows=weights.ranked(ideas, wanted, known),
        weights=wanted,
        preview=wanted != known,
        errors=errors or {},
        most=weights.MOST,
        **_words(),
    )


@bp.get("/scorecards")
def index() -> ResponseReturnValue:
    """What waits for one's marks; for moderators the ranking, by other weights as a preview."""
    if not policy.may_open(me()):
        raise NotFound
    return _overview(request.args)


@bp.post("/scorecards/weights")
@moderators_only
@form_again(_overview)
def weigh() -> ResponseReturnValue:
    """Choose how much each criterion counts."""
    sent = {str(name): number_or_none(request.form.get(name, "")) for name in Criterion}
    try:
        actions.weigh(me(), sent)
    except Invalid as refusal:
        return _overview(request.form, {refusal.field or "value": str(refusal)}), 422
    flash(_("Saved."), "success")
    return redirect("/scorecards", 303)


def _idea(idea_id: int) -> Idea:
    if not is_on("scorecards"):
        raise NotFound
    idea = visible(idea_id)
    if idea.stage_kind == StageKind.DRAFT:
        raise NotFound
    return idea


def _card(idea: Idea, sent: Mapping[str, str], errors: Errors | None = None) -> str:
    expert = queries.expert_of(idea.id, me().id)
    beside = co_authors_of(me(), idea)
    if not policy.may_open_card(me(), idea, expert, beside):
        raise NotFound
    sees = policy.may_see_scores(me(), idea, expert, beside)
    scores = queries.scores_of(idea.id) if sees else {}
    marks = queries.marks_in(scores)
    return render_template(
        "scorecards/card.html",
        idea=idea,
        experts=queries.experts_of(idea.id),
        may_ask=policy.may_ask(me(), idea, beside),
        may_rate=policy.may_rate(me(), idea, expert, beside),
        sees=sees,
        scores=scores,
        spread=weights.spread(marks) if scores else [],
        figure=weights.figure(marks, weights.chosen()),
        sent=sent,
        errors=errors or {},
        **_words(),
    )


def _again(sent: Sent, idea_id: int) -> str:
    return _card(_idea(idea_id), sent)


@bp.route("/ideas/<int:idea_id>/scorecard", methods=["GET", "POST"])
@form_again(_again)
def card(idea_id: int) -> ResponseReturnValue:
    """An idea's scorecard: to rate, and, once that is done, to read."""
    idea = _idea(idea_id)
    if request.method == "GET":
        return _card(idea, {})
    ratings = {
        str(name): actions.Rating(
            request.form.get(name, ""), clean_line(request.form.get(f"{name}-note", ""))
        )
        for name in Criterion
    }
    try:
        actions.rate(me(), idea, ratings)
    except (Invalid, Conflict) as refusal:
        return _card(idea, request.form, {refusal.field or "value": str(refusal)}), refusal.status
    flash(_("Submitted. Now you see what the others say."), "success")
    return redirect(f"/ideas/{idea_id}/scorecard", 303)


@bp.post("/ideas/<int:idea_id>/scorecard/experts")
@form_again(_again)
def ask(idea_id: int) -> ResponseReturnValue:
    """Ask somebody."""
    idea = _idea(idea_id)
    try:
        person_id = read_person(request.form.get("who", ""), field="who")
        expert = actions.ask(me(), idea, person_id)
    except (Invalid, Conflict) as refusal:
        return _card(idea, request.form, {"who": str(refusal)}), refusal.status
    say_with_undo(_("Asked."), f"/ideas/{idea_id}/scorecard/experts/{expert.id}/withdraw")
    return redirect(f"/ideas/{idea_id}/scorecard", 303)


@bp.post("/ideas/<int:idea_id>/scorecard/experts/<int:expert_id>/withdraw")
def withdraw(idea_id: int, expert_id: int) -> ResponseReturnValue:
    """Ask somebody no more; one tap asks again."""
    actions.withdraw(me(), _idea(idea_id), expert_id)
    undo = f"/ideas/{idea_id}/scorecard/experts/{expert_id}/restore"
    say_with_undo(_("They are asked no more."), undo)
    return redirect(f"/ideas/{idea_id}/scorecard", 303)


@bp.post("/ideas/<int:idea_id>/scorecard/experts/<int:expert_id>/restore")
def restore(idea_id: int, expert_id: int) -> ResponseReturnValue:
    """Ask them again."""
    actions.restore(me(), _idea(idea_id), expert_id)
    return redirect(f"/ideas/{idea_id}/scorecard", 303)
