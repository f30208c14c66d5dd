"""Ideas without a name: who learns what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import inspect, select, text

from forum.accounts.models import Person
from forum.admin.imports_people import plan_people
from forum.admin.people_actions import Details, checked
from forum.core.audit import AuditLink
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Invalid
from forum.core.events import Event
from forum.files.models import Upload, UploadUse
from forum.ideas.anonymous.models import AnonymousAuthor, AnonymousPost
from forum.ideas.models import Idea
from forum.moderation import trash
from tests.ideas.unsigned import TEXT, post, switch
from tests.notifications.inboxes import catch_up
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
NOON = (now() + timedelta(days=1)).replace(hour=12, minute=34, second=56, microsecond=0)
MIDNIGHT = {"hour": 0, "minute": 0, "second": 0}


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    switch(app, "anonymous")


def rows_naming(app: Flask, person: int) -> set[str]:
    """The tables that hold this person's number in a column that refers to people."""
    found = set()
    with app.app_context():
        for table in db.metadata.sorted_tables:
            for column in table.columns:
                refers = any(key.column.table.name == "person" for key in column.foreign_keys)
                named = refers or column.name == "actor_id"
                if named and db.session.execute(select(table).where(column == person)).first():
                    found.add(f"{table.name}.{column.name}")
    return found


def test_an_idea_shows_no_name_no_department_and_no_time(app: Flask, sign_in: SignIn) -> None:
    home = make.department(app, "Night shift")
    author = make.person(app, name="Vera Teller", department=home)

    with time_machine.travel(NOON, tick=False):
        idea, _address = post(sign_in(author))
        page = sign_in().page(f"/ideas/{idea}")

    byline = page.one("p", class_="byline").text
    assert "Anonymous" in byline
    assert "Vera" not in page.text
    assert "Night shift" not in byline
    assert "12:34" not in str(page.one("p", class_="byline"))


@pytest.mark.parametrize("level", ["nobody", "moderators"])
def test_no_row_but_the_promised_one_leads_from_the_idea_to_its_author(
    app: Flask, sign_in: SignIn, level: str
) -> None:
    author = make.person(app, name="Vera Teller")
    browser = sign_in(author)
    before = rows_naming(app, author)

    post(browser, level)
    catch_up(app)

    kept = {"anonymous_author.person_id"} if level == "moderators" else set()
    assert rows_naming(app, author) - before == kept


def test_no_moment_of_an_idea_is_finer_than_its_day(app: Flask, sign_in: SignIn) -> None:
    department, representative = make.represented(app)
    browser, other = sign_in(), sign_in(representative)
    with app.app_context():
        tables = inspect(db.engine).get_table_names()
        counted = {t: db.session.scalar(text(f"SELECT count(*) FROM {t}")) for t in tables}  # noqa: S608

    with time_machine.travel(NOON, tick=False):
        idea, _address = post(browser, departments=[department])

    with app.app_context():
        grown = [
            table
            for table in db.metadata.sorted_tables
            if table.name in counted
            and db.session.scalar(text(f"SELECT count(*) FROM {table.name}")) > counted[table.name]  # noqa: S608
        ]
        for table in grown:
            for row in db.session.execute(select(table)).mappings():
                for value in row.values():
                    assert not (isinstance(value, datetime) and value == NOON), (table.name, row)
        assert {"idea", "text", "answer", "event", "thread"} <= {table.name for table in grown}
    assert other.page(f"/ideas/{idea}")


