"""Which clause an idea is about: the link carries it, the idea's write keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import render_template
from markupsafe import Markup
from sqlalchemy import delete, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.numbers import number_or_none
from forum.ideas.extras import Extra, Keep
from forum.ideas.models import Idea
from forum.standards.clauses.models import Clause, VersionClause
from forum.standards.kept.models import IdeaClause
from forum.standards.models import Standard, Version, VersionState
from forum.standards.review.opening import look_again
from forum.standards.visibility import visible_to


class About(NamedTuple):
    """A clause of a standard in force."""

    clause_id: int
    key: int
    number: str
    title: str
    lang: str

    @property
    def value(self) -> str:
        """How a link or a form says it: `PS-001:3`."""
        return f"{self.number}:{self.key}"


def _clauses(reader: Person) -> Any:
    return (
        select(Clause.id, Clause.key, Standard.number, VersionClause.title, Standard.lang)
        .join(Standard, Standard.id == Clause.standard_id)
        .join(Version, Version.standard_id == Standard.id)
        .join(
            VersionClause,
            (VersionClause.version_id == Version.id) & (VersionClause.clause_id == Clause.id),
        )
        .where(Version.state == VersionState.IN_FORCE, visible_to(reader))
    )


def clause_named(reader: Person, sent: str) -> About | None:
    """The clause that a link names, if the reader sees it. One query."""
    number, _colon, key = sent.strip().partition(":")
    known = number_or_none(key)
    if known is None:
        return None
    query = _clauses(reader).where(Standard.number == number.upper(), Clause.key == known)
    row = db.session.execute(query).first()
    return About(*row) if row is not None else None


def clause_of(reader: Person, idea_id: int) -> About | None:
    """The clause an idea is about, if the reader sees it. One query."""
    query = _clauses(reader).join(IdeaClause, IdeaClause.clause_id == Clause.id)
    row = db.session.execute(query.where(IdeaClause.idea_id == idea_id)).first()
    return About(*row) if row is not None else None


def shown(author: Person, idea: Idea | None, sent: Mapping[str, str]) -> Markup:
    """A ticked box with the clause; nothing where no clause is meant. One query at most."""
    if sent.get("about"):
        about = clause_named(author, sent["about"])
    else:
        about = clause_of(author, idea.id) if idea is not None else None
    if about is None:
        return Markup()
    return Markup(render_template("standards/kept/_about.html", about=about))  # noqa: S704 - ours


def read(author: Person, sent: Mapping[str, str]) -> Keep | None:
    """What was ticked; a box that was shown and is not ticked takes the clause away."""
    about = clause_named(author, sent["about"]) if sent.get("about") else None
    if about is None and "about-shown" not in sent:
        return None
    return lambda idea: _keep(idea, about)


def _keep(idea: Idea, about: About | None) -> None:
    drop(idea.id)
    if about is not None:
        db.session.add(IdeaClause(idea_id=idea.id, clause_id=about.clause_id))
        look_again([about.number])


def drop(idea_id: int) -> None:
    """Forget the clause of a deleted draft."""
    db.session.execute(delete(IdeaClause).where(IdeaClause.idea_id == idea_id))


EXTRA = Extra(shown, read, drop)
