"""Saying thank you, taking it back, hiding it, and not being asked again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person
from forum.core import limits, richtext, texts
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Forbidden, Invalid, TooMany
from forum.core.events import record
from forum.core.i18n import _
from forum.core.textcheck import clean_line, detect_lang
from forum.core.texts import Text
from forum.departments.holding import hold_open
from forum.departments.reach import reach_of
from forum.thanks import choosing, facts, policy, subjects
from forum.thanks.choosing import Chosen
from forum.thanks.models import Thanks, ThanksNotNow, ThanksTo
from forum.thanks.subjects import SUBJECTS, Key, Workers

PER_HOUR = 30
"""Thank-yous somebody may say in an hour: a good day's, not a script's."""
HOUR = timedelta(hours=1)
TWICE = timedelta(minutes=10)
"""The same words for the same thing within this time are one thank-you, sent twice."""
REACHED = 300
"""People whom “everyone who worked on it” may mean, the first ones in order of their numbers."""


class Wanted(NamedTuple):
    """What somebody says: to whom, for what, why, and whether the company reads it."""

    to: Chosen
    subject: Key | None
    why: str
    private: bool = False


def give(person: Person, wanted: Wanted) -> Thanks:
    """Say thank you. Raises Invalid, and says what to do; TooMany beyond a day's in an hour.

    The same again within minutes, as by a second tap, is the one there is.
    """
    require(policy.may_thank(person))
    why = clean_line(wanted.why)
    _check_words(why)
    to = _checked(person, wanted)
    _check_seen(person, wanted.subject, to)
    reached = _workers(person, wanted, to)
    composed = richtext.compose(why, "text")
    kind, number = wanted.subject or ("", None)
    with transaction():
        _hold(person, to, reached)
        known = _said_just_now(person, wanted, why)
        if known is not None:
            return known
        _check_hour(person)
        thanks = Thanks(
            author_id=person.id,
            author_department_id=person.department_id,
            subject_kind=kind,
            subject_id=number,
            text_id=texts.store(composed).id,
            lang=detect_lang(why) or "en",
            private=wanted.private,
            everyone=wanted.to.everyone,
        )
        db.session.add(thanks)
        db.session.flush()
        db.session.add_all(_rows(thanks.id, to, reached))
        record(facts.GIVEN, by=person, about=("thanks", thanks.id), thanks=thanks.id)
    return thanks


def _hold(person: Person, to: _To, reached: _To) -> None:
    """Let an author say one thing at a time, in the open write. Two queries at most.

    Departments first, as whoever moves people does: else each would wait for the other.
    """
    people = (person, *to.people, *reached.people)
    departments = {each.department_id for each in people if each.department_id is not None}
    hold_open(departments.union(to.departments, reached.departments))
    held = select(Person.id).where(Person.id == person.id).with_for_update(key_share=True)
    db.session.execute(held)


def _check_words(why: str) -> None:
    if not why:
        raise Invalid(_("Say in a line what for."), field="why")
    if not limits.NOTE.allows(why):
        most = limits.NOTE.value
        raise Invalid(_("Shorten this to %(limit)d characters.", limit=most), field="why")


class _To(NamedTuple):
    people: list[Person]
    departments: list[int]


def _checked(person: Person, wanted: Wanted) -> _To:
    """Whom it is to, as far as the author sees them."""
    chosen, most = wanted.to, limits.THANKED.value
    if person.id in chosen.people:
        raise Invalid(_("One does not thank oneself here. Choose somebody else."), field="to")
    if len(chosen.people) + len(chosen.departments) > most:
        said = _("Name at most %(limit)d; a department stands for its people.", limit=most)
        raise Invalid(said, field="to")
    people = choosing.people_of(person, chosen.people)
    departments = [card.id for card in choosing.departments_of(person, chosen.departments)]
    if len(people) < len(chosen.people) or len(departments) < len(chosen.departments):
        raise Invalid(_("Somebody you named cannot be thanked any more. Look again."), field="to")
    if not people and not departments and not chosen.everyone:
        raise Invalid(_("Say whom you thank."), field="to")
    _check_not_alone(person, people, departments, everyone=chosen.everyone)
    return _To(people, departments)


def _check_not_alone(
    person: Person, people: list[Person], departments: list[int], *, everyone: bool
) -> None:
    """One's own department may be thanked, unless that is oneself and nobody else."""
    if people or everyone or departments != [person.department_id]:
        return
    if choosing.is_alone(person, departments[0]):
        said = _("Nobody but you is in this department. Choose somebody else.")
        raise Invalid(said, field="to")


def _check_seen(person: Person, subject: Key | None, to: _To) -> None:
    """What it is for is seen by its author, and by everybody whom it names."""
    if subject is None:
        return
    if subjects.named(person, subject) is None:
        raise Invalid(_("What you thank for is not there any more."), field="to")
    for each in to.people:
        if subjects.named(each, subject) is None:
            said = _("%(who)s may not see what you thank for.", who=each.name)
            raise Invalid(said, field="to")


def _workers(person: Person, wanted: Wanted, to: _To) -> _To:
    """Everyone who worked on it besides those who are named, as far as they may see it."""
    if not wanted.to.everyone:
        return _To([], [])
    workers = _workers_of(wanted.subject)
    ids = sorted(workers.people - {person.id, *(each.id for each in to.people)})[:REACHED]
    here = Person.id.in_(ids), Person.deactivated_at.is_(None), Person.erased_at.is_(None)
    people = [
        each
        for each in db.session.scalars(select(Person).where(*here).order_by(Person.id))
        if not each.is_consultant or subjects.named(each, wanted.subject or ("", 0))
    ]
    allowed = {card.id for card in choosing.departments_of(person, sorted(workers.departments))}
    departments = sorted(allowed - set(to.departments))
    if not (people or departments or workers.unsigned or to.people or to.departments):
        raise Invalid(_("Nobody but you has worked on it. Choose somebody else."), field="to")
    return _To(people, departments)


