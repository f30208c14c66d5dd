"""What a reader may not see has no effect on what a search tells them: not on totals, facets,
suggestions or snippets, and not on scores or order either."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from forum.search.follower import catch_up
from tests.search.questions import plain
from tests.search.test_finding import hide
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser

QUERIES = (
    "invoice",
    "invoices late supplier",
    "invoice OR canary",
    "canary",
    "canari",
    "canaryt*",
    "inv*",
    '"late invoices"',
    "supplier -invoice",
    "inovices",
    "счет",
    "счета поставщиков canaryword",
    "сче*",
    "kind:comment invoice",
    "kind:standard",
    "kind:person",
    "kind:department finance",
    "secretcode",
    "qwerty zzz supplier invoice late nothing",
)
FILTERED = (
    "author:supplier",
    "author:ann invoice",
    "автор:canary",
    "dept:canary",
    "affected:canari invoice",
    "dept:finance sort:new",
    "tag:secretcode",
    "tag:secretcodes",
    "tag:paper -author:supplier",
    "standard:2",
    "standard:PS-003",
    "has:standard",
    "votes:0 sort:votes",
    "unanswered:canary",
    "(invoice OR tag:secretcode OR author:supplier) -lang:ru",
    "stage:open,in-force after:2020",
)
EVERYTHING, EMPLOYEES, CONSULTANTS = range(3)
"""How much of the forum exists: all, what employees find, what the consultant finds."""


def build(app: Any, level: int) -> dict[str, int]:
    """A forum with as many hidden rows, written in between; people to search as."""
    finance = make.department(app, "Finance", slug="finance", code="FIN")
    boss = make.moderator(app, name="Boss", department=finance)
    ann = make.person(app, name="Ann Finance", department=finance)
    people = {
        "employee": make.person(app, name="Reader", department=finance),
        "moderator": boss,
        "consultant": make.person(app, name="Guest", kind="consultant", attached=[finance]),
    }
    elsewhere = [_place_elsewhere(app, n) for n in range(2 if level < CONSULTANTS else 0)]
    _write_elsewhere(app, elsewhere)
    for number in range(4):
        _write_visible(app, ann, finance, number)
        if level < EMPLOYEES:
            _write_hidden(app, ann, finance, number)
        _write_elsewhere(app, elsewhere)
        catch_up(app)
    number = standards.in_force(app, title="Invoices of suppliers", departments=[finance])
    assert number == "PS-001"
    if level < CONSULTANTS:
        standards.in_force(app, title="Canary invoices of the warehouse")
    if level < EMPLOYEES:
        _draft_standard(app, finance)
    catch_up(app)
    return people


def _write_visible(app: Any, ann: int, finance: int, number: int) -> None:
    words = "late " * number
    idea = make.idea(
        app,
        ann,
        title=f"Invoices {words}of supplier {number}",
        problem=f"Счета поставщиков {words} теряются.",
        departments=[finance],
        tags=["paper"],
    )
    make.comment(app, idea, ann, f"The {words} invoice of the supplier")


def _write_hidden(app: Any, ann: int, finance: int, number: int) -> None:
    from forum.accounts.models import Person
    from forum.core.db import db
    from forum.discussion import actions
    from forum.discussion.models import Comment
    from forum.ideas.models import Idea

    text = {"title": f"Canary invoice {number}", "problem": "canaryword late late счета"}
    make.idea(app, ann, draft=True, **text)
    hidden = make.idea(app, ann, departments=[finance], tags=["secretcode"], **text)
    make.comment(app, hidden, ann, "canarytalk of invoices")
    catch_up(app)
    comment = make.comment(app, hidden, ann, "canarytalk late invoice supplier")
    catch_up(app)
    with app.app_context():
        row, thing = db.session.get_one(Comment, comment), db.session.get_one(Idea, hidden)
        actions.delete_comment(db.session.get_one(Person, ann), "idea", thing, row)
    hide(app, hidden)


def _draft_standard(app: Any, finance: int) -> None:
    from forum.accounts.models import Person
    from forum.core.db import db
    from forum.standards import drafts

    with app.app_context():
        boss = db.session.query(Person).filter_by(name="Boss").one()
        wording = drafts.word(
            of=None,
            title="Canary invoices",
            body="canaryword",
            owner_id=None,
            departments=[finance],
        )
        drafts.begin(boss, wording)


def _place_elsewhere(app: Any, number: int) -> tuple[int, int]:
    """A department and somebody in it, there before the index is: they are made without news."""
    name = "Canary invoices department"
    place = make.department(app, name=name, slug=f"canary-{number}", code=f"CAN{number}")
    return place, make.person(app, name="Canary Supplier", department=place)


def _write_elsewhere(app: Any, places: list[tuple[int, int]]) -> None:
    for place, person in places:
        idea = make.idea(
            app,
            person,
            title="Canary invoice late late supplier",
            problem="canaryword счета поставщика secretcode",
            departments=[place],
        )
        make.comment(app, idea, person, "canarytalk invoice")


def told(browser: Browser) -> list[Any]:
    """Everything the search surfaces say, with ids told by title instead."""
    answers = []
    for query in FILTERED:
        answers.append(browser.json("/search", query_string={"q": query}))
        answers.append({"said": said(browser, query)})
    for query in QUERIES:
        for options in ({}, {"kind": "idea"}, {"limit": 2}, {"department": "finance"}):
            answer = browser.json("/search", query_string={"q": query, **options})
            answers.append(plain(answer))
        answers.append(browser.json("/search/suggest", query_string={"q": query}))
        similar = {"title": query, "body": "late invoice canaryword"}
        answers.append(browser.json("/search/similar", query_string=similar))
    return [plain(answer) for answer in answers]


def said(browser: Browser, query: str) -> list[str]:
    """Chips, facets and sentences of a page."""
    page = browser.page(f"/search?q={quote(query)}")
    shown = (page.all("div", class_="notice"), page.all("a", class_="chip"), page.all("li"))
    return [element.text for elements in shown for element in elements]


@pytest.mark.share(3)
@pytest.mark.parametrize(
    ("who", "level"),
    [("employee", EMPLOYEES), ("moderator", EMPLOYEES), ("consultant", CONSULTANTS)],
)
def test_a_search_tells_what_it_would_tell_if_hidden_things_had_never_been(
    app, prepared, sign_in: Callable[..., Browser], who, level
):
    full = told(sign_in(build(app, EVERYTHING)[who]))
    prepared.reset()

    bare = told(sign_in(build(app, level)[who]))

    assert any(answer.get("total") for answer in full)
    for with_hidden, without in zip(full, bare, strict=True):
        assert with_hidden == without


def test_no_canary_reaches_the_consultant_or_an_employee(app, sign_in):
    people = build(app, EVERYTHING)

    seen = str(told(sign_in(people["consultant"])))

    assert "canarytalk" not in seen.replace("'query'", "")
    assert "Canary" not in seen


def test_an_attachment_that_ends_closes_the_search_at_once(app, sign_in):
    from sqlalchemy import update

    from forum.core.clock import now
    from forum.core.db import db, transaction
    from forum.departments.models import Attachment

    browser = sign_in(build(app, CONSULTANTS)["consultant"])
    before = browser.json("/search?q=invoice")["total"]
    with app.app_context(), transaction():
        db.session.execute(update(Attachment).values(until=now()))

    assert before > 0
    assert browser.json("/search?q=invoice")["total"] == 0


def test_an_idea_that_leaves_a_consultants_scope_takes_its_comments_along(app, sign_in):
    from forum.accounts.models import Person
    from forum.core.db import db
    from forum.ideas import affected
    from forum.ideas.models import Idea

    finance, sales = make.department(app, "Finance"), make.department(app, "Sales")
    boss = make.moderator(app)
    idea = make.idea(app, title="Forklift", departments=[finance])
    make.comment(app, idea, body="The forklift is red")
    catch_up(app)
    browser = sign_in(kind="consultant", attached=[finance])
    before = browser.json("/search?q=forklift")["total"]
    with app.app_context():
        thing = db.session.get_one(Idea, idea)
        affected.tag_departments(db.session.get_one(Person, boss), thing, [sales])

    assert before == 2
    assert browser.json("/search?q=forklift")["total"] == 0, "checked again in the database"
    catch_up(app)
    assert browser.json("/search?q=forklift")["total"] == 0


def test_what_touches_two_departments_names_only_the_consultants_own(app, sign_in):
    from forum.core.db import db, transaction
    from forum.core.site import save_settings
    from forum.departments.models import Service

    finance = make.department(app, "Finance", slug="finance", code="FIN")
    canary = make.department(app, "Canary place", slug="canary-place", code="CAN")
    helper = make.person(app, name="Helper Rep", department=canary)
    make.represent(app, helper, finance)
    make.idea(app, title="Forklift invoices", departments=[canary, finance])
    standards.in_force(app, title="Forklift care", departments=[finance], owner=helper)
    with app.app_context(), transaction():
        db.session.add(Service(provider_id=canary, customer_id=finance, name="Forklift repair"))
        save_settings({"modules": ["map"]})
    catch_up(app)

    consultant = sign_in(kind="consultant", attached=[finance])
    told_to_them = [
        consultant.json(address)
        for address in ("/search?q=forklift", "/search?q=helper", "/search/suggest?q=forklift")
    ]
    told_to_staff = sign_in(make.person(app)).json("/search?q=forklift")

    kinds = {hit["kind"] for hit in told_to_them[0]["hits"]}
    assert kinds == {"idea", "standard", "service"}
    assert [hit["kind"] for hit in told_to_them[1]["hits"]] == ["person"]
    assert "anary" not in str(told_to_them)
    assert "canary-place" in str(told_to_staff["facets"])
    assert "anary" not in consultant.page("/search?q=forklift").text


def test_a_team_whose_name_a_consultant_may_not_read_finds_nothing_for_them(app, sign_in):
    from forum.accounts.models import Person
    from forum.core.db import db, transaction
    from forum.core.site import save_settings
    from forum.departments.models import SideKind
    from forum.departments.services import curating, ends
    from forum.departments.services.saying import Said

    finance, canary = make.department(app, "Finance"), make.department(app, "Canary place")
    carl = make.person(app, kind="consultant", attached=[finance])
    elsewhere = make.person(app, kind="consultant", attached=[canary])
    with app.app_context(), transaction():
        save_settings({"modules": ["map"]})
    with app.app_context():
        crew = ends.part_of(canary, SideKind.TEAM, "Canary crew")
        curating.add(None, crew, ends.department(finance), Said("Forklift repair"))
        themself = ends.somebody(db.session.get_one(Person, carl))
        curating.add(None, crew, themself, Said("Forklift lessons"))
        curating.add(None, ends.department(canary), themself, Said("Forklift advice"))
    catch_up(app)

    def found(person, asked):
        return {hit["title"] for hit in sign_in(person).json(f"/search?q={asked}")["hits"]}

    assert found(carl, "crew") == found(carl, "canary") == set()
    assert found(carl, "forklift") == {"Forklift advice"}
    assert found(elsewhere, "crew") == {"Forklift repair", "Forklift lessons"}
    assert found(make.person(app), "crew") == {"Forklift repair", "Forklift lessons"}


def test_a_tag_that_is_hidden_does_not_stand_before_one_that_is_seen(app, sign_in):
    finance, canary = make.department(app, "Finance"), make.department(app, "Canary place")
    make.idea(app, departments=[finance], tags=["paper"])
    make.idea(app, departments=[canary], tags=["papier"])
    catch_up(app)

    consultant = sign_in(kind="consultant", attached=[finance]).page("/search?q=tag:papie")
    staff = sign_in(make.person(app)).page("/search?q=tag:papie")

    assert "Did you mean “paper”?" in consultant.text
    assert "Did you mean “papier”?" in staff.text


def test_without_the_map_there_are_no_services_to_find(app, sign_in):
    from forum.core.db import db, transaction
    from forum.departments.models import Service

    finance, hr = make.department(app, "Finance"), make.department(app, "HR")
    with app.app_context(), transaction():
        db.session.add(Service(provider_id=hr, customer_id=finance, name="Forklift repair"))
    catch_up(app)
    browser = sign_in(make.person(app))

    answers = [
        browser.json(address)
        for address in (
            *("/search?q=forklift", "/search?q=kind:service", "/search?q=forklift&kind=service"),
            *("/search/suggest?q=forklift", "/search/similar?title=forklift"),
        )
    ]

    assert not any(answer.get("total") or answer.get("items") for answer in answers)
    counted = [answer.get("facets", {}).get("kind", []) for answer in answers]
    assert "service" not in [each["value"] for values in counted for each in values]
    assert "service" not in browser.get("/search?q=finance").text.lower()
