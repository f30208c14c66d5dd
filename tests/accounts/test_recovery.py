"""A forgotten password, another address, and registering by oneself."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from forum.accounts import passwords, recovery
from forum.accounts.addresses import clean_email
from forum.accounts.models import Person
from forum.core import audit
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.mail import OutboxMail, send_due, stuck_mails
from forum.core.site import save_settings
from tests.support import log, make
from tests.support.browser import Browser
from tests.support.corpora import strings
from tests.support.post_office import post_office
from tests.support.queries import listening
from tests.support.together import at_once

OLD, NEW = "our warehouse hums at night", "a quite different sentence"
ADDRESS = "https://forum.example"


@pytest.fixture(scope="session")
def hashed():
    """The hash of the password, made once."""
    return passwords.hash_password(OLD)


@pytest.fixture
def vera(app, hashed):
    """Somebody with a password."""
    return make.person(app, name="Vera", email="vera@example.org", password_hash=hashed)


@pytest.fixture
def mailing(app):
    """A forum that can mail, and registers people of one domain."""
    set_up(app, mail_url="smtp://localhost:1", address=ADDRESS)
    set_up(app, registration="domain", registration_domains=["example.org"])


def set_up(app, **settings):
    """Change settings of the site."""
    with app.app_context(), transaction():
        save_settings(settings)


def letters(app):
    """The waiting mails, oldest first, as (to, path of the link, text)."""
    with app.app_context():
        rows = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
    found = []
    for row in rows:
        link = re.search(rf"{ADDRESS}(/\S*)", row.body)
        found.append((row.recipient, link.group(1) if link else "", f"{row.subject} {row.body}"))
    return found


def send(browser, address, **fields):
    """Open a page and send its form."""
    browser.get(address)
    return browser.post(address, fields)


def can_sign_in(app, password, handle="vera@example.org"):
    """Whether this opens the door."""
    answer = send(Browser(app), "/sign-in", email=handle, password=password)
    return answer.status_code == 303


# --- A forgotten password


def test_a_forgotten_password_is_replaced_by_mail(app, anonymous, vera, mailing):
    there = Browser(app)
    there.enter_as(vera)
    send(anonymous, "/password-reset", email="vera@example.org")
    [(recipient, path, _text)] = letters(app)

    answer = send(anonymous, path, password=NEW)

    assert recipient == "vera@example.org"
    assert answer.status_code == 303
    assert can_sign_in(app, NEW)
    assert not can_sign_in(app, OLD)
    assert there.get("/settings").status_code == 303
    assert Browser(app).get(path).status_code == 410


def test_the_answer_does_not_tell_who_has_an_account(app, vera, mailing):
    make.person(app, email="gone@example.org", deactivated_at=now())

    answers = [
        send(Browser(app), "/password-reset", email=handle)
        for handle in (
            "vera@example.org",
            "gone@example.org",
            "nobody@example.org",
            "\x01",
            "x" * 9,
        )
    ]

    assert {answer.status_code for answer in answers} == {200}
    assert len({re.sub(r'(value|content)="[^"]*"', "", answer.text) for answer in answers}) == 1
    assert {to for to, path, _text in letters(app) if path} == {"vera@example.org"}


def test_nobody_learns_from_the_work_done_who_has_an_account(app, vera, mailing):
    def changes(handle):
        browser = Browser(app)
        browser.get("/password-reset")
        with listening(app) as seen:
            browser.post("/password-reset", {"email": handle})
        return [s.split()[2] for s in seen if s.startswith("INSERT INTO outbox_mail")]

    assert changes("vera@example.org") == changes("nobody@example.org") == ["outbox_mail"]


def test_a_reset_link_ends_after_a_day(app, anonymous, vera, mailing):
    send(anonymous, "/password-reset", email="vera@example.org")

    with time_machine.travel(now() + timedelta(days=1, minutes=1)):
        assert anonymous.get(letters(app)[0][1]).status_code == 410


def test_links_in_mails_never_follow_the_host_a_stranger_sends(app, vera, mailing):
    browser = Browser(app)
    browser.get("/password-reset", headers={"Host": "evil.example"})
    browser.client.post(
        "/password-reset",
        data={"email": "vera@example.org", "csrf_token": browser.token},
        headers={"Host": "evil.example"},
    )

    assert all("evil.example" not in text for _to, _path, text in letters(app))


def test_without_mail_the_page_says_whom_to_ask(app, anonymous, vera):
    page = anonymous.page("/password-reset")
    anonymous.post("/password-reset", {"email": "vera@example.org"})

    assert "Ask an administrator" in page.text
    assert letters(app) == []


def test_asking_too_often_has_to_wait(app, anonymous, vera, mailing, throttled):
    answers = [send(anonymous, "/password-reset", email="vera@example.org") for _ in range(4)]
    nobody = [send(anonymous, "/password-reset", email="nobody@example.org") for _ in range(4)]

    assert [a.status_code for a in answers] == [200] * 3 + [429]
    assert [a.status_code for a in nobody] == [200] * 3 + [429]
    assert len(letters(app)) == 3 + 3
    assert {to for to, path, _text in letters(app) if path} == {"vera@example.org"}


def test_an_office_that_registers_one_morning_can_still_sign_in(app, vera, mailing, throttled):
    for i in range(61):
        answer = send(Browser(app), "/register", name="New", email=f"new{i}@example.org")

    assert answer.status_code == 429
    assert can_sign_in(app, OLD)


def test_an_administrator_hands_over_a_link_and_the_audit_knows(app, anonymous, vera):
    with app.app_context():
        link = recovery.reset_link(None, db.session.get_one(Person, vera))
        chain = audit.verify()

    answer = send(anonymous, "/" + link.split("/", 3)[3], password=NEW)

    assert answer.status_code == 303
    assert chain == (1, None)
    assert can_sign_in(app, NEW)


def test_a_new_password_ends_links_that_were_open(app, anonymous, vera, mailing):
    send(anonymous, "/password-reset", email="vera@example.org")
    browser = Browser(app)
    browser.enter_as(vera)
    browser.post("/settings/password", {"current_password": OLD, "password": NEW})

    assert anonymous.get(letters(app)[0][1]).status_code == 410


# --- Another address


def ask_for(app, vera, email="vera.new@example.org"):
    """Ask for another address and give the two links, by whom they went to."""
    browser = Browser(app)
    browser.enter_as(vera)
    answer = browser.post("/settings/email", {"email": email, "current_password": OLD})
    assert answer.status_code == 303
    return {to: path for to, path, _text in letters(app)}


def test_a_new_address_counts_once_both_have_agreed(app, vera, mailing):
    links = ask_for(app, vera)

    first = send(Browser(app), links["vera.new@example.org"])
    half = can_sign_in(app, OLD, "vera.new@example.org")
    second = send(Browser(app), links["vera@example.org"])

    assert [first.status_code, second.status_code] == [200, 200]
    assert not half
    assert can_sign_in(app, OLD, "vera.new@example.org")
    assert not can_sign_in(app, OLD, "vera@example.org")


def test_both_links_opened_at_once_make_one_change(app, vera, mailing):
    links = ask_for(app, vera)
    browsers = [Browser(app), Browser(app)]
    for browser, path in zip(browsers, links.values(), strict=True):
        browser.get(path)

    at_once([lambda b=b, p=p: b.post(p) for b, p in zip(browsers, links.values(), strict=True)])

    assert can_sign_in(app, OLD, "vera.new@example.org")


def test_opening_a_link_alone_agrees_to_nothing(app, vera, mailing):
    for path in ask_for(app, vera).values():
        assert Browser(app).get(path).status_code == 200

    assert can_sign_in(app, OLD, "vera@example.org")


def test_a_later_wish_ends_the_earlier_one(app, vera, mailing):
    first = ask_for(app, vera, "first@example.org")
    ask_for(app, vera, "second@example.org")

    assert Browser(app).get(first["first@example.org"]).status_code == 410


def test_an_address_taken_meanwhile_is_a_conflict(app, vera, mailing):
    links = ask_for(app, vera)
    make.person(app, email="vera.new@example.org")
    send(Browser(app), links["vera@example.org"])

    answer = send(Browser(app), links["vera.new@example.org"])

    assert answer.status_code == 409
    assert can_sign_in(app, OLD, "vera@example.org")


def test_a_new_password_ends_the_wish_for_another_address(app, vera, mailing):
    links = ask_for(app, vera)
    browser = Browser(app)
    browser.enter_as(vera)

    browser.post("/settings/password", {"current_password": OLD, "password": NEW})

    assert [Browser(app).get(path).status_code for path in links.values()] == [410, 410]


def test_links_to_an_old_address_end_when_an_administrator_corrects_it(app, vera, mailing):
    links = list(ask_for(app, vera).values())
    send(Browser(app), "/password-reset", email="vera@example.org")
    links.append(letters(app)[-1][1])
    admin = Browser(app)
    admin.enter_as(make.admin(app))

    answer = admin.post(
        f"/admin/people/{vera}",
        {"name": "Vera", "email": "corrected@example.org", "role": "employee", "kind": "staff"},
    )

    assert answer.status_code == 303
    assert [Browser(app).get(path).status_code for path in links] == [410, 410, 410]


@pytest.mark.parametrize(
    ("email", "password"),
    [("vera.new@example.org", "wrong wrong"), ("nonsense", OLD), ("vera@example.org", OLD)],
)
def test_a_wish_that_cannot_be_is_refused(app, vera, mailing, email, password):
    browser = Browser(app)
    browser.enter_as(vera)

    answer = browser.post("/settings/email", {"email": email, "current_password": password})

    assert answer.status_code == 422
    assert letters(app) == []


# --- Registering


def test_registration_is_not_there_unless_it_is_open(app, anonymous):
    closed = anonymous.get("/register").status_code
    set_up(app, registration="domain", registration_domains=["example.org"])
    without_mail = anonymous.get("/register").status_code
    set_up(app, mail_url="smtp://localhost:1", address=ADDRESS)
    link = anonymous.page("/sign-in").all("a", href="/register")

    assert [closed, without_mail, anonymous.get("/register").status_code] == [404, 404, 200]
    assert link


def test_somebody_of_the_company_registers_and_comes_in_once(app, anonymous, mailing):
    sent = send(anonymous, "/register", name="Nina", email="Nina@Example.org")
    path = letters(app)[0][1]

    answer = send(anonymous, path, password=NEW)

    assert sent.status_code == 200
    assert answer.status_code == 303
    assert anonymous.page("/settings").one("html")["data-role"] == "employee"
    assert Browser(app).get(path).status_code == 410
    assert "person.created" in [kind for kind, _by, _about in log.since(app, 0)]


def test_of_several_who_open_one_registration_at_once_one_comes_in(app, mailing):
    send(Browser(app), "/register", name="Nina", email="nina@example.org")
    path = letters(app)[0][1]
    browsers = [Browser(app) for _ in range(4)]
    for browser in browsers:
        browser.get(path)

    answers = at_once([lambda b=b: b.post(path, {"password": NEW}) for b in browsers])

    assert sorted(a.status_code for a in answers) == [303, 410, 410, 410]
    with app.app_context():
        assert db.session.scalar(select(func.count(Person.id))) == 1


def test_nobody_is_added_before_the_mail_is_opened(app, anonymous, mailing):
    send(anonymous, "/register", name="Nina", email="nina@example.org")

    with app.app_context():
        assert db.session.scalar(select(func.count(Person.id))) == 0


@pytest.mark.parametrize(
    "email",
    [
        "nina@evil.example",
        "nina@example.org.evil.example",
        "nina",
        "a@b@example.org",
        "nina+1@example.org",
        "",
    ],
)
def test_other_domains_are_refused(app, anonymous, mailing, email):
    answer = send(anonymous, "/register", name="Nina", email=email)

    assert answer.status_code == 422
    assert letters(app) == []


def test_a_known_address_gets_a_mail_that_says_so_and_the_page_does_not(app, vera, mailing):
    known = send(Browser(app), "/register", name="X", email="vera@example.org")
    new = send(Browser(app), "/register", name="X", email="new@example.org")

    pages = {re.sub(r'(value|content)="[^"]*"', "", page.text) for page in (known, new)}
    assert len(pages) == 1
    assert [path.split("/")[1] for _to, path, _text in letters(app)] == ["sign-in", "register"]


def test_a_stranger_puts_no_words_into_the_mail_a_colleague_gets(app, anonymous, mailing):
    send(anonymous, "/register", name="Click https://evil.example now", email="new@example.org")

    assert "evil.example" not in letters(app)[0][2]


def test_a_forged_or_old_registration_is_refused(app, anonymous, mailing):
    send(anonymous, "/register", name="Nina", email="nina@example.org")
    path = letters(app)[0][1]

    forged = anonymous.get(path[:-3] + "abc")
    with time_machine.travel(now() + timedelta(days=1, minutes=1)):
        late = anonymous.get(path)

    assert [forged.status_code, late.status_code] == [410, 410]


# --- Mails


def test_mails_reach_the_post_office_in_the_readers_language_and_leave_no_trace(app, vera, mailing):
    with app.app_context(), transaction():
        db.session.get_one(Person, vera).locale = "ru"
    send(Browser(app), "/password-reset", email="vera@example.org")

    with post_office() as office:
        set_up(app, mail_url=office.url, name="Форум")
        with app.app_context():
            sent = send_due(), send_due()

    letter = office.letters[0]
    assert sent == (1, 0)
    assert letter["To"] == "vera@example.org"
    assert "Форум" in letter["From"]
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "/password-reset/" in letter.get_content()
    with app.app_context():
        row = db.session.scalars(select(OutboxMail)).one()
        assert (row.recipient, row.subject, row.body) == ("", "", "")


def test_a_mail_that_is_refused_waits_and_is_tried_again(app, vera, mailing):
    send(Browser(app), "/password-reset", email="vera@example.org")

    with post_office("450 later") as office:
        set_up(app, mail_url=office.url)
        with app.app_context():
            assert send_due() == 0
            assert send_due() == 0
            office.refusal = ""
        with time_machine.travel(now() + timedelta(minutes=3)), app.app_context():
            assert send_due() == 1


def test_a_mail_that_waited_too_long_for_a_server_is_not_sent_any_more(app, vera, mailing):
    send(Browser(app), "/password-reset", email="vera@example.org")

    with post_office() as office:
        set_up(app, mail_url=office.url)
        with time_machine.travel(now() + timedelta(days=8)), app.app_context():
            assert (send_due(), stuck_mails()) == (0, 1)
        with app.app_context():
            assert (send_due(), stuck_mails()) == (1, 0)


# --- Addresses


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Vera@Example.org ", "vera@example.org"),
        ("o'neil+x@mail.example.co", "o'neil+x@mail.example.co"),
        ("vera@пример.рф", "vera@xn--e1afmkfd.xn--p1ai"),
        ("root@localhost", "root@localhost"),
        ("vera@example", None),
        ("vera@1.2.3.4", None),
        ("a..b@example.org", None),
        (".a@example.org", None),
        ("a@b@example.org", None),
        ("a b@example.org", None),
        ("Vera <vera@example.org>", None),
        ("vera@example.org\nBcc: x@example.org", None),
        ("x" * 65 + "@example.org", None),
        ("a@" + "x" * 64 + ".org", None),
        ("", None),
    ],
)
def test_an_address_is_kept_in_one_form_or_is_none(typed, stored):
    assert clean_email(typed) == stored


def test_no_address_of_the_corpus_is_a_fault_wherever_it_is_typed(app, vera, mailing, data):
    browser = Browser(app)
    browser.enter_as(vera)
    stranger = Browser(app)
    stranger.get("/register")
    corpus = strings(data, "emails_valid_invalid.jsonl", ("a@b", "\u202ea@b.c", "a@\x00.b"))

    for typed in corpus:
        seen = [
            stranger.post("/register", {"name": "X", "email": typed}).status_code,
            stranger.post("/password-reset", {"email": typed}).status_code,
            stranger.post("/welcome", {"email": typed, "code": typed, "password": NEW}).status_code,
        ]
        assert set(seen) <= {200, 422}, typed
    for typed in corpus[:10]:
        fields = {"email": typed, "current_password": OLD}
        assert browser.post("/settings/email", fields).status_code in (303, 422), typed
