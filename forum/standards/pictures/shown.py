"""The pictures of a standard's page, clause by clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forum.accounts.models import Person
from forum.core.i18n import _, ngettext
from forum.departments.queries import current_cards
from forum.departments.scope import scope_of
from forum.standards.document import Document
from forum.standards.pictures.lanes import Drawing, draw
from forum.standards.structure.places import Places
from forum.standards.structure.reading import Step, has_steps, step_clauses, steps_of


@dataclass(frozen=True, slots=True)
class Picture:
    """The steps of a clause, drawn, and as the rows of a table."""

    title: str
    drawing: Drawing
    steps: Sequence[Step]

    @property
    def columns(self) -> list[str]:
        """Which columns any step fills, besides what is done."""
        names = ("takes", "gives", "time")
        return [name for name in names if any(getattr(step, name) for step in self.steps)]


def pictures_of(reader: Person, document: Document) -> dict[int, Picture]:
    """By the key of the clause. One query, none where no clause has steps."""
    drawable = [clause for clause in step_clauses(document) if has_steps(clause)]
    if not drawable:
        return {}
    places = places_for(reader)
    found = {}
    for clause in drawable:
        steps = steps_of(clause, places)
        drawing = draw(steps)
        if drawing is not None:
            found[clause.key] = Picture(_title(drawing), drawing, steps)
    return found


def places_for(reader: Person) -> Places:
    """The departments a reader may be told of: for a consultant, those of their scope. One query,
    and one more for a consultant."""
    allowed = scope_of(reader).departments
    return Places.of(card for card in current_cards() if allowed is None or card.id in allowed)


def _title(drawing: Drawing) -> str:
    steps = ngettext("%(num)d step", "%(num)d steps", len(drawing.boxes))
    lanes = ngettext("%(num)d lane", "%(num)d lanes", len(drawing.lanes))
    return _("Who does what, in order: %(steps)s in %(lanes)s", steps=steps, lanes=lanes)
