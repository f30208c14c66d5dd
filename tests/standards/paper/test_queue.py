"""Long standards are printed in a job, which shows how far it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from forum.core.clock import now
from forum.core.db import db
from forum.standards.paper import kept, queue, sheet
from forum.standards.paper.models import Printing
from tests.standards import standards

pytest.importorskip("weasyprint")
LONG = "".join(f"## Rule {n}\n\n{'Finance pays on Fridays. ' * 20}\n\n" for n in range(16))


@pytest.fixture(autouse=True)
def long_already(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four pages are long enough, or the tests would be."""
    monkeypatch.setattr(sheet, "LONG", 6_000)


def printings(app: Flask) -> list[Printing]:
    with app.app_context():
        return db.session.query(Printing).all()


def work(app: Flask) -> int:
    """What the jobs process does at a look."""
    with app.app_context():
        return queue.print_next()


def test_a_long_one_is_asked_for_made_and_then_there(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=LONG)
    reader = sign_in()

    sent_on = reader.get(f"/standards/{number}.pdf")
    asked = reader.post(f"/standards/{number}/print", {"version": "1"})
    waiting = reader.page(f"/standards/{number}/print?version=1")
    assert work(app) == 1
    ready = reader.page(f"/standards/{number}/print?version=1")
    pdf = reader.get(f"/standards/{number}.pdf")

    assert (sent_on.status_code, sent_on.location) == (303, f"/standards/{number}/print?version=1")
    assert (asked.status_code, asked.location) == (303, f"/standards/{number}/print?version=1")
    assert waiting.one("section", id="printing")["data-hx-get"].endswith("/print?version=1")
    assert "It waits for its turn" in waiting.text
    assert "The PDF is ready." in ready.text
    assert pdf.data.startswith(b"%PDF-")
    [row] = printings(app)
    assert row.pages > 2
    assert work(app) == 0


def test_progress_is_told_while_it_goes_on(
    app: Flask, sign_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = standards.in_force(app, body=LONG)
    reader = sign_in()
    reader.post(f"/standards/{number}/print")
    seen = []
    monkeypatch.setattr(queue, "TELL_EVERY", 0)
    settle = queue._settle

    def told(printing_id: int, **values: object) -> None:
        settle(printing_id, **values)
        if values.get("pages") == 3 and not seen:
            seen.append(reader.page(f"/standards/{number}/print").text)

    monkeypatch.setattr(queue, "_settle", told)
    work(app)

    assert "3 pages are laid out so far." in seen[0]


def test_asked_twice_it_is_printed_once(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=LONG)
    for _each in range(2):
        sign_in().post(f"/standards/{number}/print")

    assert len(printings(app)) == 1
    assert (work(app), work(app)) == (1, 0)


def test_one_that_ends_its_printer_is_not_printed_for_ever(
    app: Flask, sign_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = standards.in_force(app, body=LONG)
    reader = sign_in()
    reader.post(f"/standards/{number}/print")

    def killed(*_rest: object, **_more: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(queue, "print_out", killed)
    start = now()
    for minutes in (0, 10):
        with (
            time_machine.travel(start + timedelta(minutes=minutes)),
            pytest.raises(KeyboardInterrupt),
        ):
            work(app)
    with time_machine.travel(start + timedelta(minutes=20)):
        assert work(app) == 1
    page = reader.page(f"/standards/{number}/print")

    assert "could not be made" in page.text
    assert work(app) == 0


def test_a_failure_is_told_and_can_be_tried_again(
    app: Flask, sign_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = standards.in_force(app, body=LONG)
    reader = sign_in()
    reader.post(f"/standards/{number}/print")
    with monkeypatch.context() as broken:
        broken.setattr(queue, "print_out", None)
        work(app)
    assert "could not be made" in reader.page(f"/standards/{number}/print").text

    reader.post(f"/standards/{number}/print")
    work(app)

    assert "The PDF is ready." in reader.page(f"/standards/{number}/print").text


def test_what_was_printed_is_forgotten_after_a_week(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=LONG)
    sign_in().post(f"/standards/{number}/print")
    work(app)
    [row] = printings(app)

    with app.app_context():
        queue.sweep()
        assert kept.has(row.digest)
    with time_machine.travel(now() + timedelta(days=8)), app.app_context():
        queue.sweep()
        assert not kept.has(row.digest)
        assert db.session.query(Printing).count() == 0


def test_a_new_version_has_a_pdf_of_its_own(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=LONG)
    reader = sign_in()
    reader.post(f"/standards/{number}/print")
    work(app)

    standards.rewrite(app, number, body=LONG + "More.")

    assert reader.get(f"/standards/{number}.pdf").status_code == 303
