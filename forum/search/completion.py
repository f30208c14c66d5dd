"""What is proposed in the box while somebody types a filter: its name, then its values.

Everything out of the one table of operators, and nothing that the reader may not know.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlencode

from sqlalchemy import select

from forum.accounts.models import Person
from forum.accounts.names import name_key
from forum.campaigns.queries import titles_for
from forum.core.db import db
from forum.core.i18n import LANGUAGE_NAMES, _, locale_code
from forum.core.words import normalize
from forum.departments.visibility import people_visible_to
from forum.ideas import stage_cards
from forum.search import hits
from forum.search.engine.queries import Every, Fitting
from forum.search.engine.stock import Unreadable
from forum.search.filters import values
from forum.search.filters.conditions import of_kinds
from forum.search.filters.readers import Asking
from forum.search.language.nodes import quoted
from forum.search.language.operators import Operator, operator_of
from forum.search.loading import present_people
from forum.search.names import KIND_NAMES, STAGE_NAMES
from forum.search.open_index import open_index, reading
from forum.search.visibility import kinds_on, operators_for, search_for

MOST = 8
SHORTEST = 2
HEADING_NUMBER = re.compile(r"^[\d.]+\s+")
_UNFINISHED = re.compile(
    r"(?:^|(?<=[\s(|]))(?P<minus>-?)(?P<name>[^\W\d_][\w-]{0,30})"
    r'(?P<colon>:(?P<done>(?:(?:"[^"]*"|[^\s"(),|]+)[,|])*)(?P<value>"[^"]*|[^\s"(),|]*))?$'
)


class Proposal(NamedTuple):
    """The text as it would be with a filter completed, what is added, and what that means."""

    text: str
    title: str
    label: str

    @property
    def ends(self) -> bool:
        """Whether it is complete, with a value."""
        return self.text.endswith(" ")

    @property
    def item(self) -> dict[str, str]:
        """The same for the box; its address is the search that it would be."""
        url = f"/search?{urlencode({'q': self.text.strip()})}"
        return {"title": self.title, "label": self.label, "text": self.text, "url": url}


class Word(NamedTuple):
    """A value as it is typed, and what it is called."""

    written: str
    label: str


def proposals(reader: Person, text: str) -> list[Proposal]:
    """How the filter at the end of a text may go on. At most two queries; none for its name."""
    found = _UNFINISHED.search(text)
    if found is None:
        return []
    before = text[: found.start()] + found["minus"]
    if found["colon"] is None:
        return [
            Proposal(f"{before}{word}:", f"{word}:", str(operator.about))
            for operator, word in islice(_operators(reader, found["name"]), MOST)
        ]
    operator = operator_of(found["name"])
    if operator is None or operator.takes not in VALUES:
        return []
    before += f"{found['name']}:{found['done']}"
    return [
        Proposal(f"{before}{quoted(word.written)} ", f"{found['name']}:{word.written}", word.label)
        for word in _values(reader, operator, found["value"].removeprefix('"'))
    ]


def _values(reader: Person, operator: Operator, typed: str) -> list[Word]:
    snapshot = open_index().snapshot()
    if snapshot is None:
        return []
    cards = hits.seen_cards(reader, hits.all_cards())
    try:
        with reading(snapshot):
            asking = Asking(reader, search_for(reader, snapshot), cards)
            return list(islice(VALUES[operator.takes](asking, operator, typed), MOST))
    except Unreadable:
        return []


def _operators(reader: Person, typed: str) -> Iterator[tuple[Operator, str]]:
    """The operators with a word that begins so; those of the reader's language first."""
    plain = normalize(typed)
    if len(plain) < SHORTEST:
        return
    for operator in operators_for(reader):
        words = sorted(operator.words, key=lambda word: word != operator.word(locale_code()))
        fitting = next((word for word in words if normalize(word).startswith(plain)), None)
        if fitting is not None:
            yield operator, fitting


Values = Callable[[Asking, Operator, str], Iterable[Word]]


def _kinds(_asking: Asking, _operator: Operator, typed: str) -> Iterator[Word]:
    for word in _choices(values.KINDS, typed):
        kind = values.KINDS.value(word)
        if kind in kinds_on():
            yield Word(word, str(KIND_NAMES[kind]))


def _stages(_asking: Asking, _operator: Operator, typed: str) -> Iterator[Word]:
    for word in _choices(values.STAGES, typed):
        yield Word(word, str(STAGE_NAMES[values.STAGES.value(word) or ""]))
    for card in stage_cards.added():
        if normalize(card.name).startswith(normalize(typed)) or card.slug.startswith(typed):
            yield Word(card.slug, card.name)


def _plain(choices: values.Choices) -> Values:
    return lambda _asking, _operator, typed: (Word(word, "") for word in _choices(choices, typed))


