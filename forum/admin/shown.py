"""What a form showed comes back with it, so that it changes only what was changed in it.

Two administrators may have the same page open: a field that was left alone takes today's value, and
one that both changed is a conflict, told at that field.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import request

from forum.core.errors import Conflict
from forum.core.forms import BaseForm

FIELD = "shown"


class Overtaken(Conflict):
    """Somebody else changed what this form changes."""


def packed(values: Mapping[str, str]) -> str:
    """Values as the hidden field of a form."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def catch_up(form: BaseForm, present: Mapping[str, str]) -> None:
    """Bring what the form did not change to what is so now; `present` as read in the open write.

    Raises Overtaken, having told it at each field that was changed here and elsewhere. A form that
    does not say what it showed is taken as it is.
    """
    shown = _shown()
    overtaken = False
    for name, value in present.items():
        field, before = form[name], shown.get(name, value)
        if before == value or field.data == value:
            continue
        if field.data in (before, None):
            field.data = value
        else:
            form.complain(name, Conflict.sentence)
            overtaken = True
    if overtaken:
        raise Overtaken


def _shown() -> dict[str, Any]:
    try:
        found = json.loads(request.form.get(FIELD, ""))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
