"""A passport is drawn once, and again as soon as anything on it is another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, func, select, update

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.core.texts import Text
from forum.departments.models import Department, Representative, Service, Side, SideKind
from forum.ideas.models import Answer, Idea
from forum.standards.clauses.models import VersionClause
from forum.standards.kept.models import PromiseMark
from forum.standards.models import Standard
from forum.surveys.loop.models import Reply, ReplyIdea
from forum.surveys.models import Wave
from forum.surveys.results.models import WaveOverall, WaveReport
from forum.thanks.models import Thanks
from forum.training.models import Case
from tests.insights.company import keep, text, thank, told, wave
from tests.insights.test_passport import headlines, place, sections, switch
from tests.insights.test_passport_of_modules import asked, case
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


@pytest.fixture(autouse=True)
def company(app: Flask) -> None:
    """A department with something in each section."""
    switch(app, "insights", "map", "surveys", "training", "thanks")
    here, other = place(app), place(app, "other")
    head, colleague = make.person(app, name="Hedda"), make.person(app, name="Rolf")
    make.represent(app, colleague, here)
    team = keep(app, Side(kind=SideKind.TEAM, department_id=other, name="Night shift"))[0]
    ends = {"provider_id": here, "customer_id": other, "customer_side_id": team}
    canteen = keep(app, Service(**ends, name="Canteen", state="confirmed"))[0]
    keep(
        app,
        Service(
            provider_id=other,
            customer_id=here,
            name="Laptops",
            state="confirmed",
            criticality="high",
        ),
    )
    standards.in_force(app, title="Elsewhere", departments=[here])
    number = standards.in_force(app, title="Ours", departments=[here])
    change(
        app,
        update(Department).where(Department.id == here).values(head_id=head),
        update(Standard).where(Standard.number == number).values(owner_department_id=here),
    )
    _promises(app, number)
    make.idea(app, title="Waits", departments=[here])
    make.decide(app, make.idea(app, title="Came of it", departments=[here]), "decline")
    survey = wave(app)
    asked(app, survey, here, other)
    told(app, survey, "provider", here, 4.04)
    told(app, survey, "service", canteen, 2.7)
    row = {"wave_id": survey, "department_id": here, "due_on": date(2026, 11, 1)}
    reply = keep(app, Reply(**row, heard_id=text(app, "Nobody knows."), at=now()))[0]
    follows = make.idea(app, title="Follows from it")
    keep(app, ReplyIdea(reply_id=reply, idea_id=follows))
    case(app, here, "The late lorry")
    author = make.person(app, name="Thea Thankful")
    for_it = {"subject_kind": "idea", "subject_id": follows}
    thank(app, author, department=here, why="For the night run", **for_it)


def _promises(app: Flask, number: str) -> None:
    """What five people said of one of its clauses, as enough for a figure."""
    with app.app_context():
        standard = db.session.scalars(select(Standard).where(Standard.number == number)).one()
        ours = VersionClause.clause_id, VersionClause.version_id
        clause = db.session.execute(select(*ours).order_by(ours[1].desc(), ours[0])).first()
        assert clause is not None
        of = {"standard_id": standard.id, "clause_id": clause[0], "on_day": date(2026, 11, 2)}
    said = {"side": "customer", "kept": True, "at": now() - timedelta(days=30)}
    for _each in range(5):
        keep(app, PromiseMark(**of, **said, person_id=make.person(app)))


def change(app: Flask, *statements: Any) -> None:
    with app.app_context(), transaction():
        for statement in statements:
            db.session.execute(statement)


def numbered(app: Flask, slug: str) -> int:
    with app.app_context():
        return db.session.scalars(select(Department.id).where(Department.slug == slug)).one()


def only(model: Any, name: Any, words: str) -> Any:
    """An update of the row that is called so."""
    return update(model).where(name == words)


LONG_AGO = now() - timedelta(days=366)
FOLLOWS, WAITS = (Idea.title == words for words in ("Follows from it", "Waits"))
HEARD = select(Reply.heard_id).scalar_subquery()
CHANGES = {
    "head renamed": ("people", "Hedda", only(Person, Person.name, "Hedda").values(name="Helga")),
    "head gone": ("people", "Hedda", update(Department).values(head_id=None)),
    "representative renamed": (
        *("people", "Rolf"),
        only(Person, Person.name, "Rolf").values(name="Ralf"),
    ),
    "representative left": (
        *("people", "Rolf"),
        only(Person, Person.name, "Rolf").values(deactivated_at=now()),
    ),
    "nobody answers": ("people", "Rolf", delete(Representative)),
    "service renamed": (
        *("serves", "Canteen"),
        only(Service, Service.name, "Canteen").values(name="Wages"),
    ),
    "service disputed": (
        *("serves", "Canteen"),
        only(Service, Service.name, "Canteen").values(state="disputed"),
    ),
    "service matters": (
        *("served", "work stops without it"),
        only(Service, Service.name, "Laptops").values(criticality="low"),
    ),
    "team renamed": (
        *("serves", "Night shift"),
        only(Side, Side.name, "Night shift").values(name="Day shift"),
    ),
    "department renamed": (
        *("serves", "(Other)"),
        only(Department, Department.name, "Other").values(name="Another"),
    ),
    "another figure of a service": (
        *("serves", "2.7 of 5"),
        update(WaveOverall).where(WaveOverall.scope == "service").values(mean=2.9),
    ),
    "figure of a service of few": (
        *("serves", "2.7 of 5"),
        update(WaveOverall).values(people=4),
    ),
    "its survey taken back": ("serves", "2.7 of 5", update(WaveReport).values(ready=False)),
    "promise broken": ("promises", "kept 5 of 5", update(PromiseMark).values(kept=False)),
    "promises of long ago": ("promises", "kept 5 of 5", update(PromiseMark).values(at=LONG_AGO)),
    "standard of a promise renamed": (
        *("promises", "Ours"),
        only(Standard, Standard.title, "Ours").values(title="Otherwise"),
    ),
    "clause renamed": ("promises", "Purpose", update(VersionClause).values(title="Otherwise")),
    "survey renamed": ("satisfaction", "Autumn", update(Wave).values(title="Winter")),
    "another figure": ("satisfaction", "4.0", update(WaveOverall).values(mean=2.5)),
    "figure of few": ("satisfaction", "4.0", update(WaveOverall).values(people=4)),
    "survey taken back": ("satisfaction", "4.0", update(WaveReport).values(ready=False)),
    "reply erased": (
        *("satisfaction", "Nobody knows."),
        update(Text).where(Text.id == HEARD).values(html="<p>Gone.</p>"),
    ),
    "reply of another": ("satisfaction", "Nobody knows.", update(Reply).values(at=None)),
    "idea of the reply renamed": (
        *("satisfaction", "Follows from it"),
        update(Idea).where(FOLLOWS).values(title="Something else"),
    ),
    "idea of the reply hidden": (
        *("satisfaction", "Follows from it"),
        update(Idea).where(FOLLOWS).values(hidden_at=now()),
    ),
    "own standard renamed": (
        *("owned", "Ours"),
        only(Standard, Standard.title, "Ours").values(title="Otherwise"),
    ),
    "own standard retired": (
        *("owned", "Ours"),
        only(Standard, Standard.title, "Ours").values(state="retired"),
    ),
    "standard of others renamed": (
        *("in-force", "Elsewhere"),
        only(Standard, Standard.title, "Elsewhere").values(title="Otherwise"),
    ),
    "standard of others now its own": (
        *("in-force", "Elsewhere"),
        update(Standard).values(
            owner_department_id=select(func.min(Department.id)).scalar_subquery()
        ),
    ),
    "waiting idea renamed": (
        *("open-answers", "Waits"),
        update(Idea).where(WAITS).values(title="Otherwise"),
    ),
    "waiting idea hidden": (
        *("open-answers", "Waits"),
        update(Idea).where(WAITS).values(hidden_at=now()),
    ),
    "waiting idea answered": ("open-answers", "Waits", update(Answer).values(answer="helps")),
    "another day to answer": (
        *("open-answers", "answer by"),
        update(Answer).values(due_on=None),
    ),
    "waits for the author": (
        *("open-answers", "answer by"),
        update(Answer).values(paused_at=now()),
    ),
    "affected after all by nothing": (
        *("ideas", "Came of it"),
        update(Answer).values(answer="no_effect"),
    ),
    "outcome renamed": (
        *("ideas", "Came of it"),
        only(Idea, Idea.title, "Came of it").values(title="Otherwise"),
    ),
    "another outcome": (
        *("ideas", "Declined"),
        only(Idea, Idea.title, "Came of it").values(stage_kind="done"),
    ),
    "case renamed": (
        *("cases", "The late lorry"),
        update(Case).values(title="Otherwise"),
    ),
    "case taken back": ("cases", "The late lorry", update(Case).values(state="draft")),
    "what was learned": (
        *("cases", "Call first."),
        only(Text, Text.plain, "Call first.").values(plain="Call last."),
    ),
    "the case's department renamed": (
        *("cases", "Place"),
        only(Department, Department.name, "Place").values(name="Spot"),
    ),
    "thanks by another name": (
        *("thanks", "Thea"),
        only(Person, Person.name, "Thea Thankful").values(name="Dora Thankful"),
    ),
    "thanks for what is called otherwise": (
        *("thanks", "Follows from it"),
        update(Idea).where(FOLLOWS).values(title="Something else"),
    ),
    "thanks for what is hidden": (
        *("thanks", "night run"),
        update(Idea).where(FOLLOWS).values(hidden_at=now()),
    ),
    "thanks hidden": ("thanks", "night run", update(Thanks).values(hidden_at=now())),
    "thanks made private": ("thanks", "night run", update(Thanks).values(private=True)),
    "words of thanks": (
        *("thanks", "For the night run"),
        only(Text, Text.plain, "For the night run").values(plain="For nothing"),
    ),
}


HEADS = {
    "satisfaction": ("Satisfaction", "4.0", update(WaveOverall).values(mean=2.5)),
    "promises": ("Promises kept", "100%", update(PromiseMark).values(kept=False)),
    "answers": ("Waiting now", "1", update(Answer).values(answer="helps")),
    "in time": ("Answered in time", "0%", update(Answer).values(due_on=None)),
}


@pytest.mark.parametrize("what", HEADS)
def test_what_stands_on_top_is_another_at_once(app: Flask, sign_in: SignIn, what: str) -> None:
    words, value, statement = HEADS[what]
    change(app, update(Answer).values(due_on=date(2026, 10, 1)))
    browser = sign_in()
    assert headlines(browser)[words].startswith(value)

    change(app, statement)

    after = headlines(browser)
    assert not after.get(words, "").startswith(value)
    app.extensions["forum.kept"].clear()
    assert headlines(browser) == after


@pytest.mark.parametrize("what", CHANGES)
def test_what_changes_is_another_at_once(app: Flask, sign_in: SignIn, what: str) -> None:
    section, words, statement = CHANGES[what]
    browser = sign_in()
    before = sections(browser)
    assert words in before[section]

    change(app, statement)

    after = sections(browser)
    assert words not in after.get(section, "")
    app.extensions["forum.kept"].clear()
    assert sections(browser) == after


def test_another_company_wide_smallest_number_counts_at_once(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in()
    assert "4.0" in sections(browser)["satisfaction"]

    with app.app_context(), transaction():
        save_settings({"survey_k": 12})

    assert "too few answers" in sections(browser)["satisfaction"]


def test_the_next_day_is_another_one(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        today = company_day()
    change(app, update(Answer).values(due_on=today), update(Standard).values(review_on=today))
    browser = sign_in()
    before = sections(browser)
    assert "late" not in before["open-answers"]
    assert "overdue" not in before["owned"]

    with time_machine.travel(now() + timedelta(days=1)):
        after = sections(browser)

    assert "1 day late" in after["open-answers"]
    assert "1 day overdue" in after["owned"]


def test_each_reader_is_told_in_their_language(app: Flask, sign_in: SignIn) -> None:
    assert "Declined" in sections(sign_in())["ideas"]

    assert "Отклонена" in sections(sign_in(locale="ru"))["ideas"]


def test_an_address_of_before_is_not_led_to(app: Flask, sign_in: SignIn) -> None:
    for _n in range(12):
        make.idea(app, departments=[numbered(app, "place")])
    browser = sign_in()
    assert "/ideas?affected=place" in browser.get("/departments/place/passport").text

    change(app, only(Department, Department.slug, "place").values(slug="spot"))

    assert "/ideas?affected=spot" in browser.get("/departments/spot/passport").text


def test_what_moderators_see_is_drawn_for_nobody_else(app: Flask, sign_in: SignIn) -> None:
    change(app, update(Idea).where(FOLLOWS).values(hidden_at=now()))
    assert "Follows from it" in sections(sign_in(make.moderator(app)))["satisfaction"]

    assert "Follows from it" not in sections(sign_in())["satisfaction"]
    consultant = make.person(app, kind="consultant", attached=[numbered(app, "place")])
    assert "satisfaction" not in sections(sign_in(consultant))


def test_thanks_for_a_hidden_idea_are_shown_to_nobody_here(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        author = db.session.scalars(select(Idea.author_id).where(FOLLOWS)).one()
    browser = sign_in(author)
    assert "night run" in sections(browser)["thanks"]

    change(app, update(Idea).where(FOLLOWS).values(hidden_at=now()))

    assert "thanks" not in sections(browser)
    assert "thanks" not in sections(sign_in())
