"""Thanks: a line to colleagues and departments, for what they did; never a number."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, the kinds of things, the panels and what is known of people."""
    from forum.core import modules
    from forum.core.i18n import lazy
    from forum.core.personal import hold
    from forum.departments import hooks
    from forum.thanks import following_departments, kinds, panels, personal, policy
    from forum.thanks.flow_views import bp as flow
    from forum.thanks.views import bp

    app.register_blueprint(flow)
    app.register_blueprint(bp)
    modules.offer(app, "thanks", modules.Link(lazy("Thanks"), "/thanks", policy.may_thank))
    kinds.install()
    panels.install()
    hold(personal.HOLDING)
    hooks.follow(following_departments.FOLLOWER)
