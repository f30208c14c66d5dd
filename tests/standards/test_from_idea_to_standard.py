"""The whole way: an accepted idea, its draft, version 1 in force, an amendment, version 2."""

from __future__ import annotations

import re

from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.core.events import Event
from forum.ideas import stages
from forum.ideas.models import Idea, StageKind
from tests.standards import standards
from tests.support import make


def test_an_accepted_idea_becomes_a_standard_in_three_steps(app: Flask, sign_in) -> None:
    finance, warehouse = make.department(app, "Finance"), make.department(app, "Warehouse")
    idea = standards.accepted(
        app,
        owner=finance,
        departments=[warehouse],
        title="Say when an invoice is paid",
        problem="Suppliers call because nobody knows the day.",
        proposal="# Plan\n\nFinance writes the day into the portal.",
    )
    moderator = sign_in(make.moderator(app))

    made = moderator.post(f"/ideas/{idea}/standard")
    edit = moderator.page("/standards/PS-001/edit")
    fields = standards.fields_of(moderator, "PS-001")
    standards.inhabit(app)
    published = moderator.post("/standards/PS-001/edit", {**fields, "action": "publish"})

    assert (made.status_code, made.location) == (303, "/standards/PS-001/edit")
    assert "version 1" in edit.one("h1").text
    assert (published.status_code, published.location) == (303, "/standards/PS-001")
    shown = standards.read(sign_in(), "/standards/PS-001")
    assert (shown.number, shown.version, shown.state) == ("PS-001", "1", "in_force")
    for words in ("Purpose", "Steps", "Where it comes from", "writes the day into the portal"):
        assert words in shown.text
    assert f'href="/ideas/{idea}"' in moderator.get("/standards/PS-001").text
    seen = moderator.page(f"/ideas/{idea}").one("article", data_idea=idea)
    assert seen["data-stage"] == "standardised"


def test_the_draft_is_laid_out_from_what_people_said(app: Flask, sign_in) -> None:
    finance, warehouse = make.department(app, "Finance"), make.department(app, "Warehouse")
    speaker = make.person(app, department=warehouse)
    make.represent(app, speaker, warehouse)
    idea = make.idea(app, departments=[warehouse], problem="# Loud\n\nPallets wait for papers.")
    make.answer(app, idea, warehouse, speaker, "needs_change", "Only with a scanner at gate 2.")
    make.decide(app, idea, owner_id=finance, reason="Waiting costs more than scanners.")
    number = standards.standardise(app, idea)

    fields = standards.fields_of(sign_in(make.moderator(app)), number)

    body = str(fields["body"])
    headings = re.findall(r"(?m)^## (.+)$", body)
    assert headings == [
        "Purpose",
        "Scope",
        "Who serves whom",
        "Steps",
        "Promises",
        "Exceptions",
        "Where it comes from",
    ]
    assert "> Only with a scanner at gate 2." in body
    assert "> Waiting costs more than scanners." in body
    assert fields["departments"] == ["", str(finance), str(warehouse)]


def test_a_russian_idea_gets_a_russian_outline(app: Flask, sign_in) -> None:
    finance = make.department(app, "Финансы")
    idea = standards.accepted(app, owner=finance, problem="Счета приходят поздно, и это мешает.")
    number = standards.standardise(app, idea)

    page = sign_in().get(f"/standards/{number}/edit", follow_redirects=True)
    editor = standards.fields_of(sign_in(make.moderator(app)), number)

    assert page.status_code == 404
    assert "Счета приходят поздно" in str(editor["body"])


def test_asking_again_gives_the_same_standard(app: Flask, sign_in) -> None:
    idea = standards.accepted(app, owner=make.department(app))
    moderator = sign_in(make.moderator(app))

    answers = [moderator.post(f"/ideas/{idea}/standard").location for _time in range(3)]

    assert answers == ["/standards/PS-001/edit"] * 3
    standards.publish(app, "PS-001")
    assert moderator.post(f"/ideas/{idea}/standard").location == "/standards/PS-001/edit"


def test_the_owner_departments_head_owns_the_standard(app: Flask, sign_in) -> None:
    head = make.person(app, name="Vera Head")
    finance = make.department(app, "Finance", head_id=head)
    number = standards.standardise(app, standards.accepted(app, owner=finance))

    page = sign_in(head).get(f"/standards/{number}")

    assert page.status_code == 200
    assert "Vera Head" in page.text


def test_only_moderators_and_only_accepted_ideas(app: Flask, sign_in) -> None:
    open_idea = make.idea(app)
    ready = standards.accepted(app, owner=make.department(app))

    assert sign_in().post(f"/ideas/{ready}/standard").status_code == 403
    assert sign_in(make.moderator(app)).post(f"/ideas/{open_idea}/standard").status_code == 409


