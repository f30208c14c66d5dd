"""A forum whose every text is hostile: a hundred strings to a page, wherever text is shown."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from flask import Flask

from forum.accounts.models import Person
from forum.core import limits, readers
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.core.textcheck import clean_line
from forum.departments.models import Department
from forum.ideas import decisions
from forum.ideas.models import Idea
from forum.search.follower import catch_up
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser

TO_A_PAGE = 100
ASKED_AT_ONCE = 500
"""Characters of strings in one question."""
AGAIN = 3
"""How many walls are looked at on every page that shows a text once more."""
PAGES = (
    *("/", "/?show=moved", "/?show=new", "/answers", "/ideas", "/ideas/new", "/standards"),
    *("/departments", "/people", "/notifications", "/moderation", "/settings", "/settings/data"),
    *("/privacy", "/imprint", "/admin", "/admin/people", "/admin/departments", "/admin/settings"),
    *(
        "/admin/settings/texts",
        "/standards/new",
        "/search?q=alert",
        "/search?q=script&kind=comment",
    ),
    "/search?q=onerror+OR+javascript+OR+svg",
)


def packed(strings: Sequence[str], room: int) -> list[str]:
    """The strings on lines of at most so many characters; longer ones are cut."""
    lines = [""]
    for string in strings:
        if len(lines[-1]) + len(string) + 1 > room:
            lines.append("")
        lines[-1] = f"{lines[-1]} {string[:room]}".strip()
    return [line for line in lines if clean_line(line)]


class Walls:
    """Builds it; `pages` are the addresses to look at, `short` the strings for short fields.

    Every string is in all texts of an idea and of a standard, or, dealt out, of one of the two.
    """

    def __init__(
        self, app: Flask, strings: Sequence[str], short: Sequence[str], *, dealt: bool = False
    ) -> None:
        self.app, self.strings, self.dealt = app, strings, dealt
        self.walls = [
            "\n\n".join(strings[start : start + TO_A_PAGE])
            for start in range(0, len(strings), TO_A_PAGE)
        ]
        self.pages = list(PAGES)
        self.titles = packed(short, limits.TITLE.value)
        self.names = packed(short, limits.PERSON_NAME.value)
        self.tags = packed(short, limits.TAG.value)
        self.notes = packed(short, limits.NOTE.value)

    def _title(self, number: int) -> str:
        return self.titles[number % len(self.titles)]

    def build(self) -> Browser:
        """Everything written; a browser of the administrator."""
        self.place = make.department(self.app, "Place", slug="place", code="PL")
        self.admin = make.admin(self.app, department=self.place)
        self.author = make.person(self.app, department=self.place)
        make.represent(self.app, self.admin, self.place)
        for number, wall in enumerate(self.walls[::2] if self.dealt else self.walls):
            self._idea(number, wall)
        for number, wall in enumerate(self.walls[1::2] if self.dealt else self.walls):
            self._standard(number, wall)
        for title in self.titles:
            make.idea(self.app, self.author, title=title, problem=title, departments=[self.place])
        self._lists()
        self._names()
        self._site()
        with self.app.app_context():
            readers.catch_up()
        catch_up(self.app)
        browser = Browser(self.app)
        browser.enter_as(self.admin)
        return browser

    def _idea(self, number: int, wall: str) -> None:
        idea = make.idea(
            self.app,
            self.author,
            title=self._title(number),
            problem=f"@[a](person:{self.admin}) {wall}",
            proposal=wall,
            departments=[self.place],
            tags=self.tags[number * 10 : number * 10 + 10],
        )
        comment = make.comment(self.app, idea, self.author, wall)
        make.comment(self.app, idea, self.admin, wall, parent=comment)
        make.answer(self.app, idea, self.place, self.admin, "needs_change", wall)
        verdict = ("accept", "decline")[number % 2]
        owner = self.place if verdict == "accept" else None
        make.decide(self.app, idea, verdict, self.admin, reason=wall, revisit=wall, owner_id=owner)
        if verdict == "accept" and number % 4 == 0:
            with self.app.app_context():
                someone, target = self._admin(), db.session.get_one(Idea, idea)
                decisions.mark_done(someone, target, outcome=wall)
        self.pages.append(f"/ideas/{idea}")
        if number < AGAIN:
            self.pages += [f"/ideas/{idea}/history", f"/comments/{comment}/history"]
            self.pages.append(f"/ideas/{idea}?reply={comment}")

    def _admin(self) -> Person:
        return db.session.get_one(Person, self.admin)

    def _standard(self, number: int, wall: str) -> None:
        title = self._title(number + 7)
        mine = standards.in_force(self.app, title=title, body=wall, by=self.admin)
        change = self.notes[number % len(self.notes)]
        body = "\n\n".join(reversed(wall.split("\n\n")))
        standards.rewrite(self.app, mine, title=title, body=body, change=change)
        page = f"/standards/{mine}"
        self.pages.append(page)
        if number < AGAIN:
            self.pages += [f"{page}/edit", f"{page}/compare?from=1&to=2", f"{page}/versions/1"]

    def _lists(self) -> None:
        """All pages of the lists, so that every title is seen."""
        with self.app.app_context():
            ids = [row[0] for row in db.session.query(Idea.id).order_by(Idea.id)]
        self.pages += [f"/ideas/{idea}/history" for idea in ids[-3:]]

    def _names(self) -> None:
        with self.app.app_context(), transaction():
            for number, name in enumerate(self.names[:200]):
                someone = Person(name=name, job_title=name, email=f"n{number}@example.org")
                someone.department_id = self.place
                db.session.add(someone)
            for number, name in enumerate(self.names[:40]):
                slug, code = f"s{number}", f"S{number}"
                db.session.add(Department(name=name, slug=slug, code=code, description=name))
            db.session.get_one(Department, self.place).description = self.walls[0]
            db.session.get_one(Person, self.author).name = self.names[0]
        self.pages += ["/departments/place", "/departments/place/poster", f"/people/{self.author}"]
        self.pages += ["/admin/departments/1", f"/admin/people/{self.author}", "/departments/s1"]

    def _site(self) -> None:
        wall, line = self.walls[0], self.notes[0]
        texts = {f"{name}_{code}": wall for name in ("privacy", "imprint") for code in ("en", "ru")}
        lines = {
            f"{name}_{code}": line for name in ("welcome", "announcement") for code in ("en", "ru")
        }
        with self.app.app_context(), transaction():
            save_settings({**texts, **lines, "name": self.titles[0][:60]})

    def searches(self, strings: Sequence[str]) -> list[str]:
        """Addresses that ask for strings, many at once, and fill forms with them."""
        raw = [line.encode("utf-8", "replace") for line in packed(strings, ASKED_AT_ONCE)]
        asked = [f"/search?{urlencode({'q': text, 'kind': text})}" for text in raw]
        asked += [f"/ideas?{urlencode({'tag': text, 'sort': text})}" for text in raw[::5]]
        asked += [f"/people?{urlencode({'q': text})}" for text in raw[::5]]
        asked += [f"/ideas/new?{urlencode({'title': text})}" for text in raw[::5]]
        asked += [f"/sign-in?next={quote(text)}" for text in raw[::5]]
        return asked + [f"/departments/{quote(text, safe='')}" for text in raw[::5]]
