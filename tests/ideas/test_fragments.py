"""What small exchanges get back: the part that changed, and a way out of a refused decision."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document

HTMX = {"HX-Request": "true"}


def test_following_answers_with_the_part_that_changed(
    app: Flask, sign_in: Callable[..., Browser]
) -> None:
    idea_id, browser = make.idea(app), sign_in()

    followed = browser.post(f"/ideas/{idea_id}/follow", headers=HTMX)
    unfollowed = browser.post(f"/ideas/{idea_id}/unfollow", headers=HTMX)

    assert (followed.status_code, unfollowed.status_code) == (200, 200)
    assert f"/ideas/{idea_id}/unfollow" in followed.text
    assert f"/ideas/{idea_id}/follow" in unfollowed.text
    assert "<html" not in followed.text


def test_a_comment_answers_with_itself(app: Flask, sign_in: Callable[..., Browser]) -> None:
    idea_id, browser = make.idea(app), sign_in()

    answer = browser.post(f"/ideas/{idea_id}/comments", {"body": "Mine too."}, headers=HTMX)

    comment = Document(answer.text).one("li")
    assert answer.status_code == 200
    assert comment["id"] == f"comment-{comment['data-comment']}"
    assert "Mine too." in answer.text
    assert "<html" not in answer.text


def test_an_answer_answers_with_its_departments_tile(
    app: Flask, sign_in: Callable[..., Browser]
) -> None:
    department, representative = make.department(app), make.person(app)
    make.represent(app, representative, department)
    idea_id = make.idea(app, departments=[department, make.department(app)])
    browser, address = sign_in(representative), f"/ideas/{idea_id}/answers/{department}"

    given = browser.post(address, {"answer": "no_effect"}, headers=HTMX)
    undone = browser.post(address + "/undo", headers=HTMX)

    assert given.status_code == undone.status_code == 200
    tile = Document(given.text).one("li")
    assert (tile["data-department"], tile["data-answer"]) == (str(department), "no_effect")
    assert Document(undone.text).one("li")["data-answer"] == "waiting"


def test_a_moderator_who_overlooked_a_harm_finds_the_form_as_it_was(
    app: Flask, sign_in: Callable[..., Browser]
) -> None:
    department, representative = make.department(app), make.person(app)
    make.represent(app, representative, department)
    idea_id = make.idea(app, departments=[department])
    make.answer(app, idea_id, department, representative, "harms", "It doubles our work.")
    browser = sign_in(make.moderator(app))

    refused = browser.post(
        f"/ideas/{idea_id}/decision", {"decision": "accept", "reason": "It saves a day."}
    )

    assert refused.status_code == 409
    assert "It saves a day." in refused.text
    assert 'name="override"' in refused.text


def test_every_change_of_an_idea_answers_with_a_fragment(
    app: Flask, sign_in: Callable[..., Browser]
) -> None:
    author, department = make.person(app), make.department(app)
    idea_id, withdrawn = make.idea(app, author), make.idea(app, author)
    mine, moderator = sign_in(author), sign_in(make.moderator(app))
    base = f"/ideas/{idea_id}"
    verdict = {"decision": "accept", "reason": "Yes.", "owner": department}

    for browser, address, fields, stage in (
        (mine, "/ideas/new", {"problem": "A new one."}, "open"),
        (mine, f"{base}/edit", {"problem": "Other words."}, "open"),
        (mine, f"/ideas/{withdrawn}/withdraw", {}, "withdrawn"),
        (moderator, f"{base}/departments", {"departments": department}, "open"),
        (moderator, f"{base}/review", {}, "review"),
        (moderator, f"{base}/decision", verdict, "accepted"),
        (moderator, f"{base}/done", {"outcome": "It works."}, "done"),
    ):
        answer = browser.post(address, fields, headers=HTMX)
        assert answer.status_code == 200, (address, answer.text)
        assert "<html" not in answer.text, address
        assert "HX-Request" in answer.headers["Vary"]
        assert Document(answer.text).one("article", data_idea=True)["data-stage"] == stage


def test_refused_exchanges_answer_with_fragments_too(
    app: Flask, sign_in: Callable[..., Browser]
) -> None:
    idea_id, decided = make.idea(app), make.idea(app)
    make.decide(app, decided, "decline")
    reader, moderator = sign_in(), sign_in(make.moderator(app))

    for browser, address, fields, status in (
        (reader, "/ideas/new", {"problem": " ", "proposal": "Keep me"}, 422),
        (reader, f"/ideas/{idea_id}/comments", {"body": "x" * 10_001}, 422),
        (moderator, f"/ideas/{idea_id}/decision", {"decision": "accept"}, 422),
        (moderator, f"/ideas/{decided}/decision", {"decision": "accept", "reason": "No"}, 409),
        (reader, f"/ideas/{decided}/vote", {}, 409),
        (reader, f"/ideas/{idea_id}/review", {}, 403),
        (reader, "/ideas/99999/vote", {}, 404),
        (reader, "/standards/new", {}, 404),
    ):
        answer = browser.post(address, fields, headers=HTMX)
        assert answer.status_code == status, (address, answer.text)
        assert "<html" not in answer.text, address
        assert 'role="alert"' in answer.text or 'class="error"' in answer.text, address
        typed = max(fields.values(), key=len, default="")
        assert status != 422 or not typed or typed in answer.text

    stale = reader.client.post(f"/ideas/{idea_id}/vote", headers=HTMX)
    assert (stale.status_code, "<html" in stale.text) == (400, False)


def test_what_leads_elsewhere_says_where(app: Flask, sign_in: Callable[..., Browser]) -> None:
    idea_id = make.idea(app)
    make.decide(app, idea_id)
    browser = sign_in(make.moderator(app))
    comment = make.comment(app, idea_id, browser.person_id)

    made = browser.post(f"/ideas/{idea_id}/standard", headers=HTMX)
    removed = browser.post(f"/comments/{comment}/delete", headers=HTMX)

    assert made.status_code == removed.status_code == 200
    assert made.headers["HX-Redirect"] == "/standards/PS-001/edit"
    assert Document(made.text).one("a")["href"] == "/standards/PS-001/edit"
    assert removed.headers["HX-Redirect"] == f"/ideas/{idea_id}#comment-{comment}"


def test_json_sent_without_a_session_is_refused_as_json(app: Flask, anonymous: Browser) -> None:
    answer = anonymous.client.post(f"/ideas/{make.idea(app)}/vote", json={})

    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_an_address_with_a_number_beyond_the_database_is_not_there(
    app: Flask, sign_in: Callable[..., Browser]
) -> None:
    person = make.person(app)
    browser = sign_in(make.admin(app))

    assert browser.post(f"/admin/people/{person}/detach/{2**70}").status_code == 404
