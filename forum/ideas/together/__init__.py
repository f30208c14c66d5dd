"""Writing together: co-authors, suggested edits, summaries, and improvements that others adopt."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages."""
    from forum.ideas.together.author_views import bp as authors
    from forum.ideas.together.suggestion_views import bp as suggestions

    for blueprint in (authors, suggestions):
        app.register_blueprint(blueprint)
