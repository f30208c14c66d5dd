"""Anonymous posts.

Why: who fears for themselves says nothing, or says it elsewhere. An idea may be posted without a
name, known to moderators or to nobody; its author keeps a secret with which a department's question
can be answered, and of which only a digest is stored. Who wrote what moderators may learn stands in
a table of its own, so that no query over ideas meets it.
Old rows: every idea there is was posted with a name. Going back, ideas without a name stay as
those of nobody, and who wrote them is forgotten.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """How an idea was posted, the digest of its author's secret, and its author where kept."""
    op.add_column("idea", sa.Column("anonymous", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "anonymous_post",
        sa.Column("idea_id", ID, nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_anonymous_post_idea_id")),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_anonymous_post")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_anonymous_post_secret_hash")),
    )
    op.create_table(
        "anonymous_author",
        sa.Column("idea_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_anonymous_author_idea_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_anonymous_author_person_id")
        ),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_anonymous_author")),
    )
    op.create_index(op.f("ix_anonymous_author_person_id"), "anonymous_author", ["person_id"])


def downgrade() -> None:
    """No idea says how it was posted."""
    op.drop_table("anonymous_author")
    op.drop_table("anonymous_post")
    op.drop_column("idea", "anonymous")
