"""The board of ideas, and moving one from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, make_response, render_template
from flask import request as sent
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from forum.accounts.guard import me
from forum.core.errors import Conflict, Invalid
from forum.core.fragments import fragment, wants_fragment
from forum.core.i18n import _
from forum.core.paging import Page
from forum.departments.queries import DepartmentCard, answers_for
from forum.ideas import board, moving, pages, phrases, showing, stage_cards
from forum.ideas.listing import IdeaFilter, ListedIdea
from forum.ideas.showing import visible

bp = Blueprint("board", __name__)


def page(wanted: IdeaFilter, departments: Sequence[DepartmentCard]) -> ResponseReturnValue:
    """The board of a filter, or what follows in one of its columns. Three queries."""
    mine = answers_for(me().id) if wanted.waiting else frozenset()
    headed = moving.headed_by(me())
    if wants_fragment():
        found = board.more(me(), wanted, answers_for=mine)
        column = _named(wanted.column) | _cards(wanted, found, headed)
        return fragment("ideas/_column.html", column=column, fresh=True)
    filters = pages.filter_bar(wanted, departments)
    shown = render_template(
        "ideas/board.html", wanted=wanted, filters=filters, **columns_shown(wanted, mine, headed)
    )
    response = make_response(shown)
    response.vary.add("HX-Request")
    return response


def columns_shown(
    wanted: IdeaFilter, mine: frozenset[int], headed: moving.Headed
) -> dict[str, Any]:
    """The columns of a board as `ideas/_board.html` draws them. Three queries."""
    filling = board.fill(me(), wanted, answers_for=mine)
    columns = [_column(wanted, each, headed) for each in filling]
    filled = [each["slug"] for each in columns if each["count"]]
    return {
        "columns": columns,
        "current": wanted.column or next(iter(filled), ""),
        "most": board.COUNTED,
        "filled": bool(filled),
    }


def _named(slug: str) -> dict[str, Any]:
    card = stage_cards.called(slug)
    if card is None:
        return {"slug": "", "label": ""}
    named = {"slug": slug, "kind": card.kind, "label": card.name, "look": card.look}
    return {**named, "meaning": card.meaning, "days": card.days}


def _column(wanted: IdeaFilter, filled: board.Filled, headed: moving.Headed) -> dict[str, Any]:
    own = replace(wanted, column=filled.column.slug)
    return {
        **_named(own.column),
        "count": filled.total,
        "url": own.query(),
        "first": own.query() if wanted.after and wanted.column == own.column else "",
        **_cards(own, filled.page, headed),
    }


def _cards(wanted: IdeaFilter, page: Page[ListedIdea], headed: moving.Headed) -> dict[str, Any]:
    return {
        "cards": [_card(each, headed) for each in page.rows],
        "next": wanted.query(after=page.next) if page.next else "",
    }


def _card(listed: ListedIdea, headed: moving.Headed) -> Markup:
    affected = [department.id for department in listed.departments]
    return phrases.board_card(listed, moving.ways(me(), listed.row, affected, headed))


@bp.post("/ideas/<int:idea_id>/move")
def move(idea_id: int) -> ResponseReturnValue:
    """Move an idea to another stage; where words are wanted, on to where they are written."""
    idea = visible(idea_id)
    before = stage_cards.slug_of(idea.stage_kind, idea.stage_id)
    try:
        wanted = stage_cards.called(sent.values.get("stage", ""))
        if wanted is None or wanted not in stage_cards.in_use():
            raise Invalid(_("Choose a stage from the list."))
        if moving.asks_for_words(idea, wanted):
            return showing.to(idea, "#decide")
        moving.move_to(me(), idea, wanted)
    except (Invalid, Conflict) as refusal:
        return showing.refused(idea_id, refusal)
    said = _("Moved: %(stage)s.", stage=wanted.name)
    pages.say_with_undo(said, f"/ideas/{idea_id}/move?stage={before}")
    return showing.back(idea)
