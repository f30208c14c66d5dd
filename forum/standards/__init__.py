"""Process standards: pages, versions, acknowledgements."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages."""
    from forum.standards.views import bp

    app.register_blueprint(bp)
