"""The files of the demo company, read once, and what follows from them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CONTENT = Path(__file__).parents[2] / "forum" / "demo" / "content"
STAGES = [
    "draft",
    "open",
    "review",
    "accepted",
    "standardised",
    "done",
    "declined",
    "merged",
    "withdrawn",
]
DECIDED = {"accepted", "standardised", "done", "declined"}
SIGN_INS = {  # what every visitor of the demo is told
    "admin@demo.example": ("admin", "staff"),
    "moderator@demo.example": ("moderator", "staff"),
    "anna@demo.example": ("employee", "staff"),
    "boris@demo.example": ("employee", "staff"),
    "consultant@demo.example": ("employee", "consultant"),
}
Row = dict[str, Any]


def load(name: str) -> Any:
    return json.loads((CONTENT / name).read_text(encoding="utf-8"))


PEOPLE: dict[str, Row] = {row["key"]: row for row in load("people.json")}
DEPARTMENTS: dict[str, Row] = {row["slug"]: row for row in load("departments.json")}
IDEAS: list[Row] = [row for path in sorted(CONTENT.glob("ideas-*.json")) for row in load(path.name)]
BY_ID = {idea["id"]: idea for idea in IDEAS}
STANDARDS: list[Row] = load("standards.json")
LATELY: dict[str, list[Row]] = load("lately.json")
WELCOME: Row = load("welcome.json")


def each_idea(*stages: str) -> Any:
    chosen = [idea for idea in IDEAS if not stages or idea["stage"] in stages]
    return pytest.mark.parametrize("idea", chosen, ids=lambda idea: idea["id"])


each_standard = pytest.mark.parametrize("standard", STANDARDS, ids=lambda row: row["key"])


def active_members(department: str) -> set[str]:
    return {k for k, p in PEOPLE.items() if p["active"] and p["department"] == department}


def answerers(department: str) -> set[str]:
    row = DEPARTMENTS[department]
    return {row["head"], *row["representatives"]}


def touches(idea: Row, department: str) -> bool:
    owner = idea["decision"] and idea["decision"]["owner"]
    written_in = PEOPLE[idea["author"]]["department"]
    return department in {*idea["departments"], owner, written_in}


def moderates(person: str) -> bool:
    return PEOPLE[person]["role"] in {"moderator", "admin"}


def texts() -> Iterator[str]:
    for idea in IDEAS:
        yield from filter(None, (idea["title"], idea["problem"], idea["proposal"]))
        yield from (comment["body"] for comment in idea["comments"])
    for standard in STANDARDS:
        yield from (version["body"] for version in standard["versions"])
    for row in (row for rows in LATELY.values() for row in rows):
        yield from (row[name] for name in ("problem", "proposal", "text", "says") if name in row)
