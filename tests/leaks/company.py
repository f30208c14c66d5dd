"""A company from one recipe, with or without what some of its readers may not see.

What is hidden is written in between what is not, so that its rows would disturb whatever forgets to
ask who reads. Every word in it begins with “canary”.
"""

from __future__ import annotations

import io
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flask import Flask
from PIL import Image
from time_machine import Traveller

from forum.accounts.models import Person
from forum.campaigns import actions as campaigns
from forum.campaigns.models import CampaignIdea
from forum.core import readers, richtext
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.discussion import actions as discussion
from forum.files import actions as files
from forum.files import extraction
from forum.ideas import votes
from forum.ideas.models import Idea
from forum.insights.figures import building
from forum.moderation import actions as moderation
from forum.search import follower
from forum.search.saved import actions as saving
from forum.search.saved import alerts, delivery
from forum.search.saved.models import Alert
from tests.ideas import written
from tests.leaks import thanked
from tests.standards import standards
from tests.standards.tongues.translating import translate
from tests.support import make, office

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
DRAFTS, SECRETS, ELSEWHERE = "drafts", "secrets", "elsewhere"
"""Others' drafts; what was hidden or is not published; what a consultant's departments lack."""
EVERYTHING = frozenset({DRAFTS, SECRETS, ELSEWHERE})
Ids = dict[str, list[int | str]]


@dataclass(slots=True)
class Company:
    """Who reads; by the names of routes' arguments, what is there for all and what is not."""

    people: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    open: Ids = field(default_factory=dict)
    hidden: dict[str, Ids] = field(default_factory=dict)

    def shows(self, name: str, value: int | str) -> int | str:
        """Note something that is the same in every company."""
        self.open.setdefault(name, []).append(value)
        return value

    def hides(self, why: str, name: str, value: int | str) -> None:
        """Note something that only this company has."""
        self.hidden.setdefault(why, {}).setdefault(name, []).append(value)


