"""Moderators limited to subtrees of departments, and heads who decide on what is theirs alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments import merging, reach
from forum.departments.models import Department
from forum.ideas.models import Idea
from forum.moderation import sweeps
from tests.moderation.acts import decide, flag, news
from tests.support import make
from tests.support.browser import Browser
from tests.support.queries import listening

SignIn = Callable[..., Browser]
VERDICT = {"decision": "decline", "reason": "Not now."}


def limited(app: Flask, *departments: int) -> int:
    """A moderator who acts in these subtrees only."""
    moderator = make.moderator(app)
    with app.app_context():
        for number in departments:
            reach.limit(None, db.session.get_one(Person, moderator), number)
    return moderator


def rows(browser: Browser, queue: str) -> list[int]:
    page = browser.page(f"/moderation?queue={queue}")
    return [int(row["data-idea"]) for row in page.all("article", data_row=True)]


def stage(app: Flask, idea_id: int) -> str:
    with app.app_context():
        return db.session.get_one(Idea, idea_id).stage_kind


def test_a_limited_moderator_acts_on_their_subtree_and_nowhere_else(
    app: Flask, sign_in: SignIn
) -> None:
    top = make.department(app)
    below = make.department(app, parent_id=top)
    elsewhere = make.department(app)
    inside = make.idea(app, departments=[below])
    theirs = make.idea(app, make.person(app, department=below), departments=[elsewhere])
    outside = make.idea(app, departments=[elsewhere])
    browser = sign_in(limited(app, top))

    for idea in (inside, theirs):
        assert browser.post(f"/ideas/{idea}/review").status_code == 303
    acts = ("review", "decision", "hide", "trash", "lock", "pin", "departments")
    for act in acts:
        assert browser.post(f"/ideas/{outside}/{act}", VERDICT).status_code == 403, act
    page = browser.page(f"/ideas/{outside}")
    assert not page.all("form", action=f"/ideas/{outside}/decision")
    assert not page.all("button", formaction=f"/ideas/{outside}/hide")
    assert browser.page(f"/ideas/{inside}").all("form", action=f"/ideas/{inside}/decision")
    sign_in(make.moderator(app)).post(f"/ideas/{outside}/review")
    assert sorted(rows(browser, "review")) == sorted([inside, theirs])
    told = browser.page("/moderation").one("span", data_queue="review").text
    assert told == "2"
    home = browser.page("/").text
    assert browser.post(f"/ideas/{inside}/decision", VERDICT).status_code == 303
    assert stage(app, inside) == "declined"
    assert home


def test_matters_follow_the_same_limit(app: Flask, sign_in: SignIn) -> None:
    place, elsewhere = make.department(app), make.department(app)
    inside = flag(app, "idea", make.idea(app, departments=[place]))
    idea = make.idea(app, departments=[elsewhere])
    comment = make.comment(app, idea)
    outside = flag(app, "comment", comment)
    browser = sign_in(limited(app, place))

    page = browser.page("/moderation?queue=flags")

    assert [row["data-matter"] for row in page.all("article", data_matter=True)] == [str(inside)]
    assert decide(browser, outside, "hidden") == 404
    assert browser.get(f"/moderation/matters/{outside}").status_code == 404
    assert browser.get(f"/moderation/matters/{inside}").status_code == 200
    assert browser.post(f"/comments/{comment}/delete").status_code == 403
    assert decide(browser, inside, "disagreed") == 303


def test_only_who_may_decide_is_reminded(app: Flask, sign_in: SignIn) -> None:
    place, elsewhere = make.department(app), make.department(app)
    flag(app, "idea", make.idea(app, departments=[elsewhere]))
    near, far = limited(app, elsewhere), limited(app, place)

    with time_machine.travel(now() + timedelta(hours=49)):
        with app.app_context():
            assert sweeps.remind() == 1
        told = [len(news(app, sign_in(moderator))) for moderator in (near, far)]

    assert told == [1, 0]


@pytest.mark.parametrize("size", [1, 8])
def test_the_queue_of_a_limited_moderator_costs_the_same_however_long(
    app: Flask, sign_in: SignIn, size: int
) -> None:
    place = make.department(app)
    moderator = limited(app, place)
    for _ in range(size):
        idea = make.idea(app, departments=[place])
        sign_in(make.moderator(app)).post(f"/ideas/{idea}/review")
    browser = sign_in(moderator)
    browser.get("/moderation?queue=review")

    with listening(app) as seen:
        assert len(rows(browser, "review")) == size

    # as for others: reader, counts, rows, vain searches, likely duplicates, departments; then
    # limits and the tree
    assert len(seen) == 8


def test_administrators_limit_moderators_on_their_page(app: Flask, sign_in: SignIn) -> None:
    place, moderator = make.department(app, "Warehouse"), make.moderator(app)
    idea = make.idea(app)
    admin, browser = sign_in(make.admin(app)), sign_in(moderator)

    admin.post(f"/admin/people/{moderator}/reach", {"department": place})

    assert "Warehouse" in admin.page(f"/admin/people/{moderator}").one("ul", class_="items").text
    assert browser.post(f"/ideas/{idea}/lock").status_code == 403
    admin.post(f"/admin/people/{moderator}/reach/{place}/end")
    assert browser.post(f"/ideas/{idea}/lock").status_code == 303
    refused = admin.post(f"/admin/people/{make.person(app)}/reach", {"department": place})
    assert refused.status_code == 422


def test_a_limit_moves_with_a_department_that_is_merged(app: Flask, sign_in: SignIn) -> None:
    old, heir = make.department(app), make.department(app)
    idea = make.idea(app, departments=[heir])
    browser = sign_in(limited(app, old))
    assert browser.post(f"/ideas/{idea}/lock").status_code == 403

    with app.app_context():
        merging.merge(
            None, db.session.get_one(Department, old), db.session.get_one(Department, heir)
        )

    assert browser.post(f"/ideas/{idea}/lock").status_code == 303


def test_a_head_decides_on_what_touches_their_department_alone_where_that_is_wanted(
    app: Flask, sign_in: SignIn
) -> None:
    head = make.person(app)
    place, other = make.department(app, head_id=head), make.department(app)
    alone = make.idea(app, departments=[place])
    both = make.idea(app, departments=[place, other])
    own = make.idea(app, head, departments=[place])
    browser = sign_in(head)
    assert browser.post(f"/ideas/{alone}/decision", VERDICT).status_code == 403

    with app.app_context(), transaction():
        save_settings({"heads_decide": True})

    assert browser.page(f"/ideas/{alone}").all("form", action=f"/ideas/{alone}/decision")
    for idea in (both, own):
        assert browser.post(f"/ideas/{idea}/decision", VERDICT).status_code == 403
    assert sign_in().post(f"/ideas/{alone}/decision", VERDICT).status_code == 403
    assert browser.post(f"/ideas/{alone}/decision", VERDICT).status_code == 303
    assert stage(app, alone) == "declined"
    assert browser.post(f"/ideas/{alone}/decision/undo").status_code == 303
    assert stage(app, alone) == "review"
    assert browser.post(f"/ideas/{alone}/hide").status_code == 404
