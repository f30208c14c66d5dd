"""Posting what is done already, and saying that another department does it too."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import DateField, SelectField
from wtforms.validators import Optional

from forum.accounts.guard import me
from forum.accounts.models import Kind
from forum.core import limits
from forum.core.again import Sent, form_again
from forum.core.errors import Invalid
from forum.core.forms import BaseForm, area, line
from forum.core.i18n import _, lazy
from forum.core.intake import takes_pictures
from forum.core.numbers import to_id_or_nothing
from forum.departments.queries import DepartmentCard, answers_for, cards_by_id
from forum.files.attaching import take_in
from forum.ideas import actions, showing
from forum.ideas.models import Idea
from forum.ideas.pages import say_with_undo
from forum.ideas.showing import visible
from forum.ideas.together import improvements

bp = Blueprint("idea_improvements", __name__)


class ImprovementForm(BaseForm):
    """What got in the way, and what a department does now."""

    title = line(lazy("Title"), limits.TITLE)
    problem = area(lazy("What got in the way?"), limits.TEXT, required=True)
    outcome = area(lazy("What do you do now?"), limits.REASON, required=True)
    department = SelectField(
        lazy("Department that does it"), coerce=to_id_or_nothing, validate_choice=False
    )
    done_on = DateField(lazy("Since"), [Optional()])


class AdoptionForm(BaseForm):
    """Which department does it too, and since when."""

    department = SelectField(coerce=to_id_or_nothing, validate_choice=False)
    adopted_on = DateField(lazy("Since"), [Optional()])


def _mine() -> list[DepartmentCard]:
    """The departments one may post for, by name. Two queries."""
    ids = frozenset() if me().kind == Kind.BOARD else answers_for(me().id)
    return sorted(cards_by_id(ids).values(), key=lambda card: card.name)


def _page(form: ImprovementForm) -> str:
    return render_template("ideas/improvement.html", form=form, departments=_mine())


def _again(sent: Sent) -> str:
    return _page(ImprovementForm(sent))


@bp.route("/improvements/new", methods=["GET", "POST"])
@takes_pictures
@form_again(_again)
def new() -> ResponseReturnValue:
    """Post what a department has done already."""
    form = ImprovementForm.from_request()
    if not form.submitted():
        return _page(form), 422 if request.method == "POST" else 200
    try:
        take_in(me(), form.problem)
        idea = _post(form)
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(form), 422
    return showing.to(idea)


def _post(form: ImprovementForm) -> Idea:
    wording = actions.word(title=form.title.data or "", problem=form.problem.data or "")
    return improvements.post_done(
        me(),
        wording,
        outcome=form.outcome.data or "",
        department_id=form.department.data or 0,
        done_on=form.done_on.data,
    )


@bp.post("/ideas/<int:idea_id>/adoptions")
def adopt(idea_id: int) -> ResponseReturnValue:
    """Say that a department does it too."""
    idea, form = visible(idea_id), AdoptionForm(request.form)
    try:
        if not form.validate():
            raise Invalid(" ".join(str(e) for e in form.adopted_on.errors))
        place = form.department.data or 0
        improvements.adopt(me(), idea, place, on=form.adopted_on.data)
    except Invalid as refusal:
        return showing.refused(idea_id, refusal)
    say_with_undo(_("Your department does it too."), f"/ideas/{idea_id}/adoptions/{place}/undo")
    return showing.to(idea, "#adopted")


@bp.post("/ideas/<int:idea_id>/adoptions/<int:department_id>/undo")
def end(idea_id: int, department_id: int) -> ResponseReturnValue:
    """Undo: the department does not do it."""
    idea = visible(idea_id)
    improvements.end_adoption(me(), idea, department_id)
    flash(_("Your department no longer says that it does this."), "info")
    return redirect(f"/ideas/{idea_id}#adopted", 303)
