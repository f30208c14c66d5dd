"""Documents as standards in force: one short write each, again changes nothing, nobody is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from hashlib import sha256
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update

from forum.accounts.addresses import clean_email
from forum.accounts.models import Person
from forum.core.clock import now, today
from forum.core.db import db, end_read, transaction
from forum.core.errors import DomainError
from forum.core.events import record
from forum.core.i18n import _, company_zone
from forum.core.texts import Text
from forum.files import actions as files
from forum.files.pictures import remade
from forum.ideas.imports.desk import department_names
from forum.standards import drafts, facts
from forum.standards.clauses.keeping import confirm
from forum.standards.confirming.audience import Named, people_of, require_somebody
from forum.standards.confirming.carrying import ask
from forum.standards.models import NEXT, Standard, Version, VersionDepartment, VersionState
from forum.standards.paper.coming.documents import Document
from forum.standards.paper.coming.reading import Refused
from forum.standards.paper.models import ImportedStandard
from forum.standards.review.closing import overtake
from forum.standards.review.intervals import next_day

MOST_DIGITS = 6
"""Of a number that a file brings: those made here go on from it, and stay readable."""


class Known(NamedTuple):
    """A standard that is here, and what its file said last; nothing where it came from none."""

    standard: Standard
    digest: str


class Kept(NamedTuple):
    """Owner and audience of a version, which stay where a file says nothing of them."""

    owner_id: int | None = None
    owner_department_id: int | None = None
    departments: Sequence[int] = ()
    people: Sequence[Named] = ()


@dataclass(slots=True)
class Loader:
    """Takes documents in, as an administrator; of a dry run only what would happen."""

    admin: Person
    dry_run: bool
    departments: dict[str, int] = field(default_factory=department_names)
    numbers: set[str] = field(default_factory=set)

    def load(self, document: Document) -> str:
        """Take one in: `created`, `unchanged` or `updated`. Raises Refused."""
        self._claim_number(document)
        digest = digest_of(document)
        known = _known(document)
        if known is not None and known.digest == digest:
            return "unchanged"
        if known is not None:
            _check_open(known.standard)
        pictures = self._pictures(document)
        wording = self._wording(document, known, pictures)
        if known is not None and not _says_more(known, wording, document):
            self._remember(known, document, digest)
            return "unchanged"
        if not self.dry_run:
            self._write(document, known, wording, pictures, digest)
        return "created" if known is None else "updated"

    def _claim_number(self, document: Document) -> None:
        if document.number in self.numbers:
            raise Refused(_("Another file has the number %(number)s.", number=document.number))
        if document.number:
            self.numbers.add(document.number)

    def _pictures(self, document: Document) -> dict[int, files.Prepared]:
        """The pictures made anew, by their place; those that are none are told."""
        end_read()
        made = {}
        for at, raw in enumerate(document.pictures):
            try:
                made[at] = self._picture(raw)
            except DomainError as refusal:
                document.notes.append((1, f"{_('A picture was left out:')} {refusal.message}"))
        return made

    def _picture(self, raw: bytes) -> files.Prepared:
        """Made anew; only looked at in a dry run. Raises TooLarge, Invalid."""
        return files.Prepared("", remade(raw)) if self.dry_run else files.prepare(raw)

    def _wording(
        self, document: Document, known: Known | None, pictures: dict[int, files.Prepared]
    ) -> drafts.Wording:
        body = document.source
        for at in reversed(range(len(document.pictures))):
            shown = pictures.get(at)
            body = body.replace(f"(import:{at})", f"({shown.address})" if shown else "()")
        kept = _kept(known.standard) if known else Kept()
        owner_id = _owner(document.owner) or kept.owner_id
        is_same = owner_id == kept.owner_id
        try:
            return drafts.word(
                of=known.standard if known else None,
                title=document.title,
                body=body,
                owner_id=owner_id,
                owner_department_id=kept.owner_department_id if is_same else None,
                departments=self._audience(document.departments) or kept.departments,
                change=document.change,
                people=kept.people,
            )
        except DomainError as refusal:
            raise Refused(str(refusal.message)) from None

    def _audience(self, names: Sequence[str]) -> list[int]:
        unknown = [name for name in names if name.casefold() not in self.departments]
        if unknown:
            raise Refused(_("There is no department “%(name)s”.", name=unknown[0][:80]))
        return [self.departments[name.casefold()] for name in names]

    def _write(
        self,
        document: Document,
        known: Known | None,
        wording: drafts.Wording,
        pictures: dict[int, files.Prepared],
        digest: str,
    ) -> None:
        try:
            with transaction():
                for picture in pictures.values():
                    files.register(self.admin, picture)
                standard = self._version(document, known, wording)
                _remember(standard.id, document, digest)
        except DomainError as refusal:
            raise Refused(str(refusal.message)) from None

    def _version(
        self, document: Document, known: Known | None, wording: drafts.Wording
    ) -> Standard:
        if known is None:
            standard = drafts.new_standard(wording, document.number)
            draft = drafts.new_version(standard, 1, self.admin)
        else:
            standard = known.standard
            drafts.claim(standard, standard.lock)
            draft = drafts.draft_for(standard, self.admin)
        drafts.write_version(standard, draft, wording, by=self.admin)
        _put_in_force(standard, draft, wording, document)
        about = ("standard", standard.id)
        text = wording.body.digest
        record(facts.IMPORTED, by=None, about=about, version=draft.number, text=text)
        return standard

    def _remember(self, known: Known, document: Document, digest: str) -> None:
        if known.digest and not self.dry_run:
            with transaction():
                _remember(known.standard.id, document, digest)


def digest_of(document: Document) -> str:
    """What a document says, in one word."""
    said = (
        document.title,
        document.source,
        document.owner,
        ";".join(document.departments),
        str(document.review_on),
        str(document.since),
        document.change,
        *(sha256(picture).hexdigest() for picture in document.pictures),
    )
    return sha256("\0".join(said).encode()).hexdigest()


def _known(document: Document) -> Known | None:
    """The standard of this number, or of this file if it names none. One query.

    Raises Refused for a new one with a number that is too long.
    """
    query = select(Standard, ImportedStandard.digest).outerjoin(
        ImportedStandard, ImportedStandard.standard_id == Standard.id
    )
    of_file = ImportedStandard.name == document.name
    wanted = Standard.number == document.number if document.number else of_file
    row = db.session.execute(query.where(wanted)).first()
    if row is not None:
        return Known(row[0], row[1] or "")
    if len(document.number.rpartition("-")[2]) > MOST_DIGITS:
        words = _(
            "The number %(number)s is too long: at most %(most)d digits.",
            number=document.number,
            most=MOST_DIGITS,
        )
        raise Refused(words)
    return None


def _check_open(standard: Standard) -> None:
    if standard.state == VersionState.RETIRED:
        raise Refused(str(drafts.RETIRED))
    begun = select(Version.id).where(
        Version.standard_id == standard.id,
        Version.state.in_(NEXT),
    )
    if db.session.scalar(begun.limit(1)) is not None:
        words = _("%(number)s has a draft here. Publish it first.", number=standard.number)
        raise Refused(words)


def _says_more(known: Known, wording: drafts.Wording, document: Document) -> bool:
    """Whether a file says what is not in force yet. Raises Refused over what was written here."""
    if _is_said(known.standard, wording, document):
        return False
    _check_from_file(known)
    return True


def _check_from_file(known: Known) -> None:
    """Nobody publishes what an import puts in force, so a version without a publisher is its own.
    One query."""
    number = known.standard.number
    if not known.digest:
        raise Refused(_("%(number)s was written here. Change it here.", number=number))
    query = select(Version.published_by_id).where(
        Version.standard_id == known.standard.id, Version.number == known.standard.in_force
    )
    if db.session.scalar(query) is not None:
        words = _(
            "%(number)s was changed here since it was imported. Change it here.", number=number
        )
        raise Refused(words)


def _is_said(standard: Standard, wording: drafts.Wording, document: Document) -> bool:
    """Whether the version in force says the same already, whoever wrote it. Two queries."""
    query = (
        select(Version.id, Version.title, Version.owner_id, Text.source)
        .join(Text, Text.id == Version.text_id)
        .where(Version.standard_id == standard.id, Version.number == standard.in_force)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        return False
    audience = audience_ids(row.id)
    end_read()
    said = (row.title, row.owner_id, row.source.strip(), sorted(audience))
    wanted = (wording.title, wording.owner_id, wording.body.source, sorted(wording.departments))
    return said == wanted and document.review_on in (None, standard.review_on)


def audience_ids(version_id: int) -> list[int]:
    """The departments a version is for. One query."""
    mine = VersionDepartment.version_id == version_id
    return list(db.session.scalars(select(VersionDepartment.department_id).where(mine)))


def _kept(standard: Standard) -> Kept:
    """What stays of the version in force."""
    query = select(Version.id, Version.owner_id, Version.owner_department_id).where(
        Version.standard_id == standard.id, Version.number == standard.in_force
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        return Kept()
    owner = row.owner_id, row.owner_department_id
    return Kept(*owner, audience_ids(row.id), people_of(row.id))


def _owner(said: str) -> int | None:
    if not said:
        return None
    email = clean_email(said)
    known = Person.email == email if email else Person.login == said
    found = db.session.scalar(select(Person.id).where(known, Person.erased_at.is_(None)))
    if found is None:
        raise Refused(_("There is nobody called “%(name)s” here.", name=said[:80]))
    return found


def _put_in_force(
    standard: Standard, draft: Version, wording: drafts.Wording, document: Document
) -> None:
    at = _since(document.since, first=draft.number == 1)
    require_somebody(draft)
    # From now on, or all would be late who are asked by what is in force for years.
    ask(standard, draft, at=now())
    db.session.execute(
        update(Version)
        .where(Version.standard_id == standard.id, Version.state == VersionState.IN_FORCE)
        .values(state=VersionState.SUPERSEDED, superseded_at=at)
    )
    confirm(draft)
    draft.state, draft.published_at = VersionState.IN_FORCE, at
    standard.state, standard.in_force = VersionState.IN_FORCE, draft.number
    standard.in_force_since, standard.updated_at = at, now()
    standard.review_on = document.review_on or next_day(standard.id)
    overtake(standard.id)
    standard.title, standard.lang = draft.title, draft.lang
    standard.excerpt = drafts.beginning(wording.body.plain)
    drafts.set_owner(standard, draft)
    db.session.flush()


def _since(day: date | None, *, first: bool) -> datetime:
    """The beginning of the day a first version is in force since, if the file says so."""
    if day is None or not first or day > today():
        return now()
    return datetime.combine(day, time(), ZoneInfo(company_zone()))


def _remember(standard_id: int, document: Document, digest: str) -> None:
    row = ImportedStandard.standard_id == standard_id
    same_name = ImportedStandard.name == document.name
    db.session.execute(delete(ImportedStandard).where(row | same_name))
    db.session.add(ImportedStandard(standard_id=standard_id, name=document.name, digest=digest))
    db.session.flush()
