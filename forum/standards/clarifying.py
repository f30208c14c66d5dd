"""Beginning the next draft at a clause that a case has shown to be unclear, and taking it back."""

from __future__ import annotations

import re
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person
from forum.core import limits
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict
from forum.core.events import record
from forum.core.i18n import LOCALES, _, speaking
from forum.standards import drafts, facts, policy
from forum.standards.clauses.models import VersionClause
from forum.standards.drafts import Wording
from forum.standards.editing import Editable, editable
from forum.standards.models import Standard, VersionState
from forum.standards.why.models import ClauseOrigin, Source

WORDS = 700
"""Characters of what was learned that stand in the draft, to be worked in or taken out."""
_HEADING = re.compile(r"^[ ]{0,3}#{1,6}[ \t]+(.*?)[ \t]*#*$", re.MULTILINE)


class Opened(NamedTuple):
    """Where a draft was opened: the clause by number and heading, and whether what was learned
    stands in the text, and there right under that heading."""

    number: str
    clause: str
    stands: bool
    under: bool


def open_at(
    editor: Person, standard: Standard, clause_id: int, *, case_id: int, words: str
) -> Opened:
    """Put what a case taught under the heading of a clause in the next draft, once.

    Raises Conflict for a standard that is retired, or whose next version waits for its day.
    """
    require(policy.may_edit(editor, standard))
    if standard.state == VersionState.RETIRED:
        raise Conflict(drafts.RETIRED)
    base = editable(standard)
    if _is_there(clause_id, case_id):
        return _opened(base, base.source, clause_id, case_id)
    if base.waits:
        raise Conflict(drafts.WAITS)
    whole = _with_note(base, clause_id, _note(base, case_id, words))
    wording = drafts.reword(base, whole)
    with transaction():
        draft_id = _save(editor, base, wording)
        insert = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
        row = {"clause_id": clause_id, "kind": Source.CASE, "source_id": case_id}
        statement = insert(ClauseOrigin).values(
            **row, version_id=draft_id, by_id=editor.id, at=now()
        )
        db.session.execute(statement.on_conflict_do_nothing())
    return _opened(base, whole, clause_id, case_id)


def _save(editor: Person, base: Editable, wording: Wording) -> int:
    """Save the draft as it was seen, in the open write; the id of the version."""
    standard = base.standard
    drafts.claim(standard, standard.lock)
    draft = drafts.draft_for(standard, editor)
    drafts.write_version(standard, draft, wording, by=editor)
    about = ("standard", standard.id)
    record(facts.DRAFT_SAVED, by=editor, about=about, version=draft.number)
    return draft.id


def _opened(base: Editable, text: str, clause_id: int, case_id: int) -> Opened:
    number, title = _heading_of(base, clause_id)
    marked = f"](/training/cases/{case_id})"
    at = _end_of(text, title)
    below = text[at:].lstrip("\n").partition("\n")[0] if at is not None else ""
    clause = ", ".join(part for part in (number, title) if part)
    return Opened(base.standard.number, clause, marked in text, marked in below)


class Left(NamedTuple):
    """What a clause's draft still holds of a case that ends otherwise by now: the text without it
    where that stands exactly as it was put and may be taken out, else None."""

    base: Editable
    clause_id: int
    case_id: int
    wording: Wording | None

    @property
    def number(self) -> str:
        """The standard's."""
        return self.base.standard.number


def left_of(
    editor: Person, standard: Standard, clause_id: int, *, case_id: int, words: str
) -> Left | None:
    """What `open_at` put into the draft and is there still; None where nothing is. Before the
    write; two queries, and those of a wording."""
    base = editable(standard)
    if f"](/training/cases/{case_id})" not in base.source:
        return None
    without = None
    if base.version.state == VersionState.DRAFT and policy.may_edit(editor, standard):
        without = _without(base.source, case_id, words)
    wording = drafts.reword(base, without) if without is not None else None
    return Left(base, clause_id, case_id, wording)


def take_out(editor: Person, left: Left) -> None:
    """Save the draft without it, and that the clause came of the case, in the open write.

    Raises Stale where somebody saved meanwhile.
    """
    if left.wording is None:
        return
    draft_id = _save(editor, left.base, left.wording)
    origin = delete(ClauseOrigin).where(
        ClauseOrigin.clause_id == left.clause_id,
        ClauseOrigin.kind == Source.CASE,
        ClauseOrigin.source_id == left.case_id,
        ClauseOrigin.version_id == draft_id,
        ClauseOrigin.taken_away_at.is_(None),
    )
    db.session.execute(origin.execution_options(synchronize_session=False))


def _without(source: str, case_id: int, words: str) -> str | None:
    """The text without the quotation as it was put, in whichever language; None where it was
    changed, or something follows it in the same quotation."""
    for lang in LOCALES:
        note = re.escape(_quotation(lang, case_id, words))
        found = re.search(rf"\n\n{note}(?:\n(?=\n)|\n?\Z)", source)
        if found is not None:
            rest = source[: found.start()] + source[found.end() :]
            return None if f"](/training/cases/{case_id})" in rest else rest
    return None


def _is_there(clause_id: int, case_id: int) -> bool:
    query = select(ClauseOrigin.clause_id).where(
        ClauseOrigin.clause_id == clause_id,
        ClauseOrigin.kind == Source.CASE,
        ClauseOrigin.source_id == case_id,
    )
    return db.session.scalar(query) is not None


def _note(base: Editable, case_id: int, words: str) -> str:
    lang = base.version.lang if base.version.lang in LOCALES else "en"
    return _quotation(lang, case_id, words)


def _quotation(lang: str, case_id: int, words: str) -> str:
    case = {"number": case_id, "url": f"/training/cases/{case_id}"}
    with speaking(lang):
        says = _("To be clarified, from [case %(number)d](%(url)s):", **case)
    return f"> {says} {' '.join(words.split())[:WORDS]}".rstrip()


def _with_note(base: Editable, clause_id: int, note: str) -> str:
    """The text with a quotation under the clause's heading, at its end where that is not found; as
    it is where nothing more fits."""
    at = _end_of(base.source, _heading_of(base, clause_id)[1])
    if at is None:
        whole = f"{base.source.rstrip()}\n\n{note}\n"
    else:
        whole = f"{base.source[:at]}\n\n{note}\n{base.source[at:]}"
    return whole if limits.STANDARD_TEXT.allows(whole) else base.source


def _end_of(source: str, title: str) -> int | None:
    """Where a heading ends in a text."""
    return next((f.end() for f in _HEADING.finditer(source) if title and f.group(1) == title), None)


def _heading_of(base: Editable, clause_id: int) -> tuple[str, str]:
    """The number and the heading of a clause in a version; empty where it has it no more."""
    query = select(VersionClause.number, VersionClause.title).where(
        VersionClause.version_id == base.version.id, VersionClause.clause_id == clause_id
    )
    row = db.session.execute(query).one_or_none()
    return (row[0], row[1]) if row is not None else ("", "")
