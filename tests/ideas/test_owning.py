"""Who carries an accepted idea out: never a closed department, always somebody who can say so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from forum.accounts.models import Person
from forum.core.clock import now, today
from forum.core.db import db
from forum.core.errors import Conflict, Invalid
from forum.departments import actions as departments
from forum.departments import merging
from forum.departments.models import Department
from forum.ideas import decisions, owning
from forum.ideas.models import Idea
from tests.imports.files import line, write
from tests.imports.files import load as load_file
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document

SignIn = Callable[..., Browser]


def load(app: Flask, person_id: int, idea_id: int) -> tuple[Person, Idea]:
    return db.session.get_one(Person, person_id), db.session.get_one(Idea, idea_id)


def owned(app: Flask) -> tuple[int, int, int]:
    """An accepted idea, the department that carries it out, and who answers for it."""
    department, representative = make.represented(app)
    idea_id = make.idea(app)
    make.decide(app, idea_id, owner_id=department, due_on=today() + timedelta(days=9))
    return idea_id, department, representative


def picture() -> BytesIO:
    sent = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(sent, "JPEG")
    sent.seek(0)
    return sent


def test_an_archived_department_carries_nothing_out(app: Flask, sign_in: SignIn) -> None:
    idea_id, gone = make.idea(app), make.department(app, archived_at=now())

    refused = sign_in(make.moderator(app)).post(
        f"/ideas/{idea_id}/decision",
        {"decision": "accept", "reason": "Worth a day.", "owner": gone},
    )

    assert refused.status_code == 422
    assert "Worth a day." in refused.text
    error = Document(refused.text).one("p", id="owner-error")
    assert "Choose a department" in error.text


def test_a_department_archived_at_that_moment_carries_nothing_out(app: Flask) -> None:
    idea_id, department, admin = make.idea(app), make.department(app), make.admin(app)
    with app.app_context():
        boss = db.session.get_one(Person, admin)
        departments.archive(boss, db.session.get_one(Department, department))

    with pytest.raises(Invalid):
        make.decide(app, idea_id, owner_id=department)
    with app.app_context():
        assert db.session.get_one(Idea, idea_id).stage_kind == "open"


def test_declining_asks_for_no_owner(app: Flask, sign_in: SignIn) -> None:
    idea_id = make.idea(app)
    fields = {"decision": "decline", "reason": "No.", "owner": 99_999, "due": "2001-01-01"}

    assert (
        sign_in(make.moderator(app)).post(f"/ideas/{idea_id}/decision", fields).status_code == 303
    )


def test_what_changed_may_come_with_a_photo(app: Flask, sign_in: SignIn) -> None:
    idea_id, _department, representative = owned(app)
    fields = {"outcome": "A ramp instead of a step.", "photo": (picture(), "IMG_1.jpg")}

    done = sign_in(representative).post(f"/ideas/{idea_id}/done", fields)

    reader = sign_in()
    shown = reader.page(done.location)
    assert "A ramp instead of a step." in shown.text
    image = next(i for i in shown.all("img") if i["src"].startswith("/files/"))
    assert image["alt"] == "What changed"
    assert reader.get(image["src"]).mimetype == "image/jpeg"


def test_a_photo_that_is_none_is_refused_at_its_field(app: Flask, sign_in: SignIn) -> None:
    idea_id, _department, representative = owned(app)
    fields = {"outcome": "A ramp.", "photo": (BytesIO(b"not a picture"), "x.jpg")}

    refused = sign_in(representative).post(f"/ideas/{idea_id}/done", fields)

    page = Document(refused.text)
    assert refused.status_code == 422
    assert "A ramp." in refused.text
    assert page.one("input", id="photo")["aria-describedby"] == "photo-error"
    assert page.one("article", data_idea=idea_id)["data-stage"] == "accepted"


def test_a_photo_may_be_larger_than_any_text(app: Flask, sign_in: SignIn) -> None:
    idea_id, _department, representative = owned(app)
    large = BytesIO(picture().getvalue() + b"\0" * 1_500_000)
    browser = sign_in(representative)
    fields = {
        "csrf_token": browser.token,
        "outcome": "A ramp.",
        "photo": FileStorage(large, "x.jpg"),
    }
    boundary, body = encode_multipart(fields)

    done = browser.client.post(
        f"/ideas/{idea_id}/done",
        input_stream=BytesIO(body),
        content_length=len(body),
        content_type=f"multipart/form-data; boundary={boundary}",
    )

    assert done.status_code == 303


def test_after_a_merge_the_heirs_people_see_their_buttons(app: Flask, sign_in: SignIn) -> None:
    idea_id, department, _representative = owned(app)
    heir, colleague = make.represented(app, "Heir")
    with app.app_context():
        boss = db.session.get_one(Person, make.admin(app))
        old, new = (db.session.get_one(Department, d) for d in (department, heir))
        merging.merge(boss, old, new)

    browser = sign_in(colleague)
    page = browser.page(f"/ideas/{idea_id}")

    assert page.all("form", action=f"/ideas/{idea_id}/done")
    assert page.all("button", formaction=f"/ideas/{idea_id}/owner/confirm")
    assert "Heir" in page.one("section", class_="decision").text


def test_a_moderator_gives_an_orphan_to_another_department(app: Flask, sign_in: SignIn) -> None:
    idea_id, department, _representative = owned(app)
    other, colleague = make.represented(app, "Workshop")
    with app.app_context():
        boss = db.session.get_one(Person, make.admin(app))
        departments.archive(boss, db.session.get_one(Department, department), anyway=True)
    moderator = sign_in(make.moderator(app))

    assert moderator.page(f"/ideas/{idea_id}").all("a", href=f"/ideas/{idea_id}/owner")
    given = moderator.post(f"/ideas/{idea_id}/owner", {"owner": other, "due": "2099-05-04"})

    page = sign_in(colleague).page(given.location)
    assert "Workshop" in page.one("section", class_="decision").text
    assert "May 4, 2099" in page.text
    assert page.all("button", formaction=f"/ideas/{idea_id}/owner/confirm")


def test_only_moderators_hand_over_and_only_what_is_accepted(app: Flask, sign_in: SignIn) -> None:
    idea_id, department, representative = owned(app)
    open_idea = make.idea(app)
    moderator = sign_in(make.moderator(app))

    assert (
        sign_in(representative).post(f"/ideas/{idea_id}/owner", {"owner": department}).status_code
        == 404
    )
    assert moderator.get(f"/ideas/{open_idea}/owner").status_code == 409
    assert moderator.post(f"/ideas/{idea_id}/owner", {"owner": 99_999}).status_code == 422


def test_a_wish_for_another_day_says_why_and_a_wrong_day_keeps_the_words(
    app: Flask, sign_in: SignIn
) -> None:
    idea_id, _department, representative = owned(app)
    browser, address = sign_in(representative), f"/ideas/{idea_id}/owner/move"

    refused = browser.post(address, {"due": "2001-01-01", "reason": "Two of us are ill."})
    assert refused.status_code == 422
    assert "Two of us are ill." in refused.text
    assert Document(refused.text).one("p", id="move-due-error").text
    browser.post(address, {"due": "2099-03-01", "reason": "Two of us are ill."})

    asked = sign_in(make.moderator(app)).page(f"/ideas/{idea_id}")
    assert "Two of us are ill." in asked.text
    agree = asked.one("button", formaction=f"/ideas/{idea_id}/owner/agree")
    assert (agree["name"], agree["value"]) == ("due", "2099-03-01")


def test_a_moderator_agrees_to_no_day_they_have_not_seen(app: Flask, sign_in: SignIn) -> None:
    idea_id, _department, representative = owned(app)
    owner, moderator = sign_in(representative), sign_in(make.moderator(app))
    owner.post(f"/ideas/{idea_id}/owner/move", {"due": "2099-03-01"})
    owner.post(f"/ideas/{idea_id}/owner/move", {"due": "2099-09-01"})

    refused = moderator.post(f"/ideas/{idea_id}/owner/agree", {"due": "2099-03-01"})

    assert refused.status_code == 409
    assert "Sep 1, 2099" in moderator.page(f"/ideas/{idea_id}").text


def test_of_two_moderators_who_agree_one_is_told(app: Flask) -> None:
    idea_id, _department, representative = owned(app)
    first, second = make.moderator(app), make.moderator(app)
    day = today() + timedelta(days=40)
    with app.app_context():
        someone, idea = load(app, representative, idea_id)
        owning.ask_to_move_date(someone, idea, due_on=day, reason="")
    with app.app_context():
        late, stale = load(app, second, idea_id)
        early, _same = load(app, first, idea_id)
        owning.agree_to_date(early, stale, due_on=day)

        with pytest.raises(Conflict):
            owning.agree_to_date(late, stale, due_on=day)


def test_nobody_moves_the_date_of_what_is_done_meanwhile(app: Flask, sign_in: SignIn) -> None:
    idea_id, _department, representative = owned(app)
    with app.app_context():
        _someone, stale = load(app, representative, idea_id)
        db.session.expunge(stale)
    sign_in(representative).post(f"/ideas/{idea_id}/done", {"outcome": "Done."})

    for act in (
        lambda who: owning.confirm_date(who, stale),
        lambda who: owning.ask_to_move_date(who, stale, due_on=today(), reason=""),
    ):
        with app.app_context(), pytest.raises(Conflict):
            act(db.session.get_one(Person, representative))


@pytest.mark.parametrize("act", ["confirm", "ask", "done"])
def test_who_owned_it_until_a_moment_ago_does_not_act_for_the_new_owner(
    app: Flask, act: str
) -> None:
    idea_id, _department, representative = owned(app)
    other, moderator = make.department(app), make.moderator(app)
    acts: dict[str, Callable[[Person, Idea], object]] = {
        "confirm": owning.confirm_date,
        "ask": lambda who, idea: owning.ask_to_move_date(who, idea, due_on=today(), reason=""),
        "done": lambda who, idea: decisions.mark_done(who, idea, outcome="Done."),
    }
    with app.app_context():
        someone, stale = load(app, representative, idea_id)
        db.session.expunge(stale)
        boss, idea = load(app, moderator, idea_id)
        owning.hand_over(boss, idea, owner_id=other, due_on=None)

        with pytest.raises(Conflict):
            acts[act](someone, stale)


def test_the_owner_confirms_no_day_they_have_not_seen(app: Flask, sign_in: SignIn) -> None:
    idea_id, department, representative = owned(app)
    owner = sign_in(representative)
    button = owner.page(f"/ideas/{idea_id}").one(
        "button", formaction=f"/ideas/{idea_id}/owner/confirm"
    )
    with app.app_context():
        boss, idea = load(app, make.moderator(app), idea_id)
        owning.hand_over(boss, idea, owner_id=department, due_on=today() + timedelta(days=1))

    refused = owner.post(button["formaction"], {button["name"]: button["value"]})

    assert refused.status_code == 409
    assert "has confirmed the date" not in owner.page(f"/ideas/{idea_id}").text


def test_a_day_a_moderator_sets_is_confirmed_anew_and_says_why(app: Flask, sign_in: SignIn) -> None:
    idea_id, _department, representative = owned(app)
    owner = sign_in(representative)
    owner.post(f"/ideas/{idea_id}/owner/confirm")

    moved = {"due": "2099-03-01", "reason": "The hall is closed."}
    sign_in(make.moderator(app)).post(f"/ideas/{idea_id}/owner/move", moved)

    page = owner.page(f"/ideas/{idea_id}")
    assert "Mar 1, 2099" in page.text
    assert "The hall is closed." in page.text
    assert "has confirmed the date" not in page.text
    assert page.all("button", formaction=f"/ideas/{idea_id}/owner/confirm")


def test_the_heir_of_a_department_has_confirmed_nothing_yet(app: Flask, sign_in: SignIn) -> None:
    idea_id, department, representative = owned(app)
    sign_in(representative).post(f"/ideas/{idea_id}/owner/confirm")
    heir = make.department(app, "Heir")
    with app.app_context():
        boss = db.session.get_one(Person, make.admin(app))
        old, new = (db.session.get_one(Department, d) for d in (department, heir))
        merging.merge(boss, old, new)

    assert "has confirmed the date" not in sign_in().page(f"/ideas/{idea_id}").text


def test_a_board_member_carries_nothing_out(app: Flask, sign_in: SignIn) -> None:
    idea_id, department, _representative = owned(app)
    board = make.person(app, kind="board")
    make.represent(app, board, department)

    assert sign_in(board).post(f"/ideas/{idea_id}/done", {"outcome": "Done."}).status_code == 403


def test_an_unreadable_day_is_agreed_by_nobody(app: Flask, sign_in: SignIn) -> None:
    idea_id, _department, representative = owned(app)
    sign_in(representative).post(f"/ideas/{idea_id}/owner/move", {"due": "2099-03-01"})
    moderator = sign_in(make.moderator(app))

    assert moderator.post(f"/ideas/{idea_id}/owner/agree", {"due": "soon"}).status_code == 422
    assert "asks to move the date" in moderator.page(f"/ideas/{idea_id}").text


def test_what_came_here_accepted_can_be_given_an_owner(
    app: Flask, sign_in: SignIn, tmp_path: Path
) -> None:
    load_file(app, write(tmp_path, line(stage="accepted")))
    department, representative = make.department(app, "Workshop"), make.person(app)
    make.represent(app, representative, department)
    with app.app_context():
        idea_id = db.session.scalars(select(Idea.id)).one()
    moderator = sign_in(make.moderator(app))
    queue = moderator.page("/moderation?queue=ownerless")
    assert queue.all("a", href=f"/ideas/{idea_id}/owner")

    given = {"owner": department, "due": "2099-05-04"}
    moderator.post(f"/ideas/{idea_id}/owner", given)

    assert not moderator.page("/moderation?queue=ownerless").all(data_idea=str(idea_id))
    owner = sign_in(representative)
    assert "Workshop" in owner.page(f"/ideas/{idea_id}").one("section", class_="decision").text
    assert owner.post(f"/ideas/{idea_id}/owner/confirm").status_code == 303
    load_file(app, write(tmp_path, line(stage="accepted", problem="New words")))
    assert "Workshop" in owner.page(f"/ideas/{idea_id}").one("section", class_="decision").text


def test_nobody_owns_what_is_not_accepted(app: Flask, sign_in: SignIn) -> None:
    idea_id, _department, representative = owned(app)
    open_idea = make.idea(app)
    owner, address = sign_in(representative), f"/ideas/{idea_id}"
    owner.post(f"{address}/done", {"outcome": "One shelf for all."})

    for browser, place in ((owner, address), (sign_in(), f"/ideas/{open_idea}")):
        page = browser.page(place)
        assert not page.all("form", action=f"{place}/done")
        assert not page.all("button", formaction=f"{place}/owner/confirm")


def test_a_board_member_answers_for_no_department(app: Flask, sign_in: SignIn) -> None:
    department, board = make.department(app), make.person(app, kind="board")
    make.represent(app, board, department)
    idea_id = make.idea(app, departments=[department])
    answer = {"answer": "helps", "reason": "It does."}

    refused = sign_in(board).post(f"/ideas/{idea_id}/answers/{department}", answer)

    assert refused.status_code == 403
