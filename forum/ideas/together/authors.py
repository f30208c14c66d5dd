"""Co-authors: asked by the author, joining by themselves, leaving at any time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person
from forum.accounts.names import name_key
from forum.accounts.queries import by_handle
from forum.core import limits
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid, NotFound
from forum.core.events import record
from forum.core.i18n import _, lazy
from forum.departments.visibility import people_visible_to
from forum.ideas import policy, stages
from forum.ideas.merges.models import IdeaAuthor
from forum.ideas.models import Follow, Idea
from forum.ideas.queries import idea_or_404
from forum.ideas.together import facts
from forum.ideas.together.models import AuthorInvitation
from forum.ideas.together.policy import SHARED, may_share
from forum.ideas.together.queries import co_authors_of

NOBODY = lazy("Nobody here is called so. Give a name, an e-mail address or a staff number.")
SEVERAL = lazy("Several people are called so. Give the e-mail address or the staff number.")
ALREADY = lazy("They write it with you already, or were asked.")
DECLINED = lazy("They have declined to write it with you.")
GONE = lazy("This invitation is not there any more.")
FULL = lazy("An idea has at most %(most)d co-authors.", most=limits.CO_AUTHORS.value)


def called(author: Person, typed: str) -> Person:
    """Whom an author means, among those they may see. Raises Invalid for nobody and for several."""
    words = name_key(typed).split()
    if not words:
        raise Invalid(NOBODY, field="who")
    known = by_handle(typed)
    named = [Person.name_key.contains(f" {word}", autoescape=True) for word in words[:8]]
    wanted = [Person.id == known.id] if known is not None else named
    query = select(Person).where(*_present(author), *wanted)
    found = list(db.session.scalars(query.limit(2)))
    if len(found) != 1:
        raise Invalid(SEVERAL if found else NOBODY, field="who")
    return found[0]


def somebody_or_404(author: Person, person_id: int) -> Person:
    """Somebody whom an author may see and ask. One query."""
    query = select(Person).where(Person.id == person_id, *_present(author))
    found = db.session.scalars(query).first()
    if found is None:
        raise NotFound
    return found


def _present(author: Person) -> tuple[Any, ...]:
    return Person.deactivated_at.is_(None), Person.erased_at.is_(None), people_visible_to(author)


def invite(author: Person, idea: Idea, other: Person) -> None:
    """Ask somebody who sees the idea to write it too. Raises Invalid where that cannot be."""
    require(may_share(author, idea))
    _check_sees(other, idea)
    if other.id == author.id:
        raise Invalid(ALREADY, field="who")
    with transaction():
        stages.hold(idea, allowed=SHARED)
        _check_room(idea)
        row = {"idea_id": idea.id, "person_id": other.id, "by_id": author.id, "at": now()}
        if _is_co_author(idea, other.id) or not _insert(AuthorInvitation, row):
            raise Invalid(DECLINED if _has_declined(idea, other) else ALREADY, field="who")
        record(facts.AUTHOR_INVITED, by=author, about=("idea", idea.id), writer=other.id)


def _check_sees(other: Person, idea: Idea) -> None:
    try:
        idea_or_404(other, idea.id)
    except NotFound:
        raise Invalid(_("They do not see this idea."), field="who") from None


def _check_room(idea: Idea) -> None:
    counts = [
        select(func.count()).where(model.idea_id == idea.id)
        for model in (IdeaAuthor, AuthorInvitation)
    ]
    if sum(db.session.scalar(each) or 0 for each in counts) >= limits.CO_AUTHORS.value:
        raise Invalid(FULL, field="who")


def _insert(model: Any, row: dict[str, Any]) -> bool:
    """Insert a row unless it is there; whether it is new."""
    dialect: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    query = dialect(model.__table__).values(row).on_conflict_do_nothing()
    return bool(db.session.execute(query.returning(model.idea_id)).all())


def _is_co_author(idea: Idea, person_id: int) -> bool:
    return db.session.get(IdeaAuthor, (idea.id, person_id)) is not None


def _has_declined(idea: Idea, other: Person) -> bool:
    row = db.session.get(AuthorInvitation, (idea.id, other.id))
    return row is not None and row.declined_at is not None


def take_back(author: Person, idea: Idea, person_id: int) -> None:
    """Ask somebody no more; twice is the same as once. Who declined stays noted."""
    require(policy.writes(author, idea))
    with transaction():
        gone = delete(AuthorInvitation).where(
            *_invitation(idea, person_id), AuthorInvitation.declined_at.is_(None)
        )
        if db.session.execute(gone).rowcount:  # type: ignore[attr-defined]
            about = ("idea", idea.id)
            record(facts.INVITATION_ENDED, by=author, about=about, writer=person_id)


def _invitation(idea: Idea, person_id: int) -> tuple[Any, Any]:
    return AuthorInvitation.idea_id == idea.id, AuthorInvitation.person_id == person_id


def accept(person: Person, idea: Idea) -> None:
    """Write the idea too, from now on, also after having declined; and hear of it.

    Conflict when nobody asks any more.
    """
    if _is_co_author(idea, person.id):
        return
    with transaction():
        stages.hold(idea, allowed=SHARED)
        asked = delete(AuthorInvitation).where(*_invitation(idea, person.id))
        if not db.session.execute(asked).rowcount:  # type: ignore[attr-defined]
            raise Conflict(GONE)
        ids = {"idea_id": idea.id, "person_id": person.id}
        _insert(IdeaAuthor, {**ids, "at": now()})
        _insert(Follow, ids)
        record(facts.AUTHOR_JOINED, by=person, about=("idea", idea.id))


def decline(person: Person, idea: Idea) -> None:
    """Rather not; the author cannot ask again. Twice is the same as once."""
    _note_declined(person, idea, was=None)


def reconsider(person: Person, idea: Idea) -> None:
    """Undo of declining: the invitation waits again."""
    _note_declined(person, idea, was=AuthorInvitation.declined_at.is_not(None))


def _note_declined(person: Person, idea: Idea, *, was: Any) -> None:
    undo = was is not None
    still = was if undo else AuthorInvitation.declined_at.is_(None)
    turn = update(AuthorInvitation).where(*_invitation(idea, person.id), still)
    with transaction():
        turned = db.session.execute(turn.values(declined_at=None if undo else now()))
        if turned.rowcount:  # type: ignore[attr-defined]
            fact = facts.AUTHOR_INVITED if undo else facts.INVITATION_ENDED
            record(fact, by=person, about=("idea", idea.id), writer=person.id)


def leave(person: Person, idea: Idea) -> None:
    """Write it no more; the invitation stays, so that one may come back. Twice is once."""
    if not co_authors_of(person, idea):
        return
    with transaction():
        if _end(person, idea, person.id):
            row = {"idea_id": idea.id, "person_id": person.id, "by_id": idea.author_id, "at": now()}
            _insert(AuthorInvitation, {**row, "declined_at": now()})


def remove(author: Person, idea: Idea, person_id: int) -> None:
    """The author writes without a co-author from now on; twice is the same as once."""
    require(policy.writes(author, idea))
    with transaction():
        _end(author, idea, person_id)


def _end(by: Person, idea: Idea, person_id: int) -> bool:
    here = (IdeaAuthor.idea_id == idea.id, IdeaAuthor.person_id == person_id)
    gone = bool(db.session.execute(delete(IdeaAuthor).where(*here)).rowcount)  # type: ignore[attr-defined]
    if gone:
        record(facts.AUTHOR_LEFT, by=by, about=("idea", idea.id), writer=person_id)
    return gone
