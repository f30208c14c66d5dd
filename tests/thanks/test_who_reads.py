"""Who reads which thank-yous: nothing leaks about what somebody may not see."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Invalid
from forum.core.events import Event
from forum.departments import membership, merging
from forum.departments.models import Department, Service
from forum.discussion.models import Comment
from forum.ideas.models import Idea
from forum.thanks import choosing
from forum.thanks.models import Thanks, ThanksTo
from tests.ideas.unsigned import post
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser
from tests.thanks.saying import switch, tell, thank

SignIn = Callable[..., Browser]
WORDS = "Canary words of thanks."


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    switch(app, "thanks", "anonymous")


def readers(app: Flask, sign_in: SignIn, people: list[int], number: int) -> list[bool]:
    """For each whether they read it: in the feed and on its page alike."""
    found = []
    for person in people:
        browser = sign_in(person)
        in_feed, page = WORDS in browser.get("/thanks").text, browser.get(f"/thanks/{number}")
        assert in_feed == (page.status_code == 200)
        found.append(in_feed)
    return found


def hide_idea(app: Flask, idea: int) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(Idea).where(Idea.id == idea).values(hidden_at=now()))


def test_a_private_line_is_read_by_those_it_is_from_and_to_and_nobody_else(
    app: Flask, sign_in: SignIn
) -> None:
    place = make.department(app, slug="it")
    anna, boris, member = make.person(app), make.person(app), make.person(app, department=place)
    head = make.person(app)
    with app.app_context(), transaction():
        db.session.get_one(Department, place).head_id = head
    others = [make.person(app), make.moderator(app), make.admin(app)]

    number = thank(app, anna, people=[boris], departments=[place], why=WORDS, private=True)

    assert readers(app, sign_in, [anna, boris, member, head], number) == [True] * 4
    assert readers(app, sign_in, others, number) == [False] * 3
    for address in (f"/people/{boris}", "/departments/it"):
        assert WORDS not in sign_in(boris).get(address).text
    assert sign_in(others[1]).post(f"/thanks/{number}/hide", {"why": "x"}).status_code == 404


def test_what_is_hidden_from_readers_is_not_told_by_thanks_for_it(
    app: Flask, sign_in: SignIn
) -> None:
    anna, boris, other = make.person(app), make.person(app), make.person(app)
    idea = make.idea(app, title="Secret canary title")
    number = thank(app, anna, people=[boris], subject=("idea", idea), why=WORDS)
    assert readers(app, sign_in, [other], number) == [True]

    hide_idea(app, idea)

    assert readers(app, sign_in, [other, anna, boris], number) == [False, True, True]
    assert WORDS not in sign_in(other).get(f"/people/{boris}").text
    assert WORDS not in sign_in(other).get(f"/thanks?about=idea-{idea}").text
    assert "Secret canary" not in sign_in(boris).get("/thanks").text
    assert WORDS in sign_in(make.moderator(app)).get("/thanks").text


def test_what_one_does_not_see_cannot_be_thanked_for(app: Flask, sign_in: SignIn) -> None:
    boris, author = make.person(app), make.person(app)
    draft, hidden = make.idea(app, author, draft=True), make.idea(app)
    hide_idea(app, hidden)
    number = standards.drafted(app)
    with app.app_context():
        unpublished = standards.by_number(number).id
    browser = sign_in()

    for key in (f"idea-{draft}", f"idea-{hidden}", f"standard-{unpublished}", "case-1", "idea-x"):
        sent = {"to": f"person-{boris}", "for": key, "why": WORDS, "action": "send"}
        answer = browser.post("/thanks/new", sent)
        assert answer.status_code == 422
        assert "not there any more" in answer.text
        assert browser.get(f"/thanks/new?for={key}").status_code == 200
        assert browser.post("/thanks/not-now", {"for": key}).status_code == 404


def test_whom_one_thanks_by_name_sees_what_for(app: Flask) -> None:
    place = make.department(app)
    guest = make.person(app, name="Guest", kind="consultant", attached=[place])
    elsewhere = make.idea(app)
    here = make.idea(app, departments=[place])

    with pytest.raises(Invalid, match="Guest may not see what you thank for"):
        thank(app, make.person(app), people=[guest], subject=("idea", elsewhere))
    assert thank(app, make.person(app), people=[guest], subject=("idea", here))


def test_a_consultant_reads_only_lines_that_name_nobody_outside_their_departments(
    app: Flask, sign_in: SignIn
) -> None:
    inside, outside = make.department(app, "Inside"), make.department(app, "Outside")
    anna, boris = make.person(app, department=inside), make.person(app, department=inside)
    stranger = make.person(app, name="Stranger", department=outside)
    idea = make.idea(app, stranger, departments=[outside])
    guest = make.person(app, kind="consultant", attached=[inside])
    within = thank(app, anna, people=[boris], departments=[inside], why="Within the house.")
    thank(app, anna, people=[boris], departments=[outside], why="To another house.")
    thank(app, anna, people=[boris, stranger], why="To a stranger too.")
    thank(app, stranger, people=[boris], why="From a stranger.")
    thank(app, anna, people=[boris], subject=("idea", idea), why="For an idea elsewhere.")
    thank(app, stranger, people=[guest, stranger := make.person(app, name="Unseen")], why="To you.")
    browser = sign_in(guest)

    text = browser.page("/thanks").text

    for words in (
        "To another",
        "To a stranger",
        "From a stranger",
        "For an idea",
        "Unseen",
        "Outside",
    ):
        assert words not in text
    assert "Within the house." in text
    assert "To you." in text
    assert "others" in text
    assert browser.get(f"/thanks/{within}").status_code == 200
    assert browser.get("/thanks/flow").status_code == 404
    found = browser.post("/thanks/new", {"who": "stranger", "action": "find"})
    assert found.status_code == 422


def test_a_consultant_thanks_within_what_they_see(app: Flask, sign_in: SignIn) -> None:
    inside, outside = make.department(app), make.department(app)
    boris, stranger = make.person(app, department=inside), make.person(app, department=outside)
    guest = sign_in(make.person(app, kind="consultant", attached=[inside]))
    sent = {"why": WORDS, "action": "send"}

    allowed = guest.post("/thanks/new", sent | {"to": f"person-{boris}"})
    refused = [
        guest.post("/thanks/new", sent | {"to": to}).status_code
        for to in (f"person-{stranger}", f"department-{outside}")
    ]

    assert allowed.status_code == 303
    assert refused == [422, 422]


def test_services_are_thanked_for_by_those_who_see_them(app: Flask, sign_in: SignIn) -> None:
    provider, customer = make.department(app, "Systems"), make.department(app, "Finance")
    other = make.department(app)
    with app.app_context(), transaction():
        edge = Service(provider_id=provider, customer_id=customer, name="Month-end close")
        db.session.add(edge)
        db.session.flush()
        key = ("service", edge.id)
    thank(app, make.person(app), departments=[provider], subject=key, why=WORDS)
    form = sign_in().get(f"/thanks/new?for=service-{key[1]}").text
    guest = sign_in(make.person(app, kind="consultant", attached=[other]))

    assert f'value="department-{provider}" checked' in form
    assert "Month-end close" in sign_in().get("/thanks").text
    assert "Month-end close" not in guest.get("/thanks").text
    assert "Month-end close" not in guest.get(f"/thanks/new?for=service-{key[1]}").text


def test_everyone_who_worked_on_it_is_reached(app: Flask, sign_in: SignIn) -> None:
    place = make.department(app, "Systems")
    author, said, hushed = (make.person(app, name=name) for name in ("Author", "Said", "Hushed"))
    gone = make.person(app)
    idea = make.idea(app, author, departments=[place])
    make.comment(app, idea, said)
    make.comment(app, idea, gone)
    hidden = make.comment(app, idea, hushed)
    make.decide(app, idea, owner_id=place)
    with app.app_context(), transaction():
        db.session.get_one(Comment, hidden).hidden_at = now()
        db.session.get_one(Person, gone).deactivated_at = now()

    number = thank(app, make.person(app), everyone=True, subject=("idea", idea), why=WORDS)

    with app.app_context():
        rows = db.session.scalars(select(ThanksTo).order_by(ThanksTo.id)).all()
        assert [r.department_id for r in rows if r.person_id is None] == [place]
        assert {r.person_id for r in rows if r.person_id} == {author, said}
    page = sign_in().page(f"/thanks/{number}").text
    assert "Systems, everyone who worked on it" in page
    assert "Said" not in page
    assert WORDS in sign_in(said).get("/thanks?mine=1").text
    assert WORDS not in sign_in(hushed).get("/thanks?mine=1").text
    assert WORDS not in sign_in().get(f"/people/{said}").text


def test_an_author_without_a_name_is_reached_and_written_down_nowhere(
    app: Flask, sign_in: SignIn
) -> None:
    vera, other = make.person(app, name="Vera Teller"), make.person(app)
    idea, _address = post(sign_in(vera), level="moderators")
    number = thank(app, make.person(app), everyone=True, subject=("idea", idea), why=WORDS)
    tell(app)

    mine = sign_in(vera)
    assert WORDS in mine.get("/thanks?mine=1").text
    assert WORDS in mine.get("/notifications").text
    for reader in (other, make.moderator(app)):
        browser = sign_in(reader)
        assert "Vera" not in browser.get(f"/thanks/{number}").text
        assert WORDS not in browser.get(f"/people/{vera}").text
        assert WORDS not in browser.get("/thanks?mine=1").text
    with app.app_context():
        assert not list(db.session.scalars(select(ThanksTo)))
        assert vera not in set(db.session.scalars(select(Event.actor_id)))
        told = [
            e.payload
            for e in db.session.scalars(select(Event).where(Event.object_kind == "thanks"))
        ]
    assert told == [{"thanks": number}]


def test_the_author_alone_of_an_idea_has_nobody_to_thank_for_it(app: Flask) -> None:
    author = make.person(app)
    idea = make.idea(app, author)

    with pytest.raises(Invalid, match="Nobody but you has worked on it"):
        thank(app, author, everyone=True, subject=("idea", idea))


def test_a_merged_department_s_thanks_are_its_heir_s(app: Flask, sign_in: SignIn) -> None:
    old, heir = make.department(app, slug="old"), make.department(app, slug="heir")
    anna, boris = make.person(app, department=old), make.person(app, department=old)
    admin = make.admin(app)
    thank(app, anna, departments=[old, heir], people=[boris], why=WORDS)
    with app.app_context():
        cards = [db.session.get_one(Department, number) for number in (old, heir)]
        merging.merge(db.session.get_one(Person, admin), *cards)

    with app.app_context():
        rows = db.session.execute(select(ThanksTo.person_id, ThanksTo.department_id)).all()
        assert sorted(rows, key=str) == sorted([(None, heir), (boris, heir)], key=str)
        assert db.session.scalar(select(Thanks.author_department_id)) == heir
    assert WORDS in sign_in().get("/departments/heir").text


def test_a_merger_opens_no_private_line_to_the_heir(app: Flask, sign_in: SignIn) -> None:
    old, heir = make.department(app, slug="old"), make.department(app, slug="heir")
    thanked, stranger = make.person(app, department=old), make.person(app, department=heir)
    left, admin = make.person(app, department=old), make.admin(app)
    thank(app, make.person(app), departments=[heir], why="Something else, and earlier.")
    with app.app_context():
        by = db.session.get_one(Person, admin)
        membership.place(by, left, heir)
    number = thank(app, make.person(app), departments=[old], why=WORDS, private=True)
    with app.app_context():
        by = db.session.get_one(Person, admin)
        cards = [db.session.get_one(Department, each) for each in (old, heir)]
        merging.merge(by, *cards)

    assert WORDS in sign_in(thanked).get(f"/thanks/{number}").text
    for reader in (stranger, left, make.person(app, department=heir)):
        assert sign_in(reader).get(f"/thanks/{number}").status_code == 404
        assert WORDS not in sign_in(reader).get("/thanks?mine=1").text


def test_nothing_said_in_a_field_can_break_the_form(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in()
    for hostile in ("person-", "person--1", "department-9" * 40, "everyone-1", "\x00", "пёс-1"):
        sent = {"to": hostile, "for": hostile, "who": hostile[:100], "why": hostile}
        assert browser.post("/thanks/new", sent | {"action": "send"}).status_code == 422
        for address in ("new?to=", "new?for=", "?about=", "?department=", "?after="):
            assert browser.get(f"/thanks/{address}{hostile}".replace("/?", "?")).status_code == 200
    with app.app_context():
        assert choosing.read(["everyone", "person-3", "person-3"]).people == (3,)
