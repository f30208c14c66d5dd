"""Pages that read across features: home, person pages."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages."""
    from forum.home.people_data_views import bp as people_data
    from forum.home.people_views import bp as people
    from forum.home.views import bp

    app.register_blueprint(bp)
    app.register_blueprint(people)
    app.register_blueprint(people_data)
