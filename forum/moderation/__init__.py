"""The moderators' queue, over the actions of the features below."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages."""
    from forum.moderation.views import bp

    app.register_blueprint(bp)
