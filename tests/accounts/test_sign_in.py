"""Signing in: who may, how often, and where it leads."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from sqlalchemy import func, select

from forum.accounts import actions, passwords
from forum.accounts.models import Person, PersonSession, SignInFailure
from forum.core.clock import now
from forum.core.db import db
from forum.core.urls import safe_next
from tests.accounts.recovering import OLD as PASSWORD
from tests.support import make, server
from tests.support.browser import Browser
from tests.support.corpora import strings
from tests.support.together import at_once


def try_in(browser, handle="vera@example.org", password=PASSWORD, **fields):
    """Send the sign-in form."""
    if not browser.token:
        browser.get("/sign-in")
    return browser.post("/sign-in", {"email": handle, "password": password, **fields})


@pytest.mark.parametrize("handle", ["vera@example.org", " VERA@Example.ORG ", "4711"])
def test_one_signs_in_by_e_mail_or_staff_number(app, anonymous, vera, handle):
    answer = try_in(anonymous, handle)

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"
    assert anonymous.page("/settings").one("html")["data-person"] == str(vera)


def test_whatever_is_wrong_the_answer_is_the_same(app, anonymous, vera, hashed):
    make.person(app, email="gone@example.org", password_hash=hashed, deactivated_at=now())
    make.person(app, email="new@example.org")

    answers = [
        try_in(anonymous, "vera@example.org", "not the password"),
        try_in(anonymous, "nobody@example.org"),
        try_in(anonymous, "gone@example.org"),
        try_in(anonymous, "new@example.org"),
    ]

    errors = [re.search(r'id="password-error">([^<]*)', a.text).group(1) for a in answers]
    assert {answer.status_code for answer in answers} == {422}
    assert len(set(errors)) == 1


def test_signing_in_starts_a_new_session_with_a_new_token(app, anonymous, vera):
    anonymous.get("/sign-in")
    before = anonymous.token

    try_in(anonymous)
    anonymous.get("/settings")

    assert anonymous.token != before


def test_a_stale_form_is_refused_and_what_was_typed_is_kept_but_for_the_password(anonymous, vera):
    anonymous.get("/sign-in")
    anonymous.token = "of another session"

    answer = try_in(anonymous)

    assert answer.status_code == 400
    assert "vera@example.org" in answer.text
    assert PASSWORD not in answer.text


# --- How often

WRONG = {"email": "vera@example.org", "password": "wrong wrong wrong"}


def test_the_eleventh_wrong_password_has_to_wait_and_so_has_the_right_one(
    anonymous, vera, throttled
):
    answers = [try_in(anonymous, password="wrong wrong wrong") for _ in range(11)]
    right = try_in(anonymous)

    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert right.status_code == 429
    assert 0 < int(right.headers["Retry-After"]) <= 900
    assert "vera@example.org" in right.text


def test_after_the_time_it_names_one_may_try_again(anonymous, vera, throttled):
    for _ in range(11):
        refused = try_in(anonymous, password="wrong wrong wrong")

    with time_machine.travel(now() + timedelta(seconds=int(refused.headers["Retry-After"]))):
        answer = try_in(anonymous)

    assert answer.status_code == 303


def test_trying_while_it_waits_does_not_make_the_wait_longer(app, anonymous, vera, throttled):
    for _ in range(15):
        try_in(anonymous, password="wrong wrong wrong")

    with app.app_context():
        keys = select(SignInFailure.key, func.count()).group_by(SignInFailure.key)
        assert sorted(count for _key, count in db.session.execute(keys)) == [10, 10]


def test_the_right_password_forgets_the_wrong_ones(app, anonymous, vera, throttled):
    for _ in range(9):
        try_in(anonymous, password="wrong wrong wrong")

    try_in(anonymous)
    browser = Browser(app)
    answers = [try_in(browser, password="wrong wrong wrong") for _ in range(10)]

    assert {answer.status_code for answer in answers} == {422}


def test_a_busy_office_behind_one_address_does_not_lock_itself_out(app, anonymous, vera, throttled):
    answers = [try_in(Browser(app)) for _ in range(65)]

    assert {answer.status_code for answer in answers} == {303}


def test_one_address_may_not_try_everybody(app, anonymous, vera, throttled):
    answers = [try_in(anonymous, f"person{i}@example.org") for i in range(61)]

    assert [answer.status_code for answer in answers] == [422] * 60 + [429]
    assert try_in(anonymous).status_code == 429


@pytest.mark.parametrize(
    "handle", ["vera\u200b@example.org", "\u200evera@example.org", "VERA@example.org\u00ad"]
)
def test_invisible_letters_in_a_handle_buy_no_further_guesses(
    app, anonymous, vera, throttled, handle
):
    for _ in range(10):
        try_in(anonymous, password="wrong wrong wrong")

    assert try_in(anonymous, handle, "wrong wrong wrong").status_code == 429


def try_from(app, address, handle):
    """A wrong password from an address."""
    browser = Browser(app)
    browser.client.environ_base["REMOTE_ADDR"] = address
    return try_in(browser, handle, "wrong wrong wrong").status_code


def test_addresses_a_dual_socket_tells_are_counted_one_by_one(app, vera, throttled):
    for i in range(60):
        try_from(app, "::ffff:192.0.2.1", f"person{i}@example.org")

    assert try_from(app, "192.0.2.1", "somebody@example.org") == 429
    assert try_from(app, "::ffff:198.51.100.7", "somebody@example.org") == 422


def test_an_address_of_the_newer_kind_counts_with_its_network(app, vera, throttled):
    for i in range(60):
        try_from(app, f"2001:db8:1:2::{i:x}", f"person{i}@example.org")

    assert try_from(app, "2001:db8:1:2:ffff::1", "somebody@example.org") == 429
    assert try_from(app, "2001:db8:1:3::1", "somebody@example.org") == 422


def test_a_new_password_forgets_the_wrong_ones_typed_before(app, anonymous, vera, throttled):
    for _ in range(11):
        try_in(anonymous, password="wrong wrong wrong")
    with app.app_context():
        person = db.session.get_one(Person, vera)
        actions.set_password(person, passwords.hash_password("a quite new sentence"), by=person)

    assert try_in(Browser(app), password="a quite new sentence").status_code == 303


def test_parallel_guesses_count_exactly(app, vera, throttled):
    browsers = [Browser(app) for _ in range(16)]
    for browser in browsers:
        browser.get("/sign-in")

    answers = at_once([lambda b=b: try_in(b, password="wrong wrong wrong") for b in browsers])

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [422] * 10 + [429] * 6


def test_guesses_in_another_worker_count_too(app, anonymous, vera, throttled):
    from forum.app import create_app

    names = ("DATA_DIR", "DATABASE_URL")
    other = create_app({name: app.config[name] for name in names} | {"TESTING": True})
    browser = Browser(other)

    statuses = [
        try_in(each, password="wrong wrong wrong").status_code
        for each in [anonymous, browser] * 5 + [browser, anonymous]
    ]
    with other.app_context():
        db.session.remove()
        db.engine.dispose()

    assert statuses == [422] * 10 + [429] * 2


GUESSES = """
from forum.app import create_app
from tests.support.browser import Browser
app = create_app()
with app.app_context():
    browser = Browser(app)
    browser.get("/sign-in")
