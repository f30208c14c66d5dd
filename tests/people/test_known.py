"""Nothing the forum keeps about somebody is missing from what it says it knows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Table, select, update

from forum.accounts.models import Person, Purpose
from forum.accounts.tokens import issue, new_secret
from forum.campaigns.models import Campaign
from forum.core import mail
from forum.core.clock import now, today
from forum.core.db import db, transaction
from forum.core.events import last_id
from forum.core.personal import known_about
from forum.core.texts import Text
from forum.departments import actions as tree
from forum.departments import reach
from forum.departments.models import Department, Deputy, Service, ServiceChange, Side
from forum.discussion.models import Comment
from forum.files.models import Upload
from forum.home.people_data_views import TITLES
from forum.ideas.again import actions as again
from forum.ideas.anonymous.models import AnonymousAuthor
from forum.ideas.models import Answer, Handover, Idea, Question
from forum.moderation import desk, newcomers
from forum.moderation.models import Matter
from forum.notifications.models import DueMail, LastMail, NewsChoice, Notification, Watch
from forum.scorecards.models import Expert
from forum.search.likely.models import LikelyDuplicate
from forum.search.recent.models import NoRecentSearches, RecentSearch
from forum.search.saved.models import SavedSearch
from forum.standards.approvals.models import Approval, Release
from forum.standards.clauses.models import VersionClause
from forum.standards.kept.models import PromiseMark
from forum.standards.models import Acknowledgement, Standard, Version
from forum.standards.review.models import Review
from forum.standards.tongues.models import Translation
from forum.standards.why.models import ClauseOrigin
from forum.thanks.models import Thanks, ThanksNotNow, ThanksTo
from forum.training.models import AgendaItem, Case, CaseDepartment, Invitation, Seat
from forum.training.models import Session as TrainingSession
from tests.ideas import written
from tests.moderation import acts
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import company as surveys
from tests.surveys import waves as results

SignIn = Callable[..., Browser]


@pytest.fixture
def busy(app: Flask, sign_in: SignIn) -> None:
    """A forum with a row in every table that names a person."""
    department = make.department(app)
    person = make.person(app, department=department, attached=[department])
    sign_in(person)
    make.represent(app, person, department)
    idea = make.idea(app, person, departments=[department])
    make.vote(app, idea, person)
    make.comment(app, idea, person)
    make.answer(app, idea, department, person, "helps")
    make.decide(app, idea, owner_id=department)
    written.everything(app, department, person)
    standards.in_force(app)
    author = make.person(app)
    _moderated(app, department)
    other = make.idea(app, person)
    make.vote(app, other, person)
    make.merge(app, make.idea(app), other)
    declined = make.idea(app)
    make.decide(app, declined, "decline", again_departments=2)
    with app.app_context(), transaction():
        someone = db.session.get_one(Person, person)
        again.still_need(someone, db.session.get_one(Idea, declined))
        db.session.add(LikelyDuplicate(first_id=idea, second_id=other, score=1.0, words="late"))
        tree.set_head(None, db.session.get_one(Department, department), person)
        issue(Purpose.INVITATION, someone, new_secret())
        look = {"media_type": "image/png", "size": 1, "width": 1, "height": 1}
        db.session.add(Upload(key="k", person_id=person, sha256="s", **look))
        version = db.session.scalars(select(Version.id)).first()
        db.session.add(Acknowledgement(version_id=version, person_id=person))
        clause = db.session.scalars(select(VersionClause.clause_id)).first()
        came = {"clause_id": clause, "version_id": version, "kind": "idea", "source_id": idea}
        db.session.add(ClauseOrigin(**came, by_id=person))
        asked = {"version_id": version, "side": "moderator", "due_on": today(), "allowed_days": 1}
        db.session.add_all([Approval(**asked, by_id=person), Release(version_id=version)])
        standard = db.session.scalars(select(Standard.id)).first()
        mark = {"standard_id": standard, "clause_id": clause, "on_day": today()}
        db.session.add(PromiseMark(**mark, person_id=person, side="customer", kept=True))
        made = {"standard_id": standard, "lang": "ru", "part": "title", "words": "w", "version": 1}
        db.session.add(Translation(**made, by_id=person))
        db.session.add(Review(standard_id=standard, version=1, by_id=person))
        text = db.session.scalars(select(Text.id)).first()
        days = {"starts_on": today(), "ends_on": today()}
        db.session.add(AnonymousAuthor(idea_id=idea, person_id=person))
        db.session.add(Campaign(title="Paper", question_id=text, owner_id=person, **days))
        db.session.add(Expert(idea_id=idea, person_id=person, asked_by_id=person))
        _trained(department, person, now())
        thanks = Thanks(author_id=person, text_id=text)
        db.session.add_all([thanks, ThanksNotNow(person_id=person, subject_kind="x", subject_id=1)])
        db.session.flush()
        db.session.add(ThanksTo(thanks_id=thanks.id, person_id=person))
        surveys.everything(person)
        results.everything(person, idea)
        search = {"address": "q=invoice", "address_key": "k", "person_id": person}
        db.session.add(SavedSearch(name="Invoices", **search))
        db.session.add(RecentSearch(**search))
        db.session.add(NoRecentSearches(person_id=person))
        away = {"since": today(), "until": today()}
        db.session.add(Deputy(person_id=person, deputy_id=author, **away))
        slot = db.session.scalars(select(Answer.id).where(Answer.idea_id == idea)).one()
        said = db.session.scalars(select(Comment.id).where(Comment.author_id == person)).first()
        asked = {"answer_id": slot, "by_id": person}
        db.session.add(Question(department_id=department, comment_id=said, **asked))
        moved = {"from_id": department, "to_id": department, "asked_at": now()}
        db.session.add(Handover(**asked, **moved))
        news = {"person_id": person, "event_id": last_id(), "kind": "answered"}
        about = {"object_kind": "idea", "object_id": idea}
        db.session.add(Notification(**news, **about))
        db.session.add(DueMail(**news, **about, at=now(), due_at=now()))
        db.session.add(NewsChoice(person_id=person, topic="asked", channel="mail", wanted=False))
        db.session.add(Watch(person_id=person, kind="idea", thing_id=idea, level="ignore"))
        db.session.add(LastMail(person_id=person, at=now()))
        db.session.add(Side(kind="person", person_id=person))
        owned = {"name": "Help", "provider_owner_id": person, "customer_owner_id": person}
        service = Service(provider_id=department, **owned, drawn_by_id=person)
        db.session.add(service)
        db.session.flush()
        changed = {"service_id": service.id, "what": "drawn", "by_id": person}
        db.session.add(ServiceChange(**changed, **owned))


def _trained(department: int, person: int, at: datetime) -> None:
    """A case they wrote and checked, a session they host, are invited to, sit in, ended it in."""
    case = Case(title="Paper", drafted_by_id=person)
    when = {"starts_at": at, "zone": "UTC", "minutes": 60, "capacity": 9}
    session = TrainingSession(uid="u", title="Paper", host_id=person, **when)
    db.session.add_all([case, session])
    db.session.flush()
    of_both = {"session_id": session.id, "person_id": person}
    db.session.add(CaseDepartment(case_id=case.id, department_id=department, by_id=person))
    db.session.add_all([Invitation(**of_both), Seat(**of_both)])
    db.session.add(AgendaItem(session_id=session.id, case_id=case.id, by_id=person))
    db.session.flush()


def _moderated(app: Flask, department: int) -> None:
    """A flag, a note, a decision, an idea in the trash, somebody trusted, suspended, limited."""
    idea, person = make.idea(app), make.person(app)
    matter_id = acts.flag(app, "idea", idea)
    with app.app_context():
        moderator = db.session.get_one(Person, make.moderator(app))
        matter = db.session.get_one(Matter, matter_id)
        desk.claim(moderator, matter)
        desk.note(moderator, matter, "Look again.")
        desk.decide(moderator, matter, "deleted", why="Twice.")
        newcomers.trust(moderator, person)
        newcomers.suspend(moderator, db.session.get_one(Person, person), days=1, why="Rude.")
        reach.limit(None, moderator, department)


def _naming_a_person() -> list[tuple[Table, Column[Any]]]:
    return [
        (table, key.parent)
        for table in db.metadata.sorted_tables
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
        if key.column.table.name == "person"
    ]


def _rename_one(table: Table, column: Column[Any], person_id: int) -> dict[str, Any]:
    """Make one row of a table name this person in this column; what the row is known by."""
    keys = list(table.primary_key.columns)
    row = db.session.execute(select(*keys).order_by(*keys).limit(1)).first()
    assert row is not None, f"let somebody have a row in {table.name}"
    known = dict(zip((key.name for key in keys), row, strict=True))
    this = [key == known[key.name] for key in keys]
    with transaction() as session:
        session.connection().execute(update(table).where(*this).values({column.name: person_id}))
    return {**known, column.name: person_id}


def test_every_row_that_names_a_person_is_told_to_them(app: Flask, busy: None) -> None:
    untold = []
    for table, column in _naming_a_person():
        person = make.person(app)
        with app.app_context():
            known = _rename_one(table, column, person)
            told = known_about(person)
        every = [row for tables in told.values() for rows in tables.values() for row in rows]
        if not any(known.items() <= row.items() for row in every):
            untold.append(f"{table.name}.{column.name}")

    assert untold == [], "say it in the feature's Holding"
    assert len(_naming_a_person()) >= 25


def test_an_appointment_is_told_to_whom_it_names_and_to_nobody_else(
    app: Flask, sign_in: SignIn
) -> None:
    head, other = make.person(app), make.person(app)
    department = make.department(app)
    with app.app_context():
        tree.set_head(None, db.session.get_one(Department, department), head)

    told = [
        sign_in(person).json("/settings/data.json")["departments"]["appointments"]
        for person in (head, other)
    ]

    assert [len(rows) for rows in told] == [1, 0]


def test_mails_on_their_way_are_told_and_links_others_were_given_are_not_spelled_out(
    app: Flask, sign_in: SignIn
) -> None:
    admin, person = make.admin(app, email="chief@example.org"), make.person(app)
    with app.app_context(), transaction():
        chief, someone = (db.session.get_one(Person, i) for i in (admin, person))
        mail.queue_mail("chief@example.org", "News", "Somebody answered.")
        issue(Purpose.EMAIL_NEW, someone, new_secret(), by=chief, email="private@example.org")

    told = sign_in(admin).json("/settings/data.json")["accounts"]

    assert [row["subject"] for row in told["mails"]] == ["News"]
    assert [row["person_id"] for row in told["links_made"]] == [person]
    assert "private@example.org" not in str(told)


def test_a_link_on_its_way_by_mail_is_not_spelled_out(app: Flask, sign_in: SignIn) -> None:
    person = make.person(app, email="vera@example.org")
    with app.app_context(), transaction():
        mail.queue_mail("vera@example.org", "A new password", "Open /password-reset/s3cr3t")
    browser = sign_in(person)

    shown = [browser.get(f"/settings/data{ending}").text for ending in ("", ".json")]

    assert all("A new password" in text for text in shown)
    assert all("s3cr3t" not in text for text in shown)


def test_every_table_is_called_by_a_name_its_reader_understands(
    app: Flask, busy: None, sign_in: SignIn
) -> None:
    reader = sign_in(locale="ru")
    known = reader.json("/settings/data.json")

    assert {(feature, table) for feature in known for table in known[feature]} == set(TITLES)
    page = reader.page("/settings/data")
    assert "Браузеры, в которых вы входили" in page.text
    assert "sessions" not in " ".join(one.text for one in page.all("summary"))
