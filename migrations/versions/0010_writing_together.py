"""Writing together: marks on comments, invitations, suggestions, summaries, adopted improvements.

Why: an idea gets better when others may ask, object, word and translate it, and what a department
does already is worth copying. Who is invited becomes a co-author, as authors of merged ideas are.
Old rows: comments are plain words, co-authors stay what they are. Going back, marks, what was
written together and news of it are dropped; texts that were taken stay the idea's, co-authors too.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
MARKED = sa.text("official_at IS NOT NULL OR question <> '' OR side <> ''")
TABLES = (
    "adoption", "improvement", "summary_revision", "summary", "suggestion", "author_invitation",
)  # fmt: skip
CONCEALED = sa.column("concealed", sa.Boolean())
NEWS = (
    "invited", "official", "suggested", "suggestion-taken", "suggestion-left", "joined", "adopted",
    "resolved",
)  # fmt: skip


def upgrade() -> None:
    """Four columns in place, since other rows refer to comments, and six tables."""
    op.add_column("comment", sa.Column("official_at", MOMENT, nullable=True))
    for name in ("question", "side"):
        op.add_column("comment", sa.Column(name, sa.String(), nullable=False, server_default=""))
    _add_side_department()
    op.create_index(
        "ix_comment_marked", "comment", ["thread_id"],
        sqlite_where=MARKED, postgresql_where=MARKED,
    )  # fmt: skip
    _invitations()
    _suggestions()
    _summaries()
    _improvements()


def _add_side_department() -> None:
    """SQLite takes a reference only together with its column."""
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE comment ADD COLUMN side_department_id {kind}"
        " CONSTRAINT fk_comment_side_department_id REFERENCES department (id)"
    )


def _reference(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")


def _invitations() -> None:
    table = "author_invitation"
    op.create_table(
        table,
        sa.Column("idea_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("declined_at", MOMENT, nullable=True),
        _reference(table, "idea_id", "idea"),
        _reference(table, "person_id", "person"),
        _reference(table, "by_id", "person"),
        sa.PrimaryKeyConstraint("idea_id", "person_id", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_person", table, ["person_id"])


def _suggestions() -> None:
    op.create_table(
        "suggestion",
        sa.Column("id", ID, nullable=False),
        sa.Column("idea_id", ID, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("problem_id", ID, nullable=True),
        sa.Column("proposal_id", ID, nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("settled_by_id", ID, nullable=True),
        sa.Column("reason_id", ID, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        _reference("suggestion", "idea_id", "idea"),
        _reference("suggestion", "by_id", "person"),
        _reference("suggestion", "settled_by_id", "person"),
        *(
            _reference("suggestion", f"{each}_id", "text")
            for each in ("problem", "proposal", "reason")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_suggestion"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_suggestion_idea", "suggestion", ["idea_id", "state"])
    op.create_index("ix_suggestion_by", "suggestion", ["by_id"])


def _summaries() -> None:
    op.create_table(
        "summary",
        sa.Column("id", ID, nullable=False),
        sa.Column("idea_id", ID, nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("text_id", ID, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        _reference("summary", "idea_id", "idea"),
        _reference("summary", "text_id", "text"),
        _reference("summary", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_summary"),
        sa.UniqueConstraint("idea_id", "lang", name="uq_summary_idea_id_lang"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_summary_by_id", "summary", ["by_id"])
    op.create_table(
        "summary_revision",
        sa.Column("id", ID, nullable=False),
        sa.Column("summary_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text_id", ID, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _reference("summary_revision", "summary_id", "summary"),
        _reference("summary_revision", "text_id", "text"),
        _reference("summary_revision", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_summary_revision"),
        sa.UniqueConstraint("summary_id", "number", name="uq_summary_revision_summary_id_number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_summary_revision_by_id", "summary_revision", ["by_id"])


def _improvements() -> None:
    op.create_table(
        "improvement",
        sa.Column("idea_id", ID, autoincrement=False, nullable=False),
        sa.Column("department_id", ID, nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        _reference("improvement", "idea_id", "idea"),
        _reference("improvement", "department_id", "department"),
        sa.PrimaryKeyConstraint("idea_id", name="pk_improvement"),
    )
    op.create_index("ix_improvement_department_id", "improvement", ["department_id"])
    op.create_table(
        "adoption",
        sa.Column("id", ID, nullable=False),
        sa.Column("idea_id", ID, nullable=False),
        sa.Column("department_id", ID, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _reference("adoption", "idea_id", "idea"),
        _reference("adoption", "department_id", "department"),
        _reference("adoption", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_adoption"),
        sa.UniqueConstraint("idea_id", "department_id", name="uq_adoption_idea_id_department_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_adoption_department", "adoption", ["department_id"])
    op.create_index("ix_adoption_by", "adoption", ["by_id"])


def downgrade() -> None:
    """Ideas with one author, comments of words alone, and no news that the code before cannot say."""
    news = sa.table("notification", *map(sa.column, ("person_id", "kind", "read_at")), CONCEALED)
    person = sa.table("person", sa.column("id"), sa.column("unread"))
    ours = news.c.kind.in_(NEWS)
    unread = sa.select(sa.func.count()).where(
        ours, news.c.person_id == person.c.id, news.c.read_at.is_(None), ~news.c.concealed
    )
    op.execute(sa.update(person).values(unread=person.c.unread - unread.scalar_subquery()))
    op.execute(sa.delete(news).where(ours))
    for table in TABLES:
        op.drop_table(table)
    op.drop_index("ix_comment_marked", "comment")
    for name in ("side_department_id", "side", "question", "official_at"):
        op.drop_column("comment", name)
