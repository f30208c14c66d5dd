"""Full-text search through Whoosh: a reader of the event log."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, the library and the health check."""
    from forum.core.health import CHECKS
    from forum.search.library import install_library
    from forum.search.status import health
    from forum.search.views import bp

    app.register_blueprint(bp)
    install_library(app)
    CHECKS["index"] = health
