"""The board of ideas, and moving one from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, make_response, render_template
from flask import request as sent
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.errors import Conflict, Invalid
from forum.core.fragments import fragment, wants_fragment
from forum.core.i18n import _
from forum.core.paging import Page
from forum.departments.queries import DepartmentCard, answers_for
from forum.ideas import board, moving, pages, phrases, showing, stages
from forum.ideas.listing import LISTED_STAGES, IdeaFilter, ListedIdea
from forum.ideas.models import StageKind
from forum.ideas.showing import visible

bp = Blueprint("board", __name__)


def page(wanted: IdeaFilter, departments: Sequence[DepartmentCard]) -> ResponseReturnValue:
    """The board of a filter, or what follows in one of its columns. Three queries."""
    mine = answers_for(me().id) if wanted.waiting else frozenset()
    if wants_fragment():
        found = board.more(me(), wanted, answers_for=mine)
        named = {"slug": wanted.column, "label": stages.name_of(wanted.column or StageKind.OPEN)}
        return fragment("ideas/_column.html", column=named | _cards(wanted, found), fresh=True)
    columns = [_column(wanted, each) for each in board.fill(me(), wanted, answers_for=mine)]
    filled = [each["slug"] for each in columns if each["count"]]
    shown = render_template(
        "ideas/board.html",
        wanted=wanted,
        filters=pages.filter_bar(wanted, departments),
        columns=columns,
        current=wanted.column or next(iter(filled), ""),
        most=board.COUNTED,
        filled=bool(filled),
    )
    response = make_response(shown)
    response.vary.add("HX-Request")
    return response


def _column(wanted: IdeaFilter, filled: board.Filled) -> dict[str, Any]:
    own = replace(wanted, column=filled.column.slug)
    return {
        "slug": filled.column.slug,
        "kind": filled.column.kind,
        "label": stages.name_of(filled.column.kind),
        "count": filled.total,
        "url": own.query(),
        "first": own.query() if wanted.after and wanted.column == own.column else "",
        **_cards(own, filled.page),
    }


def _cards(wanted: IdeaFilter, page: Page[ListedIdea]) -> dict[str, Any]:
    return {
        "cards": [phrases.board_card(each, moving.ways(me(), each.row)) for each in page.rows],
        "next": wanted.query(after=page.next) if page.next else "",
    }


@bp.post("/ideas/<int:idea_id>/move")
def move(idea_id: int) -> ResponseReturnValue:
    """Move an idea to another stage; where words are wanted, on to where they are written."""
    idea = visible(idea_id)
    wanted = sent.values.get("stage", "")
    try:
        if wanted not in LISTED_STAGES:
            raise Invalid(_("Choose a stage from the list."))
        if moving.asks_for_words(idea, wanted):
            return showing.to(idea, "#decide")
        before = idea.stage_kind
        moving.move_to(me(), idea, StageKind(wanted))
    except (Invalid, Conflict) as refusal:
        return showing.refused(idea_id, refusal)
    said = _("Moved: %(stage)s.", stage=stages.name_of(idea.stage_kind))
    pages.say_with_undo(said, f"/ideas/{idea_id}/move?stage={before}")
    return showing.back(idea)
