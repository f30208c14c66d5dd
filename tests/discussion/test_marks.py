"""Comments that are more than words: official updates, questions, sides."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.departments.membership import place
from forum.departments.merging import merge
from forum.departments.models import Department
from forum.discussion.models import Comment
from tests.discussion.talks import about_an_idea
from tests.discussion.test_threads import shown
from tests.notifications.inboxes import catch_up, follow, news_of
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document


def say(browser: Browser, idea: int, body: str = "Words.", **fields: object) -> int:
    """Comment, and the comment's id."""
    sent = {"body": body, "more": "1", **fields}
    return int(browser.post(f"/ideas/{idea}/comments", sent).location.rpartition("-")[2])


def button(page: Document, address: str) -> str:
    """The address, which a button of the page posts to."""
    return str(page.all("button", formaction=address)[0]["formaction"])


def signs(page: Document, comment_id: int) -> list[str]:
    """What a comment is marked as."""
    place = page.one("li", data_comment=comment_id)
    return [each.text for each in page.all("span", class_="sign") if place in each.inside]


def test_more_is_folded_away_and_offers_official_updates_only_to_who_speaks(app, sign_in) -> None:
    author = make.person(app)
    idea = make.idea(app, author)

    for person, speaks in ((author, True), (make.moderator(app), True), (make.person(app), False)):
        page = sign_in(person).page(f"/ideas/{idea}")
        more = page.one("details", class_="comment-more")
        assert "open" not in more
        assert bool(page.all("input", name="official")) is speaks


def test_who_answers_for_the_owner_department_speaks_too(app, sign_in) -> None:
    owner, representative = make.represented(app)
    idea = make.idea(app)
    make.decide(app, idea, owner_id=owner)

    assert sign_in(representative).page(f"/ideas/{idea}").all("input", name="official")
    said = say(sign_in(representative), idea, "The new form is printed.", official="1")

    assert "Official update" in signs(sign_in().page(f"/ideas/{idea}"), said)


def test_an_official_update_stands_apart_and_can_be_undone(app, sign_in) -> None:
    author = make.person(app)
    idea = make.idea(app, author)
    browser = sign_in(author)

    said = say(browser, idea, "We begin on Monday.", official="1")
    page = browser.page(f"/ideas/{idea}")
    assert "We begin on Monday." in page.one("section", class_="official-update").text
    assert signs(page, said) == ["Official update"]

    browser.post(button(page, f"/comments/{said}/plain"))
    page = browser.page(f"/ideas/{idea}")
    assert not page.all("section", class_="official-update")
    assert "We begin on Monday." in page.text


def test_nobody_else_makes_their_words_official(app, sign_in) -> None:
    idea = make.idea(app)
    stranger, mine = sign_in(), make.person(app)
    own = make.comment(app, idea, mine)

    sent = {"body": "I decide here.", "more": "1", "official": "1"}
    assert stranger.post(f"/ideas/{idea}/comments", sent).status_code == 403
    assert sign_in(mine).post(f"/comments/{own}/official").status_code == 403
    assert sign_in(mine).post(f"/comments/{own}/edit", sent).status_code == 403
    # Nor does a moderator make the words of somebody official who does not speak for the idea.
    assert sign_in(make.moderator(app)).post(f"/comments/{own}/official").status_code == 403


def test_a_moderator_takes_the_mark_of_another_and_gives_it_back(app, sign_in) -> None:
    author, moderator = make.person(app), sign_in(make.moderator(app))
    idea = make.idea(app, author)
    said = say(sign_in(author), idea, official="1")

    moderator.post(f"/comments/{said}/plain")
    assert signs(moderator.page(f"/ideas/{idea}"), said) == []

    moderator.post(f"/comments/{said}/official")
    assert signs(moderator.page(f"/ideas/{idea}"), said) == ["Official update"]
    assert sign_in().post(f"/comments/{said}/plain").status_code == 403


def test_followers_hear_of_an_official_update_as_such(app, sign_in) -> None:
    author, follower, moderator = make.person(app), make.person(app), make.moderator(app)
    idea = make.idea(app, author)
    follow(app, idea, follower)

    say(sign_in(moderator), idea, "It is decided on Friday.", official="1")
    catch_up(app)

    assert news_of(app, follower) == news_of(app, author) == ["official"]
    text = sign_in(follower).page("/notifications").text
    assert "Official update by" in text


