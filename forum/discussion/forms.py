"""The comment form."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, HiddenField, StringField

from forum.core import limits
from forum.core.errors import DomainError
from forum.core.forms import BaseForm, area
from forum.core.i18n import lazy
from forum.core.numbers import id_or_none
from forum.discussion.marks import Marks


class CommentForm(BaseForm):
    """A comment or a reply."""

    body = area(lazy("Comment"), limits.COMMENT, required=True)
    parent = HiddenField()
    more = HiddenField()
    question = BooleanField(lazy("It is a question"))
    official = BooleanField(lazy("Official update"))
    side = StringField()

    @property
    def parent_id(self) -> int | None:
        """The comment that is answered; None for anything that is no id."""
        return id_or_none(self.parent.data)

    @property
    def marks(self) -> Marks:
        """What the comment is besides its words."""
        return Marks(bool(self.official.data), bool(self.question.data), self.side.data or "")

    def refuse(self, refusal: DomainError, **_options: Any) -> None:
        """Say it at the text; a reply to what is gone becomes a comment of its own."""
        if refusal.field == "parent":
            self.parent.data = ""
        self.reject("body", refusal.message)
