"""What somebody searched for lately: offered to them, seen by nobody else, gone when they like."""

from __future__ import annotations

from forum.search.follower import catch_up
from tests.search.saved.watching import keep


def see(browser, *queries: str) -> None:
    """See the results of searches, as a browser with scripts tells the forum."""
    for query in queries:
        page = browser.page(f"/search?{query}")
        mark = page.one("div", **{"data-finished": True})
        fields = {"address": mark["data-finished"], "found": mark["data-found"]}
        assert browser.post("/search/finished", fields).status_code == 204


def offered(browser) -> list[str]:
    return [item["title"] for item in browser.json("/search/starts")["items"]]


def test_searches_that_were_seen_are_offered_newest_first(app, sign_in):
    catch_up(app)
    browser = sign_in()
    assert offered(browser) == []

    see(browser, "q=invoice", "q=lift&kind=idea&limit=5", "q=INVOICE", "q=invoice")

    assert offered(browser) == ["invoice", "INVOICE", "lift · Ideas", "All your searches"]


def test_looking_alone_keeps_nothing(app, sign_in):
    catch_up(app)
    browser = sign_in()

    browser.get("/search?q=invoice")
    browser.get("/search/suggest?q=invoi")

    assert offered(browser) == []
    page = browser.page("/search?q=")
    assert not page.all("div", **{"data-finished": True})


def test_saved_searches_are_offered_first_and_not_twice(app, sign_in):
    browser = sign_in()
    keep(app, browser.person_id)
    keep(app, browser.person_id, "lift")

    see(browser, "q=invoice", "q=paper")

    assert offered(browser) == ["About invoice", "About lift", "paper", "All your searches"]
    page = browser.page("/search")
    assert [e.text for e in page.all("a") if "q=" in e.get("href")] == [
        "About invoice",
        "About lift",
        "paper",
    ]


def test_the_last_twenty_are_kept(app, sign_in):
    catch_up(app)
    browser = sign_in()

    see(browser, *(f"q=word{number}" for number in range(23)))

    page = browser.page("/settings/searches")
    shown = [e.text for e in page.all("a") if e.get("href", "").startswith("/search?")]
    assert shown == [f"word{number}" for number in range(22, 2, -1)]


def test_one_is_forgotten_or_all(app, sign_in):
    catch_up(app)
    browser, other = sign_in(), sign_in()
    see(browser, "q=one", "q=two", "q=three")
    see(other, "q=other")
    rows = browser.page("/settings/searches").all("li", **{"data-recent": True})

    browser.post(f"/settings/searches/{rows[1]['data-recent']}/forget")
    theirs = other.page("/settings/searches").one("li", **{"data-recent": True})
    browser.post(f"/settings/searches/{theirs['data-recent']}/forget")
    assert offered(browser)[:2] == ["three", "one"]

    browser.post("/settings/searches/forget")
    assert offered(browser) == []
    assert offered(other) == ["other", "All your searches"]


def test_who_switches_it_off_has_none_kept(app, sign_in):
    catch_up(app)
    browser = sign_in()
    see(browser, "q=one")

    browser.post("/settings/searches", {"keep": "0"})
    see(browser, "q=two")
    assert offered(browser) == []
    assert "You have switched this off." in browser.get("/settings/searches").text

    browser.post("/settings/searches", {"keep": "1"})
    see(browser, "q=three")
    assert offered(browser) == ["three", "All your searches"]


def test_any_string_is_an_answer(app, sign_in):
    catch_up(app)
    browser = sign_in()

    for address in ("", "q=", "%ff=%00&q=\ud800&&&=", "q=" + "x" * 20_000, "limit=1", "q=%F0%9F"):
        sent = address.encode("utf-8", "surrogatepass")
        answer = browser.post("/search/finished", {"address": sent, "found": "0"})
        assert answer.status_code in (204, 400, 422), address[:20]


def test_the_settings_lead_there(app, sign_in):
    page = sign_in().page("/settings")

    links = {e.get("href") for e in page.all("a")}
    assert {"/search/saved", "/settings/searches"} <= links


def test_what_is_offered_costs_the_same_however_many_there_are(app, sign_in, queries):
    browser = sign_in()
    for number in range(9):
        keep(app, browser.person_id, f"invoice{number}")
        see(browser, f"q=word{number}")

    with queries(4):  # the reader, saved and recent searches, the departments
        browser.json("/search/starts")
    with queries(4):  # the reader, recent searches, the departments, whether any are kept
        browser.get("/settings/searches")
