"""A forum full of canaries: words nobody uses, each in one thing that somebody may not see.

Beside them stand words that everybody searches for, so that a thing which is forgotten to be hidden
would change totals, facets and orders as well.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import update
from time_machine import Traveller

from forum.accounts import standing
from forum.accounts.models import Person
from forum.admin.erasure import erase
from forum.core import richtext
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.models import Attachment, Service
from forum.discussion import actions as discussion
from forum.discussion.models import Comment
from forum.ideas import actions as ideas
from forum.ideas.models import Idea
from forum.moderation import actions as moderation
from forum.search.follower import catch_up
from forum.search.saved import alerts
from forum.search.saved.models import Alert
from forum.standards import drafts
from tests.search.saved.watching import keep, minute
from tests.standards import standards
from tests.standards.tongues.translating import translate
from tests.support import make

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECRETS, ELSEWHERE, FINANCE = "secrets", "elsewhere", "finance"
"""What nobody is to find; what Finance's consultant does not see; what their predecessor lost."""
EVERYTHING = frozenset({SECRETS, ELSEWHERE, FINANCE})
WORDS = {
    SECRETS: {
        "draft_title": "зелпутома",
        "draft_problem": "zebrigont",
        "draft_tag": "брамзотил",
        "hidden_title": "vorpaluk",
        "hidden_proposal": "мудрафенди",
        "hidden_tag": "glinfozar",
        "hidden_comment": "кортузаби",
        "deleted_comment": "perdukaz",
        "earlier_idea": "слубезонт",
        "earlier_comment": "mozgatil",
        "unpublished_title": "лезгудопа",
        "next_clause": "frundobel",
        "superseded_clause": "пиглузарт",
        "dropped_opening": "шелмогупат",
        "erased_person": "ropazluki",
        "deactivated_job": "двукрапоз",
    },
    ELSEWHERE: {
        "idea_title": "kastoruvi",
        "idea_problem": "визмобеду",
        "idea_proposal": "nagripzul",
        "idea_tag": "ублафегот",
        "comment": "dofentaru",
        "standard_title": "мартузибо",
        "clause": "ulmigrodo",
        "translated_title": "brolmigatu",
        "translated_clause": "dastumkelo",
        "department": "загломвеб",
        "description": "тимбограф",
        "person": "vitsumpla",
        "job": "одикрузан",
        "service": "tosfamedi",
    },
    FINANCE: {
        "own_idea": "бензопирут",
        "own_tag": "smolgikap",
        "own_comment": "фадруземи",
        "own_standard": "лапсигонту",
        "own_person": "guzmeltra",
        "own_description": "нерсодубу",
    },
}
READERS = {
    "stranger": frozenset({SECRETS}),
    "colleague": frozenset({SECRETS}),
    "representative": frozenset({SECRETS}),
    "moderator": frozenset({SECRETS}),
    "admin": frozenset({SECRETS}),
    "board": frozenset({SECRETS}),
    "consultant": frozenset({SECRETS, ELSEWHERE}),
    "leaver": EVERYTHING,
}
"""Eight kinds of people, and what each of them may not see."""


@dataclass(slots=True)
class Forum:
    """Who reads, what they keep, and some of what is there for all."""

    people: dict[str, int] = field(default_factory=dict)
    saved: dict[str, list[int]] = field(default_factory=dict)
    ideas: list[int] = field(default_factory=list)
    number: str = ""
    built_at: datetime = START


