"""Settings, people, imports and exports."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages."""
    from forum.admin.views import bp

    app.register_blueprint(bp)
