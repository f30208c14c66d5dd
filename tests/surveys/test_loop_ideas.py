"""The idea that a reply becomes: tied to it for who may know, told by the log once it is posted."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from forum.core.db import db
from forum.core.events import Event
from forum.ideas.models import Idea
from forum.surveys.loop.models import ReplyIdea
from tests.ideas.unsigned import switch
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import sent_by
from tests.surveys.results.company import company, spring
from tests.surveys.test_loop import SAID, SignIn, boris

__all__ = ["boris", "company", "spring"]


def replied(sign_in: SignIn, company: dict[str, int], spring: int, boris: int) -> Browser:
    """Boris, who has said what IT will do; the page he is led to offers an idea."""
    browser = sign_in(boris)
    browser.post(f"/surveys/{spring}/replies/{company['IT']}", SAID)
    return browser


def begun(browser: Browser, company: dict[str, int], spring: int) -> dict[str, str]:
    """The form of the idea that the reply becomes, as it stands there."""
    page = browser.page(f"/surveys/{spring}/results/provider/{company['IT']}")
    (address,) = {link["href"] for link in page.all("a", href=True) if "?reply=" in link["href"]}
    return sent_by(browser.page(address), "/ideas/new")


def test_what_was_said_becomes_an_idea_with_one_click(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int, boris: int
) -> None:
    browser = replied(sign_in, company, spring, boris)
    sent = begun(browser, company, spring)

    assert (sent["problem"], sent["proposal"]) == (SAID["heard"], SAID["will"])
    assert sent["departments"] == str(company["IT"])
    address = browser.post("/ideas/new", {**sent, "action": "post"}).headers["Location"]

    page = sign_in(make.person(app)).page(f"/surveys/{spring}/results/provider/{company['IT']}")
    assert page.one("a", href=address).text == SAID["heard"].rstrip(".")
    back = sign_in(make.person(app)).page(address).one("section", id="behind")
    assert SAID["heard"] in back.text
    results = f"/surveys/{spring}/results/provider/{company['IT']}"
    assert sign_in(make.person(app)).page(address).all("a", href=results)
    with app.app_context():
        assert len(db.session.scalars(select(ReplyIdea)).all()) == 1


def test_an_idea_parts_from_its_reply_where_the_box_is_not_ticked(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int, boris: int
) -> None:
    browser = replied(sign_in, company, spring, boris)
    sent = begun(browser, company, spring)
    address = browser.post("/ideas/new", {**sent, "action": "post"}).headers["Location"]
    again = sent_by(browser.page(f"{address}/edit"), f"{address}/edit")
    assert again["reply"] == sent["reply"]

    browser.post(f"{address}/edit", {name: said for name, said in again.items() if name != "reply"})

    with app.app_context():
        assert db.session.scalars(select(ReplyIdea)).all() == []


def test_who_does_not_answer_for_the_department_begins_no_idea_from_its_reply(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int, boris: int
) -> None:
    sent = begun(replied(sign_in, company, spring, boris), company, spring)
    other = sign_in(make.person(app))

    assert SAID["will"] not in other.get(f"/ideas/new?reply={sent['reply']}").text
    assert other.get("/ideas/new?reply=999").status_code == 200
    assert other.post("/ideas/new", {**sent, "action": "post"}).status_code == 303

    with app.app_context():
        assert db.session.scalars(select(ReplyIdea)).all() == []


def test_an_idea_without_a_name_is_not_tied_to_the_few_who_may_reply(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int, boris: int
) -> None:
    switch(app, "surveys", "anonymous")
    browser = replied(sign_in, company, spring, boris)
    sent = begun(browser, company, spring)

    answer = browser.post("/ideas/new", {**sent, "action": "post", "anonymous": "moderators"})

    assert answer.status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Idea.anonymous)).all() == ["moderators"]
        assert db.session.scalars(select(ReplyIdea)).all() == []


def came(app: Flask) -> list[tuple[int, int]]:
    """The surveys and ideas that the log ties together."""
    with app.app_context():
        told = select(Event).where(Event.type == "survey.idea-came").order_by(Event.id)
        return [(each.object_id, each.payload["idea"]) for each in db.session.scalars(told)]


def edited(app: Flask) -> str:
    """Where the newest idea is changed."""
    with app.app_context():
        return f"/ideas/{db.session.scalar(select(func.max(Idea.id)))}/edit"


def test_the_log_tells_of_an_idea_once_its_draft_is_posted_with_a_name(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int, boris: int
) -> None:
    browser = replied(sign_in, company, spring, boris)
    sent = begun(browser, company, spring)
    browser.post("/ideas/new", {**sent, "action": "draft"})
    assert came(app) == []
    address = edited(app)
    draft = sent_by(browser.page(address), address)

    posted = browser.post(address, {**draft, "action": "post"}).headers["Location"]

    assert came(app) == [(spring, int(posted.rsplit("/", 1)[1]))]
    again = sent_by(browser.page(f"{posted}/edit"), f"{posted}/edit")
    browser.post(f"{posted}/edit", {**again, "proposal": "Answer at once."})
    assert len(came(app)) == 1


def test_the_log_ties_no_draft_that_is_posted_without_a_name_to_a_reply(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int, boris: int
) -> None:
    switch(app, "surveys", "anonymous")
    browser = replied(sign_in, company, spring, boris)
    sent = begun(browser, company, spring)
    browser.post("/ideas/new", {**sent, "action": "draft"})
    address = edited(app)
    draft = sent_by(browser.page(address), address)

    browser.post(address, {**draft, "action": "post", "anonymous": "moderators"})

    with app.app_context():
        assert db.session.scalars(select(Idea.anonymous)).all() == ["moderators"]
    assert came(app) == []
