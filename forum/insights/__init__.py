"""Pages that read across the features: the figures of the whole loop, and a department's passport.

`figures` counts, `passport` tells of one department; both read only, and neither knows a person.
"""

from flask import Flask


def install(app: Flask) -> None:
    """Register every part."""
    from forum.insights import figures, gains, passport

    figures.install(app)
    gains.install(app)
    passport.install(app)
