"""Who is asked, who answers, and what becomes of answers when things change."""

from __future__ import annotations

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Forbidden, Invalid
from forum.departments import actions as departments
from forum.departments import merging
from forum.departments.models import Department, Representative
from forum.standards.approvals.models import Approval, Said, Side
from forum.standards.confirming.models import VersionPeople
from forum.standards.models import Version
from tests.standards.approvals import approving
from tests.standards.approvals.approving import SignIn
from tests.support import log, make
from tests.support.pages import parsed, sent_by

ALL = {"head": "waiting", "IT": "waiting", "Warehouse": "waiting", "moderator": "waiting"}


def test_the_head_each_other_department_and_a_moderator_are_asked(app: Flask) -> None:
    scene = approving.scene(app)

    told = log.told_of(app, scene.send)

    assert told == [("standard.approval-asked", scene.author, "standard")]
    assert scene.said() == ALL
    assert scene.states() == ["approval"]


def test_a_head_who_owns_the_standard_is_not_asked_about_it(app: Flask) -> None:
    scene = approving.scene(app)
    with app.app_context(), transaction():
        db.session.query(Version).one().owner_id = scene.head

    scene.send()

    assert "head" not in scene.said()


def test_each_side_answers_for_itself_and_nobody_else_does(app: Flask) -> None:
    scene = approving.scene(app)
    scene.send()
    theirs = {
        scene.row(Side.HEAD): scene.head,
        scene.row(Side.DEPARTMENT, scene.it): scene.of_it,
        scene.row(Side.DEPARTMENT, scene.warehouse): scene.of_warehouse,
        scene.row(Side.MODERATOR): scene.reviewer,
    }
    everybody = {*theirs.values(), scene.owner, scene.author, make.person(app)}

    for row, person in theirs.items():
        for other in everybody - {person}:
            with pytest.raises(Forbidden):
                scene.say(other, row)
        scene.say(person, row)

    assert set(scene.said().values()) == {"approved"}


def test_a_consultant_or_board_member_who_represents_a_department_does_not_approve(
    app: Flask,
) -> None:
    scene = approving.scene(app)
    scene.send()
    for kind in ("consultant", "board"):
        other = make.person(app, kind=kind, attached=[scene.it])
        make.represent(app, other, scene.it)

        with pytest.raises(Forbidden):
            scene.say(other, scene.row(Side.DEPARTMENT, scene.it))


def test_who_wrote_the_text_reviews_it_only_where_there_is_no_other_moderator(app: Flask) -> None:
    scene = approving.scene(app)
    scene.send()
    row = scene.row(Side.MODERATOR)
    with pytest.raises(Forbidden):
        scene.say(scene.author, row)

    with app.app_context(), transaction():
        db.session.get_one(Person, scene.reviewer).deactivated_at = make.ago(days=1)
    scene.say(scene.author, row)

    assert scene.said()["moderator"] == "approved"


def test_a_representative_who_left_answers_no_more_and_the_next_one_does(app: Flask) -> None:
    scene = approving.scene(app)
    scene.send()
    row = scene.row(Side.DEPARTMENT, scene.it)
    successor = make.person(app)
    with app.app_context(), transaction():
        db.session.query(Representative).filter_by(department_id=scene.it).delete()
    make.represent(app, successor, scene.it)

    with pytest.raises(Forbidden):
        scene.say(scene.of_it, row)
    scene.say(successor, row)

    assert scene.said()["IT"] == "approved"


def test_a_change_needs_words_and_a_clause_of_this_version(app: Flask) -> None:
    scene = approving.scene(app)
    scene.send()
    row = scene.row(Side.DEPARTMENT, scene.it)

    for bad in ({}, {"note": "x" * 501}, {"note": "Fridays do not work.", "clause": 77}):
        with pytest.raises(Invalid):
            scene.say(scene.of_it, row, Said.CHANGE, **bad)
    scene.say(scene.of_it, row, Said.CHANGE, note="Fridays do not work.", clause=2)

    with app.app_context():
        kept = db.session.get_one(Approval, row)
        assert (kept.state, kept.note, kept.clause) == ("change", "Fridays do not work.", 2)


def test_an_answer_can_be_taken_back(app: Flask) -> None:
    scene = approving.scene(app)
    scene.send()
    row = scene.row(Side.DEPARTMENT, scene.it)
    scene.say(scene.of_it, row)

    scene.say(scene.of_it, row, Said.WAITING)

    assert scene.said() == ALL
    with app.app_context():
        assert db.session.get_one(Approval, row).nudge_on is not None


def test_editing_makes_it_a_draft_again_and_forgets_what_was_approved(app: Flask) -> None:
    scene = approving.scene(app)
    scene.send()
    scene.say(scene.of_it, scene.row(Side.DEPARTMENT, scene.it))
    change = scene.row(Side.DEPARTMENT, scene.warehouse)
    scene.say(scene.of_warehouse, change, Said.CHANGE, note="Say by when.")

    told = log.told_of(
        app, lambda: approving.rewrite(app, scene.number, scene.owner, "## Steps\n\nNew.")
    )

    assert [kind for kind, _by, _what in told] == [
        "standard.approval-taken-back",
        "standard.draft-saved",
    ]
    assert scene.states() == ["draft"]
    assert scene.said() == {**ALL, "Warehouse": "change"}
    with pytest.raises(Conflict):
        scene.say(scene.of_it, scene.row(Side.DEPARTMENT, scene.it))


