"""Threads and comments; ideas and standards each hold a thread."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages."""
    from forum.core.personal import hold
    from forum.discussion import personal, queries
    from forum.discussion.mark_views import bp as marking
    from forum.discussion.views import bp
    from forum.files.uses import SUBJECT_VISIBLE

    app.register_blueprint(bp)
    app.register_blueprint(marking)
    SUBJECT_VISIBLE["comment"] = queries.sees_comment
    hold(personal.HOLDING)
