"""Ideas that became part of another one, and were given back."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages."""
    from forum.ideas.merges.views import bp

    app.register_blueprint(bp)
