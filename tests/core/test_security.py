"""Hosts, headers and caches: what every answer carries, and which requests are refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


@pytest.fixture
def public(app: Flask) -> Iterator[Callable[[str], None]]:
    """`public(address)`: what FORUM_PUBLIC_URL says for this test."""
    before = app.config["PUBLIC_URL"]

    def say(address: str) -> None:
        app.config["PUBLIC_URL"] = address

    yield say
    app.config["PUBLIC_URL"] = before


def _ask(app: Flask, host: str, address: str = "/sign-in", **headers: str) -> int:
    client = app.test_client()
    return client.get(address, headers={"Host": host, **headers}, base_url=None).status_code


@pytest.mark.parametrize(
    "address", ["https://forum.example.org", "https://Forum.example.org:443/", "forum.example.org"]
)
def test_only_the_host_people_use_is_answered(
    app: Flask, public: Callable[[str], None], address: str
) -> None:
    public(address)
    secure = {"base_url": "https://forum.example.org"}

    own = app.test_client().get("/sign-in", **secure).status_code
    strange = [
        _ask(app, host, where)
        for host in ("evil.example", "forum.example.org.evil.example", "127.0.0.1")
        for where in ("/sign-in", "/site.css", "/nothing/here", "/static/css/app.css")
    ]

    assert own == 200
    assert set(strange) == {400}
    assert _ask(app, "10.0.0.7:8000", "/health/live") == 200


def test_a_forwarded_host_counts_for_nothing_without_a_proxy(
    app: Flask, public: Callable[[str], None]
) -> None:
    public("http://forum.example.org")
    own = {"X-Forwarded-Host": "forum.example.org"}

    assert _ask(app, "evil.example", "/sign-in", **own) == 400
    assert _ask(app, "forum.example.org", "/sign-in", **{"X-Forwarded-Host": "evil.example"}) == 200


def test_a_port_that_is_not_the_usual_one_is_part_of_the_host(
    app: Flask, public: Callable[[str], None]
) -> None:
    public("http://forum.example.org:8000")

    assert _ask(app, "forum.example.org:8000") == 200
    assert _ask(app, "forum.example.org") == 400


ABOUT_PEOPLE = re.compile(r"/(admin|people|settings)(/|$)")
OPEN = re.compile(r"<|^/static|^/health|^/metrics|^/styleguide")


def test_pages_about_people_are_stored_nowhere_and_others_only_by_their_reader(
    app: Flask, sign_in: SignIn
) -> None:
    admin = sign_in(make.admin(app))
    plain = [r.rule for r in app.url_map.iter_rules() if "GET" in (r.methods or ())]
    addresses = sorted(rule for rule in plain if not OPEN.search(rule))
    person = make.person(app)
    addresses += [f"/people/{person}", f"/admin/people/{person}", f"/admin/people/{person}/erase"]

    wrong = {}
    for address in addresses:
        answer = admin.client.get(address)
        caching = answer.headers["Cache-Control"]
        private = "no-store" if ABOUT_PEOPLE.match(address) else "private, no-cache"
        if answer.status_code == 200 and caching not in (private, "no-store"):
            wrong[address] = caching
        assert "noindex" in answer.headers["X-Robots-Tag"], address

    assert set(wrong) <= {"/site.css"}, wrong
    assert len(addresses) > 30


def test_a_shared_terminal_keeps_no_page_and_no_picture(app: Flask) -> None:
    person = make.person(app)
    own, shared = Browser(app), Browser(app)
    own.enter_as(person)
    shared.enter_as(person, shared=True)

    caching = {
        name: [browser.get(address).headers["Cache-Control"] for address in ("/", "/ideas")]
        for name, browser in (("own", own), ("shared", shared))
    }

    assert caching == {"own": ["private, no-cache"] * 2, "shared": ["no-store"] * 2}


def test_a_cookie_given_over_https_is_never_sent_without(app: Flask) -> None:
    plain = app.test_client().get("/sign-in", base_url="http://forum.example.org")
    secure = app.test_client().get("/sign-in", base_url="https://forum.example.org")

    cookies = [answer.headers["Set-Cookie"] for answer in (plain, secure)]
    assert ["Secure" in cookie for cookie in cookies] == [False, True]
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)


WITHOUT_COOKIE = re.compile(r"^/(unsubscribe|api)/")
"""The address is a secret itself, or a header carries one."""


def test_no_change_is_taken_without_the_token_of_the_session(app: Flask, sign_in: SignIn) -> None:
    admin, stranger = sign_in(make.admin(app)), Browser(app)
    posts = [rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    addresses = [re.sub(r"<[^>]+>", "1", rule) for rule in posts if not WITHOUT_COOKIE.match(rule)]

    for address in addresses:
        for token in ("", "another session's token"):
            sent = {"data": {"csrf_token": token}, "headers": {"X-CSRF-Token": token}}
            assert admin.client.post(address, **sent).status_code == 400, address
            assert stranger.client.post(address, **sent).status_code in (400, 401, 303), address

    assert len(addresses) > 60


def test_a_file_to_import_is_taken_in_for_those_who_may_bring_one(
    app: Flask, sign_in: SignIn, anonymous: Browser
) -> None:
    content = "name,slug%0AStores,stores%0A" + "+" * 2_000_000
    anonymous.get("/sign-in")

    answers = [
        browser.client.post(
            "/admin/import",
            data=f"kind=departments&content={content}",
            content_type="application/x-www-form-urlencoded",
            headers={"X-CSRF-Token": browser.token},
        )
        for browser in (anonymous, sign_in(), sign_in(make.admin(app)))
    ]

    assert [answer.status_code for answer in answers] == [401, 404, 200]
    assert "Stores" in answers[2].text
