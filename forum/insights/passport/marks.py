"""What a section of a passport follows from, as columns of one statement about one department."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, Integer, bindparam, select

from forum.core.calendar import company_day
from forum.core.clock import now
from forum.core.db import UTCDateTime
from forum.core.kept import lines
from forum.core.modules import is_on
from forum.core.site import site
from forum.ideas.answer_times import SINCE as SINCE_ASKED
from forum.standards.kept.shown import COUNTED

THIS: Any = bindparam("department", type_=BigInteger)
"""The department. The others fill themselves in when a statement runs; there are no more."""
K: Any = bindparam("k", callable_=lambda: site().survey_k, type_=Integer)
"""Of fewer no figure is told."""
SINCE: Any = bindparam("since", callable_=lambda: now() - COUNTED, type_=UTCDateTime)
"""From when on it counts whether promises were kept."""
ASKED_SINCE: Any = bindparam(
    "asked_since", callable_=lambda: now() - SINCE_ASKED, type_=UTCDateTime
)
"""From when on it counts how answers came."""
TODAY: Any = bindparam("today", callable_=company_day, type_=Date)
"""The company's day."""
SURVEYS: Any = bindparam("surveys", callable_=lambda: is_on("surveys"), type_=Boolean)
"""Whether what surveys told is told."""


def read_by(query: Any) -> Any:
    """All that a query reads, as one column."""
    return select(lines(*query.subquery().c)).scalar_subquery()
