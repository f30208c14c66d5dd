"""People as a form names them, one a line."""

from __future__ import annotations

from forum.accounts.handles import read_person
from forum.core.errors import Invalid
from forum.core.i18n import _

MOST = 100
"""Lines that are looked up one by one."""


def read_people(typed: str, *, field: str) -> list[int]:
    """Their ids, each once. Raises Invalid for a line that names nobody."""
    lines = [line.strip() for line in typed.split("\n") if line.strip()]
    if len(lines) > MOST:
        raise Invalid(_("Name %(num)d people at once at most.", num=MOST), field=field)
    found = [read_person(line, field=field) for line in lines]
    return list(dict.fromkeys(each for each in found if each is not None))