class Recipe:
    """Builds the forum on a clock that only visible things move."""

    def __init__(self, app: Flask, clock: Traveller, having: Collection[str] = EVERYTHING) -> None:
        self.app, self.clock, self.having = app, clock, having
        self.forum = Forum()
        self.places: dict[str, int] = {}

    def build(self) -> Forum:
        """All of it, each reader of the log at its end."""
        self._places()
        self._readers()
        self._elsewhere()
        self._draft_idea()
        self._save_searches()
        for number in range(4):
            self._visible(number)
            self._write_elsewhere(number)
        self._standards()
        self._secrets()
        self._leave()
        self._tell()
        self.forum.built_at = now()
        return self.forum

    def _later(self) -> None:
        self.clock.shift(60)

    def _has(self, why: str) -> bool:
        return why in self.having

    def _as(self, key: str) -> Person:
        return db.session.get_one(Person, self.forum.people[key])

    def _person(self, key: str, name: str, **fields: object) -> int:
        number = make.person(self.app, name=name, email=f"{key}@example.org", **fields)  # type: ignore[arg-type]
        self.forum.people[key] = number
        return number

    def _place(self, slug: str, name: str, **fields: object) -> int:
        self.places[slug] = make.department(
            self.app, name, slug=slug, code=slug[:3].upper(), hue=3, **fields
        )
        return self.places[slug]

    def _places(self) -> None:
        own = WORDS[FINANCE]["own_description"] if self._has(FINANCE) else ""
        self._place("finance", "Finance", description=f"Pays every invoice {own}")
        self._place("systems", "Systems", description="Компьютеры и счета")
        with self.app.app_context(), transaction():
            save_settings({"modules": ["map"]})

    def _readers(self) -> None:
        finance, systems = self.places["finance"], self.places["systems"]
        own = WORDS[FINANCE]["own_person"] if self._has(FINANCE) else "Olga"
        self._person("author", f"{own.title()} Author", department=finance)
        self._person("colleague", "Clara Colleague", department=finance)
        self._person("representative", "Rita Representative", department=finance)
        self._person("stranger", "Stefan Stranger", department=systems)
        self._person("moderator", "Mona Moderator", role="moderator", department=systems)
        self._person("admin", "Adam Admin", role="admin", department=systems)
        self._person("board", "Berta Board", kind="board")
        self._person("consultant", "Carl Consultant", kind="consultant", attached=[finance])
        self._person("leaver", "Leo Leaver", kind="consultant", attached=[finance])
        make.represent(self.app, self.forum.people["representative"], finance)

    def _elsewhere(self) -> None:
        if not self._has(ELSEWHERE):
            return
        word = WORDS[ELSEWHERE]
        place = self._place(
            "warehouse", f"{word['department'].title()} invoice", description=word["description"]
        )
        name, job = f"{word['person'].title()} Author", f"{word['job']} invoice"
        self._person("far", name, department=place, job_title=job)
        make.represent(self.app, self.forum.people["far"], place)
        with self.app.app_context(), transaction():
            sides = {"provider_id": place, "customer_id": self.places["systems"]}
            db.session.add(Service(name=f"{word['service']} invoice", **sides))

    def _save_searches(self) -> None:
        """Each keeps two: all news of invoices at once, and of Russian ones the next morning."""
        for key in READERS:
            self.forum.saved[key] = [
                keep(self.app, self.forum.people[key], "invoice"),
                keep(self.app, self.forum.people[key], "счета", alert=Alert.DAILY),
            ]

    def _visible(self, number: int) -> None:
        if not self._has(FINANCE):
            return
        word, author = WORDS[FINANCE], self.forum.people["author"]
        idea = make.idea(
            self.app,
            author,
            title=f"Invoice {'late ' * number}of a supplier {word['own_idea']}",
            problem=f"Счета поставщиков теряются {'в пути ' * number}уже {number} дня.",
            departments=[self.places["finance"], self.places["systems"]][: number % 2 + 1],
            tags=["paper", "Охрана труда", word["own_tag"]][number % 2 :],
        )
        self.forum.ideas.append(idea)
        self._later()
        for _comment in range(number):
            body = f"The late invoice, seen too {word['own_comment']}"
            make.comment(self.app, idea, self.forum.people["colleague"], body)
            self._later()

    def _write_elsewhere(self, number: int) -> None:
        if not self._has(ELSEWHERE):
            return
        word, place = WORDS[ELSEWHERE], self.places["warehouse"]
        idea = make.idea(
            self.app,
            self.forum.people["far"],
            title=f"Invoice late {word['idea_title']} {number}",
            problem=f"Счета поставщиков {word['idea_problem']}",
            proposal=f"Late late invoice {word['idea_proposal']}",
            departments=[place],
            tags=["paper", "papier", word["idea_tag"]],
        )
        make.comment(self.app, idea, self.forum.people["far"], f"{word['comment']} late invoice")
        if number == 3:
            make.vote(self.app, idea, self.forum.people["stranger"])
        catch_up(self.app)

    def _standards(self) -> None:
        by = self.forum.people["moderator"]
        if self._has(FINANCE):
            clause = f"Invoice {self._secret('superseded_clause')}"
            self.forum.number = standards.drafted(
                self.app,
                title=f"Invoice of suppliers {WORDS[FINANCE]['own_standard']}",
                departments=[self.places["finance"]],
                body=f"Для всех.\n\n## Purpose\n\n{clause} счета.",
                by=by,
            )
            standards.publish(self.app, self.forum.number)
            opening = {"opening": ("", f"Invoice {self._secret('dropped_opening')}")}
            translate(self.app, self.forum.number, opening, by=by)
            self._later()
            standards.rewrite(
                self.app,
                self.forum.number,
                departments=[self.places["finance"]],
                body="## Purpose\n\nA late invoice is paid. Счета оплачены.",
                change="Shorter",
            )
            self._later()
        if self._has(ELSEWHERE):
            word = WORDS[ELSEWHERE]
            number = standards.in_force(
                self.app,
                title=f"Invoice {word['standard_title']}",
                body=f"## Purpose\n\nLate invoice счета {word['clause']}",
                departments=[self.places["warehouse"]],
            )
            english = {"title": (word["translated_title"], "")}
            english |= {1: ("Purpose", f"Late {word['translated_clause']}")}
            translate(self.app, number, english, by=by)

    def _secret(self, name: str) -> str:
        """A canary where the forum has secrets; else a word that is gone as well."""
        return WORDS[SECRETS][name] if self._has(SECRETS) else "formerly"

    def _secrets(self) -> None:
        self._reworded()
        if not self._has(SECRETS):
            return
        self._draft_standards()
        idea, gone = self._published(), self._joined()
        self._look()
        self._taken_away(idea, gone)

    def _look(self) -> None:
        """Let the index and the alerts notice what is there now."""
        catch_up(self.app)
        with self.app.app_context():
            alerts.follow()

    def _reworded(self) -> None:
        """An idea and a comment that once said something else, and a comment that was deleted.

        That they were is told to everybody, so every forum has them, though not what they said.
        """
        if not self._has(FINANCE):
            return
        author, finance = self.forum.people["author"], self.places["finance"]
        early = {"title": "Invoice printer", "departments": [finance]}
        idea = make.idea(self.app, author, problem=self._secret("earlier_idea"), **early)  # type: ignore[arg-type]
        comment = make.comment(self.app, idea, author, self._secret("earlier_comment"))
        body = f"{self._secret('deleted_comment')} late invoice"
        deleted = make.comment(self.app, self.forum.ideas[0], author, body)
        self._look()
        self._later()
        with self.app.app_context():
            talked = db.session.get_one(Idea, self.forum.ideas[0])
            row = db.session.get_one(Comment, deleted)
            discussion.delete_comment(self._as("author"), "idea", talked, row)
            thing, talk = db.session.get_one(Idea, idea), db.session.get_one(Comment, comment)
            wording = ideas.word(problem="The printer of the invoice blinks.", **early)  # type: ignore[arg-type]
            ideas.edit_idea(self._as("author"), thing, wording, seen=thing.revision)
            discussion.edit_comment(self._as("author"), talk, richtext.compose("Blinking invoice"))
        self._later()

    def _draft_idea(self) -> None:
        """There before the index is: of drafts no event tells it."""
        if not self._has(SECRETS):
            return
        word = WORDS[SECRETS]
        make.idea(
            self.app,
            self.forum.people["author"],
            title=f"Invoice {word['draft_title']}",
            problem=f"Late invoice счета {word['draft_problem']}",
            departments=[self.places["finance"]],
            tags=["paper", word["draft_tag"]],
            draft=True,
        )

    def _draft_standards(self) -> None:
        """A standard nobody published, and the next version of one that is in force."""
        word, finance = WORDS[SECRETS], self.places["finance"]
        standards.drafted(
            self.app, title=f"Invoice {word['unpublished_title']}", departments=[finance]
        )
        if not self.forum.number:
            return
        with self.app.app_context():
            standard = standards.by_number(self.forum.number)
            wording = drafts.word(
                of=standard,
                title="Invoice of suppliers",
                body=f"## Purpose\n\n{word['next_clause']} invoice",
                change="Longer",
                owner_id=None,
                departments=[finance],
            )
            drafts.save_draft(self._as("moderator"), standard, wording, seen=standard.lock)

    def _published(self) -> int:
        """An idea with a comment, both of which will be hidden."""
        word, people = WORDS[SECRETS], self.forum.people
        idea = make.idea(
            self.app,
            people["author"],
            title=f"Invoice late {word['hidden_title']}",
            problem="Счета поставщиков",
            proposal=f"Late invoice {word['hidden_proposal']}",
            departments=[self.places["finance"]],
            tags=["paper", "papier", word["hidden_tag"]],
        )
        make.comment(self.app, idea, people["colleague"], f"{word['hidden_comment']} счета invoice")
        return idea

    def _joined(self) -> list[int]:
        """Two people who will have left."""
        finance, word = self.places["finance"], WORDS[SECRETS]
        name = f"{word['erased_person'].title()} Author"
        erased = self._person("erased", name, department=finance)
        job = f"{word['deactivated_job']} invoice"
        return [erased, self._person("gone", "Gregor Gone", department=finance, job_title=job)]

    def _taken_away(self, idea: int, gone: list[int]) -> None:
        with self.app.app_context():
            moderation.hide(self._as("moderator"), db.session.get_one(Idea, idea))
            erased, deactivated = (db.session.get_one(Person, one) for one in gone)
            erase(self._as("admin"), erased)
            standing.deactivate(self._as("admin"), deactivated)

    def _leave(self) -> None:
        catch_up(self.app)
        leaver = Attachment.person_id == self.forum.people["leaver"]
        with self.app.app_context(), transaction():
            db.session.execute(update(Attachment).where(leaver).values(until=now()))

    def _tell(self) -> None:
        """Alerts tell what they noticed, at once and the next morning."""
        self._later()
        for distance in (timedelta(), timedelta(days=1)):
            self.clock.shift(distance)
            minute(self.app)
