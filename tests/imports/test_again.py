"""The same file again, a changed one, and one whose load was cut off."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from forum.core.db import db
from forum.core.texts import Text
from forum.discussion.models import Comment, CommentRevision
from forum.ideas.imports import changing
from forum.ideas.models import Answer, Decision, Idea, IdeaRevision, StageChange, Vote
from forum.search import follower
from forum.search.verify import differences
from tests.imports.files import line, load, write
from tests.support import make


def the_idea(source_id: str = "1") -> Idea:
    return db.session.scalars(select(Idea).where(Idea.source_id == source_id)).one()


def count(model: Any, *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def said(number: int, **fields: Any) -> dict[str, Any]:
    return {"id": f"c{number}", "author": f"Author {number % 7}", "body": f"Word {number}"} | fields


def test_a_changed_line_keeps_the_wording_before(app, tmp_path) -> None:
    load(app, write(tmp_path, line(votes=3)))

    load(app, write(tmp_path, line(votes=4)))
    load(app, write(tmp_path, line(votes=4, problem="New words")))

    with app.app_context():
        idea = the_idea()
        assert (idea.revision, idea.imported_votes, idea.support) == (2, 4, 4)
        assert count(IdeaRevision) == 2
        assert db.session.get_one(Text, idea.problem_id).source == "New words"


def test_what_the_forum_decided_stands(app, tmp_path) -> None:
    load(app, write(tmp_path, line()))
    with app.app_context():
        idea_id = the_idea().id
    make.decide(app, idea_id, "accept", reason="We do it.")

    outcome = load(app, write(tmp_path, line(stage="declined", problem="New words")))

    assert outcome.updated == 1
    with app.app_context():
        assert the_idea().stage_kind == "accepted"
        assert count(Decision) == 1
        assert count(StageChange) == 2


def test_a_stage_that_only_files_have_told_follows_the_file(app, tmp_path) -> None:
    load(app, write(tmp_path, line(stage="review")))
    decision = {"by": "Boss", "reason": "No money", "at": "2024-06-01"}

    load(app, write(tmp_path, line(stage="declined", decision=decision)))

    with app.app_context():
        assert the_idea().stage_kind == "declined"
        assert db.session.scalars(select(StageChange.to_kind)).all() == ["declined"]
        assert count(Decision) == 1


def test_what_people_did_here_is_not_lost_when_a_line_changes(app, tmp_path) -> None:
    it, hr = make.department(app, slug="it"), make.department(app, slug="hr")
    there = {"departments": ["it"], "votes": [{"person": "A"}], "comments": [said(1)]}
    load(app, write(tmp_path, line(**there)))
    with app.app_context():
        idea_id = the_idea().id
    make.vote(app, idea_id)
    make.comment(app, idea_id)
    there |= {"departments": ["hr"], "comments": [said(1, body="Other words"), said(2)]}

    load(app, write(tmp_path, line(**there)))

    with app.app_context():
        idea = the_idea()
        assert (idea.vote_count, idea.support, count(Vote)) == (2, 2, 2)
        assert idea.comment_count == count(Comment) == 3
        assert count(CommentRevision) == 4
        assert set(db.session.scalars(select(Answer.department_id))) == {it, hr}


def test_an_idea_too_large_for_one_write_arrives_whole(app, tmp_path) -> None:
    comments = [said(n, parent=f"c{n % 50}" if n >= 50 else None) for n in range(400)]
    voters = [{"person": f"Voter {n}"} for n in range(150)]
    path = write(tmp_path, line(comments=comments, votes=voters), line(2))

    first, again = load(app, path), load(app, path)

    assert (first.created, again.unchanged) == (2, 2)
    with app.app_context():
        idea = the_idea()
        assert (idea.comment_count, idea.vote_count, idea.support) == (400, 150, 150)
        assert count(Comment, Comment.parent_id.is_(None)) == 50
        assert count(Vote) == 150


def test_a_large_idea_that_was_cut_off_is_completed(app, tmp_path, monkeypatch) -> None:
    comments = [said(n) for n in range(150)]
    path = write(tmp_path, line(comments=comments, votes=[{"person": "A"}]))

    def cut_off(*_args: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(changing, "add_votes", cut_off)
        with pytest.raises(KeyboardInterrupt):
            load(app, path)
    outcome = load(app, path)

    assert outcome.summary == "created 1, unchanged 0, updated 0, refused 0"
    with app.app_context():
        idea = the_idea()
        assert (idea.comment_count, count(Comment), idea.vote_count) == (150, 150, 1)
        assert idea.revision == 1


def test_the_search_knows_everything_a_file_brought(app, tmp_path) -> None:
    comments = [said(n) for n in range(80)]
    load(app, write(tmp_path, line(comments=comments, author="Wilhelmina Quist"), line(2)))
    follower.catch_up(app)
    load(app, write(tmp_path, line(comments=comments[1:], problem="Zeppelin"), line(2)))
    follower.catch_up(app)

    with app.app_context():
        assert list(differences(follower.shelf_of(app))) == []
