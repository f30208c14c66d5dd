"""Adding, changing and removing stages; every worker knows of it with its next request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select, update

from forum.accounts.models import Person
from forum.core import limits
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid, NotFound
from forum.core.events import EventType, record
from forum.core.i18n import _, lazy
from forum.core.site import save_settings
from forum.core.words import slugify
from forum.ideas import facts, stages
from forum.ideas.models import Idea, Stage, StageKind
from forum.ideas.stage_cards import ADDABLE, WHO

BATCH = 200
"""Ideas that are moved in one write when their stage is removed."""
HUES = range(12)
DAYS = range(1, 1000)
OURS = lazy("This stage comes with the forum; it can be renamed, not removed.")


@dataclass(frozen=True, slots=True)
class Said:
    """What a stage says of itself."""

    name_en: str
    name_ru: str
    meaning_en: str = ""
    meaning_ru: str = ""
    hue: int | None = None
    days: int | None = None
    enter: Sequence[str] = ("moderators",)
    leave: Sequence[str] = ("moderators",)

    def columns(self) -> dict[str, Any]:
        """As columns of its row. Raises Invalid, and says what to do."""
        for name, who in (("enter", self.enter), ("leave", self.leave)):
            if not who or not set(who) <= set(WHO):
                raise Invalid(_("Choose who may do it."), field=name)
        if self.hue is not None and self.hue not in HUES:
            raise Invalid(_("Choose one of the colours."), field="hue")
        if self.days is not None and self.days not in DAYS:
            raise Invalid(_("Give 1 to 999 days, or none."), field="days")
        joined = {name: " ".join(w for w in WHO if w in getattr(self, name)) for name in PASSAGES}
        return {**asdict(self), **joined}


PASSAGES = ("enter", "leave")


def may_edit(person: Person | None) -> bool:
    """Administrators, and whoever runs the forum's commands."""
    return person is None or person.administers


def stage_or_404(stage_id: int) -> Stage:
    """A stage that ideas can be in, drafts apart. One query."""
    stage = db.session.get(Stage, stage_id)
    if stage is None or stage.kind == StageKind.DRAFT:
        raise NotFound
    return stage


def uses(stage: Stage, *, most: int = 1000) -> int:
    """How many ideas are in a stage, up to `most`. One query."""
    found = select(Idea.id).where(*_in(stage)).limit(most).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def _in(stage: Stage) -> tuple[Any, ...]:
    return Idea.stage_kind == stage.kind, Idea.stage_id == stage.id


def add(admin: Person | None, kind: str, said: Said, *, slug: str = "") -> Stage:
    """A new stage, the last of its kind. Raises Conflict when there are enough of them."""
    require(may_edit(admin))
    if kind not in ADDABLE:
        raise Invalid(_("Choose one of the kinds."), field="kind")
    columns = _named(said)
    with transaction():
        _make_room()
        last = select(func.max(Stage.position)).where(Stage.kind == kind)
        stage = Stage(
            slug=_free_slug(slug or slugify(said.name_en) or slugify(said.name_ru) or kind),
            kind=kind,
            position=(db.session.scalar(last) or 0) + 1,
            **columns,
        )
        db.session.add(stage)
        db.session.flush()
        _tell(facts.STAGE_ADDED, admin, stage)
    return stage


def _named(said: Said) -> dict[str, Any]:
    for name in ("name_en", "name_ru"):
        if not getattr(said, name):
            raise Invalid(_("Give the name in both languages."), field=name)
    return said.columns()


def _make_room() -> None:
    query = select(func.count()).where(Stage.slug != Stage.kind, Stage.removed_at.is_(None))
    if (db.session.scalar(query) or 0) >= limits.STAGES.value:
        most = limits.STAGES.value
        raise Conflict(_("There is room for %(limit)d added stages.", limit=most), field="kind")


def _free_slug(wanted: str) -> str:
    base = wanted[: limits.STAGE_NAME.value]
    taken = set(db.session.scalars(select(Stage.slug))) | set(StageKind)
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(slug for slug in numbered if slug not in taken)


def change(admin: Person | None, stage: Stage, said: Said) -> None:
    """Say something else of a stage; one that comes with the forum may leave its name to us."""
    require(may_edit(admin))
    columns = said.columns() if stage.slug == stage.kind else _named(said)
    if {name: getattr(stage, name) for name in columns} == columns:
        return
    with transaction():
        db.session.execute(update(Stage).where(Stage.id == stage.id).values(**columns))
        _tell(facts.STAGE_SAVED, admin, stage)


def reorder(admin: Person, stage: Stage, *, later: bool) -> None:
    """Change places with the next stage of its kind; at the end it stays where it is."""
    require(may_edit(admin))
    with transaction():
        query = select(Stage).where(Stage.kind == stage.kind, Stage.removed_at.is_(None))
        row = list(db.session.scalars(query.order_by(Stage.position, Stage.id).with_for_update()))
        here = row.index(stage) if stage in row else -1
        there = here + (1 if later else -1)
        if here < 0 or not 0 <= there < len(row):
            return
        row[here], row[there] = row[there], row[here]
        first = min(each.position for each in row)
        for number, each in enumerate(row):
            each.position = first + number
        _tell(facts.STAGE_SAVED, admin, stage)


def remove(admin: Person, stage: Stage, *, to: Stage | None = None) -> None:
    """Take an added stage away, its ideas to another of its kind first. Raises Conflict while it
    holds ideas and none is named."""
    require(may_edit(admin))
    if stage.slug == stage.kind:
        raise Conflict(OURS)
    if to is not None:
        _empty(admin, stage, to)
    with transaction():
        # Who moves an idea here meanwhile waits, and is refused; or is here, and we are.
        held = select(Stage.id).where(Stage.id == stage.id, Stage.removed_at.is_(None))
        if db.session.scalar(held.with_for_update()) is None:
            return
        if uses(stage, most=1):
            raise Conflict(_("Ideas are in this stage. Say where they go."), field="to")
        stage.removed_at = now()
        _tell(facts.STAGE_REMOVED, admin, stage)


def _empty(admin: Person, stage: Stage, to: Stage) -> None:
    if to.kind != stage.kind or to.id == stage.id or to.removed_at is not None:
        raise Invalid(_("Choose a stage from the list."), field="to")
    query = select(Idea).where(*_in(stage)).order_by(Idea.id).limit(BATCH)
    while ideas := list(db.session.scalars(query)):
        with transaction():
            for idea in ideas:
                _send(admin, idea, to)


def _send(admin: Person, idea: Idea, to: Stage) -> None:
    still = [Idea.stage_id == idea.stage_id]
    kind = StageKind(to.kind)
    stages.move(idea, kind, into=to.id, by=admin, allowed=[kind], still=still)


def restore(admin: Person, stage: Stage) -> None:
    """Undo: put a removed stage back; already there is the same."""
    require(may_edit(admin))
    if stage.removed_at is None:
        return
    with transaction():
        _make_room()
        stage.removed_at = None
        _tell(facts.STAGE_RESTORED, admin, stage)


def _tell(kind: EventType, admin: Person | None, stage: Stage) -> None:
    """Say that it happened, in the log and to every worker."""
    save_settings({"stages": True})
    record(kind, by=admin, about=("stage", stage.id))
