"""create_app(): reads as the list of everything the forum is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from forum import (
    admin,
    campaigns,
    departments,
    discussion,
    files,
    home,
    ideas,
    insights,
    moderation,
    notifications,
    ops,
    scorecards,
    search,
    standards,
    surveys,
    thanks,
    training,
)
from forum.accounts import install as install_accounts
from forum.accounts.views import bp as accounts
from forum.cli import install as install_commands
from forum.core import (
    config,
    context,
    csrf,
    db,
    errorpages,
    fragments,
    health,
    i18n,
    intake,
    jobs,
    kept,
    security,
    site,
    styleguide,
    urls,
)

PARTS = (
    intake, security, fragments, i18n, context, csrf, errorpages, health, jobs, kept, styleguide,
)  # fmt: skip
BLUEPRINTS = (accounts,)
FEATURES = (
    files,
    departments,
    discussion,
    ideas,
    campaigns,
    scorecards,
    standards,
    surveys,
    thanks,
    training,
    moderation,
    notifications,
    search,
    insights,
    home,
    admin,
    ops,
)
"""Features with an `install(app)` of their own, lowest first."""


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """The forum as a WSGI application; `overrides` replace settings, as tests need."""
    settings = config.load(overrides=overrides)
    app = Flask(
        "forum",
        root_path=str(config.PACKAGE),
        template_folder=str(config.bundled("templates")),
        static_folder=str(config.bundled("static")),
    )
    _configure(app, settings)
    _install_core(app)
    install_accounts(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for feature in FEATURES:
        feature.install(app)
    install_commands(app)
    return app


def _configure(app: Flask, settings: dict[str, Any]) -> None:
    data_dir = settings["DATA_DIR"]
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    app.config.update(settings)
    app.config.update(
        SECRET_KEY=settings["SECRET_KEY"] or config.secret_key(data_dir),
        SQLALCHEMY_DATABASE_URI=settings["DATABASE_URL"],
        SQLALCHEMY_ENGINE_OPTIONS=db.engine_options(settings["DATABASE_URL"]),
        SESSION_COOKIE_NAME="forum",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=str(settings["PUBLIC_URL"] or "").startswith("https://"),
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
        TEMPLATES_AUTO_RELOAD=settings["DEVELOPMENT"],
    )
    app.jinja_environment = context.PagesEnvironment
    app.url_map.strict_slashes = True
    app.url_map.converters["int"] = urls.StoredNumber


def _install_core(app: Flask) -> None:
    db.db.init_app(app)
    with app.app_context():
        db.prepare_engine(db.db.engine)
    app.extensions["forum.site"] = site.SiteCache()
    for part in PARTS:
        part.install(app)
