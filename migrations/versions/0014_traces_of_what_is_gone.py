"""Traces of what is gone, and ways to what is hidden or silent.

Why: who posted an idea without a name, and the digest of their secret, go with its words when it
has lain in the trash for thirty days, and files forget a draft that was deleted. Moderators ask for
hidden ideas and for silent departments on every page of theirs: both are few among all.
Old rows: those of ideas whose contents went before this, and those that lead from files to ideas
that are not there any more, are deleted; nothing brings them back on the way down. Files that
nothing shows any more are swept as ever.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

HIDDEN = sa.text("hidden_at IS NOT NULL")
RUNS = sa.text("answer = 'waiting' AND paused_at IS NULL")


def upgrade() -> None:
    """Rows that nothing reads go; two indexes over few rows come."""
    for table in ("anonymous_author", "anonymous_post"):
        op.execute(
            f"DELETE FROM {table} WHERE idea_id IN"  # noqa: S608 - the two names above
            " (SELECT id FROM idea WHERE purged_at IS NOT NULL)"
        )
    op.execute(
        "DELETE FROM upload_use WHERE kind = 'idea'"
        " AND NOT EXISTS (SELECT 1 FROM idea WHERE idea.id = upload_use.subject_id)"
    )
    some = {"sqlite_where": HIDDEN, "postgresql_where": HIDDEN}
    op.create_index("ix_idea_hidden", "idea", ["hidden_at", "id"], **some)
    late = {"sqlite_where": RUNS, "postgresql_where": RUNS}
    op.create_index("ix_answer_late", "answer", ["due_on"], **late)


def downgrade() -> None:
    """The indexes go."""
    op.drop_index("ix_answer_late", table_name="answer")
    op.drop_index("ix_idea_hidden", table_name="idea")
