"""Ideas from elsewhere are loaded once, whole, and with their faults."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from forum.core.db import db
from forum.core.readers import catch_up
from forum.core.texts import Text
from forum.discussion.models import Comment
from forum.ideas.models import Idea, Vote
from forum.notifications.models import Notification
from tests.imports.files import load, write
from tests.support import make
from tests.support.queries import listening

FILES = (
    "decide_madrid_es.jsonl",
    "github_issues_en.jsonl",
    "threads_meta-bicycles-se.jsonl",
    "threads_meta-conlang-se.jsonl",
    "we_the_people_en.jsonl",
)
LINES = 100_000 if os.environ.get("FORUM_TEST_FULL") else 60


def stand_in(number: int) -> dict[str, Any]:
    """A line like those of the corpora, for places where they are absent."""
    return {
        "id": f"stand-in-{number}",
        "title": f"Proposal {number} about the entrance",
        "html": f"<p>The door <b>{number}</b> is locked.</p><script>alert(1)</script>",
        "votes": number - 3,
        "created": f"{number % 27 + 1:02}/11/2023",
    }


def some_lines(data: Path, name: str, tmp_path: Path) -> Path:
    source = data / "ideas" / name
    if not source.is_file():
        return write(tmp_path, *(stand_in(number) for number in range(60)))
    part = tmp_path / name
    with source.open(encoding="utf-8") as lines:  # splitlines() would cut texts at odd signs too
        part.write_text("".join(islice(lines, LINES)), encoding="utf-8")
    return part


@pytest.mark.parametrize("name", FILES)
def test_real_files_are_loaded_whole_and_browsed_at_the_usual_cost(
    app, data, tmp_path, sign_in, name
) -> None:
    path = some_lines(data, name, tmp_path)
    with path.open(encoding="utf-8") as file:
        lines = sum(1 for line in file if line.strip())
    reader = make.person(app)

    first, again = load(app, path), load(app, path)

    assert (first.created, first.refused) == (lines, [])
    assert (again.created, again.unchanged, again.updated) == (0, lines, 0)
    browser, seen, address, costs = sign_in(reader), [], "/ideas", []
    browser.get("/ideas")  # a process reads the site's settings once
    while address:
        with listening(app) as statements:
            page = browser.page(address)
        costs.append(len(statements))
        seen += [row["data-idea"] for row in page.all("article", data_idea=True)]
        following = page.all("a", rel="next")
        address = following[0]["href"] if following else ""
    assert len(set(seen)) == lines
    assert len(set(costs)) == 1
    for idea in seen[::50]:
        assert browser.get(f"/ideas/{idea}").status_code == 200


def test_a_line_tells_everything_about_an_idea(app, tmp_path, sign_in) -> None:
    it = make.department(app, name="Information Technology", slug="it", code="IT")
    anna = make.person(app, email="anna@example.org", department=it)
    path = write(
        tmp_path,
        {
            "id": "7",
            "title": "Printers",
            "problem": "The **printers** jam.",
            "author": "anna@example.org",
            "created_at": "2024-05-06T07:08:09Z",
            "stage": "declined",
            "departments": ["it"],
            "tags": ["Office", "Paper"],
            "votes": [{"person": "anna@example.org"}, {"person": "Somebody Else"}],
            "comments": [
                {"id": "a", "author": "Somebody Else", "body": "Mine too"},
                {"id": "b", "author": "anna@example.org", "body": "Deeper", "parent": "c"},
                {"id": "c", "author": "x", "body": "Reply", "parent": "a"},
            ],
            "decision": {"by": "Boss", "reason": "New ones are ordered", "at": "2024-06-01"},
        },
    )

    load(app, path)

    with app.app_context():
        idea = db.session.scalars(select(Idea)).one()
        assert (idea.author_id, idea.vote_count, idea.comment_count) == (anna, 2, 3)
        tops = db.session.scalars(select(Comment.parent_id).order_by(Comment.id)).all()
        assert [top is None for top in tops] == [True, False, False]
        number = idea.id
    page = sign_in().page(f"/ideas/{number}")
    assert page.one("article", data_idea=number)["data-stage"] == "declined"
    assert "New ones are ordered" in page.text
    assert "Boss" in page.text


def test_a_changed_line_changes_that_idea_alone(app, tmp_path) -> None:
    lines = [{"id": str(n), "title": f"Title {n}", "problem": "Old words"} for n in range(3)]
    load(app, write(tmp_path, *lines))
    lines[1]["problem"] = "New words"

    outcome = load(app, write(tmp_path, *lines))

    assert outcome.summary == "created 0, unchanged 2, updated 1, refused 0"
    with app.app_context():
        said = db.session.scalars(
            select(Text.source).join(Idea, Idea.problem_id == Text.id).order_by(Idea.source_id)
        ).all()
        assert said == ["Old words", "New words", "Old words"]


def test_a_dry_run_writes_nothing(app, tmp_path) -> None:
    outcome = load(app, write(tmp_path, {"id": "1", "title": "A"}), dry_run=True)

    assert outcome.created == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Idea)) == 0


def test_faulty_lines_are_refused_and_the_rest_is_loaded(app, tmp_path) -> None:
    path = write(
        tmp_path,
        "{broken",
        {"id": "1", "title": "Good", "problem": "With a NUL \x00 inside"},
        {"id": "1", "title": "Twice"},
        {"id": "2"},
        {"title": "No id"},
        {"id": "3", "title": "When", "created_at": "the day before"},
        {"id": "4", "title": "Whose", "departments": ["Nobody's"]},
        {"id": "5", "title": "Stage", "stage": "draft"},
        {"id": "6", "title": ["not a text"]},
        {"id": "7", "title": "Comments", "problem": "x", "comments": "none"},
        "[]",
    )

    outcome = load(app, path)

    assert outcome.created == 1
    assert [number for number, _reason in outcome.refused] == [1, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert all(reason for _number, reason in outcome.refused)


def test_a_long_title_is_cut_at_a_word_and_kept_whole(app, tmp_path) -> None:
    whole = "word " * 60

    load(app, write(tmp_path, {"id": "1", "title": whole, "problem": "Body"}))

    with app.app_context():
        idea = db.session.scalars(select(Idea)).one()
        source = db.session.get_one(Text, idea.problem_id).source
    assert len(idea.title) <= 200
    assert idea.title.endswith("word…")
    assert whole.strip() in source


def test_comments_in_a_circle_are_kept(app, tmp_path) -> None:
    circle = [
        {"id": "a", "body": "A", "parent": "b"},
        {"id": "b", "body": "B", "parent": "a"},
    ]

    load(app, write(tmp_path, {"id": "1", "title": "T", "problem": "P", "comments": circle}))

    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Comment)) == 2


def test_imports_notify_nobody(app, tmp_path) -> None:
    it = make.department(app, slug="it")
    representative = make.person(app, email="rep@example.org", department=it)
    make.represent(app, representative, it)
    line = {"id": "1", "title": "T", "problem": "P", "departments": ["it"], "author": "x"}

    load(app, write(tmp_path, {**line, "comments": [{"id": "1", "author": "y", "body": "B"}]}))

    with app.app_context():
        catch_up()
        assert db.session.scalar(select(func.count()).select_from(Notification)) == 0


def test_an_unknown_author_cannot_sign_in(app, tmp_path, anonymous) -> None:
    load(app, write(tmp_path, {"id": "1", "title": "T", "problem": "P", "author": "Ghost"}))
    anonymous.get("/sign-in")

    answer = anonymous.post("/sign-in", {"email": "ghost", "password": "anything at all"})

    assert answer.status_code == 422


def test_a_number_of_votes_is_kept_apart(app, tmp_path) -> None:
    load(app, write(tmp_path, {"id": "1", "title": "T", "problem": "P", "votes": -4}))

    with app.app_context():
        idea = db.session.scalars(select(Idea)).one()
        assert (idea.vote_count, idea.imported_votes, idea.support) == (0, -4, -4)
        assert db.session.scalar(select(func.count()).select_from(Vote)) == 0
