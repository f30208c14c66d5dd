"""Approval of standards, their release, and the owner's deputy.

Why: a version is approved by those it touches before it comes into force, perhaps on a later day
or in an emergency. A standard has at most one next version, whether it is written, approved or
waits for its day: the index that allowed one draft covers all of these.
Old rows: versions there are were simply published, so they have no row of approval or release;
standards have no deputy.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NEXT = "uq_standard_version_draft"


def upgrade() -> None:
    """The tables, the deputy, and the index over every next version."""
    op.create_table(
        "approval",
        sa.Column("id", ID, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("department_id", ID, nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("clause", sa.Integer(), nullable=True),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("allowed_days", sa.Integer(), nullable=False),
        sa.Column("nudged", sa.Integer(), nullable=False),
        sa.Column("nudge_on", sa.Date(), nullable=True),
        _refers("approval", "version_id", "standard_version"),
        _refers("approval", "department_id", "department"),
        _refers("approval", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sa.UniqueConstraint(
            *("version_id", "side", "department_id"),
            name=op.f("uq_approval_version_id_side_department_id"),
        ),
        sqlite_autoincrement=True,
    )
    for name, column in (
        ("department", "department_id"),
        ("nudge_on", "nudge_on"),
        ("by", "by_id"),
    ):
        op.create_index(f"ix_approval_{name}", "approval", [column])
    op.create_table(
        "version_release",
        sa.Column("version_id", ID, nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by_id", ID, nullable=True),
        sa.Column("over_why", sa.String(), nullable=False),
        sa.Column("over_by_id", ID, nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("emergency_why", sa.String(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", ID, nullable=True),
        sa.Column("review_note", sa.String(), nullable=False),
        _refers("version_release", "version_id", "standard_version"),
        *(
            _refers("version_release", column, "person")
            for column in ("sent_by_id", "over_by_id", "reviewed_by_id")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_version_release")),
    )
    for column in ("effective_on", "review_on"):
        op.create_index(f"ix_version_release_{column}", "version_release", [column])
    _add_deputy()
    _index("state IN ('draft', 'approval', 'coming')")


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name)


def _add_deputy() -> None:
    # Without a reference: SQLite could not drop the column again.
    op.add_column("standard", sa.Column("deputy_id", sa.BigInteger(), nullable=True))


def _index(rows: str) -> None:
    op.drop_index(NEXT, "standard_version")
    where = sa.text(rows)
    op.create_index(
        *(NEXT, "standard_version", ["standard_id"]),
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    """What is being approved or waits for its day is a draft again; approvals are forgotten."""
    for state in ("approval", "coming"):
        version = sa.table("standard_version", sa.column("state"))
        op.execute(version.update().where(version.c.state == state).values(state="draft"))
    op.execute("UPDATE standard SET state = 'draft' WHERE state = 'coming'")
    _index("state = 'draft'")
    op.drop_column("standard", "deputy_id")
    op.drop_table("version_release")
    op.drop_table("approval")
