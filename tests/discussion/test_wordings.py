"""Earlier wordings of comments."""

from __future__ import annotations

from flask import Flask

from forum.accounts.models import Person
from forum.core import richtext
from forum.core.db import db
from forum.discussion import actions
from forum.discussion.models import Comment
from forum.discussion.queries import history_of
from tests.support import make


def test_wordings_are_numbered_one_after_the_other(app: Flask) -> None:
    author = make.person(app)
    remark = make.comment(app, make.idea(app), author, "First.")
    for words in ("Second.", "Third."):
        with app.app_context():
            person, said = db.session.get_one(Person, author), db.session.get_one(Comment, remark)
            actions.edit_comment(person, said, richtext.compose(words))

    with app.app_context():
        assert [number for number, _at, _html in history_of(remark)] == [1, 2, 3]
