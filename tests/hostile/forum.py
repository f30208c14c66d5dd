"""A small forum with one of everything a route may name, and people who may do everything."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from PIL import Image

from forum.accounts import tokens
from forum.accounts.models import Person, Purpose
from forum.campaigns import actions as campaigns
from forum.campaigns.models import CampaignIdea
from forum.core import readers
from forum.core.clock import now, today
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.models import Department
from forum.files import actions as files
from forum.ideas import asking, stage_editing
from forum.ideas.actions import word
from forum.ideas.anonymous import posting
from forum.ideas.anonymous.models import Level
from forum.ideas.answers import slot_for
from forum.ideas.models import Answer, Handover, Idea
from forum.ideas.stage_editing import Said
from forum.notifications import tokens as unsubscribing
from forum.scorecards.models import Expert
from forum.search.follower import catch_up
from forum.search.glossary import actions as glossary
from forum.search.likely.models import LikelyDuplicate
from forum.search.missed.models import MissedSearch
from forum.search.recent.models import RecentSearch
from forum.search.saved.models import SavedSearch
from forum.standards.approvals import actions as approvals
from forum.standards.approvals.models import Approval, Side
from forum.standards.categories.models import Category
from forum.standards.review.models import Review
from tests.hostile import asked_about, training
from tests.ideas import written
from tests.moderation import acts
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser
from tests.support.forums import Prepared
from tests.surveys import company as surveys
from tests.thanks import saying

ARGUMENTS = {
    "text_key": "none",
    "text_secret": "none",
    "notification_id": 987_654,
    "session_id": 1,
    "mail_id": 1,
    "kind": "idea",
    "filename": "favicon.svg",
    "version": 1,
    "clause": 1,
    "thanks_id": 1,
    "name": "ideas",
    "month": "2026-10",
}
"""What the routes' arguments are filled with where the forum below makes nothing of the kind."""


@dataclass(slots=True)
class Forum:
    """What routes name, in sets of a kind, and a browser for everybody."""

    sets: list[dict[str, Any]]
    browsers: dict[str, Browser]


def rewound(prepared: Prepared) -> Callable[..., Forum]:
    """`fresh(indexed=True)`: the forum as it is after `fill`, filled once and then copied back;
    with an index and without one it is the same, down to the numbers of its rows."""
    made: list[tuple[Forum, dict[str, tuple[dict[Any, Any], str]]]] = []

    def fresh(*, indexed: bool = False) -> Forum:
        if not made:
            prepared.reset()
            forum = fill(prepared.app)
            prepared.keep("plain")
            index(prepared.app)
            prepared.keep("indexed")
            everybody = forum.browsers.items()
            made.append((forum, {who: (dict(b.client._cookies), b.token) for who, b in everybody}))
        forum, holding = made[0]
        prepared.bring_back("indexed" if indexed else "plain")
        for who, (cookies, token) in holding.items():
            browser = forum.browsers[who]
            browser.client._cookies, browser.token = dict(cookies), token
        return forum

    return fresh


def index(app: Flask) -> None:
    """Let everything follow the log, the index too."""
    with app.app_context():
        readers.catch_up()
    catch_up(app)


MODULES = (
    *("campaigns", "scorecards", "anonymous", "training", "map", "thanks", "insights", "surveys"),
)
"""Modules that have pages."""


