"""The stages of this company as every page asks for them: kept in memory, read again on a change.

That somebody has changed one is a setting of the site, which comes along with every reader; until
then what stages are called is known without asking.
"""

from __future__ import annotations

from typing import NamedTuple

from flask import Flask, current_app, has_app_context
from sqlalchemy import select

from forum.core.db import db
from forum.core.i18n import locale_code
from forum.core.site import site
from forum.ideas.models import Stage, StageKind
from forum.ideas.stages import name_of

ORDER = {str(kind): number for number, kind in enumerate(StageKind)}
ADDABLE = (
    StageKind.OPEN,
    StageKind.REVIEW,
    StageKind.ACCEPTED,
    StageKind.STANDARDISED,
    StageKind.DONE,
    StageKind.DECLINED,
)
"""Kinds a company may have several stages of: in the others nobody works on an idea."""
MODERATORS, HEADS, AUTHOR = "moderators", "heads", "author"
WHO = (MODERATORS, HEADS, AUTHOR)


class StageCard(NamedTuple):
    """A stage with everything it says of itself."""

    id: int
    slug: str
    kind: str
    position: int
    name_en: str
    name_ru: str
    meaning_en: str
    meaning_ru: str
    hue: int | None
    days: int | None
    enter: str
    leave: str
    removed: bool

    @property
    def added(self) -> bool:
        """Whether the company has added it; the first of each kind comes with the forum."""
        return self.slug != self.kind

    @property
    def name(self) -> str:
        """What it is called in the reader's language."""
        return self._in_words(self.name_en, self.name_ru) or name_of(self.kind)

    @property
    def meaning(self) -> str:
        """What it means, in the reader's language."""
        return self._in_words(self.meaning_en, self.meaning_ru)

    @property
    def look(self) -> str:
        """The class that colours it."""
        return f"stage-{self.kind}" + (f" hue-{self.hue}" if self.hue is not None else "")

    @property
    def may_enter(self) -> frozenset[str]:
        """Who may move an idea into it."""
        return frozenset(self.enter.split())

    @property
    def may_leave(self) -> frozenset[str]:
        """Who may move an idea out of it."""
        return frozenset(self.leave.split())

    @staticmethod
    def _in_words(english: str, russian: str) -> str:
        return (russian or english) if locale_code() == "ru" else (english or russian)


CARD = (
    Stage.id,
    Stage.slug,
    Stage.kind,
    Stage.position,
    Stage.name_en,
    Stage.name_ru,
    Stage.meaning_en,
    Stage.meaning_ru,
    Stage.hue,
    Stage.days,
    Stage.enter,
    Stage.leave,
    Stage.removed_at.is_not(None),
)


def changed() -> int:
    """A number that grows with every change of a stage; 0 while there was none, and where a
    collection is measured that belongs to no forum."""
    return site().revision if has_app_context() and site().stages else 0


def every() -> dict[int, StageCard]:
    """All stages by id, removed ones too, in their order. One query after each change."""
    number = changed()
    known: tuple[int, dict[int, StageCard]] | None
    known = current_app.extensions.get("forum.stage-cards")
    if known is None or known[0] != number:
        rows = (StageCard._make(row) for row in db.session.execute(select(*CARD)))
        cards = sorted(rows, key=lambda card: (ORDER[card.kind], card.position, card.id))
        known = number, {card.id: card for card in cards}
        current_app.extensions["forum.stage-cards"] = known
    return known[1]


def in_use() -> list[StageCard]:
    """The stages ideas may be in, in their order, drafts apart."""
    return [c for c in every().values() if not c.removed and c.kind != StageKind.DRAFT]


def added() -> list[StageCard]:
    """The stages that the company has added. No query while there are none."""
    return [card for card in in_use() if card.added] if changed() else []


def called(slug: str) -> StageCard | None:
    """A stage by its slug, removed ones too."""
    return next((card for card in every().values() if card.slug == slug), None)


def options() -> list[tuple[str, str]]:
    """The stages to choose from as (slug, name)."""
    if not changed():
        return [(str(kind), name_of(kind)) for kind in StageKind if kind != StageKind.DRAFT]
    return [(card.slug, card.name) for card in in_use()]


def added_called(slug: str) -> StageCard | None:
    """A stage that was added, by its slug."""
    return next((card for card in added() if card.slug == slug), None)


def added_as(stage_id: int) -> StageCard | None:
    """The stage that was added and an idea is in, if it is in one."""
    card = every().get(stage_id) if changed() else None
    return card if card is not None and card.added else None


def first_of(kind: str) -> StageCard:
    """The stage of a kind that comes with the forum."""
    return next(card for card in every().values() if card.slug == kind)


def shown(kind: str, stage_id: int) -> str:
    """What an idea's stage is called, in the reader's words."""
    card = every().get(stage_id) if changed() else None
    return card.name if card is not None else name_of(kind)


def named(slug: str) -> str:
    """What a stage is called that is known by its slug, removed ones too."""
    card = called(slug) if changed() else None
    return card.name if card is not None else name_of(slug)


def slug_of(kind: str, stage_id: int) -> str:
    """What an idea's stage is called in files and addresses."""
    card = every().get(stage_id) if changed() else None
    return card.slug if card is not None else kind


def look(kind: str, stage_id: int) -> str:
    """The class that colours an idea's stage."""
    card = every().get(stage_id) if changed() else None
    return card.look if card is not None else f"stage-{kind}"


def days_of(stage_id: int) -> int | None:
    """How many days an idea may stay in a stage; None for as long as it takes."""
    card = every().get(stage_id) if changed() else None
    return card.days if card is not None else None


def slugs_of(kind: str) -> list[str]:
    """What a kind's stages are called in addresses and the index, removed ones too."""
    if not changed():
        return [kind]
    return [card.slug for card in every().values() if card.kind == kind] or [kind]


def install(app: Flask) -> None:
    """Let this application read its stages again when it forgets what it remembers."""
    forgets = app.extensions.setdefault("forum.forget", [])
    forgets.append(lambda: app.extensions.pop("forum.stage-cards", None))
