"""Filing standards under categories, and beginning new ones with their templates."""

from __future__ import annotations

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.db import db
from forum.core.errors import Invalid
from forum.core.events import record
from forum.core.i18n import LOCALES, _
from forum.standards import outline, policy
from forum.standards.categories.models import Category
from forum.standards.categories.queries import category_of, template_of
from forum.standards.models import Standard
from forum.standards.review import facts
from forum.standards.review.closing import set_care


def known(category_id: int | None) -> int | None:
    """The category, if any was chosen. Raises Invalid for one that is not there. One query."""
    if category_id is not None and db.session.get(Category, category_id) is None:
        raise Invalid(_("Choose a category from the list."), field="category")
    return category_id


def begun(body: str, category_id: int | None) -> str:
    """The text of a new standard: the template of its category where nothing was written yet."""
    untouched = body.strip() in {"", *(outline.blank(locale).strip() for locale in LOCALES)}
    if category_id is None or not untouched:
        return body
    return template_of(category_id) or body


def file(editor: Person, standard: Standard, category_id: int | None) -> None:
    """File a standard under a category, or none, in the open write."""
    require(policy.may_edit(editor, standard))
    if category_of(standard.id) == category_id:
        return
    set_care(standard.id, category_id=category_id)
    about = ("standard", standard.id)
    record(facts.FILED, by=editor, about=about, category=category_id)
