"""Ideas, affected departments and answers, votes, stages, decisions."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, and hang comment threads on ideas."""
    from forum.discussion.subjects import SUBJECTS
    from forum.ideas.act_views import bp as acts
    from forum.ideas.subject import IDEA_SUBJECT
    from forum.ideas.views import bp

    app.register_blueprint(bp)
    app.register_blueprint(acts)
    SUBJECTS["idea"] = IDEA_SUBJECT
