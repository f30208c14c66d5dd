"""A feed is read with its owner's eyes, by whoever has its address, for as long as that holds."""

from __future__ import annotations

import re
from datetime import datetime
from xml.etree import ElementTree as ET

from forum.accounts import actions as accounts
from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.departments.models import Attachment
from forum.search.follower import catch_up
from forum.search.saved import actions, feed
from forum.search.saved.models import Alert, SavedSearch
from tests.search.saved.watching import as_owner, keep
from tests.support import make

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def path_of(app, saved_id):
    with app.app_context():
        saved = db.session.get_one(SavedSearch, saved_id)
        return feed.path_of(db.session.get_one(Person, saved.person_id), saved)


def titles(answer):
    assert answer.status_code == 200
    return [e.text for e in ET.fromstring(answer.data).findall("a:entry/a:title", ATOM)]  # noqa: S314


def test_its_address_is_on_the_page_and_works_without_a_session(app, sign_in, anonymous):
    browser = sign_in()
    saved = keep(app, browser.person_id, alert=Alert.NEVER)
    make.idea(app, title="Invoices arrive late")
    catch_up(app)
    page = browser.page(f"/search/saved/{saved}")

    address = page.one("input", id="feed").get("value")
    answer = anonymous.client.get(re.sub("^https?://[^/]+", "", address))

    assert titles(answer) == ["Invoices arrive late"]
    assert answer.mimetype == "application/atom+xml"
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_has_what_the_standard_asks_for(app, anonymous):
    """RFC 4287, 4.1.1 and 4.1.2: id, title, updated, an author, an alternate link."""
    reader = make.person(app, locale="ru")
    make.idea(app, title="Счета & <b>накладные</b>", problem="Счета\x0b теряются.")
    make.idea(app, title="Второй счёт")
    saved = keep(app, reader, "счета", alert=Alert.NEVER)

    answer = anonymous.client.get(path_of(app, saved))

    root = ET.fromstring(answer.data)  # noqa: S314 -- our own document
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "ru"
    for thing in (root, *root.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated"):
            [element] = thing.findall(f"a:{name}", ATOM)
            assert element.text
        assert thing.find("a:id", ATOM).text.startswith("tag:")
        assert datetime.fromisoformat(thing.find("a:updated", ATOM).text).tzinfo is not None
        assert len(thing.findall("a:link[@rel='alternate']", ATOM)) == 1
        assert thing.find("a:link[@rel='alternate']", ATOM).get("href").startswith("http")
    assert root.find("a:author/a:name", ATOM).text
    assert root.find("a:link[@rel='self']", ATOM).get("href").endswith("/search.atom")
    ids = [e.text for e in root.findall(".//a:id", ATOM)]
    assert len(ids) == len(set(ids)) == 3
    assert titles(answer) == ["Второй счёт", "Счета & <b>накладные</b>"]


def test_an_empty_feed_is_a_feed(app, anonymous):
    saved = keep(app, make.person(app), "nothing", alert=Alert.NEVER)

    answer = anonymous.client.get(path_of(app, saved))

    assert titles(answer) == []
    assert ET.fromstring(answer.data).find("a:updated", ATOM).text  # noqa: S314


def test_who_has_it_already_is_told_that_nothing_changed(app, anonymous):
    make.idea(app, title="Invoices arrive late")
    saved = keep(app, make.person(app), alert=Alert.NEVER)
    path = path_of(app, saved)
    first = anonymous.client.get(path)
    assert first.headers["Last-Modified"]

    again = anonymous.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    make.idea(app, title="Invoices arrive later")
    catch_up(app)
    changed = anonymous.client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert changed.status_code == 200


def test_the_newest_fifty_come_first(app, anonymous):
    author = make.person(app)
    for number in range(52):
        make.idea(app, author, title=f"Invoice {number}", problem="So.")
    saved = keep(app, author, alert=Alert.NEVER)

    found = titles(anonymous.client.get(path_of(app, saved)))

    assert found == [f"Invoice {number}" for number in range(51, 1, -1)]


def test_an_old_address_stops_working(app, anonymous, sign_in):
    browser = sign_in()
    saved = keep(app, browser.person_id, alert=Alert.NEVER)
    first = path_of(app, saved)
    browser.post(f"/search/saved/{saved}/feed")
    second = path_of(app, saved)
    assert first != second
    assert [anonymous.client.get(p).status_code for p in (first, second)] == [404, 200]

    with app.app_context():
        person = db.session.get_one(Person, browser.person_id)
        accounts.set_password(person, "hash", by=person)
    third = path_of(app, saved)
    assert [anonymous.client.get(p).status_code for p in (second, third)] == [404, 200]

    as_owner(app, saved, actions.delete)
    assert anonymous.client.get(third).status_code == 404


def test_a_deactivated_persons_feed_and_a_made_up_one_are_not_there(app, anonymous):
    reader = make.person(app)
    saved = keep(app, reader, alert=Alert.NEVER)
    path = path_of(app, saved)
    with app.app_context(), transaction():
        db.session.get_one(Person, reader).deactivated_at = now()
        db.session.flush()

    assert anonymous.client.get(path).status_code == 404
    for made_up in ("x", "WzEsMSwxXQ.made-up", path.split("/")[2] + "x", "é" * 300):
        assert anonymous.client.get(f"/feeds/{made_up}/search.atom").status_code == 404


def test_it_shows_what_its_owner_may_see_at_that_moment(app, anonymous):
    finance, stores = make.department(app, "Finance"), make.department(app, "Stores")
    guest = make.person(app, kind="consultant", attached=[finance])
    make.idea(app, title="Invoices of finance", departments=[finance])
    make.idea(app, title="Invoices of the stores", departments=[stores])
    saved = keep(app, guest, alert=Alert.NEVER)
    path = path_of(app, saved)
    assert titles(anonymous.client.get(path)) == ["Invoices of finance"]

    with app.app_context(), transaction():
        for attachment in db.session.query(Attachment):
            attachment.until = now()
        db.session.flush()

    assert titles(anonymous.client.get(path)) == []


def test_it_costs_a_query_a_kind_however_long(app, anonymous, queries):
    author = make.person(app)
    for number in range(9):
        make.idea(app, author, title=f"Invoice {number}")
    saved = keep(app, author, alert=Alert.NEVER)
    path = path_of(app, saved)
    anonymous.client.get(path)

    with queries(4):  # settings, the search and its owner, departments, ideas
        anonymous.client.get(path)
