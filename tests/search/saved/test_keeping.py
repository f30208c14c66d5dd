"""Keeping a search: under a name, for oneself, with undo."""

from __future__ import annotations

import pytest

from forum.core.limits import SAVED
from forum.search.saved import actions
from forum.search.saved.models import Alert
from tests.search.saved.watching import keep, minute, news_of
from tests.support import make


def saved_names(browser):
    page = browser.page("/search/saved")
    return [e.text.strip() for e in page.elements if "news-title" in (e.get("class") or "")]


def test_a_search_is_saved_from_its_page_under_the_name_that_is_proposed(app, sign_in):
    browser = sign_in()
    results = browser.get("/search?q=late+invoices&kind=idea&unknown=1")
    assert 'href="/search/saved/new?q=late+invoices&amp;kind=idea"' in results.text

    form = browser.page("/search/saved/new?q=late+invoices&kind=idea")
    name = form.one("input", name="name").get("value")
    assert name == "late invoices · Ideas"
    answer = browser.post(
        "/search/saved/new?q=late+invoices&kind=idea", {"name": name, "alert": "daily"}
    )

    assert answer.status_code == 303
    page = browser.page(answer.location)
    assert name in page.text
    assert saved_names(browser) == [name]


def test_a_form_without_a_name_comes_back_and_an_empty_search_is_not_saved(app, sign_in):
    browser = sign_in()

    nameless = browser.post("/search/saved/new?q=invoice", {"name": " ", "alert": "never"})
    strange = browser.post("/search/saved/new?q=invoice", {"name": "x", "alert": "hourly"})
    nothing = browser.post("/search/saved/new?unknown=1", {"name": "x", "alert": "never"})

    assert [answer.status_code for answer in (nameless, strange, nothing)] == [422, 422, 422]
    assert "Fill this in." in nameless.text
    assert "Choose one from the list." in strange.text
    assert saved_names(browser) == []


def test_saving_a_search_again_renames_it(app, sign_in):
    browser = sign_in()

    for name in ("Mine", "Mine, again"):
        browser.post("/search/saved/new?q=invoice", {"name": name, "alert": "never"})

    assert saved_names(browser) == ["Mine, again"]


def test_the_list_is_in_the_order_of_use(app, sign_in):
    browser = sign_in()
    ids = [keep(app, browser.person_id, text) for text in ("one", "two", "three")]
    assert saved_names(browser) == ["About three", "About two", "About one"]

    answer = browser.post(f"/search/saved/{ids[0]}/open")

    assert answer.location == "/search?q=one"
    assert saved_names(browser)[0] == "About one"


def test_a_search_is_renamed_and_deleted_and_had_back(app, sign_in):
    browser = sign_in()
    saved = keep(app, browser.person_id)
    browser.post(f"/search/saved/{saved}", {"name": "Bills", "alert": "weekly"})
    assert saved_names(browser) == ["Bills"]

    assert browser.post(f"/search/saved/{saved}/delete").status_code == 303
    list_page = browser.get("/search/saved")
    assert "No saved searches yet" in list_page.text
    assert f"/search/saved/{saved}/restore" in list_page.text
    assert browser.get(f"/search/saved/{saved}").status_code == 404

    browser.post(f"/search/saved/{saved}/restore")
    assert saved_names(browser) == ["Bills"]


def test_deleting_a_search_takes_its_news_out_of_the_inbox(app, sign_in):
    browser = sign_in()
    saved = keep(app, browser.person_id)
    make.idea(app, title="Invoices arrive late")
    minute(app)
    assert len(news_of(app, browser.person_id)) == 1

    browser.post(f"/search/saved/{saved}/delete")

    assert news_of(app, browser.person_id) == []
    assert 'data-unread="0"' in browser.get("/").text


def test_news_lead_to_what_is_newest(app, sign_in):
    browser = sign_in()
    saved = keep(app, browser.person_id)
    make.idea(app, title="Invoices arrive late")
    minute(app)
    from forum.search.follower import catch_up

    catch_up(app)
    button = browser.page("/notifications").one("button", **{"class": "news-title"})
    answer = browser.post(button.get("formaction"))

    assert answer.location == f"/search/saved/{saved}"
    assert "Invoices arrive late" in browser.get(answer.location).text
    assert news_of(app, browser.person_id)


def test_deleted_searches_are_gone_after_a_day(app):
    import time_machine

    from forum.core.clock import now
    from forum.search.saved.models import SavedSearch, ToldThing
    from tests.search.saved.watching import as_owner

    make.idea(app, title="Invoices arrive late")
    reader = make.person(app)
    saved = keep(app, reader)
    as_owner(app, saved, actions.delete)
    with app.app_context():
        assert actions.purge() == 0

    with time_machine.travel(now() + actions.KEPT_AFTER_DELETION * 2), app.app_context():
        assert actions.purge() == 1
        from forum.core.db import db

        assert db.session.query(SavedSearch).count() == db.session.query(ToldThing).count() == 0


def test_nobody_else_sees_or_touches_it(app, sign_in):
    owner, other, admin = make.person(app), make.person(app), make.admin(app)
    saved = keep(app, owner)
    for person in (other, admin):
        browser = sign_in(person)
        assert browser.get(f"/search/saved/{saved}").status_code == 404
        assert saved_names(browser) == []
        for act in ("", "/open", "/delete", "/restore", "/feed"):
            fields = {"name": "Taken", "alert": "never"}
            assert browser.post(f"/search/saved/{saved}{act}", fields).status_code == 404


def test_one_keeps_a_hundred_and_is_told_so(app, sign_in):
    browser = sign_in()
    with app.app_context():
        from forum.accounts.models import Person
        from forum.core.db import db

        person = db.session.get_one(Person, browser.person_id)
        for number in range(SAVED.value):
            actions.save(person, f"q=word{number}", name=f"{number}", alert=Alert.NEVER)

    answer = browser.post("/search/saved/new?q=more", {"name": "One more", "alert": "never"})

    assert answer.status_code == 422
    assert "You keep 100 searches. Delete one first." in answer.text
    assert len(saved_names(browser)) == 100


@pytest.mark.parametrize("length", [1, 9])
def test_the_pages_cost_the_same_however_many_there_are(app, sign_in, queries, length):
    browser = sign_in()
    for number in range(length):
        saved = keep(app, browser.person_id, f"invoice{number}")
    browser.get("/search/saved")

    with queries(3):  # the reader, the searches, the departments
        browser.get("/search/saved")
    with queries(3):  # the reader, the search, the departments
        browser.get(f"/search/saved/{saved}")
