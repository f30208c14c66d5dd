"""Translating: what a wording says in the other language, beside the text that binds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import delete, or_, select

from forum.accounts.models import Person
from forum.core import limits, richtext, texts
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _, lazy
from forum.core.richtext import Composed
from forum.files import uses
from forum.standards import policy
from forum.standards.holding import hold_in_force
from forum.standards.models import Standard, Version, VersionState
from forum.standards.tongues import facts
from forum.standards.tongues.models import Part, Translation
from forum.standards.tongues.parts import Original, Place, mark_of
from forum.standards.tongues.policy import languages_for
from forum.standards.tongues.queries import Known, known_parts

NOT_IN_FORCE = lazy("Only a standard in force can be translated.")
MOST_TOLD = 50
"""Clauses that an event names."""


class Overtaken(Conflict):
    """Somebody has translated some of the parts since this person opened the page."""

    sentence = lazy("Somebody else has translated some of it since you opened this page.")

    def __init__(self, theirs: Mapping[Place, Known | None]) -> None:
        super().__init__()
        self.theirs = theirs


class Refused(Invalid):
    """What is wrong with some of the parts, by their place."""

    def __init__(self, wrong: Mapping[Place, tuple[str, str]]) -> None:
        super().__init__(_("Some of it cannot be saved yet; see what it says there."))
        self.wrong = wrong


class Said(NamedTuple):
    """What somebody typed for a part; `seen` is the row they saw, 0 for none, `was` what it said.

    `stays` says that a translation of an older wording is right for this one.
    """

    place: Place
    title: str
    text: str
    seen: int = 0
    was: str = ""
    stays: bool = False

    @property
    def is_new(self) -> bool:
        """Whether it is not what stood there."""
        return mark_of(self.title, self.text) != (self.was or mark_of("", ""))


class _New(NamedTuple):
    """A part to be written, rendered."""

    original: Original
    said: Said
    text: Composed | None


def translate(
    editor: Person,
    standard: Standard,
    version: Version,
    originals: Sequence[Original],
    lang: str,
    said: Sequence[Said],
) -> int:
    """Write down what was typed for parts of a published version; how many were new.

    Raises Overtaken when somebody was quicker with one of them, Refused for what cannot be a
    translation, Conflict when the standard is not in force.
    """
    require(policy.may_edit(editor, standard))
    _check(standard, version, lang)
    known = known_parts(standard, version, lang, originals, for_form=True)
    new = _changed(originals, known, said)
    if not new:
        return 0
    with transaction():
        hold_in_force(standard, NOT_IN_FORCE)
        present = known_parts(standard, version, lang, originals, for_form=True)
        _require_unseen_none(present, new)
        _write(editor, standard, version, lang, new)
        note_languages(standard)
        record(
            facts.TRANSLATED,
            by=editor,
            about=("standard", standard.id),
            version=version.number,
            lang=lang,
            clauses=sorted(each.original.key for each in new)[:MOST_TOLD],
        )
    return len(new)


def _check(standard: Standard, version: Version, lang: str) -> None:
    if standard.state != VersionState.IN_FORCE or version.published_at is None:
        raise Conflict(NOT_IN_FORCE)
    if lang not in languages_for(version.lang):
        raise Invalid(_("Choose one from the list."), field="lang")


def _changed(
    originals: Sequence[Original], known: Mapping[Place, Known], said: Sequence[Said]
) -> list[_New]:
    """What differs from what was seen, or is said to be right still; checked and rendered."""
    by_place = {original.place: original for original in originals}
    wrong: dict[Place, tuple[str, str]] = {}
    new: list[_New] = []
    for each in said:
        original, before = by_place.get(each.place), known.get(each.place)
        if original is None or not (each.is_new or _stays(each, before)):
            continue
        complaint = _complaint(original, each)
        if complaint is not None:
            wrong[each.place] = complaint
            continue
        text = each.text.strip()
        composed = richtext.compose(each.text, limit=limits.STANDARD_TEXT) if text else None
        new.append(_New(original, each, composed))
    if wrong:
        raise Refused(wrong)
    return new


def _stays(said: Said, before: Known | None) -> bool:
    return said.stays and before is not None and before.behind > 0 and not before.says_nothing


def _complaint(original: Original, said: Said) -> tuple[str, str] | None:
    """The field that is wrong, and why."""
    line = limits.NOTE if original.part == Part.CHANGE else limits.TITLE
    if not line.allows(said.title):
        return "title", _too_long(line, said.title)
    if not limits.STANDARD_TEXT.allows(said.text):
        return "text", _too_long(limits.STANDARD_TEXT, said.text)
    if original.part != Part.CLAUSE:
        return None
    if said.text.strip() and not said.title:
        return "title", _("Translate the heading too.")
    if said.title and not said.text.strip() and original.html.strip():
        return "text", _("Translate the text under the heading too.")
    return None


def _too_long(limit: limits.Limit, text: str) -> str:
    return _(
        "Shorten this to %(limit)d characters; it has %(length)d now.",
        limit=limit.value,
        length=len(text),
    )


def note_languages(standard: Standard) -> None:
    """The standard says in which languages there is something of it; in the open write. One query.

    What was taken away counts no more, what older versions say does.
    """
    query = select(Translation.lang).where(
        Translation.standard_id == standard.id,
        or_(Translation.title != "", Translation.text_id.is_not(None)),
    )
    standard.translated = " ".join(sorted(set(db.session.scalars(query.distinct()))))
    db.session.flush()


def _require_unseen_none(present: Mapping[Place, Known], new: Sequence[_New]) -> None:
    """Nothing is there that its writer has not seen."""
    theirs = {}
    for each in new:
        place = each.said.place
        found = present.get(place)
        if (found.id if found is not None else 0) != each.said.seen:
            theirs[place] = found
    if theirs:
        raise Overtaken(theirs)


def _write(
    editor: Person, standard: Standard, version: Version, lang: str, new: Sequence[_New]
) -> None:
    """Each as a new row, in place of the one of the same wording."""
    for original, said, text in new:
        row = Translation(
            standard_id=standard.id,
            lang=lang,
            part=original.part,
            key=original.key,
            words=original.words,
            version=version.number,
            title=said.title,
            by_id=editor.id,
            at=now(),
        )
        db.session.execute(
            delete(Translation)
            .where(
                Translation.standard_id == standard.id,
                Translation.lang == lang,
                Translation.part == original.part,
                Translation.key == original.key,
                Translation.words == original.words,
            )
            .execution_options(synchronize_session=False)
        )
        stored = texts.store_if_any(text)
        row.text_id = stored.id if stored is not None else None
        if text is not None:
            uses.claim(text.source, "standard", standard.id, editor)
        db.session.add(row)
        db.session.flush()
