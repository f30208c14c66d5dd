"""Minor changes keep confirmations, material ones ask again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from threading import Barrier, Thread

import time_machine
from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db, end_read
from forum.core.errors import Conflict
from forum.standards import actions, drafts
from forum.standards.models import Acknowledgement, Version
from tests.standards import standards
from tests.standards.confirming import confirmations
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
FIRST = "## Rule\n\nPay within ten days.\n\n## Scope\n\nAll suppliers."
SECOND = "## Rule\n\nPay within five days.\n\n## Scope\n\nAll suppliers."


def test_a_minor_change_keeps_who_has_confirmed(app: Flask, sign_in: SignIn) -> None:
    finance, (anna, boris) = confirmations.department_of(app, "Anna", "Boris")
    number = standards.in_force(app, departments=[finance], body=FIRST)
    confirmations.confirm(sign_in(anna), number)

    standards.rewrite(app, number, departments=[finance], body=FIRST + " Slip.", minor=True)

    assert confirmations.ways(app, number, 2) == {anna: "carried"}
    assert confirmations.ways(app, number, 1) == {anna: "page"}
    assert confirmations.counted(app, number) == (1, 2)
    assert "Version 2 changed only a little." in sign_in(anna).page(f"/standards/{number}").text
    assert confirmations.to_confirm(sign_in(anna)) == {}
    assert list(confirmations.to_confirm(sign_in(boris))) == [number]


def test_a_material_change_asks_everybody_again(app: Flask, sign_in: SignIn) -> None:
    number = standards.in_force(app, body=FIRST)
    anna = sign_in()
    confirmations.confirm(anna, number)

    standards.rewrite(app, number, body=SECOND)

    assert confirmations.ways(app, number, 2) == {}
    page = anna.page(f"/standards/{number}")
    assert "Version 1 confirmed, version 2 pending" in page.text
    assert page.all("section", data_fate="changed")
    assert [each.text for each in page.all("ins")] == ["five"]
    assert "Version 1 confirmed" in confirmations.to_confirm(anna)[number]


def test_the_difference_goes_once_it_is_confirmed_and_is_not_shown_to_others(
    app: Flask, sign_in: SignIn
) -> None:
    number = standards.in_force(app, body=FIRST)
    anna = sign_in()
    confirmations.confirm(anna, number)
    standards.rewrite(app, number, body=SECOND)

    assert not sign_in().page(f"/standards/{number}").all("ins")
    confirmations.confirm(anna, number, 2)
    assert not anna.page(f"/standards/{number}").all("ins")


def test_a_minor_change_after_a_material_one_transfers_nothing_older(
    app: Flask, sign_in: SignIn
) -> None:
    number = standards.in_force(app, body=FIRST)
    anna, boris = sign_in(), sign_in()
    confirmations.confirm(anna, number)
    standards.rewrite(app, number, body=SECOND)
    confirmations.confirm(boris, number, 2)

    standards.rewrite(app, number, body=SECOND + " Slip.", minor=True)

    assert list(confirmations.ways(app, number, 3).values()) == ["carried"]
    assert list(confirmations.to_confirm(anna)) == [number]
    assert confirmations.to_confirm(boris) == {}


def test_what_is_carried_keeps_the_day_on_which_it_was_read(app: Flask, sign_in: SignIn) -> None:
    number = standards.in_force(app)
    confirmations.confirm(sign_in(), number)
    standards.rewrite(app, number, body="One.", minor=True)
    standards.rewrite(app, number, body="Two.", minor=True)

    with app.app_context():
        moments = db.session.query(Acknowledgement.at).all()

    assert len(moments) == 3
    assert len(set(moments)) == 1


def test_a_minor_change_gives_nobody_more_time(app: Flask, sign_in: SignIn) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False):
        number = standards.in_force(app, body=FIRST)
        late = make.person(app)
    with time_machine.travel(datetime(2026, 3, 12, 9, tzinfo=UTC), tick=False):
        standards.rewrite(app, number, body=FIRST + " Slip.", minor=True)

        assert "Mar 16, 2026" in confirmations.to_confirm(sign_in(late))[number]


def test_a_minor_change_for_others_asks_from_its_own_day(app: Flask, sign_in: SignIn) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False):
        finance, _people = confirmations.department_of(app, "Anna")
        sales, (boris,) = confirmations.department_of(app, "Boris")
        number = standards.in_force(app, departments=[finance])
    with time_machine.travel(datetime(2026, 6, 1, 9, tzinfo=UTC), tick=False):
        standards.rewrite(app, number, departments=[finance, sales], body="Slip.", minor=True)

        assert "Jun 15, 2026" in confirmations.to_confirm(sign_in(boris))[number]


def test_an_older_version_cannot_be_confirmed_any_more(app: Flask, sign_in: SignIn) -> None:
    number = standards.in_force(app)
    reader = sign_in()
    standards.rewrite(app, number, body=SECOND)

    answer = reader.post(f"/standards/{number}/acknowledge", {"version": "1", "from": "pending"})

    assert answer.status_code == 409
    assert confirmations.ways(app, number, 1) == {}


def test_who_confirms_while_a_minor_change_is_published_is_kept_or_told(app: Flask) -> None:
    people = [make.person(app) for _each in range(6)]
    number = standards.in_force(app)
    curator = make.moderator(app)
    with app.app_context():
        moderator, standard = db.session.get_one(Person, curator), standards.by_number(number)
        wording = drafts.word(of=standard, title="Same", body="A slip mended.", minor=True)
        drafts.save_draft(moderator, standard, wording, seen=standard.lock)
    barrier, noted = Barrier(len(people) + 1), []

    def confirm(person_id: int) -> None:
        with app.app_context():
            person = db.session.get_one(Person, person_id)
            version = db.session.query(Version).filter_by(number=1).one()
            standard = standards.by_number(number)
            end_read()
            barrier.wait()
            with suppress(Conflict):
                actions.acknowledge(person, standard, version)
                noted.append(person_id)

    def publish() -> None:
        with app.app_context():
            moderator, standard = db.session.get_one(Person, curator), standards.by_number(number)
            end_read()
            barrier.wait()
            actions.publish(moderator, standard)

    threads = [Thread(target=confirm, args=(each,)) for each in people]
    threads.append(Thread(target=publish))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert confirmations.ways(app, number, 1) == dict.fromkeys(noted, "page")
    assert confirmations.ways(app, number, 2) == dict.fromkeys(noted, "carried")
