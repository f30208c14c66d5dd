"""A page on paper: laid out as standards are, with the forum's own fonts."""

from __future__ import annotations

from typing import Any

from flask import render_template

from forum.core.site import site
from forum.standards.paper.printing import print_out

NO_STANDARD = 0
"""A page shows no pictures of a standard."""


def print_page(template: str, **facts: Any) -> bytes:
    """The PDF of a template. Raises NotInstalled where PDFs cannot be made."""
    html = render_template(template, **facts)
    style = render_template("insights/paper.css", classification=site().classification)
    return print_out(html, style, standard_id=NO_STANDARD)