def _choices(choices: values.Choices, typed: str) -> Iterator[str]:
    """A word for each value that begins so, in the reader's language if that one does."""
    seen = set()
    for word, value in choices.all_words(locale_code()):
        if value not in seen and normalize(word).startswith(normalize(typed)):
            seen.add(value)
            yield word


def _departments(asking: Asking, _operator: Operator, typed: str) -> Iterator[Word]:
    wanted = normalize(typed)
    current = (card for card, _description, is_current in asking.cards.values() if is_current)
    for card in sorted(current, key=lambda card: card.name):
        named = f" {normalize(card.name)} {normalize(card.code)} {card.slug}"
        if f" {wanted}" in named:
            yield Word(card.code, card.name)


def _answering(asking: Asking, operator: Operator, typed: str) -> Iterator[Word]:
    yield from _me(typed, ("me", "меня"), _("Your departments"))
    yield from _departments(asking, operator, typed)


def _people(asking: Asking, _operator: Operator, typed: str) -> Iterator[Word]:
    yield from _me(typed, ("me", "я"), asking.reader.name)
    words = name_key(typed).split()
    if len("".join(words)) < SHORTEST:
        return
    query = select(Person.name).where(
        *(Person.name_key.contains(f" {word}", autoescape=True) for word in words[:8]),
        *present_people(),
        people_visible_to(asking.reader),
    )
    for name in db.session.scalars(query.order_by(Person.name_key).limit(MOST)):
        yield Word(name, "")


def _me(typed: str, words: tuple[str, str], label: str) -> Iterator[Word]:
    word = words[locale_code() == "ru"]
    if word.startswith(normalize(typed)):
        yield Word(word, label)


def _tags(asking: Asking, _operator: Operator, typed: str) -> Iterator[Word]:
    """The tags that the reader sees, the most frequent first."""
    search, wanted = asking.search, normalize(typed)
    counts = search.snapshot.counted("tag", search.find(Every(0.0)).docs)
    fitting = (name for name in counts if f" {wanted}" in f" {normalize(name)}")
    for name in sorted(fitting, key=lambda name: (-counts[name], name)):
        yield Word(name, "")


def _numbers(asking: Asking, _operator: Operator, typed: str) -> Iterator[Word]:
    """The standards in force that the reader sees."""
    search = asking.search
    # Ideas have the number of what they became, which not everybody sees who sees the idea.
    docs = search.find(Fitting(of_kinds("standard"))).docs
    counts = search.snapshot.counted("standard", docs)
    for number in sorted(counts):
        if number.startswith(typed.upper()):
            yield Word(number, "")


def _clauses(asking: Asking, _operator: Operator, typed: str) -> Iterator[Word]:
    """The headings of standards in force that the reader sees, the most frequent first."""
    search, wanted = asking.search, normalize(typed)
    counts = search.snapshot.counted("clause", search.find(Fitting(of_kinds("standard"))).docs)
    named: Counter[str] = Counter()
    for heading, count in counts.items():
        named[HEADING_NUMBER.sub("", heading)] += count
    fitting = (name for name in named if f" {wanted}" in f" {name}")
    for name in sorted(fitting, key=lambda name: (-named[name], name)):
        yield Word(name, "")


def _owners(asking: Asking, operator: Operator, typed: str) -> Iterator[Word]:
    yield from _people(asking, operator, typed)
    yield from _departments(asking, operator, typed)


def _campaigns(asking: Asking, _operator: Operator, typed: str) -> Iterator[Word]:
    """Campaigns by a word of their title, the newest first. One query."""
    for _number, title in titles_for(asking.reader):
        if f" {normalize(typed)}" in f" {normalize(title)}":
            yield Word(title, "")


def _days(_asking: Asking, _operator: Operator, typed: str) -> Iterator[Word]:
    plain = normalize(typed)
    russian = locale_code() == "ru"
    for english_word, russian_word, _days_of in values.NAMED_DAYS:
        words = (russian_word, english_word) if russian else (english_word, russian_word)
        fitting = next((word for word in words if word.startswith(plain)), None)
        if fitting is not None:
            yield Word(fitting, "")


def _languages(_asking: Asking, _operator: Operator, typed: str) -> Iterator[Word]:
    plain = normalize(typed)
    for code, name in LANGUAGE_NAMES.items():
        if code.startswith(plain) or normalize(name).startswith(plain):
            yield Word(code, name)


VALUES: dict[str, Values] = {
    "kind": _kinds,
    "stage": _stages,
    "department": _departments,
    "person": _people,
    "tag": _tags,
    "day": _days,
    "answering": _answering,
    "having": _plain(values.HAVING),
    "standard": _numbers,
    "clause": _clauses,
    "version": _plain(values.VERSIONS),
    "owner": _owners,
    "campaign": _campaigns,
    "lang": _languages,
    "sort": _plain(values.SORTS),
}
