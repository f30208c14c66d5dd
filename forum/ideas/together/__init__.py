"""Writing together: co-authors, suggested edits, summaries, and improvements that others adopt."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages."""
    from forum.core.personal import hold
    from forum.departments import hooks
    from forum.ideas.together import personal
    from forum.ideas.together.adoption_views import bp as adoptions
    from forum.ideas.together.author_views import bp as authors
    from forum.ideas.together.improvements import FOLLOWER
    from forum.ideas.together.suggestion_views import bp as suggestions
    from forum.ideas.together.summary_views import bp as summaries

    hooks.follow(FOLLOWER)
    hold(personal.HOLDING)
    for blueprint in (authors, suggestions, summaries, adoptions):
        app.register_blueprint(blueprint)
