"""An alert tells everything that is new once, and nothing twice."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from forum.accounts.models import Person
from forum.core import readers
from forum.core.db import db, transaction
from forum.files import extraction
from forum.ideas import actions as ideas
from forum.ideas import votes
from forum.ideas.models import Idea
from forum.moderation import actions as moderation
from forum.search.follower import catch_up, shelf_of
from forum.search.saved import actions, alerts, delivery
from forum.search.saved import told as told_rows
from forum.search.saved.models import Alert
from tests.files.sending import send
from tests.search.saved.watching import as_owner, keep, minute, news_of, told
from tests.support import make, office

ONE = ("About invoice", "1 new result of your saved search")


def test_what_is_new_is_told_once_in_one_piece_of_news(app):
    reader = make.person(app)
    keep(app, reader)
    make.idea(app, title="Invoices arrive late")
    idea = make.idea(app, title="The supplier's invoice has no number")
    make.comment(app, idea, body="Our invoices too.")
    make.idea(app, title="The lift is slow", problem="It stops on every floor.")

    minute(app)
    minute(app)

    assert news_of(app, reader) == [("About invoice", "3 new results of your saved search")]


def test_what_was_there_when_the_search_was_saved_is_no_news(app):
    reader, author = make.person(app), make.person(app)
    idea = make.idea(app, author, title="Invoices arrive late")
    keep(app, reader)

    edit(app, idea, "Invoices arrive very late")
    make.vote(app, idea)
    minute(app)

    assert news_of(app, reader) == []


def test_an_old_idea_that_begins_to_match_is_news(app):
    reader, author = make.person(app), make.person(app)
    idea = make.idea(app, author, title="Paper arrives late", problem="It does.")
    keep(app, reader)

    edit(app, idea, "Invoices arrive late")
    minute(app)

    assert news_of(app, reader) == [ONE]


def test_a_document_that_was_read_later_is_news(app, sign_in):
    reader, author = make.person(app), make.person(app)
    keep(app, reader)
    sent = send(sign_in(author), office.docx("The invoice is late"), "plan.docx")
    make.idea(app, author, title="Paper", problem=f"Look: {sent.json['markdown']}")
    minute(app)
    before = news_of(app, reader)

    with app.app_context():
        extraction.read_next()
    minute(app)

    assert (before, news_of(app, reader)) == ([], [ONE])


@pytest.mark.parametrize("query", ["invoice votes:>1", "голоса:>1"])
def test_an_idea_that_enough_people_support_is_news_once(app, query):
    reader = make.person(app)
    saved = keep(app, reader, query)
    idea = make.idea(app, title="Invoices arrive late")
    make.vote(app, idea)
    minute(app)
    assert told(app, saved) == []

    make.vote(app, idea)
    minute(app)
    make.vote(app, idea)
    minute(app)

    assert len(news_of(app, reader)) == 1
    assert told(app, saved) == [("idea", idea)]


def edit(app, idea_id, title):
    with app.app_context():
        idea = db.session.get_one(Idea, idea_id)
        author = db.session.get_one(Person, idea.author_id)
        wording = ideas.word(title=title, problem="Another wording of it.")
        ideas.edit_idea(author, idea, wording, seen=idea.revision)


def test_nothing_that_happens_to_a_thing_tells_it_again(app):
    reader, author = make.person(app), make.person(app)
    keep(app, reader)
    idea = make.idea(app, author, title="Invoices arrive late")
    minute(app)
    department, representative = make.represented(app)
    moderator = make.moderator(app)

    edit(app, idea, "Invoices arrive very late")
    minute(app)
    make.vote(app, idea)
    with app.app_context():
        votes.follow(db.session.get_one(Person, reader), db.session.get_one(Idea, idea))
        moderation.hide(db.session.get_one(Person, moderator), db.session.get_one(Idea, idea))
    minute(app)
    with app.app_context():
        someone = db.session.get_one(Person, moderator)
        moderation.show_again(someone, db.session.get_one(Idea, idea))
    make.comment(app, idea, body="So it is.")
    make.decide(app, idea, by=moderator, owner_id=department)
    minute(app)
    assert representative

    assert news_of(app, reader) == [ONE]


def test_rebuilding_the_index_and_reading_the_log_anew_tell_nothing_again(app):
    reader = make.person(app)
    make.idea(app, title="Invoices were always late")
    saved = keep(app, reader)
    make.idea(app, title="Invoices arrive late")
    minute(app)
    before = told(app, saved)

    shutil.rmtree(shelf_of(app).folder)
    catch_up(app)
    with app.app_context(), transaction():
        db.session.execute(
            update(readers.ReaderCursor)
            .where(readers.ReaderCursor.name == alerts.READER.name)
            .values(position=0)
        )
    minute(app)

    assert news_of(app, reader) == [ONE]
    assert told(app, saved) == before


class Crash(Exception):
    """The process dies here."""


def test_a_crash_anywhere_between_the_steps_loses_nothing_and_tells_nothing_twice(app):
    reader = make.person(app)
    keep(app, reader)
    make.idea(app, title="Invoices arrive late")

    with app.app_context(), pytest.raises(Crash):  # found, and not yet noted
        readers.advance(readers.Reader(alerts.READER.name, dying(alerts.READER.prepare)))
    assert news_of(app, reader) == []
    with app.app_context():  # noted, and not yet told
        alerts.follow()
    assert news_of(app, reader) == []
    with app.app_context(), pytest.raises(Crash):  # told, and not yet committed
        tell_and_die()
    assert news_of(app, reader) == []
    minute(app)
    minute(app)

    assert news_of(app, reader) == [ONE]


def batch_of_now():
    """What is due, as `tell_due` puts it together: things, those seen, mails, news."""
    batch = delivery._due(datetime.now(UTC))
    seen = delivery._seen(batch)
    return batch, seen, [], delivery._news(seen)


def tell_and_die():
    with transaction():
        assert delivery._tell(*batch_of_now())
        raise Crash


def dying(prepare):
    def prepared(batch):
        apply = prepare(batch)

        def applied():
            apply()
            raise Crash

        return applied

    return prepared


def test_two_processes_that_tell_at_once_tell_once(app):
    reader = make.person(app)
    keep(app, reader)
    make.idea(app, title="Invoices arrive late")
    with app.app_context():
        alerts.follow()
        prepared = batch_of_now()
    minute(app)

    with app.app_context():
        assert not delivery._tell(*prepared)

    assert news_of(app, reader) == [ONE]


def test_what_was_hidden_before_it_was_told_is_not_counted_and_is_news_once_it_is_back(app):
    reader, boss = make.person(app), make.moderator(app)
    saved = keep(app, reader)
    hidden = make.idea(app, title="Invoices nobody may see")
    shown = make.idea(app, title="Invoices arrive late")
    with app.app_context():
        alerts.follow()
    moderate(app, boss, hidden, moderation.hide)
    minute(app)
    assert news_of(app, reader) == [ONE]
    assert told(app, saved) == [("idea", shown)]

    moderate(app, boss, hidden, moderation.show_again)
    minute(app)

    assert told(app, saved) == [("idea", hidden), ("idea", shown)]


def moderate(app, moderator, idea, act):
    with app.app_context():
        act(db.session.get_one(Person, moderator), db.session.get_one(Idea, idea))


def test_nobody_hears_of_what_they_wrote_themselves(app):
    reader = make.person(app)
    keep(app, reader)
    idea = make.idea(app, reader, title="Invoices arrive late")
    make.comment(app, idea, reader, body="These invoices came yesterday.")
    minute(app)
    assert news_of(app, reader) == []

    make.comment(app, idea, body="Invoices of ours too.")
    minute(app)

    assert news_of(app, reader) == [ONE]


def test_all_words_have_to_be_there(app):
    reader = make.person(app)
    keep(app, reader, "invoices of suppliers")
    make.idea(app, title="Invoices arrive late")
    minute(app)
    assert news_of(app, reader) == []

    make.idea(app, title="Suppliers send the invoice twice")
    minute(app)

    assert len(news_of(app, reader)) == 1


def test_filters_count_and_an_address_that_is_not_known_any_more_finds_nothing(app):
    department = make.department(app, "Finance", slug="finance")
    reader = make.person(app)
    keep(app, reader, affected="finance")
    lost = make.person(app)
    keep(app, lost, affected="no-such-place")

    make.idea(app, title="Invoices arrive late")
    make.idea(app, title="Invoices of finance", departments=[department])
    minute(app)

    assert news_of(app, reader) == [ONE]
    assert news_of(app, lost) == []


def test_russian_words_are_found_by_any_form_and_told_in_russian(app, sign_in):
    reader = make.person(app, locale="ru")
    keep(app, reader, "счета")
    make.idea(app, title="Счёт поставщика потерялся")
    minute(app)

    page = sign_in(reader).get("/notifications")

    assert "About счета" in page.text
    assert "новый результат" in page.text


def test_imports_tell_nobody(app, tmp_path):
    reader = make.person(app)
    keep(app, reader)
    lines = tmp_path / "ideas.jsonl"
    lines.write_text('{"id": "1", "title": "Invoices of the old forum"}\n')

    done = app.test_cli_runner().invoke(args=["import", "ideas", str(lines)])
    minute(app)

    assert "created 1" in done.output
    assert news_of(app, reader) == []


def test_who_is_deactivated_or_wants_no_alert_hears_nothing(app):
    gone, silent, deleted = make.person(app), make.person(app), make.person(app)
    keep(app, gone)
    keep(app, silent, alert=Alert.NEVER)
    as_owner(app, keep(app, deleted), actions.delete)
    with app.app_context(), transaction():
        db.session.get_one(Person, gone).deactivated_at = datetime.now(UTC)
        db.session.flush()
    make.idea(app, title="Invoices arrive late")

    minute(app)

    assert [news_of(app, person) for person in (gone, silent, deleted)] == [[], [], []]


def test_an_alert_that_is_switched_off_and_on_tells_only_of_what_comes_then(app):
    reader = make.person(app)
    saved = keep(app, reader, alert=Alert.DAILY)
    make.idea(app, title="Invoices arrive late")
    with app.app_context():
        alerts.follow()
    as_owner(app, saved, actions.change, name="Mine", alert=Alert.NEVER)
    old = make.idea(app, make.person(app), title="Invoices are too many")
    catch_up(app)
    as_owner(app, saved, actions.change, name="Mine", alert=Alert.AT_ONCE)
    edit(app, old, "Invoices are far too many")
    minute(app)
    assert news_of(app, reader) == []

    make.idea(app, title="The last invoice")
    minute(app)

    assert news_of(app, reader) == [("Mine", "1 new result of your saved search")]


def test_a_search_that_finds_more_than_is_remembered_tells_of_what_is_newer(app, monkeypatch):
    monkeypatch.setattr(told_rows, "KNOWN", 2)
    author, reader = make.person(app), make.person(app)
    old = [make.idea(app, author, title=f"Invoice {number}") for number in range(4)]
    saved = keep(app, reader)
    assert len(told(app, saved)) == 2

    for idea in old:
        edit(app, idea, "Invoices, once more")
    minute(app)
    assert news_of(app, reader) == []

    make.idea(app, title="A new invoice")
    minute(app)
    assert news_of(app, reader) == [ONE]


def test_the_same_search_of_many_people_is_asked_once(app, queries):
    for _number in range(3):
        keep(app, make.person(app))
    make.idea(app, title="Invoices arrive late")
    with app.app_context():
        readers.advance(alerts.READER)
    for _number in range(9):
        keep(app, make.person(app))
    make.idea(app, title="Invoices arrive later")

    # the log, the searches, the idea with its answers, tags, standards, documents and co-authors,
    # its author, departments, one reader, the settings, the glossary, the figures; position and
    # rows
    with app.app_context(), queries(17):
        readers.advance(alerts.READER)
