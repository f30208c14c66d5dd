"""Full-text search through Whoosh: a reader of the event log."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, the open index and the health check."""
    from forum.core.health import CHECKS
    from forum.core.personal import hold
    from forum.search import glossary, likely, missed, panels, personal, recent, saved
    from forum.search.open_index import install_open_index
    from forum.search.status import health
    from forum.search.views import bp

    app.register_blueprint(bp)
    install_open_index(app)
    glossary.install(app)
    panels.install()
    CHECKS["index"] = health
    hold(personal.HOLDING)
    for part in (saved, recent, missed, likely):
        part.install(app)
