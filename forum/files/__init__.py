"""Uploads and what may be done with them."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages."""
    from forum.files.views import bp

    app.register_blueprint(bp)
