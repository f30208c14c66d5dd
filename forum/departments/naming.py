"""Addresses and short codes of departments: unique, and free of what they collided with."""

from __future__ import annotations

from collections.abc import Container
from itertools import count

from sqlalchemy import select

from forum.core import limits
from forum.core.db import db
from forum.core.errors import Conflict, Invalid
from forum.core.i18n import _
from forum.core.textcheck import clean_line
from forum.core.words import slugify
from forum.departments.models import Department, DepartmentSlug

RESERVED = frozenset(("by-id", "services"))
HUES = 12


def clean_name(name: str) -> str:
    """A department's name, cleaned. Raises Invalid when empty or too long."""
    cleaned = clean_line(name)
    if not cleaned:
        raise Invalid(_("Give the department a name."), field="name")
    if not limits.DEPARTMENT_NAME.allows(cleaned):
        raise Invalid(_("Shorten the name."), field="name")
    return cleaned


def clean_code(code: str) -> str:
    """A short code in capitals. Raises Invalid when empty, too long or with spaces."""
    cleaned = clean_line(code).upper()
    if not cleaned or " " in cleaned or not limits.DEPARTMENT_CODE.allows(cleaned):
        raise Invalid(
            _(
                "Use a code of one to %(limit)d letters or digits.",
                limit=int(limits.DEPARTMENT_CODE),
            ),
            field="code",
        )
    return cleaned


def clean_slug(slug: str) -> str:
    """An address as it will be read out. Raises Invalid when nothing of it can be one."""
    if not any(char.isalnum() for char in slug):
        raise Invalid(_("Use letters and digits in the address."), field="slug")
    return slugify(slug)


def free_slug(name: str, taken: Container[str]) -> str:
    """An address made from a name that is not taken."""
    base = slugify(name)
    candidates = (base if n == 1 else f"{base[:70]}-{n}" for n in count(1))
    return next(slug for slug in candidates if slug not in taken and slug not in RESERVED)


def free_code(name: str, taken: Container[str]) -> str:
    """A code from the capitals of a name, or its first letters, that is not taken."""
    words = [word for word in clean_line(name).split() if word[0].isalnum()]
    initials = "".join(word[0] for word in words)
    base = (initials if len(words) > 1 else "".join(words)[:3]).upper()[:4] or "D"
    candidates = (base if n == 1 else f"{base}{n}" for n in count(1))
    return next(code for code in candidates if code not in taken)


def taken_slugs() -> set[str]:
    """Every address a department has or had. One query."""
    query = select(Department.slug).union_all(select(DepartmentSlug.slug))
    return set(db.session.scalars(query))


def taken_codes() -> set[str]:
    """Every code in use. One query."""
    return set(db.session.scalars(select(Department.code)))


def check_code_free(code: str, *, but: int = 0) -> None:
    """Refuse a code that another department has. One query."""
    query = select(Department.name).where(Department.code == code, Department.id != but)
    holder = db.session.scalar(query)
    if holder is not None:
        message = _("The code %(code)s belongs to %(name)s.", code=code, name=holder)
        raise Conflict(message, field="code")


def check_slug_free(slug: str, *, but: int = 0) -> None:
    """Refuse an address that another department has or had; it still leads there. Two queries."""
    present = select(Department.id).where(Department.slug == slug, Department.id != but)
    earlier = select(DepartmentSlug.department_id).where(
        DepartmentSlug.slug == slug, DepartmentSlug.department_id != but
    )
    if slug in RESERVED or db.session.scalar(present.union_all(earlier).limit(1)) is not None:
        message = _("The address %(slug)s leads to another department.", slug=slug)
        raise Conflict(message, field="slug")