def test_the_event_of_a_post_names_nobody_and_the_day(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    with time_machine.travel(NOON, tick=False):
        idea, _address = post(sign_in(author))

    with app.app_context():
        (event,) = db.session.scalars(
            select(Event).where(Event.object_kind == "idea", Event.object_id == idea)
        )
        assert event.type == "idea.posted"
        assert event.actor_id is None
        assert event.at == NOON.replace(**MIDNIGHT)
        assert author not in [v for v in event.payload.values() if isinstance(v, int)]


def test_a_draft_leaves_nothing_once_it_is_posted_without_a_name(
    app: Flask, sign_in: SignIn
) -> None:
    browser = sign_in()
    saved = browser.post("/ideas/autosave", {"problem": "Nobody dares"}).json
    again = {"problem": TEXT, "version": saved["version"]}
    browser.post(saved["url"], again)

    idea, _address = post(browser, draft=saved["id"])

    with app.app_context():
        assert [row.id for row in db.session.scalars(select(Idea))] == [idea]
        said = db.session.execute(text("SELECT plain FROM text")).scalars().all()
        assert said == [TEXT]


def test_a_draft_is_posted_without_a_name_from_its_own_page(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    draft = make.idea(app, author, draft=True)
    browser = sign_in(author)

    sent = {"problem": TEXT, "action": "post", "anonymous": "nobody"}
    answer = browser.post(f"/ideas/{draft}/edit", sent)

    assert answer.location != f"/ideas/{draft}"
    assert browser.get(f"/ideas/{draft}").status_code == 404
    assert "Anonymous" in browser.page(answer.location).text


def test_a_form_sent_twice_makes_one_idea(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in()
    saved = browser.post("/ideas/autosave", {"problem": TEXT, "version": "0"}).json
    post(browser, draft=saved["id"])

    sent = {"problem": TEXT, "action": "post", "anonymous": "nobody", "draft": saved["id"]}
    again = browser.post("/ideas/new", sent)

    assert again.status_code == 409
    assert "posted already" in again.text
    with app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM idea")) == 1


def test_pictures_cannot_come_along_because_they_say_who_sent_them(sign_in: SignIn) -> None:
    picture = "![](/files/" + "A" * 22 + ")"
    sent = {"problem": TEXT + picture, "action": "post", "anonymous": "nobody"}

    answer = sign_in().post("/ideas/new", sent)

    assert answer.status_code == 422
    assert "say who sent them" in answer.text


@pytest.mark.parametrize("typed", ["somebody", "NOBODY", "moderators,nobody"])
def test_what_the_form_does_not_offer_is_refused_rather_than_signed(
    app: Flask, sign_in: SignIn, typed: str
) -> None:
    sent = {"problem": TEXT, "action": "post", "anonymous": typed}

    assert sign_in().post("/ideas/new", sent).status_code == 422
    with app.app_context():
        assert db.session.scalars(select(Idea)).all() == []


def test_a_moderator_learns_the_name_and_the_look_is_chained(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app, name="Vera Teller")
    idea, _address = post(sign_in(author), "moderators")
    moderator = make.moderator(app)
    browser = sign_in(moderator)

    assert "Vera" not in browser.page(f"/ideas/{idea}").text
    shown = browser.post(f"/ideas/{idea}/author")

    assert "Vera Teller" in shown.text
    assert "no-store" in shown.headers["Cache-Control"]
    with app.app_context():
        event = db.session.scalars(select(Event).where(Event.type == "idea.author-read")).one()
        assert (event.actor_id, event.object_id) == (moderator, idea)
        assert author not in event.payload.values()
        assert db.session.get(AuditLink, event.id) is not None
    chief = sign_in(make.admin(app))
    assert "It was looked up who posted an idea" in chief.page("/admin/audit").text


def test_who_may_not_learn_the_name_does_not(app: Flask, sign_in: SignIn) -> None:
    known, _address = post(sign_in(), "moderators")
    unknown, _address = post(sign_in(), "nobody")
    signed = make.idea(app)
    moderator = sign_in(make.moderator(app))

    assert sign_in().post(f"/ideas/{known}/author").status_code == 404
    assert moderator.post(f"/ideas/{unknown}/author").status_code == 404
    assert moderator.post(f"/ideas/{signed}/author").status_code == 404
    assert "See who posted it" not in moderator.page(f"/ideas/{unknown}").text


def test_after_erasing_somebody_no_moderator_learns_what_they_posted(
    app: Flask, sign_in: SignIn
) -> None:
    author = make.person(app, name="Vera Teller")
    idea, _address = post(sign_in(author), "moderators")
    admin = sign_in(make.admin(app))
    admin.post(f"/admin/people/{author}/erase", {"name": "Vera Teller", "texts": "1"})

    with app.app_context():
        assert db.session.scalars(select(AnonymousAuthor)).all() == []
        assert db.session.get_one(Person, author).erased_at is not None
    assert "Nobody can see it any more" in admin.post(f"/ideas/{idea}/author").text
    assert TEXT in admin.page(f"/ideas/{idea}").text


def test_what_moderators_may_know_is_told_to_its_author_as_what_the_forum_knows(
    app: Flask, sign_in: SignIn
) -> None:
    browser = sign_in()
    idea, _address = post(browser, "moderators")

    known = browser.json("/settings/data.json")["anonymous"]["posts"]

    assert [row["idea_id"] for row in known] == [idea]


def test_a_newcomer_whose_posts_are_looked_at_and_a_consultant_sign(
    app: Flask, sign_in: SignIn
) -> None:
    from forum.core.site import save_settings

    sent = {"problem": TEXT, "action": "post", "anonymous": "nobody"}
    consultant = sign_in(kind="consultant")
    assert consultant.post("/ideas/new", sent).status_code == 422

    with app.app_context(), transaction():
        save_settings({"newcomers_from": now().isoformat()})
    newcomer = sign_in()
    assert "Without my name" not in newcomer.page("/ideas/new").text
    assert newcomer.post("/ideas/new", sent).status_code == 422


def test_nobody_has_no_page_is_in_no_list_and_is_erased_by_nobody(
    app: Flask, sign_in: SignIn
) -> None:
    admin = sign_in(make.admin(app))
    post(sign_in())
    with app.app_context():
        nobody = db.session.scalars(select(Person).where(Person.name == "(anonymous)")).one().id

    assert admin.get(f"/people/{nobody}").status_code == 404
    assert admin.get(f"/admin/people/{nobody}").status_code == 404
    assert "anonymous)" not in admin.page("/people").text
    assert "anonymous)" not in admin.page("/admin/people").text


def test_a_merged_ideas_author_stays_nobody(app: Flask, sign_in: SignIn) -> None:
    parent = make.idea(app)
    child, _address = post(sign_in(make.person(app, name="Vera Teller")))

    make.merge(app, parent, child)

    page = sign_in().page(f"/ideas/{parent}")
    assert TEXT in page.text
    assert "Vera" not in page.text
    assert "Anonymous" not in page.one("p", class_="byline").text


def test_what_was_emptied_from_the_trash_leads_to_its_author_no_more(
    app: Flask, sign_in: SignIn
) -> None:
    idea, _address = post(sign_in(), "moderators")
    sign_in(make.moderator(app)).post(f"/ideas/{idea}/trash")

    for days, kept in ((29, 1), (31, 0)):
        with time_machine.travel(now() + timedelta(days=days)), app.app_context():
            trash.empty()
            for model in (AnonymousAuthor, AnonymousPost):
                assert len(db.session.scalars(select(model)).all()) == kept


def test_no_file_leads_from_who_sent_it_to_a_draft_that_was_posted_without_a_name(
    app: Flask, sign_in: SignIn
) -> None:
    author = make.person(app)
    draft = make.idea(app, author, draft=True)
    look = {"media_type": "image/png", "size": 1, "width": 1, "height": 1}
    with app.app_context(), transaction():
        upload = Upload(key="k", person_id=author, sha256="s", **look)
        db.session.add(upload)
        db.session.flush()
        db.session.add(UploadUse(upload_id=upload.id, kind="idea", subject_id=draft))

    post(sign_in(author), draft=draft)

    with app.app_context():
        assert db.session.scalars(select(UploadUse)).all() == []


def test_who_is_called_so_already_keeps_the_name(app: Flask, sign_in: SignIn) -> None:
    person = make.person(app, name="Аноним", email="a@example.org")
    admin = sign_in(make.admin(app))

    sent = {"name": "Аноним", "email": "b@example.org"}
    assert admin.post(f"/admin/people/{person}", sent).status_code == 303
    refused = admin.post(f"/admin/people/{person}", {**sent, "name": "Anonymous"})

    assert refused.status_code == 422
    assert "b@example.org" in admin.page("/admin/people").text
    with app.app_context():
        plan = plan_people("email,name\nb@example.org,Аноним\nc@example.org,Аноним\n".encode())
        assert [outcome.line for outcome in plan.refused] == [3]


def test_nobody_is_given_the_name_of_nobody(app: Flask, sign_in: SignIn) -> None:
    person = make.person(app, name="Vera Teller")
    admin = sign_in(make.admin(app))
    sent = {"name": "(Anonymous)", "email": "v@example.org"}

    for address in ("/admin/people/new", f"/admin/people/{person}"):
        answer = admin.post(address, sent)
        assert answer.status_code == 422
        assert "Choose another" in answer.text
    with app.app_context(), pytest.raises(Invalid, match="Choose another"):
        checked(Details(name="(anonymous)", email="v@example.org"))
    assert "v@example.org" not in admin.page("/admin/people").text
