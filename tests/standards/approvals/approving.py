"""A draft with everybody who has to do with its approval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.departments.models import Department
from forum.standards import actions as publishing
from forum.standards.approvals import actions
from forum.standards.approvals.actions import Answer
from forum.standards.approvals.gate import How
from forum.standards.approvals.models import Approval, Said, Side
from forum.standards.models import Version
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


@dataclass
class Scene:
    """A draft of Finance for IT and the warehouse, written by a moderator."""

    app: Flask
    number: str
    author: int
    reviewer: int
    owner: int
    head: int
    it: int
    warehouse: int
    of_it: int
    of_warehouse: int

    def send(self, by: int | None = None, *, days: int | None = None) -> None:
        """Send the draft for approval."""
        with self.app.app_context():
            person = db.session.get_one(Person, by or self.author)
            standard = standards.by_number(self.number)
            actions.send(person, standard, seen=standard.lock, days=days)

    def row(self, side: str, department: int | None = None) -> int:
        """The id of a side's row."""
        with self.app.app_context():
            query = db.session.query(Approval).filter_by(side=side)
            if department is not None:
                query = query.filter_by(department_id=department)
            return query.order_by(Approval.version_id.desc()).first().id

    def say(self, by: int, approval: int, said: str = Said.APPROVED, **more: object) -> None:
        """Somebody answers for a side."""
        sent = more.pop("sent", None)
        with self.app.app_context():
            person = db.session.get_one(Person, by)
            standard = standards.by_number(self.number)
            actions.answer(person, standard, approval, Answer(said, **more), sent=sent)

    def everybody_approves(self) -> None:
        """All sides but the moderators'."""
        self.say(self.head, self.row(Side.HEAD))
        self.say(self.of_it, self.row(Side.DEPARTMENT, self.it))
        self.say(self.of_warehouse, self.row(Side.DEPARTMENT, self.warehouse))

    def said(self) -> dict[str, str]:
        """What each side says, by its name."""
        with self.app.app_context():
            rows = db.session.query(Approval).order_by(Approval.id)
            names = {d.id: d.name for d in db.session.query(Department)}
            return {
                row.side if row.side != Side.DEPARTMENT else names[row.department_id]: str(
                    Said(row.state).value
                )
                for row in rows
            }

    def states(self) -> list[str]:
        """The states of the versions, oldest first."""
        with self.app.app_context():
            versions = db.session.query(Version).order_by(Version.number)
            return [str(version.state) for version in versions]

    @property
    def page(self) -> str:
        """The address of the newest version."""
        return f"/standards/{self.number}/versions/{len(self.states())}"


def scene(app: Flask, *, in_force: bool = False) -> Scene:
    """One person in each relation to a draft; with `in_force` to the second version."""
    finance = make.department(app, "Finance")
    it, of_it = make.represented(app, "IT")
    warehouse, of_warehouse = make.represented(app, "Warehouse")
    owner, head = make.person(app, department=finance), make.person(app, department=finance)
    with app.app_context(), transaction():
        db.session.get_one(Department, finance).head_id = head
    author, reviewer = make.moderator(app, name="Author"), make.moderator(app, name="Reviewer")
    audience = [finance, it, warehouse]
    standards.inhabit(app)
    number = standards.drafted(app, departments=audience, owner=owner, by=author)
    if in_force:
        standards.publish(app, number)
        rewrite(app, number, author, "## Purpose\n\nA better text.\n\n## Steps\n\nFinance pays.")
    people = (author, reviewer, owner, head, it, warehouse, of_it, of_warehouse)
    return Scene(app, number, *people)


def rewrite(app: Flask, number: str, by: int, body: str) -> None:
    """Save another text of the next version, for the same departments."""
    from forum.standards import drafts, editing

    with app.app_context():
        standard = standards.by_number(number)
        base = editing.editable(standard)
        wording = drafts.word(
            of=standard,
            title=standard.title,
            body=body,
            owner_id=base.version.owner_id,
            departments=base.departments,
        )
        person = db.session.get_one(Person, by)
        drafts.save_draft(person, standard, wording, seen=standard.lock)


def publish(scene: Scene, by: int, **how: object) -> None:
    """A moderator publishes, in some way."""
    with scene.app.app_context():
        person = db.session.get_one(Person, by)
        publishing.publish(person, standards.by_number(scene.number), how=How(**how))  # type: ignore[arg-type]