def test_a_second_idea_feeds_the_next_version_of_the_same_standard(app: Flask, sign_in) -> None:
    finance, it = make.department(app, "Finance"), make.department(app, "IT")
    first = standards.accepted(app, owner=finance, title="Say the day")
    second = standards.accepted(app, owner=it, title="Say it by mail too", problem="No portal.")
    third = standards.accepted(app, owner=it, title="And on paper", problem="Some have no mail.")
    moderator = sign_in(make.moderator(app))
    moderator.post(f"/ideas/{first}/standard")
    standards.inhabit(app)
    moderator.post("/standards/PS-001/publish")

    amended = moderator.post(f"/ideas/{second}/standard", {"number": "ps-001"})
    moderator.post(f"/ideas/{third}/standard", {"number": "PS-001"})
    before = standards.read(moderator, "/standards/PS-001")
    moderator.post("/standards/PS-001/publish")

    assert amended.location == "/standards/PS-001/edit"
    assert (before.version, before.state) == ("1", "in_force")
    now = standards.read(sign_in(), "/standards/PS-001")
    assert (now.version, now.state) == ("2", "in_force")
    assert "No portal." in now.text
    assert "Some have no mail." in now.text
    old = standards.read(sign_in(), "/standards/PS-001/versions/1")
    assert (old.version, old.state) == ("1", "superseded")
    assert "No portal." not in old.text
    with app.app_context():
        stages = {db.session.get_one(Idea, i).stage_kind for i in (first, second, third)}
    assert stages == {"standardised"}
    for idea in (first, second, third):
        assert "PS-001" in sign_in().get(f"/ideas/{idea}").text


def test_an_idea_feeds_one_standard_only(app: Flask, sign_in) -> None:
    other = standards.in_force(app)
    idea = standards.accepted(app, owner=make.department(app))
    moderator = sign_in(make.moderator(app))
    moderator.post(f"/ideas/{idea}/standard")

    again = moderator.post(f"/ideas/{idea}/standard", {"number": other})

    assert again.status_code == 409
    fresh = standards.accepted(app, owner=make.department(app))
    assert moderator.post(f"/ideas/{fresh}/standard", {"number": "PS-999"}).status_code == 422


def test_publishing_is_told_once_with_ids_and_the_texts_digest(app: Flask, sign_in) -> None:
    finance = make.department(app)
    idea = standards.accepted(app, owner=finance)
    number = standards.standardise(app, idea)

    standards.publish(app, number)

    with app.app_context():
        [told] = db.session.query(Event).filter_by(type="standard.published").all()
    assert told.payload["version"] == 1
    assert told.payload["ideas"] == [idea]
    assert told.payload["departments"] == [finance]
    assert len(told.payload["text"]) == 64


def test_the_idea_page_offers_a_moderator_both_ways(app: Flask, sign_in) -> None:
    idea = standards.accepted(app, owner=make.department(app))
    moderator = sign_in(make.moderator(app))

    before = moderator.page(f"/ideas/{idea}")
    moderator.post(f"/ideas/{idea}/standard")
    drafted = moderator.page(f"/ideas/{idea}")

    assert before.one("form", action=f"/ideas/{idea}/standard")
    assert before.one("input", id="number")
    assert drafted.one("a", class_="ribbon")["href"] == "/standards/PS-001"
    assert not sign_in().page(f"/ideas/{idea}").all("a", class_="ribbon")


def test_a_decision_that_a_draft_was_made_of_is_not_taken_back(app: Flask, sign_in) -> None:
    idea, moderator = make.idea(app), make.moderator(app)
    make.decide(app, idea, by=moderator)
    browser = sign_in(moderator)
    browser.post(f"/ideas/{idea}/standard")

    assert browser.post(f"/ideas/{idea}/decision/undo").status_code == 409
    assert browser.page(f"/ideas/{idea}").one("article")["data-stage"] == "accepted"


def test_a_decision_whose_owner_changed_since_is_not_taken_back(app: Flask, sign_in) -> None:
    idea, moderator = make.idea(app), make.moderator(app)
    make.decide(app, idea, by=moderator, owner_id=make.department(app))
    browser = sign_in(moderator)
    browser.post(f"/ideas/{idea}/owner", {"owner": make.department(app)})

    assert browser.post(f"/ideas/{idea}/decision/undo").status_code == 409


def test_an_idea_that_is_not_accepted_any_more_feeds_no_version(app: Flask, sign_in) -> None:
    idea = standards.accepted(app, owner=make.department(app))
    another = standards.accepted(app, owner=make.department(app))
    number, moderator = standards.standardise(app, idea), make.moderator(app)
    other = standards.standardise(app, another)
    with app.app_context(), transaction():
        row = db.session.get_one(Idea, idea)
        boss = db.session.get_one(Person, moderator)
        stages.move(row, StageKind.REVIEW, by=boss, allowed=[StageKind.ACCEPTED])

    standards.publish(app, number)

    page = sign_in().page(f"/ideas/{idea}")
    assert not page.all("a", href=f"/standards/{number}")
    assert other in sign_in(moderator).page(f"/ideas/{another}").text


def test_a_draft_that_retired_with_its_standard_keeps_no_idea(app: Flask, sign_in) -> None:
    number = standards.in_force(app)
    idea = standards.accepted(app, owner=make.department(app))
    browser = sign_in(make.moderator(app))
    browser.post(f"/ideas/{idea}/standard", {"number": number})
    browser.post(f"/standards/{number}/retire", {"why": "Nobody pays by cheque."})

    made = browser.post(f"/ideas/{idea}/standard")

    assert made.location == "/standards/PS-002/edit"
