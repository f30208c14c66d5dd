"""What can be asked: five short items, whether one would recommend it, and one free text.

Perceptions only, without expectations beside them, as SERVPERF asks (Cronin and Taylor, “Measuring
Service Quality: A Reexamination and Extension”, Journal of Marketing 56, 1992). A changed wording
is another version, and what was answered to the one before is kept apart.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core import limits
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid, NotFound
from forum.core.events import record
from forum.core.i18n import _, lazy, locale_code
from forum.core.textcheck import clean_line
from forum.surveys import facts, policy
from forum.surveys.models import ItemKind, ItemVersion, SurveyItem
from forum.surveys.rows import add_missing

MOST_ITEMS = 12
"""More is no longer a minute."""
KEY = re.compile(r"[a-z][a-z0-9-]{1,30}\Z")


LAST = lazy("This is the last question that gives figures. Ask another one again, or add one.")


class Standard(NamedTuple):
    """An item that every forum begins with."""

    key: str
    kind: ItemKind
    en: str
    ru: str


STANDARD = (
    Standard(
        "quality",
        ItemKind.SCALE,
        "What we get is of good quality.",
        "То, что мы получаем, хорошего качества.",
    ),
    Standard(
        "timeliness",
        ItemKind.SCALE,
        "We get it when it was promised.",
        "Мы получаем это тогда, когда обещано.",
    ),
    Standard(
        "clarity",
        ItemKind.SCALE,
        "It is clear whom to ask, and how.",
        "Понятно, к кому обращаться и как.",
    ),
    Standard(
        "helpfulness",
        ItemKind.SCALE,
        "The people there want to help.",
        "Люди там стараются помочь.",
    ),
    Standard(
        "result",
        ItemKind.SCALE,
        "In the end our need is met.",
        "В итоге наша задача решена.",
    ),
    Standard(
        "recommend",
        ItemKind.RECOMMEND,
        "Would you recommend working with them to a colleague?",
        "Посоветуете ли вы коллеге работать с ними?",
    ),
    Standard(
        "words",
        ItemKind.TEXT,
        "What should stay as it is, and what should change?",
        "Что оставить как есть, а что изменить?",
    ),
)


class Asked(NamedTuple):
    """An item as it is asked: its version and both wordings."""

    version_id: int
    item_id: int
    key: str
    kind: str
    number: int
    en: str
    ru: str

    @property
    def words(self) -> str:
        """What it says, in the reader's language."""
        return self.ru if locale_code() == "ru" else self.en


COLUMNS: tuple[Any, ...] = (
    *(ItemVersion.id, SurveyItem.id, SurveyItem.key, SurveyItem.kind),
    *(ItemVersion.number, ItemVersion.en, ItemVersion.ru),
)


def current() -> list[Asked]:
    """The newest version of every item that is asked, in the order of the library. One query."""
    return [asked for asked, retired in every() if not retired]


def number_asked() -> int:
    """How many questions are asked about a service: of an empty library those that `ensure` puts
    into it. One query."""
    found = every()
    return sum(not retired for _asked, retired in found) if found else len(STANDARD)


def every() -> list[tuple[Asked, bool]]:
    """The same with the retired ones, and whether each is. One query."""
    other = aliased(ItemVersion)
    newest = (
        select(func.max(other.number))
        .where(other.item_id == SurveyItem.id)
        .correlate(SurveyItem)
        .scalar_subquery()
    )
    query = (
        select(*COLUMNS, SurveyItem.retired_at)
        .join(ItemVersion, ItemVersion.item_id == SurveyItem.id)
        .where(ItemVersion.number == newest)
        .order_by(SurveyItem.position, SurveyItem.id)
    )
    return [(Asked(*row[:-1]), row[-1] is not None) for row in db.session.execute(query)]


