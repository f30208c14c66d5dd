"""Beginning the next draft at a clause that a case has shown to be unclear."""

from __future__ import annotations

import re

from sqlalchemy import select
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
from forum.standards.clauses.models import Clause, VersionClause
from forum.standards.editing import Editable, editable
from forum.standards.models import Standard, VersionState
from forum.standards.why.models import ClauseOrigin, Source

WORDS = 700
"""Characters of what was learned that stand in the draft, to be worked in or taken out."""
_HEADING = re.compile(r"^[ ]{0,3}#{1,6}[ \t]+(.*?)[ \t]*#*$", re.MULTILINE)


def open_at(
    editor: Person, standard: Standard, clause_id: int, *, case_id: int, words: str
) -> None:
    """Put what a case taught under the heading of a clause in the next draft, once.

    Raises Conflict for a standard that is retired, or whose next version waits for its day.
    """
    require(policy.may_edit(editor, standard))
    if standard.state == VersionState.RETIRED:
        raise Conflict(drafts.RETIRED)
    if _is_there(clause_id, case_id):
        return
    base = editable(standard)
    if base.waits:
        raise Conflict(drafts.WAITS)
    wording = drafts.reword(base, _noted(base, clause_id, case_id, words))
    with transaction():
        drafts.claim(base.standard, base.standard.lock)
        draft = drafts.draft_for(base.standard, editor)
        drafts.write_version(base.standard, draft, wording, by=editor)
        insert = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
        row = {"clause_id": clause_id, "kind": Source.CASE, "source_id": case_id}
        statement = insert(ClauseOrigin).values(
            **row, version_id=draft.id, by_id=editor.id, at=now()
        )
        db.session.execute(statement.on_conflict_do_nothing())
        about = ("standard", standard.id)
        record(facts.DRAFT_SAVED, by=editor, about=about, version=draft.number)


def _is_there(clause_id: int, case_id: int) -> bool:
    query = select(ClauseOrigin.clause_id).where(
        ClauseOrigin.clause_id == clause_id,
        ClauseOrigin.kind == Source.CASE,
        ClauseOrigin.source_id == case_id,
    )
    return db.session.scalar(query) is not None


def _noted(base: Editable, clause_id: int, case_id: int, words: str) -> str:
    """The text with a quotation under the clause's heading, at its end where that is not found; as
    it is where nothing more fits."""
    lang = base.version.lang if base.version.lang in LOCALES else "en"
    with speaking(lang):
        says = _("To be clarified, from [case %(number)d](%(url)s):", **_case(case_id))
    plain = " ".join(words.split())[:WORDS]
    note = f"> {says} {plain}"
    title = _title_of(base, clause_id)
    at = next((f.end() for f in _HEADING.finditer(base.source) if f.group(1) == title), None)
    if at is None:
        whole = f"{base.source.rstrip()}\n\n{note}\n"
    else:
        whole = f"{base.source[:at]}\n\n{note}\n{base.source[at:]}"
    return whole if limits.STANDARD_TEXT.allows(whole) else base.source


def _case(case_id: int) -> dict[str, object]:
    return {"number": case_id, "url": f"/training/cases/{case_id}"}


def _title_of(base: Editable, clause_id: int) -> str | None:
    query = (
        select(VersionClause.title)
        .join(Clause, Clause.id == VersionClause.clause_id)
        .where(VersionClause.version_id == base.version.id, Clause.id == clause_id)
    )
    return db.session.scalar(query)
