"""A thank-you that hurts: whoever reads it flags it, moderators hide it, a private one too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.moderation import sweeps
from forum.moderation.models import Matter
from forum.thanks.models import Thanks
from tests.moderation.acts import decide, flag, matters, news
from tests.moderation.test_reach import limited
from tests.notifications.inboxes import news_of, unread
from tests.support import make
from tests.support.browser import Browser
from tests.thanks.saying import switch, tell, thank

SignIn = Callable[..., Browser]
WORDS = "Thank you for being late only twice."
FLAGS = "/moderation?queue=flags"


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    switch(app, "thanks")


def is_hidden(app: Flask, number: int) -> bool:
    with app.app_context():
        return db.session.get_one(Thanks, number).hidden_at is not None


@pytest.mark.parametrize("private", [False, True])
def test_who_is_thanked_flags_a_line_and_a_moderator_hides_it(
    app: Flask, sign_in: SignIn, private: bool
) -> None:
    author, thanked = make.person(app), make.person(app)
    number = thank(app, author, people=[thanked], why=WORDS, private=private)
    tell(app)
    browser, moderator = sign_in(thanked), sign_in(make.moderator(app))
    assert (WORDS in moderator.get("/thanks").text) is not private
    assert browser.page(f"/thanks/{number}").all("a", href=f"/thanks/{number}/flag")
    assert ("Moderators will read it" in browser.get(f"/thanks/{number}/flag").text) is private

    done = browser.post(f"/thanks/{number}/flag", {"reason": "rude"})

    assert done.location == f"/thanks/{number}"
    row = moderator.page(FLAGS).one("article", data_matter=True)
    assert WORDS in row.text
    matter = int(row["data-matter"])
    page = moderator.page(f"/moderation/matters/{matter}")
    assert WORDS in page.text
    for link in page.all("a", href=f"/thanks/{number}"):
        assert moderator.get(link["href"]).status_code == 200
    assert (WORDS in moderator.get("/thanks").text) is not private

    assert decide(moderator, matter, "hidden", "It mocks a colleague.") == 303

    assert browser.get(f"/thanks/{number}").status_code == 404
    assert WORDS not in browser.get("/thanks").text
    assert matters(app)[-1][1:] == ("closed", "hidden")
    told = [each for each in news(app, sign_in(author)) if "hidden your thank-you" in each]
    assert len(told) == 1
    assert "It mocks a colleague." in told[0]
    assert not [each for each in news(app, browser) if WORDS in each]


def test_a_decision_on_it_is_taken_back_and_nothing_is_deleted(app: Flask, sign_in: SignIn) -> None:
    number = thank(app, make.person(app), people=[make.person(app)], why=WORDS)
    matter = flag(app, "thanks", number)
    moderator = sign_in(make.moderator(app))
    assert decide(moderator, matter, "deleted") in (409, 422)

    decide(moderator, matter, "hidden")
    assert is_hidden(app, number)
    moderator.post(f"/moderation/matters/{matter}/undo")

    assert not is_hidden(app, number)
    assert decide(moderator, matter, "disagreed") == 303
    assert not is_hidden(app, number)


def test_its_author_hears_no_more_of_hiding_that_was_taken_back(
    app: Flask, sign_in: SignIn
) -> None:
    author = make.person(app)
    matter = flag(app, "thanks", thank(app, author, people=[make.person(app)], why=WORDS))
    browser, moderator = sign_in(author), sign_in(make.moderator(app))
    decide(moderator, matter, "hidden")
    tell(app)
    assert "hidden your thank-you" in browser.page("/notifications").text
    assert unread(app, author) == 1

    moderator.post(f"/moderation/matters/{matter}/undo")

    assert "hidden your thank-you" not in browser.page("/notifications").text
    tell(app)
    assert (news_of(app, author), unread(app, author)) == ([], 0)


def test_a_moderator_of_some_departments_flags_no_private_line(app: Flask, sign_in: SignIn) -> None:
    thanked = make.person(app)
    line = {"people": [thanked], "why": WORDS, "private": True}
    number = thank(app, make.person(app), **line)
    matter = flag(app, "thanks", number, thanked)

    browser = sign_in(limited(app, make.department(app)))

    assert browser.get(f"/moderation/matters/{matter}").status_code == 404
    assert browser.get(f"/thanks/{number}/flag").status_code == 404
    assert sign_in(make.moderator(app)).get(f"/thanks/{number}/flag").status_code == 200


def test_what_moderators_read_of_a_decision_is_true_of_a_thank_you(
    app: Flask, sign_in: SignIn
) -> None:
    thanked = make.person(app)
    line = {"people": [thanked], "why": WORDS, "private": True}
    number = thank(app, make.person(app), **line)
    matter = flag(app, "thanks", number, thanked)
    moderator = sign_in(make.moderator(app))
    page = moderator.page(f"/moderation/matters/{matter}")
    assert "They read it when you hide it." in page.text
    with app.app_context(), transaction():
        db.session.get_one(Thanks, number).hidden_at = now()

    assert decide(moderator, matter, "approved") == 303

    said = moderator.page(FLAGS).text
    assert "Those it is meant for see it again." in said
    assert "Everybody sees it" not in said


def test_who_does_not_read_it_or_wrote_it_does_not_flag_it(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    number = thank(app, author, people=[make.person(app)], why=WORDS, private=True)

    for person, status in ((author, 403), (make.person(app), 404), (make.moderator(app), 404)):
        browser = sign_in(person)
        assert browser.get(f"/thanks/{number}/flag").status_code == status
        assert browser.post(f"/thanks/{number}/flag", {"reason": "rude"}).status_code == status
    assert matters(app) == []


def test_moderators_read_no_private_line_that_nobody_flagged(app: Flask, sign_in: SignIn) -> None:
    author, thanked = make.person(app), make.person(app)
    flagged, other = (
        thank(app, author, people=[thanked], why=f"{WORDS} {n}", private=True) for n in range(2)
    )
    matter = flag(app, "thanks", flagged, thanked)
    moderator = sign_in(make.moderator(app))

    assert f"{WORDS} 0" in moderator.get(f"/moderation/matters/{matter}").text
    for number in (flagged, other):
        assert moderator.get(f"/thanks/{number}").status_code == 404
    assert sign_in().get(f"/moderation/matters/{matter}").status_code == 404


def test_what_its_author_takes_back_waits_for_nobody(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    number = thank(app, author, people=[make.person(app)], why=WORDS)
    matter = flag(app, "thanks", number)

    sign_in(author).post(f"/thanks/{number}/withdraw")
    tell(app)

    with app.app_context():
        assert db.session.get_one(Matter, matter).state == "closed"
    moderator = sign_in(make.moderator(app))
    assert WORDS not in moderator.get(FLAGS).text
    assert moderator.get(f"/moderation/matters/{matter}").status_code == 200


def test_while_the_module_is_off_nothing_is_flagged(app: Flask, sign_in: SignIn) -> None:
    thanked = make.person(app)
    number = thank(app, make.person(app), people=[thanked])
    switch(app)

    assert sign_in(thanked).get(f"/thanks/{number}/flag").status_code == 404


def test_while_the_module_is_off_what_was_flagged_waits_unseen(app: Flask, sign_in: SignIn) -> None:
    thanked = make.person(app)
    line = {"people": [thanked], "why": WORDS, "private": True}
    matter = flag(app, "thanks", thank(app, make.person(app), **line), thanked)
    moderator = sign_in(make.moderator(app))
    switch(app)

    with time_machine.travel(now() + timedelta(days=3), tick=False), app.app_context():
        assert sweeps.remind() == 0, "nobody is reminded of what they cannot open"

    assert not moderator.page(FLAGS).all("article", data_matter=True)
    assert WORDS not in moderator.get(FLAGS).text
    assert moderator.get(f"/moderation/matters/{matter}").status_code == 404
    assert decide(moderator, matter, "hidden") == 404
    switch(app, "thanks")
    assert WORDS in moderator.page(FLAGS).one("article", data_matter=True).text
    assert moderator.get(f"/moderation/matters/{matter}").status_code == 200
