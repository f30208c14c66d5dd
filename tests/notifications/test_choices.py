"""What people want to hear: by topic and way, of single things, and no more by mail."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from forum.accounts.models import Person
from forum.admin.erasure import erase
from forum.core import richtext
from forum.core.config import MODULES
from forum.core.db import db, transaction
from forum.departments import merging
from forum.departments.models import Department
from forum.discussion import actions as discussion
from forum.ideas import affected
from forum.ideas.models import Follow, Idea
from forum.notifications import watches
from forum.notifications.kinds import Kind
from forum.notifications.models import NewsChoice, Watch
from forum.notifications.topics import CELLS, TOPIC_OF, Channel, Topic
from tests.notifications.inboxes import called, catch_up, follow, hears, news_of, usual
from tests.notifications.posting import hear, set_up
from tests.standards import standards
from tests.support import make

ADDRESS = "/settings/notifications"


def ticked(page) -> set[str]:
    return {
        box["value"] for box in page.all("input", type="checkbox") if "checked" in box.attributes
    }


def set_level(app: Flask, person: int, kind: str, key: str, level: str) -> None:
    with app.app_context():
        someone = db.session.get_one(Person, person)
        watches.set_level(someone, watches.find(someone, kind, key), level)


def level(app: Flask, person: int, kind: str, key: str) -> str:
    with app.app_context():
        someone = db.session.get_one(Person, person)
        return watches.level_of(someone, watches.find(someone, kind, key))


def test_every_kind_of_news_has_a_topic_or_says_that_it_is_chosen_elsewhere() -> None:
    assert set(TOPIC_OF) == set(Kind)


def test_the_table_shows_what_the_role_has_and_keeps_what_is_chosen(app, sign_in) -> None:
    set_up(app, modules=list(MODULES))
    person = make.person(app)
    browser = sign_in(person)
    before = ticked(browser.page(ADDRESS))

    browser.post(ADDRESS, {"hear": ["asked-inbox", "decided-mail", "nonsense", "popular-inbox"]})

    assert before == {f"{topic}-{channel}" for topic, channel in usual(app, person)}
    assert ticked(browser.page(ADDRESS)) == {"asked-inbox", "decided-mail"}


def test_moderators_are_not_mailed_their_own_decisions(app) -> None:
    assert (Topic.DECIDED, Channel.MAIL) in usual(app, make.person(app))
    assert (Topic.DECIDED, Channel.MAIL) not in usual(app, make.moderator(app))


def test_resetting_brings_back_what_the_role_has(app, sign_in) -> None:
    set_up(app, modules=list(MODULES))
    person = make.person(app)
    browser = sign_in(person)
    browser.post(ADDRESS, {"hear": []})
    assert hears(app, person) == frozenset()

    browser.post(f"{ADDRESS}/reset")

    assert hears(app, person) == usual(app, person)


def test_who_chose_nothing_follows_when_they_change_role(app, sign_in) -> None:
    person = make.person(app)
    sign_in(person).post(ADDRESS, {"hear": [f"{t}-{c}" for t, c in usual(app, person)]})

    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(NewsChoice)) == 0


def test_what_is_not_wanted_in_the_inbox_does_not_come(app) -> None:
    author = make.person(app)
    hear(app, author, Topic.ANSWERED, Channel.INBOX, on=False)

    make.comment(app, make.idea(app, author))
    catch_up(app)

    assert news_of(app, author) == []


def test_the_settings_lead_there(sign_in) -> None:
    assert sign_in().page("/settings").one("a", href=ADDRESS)


# Of single things


def test_following_stays_one_tap_and_its_menu_says_how_much(app, sign_in) -> None:
    idea, person = make.idea(app), make.person(app)
    browser = sign_in(person)

    browser.post(f"/ideas/{idea}/follow")
    assert level(app, person, "idea", str(idea)) == "all"
    browser.post(f"/watch/idea/{idea}", {"level": "updates"})
    assert level(app, person, "idea", str(idea)) == "updates"
    browser.post(f"/watch/idea/{idea}", {"level": "ignore"})
    assert level(app, person, "idea", str(idea)) == "ignore"
    browser.post(f"/ideas/{idea}/follow")
    assert level(app, person, "idea", str(idea)) == "all"
    browser.post(f"/ideas/{idea}/unfollow")

    assert browser.page(f"/ideas/{idea}").one("a", href=f"/watch/idea/{idea}")
    with app.app_context():
        assert db.session.get(Follow, (idea, person)) is None


def test_updates_of_an_idea_are_its_answers_and_decisions(app) -> None:
    finance, representative = make.represented(app)
    person = make.person(app)
    idea = make.idea(app, departments=[finance])
    set_level(app, person, "idea", str(idea), "updates")

    make.comment(app, idea)
    make.answer(app, idea, finance, representative, "helps")
    make.decide(app, idea, "decline")
    catch_up(app)

    assert news_of(app, person) == ["answered-followed", "decided"]


def test_an_ignored_idea_is_silent_unless_ones_department_is_asked(app) -> None:
    author = make.person(app)
    finance, representative = make.represented(app)
    idea = make.idea(app, author, departments=[finance])
    set_level(app, author, "idea", str(idea), "ignore")
    set_level(app, representative, "idea", str(idea), "ignore")

    make.comment(app, idea, body=called(app, representative))
    catch_up(app)

    assert news_of(app, author) == []
    assert news_of(app, representative) == ["answer-wanted"]


@pytest.mark.parametrize("kind", ["department", "tag", "person"])
@pytest.mark.parametrize(
    ("wanted", "heard"),
    [
        ("new", ["new-idea"]),
        ("updates", ["new-idea", "decided"]),
        ("all", ["new-idea", "commented-followed", "decided"]),
    ],
)
def test_watching_a_department_tag_or_person_tells_of_their_ideas(app, kind, wanted, heard) -> None:
    finance, author = make.department(app, slug="finance"), make.person(app)
    make.idea(app, tags=["paper"], departments=[finance])
    catch_up(app)
    watcher = make.person(app)
    key = {"department": "finance", "tag": "paper", "person": str(author)}[kind]
    set_level(app, watcher, kind, key, wanted)

    idea = make.idea(app, author, tags=["paper"], departments=[finance])
    catch_up(app)
    make.comment(app, idea)
    make.decide(app, idea, "decline")
    catch_up(app)

    assert news_of(app, watcher) == heard


def test_a_department_affected_later_is_news_for_its_watchers(app) -> None:
    finance, author, watcher = (
        make.department(app, slug="finance"),
        make.person(app),
        make.person(app),
    )
    set_level(app, watcher, "department", "finance", "new")
    idea = make.idea(app, author)
    with app.app_context():
        target = db.session.get_one(Idea, idea)
        affected.tag_departments(db.session.get_one(Person, author), target, [finance])
    catch_up(app)

    assert news_of(app, watcher) == ["new-idea"]


def comment_on(app: Flask, number: str) -> None:
    talker = make.person(app)
    with app.app_context():
        standard, words = standards.by_number(number), richtext.compose("Since when?")
        person = db.session.get_one(Person, talker)
        discussion.comment(person, "standard", standard, standard.thread_id, words, parent_id=None)


def test_watching_a_standard_tells_of_its_versions_and_comments(app) -> None:
    watcher = make.person(app)
    number = standards.in_force(app, departments=[make.department(app)])
    set_level(app, watcher, "standard", number, "all")

    comment_on(app, number)
    catch_up(app)

    assert news_of(app, watcher) == ["commented-followed"]


def test_somebody_ignored_is_not_heard_but_their_decisions_are(app) -> None:
    author, moderator = make.person(app), make.moderator(app)
    set_level(app, author, "person", str(moderator), "ignore")
    idea = make.idea(app, author)

    make.comment(app, idea, moderator, body=called(app, author))
    make.decide(app, idea, "decline", by=moderator)
    catch_up(app)

    assert news_of(app, author) == ["decided"]


def test_ideas_of_an_ignored_tag_are_left_out_where_one_watches_more(app) -> None:
    finance, watcher = make.department(app, slug="finance"), make.person(app)
    make.idea(app, tags=["paper"])
    set_level(app, watcher, "department", "finance", "new")
    set_level(app, watcher, "tag", "paper", "ignore")

    make.idea(app, departments=[finance], tags=["paper"])
    make.idea(app, departments=[finance])
    catch_up(app)

    assert news_of(app, watcher) == ["new-idea"]


def test_a_consultant_hears_only_of_what_they_may_see(app) -> None:
    finance, other = make.department(app), make.department(app)
    author = make.person(app, department=finance)
    consultant = make.person(app, kind="consultant", attached=[finance])
    set_level(app, consultant, "person", str(author), "all")

    with app.app_context(), transaction():
        db.session.execute(update(Person).where(Person.id == author).values(department_id=other))
    make.idea(app, author, departments=[other])
    catch_up(app)

    assert news_of(app, consultant) == []


def test_what_one_may_not_see_cannot_be_watched(app, sign_in) -> None:
    finance, it = make.department(app, slug="finance"), make.department(app, slug="it")
    consultant = make.person(app, kind="consultant", attached=[finance])
    hidden = make.idea(app, departments=[it], tags=["secret"])
    draft = make.idea(app, draft=True)
    stranger = make.person(app, department=it)
    browser = sign_in(consultant)

    for address in (
        f"idea/{hidden}", f"idea/{draft}", "department/it", "tag/secret", f"person/{stranger}",
        "standard/PS-001", "nonsense/1", "idea/x", f"person/{consultant}",
    ):  # fmt: skip
        assert browser.get(f"/watch/{address}").status_code == 404, address
        assert browser.post(f"/watch/{address}", {"level": "all"}).status_code == 404, address


def test_a_level_that_there_is_not_is_refused(app, sign_in) -> None:
    idea = make.idea(app)

    assert sign_in().post(f"/watch/idea/{idea}", {"level": "loud"}).status_code == 422


def test_pages_of_things_have_one_quiet_link(app, sign_in) -> None:
    finance, person = make.department(app, slug="finance"), make.person(app)
    make.idea(app, tags=["paper"])
    number = standards.in_force(app, departments=[finance])
    browser = sign_in()

    for page, address in (
        ("/departments/finance", "/watch/department/finance"),
        (f"/people/{person}", f"/watch/person/{person}"),
        ("/ideas?tag=paper", "/watch/tag/paper"),
        (f"/standards/{number}", f"/watch/standard/{number}"),
    ):
        assert browser.page(page).one("a", href=address)
        assert browser.page(address).one("form", action=address)
    assert not browser.page(f"/people/{browser.person_id}").all(
        "a", href=f"/watch/person/{browser.person_id}"
    )


def test_the_choices_list_where_one_hears_more_or_less(app, sign_in) -> None:
    finance, person = make.department(app, "Finance", slug="finance"), make.person(app)
    idea = make.idea(app, title="Faster invoices", tags=["paper"])
    number = standards.in_force(app, title="Paying", departments=[finance])
    for kind, key in (
        ("department", "finance"), ("tag", "paper"), ("idea", str(idea)), ("standard", number),
        ("person", str(make.person(app, name="Boris"))),
    ):  # fmt: skip
        set_level(app, person, kind, key, "ignore")

    text = sign_in(person).page(ADDRESS).text

    for words in ("Finance", "#paper", "Faster invoices", f"{number} Paying", "Boris"):
        assert words in text


def test_who_watches_a_department_watches_its_heir(app) -> None:
    old, heir = make.department(app, slug="old"), make.department(app, slug="heir")
    both, one = make.person(app), make.person(app)
    set_level(app, both, "department", "old", "all")
    set_level(app, both, "department", "heir", "new")
    set_level(app, one, "department", "old", "all")

    admin = make.admin(app)
    with app.app_context():
        departments = [db.session.get_one(Department, number) for number in (old, heir)]
        merging.merge(db.session.get_one(Person, admin), departments[0], into=departments[1])

    assert level(app, both, "department", "heir") == "new"
    assert level(app, one, "department", "heir") == "all"


def test_choices_are_told_to_their_owner_and_forgotten_with_them(app, sign_in) -> None:
    make.department(app, slug="finance")
    person = make.person(app)
    set_level(app, person, "department", "finance", "all")
    hear(app, person, Topic.DECIDED, Channel.MAIL, on=False)

    known = sign_in(person).json("/settings/data.json")
    with app.app_context():
        erase(db.session.get_one(Person, make.admin(app)), db.session.get_one(Person, person))

    assert known["notifications"]["watched"][0]["level"] == "all"
    assert known["notifications"]["choices"][0]["topic"] == "decided"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Watch)) == 0
        assert db.session.scalar(select(func.count()).select_from(NewsChoice)) == 0


# Unsubscribing


def test_the_cells_are_few_enough_to_be_understood() -> None:
    assert len(Topic) <= 8
    assert len(CELLS) <= 20


def test_following_is_heard_as_before(app) -> None:
    person, idea = make.person(app), make.idea(app)
    follow(app, idea, person)
    make.comment(app, idea)
    catch_up(app)

    assert news_of(app, person) == ["commented-followed"]
