"""What pages show of merged ideas, what the log says of them, and what follows for the figures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from forum.core import readers
from forum.core.db import db, transaction
from forum.core.events import Event
from forum.ideas import support
from forum.ideas.models import Idea, StageKind
from tests.ideas.merging import state
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


def _hidden(app: Flask, idea: int) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Idea, idea).hidden_at = make.ago(days=1)


def test_the_child_keeps_its_address_and_leads_to_the_parents_stage_of_now(
    app: Flask, sign_in: SignIn
) -> None:
    parent, child = make.idea(app, title="The one that stays"), make.idea(app, title="The other")
    make.merge(app, parent, child, message="Both are about *invoices*.")
    browser = sign_in()

    page = browser.page(f"/ideas/{child}")
    ribbon = page.one("a", data_leads_to=parent)
    assert "The one that stays" in ribbon.text
    assert "Open" in ribbon.text
    assert "Both are about invoices." in page.text
    assert page.one("article")["data-stage"] == "merged"

    make.decide(app, parent)
    assert "Accepted" in browser.page(f"/ideas/{child}").one("a", data_leads_to=parent).text


def test_the_way_leads_to_the_one_that_stands_in_the_end(app: Flask, sign_in: SignIn) -> None:
    first, second, third = (make.idea(app, title=t) for t in ("One", "Two", "Three"))
    make.merge(app, second, first)
    make.merge(app, third, second)

    assert sign_in().page(f"/ideas/{first}").one("a", data_leads_to=third)


def test_a_parent_that_is_not_to_be_seen_is_not_named(app: Flask, sign_in: SignIn) -> None:
    parent, child = make.idea(app, title="Secret plans"), make.idea(app)
    make.merge(app, parent, child)
    _hidden(app, parent)

    page = sign_in().page(f"/ideas/{child}")

    assert "Secret plans" not in page.text
    assert "This idea was merged into another one." in page.text


def test_a_child_that_is_not_to_be_seen_is_not_named_on_the_parent(
    app: Flask, sign_in: SignIn
) -> None:
    here, elsewhere = make.department(app), make.department(app)
    parent = make.idea(app, departments=[here])
    child = make.idea(app, title="Of another department", departments=[elsewhere])
    make.merge(app, parent, child)
    consultant = make.person(app, kind="consultant", attached=[here])

    page = sign_in(consultant).page(f"/ideas/{parent}")

    assert "Of another department" not in page.text
    assert "merged an idea into this one" in page.text


def test_from_the_page_one_picks_which_stays_swaps_and_names_another(
    app: Flask, sign_in: SignIn
) -> None:
    one, two, three = (make.idea(app, title=t) for t in ("One", "Two", "Three"))
    make.vote(app, two)
    browser = sign_in(make.moderator(app))

    page = browser.page(f"/ideas/{one}/merge?with={two}")
    assert [e["value"] for e in page.all("input", name="parent")] == [str(one), str(two), "other"]
    assert page.one("input", id=f"with-{two}", checked=True)
    assert page.one("input", id=f"parent-{two}", checked=True), "it has more support"
    nothing = browser.post(f"/ideas/{one}/merge", {"ideas": [two]})
    assert nothing.status_code == 422
    assert "Choose the one that stays." in nothing.text
    wrong = browser.post(f"/ideas/{one}/merge", {"parent": "other", "other": "the other one"})
    assert wrong.status_code == 422
    assert "Give the number of an idea, or its address." in wrong.text

    done = browser.post(
        f"/ideas/{one}/merge",
        {"parent": one, "ideas": [two], "other": f"http://localhost/ideas/{three}"},
    )

    assert done.location == f"/ideas/{one}"
    notice = browser.page(f"/ideas/{one}")
    assert "2 ideas merged: 1 supporter moved." in notice.text
    undo = next(b["formaction"] for b in notice.all("button") if "unmerge" in b.get("formaction"))
    assert browser.post(undo).status_code == 303
    for idea in (one, two, three):
        assert state(app, idea).stage_kind == StageKind.OPEN


def test_the_log_says_what_was_done_and_names_no_voter(app: Flask) -> None:
    parent, child, moderator = make.idea(app), make.idea(app), make.moderator(app)
    voter = make.person(app)
    make.vote(app, child, voter)

    make.merge(app, parent, child, by=moderator)
    make.unmerge(app, child, by=moderator)

    with app.app_context():
        events = db.session.scalars(select(Event).order_by(Event.id)).all()
        merged = next(e for e in events if e.type == "idea.merged")
        unmerged = next(e for e in events if e.type == "idea.unmerged")
    assert (merged.actor_id, merged.object_id) == (moderator, parent)
    assert merged.payload["children"] == [child]
    assert (unmerged.object_id, unmerged.payload["into"]) == (child, parent)
    counted = [e for e in events if e.type == "idea.support-changed"]
    assert {e.actor_id for e in counted} == {None}
    assert voter not in {e.actor_id for e in events}


def test_balanced_support_follows(app: Flask) -> None:
    department = make.department(app)
    people = [make.person(app, department=department) for _ in range(6)]
    parent, child = make.idea(app, departments=[department]), make.idea(app)
    for person in people:
        make.vote(app, child, person)
    with app.app_context():
        while readers.advance(support.SUPPORT):
            pass

    make.merge(app, parent, child)

    with app.app_context():
        while readers.advance(support.SUPPORT):
            pass
        right = support.measure([parent, child], support.count_active())
    for idea, value in right.items():
        assert state(app, idea).balanced == pytest.approx(value)
    assert right[parent] > right[child]


@pytest.mark.parametrize("size", [1, 8])
def test_the_page_costs_one_query_more_however_many_came(
    app: Flask, sign_in: SignIn, queries: Callable[..., object], size: int
) -> None:
    parent = make.idea(app)
    make.merge(app, parent, *(make.idea(app) for _ in range(size)))
    browser = sign_in()
    browser.page(f"/ideas/{parent}")

    # The reader, the page's six and its panel, and what came to it.
    with queries(8):  # type: ignore[attr-defined]
        browser.get(f"/ideas/{parent}")
