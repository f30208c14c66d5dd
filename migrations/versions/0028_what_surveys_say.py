"""What closed waves say, what departments answer to it, and what ideas moved.

Why: results are told so that nobody is recognised, which holds only if they are told once and in
one way. So what may be told is written down when a wave has closed, beside the company's tree of
that day, and nothing else is ever read by a page.
Old rows: waves that closed before are reported on at the next look, from their answers.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BIG = sa.BigInteger()
WHEN = sa.DateTime(timezone=True)
SCOPES = "('service', 'pair', 'provider', 'customer', 'tree', 'all')"
VERDICTS = "('better', 'worse', 'unclear', 'too_few')"
TABLES = (
    "relation_fall",
    "idea_outcome",
    "idea_measure",
    "idea_promise",
    "survey_reply_idea",
    "survey_reply",
    "wave_voice",
    "wave_overall",
    "wave_result",
    "wave_frame",
    "wave_report",
)


def upgrade() -> None:
    """Eleven tables."""
    _results()
    _replies()
    _changes()


def _results() -> None:
    op.create_table(
        "wave_report",
        _id("wave_id"),
        _number("k"),
        _number("took_part", empty=True),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        _refers("wave_report", "wave_id", "wave"),
        _key("wave_report", "wave_id"),
    )
    op.create_table(
        "wave_frame",
        *(_id(name) for name in ("wave_id", "department_id")),
        sa.Column("parent_id", ID, nullable=True),
        _refers("wave_frame", "wave_id", "wave"),
        _refers("wave_frame", "department_id", "department"),
        _refers("wave_frame", "parent_id", "department"),
        _key("wave_frame", "wave_id", "department_id"),
    )
    op.create_index("ix_wave_frame_department", "wave_frame", ["department_id"])
    op.create_index(op.f("ix_wave_frame_parent_id"), "wave_frame", ["parent_id"])
    op.create_table(
        "wave_result",
        _id("wave_id"),
        _words("scope"),
        *(sa.Column(name, BIG, nullable=False) for name in ("one", "other")),
        _id("version_id"),
        _words("counts"),
        _number("people"),
        _check("wave_result", "scope", f"scope IN {SCOPES}"),
        _refers("wave_result", "wave_id", "wave"),
        _refers("wave_result", "version_id", "survey_item_version"),
        _key("wave_result", "wave_id", "scope", "one", "other", "version_id"),
    )
    op.create_index("ix_wave_result_of", "wave_result", ["scope", "one", "other", "wave_id"])
    op.create_table(
        "wave_overall",
        _id("wave_id"),
        _words("scope"),
        *(sa.Column(name, BIG, nullable=False) for name in ("one", "other")),
        sa.Column("mean", sa.Double(), nullable=False),
        *(_number(name) for name in ("n", "people")),
        _check("wave_overall", "scope", f"scope IN {SCOPES}"),
        _refers("wave_overall", "wave_id", "wave"),
        _key("wave_overall", "wave_id", "scope", "one", "other"),
    )
    op.create_index("ix_wave_overall_of", "wave_overall", ["scope", "one", "other", "wave_id"])
    op.create_table(
        "wave_voice",
        "wave_overall",
        _words("key"),
        _id("wave_id"),
        _words("scope"),
        *(sa.Column(name, BIG, nullable=False) for name in ("one", "other")),
        _number("people"),
        sa.ForeignKeyConstraint(["key"], ["survey_text.key"], name=op.f("fk_wave_voice_key")),
        _refers("wave_voice", "wave_id", "wave"),
        _key("wave_voice", "key"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_wave_voice_of", "wave_voice", ["wave_id", "scope", "one", "other"])


def _replies() -> None:
    texts = ("heard", "will", "will_not")
    op.create_table(
        "survey_reply",
        *(_id(name) for name in ("id", "wave_id", "department_id")),
        sa.Column("due_on", sa.Date(), nullable=False),
        _number("reminders"),
        sa.Column("next_on", sa.Date(), nullable=True),
        *(sa.Column(f"{name}_id", ID, nullable=True) for name in (*texts, "by")),
        sa.Column("at", WHEN, nullable=True),
        _refers("survey_reply", "wave_id", "wave"),
        _refers("survey_reply", "department_id", "department"),
        *(_refers("survey_reply", f"{name}_id", "text") for name in texts),
        _refers("survey_reply", "by_id", "person"),
        _key("survey_reply", "id"),
        sa.UniqueConstraint(
            "wave_id", "department_id", name=op.f("uq_survey_reply_wave_id_department_id")
        ),
        sqlite_autoincrement=True,
    )
    for name, column in (("department", "department_id"), ("next", "next_on"), ("by", "by_id")):
        op.create_index(f"ix_survey_reply_{name}", "survey_reply", [column])
    op.create_table(
        "survey_reply_idea",
        *(_id(name) for name in ("reply_id", "idea_id")),
        _refers("survey_reply_idea", "reply_id", "survey_reply"),
        _refers("survey_reply_idea", "idea_id", "idea"),
        _key("survey_reply_idea", "reply_id", "idea_id"),
    )
    op.create_index("ix_survey_reply_idea_idea", "survey_reply_idea", ["idea_id"])


def _changes() -> None:
    op.create_table(
        "idea_promise",
        *(_id(name) for name in ("idea_id", "service_id", "item_id")),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("at", WHEN, nullable=False),
        _refers("idea_promise", "idea_id", "idea"),
        _refers("idea_promise", "service_id", "service"),
        _refers("idea_promise", "item_id", "survey_item"),
        _refers("idea_promise", "by_id", "person"),
        _key("idea_promise", "idea_id", "service_id", "item_id"),
    )
    op.create_index("ix_idea_promise_service", "idea_promise", ["service_id"])
    op.create_index("ix_idea_promise_by", "idea_promise", ["by_id"])
    op.create_table(
        "idea_measure",
        *(_id(name) for name in ("idea_id", "standard_id")),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("baseline_id", ID, nullable=True),
        _refers("idea_measure", "idea_id", "idea"),
        _refers("idea_measure", "standard_id", "standard"),
        _refers("idea_measure", "baseline_id", "wave"),
        _key("idea_measure", "idea_id"),
    )
    op.create_index("ix_idea_measure_since", "idea_measure", ["since", "idea_id"])
    op.create_index("ix_idea_measure_standard", "idea_measure", ["standard_id"])
    op.create_index("ix_idea_measure_baseline", "idea_measure", ["baseline_id"])
    op.create_table(
        "idea_outcome",
        *(_id(name) for name in ("idea_id", "wave_id", "service_id", "item_id")),
        _words("verdict"),
        _check("idea_outcome", "verdict", f"verdict IN {VERDICTS}"),
        _refers("idea_outcome", "idea_id", "idea"),
        _refers("idea_outcome", "wave_id", "wave"),
        _refers("idea_outcome", "service_id", "service"),
        _refers("idea_outcome", "item_id", "survey_item"),
        _key("idea_outcome", "idea_id", "wave_id", "service_id", "item_id"),
    )
    op.create_index("ix_idea_outcome_wave", "idea_outcome", ["wave_id"])
    op.create_table(
        "relation_fall",
        *(_id(name) for name in ("wave_id", "service_id", "provider_id", "customer_id")),
        _refers("relation_fall", "wave_id", "wave"),
        _refers("relation_fall", "service_id", "service"),
        _refers("relation_fall", "provider_id", "department"),
        _refers("relation_fall", "customer_id", "department"),
        _key("relation_fall", "wave_id", "service_id"),
    )
    sides = ["provider_id", "customer_id", "wave_id"]
    op.create_index("ix_relation_fall_sides", "relation_fall", sides)


def _id(name: str) -> sa.Column[int]:
    return sa.Column(name, ID, nullable=False)


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _number(name: str, *, empty: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=empty)


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name)


def downgrade() -> None:
    """Figures can be made anew from answers; replies and promises go."""
    for table in TABLES:
        op.drop_table(table)
