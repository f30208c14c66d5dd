"""People, roles, sign-in, invitations, sessions."""

from flask import Flask

from forum.accounts import guard


def install(app: Flask) -> None:
    """Load who is asking before every request, and keep strangers out."""
    from forum.accounts import arrival_views, own_views, personal, sessions, trust, visits
    from forum.core.personal import hold

    guard.install(app)
    sessions.bring_along("suspended_until", trust.SUSPENDED_UNTIL)
    visits.install(app)
    hold(personal.HOLDING)
    app.register_blueprint(arrival_views.bp)
    app.register_blueprint(own_views.bp)
