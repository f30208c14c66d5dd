"""A standard has one address: its number in capitals."""

from __future__ import annotations

import re

from flask import redirect, request
from flask.typing import ResponseReturnValue

from forum.core.errors import NotFound

NUMBER = re.compile(r"[A-Z]{1,8}-[0-9]{1,9}", re.ASCII)


def one_address() -> ResponseReturnValue | None:
    """Lead from a number in small letters to the one in capitals; what is no number is not here."""
    number = (request.view_args or {}).get("number")
    if number is None:
        return None
    proper = str(number).upper()
    if not NUMBER.fullmatch(proper):
        raise NotFound
    if number == proper:
        return None
    path = request.full_path.rstrip("?").replace(f"/standards/{number}", f"/standards/{proper}", 1)
    return redirect(path, 301 if request.method in ("GET", "HEAD") else 307)
