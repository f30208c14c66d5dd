"""What the site shows to everybody: its accent, its logo, privacy and imprint."""

from __future__ import annotations

from functools import lru_cache

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from forum.core.access import public, require_visible
from forum.core.db import db
from forum.core.i18n import _, locale_code
from forum.core.richtext import render
from forum.core.site import Site, SitePicture, site

bp = Blueprint("site", __name__)
LASTING = "public, max-age=31536000, immutable"


@bp.get("/site.css")
@public
def style() -> ResponseReturnValue:
    """The accent of this site, which the stylesheet derives its colours from."""
    settings = site()
    css = f":root {{ --accent-seed: {settings.accent} }}\n"
    if settings.accent == Site().accent:
        css = ""
    fresh = request.args.get("v") == str(settings.revision)
    caching = LASTING if fresh else "no-cache"
    return Response(css, mimetype="text/css", headers={"Cache-Control": caching})


@bp.get("/site-logo/<string:key>")
@public
def logo(key: str) -> ResponseReturnValue:
    """The logo."""
    require_visible(key == site().logo_key)
    picture = db.session.get(SitePicture, key)
    require_visible(picture is not None)
    png = picture.png if picture else b""
    return Response(png, mimetype="image/png", headers={"Cache-Control": LASTING})


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """How the company treats what it knows about people."""
    return _text_page("privacy", _("Privacy"))


@bp.get("/imprint")
@public
def imprint() -> ResponseReturnValue:
    """Who answers for this site."""
    return _text_page("imprint", _("Imprint"))


def _text_page(name: str, title: str) -> ResponseReturnValue:
    source = site().text(name, locale_code())
    require_visible(bool(source))
    return render_template("site/text.html", title=title, html=_rendered(source))


@lru_cache(maxsize=16)
def _rendered(source: str) -> str:
    return render(source)
