"""Each night moderators are shown which ideas probably say the same, and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from forum.core.clock import today
from forum.core.db import db, transaction
from forum.search.follower import catch_up
from forum.search.likely import finding
from forum.search.likely.models import DuplicateRound, LikelyDuplicate
from tests.search.test_finding import hide
from tests.support import make
from tests.support.browser import Browser
from tests.support.together import at_once

SignIn = Callable[..., Browser]
LATE = "The invoices of our suppliers wait for weeks because nobody approves the payment."
TWIN = "Invoices of suppliers wait weeks: nobody approves their payment on time."

OTHERS = (
    "There is no room for bicycles at the gate.",
    "The canteen closes before the late shift ends.",
    "Badges stop working after a holiday.",
    "Nobody knows who orders paper for the printer.",
    "Trucks block the ramp every Monday morning.",
    "The training room has no projector cable.",
    "Passwords expire while people are travelling.",
    "Samples from the laboratory arrive unlabelled.",
    "The map of emergency exits shows the old building.",
)


@pytest.fixture
def twins(app: Flask) -> tuple[int, int]:
    """Two ideas that say the same among some that do not."""
    first = make.idea(app, title="Late invoices", problem=LATE)
    for words in OTHERS:
        make.idea(app, problem=words)
    second = make.idea(app, title="Payment of invoices takes weeks", problem=TWIN)
    catch_up(app)
    return first, second


def sweep(app: Flask) -> int:
    with app.app_context():
        return finding.sweep()


def found(app: Flask) -> list[tuple[int, int]]:
    with app.app_context():
        return [(p.first_id, p.second_id) for p in db.session.scalars(select(LikelyDuplicate))]


def another_night(app: Flask) -> None:
    """The round was yesterday's."""
    with app.app_context(), transaction():
        db.session.scalars(select(DuplicateRound)).one().day = today() - timedelta(days=2)


def listed(browser: Browser) -> list[str]:
    return [e["data-pair"] for e in browser.page("/moderation/duplicates").all(data_pair=True)]


def test_a_pair_is_found_with_the_words_that_made_it(
    app: Flask, twins: tuple[int, int], sign_in: SignIn
) -> None:
    assert sweep(app) == 11
    browser = sign_in(make.moderator(app))

    assert twins in found(app)
    page = browser.page("/moderation/duplicates")
    first = page.all("li", data_pair=True)[0]
    assert "Late invoices" in first.text
    words = page.all("span", data_words=True)[0].text
    assert "invoices" in words
    assert "weeks" in words
    assert browser.page("/moderation").one("a", href="/moderation/duplicates")
    merge = page.one("a", href=f"/ideas/{twins[1]}/merge?with={twins[0]}")
    offered = browser.page(merge["href"])
    assert offered.one("input", id=f"with-{twins[0]}", checked=True)


def test_a_round_ends_and_the_next_looks_only_at_what_is_new(
    app: Flask, twins: tuple[int, int]
) -> None:
    assert [sweep(app), sweep(app)] == [11, 0]
    another_night(app)
    assert sweep(app) == 0
    another_night(app)
    third = make.idea(app, title="Suppliers' invoices", problem=LATE)
    catch_up(app)

    assert sweep(app) == 1
    assert (twins[0], third) in found(app)


def test_a_round_that_was_interrupted_goes_on_where_it_stopped(
    app: Flask, twins: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "BATCH", 4)
    monkeypatch.setattr(finding, "SPENT", -1.0)

    assert [sweep(app) for _minute in range(4)] == [4, 4, 3, 0]
    assert twins in found(app)


def test_two_sweeps_at_once_keep_each_pair_once(app: Flask, twins: tuple[int, int]) -> None:
    at_once([lambda: sweep(app), lambda: sweep(app)])

    assert found(app).count(twins) == 1


def test_what_was_said_not_to_be_the_same_stays_said(
    app: Flask, twins: tuple[int, int], sign_in: SignIn
) -> None:
    sweep(app)
    browser = sign_in(make.moderator(app))
    pairs = listed(browser)

    browser.post(f"/moderation/duplicates/{pairs[0]}/dismiss")
    assert listed(browser) == pairs[1:]
    another_night(app)
    with app.app_context(), transaction():
        db.session.scalars(select(DuplicateRound)).one().began_at = make.ago(days=9)
    sweep(app)
    assert listed(browser) == pairs[1:]

    browser.post(f"/moderation/duplicates/{pairs[0]}/take-back")
    assert listed(browser) == pairs


@pytest.mark.parametrize("gone", ["merged", "hidden", "declined"])
def test_what_cannot_be_merged_any_more_is_listed_no_more(
    app: Flask, twins: tuple[int, int], sign_in: SignIn, gone: str
) -> None:
    sweep(app)
    browser = sign_in(make.moderator(app))
    assert listed(browser)

    if gone == "merged":
        make.merge(app, *twins)
    elif gone == "hidden":
        hide(app, twins[1])
    else:
        make.decide(app, twins[1], "decline")

    assert listed(browser) == []
    assert "Nothing waits here" in browser.page("/moderation/duplicates").text


def test_nobody_else_sees_the_list(app: Flask, twins: tuple[int, int], sign_in: SignIn) -> None:
    sweep(app)
    with app.app_context():
        pair = db.session.scalars(select(LikelyDuplicate.id)).first()

    browser = sign_in()

    assert browser.get("/moderation/duplicates").status_code in (403, 404)
    assert browser.post(f"/moderation/duplicates/{pair}/dismiss").status_code in (403, 404)


def test_what_was_moved_by_a_merge_is_found_under_the_parent(app: Flask, sign_in: SignIn) -> None:
    parent = make.idea(app, title="The one that stays")
    child = make.idea(app, title="Zeppelins", problem="We need zeppelins for the parcels.")
    said = make.comment(app, child, body="A xylophone would be louder.")
    catch_up(app)
    make.merge(app, parent, child)
    catch_up(app)
    browser = sign_in()

    def urls(words: str) -> list[str]:
        answer = browser.json("/search", query_string={"q": words, "kind": "comment"})
        return [hit["url"] for hit in answer["hits"]]

    assert urls("xylophone") == [f"/ideas/{parent}#comment-{said}"]
    assert [url.split("#")[0] for url in urls("zeppelins parcels")] == [f"/ideas/{parent}"]

    make.unmerge(app, child)
    catch_up(app)
    assert urls("xylophone") == [f"/ideas/{child}#comment-{said}"]
    assert urls("zeppelins parcels") == []
