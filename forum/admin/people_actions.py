"""Adding people and changing their details. `admin` None is the shell or an import from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from forum.accounts import facts, tokens
from forum.accounts.addresses import clean_email
from forum.accounts.models import Person
from forum.accounts.reserved import refuse_reserved
from forum.core import limits
from forum.core.access import require
from forum.core.db import db, transaction
from forum.core.errors import Invalid
from forum.core.events import record
from forum.core.i18n import LOCALES, _
from forum.core.textcheck import clean_line


@dataclass(frozen=True, slots=True)
class Details:
    """What is written about a person; e-mail or staff number may be missing, not both."""

    name: str
    email: str | None = None
    login: str | None = None
    job_title: str = ""
    locale: str | None = None


def checked(details: Details, *, before: str = "") -> Details:
    """The same, cleaned; `before` is the name they bear, which they keep. Raises Invalid naming
    the field to blame."""
    name = clean_line(details.name)
    if not name or not limits.PERSON_NAME.allows(name):
        raise Invalid(_("Give a name of at most 120 characters."), field="name")
    refuse_reserved(name, before=before)
    email = clean_email(details.email) if details.email else None
    if details.email and email is None:
        raise Invalid(_("This is not an e-mail address."), field="email")
    login = clean_login(details.login or "")
    if email is None and login is None:
        raise Invalid(_("Give an e-mail or a staff number."), field="email")
    if details.locale and details.locale not in LOCALES:
        raise Invalid(_("Choose English or Russian."), field="locale")
    return replace(
        details,
        name=name,
        email=email,
        login=login,
        job_title=clean_line(details.job_title)[: limits.PERSON_NAME.value],
        locale=details.locale or None,
    )


def clean_login(text: str) -> str | None:
    """A staff number as it is stored, or None for an empty one. Raises Invalid."""
    login = clean_line(text).lower()
    if not login:
        return None
    if not limits.LOGIN.allows(login) or "@" in login or " " in login:
        raise Invalid(_("A staff number has no spaces and no @."), field="login")
    return login


def add_person(admin: Person | None, details: Details) -> Person:
    """A person who cannot sign in until invited. Raises Invalid when the way in is taken."""
    return add_people(admin, [details])[0]


def add_people(admin: Person | None, several: Sequence[Details]) -> list[Person]:
    """People who cannot sign in until invited, in their order; all of them or, if one cannot
    be, none. Raises Invalid."""
    require(admin is None or admin.administers)
    clean = [checked(details) for details in several]
    with transaction():
        _check_free(clean)
        people = [
            Person(
                name=details.name,
                email=details.email,
                login=details.login,
                job_title=details.job_title,
                locale=details.locale,
            )
            for details in clean
        ]
        db.session.add_all(people)
        _flush_unique()
        for person in people:
            record(facts.CREATED, by=admin, about=("person", person.id))
    return people


def change_person(admin: Person | None, person: Person, details: Details) -> None:
    """Correct somebody's details; nothing is recorded when nothing changed.

    Another e-mail ends the links that went to the one before.
    """
    require(admin is None or admin.administers)
    details = checked(details, before=person.name)
    before = details_of(person)
    if details == before:
        return
    with transaction():
        _check_free([details], but=person.id)
        person.name, person.job_title = details.name, details.job_title
        person.email, person.login = details.email, details.login
        person.locale = details.locale
        _flush_unique()
        moved = details.email != before.email
        if moved:
            tokens.revoke(person.id, tokens.MAILED)
        fact = facts.EMAIL_CHANGED if moved else facts.CHANGED
        record(fact, by=admin, about=("person", person.id))


def details_of(person: Person) -> Details:
    """What is written about somebody now."""
    return Details(person.name, person.email, person.login, person.job_title, person.locale)


def _check_free(several: Sequence[Details], *, but: int = 0) -> None:
    handles = [handle for each in several for handle in (each.email, each.login) if handle]
    query = select(Person.email, Person.login).where(
        Person.id != but, or_(Person.email.in_(handles), Person.login.in_(handles))
    )
    row = db.session.execute(query.limit(1)).first()
    if row is not None:
        field = "email" if row.email in handles else "login"
        raise Invalid(_("Somebody else signs in with this."), field=field)


def _flush_unique() -> None:
    try:
        db.session.flush()
    except IntegrityError as clash:
        raise Invalid(_("Somebody else signs in with this."), field="email") from clash
