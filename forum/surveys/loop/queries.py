"""Reading what departments replied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from markupsafe import Markup
from sqlalchemy import BigInteger, bindparam, func, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.db import db, read_columns
from forum.core.errors import NotFound
from forum.core.i18n import locale_code
from forum.core.texts import Text
from forum.departments.models import Department
from forum.ideas.models import Idea
from forum.ideas.visibility import listed_for
from forum.surveys.loop.drawing import drawn
from forum.surveys.loop.models import Reply, ReplyIdea
from forum.surveys.models import Wave, WaveService

LATEST = 20
SAID_FIRST = (Reply.at.is_(None), Department.name, Reply.id)
"""The order of a wave's replies: what was said by name, then what is owed."""


class Said(NamedTuple):
    """A reply as pages show it: the texts as HTML and as they were written."""

    reply: Reply
    department: str
    wave_id: int
    title: str
    lang: str
    html: dict[str, str]
    source: dict[str, str]
    ideas: list[tuple[int, str, str]]

    @property
    def drawn(self) -> Markup:
        """What was said, as it stands on pages."""
        words = (self.html["heard"], self.html["will"], self.html["will_not"])
        return drawn(self.reply.department_id, words, tuple(self.ideas), locale_code())

    @property
    def due_on(self) -> date:
        """The last day."""
        return self.reply.due_on

    @property
    def at(self) -> datetime | None:
        """When it was said."""
        return self.reply.at


HEARD, WILL, WILL_NOT = aliased(Text), aliased(Text), aliased(Text)


def _said() -> Any:
    return (
        select(Reply, Department.name, Wave.id, Wave.title, Wave.lang)
        .add_columns(HEARD.html, WILL.html, WILL_NOT.html)
        .add_columns(HEARD.source, WILL.source, WILL_NOT.source)
        .join(Department, Department.id == Reply.department_id)
        .join(Wave, Wave.id == Reply.wave_id)
        .outerjoin(HEARD, HEARD.id == Reply.heard_id)
        .outerjoin(WILL, WILL.id == Reply.will_id)
        .outerjoin(WILL_NOT, WILL_NOT.id == Reply.will_not_id)
    )


def _rows(reader: Person, query: Any) -> list[Said]:
    rows = db.session.execute(query).all()
    ideas = _ideas(reader, [row[0].id for row in rows])
    names = ("heard", "will", "will_not")
    return [
        Said(
            *(row[0], row[1], row[2], row[3], row[4]),
            dict(zip(names, (text or "" for text in row[5:8]), strict=True)),
            dict(zip(names, (text or "" for text in row[8:]), strict=True)),
            ideas[row[0].id],
        )
        for row in rows
    ]


def _ideas(reader: Person, replies: Sequence[int]) -> dict[int, list[tuple[int, str, str]]]:
    """The ideas of replies that a reader sees. One query, none for none."""
    found: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    query = (
        select(ReplyIdea.reply_id, Idea.id, Idea.title, Idea.lang)
        .join(Idea, Idea.id == ReplyIdea.idea_id)
        .where(ReplyIdea.reply_id.in_(replies), listed_for(reader))
        .order_by(Idea.id)
    )
    rows: Sequence[Any] = db.session.execute(query).all() if replies else []
    for reply_id, idea_id, title, lang in rows:
        found[reply_id].append((idea_id, title, lang))
    return found


class Heard(NamedTuple):
    """What a department heard in a survey."""

    wave_id: int
    title: str
    lang: str
    department_id: int
    department: str
    words: str


BEHIND = (
    select(ReplyIdea.idea_id, Wave.id, Wave.title, Wave.lang, Department.id, Department.name)
    .add_columns(HEARD.plain)
    .join(Reply, Reply.id == ReplyIdea.reply_id)
    .join(Department, Department.id == Reply.department_id)
    .join(Wave, Wave.id == Reply.wave_id)
    .join(HEARD, HEARD.id == Reply.heard_id)
    .where(ReplyIdea.idea_id.in_(bindparam("ideas", expanding=True, type_=BigInteger)))
    .order_by(Wave.closes_at, Wave.id, Department.name)
)
"""What ideas answer, built once: that takes longer than asking it."""


def heard_before(idea_ids: Collection[int]) -> dict[int, list[Heard]]:
    """By idea, the replies that it is an answer of, the first survey first. One query."""
    found: dict[int, list[Heard]] = defaultdict(list)
    for row in read_columns(BEHIND, {"ideas": list(idea_ids)}):
        found[row[0]].append(Heard(*row[1:]))
    return dict(found)


def of_wave(
    reader: Person, wave_id: int, department_id: int | None = None, *, most: int | None = None
) -> list[Said]:
    """What departments said to a wave, by name, then what they owe. Two queries."""
    query = _said().where(Reply.wave_id == wave_id).order_by(*SAID_FIRST)
    if department_id is not None:
        query = query.where(Reply.department_id == department_id)
    return _rows(reader, query.limit(most))


def named_of_wave(wave_id: int, *, after: int) -> list[Any]:
    """The rest of them without their words: department, name, when it was said, the last day. One
    query."""
    query = (
        select(Reply.department_id, Department.name, Reply.at, Reply.due_on)
        .join(Department, Department.id == Reply.department_id)
        .where(Reply.wave_id == wave_id)
        .order_by(*SAID_FIRST)
        .offset(after)
    )
    return list(db.session.execute(query).all())


def latest_of(reader: Person, department_id: int) -> Said | None:
    """What a department said last, to whichever wave. Two queries at most."""
    query = _said().where(Reply.department_id == department_id, Reply.at.is_not(None))
    query = query.order_by(Wave.closes_at.desc(), Wave.id.desc()).limit(1)
    return next(iter(_rows(reader, query)), None)


def owed_or_404(wave_id: int, department_id: int) -> Reply:
    """What a department owes a wave. One query."""
    query = select(Reply).where(Reply.wave_id == wave_id, Reply.department_id == department_id)
    found = db.session.scalars(query).first()
    if found is None:
        raise NotFound
    return found


OWED = (
    select(Reply.wave_id, Reply.department_id, Department.name, Wave.title, Wave.lang, Reply.due_on)
    .join(Department, Department.id == Reply.department_id)
    .join(Wave, Wave.id == Reply.wave_id)
    .where(
        Reply.department_id.in_(bindparam("answering", expanding=True, type_=Department.id.type)),
        Reply.at.is_(None),
    )
    .order_by(Reply.due_on, Reply.id)
    .limit(LATEST)
)


def waiting_for(answering: Collection[int]) -> list[Any]:
    """What departments owe still, by the last day: wave, department and day. One query, none for
    none."""
    return list(read_columns(OWED, {"answering": sorted(answering)})) if answering else []


def changed_for(reader: Person, wave_id: int) -> list[Said]:
    """What each department that a wave asks about replied last, to whichever wave before it. Two
    queries."""
    asked = select(WaveService.provider_id).where(WaveService.wave_id == wave_id)
    last = func.row_number().over(
        partition_by=Reply.department_id, order_by=(Wave.closes_at.desc(), Wave.id.desc())
    )
    ranked = (
        select(Reply.id, last.label("place"))
        .join(Wave, Wave.id == Reply.wave_id)
        .where(Reply.at.is_not(None), Reply.wave_id != wave_id, Reply.department_id.in_(asked))
        .subquery()
    )
    newest = select(ranked.c.id).where(ranked.c.place == 1)
    query = _said().where(Reply.id.in_(newest))
    return _rows(reader, query.order_by(Department.name).limit(LATEST))
