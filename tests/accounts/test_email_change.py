"""Another e-mail address counts once both have agreed."""

from __future__ import annotations

import pytest

from tests.accounts.recovering import NEW, OLD, can_sign_in, letters, send
from tests.support import make
from tests.support.browser import Browser
from tests.support.together import at_once


def ask_for(app, vera, email="vera.new@example.org"):
    """Ask for another address and give the two links, by whom they went to."""
    browser = Browser(app)
    browser.enter_as(vera)
    answer = browser.post("/settings/email", {"email": email, "current_password": OLD})
    assert answer.status_code == 303
    return {to: path for to, path, _text in letters(app)}


def test_a_new_address_counts_once_both_have_agreed(app, vera, mailing):
    links = ask_for(app, vera)

    first = send(Browser(app), links["vera.new@example.org"])
    half = can_sign_in(app, OLD, "vera.new@example.org")
    second = send(Browser(app), links["vera@example.org"])

    assert [first.status_code, second.status_code] == [200, 200]
    assert not half
    assert can_sign_in(app, OLD, "vera.new@example.org")
    assert not can_sign_in(app, OLD, "vera@example.org")


def test_both_links_opened_at_once_make_one_change(app, vera, mailing):
    links = ask_for(app, vera)
    browsers = [Browser(app), Browser(app)]
    for browser, path in zip(browsers, links.values(), strict=True):
        browser.get(path)

    at_once([lambda b=b, p=p: b.post(p) for b, p in zip(browsers, links.values(), strict=True)])

    assert can_sign_in(app, OLD, "vera.new@example.org")


def test_opening_a_link_alone_agrees_to_nothing(app, vera, mailing):
    for path in ask_for(app, vera).values():
        assert Browser(app).get(path).status_code == 200

    assert can_sign_in(app, OLD, "vera@example.org")


def test_a_later_wish_ends_the_earlier_one(app, vera, mailing):
    first = ask_for(app, vera, "first@example.org")
    ask_for(app, vera, "second@example.org")

    assert Browser(app).get(first["first@example.org"]).status_code == 410


def test_an_address_taken_meanwhile_is_a_conflict(app, vera, mailing):
    links = ask_for(app, vera)
    make.person(app, email="vera.new@example.org")
    send(Browser(app), links["vera@example.org"])

    answer = send(Browser(app), links["vera.new@example.org"])

    assert answer.status_code == 409
    assert can_sign_in(app, OLD, "vera@example.org")


def test_a_new_password_ends_the_wish_for_another_address(app, vera, mailing):
    links = ask_for(app, vera)
    browser = Browser(app)
    browser.enter_as(vera)

    browser.post("/settings/password", {"current_password": OLD, "password": NEW})

    assert [Browser(app).get(path).status_code for path in links.values()] == [410, 410]


def test_links_to_an_old_address_end_when_an_administrator_corrects_it(app, vera, mailing):
    links = list(ask_for(app, vera).values())
    send(Browser(app), "/password-reset", email="vera@example.org")
    links.append(letters(app)[-1][1])
    admin = Browser(app)
    admin.enter_as(make.admin(app))

    answer = admin.post(
        f"/admin/people/{vera}",
        {"name": "Vera", "email": "corrected@example.org", "role": "employee", "kind": "staff"},
    )

    assert answer.status_code == 303
    assert [Browser(app).get(path).status_code for path in links] == [410, 410, 410]


@pytest.mark.parametrize(
    ("email", "password"),
    [("vera.new@example.org", "wrong wrong"), ("nonsense", OLD), ("vera@example.org", OLD)],
)
def test_a_wish_that_cannot_be_is_refused(app, vera, mailing, email, password):
    browser = Browser(app)
    browser.enter_as(vera)

    answer = browser.post("/settings/email", {"email": email, "current_password": password})

    assert answer.status_code == 422
    assert letters(app) == []
