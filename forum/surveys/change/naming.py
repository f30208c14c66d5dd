"""What the surveys for an idea are called while the idea may not be shown.

They carry its title, since people are asked because of it; when it is hidden or in the trash their
names say no more than that there is one, and it comes back with the idea.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import or_, select, update

from forum.core.db import db, end_read, transaction
from forum.core.events import record
from forum.core.i18n import LOCALES, _, speaking
from forum.core.modules import is_on
from forum.core.site import site
from forum.ideas.models import Idea
from forum.surveys import facts
from forum.surveys.models import Wave

LONGEST = 200


def sweep() -> None:
    """Call surveys otherwise whose idea was hidden, or is shown again."""
    if not is_on("surveys"):
        return
    for wave_id, before, after in list(_renamed()):
        end_read()
        with transaction():
            same = update(Wave).where(Wave.id == wave_id, Wave.title == before)
            values = {"title": after, "revision": Wave.revision + 1}
            if db.session.execute(same.values(**values)).rowcount:  # type: ignore[attr-defined]
                record(facts.CHANGED, by=None, about=("wave", wave_id))


def _renamed() -> Iterator[tuple[int, str, str]]:
    """Surveys with their old and new names. One query."""
    unnamed = sorted({_unnamed(lang) for lang in LOCALES})
    query = (
        select(Wave.id, Wave.title, Wave.lang, Idea.title, Idea.hidden_at.is_not(None))
        .join(Idea, Idea.id == Wave.idea_id)
        .where(or_(Idea.hidden_at.is_not(None), *(Wave.title.endswith(word) for word in unnamed)))
    )
    for wave_id, name, lang, title, hidden in db.session.execute(query).all():
        # The idea may have been called otherwise then, so all behind the colon goes.
        when, colon, called = name.partition(": ")
        if hidden and colon and called not in unnamed:
            yield wave_id, name, f"{when}: {_unnamed(lang)}"
        elif not hidden and called in unnamed:
            yield wave_id, name, f"{when}: {title}"[:LONGEST]


def _unnamed(lang: str) -> str:
    with speaking(lang if lang in LOCALES else site().default_locale):
        return _("an idea that is not shown")
