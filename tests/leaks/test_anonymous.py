"""Who posted an idea without a name stands in no list, search, feed, export or mail."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.core.db import db
from forum.core.mail import OutboxMail
from forum.ideas.models import Answer, Idea, Question
from forum.notifications.mailing import send_due
from forum.search.follower import catch_up as index
from tests.ideas.unsigned import TEXT, post, switch
from tests.notifications.inboxes import catch_up
from tests.notifications.posting import set_up
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
PLACES = (
    "/ideas",
    "/ideas?view=board",
    "/ideas/{idea}",
    "/ideas/{idea}/history",
    "/",
    "/notifications",
    "/search?q=shift",
    "/search/similar?title=shift+plan+too+late",
    "/related/idea/{idea}",
)


@pytest.fixture(params=["moderators", "nobody"])
def posted(app: Flask, sign_in: SignIn, request: pytest.FixtureRequest) -> dict[str, Any]:
    """An idea of Canaria's that a department has asked about, and its answer."""
    set_up(app, mail_url="smtp://127.0.0.1:9")
    switch(app, "anonymous")
    department, representative = make.represented(app)
    home = make.department(app, "Canaryhome")
    fields = {"name": "Canaria Finch", "email": "finch@example.org"}
    author = make.person(app, department=home, **fields)
    browser = sign_in(author)
    idea, address = post(browser, request.param, departments=[department])
    ask = f"/ideas/{idea}/answers/{department}/question"
    sign_in(representative).post(ask, {"question": "Which shift?"})
    with app.app_context():
        query = select(Question.id).join(Answer, Answer.id == Question.answer_id)
        number = db.session.scalars(query.where(Answer.idea_id == idea)).one()
    browser.post(address, {"question": number, "answer": "The early one."})
    catch_up(app)
    index(app)
    return {"idea": idea, "author": author, "representative": representative}


def test_no_page_of_anybody_names_its_author(
    app: Flask, sign_in: SignIn, posted: dict[str, Any]
) -> None:
    for reader in (make.person(app), make.moderator(app), posted["representative"]):
        browser = sign_in(reader)
        for place in PLACES:
            text = browser.get(place.format(**posted)).text
            assert "Canaria" not in text, place
            assert "finch@" not in text, place


def test_a_search_for_the_author_finds_them_but_not_the_idea(
    app: Flask, sign_in: SignIn, posted: dict[str, Any]
) -> None:
    for reader, asked in (
        (make.moderator(app), "author:Canaria"),
        (posted["author"], "author:me"),
        (make.person(app), "author:anonymous"),
    ):
        found = sign_in(reader).json(f"/search?q={asked}")
        assert not [hit for hit in found["hits"] if hit["kind"] in ("idea", "comment")], asked
    assert TEXT not in sign_in().page(f"/people/{posted['author']}").text


def test_an_export_holds_the_idea_as_nobodys_and_an_import_keeps_it_so(
    app: Flask, sign_in: SignIn, posted: dict[str, Any], tmp_path: Path
) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["export", str(tmp_path / "all")]).exit_code == 0

    lines = (tmp_path / "all" / "ideas.jsonl").read_text()
    (line,) = [json.loads(each) for each in lines.splitlines()]
    assert line["author"] == "(anonymous)"
    assert [said["author"] for said in line["comments"]][1:] == ["(anonymous)"]
    assert "finch" not in lines
    again = {**line, "id": "elsewhere", "comments": []}
    (tmp_path / "again.jsonl").write_text(json.dumps(again) + "\n")
    loaded = runner.invoke(args=["import", "ideas", str(tmp_path / "again.jsonl")])
    assert "created 1" in loaded.output, loaded.output
    with app.app_context():
        query = select(Idea).where(Idea.source_id == "elsewhere")
        assert db.session.scalars(query).one().anonymous == "nobody"


def test_no_mail_names_its_author_or_goes_to_them(app: Flask, posted: dict[str, Any]) -> None:
    with app.app_context():
        send_due()
        sent = db.session.scalars(select(OutboxMail)).all()

        assert len(sent) > 0
        assert not [mail for mail in sent if mail.recipient == "finch@example.org"]
        assert "Canaria" not in " ".join(f"{mail.subject} {mail.body}" for mail in sent)
