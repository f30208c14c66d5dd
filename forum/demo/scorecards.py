"""The demo's scorecard: one expert has rated an idea, another has not yet."""

from __future__ import annotations

from forum.demo.content import Row
from forum.demo.ideas import Story
from forum.demo.people import Cast
from forum.scorecards import actions


def add(row: Row, cast: Cast, stories: dict[str, Story]) -> None:
    """Ask the experts that the file names, and submit what it says they said."""
    moderator, idea = cast.people[row["asked_by"]], stories[row["idea"]].idea
    for each in row["experts"]:
        expert = cast.people[each["who"]]
        actions.ask(moderator, idea, expert.id)
        if each["marks"] is not None:
            said = {name: actions.Rating(*marks) for name, marks in each["marks"].items()}
            actions.rate(expert, idea, said)
