"""Adding, changing and removing categories."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, select

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import lazy
from forum.standards import policy
from forum.standards.categories.models import Category
from forum.standards.categories.queries import category_tree
from forum.standards.review import facts
from forum.standards.review.models import Care

NOT_EMPTY = lazy("Standards or other categories are filed under it. Move them first.")
IN_ITSELF = lazy("A category cannot stand under itself.")
UNKNOWN = lazy("Choose a category from the list.")


@dataclass(frozen=True, slots=True)
class Named:
    """What a category is called, where it stands and how its standards begin."""

    name_en: str
    name_ru: str
    parent_id: int | None = None
    template: str = ""


def add(moderator: Person, named: Named) -> Category:
    """A new category; a name in one language stands for both."""
    require(policy.may_begin(moderator))
    _check_parent(named.parent_id)
    with transaction():
        category = Category()
        _write(category, named)
        db.session.add(category)
        db.session.flush()
        record(facts.CATEGORY_SAVED, by=moderator, about=("category", category.id))
    return category


def change(moderator: Person, category: Category, named: Named) -> None:
    """Rename or move a category, or change its template. Invalid under itself."""
    require(policy.may_begin(moderator))
    _check_parent(named.parent_id)
    if named.parent_id in category_tree().below(category.id):
        raise Invalid(IN_ITSELF, field="parent")
    with transaction():
        _write(category, named)
        db.session.flush()
        record(facts.CATEGORY_SAVED, by=moderator, about=("category", category.id))


def _check_parent(parent_id: int | None) -> None:
    if parent_id is not None and db.session.get(Category, parent_id) is None:
        raise Invalid(UNKNOWN, field="parent")


def _write(category: Category, named: Named) -> None:
    category.name_en = named.name_en or named.name_ru
    category.name_ru = named.name_ru or named.name_en
    category.parent_id, category.template = named.parent_id, named.template


def remove(moderator: Person, category: Category) -> None:
    """Take an empty category out. Conflict for one that holds anything."""
    require(policy.may_begin(moderator))
    category_id = category.id
    with transaction():
        held = select(func.count()).select_from(Care).where(Care.category_id == category_id)
        under = select(func.count(Category.id)).where(Category.parent_id == category_id)
        if db.session.scalar(held) or db.session.scalar(under):
            raise Conflict(NOT_EMPTY)
        db.session.execute(delete(Category).where(Category.id == category_id))
        record(facts.CATEGORY_REMOVED, by=moderator, about=("category", category_id))
