"""What a standard says in its other language, clause by clause.

Why: a company that speaks two languages reads its rules in both, and has to see which clause was
reworded since it was translated. So a translation keeps which wording it is of, and a version what
its opening said, as it does for clauses already.
Old rows: no standard is translated; what openings of older versions said is not known, and is not
needed, since only versions after a translation count.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Columns in place, since others refer to these tables, and the table."""
    op.add_column("standard_version", sa.Column("opening", sa.String(), nullable=True))
    op.add_column(
        "standard", sa.Column("translated", sa.String(), nullable=False, server_default="")
    )
    op.create_table(
        "translation",
        sa.Column("id", ID, nullable=False),
        sa.Column("standard_id", ID, nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text_id", ID, nullable=True),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_translation_standard_id")
        ),
        sa.ForeignKeyConstraint(["text_id"], ["text.id"], name=op.f("fk_translation_text_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_translation_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation")),
        sa.UniqueConstraint(
            "standard_id",
            "lang",
            "part",
            "key",
            "words",
            name=op.f("uq_translation_standard_id_lang_part_key_words"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_translation_by_id"), "translation", ["by_id"])
    op.create_index(op.f("ix_translation_text_id"), "translation", ["text_id"])


def downgrade() -> None:
    """Translations go; the texts that were approved stay as they are."""
    op.drop_table("translation")
    op.drop_column("standard", "translated")
    op.drop_column("standard_version", "opening")
