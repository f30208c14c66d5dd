"""A Russian reader walks the forum and meets no English sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from forum.core.clock import now
from forum.core.i18n import day, moment, ngettext, number, speaking
from forum.search.follower import catch_up
from tests.notifications import inboxes
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document

UNSHOWN = re.compile(r"<option value=\"[A-Z]\w+/?.*?</option>|<[^>]+>")
NOT_ENGLISH = re.compile(
    r"\S*@\S*|https?://\S+|/[a-z…/-]+|\b[\w-]+\.example\.\w+|\b[a-z]+\.[a-z]+\b"
)
ROWS = re.compile(r"<table.*?</table>", re.S)
"""One's own data is shown as the database keeps it, under titles in words."""
WORD = re.compile(r"[A-Za-z]{3,}")
NAMES = {
    "English", "Counterpart", "Enter", "Markdown", "PDF", "JSON", "PNG", "JPEG", "WebP", "GIF",
    "CSV", "UTF", "TLS", "STARTTLS", "SMTP", "kind", "idea", "active", "Person",
}  # fmt: skip
"""Names of things, formats, keys and of people whom tests make in passing: not translated."""
COLUMNS = {
    "email", "login", "name", "department", "role", "kind", "locale", "attached", "active", "slug",
    "code", "parent", "head", "representatives", "provider", "customer", "criticality",
    "words", "note",
}  # fmt: skip
"""The columns of an import file are a contract."""


@dataclass(frozen=True, slots=True)
class Company:
    """A Russian company with something to see on every page."""

    app: Flask
    boss: int
    department: int
    idea: int
    decided: int
    draft: int
    standard: str
    person: int
    comment: int

    def addresses(self) -> list[str]:
        """Every page an administrator may open, by its address."""
        ideas = [f"/ideas/{n}" for n in (self.idea, self.decided, self.draft)]
        standard = f"/standards/{self.standard}"
        return [
            *("/", "/answers", "/notifications", "/moderation", "/search"),
            *("/search?q=счета", "/search?q=абракадабра", "/search?kind=person&q=Анна"),
            *("/ideas", "/ideas?mine=1", "/ideas?stage=declined", "/ideas/new", *ideas),
            f"/ideas/{self.draft}/edit",
            *(f"/ideas/{self.idea}/history", f"/comments/{self.comment}/history"),
            *("/standards", "/standards/new", standard, f"{standard}/edit", f"{standard}/retire"),
            *(f"{standard}/compare?from=1&to=2", f"{standard}?as-of=2001-01-01"),
            *("/departments", "/departments/sklad", "/departments/sklad/poster"),
            *("/people", f"/people/{self.person}", f"/people/{self.boss}"),
            *(f"/settings{part}" for part in ("", "/email", "/password", "/sessions", "/data")),
            *(f"/admin{part}" for part in ("", "/people", "/people/new", "/import")),
            *(f"/admin/people/{self.person}", f"/admin/people/{self.person}/erase"),
            *("/admin/departments", "/admin/departments/new"),
            f"/admin/departments/{self.department}",
            *(f"/admin/settings{part}" for part in ("", "/texts", "/access", "/mail", "/modules")),
        ]


@pytest.fixture
def company(app: Flask) -> Company:
    """Ideas in several stages, answers, a comment, a standard with a second version."""
    stock = make.department(app, "Склад", slug="sklad", code="СКЛ")
    sales = make.department(app, "Продажи", slug="prodazhi", code="ПРО")
    boss = make.admin(app, name="Борис Орлов", locale="ru", department=stock)
    anna = make.person(app, name="Анна Белова", department=sales)
    make.represent(app, boss, stock)
    make.represent(app, anna, sales)
    told = {"problem": "Счета приходят поздно, и никто не знает почему.", "tags": ["счета"]}
    idea = make.idea(app, anna, departments=[stock, sales], **told)
    draft = make.idea(app, boss, draft=True, **told)
    decided = make.idea(app, anna, departments=[stock, sales], **told)
    make.answer(app, decided, sales, anna, "harms", reason="Заказов станет меньше.")
    make.vote(app, idea, boss)
    make.decide(
        app, decided, reason="Так лучше всем.", owner_id=stock, due_on=now().date(), override=True
    )
    written = {"title": "Оплата счетов", "body": "## Цель\n\nЗнать день.\n\n## Шаги\n\nПлатим."}
    standard = standards.in_force(app, **written)
    standards.rewrite(app, standard, body="## Цель\n\nЗнать день и час.", change="Добавлен час")
    comment = make.comment(app, idea, anna, body="У нас то же самое.")
    catch_up(app)
    inboxes.catch_up(app)
    return Company(app, boss, stock, idea, decided, draft, standard, anna, comment)


