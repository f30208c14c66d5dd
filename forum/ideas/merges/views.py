"""Pages of merging: choosing what belongs together, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core import slots
from forum.core.access import moderators_only, require
from forum.core.again import Sent, form_again
from forum.core.errors import Conflict, Invalid
from forum.core.i18n import _, ngettext
from forum.core.numbers import id_or_none
from forum.ideas import deciding, pages, queries, showing
from forum.ideas.merges import merging, policy, shown, unmerging
from forum.ideas.merges.forms import MergeForm
from forum.ideas.merges.merging import Moved
from forum.ideas.merges.queries import to_choose_from
from forum.ideas.models import Idea
from forum.ideas.showing import visible

bp = Blueprint("idea_merges", __name__)


def _page(idea: Idea, form: MergeForm) -> str:
    """The ideas to choose from: those named in the address or chosen before, then similar ones."""
    alike = slots.load("merge", me(), [idea])[idea.id]
    similar = [number for _template, ids in alike for number in ids]
    asked = [id_or_none(number) for number in request.args.getlist("with")]
    wanted = [*form.all_ids, *(number for number in asked if number), *similar]
    others = [each for each in to_choose_from(me(), wanted) if each.id != idea.id]
    kept = form.all_ids or asked
    if request.method == "GET":
        form.parent.data = str(_likeliest(idea, [each for each in others if each.id in kept]).id)
    theirs = deciding.acting_on(me(), [each.id for each in others])
    offered = [
        each
        for each in others
        if (policy.is_mergeable(each) and each.id in theirs) or each.id in kept
    ]
    return render_template(
        "ideas/merge.html",
        idea=idea,
        form=form,
        rows=shown.rows([idea, *offered]),
        chosen=set(kept),
    )


def _likeliest(idea: Idea, named: Sequence[Idea]) -> Idea:
    """Which one probably stays: the one with most support, the older of two that have as much."""
    return max([idea, *named], key=lambda each: (each.support, -each.id))


def _merge_again(sent: Sent, idea_id: int) -> str:
    return _page(visible(idea_id), MergeForm(sent))


@bp.route("/ideas/<int:idea_id>/merge", methods=["GET", "POST"])
@moderators_only
@form_again(_merge_again)
def merge(idea_id: int) -> ResponseReturnValue:
    """Say which ideas belong together, and which of them stays."""
    idea = visible(idea_id)
    require(policy.may_merge(me(), idea))
    if request.method == "GET":
        return _page(idea, MergeForm())
    form = MergeForm(request.form)
    if not form.validate():
        return _page(idea, form), 422
    try:
        parent, children = _chosen(idea, form)
        moved = merging.merge(me(), parent, children, message=form.message.data or "")
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(idea, form), 422
    except Conflict as refusal:
        g.refusal = str(refusal.message)
        return _page(idea, form), 409
    _say(moved)
    return redirect(f"/ideas/{parent.id}", 303)


def _chosen(idea: Idea, form: MergeForm) -> tuple[Idea, list[Idea]]:
    """The one that stays, and the others; each must be there to be seen."""
    if form.other.data and form.named is None:
        raise Invalid(_("Give the number of an idea, or its address."), field="other")
    ids = dict.fromkeys([idea.id, *form.all_ids])
    found = {each.id: each for each in to_choose_from(me(), list(ids))}
    if set(found) != set(ids):
        raise Invalid(_("There is no such idea."), field="other")
    if form.parent_id is None:
        raise Invalid(_("Choose the one that stays."), field="parent")
    parent = found.pop(form.parent_id)
    return parent, list(found.values())


def _say(moved: Moved) -> None:
    if not moved.children:
        flash(_("They were merged already."), "info")
        return
    first, *rest = moved.children
    more = "&".join(f"with={number}" for number in rest)
    address = f"/ideas/{first}/unmerge" + (f"?{more}" if more else "")
    many = ngettext("%(num)d idea merged", "%(num)d ideas merged", len(moved.children))
    pages.say_with_undo(f"{many}: {shown.supporters(moved.moved, moved.both)}.", address)


@bp.post("/ideas/<int:idea_id>/unmerge")
@moderators_only
def unmerge(idea_id: int) -> ResponseReturnValue:
    """Let a merged idea, and those named with it, stand by themselves again."""
    child = visible(idea_id)
    rest: Mapping[int, Any] = dict.fromkeys(
        number for sent in request.args.getlist("with") if (number := id_or_none(sent))
    )
    try:
        for each in (child, *(queries.idea_or_404(me(), number) for number in rest)):
            unmerging.unmerge(me(), each)
    except Conflict as refusal:
        return showing.refused(idea_id, refusal)
    flash(_("Separated: the idea has what came from it, except what people changed since."), "info")
    return showing.to(child)
