"""Done already: a department posts what it has improved, others say that they do it too."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person
from forum.accounts.trust import must_wait
from forum.core import richtext, texts
from forum.core.access import require
from forum.core.clock import today
from forum.core.db import db, transaction
from forum.core.errors import Invalid, NotFound
from forum.core.events import record
from forum.core.i18n import lazy
from forum.departments.holding import hold_open
from forum.departments.hooks import Follower
from forum.departments.queries import answers_for
from forum.files.uses import claim
from forum.ideas import actions, stages
from forum.ideas.actions import Wording
from forum.ideas.models import Idea, StageKind
from forum.ideas.together import facts
from forum.ideas.together.models import Adoption, Improvement
from forum.ideas.together.policy import may_adopt

AHEAD = lazy("Choose a day up to today: it is done already.")
UNSAID = lazy("Say in a line what you do now.")
CLOSED = lazy("Choose a department from the list.")


def post_done(
    author: Person, wording: Wording, *, outcome: str, department_id: int, done_on: date | None
) -> Idea:
    """Post what a department has done already; it is open for no moment and takes no votes.

    Raises Invalid without words, for another's department and for a day ahead.
    """
    mine = answers_for(author.id)
    if not may_adopt(author, department_id, mine):
        raise Invalid(CLOSED, field="department")
    actions.check_says_something(wording)
    if not outcome.strip():
        raise Invalid(UNSAID, field="outcome")
    if done_on is not None and done_on > today():
        raise Invalid(AHEAD, field="done_on")
    said, waits = richtext.compose(outcome), must_wait(author)
    with transaction():
        if not hold_open([department_id]):
            raise Invalid(CLOSED, field="department")
        idea = actions.new_idea(author, wording, StageKind.OPEN)
        idea.author_department_id = department_id
        actions.announce(author, idea, wording, waits=waits)
        claim(said.source, "idea", idea.id, author)
        text = texts.store(said)
        stages.move(idea, StageKind.DONE, by=author, allowed=[StageKind.OPEN], outcome_id=text.id)
        db.session.add(Improvement(idea_id=idea.id, department_id=department_id, done_on=done_on))
        record(facts.IMPROVED, by=author, about=("idea", idea.id), department=department_id)
    return idea


def adopt(person: Person, idea: Idea, department_id: int, *, on: date | None) -> None:
    """Say that a department does it too, since or from a day; twice is the same as once.

    Raises NotFound for what is no improvement, Invalid for the department that did it first.
    """
    require(may_adopt(person, department_id, answers_for(person.id)))
    first = db.session.get(Improvement, idea.id)
    if first is None:
        raise NotFound
    if first.department_id == department_id:
        raise Invalid(lazy("This department did it first."), field="department")
    with transaction():
        if not hold_open([department_id]):
            raise Invalid(CLOSED, field="department")
        row = {
            "idea_id": idea.id, "department_id": department_id, "by_id": person.id,
            "adopted_on": on or today(),
        }  # fmt: skip
        dialect = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
        query = dialect(Adoption).values(**row).on_conflict_do_nothing().returning(Adoption.id)
        if db.session.execute(query).all():
            record(facts.ADOPTED, by=person, about=("idea", idea.id), department=department_id)


def end_adoption(person: Person, idea: Idea, department_id: int) -> None:
    """Undo: the department does not do it; twice is the same as once."""
    require(may_adopt(person, department_id, answers_for(person.id)))
    here = (Adoption.idea_id == idea.id, Adoption.department_id == department_id)
    with transaction():
        if db.session.execute(delete(Adoption).where(*here)).rowcount:  # type: ignore[attr-defined]
            about = ("idea", idea.id)
            record(facts.ADOPTION_ENDED, by=person, about=about, department=department_id)


def _nothing_waits(_department_id: int) -> int:
    return 0


def _stays(_department_id: int) -> None:
    """What an archived department did stays done."""


def _move(old_id: int, new_id: int) -> None:
    """The heir does what the old department did: once an idea, and not what it did first."""
    posts = update(Improvement).where(Improvement.department_id == old_id)
    db.session.execute(posts.values(department_id=new_id))
    first = select(Improvement.idea_id).where(Improvement.department_id == new_id)
    both = Adoption.department_id.in_([old_id, new_id])
    db.session.execute(delete(Adoption).where(both, Adoption.idea_id.in_(first)))
    own = Adoption.department_id == old_id
    doing = list(
        db.session.scalars(select(Adoption.idea_id).where(Adoption.department_id == new_id))
    )
    db.session.execute(delete(Adoption).where(own, Adoption.idea_id.in_(doing)))
    db.session.execute(update(Adoption).where(own).values(department_id=new_id))


FOLLOWER = Follower("improvements", _nothing_waits, _stays, _move)
