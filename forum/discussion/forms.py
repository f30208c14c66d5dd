"""The comment form."""

from wtforms import HiddenField

from forum.core import limits
from forum.core.forms import BaseForm, area
from forum.core.i18n import lazy


class CommentForm(BaseForm):
    """A comment or a reply."""

    body = area(lazy("Comment"), limits.COMMENT, required=True)
    parent = HiddenField()
