"""Logs and figures: enough to run a forum by, and nothing about who did what."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from forum.core.db import transaction
from forum.core.mail import queue_mail
from forum.ops import logs
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
FIELDS = ["event", "id", "level", "method", "ms", "route", "status", "timestamp"]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], list[dict[str, object]]]]:
    """`lines()`: what has been logged since, parsed."""
    logs.configure("INFO")

    def read() -> list[dict[str, object]]:
        return [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    yield read
    logs.configure("ERROR")


def test_a_request_is_one_line_that_names_the_route_and_not_who_or_what(
    app: Flask, sign_in: SignIn, lines: Callable[[], list[dict[str, object]]]
) -> None:
    idea = make.idea(app)
    browser = sign_in(name="Anna Petrova", email="anna@example.org")
    lines()

    browser.post(f"/ideas/{idea}/vote")
    browser.get("/ideas?tag=secret-project")

    logged = [line for line in lines() if line["event"] == "request"]
    assert [line["route"] for line in logged] == ["/ideas/<int:idea_id>/vote", "/ideas"]
    assert set(logged[0]) == {
        "event",
        "id",
        "level",
        "method",
        "ms",
        "route",
        "status",
        "timestamp",
    }
    told = json.dumps(logged)
    assert "Anna" not in told
    assert "anna@" not in told
    assert "secret-project" not in told


def test_a_bug_is_logged_by_its_kind_and_place_without_its_words(
    app: Flask, lines: Callable[[], list[dict[str, object]]]
) -> None:
    try:
        raise ValueError("Anna Petrova wrote this")
    except ValueError:
        logs.log.exception("bug")

    (line,) = lines()
    assert line["error"] == "ValueError"
    assert "test_watching.py" in str(line["frames"])
    assert "Anna" not in json.dumps(line)


def test_a_request_carries_its_id_and_takes_one_over_from_a_proxy(anonymous: Browser) -> None:
    own = anonymous.get("/sign-in").headers["X-Request-Id"]
    taken = anonymous.get("/sign-in", headers={"X-Request-Id": "abc-123"}).headers["X-Request-Id"]
    odd = anonymous.get("/sign-in", headers={"X-Request-Id": 'a" b'}).headers["X-Request-Id"]

    assert len(own) == 16
    assert taken == "abc-123"
    assert odd != 'a" b'


def test_figures_are_for_this_machine_and_administrators_only(
    app: Flask, anonymous: Browser, sign_in: SignIn
) -> None:
    far = {"environ_base": {"REMOTE_ADDR": "10.1.2.3"}}

    near = anonymous.get("/metrics")
    assert (near.status_code, near.headers["Cache-Control"]) == (200, "no-store")
    assert anonymous.get("/metrics", **far).status_code == 404
    assert anonymous.get("/metrics", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 404
    assert sign_in(make.moderator(app)).get("/metrics", **far).status_code == 404
    assert sign_in(make.admin(app)).get("/metrics", **far).status_code == 200


def test_figures_tell_the_length_of_the_log_and_of_the_outbox(
    app: Flask, anonymous: Browser
) -> None:
    make.idea(app)
    with app.app_context(), transaction():
        queue_mail("anna@example.org", "Hello", "Text")

    text = anonymous.get("/metrics").text

    assert "\nforum_mails_waiting 1\n" in text
    assert "\nforum_events 0\n" not in text
    assert "# TYPE forum_events gauge" in text
