"""What there is to look at of approvals: a version in approval, an emergency, and what waits."""

from __future__ import annotations

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.departments.models import Department
from forum.standards import actions as publishing
from forum.standards import drafts
from forum.standards.approvals import actions
from forum.standards.approvals.actions import Answer
from forum.standards.approvals.gate import How
from forum.standards.approvals.models import Approval, Said, Side
from forum.standards.models import Standard
from tests.browser.stops import Stop

VERSION = "/standards/<string:number>/versions/<int:version>"
STANDARD = "/standards/<string:number>"


def approvals() -> list[Stop]:
    """The pages of those who ask, who are asked, and who look back; within the forum's context."""
    moderator, boris = (
        db.session.scalars(select(Person).where(Person.email == f"{who}@demo.example")).one()
        for who in ("moderator", "boris")
    )
    asked = _draft(moderator, "Keys of the archive")
    actions.send(moderator, asked, seen=asked.lock)
    of_it = Approval.side == Side.DEPARTMENT
    row = db.session.scalars(select(Approval.id).where(of_it).order_by(Approval.id.desc())).first()
    change = Answer(Said.CHANGE, note="Say who keeps the second key.", clause=1)
    actions.answer(boris, asked, row or 0, change)
    waiting = _draft(moderator, "Keys of the roof")
    actions.send(moderator, waiting, seen=waiting.lock)
    hurried = _draft(moderator, "Water in the cellar")
    how = How(emergency=True, why="A pipe burst in the night.")
    publishing.publish(moderator, hurried, how=how)
    return [
        *(Stop(VERSION, f"{_address(asked)}/versions/1", who) for who in ("moderator", "boris")),
        *(Stop(VERSION, f"{_address(waiting)}/versions/1", who) for who in ("admin", "boris")),
        *(Stop(STANDARD, _address(hurried), who) for who in ("admin", "anna")),
        *(Stop("/approvals", "/approvals", who) for who in ("boris", "anna", "admin")),
        Stop("/", "/", "boris"),
        *(
            Stop("/moderation", f"/moderation?queue={name}")
            for name in ("approvals", "emergencies")
        ),
    ]


def _address(standard: Standard) -> str:
    return f"/standards/{standard.number}"


def _draft(moderator: Person, title: str) -> Standard:
    """A draft for IT alone."""
    it = db.session.scalars(select(Department.id).where(Department.slug == "it")).one()
    wording = drafts.word(
        of=None,
        title=title,
        body="## Keys\n\nThe gatehouse keeps one.\n\n## Exceptions\n\nNone.",
        owner_id=None,
        departments=[it],
        change="Ask at the gatehouse from now on.",
    )
    return drafts.begin(moderator, wording)
