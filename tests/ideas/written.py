"""What is written together, made through the forum's own actions."""

from __future__ import annotations

from datetime import date

from flask import Flask

from forum.accounts.models import Person
from forum.core import richtext
from forum.core.db import db
from forum.discussion import actions as discussion
from forum.discussion.marks import Marks
from forum.ideas import actions
from forum.ideas.models import Idea
from forum.ideas.together import authors, improvements, suggestions, summaries
from tests.support import make


def join(app: Flask, idea: int, person: int) -> None:
    """Let somebody write an idea too."""
    with app.app_context():
        target, joining = db.session.get_one(Idea, idea), db.session.get_one(Person, person)
        authors.invite(db.session.get_one(Person, target.author_id), target, joining)
        authors.accept(joining, target)


def ask(app: Flask, idea: int, person: int) -> None:
    """Ask somebody to write an idea too."""
    with app.app_context():
        target = db.session.get_one(Idea, idea)
        author = db.session.get_one(Person, target.author_id)
        authors.invite(author, target, db.session.get_one(Person, person))


def suggestion(app: Flask, idea: int, person: int, problem: str = "Said better.") -> int:
    """A suggested edit of an idea."""
    with app.app_context():
        target, helper = db.session.get_one(Idea, idea), db.session.get_one(Person, person)
        wording = actions.word(title=target.title, problem=problem)
        return suggestions.suggest(helper, target, wording, seen=target.revision).id


def summary(app: Flask, idea: int, person: int, text: str, lang: str = "ru") -> int:
    """An idea in short; the wording's number."""
    with app.app_context():
        target, writer = db.session.get_one(Idea, idea), db.session.get_one(Person, person)
        known = summaries.summary_of(target, lang)
        seen = known.revision if known else 0
        return summaries.summarise(writer, target, lang, text, seen=seen)


def marked(app: Flask, idea: int, person: int, body: str = "So it is.", **marks: bool | str) -> int:
    """A comment that is more than words."""
    with app.app_context():
        target, writer = db.session.get_one(Idea, idea), db.session.get_one(Person, person)
        return discussion.comment(
            writer, "idea", target, target.thread_id, richtext.compose(body),
            marked=Marks(**marks),  # type: ignore[arg-type]
        ).id  # fmt: skip


def improvement(
    app: Flask,
    department: int,
    person: int,
    *,
    problem: str = "Badges were forgotten at home.",
    outcome: str = "We lend badges at the gate.",
    done_on: date | None = None,
) -> int:
    """What a department has done already."""
    with app.app_context():
        author = db.session.get_one(Person, person)
        wording = actions.word(title="", problem=problem)
        return improvements.post_done(
            author, wording, outcome=outcome, department_id=department, done_on=done_on
        ).id


def adoption(app: Flask, idea: int, department: int, person: int) -> None:
    """Another department that does it too."""
    with app.app_context():
        target, who = db.session.get_one(Idea, idea), db.session.get_one(Person, person)
        improvements.adopt(who, target, department, on=None)


def everything(app: Flask, department: int, person: int) -> int:
    """A row of each kind for somebody who answers for a department; the idea's id."""
    idea, other = make.idea(app), make.person(app)
    join(app, idea, person)
    ask(app, make.idea(app, person), other)
    suggestion(app, make.idea(app), person)
    summary(app, idea, person, "Счета приходят поздно, и никто не знает почему.")
    first, head = make.represented(app)
    adoption(app, improvement(app, first, head), department, person)
    return idea
