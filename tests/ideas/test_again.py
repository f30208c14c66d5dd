"""A refused form is the form itself again, filled; words no form takes any more stay readable."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from flask import Flask

from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document

SignIn = Callable[..., Browser]
LONG = "A sentence long enough to be missed if it were lost on the way to the forum."


def text_area(page: Document, name: str) -> str:
    return page.one("textarea", name=name).text.strip()


@pytest.fixture
def password(app: Flask) -> Callable[[int], dict[str, str]]:
    """`password(person)`: what they type to sign in."""

    def chosen(person_id: int) -> dict[str, str]:
        from forum.accounts import passwords
        from forum.accounts.models import Person
        from forum.core.db import db, transaction

        with app.app_context():
            person = db.session.get_one(Person, person_id)
            hashed = passwords.hash_password("a long password")
            with transaction():
                person.password_hash = hashed
            return {"email": person.email or "", "password": "a long password"}

    return chosen


def test_an_expired_page_is_the_writing_page_again(app: Flask, sign_in: SignIn) -> None:
    browser, department = sign_in(), make.department(app)
    fields = {"problem": LONG, "tags": "lift, ramp", "departments": str(department)}

    refused = browser.client.post("/ideas/new", data={**fields, "csrf_token": "of yesterday"})

    page = Document(refused.text)
    assert refused.status_code == 400
    assert text_area(page, "problem") == LONG
    assert page.one("input", id="tags")["value"] == "lift, ramp"
    assert "checked" in page.one("input", name="departments")
    token = page.all("input", name="csrf_token")[0]["value"]
    sent = browser.client.post("/ideas/new", data={**fields, "csrf_token": token})
    assert sent.status_code == 303


def test_after_a_lost_session_the_form_itself_is_back(
    app: Flask, anonymous: Browser, password: Callable[[int], dict[str, str]]
) -> None:
    person, idea_id = make.person(app), make.idea(app)
    lost = anonymous.client.post(f"/ideas/{idea_id}/comments", data={"body": LONG})
    page = Document(lost.text)
    carried = page.one("input", name="carried")["value"]
    anonymous.token = page.all("input", name="csrf_token")[0]["value"]

    back = anonymous.post("/sign-in", {**password(person), "carried": carried, "next": "/"})

    page = Document(back.text)
    assert back.status_code == 200
    assert page.one("html")["data-person"] == str(person)
    assert text_area(page, "body") == LONG
    form = page.one("form", action=f"/ideas/{idea_id}/comments")
    assert form["action"] == f"/ideas/{idea_id}/comments"
    assert anonymous.post(form["action"], {"body": LONG}).status_code == 303


def test_a_lost_session_gives_nobody_a_form_that_is_not_theirs(
    app: Flask, anonymous: Browser, password: Callable[[int], dict[str, str]]
) -> None:
    person, idea_id = make.person(app), make.idea(app)
    hidden = make.idea(app, draft=True, title="A secret draft")
    for address in (f"/ideas/{hidden}/comments", f"/ideas/{idea_id}/edit", "/standards/new"):
        lost = anonymous.client.post(address, data={"body": LONG, "problem": LONG, "title": "T"})
        page = Document(lost.text)
        anonymous.token = page.all("input", name="csrf_token")[0]["value"]
        carried = page.one("input", name="carried")["value"]

        back = anonymous.post("/sign-in", {**password(person), "carried": carried})

        assert back.status_code == 200
        assert LONG in html.unescape(back.text)
        assert "A secret draft" not in back.text
        anonymous.post("/sign-out")


def test_a_moderator_who_comes_second_is_told_on_the_page_and_keeps_the_words(
    app: Flask, sign_in: SignIn
) -> None:
    idea_id = make.idea(app)
    make.decide(app, idea_id, "accept")

    refused = sign_in(make.moderator(app)).post(
        f"/ideas/{idea_id}/decision", {"decision": "decline", "reason": LONG}
    )

    page = Document(refused.text)
    assert refused.status_code == 409
    assert "Another moderator" in page.one("div", role="alert").text
    assert page.one("article", data_idea=idea_id)["data-stage"] == "accepted"
    assert page.one("textarea", id="unsent").text.strip() == LONG


def test_an_answer_after_the_decision_keeps_its_reason_in_sight(
    app: Flask, sign_in: SignIn
) -> None:
    department, representative = make.department(app), make.person(app)
    make.represent(app, representative, department)
    idea_id = make.idea(app, departments=[department])
    make.decide(app, idea_id, "decline")

    refused = sign_in(representative).post(
        f"/ideas/{idea_id}/answers/{department}", {"answer": "harms", "reason": LONG}
    )

    page = Document(refused.text)
    assert refused.status_code == 409
    assert page.one("textarea", id="unsent").text.strip() == LONG


def test_a_reply_to_a_removed_comment_is_offered_as_a_comment(app: Flask, sign_in: SignIn) -> None:
    idea_id, author = make.idea(app), make.person(app)
    gone = make.comment(app, idea_id, author)
    sign_in(author).post(f"/comments/{gone}/delete")
    browser = sign_in()

    refused = browser.post(f"/ideas/{idea_id}/comments", {"body": LONG, "parent": gone})

    page = Document(refused.text)
    assert refused.status_code == 422
    assert text_area(page, "body") == LONG
    error = page.one("textarea", name="body")["aria-describedby"].split()[-1]
    assert "not here any more" in page.one("p", id=error).text
    assert not page.all("input", name="parent")


def test_an_unknown_department_is_refused_at_the_choice(app: Flask, sign_in: SignIn) -> None:
    idea_id, department = make.idea(app), make.department(app)
    browser = sign_in(make.moderator(app))

    for sent in (["99999"], ["x"]):
        refused = browser.post(f"/ideas/{idea_id}/departments", {"departments": sent})
        assert refused.status_code == 422
        assert Document(refused.text).one("p", id="departments-error").text
    assert (
        browser.post(f"/ideas/{idea_id}/departments", {"departments": [department]}).status_code
        == 303
    )


def test_an_unknown_standard_is_refused_at_its_number(app: Flask, sign_in: SignIn) -> None:
    idea_id = make.idea(app)
    make.decide(app, idea_id)

    refused = sign_in(make.moderator(app)).post(f"/ideas/{idea_id}/standard", {"number": "PS-999"})

    page = Document(refused.text)
    assert refused.status_code == 422
    assert page.one("input", id="number")["value"] == "PS-999"
    assert page.one("input", id="number")["aria-describedby"].split()[-1] == "number-error"


def test_a_refused_form_still_knows_what_it_grew_from(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    browser, idea_id = sign_in(author), make.idea(app, author, problem="One.")
    browser.post(f"/ideas/{idea_id}/edit", {"problem": "Two.", "revision": "1"})

    refused = browser.post(
        f"/ideas/{idea_id}/edit", {"problem": "Three.", "title": "t" * 300, "revision": "1"}
    )
    assert refused.status_code == 422
    again = Document(refused.text).one("input", name="revision")["value"]
    stale = browser.post(f"/ideas/{idea_id}/edit", {"problem": "Three.", "revision": again})

    assert stale.status_code == 409
    assert "Two." in browser.get(f"/ideas/{idea_id}").text


def test_a_draft_posted_twice_is_one_idea(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    browser = sign_in(author)
    saved = browser.post(
        "/ideas/autosave", {"problem": LONG}, headers={"Accept": "application/json"}
    )
    fields = {
        "problem": LONG,
        "draft": saved.json["id"],
        "revision": saved.json["version"],
        "action": "post",
    }

    first, second = browser.post("/ideas/new", fields), browser.post("/ideas/new", fields)

    assert first.location == second.location
    assert len(browser.page("/ideas?mine=1").all("article", data_idea=True)) == 1
    other = browser.post("/ideas/new", {**fields, "problem": "Something else entirely."})
    assert other.location != first.location


def test_a_draft_saved_meanwhile_with_the_same_text_is_posted(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    idea_id = make.idea(app, author, problem="The lift.", draft=True)
    browser = sign_in(author)
    form = {"problem": "The lift stops.", "revision": "1"}
    saved = browser.post(f"/ideas/{idea_id}/autosave", {**form, "version": "1"})
    assert saved.status_code == 200

    posted = browser.post("/ideas/new", {**form, "draft": idea_id, "action": "post"})

    assert posted.status_code == 303
    assert browser.page(f"/ideas/{idea_id}").one("article")["data-stage"] == "open"


def test_an_address_that_replies_to_nothing_leaves_the_comment_form(
    app: Flask, sign_in: SignIn
) -> None:
    idea_id = make.idea(app)
    reply = make.comment(app, idea_id, parent=make.comment(app, idea_id))
    browser = sign_in()

    for wanted in (reply, 999):
        page = browser.page(f"/ideas/{idea_id}?reply={wanted}")
        assert len(page.all("textarea", name="body")) == 1


def test_a_refused_reply_to_nothing_keeps_its_words(app: Flask, sign_in: SignIn) -> None:
    idea_id = make.idea(app)

    refused = sign_in().post(f"/ideas/{idea_id}/comments", {"body": LONG, "parent": 999})

    assert refused.status_code == 422
    assert text_area(Document(refused.text), "body") == LONG
