"""The comment form."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField

from forum.core import limits
from forum.core.errors import DomainError
from forum.core.forms import BaseForm, area
from forum.core.i18n import lazy
from forum.core.numbers import id_or_none


class CommentForm(BaseForm):
    """A comment or a reply."""

    body = area(lazy("Comment"), limits.COMMENT, required=True)
    parent = HiddenField()

    @property
    def parent_id(self) -> int | None:
        """The comment that is answered; None for anything that is no id."""
        return id_or_none(self.parent.data)

    def refuse(self, refusal: DomainError, **_options: Any) -> None:
        """Say it at the text; a reply to what is gone becomes a comment of its own."""
        if refusal.field == "parent":
            self.parent.data = ""
        self.reject("body", refusal.message)
