"""Importing the glossary: words, note. An entry is known by its words, in any order and form."""

from __future__ import annotations

from forum.accounts.models import Person
from forum.admin.imports import Difference, Outcome, Plan, Step
from forum.core.csvfiles import Record, read_sheet
from forum.core.db import db
from forum.core.errors import Invalid
from forum.core.i18n import _, lazy
from forum.core.limits import NOTE
from forum.search.glossary import actions, queries
from forum.search.glossary.known import Key, side_of
from forum.search.glossary.models import GlossaryEntry
from forum.search.glossary.sheet import COLUMNS

Words = frozenset[Key]


def plan_glossary(raw: bytes) -> Plan:
    """What a file of entries would do. One query, whatever its length."""
    sheet = read_sheet(raw, COLUMNS, ("words",))
    plan = Plan("glossary")
    known = {_words(entry.sides): entry for entry in queries.everything()}
    seen: dict[Words, int] = {}
    for line, reason in sheet.refused:
        plan.refuse(line, reason)
    for record in sheet.records:
        try:
            plan.outcomes.append(_outcome(known, seen, record))
        except Invalid as refusal:
            plan.refuse(record.line, refusal.message, record.get("words"))
    plan.notes += [lazy("The column %(name)s is not used.", name=n) for n in sheet.unknown]
    return plan


def _words(sides: list[str]) -> Words:
    return frozenset(side.key for text in sides if (side := side_of(text)))


def _outcome(known: dict[Words, GlossaryEntry], seen: dict[Words, int], record: Record) -> Outcome:
    sides, note = actions.read_sides(record.cells.get("words", "")), record.get("note")
    if not NOTE.allows(note):
        raise Invalid(_("Shorten the note to %(limit)d characters.", limit=NOTE.value))
    words, title = _words(sides), " = ".join(sides)
    if words in seen:
        raise Invalid(lazy("This entry is in line %(line)d already.", line=seen[words]))
    seen[words] = record.line
    entry = known.get(words)
    if entry is None:
        return Outcome(record.line, "created", title, steps=[_add(sides, note)])
    if not record.has("note") or entry.note == note:
        return Outcome(record.line, "unchanged", title)
    changes = [Difference("note", entry.note, note)]
    return Outcome(record.line, "updated", title, changes, steps=[_annotate(entry.id, note)])


def _add(sides: list[str], note: str) -> Step:
    def step(admin: Person | None) -> None:
        actions.add(admin, sides=sides, note=note)

    return step


def _annotate(entry_id: int, note: str) -> Step:
    def step(admin: Person | None) -> None:
        entry = db.session.get_one(GlossaryEntry, entry_id)
        actions.change(admin, entry, sides=entry.sides, note=note, seen=entry.revision)

    return step
