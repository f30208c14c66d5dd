"""Ideas posted without a name, and the way in which their authors are asked all the same."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages and what the module knows about people."""
    from forum.core.personal import hold
    from forum.ideas.anonymous import personal
    from forum.ideas.anonymous.views import bp

    app.register_blueprint(bp)
    hold(personal.HOLDING)
