"""Reviews of standards, links between them, categories.

Why: a standard is looked at again in time and on evidence, what refers to it is known, and it is
filed under a category; a service goes by a standard of its own.
Old rows: standards have no review yet and keep the day that was set; they belong to no category.
Links are read from the log from its beginning.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    """The tables."""
    _categories()
    _reviews()
    _cares()
    _services()
    op.create_table(
        "standard_link",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("clause", sa.Integer(), nullable=False),
        sa.Column("linked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(
            *("source", "source_id", "place", "number", "clause"), name=op.f("pk_standard_link")
        ),
    )
    op.create_index("ix_standard_link_number", "standard_link", ["number", "clause"])


def _categories() -> None:
    op.create_table(
        "standard_category",
        sa.Column("id", ID, nullable=False),
        sa.Column("parent_id", ID, nullable=True),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("name_ru", sa.String(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        _refers("standard_category", "parent_id", "standard_category"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_category")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_standard_category_parent_id"), "standard_category", ["parent_id"])


def _reviews() -> None:
    op.create_table(
        "standard_review",
        sa.Column("id", ID, nullable=False),
        sa.Column("standard_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("evidence", JSON, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("idea_id", ID, nullable=True),
        sa.Column("due_before", sa.Date(), nullable=True),
        sa.Column("due_after", sa.Date(), nullable=True),
        sa.Column("batch", sa.Integer(), nullable=True),
        _refers("standard_review", "standard_id", "standard"),
        _refers("standard_review", "by_id", "person"),
        _refers("standard_review", "idea_id", "idea"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_review")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_standard_review_standard", "standard_review", ["standard_id", "id"])
    op.create_index("ix_standard_review_batch", "standard_review", ["batch"])
    op.create_index(op.f("ix_standard_review_by_id"), "standard_review", ["by_id"])
    op.create_index(
        "uq_standard_review_open",
        "standard_review",
        ["standard_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def _cares() -> None:
    op.create_table(
        "standard_care",
        sa.Column("standard_id", ID, nullable=False),
        sa.Column("every_months", sa.Integer(), nullable=True),
        sa.Column("category_id", ID, nullable=True),
        sa.Column("reminded_for", sa.Date(), nullable=True),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=True),
        _refers("standard_care", "standard_id", "standard"),
        _refers("standard_care", "category_id", "standard_category"),
        sa.PrimaryKeyConstraint("standard_id", name=op.f("pk_standard_care")),
    )
    op.create_index("ix_standard_care_category", "standard_care", ["category_id"])


def _services() -> None:
    """A service that disappears with its departments takes its row along."""
    table = "standard_service"
    op.create_table(
        table,
        sa.Column("service_id", ID, nullable=False),
        sa.Column("standard_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_standard_service_service_id"),
            ondelete="CASCADE",
        ),
        _refers(table, "standard_id", "standard"),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_standard_service")),
    )
    op.create_index(op.f("ix_standard_service_standard_id"), table, ["standard_id"])


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name)


def downgrade() -> None:
    """Reviews, links and categories go; standards keep the day of their next review."""
    made = "service link care review category"
    for table in made.split():
        op.drop_table(f"standard_{table}")
