"""The form about a stage."""

from __future__ import annotations

from wtforms import IntegerField, SelectMultipleField, StringField
from wtforms.validators import Optional

from forum.core import limits
from forum.core.forms import BaseForm, area, line
from forum.core.i18n import lazy
from forum.core.numbers import number_or_none
from forum.ideas.models import Stage
from forum.ideas.stage_editing import Said


class StageForm(BaseForm):
    """What a stage says of itself."""

    kind = StringField(lazy("Kind"))
    name_en = line(lazy("Name in English"), limits.STAGE_NAME)
    name_ru = line(lazy("Name in Russian"), limits.STAGE_NAME)
    meaning_en = area(lazy("Meaning in English"), limits.NOTE)
    meaning_ru = area(lazy("Meaning in Russian"), limits.NOTE)
    hue = StringField(lazy("Colour"))
    days = IntegerField(lazy("Working days allowed"), [Optional()])
    enter = SelectMultipleField(lazy("Who may move an idea into it"), validate_choice=False)
    leave = SelectMultipleField(lazy("Who may move an idea out of it"), validate_choice=False)

    @property
    def said(self) -> Said:
        """As the action takes it."""
        return Said(
            name_en=self.name_en.data or "",
            name_ru=self.name_ru.data or "",
            meaning_en=self.meaning_en.data or "",
            meaning_ru=self.meaning_ru.data or "",
            hue=number_or_none(self.hue.data) if self.hue.data else None,
            days=self.days.data,
            enter=self.enter.data or (),
            leave=self.leave.data or (),
        )


def filled(stage: Stage) -> StageForm:
    """The form with what a stage says now."""
    return StageForm(
        data={
            "kind": stage.kind,
            "name_en": stage.name_en,
            "name_ru": stage.name_ru,
            "meaning_en": stage.meaning_en,
            "meaning_ru": stage.meaning_ru,
            "hue": "" if stage.hue is None else str(stage.hue),
            "days": stage.days,
            "enter": stage.enter.split(),
            "leave": stage.leave.split(),
        }
    )
