"""Files that came with a form, for those who write without scripts: the text leads to them."""

from __future__ import annotations

from wtforms import Field

from forum.accounts.models import Person
from forum.core.errors import Invalid
from forum.files import actions
from forum.files.incoming import sent_files
from forum.files.names import last_part

FIELD = "files"


def take_in(person: Person, text: Field) -> None:
    """Keep what was chosen beside a text and name it at the text's end. Raises Invalid, for the
    text's field; what was kept before stays named in it, so that nothing has to be sent twice."""
    for sent in sent_files(FIELD):
        try:
            kept = actions.upload(person, *sent)
        except Invalid as refusal:
            raise Invalid(f"{last_part(sent.name)}: {refusal.message}", field=text.name) from None
        text.data = f"{text.data or ''}\n\n{kept.shown('')}".lstrip()
