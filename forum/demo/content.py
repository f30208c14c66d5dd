"""What the demo company consists of, read from the files in `content/`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "content"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """The files, as their README describes them."""

    departments: list[Row]
    people: list[Row]
    services: list[Row]
    ideas: list[Row]
    earlier: dict[str, Row]
    standards: list[Row]
    glossary: list[Row]
    campaign: Row
    scorecard: Row
    map: Row
    lately: dict[str, list[Row]]
    curated: Row
    anonymous: Row
    training: Row
    surveys: Row
    thanks: list[Row]
    welcome: Row

    def person(self, key: str) -> Row:
        """A person's row."""
        return next(row for row in self.people if row["key"] == key)

    def handles(self) -> set[str]:
        """The e-mail addresses and staff numbers of the company's people."""
        return {row[name] for row in self.people for name in ("email", "login") if row[name]}


def read() -> Content:
    """All of it, about 10 ms."""
    return Content(
        departments=_load("departments.json"),
        people=_load("people.json"),
        services=_load("services.json"),
        ideas=[row for path in sorted(FOLDER.glob("ideas-*.json")) for row in _load(path.name)],
        earlier={row["idea"]: row for row in _load("earlier.json")},
        standards=_load("standards.json"),
        glossary=_load("glossary.json"),
        campaign=_load("campaign.json"),
        scorecard=_load("scorecard.json"),
        map=_load("map.json"),
        lately=_load("lately.json"),
        curated=_load("curated.json"),
        anonymous=_load("anonymous.json"),
        training=_load("training.json"),
        surveys=_load("surveys.json"),
        thanks=_load("thanks.json"),
        welcome=_load("welcome.json"),
    )


def _load(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))
