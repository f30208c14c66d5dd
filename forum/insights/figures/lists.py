"""The rows behind figures as lines of a page: of the forum itself, and of modules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import and_, exists, or_, select

from forum.core.calendar import ONE_DAY, company_day
from forum.core.clock import now
from forum.core.db import db
from forum.core.i18n import _, lazy
from forum.core.modules import is_on
from forum.core.paging import Page, decode_cursor, page_of
from forum.departments.models import Department
from forum.ideas import stage_cards
from forum.ideas.gains import GAINS
from forum.ideas.stages import NAMES
from forum.insights.figures import happened, rows
from forum.insights.figures.counting import STAGES
from forum.insights.figures.happened import ENDED, List, line_of, within
from forum.insights.figures.registry import Asked
from forum.standards import phrases
from forum.surveys.loop.models import Reply
from forum.surveys.models import Wave
from forum.training.models import Session as Meeting
from forum.training.models import SessionDepartment


def is_known(name: str) -> bool:
    """Whether there is such a list, and its module is on."""
    if name in LISTS:
        return not LISTS[name].module or is_on(LISTS[name].module)
    return name in rows.IDEAS or name in rows.STANDARDS


def behind(asked: Asked, name: str, after: str) -> tuple[str, Page[dict[str, Any]]]:
    """A list's title, and a page of its lines. One query, two of sessions and thanks, none where it
    would be a list of what few people wrote."""
    if asked.few and name in WRITTEN:
        return str(LISTS[name].title if name in LISTS else rows.IDEAS[name][0]), Page([], "")
    if name in LISTS:
        found, title, line = _page(asked, LISTS[name], after), LISTS[name].title, LISTS[name].line
    elif name in rows.IDEAS:
        found, title, line = rows.ideas_behind(asked, name, after), rows.IDEAS[name][0], _idea_line
    else:
        title, line = rows.STANDARDS[name], _standard_line
        found = rows.standards_behind(asked, after)
    return str(title), Page([line(row) for row in found.rows], found.next)


def narrower(asked: Asked, name: str) -> list[tuple[str, str, bool]]:
    """Lists to choose among, each with its address and whether it is this one."""
    at = "/insights/rows/{}?{}".format
    for choices in GROUPS:
        if name in choices:
            return [
                (str(words), at(key, asked.narrowed), key == name) for key, words in choices.items()
            ]
    return []


def _page(asked: Asked, known: List, after: str) -> Page[Any]:
    """Newest first."""
    if known.at is None:
        query = known.rows(asked).order_by(known.number.desc()).limit(rows.PAGE + 1)
        place = decode_cursor(after, (int,))
        if place is not None:
            query = query.where(known.number < place[0])
        return page_of(db.session.execute(query).all(), rows.PAGE, lambda row: (row[0],))
    query = known.rows(asked).order_by(known.at.desc(), known.number.desc()).limit(rows.PAGE + 1)
    place = decode_cursor(after, (str, int))
    if place is not None:
        query = query.where(rows.older(known.at, known.number, *place))
    found = db.session.execute(query).all()
    return page_of(found, rows.PAGE, lambda row: (row.at.isoformat(), row[0]))


def _idea_line(row: Any) -> dict[str, Any]:
    stage_id = row.stage_id if row.stage_kind == row.now else 0
    look = stage_cards.look(row.stage_kind, stage_id)
    state = stage_cards.shown(row.stage_kind, stage_id)
    line = line_of(f"/ideas/{row.id}", row.title, row.lang, state, row.at)
    return {**line, "mark": row.stage_kind, "look": look}


def _standard_line(row: Any) -> dict[str, Any]:
    title, state = f"{row.number} {row.title}", phrases.state_name(row.state)
    line = line_of(f"/standards/{row.number}", title, row.lang, state, row.in_force_since)
    return {**line, "mark": phrases.mark(row.state)}


def _replies(asked: Asked) -> Any:
    silent = and_(
        Reply.at.is_(None),
        Reply.due_on >= asked.period.start,
        Reply.due_on < min(asked.period.until, company_day()),
    )
    query = (
        select(Reply.id, Reply.department_id, Reply.wave_id, Reply.at, Reply.due_on)
        .add_columns(Department.name, Wave.title, Wave.lang)
        .join(Department, Department.id == Reply.department_id)
        .join(Wave, Wave.id == Reply.wave_id)
        .where(or_(within(asked, Reply.at), silent))
    )
    return query.where(Reply.department_id.in_(asked.below)) if asked.branch else query


def _reply_line(row: Any) -> dict[str, Any]:
    given = row.at is not None
    return line_of(
        f"/surveys/{row.wave_id}/results/provider/{row.department_id}",
        f"{row.name}: {row.title}",
        row.lang,
        _("Replied") if given else _("No reply yet"),
        row.at if given else row.due_on,
    )


def _sessions(asked: Asked) -> Any:
    """Those that are over. One query, of those that go on: none is longer than a day."""
    at = now()
    begun = select(Meeting.id, Meeting.starts_at, Meeting.minutes).where(
        Meeting.starts_at > at - ONE_DAY, Meeting.starts_at <= at
    )
    going = [
        row.id
        for row in db.session.execute(begun)
        if row.starts_at + timedelta(minutes=row.minutes) > at
    ]
    query = select(Meeting.id, Meeting.title, Meeting.lang, Meeting.starts_at).where(
        Meeting.cancelled_at.is_(None),
        within(asked, Meeting.starts_at),
        Meeting.starts_at <= at,
        Meeting.id.not_in(going),
    )
    there = exists().where(
        SessionDepartment.session_id == Meeting.id,
        SessionDepartment.department_id.in_(asked.below),
    )
    return query.where(there) if asked.branch else query


def _session_line(row: Any) -> dict[str, Any]:
    return line_of(f"/training/{row.id}", row.title, row.lang, "", row.starts_at)


LISTS = {
    "replies": List(lazy("Replies to surveys"), "surveys", _replies, Reply.id, _reply_line),
    "sessions": List(
        lazy("Sessions that were held"), "training", _sessions, Meeting.id, _session_line
    ),
    **happened.LISTS,
}
"""By the name in their address."""
WRITTEN = frozenset(rows.IDEAS) | {"decisions"}
"""Those of what a branch's people wrote."""
GROUPS: tuple[dict[str, Any], ...] = (
    {"gains": lazy("All of them"), **{f"gains-{key}": words for key, words in GAINS.items()}},
    {
        "stages": lazy("Waiting for a decision"),
        **{f"stages-{kind}": NAMES[kind] for kind in STAGES},
    },
    {"to-decision": lazy("Idea to decision"), "to-standard": lazy("Decision to standard")},
    {
        "in-force": lazy("Versions that came into force"),
        "retired": lazy("Standards that were retired"),
        "standards": lazy("Standards that changed"),
    },
    {"cases": lazy("New cases"), **{f"cases-{key}": words for key, words in ENDED.items()}},
)
"""Lists that stand side by side, each with its words."""
