"""What the company says on the forum's pages: privacy, imprint, announcement, welcome."""

from __future__ import annotations

from tests.admin.sent import GENERAL, TEXTS
from tests.support.browser import Browser


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
