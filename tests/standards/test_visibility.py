"""Drafts are for editors, and consultants see what touches their departments: everywhere."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core import slots
from forum.core.db import db
from forum.departments.models import Department
from forum.ideas.models import Idea
from forum.standards import queries
from forum.standards.models import Standard
from tests.standards import standards
from tests.support import make

PAGES = ("", "/versions/1", "/compare", ".pdf", "/edit", "/retire")
ACTS = ("publish", "acknowledge", "comments", "retire", "edit")


@pytest.mark.parametrize("kind", ["staff", "board", "consultant"])
def test_a_draft_does_not_exist_for_others(app: Flask, sign_in, kind: str) -> None:
    finance = make.department(app, "Finance")
    number = standards.drafted(app, title="Secret plan", departments=[finance])
    reader = sign_in(make.person(app, kind=kind, department=finance, attached=[finance]))

    for page in PAGES:
        assert reader.get(f"/standards/{number}{page}").status_code == 404, page
    for act in ACTS:
        assert reader.post(f"/standards/{number}/{act}", {"body": "x"}).status_code == 404, act
    for address in ("/standards", "/standards?state=draft", "/standards?sort=recent"):
        shown = reader.get(address).text
        assert "Secret plan" not in shown
        assert number not in shown


def test_the_next_draft_does_not_show_on_the_published_standard(app: Flask, sign_in) -> None:
    number = standards.in_force(app, title="Public rule")
    idea = standards.accepted(app, owner=make.department(app), title="Quietly amended")
    standards.standardise(app, idea, number)
    reader = sign_in()

    page = reader.get(f"/standards/{number}").text
    listed = reader.get("/standards").text

    assert "Quietly amended" not in page
    assert "/versions/2" not in page
    assert "next version in draft" not in listed
    assert reader.get(f"/standards/{number}/versions/2").status_code == 404
    assert reader.get(f"/standards/{number}/compare?from=1&to=2").status_code == 404
    assert reader.get(f"/standards/{number}/edit").status_code == 403
    assert reader.post(f"/standards/{number}/publish").status_code == 403
    assert number not in reader.get(f"/ideas/{idea}").text
    assert "next version in draft" in sign_in(make.moderator(app)).get("/standards").text


def test_the_owner_edits_but_does_not_publish(app: Flask, sign_in) -> None:
    owner = make.person(app)
    number = standards.drafted(app, owner=owner)
    browser = sign_in(owner)
    fields = standards.fields_of(browser, number)

    saved = browser.post(f"/standards/{number}/edit", {**fields, "body": "Mine now."})
    published = browser.post(f"/standards/{number}/edit", {**fields, "action": "publish"})

    assert saved.status_code == 303
    assert published.status_code == 403
    assert browser.post(f"/standards/{number}/publish").status_code == 403
    assert number in browser.get("/standards").text


def test_a_consultant_sees_only_what_touches_their_departments(app: Flask, sign_in) -> None:
    mine, other = make.department(app, "Mine"), make.department(app, "Other")
    head = make.person(app, department=mine)
    for_mine = standards.in_force(app, title="For mine", departments=[mine])
    owned = standards.in_force(app, title="Owned by mine", departments=[other], owner=head)
    foreign = standards.in_force(app, title="Foreign", departments=[other])
    everybody = standards.in_force(app, title="For everybody")
    standards.drafted(app, title="Draft for mine", departments=[mine])
    retired = standards.in_force(app, title="Retired for mine", departments=[mine])
    standards.retire(app, retired)
    consultant = make.person(app, kind="consultant", attached=[mine])
    reader = sign_in(consultant)

    listed = reader.page("/standards").all("article", data_standard=True)

    assert {e["data-standard"] for e in listed} == {for_mine, owned}
    for hidden in (foreign, everybody, retired):
        assert reader.get(f"/standards/{hidden}").status_code == 404
        assert reader.post(f"/standards/{hidden}/acknowledge").status_code == 404
        assert reader.post(f"/standards/{hidden}/comments", {"body": "x"}).status_code == 404
        assert reader.get(f"/standards/{hidden}?as-of=2026-01-01").status_code == 404
    assert "Other" not in reader.page("/standards?department=x").one("nav", class_="filters").text


def test_comments_are_seen_by_those_who_see_the_standard(app: Flask, sign_in) -> None:
    mine, other = make.department(app), make.department(app)
    number = standards.in_force(app, departments=[other])
    said = sign_in().post(f"/standards/{number}/comments", {"body": "Between us."})
    comment = said.location.rpartition("-")[2]
    reader = sign_in(make.person(app, kind="consultant", attached=[mine]))

    for tail in ("", "/history"):
        assert reader.get(f"/comments/{comment}{tail}").status_code == 404


def test_panels_show_a_reader_no_more_than_the_list(app: Flask) -> None:
    finance = make.department(app, "Finance")
    head = make.person(app, department=finance)
    idea = standards.accepted(app, owner=finance)
    standards.standardise(app, idea)
    standards.in_force(app, title="In force", departments=[finance], owner=head)
    standards.drafted(app, title="In draft", departments=[finance], owner=head)

    def panels(reader_id: int) -> dict[str, list[str]]:
        with app.app_context():
            reader = db.session.get_one(Person, reader_id)
            things = {
                "idea": db.session.get_one(Idea, idea),
                "department": db.session.get_one(Department, finance),
                "person": db.session.get_one(Person, head),
            }
            return {slot: titles(slot, reader, thing) for slot, thing in things.items()}

    def titles(slot: str, reader: Person, thing: Idea | Department | Person) -> list[str]:
        shown = slots.load(slot, reader, [thing])[thing.id]
        own = [data for template, data in shown if template.startswith("standards/")]
        return [ribbon.title for data in own for ribbon in data]

    seen_by_all = {"idea": [], "department": ["In force"], "person": ["In force"]}
    assert panels(make.person(app)) == seen_by_all
    nothing = {"idea": [], "department": [], "person": []}
    outside = make.department(app)
    assert panels(make.person(app, kind="consultant", attached=[outside])) == nothing
    assert panels(make.moderator(app))["person"] == ["In force", "In draft"]
    assert len(panels(make.moderator(app))["idea"]) == 1


def test_the_search_gets_standards_in_force_and_nothing_else(app: Flask) -> None:
    finance, it = make.department(app), make.department(app)
    head = make.person(app, name="Vera Head", department=it)
    shown = standards.in_force(
        app, title="In force", body="## Rule\n\nTen days.", departments=[finance], owner=head
    )
    standards.drafted(app, title="In draft")
    retired = standards.in_force(app, title="Retired")
    standards.retire(app, retired)
    idea = standards.accepted(app, owner=finance, problem="Not yet public.")
    standards.standardise(app, idea, shown)

    with app.app_context():
        every = list(db.session.scalars(select(Standard.id)))
        [found] = queries.indexable(every)

    assert (found.number, found.title, found.owner) == (shown, "In force", "Vera Head")
    assert found.plain == "Rule\nTen days."
    assert found.department_ids == sorted([finance, it])
    assert found.published_at is not None
