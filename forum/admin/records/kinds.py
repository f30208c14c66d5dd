"""What files call a row that another one refers to, and which row such a name means here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.admin.export_files import comment_name
from forum.admin.export_ideas import name_of
from forum.admin.export_parts import called
from forum.core.db import db
from forum.core.texts import Text
from forum.departments.models import Department, Service
from forum.discussion.models import Comment
from forum.ideas.imports.authors import Authors, key_of
from forum.ideas.imports.desk import Desk
from forum.ideas.models import Answer, Idea, Tag
from forum.standards.clauses.models import Clause
from forum.standards.models import Standard, Version
from forum.surveys.models import ItemVersion, SurveyItem

if TYPE_CHECKING:
    from forum.admin.records.trial import Trial

ASKED = 400
"""Names in one query."""


@dataclass(slots=True)
class Run:
    """One export or import: the people it knows, and by table the numbers that files give to rows
    which have no name of their own."""

    desk: Desk = field(default_factory=lambda: Desk(Authors(), {}))
    numbers: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    trial: Trial | None = None
    """What the lines so far would have done, where nothing is written."""


class Kind(NamedTuple):
    """Names by the ids of rows, for an export; ids by name, for an import."""

    names: Callable[[Run, Sequence[int]], dict[int, Any]]
    ids: Callable[[Run, Sequence[Any]], dict[Any, int]]


def numbered(table: str) -> Kind:
    """Rows that a file counts from one, in its order."""

    def told(run: Run, wanted: Sequence[int]) -> dict[int, int]:
        counted = run.numbers[table]
        return {number: counted[number] for number in wanted if number in counted}

    return Kind(told, told)


def _people(_run: Run, ids: Sequence[int]) -> dict[int, Any]:
    query = select(Person).where(Person.id.in_(ids))
    return {person.id: called(person) for person in db.session.scalars(query)}


def _people_called(run: Run, names: Sequence[Any]) -> dict[Any, int]:
    return {name: run.desk.authors.of(name).id for name in names if key_of(str(name))}


def _by(model: Any, column: Any) -> Kind:
    """Rows of a table that are told apart by one column."""

    def names(_run: Run, ids: Sequence[int]) -> dict[int, Any]:
        return _pairs(select(model.id, column).where(model.id.in_(ids)))

    def ids(_run: Run, names: Sequence[Any]) -> dict[Any, int]:
        return _pairs(select(column, model.id).where(column.in_(_texts(names))))

    return Kind(names, ids)


def _pairs(query: Any) -> dict[Any, Any]:
    return {row[0]: row[1] for row in db.session.execute(query)}


def _texts(names: Iterable[Any]) -> list[str]:
    return [name for name in names if isinstance(name, str)]


def _ideas(_run: Run, ids: Sequence[int]) -> dict[int, Any]:
    return _pairs(select(Idea.id, name_of(Idea)).where(Idea.id.in_(ids)))


def _ideas_called(_run: Run, names: Sequence[Any]) -> dict[Any, int]:
    return _pairs(select(Idea.source_id, Idea.id).where(Idea.source_id.in_(_texts(names))))


def _comments(_run: Run, ids: Sequence[int]) -> dict[int, Any]:
    query = (
        select(Comment.id, name_of(Idea), comment_name())
        .join(Idea, Idea.thread_id == Comment.thread_id)
        .where(Comment.id.in_(ids), Comment.deleted_at.is_(None))
    )
    return {row[0]: [row[1], row[2]] for row in db.session.execute(query)}


def _comments_called(_run: Run, names: Sequence[Any]) -> dict[Any, int]:
    ideas, comments = _split(names)
    query = (
        select(Idea.source_id, Comment.source_id, Comment.id)
        .join(Idea, Idea.thread_id == Comment.thread_id)
        .where(Idea.source_id.in_(ideas), Comment.source_id.in_(comments))
    )
    return {(row[0], row[1]): row[2] for row in db.session.execute(query)}


def _slots(_run: Run, ids: Sequence[int]) -> dict[int, Any]:
    query = (
        select(Answer.id, name_of(Idea), Department.slug)
        .join(Idea, Idea.id == Answer.idea_id)
        .join(Department, Department.id == Answer.department_id)
        .where(Answer.id.in_(ids))
    )
    return {row[0]: [row[1], row[2]] for row in db.session.execute(query)}


def _slots_called(_run: Run, names: Sequence[Any]) -> dict[Any, int]:
    ideas, slugs = _split(names)
    query = (
        select(Idea.source_id, Department.slug, Answer.id)
        .join(Answer, Answer.idea_id == Idea.id)
        .join(Department, Department.id == Answer.department_id)
        .where(Idea.source_id.in_(ideas), Department.slug.in_(slugs))
    )
    return {(row[0], row[1]): row[2] for row in db.session.execute(query)}


def _split(names: Iterable[Any]) -> tuple[list[str], list[str]]:
    """The two parts of names that are pairs."""
    pairs = [name for name in names if isinstance(name, tuple) and len(name) == 2]
    return _texts(pair[0] for pair in pairs), _texts(pair[1] for pair in pairs)


def _texts_of(_run: Run, ids: Sequence[int]) -> dict[int, Any]:
    query = select(Text.id, Text.source, Text.format).where(Text.id.in_(ids))
    return {
        row.id: row.source if row.format == "markdown" else [row.source, row.format]
        for row in db.session.execute(query)
    }


def _of_standard(model: Any, number: Any) -> Kind:
    """What a standard counts itself: its versions, its clauses."""

    def names(_run: Run, ids: Sequence[int]) -> dict[int, Any]:
        query = select(model.id, Standard.number, number).where(model.id.in_(ids))
        query = query.join(Standard, Standard.id == model.standard_id)
        return {row[0]: [row[1], row[2]] for row in db.session.execute(query)}

    def called(_run: Run, names: Sequence[Any]) -> dict[Any, int]:
        pairs = [name for name in names if _is_counted(name)]
        query = (
            select(Standard.number, number, model.id)
            .join(model, model.standard_id == Standard.id)
            .where(
                Standard.number.in_({pair[0] for pair in pairs}),
                number.in_({pair[1] for pair in pairs}),
            )
        )
        return {(row[0], row[1]): row[2] for row in db.session.execute(query)}

    return Kind(names, called)


def _is_counted(name: Any) -> bool:
    if not isinstance(name, tuple) or len(name) != 2:
        return False
    return isinstance(name[0], str) and type(name[1]) is int and name[1] < 2**31


PROVIDER, CUSTOMER = aliased(Department), aliased(Department)


def _services(_run: Run, ids: Sequence[int]) -> dict[int, Any]:
    query = _with_sides(select(Service.id, PROVIDER.slug, CUSTOMER.slug, Service.name))
    rows = db.session.execute(query.where(Service.id.in_(ids)))
    return {row[0]: list(row[1:]) for row in rows}


def _services_called(_run: Run, names: Sequence[Any]) -> dict[Any, int]:
    wanted = {name for name in names if isinstance(name, tuple) and len(name) == 3}
    query = _with_sides(select(PROVIDER.slug, CUSTOMER.slug, Service.name, Service.id))
    query = query.where(Service.name.in_(_texts(name[2] for name in wanted)))
    found = {(row[0], row[1], row[2]): row[3] for row in db.session.execute(query)}
    return {name: found[name] for name in wanted if name in found}


def _with_sides(query: Any) -> Any:
    return query.join(PROVIDER, PROVIDER.id == Service.provider_id).join(
        CUSTOMER, CUSTOMER.id == Service.customer_id
    )


def _worded(_run: Run, ids: Sequence[int]) -> dict[int, Any]:
    query = select(ItemVersion.id, SurveyItem.key, ItemVersion.number)
    query = query.join(SurveyItem, SurveyItem.id == ItemVersion.item_id)
    rows = db.session.execute(query.where(ItemVersion.id.in_(ids)))
    return {row[0]: [row[1], row[2]] for row in rows}


def _worded_called(_run: Run, names: Sequence[Any]) -> dict[Any, int]:
    pairs = [name for name in names if _is_counted(name)]
    query = (
        select(SurveyItem.key, ItemVersion.number, ItemVersion.id)
        .join(SurveyItem, SurveyItem.id == ItemVersion.item_id)
        .where(SurveyItem.key.in_({pair[0] for pair in pairs}))
    )
    return {(row[0], row[1]): row[2] for row in db.session.execute(query)}


PERSON = Kind(_people, _people_called)
DEPARTMENT = _by(Department, Department.slug)
TAG = _by(Tag, Tag.slug)
IDEA = Kind(_ideas, _ideas_called)
COMMENT = Kind(_comments, _comments_called)
SLOT = Kind(_slots, _slots_called)
STANDARD = _by(Standard, Standard.number)
VERSION = _of_standard(Version, Version.number)
CLAUSE = _of_standard(Clause, Clause.key)
SERVICE = Kind(_services, _services_called)
ITEM = _by(SurveyItem, SurveyItem.key)
WORDED = Kind(_worded, _worded_called)
TEXT = Kind(_texts_of, lambda _run, _names: {})
"""A text is told itself, in Markdown or with its format behind; an import writes it anew."""

OF_TABLE: dict[str, Kind] = {
    "person": PERSON,
    "department": DEPARTMENT,
    "idea": IDEA,
    "comment": COMMENT,
    "answer": SLOT,
    "standard": STANDARD,
    "standard_version": VERSION,
    "clause": CLAUSE,
    "service": SERVICE,
    "survey_item": ITEM,
    "survey_item_version": WORDED,
    "text": TEXT,
}
"""How a foreign key is told, by the table it leads to; others are counted."""


def kind_of(table: str) -> Kind:
    """How rows of a table are called."""
    return OF_TABLE.get(table) or numbered(table)


def named(run: Run, kind: Kind, ids: Iterable[int]) -> dict[int, Any]:
    """What rows are called; those that no file tells are not among them."""
    return dict(_in_parts(run, kind.names, sorted(set(ids))))


def found(run: Run, kind: Kind, names: Iterable[Any]) -> dict[Any, int]:
    """Which rows names mean; those that are not here are not among them."""
    return dict(_in_parts(run, kind.ids, list(dict.fromkeys(names))))


def _in_parts(run: Run, ask: Callable[..., dict[Any, Any]], wanted: Sequence[Any]) -> Any:
    answers: dict[Any, Any] = {}
    for start in range(0, len(wanted), ASKED):
        answers.update(ask(run, wanted[start : start + ASKED]))
    return answers