def english(page: Document, *known: str) -> set[str]:
    """Words in Latin letters that a Russian page has no reason to show."""
    shown = [UNSHOWN.sub(" ", page.html)]
    for element in page.elements:
        shown += [element.get(name) for name in ("title", "aria-label", "placeholder", "alt")]
        if element.get("id") == "words":
            shown += [text for name, text in element.attributes.items() if name != "id"]
    words = WORD.findall(NOT_ENGLISH.sub(" ", " ".join(shown)))
    return {word for word in words if word not in NAMES.union(known)}


def test_no_page_of_the_forum_speaks_english_to_a_russian_reader(
    company: Company, sign_in: Callable[..., Browser]
) -> None:
    reader = sign_in(company.boss)
    odd = {}

    for address in company.addresses():
        response = reader.get(address)
        expected = 404 if "as-of" in address else 200
        assert response.status_code == expected, (address, response.status_code)
        assert '<html lang="ru"' in response.text, address
        known = COLUMNS if address == "/admin/import" else set()
        html = ROWS.sub("", response.text) if address == "/settings/data" else response.text
        if found := english(Document(html), *known):
            odd[address] = sorted(found)

    assert odd == {}


def test_no_page_before_signing_in_speaks_english_to_a_russian_browser(anonymous: Browser) -> None:
    for address in ("/sign-in", "/password-reset", "/register", "/code", "/invitations/x", "/x"):
        page = Document(anonymous.get(address, headers={"Accept-Language": "ru"}).text)

        assert english(page) == set(), address


def test_refusals_are_said_in_russian(company: Company, sign_in: Callable[..., Browser]) -> None:
    reader = sign_in(company.boss)
    refused = {
        "/ideas/new": {"problem": "", "action": "post"},
        f"/ideas/{company.idea}/comments": {"body": ""},
        f"/ideas/{company.idea}/decision": {"decision": "accept", "reason": "", "due": "завтра"},
        f"/ideas/{company.idea}/answers/{company.department}": {"answer": "harms", "reason": ""},
        f"/ideas/{company.decided}/vote": {},
        f"/ideas/{company.decided}/owner/move": {"due": "завтра"},
        f"/standards/{company.standard}/edit": {"title": "", "lock": "x", "owner": "кто"},
        "/settings/password": {"current_password": "не то", "password": "1"},
        "/settings/email": {"email": "нет"},
        "/settings": {"locale": "de", "theme": "x"},
        "/admin/settings/access": {"idle_minutes": "много", "retention_days": "-1"},
        "/admin/departments/new": {"name": "", "hue": "77"},
        f"/admin/people/{company.person}/attach": {"department": "", "until": "завтра"},
    }

    for address, fields in refused.items():
        response = reader.post(address, fields)
        assert 400 <= response.status_code < 500, (address, response.status_code)
        assert english(Document(response.text)) == set(), address


def test_days_numbers_and_counts_follow_the_language(context: None) -> None:
    at = datetime(2026, 5, 3, 14, 5, tzinfo=UTC)

    with speaking("ru"):
        assert day(date(2026, 11, 24)) == "24 нояб. 2026"
        assert moment(at) == "3 мая 2026, 14:05"
        assert number(12345.5).replace("\xa0", " ") == "12 345,5"
        people = [ngettext("%(num)d person", "%(num)d people", n) for n in (1, 2, 5, 11, 21, 101)]
    with speaking("en"):
        assert [day(date(2026, 11, 24)), number(12345.5)] == ["Nov 24, 2026", "12,345.5"]
        one_and_two = [ngettext("%(num)d person", "%(num)d people", n) for n in (1, 2)]

    assert people == [
        "1 человек", "2 человека", "5 человек", "11 человек", "21 человек", "101 человек",
    ]  # fmt: skip
    assert one_and_two == ["1 person", "2 people"]