def test_a_comment_made_official_later_is_news_again_unless_it_is_plain_by_then(
    app, sign_in
) -> None:
    author, follower = make.person(app), make.person(app)
    idea = make.idea(app, author)
    follow(app, idea, follower)
    first, second = make.comment(app, idea, author), make.comment(app, idea, author)
    catch_up(app)
    browser = sign_in(author)

    browser.post(f"/comments/{first}/official")
    browser.post(f"/comments/{second}/official")
    browser.post(f"/comments/{second}/plain")
    catch_up(app)

    assert news_of(app, follower) == ["commented-followed"] * 2 + ["official"]


def test_open_questions_are_counted_narrowed_to_and_resolved(app, sign_in) -> None:
    author, asker = make.person(app), make.person(app)
    idea = make.idea(app, author)
    asked = say(sign_in(asker), idea, "Who prints it?", question="1")
    make.comment(app, idea, body="Something else")
    browser = sign_in(author)

    page = browser.page(f"/ideas/{idea}")
    way = next(a for a in page.all("a") if a.text == "1 open question")
    assert shown(browser.page(way["href"])) == [asked]
    assert signs(page, asked) == ["Open question"]

    browser.post(f"/comments/{asked}/resolve")
    page = browser.page(f"/ideas/{idea}")
    assert signs(page, asked) == ["Resolved question"]
    assert not [a for a in page.all("a") if "open question" in a.text]

    browser.post(button(page, f"/comments/{asked}/reopen"))
    assert signs(browser.page(f"/ideas/{idea}"), asked) == ["Open question"]


def test_the_asker_hears_who_resolved_their_question(app, sign_in) -> None:
    author, asker = make.person(app), make.person(app)
    idea = make.idea(app, author)
    asked = say(sign_in(asker), idea, "Who prints it?", question="1")

    sign_in(author).post(f"/comments/{asked}/resolve")
    catch_up(app)

    assert news_of(app, asker) == ["resolved"]


def test_only_the_asker_the_author_and_moderators_resolve(app, sign_in) -> None:
    author, asker = make.person(app), make.person(app)
    idea = make.idea(app, author)
    asked = say(sign_in(asker), idea, "Who prints it?", question="1")
    plain = make.comment(app, idea, asker)

    assert sign_in().post(f"/comments/{asked}/resolve").status_code == 403
    assert sign_in(asker).post(f"/comments/{plain}/resolve").status_code == 403
    for person in (asker, author, make.moderator(app)):
        assert sign_in(person).post(f"/comments/{asked}/resolve").status_code == 303
        assert sign_in(person).post(f"/comments/{asked}/reopen").status_code == 303


def test_a_standards_questions_are_resolved_as_well(app, sign_in) -> None:
    number = standards.in_force(app)
    browser = sign_in()

    sent = {"body": "Who signs?", "more": "1", "question": "1", "side": "works"}
    where = browser.post(f"/standards/{number}/comments", sent).location
    asked = int(where.rpartition("-")[2])

    page = browser.page(f"/standards/{number}")
    assert signs(page, asked) == ["Open question"]
    assert not page.all("input", name="side")


def sided(app: Flask, sign_in, idea: int, home: int | None, side: str) -> int:
    person = make.person(app, department=home)
    return say(sign_in(person), idea, "Because it is so.", side=side)


def sides_told(page: Document) -> str:
    """The head's line of sides, in words."""
    return " ".join(page.one("dl", class_="sides").text.split())


def test_sides_are_counted_by_department_and_by_person_where_they_last_stood(app, sign_in) -> None:
    finance, it = make.department(app, "Finance", code="FIN"), make.department(app, code="IT")
    idea = make.idea(app)
    for home, side in ((finance, "works"), (finance, "works"), (it, "breaks")):
        sided(app, sign_in, idea, home, side)
    turning = sign_in(make.person(app, department=it))
    say(turning, idea, "It breaks the night run.", side="breaks")
    say(turning, idea, "Solved, it works now.", side="works")

    page = turning.page(f"/ideas/{idea}")

    assert "Works for us 3" in sides_told(page)
    assert "Breaks for us 1" in sides_told(page)
    way = next(a for a in page.all("a", class_="sign") if "Breaks for us" in a.text)
    assert len(shown(turning.page(way["href"]))) == 2


