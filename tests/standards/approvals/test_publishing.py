"""What it takes to publish: approvals, a public reason, an emergency, a day; and races for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.site import save_settings
from forum.standards import actions
from forum.standards.approvals import coming
from forum.standards.approvals.gate import NotApproved
from forum.standards.approvals.models import Release, Said, Side
from forum.standards.models import Acknowledgement, Version
from tests.standards import standards
from tests.standards.approvals import approving
from tests.standards.approvals.approving import SignIn, publish
from tests.support import log, make

NEW = "## Purpose\n\nThe next text."


def test_publishing_before_everybody_approved_names_who_is_missing(
    app: Flask, sign_in: SignIn
) -> None:
    scene = approving.scene(app)
    scene.send()
    scene.say(scene.of_it, scene.row(Side.DEPARTMENT, scene.it))
    change = scene.row(Side.DEPARTMENT, scene.warehouse)
    scene.say(scene.of_warehouse, change, Said.CHANGE, note="Say by when.")

    answer = sign_in(scene.reviewer).post(f"/standards/{scene.number}/publish")

    words = "Missing: the head of Finance, Warehouse (asks for a change)."
    assert answer.status_code == 409
    assert words in answer.text
    assert scene.states() == ["approval"]
    assert scene.said()["moderator"] == "waiting"


def test_who_publishes_approves_with_it_unless_they_wrote_it(app: Flask) -> None:
    scene = approving.scene(app)
    scene.send()
    scene.everybody_approves()

    with pytest.raises(NotApproved, match="a moderator"):
        publish(scene, scene.author)
    publish(scene, scene.reviewer)

    assert scene.states() == ["in_force"]
    assert scene.said()["moderator"] == "approved"


def test_publishing_over_approvals_needs_a_reason_that_everybody_reads(
    app: Flask, sign_in: SignIn
) -> None:
    scene = approving.scene(app)
    scene.send()
    moderator, address = sign_in(scene.author), f"/standards/{scene.number}/publish"

    without = moderator.post(address, {"override": "1"})
    told = log.told_of(
        app, lambda: moderator.post(address, {"override": "1", "reason": "The law changed."})
    )

    assert without.status_code == 422
    assert [kind for kind, _by, _what in told] == [
        "standard.published-over",
        "standard.published",
    ]
    page = sign_in(make.person(app)).page(f"/standards/{scene.number}")
    assert "Published without all approvals: The law changed." in page.text


def test_a_text_that_was_changed_after_it_was_sent_is_not_simply_published(app: Flask) -> None:
    scene = approving.scene(app)
    scene.send()
    scene.everybody_approves()
    approving.rewrite(app, scene.number, scene.author, NEW)

    with pytest.raises(NotApproved, match="Send it again"):
        publish(scene, scene.reviewer)


def test_saving_and_publishing_at_once_does_not_go_round_approvals(
    app: Flask, sign_in: SignIn
) -> None:
    scene = approving.scene(app)
    scene.send()
    scene.everybody_approves()
    moderator = sign_in(scene.author)
    fields = standards.fields_of(moderator, scene.number)

    answer = moderator.post(
        f"/standards/{scene.number}/edit", {**fields, "body": NEW, "action": "publish"}
    )

    assert answer.status_code == 409
    assert "The next text." in answer.text
    assert scene.states() == ["approval"]
    assert scene.said()["IT"] == "approved"


def test_a_draft_that_was_never_sent_is_published_as_before(app: Flask) -> None:
    scene = approving.scene(app)

    publish(scene, scene.author)

    assert scene.states() == ["in_force"]


def always(app: Flask) -> None:
    """Let nothing be published that was not approved."""
    with app.app_context(), transaction():
        save_settings({"approval": "always"})


def test_where_everything_is_approved_a_draft_has_to_be_sent(app: Flask) -> None:
    always(app)
    scene = approving.scene(app)

    with pytest.raises(NotApproved, match="the head of Finance, IT, Warehouse"):
        publish(scene, scene.author)
    scene.send()
    scene.everybody_approves()
    publish(scene, scene.reviewer)

    assert scene.states() == ["in_force"]


@pytest.mark.parametrize("answers", [("helps", "no_effect"), ("helps", "needs_change")])
def test_an_answer_to_the_idea_approves_the_text_made_of_it(
    app: Flask, sign_in: SignIn, answers: tuple[str, str]
) -> None:
    always(app)
    asked = [make.represented(app, name) for name in ("IT", "Warehouse")]
    idea = make.idea(app, departments=[department for department, _person in asked])
    for (department, person), said in zip(asked, answers, strict=True):
        make.answer(app, idea, department, person, said, "Only on Fridays.")
    make.decide(app, idea, owner_id=make.department(app, "Finance"))
    standards.inhabit(app)
    moderator = sign_in(make.moderator(app))

    moderator.post(f"/ideas/{idea}/standard")
    fields = standards.fields_of(moderator, "PS-001")
    published = moderator.post("/standards/PS-001/edit", {**fields, "action": "publish"})

    assert published.status_code == (303 if answers[1] == "no_effect" else 409)
    if published.status_code == 409:
        assert "Missing: Warehouse." in published.text


def test_an_answer_does_not_approve_a_text_that_somebody_edited(
    app: Flask, sign_in: SignIn
) -> None:
    always(app)
    department, person = make.represented(app, "IT")
    idea = make.idea(app, departments=[department])
    make.answer(app, idea, department, person, "helps")
    make.decide(app, idea, owner_id=make.department(app))
    standards.inhabit(app)
    moderator = sign_in(make.moderator(app))
    moderator.post(f"/ideas/{idea}/standard")
    fields = standards.fields_of(moderator, "PS-001")
    changed = {**fields, "body": f"{fields['body']} And more."}

    answer = moderator.post("/standards/PS-001/edit", {**changed, "action": "publish"})

    assert answer.status_code == 409
    assert "Missing: IT." in answer.text


def test_an_emergency_needs_no_approval_and_is_looked_at_afterwards(
    app: Flask, sign_in: SignIn
) -> None:
    scene = approving.scene(app)
    scene.send()
    address = f"/standards/{scene.number}"
    form = {"emergency": "1", "reason": "A pipe burst.", "days": "5"}

    sign_in(scene.author).post(f"{address}/publish", form)

    shown = sign_in(make.person(app)).page(address).text
    assert "Published in an emergency" in shown
    assert "A pipe burst." in shown
    assert sign_in(scene.owner).post(f"{address}/looked-at", {"note": "Fine."}).status_code == 403
    assert sign_in(scene.author).post(f"{address}/looked-at", {"note": "Fine"}).status_code == 403
    assert sign_in(scene.reviewer).post(f"{address}/looked-at", {"note": ""}).status_code == 422
    assert sign_in(scene.reviewer).post(f"{address}/looked-at", {"note": "Ok"}).status_code == 303
    assert sign_in(scene.reviewer).post(f"{address}/looked-at", {"note": "Ok"}).status_code == 409
    assert "looked at on" in sign_in(make.person(app)).page(address).text


def test_an_emergency_is_late_once_its_day_has_passed(app: Flask, sign_in: SignIn) -> None:
    scene = approving.scene(app)
    publish(scene, scene.author, emergency=True, why="A pipe burst.", days=3)
    with app.app_context(), transaction():
        db.session.query(Release).one().review_on = company_day() - timedelta(days=1)

    page = sign_in(make.person(app)).page(f"/standards/{scene.number}")

    assert "to be looked at by" in page.text


@pytest.mark.parametrize(
    "how",
    [
        {"over": True},
        {"emergency": True},
        {"emergency": True, "why": "x" * 501},
        {"emergency": True, "why": "Now.", "days": 0},
        {"emergency": True, "why": "Now.", "effective": 3},
        {"effective": -1},
        {"effective": 400},
    ],
)
def test_what_cannot_be_meant_is_refused(app: Flask, how: dict[str, object]) -> None:
    scene = approving.scene(app)
    if "effective" in how:
        ahead = timedelta(days=how.pop("effective"))  # type: ignore[arg-type]
        how["effective_on"] = now().date() + ahead

    with pytest.raises(Invalid):
        publish(scene, scene.author, **how)

    assert scene.states() == ["draft"]


def test_a_version_comes_into_force_on_its_day_and_not_before(app: Flask, sign_in: SignIn) -> None:
    scene = approving.scene(app, in_force=True)
    start = now().replace(hour=12)
    on = start.date() + timedelta(days=3)
    publish(scene, scene.author, effective_on=on)
    reader, address = make.person(app), f"/standards/{scene.number}"
    assert scene.states() == ["in_force", "coming"]
    assert "Version 2 comes into force on" in sign_in(reader).page(address).text
    waiting = sign_in(reader).page(f"{address}/versions/2")
    assert waiting.one("article", data_standard=True)["data-state"] == "coming"
    assert waiting.one("span", class_="print-only").text.startswith("In force from ")

    with app.app_context():
        assert coming.sweep() == 0
    with time_machine.travel(start + timedelta(days=5)):
        with app.app_context():
            assert coming.sweep() == 1
            assert coming.sweep() == 0
        seen = [
            standards.read(sign_in(reader), f"{address}?as-of={on + timedelta(days=days)}").version
            for days in (-1, 0, 1)
        ]

    assert seen == ["1", "2", "2"]
    assert scene.states() == ["superseded", "in_force"]
    with app.app_context():
        old, new = db.session.query(Version).order_by(Version.number)
        assert old.superseded_at == new.published_at == coming.first_moment(on)
        assert new.published_by_id == scene.author


def test_a_version_whose_day_has_come_asks_its_audience_from_that_day_on(app: Flask) -> None:
    scene = approving.scene(app, in_force=True)
    on = now().date() + timedelta(days=2)
    publish(scene, scene.author, effective_on=on)
    with app.app_context():
        assert db.session.query(Version).filter_by(number=2).one().asked_at is None

    with time_machine.travel(now() + timedelta(days=4)), app.app_context():
        coming.sweep()

    with app.app_context():
        version = db.session.query(Version).filter_by(number=2).one()
        assert version.asked_at == version.published_at == coming.first_moment(on)


def test_a_minor_version_whose_day_has_come_keeps_confirmations(app: Flask) -> None:
    scene = approving.scene(app, in_force=True)
    reader = make.person(app, department=scene.it)
    with app.app_context():
        person, standard = db.session.get_one(Person, reader), standards.by_number(scene.number)
        in_force = db.session.query(Version).filter_by(number=1).one()
        actions.acknowledge(person, standard, in_force)
        with transaction():
            db.session.query(Version).filter_by(number=2).one().minor = True
    publish(scene, scene.author, effective_on=now().date() + timedelta(days=2))

    with time_machine.travel(now() + timedelta(days=4)), app.app_context():
        coming.sweep()

    with app.app_context():
        kept = db.session.query(Acknowledgement).order_by(Acknowledgement.version_id).all()
        assert [(row.person_id, row.way) for row in kept] == [(reader, "page"), (reader, "carried")]


def test_a_first_version_that_waits_can_be_read_but_is_not_in_force(
    app: Flask, sign_in: SignIn
) -> None:
    scene = approving.scene(app)
    on = now().date() + timedelta(days=2)

    publish(scene, scene.author, effective_on=on)

    reader = sign_in(make.person(app))
    assert standards.read(reader, f"/standards/{scene.number}").state == "coming"
    assert "comes into force on" in reader.page(f"/standards/{scene.number}/history").text
    assert reader.post(f"/standards/{scene.number}/acknowledge").status_code == 409
    with time_machine.travel(now() + timedelta(days=3)), app.app_context():
        coming.sweep()
    assert scene.states() == ["in_force"]


def test_what_waits_for_its_day_is_taken_back_before_it_is_changed(
    app: Flask, sign_in: SignIn
) -> None:
    scene = approving.scene(app, in_force=True)
    publish(scene, scene.author, effective_on=now().date() + timedelta(days=2))
    with pytest.raises(Conflict):
        approving.rewrite(app, scene.number, scene.author, NEW)
    browser, address = sign_in(scene.author), f"/standards/{scene.number}"
    assert browser.get(f"{address}/edit").status_code == 409
    assert sign_in(scene.owner).post(f"{address}/take-back", {"lock": "4"}).status_code == 403
    with app.app_context():
        lock = standards.by_number(scene.number).lock

    browser.post(f"{address}/take-back", {"lock": str(lock)})

    assert scene.states() == ["in_force", "draft"]
    with time_machine.travel(now() + timedelta(days=3)), app.app_context():
        assert coming.sweep() == 0


def test_what_was_published_over_approvals_and_taken_back_is_not_said_to_be_so_later(
    app: Flask, sign_in: SignIn
) -> None:
    scene = approving.scene(app)
    scene.send()
    day = now().date() + timedelta(days=2)
    publish(scene, scene.author, over=True, why="The law changed.", effective_on=day)
    waiting = sign_in(scene.reviewer).page(f"/standards/{scene.number}/versions/1")
    assert "Published without all approvals: The law changed." in waiting.text
    with app.app_context():
        lock = standards.by_number(scene.number).lock
    sign_in(scene.author).post(f"/standards/{scene.number}/take-back", {"lock": str(lock)})
    assert scene.states() == ["draft"]

    scene.send()
    scene.everybody_approves()
    publish(scene, scene.reviewer)

    page = sign_in(make.person(app)).page(f"/standards/{scene.number}")
    assert scene.states() == ["in_force"]
    assert "The law changed." not in page.text


def test_a_retired_standard_does_not_come_back_by_the_clock(app: Flask) -> None:
    scene = approving.scene(app, in_force=True)
    publish(scene, scene.author, effective_on=now().date() + timedelta(days=2))

    standards.retire(app, scene.number)

    with time_machine.travel(now() + timedelta(days=3)), app.app_context():
        assert coming.sweep() == 0
    assert scene.states() == ["retired", "draft"]


def test_what_is_in_force_already_is_not_published_again_in_an_emergency(
    app: Flask, sign_in: SignIn
) -> None:
    number = standards.in_force(app)
    moderator = sign_in(make.moderator(app))

    for form in ({"emergency": "1"}, {"effective": "never"}):
        answer = moderator.post(f"/standards/{number}/publish", form)
        assert answer.status_code == 409
        assert "There is no draft to publish" in answer.text
