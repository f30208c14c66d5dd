"""The inbox: a reader of the event log."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages."""
    from forum.notifications.views import bp

    app.register_blueprint(bp)