def test_a_side_belongs_to_the_department_of_its_day(app, sign_in) -> None:
    finance, it = make.department(app, code="FIN"), make.department(app, code="ITX")
    idea, person = make.idea(app), make.person(app, department=finance)
    browser = sign_in(person)
    said = say(browser, idea, "So we lose a day.", side="breaks")
    with app.app_context():
        with transaction():
            place(None, person, it)
        assert db.session.get_one(Person, person).department_id == it
    browser.post(
        f"/comments/{said}/edit", {"body": "So we lose two days.", "more": "1", "side": "breaks"}
    )

    assert "FIN" in sides_told(browser.page(f"/ideas/{idea}"))


def test_an_edit_that_knows_no_marks_leaves_them_alone(app, sign_in) -> None:
    idea, browser = make.idea(app), sign_in()
    said = say(browser, idea, "Who pays?", question="1", side="breaks")

    browser.post(f"/comments/{said}/edit", {"body": "Who pays for it?"})
    assert signs(browser.page(f"/ideas/{idea}"), said) == ["Open question", "Breaks for us"]

    browser.post(f"/comments/{said}/edit", {"body": "Who pays for it?", "more": "1", "side": ""})
    assert signs(browser.page(f"/ideas/{idea}"), said) == []


def test_a_consultant_reads_the_sides_of_other_departments_as_one_number(app, sign_in) -> None:
    finance, it = make.department(app, code="FIN"), make.department(app, code="ITX")
    idea = make.idea(app, departments=[finance])
    for home in (finance, it, it):
        sided(app, sign_in, idea, home, "works")
    consultant = make.person(app, kind="consultant", attached=[finance])

    told = sides_told(sign_in(consultant).page(f"/ideas/{idea}"))

    assert "FIN" in told
    assert "ITX" not in told
    assert "others: 2" in told


def test_deleted_comments_take_no_side_and_ask_nothing(app, sign_in) -> None:
    idea, browser = make.idea(app), sign_in()
    said = say(browser, idea, "Who pays?", question="1", side="breaks")

    browser.post(f"/comments/{said}/delete")

    assert not browser.page(f"/ideas/{idea}").all("div", class_="thread-head")


@pytest.mark.parametrize("show", ["nonsense", "works' OR 1=1", ""])
def test_an_unknown_narrowing_shows_everything(app, sign_in, show) -> None:
    idea = make.idea(app)
    said = make.comment(app, idea)

    assert shown(sign_in().page(f"/ideas/{idea}?show={show}")) == [said]


def test_a_merged_department_keeps_its_sides(app, sign_in) -> None:
    finance, heir = make.department(app, code="FIN"), make.department(app, code="NEW")
    idea = make.idea(app)
    sided(app, sign_in, idea, finance, "works")
    with app.app_context():
        admin = db.session.get_one(Person, make.admin(app))
        merge(admin, db.session.get_one(Department, finance), db.session.get_one(Department, heir))

    assert "FIN" in sides_told(sign_in().page(f"/ideas/{idea}"))


@pytest.mark.parametrize("length", [5, 500])
def test_a_long_marked_talk_costs_the_same(app, sign_in, queries, length) -> None:
    thread = about_an_idea(app, length)
    home = make.department(app)
    with app.app_context(), transaction():
        values = {"side": "works", "question": "open", "side_department_id": home}
        db.session.execute(update(Comment).values(**values))
        official = update(Comment).where(Comment.id == thread.ids[-1])
        db.session.execute(official.values(official_at=make.ago()))
    browser = sign_in()
    browser.get(thread.url)

    # The reader, the idea, its departments, its steps, its support, its standards, what is related;
    # the comments, what is marked, the sides, the newest official update.
    with queries(10):
        browser.get(thread.url)
