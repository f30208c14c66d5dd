"""The tree, membership over time, representatives, services: who serves whom."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, and say which seats people hold in the tree."""
    from forum.accounts import sessions, standing
    from forum.core.personal import hold
    from forum.departments import deputy_views, hooks, mine, personal, reach, seats
    from forum.departments.services import following
    from forum.departments.views import bp

    app.register_blueprint(bp)
    app.register_blueprint(deputy_views.bp)
    deputy_views.install()
    mine.install(app)
    sessions.bring_along("limited", reach.IS_LIMITED)
    hold(personal.HOLDING)
    if following.person_left not in standing.LEFT:
        standing.LEFT.append(following.person_left)
    hooks.list_seats("departments", seats.seats_of)
