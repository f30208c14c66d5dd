"""Settings an administrator changes while the forum runs; the environment wins and locks them.

Every worker keeps them in memory and reads them again when the revision moves; the revision comes
along with the query that loads the reader, so a page pays nothing for it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, fields, replace
from typing import Any

from flask import current_app, g, has_request_context, request
from sqlalchemy import LargeBinary, delete, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.config import MODULES
from forum.core.db import JsonDict, Model, db
from forum.core.i18n import LOCALES


class SiteSetting(Model):
    """One changed setting; `revision` grows with every change of any of them."""

    __tablename__ = "site_setting"
    __table_args__: Any = {}

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[JsonDict]
    revision: Mapped[int] = mapped_column(default=0, index=True)


class SitePicture(Model):
    """The logo, small and re-encoded; in the database so that every node has it."""

    __tablename__ = "site_picture"
    __table_args__: Any = {}

    key: Mapped[str] = mapped_column(primary_key=True)
    png: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True, slots=True)
class Site:
    """All settings of the site, with their defaults."""

    name: str = "Counterpart"
    accent: str = "#11615f"
    default_locale: str = "en"
    time_zone: str = "UTC"
    answer_days: int = 10
    approval: str = "when-asked"
    confirm_days: int = 10
    holidays: str = "auto"
    free_days: tuple[str, ...] = ()
    welcome_en: str = ""
    welcome_ru: str = ""
    privacy_en: str = ""
    privacy_ru: str = ""
    imprint_en: str = ""
    imprint_ru: str = ""
    announcement_en: str = ""
    announcement_ru: str = ""
    signature_en: str = ""
    signature_ru: str = ""
    logo_key: str = ""
    classification: str = ""
    registration: str = "closed"
    registration_domains: tuple[str, ...] = ()
    retention_days: int = 0
    newcomers_from: str = ""
    heads_decide: bool = False
    review_months: int = 12
    number_prefix: str = "PS"
    number_digits: int = 3
    serving_standard: int = 0
    idle_minutes: int = 10
    mail_url: str = ""
    mail_from: str = ""
    address: str = ""
    modules: tuple[str, ...] = ()
    stages: bool = False
    score_weights: tuple[int, ...] = (2, 1, 1)
    survey_k: int = 5
    survey_questions: int = 30
    survey_requests: int = 2
    is_demo: bool = False
    read_only: bool = False
    revision: int = 0

    def text(self, name: str, locale: str) -> str:
        """A text in a language, or in the other one when only that is written."""
        texts = {code: str(getattr(self, f"{name}_{code}")) for code in LOCALES}
        return texts.get(locale) or texts[self.default_locale] or "".join(texts.values())


SETTINGS_LOCK = 7_040_004
"""Key of the PostgreSQL advisory lock that makes revisions follow commits."""

LOCKED_BY = {
    "name": "SITE_NAME",
    "modules": "MODULES",
    "mail_url": "MAIL_URL",
    "address": "PUBLIC_URL",
    "read_only": "READ_ONLY",
}
"""Which environment setting, when given, wins over which site setting."""


def revision() -> int:
    """The revision of the settings in the database. One indexed query."""
    return db.session.scalar(select(func.max(SiteSetting.revision))) or 0


revision_query = select(func.coalesce(func.max(SiteSetting.revision), 0)).scalar_subquery()


class SiteCache:
    """This process's copy of the settings."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._site: Site | None = None

    def last_known(self) -> Site:
        """The settings as they were read last, or those that the environment and we give."""
        return self._site or _locked(Site())

    def at(self, wanted: int) -> Site:
        """The settings as of a revision, read again only when it moved."""
        site = self._site
        if site is None or site.revision != wanted:
            with self._lock:
                site = self._site = load_site()
        return site


def load_site() -> Site:
    """Read all settings. One query."""
    rows = db.session.execute(select(SiteSetting.name, SiteSetting.value, SiteSetting.revision))
    known = {field.name for field in fields(Site)}
    values: dict[str, Any] = {}
    newest = 0
    for name, value, at_revision in rows:
        newest = max(newest, at_revision)
        if name in known:
            plain = value["is"]
            values[name] = tuple(plain) if isinstance(plain, list) else plain
    return _locked(replace(Site(), **values, revision=newest))


def _locked(site: Site) -> Site:
    config = current_app.config
    changes = {name: config[LOCKED_BY[name]] for name in locked_names()}
    if "modules" in changes:
        changes["modules"] = tuple(module for module in MODULES if module in changes["modules"])
    return replace(site, **changes)


def locked_names() -> frozenset[str]:
    """Settings the environment has taken over; the page shows them as locked."""
    config = current_app.config
    return frozenset(name for name, given in LOCKED_BY.items() if config.get(given) is not None)


def site_cache() -> SiteCache:
    """The cache of this application."""
    cache: SiteCache = current_app.extensions["forum.site"]
    return cache


def site() -> Site:
    """The settings now: the request's own copy, or a fresh look outside a request."""
    found: Site | None = g.get("site")
    if found is None:
        found = g.site = site_cache().at(revision())
    return found


def know_something() -> None:
    """Make sure that this request has settings, for a page that says the database is away."""
    try:
        site()
    except DBAPIError:
        db.session.rollback()
        g.site, g.away = site_cache().last_known(), True


def save_settings(changes: dict[str, Any]) -> None:
    """Write changed settings in the open write; every worker sees them with its next request."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SETTINGS_LOCK})
    newest = revision() + 1
    db.session.execute(delete(SiteSetting).where(SiteSetting.name.in_(changes)))
    db.session.add_all(
        SiteSetting(name=name, value={"is": value}, revision=newest)
        for name, value in changes.items()
    )
    db.session.flush()
    g.pop("site", None)


def base_address() -> str:
    """Where links in mails lead, without a slash at the end; empty while nobody has said it.

    Never taken from the request: a stranger chooses the Host of theirs.
    """
    known = site().address
    if known and "://" not in known:
        known = f"https://{known}"
    return known.rstrip("/")


def absolute(path: str) -> str:
    """A full link for somebody who is shown it, from the known address or the one they use."""
    base = base_address()
    if not base:
        base = request.host_url if has_request_context() else "http://127.0.0.1:8000"
    return base.rstrip("/") + path
