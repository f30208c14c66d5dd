"""Pages of those who look after standards: reviews, the register, lists and categories."""

from __future__ import annotations

from forum.core.db import db, transaction
from forum.standards.categories.models import Category
from tests.browser.stops import Stop


def looking_after(number: str | None) -> list[Stop]:
    """The review of a standard, the register, the lists, and two categories."""
    with transaction():
        above = Category(name_en="Money", name_ru="Деньги", template="## Purpose")
        db.session.add(above)
        db.session.flush()
        below = {"name_en": "Invoices", "name_ru": "Счета", "parent_id": above.id}
        db.session.add(Category(**below))
        category = above.id
    rule = "/standards/curating"
    return [
        Stop("/standards/<string:number>/review", f"/standards/{number}/review", "moderator"),
        Stop("/standards/<string:number>/services", f"/standards/{number}/services", "moderator"),
        Stop("/standards/register", "/standards/register", "anna"),
        Stop("/standards/register", f"/standards/register?category={category}", "moderator"),
        *(Stop(at, at, "moderator") for at in (rule, f"{rule}/owners", f"{rule}/links")),
        Stop(f"{rule}/dates", f"{rule}/dates?months=12&which=all", "moderator"),
        Stop(f"{rule}/words", f"{rule}/words?old=Finance&new=Treasury", "moderator"),
        Stop("/standards/categories", "/standards/categories", "moderator"),
        Stop(
            "/standards/categories/<int:category_id>",
            f"/standards/categories/{category}",
            "moderator",
        ),
    ]
