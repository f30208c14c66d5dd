"""The administration of stages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.admin.stages_forms import StageForm, filled
from forum.core.access import admins_only
from forum.core.again import Sent, form_again
from forum.core.errors import Conflict, Invalid
from forum.core.i18n import _, lazy
from forum.core.numbers import id_or_none
from forum.ideas import stage_cards, stage_editing
from forum.ideas.models import Stage
from forum.ideas.pages import say_with_undo
from forum.ideas.stages import name_of

bp = Blueprint("admin_stages", __name__)
WHO = {
    stage_cards.MODERATORS: lazy("Moderators"),
    stage_cards.HEADS: lazy("Heads of affected departments"),
    stage_cards.AUTHOR: lazy("The author"),
}


def _list(form: StageForm) -> str:
    cards = stage_cards.in_use()
    kinds = [card.kind for card in cards]
    rows = [
        {
            "card": card,
            "kind": name_of(card.kind),
            "enter": _people(card.enter),
            "leave": _people(card.leave),
            "earlier": kinds[at - 1 : at] == [card.kind],
            "later": kinds[at + 1 : at + 2] == [card.kind],
        }
        for at, card in enumerate(cards)
    ]
    return render_template("admin/stages.html", form=form, rows=rows, **_choices())


def _people(names: str) -> str:
    return ", ".join(str(WHO[name]) for name in names.split() if name in WHO)


def _choices() -> dict[str, Any]:
    return {
        "kinds": [(str(kind), name_of(kind)) for kind in stage_cards.ADDABLE],
        "who": [(name, str(words)) for name, words in WHO.items()],
    }


def _fresh() -> StageForm:
    own = [stage_cards.MODERATORS]
    return StageForm(data={"kind": "open", "enter": own, "leave": own, "hue": ""})


@bp.route("/admin/stages", methods=["GET", "POST"])
@admins_only
@form_again(lambda sent: _list(StageForm(sent)))
def index() -> ResponseReturnValue:
    """Every stage, and a form for another one."""
    if request.method == "GET":
        return _list(_fresh())
    form = StageForm.from_request()
    try:
        if form.validate():
            stage = stage_editing.add(me(), form.kind.data or "", form.said)
            undo = f"/admin/stages/{stage.id}/remove"
            say_with_undo(_("The stage is added."), undo)
            return redirect("/admin/stages", 303)
    except (Invalid, Conflict) as refusal:
        form.refuse(refusal)
        return _list(form), refusal.status
    return _list(form), 422


def _one(stage: Stage, form: StageForm, *, wrong: str = "") -> str:
    others = [
        (card.id, card.name)
        for card in stage_cards.in_use()
        if card.kind == stage.kind and card.id != stage.id
    ]
    card = stage_cards.every()[stage.id]
    return render_template(
        "admin/stage.html",
        stage=card,
        form=form,
        kind_name=name_of(stage.kind),
        used=stage_editing.uses(stage) if card.added else 0,
        others=others,
        wrong=wrong,
        **_choices(),
    )


def _again(sent: Sent, stage_id: int) -> str:
    return _one(stage_editing.stage_or_404(stage_id), StageForm(sent))


@bp.route("/admin/stages/<int:stage_id>", methods=["GET", "POST"])
@admins_only
@form_again(_again)
def edit(stage_id: int) -> ResponseReturnValue:
    """What a stage says of itself."""
    stage = stage_editing.stage_or_404(stage_id)
    if request.method == "GET":
        return _one(stage, filled(stage))
    form = StageForm.from_request()
    try:
        if form.validate():
            stage_editing.change(me(), stage, form.said)
            flash(_("Saved."), "success")
            return redirect("/admin/stages", 303)
    except (Invalid, Conflict) as refusal:
        form.refuse(refusal)
        return _one(stage, form), refusal.status
    return _one(stage, form), 422


@bp.post("/admin/stages/<int:stage_id>/order")
@admins_only
def order(stage_id: int) -> ResponseReturnValue:
    """One place earlier or later among the stages of its kind."""
    stage = stage_editing.stage_or_404(stage_id)
    stage_editing.reorder(me(), stage, later=request.form.get("to") == "later")
    return redirect("/admin/stages", 303)


@bp.post("/admin/stages/<int:stage_id>/remove")
@admins_only
def remove(stage_id: int) -> ResponseReturnValue:
    """Take a stage away; its ideas go where the form says."""
    stage = stage_editing.stage_or_404(stage_id)
    sent = id_or_none(request.form.get("to"))
    try:
        to = stage_editing.stage_or_404(sent) if sent is not None else None
        stage_editing.remove(me(), stage, to=to)
    except (Invalid, Conflict) as refusal:
        return _one(stage, filled(stage), wrong=str(refusal.message)), refusal.status
    say_with_undo(_("The stage is removed."), f"/admin/stages/{stage_id}/restore")
    return redirect("/admin/stages", 303)


@bp.post("/admin/stages/<int:stage_id>/restore")
@admins_only
def restore(stage_id: int) -> ResponseReturnValue:
    """Put a removed stage back."""
    stage_editing.restore(me(), stage_editing.stage_or_404(stage_id))
    flash(_("The stage is back."), "success")
    return redirect("/admin/stages", 303)
