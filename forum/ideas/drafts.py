"""Drafts saved while somebody types; two tabs never overwrite one another."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from forum.accounts.models import Person
from forum.core import limits
from forum.core.db import db
from forum.core.errors import Invalid
from forum.core.i18n import _
from forum.core.numbers import id_or_none, number_or_none
from forum.core.textcheck import derive_title
from forum.ideas import actions, queries
from forum.ideas.actions import Wording
from forum.ideas.filed import mark
from forum.ideas.forms import IdeaForm
from forum.ideas.models import Idea, StageKind
from forum.ideas.writing import read_wording


def own_draft(author: Person, sent: str) -> Idea | None:
    """The author's own draft of that id, or None."""
    idea = _own(author, sent)
    return idea if idea is not None and idea.stage_kind == StageKind.DRAFT else None


def _own(author: Person, sent: str) -> Idea | None:
    number = id_or_none(sent)
    idea = db.session.get(Idea, number) if number is not None else None
    return idea if idea is not None and idea.author_id == author.id else None


def posted_already(author: Person, sent: str, wording: Wording) -> Idea | None:
    """The idea a draft became, when the very same text is posted once more. Two queries.

    A button pressed twice, or an answer lost on the way, makes no second idea.
    """
    idea = _own(author, sent)
    if idea is None or idea.stage_kind == StageKind.DRAFT:
        return None
    return None if actions.says_something_else(idea, wording) else idea


def filled_form(idea: Idea) -> IdeaForm:
    """The form with what the idea says now. Three queries."""
    problem, proposal = queries.sources_of(idea)
    departments = queries.affected_ids(idea.id)
    tags = [name for name, _slug in queries.tags_of(idea.id)]
    return IdeaForm(
        data={
            "title": _own_title(idea, problem),
            "problem": problem,
            "proposal": proposal,
            "departments": departments,
            "unsure": idea.unsure,
            "tags": ", ".join(tags),
            "revision": str(idea.revision),
            "filed": mark(departments, tags, idea.unsure),
        }
    )


def _own_title(idea: Idea, problem: str) -> str:
    """The title its author gave; a draft's that was only suggested is suggested anew."""
    suggested = {derive_title(problem, limits.TITLE.value), *actions.untitled()}
    return "" if idea.stage_kind == StageKind.DRAFT and idea.title in suggested else idea.title


def autosave(author: Person, draft: Idea | None) -> ResponseReturnValue:
    """Keep the form as it is; answers the version the next save must name."""
    form = IdeaForm(request.form)
    if not form.validate():
        raise Invalid(_("This is not saved yet: shorten it first."))
    wording = read_wording(form)
    if draft is None:
        if not wording.title and not (wording.problem and wording.problem.source):
            return jsonify(version=0)
        draft = actions.post_idea(author, wording, draft=True)
    else:
        actions.save_draft(author, draft, wording, seen=_seen())
    return jsonify(version=draft.revision, url=f"/ideas/{draft.id}/autosave", id=draft.id)


def _seen() -> int:
    sent = number_or_none(request.form.get("version", ""))
    return -1 if sent is None else sent