def fill(app: Flask, *, indexed: bool = False, modules: Sequence[str] = MODULES) -> Forum:
    """Ideas in three stages, their comments, two standards and a picture."""
    place = make.department(app, "Finance", slug="finance", code="FIN")
    other = make.department(app, "Systems", slug="it", code="IT")
    admin, moderator = make.admin(app, department=other), make.moderator(app, department=other)
    author = make.person(app, department=place)
    make.represent(app, author, place)
    with app.app_context(), transaction():
        db.session.get_one(Department, place).head_id = author
    text = {"problem": "Late invoices.", "departments": [place], "tags": ["paper"]}
    ideas = [make.idea(app, author, draft=n == 1, **text) for n in range(3)]
    make.decide(app, ideas[2], by=moderator, owner_id=place)
    comment = make.comment(app, ideas[0], author)
    drafted = standards.drafted(app, departments=[place], by=moderator)
    in_force = standards.drafted(app, title="In force", departments=[place], by=moderator)
    _publish(app, moderator, in_force)
    asked, approval = _asked(app, moderator, place)
    _let_in(app, modules)
    common = {
        **ARGUMENTS,
        "approval_id": approval,
        "comment_id": comment,
        "key": _picture(app, author),
    }
    common |= {"department_id": place, "slug": "finance", "person_id": author}
    common |= _searches(app, author)
    make.represent(app, moderator, other)
    common |= _together(app, ideas[0], moderator, admin)
    common["entry_id"] = _entry(app, moderator)
    common["token"] = _unsubscribing(app, author)
    common["pair_id"] = _pair(app, ideas[0], ideas[2])
    common["matter_id"] = acts.flag(app, "comment", comment)
    common["handover_id"] = _handover(app, ideas[0], other, place, moderator)
    common["service_id"] = make.service(app, other, place)
    people, served = (author, moderator, admin), common["service_id"]
    common |= _of_modules(app, modules, ideas, people, (place, other), served)
    common["author_secret"] = _unsigned(app, author, place) if "anonymous" in modules else "none"
    common["stage_id"] = _stage(app)
    common |= _reviewed(app, author, in_force)
    sets = [
        {**common, "idea_id": idea, "called": idea, "number": number, "secret": secret}
        for idea, number, secret in zip(
            ideas, (asked, in_force, drafted), _secrets(app, author), strict=True
        )
    ]
    if indexed:
        index(app)
    browsers = {"nobody": Browser(app)}
    browsers["nobody"].get("/sign-in")  # for its token
    for name, number in (("author", author), ("moderator", moderator), ("admin", admin)):
        browsers[name] = Browser(app)
        browsers[name].enter_as(number)
    return Forum(sets, browsers)


def _of_modules(
    app: Flask,
    modules: Sequence[str],
    ideas: Sequence[int],
    people: tuple[int, int, int],
    places: tuple[int, int],
    service: int,
) -> dict[str, Any]:
    """What each module that is on has to show."""
    author, moderator, admin = people
    made: dict[str, Any] = {}
    if "campaigns" in modules:
        made |= _campaign(app, moderator, ideas[0])
    if "thanks" in modules:
        said = {"people": [moderator], "subject": ("idea", ideas[0])}
        made["thanks_id"] = saying.thank(app, author, **said)
    if "scorecards" in modules:
        _expert(app, admin, idea=ideas[0], by=moderator)
        made["expert_id"] = _expert(app, make.person(app), idea=ideas[0], by=moderator)
    if "training" in modules:
        made |= training.filled(app, moderator, [*places])
    if "surveys" in modules:
        made |= {"item": "quality", "wave_id": _wave(app, moderator, service)}
        made |= {"scope": "customer", "one": places[0]}
        made |= asked_about.filled(app, moderator, service, places[1])
    return made


def _campaign(app: Flask, moderator: int, idea: int) -> dict[str, int]:
    """A campaign that asks for something, and an idea in it."""
    with app.app_context():
        person = db.session.get_one(Person, moderator)
        days = {"starts_on": today(), "ends_on": today()}
        wanted = campaigns.Wanted(title="Paper", question="Where?", owner_id=moderator, **days)
        made = campaigns.start(person, wanted)
        asked = {"kind": "choice", "options": "Here\nThere", "required": True}
        field = campaigns.add_field(person, made, label="Where", **asked)
        with transaction():
            db.session.add(CampaignIdea(idea_id=idea, campaign_id=made.id))
        return {"campaign_id": made.id, "field_id": field.id}


def _wave(app: Flask, moderator: int, service: int) -> int:
    """A survey that runs, and has asked whoever is served."""
    return surveys.running(app, [service], by=moderator)


def _expert(app: Flask, person: int, *, idea: int, by: int) -> int:
    """Somebody asked to rate an idea."""
    with app.app_context(), transaction():
        expert = Expert(idea_id=idea, person_id=person, asked_by_id=by)
        db.session.add(expert)
        db.session.flush()
        return expert.id


def _reviewed(app: Flask, reviewer: int, number: str) -> dict[str, int]:
    """A review that can be taken back however long the test takes, and a category."""
    with app.app_context(), transaction():
        standard = standards.by_number(number)
        valid = {
            "outcome": "valid",
            "closed_at": now() + timedelta(hours=1),
            "due_after": standard.review_on,
        }
        review = Review(standard_id=standard.id, version=1, by_id=reviewer, **valid)
        category = Category(name_en="Money", name_ru="Деньги")
        db.session.add_all([review, category])
        db.session.flush()
        review.batch = review.id
        return {"review_id": review.id, "category_id": category.id}


def _stage(app: Flask) -> int:
    """A stage that was added."""
    with app.app_context():
        return stage_editing.add(None, "open", Said("Counting", "Подсчёт")).id


