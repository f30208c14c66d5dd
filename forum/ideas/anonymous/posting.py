"""Posting without a name: no row, and no event, holds a person or a time finer than the day.

What tells them apart from the rest is written in the same write, so nothing of the way there is
left: a draft goes with every text it had.
"""

from __future__ import annotations

from typing import NamedTuple

from forum.accounts.models import Person
from forum.accounts.nobody import nobody
from forum.accounts.sessions import digest
from forum.accounts.tokens import new_secret
from forum.core.access import require
from forum.core.calendar import start_of_day
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.i18n import lazy
from forum.departments.holding import hold_open
from forum.files.uses import KEY
from forum.ideas import actions, stages
from forum.ideas.actions import Wording
from forum.ideas.affected import ask_departments, known_departments
from forum.ideas.anonymous import policy
from forum.ideas.anonymous.models import AnonymousAuthor, AnonymousPost, Level
from forum.ideas.models import Idea, StageKind
from forum.ideas.tags import file_under

CLOSED = lazy("Ideas without a name are not taken now. Post it with your name, or keep it.")
FILES = lazy(
    "Pictures and documents say who sent them. Take them out, or post the idea with your name."
)
GONE = lazy("This draft is not here any more; perhaps it is posted already. Look at the ideas.")


class Posted(NamedTuple):
    """A new idea, and the secret that is told this once."""

    idea: Idea
    secret: str


def read_level(typed: str) -> Level | None:
    """How an idea is to be posted, None with a name. Raises Invalid rather than guess: what was
    not to be signed must not be."""
    if not typed:
        return None
    if typed not in set(Level):
        raise Invalid(CLOSED, field="anonymous")
    return Level(typed)


def post(author: Person, wording: Wording, level: Level, *, draft: Idea | None = None) -> Posted:
    """Post an idea as nobody's; a draft that it grew from is forgotten with all its texts."""
    if not policy.may_post(author):
        raise Invalid(CLOSED, field="anonymous")
    require(draft is None or draft.author_id == author.id)
    actions.check_says_something(wording)
    refuse_files(*(said.source for said in (wording.problem, wording.proposal) if said))
    known = known_departments(author, wording.departments, draft)
    secret, at = new_secret(), start_of_day()
    with transaction():
        kept = hold_open(known)
        idea = actions.rows_of_idea(nobody(), wording, StageKind.OPEN, at=at, anonymous=level)
        file_under(idea.id, wording.tags)
        ask_departments(idea, known, held=kept, at=at)
        db.session.add(AnonymousPost(idea_id=idea.id, secret_hash=digest(secret)))
        if level == Level.MODERATORS:
            db.session.add(AnonymousAuthor(idea_id=idea.id, person_id=author.id))
        if draft is not None:
            stages.hold(draft, allowed=[StageKind.DRAFT], conflict=GONE)
            actions.delete_draft(draft)
        db.session.flush()
        actions.record_posted(None, idea, wording, at=at)
    return Posted(idea, secret)


def refuse_files(*sources: str, field: str = "problem") -> None:
    """Raises Invalid for a text with pictures or documents: a file is stored with who sent it."""
    if any(KEY.search(source) for source in sources):
        raise Invalid(FILES, field=field)


def refuse_again(sent: str) -> None:
    """Raises Conflict where a form names a draft that is gone: its idea may be posted already."""
    if sent:
        raise Conflict(GONE)
