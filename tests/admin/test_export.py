"""What is exported, imported elsewhere, is the same company with the same ideas."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from forum.core.db import db, transaction
from forum.departments.models import Department, Service
from forum.ideas.models import Idea
from tests.support import make
from tests.support.forums import Prepared

FILES = ("people.csv", "departments.csv", "people.csv", "services.csv", "ideas.jsonl")
"""People name departments and departments name people, so people come twice."""


def run(app: Flask, *arguments: str) -> str:
    result = app.test_cli_runner().invoke(args=list(arguments))
    assert result.exit_code == 0, result.output
    return str(result.output)


def company(app: Flask) -> int:
    """Two departments, a consultant, a service and an idea that was talked about and accepted."""
    finance, it = make.department(app, "Финансы"), make.department(app, "IT")
    anna = make.person(app, name="=Anna", department=finance, locale="ru", email="anna@example.org")
    boris = make.person(app, name="Boris", email=None, login="4711", department=it)
    make.represent(app, boris, it)
    make.person(app, kind="consultant", attached=[it], email="carl@example.org")
    with app.app_context(), transaction():
        db.session.get_one(Department, finance).head_id = anna
        db.session.add(Service(provider_id=it, customer_id=finance, name="Laptops"))
    idea = make.idea(
        app, anna, departments=[it], tags=["счета", "quick win"], proposal="- one\n- two"
    )
    reply_to = make.comment(app, idea, boris, "I **agree**.")
    make.comment(app, idea, anna, "Thank you.", parent=reply_to)
    make.comment(app, idea, boris, "And one more.")
    make.vote(app, idea, boris)
    make.decide(app, idea, owner_id=it)
    return idea


def contents(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}


def test_an_export_imported_elsewhere_is_the_same_forum(
    app: Flask, prepared: Prepared, tmp_path: Path
) -> None:
    company(app)
    run(app, "export", str(tmp_path / "one"))
    prepared.reset()
    for name in FILES:
        run(app, "import", name.partition(".")[0], str(tmp_path / "one" / name))
    run(app, "export", str(tmp_path / "two"))

    assert contents(tmp_path / "two") == contents(tmp_path / "one")
    assert "Thank you." in contents(tmp_path / "two")["ideas.jsonl"]


def test_an_export_names_no_voter_and_holds_nothing_hidden(app: Flask, tmp_path: Path) -> None:
    idea, voter = make.idea(app, problem="Open words."), make.person(app, email="vera@example.org")
    make.vote(app, idea, voter)
    make.idea(app, problem="Words of a draft.", draft=True)
    hidden = make.idea(app, problem="Hidden words.")
    with app.app_context(), transaction():
        from forum.core.clock import now

        db.session.get_one(Idea, hidden).hidden_at = now()
    run(app, "export", str(tmp_path))

    ideas = contents(tmp_path)["ideas.jsonl"]
    assert "Open words." in ideas
    assert '"votes": 1' in ideas
    assert not any(word in ideas for word in ("vera@", "draft", "Hidden"))


def test_the_files_of_an_export_are_their_owners_alone(app: Flask, tmp_path: Path) -> None:
    run(app, "export", str(tmp_path / "new"))

    modes = {file.stat().st_mode & 0o777 for file in (tmp_path / "new").iterdir()}
    assert modes == {0o600}
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
