"""From a flag to repair: who may flag, who learns of it, what moderators decide and take back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from forum.core.clock import now
from forum.core.db import db
from forum.discussion.models import Comment
from forum.ideas.models import Idea
from forum.moderation import sweeps
from tests.ideas.test_co_authors import written_together
from tests.moderation.acts import decide, flag, follow, matters, news
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser
from tests.support.queries import listening

SignIn = Callable[..., Browser]
FLAGS = "/moderation?queue=flags"


def comments_on(app: Flask, idea_id: int) -> int:
    with app.app_context():
        return db.session.get_one(Idea, idea_id).comment_count


def test_whoever_sees_an_idea_may_flag_it_and_only_moderators_learn_who(
    app: Flask, sign_in: SignIn
) -> None:
    author = make.person(app)
    idea = make.idea(app, author, title="Late invoices")
    reporter = make.person(app, name="Quiet Reporter")
    browser = sign_in(reporter)
    assert browser.page(f"/ideas/{idea}").all("a", href=f"/ideas/{idea}/flag")

    done = browser.post(f"/ideas/{idea}/flag", {"reason": "private", "note": "A salary is in it"})

    assert done.location == f"/ideas/{idea}"
    moderator = sign_in(make.moderator(app))
    queue = moderator.page(FLAGS)
    row = queue.one("article", data_matter=True)
    assert "Late invoices" in row.text
    assert "1 flag" in row.text
    assert "private or secret" in row.text
    matter = moderator.page(f"/moderation/matters/{row['data-matter']}")
    assert "Quiet Reporter" in matter.text
    assert "A salary is in it" in matter.text
    follow(app)
    for other in (sign_in(author), sign_in()):
        assert other.get(f"/moderation/matters/{row['data-matter']}").status_code == 404
        told = other.page(f"/ideas/{idea}").text + other.page("/notifications").text
        assert "Quiet Reporter" not in told


def test_flags_of_one_thing_come_together_and_one_person_counts_once(
    app: Flask, sign_in: SignIn
) -> None:
    idea, twice = make.idea(app), make.person(app)
    first = flag(app, "idea", idea, twice)

    assert flag(app, "idea", idea, twice) == flag(app, "idea", idea, reason="spam") == first

    row = sign_in(make.moderator(app)).page(FLAGS).one("article", data_matter=True)
    assert "2 flags" in row.text


def test_who_writes_an_idea_with_others_does_not_flag_it(app: Flask, sign_in: SignIn) -> None:
    other = make.person(app)
    idea = written_together(app, make.person(app), other)
    browser = sign_in(other)

    assert not browser.page(f"/ideas/{idea}").all("a", href=f"/ideas/{idea}/flag")
    assert browser.get(f"/ideas/{idea}/flag").status_code == 403
    assert browser.post(f"/ideas/{idea}/flag", {"reason": "spam"}).status_code == 403
    assert matters(app) == []


def test_nobody_flags_their_own_or_without_a_reason_or_what_they_do_not_see(
    app: Flask, sign_in: SignIn
) -> None:
    author = make.person(app)
    idea, draft = make.idea(app, author), make.idea(app, draft=True)
    comment = make.comment(app, idea, author)

    for path in (f"/ideas/{idea}", f"/comments/{comment}"):
        assert sign_in(author).post(f"{path}/flag", {"reason": "spam"}).status_code == 403
    assert sign_in().post(f"/ideas/{draft}/flag", {"reason": "spam"}).status_code == 404
    refused = sign_in().post(f"/ideas/{idea}/flag", {"note": "No reason chosen"})
    assert refused.status_code == 422
    assert "Choose a reason." in refused.text
    assert "No reason chosen" in refused.text
    assert matters(app) == []


def test_a_hidden_idea_can_be_repaired_once_and_the_author_is_told_why(
    app: Flask, sign_in: SignIn
) -> None:
    author = make.person(app)
    idea = make.idea(app, author, title="Rude words", problem="You are all lazy.")
    matter = flag(app, "idea", idea)
    moderator, writer, reader = sign_in(make.moderator(app)), sign_in(author), sign_in()

    assert decide(moderator, matter, "hidden", "Say it without blame.") == 303

    assert reader.get(f"/ideas/{idea}").status_code == 404
    assert any("Say it without blame." in each for each in news(app, writer))
    shown = writer.page(f"/ideas/{idea}").text
    assert "Say it without blame." in shown
    assert "Change the text once" in shown
    assert matters(app) == [("flags", "author", "hidden")]

    fields = {"title": "Slow work", "problem": "Work takes long.", "revision": "1"}
    assert writer.post(f"/ideas/{idea}/edit", fields).status_code == 303
    follow(app)
    queue = moderator.page(FLAGS)
    assert queue.one("article", data_matter=True)["data-state"] == "repaired"
    assert decide(moderator, matter, "approved") == 303

    assert reader.get(f"/ideas/{idea}").status_code == 200
    assert any("for everybody to see" in each for each in news(app, writer))
    assert matters(app) == [("flags", "closed", "approved")]


def test_what_is_hidden_again_after_a_repair_stays_hidden(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    idea = make.idea(app, author)
    matter = flag(app, "idea", idea)
    moderator, writer = sign_in(make.moderator(app)), sign_in(author)
    decide(moderator, matter, "hidden")
    writer.post(f"/ideas/{idea}/edit", {"title": "Again", "problem": "Again.", "revision": "1"})
    follow(app)
    decide(moderator, matter, "hidden", "Still rude.")
    writer.post(f"/ideas/{idea}/edit", {"title": "Third", "problem": "Third.", "revision": "2"})
    follow(app)

    assert matters(app) == [("flags", "closed", "hidden")]
    assert sign_in().get(f"/ideas/{idea}").status_code == 404


def test_a_hidden_comment_is_seen_by_its_author_and_moderators_without_a_trace(
    app: Flask, sign_in: SignIn
) -> None:
    idea, author = make.idea(app), make.person(app)
    comment = make.comment(app, idea, author, "Fools, all of you")
    reply = make.comment(app, idea, parent=comment, body="Be kind")
    matter = flag(app, "comment", comment)
    moderator, writer, reader = sign_in(make.moderator(app)), sign_in(author), sign_in()

    decide(moderator, matter, "hidden")

    page = reader.page(f"/ideas/{idea}")
    assert "Fools" not in page.text
    assert "Be kind" in page.text
    assert not page.all("li", data_comment=comment)
    for path in (f"/comments/{comment}", f"/comments/{comment}/history"):
        assert reader.get(path).status_code == 404
    assert comments_on(app, idea) == 1
    for other in (writer, moderator):
        assert "Fools" in other.page(f"/ideas/{idea}").text
    assert (
        reader.post(f"/ideas/{idea}/comments", {"body": "x", "parent": comment}).status_code == 422
    )
    assert reader.page(f"/ideas/{idea}").all("li", data_comment=reply)

    writer.post(f"/comments/{comment}/edit", {"body": "Friends, all of you"})
    follow(app)
    decide(moderator, matter, "approved")

    assert "Friends, all of you" in reader.page(f"/ideas/{idea}").text
    assert comments_on(app, idea) == 2


def test_a_comment_on_a_standard_can_be_flagged_and_deleted(app: Flask, sign_in: SignIn) -> None:
    number = standards.in_force(app)
    writer = sign_in()
    posted = writer.post(f"/standards/{number}/comments", {"body": "Buy cheap watches"})
    comment = int(posted.location.rpartition("-")[2])
    matter = flag(app, "comment", comment, reason="spam")
    moderator = sign_in(make.moderator(app))
    assert "Buy cheap watches" in moderator.page(FLAGS).text

    decide(moderator, matter, "deleted", "No advertising here.")

    assert "Buy cheap watches" not in sign_in().page(f"/standards/{number}").text
    assert any("No advertising here." in each for each in news(app, writer))


@pytest.mark.parametrize("outcome", ["hidden", "disagreed", "ignored", "deleted"])
@pytest.mark.parametrize("kind", ["idea", "comment"])
def test_every_decision_can_be_taken_back_by_who_made_it(
    app: Flask, sign_in: SignIn, kind: str, outcome: str
) -> None:
    author = make.person(app)
    idea = make.idea(app, author)
    number = idea if kind == "idea" else make.comment(app, idea, author, "Words in question")
    matter = flag(app, kind, number)
    moderator, reader = sign_in(make.moderator(app)), sign_in()
    before = reader.page(f"/ideas/{idea}").text
    decide(moderator, matter, outcome)
    undo = moderator.page(FLAGS).one("button", data_key="u")["formaction"]
    writer = sign_in(author)
    told = len(news(app, writer))
    assert told == (outcome in ("hidden", "deleted"))
    assert sign_in(make.moderator(app)).post(undo).status_code == 409

    assert moderator.post(undo).status_code == 303

    follow(app)
    assert matters(app) == [("flags", "waiting", "")]
    assert reader.page(f"/ideas/{idea}").text == before
    assert news(app, writer) == []
    assert writer.page("/").one("a", href="/notifications")["data-unread"] == "0"


def test_an_old_decision_stands(app: Flask, sign_in: SignIn) -> None:
    matter, moderator = flag(app, "idea", make.idea(app)), make.moderator(app)
    browser = sign_in(moderator)
    decide(browser, matter, "ignored")

    with time_machine.travel(now() + timedelta(minutes=11)):
        assert browser.post(f"/moderation/matters/{matter}/undo").status_code == 409


def test_one_of_two_moderators_decides(app: Flask, sign_in: SignIn) -> None:
    matter = flag(app, "idea", make.idea(app))
    first, second = sign_in(make.moderator(app)), sign_in(make.moderator(app))

    assert decide(first, matter, "disagreed") == 303
    assert decide(second, matter, "hidden") == 409
    assert matters(app) == [("flags", "closed", "disagreed")]


def test_a_closed_matter_does_not_keep_a_thing_from_being_flagged_anew(
    app: Flask, sign_in: SignIn
) -> None:
    idea = make.idea(app)
    first = flag(app, "idea", idea)
    decide(sign_in(make.moderator(app)), first, "disagreed")

    assert flag(app, "idea", idea) != first
    assert matters(app)[1] == ("flags", "waiting", "")


def test_moderators_do_not_decide_on_what_they_wrote(app: Flask, sign_in: SignIn) -> None:
    moderator = make.moderator(app)
    matter = flag(app, "idea", make.idea(app, moderator))
    own = sign_in(moderator)

    assert not own.page(FLAGS).all("article", data_matter=True)
    assert decide(own, matter, "ignored") == 403
    assert sign_in(make.moderator(app)).page(FLAGS).all("article", data_matter=True)


def test_a_matter_is_taken_for_an_hour_and_let_go_of(app: Flask, sign_in: SignIn) -> None:
    matter = flag(app, "idea", make.idea(app))
    first, second = sign_in(make.moderator(app, name="Mona First")), sign_in(make.moderator(app))
    path = f"/moderation/matters/{matter}"

    assert first.post(f"{path}/claim").status_code == 303

    assert "taken by Mona First" in second.page(FLAGS).text
    assert second.post(f"{path}/claim").status_code == 409
    with time_machine.travel(now() + timedelta(minutes=61)):
        assert "taken by" not in second.page(FLAGS).text
        assert second.post(f"{path}/claim").status_code == 303
        assert second.post(f"{path}/let-go").status_code == 303
    assert first.post(f"{path}/claim").status_code == 303


def test_moderators_leave_notes_and_read_what_happened(app: Flask, sign_in: SignIn) -> None:
    matter = flag(app, "idea", make.idea(app))
    first = sign_in(make.moderator(app, name="Mona First"))
    path = f"/moderation/matters/{matter}"
    first.post(f"{path}/claim")
    first.post(f"{path}/notes", {"note": "Asked the author by phone."})
    assert first.post(f"{path}/notes", {"note": " "}).status_code == 422
    decide(first, matter, "disagreed")
    first.post(f"{path}/undo")

    text = sign_in(make.moderator(app)).page(path).text

    assert "Asked the author by phone." in text
    for step in ("took it", "found nothing wrong with it", "took the decision back"):
        assert f"Mona First {step}" in text


def test_moderators_are_reminded_once_of_what_nobody_touches(app: Flask, sign_in: SignIn) -> None:
    matter, moderator = flag(app, "idea", make.idea(app, title="Old flag")), make.moderator(app)
    touched = flag(app, "idea", make.idea(app))

    with time_machine.travel(now() + timedelta(hours=47)):
        sign_in(moderator).post(f"/moderation/matters/{touched}/claim")
    with time_machine.travel(now() + timedelta(hours=49)):
        with app.app_context():
            assert (sweeps.remind(), sweeps.remind()) == (1, 0)
        browser = sign_in(moderator)
        assert len(news(app, browser)) == 1
        assert "Old flag" in browser.page("/notifications").text
    assert matter


@pytest.mark.parametrize("size", [1, 12])
def test_the_queue_of_flags_costs_the_same_however_long(
    app: Flask, sign_in: SignIn, size: int
) -> None:
    for _ in range(size):
        flag(app, "comment", make.comment(app, make.idea(app)))
    browser = sign_in(make.moderator(app))
    browser.get(FLAGS)

    with listening(app) as seen:
        assert len(browser.page(FLAGS).all("article", data_matter=True)) == size

    # the reader, the counts, the matters, their reasons, searches in vain, likely duplicates
    assert len(seen) == 6


def test_a_deleted_comment_comes_back_for_thirty_days(app: Flask, sign_in: SignIn) -> None:
    idea, author = make.idea(app), make.person(app)
    comment = make.comment(app, idea, author, "Said in haste")
    writer = sign_in(author)
    writer.post(f"/comments/{comment}/delete")
    assert "Said in haste" not in writer.page(f"/ideas/{idea}").text
    assert sign_in().post(f"/comments/{comment}/restore").status_code == 403
    assert sign_in(make.moderator(app)).post(f"/comments/{comment}/restore").status_code == 403

    writer.post(f"/comments/{comment}/restore")

    assert "Said in haste" in sign_in().page(f"/ideas/{idea}").text
    assert comments_on(app, idea) == 1
    with app.app_context():
        assert db.session.get_one(Comment, comment).deleted_at is None
