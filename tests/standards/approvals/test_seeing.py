"""Nobody but editors and those who are asked sees a version in approval, by any way."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.core import readers
from forum.core.calendar import company_day
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.notifications.models import Notification
from forum.notifications.reader import READER
from forum.standards import queries
from forum.standards.approvals import clock
from forum.standards.approvals.models import Approval, Release, Said, Side
from forum.standards.models import Standard
from tests.standards import standards
from tests.standards.approvals import approving
from tests.standards.approvals.approving import Scene, SignIn
from tests.support import make

Queries = Callable[[int], AbstractContextManager[list[str]]]
PAGES = ("", "/versions/1", "/compare?from=1&to=1", "/edit", "/approval", "?as-of=2026-01-01")
ACTS = ("publish", "send-for-approval", "take-back", "approvals/1", "looked-at", "deputy")


@pytest.mark.parametrize("kind", ["staff", "board", "consultant"])
def test_a_first_version_in_approval_does_not_exist_for_others(
    app: Flask, sign_in: SignIn, kind: str
) -> None:
    scene = approving.scene(app)
    scene.send()
    reader = sign_in(make.person(app, kind=kind, department=scene.it, attached=[scene.it]))

    for page in PAGES:
        assert reader.get(f"/standards/{scene.number}{page}").status_code == 404, page
    for act in ACTS:
        answer = reader.post(f"/standards/{scene.number}/{act}", {"answer": "approve"})
        assert answer.status_code == 404, act
    for address in ("/standards", "/standards?state=draft", "/approvals", "/"):
        assert scene.number not in reader.get(address).text


def test_a_next_version_in_approval_does_not_show_to_others(app: Flask, sign_in: SignIn) -> None:
    scene = approving.scene(app, in_force=True)
    scene.send()
    reader = sign_in(make.person(app, department=scene.it))

    page = reader.get(f"/standards/{scene.number}").text

    assert "A better text" not in page
    assert "/versions/2" not in page
    assert "in approval" not in reader.get("/standards").text
    for address in ("/versions/2", "/compare?from=1&to=2"):
        assert reader.get(f"/standards/{scene.number}{address}").status_code == 404
    assert reader.get(f"/standards/{scene.number}/edit").status_code == 403
    with app.app_context():
        [found] = queries.indexable(list(db.session.scalars(select(Standard.id))))
    assert "better" not in found.plain


def test_who_is_asked_reads_that_version_and_no_other_draft(app: Flask, sign_in: SignIn) -> None:
    scene = approving.scene(app, in_force=True)
    scene.send()
    address = scene.page
    other = standards.drafted(app, title="Another plan", departments=[scene.it])
    reader = sign_in(scene.of_it)

    page = reader.page(address)

    assert "A better text" in page.text
    assert "in approval" in reader.page(f"/standards/{scene.number}").text
    assert reader.get(f"/standards/{scene.number}/edit").status_code == 403
    assert reader.post(f"/standards/{scene.number}/publish").status_code == 403
    assert reader.post(f"/standards/{scene.number}/take-back", {"lock": "5"}).status_code == 403
    assert reader.get(f"/standards/{other}").status_code == 404
    assert "Another plan" not in reader.get("/standards").text


def test_who_is_asked_answers_with_a_tap_from_the_queue(app: Flask, sign_in: SignIn) -> None:
    scene = approving.scene(app)
    scene.send()
    browser = sign_in(scene.of_it)
    assert "Paying suppliers" in browser.page("/").text
    [tap, *_rest] = browser.page("/approvals").all("button", name="answer")

    answer = browser.post(tap["formaction"], {"answer": tap["value"]})

    assert (answer.status_code, answer.location) == (303, "/approvals")
    assert scene.said()["IT"] == "approved"
    assert "Nothing waits for your approval" in browser.page("/approvals").text


def test_a_change_is_asked_on_the_page_with_its_clause(app: Flask, sign_in: SignIn) -> None:
    scene = approving.scene(app)
    scene.send()
    row = scene.row(Side.DEPARTMENT, scene.it)
    form = {"answer": "change", "note": "Say by when.", "clause": "2", "sent": "1"}

    sign_in(scene.of_it).post(f"/standards/{scene.number}/approvals/{row}", form)

    shown = sign_in(scene.owner).page(f"/standards/{scene.number}")
    assert shown.one("li", data_approval=str(row))["data-said"] == "change"
    assert "2 Steps : Say by when." in " ".join(shown.text.split()).replace("Steps:", "Steps :")


def test_moderators_find_in_their_queue_what_others_wrote(app: Flask, sign_in: SignIn) -> None:
    scene = approving.scene(app)
    scene.send()

    queues = [
        sign_in(who).page("/moderation?queue=approvals").all("article", data_standard=scene.number)
        for who in (scene.author, scene.reviewer)
    ]

    assert [len(rows) for rows in queues] == [0, 1]


def test_the_owners_deputy_edits_and_others_are_not_made_one(app: Flask, sign_in: SignIn) -> None:
    scene = approving.scene(app)
    address = f"/standards/{scene.number}"
    deputy = make.person(app, email="deputy@example.org")
    make.person(app, email="guest@example.org", kind="consultant")
    owner = sign_in(scene.owner)

    refused = owner.post(f"{address}/deputy", {"deputy": "guest@example.org"})
    assert sign_in(deputy).get(f"{address}/edit").status_code == 404
    named = owner.post(f"{address}/deputy", {"deputy": "Deputy@example.org"})

    assert (refused.status_code, named.status_code) == (422, 303)
    assert sign_in(deputy).get(f"{address}/edit").status_code == 200
    assert sign_in(deputy).post(f"{address}/publish").status_code == 403
    assert sign_in(deputy).post(f"{address}/deputy", {"deputy": ""}).status_code == 403
    owner.post(f"{address}/deputy", {"deputy": ""})
    assert sign_in(deputy).get(f"{address}/edit").status_code == 404


def test_a_page_opens_whose_deputy_is_nobody_here(app: Flask, sign_in: SignIn) -> None:
    owner = make.person(app)
    number = standards.in_force(app, owner=owner)
    with app.app_context(), transaction():
        standards.by_number(number).deputy_id = 987_654

    page = sign_in(owner).page(f"/standards/{number}")

    assert page.one("input", id="deputy")["value"] == ""
    assert "Nobody yet" in page.text


@pytest.mark.parametrize("in_force", [True, False])
def test_another_owner_has_no_deputy_yet(app: Flask, sign_in: SignIn, in_force: bool) -> None:
    owner, deputy, heir = (make.person(app) for _each in range(3))
    number = standards.drafted(app, owner=owner)
    if in_force:
        standards.publish(app, number)
    with app.app_context(), transaction():
        standards.by_number(number).deputy_id = deputy
    moderator = sign_in(make.moderator(app))

    for owned_by, status in ((owner, 200), (heir, 403 if in_force else 404)):
        fields = {**standards.fields_of(moderator, number), "owner": str(owned_by)}
        saved = moderator.post(f"/standards/{number}/edit", fields)
        assert saved.status_code == 303
        if in_force:
            standards.publish(app, number)
        assert sign_in(deputy).get(f"/standards/{number}/edit").status_code == status


def kinds(scene: Scene, person: int) -> list[str]:
    """What somebody has been told and may see, in order."""
    with scene.app.app_context():
        readers.advance(READER)
        rows = db.session.query(Notification).filter_by(person_id=person, concealed=False)
        return [row.kind for row in rows.order_by(Notification.id)]


def test_those_who_are_asked_hear_of_it_and_nobody_else(app: Flask) -> None:
    scene = approving.scene(app)
    stranger = make.person(app, department=scene.it)

    scene.send()

    for person in (scene.head, scene.of_it, scene.of_warehouse):
        assert kinds(scene, person) == ["approval-wanted"]
    assert kinds(scene, stranger) == []
    scene.say(scene.of_it, scene.row(Side.DEPARTMENT, scene.it))
    assert kinds(scene, scene.of_it) == []


def test_editors_hear_of_a_change_and_of_the_last_yes(app: Flask) -> None:
    scene = approving.scene(app)
    scene.send()
    row = scene.row(Side.DEPARTMENT, scene.it)

    scene.say(scene.of_it, row, Said.CHANGE, note="Say by when.")
    asked = kinds(scene, scene.owner)
    scene.everybody_approves()
    scene.say(scene.reviewer, scene.row(Side.MODERATOR))

    assert asked == ["change-wanted"]
    assert kinds(scene, scene.owner) == ["approved"]


def test_who_approved_hears_that_the_text_was_changed(app: Flask) -> None:
    scene = approving.scene(app)
    scene.send()
    scene.say(scene.of_it, scene.row(Side.DEPARTMENT, scene.it))

    approving.rewrite(app, scene.number, scene.author, "## Steps\n\nNew.")

    assert kinds(scene, scene.of_it) == ["taken-back"]
    assert kinds(scene, scene.of_warehouse) == []


def test_reminders_come_at_half_four_fifths_and_the_last_day_once_each(app: Flask) -> None:
    scene = approving.scene(app)
    scene.send(days=10)
    scene.say(scene.of_warehouse, scene.row(Side.DEPARTMENT, scene.warehouse))
    with app.app_context():
        row = db.session.get_one(Approval, scene.row(Side.DEPARTMENT, scene.it))
        start, due_on = company_day(), row.due_on

    sent = []
    with app.app_context():
        day = start
        while day <= due_on + timedelta(days=3):
            sent.append(clock.nudge(day))
            day += timedelta(days=1)

    assert [count for count in sent if count] == [3, 3, 3]
    assert "approval-due" in kinds(scene, scene.of_it)
    assert "approval-due" not in kinds(scene, scene.of_warehouse)


def test_an_emergency_stands_in_the_moderators_queue(app: Flask, sign_in: SignIn) -> None:
    scene = approving.scene(app)
    form = {"emergency": "1", "reason": "A pipe burst."}
    sign_in(scene.author).post(f"/standards/{scene.number}/publish", form)
    with app.app_context(), transaction():
        db.session.query(Release).one().review_on = company_day() - timedelta(days=1)

    with time_machine.travel(now()):
        page = sign_in(scene.reviewer).page("/moderation?queue=emergencies")

    assert "A pipe burst." in page.text
    assert page.all("span", class_="late")


@pytest.mark.parametrize("sides", [1, 9])
def test_approval_costs_the_same_however_many_are_asked(
    app: Flask, sign_in: SignIn, queries: Queries, sides: int
) -> None:
    scene = approving.scene(app)
    more = [make.represented(app)[0] for _ in range(sides)]
    number = standards.drafted(app, departments=[scene.it, *more], by=scene.author)
    replace(scene, number=number).send()
    scene.send()
    asked = sign_in(scene.of_it)
    asked.page("/")

    with queries(13):  # the page's nine, who is asked, their departments, for whom one answers
        asked.page(f"/standards/{number}")
    with queries(2):  # the reader, what waits
        asked.page("/approvals")


def test_a_clause_tells_why_it_exists_while_its_version_is_approved_and_waits(
    app: Flask, sign_in: SignIn
) -> None:
    scene = approving.scene(app)
    address = f"/standards/{scene.number}/clauses/2"
    scene.send()
    said = [sign_in(who).page(address).text for who in (scene.author, scene.of_it)]
    approving.publish(
        scene, scene.author, over=True, why="Now.", effective_on=make.ago(days=-3).date()
    )
    said.append(sign_in(make.person(app)).page(address).text)

    assert all("in the draft of version 1" in each for each in said[:2])
    assert "comes into force with version 1" in said[2]


def test_an_idea_is_being_written_into_a_standard_until_that_is_in_force(
    app: Flask, sign_in: SignIn
) -> None:
    department, person = make.represented(app)
    idea = standards.accepted(app, departments=[department], owner=make.department(app))
    standards.inhabit(app)
    number = standards.standardise(app, idea)
    scene = replace(approving.scene(app), number=number)
    scene.send()
    reader = sign_in(person)
    said = [reader.page(f"/ideas/{idea}").text]
    on = now().date() + timedelta(days=3)
    approving.publish(scene, scene.author, over=True, why="Now.", effective_on=on)
    said.append(reader.page(f"/ideas/{idea}").text)

    assert all("Being written into" in each for each in said)
