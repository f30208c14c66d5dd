"""Matters for moderators, flags, the trash, locks and pins, trust and suspensions, addresses.

Why: what somebody flags comes together as one matter with notes and a history; ideas can be put in
the trash, locked and pinned; first posts of newcomers can wait; privileged actions keep the address
they came from for a month, beside the log; moderators may be scoped.
Old rows: nothing is flagged, trashed, locked or pinned; nobody is suspended or scoped.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
PINNED = sa.text("pinned_at IS NOT NULL")
MARKS = {
    "idea": ("trashed_at", "purged_at", "locked_at", "pinned_at"),
    "comment": ("hidden_at", "purged_at"),
}


def upgrade() -> None:
    """Nine tables, and moments on ideas and comments, added in place."""
    for table, names in MARKS.items():
        for name in names:
            op.add_column(table, sa.Column(name, MOMENT, nullable=True))
    op.create_index(
        "ix_idea_pinned", "idea", ["pinned_at"], sqlite_where=PINNED, postgresql_where=PINNED
    )
    op.create_index(
        "ix_comment_deleted",
        "comment",
        ["deleted_at"],
        sqlite_where=sa.text("deleted_at IS NOT NULL AND purged_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NOT NULL AND purged_at IS NULL"),
    )
    _matters()
    _flags_and_notes()
    _trash()
    _standing()
    op.create_table(
        "event_address",
        sa.Column("event_id", ID, nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _refers("event_address", "event_id", "event"),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_address")),
    )
    op.create_index(op.f("ix_event_address_at"), "event_address", ["at"])


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _matters() -> None:
    op.create_table(
        "matter",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("thing_kind", sa.String(), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", ID, nullable=True),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("flag_count", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("moved_at", MOMENT, nullable=False),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("claimed_by_id", ID, nullable=True),
        sa.Column("claimed_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("why_id", ID, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'author', 'repaired', 'closed')", name=op.f("ck_matter_state")
        ),
        _refers("matter", "idea_id", "idea"),
        _refers("matter", "author_id", "person"),
        _refers("matter", "claimed_by_id", "person"),
        _refers("matter", "decided_by_id", "person"),
        _refers("matter", "why_id", "text"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter")),
        sqlite_autoincrement=True,
    )
    still_open = sa.text("state <> 'closed'")
    op.create_index(
        "uq_matter_open",
        "matter",
        ["kind", "thing_kind", "thing_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_index("ix_matter_thing", "matter", ["thing_kind", "thing_id", "id"])
    op.create_index("ix_matter_waiting", "matter", ["kind", "state", "moved_at", "id"])
    op.create_index(op.f("ix_matter_idea_id"), "matter", ["idea_id"])
    op.create_index(op.f("ix_matter_author_id"), "matter", ["author_id"])


def _flags_and_notes() -> None:
    op.create_table(
        "flag",
        sa.Column("id", ID, nullable=False),
        sa.Column("matter_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        _refers("flag", "matter_id", "matter"),
        _refers("flag", "person_id", "person"),
        _refers("flag", "note_id", "text"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sa.UniqueConstraint("matter_id", "person_id", name=op.f("uq_flag_matter_id_person_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_flag_person", "flag", ["person_id"])
    op.create_table(
        "matter_note",
        sa.Column("id", ID, nullable=False),
        sa.Column("matter_id", ID, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("text_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _refers("matter_note", "matter_id", "matter"),
        _refers("matter_note", "by_id", "person"),
        _refers("matter_note", "text_id", "text"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_note")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_matter_note_matter_id"), "matter_note", ["matter_id"])
    op.create_index(op.f("ix_matter_note_by_id"), "matter_note", ["by_id"])


def _trash() -> None:
    op.create_table(
        "trashed",
        sa.Column("idea_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("why_id", ID, nullable=True),
        sa.Column("was_hidden", sa.Boolean(), nullable=False),
        _refers("trashed", "idea_id", "idea"),
        _refers("trashed", "by_id", "person"),
        _refers("trashed", "why_id", "text"),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_trashed")),
    )
    op.create_index(op.f("ix_trashed_at"), "trashed", ["at"])
    op.create_index(op.f("ix_trashed_by_id"), "trashed", ["by_id"])


def _standing() -> None:
    op.create_table(
        "trust",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _refers("trust", "person_id", "person"),
        _refers("trust", "by_id", "person"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_trust")),
    )
    op.create_index(op.f("ix_trust_by_id"), "trust", ["by_id"])
    op.create_table(
        "suspension",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("why_id", ID, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        _refers("suspension", "person_id", "person"),
        _refers("suspension", "by_id", "person"),
        _refers("suspension", "why_id", "text"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_suspension_person_id"), "suspension", ["person_id"])
    op.create_index(op.f("ix_suspension_by_id"), "suspension", ["by_id"])
    op.create_table(
        "moderator_scope",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("department_id", ID, nullable=False),
        _refers("moderator_scope", "person_id", "person"),
        _refers("moderator_scope", "department_id", "department"),
        sa.PrimaryKeyConstraint("person_id", "department_id", name=op.f("pk_moderator_scope")),
    )
    op.create_index("ix_moderator_scope_department", "moderator_scope", ["department_id"])


def downgrade() -> None:
    """What was hidden or trashed stays hidden; comments that were hidden are seen again."""
    op.execute("DELETE FROM notification WHERE object_kind = 'matter' AND read_at IS NOT NULL")
    op.execute(
        "UPDATE person SET unread = unread - (SELECT count(*) FROM notification"
        " WHERE notification.person_id = person.id AND object_kind = 'matter'"
        " AND read_at IS NULL AND concealed = FALSE)"
    )
    op.execute("DELETE FROM notification WHERE object_kind = 'matter'")
    for table in (
        "event_address", "moderator_scope", "suspension", "trust", "trashed", "matter_note",
        "flag", "matter",
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_index("ix_comment_deleted", "comment")
    op.drop_index("ix_idea_pinned", "idea")
    for table, names in MARKS.items():
        for name in names:
            op.drop_column(table, name)
