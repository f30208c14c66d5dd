"""Who voted changes nothing that anybody but the voter is told, nor any line of the log."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask

from forum.ops import logs
from tests.leaks.company import Company
from tests.leaks.told import Told, differences, everything
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
READERS = ("author", "stranger", "admin")
VOTERS = (("fritz", "gerda", "hugo"), ("gerda", "fritz", "irma"))


def told_to(
    who: str, app: Flask, company: Company, sign_in: SignIn, database: str
) -> dict[str, Told]:
    """All that a reader is told, the pages of all who voted in either company included."""
    company.open["person_id"] = [company.people[key] for key in sorted({*VOTERS[0], *VOTERS[1]})]
    return everything(app, company, sign_in(company.people[who]), database)


def test_pages_do_not_depend_on_who_voted(
    app: Flask, build, sign_in: SignIn, database: str
) -> None:
    told = []
    for voters in VOTERS:
        company = build(having=(), voters=voters)
        told.append({who: told_to(who, app, company, sign_in, database) for who in READERS})

    for who in READERS:
        found = differences(*(each[who] for each in told))
        assert not found, f"{who} is told who voted:\n{found}"


def test_the_log_does_not_tell_who_voted(
    app: Flask, sign_in: SignIn, capfd: pytest.CaptureFixture[str]
) -> None:
    idea = make.idea(app)
    browsers = [sign_in(name=name) for name in ("Fritz Canary", "Gerda Canary")]
    logs.configure("INFO")
    try:
        lines = [_lines_of_voting(browser, idea, capfd) for browser in browsers]
    finally:
        logs.configure("ERROR")

    assert lines[0]
    assert lines[0] == lines[1]
    assert "Canary" not in str(lines)


def _lines_of_voting(
    browser: Browser, idea: int, capfd: pytest.CaptureFixture[str]
) -> list[dict[str, object]]:
    capfd.readouterr()
    for act in ("vote", "unvote", "vote"):
        assert browser.post(f"/ideas/{idea}/{act}").status_code == 303
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line[:1] == "{"]
    own = {"id", "ms", "timestamp"}
    return [{name: line[name] for name in line if name not in own} for line in lines]


def test_voters_find_their_own_vote_and_nobody_elses(app: Flask, sign_in: SignIn) -> None:
    voter, other = make.person(app), make.person(app)
    idea = make.idea(app)
    make.vote(app, idea, voter)

    mine = sign_in(voter).json("/settings/data.json")["ideas"]["votes"]
    theirs = sign_in(other).json("/settings/data.json")["ideas"]["votes"]

    assert [row["idea_id"] for row in mine] == [idea]
    assert theirs == []
