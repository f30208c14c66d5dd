"""Documents beside pictures.

Why: a PDF or an Office file says what a picture cannot; a document keeps its name, and its words
are kept so that the search finds them.
Old rows: all are pictures and have no name. Going back, documents lose their rows, the links in
texts lead nowhere, and their files are swept.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """A name, and the words."""
    op.add_column("upload", sa.Column("name", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "upload_text",
        sa.Column("upload_id", ID, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=True),
        sa.Column("fault", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name=op.f("fk_upload_text_upload_id")
        ),
        sa.PrimaryKeyConstraint("upload_id", name=op.f("pk_upload_text")),
    )
    op.create_index(
        "ix_upload_text_waiting",
        "upload_text",
        ["upload_id"],
        sqlite_where=sa.text("plain IS NULL AND fault IS NULL"),
        postgresql_where=sa.text("plain IS NULL AND fault IS NULL"),
    )


def downgrade() -> None:
    """Pictures only."""
    op.drop_table("upload_text")
    op.execute("DELETE FROM upload_use WHERE upload_id IN (SELECT id FROM upload WHERE name <> '')")
    op.execute("DELETE FROM upload WHERE name <> ''")
    op.drop_column("upload", "name")