def test_an_answer_to_a_text_that_was_changed_and_sent_anew_does_not_count(app: Flask) -> None:
    scene = approving.scene(app)
    scene.send()
    approving.rewrite(app, scene.number, scene.owner, "## Steps\n\nNew.")
    scene.send()
    row = scene.row(Side.DEPARTMENT, scene.it)

    with pytest.raises(Conflict):
        scene.say(scene.of_it, row, sent=1)
    scene.say(scene.of_it, row, sent=2)

    assert scene.said()["IT"] == "approved"


def test_a_change_that_was_asked_is_still_read_once_the_text_is_sent_again(
    app: Flask, sign_in: SignIn
) -> None:
    scene = approving.scene(app)
    scene.send()
    row = scene.row(Side.DEPARTMENT, scene.it)
    scene.say(scene.of_it, row, Said.CHANGE, note="Say by when.")
    approving.rewrite(app, scene.number, scene.owner, "## Steps\n\nBy Friday.")

    scene.send()

    assert scene.said() == ALL
    assert "Say by when." in sign_in(scene.of_it).page(scene.page).text


def test_the_heir_of_a_merged_department_is_asked_in_its_place(app: Flask) -> None:
    scene = approving.scene(app)
    scene.send()
    scene.say(scene.of_warehouse, scene.row(Side.DEPARTMENT, scene.warehouse))
    with app.app_context():
        boss = db.session.get_one(Person, make.admin(app))
        it, warehouse = (db.session.get_one(Department, d) for d in (scene.it, scene.warehouse))
        merging.merge(boss, it, warehouse)

    assert scene.said() == {"head": "waiting", "Warehouse": "waiting", "moderator": "waiting"}
    with pytest.raises(Forbidden):
        scene.say(make.person(app), scene.row(Side.DEPARTMENT, scene.warehouse))
    scene.say(scene.of_warehouse, scene.row(Side.DEPARTMENT, scene.warehouse))


def test_a_department_that_is_archived_is_asked_no_more(app: Flask) -> None:
    scene = approving.scene(app)
    scene.send()
    with app.app_context():
        boss = db.session.get_one(Person, make.admin(app))
        with transaction():
            db.session.query(Person).filter_by(department_id=scene.it).update(
                {"department_id": None}
            )
        departments.archive(boss, db.session.get_one(Department, scene.it), anyway=True)

    assert "IT" not in scene.said()


def test_departments_of_whom_roles_and_kinds_mean_nobody_have_nothing_to_approve(
    app: Flask,
) -> None:
    scene = approving.scene(app)
    make.moderator(app, department=scene.it)
    with app.app_context(), transaction():
        version = db.session.query(Version).one().id
        db.session.add(VersionPeople(version_id=version, what="role", value="moderator"))

    scene.send()

    assert scene.said() == {"head": "waiting", "IT": "waiting", "moderator": "waiting"}


def test_what_is_for_nobody_is_not_sent(app: Flask) -> None:
    scene = approving.scene(app)
    with app.app_context(), transaction():
        db.session.query(Person).update({"department_id": None})

    with pytest.raises(Invalid):
        scene.send()

    assert scene.states() == ["draft"]


def test_who_sends_may_give_another_time_to_answer(app: Flask, sign_in: SignIn) -> None:
    scene = approving.scene(app)
    author = sign_in(scene.author)
    page = author.page(scene.page)
    assert "Left empty, it is 10 days" in page.text
    address = f"/standards/{scene.number}/send-for-approval"

    author.post(address, {**sent_by(page, address), "days": "3"})

    with app.app_context():
        assert {row.allowed_days for row in db.session.query(Approval)} == {3}


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ("0", "Give between 1 and 90 days."),
        ("91", "Give between 1 and 90 days."),
        ("soon", "Give a whole number."),
        ("-1", "Give a whole number."),
        ("٣", "Give a whole number."),
    ],
)
def test_a_time_that_cannot_be_meant_is_said_beside_what_was_typed(
    app: Flask, sign_in: SignIn, days: str, sentence: str
) -> None:
    scene = approving.scene(app)
    author = sign_in(scene.author)
    address = f"/standards/{scene.number}/send-for-approval"
    sent = sent_by(author.page(scene.page), address)

    answer = author.post(address, {**sent, "days": days})

    assert answer.status_code == 422
    page = parsed(answer.text)
    field = page.one("input", id="days")
    assert (field["value"], field["aria-describedby"]) == (days, "days-hint days-error")
    assert sentence in page.one("p", id="days-error").text
    assert scene.states() == ["draft"]
