"""The pictures of a standard's page, clause by clause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from forum.core.i18n import _, ngettext
from forum.standards.document import Clause
from forum.standards.pictures.lanes import Drawing, draw
from forum.standards.structure.places import Places
from forum.standards.structure.reading import Step, are_in_table, steps_of


@dataclass(frozen=True, slots=True)
class Picture:
    """The steps of a clause, drawn, and as the rows of a table where the text has none."""

    title: str
    drawing: Drawing
    steps: Sequence[Step]
    is_typed: bool = False

    @property
    def columns(self) -> list[str]:
        """Which columns any step fills, besides what is done."""
        names = ("takes", "gives", "time")
        return [name for name in names if any(getattr(step, name) for step in self.steps)]


def pictures_of(clauses: Iterable[Clause], places: Places) -> dict[int, Picture]:
    """Of clauses with steps, by key."""
    found = {}
    for clause in clauses:
        steps = steps_of(clause, places)
        drawing = draw(steps)
        if drawing is not None:
            found[clause.key] = Picture(_title(drawing), drawing, steps, are_in_table(clause))
    return found


def _title(drawing: Drawing) -> str:
    steps = ngettext("%(num)d step", "%(num)d steps", len(drawing.boxes))
    lanes = ngettext("%(num)d lane", "%(num)d lanes", len(drawing.lanes))
    return _("Who does what, in order: %(steps)s in %(lanes)s", steps=steps, lanes=lanes)