class Recipe:
    """Builds the company step by step on a clock that only visible things move."""

    def __init__(
        self,
        app: Flask,
        clock: Traveller,
        having: Collection[str] = EVERYTHING,
        *,
        voters: tuple[str, str, str] = ("fritz", "gerda", "hugo"),
    ) -> None:
        self.app, self.clock, self.having, self.voters = app, clock, having, voters
        self.company = Company()

    def build(self) -> Company:
        """The whole company, read to the end by every reader of the log."""
        self._people()
        self._elsewhere()
        self._searches()
        for number in range(3):
            self._ideas(number)
            self._elsewhere_ideas(number)
            self._drafts(number)
            self._secret_ideas(number)
            self._follow_log()
        self._settled()
        self._standards()
        self._secret_standards()
        self._follow_log()
        with self.app.app_context():
            building.rebuild()
        return self.company

    def _notify(self) -> None:
        with self.app.app_context():
            readers.catch_up()

    def _follow_log(self) -> None:
        self._notify()
        follower.catch_up(self.app)
        with self.app.app_context():
            alerts.follow()
            delivery.tell_due()

    def _searches(self) -> None:
        """Each of those who read keeps two searches, which tell at once."""
        follower.catch_up(self.app)
        for key in ("author", "representative", "stranger", "moderator", "consultant"):
            for address in ("q=invoice", "q=late&kind=comment"):
                with self.app.app_context():
                    saved = saving.save(self._as(key), address, name=key, alert=Alert.AT_ONCE)
                    self.company.shows("saved_id", saved.id)

    def _later(self) -> None:
        self.clock.shift(60)

    def _person(self, key: str, name: str, **fields: object) -> int:
        number = make.person(self.app, name=name, email=f"{key}@example.org", **fields)  # type: ignore[arg-type]
        self.company.people[key] = number
        return number

    def _place(self, key: str, name: str, code: str, **fields: object) -> int:
        number = make.department(self.app, name, slug=key, code=code, hue=3, **fields)
        self.company.places[key] = number
        return number

    def _people(self) -> None:
        finance, it = self._place("finance", "Finance", "FIN"), self._place("it", "Systems", "IT")
        for key in ("author", "representative", "dora", "egon", "fritz", "gerda"):
            self._person(key, f"{key.title()} Finance", department=finance)
        for key in ("stranger", "leaver", "hugo", "irma", "jan", "karl"):
            self._person(key, f"{key.title()} Systems", department=it)
        self._person("moderator", "Moderator Finance", role="moderator", department=finance)
        self._person("admin", "Admin Systems", role="admin", department=it)
        self._person("consultant", "Consultant Guest", kind="consultant", attached=[finance])
        make.represent(self.app, self.company.people["representative"], finance)
        for key in ("author", "dora", "representative", "moderator"):
            self.company.shows("person_id", self.company.people[key])
        self.company.shows("slug", "finance")
        self.company.shows("department_id", finance)
        self._campaign()

    def _campaign(self) -> None:
        """A question to everybody, whose board holds hidden ideas too."""
        with self.app.app_context():
            with transaction():
                save_settings({"modules": ["campaigns", "scorecards", "thanks", "insights"]})
            asked = campaigns.Wanted(
                title="Less paper",
                question="Where do we still print?",
                owner_id=self.company.people["author"],
                starts_on=START.date(),
                ends_on=START.date() + timedelta(days=400),
            )
            made = campaigns.start(self._as("moderator"), asked)
            self.company.shows("campaign_id", made.id)

    def _for_the_campaign(self, idea: int) -> None:
        with self.app.app_context(), transaction():
            number = int(self.company.open["campaign_id"][0])
            db.session.add(CampaignIdea(idea_id=idea, campaign_id=number))

    def _elsewhere(self) -> None:
        if ELSEWHERE not in self.having:
            return
        place = self._place("warehouse", "Canary Warehouse", "CAN")
        below = self._place("canary-below", "Canary Ramp", "CRA", parent_id=place)
        for number in range(6):
            self._person(f"canary{number}", f"Canary Stranger {number}", department=place)
        boss = self.company.people["canary0"]
        make.represent(self.app, boss, place)
        self.company.hides(ELSEWHERE, "person_id", boss)
        for key, number in (("warehouse", place), ("canary-below", below)):
            self.company.hides(ELSEWHERE, "slug", key)
            self.company.hides(ELSEWHERE, "department_id", number)

    def _as(self, key: str) -> Person:
        return db.session.get_one(Person, self.company.people[key])

    def _ideas(self, number: int) -> None:
        people, finance, it = self.company.people, *self._both()
        words = "late " * (number + 1)
        idea = make.idea(
            self.app,
            people["author"],
            title=f"Invoices {words}of supplier {number}",
            problem=f"Счета поставщиков {words}теряются. {self._mentions('Look')}",
            departments=[finance, it][: number % 2 + 1],
            tags=["paper"],
        )
        self.company.shows("idea_id", idea)
        self._for_the_campaign(idea)
        thanked.in_the_open(self.app, self.company, idea)
        self._later()
        comment = make.comment(self.app, idea, people["dora"], f"The {words}invoice, seen too")
        self.company.shows("comment_id", comment)
        self._later()
        make.comment(self.app, idea, people["representative"], "An answer to it", parent=comment)
        if number == 0:
            self._written_together(idea)
        for key in self.voters[: number + 1]:
            make.vote(self.app, idea, people[key])
        with self.app.app_context():
            for key in ("author", "stranger", "consultant", "representative"):
                votes.follow(self._as(key), db.session.get_one(Idea, idea))
        self._later()

    def _written_together(self, idea: int) -> None:
        """A co-author, a suggested edit, a summary, marked comments, and what is done already."""
        people, finance, it = self.company.people, *self._both()
        written.join(self.app, idea, people["dora"])
        suggested = written.suggestion(self.app, idea, people["stranger"])
        self.company.shows("suggestion_id", suggested)
        self.company.shows("lang", "ru")
        written.summary(self.app, idea, people["stranger"], "Счета теряются.", "ru")
        written.marked(self.app, idea, people["author"], official=True, question=True, side="works")
        written.marked(self.app, idea, people["stranger"], side="breaks")
        done = written.improvement(self.app, finance, people["representative"])
        make.represent(self.app, people["karl"], it)
        written.adoption(self.app, done, it, people["karl"])
        self.company.shows("idea_id", done)
        if ELSEWHERE in self.having:
            place, boss = self.company.places["warehouse"], self.company.people["canary0"]
            written.adoption(self.app, done, place, boss)
            written.improvement(self.app, place, boss, problem="canaryword invoice, done already")
        self._later()

    def _hidden_together(self, why: str, idea: int, writer: str) -> None:
        """The same on what is hidden, by somebody who sees it."""
        person, words = self.company.people[writer], "canaryword late invoice"
        suggested = written.suggestion(self.app, idea, person, f"{words} {self._mentions('see')}")
        self.company.hides(why, "suggestion_id", suggested)
        written.summary(
            self.app, idea, person, f"{words} счета поставщиков теряются, если коротко", "ru"
        )
        written.marked(self.app, idea, person, words, question=True, side="breaks")

    def _both(self) -> tuple[int, int]:
        return self.company.places["finance"], self.company.places["it"]

    def _mentions(self, word: str) -> str:
        keys = ("author", "representative", "stranger", "consultant", "moderator")
        people = self.company.people
        return " ".join([word, *(f"@[{key}](person:{people[key]})" for key in keys)])

    def _drafts(self, number: int) -> None:
        if DRAFTS not in self.having:
            return
        draft = make.idea(
            self.app,
            self.company.people["dora"],
            title=f"Canary draft {number}",
            problem=f"canaryword late invoice {self._mentions('canary')} {self._picture(DRAFTS)}",
            departments=self._both(),
            tags=["canarytag", "paper"],
            draft=True,
        )
        self._for_the_campaign(draft)
        self.company.hides(DRAFTS, "idea_id", draft)

    def _secret_ideas(self, number: int) -> None:
        if SECRETS not in self.having:
            return
        people = self.company.people
        idea = make.idea(
            self.app,
            people["dora"],
            title=f"Canary invoice {number}",
            problem=f"canaryword late счета {self._mentions('canary')} {self._picture(SECRETS)}",
            departments=self._both(),
            tags=["canarytag", "paper"],
        )
        self._for_the_campaign(idea)
        self._notify()
        comment = make.comment(
            self.app, idea, people["egon"], f"canarytalk late invoice {self._mentions('see')}"
        )
        self._hidden_together(SECRETS, idea, "egon")
        thanked.hidden(self.app, self.company, SECRETS, idea, "egon", "dora")
        make.vote(self.app, idea, people["hugo"])
        if number == 2:
            make.decide(self.app, idea, by=people["moderator"], owner_id=self._both()[0])
        self._notify()
        with self.app.app_context():
            moderation.hide(self._as("moderator"), db.session.get_one(Idea, idea))
        self.company.hides(SECRETS, "idea_id", idea)
        self.company.hides(SECRETS, "comment_id", comment)

    def _picture(self, why: str, by: str = "dora") -> str:
        out = io.BytesIO()
        Image.new("RGB", (8, 8), "teal").save(out, "PNG")
        with self.app.app_context():
            picture = files.upload(self._as(by), out.getvalue())
            raw = office.docx("canarypaper late invoice")
            document = files.upload(self._as(by), raw, "canary.docx")
            extraction.read_next()
        for kept in (picture, document):
            self.company.hides(why, "key", kept.key)
        return f"{picture.shown('canary')} {document.shown('')}"

    def _elsewhere_ideas(self, number: int) -> None:
        if ELSEWHERE not in self.having:
            return
        people, place = self.company.people, self.company.places["warehouse"]
        idea = make.idea(
            self.app,
            people["canary1"],
            title=f"Canary invoice late {number}",
            problem=f"canaryword счета {self._mentions('canary')} "
            + self._picture(ELSEWHERE, "canary1"),
            departments=[place],
            tags=["canarytag", "paper"],
        )
        comment = make.comment(self.app, idea, people["canary2"], "canarytalk invoice")
        self._hidden_together(ELSEWHERE, idea, "canary3")
        thanked.hidden(self.app, self.company, ELSEWHERE, idea, "canary1", "canary2")
        self._notify()
        if number == 2:
            make.decide(self.app, idea, by=people["moderator"], owner_id=place)
        self.company.hides(ELSEWHERE, "idea_id", idea)
        self.company.hides(ELSEWHERE, "comment_id", comment)

    def _settled(self) -> None:
        people, finance, _it = self.company.people, *self._both()
        for verdict in ("accept", "decline"):
            idea = make.idea(
                self.app, people["stranger"], title=f"To {verdict}", departments=[finance]
            )
            self._later()
            make.answer(
                self.app, idea, finance, people["representative"], "needs_change", "One day less"
            )
            owner = finance if verdict == "accept" else None
            make.decide(self.app, idea, verdict, by=people["moderator"], owner_id=owner)
            self.company.shows("idea_id", idea)
            self._later()
        with self.app.app_context():
            talked = db.session.get_one(Idea, idea)
            discussion.comment(
                self._as("author"), "idea", talked, talked.thread_id, richtext.compose("Thank you"),
                parent_id=None,
            )  # fmt: skip
        self._later()

    def _standards(self) -> None:
        for title in ("Invoices of suppliers", "Paying late"):
            number = self._standard(title, [self._both()[0]])
            self.company.shows("number", number)
            self._later()

    def _standard(self, title: str, departments: list[int]) -> str:
        by = self.company.people["moderator"]
        number = standards.drafted(self.app, title=title, departments=departments, by=by)
        self._publish(number)
        return number

    def _publish(self, number: str) -> None:
        from forum.standards import actions

        with self.app.app_context():
            actions.publish(self._as("moderator"), standards.by_number(number))

    def _secret_standards(self) -> None:
        people, finance = self.company.people, self._both()[0]
        if SECRETS in self.having:
            number = standards.drafted(
                self.app, title="Canary rule", body=f"canaryword {self._picture(SECRETS)}",
                departments=[finance], by=people["moderator"],
            )  # fmt: skip
            self.company.hides(SECRETS, "number", number)
            self._next_draft(str(self.company.open["number"][0]))
        if ELSEWHERE in self.having:
            number = self._standard("Canary invoices", [self.company.places["warehouse"]])
            russian = {"title": ("Canary", ""), 1: ("Canary", "canaryword")}
            translate(self.app, number, russian, lang="ru", by=people["moderator"])
            self.company.hides(ELSEWHERE, "number", number)

    def _next_draft(self, number: str) -> None:
        from forum.standards import drafts

        with self.app.app_context():
            standard = standards.by_number(number)
            wording = drafts.word(
                of=standard,
                title="Canary title", body="canaryword", change="canary", owner_id=None,
                departments=self._both(),
            )  # fmt: skip
            drafts.save_draft(self._as("moderator"), standard, wording, seen=standard.lock)
