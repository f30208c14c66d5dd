"""The bar beside the results: facets, chips and orders, and the box that completes filters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import pytest

from forum.core.db import db
from forum.search.follower import catch_up
from tests.search.office import APPROVALS, INVOICES, SCANNER, office
from tests.search.test_filters import ideas, titles
from tests.support import make
from tests.support.browser import Browser

FACETS = ("kind", "stage", "affected", "department", "tag", "year", "lang")


def counts(browser: Browser, query: str, **options: Any) -> dict[str, dict[str, int]]:
    """The facets of a search, without what nothing has."""
    facets = browser.json("/search", query_string={"q": query, **options})["facets"]
    return {
        name: {one["value"]: one["count"] for one in values if one["count"]}
        for name, values in facets.items()
    }


def counted_in_the_database(app: Any, departments: Iterable[int] | None) -> dict[str, Any]:
    """The facets of all ideas in a scope, counted one by one."""
    from forum.departments.models import Department
    from forum.ideas.models import Answer, Idea, IdeaTag, Tag

    scope = None if departments is None else set(departments)
    found: dict[str, Any] = {name: Counter() for name in FACETS}
    with app.app_context():
        slugs = {row.id: row.slug for row in db.session.query(Department)}
        seen = slugs if scope is None else {i: slug for i, slug in slugs.items() if i in scope}
        tags = {row.id: row.slug for row in db.session.query(Tag)}
        for idea in db.session.query(Idea):
            slots = [a.department_id for a in db.session.query(Answer).filter_by(idea_id=idea.id)]
            if scope is not None and not scope & {*slots, idea.author_department_id}:
                continue
            filed = db.session.query(IdeaTag).filter_by(idea_id=idea.id)
            found["kind"]["idea"] += 1
            found["stage"][idea.stage_kind] += 1
            found["year"][str(idea.posted_at.year)] += 1
            found["lang"][idea.lang] += 1
            found["affected"].update(seen[i] for i in slots if i in seen)
            found["department"].update(seen[i] for i in [idea.author_department_id] if i in seen)
            found["tag"].update(tags[one.tag_id] for one in filed)
    return {name: dict(counter) for name, counter in found.items()}


@pytest.mark.parametrize("who", ["staff", "moderator", "consultant"])
def test_facets_count_what_the_reader_sees(app, sign_in, who):
    here = office(app)
    people = {
        "staff": lambda: make.person(app),
        "moderator": lambda: make.moderator(app),
        "consultant": lambda: make.person(app, kind="consultant", attached=[here.finance]),
    }
    elsewhere = make.department(app, "Canary place", slug="canary")
    make.idea(app, title="Canary", departments=[elsewhere], tags=["canary"])
    catch_up(app)
    reader = sign_in(people[who]())

    scope = [here.finance] if who == "consultant" else None

    assert counts(reader, "type:idea") | {"kind": {}} == counted_in_the_database(app, scope) | {
        "kind": {}
    }


def test_a_chosen_tag_says_how_many_have_it_where_many_are_as_frequent(app, sign_in):
    for number in range(5):
        tags = [f"tag {number}{letter}" for letter in "abcdefghij"]
        make.idea(app, title="A lamp is dark", tags=tags)
    catch_up(app)

    answer = sign_in().json("/search?q=lamp&tag=tag-4j")

    chosen = {one["value"]: one["count"] for one in answer["facets"]["tag"]}
    assert chosen["tag-4j"] == 1


def test_a_consultants_facets_name_no_department_or_tag_they_do_not_see(app, sign_in):
    here = office(app)
    place = make.department(app, "Canary place", slug="canary-place", code="CAN")
    bird = make.person(app, name="Canary Bird", department=place)
    make.idea(app, bird, title="Seen from afar", departments=[here.finance], tags=["open tag"])
    make.idea(app, bird, title="Hidden", departments=[place], tags=["secret tag"])
    catch_up(app)
    reader = sign_in(kind="consultant", attached=[here.finance])

    told = [
        reader.page(f"/search?q={quote(query)}").text
        for query in ("type:idea", "seen", "author:canary", "dept:canary", "tag:secret-tag")
    ]
    offered = [
        reader.json("/search/suggest", query_string={"q": query, "filters": 1})["items"]
        for query in ("author:can", "dept:can", "affected:can", "tag:se", "tag:", "dept:")
    ]

    assert "open tag" in told[0]
    assert not any("Canary place" in text or "secret tag" in text for text in told)
    assert "does not know “canary”" in told[2]
    assert "canary" not in str(offered).lower()
    assert "secret" not in str(offered)


def test_a_number_that_only_an_idea_tells_is_not_proposed(app, sign_in):
    here = office(app)
    anna = make.person(app, department=here.finance)
    place = make.department(app, "Elsewhere")
    idea = make.idea(app, anna, title="Seen", departments=[here.finance])
    make.decide(app, idea, owner_id=here.finance)
    from tests.standards import standards

    number = standards.drafted(app, title="Not for them", departments=[place])
    standards.standardise(app, idea, number)
    standards.rewrite(app, number, title="Not for them", body="## Rule\n\nNo.", departments=[place])
    catch_up(app)
    reader = sign_in(kind="consultant", attached=[here.finance])

    offered = reader.json("/search/suggest?filters=1&q=standard:PS")["items"]

    assert [item["title"] for item in offered] == ["standard:PS-001"]
    assert ideas(reader, f"standard:{number}") == set()


def test_several_values_of_a_filter_mean_either_and_each_facet_counts_without_its_own(app, sign_in):
    office(app)
    browser = sign_in()

    chosen = browser.json("/search?q=&kind=idea&stage=open&stage=declined")

    assert {hit["title"] for hit in chosen["hits"]} == {INVOICES, SCANNER}
    stages = {one["value"]: one["count"] for one in chosen["facets"]["stage"]}
    assert stages == {"open": 1, "declined": 1, "standardised": 1}
    assert [one["value"] for one in chosen["facets"]["stage"]][:2] == ["declined", "open"]
    assert set(chosen["facets"]["kind"][0]) == {"value", "label", "count"}


def test_text_and_address_are_two_views_of_one_query(app, sign_in):
    office(app)
    browser = sign_in()

    found = titles(browser, "stage:open", stage="declined", kind="idea")
    assert set(found) == {INVOICES, SCANNER}
    page = browser.page("/search?q=stage:open&stage=declined&kind=idea")
    chips = {chip.text.strip(): chip["href"] for chip in page.all("a", class_="chosen")}

    assert set(chips) == {"Stage: Open", "Stage: Declined", "Kind: Ideas"}
    assert chips["Stage: Open"] == "/search?kind=idea&stage=declined"
    assert chips["Stage: Declined"] == "/search?q=stage%3Aopen&kind=idea"
    assert chips["Kind: Ideas"] == "/search?q=stage%3Aopen&stage=declined"


def test_taking_a_typed_value_away_rewrites_the_text(app, sign_in):
    office(app)

    page = sign_in().page(f"/search?q={quote('late stage:open,declined -tag:scans')}")
    chips = {chip.text.strip(): chip["href"] for chip in page.all("a", class_="chosen")}

    assert chips["Stage: Declined"] == "/search?q=late+stage%3Aopen+-tag%3Ascans"
    assert chips["Tag: not Scans"] == "/search?q=late+stage%3Aopen%2Cdeclined"


def test_a_facet_adds_its_value_and_takes_it_away_again(app, sign_in):
    office(app)
    browser = sign_in()

    page = browser.page("/search?q=type:idea&sort=new")
    add = page.one("a", href="/search?q=type%3Aidea&stage=open&sort=new")
    narrowed = browser.page(add["href"])

    assert narrowed.all("a", aria_current="true", href="/search?q=type%3Aidea&sort=new")
    assert narrowed.one("input", name="stage")["value"] == "open"
    assert narrowed.one("input", name="sort")["value"] == "new"


def test_an_order_can_be_chosen_and_takes_the_typed_one_out(app, sign_in):
    office(app)

    page = sign_in().page(f"/search?q={quote('type:idea sort:votes')}")

    assert page.one("a", href="/search?q=type%3Aidea&sort=new")
    assert "Most votes" in page.one("button", popovertarget="filter-sort").text


def test_filters_that_nothing_fits_can_be_taken_away(app, sign_in):
    office(app)

    page = sign_in().page(f"/search?q={quote('invoices tag:scans')}")

    assert "Nothing fits these filters" in page.text
    assert page.all("a", href="/search?q=invoices")


def test_a_narrowed_page_costs_as_much_as_another(app, sign_in, queries):
    office(app)
    browser = sign_in()
    browser.get("/")  # which reads the settings

    with queries(3):  # the reader, the departments, ideas
        browser.get(
            "/search?q=stage:open+seen+OR+invoices&year=2024&year=2026&affected=it&sort=new"
        )
    with queries(4):  # the reader, the departments, the people of that name, ideas
        browser.get(
            "/search?q=author:елкина+votes:>0&kind=idea&tag=paper&lang=en&stage=open&kind=comment"
        )


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("stat", ["status:"]),
        ("late стат", ["статус:"]),
        ("-аф", []),
        ("затр", ["затронут:"]),
        ("stage:o", ["stage:open"]),
        ("late (статус:откр", ["статус:открыта"]),
        ("stage:open,decl", ["stage:declined"]),
        ("dept:fin", ["dept:FIN"]),
        ('отдел:"отдел', ["отдел:IT"]),
        ("author:m", ["author:me"]),
        ("автор:елк", ["автор:Анна Ёлкина"]),
        ("tag:охр", ["tag:Охрана труда"]),
        ("after:last-m", ["after:last-month"]),
        ("после:вче", ["после:вчера"]),
        ("standard:p", ["standard:PS-001"]),
        ("lang:", ["lang:en", "lang:ru"]),
        ("sort:v", ["sort:votes"]),
        ("votes:>", []),
        ("stage:open ", []),
    ],
)
def test_filters_are_completed_as_one_types(app, sign_in, typed, offered):
    office(app)

    items = sign_in().json("/search/suggest", query_string={"q": typed, "filters": 1})["items"]

    assert [item["title"] for item in items if item["kind"] == "filter"] == offered


def test_a_completed_filter_keeps_what_stands_before_it_and_is_a_query(app, sign_in):
    office(app)
    browser = sign_in()

    def complete(text: str) -> dict[str, str]:
        answer = browser.json("/search/suggest", query_string={"q": text, "filters": 1})
        return dict(answer["items"][0])

    assert complete("late -stat")["text"] == "late -status:"
    assert complete("late -status:dec")["text"] == "late -status:declined "
    assert complete("автор:ёл")["text"] == 'автор:"Анна Ёлкина" '
    assert ideas(browser, complete("автор:ёл")["text"]) == {INVOICES, APPROVALS}
    assert complete("stage:dec")["url"] == "/search?q=stage%3Adeclined"


def test_suggestions_are_as_they_were_for_those_who_do_not_ask_for_filters(app, sign_in):
    office(app)

    items = sign_in().json("/search/suggest?q=status:o")["items"]

    assert all(set(item) == {"kind", "title", "url"} for item in items)
    assert "filter" not in [item["kind"] for item in items]


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_the_help_explains_every_filter_with_an_example_that_is_understood(app, sign_in, locale):
    from forum.search.language.operators import OPERATORS
    from forum.search.views import values_explained

    office(app)
    browser = sign_in(locale=locale)

    page = browser.page("/search/help")

    for operator in (each for each in OPERATORS if not each.module):
        example = operator.example(locale)
        assert page.all("a", href=f"/search?q={quote(example, safe='').replace('%20', '+')}"), (
            example
        )
        assert str(operator.about) in page.text or locale == "ru"
    with app.app_context():
        explained = values_explained(locale)
    for word, values in explained.items():
        for value in values:
            listed = browser.page(f"/search?q={word}:{quote(value)}")
            assert value in page.text
            assert f"“{value}”" not in listed.text, value
            assert f"«{value}»" not in listed.text, value
    assert titles(browser, 'title:"late invoices"') == [INVOICES]
    assert browser.page("/search?q=late").all("a", href="/search/help")
