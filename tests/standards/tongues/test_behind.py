"""By how many versions a translation is behind, after any sequence of edits and moves."""

from __future__ import annotations

from random import Random

import pytest
from flask import Flask
from sqlalchemy import update

from forum.core.db import db, transaction
from forum.standards.models import Version
from forum.standards.tongues.models import Part
from forum.standards.tongues.queries import _since
from tests.standards import standards
from tests.standards.tongues import translating

NAMES = ("Alpha", "Bravo", "Charlie", "Delta", "Echo")
STEPS = 14


class Model:
    """Clauses by their heading, which here is their identity, and what was translated of each."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.clauses = {name: 0 for name in NAMES[:3]}
        self.history: dict[str, list[tuple[int, int]]] = {}
        self.translated: dict[str, dict[int, int]] = {}
        self.version = 1
        self.note()

    @property
    def body(self) -> str:
        return "\n\n".join(
            f"## {name}\n\nWording {n} of {name}." for name, n in self.clauses.items()
        )

    def note(self) -> None:
        for name, wording in self.clauses.items():
            self.history.setdefault(name, []).append((self.version, wording))

    def edit(self) -> None:
        """Reword some, bring older wordings back, drop, bring back and move."""
        for name in list(self.clauses):
            self.clauses[name] = self.random.choice([self.clauses[name]] * 2 + [0, 1, 2, 3])
        if len(self.clauses) > 1 and self.random.random() < 0.3:
            del self.clauses[self.random.choice(list(self.clauses))]
        for name in NAMES:
            if name not in self.clauses and self.random.random() < 0.3:
                self.clauses[name] = self.random.choice([0, 1, 2])
        order = list(self.clauses.items())
        self.random.shuffle(order)
        self.clauses = dict(order)
        self.version += 1
        self.note()

    def translate(self, name: str) -> None:
        self.translated.setdefault(name, {})[self.clauses[name]] = self.version

    def behind(self, name: str) -> int | None:
        """None where there is no translation."""
        if name not in self.translated:
            return None
        if self.clauses[name] in self.translated[name]:
            return 0
        wording, version = max(self.translated[name].items(), key=lambda row: row[1])
        since = [said for at, said in self.history[name] if at > version]
        return sum(one != other for one, other in zip([wording, *since], since, strict=False))


@pytest.mark.parametrize("seed", range(4))
def test_behind_counts_the_versions_that_worded_a_clause_anew(app: Flask, seed: int) -> None:
    model = Model(Random(seed))  # noqa: S311 - not a secret
    number = standards.in_force(app, title="Rules", body=model.body)

    for _step in range(STEPS):
        _compare(app, number, model)
        if model.random.random() < 0.5:
            name = model.random.choice(list(model.clauses))
            key = _keys(app, number)[name]
            text = f"{model.version} {model.clauses[name]}"
            if translating.translate(app, number, {key: (name, text)}, lang="ru"):
                model.translate(name)
            _compare(app, number, model)
        model.edit()
        standards.rewrite(app, number, title="Rules", body=model.body)


def _keys(app: Flask, number: str) -> dict[str, int]:
    with app.app_context():
        return {part.title: part.key for part in translating.state(number)[2] if part.key}


def _compare(app: Flask, number: str, model: Model) -> None:
    keys = _keys(app, number)
    with app.app_context():
        found = translating.known(number, "ru")
    told = {name: found[key].behind if key in found else None for name, key in keys.items()}
    assert told == {name: model.behind(name) for name in model.clauses}


def test_a_title_of_several_lines_says_no_other_version() -> None:
    assert _since(Part.CLAUSE, "2 b\n² x\n1 a") == ["a", "b"]


@pytest.mark.parametrize(
    ("openings", "behind"),
    [
        (("For all.", "For all.", "For many."), 1),
        (("For all.", "For many.", "For all."), 0),
        (("For all.", "For all.", "For all."), 0),
    ],
)
@pytest.mark.parametrize("unknown", [2, 3])
def test_a_version_whose_beginning_was_not_written_down_words_nothing_anew(
    app: Flask, openings: tuple[str, str, str], behind: int, unknown: int
) -> None:
    first, *rest = (f"{opening}\n\n## Alpha\n\nText." for opening in openings)
    number = standards.in_force(app, title="Rules", body=first)
    translating.translate(app, number, {"opening": ("", "Для всех.")}, lang="ru")
    for change, body in enumerate(rest):
        standards.rewrite(app, number, title=f"Rules {change}", body=body)
    with app.app_context(), transaction():
        version = update(Version).where(Version.number == unknown)
        db.session.execute(version.values(opening=None))

    with app.app_context():
        assert translating.known(number, "ru")["opening"].behind == behind


def test_a_title_is_behind_whatever_is_known_of_the_beginning(app: Flask) -> None:
    number = standards.in_force(app, title="Rules", body="## Alpha\n\nText.")
    translating.translate(app, number, {"title": ("Правила", "")}, lang="ru")
    for title in ("Rules for some", "Rules for all"):
        standards.rewrite(app, number, title=title, body="## Alpha\n\nText.")
    with app.app_context(), transaction():
        db.session.execute(update(Version).values(opening=None))

    with app.app_context():
        assert translating.known(number, "ru")["title"].behind == 2
