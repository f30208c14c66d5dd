"""Coming in for the first time, by a link or by a code from a printed sheet."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from forum.accounts import invitations, tokens
from forum.accounts.models import OneTimeToken, Person, PersonSession, Purpose
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.mail import OutboxMail
from forum.core.site import save_settings
from tests.accounts.recovering import open_at_once
from tests.support import make
from tests.support.browser import Browser

PASSWORD = "our warehouse hums at night"


def invited(app, person, *, admin=None):
    """The path of a new invitation."""
    with app.app_context():
        someone = db.session.get_one(Person, person)
        by = db.session.get_one(Person, admin) if admin else None
        link = invitations.invite(by, [someone])[0].link
    return "/" + link.split("/", 3)[3]


def sheet_code(app, person):
    """A code for one person, as printed."""
    with app.app_context():
        return invitations.sign_in_sheet(None, [db.session.get_one(Person, person)])[0].code


def come_in(browser, address, password=PASSWORD):
    """Open the link and choose a password."""
    browser.get(address)
    return browser.post(address, {"password": password})


def test_an_invitation_lets_somebody_choose_a_password_and_come_in(app, anonymous):
    person = make.person(app, name="Vera")
    address = invited(app, person)

    page = anonymous.page(address)
    answer = anonymous.post(address, {"password": PASSWORD})

    assert "Vera" in page.one("h1").text
    assert page.one("input", name_="password").get("autocomplete") == "new-password"
    assert answer.status_code == 303
    assert anonymous.page("/settings").one("html")["data-person"] == str(person)


def test_an_invitation_works_once(app, anonymous):
    address = invited(app, make.person(app))
    come_in(anonymous, address)

    again = Browser(app).get(address)

    assert again.status_code == 410
    assert again.headers["Cache-Control"] == "no-store"


def test_an_invitation_ends_after_seven_days(app, anonymous):
    address = invited(app, make.person(app))

    with time_machine.travel(now() + timedelta(days=7, minutes=1)):
        late = anonymous.get(address)

    assert late.status_code == 410


def test_a_new_invitation_ends_the_one_before(app, anonymous):
    person = make.person(app)
    first, second = invited(app, person), invited(app, person)

    assert anonymous.get(first).status_code == 410
    assert anonymous.get(second).status_code == 200


def test_of_several_who_open_an_invitation_at_once_one_comes_in(app):
    person = make.person(app)
    address = invited(app, person)

    assert open_at_once(app, address, PASSWORD) == [303, 410, 410, 410]
    with app.app_context():
        assert db.session.scalar(select(func.count(PersonSession.id))) == 1


def test_a_weak_password_is_refused_and_the_link_still_works(app, anonymous):
    person = make.person(app, name="Vera Orlova")
    address = invited(app, person)

    for weak in ("short", "aaaaaaaaaaaa", "vera orlova", "1234567890", "Пароль12345", "x" * 300):
        refused = come_in(anonymous, address, weak)
        assert refused.status_code == 422, weak
        assert 'aria-invalid="true"' in refused.text

    assert come_in(anonymous, address).status_code == 303


def test_nobody_deactivated_comes_in_by_an_old_link(app, anonymous):
    person = make.person(app)
    address = invited(app, person)
    with app.app_context(), transaction():
        db.session.get_one(Person, person).deactivated_at = now()

    assert anonymous.get(address).status_code == 410


def test_without_a_mail_server_the_link_is_shown_and_nothing_is_mailed(app, context):
    person = db.session.get_one(Person, make.person(app))

    made = invitations.invite(None, [person])[0]

    assert not made.mailed
    assert "/welcome/" in made.link
    assert db.session.scalar(select(func.count(OutboxMail.id))) == 0


def test_with_a_mail_server_it_is_mailed_in_the_persons_language(app, context):
    person = db.session.get_one(Person, make.person(app, locale="ru", email="vera@example.org"))
    with transaction():
        save_settings({"mail_url": "smtp://localhost:1", "address": "https://forum.example"})

    made = invitations.invite(None, [person])[0]

    mail = db.session.scalars(select(OutboxMail)).one()
    assert made.mailed
    assert mail.recipient == "vera@example.org"
    assert made.link.startswith("https://forum.example/welcome/")
    assert made.link in mail.body


def test_the_database_holds_no_link_or_code_that_works(app, anonymous):
    person = make.person(app)
    address, code = invited(app, person), sheet_code(app, person)

    with app.app_context():
        stored = list(db.session.scalars(select(OneTimeToken.token_hash)))

    assert address.rsplit("/", 1)[1] not in stored
    assert tokens.clean_code(code) not in stored


@pytest.mark.parametrize("typed", [str, str.lower, lambda code: code.replace("-", " ")])
def test_a_code_from_the_sheet_lets_somebody_in_however_it_is_typed(app, anonymous, typed):
    person = make.person(app, login="4711")
    code = sheet_code(app, person)
    anonymous.get("/welcome")

    answer = anonymous.post(
        "/welcome", {"email": "4711", "code": typed(code), "password": PASSWORD}
    )

    assert answer.status_code == 303
    assert anonymous.page("/settings").one("html")["data-person"] == str(person)


def test_a_code_works_on_a_russian_keyboard(app, context):
    assert tokens.clean_code("авекм-нрстх") == "ABEKMHPCTX"


def test_a_code_works_once_and_for_its_owner_only(app, anonymous):
    owner, other = make.person(app, login="4711"), make.person(app, login="4712")
    code = sheet_code(app, owner)
    fields = {"code": code, "password": PASSWORD}
    anonymous.get("/welcome")

    for_other = anonymous.post("/welcome", {**fields, "email": "4712"})
    first = anonymous.post("/welcome", {**fields, "email": "4711"})
    second = Browser(app)
    second.get("/welcome")
    again = second.post("/welcome", {**fields, "email": "4711"})

    assert [for_other.status_code, first.status_code, again.status_code] == [422, 303, 422]
    assert other != owner


@pytest.mark.parametrize("way", ["code", "link"])
def test_arriving_at_a_shared_terminal_leaves_no_lasting_session(app, anonymous, way):
    person = make.person(app, login="4711", email=None)
    fields = {"password": PASSWORD, "shared": "1"}
    if way == "code":
        fields |= {"email": "4711", "code": sheet_code(app, person)}
    address = "/welcome" if way == "code" else invited(app, person)

    anonymous.get(address)
    answer = anonymous.post(address, fields)

    assert answer.status_code == 303
    assert "Expires" not in answer.headers["Set-Cookie"]
    assert "data-shared" in anonymous.page("/settings").one("html")
    with time_machine.travel(now() + timedelta(minutes=11)):
        assert anonymous.get("/settings").status_code == 303


def test_guessing_codes_has_to_wait(app, anonymous, throttled):
    make.person(app, login="4711")
    anonymous.get("/welcome")
    fields = {"email": "4711", "code": "AAAAA-AAAAA", "password": PASSWORD}

    answers = [anonymous.post("/welcome", fields) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_link_that_runs_out_while_its_form_is_read_lets_nobody_in(app):
    person = make.person(app, password_hash=None)
    address = invited(app, person)
    with app.app_context():
        token, _someone = tokens.find(address.rpartition("/")[2], Purpose.INVITATION)
        with (
            time_machine.travel(now() + timedelta(days=8)),
            pytest.raises(tokens.LinkSpent),
            transaction(),
        ):
            tokens.spend(token)
