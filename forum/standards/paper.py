"""A standard on paper, as PDF: the optional `pdf` extra, loaded on first use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from flask import current_app, render_template
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

    Takes about a second; nothing is fetched but our own fonts, and those only by our own style.
    """
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
    except (ImportError, OSError) as missing:
        raise NotInstalled from missing
    # Its import lets the whole process take cut-off pictures; uploads refuse them.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    html = render_template("standards/paper.html", today=today, **page)
    rules, fonts = render_template("standards/paper.css"), FontConfiguration()
    end_read()
    style = CSS(string=rules, url_fetcher=_font, font_config=fonts)
    document = HTML(string=html, url_fetcher=_refuse)
    made = document.write_pdf(stylesheets=[style], font_config=fonts, pdf_tags=True)
    return bytes(made or b"")


def _font(url: str, *_rest: Any, **_options: Any) -> Any:
    from weasyprint.urls import URLFetcherResponse

    folder = Path(str(current_app.static_folder)) / "fonts"
    file = next(each for each in folder.glob("*.woff2") if url == f"font:{each.stem}")
    return URLFetcherResponse(url, body=file.read_bytes(), headers={"Content-Type": "font/woff2"})


def _refuse(url: str, *_rest: Any, **_options: Any) -> Any:
    raise ValueError(f"not fetched: {url}")