def _searches(app: Flask, person: int) -> dict[str, int]:
    """A search that is saved, one that was made lately and one that was made in vain."""
    with app.app_context(), transaction():
        search = {"address": "q=invoice", "address_key": "k", "person_id": person}
        vain = {"words": "sick leave", "salt": b"", "askers": [], "times": 3, "shown": True}
        rows = [
            SavedSearch(name="Invoices", **search),
            RecentSearch(**search),
            MissedSearch(last_on=today(), **vain),
        ]
        db.session.add_all(rows)
        db.session.flush()
        names = ("saved_id", "recent_id", "missed_id")
        return {name: row.id for name, row in zip(names, rows, strict=True)}


def _together(app: Flask, idea: int, moderator: int, admin: int) -> dict[str, int | str]:
    """A suggested edit and a summary."""
    suggestion = written.suggestion(app, idea, admin)
    written.summary(app, idea, moderator, "Счета приходят поздно.")
    return {"suggestion_id": suggestion, "lang": "ru"}


def _entry(app: Flask, moderator: int) -> int:
    """Words of the glossary that mean the same."""
    with app.app_context():
        person = db.session.get_one(Person, moderator)
        return glossary.add(person, sides=["inventory", "ТМЦ"]).id


def _pair(app: Flask, first: int, second: int) -> int:
    """Two ideas that may say the same."""
    with app.app_context(), transaction():
        pair = LikelyDuplicate(first_id=first, second_id=second, score=1.0, words="late")
        db.session.add(pair)
        db.session.flush()
        return pair.id


def _unsubscribing(app: Flask, person: int) -> str:
    """What the link at the end of a weekly mail carries."""
    with app.test_request_context():
        return unsubscribing.path_of(person, unsubscribing.WEEKLY).rsplit("/", 1)[1]


def _handover(app: Flask, idea: int, from_id: int, to_id: int, by: int) -> int:
    """A question that another department handed over."""
    with app.app_context(), transaction():
        slot = db.session.query(Answer).filter_by(idea_id=idea).one()
        sides = {"from_id": from_id, "to_id": to_id, "by_id": by}
        passed = Handover(answer_id=slot.id, asked_at=slot.asked_at, **sides)
        db.session.add(passed)
        db.session.flush()
        return passed.id


def _unsigned(app: Flask, author: int, place: int) -> str:
    """The secret of an idea without a name, of which its department has asked something."""
    with app.app_context():
        person = db.session.get_one(Person, author)
        wording = word(title="", problem="Nobody dares.", departments=[place])
        posted = posting.post(person, wording, Level.NOBODY)
        slot = slot_for(person, posted.idea, place)
        asking.ask_author(person, posted.idea, slot, question="Which shift?")
        return posted.secret


def _let_in(app: Flask, modules: Sequence[str]) -> None:
    """Open the registration, so that its pages are there."""
    with app.app_context(), transaction():
        save_settings(
            {
                "registration": "domain",
                "registration_domains": ["example.org"],
                "modules": list(modules),
            }
        )


def _secrets(app: Flask, person: int) -> tuple[str, str, str]:
    """What links carry: an invitation's, a reset's, a registration's."""
    with app.app_context():
        someone = db.session.get_one(Person, person)
        with transaction():
            tokens.issue(Purpose.INVITATION, someone, "an-invitation")
            tokens.issue(Purpose.PASSWORD_RESET, someone, "a-reset")
        signer = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="registration")
        return "an-invitation", "a-reset", str(signer.dumps(["New", "new@example.org", "en"]))


def _publish(app: Flask, by: int, number: str) -> None:
    from forum.standards import actions

    with app.app_context():
        actions.publish(db.session.get_one(Person, by), standards.by_number(number))


def _asked(app: Flask, by: int, place: int) -> tuple[str, int]:
    """A standard in approval, and what moderators are asked of it."""
    number = standards.drafted(app, title="Asked", departments=[place], by=by)
    with app.app_context():
        standard = standards.by_number(number)
        sender = db.session.get_one(Person, by)
        approvals.send(sender, standard, seen=standard.lock)
        side = db.session.query(Approval).filter_by(side=Side.MODERATOR)
        return number, side.one().id


def _picture(app: Flask, person: int) -> str:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "PNG")
    with app.app_context():
        return str(files.upload(db.session.get_one(Person, person), out.getvalue()).key)


def titles(app: Flask) -> list[str]:
    """The ideas' titles."""
    with app.app_context():
        return [idea.title for idea in db.session.query(Idea).order_by(Idea.id)]