def _workers_of(subject: Key | None) -> Workers:
    known = SUBJECTS.get(subject[0]) if subject is not None else None
    if subject is None or known is None or known.workers is None:
        raise Invalid(_("Say whom you thank."), field="to")
    return known.workers(subject[1])


def _rows(thanks_id: int, to: _To, reached: _To) -> Iterable[ThanksTo]:
    for people, departments, named in ((*to, True), (*reached, False)):
        for each in people:
            yield ThanksTo(
                thanks_id=thanks_id,
                person_id=each.id,
                department_id=each.department_id,
                named=named,
            )
        for department in departments:
            yield ThanksTo(thanks_id=thanks_id, department_id=department, named=True)


def _said_just_now(person: Person, wanted: Wanted, why: str) -> Thanks | None:
    kind, number = wanted.subject or ("", None)
    query = (
        select(Thanks)
        .join(Text, Text.id == Thanks.text_id)
        .where(
            Thanks.author_id == person.id,
            Thanks.at > now() - TWICE,
            Thanks.withdrawn_at.is_(None),
            Thanks.subject_kind == kind,
            Thanks.subject_id == number if number is not None else Thanks.subject_id.is_(None),
            Thanks.private.is_(wanted.private),
            Thanks.everyone.is_(wanted.to.everyone),
            Text.source == why,
        )
        .order_by(Thanks.id.desc())
    )
    return next((t for t in db.session.scalars(query) if _names(t) == _wanted(wanted)), None)


def _names(thanks: Thanks) -> tuple[set[int | None], set[int | None]]:
    query = select(ThanksTo.person_id, ThanksTo.department_id).where(
        ThanksTo.thanks_id == thanks.id, ThanksTo.named
    )
    rows = db.session.execute(query).all()
    return {row[0] for row in rows if row[0]}, {row[1] for row in rows if not row[0]}


def _wanted(wanted: Wanted) -> tuple[set[int], set[int]]:
    found = set(wanted.to.departments)
    if wanted.to.everyone:
        found |= _workers_of(wanted.subject).departments
    return set(wanted.to.people), found


def _check_hour(person: Person) -> None:
    """How many somebody may say. One query."""
    if not current_app.config["RATE_LIMITS"]:
        return
    hour_ago = now() - HOUR
    said = select(Thanks.at).where(Thanks.author_id == person.id, Thanks.at > hour_ago)
    full = db.session.scalar(said.order_by(Thanks.at.desc()).offset(PER_HOUR - 1).limit(1))
    if full is not None:
        wait = int((full - hour_ago).total_seconds()) + 1
        raise TooMany(_("That is a lot for one hour. Go on later."), retry_after=wait)


def withdraw(person: Person, thanks: Thanks) -> None:
    """Take a thank-you back; twice is the same as once. Raises Conflict after its day."""
    if thanks.author_id != person.id:
        raise Forbidden
    if not policy.may_withdraw(person, thanks, now()):
        raise Conflict(_("It is theirs now: a thank-you can be taken back for a day."))
    with transaction():
        changed = db.session.execute(
            update(Thanks)
            .where(Thanks.id == thanks.id, Thanks.withdrawn_at.is_(None))
            .values(withdrawn_at=now())
        )
        if changed.rowcount:  # type: ignore[attr-defined]
            record(facts.WITHDRAWN, by=person, about=("thanks", thanks.id))


def hide(moderator: Person, thanks: Thanks, why: str) -> None:
    """Keep a thank-you from everybody but its author, who is told why; twice is once."""
    require(policy.may_hide(moderator, thanks, reach_of(moderator)))
    if not why.strip():
        raise Invalid(_("Say why; the author reads it."), field="why")
    if not limits.REASON.allows(why):
        most = limits.REASON.value
        raise Invalid(_("Shorten this to %(limit)d characters.", limit=most), field="why")
    composed = richtext.compose(why.strip(), "text")
    with transaction():
        text = texts.store(composed)
        values = {"hidden_at": now(), "hidden_by_id": moderator.id, "hidden_why_id": text.id}
        changed = db.session.execute(
            update(Thanks)
            .where(Thanks.id == thanks.id, Thanks.hidden_at.is_(None))
            .values(**values)
        )
        if changed.rowcount:  # type: ignore[attr-defined]
            told: dict[str, Any] = {"hidden": True, "text": composed.digest}
            record(facts.HIDDEN, by=moderator, about=("thanks", thanks.id), **told)


def show_again(moderator: Person, thanks: Thanks) -> None:
    """Let a hidden thank-you be read again; who was told of it is not told twice."""
    require(policy.may_hide(moderator, thanks, reach_of(moderator)))
    with transaction():
        nothing = {"hidden_at": None, "hidden_by_id": None, "hidden_why_id": None}
        changed = db.session.execute(
            update(Thanks)
            .where(Thanks.id == thanks.id, Thanks.hidden_at.is_not(None))
            .values(**nothing)
        )
        if changed.rowcount:  # type: ignore[attr-defined]
            record(facts.HIDDEN, by=moderator, about=("thanks", thanks.id), hidden=False)


def not_now(person: Person, subject: Key) -> None:
    """Do not ask somebody again to thank for a thing; only they see it, so no event says so."""
    insert: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    row = {"person_id": person.id, "subject_kind": subject[0], "subject_id": subject[1]}
    with transaction():
        new = insert(ThanksNotNow).values(**row, at=now())
        db.session.execute(new.on_conflict_do_nothing())
