"""`forum init`, `forum people` and `forum audit`, run as on the server."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from sqlalchemy import delete, select, update

from forum.accounts.models import Person
from forum.core import audit
from forum.core.db import db, transaction
from forum.core.events import Event
from forum.core.schema import schema_state
from tests.support import make
from tests.support.browser import Browser

PASSWORD = "our warehouse hums at night"


def forum(folder, *arguments):
    """Run the command in a data folder of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("FORUM_")}
    return subprocess.run(
        [sys.executable, "-m", "forum", *arguments],
        env={**environment, "FORUM_DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def command(app):
    """`command("people", …)`: the command within this test's forum."""
    from forum.__main__ import main

    def run(*arguments):
        from click.testing import CliRunner

        return CliRunner().invoke(main, arguments, obj=_of(app))

    return run


def _of(app):
    from flask.cli import ScriptInfo

    return ScriptInfo(create_app=lambda: app)


def path_of(output):
    """The path of the link that was printed last."""
    return "/" + output.strip().splitlines()[-1].split("/", 3)[3]


def test_init_makes_a_forum_whose_administrator_chooses_a_password(tmp_path):
    from forum.app import create_app

    made = forum(tmp_path, "init", "--admin-email", "Chief@Example.org")
    again = forum(tmp_path, "init", "--admin-email", "other@example.org")

    assert made.returncode == 0, made.stderr
    assert again.returncode == 1
    assert again.stdout == ""
    assert len(again.stderr.strip().splitlines()) == 1
    app = create_app({"DATA_DIR": tmp_path, "TESTING": True})
    browser = Browser(app)
    browser.get(path_of(made.stdout))
    browser.post(path_of(made.stdout), {"password": PASSWORD})
    assert browser.page("/admin").one("html")["data-role"] == "admin"
    with app.app_context():
        assert schema_state() == "ok"
        assert audit.verify()[1] is None
        db.session.remove()
        db.engine.dispose()


def test_init_takes_a_password_from_a_file_and_prints_none(tmp_path):
    from forum.app import create_app

    (tmp_path / "password").write_text(PASSWORD + "\n")
    folder = tmp_path / "data"

    made = forum(
        folder, "init", "--admin-email", "chief@example.org",
        "--admin-password-file", str(tmp_path / "password"),
    )  # fmt: skip

    assert made.returncode == 0, made.stderr
    assert "http" not in made.stdout
    assert PASSWORD not in made.stdout + made.stderr
    app = create_app({"DATA_DIR": folder, "TESTING": True})
    browser = Browser(app)
    browser.get("/sign-in")
    fields = {"email": "chief@example.org", "password": PASSWORD}
    assert browser.post("/sign-in", fields).status_code == 303
    with app.app_context():
        stored = db.session.scalars(select(Person.password_hash)).one()
        db.session.remove()
        db.engine.dispose()
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(
    ("email", "password"), [("nonsense", PASSWORD), ("a@example.org", "short"), ("a@b.org", "")]
)
def test_init_refuses_what_cannot_be_before_it_makes_anything(tmp_path, email, password):
    (tmp_path / "password").write_text(password)

    refused = forum(
        tmp_path / "data", "init", "--admin-email", email,
        "--admin-password-file", str(tmp_path / "password"),
    )  # fmt: skip

    assert refused.returncode == 1
    assert len(refused.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "data" / "forum.sqlite3").exists()


def test_reset_password_prints_a_link_that_works(app, command):
    make.person(app, email="vera@example.org")

    result = command("people", "reset-password", "VERA@example.org")

    browser = Browser(app)
    browser.get(path_of(result.output))
    assert result.exit_code == 0
    assert browser.post(path_of(result.output), {"password": PASSWORD}).status_code == 303


def test_disable_ends_sessions_at_once(app, command, sign_in):
    browser = sign_in(make.person(app, login="4711"))

    result = command("people", "disable", "4711")

    assert result.exit_code == 0
    assert browser.get("/settings").status_code == 303


def test_promote_makes_an_administrator_who_signs_in_anew(app, command, sign_in):
    person = make.person(app, email="vera@example.org")
    browser = sign_in(person)

    command("people", "promote", "vera@example.org")

    assert browser.get("/settings").status_code == 303
    assert sign_in(person).get("/admin").status_code == 200


@pytest.mark.parametrize(
    "arguments",
    [("disable",), ("promote", "--role", "employee"), ("promote", "--role", "moderator")],
)
def test_the_last_administrator_cannot_be_removed(app, command, sign_in, arguments):
    chief = make.admin(app, email="chief@example.org")
    make.admin(app, email="gone@example.org", deactivated_at=make.ago(days=1))

    result = command("people", *arguments, "chief@example.org")

    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1
    assert sign_in(chief).get("/admin").status_code == 200


def test_invite_makes_a_new_person_or_invites_a_known_one(app, command):
    new = command("people", "invite", "nina.petrova@example.org")
    known = command("people", "invite", "nina.petrova@example.org")

    assert Browser(app).page(path_of(known.output)).one("h1").text == "Welcome, Nina Petrova"
    assert Browser(app).get(path_of(new.output)).status_code == 410


@pytest.mark.parametrize("name", ["reset-password", "disable", "promote", "invite"])
def test_somebody_unknown_ends_with_one_line(app, command, name):
    result = command("people", name, "nobody-here")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "nobody-here" in result.stderr


@pytest.mark.parametrize("damage", ["changed", "removed"])
def test_audit_verify_finds_what_was_changed_or_removed(app, command, damage):
    for number in range(3):
        command("people", "invite", f"person{number}@example.org")
    before = command("audit", "verify")

    with app.app_context(), transaction():
        event = db.session.scalars(select(Event.id).order_by(Event.id).offset(1).limit(1)).one()
        if damage == "changed":
            db.session.execute(update(Event).where(Event.id == event).values(actor_id=7))
        else:
            db.session.execute(delete(audit.AuditLink).where(audit.AuditLink.event_id == event))
            db.session.execute(delete(Event).where(Event.id == event))
    after = command("audit", "verify")

    assert before.exit_code == 0
    assert "holds: 6" in before.output
    assert after.exit_code == 1


def test_erasing_a_persons_details_leaves_the_chain_whole(app, command):
    command("people", "invite", "nina@example.org")

    with app.app_context(), transaction():
        db.session.execute(update(Person).values(name="", email=None))

    assert command("audit", "verify").exit_code == 0
