"""Importing stages: a stage is known by its slug, and the file's order is that of a kind."""

from __future__ import annotations

from sqlalchemy import select

from forum.accounts.models import Person
from forum.admin.imports import Difference, Outcome, Plan, Step
from forum.core.csvfiles import Record, read_sheet
from forum.core.db import db
from forum.core.errors import DomainError, Invalid
from forum.core.i18n import _, lazy
from forum.core.limits import NOTE, STAGE_NAME
from forum.core.numbers import number_or_none
from forum.core.words import slugify
from forum.ideas import stage_editing
from forum.ideas.models import Stage
from forum.ideas.stage_cards import ADDABLE
from forum.ideas.stage_editing import Said
from forum.ideas.stage_sheet import COLUMNS


def plan_stages(raw: bytes) -> Plan:
    """What a file of stages would do. One query, whatever its length."""
    sheet = read_sheet(raw, COLUMNS, ("slug", "kind"))
    plan = Plan("stages")
    known = {stage.slug: stage for stage in db.session.scalars(select(Stage))}
    seen: set[str] = set()
    for line, reason in sheet.refused:
        plan.refuse(line, reason)
    for record in sheet.records:
        try:
            plan.outcomes.append(_outcome(known, seen, record))
        except DomainError as refusal:
            plan.refuse(record.line, refusal.message, record.get("slug"))
    plan.notes += [lazy("The column %(name)s is not used.", name=n) for n in sheet.unknown]
    return plan


def _outcome(known: dict[str, Stage], seen: set[str], record: Record) -> Outcome:
    slug, said = record.get("slug"), _said(record)
    if not slug or slugify(slug) != slug or slug in seen:
        raise Invalid(_("“%(slug)s” is no address of a stage, or came before.", slug=slug[:40]))
    seen.add(slug)
    columns, stage = said.columns(), known.get(slug)
    if stage is None:
        if record.get("kind") not in ADDABLE:
            raise Invalid(_("“%(text)s” is not a kind of stages.", text=record.get("kind")[:40]))
        return Outcome(record.line, "created", slug, steps=[_add(record.get("kind"), said, slug)])
    changes = [
        Difference(name, str(getattr(stage, name) or ""), str(value or ""))
        for name, value in columns.items()
        if getattr(stage, name) != value
    ]
    if not changes:
        return Outcome(record.line, "unchanged", slug)
    return Outcome(record.line, "updated", slug, changes, steps=[_change(stage.id, said)])


def _said(record: Record) -> Said:
    short = all(STAGE_NAME.allows(record.get(name)) for name in ("name_en", "name_ru"))
    if not short or not all(NOTE.allows(record.get(n)) for n in ("meaning_en", "meaning_ru")):
        raise Invalid(_("A name or a meaning is too long."))
    return Said(
        name_en=record.get("name_en"),
        name_ru=record.get("name_ru"),
        meaning_en=record.get("meaning_en"),
        meaning_ru=record.get("meaning_ru"),
        hue=_number(record, "hue"),
        days=_number(record, "days"),
        enter=record.list_of("enter") or ("moderators",),
        leave=record.list_of("leave") or ("moderators",),
    )


def _number(record: Record, name: str) -> int | None:
    written = record.get(name)
    found = number_or_none(written)
    if written and found is None:
        raise Invalid(_("“%(text)s” is not a number.", text=written[:40]))
    return found


def _add(kind: str, said: Said, slug: str) -> Step:
    def step(admin: Person | None) -> None:
        stage_editing.add(admin, kind, said, slug=slug)

    return step


def _change(stage_id: int, said: Said) -> Step:
    def step(admin: Person | None) -> None:
        stage_editing.change(admin, db.session.get_one(Stage, stage_id), said)

    return step
