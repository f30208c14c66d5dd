"""The form that says which ideas belong together."""

from __future__ import annotations

import re

from wtforms import SelectMultipleField, StringField

from forum.core import limits
from forum.core.forms import BaseForm, area, line
from forum.core.i18n import lazy
from forum.core.numbers import id_or_none, to_id

OTHER = "other"
"""What is chosen as the one that stays when it is the one named in words."""
NAMED = re.compile(r"(?:\A#?|/ideas/)(\d{1,18})(?:\Z|[?#])")


class MergeForm(BaseForm):
    """Which ideas, which of them stays, and a word to those who care."""

    parent = StringField(lazy("Which one stays?"))
    ideas = SelectMultipleField(lazy("Merge too"), coerce=to_id, validate_choice=False)
    other = line(lazy("Another idea"), limits.NOTE)
    message = area(lazy("A word to those who follow them"), limits.REASON)

    @property
    def named(self) -> int | None:
        """The idea named by its number or address; None for anything else."""
        found = NAMED.search((self.other.data or "").strip())
        return id_or_none(found.group(1)) if found else None

    @property
    def parent_id(self) -> int | None:
        """The one that stays; the one named in words where no other was chosen."""
        chosen = self.parent.data or OTHER
        return self.named if chosen == OTHER else id_or_none(chosen)

    @property
    def all_ids(self) -> list[int]:
        """Every idea that was chosen, the one that stays among them."""
        ids = [*(self.ideas.data or []), self.named, self.parent_id]
        return list(dict.fromkeys(number for number in ids if number is not None))
