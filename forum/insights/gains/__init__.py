"""Who gains from an idea: asked for under “More”, shown as a quiet word, counted by insights."""

from flask import Flask


def install(_app: Flask) -> None:
    """Ask for it where ideas are written, and say it on their pages, while the module is on."""
    from forum.core import slots
    from forum.ideas import extras
    from forum.insights.gains import asking

    extras.EXTRAS["gains"] = asking.EXTRA
    slots.fill("idea", slots.Panel("gains", "insights/_gains_on_idea.html", asking.on_ideas))
