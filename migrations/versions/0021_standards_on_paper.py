"""Standards that are printed in a job, and those that came from files.

Why: the PDF of a standard of fifty pages takes longer than a page may, so what is still to be
printed has to follow from rows; and a file that is imported again has to change nothing.
Old rows: none; PDFs were made while one waited, and no standard was imported.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """The table."""
    op.create_table(
        "printing",
        sa.Column("id", ID, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("style", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"], ["standard_version.id"], name=op.f("fk_printing_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printing")),
        sa.UniqueConstraint("digest", name=op.f("uq_printing_digest")),
    )
    op.create_index(op.f("ix_printing_version_id"), "printing", ["version_id"])
    op.create_index(
        "ix_printing_waiting",
        "printing",
        ["at"],
        sqlite_where=sa.text("done_at IS NULL AND NOT failed"),
        postgresql_where=sa.text("done_at IS NULL AND NOT failed"),
    )
    op.create_table(
        "imported_standard",
        sa.Column("standard_id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_imported_standard_standard_id")
        ),
        sa.PrimaryKeyConstraint("standard_id", name=op.f("pk_imported_standard")),
        sa.UniqueConstraint("name", name=op.f("uq_imported_standard_name")),
    )


def downgrade() -> None:
    """What waits is forgotten, and whoever wants it asks again; standards stay."""
    op.drop_table("imported_standard")
    op.drop_table("printing")
