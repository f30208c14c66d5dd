"""The nightly round: every idea that is new or changed is compared with all others, a few at a
time, going on where it stopped."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, or_, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person, Role
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import site
from forum.ideas.models import Idea
from forum.ideas.policy import UNSETTLED
from forum.search import related
from forum.search.likely.models import DuplicateRound, LikelyDuplicate
from forum.search.related import Likeness

NIGHT = 2
"""The company's hour from which on a day's round begins."""
BATCH = 20
"""Ideas whose pairs are written at once."""
SPENT = 5.0
"""Seconds of a minute that the round takes at most; the rest waits for the next minute."""
LIKELY = 0.5
"""How much of an idea's own likeness to itself another has to reach."""
WORDS = 3
"""Telling words that both have to have."""
EACH = 3
"""Pairs that one idea brings at most."""


def sweep() -> int:
    """Go on with the round of today, if it is night or later; how many ideas were compared."""
    began, done = time.monotonic(), 0
    known = _round()
    while known is not None and known.swept_to is not None:
        ideas = list(db.session.scalars(_next(known, known.swept_to)))
        found = [pair for idea in ideas for pair in _pairs(idea)]
        if not _write(known, ideas, found):
            break
        done += len(ideas)
        if len(ideas) < BATCH or time.monotonic() - began > SPENT:
            break
        known = _read()
    return done


def _read() -> DuplicateRound | None:
    query = select(DuplicateRound).execution_options(populate_existing=True)
    return db.session.scalars(query).first()


def _round() -> DuplicateRound | None:
    """Today's round; begun if it is time and the one before is over."""
    known, here = _read(), now().astimezone(ZoneInfo(site().time_zone))
    day = (here - timedelta(hours=NIGHT)).date()
    if known is not None and (known.swept_to is not None or known.day >= day):
        return known
    since = known.began_at if known is not None else None
    values = {"id": 1, "day": day, "began_at": now(), "since": since, "swept_to": 0}
    insert: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    query = insert(DuplicateRound.__table__).values(**values)
    with transaction():
        db.session.execute(query.on_conflict_do_update(index_elements=["id"], set_=values))
    return _read()


def _next(known: DuplicateRound, after: int) -> Select[Idea]:
    query = (
        select(Idea)
        .where(Idea.id > after, Idea.stage_kind.in_(UNSETTLED), Idea.hidden_at.is_(None))
        .order_by(Idea.id)
        .limit(BATCH)
    )
    if known.since is None:
        return query
    return query.where(or_(Idea.posted_at > known.since, Idea.edited_at > known.since))


def _pairs(idea: Idea) -> list[dict[str, Any]]:
    """The likeliest duplicates of an idea among those that can be merged. Three queries."""
    everybody = Person(id=0, name="", role=Role.MODERATOR, kind="staff")
    alike = related.likenesses(everybody, "idea", idea.id, stages=UNSETTLED)
    likely = [each for each in alike if each.share >= LIKELY and len(each.words) >= WORDS]
    return [_row(idea, each) for each in likely[:EACH]]


def _row(idea: Idea, other: Likeness) -> dict[str, Any]:
    first, second = sorted((idea.id, other.found.id))
    return {
        "first_id": first,
        "second_id": second,
        "score": round(other.share, 4),
        "words": ", ".join(other.words),
        "found_at": now(),
    }


def _write(known: DuplicateRound, ideas: Sequence[Idea], found: list[dict[str, Any]]) -> bool:
    """Keep the pairs and how far the round is; False when another process was faster."""
    ended = len(ideas) < BATCH
    with transaction():
        moved = db.session.execute(
            update(DuplicateRound)
            .where(DuplicateRound.day == known.day, DuplicateRound.swept_to == known.swept_to)
            .values(swept_to=None if ended else ideas[-1].id)
            .execution_options(synchronize_session=False)
        )
        if not moved.rowcount:  # type: ignore[attr-defined]
            return False
        if found:
            _keep({(pair["first_id"], pair["second_id"]): pair for pair in found})
    return True


def _keep(pairs: dict[tuple[int, int], dict[str, Any]]) -> None:
    """Pairs that are known get their words anew; what was said of them stays said."""
    insert: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    query = insert(LikelyDuplicate.__table__).values(list(pairs.values()))
    anew = {name: query.excluded[name] for name in ("score", "words")}
    keys = ["first_id", "second_id"]
    db.session.execute(query.on_conflict_do_update(index_elements=keys, set_=anew))
