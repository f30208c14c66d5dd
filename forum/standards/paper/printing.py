"""Laying out a sheet as PDF: the optional `pdf` extra, loaded on first use."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from forum.core.db import db, end_read
from forum.core.errors import DomainError
from forum.core.i18n import lazy
from forum.core.site import SitePicture
from forum.departments.posters import qr_picture
from forum.files.uses import KEY
from forum.standards.paper.pictures import pictures_in

PAGE = re.compile(r"Page (\d+)$")
NOBODY_LISTENS: Callable[[int], None] = lambda _pages: None  # noqa: E731


class NotInstalled(DomainError):
    """A part of the forum that this company has not installed."""

    status = 501
    sentence = lazy("PDF is not installed here. Open the standard and print it instead.")


def require_extra() -> None:
    """Raises NotInstalled where PDFs cannot be made."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError) as missing:
        raise NotInstalled from missing


def print_out(
    html: str,
    style: str,
    *,
    standard_id: int,
    progress: Callable[[int], None] = NOBODY_LISTENS,
) -> bytes:
    """The PDF of a sheet, tagged so that it can be read aloud (PDF/UA). Raises NotInstalled.

    A page takes about a tenth of a second. Nothing is fetched but our own fonts, the logo, and the
    pictures that this standard shows. `progress` is told how many pages are laid out.
    """
    require_extra()
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fetch = _Fetcher(standard_id, html)
    end_read()
    fonts = FontConfiguration()
    rules = CSS(string=style, url_fetcher=fetch, font_config=fonts)
    document = HTML(string=html, url_fetcher=fetch)
    with _listening(progress):
        made = document.write_pdf(
            stylesheets=[rules], font_config=fonts, pdf_variant="pdf/ua-1", pdf_tags=True
        )
    return bytes(made or b"")


class _Fetcher:
    """What a sheet may show, read before it is laid out; all else is refused. Two queries."""

    def __init__(self, standard_id: int, html: str) -> None:
        self._fonts = Path(str(current_app.static_folder)) / "fonts"
        self._pictures = pictures_in(standard_id, html)
        logo = db.session.scalar(select(SitePicture.png).limit(1))
        self._logo = logo or b""

    def __call__(self, url: str, *_rest: Any, **_options: Any) -> Any:
        from weasyprint.urls import URLFetcherResponse

        content, media_type = self._found(url)
        return URLFetcherResponse(url, body=content, headers={"Content-Type": media_type})

    def _found(self, url: str) -> tuple[bytes, str]:
        if url == "logo:":
            return self._logo, "image/png"
        if url.startswith("qr:"):
            return qr_picture(url.removeprefix("qr:")), "image/svg+xml"
        font = next((f for f in self._fonts.glob("*.woff2") if url == f"font:{f.stem}"), None)
        if font is not None:
            return _unpacked(font), "font/ttf"
        key = KEY.search(url)
        found = self._pictures.get(key.group(1)) if key else None
        if found is None:
            raise ValueError(f"not fetched: {url}")
        return found


@cache
def _unpacked(font: Path) -> bytes:
    """A font as WeasyPrint unpacks it for every sheet anew, by a library it brings along: all four
    take a third of a second."""
    from fontTools.ttLib import woff2

    plain = BytesIO()
    woff2.decompress(BytesIO(font.read_bytes()), plain)
    return plain.getvalue()


@contextmanager
def _listening(progress: Callable[[int], None]) -> Iterator[None]:
    """Hear of each page that is laid out: the library tells its log."""
    log = logging.getLogger("weasyprint.progress")
    before, ear = (log.level, log.propagate), _Ear(progress)
    log.addHandler(ear)
    log.setLevel(logging.INFO)
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(ear)
        log.level, log.propagate = before


class _Ear(logging.Handler):
    def __init__(self, progress: Callable[[int], None]) -> None:
        super().__init__()
        self._progress = progress

    def emit(self, line: logging.LogRecord) -> None:
        """Pass the number of a page on."""
        found = PAGE.search(line.getMessage())
        if found:
            self._progress(int(found.group(1)))
