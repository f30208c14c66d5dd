"""An idea in two sentences of the other language, written and rewritten by whoever may comment."""

from __future__ import annotations

from sqlalchemy import select, update

from forum.accounts.models import Person
from forum.core import limits, richtext, texts
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid, NotFound
from forum.core.events import record
from forum.core.i18n import LOCALES, lazy
from forum.core.textcheck import clean_line, detect_lang
from forum.core.texts import Text
from forum.ideas import policy, stages
from forum.ideas.filed import CHANGED
from forum.ideas.models import Idea
from forum.ideas.together import facts
from forum.ideas.together.models import Summary, SummaryRevision
from forum.ideas.together.policy import SUMMARISED, may_summarise
from forum.ideas.together.queries import co_authors_of

EMPTY = lazy("Write a sentence or two.")
TOO_LONG = lazy("Keep it within %(most)d characters.", most=limits.SUMMARY.value)
OTHER_LANGUAGE = lazy("Write it in the language that was asked for.")


def languages_of(idea: Idea) -> list[str]:
    """The languages in which a summary says something new."""
    return [lang for lang in LOCALES if lang != idea.lang]


def summary_of(idea: Idea, lang: str) -> Summary | None:
    """The summary in a language, a removed one too. Raises NotFound for the idea's own. One
    query."""
    if lang not in languages_of(idea):
        raise NotFound
    query = select(Summary).where(Summary.idea_id == idea.id, Summary.lang == lang)
    return db.session.scalars(query).first()


def summarise(person: Person, idea: Idea, lang: str, text: str, *, seen: int) -> int:
    """Write the summary, or write it anew; its revision. The same words change nothing.

    Raises Invalid for none or another language, Conflict when it changed since revision `seen`.
    """
    require(may_summarise(person, idea))
    composed = richtext.compose(_checked(text, lang), "text")
    known = summary_of(idea, lang)
    if known is not None and known.removed_at is None and _says(known) == composed.source:
        return known.revision
    with transaction():
        stages.hold(idea, allowed=SUMMARISED)
        stored = texts.store(composed)
        if known is None:
            known = _new(person, idea, lang, stored.id)
        else:
            _rewrite(person, known, stored.id, seen=seen)
        number = known.revision
        db.session.add(
            SummaryRevision(summary_id=known.id, number=number, text_id=stored.id, by_id=person.id)
        )
        record(facts.SUMMARISED, by=person, about=("idea", idea.id), lang=lang, revision=number)
    return number


def _checked(text: str, lang: str) -> str:
    line = clean_line(text)
    if not line:
        raise Invalid(EMPTY, field="text")
    if not limits.SUMMARY.allows(line):
        raise Invalid(
            lazy("Keep it within %(most)d characters.", most=limits.SUMMARY.value), field="text"
        )
    if detect_lang(line, lang) != lang:
        raise Invalid(OTHER_LANGUAGE, field="text")
    return line


def _says(known: Summary) -> str:
    return db.session.scalar(select(Text.source).where(Text.id == known.text_id)) or ""


def _new(person: Person, idea: Idea, lang: str, text_id: int) -> Summary:
    there = select(Summary.id).where(Summary.idea_id == idea.id, Summary.lang == lang)
    if db.session.scalar(there) is not None:  # the idea is held: nobody else adds one now
        raise Conflict(CHANGED)
    new = Summary(idea_id=idea.id, lang=lang, text_id=text_id, by_id=person.id, revision=1)
    db.session.add(new)
    db.session.flush()
    return new


def _rewrite(person: Person, known: Summary, text_id: int, *, seen: int) -> None:
    values = {"text_id": text_id, "by_id": person.id, "at": now(), "removed_at": None}
    changed = db.session.execute(
        update(Summary)
        .where(Summary.id == known.id, Summary.revision == seen)
        .values(revision=Summary.revision + 1, **values)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise Conflict(CHANGED)
    db.session.refresh(known)


def take_back(person: Person, idea: Idea, lang: str, *, number: int) -> None:
    """Undo of one's own writing: it says what it said before, or is not there.

    Conflict when somebody has rewritten it since.
    """
    known = summary_of(idea, lang)
    if known is None or known.by_id != person.id or known.revision != number:
        raise Conflict(CHANGED)
    before = select(Text.source).join(SummaryRevision, SummaryRevision.text_id == Text.id)
    said = db.session.scalar(
        before.where(SummaryRevision.summary_id == known.id, SummaryRevision.number == number - 1)
    )
    if said:
        summarise(person, idea, lang, said, seen=number)
    else:
        _turn(person, idea, known, removed=True)


def may_remove(person: Person, idea: Idea, known: Summary) -> bool:
    """Who wrote it last, the idea's authors, and moderators."""
    leads = policy.leads(person, idea, co_authors_of(person, idea))
    return known.by_id == person.id or leads


def remove(person: Person, idea: Idea, lang: str) -> None:
    """Take a summary out of sight; its wordings stay. Twice is the same as once."""
    _settle(person, idea, lang, removed=True)


def restore(person: Person, idea: Idea, lang: str) -> None:
    """Undo of removing it."""
    _settle(person, idea, lang, removed=False)


def _settle(person: Person, idea: Idea, lang: str, *, removed: bool) -> None:
    known = summary_of(idea, lang)
    if known is None:
        raise NotFound
    require(may_remove(person, idea, known))
    _turn(person, idea, known, removed=removed)


def _turn(person: Person, idea: Idea, known: Summary, *, removed: bool) -> None:
    here = Summary.removed_at.is_(None) if removed else Summary.removed_at.is_not(None)
    with transaction():
        turn = update(Summary).where(Summary.id == known.id, here)
        turned = db.session.execute(turn.values(removed_at=now() if removed else None))
        if turned.rowcount:  # type: ignore[attr-defined]
            fact = facts.SUMMARY_REMOVED if removed else facts.SUMMARISED
            record(fact, by=person, about=("idea", idea.id), lang=known.lang)
