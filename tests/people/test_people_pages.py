"""Finding people, and what the administration does about them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from forum.accounts import standing
from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import Conflict
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document, sent_by
from tests.support.together import at_once

SignIn = Callable[..., Browser]


def test_people_are_found_by_any_word_of_their_name_in_any_case(
    app: Flask, sign_in: SignIn
) -> None:
    make.person(app, name="Семён Ёлкин")
    make.person(app, name="Anna Petrova")
    browser = sign_in()

    found = browser.page("/people?q=елки")

    names = [e.text for e in found.all("a", class_="person")]
    assert names == ["Семён Ёлкин"]
    assert browser.page("/people?q=PETR").one("a", class_="person").text == "Anna Petrova"


def test_the_directory_pages_without_losing_or_repeating_anybody(
    app: Flask, sign_in: SignIn
) -> None:
    for number in range(60):
        make.person(app, name=f"Same Name {number % 3}")
    browser = sign_in(name="Zed")

    first = browser.page("/people")
    second = browser.page(first.one("a", rel="next")["href"])

    seen = [e["href"] for page in (first, second) for e in page.all("a", class_="person")]
    assert len(seen) == len(set(seen)) == 61


def test_former_colleagues_are_not_listed(app: Flask, sign_in: SignIn) -> None:
    make.person(app, name="Gone Away", deactivated_at=make.ago(days=1))
    browser = sign_in()

    assert "Gone Away" not in browser.page("/people").text
    assert browser.json("/mentions?q=gone")["items"] == []


def test_deactivation_ends_sessions_at_once_and_lists_the_seats(
    app: Flask, sign_in: SignIn
) -> None:
    anna = make.person(app, name="Anna")
    finance = make.department(app, "Finance", head_id=anna)
    make.represent(app, anna, make.department(app, "Sales"))
    hers, admin = sign_in(anna), sign_in(make.admin(app))

    admin.post(f"/admin/people/{anna}/deactivate")

    assert hers.get("/departments").status_code == 303
    page = admin.page(f"/admin/people/{anna}").text
    assert "Head of Finance" in page
    assert "Answers for Sales" in page
    assert finance


def test_the_last_administrator_stays(app: Flask, sign_in: SignIn) -> None:
    only = make.admin(app)
    browser = sign_in(only)

    refused = browser.post(f"/admin/people/{only}/deactivate")

    assert refused.status_code == 409
    assert browser.get("/admin/people").status_code == 200


def test_an_administrator_who_never_came_does_not_count(app: Flask, sign_in: SignIn) -> None:
    only = make.admin(app, password_hash="x")  # noqa: S106
    invited = make.admin(app)
    browser = sign_in(only)

    refused = browser.post(f"/admin/people/{only}/deactivate")
    allowed = browser.post(f"/admin/people/{invited}/deactivate")

    assert (refused.status_code, allowed.status_code) == (409, 303)


def test_two_administrators_cannot_remove_each_other_at_once(app: Flask) -> None:
    """The second decision sees the first, whichever was faster."""
    from concurrent.futures import ThreadPoolExecutor

    pair = [make.admin(app), make.admin(app)]

    def remove(person_id: int) -> bool:
        with app.app_context():
            try:
                standing.deactivate(None, db.session.get_one(Person, person_id))
            except Conflict:
                return False
            return True

    for _round in range(5):
        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(remove, pair))

        assert sorted(done) == [False, True]
        with app.app_context():
            for person_id in pair:
                standing.reactivate(None, db.session.get_one(Person, person_id))


def test_adding_somebody_twice_names_the_field(app: Flask, sign_in: SignIn) -> None:
    make.person(app, email="anna@example.org")
    browser = sign_in(make.admin(app))

    again = browser.post(
        "/admin/people/new",
        {"name": "Anna", "email": "Anna@Example.org", "kind": "staff", "role": "employee"},
    )

    assert again.status_code == 422
    assert "Somebody else signs in with this" in again.text


def test_a_role_is_kept_with_a_place_in_the_audit_chain(app: Flask, sign_in: SignIn) -> None:
    from forum.core import audit

    anna = make.person(app)
    browser = sign_in(make.admin(app))

    browser.post(
        f"/admin/people/{anna}",
        {"name": "Anna", "email": "anna@example.org", "role": "moderator", "kind": "staff"},
    )

    with app.app_context():
        assert db.session.get_one(Person, anna).role == "moderator"
        links, broken = audit.verify()
    assert links >= 2
    assert broken is None


@pytest.mark.parametrize("value", ["", "x", "9" * 30, "-1", "١"])
def test_nonsense_departments_are_refused_politely(app: Flask, sign_in: SignIn, value: str) -> None:
    anna = make.person(app)
    browser = sign_in(make.admin(app))

    answer = browser.post(f"/admin/people/{anna}/attach", {"department": value, "until": "x"})

    assert answer.status_code == 422
    assert browser.get(f"/people?department={value}&after={value}").status_code == 200


def test_a_form_opened_earlier_gives_nothing_back_that_was_taken_since(
    app: Flask, sign_in: SignIn
) -> None:
    anna = make.person(app, name="Anna", email="anna@example.org", role="moderator")
    address = f"/admin/people/{anna}"
    early, late = sign_in(make.admin(app)), sign_in(make.admin(app))
    stale = sent_by(early.page(address), address)
    changes = {"role": "employee", "email": "new@example.org"}
    late.post(address, {**sent_by(late.page(address), address), **changes})

    saved = early.post(address, {**stale, "job_title": "Clerk"})

    assert saved.status_code == 303
    with app.app_context():
        person = db.session.get_one(Person, anna)
        assert (person.role, person.email) == ("employee", "new@example.org")
        assert person.job_title == "Clerk"


def test_what_two_administrators_changed_is_told_to_the_later_one(
    app: Flask, sign_in: SignIn
) -> None:
    anna = make.person(app, name="Anna", email="anna@example.org")
    address = f"/admin/people/{anna}"
    early, late = sign_in(make.admin(app)), sign_in(make.admin(app))
    stale = sent_by(early.page(address), address)
    late.post(address, {**sent_by(late.page(address), address), "name": "Anna Late"})

    refused = early.post(address, {**stale, "name": "Anna Early", "job_title": "Clerk"})
    again = sent_by(Document(refused.text), address)
    saved = early.post(address, again)

    assert (refused.status_code, saved.status_code) == (409, 303)
    assert 'id="name-error"' in refused.text
    assert again["job_title"] == "Clerk"
    with app.app_context():
        assert db.session.get_one(Person, anna).name == "Anna Early"


def test_people_are_saved_and_erased_while_their_department_merges(
    app: Flask, sign_in: SignIn
) -> None:
    browsers = [sign_in(make.admin(app)) for _ in range(3)]
    for _round in range(4):
        old, new = make.department(app), make.department(app)
        people = [make.person(app, name=f"P{n}", department=old) for n in range(6)]
        fields = {"name": "P", "email": f"p{people[0]}@example.org", "department": str(new)}
        acts = [
            (f"/admin/departments/{old}/merge", {"into": str(new)}),
            (f"/admin/people/{people[0]}", {**fields, "role": "moderator"}),
            (f"/admin/people/{people[5]}/erase", {"name": "P5"}),
        ]

        answers = at_once(
            [
                lambda b=b, address=address, sent=sent: b.post(address, sent).status_code
                for b, (address, sent) in zip(browsers, acts, strict=True)
            ]
        )

        assert answers == [303, 303, 303]


def test_the_last_day_of_all_is_refused_at_its_field(app: Flask, sign_in: SignIn) -> None:
    department = make.department(app)
    guest = make.person(app, kind="consultant")
    address = f"/admin/people/{guest}/attach"

    refused = sign_in(make.admin(app)).post(
        address, {"department": str(department), "until": "9999-12-31"}
    )

    assert refused.status_code == 422
    assert 'id="attach-until-error"' in refused.text


def test_a_consultant_sees_of_a_colleagues_seats_only_their_own_departments(
    app: Flask, sign_in: SignIn
) -> None:
    near, far = make.department(app, "Near"), make.department(app, "Far")
    colleague = make.person(app, department=near)
    make.represent(app, colleague, far)
    consultant = make.person(app, kind="consultant", attached=[near])

    assert "Far" not in sign_in(consultant).page(f"/people/{colleague}").text
    assert "Far" in sign_in().page(f"/people/{colleague}").text
