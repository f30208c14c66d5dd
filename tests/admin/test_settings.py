"""What an administrator sets for the whole site."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from forum.core import audit
from forum.core.config import MODULES
from forum.core.db import db, transaction
from forum.core.events import Event
from forum.core.site import save_settings
from tests.admin.sent import ACCESS, GENERAL, MAIL, setting
from tests.support import make
from tests.support.browser import Browser

PAGES = ("", "/texts", "/access", "/mail", "/modules")


def test_only_administrators_reach_the_settings(app, sign_in):
    employee, moderator = sign_in(), sign_in(make.moderator(app))

    for page in ("/admin", *(f"/admin/settings{part}" for part in PAGES)):
        assert employee.get(page).status_code == 404
        assert moderator.get(page).status_code == 404


@pytest.mark.parametrize("part", PAGES)
def test_every_part_shows_and_may_not_be_stored(admin, part):
    page = admin.get(f"/admin/settings{part}")

    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"


def test_a_name_and_language_are_seen_by_everybody_with_the_next_request(app, admin, anonymous):
    anonymous.get("/sign-in")

    answer = admin.post("/admin/settings", GENERAL)

    assert answer.status_code == 303
    page = anonymous.page("/sign-in")
    assert page.one("title").text.endswith("Better together")
    assert page.one("html")["lang"] == "ru"


def test_saving_is_one_privileged_event_that_names_settings_but_no_values(app, admin):
    admin.post("/admin/settings", GENERAL)

    with app.app_context():
        events = list(db.session.scalars(select(Event).where(Event.type.startswith("site."))))
        assert [event.payload for event in events] == [
            {"names": ["accent", "default_locale", "name", "time_zone"]}
        ]
        assert audit.verify() == (1, None)


def test_saving_what_is_set_already_leaves_no_trace(app, admin):
    admin.post("/admin/settings", GENERAL)
    revision = setting(app, "revision")

    admin.post("/admin/settings", GENERAL)

    assert setting(app, "revision") == revision


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 61),
        ("accent", "red"),
        ("accent", "#12345"),
        ("accent", "#123456;}body{display:none"),
        ("time_zone", "Mars/Olympus"),
        ("default_locale", "de"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(app, admin, field, value):
    answer = admin.post("/admin/settings", {**GENERAL, field: value})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert setting(app, "name") == "Counterpart"


def test_registration_by_domain_needs_a_domain(app, admin):
    without = admin.post("/admin/settings/access", {**ACCESS, "registration": "domain"})
    wrong = admin.post(
        "/admin/settings/access",
        {**ACCESS, "registration": "domain", "registration_domains": "not_a_domain"},
    )
    right = admin.post(
        "/admin/settings/access",
        {**ACCESS, "registration": "domain", "registration_domains": "Example.org, пример.рф"},
    )

    assert [without.status_code, wrong.status_code, right.status_code] == [422, 422, 303]
    assert setting(app, "registration_domains") == ("example.org", "xn--e1afmkfd.xn--p1ai")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("idle_minutes", "0"),
        ("idle_minutes", "soon"),
        ("retention_days", "-1"),
        ("retention_days", "9" * 40),
        ("registration", "open"),
    ],
)
def test_numbers_out_of_bounds_are_refused(admin, field, value):
    assert admin.post("/admin/settings/access", {**ACCESS, field: value}).status_code == 422


def test_modules_are_switched_and_unknown_ones_ignored(app, admin):
    admin.post("/admin/settings/modules", {"modules": ["thanks", "map", "bogus"]})

    assert setting(app, "modules") == ("map", "thanks")


def test_every_module_is_said_in_words(admin):
    page = admin.page("/admin/settings/modules")

    assert {box["value"] for box in page.all("input", name_="modules")} == set(MODULES)


def test_what_the_environment_sets_is_shown_locked_and_not_taken_from_a_form(app, admin, locked):
    locked("SITE_NAME", "From outside")
    locked("MODULES", frozenset({"map"}))
    locked("MAIL_URL", "smtp://outside:25")

    general = admin.page("/admin/settings")
    answers = [
        admin.post("/admin/settings", {**GENERAL, "name": "Mine"}),
        admin.post("/admin/settings/modules", {"modules": ["thanks"]}),
        admin.post("/admin/settings/mail", {**MAIL, "host": "mine.example.org"}),
    ]

    assert "FORUM_SITE_NAME" in general.text
    assert not general.all("input", name_="name")
    assert "FORUM_MODULES" in admin.page("/admin/settings/modules").text
    assert "FORUM_MAIL_URL" in admin.page("/admin/settings/mail").text
    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert setting(app, "name") == "From outside"
    assert setting(app, "modules") == ("map",)
    assert setting(app, "mail_url") == "smtp://outside:25"


def test_the_environment_may_hold_a_setting_off(app, admin, locked):
    admin.post("/admin/settings/modules", {"modules": ["map"], "read_only": "1"})
    locked("MODULES", frozenset())
    locked("READ_ONLY", False)  # noqa: FBT003 -- as the environment says it

    page = admin.page("/admin/settings/modules")
    answer = admin.post("/admin/settings/modules", {"modules": ["thanks"], "read_only": "1"})

    assert "FORUM_MODULES" in page.text
    assert "FORUM_READ_ONLY" in page.text
    assert [e.text for e in page.all("p") if e.text in ("on", "off")] == ["off"]
    assert not page.all("input", name_="modules")
    assert not page.all("input", name_="read_only")
    assert answer.status_code == 303
    assert (setting(app, "modules"), setting(app, "read_only")) == ((), False)


def test_read_only_stops_every_change_until_an_administrator_ends_it(app, admin, sign_in):
    admin.post("/admin/settings/modules", {"read_only": "1"})
    employee = sign_in()

    page, refused = employee.get("/settings"), employee.post("/settings/theme", {"theme": "dark"})
    admin.post("/admin/settings/modules", {})

    assert "Read-only for the moment" in page.text
    assert refused.status_code == 503
    assert employee.post("/settings/theme", {"theme": "dark"}).status_code == 303


def test_two_workers_see_a_change_with_their_next_request(app, prepared):
    from forum.app import create_app

    names = ("DATA_DIR", "DATABASE_URL", "RATE_LIMITS")
    other = create_app({name: app.config[name] for name in names} | {"TESTING": True})
    Browser(other).get("/sign-in")

    with app.app_context(), transaction():
        save_settings({"name": "Seen everywhere"})

    assert "Seen everywhere" in Browser(other).get("/sign-in").text
    with other.app_context():
        db.session.remove()
        db.engine.dispose()
