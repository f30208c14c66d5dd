"""One person at a real browser, who reads in one of the two languages."""

from __future__ import annotations

import re
from typing import Any

from babel.support import Translations
from playwright.sync_api import BrowserContext, Locator, expect

from forum.core.i18n import CATALOGUES
from tests.browser.watch import Watch

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
PASSWORD = "demo-password"
EXPECTED_WITHIN_MS = 10_000
expect.set_options(timeout=EXPECTED_WITHIN_MS)


class Visit:
    """A signed-in tab; buttons and links are found by the words that a person reads on them."""

    def __init__(self, context: BrowserContext, locale: str = "en") -> None:
        self.context, self.locale = context, locale
        self.words = Translations.load(str(CATALOGUES), [locale])
        self.watch: Watch = context.watch  # type: ignore[attr-defined]
        self.page = context.new_page()

    def says(self, message: str, **variables: Any) -> str:
        """A message as this reader sees it."""
        text = str(self.words.gettext(message))
        return text % variables if variables else text

    def sign_in(self, who: str, *, shared: bool = False) -> None:
        """Choose the language at the door, then enter."""
        self.page.goto("/sign-in")
        self.page.locator(f".languages button[value={self.locale}]").click()
        self.page.get_by_label(self.says("E-mail or staff number")).fill(f"{who}@demo.example")
        self.page.get_by_label(self.says("Password"), exact=True).fill(PASSWORD)
        if shared:
            self.page.locator("#shared").check()
        self.button("Sign in").click()
        self.page.wait_for_url("**/")
        self.speak()

    def speak(self) -> None:
        """Switch to the language of this visit, when the account remembers the other."""
        if self.page.locator("html").get_attribute("lang") != self.locale:
            self.page.goto("/settings")
            self.page.locator("#locale").select_option(self.locale)
            self.page.locator(
                "form[action='/settings'] button[type=submit], form[action='/settings'] .primary"
            ).first.click()
        expect(self.page.locator("html")).to_have_attribute("lang", self.locale)

    def enter(self, who: str) -> None:
        """Be let in without looking at the door: the same requests, nothing drawn."""
        door = self.context.request
        token = TOKEN.search(door.get("/sign-in").text())
        assert token
        fields = {"email": f"{who}@demo.example", "password": PASSWORD, "next": "/settings"}
        inside = door.post("/sign-in", form={**fields, "csrf_token": token.group(1)})
        token = TOKEN.search(inside.text())
        assert token, inside.status_text
        form = {"csrf_token": token.group(1), "locale": self.locale}
        door.post("/settings/language", form=form, max_redirects=0)

    def goto(self, address: str) -> None:
        """Open an address."""
        self.page.goto(address)

    def button(self, words: str, **variables: Any) -> Locator:
        """A button by its words."""
        return self.page.get_by_role("button", name=self.says(words, **variables), exact=True)

    def link(self, words: str, **variables: Any) -> Locator:
        """A link by its words."""
        return self.page.get_by_role("link", name=self.says(words, **variables), exact=True)

    def field(self, words: str) -> Locator:
        """A field by its label."""
        return self.page.get_by_label(self.says(words), exact=True)

    def sees(self, text: str) -> None:
        """Fail unless a text is on the screen."""
        expect(self.page.locator("main").get_by_text(text).first).to_be_visible()
