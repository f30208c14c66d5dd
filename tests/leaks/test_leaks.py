"""What a reader may not see changes nothing they are told: every page, count and suggestion equals
that of a forum in which it never was."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from forum.accounts import standing
from forum.accounts.models import Person
from forum.core.db import db
from tests.leaks.company import DRAFTS, ELSEWHERE, SECRETS, Company
from tests.leaks.told import MISSING, Told, address, differences, everything, told
from tests.support.browser import Browser
from tests.support.shares import share, whole

SignIn = Callable[..., Browser]
READERS = {
    "author": {ELSEWHERE},
    "representative": {ELSEWHERE},
    "stranger": {ELSEWHERE},
    "moderator": {SECRETS, ELSEWHERE},
    "consultant": set(),
}
"""Who reads, and what they see of what is hidden from others."""


@pytest.mark.share(3)
@pytest.mark.parametrize(
    "readers",
    [("consultant",), ("author", "representative", "stranger"), ("moderator",)],
    ids=["consultant", "colleagues", "moderator"],
)
def test_everything_reads_as_if_the_hidden_had_never_been(
    app: Flask, build, sign_in: SignIn, readers: tuple[str, ...], database: str
) -> None:
    def told_in(company: Company) -> dict[str, dict[str, Told]]:
        browsers = {who: sign_in(company.people[who]) for who in readers}
        return {who: everything(app, company, browsers[who], database) for who in readers}

    full = told_in(build())
    bare = told_in(build(having=READERS[readers[0]]))

    for who in readers:
        answered = sum(answer.status == 200 for answer in full[who].values())
        assert answered > (60 if whole(database) else 20)
        found = differences(full[who], bare[who])
        assert not found, f"{who} is told of what is hidden:\n{found}"


FORM = {
    "body": "Text",
    "title": "Title",
    "problem": "Problem",
    "answer": "no_effect",
    "decision": "accept",
    "reason": "A reason",
    "outcome": "Better",
    "due": "2027-01-01",
    "why": "Old",
}


def hidden_from(reader: str, company: Company) -> dict[str, list[int | str]]:
    """By argument of a route, what exists and the reader may not see."""
    found: dict[str, list[int | str]] = {}
    for why in {DRAFTS, SECRETS, ELSEWHERE} - READERS[reader]:
        for name, values in company.hidden[why].items():
            found.setdefault(name, []).append(values[-1])
    return found


def questions(
    app: Flask, company: Company, hidden: dict[str, list[int | str]]
) -> Iterator[tuple[str, str, str]]:
    """Method, an address of something hidden, and the same address of something nowhere."""
    for rule in app.url_map.iter_rules():
        for name in sorted(rule.arguments & hidden.keys()):
            for value in hidden[name]:
                known = {n: (company.open.get(n) or [MISSING[n]])[0] for n in rule.arguments}
                there = address(rule, {**known, name: value})
                nowhere = address(rule, {**known, name: MISSING[name]})
                for method in sorted(methods_of(rule)):
                    yield method, there, nowhere


def methods_of(rule: Rule) -> set[str]:
    """The methods a route takes, but for those that only ask about it."""
    return (rule.methods or set()) - {"HEAD", "OPTIONS"}


def test_what_is_hidden_answers_as_what_is_nowhere(
    app: Flask, build, sign_in: SignIn, database: str
) -> None:
    company = build()

    for number, reader in enumerate(READERS):
        browser = sign_in(company.people[reader])
        found = list(questions(app, company, hidden_from(reader, company)))
        assert len(found) > 20
        asked = share(found, database, of=3, start=number % 3)
        for method, there, nowhere in asked:
            form = {"csrf_token": browser.token, **FORM} if method == "POST" else None
            answers = [
                told(browser.client.open(place, method=method, data=form), also=(place,))
                for place in (there, nowhere)
            ]
            assert answers[0] == answers[1], (reader, method, there)
            assert answers[0].status in (403, 404), (reader, method, there, answers[0][:2])


def test_a_form_cannot_name_what_its_sender_may_not_see(app: Flask, build, sign_in: SignIn) -> None:
    company = build()
    consultant, stranger = (sign_in(company.people[who]) for who in ("consultant", "stranger"))
    place = company.hidden[ELSEWHERE]["department_id"][0]
    comment = company.hidden[SECRETS]["comment_id"][0]
    comments = f"/ideas/{company.open['idea_id'][0]}/comments"

    for department in (place, MISSING["department_id"]):
        sent = {"problem": "Late.", "departments": str(department)}
        refused = consultant.post("/ideas/new", sent)
        assert refused.status_code == 422
        assert "Canary" not in refused.text
    answers = {
        told(stranger.post(comments, {"body": "Yes", "parent": str(parent)}))
        for parent in (comment, MISSING["comment_id"])
    }

    assert len({answer.status for answer in answers}) == 1
    suggested = consultant.post("/ideas/suggest-departments", {"problem": "canary warehouse ramp"})
    assert suggested.get_json() == {"departments": []}


def test_a_deactivated_person_is_told_what_a_passer_by_is(
    app: Flask, build, sign_in: SignIn, anonymous: Browser, database: str
) -> None:
    company = build()
    leaver = sign_in(company.people["leaver"])
    assert leaver.get("/ideas").status_code == 200
    with app.app_context():
        admin, person = (
            db.session.get_one(Person, company.people[who]) for who in ("admin", "leaver")
        )
        standing.deactivate(admin, person)

    answers = [everything(app, company, each, database) for each in (leaver, anonymous)]
    found = differences(*answers)

    assert not found, found
    assert leaver.post("/ideas/new", {"problem": "Still here"}).status_code == 401
