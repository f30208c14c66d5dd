"""A long discussion, a page of it at a time: nothing is lost, nothing comes twice, links arrive."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from forum.core.db import db, transaction
from forum.discussion.models import Comment
from forum.discussion.queries import PAGE
from forum.ideas import stages
from forum.ideas.models import Idea, StageChange
from forum.search.follower import catch_up
from tests.discussion.talks import BEGUN, about_a_standard, about_an_idea, talk
from tests.imports.files import load
from tests.notifications.inboxes import catch_up as tell
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document

SAID_EARLIER = "Said earlier: see it in its place"
LONG = 2 * PAGE + PAGE // 2


SUBJECTS = pytest.mark.parametrize(
    "about", [about_an_idea, about_a_standard], ids=["idea", "standard"]
)


def shown(page: Document) -> list[int]:
    """The comments of a page, in its order."""
    return [int(each["data-comment"]) for each in page.all("li", data_comment=True)]


def link(page: Document, words: str) -> str:
    """The address of the link with these words, empty when there is none."""
    found = [each["href"] for each in page.all("a") if each.text.split(" (")[0].strip() == words]
    assert len(found) < 2
    return found[0] if found else ""


def walk(browser: Browser, address: str, words: str) -> list[list[int]]:
    """The comments of a page and of those its link leads to, page by page."""
    pages = []
    while address:
        page = browser.page(address)
        pages.append(shown(page))
        address = link(page, words)
    return pages


@SUBJECTS
def test_a_page_has_the_newest_and_leads_back_to_all_others(app, sign_in, about) -> None:
    thread = about(app, LONG)

    pages = walk(sign_in(), thread.url, "Earlier comments")

    assert pages[0] == thread.ids[-PAGE:]
    assert [each for page in reversed(pages) for each in page] == thread.ids


@SUBJECTS
def test_a_talk_is_read_from_its_beginning(app, sign_in, about) -> None:
    thread, browser = about(app, LONG), sign_in()
    newest = browser.page(thread.url)
    assert not link(newest, "Later comments")

    pages = walk(browser, link(newest, "From the beginning"), "Later comments")

    assert pages[0] == thread.ids[:PAGE]
    assert pages[-1] == shown(newest)
    assert sorted({each for page in pages for each in page}) == thread.ids
    first = browser.page(link(newest, "From the beginning"))
    assert not link(first, "Earlier comments")
    assert shown(browser.page(link(first, "Newest comments"))) == pages[-1]


@SUBJECTS
@pytest.mark.parametrize("count", [0, 1, PAGE])
def test_a_talk_that_fits_has_no_pages(app, sign_in, about, count) -> None:
    thread = about(app, count)

    page = sign_in().page(thread.url)

    assert shown(page) == thread.ids
    for words in ("Earlier comments", "From the beginning", "Later comments", "Newest comments"):
        assert not link(page, words)


@SUBJECTS
def test_the_address_of_every_comment_leads_to_it(app, sign_in, about) -> None:
    thread, browser = about(app, LONG), sign_in()
    edges = (0, 1, PAGE // 2, PAGE, LONG - PAGE - 1, LONG - PAGE, LONG - 1)

    for comment_id in (thread.ids[place] for place in edges):
        led = browser.get(f"/comments/{comment_id}").location
        assert led.endswith(f"#comment-{comment_id}")
        assert comment_id in shown(browser.page(led))
    newest = browser.get(f"/comments/{thread.ids[-PAGE]}").location
    assert newest == f"{thread.url}#comment-{thread.ids[-PAGE]}"


@SUBJECTS
def test_a_reply_to_something_old_stands_under_it_on_the_newest_page(app, sign_in, about) -> None:
    thread, browser = about(app, LONG), sign_in()
    old = thread.ids[0]

    form = browser.page(f"{thread.url}?reply={old}").one("input", name="parent")
    assert form["value"] == str(old)
    said = browser.post(f"{thread.url}/comments", {"body": "Still so today.", "parent": old})

    page = browser.page(said.location)
    reply = page.one("li", id=said.location.rpartition("#")[2])
    assert page.one("li", data_comment=old) in reply.inside
    assert shown(page) == [old, int(reply["data-comment"]), *thread.ids[-PAGE + 1 :]]
    place = browser.page(link(page, SAID_EARLIER))
    assert shown(place)[0] == old
    assert not link(place, SAID_EARLIER)
    answered = link(place, "There are later replies")
    reply_id = reply["data-comment"]
    assert answered == f"{thread.url}?comment={reply_id}#comment-{reply_id}"
    assert shown(browser.page(answered)) == shown(page)


@SUBJECTS
def test_a_refused_reply_to_something_old_stays_open_with_its_words(app, sign_in, about) -> None:
    thread, browser = about(app, LONG), sign_in()
    long = "Too many words. " * 1000

    refused = browser.post(f"{thread.url}/comments", {"body": long, "parent": thread.ids[0]})

    assert refused.status_code == 422
    page = Document(refused.text)
    assert page.one("input", name="parent")["value"] == str(thread.ids[0])
    assert page.one("textarea", name="body").text.strip() == long.strip()
    for each in page.all("a"):
        if "reply=" in each["href"]:
            assert browser.get(each["href"].partition("#")[0]).status_code == 200
            break
    else:
        raise AssertionError("no other comment can be replied to")


@SUBJECTS
@pytest.mark.parametrize(
    "place",
    [
        "after=99999999",
        "before=0",
        "before=x",
        "after=-1",
        "before=99999999",
        "comment=0",
        f"comment={10**17}",
        "comment={}",
        "reply={}",
    ],
)
def test_a_place_that_is_none_shows_the_newest(app, sign_in, about, place) -> None:
    elsewhere, thread = about_an_idea(app, 1), about(app, LONG)

    page = sign_in().page(f"{thread.url}?{place.format(elsewhere.ids[0])}")

    assert shown(page) == thread.ids[-PAGE:]
    assert not link(page, "Later comments")


def test_search_and_news_lead_to_a_comment_that_is_far_back(app, sign_in) -> None:
    author = make.person(app)
    idea_id = make.idea(app, author)
    comment_id = make.comment(app, idea_id, body="The stamp is locked in a drawer")
    catch_up(app)
    tell(app)
    with app.app_context(), transaction():
        long_ago = update(Comment).values(created_at=make.ago(days=9))
        db.session.execute(long_ago.where(Comment.id == comment_id))
        thread_id = db.session.get_one(Idea, idea_id).thread_id
    talk(app, "", thread_id, PAGE)
    browser = sign_in(author)

    hit = browser.json("/search?q=drawers")["hits"][0]
    news = browser.page("/notifications").all("button", class_="news-title")[0]["formaction"]

    for address in (hit["url"], browser.post(news).location):
        assert address == f"/ideas/{idea_id}?comment={comment_id}#comment-{comment_id}"
        assert comment_id in shown(browser.page(address))


def test_what_happened_is_told_once_between_the_comments_of_its_time(app, sign_in) -> None:
    thread = about_an_idea(app, LONG)
    idea_id = int(thread.url.rpartition("/")[2])
    with app.app_context(), transaction():
        stage = stages.stage_id("review")
        for minute in (0, PAGE, LONG - PAGE, LONG + 5):
            at = make.ago() - BEGUN + timedelta(minutes=minute, seconds=-30)
            db.session.add(
                StageChange(
                    idea_id=idea_id, from_kind="open", to_kind="review", stage_id=stage, at=at
                )
            )
    browser, pages, address = sign_in(), [], thread.url
    while address:
        page = browser.page(address)
        pages.append(len(page.all("li", class_="event")))
        address = link(page, "Earlier comments")

    assert pages == [2, 1, 1]


@SUBJECTS
def test_a_page_stays_small_when_everybody_replies_to_something_else(app, sign_in, about) -> None:
    thread = about(app, 4 * PAGE)
    with app.app_context(), transaction():
        for top, reply in zip(thread.ids[:PAGE], thread.ids[-PAGE:], strict=True):
            db.session.execute(update(Comment).where(Comment.id == reply).values(parent_id=top))

    page = sign_in().page(thread.url)

    assert len(shown(page)) == 2 * PAGE
    assert set(shown(page)) == {*thread.ids[:PAGE], *thread.ids[-PAGE:]}


@SUBJECTS
def test_a_talk_is_paged_by_the_clock_in_whatever_order_it_was_written_down(
    app, sign_in, about
) -> None:
    thread = about(app, LONG)
    with app.app_context(), transaction():
        moments = db.session.scalars(
            select(Comment.created_at)
            .where(Comment.thread_id == thread.thread_id)
            .order_by(Comment.id)
        ).all()
        for comment_id, at in zip(thread.ids, reversed(moments), strict=True):
            moved = update(Comment).where(Comment.id == comment_id).values(created_at=at)
            db.session.execute(moved)
    backwards = thread.ids[::-1]
    browser = sign_in()

    pages = walk(browser, thread.url, "Earlier comments")

    assert [each for page in reversed(pages) for each in page] == backwards
    first = link(browser.page(thread.url), "From the beginning")
    assert walk(browser, first, "Later comments")[0] == backwards[:PAGE]
    led = browser.get(f"/comments/{thread.ids[-1]}").location
    assert led == f"{thread.url}?comment={thread.ids[-1]}#comment-{thread.ids[-1]}"
    assert shown(browser.page(led))[0] == thread.ids[-1]


def test_an_imported_talk_is_read_in_the_order_in_which_it_was_held(app, sign_in, tmp_path) -> None:
    begun = make.ago(days=2)
    said = [
        {
            "id": str(number),
            "author": "Somebody",
            "body": f"Words {number}",
            "created_at": (begun + timedelta(minutes=number)).isoformat(),
            "parent": str(number - 1) if number % 2 else None,
        }
        for number in range(LONG)
    ]
    file = tmp_path / "talk.jsonl"
    file.write_text(json.dumps({"id": "1", "title": "An imported talk", "comments": said}))
    load(app, file)

    with app.app_context():
        idea_id = db.session.scalars(select(Idea.id)).one()

    page = sign_in().page(f"/ideas/{idea_id}")

    told = " ".join(each.text for each in page.all("li", data_comment=True))
    numbers = {int(number) for number in re.findall(r"Words (\d+)", told)}
    first = LONG - PAGE
    first -= first % 2  # what a reply at the beginning replies to comes along
    assert sorted(numbers) == list(range(first, LONG))


@SUBJECTS
@pytest.mark.parametrize("count", [1, LONG])
def test_a_place_in_a_talk_costs_one_query_more(app, sign_in, queries, about, count) -> None:
    thread, browser = about(app, count), sign_in()
    browser.get(thread.url)
    newest = 7 if about is about_an_idea else 9  # its reviews, and what refers to it

    with queries(newest):
        browser.get(thread.url)
    with queries(newest + (1 if count > 1 else 2)):
        browser.get(f"{thread.url}?before={thread.ids[-1]}")
    with queries(newest + 1):
        browser.get(f"{thread.url}?after=0")
    with queries(newest + 1):
        browser.get(f"{thread.url}?comment={thread.ids[0]}")
