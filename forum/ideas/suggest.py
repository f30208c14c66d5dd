"""Which departments an idea probably affects, from its words and where its author works."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.words import terms
from forum.departments.models import Department
from forum.departments.visibility import departments_visible_to
from forum.ideas.models import Answer, Idea
from forum.ideas.visibility import listed_for

MOST = 4
RECENT = 400
"""How many past answer slots teach which words belong to which department."""


Further = Callable[[Person, AbstractSet[str], Sequence[int]], Sequence[int]]
"""For the author, the words of the text and the departments found by them: others it affects."""
FURTHER: dict[str, Further] = {}
"""What features above know of who is affected besides, by their names."""


def suggest_departments(author: Person, text: str) -> list[int]:
    """At most eight department ids, likeliest first, never the author's own alone: four by the
    words, four that features above add. Two queries, and theirs."""
    words = set(terms(text[:5000]))
    if not words:
        return []
    scores = _by_name(author, words)
    for department_id, score in _by_past_ideas(author, words).items():
        scores[department_id] += score
    scores.pop(author.department_id or 0, None)
    found = [department_id for department_id, score in scores.most_common(MOST) if score >= 1.0]
    more = [each for further in FURTHER.values() for each in further(author, words, found)]
    own = {author.department_id, *found}
    return [*found, *dict.fromkeys(each for each in more if each not in own)][: 2 * MOST]


def _by_name(author: Person, words: set[str]) -> Counter[int]:
    """Departments the author sees whose own name, code or description the text uses."""
    rows = db.session.execute(
        select(Department.id, Department.name, Department.code, Department.description).where(
            Department.archived_at.is_(None), departments_visible_to(author)
        )
    )
    scores: Counter[int] = Counter()
    for department_id, name, code, description in rows:
        named = len(words & set(terms(f"{name} {code}")))
        described = len(words & set(terms(description)))
        if named or described:
            scores[department_id] = round(2 * named + 0.5 * min(described, 4))
    return scores


def _by_past_ideas(author: Person, words: set[str]) -> Counter[int]:
    """Departments affected by recent ideas that the author sees and whose titles are alike."""
    rows = db.session.execute(
        select(Answer.department_id, Idea.title)
        .join(Idea, Idea.id == Answer.idea_id)
        .join(Department, Department.id == Answer.department_id)
        .where(listed_for(author), departments_visible_to(author), Department.archived_at.is_(None))
        .order_by(Answer.id.desc())
        .limit(RECENT)
    )
    scores: Counter[int] = Counter()
    for department_id, title in rows:
        shared = words & set(terms(title))
        if len(shared) >= 2:
            scores[department_id] += len(shared) - 1
    return scores
