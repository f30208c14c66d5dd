"""Beside ideas and standards, and beside one that is being written: what says much the same."""

from __future__ import annotations

import pytest

from forum.search.follower import catch_up
from tests.search.glossary.entries import same
from tests.search.test_finding import hide
from tests.standards import standards
from tests.support import make
from tests.support.pages import parsed

LATE = "The invoices of our suppliers wait for weeks because nobody approves their payment."


def related(browser, address: str) -> list[str]:
    """The titles that are related to something."""
    page = parsed(browser.get(address, headers={"HX-Request": "true"}).text)
    return [link.text for link in page.all("a")]


def similar(browser, **text: str) -> list[str]:
    """The titles offered beside a text that is being written."""
    return [hit["title"] for hit in browser.json("/search/similar", query_string=text)["hits"]]


@pytest.fixture
def late(app):
    """An idea, others that say much the same, and some about something else."""
    idea = make.idea(app, title="Late invoices", problem=LATE)
    make.idea(app, title="Payment takes weeks", problem="Suppliers ask where their invoices are.")
    make.idea(app, title="Who approves", problem="An approval of a payment waits for a signature.")
    for number in range(9):
        make.idea(app, title=f"Parking {number}", problem="There is no room for bicycles here.")
    return idea


def test_an_idea_leads_to_what_says_much_the_same_and_not_to_itself(app, late, sign_in):
    catch_up(app)
    browser = sign_in()

    page = browser.page(f"/ideas/{late}")
    place = page.one("section", id="related")

    assert place["data-hx-get"] == f"/search/related/idea/{late}"
    assert page.one("a", href=f"/search/related/idea/{late}").text == "Related"
    assert related(browser, f"/search/related/idea/{late}") == [
        "Payment takes weeks",
        "Who approves",
    ]


def test_without_scripts_the_link_shows_a_page_of_its_own(app, late, sign_in):
    catch_up(app)

    page = sign_in().page(f"/search/related/idea/{late}")

    assert page.one("h1").text == "Related"
    assert page.one("a", href=f"/ideas/{late}").text == "Late invoices"
    assert len(page.all("article", data_hit=True)) == 2


def test_a_standard_leads_to_ideas_and_an_idea_to_standards(app, sign_in):
    number = standards.in_force(app, title="Payment of invoices", body=LATE)
    idea = make.idea(app, title="Invoices are paid late", problem="Nobody approves a payment.")
    for each in range(6):
        make.idea(app, title=f"Parking {each}", problem="There is no room for bicycles here.")
    catch_up(app)
    browser = sign_in()

    place = browser.page(f"/standards/{number}").one("section", id="related")

    assert related(browser, place["data-hx-get"]) == ["Invoices are paid late"]
    assert related(browser, f"/search/related/idea/{idea}") == [f"{number} Payment of invoices"]


def test_what_a_reader_may_not_see_is_related_to_nothing(app, late, sign_in):
    hidden = make.idea(app, title="Hidden invoices", problem=LATE)
    hide(app, hidden)
    draft = make.idea(app, make.person(app), title="Draft invoices", problem=LATE, draft=True)
    here, elsewhere = make.department(app), make.department(app)
    seen = make.idea(app, title="Seen here", problem=LATE, departments=[here])
    make.idea(app, title="Seen elsewhere", problem=LATE, departments=[elsewhere])
    catch_up(app)
    guest = sign_in(make.person(app, kind="consultant", attached=[here]))

    titles = related(sign_in(), f"/search/related/idea/{late}")

    assert {"Seen here", "Seen elsewhere"} <= set(titles)
    assert not {"Hidden invoices", "Draft invoices"} & set(titles)
    assert related(guest, f"/search/related/idea/{seen}") == []
    for address in (late, hidden, draft):
        assert guest.get(f"/search/related/idea/{address}").status_code == 404
    assert sign_in().get(f"/search/related/idea/{draft}").status_code == 404
    assert sign_in().get("/search/related/standard/PS-001").status_code == 404
    assert "/search/related" not in sign_in(role="moderator").get(f"/ideas/{hidden}").text


def test_the_page_of_an_idea_pays_nothing_and_the_list_four_queries(app, late, sign_in, queries):
    catch_up(app)
    browser = sign_in()
    address = f"/search/related/idea/{late}"
    browser.get(address)

    with queries(4):  # the reader, the departments, the idea, those related to it
        browser.get(address, headers={"HX-Request": "true"})


def test_ideas_in_the_other_language_are_found_through_the_glossary(app, sign_in):
    same(app, "invoice", "счёт")
    same(app, "supplier", "поставщик")
    make.idea(app, title="Счета поставщиков опаздывают", problem="Ждём неделями.")
    for number in range(6):
        make.idea(app, title=f"Parking {number}", problem="There is no room for bicycles here.")
    catch_up(app)

    assert similar(sign_in(), title="Supplier invoices are late") == [
        "Счета поставщиков опаздывают"
    ]


def test_a_long_text_is_compared_by_what_it_is_about(app, late, sign_in):
    catch_up(app)
    filling = " ".join(f"word{n}" for n in range(2_000))

    titles = similar(sign_in(), title="Invoices and payment", body=f"{LATE} {filling}")

    assert titles[0] == "Late invoices"
    assert not [title for title in titles if title.startswith("Parking")]


def test_a_text_without_a_title_is_known_by_how_it_begins(app, late, sign_in):
    catch_up(app)

    assert similar(sign_in(), body="Suppliers wait for the payment of invoices.")[0] in (
        "Late invoices",
        "Payment takes weeks",
    )
    assert similar(sign_in(), title="", body="") == []
    assert similar(sign_in(), title="and the of", body="…") == []


def test_a_retired_standard_is_related_to_nothing(app, sign_in):
    number = standards.in_force(app, title="Payment of invoices", body=LATE)
    standards.retire(app, number)

    assert "/search/related" not in sign_in().get(f"/standards/{number}").text
