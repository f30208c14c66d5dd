"""Cases, the sessions that revisit them, and invitations as calendar files in mails.

Why: what went wrong or right between departments is worth learning from together. A case forgets
who reported it, feedback never knew who gave it.
Old rows: none; mails that wait to be sent bring no calendar file.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Twelve tables and a column."""
    op.add_column(
        "outbox_mail", sa.Column("calendar", sa.Text(), nullable=False, server_default="")
    )
    _cases()
    _sessions()
    _people()
    _agenda()


def _id(name: str, *, empty: bool = False) -> sa.Column[int]:
    return sa.Column(name, ID, nullable=empty)


def _refers(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [name],
            [f"{to}.id"],
            name=op.f(f"fk_{table}_{name}"),
            ondelete="CASCADE" if to == "service" else None,
        )
        for name, to in columns.items()
    ]


def _pair(table: str, whose: str, what: str, *more: sa.Column[object], **refers: str) -> None:
    """A table of pairs, found from either side."""
    op.create_table(
        table,
        _id(whose),
        _id(what),
        *more,
        *_refers(table, **refers),
        sa.PrimaryKeyConstraint(whose, what, name=op.f(f"pk_{table}")),
    )
    short = what.removesuffix("_id")
    op.create_index(f"ix_{table}_{short}", table, [what])


def _cases() -> None:
    table = "training_case"
    op.create_table(
        table,
        _id("id"),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=True),
        *(_id(name, empty=True) for name in ("situation_id", "happened_id", "learned_id")),
        sa.Column("state", sa.String(), nullable=False),
        _id("drafted_by_id"),
        sa.Column("origin_kind", sa.String(), nullable=False),
        sa.Column("origin_id", sa.BigInteger(), nullable=True),
        sa.Column("confirmed", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("opened_at", WHEN, nullable=True),
        *_refers(
            table,
            situation_id="text",
            happened_id="text",
            learned_id="text",
            drafted_by_id="person",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_training_case_state", table, ["state", "opened_at", "id"])
    op.create_index(op.f("ix_training_case_drafted_by_id"), table, ["drafted_by_id"])
    table = "training_case_department"
    _pair(
        table,
        "case_id",
        "department_id",
        sa.Column("answer", sa.String(), nullable=False),
        _id("by_id", empty=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", WHEN, nullable=True),
        case_id="training_case",
        department_id="department",
        by_id="person",
    )
    op.create_index(op.f(f"ix_{table}_by_id"), table, ["by_id"])
    for thing in ("service", "standard", "clause"):
        what = f"{thing}_id"
        refers = {"case_id": "training_case", what: thing}
        _pair(f"training_case_{thing}", "case_id", what, **refers)
    table = "training_case_idea"
    op.create_table(
        table,
        _id("idea_id"),
        _id("case_id"),
        *_refers(table, idea_id="idea", case_id="training_case"),
        sa.PrimaryKeyConstraint("idea_id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_training_case_idea_case", table, ["case_id"])


def _sessions() -> None:
    table = "training_session"
    op.create_table(
        table,
        _id("id"),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        _id("about_id", empty=True),
        sa.Column("starts_at", WHEN, nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        _id("host_id"),
        sa.Column("confirms", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("changed_at", WHEN, nullable=False),
        sa.Column("cancelled_at", WHEN, nullable=True),
        sa.Column("cancelled_why", sa.Text(), nullable=False),
        sa.Column("reminded_at", WHEN, nullable=True),
        sa.CheckConstraint("capacity > 0", name=op.f(f"ck_{table}_capacity")),
        sa.CheckConstraint("minutes > 0", name=op.f(f"ck_{table}_minutes")),
        *_refers(table, about_id="text", host_id="person"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("uid", name=op.f(f"uq_{table}_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_training_session_starts", table, ["starts_at", "id"])
    op.create_index(op.f("ix_training_session_host_id"), table, ["host_id"])
    for thing in ("department", "standard"):
        what = f"{thing}_id"
        refers = {"session_id": table, what: thing}
        _pair(f"{table}_{thing}", "session_id", what, **refers)


def _people() -> None:
    _pair(
        "training_invitation",
        "session_id",
        "person_id",
        sa.Column("at", WHEN, nullable=False),
        session_id="training_session",
        person_id="person",
    )
    table = "training_seat"
    op.create_table(
        table,
        *(_id(name) for name in ("id", "session_id", "person_id")),
        _id("department_id", empty=True),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=True),
        sa.Column("answered", sa.Boolean(), nullable=False),
        *_refers(
            table, session_id="training_session", person_id="person", department_id="department"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "session_id", "person_id", name=op.f(f"uq_{table}_session_id_person_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_training_seat_person", table, ["person_id"])
    table = "training_feedback"
    op.create_table(
        table,
        sa.Column("key", sa.String(), nullable=False),
        _id("session_id"),
        sa.Column("useful", sa.Integer(), nullable=False),
        sa.Column("better", sa.Integer(), nullable=False),
        *_refers(table, session_id="training_session"),
        sa.PrimaryKeyConstraint("key", name=op.f(f"pk_{table}")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_training_feedback_session", table, ["session_id"])


def _agenda() -> None:
    table = "training_agenda"
    op.create_table(
        table,
        *(_id(name) for name in ("id", "session_id", "case_id")),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        *(_id(name, empty=True) for name in ("clause_id", "by_id")),
        sa.Column("at", WHEN, nullable=True),
        *_refers(
            table,
            session_id="training_session",
            case_id="training_case",
            clause_id="clause",
            by_id="person",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("session_id", "case_id", name=op.f(f"uq_{table}_session_id_case_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_training_agenda_case", table, ["case_id"])
    op.create_index(op.f(f"ix_{table}_by_id"), table, ["by_id"])


def downgrade() -> None:
    """Cases and sessions go; what became of them, as ideas and drafts, stays."""
    for table in ("agenda", "feedback", "seat", "invitation", "session_standard"):
        op.drop_table(f"training_{table}")
    op.drop_table("training_session_department")
    op.drop_table("training_session")
    for thing in ("idea", "clause", "standard", "service", "department"):
        op.drop_table(f"training_case_{thing}")
    op.drop_table("training_case")
    op.drop_column("outbox_mail", "calendar")
