"""Surveys: what is asked, waves, who was asked, who took part, and the answers.

Why: who is served says how well, without being recognised. So an answer has a random key and
nothing else of its own, and stands apart from who took part; SQLite keeps these tables without row
numbers, in the order of their keys.
Old rows: none; nothing was asked before. The standard items come with the first look at them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)
TABLES = (
    "survey_text",
    "survey_answer",
    "wave_participation",
    "wave_sample",
    "wave_request",
    "wave_item",
    "wave_service",
    "wave",
    "survey_item_version",
    "survey_item",
)


def upgrade() -> None:
    """Ten tables."""
    _items()
    _waves()
    _people()
    _answers()


def _items() -> None:
    op.create_table(
        "survey_item",
        _id("id"),
        _words("key"),
        _words("kind"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", WHEN, nullable=True),
        _check("survey_item", "kind", "kind IN ('scale', 'recommend', 'text')"),
        _key("survey_item", "id"),
        sa.UniqueConstraint("key", name=op.f("uq_survey_item_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "survey_item_version",
        _id("id"),
        _id("item_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("ru", sa.Text(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("by_id", ID, nullable=True),
        _refers("survey_item_version", "item_id", "survey_item"),
        _refers("survey_item_version", "by_id", "person"),
        _key("survey_item_version", "id"),
        sa.UniqueConstraint(
            "item_id", "number", name=op.f("uq_survey_item_version_item_id_number")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_survey_item_version_by_id"), "survey_item_version", ["by_id"])


def _waves() -> None:
    op.create_table(
        "wave",
        _id("id"),
        *(_words(name) for name in ("title", "lang", "state", "purpose")),
        *(sa.Column(name, WHEN, nullable=False) for name in ("opens_at", "closes_at")),
        sa.Column("months", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("k", "most_people")),
        *(sa.Column(f"{name}_id", ID, nullable=True) for name in ("idea", "baseline")),
        sa.Column("created_by_id", ID, nullable=True),
        sa.Column("created_at", WHEN, nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("revision", "position", "to_ask")
        ),
        *(sa.Column(name, WHEN, nullable=True) for name in ("asked_all_at", "mixed_at")),
        _check("wave", "state", "state IN ('planned', 'running', 'closed')"),
        _check("wave", "purpose", "purpose IN ('regular', 'baseline', 'after')"),
        _check("wave", "order", "opens_at < closes_at"),
        _refers("wave", "idea_id", "idea"),
        _refers("wave", "baseline_id", "wave"),
        _refers("wave", "created_by_id", "person"),
        _key("wave", "id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_wave_state", "wave", ["state", "closes_at"])
    for name in ("idea_id", "baseline_id", "created_by_id"):
        op.create_index(op.f(f"ix_wave_{name}"), "wave", [name])
    op.create_table(
        "wave_service",
        _id("wave_id"),
        _id("service_id"),
        _words("name"),
        sa.Column("provider_id", ID, nullable=True),
        _words("provider_name"),
        sa.Column("customer_id", ID, nullable=True),
        _words("customer_name"),
        sa.Column("asked", sa.Integer(), nullable=False),
        _refers("wave_service", "wave_id", "wave"),
        _refers("wave_service", "service_id", "service"),
        _refers("wave_service", "provider_id", "department"),
        _refers("wave_service", "customer_id", "department"),
        _key("wave_service", "wave_id", "service_id"),
    )
    op.create_index("ix_wave_service_service", "wave_service", ["service_id"])
    op.create_table(
        "wave_item",
        _id("wave_id"),
        _id("version_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        _refers("wave_item", "wave_id", "wave"),
        _refers("wave_item", "version_id", "survey_item_version"),
        _key("wave_item", "wave_id", "version_id"),
    )
    op.create_index("ix_wave_item_version", "wave_item", ["version_id"])


def _people() -> None:
    op.create_table(
        "wave_request",
        _id("wave_id"),
        _id("person_id"),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("asked_on", "due_on")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("questions", "reminders")),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        _refers("wave_request", "wave_id", "wave"),
        _refers("wave_request", "person_id", "person"),
        _key("wave_request", "wave_id", "person_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_wave_request_person", "wave_request", ["person_id", "asked_on"])
    op.create_index("ix_wave_request_due", "wave_request", ["due_on", "reminders"])
    op.create_table(
        "wave_sample",
        *(_id(name) for name in ("wave_id", "person_id", "service_id")),
        _refers("wave_sample", "wave_id", "wave"),
        _refers("wave_sample", "person_id", "person"),
        _refers("wave_sample", "service_id", "service"),
        _key("wave_sample", "wave_id", "person_id", "service_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_wave_sample_person", "wave_sample", ["person_id"])
    op.create_table(
        "wave_participation",
        *(_id(name) for name in ("wave_id", "person_id")),
        _refers("wave_participation", "wave_id", "wave"),
        _refers("wave_participation", "person_id", "person"),
        _key("wave_participation", "wave_id", "person_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_wave_participation_person", "wave_participation", ["person_id"])


def _answers() -> None:
    op.create_table(
        "survey_answer",
        _words("key"),
        *(_id(name) for name in ("wave_id", "service_id", "version_id")),
        sa.Column("value", sa.Integer(), nullable=False),
        _check("survey_answer", "value", "value BETWEEN 0 AND 10"),
        *_of_answer("survey_answer"),
        sqlite_with_rowid=False,
    )
    cell = ["wave_id", "service_id", "version_id", "value"]
    op.create_index("ix_survey_answer_cell", "survey_answer", cell)
    op.create_table(
        "survey_text",
        _words("key"),
        *(_id(name) for name in ("wave_id", "service_id", "version_id")),
        _words("lang"),
        sa.Column("body", sa.Text(), nullable=False),
        *_of_answer("survey_text"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_text_wave", "survey_text", ["wave_id", "service_id"])


def _of_answer(table: str) -> tuple[sa.Constraint, ...]:
    return (
        _refers(table, "wave_id", "wave"),
        _refers(table, "service_id", "service"),
        _refers(table, "version_id", "survey_item_version"),
        _key(table, "key"),
    )


def _id(name: str) -> sa.Column[int]:
    return sa.Column(name, ID, nullable=False)


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name)


def downgrade() -> None:
    """What was asked and answered goes."""
    for table in TABLES:
        op.drop_table(table)
