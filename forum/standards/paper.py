"""A standard on paper, as PDF: the optional `pdf` extra, loaded on first use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import render_template
from PIL import ImageFile

from forum.core.db import end_read
from forum.core.errors import DomainError
from forum.core.i18n import lazy


class NotInstalled(DomainError):
    """A part of the forum that this company has not installed."""

    status = 501
    sentence = lazy("PDF is not installed here. Open the standard and print it instead.")


def print_out(page: Mapping[str, Any], *, today: date) -> bytes:
    """The PDF of a standard's page. Raises NotInstalled without the extra.

    Takes about a second; nothing is fetched, neither from the network nor from disk.
    """
    try:
        from weasyprint import CSS, HTML
    except (ImportError, OSError) as missing:
        raise NotInstalled from missing
    # Its import lets the whole process take cut-off pictures; uploads refuse them.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    html = render_template("standards/paper.html", today=today, **page)
    style = CSS(string=render_template("standards/paper.css"), url_fetcher=_refuse)
    end_read()
    made = HTML(string=html, url_fetcher=_refuse).write_pdf(stylesheets=[style], pdf_tags=True)
    return bytes(made or b"")


def _refuse(url: str, *_rest: Any, **_options: Any) -> Any:
    raise ValueError(f"not fetched: {url}")
