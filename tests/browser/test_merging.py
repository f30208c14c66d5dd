"""Ideas merged and separated again, and a No that comes back, as moderators and authors see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core import readers
from forum.core.clock import today
from forum.core.db import db, transaction
from forum.ideas.again import watching
from forum.ideas.again.models import Condition
from tests.browser.visits import Visit
from tests.browser.watch import settled
from tests.ideas.merging import followers, slots, state, thread, voters
from tests.support import make

Enter = Callable[..., Visit]
LOOKS = (voters, followers, thread, slots)


def known(app: Flask, name: str) -> int:
    """Somebody of the demo."""
    with app.app_context():
        query = select(Person.id).where(Person.email == f"{name}@demo.example")
        return db.session.scalars(query).one()


def pair(app: Flask) -> tuple[int, int]:
    """Two ideas with votes, some of them of the same people, comments and replies."""
    parent = make.idea(app, title="Pay suppliers on time", problem="They wait for weeks.")
    child = make.idea(app, title="Suppliers wait for money", problem="We pay *late*.")
    people = [make.person(app) for _ in range(5)]
    for person in people[:3]:
        make.vote(app, parent, person)
    for person in people[2:]:
        make.vote(app, child, person)
    said = make.comment(app, child, people[0], "It was three weeks in May.")
    make.comment(app, child, people[1], "Five in June.", parent=said)
    make.comment(app, parent, people[2], "The bank is not to blame.")
    return parent, child


def of_both(visit: Visit, *, moved: int, both: int) -> str:
    """How many supporters moved, and how many were there already."""
    words = visit.words.ngettext
    came = words("%(num)d supporter moved", "%(num)d supporters moved", moved)
    here = words("%(num)d was already here", "%(num)d were already here", both)
    return f"{came % {'num': moved}}, {here % {'num': both}}"


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_ideas_are_merged_and_given_back_as_they_were(
    visit: Enter, inside: Flask, locale: str
) -> None:
    parent, child = pair(inside)
    before = [look(inside, idea) for look in LOOKS for idea in (parent, child)]
    moderator = visit("moderator", locale)
    page = moderator.page

    moderator.goto(f"/ideas/{child}")
    moderator.link("Merge").click()
    page.locator("#parent-other").check()
    page.locator("#other").fill(f"/ideas/{parent}")
    page.locator("#message").fill("Both are about money that comes late.")
    moderator.button("Merge").click()
    page.wait_for_url(f"**/ideas/{parent}")

    article = page.locator("article[data-idea]")
    moderator.sees(of_both(moderator, moved=2, both=1))
    expect(article).to_have_attribute("data-votes", "5")
    expect(page.locator("li.comment:not(.reply)")).to_have_count(3)
    moderator.sees(moderator.says("The text of an idea that was merged into this one:"))
    assert (state(inside, parent).vote_count, state(inside, parent).comment_count) == (5, 4)
    assert voters(inside, child) == set()
    page.locator("li.comment a", has_text="Suppliers wait for money").first.click()
    page.wait_for_url(f"**/ideas/{child}")
    expect(page.locator(f"a[data-leads-to='{parent}']")).to_contain_text(moderator.says("Open"))
    moderator.sees("Both are about money that comes late.")
    expect(page.locator("[data-hx-post$='/vote']")).to_have_count(0)

    moderator.button("Separate again").click()
    expect(page.locator("article[data-stage=open]")).to_have_attribute("data-votes", "3")

    assert [look(inside, idea) for look in LOOKS for idea in (parent, child)] == before
    moderator.goto(f"/ideas/{parent}")
    expect(article).to_have_attribute("data-votes", "3")


def let_the_day_come(app: Flask, idea: int) -> None:
    """The day in the row moves, and the sweep looks; nobody waits."""
    with app.app_context():
        with transaction():
            query = select(Condition).where(Condition.idea_id == idea)
            db.session.scalars(query).one().on_day = today()
        watching.look()
        readers.catch_up()


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_a_no_comes_back_on_its_day_and_everybody_who_cared_is_told(
    visit: Enter, inside: Flask, locale: str
) -> None:
    title = f"A second gate for trucks ({locale})"
    idea = make.idea(inside, known(inside, "anna"), title=title, problem="They queue on the road.")
    make.vote(inside, idea, known(inside, "boris"))
    moderator = visit("moderator", locale)
    page = moderator.page

    moderator.goto(f"/ideas/{idea}")
    page.locator("#reason").fill("The road is being rebuilt.")
    moderator_opens = page.locator("summary", has_text=moderator.says("Let it come back by itself"))
    moderator_opens.click()
    page.locator("#again_on").fill((today() + timedelta(days=90)).isoformat())
    moderator.button("Decline").click()
    expect(page.locator("article[data-stage=declined] [data-condition]")).to_be_visible()

    let_the_day_come(inside, idea)

    for name in ("anna", "boris"):
        reader = visit(name, locale)
        reader.goto("/notifications")
        news = reader.page.locator("[data-kind=returned]", has_text=title)
        expect(news).to_have_count(1)
        expect(news).to_contain_text(
            reader.says("The condition of the No came true; moderators look at it again")
        )
    moderator.goto("/moderation?queue=returned")
    row = page.locator(f"[data-row][data-idea='{idea}']")
    row.locator("[data-key=a]").click()
    expect(row).to_have_count(0)
    moderator.goto(f"/ideas/{idea}")
    expect(page.locator("article[data-stage=review]")).to_be_visible()


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_a_no_comes_back_once_enough_departments_still_need_it(
    visit: Enter, inside: Flask, locale: str
) -> None:
    title = f"A roof over the bicycles ({locale})"
    idea = make.idea(inside, known(inside, "hugh"), title=title, problem="They rust.")
    moderator = visit("moderator", locale)
    page = moderator.page
    moderator.goto(f"/ideas/{idea}")
    page.locator("#reason").fill("Few of us come by bicycle.")
    page.locator("summary", has_text=moderator.says("Let it come back by itself")).click()
    page.locator("#again_departments").fill("2")
    moderator.button("Decline").click()

    for name in ("anna", "boris"):
        reader = visit(name, locale, width=360)
        reader.goto(f"/ideas/{idea}")
        reader.button("We still need it").click()
        expect(reader.button("We need it no more")).to_be_visible()
    with inside.app_context():
        watching.look()
        readers.catch_up()

    moderator.goto("/moderation?queue=returned")
    expect(page.locator(f"[data-row][data-idea='{idea}']")).to_contain_text(title)
    page.locator(f"[data-row][data-idea='{idea}'] [data-key=l]").click()
    moderator.goto(f"/ideas/{idea}")
    expect(page.locator("article[data-stage=declined]")).to_be_visible()


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_a_likeness_is_supported_while_one_writes_and_focus_stays(
    visit: Enter, inside: Flask, locale: str
) -> None:
    idea = make.idea(
        inside, title=f"Kaleidoscopes for gatekeepers {locale}", problem="They are bored."
    )
    anna = visit("anna", locale)
    page = anna.page
    page.goto("/ideas/new")
    settled(page)

    words = f"Kaleidoscopes for gatekeepers {locale}"
    row = page.locator(f"#similar li[data-idea='{idea}']")
    for _try in range(20):  # the index follows within moments
        page.locator("#problem").fill("")
        page.locator("#problem").press_sequentially(words)
        page.wait_for_timeout(600)  # three hundred milliseconds after the last key, and the answer
        if row.count():
            break

    expect(row).to_be_visible()
    expect(page.locator("#problem")).to_be_focused()
    expect(page.locator("#said")).to_contain_text(anna.says("Similar ideas found:"))
    row.locator("[data-support]").click()
    expect(row.locator("[data-support]")).to_have_attribute("data-voted", "1")
    assert page.url.endswith("/ideas/new")
    expect(page.locator("#problem")).to_have_value(words)
    assert state(inside, idea).vote_count == 1
