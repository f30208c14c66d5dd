"""Standards in two languages: what each part of a version says in the other one.

The main text is the one that is approved and binds; a translation never makes a new version.
`parts` tells what of a version can be translated, `queries` what is, and how many versions it is
behind, `spoken` what a reader gets, `acting` writes, `page` and `views` show where one translates.
"""

from flask import Flask


def install(app: Flask) -> None:
    """Register the page, and what is known of people."""
    from forum.core.personal import hold
    from forum.standards.tongues import personal
    from forum.standards.tongues.views import bp

    app.register_blueprint(bp)
    hold(personal.HOLDING)
