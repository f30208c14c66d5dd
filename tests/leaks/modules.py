"""A company in which every module has news for one person, who hears everything in every way."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import time_machine
from flask import Flask
from sqlalchemy import update

from forum.accounts.models import Person
from forum.core import mail, readers
from forum.core.db import db, transaction
from forum.core.jobs import wakes
from forum.departments.services import actions as services
from forum.departments.services import ends
from forum.departments.services.saying import Said
from forum.notifications import wishes
from forum.notifications.topics import CELLS, Channel
from forum.search.follower import catch_up as index
from forum.search.saved.models import Alert
from forum.surveys.results import keeping
from forum.training.models import Session
from forum.training.sessions import seats
from tests.demo.walking import switch
from tests.moderation import acts
from tests.notifications.posting import set_up
from tests.search.saved.test_feeds import path_of
from tests.search.saved.watching import keep
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser
from tests.support.post_office import PostOffice
from tests.surveys import company as surveys
from tests.surveys import waves
from tests.thanks import saying
from tests.training import company as training

ALL = ("map", "surveys", "training", "thanks", "insights")
NAMED = {
    "map": r"canarymap",
    "surveys": r"canarysurvey|survey|wait(s)? for your reply",
    "training": r"canarytraining|training",
    "thanks": r"canarythanks|thank",
    "insights": r"insight|passport|monthly report",
}
"""What tells of each module, its address apart."""
ADDRESSED = {
    "map": r"/map\b",
    "surveys": r"/surveys\b",
    "training": r"/training\b|BEGIN:VCALENDAR",
    "thanks": r"/thanks\b",
    "insights": r"/insights\b|/passport\b",
}
FIVE = {"quality": [5, 4, 4, 3, 2, 1]}


class Company:
    """IT serves Finance; Anna answers for Finance, and Quiet is of it and is mailed once a week."""

    def __init__(self, app: Flask, clock: time_machine.Coordinates, office: PostOffice) -> None:
        self.app, self.clock, self.office = app, clock, office
        set_up(app, mail_url=office.url, modules=list(ALL), **surveys.GENEROUS)
        self.it, self.finance = make.department(app, "IT"), make.department(app, "Finance")
        named = {"department": self.finance}
        self.anna = make.person(app, name="Anna", email="anna@example.org", **named)
        self.quiet = make.person(app, name="Quiet", email="quiet@example.org", **named)
        self.boris = make.person(app, department=self.it)
        self.moderator = make.moderator(app, email="moderator@example.org")
        for person, place in ((self.anna, self.finance), (self.boris, self.it)):
            make.represent(app, person, place)
        self._choose()
        self.laptops = surveys.service(app, self.it, self.finance, "Laptops")
        self.invoices = surveys.service(app, self.finance, self.it, "Invoices")
        self.number = standards.in_force(app, body=training.BODY, departments=[self.finance])
        self.saved = keep(app, self.anna, "read", alert=Alert.AT_ONCE)
        self.feed = path_of(app, self.saved)
        self.browsers = {person: Browser(app) for person in (self.anna, self.moderator)}
        for person, browser in self.browsers.items():
            browser.enter_as(person)
        page = self.browsers[self.anna].page("/training")
        self.calendar = "/feeds/" + page.one("code").text.partition("/feeds/")[2]

    def _choose(self) -> None:
        with self.app.app_context():
            for person in (self.anna, self.moderator):
                wishes.choose(db.session.get_one(Person, person), CELLS)
            weekly = [cell for cell in CELLS if cell[1] == Channel.WEEKLY]
            wishes.choose(db.session.get_one(Person, self.quiet), weekly)
        with self.app.app_context(), transaction():
            long_ago = update(Person).values(signed_in_at=datetime(2026, 1, 1, tzinfo=UTC))
            db.session.execute(long_ago.where(Person.id == self.quiet))

    def something_happens(self, word: str) -> None:
        """News of every module for Anna."""
        app = self.app
        with app.app_context():
            boris = db.session.get_one(Person, self.boris)
            sides = ends.department(self.it), ends.department(self.finance)
            services.draw(boris, *sides, Said(f"Canarymap {word}"))
        surveys.plan(app, [self.laptops], title=f"Canarysurvey {word}", days=9, by=self.moderator)
        told = waves.wave(app, {self.invoices: FIVE}, title=f"Canarysurvey told {word}", told=False)
        with app.app_context():
            keeping.tell(told)
        session = training.planned(
            app,
            training.Company(
                self.finance, self.it, self.anna, self.boris, self.moderator, self.number
            ),
            title=f"Canarytraining {word}",
        )
        with app.app_context():
            host, row = (
                db.session.get_one(Person, self.moderator),
                db.session.get_one(Session, session),
            )
            seats.invite(host, row, [self.anna])
        training.sign_up(app, self.anna, session)
        for private in (False, True):
            line = {"people": [self.anna], "why": f"Canarythanks {word}", "private": private}
            given = saying.thank(app, self.boris, **line)
        acts.flag(app, "thanks", given, self.anna)
        made = make.idea(app, self.anna, departments=[self.finance], title=f"An idea {word}")
        make.decide(app, made, by=self.moderator, owner_id=self.finance)

    def news_come(self) -> None:
        """The jobs look: inboxes and the outbox are filled; nothing has gone out yet."""
        with self.app.app_context():
            readers.catch_up()
        index(self.app)
        wakes_of(self.app)

    def days_pass(self, days: int) -> None:
        """The jobs do all that is due, day by day."""
        for _day in range(days):
            self.clock.shift(timedelta(days=1))
            self.news_come()
            with self.app.app_context():
                while mail.send_due():
                    pass

    def mails_wait(self) -> None:
        """The mail server takes none for now."""
        self.office.refusal = "451 Later, please"

    def switch_off(self, *modules: str) -> None:
        """The others are on; mails go from here on."""
        switch(self.app, *(name for name in ALL if name not in modules))
        self.office.refusal = ""

    def mails(self) -> str:
        """All that was mailed."""
        parts = [part for letter in self.office.letters for part in letter.walk()]
        texts = [str(p.get_content()) for p in parts if not p.is_multipart()]
        subjects = [str(letter["Subject"]) for letter in self.office.letters]
        return "\n".join([*subjects, *texts])

    def inbox(self, person: int) -> tuple[list[str], int, int]:
        """Somebody's news, how many of them are unread, and how many they are told are."""
        page = self.browsers[person].page("/notifications")
        rows = [row for row in page.all("li") if "data-unread" in row]
        [badge] = [link for link in page.all("a") if "data-unread" in link]
        unread = sum(row["data-unread"] == "1" for row in rows)
        return [row.text for row in rows], unread, int(badge["data-unread"])

    def feeds(self) -> str:
        """What other programs read for her."""
        visitor = Browser(self.app).client
        return "\n".join(visitor.get(address).text for address in (self.feed, self.calendar))


def wakes_of(app: Flask) -> None:
    """Every duty of the jobs once."""
    with app.app_context():
        jobs = wakes()
    jobs.sweep()


def tells_of(module: str, text: str) -> list[str]:
    """The words around whatever tells of a module."""
    pattern = f"{NAMED[module]}|{ADDRESSED[module]}"
    found = re.finditer(pattern, text, re.IGNORECASE)
    return [text[max(0, each.start() - 60) : each.end() + 40] for each in found]
