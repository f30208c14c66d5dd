"""Documents put together from real texts: half of one and half of another, so the vocabulary is
that of people who write Russian and English."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from forum.search.analysis import words_of
from forum.search.documents import Document

STAGES = ("new", "review", "accepted", "done", "declined")
DEPARTMENTS, TAGS = 40, 3_000
YEARS = 5
SEED = 5
_YEAR = 365 * 86_400 * 1_000_000
_FIRST = 51 * _YEAR
LONGEST = 1_500


class Written(NamedTuple):
    """A title and a text."""

    title: str
    body: str


@cache
def written(data: Path) -> dict[str, list[Written]]:
    """The texts of `ir/*/docs.jsonl` and `ideas/*.jsonl` by language."""
    found: dict[str, list[Written]] = {"ru": [], "en": []}
    for path in sorted((*data.glob("ir/*/docs.jsonl"), *data.glob("ideas/*.jsonl"))):
        for line in path.open(encoding="utf-8"):
            row = json.loads(line)
            body = row.get("text") or row.get("markdown") or row.get("body") or ""
            if isinstance(body, str) and len(body) > 40:
                lang = "ru" if any("а" <= char <= "я" for char in body[:200]) else "en"
                title = str(row.get("title") or body[:60])
                found[lang].append(Written(title, body[:LONGEST]))
    return found


def mixed(texts: dict[str, list[Written]], lang: str, chance: random.Random) -> Written:
    """The title and the first half of one text with the second half of another."""
    one, other = chance.choices(texts[lang] or texts["en"], k=2)
    body = f"{one.body[: len(one.body) // 2]} {other.body[len(other.body) // 2 :]}"
    return Written(one.title, body)


def documents(data: Path, count: int) -> Iterator[Document]:
    """As many documents as asked for; every third a comment, every second in Russian."""
    chance = random.Random(SEED)  # noqa: S311
    texts = written(data)
    for number in range(1, count + 1):
        lang = "ru" if number % 2 and texts["ru"] else "en"
        title, body = mixed(texts, lang, chance)
        is_idea = number % 3 > 0
        tags = {int(TAGS * chance.random() ** 3) for _ in range(chance.randrange(3) * is_idea)}
        affected = {1 + int(DEPARTMENTS * chance.random() ** 2) for _ in range(1 + number % 3)}
        home = number % DEPARTMENTS + 1
        yield Document(
            kind="idea" if is_idea else "comment",
            id=number,
            title=title if is_idea else "",
            body=body,
            tags=tuple(f"tag{tag}" for tag in tags),
            lang=lang,
            stage=STAGES[number % 5] if is_idea else "",
            departments=tuple(affected),
            scope=(f"d{home}", f"p{number % 997}"),
            at=_FIRST + number * YEARS * _YEAR // count,
            author=number % 997 + 1,
            home=home,
        )


def lemmas(document: Document) -> str:
    """A document as other engines are given it: dictionary forms with spaces between."""
    words = (*words_of(document.title), *words_of(document.body))
    return " ".join(word.lemmas[0].replace("-", "_") for word in words if word.lemmas)