wrong = {"email": "vera@example.org", "password": "wrong wrong wrong"}
print(*[browser.post("/sign-in", wrong).status_code for _ in range(8)])
"""


def test_two_processes_that_guess_at_once_count_together(app, vera, throttled):
    url = app.config["DATABASE_URL"].replace("postgresql+psycopg://", "postgresql://")
    known = server.environment(app.config["DATA_DIR"], url, FORUM_RATE_LIMITS="on")
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", GUESSES],
            env=known,
            cwd=server.ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]

    statuses = [status for each in processes for status in each.communicate()[0].split()]

    assert sorted(statuses) == ["422"] * 10 + ["429"] * 6


# --- Where it leads


def test_a_page_without_a_session_leads_to_sign_in_and_back(anonymous, vera):
    first = anonymous.get("/settings/sessions?x=1&y=2")
    anonymous.get(first.headers["Location"])
    target = urlsplit(first.headers["Location"]).query.removeprefix("next=")

    answer = try_in(anonymous, next="/settings/sessions?x=1&y=2")

    assert first.status_code == 303
    assert target == "/settings/sessions%3Fx%3D1%26y%3D2"
    assert answer.headers["Location"] == "/settings/sessions?x=1&y=2"


OUTSIDE = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/%0d%0aLocation: //evil.example",
    "http:evil.example",
    "//evil.example/%2f..",
)


def browser_goes(target: str) -> str:
    """Where a browser ends up: it drops tabs and line ends and reads a backslash as a slash."""
    seen = re.sub(r"[\t\r\n]", "", target.strip()).replace("\\", "/")
    return urlsplit(urljoin("http://forum.example/sign-in", seen)).netloc


def test_no_next_leads_off_the_site(data):
    for target in strings(data, "open_redirect.jsonl", OUTSIDE):
        for variant in (target, "/" + target, target.strip("/")):
            assert browser_goes(safe_next(variant)) == "forum.example", variant


def test_signing_in_with_a_hostile_next_stays_on_the_site(app, anonymous, vera, data):
    anonymous.get("/sign-in")
    for target in strings(data, "open_redirect.jsonl", OUTSIDE)[:60]:
        location = try_in(Browser(app), next=target).headers["Location"]
        assert browser_goes(location) == "forum.example", target


# --- What was typed


def test_a_form_sent_without_a_session_is_kept_and_shown_filled_after_signing_in(anonymous, vera):
    typed = {"title": "Late invoices", "problem": "Счета приходят поздно.\nКаждый месяц."}
    refused = anonymous.post("/ideas/new", typed)
    carried = re.search(r'name="carried" value="([^"]*)"', refused.text).group(1)

    filled = try_in(anonymous, carried=carried.replace("&#34;", '"'))

    assert refused.status_code == 401
    assert 'name="password"' in refused.text
    assert filled.status_code == 200
    assert 'action="/ideas/new"' in filled.text
    for value in typed.values():
        assert value in filled.text
    assert anonymous.post("/settings/theme", {"theme": "dark"}).status_code == 303


def test_up_to_200_000_bytes_are_carried_and_more_are_not(app, vera):
    small, large = Browser(app), Browser(app)

    kept = small.post("/ideas/new", {"problem": "я" * 99_000})
    lost = large.post("/ideas/new", {"problem": "я" * 101_000})

    assert "я" * 99_000 in kept.text
    assert lost.status_code == 401
    assert 'name="carried"' not in lost.text
    carried = json.dumps(["/ideas/new", [["problem", "я" * 99_000]]], ensure_ascii=False)
    assert "я" * 99_000 in try_in(small, carried=carried).text


@pytest.mark.parametrize(
    "carried", ["[", "[" * 5000, "[1]", '["//evil.example", [["a", "b"]]]', "null", '["/", {}]']
)
def test_a_damaged_or_forged_carried_form_leads_nowhere(anonymous, vera, carried):
    answer = try_in(anonymous, carried=carried)

    assert answer.status_code in (200, 303)
    assert "evil" not in answer.text


def test_json_is_told_in_json(anonymous):
    answer = anonymous.get("/settings", headers={"Accept": "application/json"})

    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["status"] == 401


def test_json_is_told_to_wait_in_json(app, anonymous, vera, throttled):
    for _ in range(10):
        try_in(anonymous, password="wrong wrong wrong")

    answer = anonymous.post("/sign-in", WRONG, headers={"Accept": "application/json"})

    assert answer.status_code == 429
    assert answer.mimetype == "application/problem+json"
    assert int(answer.headers["Retry-After"]) > 0


def test_signing_in_by_form_reveals_no_session_secret_in_the_database(app, anonymous, vera):
    try_in(anonymous)

    with anonymous.client.session_transaction() as cookie:
        key = cookie["_user_id"]
    with app.app_context():
        stored = db.session.scalars(select(PersonSession.token_hash)).one()
    assert stored not in key
    assert key.partition(".")[2] not in stored


def test_odd_handles_are_wrong_and_never_a_fault(anonymous, data):
    odd = ("\x00", "a\x00b", "x" * 5000, "a@b@c", "é@пример.рф", "@", "%00", "\ud7ff")
    for handle in [*odd, *strings(data, "emails_valid_invalid.jsonl", ())[:150]]:
        assert try_in(anonymous, handle or " ").status_code == 422, handle
