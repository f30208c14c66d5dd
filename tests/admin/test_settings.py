"""What an administrator sets for the whole site."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from forum.admin.colours import DARK, ENOUGH, LIGHT, contrast, to_linear, to_oklch, weakest_contrast
from forum.core import audit
from forum.core.config import MODULES
from forum.core.db import db, transaction
from forum.core.events import Event
from forum.core.site import SitePicture, save_settings, site
from tests.support import make
from tests.support.browser import Browser
from tests.support.post_office import post_office

PAGES = ("", "/texts", "/access", "/mail", "/modules")
GENERAL = {
    "name": "Better together",
    "accent": "#8b1f5f",
    "default_locale": "ru",
    "time_zone": "Asia/Yekaterinburg",
    "welcome_en": "",
    "welcome_ru": "",
}
TEXTS = dict.fromkeys(
    ("announcement_en", "announcement_ru", "privacy_en", "privacy_ru", "imprint_en", "imprint_ru"),
    "",
)
ACCESS = {
    "registration": "closed",
    "registration_domains": "",
    "idle_minutes": "10",
    "retention_days": "0",
}
MAIL = {"host": "", "port": "25", "tls": "starttls", "user": "", "mail_from": "", "address": ""}


@pytest.fixture
def admin(app, sign_in):
    """A browser of an administrator."""
    return sign_in(make.admin(app, email="chief@example.org"))


@pytest.fixture
def locked(app):
    """`locked(NAME, value)`: the environment sets it for this test."""
    before = {}

    def lock(name, value):
        before.setdefault(name, app.config[name])
        app.config[name] = value

    yield lock
    app.config.update(before)


def setting(app, name):
    """A setting as a fresh request sees it."""
    with app.app_context():
        return getattr(site(), name)


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


def test_the_accent_reaches_the_stylesheet_that_everybody_loads(admin, anonymous):
    admin.post("/admin/settings", GENERAL)

    links = [e["href"] for e in anonymous.page("/sign-in").all("link") if "href" in e]
    address = next(link for link in links if link.startswith("/site.css"))
    sheet = anonymous.get(address)

    assert "--accent-seed: #8b1f5f" in sheet.text
    assert sheet.mimetype == "text/css"
    assert "immutable" in sheet.headers["Cache-Control"]
    assert "immutable" not in anonymous.get("/site.css?v=0").headers["Cache-Control"]


def test_any_seed_gives_an_accent_that_can_be_read_in_both_themes():
    seeds = [
        f"#{r:02x}{g:02x}{b:02x}"
        for r in range(0, 256, 51)
        for g in range(0, 256, 51)
        for b in range(0, 256, 51)
    ]

    weakest = min(weakest_contrast(seed, theme) for seed in seeds for theme in (LIGHT, DARK))

    assert weakest >= ENOUGH


def test_an_accent_that_could_not_be_read_is_refused(admin, monkeypatch):
    pale = LIGHT.__class__((0.9, 0.1), LIGHT.wash, LIGHT.surfaces, LIGHT.on_accent)
    monkeypatch.setattr("forum.admin.settings_forms.LIGHT", pale)

    answer = admin.post("/admin/settings", GENERAL)

    assert answer.status_code == 422
    assert "cannot be read" in answer.text


def test_colours_are_measured_as_the_standards_say():
    black, white = to_linear((0, 0, 0)), to_linear((1, 0, 0))

    assert contrast(black, white) == pytest.approx(21, abs=0.01)
    assert to_oklch("#ff0000") == pytest.approx((0.628, 0.2577, 29.23), abs=0.01)


def test_the_measured_theme_is_the_one_of_the_stylesheet():
    css = (Path(__file__).parents[2] / "static/css/app.css").read_text()
    declared = dict(re.findall(r"--([a-z-]+): light-dark\((.*)\);", css))

    def numbers(name):
        light, dark = declared[name].split("), oklch(")
        return [
            [float(n) for n in re.findall(r"(?<![\w#-])\d*\.?\d+", part)] for part in (light, dark)
        ]

    for name, index in (("paper", 0), ("raised", 1), ("sunk", 2)):
        light, dark = numbers(name)
        assert tuple(light) == LIGHT.surfaces[index]
        assert tuple(dark) == DARK.surfaces[index]
    for name in ("accent", "wash"):
        light, dark = numbers(name)
        assert tuple(light) == getattr(LIGHT, name)
        assert tuple(dark) == getattr(DARK, name)


def picture(kind="JPEG", size=(2000, 400), mode="RGB", **options):
    """A picture file."""
    out = BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


def test_a_logo_is_encoded_anew_small_and_without_what_it_hid(app, admin, anonymous):
    hidden = picture(comment=b"<script>GPS 55.7 37.6</script>")

    admin.post("/admin/settings", {**GENERAL, "logo": (BytesIO(hidden), "logo.jpg")})

    address = anonymous.page("/sign-in").one("img")["src"]
    answer = anonymous.get(address)
    shown = Image.open(BytesIO(answer.data))
    assert answer.mimetype == "image/png"
    assert shown.format == "PNG"
    assert shown.size == (560, 112)
    assert b"GPS" not in answer.data


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture()[:500], b"\x89PNG\r\n"],
)
def test_what_is_no_picture_is_refused_as_a_logo(app, admin, content):
    answer = admin.post("/admin/settings", {**GENERAL, "logo": (BytesIO(content), "logo.png")})

    assert answer.status_code == 422
    assert 'id="logo-error"' in answer.text
    assert setting(app, "logo_key") == ""


def test_a_picture_of_too_many_pixels_is_refused(app, admin):
    bomb = picture("PNG", (9000, 9000), "1")

    answer = admin.post("/admin/settings", {**GENERAL, "logo": (BytesIO(bomb), "logo.png")})

    assert answer.status_code == 422


def test_a_logo_may_be_as_large_as_any_picture(app, admin):
    out = BytesIO()
    Image.effect_noise((2400, 1400), 90).save(out, "PNG")
    heading = 'Content-Disposition: form-data; name="{}"{}\r\n\r\n'
    parts = [heading.format(name, "").encode() + value.encode() for name, value in GENERAL.items()]
    parts.append(heading.format("logo", '; filename="a.png"').encode() + out.getvalue())
    body = b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + b"--x--\r\n"

    answer = admin.client.post(
        "/admin/settings",
        data=body,
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRF-Token": admin.token},
    )

    assert len(body) > 1_500_000
    assert answer.status_code == 303
    assert setting(app, "logo_key")


@pytest.mark.parametrize(("position", "byte"), [(20, 255), (24, 77), (25, 9), (11, 2)])
def test_a_damaged_picture_is_refused_at_its_field_and_no_fault(app, admin, position, byte):
    content = bytearray(picture("PNG"))
    content[position] = byte

    logo = {"logo": (BytesIO(bytes(content)), "logo.png")}
    answer = admin.post("/admin/settings", {**GENERAL, **logo})

    assert answer.status_code == 422
    assert 'id="logo-error"' in answer.text


def test_a_logo_can_be_replaced_and_removed(app, admin):
    logo = {"logo": (BytesIO(picture()), "a.jpg")}
    admin.post("/admin/settings", {**GENERAL, **logo})
    first = setting(app, "logo_key")
    admin.post("/admin/settings", {**GENERAL, "logo": (BytesIO(picture()), "b.jpg")})
    second = setting(app, "logo_key")

    admin.post("/admin/settings", {**GENERAL, "no_logo": "1"})

    assert first != second
    assert setting(app, "logo_key") == ""
    assert admin.get(f"/site-logo/{second}").status_code == 404
    with app.app_context():
        assert db.session.scalars(select(SitePicture)).all() == []


def test_privacy_and_imprint_are_public_once_written(admin, anonymous):
    assert anonymous.get("/privacy").status_code == 404

    admin.post(
        "/admin/settings/texts",
        {**TEXTS, "privacy_en": "We keep **little**.", "imprint_ru": "ООО <script>x</script>"},
    )

    assert "<strong>little</strong>" in anonymous.get("/privacy").text
    assert "<script>x" not in anonymous.get("/imprint").text
    assert anonymous.page("/sign-in").one("a", href="/privacy").text == "Privacy"


def test_an_announcement_stands_above_every_page_in_the_readers_language(admin, anonymous):
    admin.post(
        "/admin/settings/texts", {**TEXTS, "announcement_en": "Back at 5", "announcement_ru": "К 5"}
    )

    english = anonymous.get("/sign-in", headers={"Accept-Language": "en"})
    russian = Browser(anonymous.app).get("/sign-in", headers={"Accept-Language": "ru"})

    assert "Back at 5" in english.text
    assert "К 5" in russian.text


def test_a_welcome_stands_after_the_form(admin, anonymous):
    welcome = "Good that you are here. " * 20
    admin.post("/admin/settings", {**GENERAL, "default_locale": "en", "welcome_en": welcome})

    text = anonymous.page("/sign-in").one("main").text

    assert 0 < text.index("Password") < text.index("Good that")


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


def test_a_test_mail_arrives_in_the_administrators_language(app, admin):
    with post_office() as office:
        admin.post(
            "/admin/settings/mail",
            {**MAIL, "host": "127.0.0.1", "port": office.port, "action": "test"},
        )
        page = admin.page("/admin/settings/mail")

    letter = office.letters[0]
    assert letter["To"] == "chief@example.org"
    assert letter["Subject"] == "Test mail"
    assert "can send mail" in letter.get_content()
    assert "is on its way to chief@example.org" in page.text


def test_what_the_mail_server_says_against_it_is_shown(app, admin):
    with post_office("550 we do not know you") as office:
        admin.post(
            "/admin/settings/mail",
            {**MAIL, "host": "127.0.0.1", "port": office.port, "action": "test"},
        )
        page = admin.page("/admin/settings/mail")

    assert "we do not know you" in page.text
    assert office.letters == []


def test_a_mail_server_that_is_not_there_is_told_and_not_a_fault(app, admin):
    answer = admin.post(
        "/admin/settings/mail", {**MAIL, "host": "127.0.0.1", "port": "1", "action": "test"}
    )

    assert answer.status_code == 303
    assert "was not sent" in admin.page("/admin/settings/mail").text


def test_the_password_of_the_mail_server_is_kept_never_shown_and_not_given_to_another(app, admin):
    server = {**MAIL, "host": "mail.example.org", "port": "587", "user": "forum@x"}
    admin.post("/admin/settings/mail", {**server, "smtp_password": "p:s/ w@rd"})
    kept = setting(app, "mail_url")

    page = admin.get("/admin/settings/mail").text
    admin.post("/admin/settings/mail", server)
    still = setting(app, "mail_url")
    admin.post("/admin/settings/mail", {**server, "host": "mail.evil.example"})

    assert "w@rd" not in page
    assert "w%40rd" not in page
    assert kept == still == "smtp://forum%40x:p%3As%2F%20w%40rd@mail.example.org:587"
    assert setting(app, "mail_url") == "smtp://forum%40x@mail.evil.example:587"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("host", "mail example org"),
        ("host", "evil@host/path"),
        ("port", "70000"),
        ("tls", "none"),
        ("mail_from", "not an address"),
        ("address", "javascript:alert(1)"),
    ],
)
def test_a_mail_server_that_cannot_be_is_refused(app, admin, field, value):
    answer = admin.post("/admin/settings/mail", {**MAIL, "host": "mail.example.org", field: value})

    assert answer.status_code == 422
    assert setting(app, "mail_url") == ""


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


def test_the_first_steps_are_ticked_off_from_what_is_there(app, admin, queries):
    before = admin.page("/admin")
    make.department(app)
    make.moderator(app, password_hash="x")
    admin.post("/admin/settings", GENERAL)

    after = admin.page("/admin")
    with queries(2):  # the reader, the facts
        admin.get("/admin")

    assert len(before.all("li", data_done=True)) == 0
    assert len(after.all("li", data_done=True)) == 4


def test_the_first_steps_go_once_all_are_done(app, admin):
    make.department(app)
    make.moderator(app, password_hash="x")
    with app.app_context(), transaction():
        save_settings({"name": "Ours", "mail_url": "smtp://localhost:1"})

    assert "First steps" not in admin.page("/admin").text
