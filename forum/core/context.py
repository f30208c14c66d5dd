"""What every template may use: the site, assets with their fingerprints, small functions."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, g, request
from flask.templating import Environment
from jinja2 import StrictUndefined, Template
from jinja2.environment import TemplateModule
from markupsafe import Markup

from forum.core.i18n import locale_code
from forum.core.modules import links
from forum.core.site import Site, site


class PagesEnvironment(Environment):
    """Most of what pages show is in dictionaries, which are asked for a key at once.

    Jinja looks for an attribute of that name first, and the error costs ten times the key. So a key
    wins over a method of dictionaries; none of ours is called like one.
    """

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


class PlainTemplate(Template):
    """A template without globals of its own, as all of ours are.

    At each of a page's thirty imports Jinja compares all names of both templates to find such; that
    is a twentieth of the time that a page takes.
    """

    def _get_default_module(self, _context: Any = None) -> TemplateModule:
        return super()._get_default_module()


def install(app: Flask) -> None:
    """Strict templates, fingerprinted static files, the site's settings."""
    app.jinja_env.template_class = PlainTemplate
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["asset"] = _fingerprints(Path(str(app.static_folder)))
    app.jinja_env.filters["safe_html"] = Markup
    app.context_processor(page_context)


def _fingerprints(folder: Path) -> Any:
    known: dict[str, str] = {}

    def asset(name: str) -> str:
        """The address of a static file, changing with its content."""
        if name not in known:
            digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:10]
            known[name] = f"/static/{name}?v={digest}"
        return known[name]

    return asset


class SiteView:
    """The site as a page shows it: texts in the reader's language."""

    __slots__ = ("locale", "settings")

    def __init__(self, settings: Site, locale: str) -> None:
        self.settings, self.locale = settings, locale

    def _text(self, name: str) -> str:
        return self.settings.text(name, self.locale)

    @property
    def name(self) -> str:
        """Name of the forum."""
        return self.settings.name

    @property
    def logo_url(self) -> str | None:
        """Address of the logo."""
        return f"/site-logo/{self.settings.logo_key}" if self.settings.logo_key else None

    @property
    def announcement(self) -> str | None:
        """Text of the announcement bar."""
        return self._text("announcement") or None

    @property
    def welcome(self) -> str:
        """Text of the welcome."""
        return self._text("welcome")

    @property
    def privacy_url(self) -> str | None:
        """Address of the privacy page, if one is written."""
        return "/privacy" if self._text("privacy") else None

    @property
    def imprint_url(self) -> str | None:
        """Address of the imprint, if one is written."""
        return "/imprint" if self._text("imprint") else None

    @property
    def is_demo(self) -> bool:
        """Whether this is the demo company."""
        return self.settings.is_demo

    @property
    def read_only(self) -> bool:
        """Whether changes wait."""
        return self.settings.read_only

    @property
    def style_url(self) -> str:
        """Address of the stylesheet with the site's accent."""
        return f"/site.css?v={self.settings.revision}"


def page_context() -> dict[str, Any]:
    """Variables of every page; nothing here asks the database beyond the site's settings."""
    settings = site()
    locale = locale_code()
    return {
        "site": SiteView(settings, locale),
        "me": g.get("me_view"),
        "locale": locale,
        "modules": settings.modules,
        "more_links": links(g.get("person")),
        "nav": "",
        "refusal": g.get("refusal", ""),
        "unplaced": g.get("unplaced", []),
        "path": request.path if request else "/",
    }
