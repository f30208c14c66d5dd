"""The case that an idea came of: the link carries it, the idea's write keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template
from markupsafe import Markup
from sqlalchemy import delete, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.events import record
from forum.core.modules import is_on
from forum.core.numbers import id_or_none
from forum.departments.visibility import choices_for
from forum.ideas.extras import Extra, Keep
from forum.ideas.models import Idea, StageKind
from forum.training import facts, policy
from forum.training.models import Case, CaseDepartment, CaseIdea, CaseState


def case_named(reader: Person, sent: str) -> Case | None:
    """The case that a link names, if everybody may read it. At most one query."""
    number = id_or_none(sent)
    if number is None or not is_on("training") or not policy.may_see(reader):
        return None
    query = select(Case).where(Case.id == number, Case.state == CaseState.OPEN)
    return db.session.scalars(query).first()


def _case_of(reader: Person, idea_id: int) -> Case | None:
    query = select(CaseIdea.case_id).where(CaseIdea.idea_id == idea_id)
    number = db.session.scalar(query) if is_on("training") else None
    return case_named(reader, str(number)) if number is not None else None


def begun(author: Person, sent: Mapping[str, str]) -> dict[str, Any]:
    """The departments of the case that a link names, those that the author may choose. Three
    queries at most; none where no case is named."""
    case = case_named(author, sent["case"]) if sent.get("case") else None
    if case is None:
        return {}
    query = select(CaseDepartment.department_id).where(CaseDepartment.case_id == case.id)
    touched = frozenset(db.session.scalars(query))
    chosen = [card.id for card in choices_for(author) if card.id in touched]
    return {"departments": chosen} if chosen else {}


def shown(author: Person, idea: Idea | None, sent: Mapping[str, str]) -> Markup:
    """A ticked box with the case; nothing where no case is meant. Two queries at most."""
    if sent.get("case"):
        case = case_named(author, sent["case"])
    else:
        case = _case_of(author, idea.id) if idea is not None else None
    if case is None:
        return Markup()
    return Markup(render_template("training/_of_case.html", case=case))  # noqa: S704 - ours


def read(author: Person, sent: Mapping[str, str]) -> Keep | None:
    """What was ticked; a box that was shown and is not ticked takes the case away."""
    case = case_named(author, sent["case"]) if sent.get("case") else None
    if case is None and "case-shown" not in sent:
        return None
    return lambda idea: _keep(idea, case)


def _keep(idea: Idea, case: Case | None) -> None:
    before = db.session.scalar(select(CaseIdea.case_id).where(CaseIdea.idea_id == idea.id))
    if before == (case.id if case is not None else None):
        return
    drop(idea.id)
    if case is not None:
        db.session.add(CaseIdea(idea_id=idea.id, case_id=case.id))
        if idea.stage_kind != StageKind.DRAFT:
            _came(idea, case.id)


def posted(idea: Idea) -> None:
    """The log tells of no draft: it may be deleted, or posted without a name. One query."""
    if is_on("training"):
        for case_id in db.session.scalars(
            select(CaseIdea.case_id).where(CaseIdea.idea_id == idea.id)
        ):
            _came(idea, case_id)


def _came(idea: Idea, case_id: int) -> None:
    at = idea.posted_at if idea.anonymous else None
    record(facts.IDEA_CAME, by=None, at=at, about=("case", case_id), idea=idea.id)


def drop(idea_id: int) -> None:
    """Forget the case of a deleted draft."""
    gone = delete(CaseIdea).where(CaseIdea.idea_id == idea_id)
    db.session.execute(gone.execution_options(synchronize_session=False))


EXTRA = Extra(shown, read, drop, begun=begun, posted=posted)
