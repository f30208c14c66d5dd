"""The trail of privileged actions: for administrators, searchable, exportable, sealed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, text, update

from forum.accounts import standing
from forum.accounts.models import Person
from forum.core import audit
from forum.core.audit import EventAddress
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.events import Event
from forum.moderation import audit_phrases
from forum.moderation.audit_log import privileged
from tests.support import make
from tests.support.browser import Browser
from tests.support.queries import listening

SignIn = Callable[..., Browser]


def acts(browser: Browser, query: str = "") -> list[str]:
    return [row.text for row in browser.page(f"/admin/audit{query}").all("tr", data_event=True)]


def test_every_privileged_type_has_its_words(app: Flask) -> None:
    assert sorted(audit_phrases.PHRASES) == privileged()


def test_administrators_read_who_did_what_and_what_it_was_before(
    app: Flask, sign_in: SignIn
) -> None:
    admin, person = make.admin(app, name="Ada Admin"), make.person(app, name="Peter Promoted")
    with app.app_context():
        standing.set_role(
            db.session.get_one(Person, admin), db.session.get_one(Person, person), "moderator"
        )
    browser = sign_in(admin)

    [line] = acts(browser)

    for words in ("Ada Admin", "A role was given", "Peter Promoted", "employee", "moderator"):
        assert words in line
    for reader in (make.moderator(app), make.person(app)):
        for ending in ("", ".csv", ".json"):
            assert sign_in(reader).get(f"/admin/audit{ending}").status_code == 404


def test_it_is_filtered_by_person_type_day_and_thing(app: Flask, sign_in: SignIn) -> None:
    moderator = sign_in(make.moderator(app, name="Mona Moderator"))
    other = sign_in(make.moderator(app, name="Otto Other"))
    ideas = [make.idea(app, title=f"Idea {word}") for word in ("alpha", "beta")]
    moderator.post(f"/ideas/{ideas[0]}/hide")
    other.post(f"/ideas/{ideas[1]}/lock")
    browser = sign_in(make.admin(app))
    today, tomorrow = now().date(), now().date() + timedelta(days=1)

    def found(query: str) -> list[str]:
        return [word for word in ("alpha", "beta") if word in " ".join(acts(browser, query))]

    assert found("") == ["alpha", "beta"]
    assert found("?who=mona") == ["alpha"]
    assert found("?type=idea.locked") == ["beta"]
    assert found(f"?kind=idea&number={ideas[0]}") == ["alpha"]
    assert found(f"?since={today}&until={today}") == ["alpha", "beta"]
    assert found(f"?since={tomorrow}") == []
    assert found("?who=nobody-is-called-so") == []
    assert "until" in browser.page("/admin/audit?until=9999-12-31").one("main").text
    odd = browser.page("/admin/audit?type=never&since=yesterday&number=x")
    assert "type, number, since" in odd.text


def test_it_is_paged_and_costs_the_same_however_long(app: Flask, sign_in: SignIn) -> None:
    moderator, browser = sign_in(make.moderator(app)), sign_in(make.admin(app))
    idea = make.idea(app)
    moderator.post(f"/ideas/{idea}/lock")
    browser.get("/admin/audit")
    with listening(app) as few:
        browser.get("/admin/audit")
    for _ in range(30):
        for act in ("unlock", "lock"):
            moderator.post(f"/ideas/{idea}/{act}")

    with listening(app) as many:
        page = browser.page("/admin/audit")

    assert len(few) == len(many) == 3  # the reader, the acts, the ideas they name
    onward = page.one("a", rel="next")["href"]
    assert len(page.all("tr", data_event=True)) == 50
    assert len(browser.page(onward).all("tr", data_event=True)) == 11


def test_it_leaves_as_a_sheet_and_as_json(app: Flask, sign_in: SignIn) -> None:
    idea = make.idea(app)
    sign_in(make.moderator(app, name="=Mona")).post(f"/ideas/{idea}/hide")
    browser = sign_in(make.admin(app))

    [line] = csv.DictReader(io.StringIO(browser.get("/admin/audit.csv?type=idea.hidden").text))
    [told] = json.loads(browser.get("/admin/audit.json?type=idea.hidden").text)

    assert line["type"] == told["type"] == "idea.hidden"
    assert (line["kind"], line["number"]) == ("idea", str(idea))
    assert line["actor_name"] == "'=Mona"
    assert (line["before"], line["after"]) == ("hidden: false", "hidden: true")
    assert told["address"] == line["address"] == "127.0.0.1"
    assert len(told["digest"]) == 64


def test_addresses_lie_beside_the_log_for_thirty_days(app: Flask, sign_in: SignIn) -> None:
    idea = make.idea(app)
    sign_in(make.moderator(app)).post(f"/ideas/{idea}/hide")
    browser = sign_in(make.admin(app))
    assert "127.0.0.1" in acts(browser)[0]

    for days, forgotten in ((29, 0), (31, 2)):
        with time_machine.travel(now() + timedelta(days=days)), app.app_context():
            assert audit.forget_addresses() == forgotten

    assert "127.0.0.1" not in acts(browser)[0]
    with app.app_context():
        assert audit.verify() == (2, None)  # that it was hidden, and that its author is told


@pytest.mark.parametrize("harm", ["changed", "removed", "unlinked"])
def test_the_chain_tells_what_was_tampered_with(app: Flask, sign_in: SignIn, harm: str) -> None:
    moderator, idea = sign_in(make.moderator(app)), make.idea(app)
    for act in ("hide", "unhide", "lock"):
        moderator.post(f"/ideas/{idea}/{act}")
    with app.app_context():
        assert audit.verify() == (5, None)  # with what the author is told, and no more
        query = db.select(Event.id).where(Event.type == "idea.hidden").order_by(Event.id)
        first = db.session.scalars(query).first()
        with transaction():
            db.session.execute(delete(EventAddress))
            if harm == "changed":
                db.session.execute(update(Event).where(Event.id == first).values(object_id=9))
            else:
                db.session.execute(text(f"DELETE FROM audit_link WHERE event_id = {first}"))
            if harm == "removed":
                db.session.execute(text(f"DELETE FROM event WHERE id = {first}"))

    with app.app_context():
        good, broken = audit.verify()
        assert (good, broken is not None) == (0, True)


def test_what_an_earlier_release_did_not_seal_breaks_nothing(app: Flask, sign_in: SignIn) -> None:
    with app.app_context(), transaction():
        old = {"type": "glossary.added", "at": now(), "object_kind": "glossary", "object_id": 1}
        db.session.execute(db.insert(Event).values(**old, payload={}))
    sign_in(make.moderator(app)).post(f"/ideas/{make.idea(app)}/hide")

    with app.app_context():
        assert audit.verify() == (2, None)
