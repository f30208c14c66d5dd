"""The trash, locks and pins: what they change for whom, and what is left after thirty days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.core import audit
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.texts import Text
from forum.files.models import Upload, UploadUse
from forum.ideas.merges.models import Merge
from forum.ideas.models import Idea
from forum.moderation import trash
from forum.search import follower
from tests.ideas.test_co_authors import written_together
from tests.moderation.acts import decide, flag, follow, news
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
TRASH = "/moderation?queue=trash"
WHY = "It names a customer."


def throw_away(browser: Browser, idea_id: int) -> None:
    assert browser.post(f"/ideas/{idea_id}/trash", {"why": WHY}).status_code == 303


def shown_in(app: Flask, idea_id: int) -> int:
    """A picture that an idea shows."""
    with app.app_context(), transaction():
        author = db.session.get_one(Idea, idea_id).author_id
        look = {"media_type": "image/png", "size": 1, "width": 1, "height": 1}
        upload = Upload(key="k", person_id=author, sha256="s", **look)
        db.session.add(upload)
        db.session.flush()
        db.session.add(UploadUse(upload_id=upload.id, kind="idea", subject_id=idea_id))
        return upload.id


def ideas_listed(browser: Browser) -> list[int]:
    page = browser.page("/ideas")
    return [int(row["data-idea"]) for row in page.all("article", data_row=True)]


def test_what_is_in_the_trash_is_there_for_its_author_and_moderators_only(
    app: Flask, sign_in: SignIn
) -> None:
    author = make.person(app)
    idea = make.idea(app, author, title="Customer Smith is late")
    make.comment(app, idea, body="Smith again")
    moderator, writer, reader = sign_in(make.moderator(app)), sign_in(author), sign_in()
    follow(app)
    follower.catch_up(app)
    assert "Smith" in reader.page("/search?q=Smith").one("main").text

    throw_away(moderator, idea)

    follow(app)
    follower.catch_up(app)
    assert reader.get(f"/ideas/{idea}").status_code == 404
    for browser in (reader, moderator):
        assert idea not in ideas_listed(browser)
        assert "Customer Smith" not in browser.page("/search?q=customer").one("main").text
    shown = writer.page(f"/ideas/{idea}").text
    assert WHY in shown
    assert "in the trash" in shown
    assert any("in the trash" in each for each in news(app, writer))
    queue = moderator.page("/moderation?queue=trash")
    assert queue.all("article", data_idea=idea)

    assert moderator.post(f"/ideas/{idea}/restore").status_code == 303
    assert reader.get(f"/ideas/{idea}").status_code == 200
    assert idea in ideas_listed(reader)


def test_what_was_hidden_before_is_hidden_after(app: Flask, sign_in: SignIn) -> None:
    idea, moderator = make.idea(app), sign_in(make.moderator(app))
    moderator.post(f"/ideas/{idea}/hide")
    throw_away(moderator, idea)
    assert moderator.post(f"/ideas/{idea}/unhide").status_code == 409

    moderator.post(f"/ideas/{idea}/restore")

    assert sign_in().get(f"/ideas/{idea}").status_code == 404
    moderator.post(f"/ideas/{idea}/unhide")
    assert sign_in().get(f"/ideas/{idea}").status_code == 200


@pytest.mark.parametrize("undone", [False, True])
def test_what_is_decided_to_be_hidden_in_the_trash_is_hidden_after(
    app: Flask, sign_in: SignIn, undone: bool
) -> None:
    idea, moderator = make.idea(app), sign_in(make.moderator(app))
    matter = flag(app, "idea", idea)
    moderator.post(f"/ideas/{idea}/trash")
    assert decide(moderator, matter, "hidden") == 303
    if undone:
        assert moderator.post(f"/moderation/matters/{matter}/undo").status_code == 303

    moderator.post(f"/ideas/{idea}/restore")

    assert sign_in().get(f"/ideas/{idea}").status_code == (200 if undone else 404)
    assert moderator.post(f"/ideas/{idea}/hide").status_code == 303


def test_nothing_happens_to_an_idea_in_the_trash_and_a_sentence_says_so(
    app: Flask, sign_in: SignIn
) -> None:
    department, representative = make.represented(app)
    author = make.person(app)
    idea = make.idea(app, author, departments=[department])
    moderator = sign_in(make.moderator(app))
    writer = sign_in(author)
    make.represent(app, author, department)
    throw_away(moderator, idea)

    acts: list[tuple[Browser, str, dict[str, object]]] = [
        (writer, "vote", {}),
        (writer, f"answers/{department}", {"answer": "helps"}),
        (writer, "comments", {"body": "Still here"}),
        (writer, "withdraw", {}),
        (moderator, "review", {}),
        (moderator, "decision", {"decision": "decline", "reason": "No."}),
        (moderator, "pin", {}),
        (moderator, "vote", {}),
    ]
    for browser, act, fields in acts:
        refused = browser.post(f"/ideas/{idea}/{act}", fields)
        assert (act, refused.status_code) == (act, 409)
        assert "in the trash" in refused.text
    assert sign_in(representative).post(f"/ideas/{idea}/vote").status_code == 404


def test_after_thirty_days_the_words_are_gone_for_good(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    idea = make.idea(app, author, title="Secret title", problem="Secret problem", tags=["secret"])
    comment = make.comment(app, idea, body="Secret comment")
    picture = shown_in(app, idea)
    kept = make.idea(app, problem="Plain problem")
    gone = make.comment(app, kept, body="Secret deleted comment")
    moderator = sign_in(make.moderator(app))
    throw_away(moderator, idea)
    moderator.post(f"/comments/{gone}/delete")

    for days, removed in ((29, 0), (31, 2), (32, 0)):
        with time_machine.travel(now() + timedelta(days=days)), app.app_context():
            assert trash.empty() == removed

    with app.app_context():
        said = " ".join(db.session.scalars(db.select(Text.source)))
        assert "Secret" not in said
        assert "Plain problem" in said
        assert db.session.get_one(Idea, idea).title == "—"
        assert audit.verify()[1] is None
        assert not db.session.query(UploadUse).filter_by(upload_id=picture).all()
    follow(app)
    assert moderator.post(f"/ideas/{idea}/restore").status_code == 409
    assert moderator.post(f"/comments/{gone}/restore").status_code == 403
    assert comment


def test_a_locked_idea_takes_support_but_no_comments(app: Flask, sign_in: SignIn) -> None:
    idea, moderator, reader = make.idea(app), sign_in(make.moderator(app)), sign_in()
    moderator.post(f"/ideas/{idea}/lock")

    refused = reader.post(f"/ideas/{idea}/comments", {"body": "One more"})

    assert refused.status_code == 409
    assert "Comments on this idea are closed." in refused.text
    page = reader.page(f"/ideas/{idea}")
    assert "Comments on this idea are closed." in page.text
    assert not page.all("textarea", name="body")
    assert reader.post(f"/ideas/{idea}/vote").status_code == 303
    moderator.post(f"/ideas/{idea}/unlock")
    assert reader.post(f"/ideas/{idea}/comments", {"body": "One more"}).status_code == 303


def test_at_most_three_ideas_are_pinned_to_the_top(app: Flask, sign_in: SignIn) -> None:
    ideas = [make.idea(app) for _ in range(5)]
    moderator, reader = sign_in(make.moderator(app)), sign_in()
    for idea in ideas[:3]:
        assert moderator.post(f"/ideas/{idea}/pin").status_code == 303
    refused = moderator.post(f"/ideas/{ideas[3]}/pin")
    assert refused.status_code == 409
    assert "Three ideas are pinned already." in refused.text
    assert moderator.post(f"/ideas/{ideas[0]}/pin").status_code == 303

    page = reader.page("/ideas")

    assert "Pinned" in page.text
    assert ideas_listed(reader) == [ideas[2], ideas[1], ideas[0], ideas[4], ideas[3]]
    narrowed = reader.page("/ideas?stage=open")
    assert [int(r["data-idea"]) for r in narrowed.all("article", data_row=True)] == ideas[::-1]

    moderator.post(f"/ideas/{ideas[2]}/hide")
    moderator.post(f"/ideas/{ideas[1]}/unpin")
    assert ideas_listed(reader) == [ideas[0], ideas[4], ideas[3], ideas[1]]


@pytest.mark.parametrize("act", ["trash", "restore", "lock", "unlock", "pin", "unpin"])
def test_only_moderators_do_so_and_not_with_drafts(app: Flask, sign_in: SignIn, act: str) -> None:
    author = make.person(app)
    idea = make.idea(app, author)
    draft = make.idea(app, author, draft=True)

    assert sign_in(author).post(f"/ideas/{idea}/{act}").status_code == 404
    assert sign_in(make.moderator(app)).post(f"/ideas/{draft}/{act}").status_code == 404


def test_the_text_of_a_merged_idea_goes_to_the_trash_with_it_and_comes_back(
    app: Flask, sign_in: SignIn
) -> None:
    parent, child = make.idea(app), make.idea(app, problem="Words of the child.")
    make.merge(app, parent, child)
    moderator, reader = sign_in(make.moderator(app)), sign_in()
    assert "Words of the child." in reader.get(f"/ideas/{parent}").text

    throw_away(moderator, child)

    assert "Words of the child." not in reader.get(f"/ideas/{parent}").text
    with app.app_context():
        assert db.session.get_one(Idea, parent).comment_count == 0
    assert moderator.post(f"/ideas/{child}/restore").status_code == 303
    assert "Words of the child." in reader.get(f"/ideas/{parent}").text
    with app.app_context():
        assert db.session.get_one(Idea, parent).comment_count == 1


def test_a_text_that_somebody_deleted_before_stays_deleted(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    parent, child = make.idea(app), make.idea(app, author, problem="Words of the child.")
    make.merge(app, parent, child)
    with app.app_context():
        said = db.session.scalars(select(Merge.comment_id)).one()
    assert sign_in(author).post(f"/comments/{said}/delete").status_code == 303
    moderator = sign_in(make.moderator(app))

    throw_away(moderator, child)
    moderator.post(f"/ideas/{child}/restore")

    assert "Words of the child." not in sign_in().get(f"/ideas/{parent}").text
    with app.app_context():
        assert db.session.get_one(Idea, parent).comment_count == 0


@pytest.mark.parametrize("together", [False, True])
def test_a_moderator_takes_what_they_write_out_of_the_trash_only_if_they_put_it_there(
    app: Flask, sign_in: SignIn, *, together: bool
) -> None:
    moderator = make.moderator(app)
    own = (
        written_together(app, make.person(app), moderator)
        if together
        else make.idea(app, moderator)
    )
    browser, other = sign_in(moderator), sign_in(make.moderator(app))
    address = f"/ideas/{own}/restore"
    browser.post(f"/ideas/{own}/trash")
    assert browser.page(TRASH).all("button", formaction=address)
    assert browser.post(address).status_code == 303
    other.post(f"/ideas/{own}/trash")

    assert browser.post(address).status_code == 403

    for page in (browser.page(TRASH), browser.page(f"/ideas/{own}")):
        assert not page.all("button", formaction=address)
    assert other.post(address).status_code == 303
