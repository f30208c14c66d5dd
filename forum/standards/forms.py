"""Forms of standards: their shape, not their meaning."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, SelectField, SelectMultipleField

from forum.core import limits
from forum.core.forms import BaseForm, area, line
from forum.core.i18n import lazy


def _id(value: Any) -> int:
    text = str(value).strip()
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise ValueError("not an id")
    return int(text)


def _id_or_none(value: Any) -> int | None:
    return _id(value) if value not in (None, "", "None") else None


class Ids(SelectMultipleField):
    """Ids of ticked boxes; the form sends an empty one too, to say that none may be ticked."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([value for value in valuelist if value != ""])


class StandardForm(BaseForm):
    """A version's title, text, owner, audience and what changed; `lock` says what was seen."""

    title = line(lazy("Title"), limits.TITLE, required=True)
    body = area(lazy("Text"), limits.TEXT)
    owner = SelectField(lazy("Owner"), coerce=_id_or_none, validate_choice=False)
    departments = Ids(lazy("Which departments is it for?"), coerce=_id, validate_choice=False)
    change = line(lazy("What changes with this version"), limits.NOTE)
    lock = HiddenField()

    @property
    def seen(self) -> int:
        """What this person saw when they opened the form; -1 when the form does not say."""
        sent = str(self.lock.data or "")
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1


class RetireForm(BaseForm):
    """Why a standard is retired."""

    why = line(lazy("Why it is retired"), limits.NOTE, required=True)
