"""The company's own words: abbreviations, synonyms, and pairs of Russian and English.

`models`, `actions`, `queries`, `forms`, `views` and `facts` are the moderators' page; `known` is
what every worker remembers of it, `meant` what it makes of a query.
"""

from flask import Flask


def install(app: Flask) -> None:
    """Register the page, and remember the glossary."""
    from forum.search.glossary.known import watch
    from forum.search.glossary.views import bp

    app.register_blueprint(bp)
    watch(app)
