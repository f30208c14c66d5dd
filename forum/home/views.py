"""Home, and the queue of those who answer for a department."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.accounts.models import Person
from forum.core import slots
from forum.departments.queries import Answering, answering
from forum.home import phrases, queries, queue
from forum.notifications.kinds import Kind
from forum.notifications.queries import unread_of_kind

bp = Blueprint("home", __name__)

COLUMNS = ("waits", "moved", "new")
MENTIONS = 5


@dataclass(frozen=True)
class Waits:
    """What the slot `home` hangs its panels on: the column of what waits for the reader."""

    reader: Person
    id: int = 0

    @cached_property
    def answering(self) -> Answering:
        """For which departments the reader answers, looked up once for all panels. One query."""
        return answering(self.reader.id)


@bp.get("/")
def index() -> ResponseReturnValue:
    """What waits for the reader, what moved, what is new. Eight queries, whatever the rows."""
    reader = me()
    column, place = request.args.get("show", ""), Waits(reader)
    answers = place.answering.departments if queries.may_answer(reader) else frozenset[int]()
    waits = queries.waits(reader, answers)
    return render_template(
        "home/index.html",
        column=column if column in COLUMNS else COLUMNS[0],
        groups=phrases.groups_of_waits(waits),
        mentions=unread_of_kind(reader, Kind.MENTIONED, most=MENTIONS),
        panels=slots.load("home", reader, [place])[0],
        moved=[phrases.moved_row(each) for each in queries.moved(reader)],
        fresh=[phrases.fresh_row(row) for row in queries.new_and_rising(reader)],
    )


@bp.get("/answers")
def answers() -> ResponseReturnValue:
    """Every answer the reader's departments owe, oldest first."""
    after = request.args.get("after", "")
    answering = queries.answering_for(me())
    page = queue.queue(me(), answering, after=after)
    return render_template(
        "home/answers.html",
        rows=[phrases.due_row(due) for due in page.rows],
        answers_for_any=bool(answering),
        first_url="/answers" if after else "",
        next_url=f"/answers?after={page.next}" if page.next else "",
    )
