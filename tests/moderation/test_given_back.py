"""What waits for a repair that nobody can make any more comes back to the moderators by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.accounts import standing
from forum.accounts.models import Person
from forum.admin.erasure import erase
from forum.core.clock import now
from forum.core.db import db
from forum.core.events import Event
from forum.ideas import decisions
from forum.ideas.models import Idea
from forum.moderation import sweeps
from tests.ideas.test_co_authors import written_together
from tests.moderation.acts import decide, flag, follow, matters
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
FLAGS = "/moderation?queue=flags"


def leave(app: Flask, person: int) -> None:
    with app.app_context():
        standing.deactivate(None, db.session.get_one(Person, person))


def be_erased(app: Flask, person: int) -> None:
    with app.app_context():
        admin = db.session.get_one(Person, make.admin(app))
        erase(admin, db.session.get_one(Person, person))


def review(app: Flask, idea: int) -> None:
    with app.app_context():
        moderator = db.session.get_one(Person, make.moderator(app))
        decisions.begin_review(moderator, db.session.get_one(Idea, idea))


def sweep(app: Flask) -> int:
    with app.app_context():
        return sweeps.give_back()


def hide(app: Flask, sign_in: SignIn, kind: str, number: int) -> int:
    """A flag that was agreed with; the matter's number."""
    matter = flag(app, kind, number)
    assert decide(sign_in(make.moderator(app)), matter, "hidden") == 303
    assert matters(app) == [("flags", "author", "hidden")]
    return matter


@pytest.mark.parametrize("go", [leave, be_erased])
def test_a_flagged_idea_comes_back_when_its_author_has_left(
    app: Flask, sign_in: SignIn, go: Callable[[Flask, int], None]
) -> None:
    author = make.person(app)
    idea = make.idea(app, author, title="Customer Smith is late")
    matter = hide(app, sign_in, "idea", idea)
    assert sweep(app) == 0
    moderator = sign_in(make.moderator(app))
    assert "Nothing is flagged." in moderator.page(FLAGS).text

    go(app, author)

    assert (sweep(app), sweep(app)) == (1, 0)
    row = moderator.page(FLAGS).one("article", data_matter=matter)
    assert "nobody can repair it" in row.text
    assert "repaired by its author" not in row.text
    page = moderator.page(f"/moderation/matters/{matter}")
    assert "Nobody can repair it any more. Decide whether it stays hidden." in page.text
    assert "it came back here" in page.text
    assert sign_in().get(f"/ideas/{idea}").status_code == 404
    assert decide(moderator, matter, "approved") == 303
    assert sign_in().get(f"/ideas/{idea}").status_code == 200


def test_a_decision_on_it_that_is_undone_leaves_it_as_it_came_back(
    app: Flask, sign_in: SignIn
) -> None:
    author = make.person(app)
    matter = hide(app, sign_in, "idea", make.idea(app, author))
    leave(app, author)
    sweep(app)
    moderator = sign_in(make.moderator(app))
    assert decide(moderator, matter, "approved") == 303

    assert moderator.post(f"/moderation/matters/{matter}/undo").status_code == 303

    row = moderator.page(FLAGS).one("article", data_matter=matter)
    assert "nobody can repair it" in row.text
    assert "repaired by its author" not in row.text


def test_it_comes_back_when_review_has_begun_and_stays_hidden_if_moderators_say_so(
    app: Flask, sign_in: SignIn
) -> None:
    author = make.person(app)
    idea = make.idea(app, author)
    matter = hide(app, sign_in, "idea", idea)
    assert "Change the text once" in sign_in(author).page(f"/ideas/{idea}").text

    review(app, idea)

    assert "Change the text once" not in sign_in(author).page(f"/ideas/{idea}").text
    assert sweep(app) == 1
    assert decide(sign_in(make.moderator(app)), matter, "hidden") == 303
    assert matters(app) == [("flags", "closed", "hidden")]
    assert sweep(app) == 0


def test_a_co_author_who_is_there_may_still_repair_it(app: Flask, sign_in: SignIn) -> None:
    author, other = make.person(app), make.person(app)
    shared = written_together(app, author, other)
    hide(app, sign_in, "idea", shared)

    leave(app, author)
    assert sweep(app) == 0
    leave(app, other)
    assert sweep(app) == 1


def test_a_comment_comes_back_when_it_is_too_old_to_be_edited(app: Flask, sign_in: SignIn) -> None:
    author, idea = make.person(app), make.idea(app)
    hide(app, sign_in, "comment", make.comment(app, idea, author))
    assert sweep(app) == 0

    with time_machine.travel(now() + timedelta(days=31)):
        assert sweep(app) == 1

    assert matters(app) == [("flags", "repaired", "hidden")]


def test_what_is_in_review_waits_for_no_repair_when_it_is_hidden(
    app: Flask, sign_in: SignIn
) -> None:
    idea = make.idea(app)
    review(app, idea)

    decide(sign_in(make.moderator(app)), flag(app, "idea", idea), "hidden")

    assert matters(app) == [("flags", "closed", "hidden")]


def test_what_lies_in_the_trash_or_was_hidden_without_a_flag_stays_where_it_is(
    app: Flask, sign_in: SignIn
) -> None:
    author, moderator = make.person(app), sign_in(make.moderator(app))
    flagged, plain = make.idea(app, author), make.idea(app, author)
    hide(app, sign_in, "idea", flagged)
    moderator.post(f"/ideas/{flagged}/trash")
    moderator.post(f"/ideas/{plain}/hide")
    leave(app, author)

    assert sweep(app) == 0

    assert moderator.page("/moderation?queue=hidden").all("article", data_idea=plain)
    moderator.post(f"/ideas/{flagged}/restore")
    assert sweep(app) == 1


def test_coming_back_is_told_by_nobody_and_reminds_anew(app: Flask, sign_in: SignIn) -> None:
    author, moderator = make.person(app), make.moderator(app)
    hide(app, sign_in, "idea", make.idea(app, author))
    leave(app, author)
    sweep(app)
    follow(app)

    with app.app_context():
        told = db.session.scalars(select(Event).where(Event.type == "matter.given-back")).one()
        assert told.actor_id is None
    with time_machine.travel(now() + timedelta(hours=49)), app.app_context():
        assert sweeps.remind() == 1
    follow(app)
    assert "waited for a moderator" in sign_in(moderator).page("/notifications").text
