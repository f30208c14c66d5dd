"""First posts that wait for a moderator, trust, and suspensions that end by the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import time_machine
from flask import Flask

from forum.core.clock import now
from forum.core.db import db
from forum.ideas.models import Idea
from tests.moderation.acts import decide, follow, let_newcomers_wait, matters, news
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
QUEUE = "/moderation?queue=first-posts"


def waiting(browser: Browser) -> list[str]:
    rows = browser.page(QUEUE).all("article", data_matter=True)
    return [row["data-matter"] for row in rows]


def test_the_queue_is_not_there_until_it_is_switched_on(app: Flask, sign_in: SignIn) -> None:
    moderator = sign_in(make.moderator(app))
    make.idea(app)
    assert "First posts" not in moderator.page("/moderation").text

    let_newcomers_wait(app)

    assert "First posts" in moderator.page("/moderation").text
    assert waiting(moderator) == []


def test_first_posts_wait_unseen_and_are_news_once_they_are_approved(
    app: Flask, sign_in: SignIn
) -> None:
    department, representative = make.represented(app)
    known = make.person(app)
    let_newcomers_wait(app)
    newcomer = make.person(app)
    called = f"Look, @[Anna](person:{known})"
    idea = make.idea(app, newcomer, problem=called, departments=[department])
    old = make.idea(app, known)
    comment = make.comment(app, old, newcomer, "My first comment")
    follow(app)
    moderator, writer, reader = sign_in(make.moderator(app)), sign_in(newcomer), sign_in(known)
    asked = sign_in(representative)

    assert reader.get(f"/ideas/{idea}").status_code == 404
    assert "My first comment" not in reader.page(f"/ideas/{old}").text
    assert "waits for a moderator" in writer.page(f"/ideas/{idea}").text
    assert "My first comment" in writer.page(f"/ideas/{old}").text
    assert news(app, reader) == news(app, asked) == []
    first, second = waiting(moderator)
    assert sign_in(known).post(f"/ideas/{old}/vote").status_code == 303
    assert moderator.post(f"/ideas/{idea}/unhide").status_code == 409

    for matter in (first, second):
        assert decide(moderator, int(matter), "approved") == 303

    assert reader.get(f"/ideas/{idea}").status_code == 200
    assert "My first comment" in reader.page(f"/ideas/{old}").text
    with app.app_context():
        assert db.session.get_one(Idea, old).comment_count == 1
    assert len(news(app, reader)) == 2
    assert len(news(app, asked)) == 1
    assert len(news(app, writer)) == 2
    assert comment


def test_approving_trusts_nobody_by_itself_but_many_can_be_trusted_at_once(
    app: Flask, sign_in: SignIn
) -> None:
    let_newcomers_wait(app)
    people = [make.person(app) for _ in range(3)]
    for person in people:
        make.idea(app, person)
    follow(app)
    moderator = sign_in(make.moderator(app))
    ids = waiting(moderator)
    decide(moderator, int(ids[0]), "approved")

    moderator.post("/moderation/first-posts", {"act": "approve", "matter": ids[1:]})

    for person in people:
        make.idea(app, person)
    follow(app)
    assert len(waiting(moderator)) == 1
    assert [state for _kind, state, _outcome in matters(app)] == ["closed"] * 3 + ["waiting"]


def test_many_are_declined_and_suspended_at_once_and_read_on(app: Flask, sign_in: SignIn) -> None:
    let_newcomers_wait(app)
    spammer, other = make.person(app), make.idea(app)
    idea = make.idea(app, spammer, problem="Buy watches")
    follow(app)
    moderator, writer = sign_in(make.moderator(app)), sign_in(spammer)
    ids = [
        m for m in waiting(moderator) if "Buy" in moderator.page(f"/moderation/matters/{m}").text
    ]
    sent = {"act": "decline", "matter": ids, "days": "7", "why": "No advertising."}
    assert moderator.post("/moderation/first-posts", {**sent, "why": ""}).status_code == 422

    assert moderator.post("/moderation/first-posts", sent).status_code == 303

    refused = writer.post(f"/ideas/{idea}/comments", {"body": "More watches"})
    assert refused.status_code == 403
    assert "you can read but not write" in refused.text
    assert "No advertising." in refused.text
    assert writer.get("/ideas").status_code == 200
    assert writer.post("/ideas/new", {"problem": "More"}).status_code == 403
    assert writer.post("/settings/theme", {"theme": "dark"}).status_code in (200, 303)
    told = news(app, writer)
    assert any("No advertising." in each and "read but not write" in each for each in told)
    with time_machine.travel(now() + timedelta(days=8)):
        assert writer.post("/ideas/new", {"problem": "Something useful"}).status_code == 303
    assert other


def test_a_declined_post_can_be_repaired_once(app: Flask, sign_in: SignIn) -> None:
    let_newcomers_wait(app)
    newcomer = make.person(app)
    idea = make.idea(app, newcomer)
    follow(app)
    moderator, writer = sign_in(make.moderator(app)), sign_in(newcomer)
    [matter] = waiting(moderator)
    decide(moderator, int(matter), "hidden", "Say which invoices.")
    fields = {"title": "Clear", "problem": "Invoices of May are late.", "revision": "1"}
    writer.post(f"/ideas/{idea}/edit", fields)
    follow(app)

    assert waiting(moderator) == [matter]
    decide(moderator, int(matter), "approved")

    assert sign_in().get(f"/ideas/{idea}").status_code == 200


def test_a_moderator_suspends_somebody_and_lifts_it(app: Flask, sign_in: SignIn) -> None:
    person, other = make.person(app, name="Rudy Rude"), make.moderator(app)
    moderator, browser = sign_in(make.moderator(app)), sign_in(person)
    path = f"/moderation/people/{person}"
    assert moderator.page(f"/people/{person}").all("a", href=f"{path}/suspend")
    refused = moderator.post(f"{path}/suspend", {"why": "Three warnings."})
    assert refused.status_code == 422
    assert "Three warnings." in refused.text
    assert moderator.get(f"/moderation/people/{other}/suspend").status_code == 403

    moderator.post(f"{path}/suspend", {"days": "7", "why": "Three warnings."})

    assert "Can read but not write until" in moderator.page(f"/people/{person}").text
    assert "Can read" not in sign_in().page(f"/people/{person}").text
    assert browser.post("/ideas/new", {"problem": "Rude"}).status_code == 403
    moderator.post(f"{path}/readmit")
    assert browser.post("/ideas/new", {"problem": "Kind"}).status_code == 303


def test_the_setting_counts_from_when_it_was_switched_on(app: Flask, sign_in: SignIn) -> None:
    before = make.person(app)
    admin = sign_in(make.admin(app))
    sent = {
        "registration": "closed", "registration_domains": "", "idle_minutes": "10",
        "retention_days": "0", "newcomers_wait": "1",
    }  # fmt: skip
    assert admin.post("/admin/settings/access", sent).status_code == 303
    newcomer = make.person(app)
    admin.post("/admin/settings/access", {**sent, "idle_minutes": "20"})

    for person, seen in ((before, 200), (newcomer, 404)):
        idea = make.idea(app, person)
        assert sign_in().get(f"/ideas/{idea}").status_code == seen
    admin.post("/admin/settings/access", {**sent, "newcomers_wait": ""})
    assert sign_in().get(f"/ideas/{make.idea(app, newcomer)}").status_code == 200


def test_a_first_post_in_the_trash_is_not_let_out_by_approving_it(
    app: Flask, sign_in: SignIn
) -> None:
    let_newcomers_wait(app)
    idea = make.idea(app)
    follow(app)
    moderator = sign_in(make.moderator(app))
    [matter] = waiting(moderator)
    moderator.post(f"/ideas/{idea}/trash")

    assert decide(moderator, int(matter), "approved") == 409

    assert sign_in().get(f"/ideas/{idea}").status_code == 404
    moderator.post(f"/ideas/{idea}/restore")
    assert decide(moderator, int(matter), "approved") == 303
    assert sign_in().get(f"/ideas/{idea}").status_code == 200


def test_what_was_done_to_many_is_taken_back_at_once(app: Flask, sign_in: SignIn) -> None:
    let_newcomers_wait(app)
    newcomers = [make.person(app) for _ in range(2)]
    ideas = [make.idea(app, newcomer) for newcomer in newcomers]
    follow(app)
    moderator, reader = sign_in(make.moderator(app)), sign_in()
    writer = sign_in(newcomers[0])
    earlier = {"days": "1", "why": "An earlier matter."}
    moderator.post(f"/moderation/people/{newcomers[1]}/suspend", earlier)
    ids = waiting(moderator)

    for sent in (
        {"act": "approve"},
        {"act": "decline", "days": "7", "why": "No advertising."},
    ):
        moderator.post("/moderation/first-posts", {**sent, "matter": ids})
        assert waiting(moderator) == []
        undo = "/moderation/first-posts/undo?" + "&".join(f"matter={number}" for number in ids)
        assert moderator.post(undo).status_code == 303
        assert waiting(moderator) == ids

    assert [reader.get(f"/ideas/{idea}").status_code for idea in ideas] == [404, 404]
    posted = {"problem": "Said afterwards.", "action": "post"}
    assert writer.post("/ideas/new", posted).status_code == 303
    assert sign_in(newcomers[1]).post("/ideas/new", posted).status_code == 403
    follow(app)
    assert len(waiting(moderator)) == 3


def test_nobody_takes_back_what_another_moderator_did(app: Flask, sign_in: SignIn) -> None:
    let_newcomers_wait(app)
    make.idea(app, make.person(app))
    follow(app)
    moderator, other = sign_in(make.moderator(app)), sign_in(make.moderator(app))
    [number] = waiting(moderator)
    moderator.post("/moderation/first-posts", {"act": "approve", "matter": [number]})

    other.post(f"/moderation/first-posts/undo?matter={number}")

    assert waiting(moderator) == []