def ensure() -> None:
    """Put the standard items into an empty library, in the open write."""
    if db.session.scalar(select(SurveyItem.id).limit(1)) is not None:
        return
    values = [
        {"key": each.key, "kind": str(each.kind), "position": place, "retired_at": None}
        for place, each in enumerate(STANDARD, 1)
    ]
    add_missing(SurveyItem, values)
    ids = {row.key: row.id for row in db.session.execute(select(SurveyItem.key, SurveyItem.id))}
    versions = [
        {
            "item_id": ids[each.key],
            "number": 1,
            "en": each.en,
            "ru": each.ru,
            "at": now(),
            "by_id": None,
        }
        for each in STANDARD
    ]
    add_missing(ItemVersion, versions)


def word(person: Person, key: str, *, en: str, ru: str, seen: int) -> bool:
    """Another wording of an item, as its next version; False where nothing is different.

    Running waves go on with the wording they opened with. Raises Conflict where somebody has
    reworded it since version `seen`.
    """
    require(policy.may_plan(person))
    words = _checked(en, ru)
    with transaction():
        ensure()
        item = _hold(key)
        last = db.session.scalars(
            select(ItemVersion)
            .where(ItemVersion.item_id == item.id)
            .order_by(ItemVersion.number.desc())
            .limit(1)
        ).one()
        if (last.en, last.ru) == words:
            return False
        if last.number != seen:
            raise Conflict(_("Somebody has reworded this question meanwhile. Look at it again."))
        _version(person, item, last.number + 1, words)
    return True


def add(person: Person, *, key: str, kind: str, en: str, ru: str) -> None:
    """A new item at the end of the library. Raises Invalid, and says what to do."""
    require(policy.may_plan(person))
    words = _checked(en, ru)
    if not KEY.match(key):
        raise Invalid(
            _("Give it a short name of small Latin letters, such as “speed”."), field="key"
        )
    if kind not in frozenset(ItemKind):
        raise Invalid(_("Choose one from the list."), field="kind")
    with transaction():
        ensure()
        known = db.session.execute(select(SurveyItem.key, SurveyItem.position).with_for_update())
        places = {row.key: row.position for row in known}
        if key in places:
            raise Invalid(_("There is a question of this name already."), field="key")
        if len(places) >= MOST_ITEMS:
            raise Invalid(
                _("A library holds at most %(limit)d questions.", limit=MOST_ITEMS), field="key"
            )
        item = SurveyItem(key=key, kind=kind, position=max(places.values(), default=0) + 1)
        db.session.add(item)
        db.session.flush()
        _version(person, item, 1, words)


def retire(person: Person, key: str, *, back: bool = False) -> None:
    """Ask an item no more in later waves, or again. Raises Conflict where nothing would be left
    that gives figures."""
    require(policy.may_plan(person))
    with transaction():
        ensure()
        db.session.execute(select(SurveyItem.id).with_for_update())
        item = _hold(key)
        rated = [each.key for each in current() if each.kind != ItemKind.TEXT]
        if rated == [key] and not back:
            raise Conflict(LAST)
        moved = db.session.execute(
            update(SurveyItem)
            .where(SurveyItem.id == item.id, SurveyItem.retired_at.is_not(None) == back)
            .values(retired_at=None if back else now())
        )
        if moved.rowcount:  # type: ignore[attr-defined]
            record(facts.RETIRED, by=person, about=("survey-item", item.id), back=int(back))


def _version(person: Person, item: SurveyItem, number: int, words: tuple[str, str]) -> None:
    made = ItemVersion(item_id=item.id, number=number, en=words[0], ru=words[1], by_id=person.id)
    db.session.add(made)
    db.session.flush()
    record(facts.REWORDED, by=person, about=("survey-item", item.id), version=number)


def _hold(key: str) -> SurveyItem:
    query = select(SurveyItem).where(SurveyItem.key == key).with_for_update()
    item = db.session.scalars(query.execution_options(populate_existing=True)).first()
    if item is None:
        raise NotFound
    return item


def _checked(en: str, ru: str) -> tuple[str, str]:
    words = clean_line(en), clean_line(ru)
    for field, said in zip(("en", "ru"), words, strict=True):
        if not said:
            raise Invalid(_("Write it in both languages."), field=field)
        if not limits.TITLE.allows(said):
            raise Invalid(_("Say it in one line."), field=field)
    return words
