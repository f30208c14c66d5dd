"""Campaigns: a question with dates, fields and a board; there only while the module is on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.campaigns import actions
from forum.campaigns.models import Campaign, CampaignIdea, CampaignValue
from forum.core.clock import today
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.ideas.models import Idea
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document

SignIn = Callable[..., Browser]


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    with app.app_context(), transaction():
        save_settings({"modules": ["campaigns"]})


def switch_off(app: Flask) -> None:
    with app.app_context(), transaction():
        save_settings({"modules": []})


def campaign(app: Flask, owner: int | None = None, *, days: int = 10, since: int = -1) -> int:
    """A campaign that began some days from now and lasts."""
    moderator = make.moderator(app)
    with app.app_context():
        wanted = actions.Wanted(
            title="Less paper",
            question="Where do we still print?",
            owner_id=owner or moderator,
            starts_on=today() + timedelta(days=since),
            ends_on=today() + timedelta(days=days),
        )
        return actions.start(db.session.get_one(Person, moderator), wanted).id


def field(app: Flask, campaign_id: int, label: str, kind: str = "text", **more: Any) -> int:
    moderator = make.moderator(app)
    with app.app_context():
        target = db.session.get_one(Campaign, campaign_id)
        person = db.session.get_one(Person, moderator)
        more = {"options": "", "required": False, **more}
        return actions.add_field(person, target, label=label, kind=kind, **more).id


def post(browser: Browser, campaign_id: int, **fields: Any) -> Any:
    sent = {"problem": "The copier is far away.", "action": "post", "campaign": campaign_id}
    return browser.post("/ideas/new", sent | fields)


def said(app: Flask) -> dict[int, str]:
    with app.app_context():
        return {row.field_id: row.value for row in db.session.scalars(select(CampaignValue))}


def joined(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(CampaignIdea)) or 0


def test_a_module_that_is_off_has_no_page_no_link_and_no_filter(
    app: Flask, sign_in: SignIn
) -> None:
    number, browser = campaign(app), sign_in(make.moderator(app))
    post(browser, number)
    switch_off(app)

    for address in ("", "/new", f"/{number}", f"/{number}/edit"):
        assert browser.get(f"/campaigns{address}").status_code == 404
    assert "/campaigns" not in browser.get("/ideas").text
    assert "left out: campaign" in browser.get(f"/ideas?campaign={number}").text
    assert "Less paper" not in browser.get("/ideas/1").text
    assert "Less paper" not in browser.get(f"/ideas/new?campaign={number}").text
    assert joined(app) == 1


def test_moderators_start_a_campaign_and_others_do_not(app: Flask, sign_in: SignIn) -> None:
    owner = make.person(app, name="Olga Owner", email="olga@example.org")
    sent = {
        "title": "Less paper",
        "question": "Where do we still print?",
        "owner": "olga@example.org",
        "starts_on": "2026-01-05",
        "ends_on": "2026-02-05",
    }

    refused = sign_in(owner).post("/campaigns/new", sent)
    made = sign_in(make.moderator(app)).post("/campaigns/new", sent)

    assert (refused.status_code, made.status_code) == (404, 303)
    assert "Olga Owner" in sign_in().get("/campaigns").text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""),
        ("question", " "),
        ("owner", "nobody"),
        ("ends_on", "2026-01-01"),
        ("ends_on", ""),
    ],
)
def test_a_campaign_that_cannot_be_is_refused(
    app: Flask, sign_in: SignIn, name: str, value: str
) -> None:
    moderator = make.moderator(app, email="mo@example.org")
    sent = {
        "title": "T",
        "question": "Q?",
        "owner": "mo@example.org",
        "starts_on": "2026-01-05",
        "ends_on": "2026-02-05",
    }

    answer = sign_in(moderator).post("/campaigns/new", {**sent, name: value})

    assert answer.status_code == 422
    assert Document(answer.text).all("p", class_="error")


def test_an_idea_posted_for_it_stands_on_its_board_and_says_so(app: Flask, sign_in: SignIn) -> None:
    number, other = campaign(app), make.idea(app)
    browser = sign_in()

    posted = post(browser, number)
    page = browser.page(f"/campaigns/{number}")

    address = posted.headers["Location"]
    shown = [int(card["data-idea"]) for card in page.all("li", data_idea=True)]
    assert address == f"/ideas/{shown[0]}"
    assert other not in shown
    assert "Less paper" in browser.get(address).text
    assert f"/ideas?campaign={number}&view=board" in browser.get(
        f"/ideas?campaign={number}"
    ).text.replace("&amp;", "&")


def test_its_fields_are_asked_for_there_and_nowhere_else(app: Flask, sign_in: SignIn) -> None:
    number = campaign(app)
    field(app, number, "Pages a week", "number")
    browser = sign_in()

    assert "Pages a week" in browser.get(f"/ideas/new?campaign={number}").text
    assert "Pages a week" not in browser.get("/ideas/new").text


def test_what_is_said_in_fields_is_kept_and_shown(app: Flask, sign_in: SignIn) -> None:
    number = campaign(app)
    pages = field(app, number, "Pages a week", "number")
    where = field(app, number, "Where", "choice", options="Office\nHall", required=True)
    browser = sign_in()
    fields = {f"campaign-field-{pages}": "1 200,50", f"campaign-field-{where}": "Hall"}

    address = post(browser, number, **fields).headers["Location"]

    assert said(app) == {pages: "1200.5", where: "Hall"}
    text = browser.page(address).text
    assert "Pages a week" in text
    assert "1200.5" in text


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("number", "many"), ("number", "NaN"), ("choice", "Elsewhere"), ("choice", "")],
)
def test_a_wrong_answer_is_told_at_its_field_and_nothing_is_lost(
    app: Flask, sign_in: SignIn, kind: str, typed: str
) -> None:
    number = campaign(app)
    asked = field(app, number, "Asked", kind, options="Office\nHall", required=True)

    answer = post(sign_in(), number, **{f"campaign-field-{asked}": typed})

    page = Document(answer.text)
    assert answer.status_code == 422
    assert page.one("p", id=f"campaign-field-{asked}-error").text
    assert "The copier is far away." in answer.text
    assert joined(app) == 0


def test_a_draft_may_leave_fields_open_and_is_asked_again(app: Flask, sign_in: SignIn) -> None:
    number = campaign(app)
    asked = field(app, number, "Asked", required=True)
    browser = sign_in()

    draft = post(browser, number, action="draft").headers["Location"]
    page = browser.page(draft + "/edit")
    refused = browser.post(
        draft + "/edit",
        {"problem": "The copier is far away.", "action": "post", "campaign": number},
    )
    posted = browser.post(
        draft + "/edit",
        {
            "problem": "The copier is far away.",
            "action": "post",
            "campaign": number,
            f"campaign-field-{asked}": "Yes",
        },
    )

    assert page.one("input", name="campaign")["value"] == str(number)
    assert (refused.status_code, posted.status_code) == (422, 303)
    assert said(app) == {asked: "Yes"}
    assert browser.post(draft + "/withdraw").status_code == 303


def test_a_deleted_draft_leaves_nothing_behind(app: Flask, sign_in: SignIn) -> None:
    number = campaign(app)
    browser = sign_in()
    draft = post(browser, number, action="draft").headers["Location"]

    browser.post(draft + "/withdraw")

    assert joined(app) == 0


def test_it_takes_ideas_between_its_days_only(app: Flask, sign_in: SignIn) -> None:
    coming, running = campaign(app, since=2), campaign(app, days=3)
    browser = sign_in()
    draft = post(browser, running, action="draft").headers["Location"]

    early = post(browser, coming)
    with time_machine.travel(make.ago(days=-4)):
        later = sign_in()
        late = post(later, running)
        author_id = Idea.author_id
        with app.app_context():
            author = db.session.scalar(select(author_id))
        late_draft = sign_in(author).post(
            draft + "/edit", {"problem": "So.", "action": "post", "campaign": running}
        )

    assert [a.status_code for a in (early, late, late_draft)] == [422, 422, 422]
    assert "takes no ideas now" in late.text


def test_its_owner_changes_it_and_sums_it_up(app: Flask, sign_in: SignIn) -> None:
    owner = make.person(app)
    number = campaign(app, owner)
    browser = sign_in(owner)

    browser.post(f"/campaigns/{number}/outcome", {"outcome": "Two printers are gone."})
    empty = browser.post(f"/campaigns/{number}/outcome", {"outcome": " "})
    others = sign_in().post(f"/campaigns/{number}/outcome", {"outcome": "No."})

    assert "Two printers are gone." in sign_in().get(f"/campaigns/{number}").text
    assert (empty.status_code, others.status_code) == (422, 404)


def test_two_who_change_it_do_not_overwrite_each_other(app: Flask, sign_in: SignIn) -> None:
    owner = make.person(app, email="o@example.org")
    number = campaign(app, owner)
    sent = {
        "title": "Even less paper",
        "question": "Where?",
        "owner": "o@example.org",
        "starts_on": "2026-01-05",
        "ends_on": "2026-02-05",
        "revision": "1",
    }
    browser = sign_in(owner)

    first = browser.post(f"/campaigns/{number}/edit", sent)
    second = browser.post(f"/campaigns/{number}/edit", {**sent, "title": "No paper"})

    assert (first.status_code, second.status_code) == (303, 409)
    assert "No paper" in second.text


def test_a_field_that_is_removed_comes_back_with_what_was_said(app: Flask, sign_in: SignIn) -> None:
    number = campaign(app)
    asked = field(app, number, "Asked")
    browser = sign_in(make.moderator(app))
    address = post(browser, number, **{f"campaign-field-{asked}": "So it is"}).headers["Location"]

    browser.post(f"/campaigns/{number}/fields/{asked}/remove")
    assert "So it is" not in browser.get(address).text
    browser.post(f"/campaigns/{number}/fields/{asked}/restore")

    assert "So it is" in browser.get(address).text


def test_consultants_see_no_campaign_anywhere(app: Flask, sign_in: SignIn) -> None:
    department = make.department(app)
    number = campaign(app)
    sent = {"departments": [department]}
    address = post(sign_in(), number, **sent).headers["Location"]
    consultant = sign_in(make.person(app, kind="consultant", attached=[department]))

    assert consultant.get("/campaigns").status_code == 404
    assert consultant.get(f"/campaigns/{number}").status_code == 404
    assert "left out: campaign" in consultant.get(f"/ideas?campaign={number}").text
    for page in ("/ideas", address, f"/ideas/new?campaign={number}"):
        text = consultant.get(page).text
        assert "Less paper" not in text
        assert "/campaigns" not in text


def test_the_pages_cost_the_same_however_many_ideas(app: Flask, sign_in: SignIn) -> None:
    from tests.ideas.test_pages import cost

    number, browser = campaign(app), sign_in(make.moderator(app))
    post(browser, number)
    one = cost(app, browser, f"/campaigns/{number}")
    for _ in range(5):
        post(browser, number, departments=[make.department(app)])

    assert cost(app, browser, f"/campaigns/{number}") == one <= 7
    assert cost(app, browser, "/campaigns") <= 2
